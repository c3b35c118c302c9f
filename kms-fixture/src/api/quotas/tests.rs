//! The table of quotas is that of the sheet of facts.

use super::{COUNTED, Counted, PAIRS, Shared, counted};
use crate::api::OPERATIONS;
use crate::file::is_packaged;

/// Returns the text of a fact of section 15 up to its source.
fn fact(number: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/kms-facts.md");
    let sheet = std::fs::read_to_string(path).expect("the sheet of facts");
    let row = sheet.lines().find_map(|it| it.strip_prefix(&format!("| {number} | ")));
    row.and_then(|it| it.split(" | ").next()).expect(number).to_owned()
}

/// Returns the words of a text, without punctuation.
fn words(text: &str) -> Vec<&str> {
    let words = text.split(|it: char| it.is_whitespace() || ";:.()".contains(it));
    words.map(|it| it.trim_end_matches(',')).filter(|it| !it.is_empty()).collect()
}

/// Returns the numbers of a text, each with the words before it.
fn groups(text: &str) -> Vec<(Vec<String>, u32)> {
    let (mut found, mut before) = (Vec::new(), Vec::new());
    for word in words(text) {
        match word.replace(',', "").parse() {
            Ok(number) => found.push((std::mem::take(&mut before), number)),
            Err(_) => before.push(word.to_owned()),
        }
    }
    found
}

#[test]
fn every_operation_of_the_api_is_counted() {
    let counted: Vec<_> = COUNTED.iter().map(|it| it.0).collect();
    assert_eq!(counted, OPERATIONS.iter().map(|it| it.name).collect::<Vec<_>>());
}

#[test]
fn operations_are_counted_alone_as_in_fact_15_13() {
    if is_packaged() {
        return;
    }
    let text = fact("15.13");
    let (alone, pairs) = text.split_once("GenerateDataKeyPair by spec").unwrap();
    let mut seen = Vec::new();
    for (names, number) in groups(alone) {
        for name in names.iter().filter(|it| counted(it).is_some()) {
            assert_eq!(counted(name), Some(Counted::Alone(number)), "{name}");
            seen.push(name.clone());
        }
        if names.iter().any(|it| it == "custom") {
            for (name, counted) in COUNTED.iter().filter(|it| it.0.contains("CustomKeyStore")) {
                assert_eq!(*counted, Counted::Alone(number), "{name}");
                seen.push((*name).to_owned());
            }
        }
    }
    let alone = COUNTED.iter().filter(|it| matches!(it.1, Counted::Alone(_)));
    let mut alone: Vec<_> = alone.map(|it| it.0.to_owned()).collect();
    seen.sort();
    alone.sort();
    assert_eq!(seen, alone);

    let pairs = pairs.split(" (in China").next().unwrap();
    let mut unseen: Vec<_> = PAIRS.to_vec();
    for (specs, number) in groups(pairs) {
        let is_named = |spec: &str| {
            specs.iter().any(|it| match it.as_str() {
                "ECC" => spec.starts_with("ECC_"),
                it => spec == it,
            })
        };
        let named = unseen.extract_if(.., |it| is_named(it.0));
        let named: Vec<_> = named.collect();
        assert!(!named.is_empty(), "{specs:?}");
        assert!(named.iter().all(|it| it.1 == number), "{named:?} {number}");
    }
    assert_eq!(unseen, []);
}

#[test]
fn shared_quotas_are_those_of_fact_15_12() {
    if is_packaged() {
        return;
    }
    let text = fact("15.12");
    let (operations, limits) =
        text.split_once("Symmetric, shared by ").unwrap().1.split_once(':').unwrap();
    for name in words(operations) {
        assert!(matches!(counted(name), Some(Counted::ByKey | Counted::AsSymmetric)), "{name}");
    }
    let (symmetric, others) = limits.split_once("elsewhere.").unwrap();
    let mut regions = 0;
    for part in symmetric.split(';') {
        let (number, names) = part.trim().split_once(' ').unwrap_or((part.trim(), ""));
        let number: u32 = number.replace(',', "").parse().unwrap();
        for region in words(names).into_iter().filter(|it| it.contains('-')) {
            assert_eq!(Shared::Symmetric.in_region(region), number, "{region}");
            regions += 1;
        }
        if names.trim().is_empty() {
            assert_eq!(Shared::Symmetric.in_region("eu-north-1"), number);
        }
    }
    assert_eq!(regions, 9);
    for (names, number) in groups(others) {
        for (name, shared) in
            [("RSA", Shared::Rsa), ("ML-DSA", Shared::MlDsa), ("ECC", Shared::Ecc)]
        {
            if names.iter().any(|it| it == name) {
                assert_eq!(shared.in_region("us-east-1"), number, "{name}");
            }
        }
    }
}
