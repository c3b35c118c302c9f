#[allow(unexpected_cfgs, non_upper_case_globals, dead_code)]
const _kms_test_half: () = {
    #[cfg(rust_analyzer)]
    #[::core::prelude::v1::test]
    fn half() {
        #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
        async fn half(access: Grant, orde: Key) {
            #[allow(unexpected_cfgs)]
            {
                #[cfg(rust_analyzer)]
                let _ = (&access,);
            }
        }
        #[allow(unexpected_cfgs)]
        let () = {
            #[cfg(rust_analyzer)]
            let () = {
                use ::kms_fixture::__private::ide::options::{
                    keys as _, roles as _, grants as _,
                };
                use ::kms_fixture::__private::ide::grant::{
                    key as _, grantee as _, operations as _,
                };
                let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders");
                let worker = ::kms_fixture::scenario::RoleDeclaration::new("worker");
                let access = ::kms_fixture::scenario::GrantDeclaration::new("access")
                    .key(&or)
                    .grantee(&worker);
                let _ = &access;
            };
            #[cfg(not(rust_analyzer))]
            let () = {
                let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders");
                let worker = ::kms_fixture::scenario::RoleDeclaration::new("worker");
                let access = ::kms_fixture::scenario::GrantDeclaration::new("access")
                    .key(&or)
                    .grantee(&worker);
                let plan = ::kms_fixture::__private::Plan::new(::kms_fixture::__private::TestPlace {
                        package: ::core::env!("CARGO_PKG_NAME"),
                        manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                        module: ::core::module_path!(),
                        name: "half",
                        file: ::core::file!(),
                    })
                    .key(orders)
                    .role(worker)
                    .grant(access);
                ::kms_fixture::__private::run_async(
                    plan,
                    |kms: ::kms_fixture::Kms| async move {
                        let injected_0 = ::kms_fixture::Kms::grant(&kms, "access");
                        let injected_1 = ::core::unreachable!();
                        let access: Grant = injected_0;
                        let orde: Key = injected_1;
                        half(access, orde).await
                    },
                );
            };
        };
    }
};
#[allow(unused)]
async fn half(access: Grant, orde: Key) {}
::core::compile_error! {
    "no key named `or` is declared\nhelp: a key with a similar name exists: `orders`\nnote: declared are `orders`"
}
::core::compile_error! {
    "`operations` needs at least one word\nhelp: write `operations(Decrypt)`"
}
::core::compile_error! {
    "nothing named `orde` is declared\nhelp: something with a similar name exists: `orders`\nnote: this test can take `kms`, `admin`, `orders`, `worker`, `access`"
}
