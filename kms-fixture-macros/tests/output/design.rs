#[::core::prelude::v1::test]
fn a_retired_grant_is_gone() {
    #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
    async fn a_retired_grant_is_gone(kms: Kms, janitor: Caller, access: Grant) {
        #[allow(unexpected_cfgs)]
        {
            #[cfg(rust_analyzer)]
            let _ = (&janitor, &janitor, &access);
        }
        body();
    }
    #[allow(unexpected_cfgs)]
    let () = {
        #[cfg(rust_analyzer)]
        let () = {
            use ::kms_fixture::__private::ide::options::{
                keys as _, roles as _, grants as _,
            };
            use ::kms_fixture::__private::ide::key::state as _;
            use ::kms_fixture::__private::ide::grant::{
                key as _, grantee as _, retiring as _, operations as _,
            };
            let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders");
            let archive = ::kms_fixture::scenario::KeyDeclaration::new("archive")
                .state(::kms_fixture::model::KeyState::Disabled);
            let worker = ::kms_fixture::scenario::RoleDeclaration::new("worker");
            let janitor = ::kms_fixture::scenario::RoleDeclaration::new("janitor");
            let access = ::kms_fixture::scenario::GrantDeclaration::new("access")
                .key(&orders)
                .grantee(&worker)
                .retiring(&janitor)
                .operations([
                    ::kms_fixture::model::GrantOperation::Decrypt,
                    ::kms_fixture::model::GrantOperation::GenerateDataKey,
                ]);
            let _ = &janitor;
            let _ = &access;
        };
        #[cfg(not(rust_analyzer))]
        let () = {
            let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders");
            let archive = ::kms_fixture::scenario::KeyDeclaration::new("archive")
                .state(::kms_fixture::model::KeyState::Disabled);
            let worker = ::kms_fixture::scenario::RoleDeclaration::new("worker");
            let janitor = ::kms_fixture::scenario::RoleDeclaration::new("janitor");
            let access = ::kms_fixture::scenario::GrantDeclaration::new("access")
                .key(&orders)
                .grantee(&worker)
                .retiring(&janitor)
                .operations([
                    ::kms_fixture::model::GrantOperation::Decrypt,
                    ::kms_fixture::model::GrantOperation::GenerateDataKey,
                ]);
            let plan = ::kms_fixture::__private::Plan::new(::kms_fixture::__private::TestPlace {
                    package: ::core::env!("CARGO_PKG_NAME"),
                    manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                    module: ::core::module_path!(),
                    name: "a_retired_grant_is_gone",
                    file: ::core::file!(),
                })
                .key(orders)
                .key(archive)
                .role(worker)
                .role(janitor)
                .grant(access);
            ::kms_fixture::__private::run_async(
                plan,
                |kms: ::kms_fixture::Kms| async move {
                    let injected_0 = ::core::clone::Clone::clone(&kms);
                    let injected_1 = ::kms_fixture::Kms::caller(&kms, "janitor");
                    let injected_2 = ::kms_fixture::Kms::grant(&kms, "access");
                    let kms: Kms = injected_0;
                    let janitor: Caller = injected_1;
                    let access: Grant = injected_2;
                    a_retired_grant_is_gone(kms, janitor, access).await
                },
            );
        };
    };
}
