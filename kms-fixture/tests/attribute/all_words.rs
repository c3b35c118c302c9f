//! Compares the macro's tables with the library's enums: AWS's words, and which of them fit together.
#![allow(dead_code)] // the tables are the macro's own files, and not every item is compared

#[path = "../../../kms-fixture-macros/src/fits.rs"]
mod fits;
#[path = "../../../kms-fixture-macros/src/words.rs"]
mod words;

use kms_fixture::model::{GrantOperation, KeySpec, KeyState, KeyUsage, Origin};

macro_rules! same_words {
    ($($test:ident: $list:ident, $enum:ident;)+) => { $(
        #[test]
        fn $test() {
            let words: Vec<&str> = $enum::ALL.iter().map(|it| it.as_str()).collect();
            assert_eq!(words::$list.words, words);
            assert_eq!(words::$list.name, stringify!($enum));
        }
    )+ };
}

same_words! {
    states: KEY_STATE, KeyState;
    specs: KEY_SPEC, KeySpec;
    usages: KEY_USAGE, KeyUsage;
    origins: ORIGIN, Origin;
    grant_operations: GRANT_OPERATION, GrantOperation;
}

#[test]
fn every_spec_has_the_same_usages() {
    for spec in KeySpec::ALL {
        let usages: Vec<&str> = spec.usages().iter().map(|it| it.as_str()).collect();
        assert_eq!(fits::usages(spec.as_str()), usages, "{spec}");
    }
    assert!(fits::usages("RSA_1024").is_empty());
}

#[test]
fn every_key_has_the_same_grant_operations() {
    for spec in KeySpec::ALL {
        for usage in spec.usages() {
            let operations = spec.grant_operations(*usage);
            let operations: Vec<&str> = operations.iter().map(|it| it.as_str()).collect();
            let fitting = fits::grant_operations(spec.as_str(), usage.as_str());
            assert_eq!(fitting, operations, "{spec}, {usage}");
        }
    }
}

#[test]
fn the_default_spec_is_the_one_with_an_encryption_context() {
    for spec in KeySpec::ALL {
        let is_default = spec.as_str() == fits::DEFAULT_SPEC;
        assert_eq!(is_default, spec.is_symmetric_encryption(), "{spec}");
    }
}
