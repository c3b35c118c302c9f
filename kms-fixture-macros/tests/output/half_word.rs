#[allow(unexpected_cfgs, non_upper_case_globals, dead_code)]
const _kms_test_half: () = {
    #[cfg(rust_analyzer)]
    #[::core::prelude::v1::test]
    fn half() {
        #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
        async fn half(orders: Key) {
            #[allow(unexpected_cfgs)]
            {
                #[cfg(rust_analyzer)]
                let _ = (&orders,);
            }
        }
        #[allow(unexpected_cfgs)]
        let () = {
            #[cfg(rust_analyzer)]
            let () = {
                use ::kms_fixture::__private::ide::options::keys as _;
                use ::kms_fixture::__private::ide::key::state as _;
                let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders")
                    .state(::kms_fixture::model::KeyState::Dis);
                let _ = &orders;
            };
            #[cfg(not(rust_analyzer))]
            let () = {
                let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders")
                    .state(::kms_fixture::model::KeyState::Dis);
                let plan = ::kms_fixture::__private::Plan::new(::kms_fixture::__private::TestPlace {
                        package: ::core::env!("CARGO_PKG_NAME"),
                        manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                        module: ::core::module_path!(),
                        name: "half",
                        file: ::core::file!(),
                    })
                    .key(orders);
                ::kms_fixture::__private::run_async(
                    plan,
                    |kms: ::kms_fixture::Kms| async move {
                        let injected_0 = ::kms_fixture::Kms::key(&kms, "orders");
                        let orders: Key = injected_0;
                        half(orders).await
                    },
                );
            };
        };
    }
};
#[allow(unused)]
async fn half(orders: Key) {}
::core::compile_error! {
    "unknown key state `Dis`\nhelp: a word with a similar name exists: `Disabled`\nnote: AWS knows `Creating`, `Enabled`, `Disabled`, `PendingDeletion`, `PendingImport`, `PendingReplicaDeletion`, `Unavailable`, `Updating`"
}
