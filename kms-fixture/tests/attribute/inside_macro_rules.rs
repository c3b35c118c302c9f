//! Tests that a macro writes: their names, words, literals and bodies have other spans than the rest.

use kms_fixture::{Grant, Key, Kms, kms_test};

macro_rules! key_test {
    ($(#[$meta:meta])* $vis:vis $test:ident, $name:ident, $state:ident, $alias:literal, $body:block) => {
        $(#[$meta])*
        #[kms_test(
            keys($name(state($state), alias = $alias)),
            roles(worker),
            grants(access(key($name), grantee(worker), operations(Decrypt)))
        )]
        $vis async fn $test(kms: Kms, $name: Key, access: Grant) -> Result<(), std::fmt::Error> {
            let _ = (&kms, &$name, &access);
            $body
        }
    };
}

key_test!(first, orders, Enabled, "alias/orders", { Ok(()) });
key_test!(
    /// Documented.
    #[allow(clippy::pedantic)]
    pub second, worker_key, Enabled, "alias/second", { Ok(()) }
);

macro_rules! whole {
    ($region:expr, $parameter:ident: $ty:ty, $result:ty) => {
        mod whole {
            use super::*;
            #[kms_test(region = $region, keys(orders))]
            fn whole($parameter: $ty) -> $result {
                let _ = $parameter;
                Ok(())
            }
        }
    };
}

whole!("eu-west-1", orders: Key, Result<(), std::fmt::Error>);

macro_rules! attribute {
    ($($args:tt)*) => {
        #[kms_test($($args)*)]
        async fn from_tokens(orders: Key) {
            drop(orders);
        }
    };
}

attribute!(keys(orders(multi_region = true)));
