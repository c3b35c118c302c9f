#[allow(unexpected_cfgs, non_upper_case_globals, dead_code)]
const _kms_test_half: () = {
    #[cfg(rust_analyzer)]
    #[::core::prelude::v1::test]
    fn half() {
        #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
        fn half() {}
        #[allow(unexpected_cfgs)]
        let () = {
            #[cfg(rust_analyzer)]
            let () = {
                use ::kms_fixture::__private::ide::options::{
                    consistency as _, leaks as _,
                };
                use ::kms_fixture::__private::ide::consistency::eventual as _;
                use ::kms_fixture::__private::ide::eventual::{sec as _, jit as _};
                use ::kms_fixture::__private::ide::leaks::de as _;
                let _ = |it: ::kms_fixture::__private::Plan| {
                    it.consistency(::kms_fixture::scenario::Consistency::eventual())
                };
            };
            #[cfg(not(rust_analyzer))]
            let () = {
                let plan = ::kms_fixture::__private::Plan::new(::kms_fixture::__private::TestPlace {
                        package: ::core::env!("CARGO_PKG_NAME"),
                        manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                        module: ::core::module_path!(),
                        name: "half",
                        file: ::core::file!(),
                    })
                    .consistency(::kms_fixture::scenario::Consistency::eventual());
                ::kms_fixture::__private::run(plan, |_: ::kms_fixture::Kms| { half() });
            };
        };
    }
};
#[allow(unused)]
fn half() {}
::core::compile_error! {
    "unknown consistency option `sec`\nhelp: an option with a similar name exists: `seconds`\nnote: expected one of: `seconds`, `list_seconds`, `jitter`"
}
::core::compile_error! {
    "unknown consistency option `jit`\nhelp: an option with a similar name exists: `jitter`\nnote: expected one of: `seconds`, `list_seconds`, `jitter`"
}
::core::compile_error! {
    "unknown word `de`\nhelp: a word with a similar name exists: `deny`\nnote: expected `deny` or `allow`"
}
