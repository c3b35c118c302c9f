//! The patterns of the model.

use super::super::shape::Pattern;

pub(super) static PRINCIPAL_PATTERN: Pattern =
    Pattern::class(r"^[\w+=,.@:/-]+$", |it| it.is_ascii_alphanumeric() || "_+=,.@:/-".contains(it));
pub(super) static SERVICE_PATTERN: Pattern =
    Pattern::regex(r"^([A-Za-z0-9\-]+)\.([A-Za-z0-9\-]+)(\.[A-Za-z0-9\-]+)+$");
pub(super) static SOURCE_ARN_PATTERN: Pattern =
    Pattern::regex(r"^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$");
pub(super) static NAME_PATTERN: Pattern =
    Pattern::class(r"^[a-zA-Z0-9:/_-]+$", |it| it.is_ascii_alphanumeric() || ":/_-".contains(it));
pub(super) static MARKER_PATTERN: Pattern =
    Pattern::class(r"[\u0020-\u00FF]*", |it| ('\u{20}'..='\u{ff}').contains(&it));
pub(super) static POLICY_PATTERN: Pattern =
    Pattern::class(r"[\u0009\u000A\u000D\u0020-\u00FF]+", |it| {
        "\t\n\r".contains(it) || ('\u{20}'..='\u{ff}').contains(&it)
    });
pub(super) static POLICY_NAME_PATTERN: Pattern =
    Pattern::class(r"[\w]+", |it| it.is_ascii_alphanumeric() || it == '_');
pub(super) static XKS_PATTERN: Pattern =
    Pattern::class(r"^[a-zA-Z0-9-_.]+$", |it| it.is_ascii_alphanumeric() || "-_.".contains(it));
pub(super) static REGION_PATTERN: Pattern = Pattern::regex(r"^([a-z]+-){2,3}\d+$");
pub(super) static MATERIAL_PATTERN: Pattern =
    Pattern::class(r"^[a-f0-9]+$", |it| matches!(it, 'a'..='f' | '0'..='9'));
pub(super) static MATERIAL_DESCRIPTION_PATTERN: Pattern =
    Pattern::class(r"^[a-zA-Z0-9:/_\s.-]+$", |it| {
        it.is_ascii_alphanumeric() || ":/_ \t\n\u{b}\u{c}\r.-".contains(it)
    });

#[cfg(test)]
mod tests {
    use super::super::super::shape::expression;
    use super::*;

    #[test]
    fn every_pattern_compiles_and_matches_whole_values() {
        for (pattern, good, bad) in [
            (&PRINCIPAL_PATTERN, "arn:aws:iam::111122223333:role/a+b", "a b"),
            (&SERVICE_PATTERN, "dynamodb.us-west-2.amazonaws.com", "dynamodb"),
            (&SOURCE_ARN_PATTERN, "arn:aws:s3:us-east-1:111122223333:b", "arn:aws:s3"),
            (&NAME_PATTERN, "alias/a_b-c:d", "é"),
            (&MARKER_PATTERN, "ÿ ", "\u{100}"),
            (&POLICY_PATTERN, "{\n\t}", "\u{1}"),
            (&POLICY_NAME_PATTERN, "default", "a-b"),
            (&XKS_PATTERN, "a-b_c.d", "a/b"),
            (&REGION_PATTERN, "us-gov-west-1", "us-1"),
            (&MATERIAL_PATTERN, "0a9f", "0A"),
            (&MATERIAL_DESCRIPTION_PATTERN, "a \u{b}:/_.-", "a+b"),
        ] {
            let regex = expression(pattern.text).expect(pattern.text);
            for value in [good, bad, ""] {
                assert_eq!(
                    pattern.matches(value),
                    regex.is_match(value),
                    "{} and {value:?}",
                    pattern.text
                );
            }
            assert!(pattern.matches(good) && !pattern.matches(bad), "{}", pattern.text);
            // A class is its expression, character for character.
            for character in '\0'..'\u{400}' {
                let value = character.to_string();
                assert_eq!(
                    pattern.matches(&value),
                    regex.is_match(&value),
                    "{} and {value:?}",
                    pattern.text
                );
            }
        }
    }
}
