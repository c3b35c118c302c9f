#[::core::prelude::v1::test]
fn renamed() {
    #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
    async fn renamed(orders: Key) -> ExitCode {
        #[allow(unexpected_cfgs)]
        {
            #[cfg(rust_analyzer)]
            let _ = (&orders, &orders);
        }
        body()
    }
    #[allow(unexpected_cfgs)]
    let () = {
        #[cfg(rust_analyzer)]
        let () = {
            use my_tests::fx::__private::ide::options::{
                keys as _, roles as _, grants as _,
            };
            use my_tests::fx::__private::ide::key::state as _;
            use my_tests::fx::__private::ide::grant::{
                key as _, grantee as _, retiring as _, operations as _,
            };
            let orders = my_tests::fx::scenario::KeyDeclaration::new("orders");
            let archive = my_tests::fx::scenario::KeyDeclaration::new("archive")
                .state(my_tests::fx::model::KeyState::Disabled);
            let worker = my_tests::fx::scenario::RoleDeclaration::new("worker");
            let janitor = my_tests::fx::scenario::RoleDeclaration::new("janitor");
            let access = my_tests::fx::scenario::GrantDeclaration::new("access")
                .key(&orders)
                .grantee(&worker)
                .retiring(&janitor)
                .operations([
                    my_tests::fx::model::GrantOperation::Decrypt,
                    my_tests::fx::model::GrantOperation::GenerateDataKey,
                ]);
            let _ = &orders;
        };
        #[cfg(not(rust_analyzer))]
        let () = {
            let orders = my_tests::fx::scenario::KeyDeclaration::new("orders");
            let archive = my_tests::fx::scenario::KeyDeclaration::new("archive")
                .state(my_tests::fx::model::KeyState::Disabled);
            let worker = my_tests::fx::scenario::RoleDeclaration::new("worker");
            let janitor = my_tests::fx::scenario::RoleDeclaration::new("janitor");
            let access = my_tests::fx::scenario::GrantDeclaration::new("access")
                .key(&orders)
                .grantee(&worker)
                .retiring(&janitor)
                .operations([
                    my_tests::fx::model::GrantOperation::Decrypt,
                    my_tests::fx::model::GrantOperation::GenerateDataKey,
                ]);
            let plan = my_tests::fx::__private::Plan::new(my_tests::fx::__private::TestPlace {
                    package: ::core::env!("CARGO_PKG_NAME"),
                    manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                    module: ::core::module_path!(),
                    name: "renamed",
                    file: ::core::file!(),
                })
                .key(orders)
                .key(archive)
                .role(worker)
                .role(janitor)
                .grant(access);
            my_tests::fx::__private::run_async(
                plan,
                |kms: my_tests::fx::Kms| async move {
                    let injected_0 = my_tests::fx::Kms::key(&kms, "orders");
                    let orders: Key = injected_0;
                    let injected_outcome = renamed(orders).await;
                    my_tests::fx::__private::Termination::report(injected_outcome)
                },
            );
        };
    };
}
