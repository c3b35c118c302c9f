//! The `#[kms_test]` attribute where it is accepted; `tests/ui` has the mistakes that it reports.
#![cfg(feature = "macros")]
#![allow(clippy::unused_async)] // most bodies are empty

mod all_options;
mod attributes;
mod cases;
mod consistency;
mod every_word;
mod hostile_names;
mod inside_macro_rules;
mod kinds_of_tests;
mod names;
mod no_implicit_prelude;
mod pedantic;
mod recorded;
mod renamed_crate;
