//! What AWS accepts in names, Regions and descriptions.

use crate::diag::Message;
use crate::options::Limit;

/// What is wrong with this text, if anything is.
pub(super) fn mistake(limit: Limit, text: &str) -> Option<Message> {
    let is_right = match limit {
        Limit::Region => is_region(text),
        Limit::GrantName => is_kms_name(text),
        Limit::RoleName | Limit::UserName => is_entity_name(text),
        Limit::SessionName => is_iam_name(text) && text.len() >= 2,
        Limit::FederatedName => is_iam_name(text) && (2..=32).contains(&text.len()),
        Limit::Description => text.chars().count() <= 8192,
        Limit::SourceArn => is_source_arn(text),
    };
    let is_not = |what: &str| Message::new(format!("`{text}` is not the name of {what}"));
    let message = || match limit {
        Limit::Region => is_not("a Region").help("write it like `us-east-1`"),
        Limit::GrantName => {
            is_not("a grant").note("it has 1 to 256 letters, digits and `:/_-`, all of ASCII")
        }
        Limit::RoleName => is_not("a role").note(ENTITY),
        Limit::UserName => is_not("a user").note(ENTITY),
        Limit::FederatedName => is_not("a federated user")
            .note("it has 2 to 32 letters, digits and `_+=,.@-`, all of ASCII, and no path"),
        Limit::SessionName => {
            is_not("a session").note("it has 2 to 64 letters, digits and `_+=,.@-`, all of ASCII")
        }
        Limit::Description => Message::new("a description has at most 8192 characters"),
        Limit::SourceArn => {
            Message::new(format!("`{text}` is not the ARN of a resource in an account"))
                .help("write it like `arn:aws:dynamodb:us-east-1:111122223333:table/orders`")
                .note("it has 20 to 512 characters, and an account of 12 digits")
        }
    };
    (!is_right).then(message)
}

const ENTITY: &str = "it has 1 to 64 letters, digits and `_+=,.@-`, all of ASCII; a path may stand in front, as in `service/worker`";

/// Like `us-east-1`, `us-gov-west-1` and `eusc-de-east-1`.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let is_word = |it: &&str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase());
    let [area, words @ .., number] = parts.as_slice() else {
        return false;
    };
    area.len() >= 2
        && is_word(area)
        && !words.is_empty()
        && words.iter().all(is_word)
        && !number.is_empty()
        && number.bytes().all(|it| it.is_ascii_digit())
}

/// A name behind a path, or without one.
fn is_entity_name(text: &str) -> bool {
    let name = bare(text);
    let path = text.trim_start_matches('/').strip_suffix(name);
    let is_path = |it: &str| it.bytes().all(|it| it.is_ascii_graphic()) && !it.contains("//");
    is_iam_name(name) && path.is_none_or(is_path)
}

/// The name of a role or a user, without its path.
pub(super) fn bare(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn is_iam_name(text: &str) -> bool {
    is_made_of(text, "_+=,.@-") && text.len() <= 64
}

fn is_kms_name(text: &str) -> bool {
    is_made_of(text, ":/_-") && text.len() <= 256
}

/// Whether the whole alias, `alias/..`, is one; that it begins so is checked elsewhere.
pub(super) fn is_alias(text: &str) -> bool {
    is_made_of(text, "/_-") && text.len() <= 256
}

/// The constraint `SourceArn` (API model, `GrantConstraintSourceArnType`).
fn is_source_arn(text: &str) -> bool {
    let is_of = |it: &str| {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        it.bytes().all(fits)
    };
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let &["arn", partition, service, region, account, resource] = parts.as_slice() else {
        return false;
    };
    (20..=512).contains(&text.chars().count())
        && partition.strip_prefix("aws").is_some_and(is_of)
        && !service.is_empty()
        && is_of(service)
        && is_of(region)
        && account.len() == 12
        && account.bytes().all(|it| it.is_ascii_digit())
        && !resource.is_empty()
        && !resource.contains('\n')
}

/// Whether this has the form of a service principal (API model, `ServicePrincipalType`).
pub(super) fn is_service_principal(text: &str) -> bool {
    let is_word = |it: &str| is_made_of(it, "-");
    text.len() <= 128 && text.split('.').count() >= 3 && text.split('.').all(is_word)
}

/// At least one ASCII letter, digit or one of these, and nothing else.
fn is_made_of(text: &str, others: &str) -> bool {
    let fits = |it: char| it.is_ascii_alphanumeric() || others.contains(it);
    !text.is_empty() && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::{
        is_alias, is_entity_name, is_region, is_service_principal, is_source_arn, mistake,
    };
    use crate::options::Limit;

    #[test]
    fn a_region_ends_with_a_number() {
        for region in ["us-east-1", "us-gov-west-1", "ap-southeast-12", "eusc-de-east-1"] {
            assert!(is_region(region), "{region}");
        }
        for other in [
            "",
            "us",
            "us-east",
            "us-1",
            "-east-1",
            "us--1",
            "us-east-",
            "US-east-1",
            "us-east-1a",
            "us_east_1",
            "u-east-1",
        ] {
            assert!(!is_region(other), "{other}");
        }
    }

    #[test]
    fn a_path_stands_in_front_of_a_name() {
        for name in ["worker", "service/worker", "/a/b/worker", "w", "a+b=c,d.e@f-g_h"] {
            assert!(is_entity_name(name), "{name}");
        }
        for other in ["", "a b", "service/", "größe", "a//b", "a b/worker", "a:b"] {
            assert!(!is_entity_name(other), "{other}");
        }
        assert!(is_entity_name(&"a".repeat(64)));
        assert!(!is_entity_name(&"a".repeat(65)));
    }

    #[test]
    fn a_description_is_not_endless() {
        assert!(mistake(Limit::Description, &"ü".repeat(8192)).is_none());
        assert!(mistake(Limit::Description, &"ü".repeat(8193)).is_some());
    }

    #[test]
    fn a_service_principal_has_three_words_or_more() {
        for service in ["dynamodb.us-east-1.amazonaws.com", "s3.amazonaws.com"] {
            assert!(is_service_principal(service), "{service}");
        }
        for other in ["", "worker", "amazonaws.com", "a..c", ".a.b", "a.b.c.", "a_b.c.d"] {
            assert!(!is_service_principal(other), "{other}");
        }
        assert!(!is_service_principal(&format!("{}.b.c", "a".repeat(125))));
    }

    #[test]
    fn a_source_arn_has_an_account() {
        for arn in [
            "arn:aws:dynamodb:us-east-1:111122223333:table/orders",
            "arn:aws-cn:sns::111122223333:a:b",
        ] {
            assert!(is_source_arn(arn), "{arn}");
        }
        for other in [
            "",
            "arn:aws:s3:::orders-of-last-year",
            "arn:aws:s3:us-east-1:1:a-short-account",
            "arn:aws:s3:us-east-1:111122223333:",
            "arn:gcp:s3:us-east-1:111122223333:x",
            "arn:aws:S3:us-east-1:111122223333:x",
        ] {
            assert!(!is_source_arn(other), "{other}");
        }
    }

    #[test]
    fn an_alias_has_no_colon() {
        assert!(is_alias("alias/a-b_c/d"));
        assert!(!is_alias("alias/a:b"));
        assert!(!is_alias(&format!("alias/{}", "a".repeat(251))));
    }
}
