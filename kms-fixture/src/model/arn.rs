//! Amazon Resource Names: their parts, and the forms of ids and names.

/// The parts of an ARN, borrowed from its text.
///
/// ```
/// use kms_fixture::model::Arn;
/// let arn = Arn::parse("arn:aws:kms:us-east-1:111122223333:key/1234").unwrap();
/// assert_eq!((arn.service, arn.account, arn.resource), ("kms", "111122223333", "key/1234"));
/// assert!(Arn::parse("alias/orders").is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`, ...
    pub partition: &'a str,
    /// The service, such as `kms` or `iam`.
    pub service: &'a str,
    /// The Region; empty for IAM.
    pub region: &'a str,
    /// The account's twelve digits.
    pub account: &'a str,
    /// Everything after the fifth colon.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Parses `text`. Returns `None` if it does not have the six parts of an ARN.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        if parts.next()? != "arn" {
            return None;
        }
        Some(Self {
            partition: parts.next()?,
            service: parts.next()?,
            region: parts.next()?,
            account: parts.next()?,
            resource: parts.next()?,
        })
    }
}

/// Returns whether `text` is an account id: twelve digits.
pub(crate) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether `text` is a well-formed key id: a lower-case UUID, or `mrk-` and 32 lower-case hex digits (facts
/// 2.1, 2.2).
pub(crate) fn is_key_id(text: &str) -> bool {
    let hex = |part: &str| part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if let Some(rest) = text.strip_prefix("mrk-") {
        return rest.len() == 32 && hex(rest);
    }
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.split('-').all(hex)
}

/// Returns whether `text` has the form of a grant id: 64 lower-case hex digits (API reference, `GrantId`).
pub(crate) fn is_grant_id(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
}

/// Returns whether `text` has the form of a service principal, such as `dynamodb.us-east-1.amazonaws.com` (API model,
/// `ServicePrincipalType`): three or more words, separated by dots.
pub(crate) fn is_service_principal(text: &str) -> bool {
    let is_word = |word: &str| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !word.is_empty() && word.bytes().all(fits)
    };
    text.len() <= 128 && text.split('.').count() >= 3 && text.split('.').all(is_word)
}

/// Returns whether `text` is the ARN of a session of a service's own role, such as `aws:ec2-infrastructure`.
pub(crate) fn is_session_of_service(text: &str) -> bool {
    let is_session = |it: Arn<'_>| {
        let role = it.resource.strip_prefix("assumed-role/");
        it.service == "sts" && role.is_some_and(|it| it.starts_with("aws:"))
    };
    Arn::parse(text).is_some_and(is_session)
}

/// Returns whether `text` is valid as the `SourceArn` of a grant (API model, `GrantConstraintSourceArnType`).
pub(crate) fn is_source_arn(text: &str) -> bool {
    let is_plain = |part: &str| {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        part.bytes().all(fits)
    };
    let characters = text.chars().count();
    Arn::parse(text).is_some_and(|arn| {
        (20..=512).contains(&characters)
            && arn.partition.strip_prefix("aws").is_some_and(is_plain)
            && !arn.service.is_empty()
            && is_plain(arn.service)
            && is_plain(arn.region)
            && is_account_id(arn.account)
            && !arn.resource.is_empty()
            && !arn.resource.contains('\n')
    })
}

#[cfg(test)]
mod tests {
    use super::{is_service_principal, is_source_arn};

    #[test]
    fn a_service_principal_has_three_words_or_more() {
        for service in ["dynamodb.us-east-1.amazonaws.com", "s3.amazonaws.com", "a.b.c"] {
            assert!(is_service_principal(service), "{service}");
        }
        for other in ["", "worker", "amazonaws.com", "a..c", ".a.b", "a.b.c.", "a_b.c.d", "ä.b.c"]
        {
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
            "arn:aws:s3:::orders-of-last-year",
            "arn:aws:s3:us-east-1:1:a-short-account",
            "arn:aws:s3:us-east-1:111122223333:",
            "arn:gcp:s3:us-east-1:111122223333:x",
            "arn:aws:S3:us-east-1:111122223333:x",
            "arn:aws::us-east-1:111122223333:x",
        ] {
            assert!(!is_source_arn(other), "{other}");
        }
        let long = format!("arn:aws:s3::111122223333:{}", "x".repeat(488));
        assert!(!is_source_arn(&long) && is_source_arn(&long[..512]));
    }
}
