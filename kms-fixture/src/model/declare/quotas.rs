//! The names and numbers of request quotas.

use super::{Choice, Message, OPERATIONS, nearest};

/// The word for AWS's quotas.
pub(crate) const AWS: &str = "aws";

/// The words of `quotas(..)` other than the names of operations.
pub(crate) const QUOTAS: &[Choice] = &[
    Choice { word: AWS, meaning: "AWS's request quotas, which differ between Regions." },
    Choice {
        word: "symmetric",
        meaning: "The quota of cryptographic operations on symmetric and HMAC keys, and of GenerateRandom: `symmetric = 5`.",
    },
    Choice {
        word: "rsa",
        meaning: "The quota of cryptographic operations on RSA keys: `rsa = 5`.",
    },
    Choice {
        word: "ecc",
        meaning: "The quota of cryptographic operations on ECC and SM2 keys: `ecc = 5`.",
    },
    Choice {
        word: "ml_dsa",
        meaning: "The quota of cryptographic operations on ML-DSA keys: `ml_dsa = 5`.",
    },
];

/// The largest quota.
const MOST: u32 = 1_000_000;

/// Returns every name of a quota.
pub(crate) fn quotas() -> impl Iterator<Item = &'static str> + Clone {
    let words = QUOTAS.iter().map(|it| it.word).filter(|it| *it != AWS);
    words.chain(OPERATIONS.iter().copied())
}

/// Returns the mistake in a quota: its name, and the calls in a second, if that is a number.
pub(crate) fn quota(name: &str, calls: Option<u64>) -> Option<Message> {
    if !quotas().any(|it| it == name) {
        let known = quotas().chain([AWS]);
        let message = Message::new(format!("unknown quota `{name}`"));
        let words: Vec<_> = QUOTAS.iter().map(|it| format!("`{}`", it.word)).collect();
        let same = known.clone().find(|it| it.eq_ignore_ascii_case(name));
        let message = match same.or_else(|| nearest(name, known)) {
            Some(near) => message.help(format!("a quota with a similar name exists: `{near}`")),
            None => message,
        };
        return Some(message.note(format!("expected {} or an operation", words.join(", "))));
    }
    let fits = |it: u64| (1..=u64::from(MOST)).contains(&it);
    (!calls.is_some_and(fits)).then(|| {
        Message::new(format!("`{name}` must be a number of calls in a second, 1 to {MOST}"))
    })
}
