#[allow(unexpected_cfgs, non_upper_case_globals, dead_code)]
const _kms_test_half: () = {
    #[cfg(rust_analyzer)]
    #[::core::prelude::v1::test]
    fn half() {
        #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
        async fn half() {}
        #[allow(unexpected_cfgs)]
        let () = {
            #[cfg(rust_analyzer)]
            let () = {
                use ::kms_fixture::__private::ide::options::{
                    keys as _, gr as _, roles as _,
                };
                use ::kms_fixture::__private::ide::key::sta as _;
                use ::kms_fixture::__private::ide::role::al as _;
                let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders");
                let worker = ::kms_fixture::scenario::RoleDeclaration::new("worker");
            };
            #[cfg(not(rust_analyzer))]
            let () = {
                let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders");
                let worker = ::kms_fixture::scenario::RoleDeclaration::new("worker");
                let plan = ::kms_fixture::__private::Plan::new(::kms_fixture::__private::TestPlace {
                        package: ::core::env!("CARGO_PKG_NAME"),
                        manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                        module: ::core::module_path!(),
                        name: "half",
                        file: ::core::file!(),
                    })
                    .key(orders)
                    .role(worker);
                ::kms_fixture::__private::run_async(
                    plan,
                    |_: ::kms_fixture::Kms| async move { half().await },
                );
            };
        };
    }
};
#[allow(unused)]
async fn half() {}
::core::compile_error! {
    "unknown option `gr`\nhelp: an option with a similar name exists: `grants`\nnote: expected one of: `keys`, `roles`, `users`, `grants`, `scenario`, `cases`, `region`, `regions`, `account`, `consistency`, `clock`, `quotas`, `leaks`, `faults`, `explore`, `unknown_principals`, `transport`, `flavor`, `worker_threads`, `start_paused`, `timeout`, `crate`, `cassette`, `snapshot`"
}
::core::compile_error! {
    "unknown key option `sta`\nhelp: an option with a similar name exists: `state`\nnote: expected one of: `state`, `spec`, `usage`, `origin`, `multi_region`, `account`, `alias`, `policy`, `description`, `tags`"
}
::core::compile_error! {
    "unknown role option `al`\nhelp: an option with a similar name exists: `allow`\nnote: expected one of: `account`, `name`, `allow`, `policy`, `boundary`, `session`, `session_seconds`, `session_policy`"
}
