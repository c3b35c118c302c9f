//! Amazon Resource Names, taken apart and put together.

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
    /// Everything behind the fifth colon.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Takes `text` apart; `None` when it has not the six parts of an ARN.
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

/// The partition that `region` belongs to.
pub(crate) fn partition(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}

/// Whether `text` is an account id: twelve digits.
pub(crate) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `text` is a well-formed key id: a lower-case UUID, or `mrk-` and 32 lower-case hex digits (facts 2.1, 2.2).
pub(crate) fn is_key_id(text: &str) -> bool {
    let hex = |part: &str| {
        part.bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    if let Some(rest) = text.strip_prefix("mrk-") {
        return rest.len() == 32 && hex(rest);
    }
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.split('-').all(hex)
}
