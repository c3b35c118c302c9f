#[::core::prelude::v1::test]
fn shared() {
    #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
    fn shared(orders: Key, worker: Caller) {
        #[allow(unexpected_cfgs)]
        {
            #[cfg(rust_analyzer)]
            let _ = (&worker, &worker);
        }
        body()
    }
    #[allow(unexpected_cfgs)]
    let () = {
        #[cfg(rust_analyzer)]
        let () = {
            use ::kms_fixture::__private::ide::options::{
                scenario as _, roles as _, grants as _,
            };
            use ::kms_fixture::__private::ide::role::allow as _;
            use ::kms_fixture::__private::ide::grant::{
                key as _, grantee as _, operations as _,
            };
            let worker = ::kms_fixture::scenario::RoleDeclaration::new("worker")
                .allow_on(["kms:CreateGrant"], ["orders"]);
            let extra = ::kms_fixture::scenario::GrantDeclaration::new("extra")
                .key("orders")
                .grantee(&worker)
                .operations([::kms_fixture::model::GrantOperation::Decrypt]);
            let _ = &worker;
            let _ = common::world();
        };
        #[cfg(not(rust_analyzer))]
        let () = {
            let worker = ::kms_fixture::scenario::RoleDeclaration::new("worker")
                .allow_on(["kms:CreateGrant"], ["orders"]);
            let extra = ::kms_fixture::scenario::GrantDeclaration::new("extra")
                .key("orders")
                .grantee(&worker)
                .operations([::kms_fixture::model::GrantOperation::Decrypt]);
            let plan = ::kms_fixture::__private::Plan::new(::kms_fixture::__private::TestPlace {
                    package: ::core::env!("CARGO_PKG_NAME"),
                    manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                    module: ::core::module_path!(),
                    name: "shared",
                    file: ::core::file!(),
                })
                .scenario(common::world())
                .role(worker)
                .grant(extra);
            ::kms_fixture::__private::run(
                plan,
                |kms: ::kms_fixture::Kms| {
                    let injected_0 = ::kms_fixture::__private::named(&kms, "orders");
                    let injected_1 = ::kms_fixture::Kms::caller(&kms, "worker");
                    let orders: Key = injected_0;
                    let worker: Caller = injected_1;
                    shared(orders, worker)
                },
            );
        };
    };
}
