#[::core::prelude::v1::test]
fn explored() {
    #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
    async fn explored(kms: Kms) {
        body();
    }
    #[allow(unexpected_cfgs)]
    let () = {
        #[cfg(rust_analyzer)]
        let () = {
            use ::kms_fixture::__private::ide::options::{keys as _, explore as _};
            use ::kms_fixture::__private::ide::explore::{
                throttled as _, lost_answer as _, at_most as _, orders as _,
            };
            let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders");
        };
        #[cfg(not(rust_analyzer))]
        let () = {
            let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders");
            let plan = ::kms_fixture::__private::Plan::new(::kms_fixture::__private::TestPlace {
                    package: ::core::env!("CARGO_PKG_NAME"),
                    manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                    module: ::core::module_path!(),
                    name: "explored",
                    file: ::core::file!(),
                })
                .explore(["throttled", "lost_answer"])
                .explore_at_most(30)
                .explore_orders(100)
                .key(orders);
            ::kms_fixture::__private::run_async(
                plan,
                |kms: ::kms_fixture::Kms| async move {
                    let injected_0 = ::core::clone::Clone::clone(&kms);
                    let kms: Kms = injected_0;
                    explored(kms).await
                },
            );
        };
    };
}
