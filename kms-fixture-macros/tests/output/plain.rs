#[should_panic]
#[::core::prelude::v1::test]
fn plain() {
    #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
    fn plain() {
        body()
    }
    let plan = ::kms_fixture::__private::Plan::new(::kms_fixture::__private::TestPlace {
            package: ::core::env!("CARGO_PKG_NAME"),
            manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
            module: ::core::module_path!(),
            name: "plain",
            file: ::core::file!(),
        })
        .should_panic();
    ::kms_fixture::__private::run(plan, |_: ::kms_fixture::Kms| { plain() });
}
