/// Documented.
#[cfg(unix)]
#[allow(unused_variables)]
#[cfg(test)]
#[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
pub(crate) async fn pages(limit: i32, name: &str, orders: Key) {
    #[allow(unexpected_cfgs)]
    {
        #[cfg(rust_analyzer)]
        let _ = (&orders, &limit, &limit, &name, &name);
    }
    body()
}
#[cfg(unix)]
#[cfg(test)]
#[allow(clippy::too_many_lines)]
fn _kms_test_cases_of_pages(case: ::core::primitive::usize) {
    match case {
        0usize => {
            #[allow(unexpected_cfgs)]
            let () = {
                #[cfg(rust_analyzer)]
                let () = {
                    use ::kms_fixture::__private::ide::options::{
                        keys as _, cassette as _, snapshot as _, cases as _,
                    };
                    use ::kms_fixture::__private::ide::snapshot::by_caller as _;
                    let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders");
                    let _ = &orders;
                };
                #[cfg(not(rust_analyzer))]
                let () = {
                    let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders");
                    let plan = ::kms_fixture::__private::Plan::new(::kms_fixture::__private::TestPlace {
                            package: ::core::env!("CARGO_PKG_NAME"),
                            manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                            module: ::core::concat!(::core::module_path!(), "::pages"),
                            name: "small",
                            file: ::core::file!(),
                        })
                        .cassette(::core::option::Option::None)
                        .snapshot_by_caller(|name, text| {
                            ::insta::assert_snapshot!(name, text)
                        })
                        .case_of("pages")
                        .key(orders);
                    ::kms_fixture::__private::run_async(
                        plan,
                        |kms: ::kms_fixture::Kms| async move {
                            let injected_2 = ::kms_fixture::Kms::key(&kms, "orders");
                            let limit: i32 = 1;
                            let name: &str = "a";
                            let orders: Key = injected_2;
                            pages(limit, name, orders).await
                        },
                    );
                };
            };
        }
        1usize => {
            #[allow(unexpected_cfgs)]
            let () = {
                #[cfg(rust_analyzer)]
                let () = {
                    use ::kms_fixture::__private::ide::options::{
                        keys as _, cassette as _, snapshot as _, cases as _,
                    };
                    use ::kms_fixture::__private::ide::snapshot::by_caller as _;
                    let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders");
                    let _ = &orders;
                };
                #[cfg(not(rust_analyzer))]
                let () = {
                    let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders");
                    let plan = ::kms_fixture::__private::Plan::new(::kms_fixture::__private::TestPlace {
                            package: ::core::env!("CARGO_PKG_NAME"),
                            manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                            module: ::core::concat!(::core::module_path!(), "::pages"),
                            name: "full",
                            file: ::core::file!(),
                        })
                        .cassette(::core::option::Option::None)
                        .snapshot_by_caller(|name, text| {
                            ::insta::assert_snapshot!(name, text)
                        })
                        .case_of("pages")
                        .key(orders);
                    ::kms_fixture::__private::run_async(
                        plan,
                        |kms: ::kms_fixture::Kms| async move {
                            let injected_2 = ::kms_fixture::Kms::key(&kms, "orders");
                            let limit: i32 = -100;
                            let name: &str = "b";
                            let orders: Key = injected_2;
                            pages(limit, name, orders).await
                        },
                    );
                };
            };
        }
        _ => ::core::unreachable!(),
    }
}
#[cfg(unix)]
#[cfg(test)]
pub(crate) mod pages {
    #[ignore]
    #[::core::prelude::v1::test]
    fn small() {
        super::_kms_test_cases_of_pages(0usize);
    }
    #[ignore]
    #[::core::prelude::v1::test]
    fn full() {
        super::_kms_test_cases_of_pages(1usize);
    }
}
