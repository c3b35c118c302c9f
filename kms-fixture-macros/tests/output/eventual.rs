#[::core::prelude::v1::test]
fn late() {
    #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
    fn late(kms: Kms) {
        body()
    }
    #[allow(unexpected_cfgs)]
    let () = {
        #[cfg(rust_analyzer)]
        let () = {
            use ::kms_fixture::__private::ide::options::{
                consistency as _, quotas as _, leaks as _,
            };
            use ::kms_fixture::__private::ide::consistency::eventual as _;
            use ::kms_fixture::__private::ide::eventual::{
                seconds as _, list_seconds as _, jitter as _,
            };
            use ::kms_fixture::__private::ide::quotas::{aws as _, CreateGrant as _};
            use ::kms_fixture::__private::ide::leaks::allow as _;
            let _ = |it: ::kms_fixture::__private::Plan| {
                it
                    .consistency(
                        ::kms_fixture::scenario::Consistency::eventual()
                            .seconds(60)
                            .list_seconds(0)
                            .jitter(true),
                    )
            };
        };
        #[cfg(not(rust_analyzer))]
        let () = {
            let plan = ::kms_fixture::__private::Plan::new(::kms_fixture::__private::TestPlace {
                    package: ::core::env!("CARGO_PKG_NAME"),
                    manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                    module: ::core::module_path!(),
                    name: "late",
                    file: ::core::file!(),
                })
                .consistency(
                    ::kms_fixture::scenario::Consistency::eventual()
                        .seconds(60)
                        .list_seconds(0)
                        .jitter(true),
                )
                .quotas(::kms_fixture::scenario::Quotas::aws().with("CreateGrant", 2))
                .allow_leaks();
            ::kms_fixture::__private::run(
                plan,
                |kms: ::kms_fixture::Kms| {
                    let injected_0 = ::core::clone::Clone::clone(&kms);
                    let kms: Kms = injected_0;
                    late(kms)
                },
            );
        };
    };
}
