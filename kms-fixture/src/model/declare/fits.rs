//! The mistakes of values that are right alone and do not fit each other.

use super::{Language, Message, list};
use crate::model::{GrantOperation, KeySpec, KeyUsage};

/// A usage that does not fit the spec, or one that is missing.
pub(crate) fn usage(
    spec: Option<KeySpec>,
    usage: Option<KeyUsage>,
    language: Language,
) -> Option<Message> {
    let fits = spec.unwrap_or(KeySpec::DEFAULT);
    let fitting = fits.usages();
    match usage {
        Some(usage) if !fitting.contains(&usage) => {
            let message =
                Message::new(format!("a key of spec `{fits}` cannot have the usage `{usage}`"));
            let can_have = list(fitting.iter().map(|it| it.as_str()));
            let message = message.note(format!("it can have {can_have}"));
            Some(match spec {
                None => message.note("this key has the default spec"),
                Some(_) => message,
            })
        }
        None if fitting.len() > 1 => {
            let message = Message::new(format!("a key of spec `{fits}` needs a usage"));
            let write = fitting.iter().map(|it| language.with_word("usage", it.as_str()));
            let write: Vec<_> = write.collect();
            Some(message.help(format!("write {}", write.join(" or "))))
        }
        _ => None,
    }
}

/// A boundary, which federated users do not have.
pub(crate) fn boundary_of_federated_user(language: Language) -> Message {
    let help = match language {
        Language::Attribute => "write what it may do as its `policy = \"..\"` or `allow(..)`",
        Language::Scenario => "write what it may do as its `policy` or `allow`",
    };
    Message::new("a federated user has no `boundary`").help(help)
}

/// A grant without options that it needs, if it is one.
pub(crate) fn missing_options(
    grant: &str,
    missing: &[&str],
    language: Language,
) -> Option<Message> {
    let written = |it: &&str| match language {
        Language::Attribute => format!("`{it}(..)`"),
        Language::Scenario => format!("`{it}`"),
    };
    let missing: Vec<_> = missing.iter().map(written).collect();
    (!missing.is_empty())
        .then(|| Message::new(format!("grant `{grant}` needs {}", missing.join(", "))))
}

/// A grant with both constraints on the encryption context.
pub(crate) fn two_contexts() -> Message {
    Message::new("a grant has one constraint: `context_equals` or `context_subset`, not both")
}

/// A grant that allows `CreateGrant` alone.
pub(crate) fn only_create_grant(language: Language) -> Message {
    let example = match language {
        Language::Attribute => "operations(CreateGrant, Decrypt)",
        Language::Scenario => "\"operations\": [\"CreateGrant\", \"Decrypt\"]",
    };
    Message::new("a grant cannot allow only `CreateGrant`")
        .help(format!("add what the grants that it creates may allow, as in `{example}`"))
}

/// A service that gets a grant without what such a grant has to have.
pub(crate) fn service(
    service: &str,
    has_source_arn: bool,
    has_retiring: bool,
    language: Language,
) -> Option<Message> {
    let needed = [
        (has_source_arn, language.with_text("source_arn", "..")),
        (has_retiring, language.with_word("retiring", "..")),
    ];
    let missing: Vec<_> = needed.into_iter().filter(|it| !it.0).map(|it| it.1).collect();
    (!missing.is_empty()).then(|| {
        Message::new(format!("the service `{service}` needs {}", missing.join(", ")))
            .note("KMS requires both in a grant to a service")
    })
}

/// Returns the operations that do not fit a grant's key; an unknown word is not judged.
pub(crate) fn unfit_operations<'a>(
    key: &str,
    (spec, usage): (KeySpec, KeyUsage),
    words: impl IntoIterator<Item = &'a str>,
) -> Vec<(usize, Message)> {
    let fitting = spec.grant_operations(usage);
    let is_wrong =
        |word: &str| GrantOperation::from_word(word).is_some_and(|it| !fitting.contains(&it));
    let words = words.into_iter().enumerate().filter(|(_, it)| is_wrong(it));
    let message = |word: &str| {
        let note = format!(
            "a grant on a key of spec `{spec}` and usage `{usage}` can allow {}",
            list(fitting.iter().map(|it| it.as_str()))
        );
        Message::new(format!("`{word}` does not fit the key `{key}`")).note(note)
    };
    words.map(|(at, word)| (at, message(word))).collect()
}

/// A constraint on the encryption context of a key that has none.
pub(crate) fn unfit_context(option: &str, key: &str, spec: KeySpec) -> Option<Message> {
    (!spec.is_symmetric_encryption()).then(|| {
        let note = format!("only keys of spec `{}` have an encryption context", KeySpec::DEFAULT);
        Message::new(format!("`{option}` does not fit the key `{key}`")).note(note)
    })
}
