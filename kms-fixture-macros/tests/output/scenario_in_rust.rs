fn world() -> Scenario {
    {
        #[allow(unexpected_cfgs)]
        let () = {
            #[cfg(rust_analyzer)]
            let () = {
                use ::kms_fixture::__private::ide::options::{
                    keys as _, roles as _, region as _,
                };
                use ::kms_fixture::__private::ide::role::allow as _;
                let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders");
                let worker = ::kms_fixture::scenario::RoleDeclaration::new("worker")
                    .allow_on(
                        ["kms:Decrypt"],
                        [
                            ::core::convert::AsRef::<
                                ::core::primitive::str,
                            >::as_ref(&orders),
                        ],
                    );
            };
        };
        let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders");
        let worker = ::kms_fixture::scenario::RoleDeclaration::new("worker")
            .allow_on(
                ["kms:Decrypt"],
                [::core::convert::AsRef::<::core::primitive::str>::as_ref(&orders)],
            );
        ::kms_fixture::__private::Plan::of_scenario(
                ::core::env!("CARGO_MANIFEST_DIR"),
                ::core::file!(),
            )
            .region("eu-west-1")
            .key(orders)
            .role(worker)
            .into_scenario()
    }
}
