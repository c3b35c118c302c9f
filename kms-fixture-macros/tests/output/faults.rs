#[::core::prelude::v1::test]
fn survives() {
    #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
    async fn survives() {}
    #[allow(unexpected_cfgs)]
    let () = {
        #[cfg(rust_analyzer)]
        let () = {
            use ::kms_fixture::__private::ide::options::{
                keys as _, roles as _, faults as _,
            };
            use ::kms_fixture::__private::ide::faults::{
                throttled as _, lost_answer as _, late as _, error as _, error as _,
            };
            use ::kms_fixture::__private::ide::fault::{
                operation as _, caller as _, times as _,
            };
            use ::kms_fixture::__private::ide::late::{millis as _, key as _};
            use ::kms_fixture::__private::ide::error::{code as _, status as _};
            use ::kms_fixture::__private::ide::error::{code as _, message as _};
            let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders");
            let worker = ::kms_fixture::scenario::RoleDeclaration::new("worker");
            let _ = |it: ::kms_fixture::__private::Plan| {
                it.fault(::kms_fixture::Fault::throttled())
            };
            let _ = |it: ::kms_fixture::__private::Plan| {
                it
                    .fault(
                        ::kms_fixture::Fault::lost_answer()
                            .operation(::kms_fixture::Operation::CreateGrant)
                            .caller(&worker)
                            .times(2),
                    )
            };
            let _ = |it: ::kms_fixture::__private::Plan| {
                it
                    .fault(
                        ::kms_fixture::Fault::late(
                                ::core::time::Duration::from_millis(200),
                            )
                            .key(&orders),
                    )
            };
            let _ = |it: ::kms_fixture::__private::Plan| {
                it.fault(::kms_fixture::Fault::error("Busy", 503, ""))
            };
            let _ = |it: ::kms_fixture::__private::Plan| {
                it.fault(::kms_fixture::Fault::error("Busy", 400, "m"))
            };
        };
        #[cfg(not(rust_analyzer))]
        let () = {
            let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders");
            let worker = ::kms_fixture::scenario::RoleDeclaration::new("worker");
            let plan = ::kms_fixture::__private::Plan::new(::kms_fixture::__private::TestPlace {
                    package: ::core::env!("CARGO_PKG_NAME"),
                    manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                    module: ::core::module_path!(),
                    name: "survives",
                    file: ::core::file!(),
                })
                .fault(::kms_fixture::Fault::throttled())
                .fault(
                    ::kms_fixture::Fault::lost_answer()
                        .operation(::kms_fixture::Operation::CreateGrant)
                        .caller(&worker)
                        .times(2),
                )
                .fault(
                    ::kms_fixture::Fault::late(::core::time::Duration::from_millis(200))
                        .key(&orders),
                )
                .fault(::kms_fixture::Fault::error("Busy", 503, ""))
                .fault(::kms_fixture::Fault::error("Busy", 400, "m"))
                .key(orders)
                .role(worker);
            ::kms_fixture::__private::run_async(
                plan,
                |_: ::kms_fixture::Kms| async move { survives().await },
            );
        };
    };
}
