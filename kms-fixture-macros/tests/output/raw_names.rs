#[::core::prelude::v1::test]
fn r#match() {
    #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
    fn r#match(r#type: Key) {
        #[allow(unexpected_cfgs)]
        {
            #[cfg(rust_analyzer)]
            let _ = (&r#type,);
        }
    }
    #[allow(unexpected_cfgs)]
    let () = {
        #[cfg(rust_analyzer)]
        let () = {
            use ::kms_fixture::__private::ide::options::keys as _;
            let r#type = ::kms_fixture::scenario::KeyDeclaration::new("type");
            let _ = &r#type;
        };
        #[cfg(not(rust_analyzer))]
        let () = {
            let r#type = ::kms_fixture::scenario::KeyDeclaration::new("type");
            let plan = ::kms_fixture::__private::Plan::new(::kms_fixture::__private::TestPlace {
                    package: ::core::env!("CARGO_PKG_NAME"),
                    manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                    module: ::core::module_path!(),
                    name: "match",
                    file: ::core::file!(),
                })
                .key(r#type);
            ::kms_fixture::__private::run(
                plan,
                |kms: ::kms_fixture::Kms| {
                    let injected_0 = ::kms_fixture::Kms::key(&kms, "type");
                    let r#type: Key = injected_0;
                    r#match(r#type)
                },
            );
        };
    };
}
