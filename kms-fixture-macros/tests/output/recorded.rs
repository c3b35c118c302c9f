#[::core::prelude::v1::test]
fn r#match() {
    #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
    fn r#match(kms: Kms) {
        body()
    }
    #[allow(unexpected_cfgs)]
    let () = {
        #[cfg(rust_analyzer)]
        let () = {
            use ::kms_fixture::__private::ide::options::{cassette as _, snapshot as _};
        };
        #[cfg(not(rust_analyzer))]
        let () = {
            let plan = ::kms_fixture::__private::Plan::new(::kms_fixture::__private::TestPlace {
                    package: ::core::env!("CARGO_PKG_NAME"),
                    manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                    module: ::core::module_path!(),
                    name: "match",
                    file: ::core::file!(),
                })
                .cassette(::core::option::Option::None)
                .snapshot(|name, text| ::insta::assert_snapshot!(name, text));
            ::kms_fixture::__private::run(
                plan,
                |kms: ::kms_fixture::Kms| {
                    let injected_0 = ::core::clone::Clone::clone(&kms);
                    let kms: Kms = injected_0;
                    r#match(kms)
                },
            );
        };
    };
}
