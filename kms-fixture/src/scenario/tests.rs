//! The files that are generated from the table of options;
//! `UPDATE_EXPECT=1 cargo test -p kms-fixture --lib scenario::` regenerates them.

mod documents;
mod limits;
mod schema;

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

use super::fields::{Declared, Fields};
use super::{GrantDeclaration, KeyDeclaration, RoleDeclaration, Scenario, UserDeclaration};
use crate::api;
use crate::api::quotas::Shared;
use crate::model::declare::{AWS, OPERATIONS, Place, QUOTAS, TOP};

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path)
}

/// Compares a file with its generated text, or writes it.
#[track_caller]
fn check(path: &str, expected: impl FnOnce(&str) -> String, is_same: impl Fn(&str, &str) -> bool) {
    let file = source(path);
    let written = fs::read_to_string(&file).unwrap_or_default();
    let expected = expected(&written);
    if is_same(&written, &expected) {
        return;
    }
    if env::var_os("UPDATE_EXPECT").is_some_and(|it| it == "1") {
        fs::write(file, expected).unwrap();
        return;
    }
    let differs = written.lines().zip(expected.lines()).find(|(is, should)| is != should);
    panic!(
        "src/{path} differs from its generated text: {differs:#?}\n\
         help: UPDATE_EXPECT=1 cargo test -p kms-fixture --lib scenario::"
    );
}

#[test]
fn the_names_that_editors_complete_are_those_of_the_table() {
    check("fixture/ide.rs", |_| documents::ide(), |is, should| is == should);
}

#[test]
fn the_documentation_of_options_is_that_of_the_table() {
    check("docs/kms_test.md", documents::with_tables, |is, should| is == should);
}

#[test]
fn the_schema_of_scenarios_is_that_of_the_table() {
    // The order of members does not count: it depends on the features of `serde_json`.
    let parsed = |text: &str| serde_json::from_str::<Value>(text).ok();
    check(
        "scenario/scenario.schema.json",
        |_| format!("{:#}\n", schema::of_scenarios()),
        |is, should| parsed(is) == parsed(should),
    );
}

/// Checks scenarios that the attribute reads, too (`kms-fixture-macros/src/validate/world`): with the same result.
#[test]
fn both_readers_of_scenarios_agree() {
    let table = fs::read_to_string(source("scenario/tests/readers.json")).unwrap();
    let table: Vec<(String, String)> = serde_json::from_str(&table).unwrap();
    let mut differ = Vec::new();
    for (text, expected) in &table {
        let told = serde_json::from_str::<Scenario>(text).map(drop).map_err(|it| it.to_string());
        let is_right = match &told {
            Ok(()) => expected.is_empty(),
            Err(told) => !expected.is_empty() && told.contains(expected),
        };
        if !is_right {
            differ.push(format!("{text}: {told:?}"));
        }
    }
    assert!(differ.is_empty(), "{differ:#?}");
}

/// Checks that the operations that options name are those of the API.
#[test]
fn the_operations_of_options_are_those_of_the_api() {
    let expected: Vec<_> = api::OPERATIONS.iter().map(|it| it.name).collect();
    assert_eq!(expected, OPERATIONS);
}

/// Checks that the words of shared quotas are those of the option.
#[test]
fn the_words_of_quotas_are_those_of_the_api() {
    let words: Vec<_> = QUOTAS.iter().map(|it| it.word).collect();
    let shared = Shared::ALL.map(Shared::word);
    assert_eq!(words, [&[AWS], shared.as_slice()].concat());
}

/// Checks that the options of scenario files and the fields of declarations match.
#[test]
fn every_option_has_a_field() {
    fn same(place: &Place, fields: &dyn Fields) {
        let mut fields: Vec<_> = fields.all().into_iter().map(|(option, _)| option).collect();
        let mut options: Vec<_> = place.in_scenarios().map(|it| it.name).collect();
        fields.sort_unstable();
        options.sort_unstable();
        assert_eq!(fields, options, "{}", place.module);
    }
    fn declared<T: Declared>() {
        same(T::KIND.place(), &T::declare("x"));
    }
    same(&TOP, &Scenario::default());
    declared::<KeyDeclaration>();
    declared::<RoleDeclaration>();
    declared::<UserDeclaration>();
    declared::<GrantDeclaration>();
}
