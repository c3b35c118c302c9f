//! Matches texts against the patterns of the API.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use regex_lite::Regex;

use crate::api::{self, Pattern};

/// Returns whether the whole of `value` matches. Most patterns repeat one class of characters and need no regular
/// expression, whose compilation costs more than the rest of a call. The others compile at first use.
pub(super) fn matches(pattern: Pattern, value: &str) -> bool {
    static EXPRESSIONS: LazyLock<HashMap<&str, OnceLock<Option<Regex>>>> =
        LazyLock::new(|| api::patterns().map(|it| (it.text, OnceLock::new())).collect());
    if let Some(class) = pattern.class {
        return class.matches(value);
    }
    let compiled = EXPRESSIONS.get(pattern.text).map(|it| it.get_or_init(|| compile(pattern)));
    compiled.and_then(Option::as_ref).is_some_and(|it| it.is_match(value))
}

/// Returns the expression for whole values. A test checks that every pattern compiles.
fn compile(pattern: Pattern) -> Option<Regex> {
    Regex::new(&format!("^(?:{})$", pattern.text)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles_and_every_class_matches_its_expression() {
        for pattern in api::patterns() {
            let regex = compile(pattern).expect(pattern.text);
            let characters = ('\0'..'\u{400}').map(String::from);
            for value in characters.chain(["", "aaa"].map(String::from)) {
                let expected = regex.is_match(&value);
                assert_eq!(matches(pattern, &value), expected, "{} and {value:?}", pattern.text);
            }
        }
    }

    #[test]
    fn patterns_match_whole_values() {
        let shapes = crate::api::shapes::SHAPES;
        for (name, good, bad) in [
            ("PrincipalIdType", "arn:aws:iam::111122223333:role/a+b", "a b"),
            ("ServicePrincipalType", "dynamodb.us-west-2.amazonaws.com", "dynamodb"),
            ("GrantConstraintSourceArnType", "arn:aws:s3:us-east-1:111122223333:b", "arn:aws:s3"),
            ("GrantNameType", "alias/a_b-c:d", "é"),
            ("MarkerType", "ÿ ", "\u{100}"),
            ("PolicyType", "{\n\t}", "\u{1}"),
            ("PolicyNameType", "default", "a-b"),
            ("XksKeyIdType", "a-b_c.d", "a/b"),
            ("RegionType", "us-gov-west-1", "us-1"),
            ("BackingKeyIdType", "0a9f", "0A"),
            ("KeyMaterialDescriptionType", "a \u{b}:/_.-", "a+b"),
        ] {
            let shape = shapes.iter().find(|it| it.name == name).expect(name);
            let api::Type::Text(api::Text { pattern: Some(pattern), .. }) = shape.type_ else {
                panic!("{name} has no pattern");
            };
            assert!(matches(pattern, good) && !matches(pattern, bad), "{name}");
        }
    }
}
