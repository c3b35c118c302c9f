#[allow(unexpected_cfgs, non_upper_case_globals, dead_code)]
const _kms_test_half: () = {
    #[cfg(rust_analyzer)]
    #[::core::prelude::v1::test]
    fn half() {
        #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
        async fn half(kms: Kms) {}
        #[allow(unexpected_cfgs)]
        let () = {
            #[cfg(rust_analyzer)]
            let () = {
                use ::kms_fixture::__private::ide::options::{
                    cassett as _, cassette as _, snapsho as _, snapshot as _,
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
                });
                ::kms_fixture::__private::run_async(
                    plan,
                    |kms: ::kms_fixture::Kms| async move {
                        let injected_0 = ::core::clone::Clone::clone(&kms);
                        let kms: Kms = injected_0;
                        half(kms).await
                    },
                );
            };
        };
    }
};
#[allow(unused)]
async fn half(kms: Kms) {}
::core::compile_error! {
    "unknown option `cassett`\nhelp: an option with a similar name exists: `cassette`\nnote: expected one of: `keys`, `roles`, `users`, `grants`, `scenario`, `cases`, `region`, `regions`, `account`, `consistency`, `clock`, `quotas`, `leaks`, `faults`, `explore`, `unknown_principals`, `transport`, `flavor`, `worker_threads`, `start_paused`, `timeout`, `crate`, `cassette`, `snapshot`"
}
::core::compile_error! {
    "unknown option `snapsho`\nhelp: an option with a similar name exists: `snapshot`\nnote: expected one of: `keys`, `roles`, `users`, `grants`, `scenario`, `cases`, `region`, `regions`, `account`, `consistency`, `clock`, `quotas`, `leaks`, `faults`, `explore`, `unknown_principals`, `transport`, `flavor`, `worker_threads`, `start_paused`, `timeout`, `crate`, `cassette`, `snapshot`"
}
::core::compile_error! {
    "expected a literal after `=`\nhelp: write `cassette` or `cassette = \"path/to/file.json\"`"
}
::core::compile_error! {
    "`snapshot` stands alone, or takes `by_caller` in parentheses\nhelp: write `snapshot` or `snapshot(by_caller)`\nnote: the snapshot has the name of the test"
}
