#[::core::prelude::v1::test]
fn fallible() {
    #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
    async fn fallible(_kms: Kms, orders: Key) -> Result<(), Box<dyn Error>> {
        #[allow(unexpected_cfgs)]
        {
            #[cfg(rust_analyzer)]
            let _ = (&orders,);
        }
        Ok(())
    }
    #[allow(unexpected_cfgs)]
    let () = {
        #[cfg(rust_analyzer)]
        let () = {
            use ::kms_fixture::__private::ide::options::keys as _;
            let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders");
            let _ = &orders;
        };
        #[cfg(not(rust_analyzer))]
        let () = {
            let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders");
            let plan = ::kms_fixture::__private::Plan::new(::kms_fixture::__private::TestPlace {
                    package: ::core::env!("CARGO_PKG_NAME"),
                    manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                    module: ::core::module_path!(),
                    name: "fallible",
                    file: ::core::file!(),
                })
                .key(orders);
            ::kms_fixture::__private::run_async(
                plan,
                |kms: ::kms_fixture::Kms| async move {
                    let injected_0 = ::core::clone::Clone::clone(&kms);
                    let injected_1 = ::kms_fixture::Kms::key(&kms, "orders");
                    let _kms: Kms = injected_0;
                    let orders: Key = injected_1;
                    let injected_outcome = fallible(_kms, orders).await;
                    ::kms_fixture::__private::Termination::report(injected_outcome)
                },
            );
        };
    };
}
