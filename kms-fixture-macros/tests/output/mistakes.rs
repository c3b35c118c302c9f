#[allow(unexpected_cfgs, non_upper_case_globals, dead_code)]
const _kms_test_wrong: () = {
    #[cfg(rust_analyzer)]
    #[tokio::test]
    #[::core::prelude::v1::test]
    fn wrong() {
        #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
        async fn wrong<T>((a, b): T, ordres: Key) {}
        #[allow(unexpected_cfgs)]
        let () = {
            #[cfg(rust_analyzer)]
            let () = {
                use ::kms_fixture::__private::ide::options::{
                    keys as _, keys as _, nonsense as _, state as _,
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
                        name: "wrong",
                        file: ::core::file!(),
                    })
                    .key(orders);
                ::kms_fixture::__private::run_async(
                    plan,
                    |kms: ::kms_fixture::Kms| async move {
                        let injected_0 = ::core::unreachable!();
                        let ordres: Key = injected_0;
                        wrong(ordres).await
                    },
                );
            };
        };
    }
};
#[allow(unused)]
async fn wrong<T>((a, b): T, ordres: Key) {}
::core::compile_error! {
    "expected parentheses\nhelp: write `nonsense(..)`"
}
::core::compile_error! {
    "expected a word before `,`"
}
::core::compile_error! {
    "option `keys` is given twice"
}
::core::compile_error! {
    "unknown option `nonsense`\nnote: expected one of: `keys`, `roles`, `users`, `grants`, `scenario`, `cases`, `region`, `regions`, `account`, `consistency`, `clock`, `quotas`, `leaks`, `faults`, `explore`, `unknown_principals`, `transport`, `flavor`, `worker_threads`, `start_paused`, `timeout`, `crate`, `cassette`, `snapshot`"
}
::core::compile_error! {
    "unknown option `state`\nhelp: it is a key option: `keys(name(state..))`\nnote: expected one of: `keys`, `roles`, `users`, `grants`, `scenario`, `cases`, `region`, `regions`, `account`, `consistency`, `clock`, `quotas`, `leaks`, `faults`, `explore`, `unknown_principals`, `transport`, `flavor`, `worker_threads`, `start_paused`, `timeout`, `crate`, `cassette`, `snapshot`"
}
::core::compile_error! {
    "`keys` takes parentheses\nhelp: write `keys(orders)`"
}
::core::compile_error! {
    "a second test attribute\nnote: `#[kms_test]` makes the function a test already\nhelp: remove `#[tokio::test]`"
}
::core::compile_error! {
    "a test cannot be generic\nnote: the test runner calls it without type arguments"
}
::core::compile_error! {
    "expected a plain name\nnote: parameters are injected by name; take things apart in the body"
}
::core::compile_error! {
    "nothing named `ordres` is declared\nhelp: something with a similar name exists: `orders`\nnote: this test can take `kms`, `admin`, `orders`"
}
