//! Mistakes in combinations: each value is valid alone, but the values do not fit each other.

use super::{Language, Message, fault_place, list};
use crate::model::{GrantOperation, KeySpec, KeyUsage};

/// Returns the mistake if a usage does not fit the spec, or is missing.
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

/// Returns the mistake for the boundary of a federated user.
pub(crate) fn boundary_of_federated_user(language: Language) -> Message {
    let help = match language {
        Language::Attribute => "set its permissions with `policy = \"..\"` or `allow(..)`",
        Language::Scenario => "set its permissions with `policy` or `allow`",
    };
    Message::new("a federated user cannot have a `boundary`").help(help)
}

/// Returns the mistake if a grant lacks required options.
pub(crate) fn missing_options(
    grant: &str,
    missing: &[&str],
    language: Language,
) -> Option<Message> {
    let written = |option: &&str| match language {
        Language::Attribute => format!("`{option}(..)`"),
        Language::Scenario => format!("`{option}`"),
    };
    let missing: Vec<_> = missing.iter().map(written).collect();
    (!missing.is_empty())
        .then(|| Message::new(format!("grant `{grant}` needs {}", missing.join(", "))))
}

/// Returns the mistake if a fault lacks a required option.
pub(crate) fn fault_lacks(fault: &str, option: &str, language: Language) -> Message {
    let example = fault_place(fault).find(option).map_or("", |it| it.example);
    let message = Message::new(format!("`{fault}` needs `{option}`"));
    match language {
        Language::Attribute => message.help(format!("write `{fault}({example})`")),
        Language::Scenario => message,
    }
}

/// Returns the mistake for a grant with both encryption context constraints.
pub(crate) fn two_contexts() -> Message {
    Message::new("a grant can have `context_equals` or `context_subset`, not both")
}

/// Returns the mistake for a grant that allows only `CreateGrant`.
pub(crate) fn only_create_grant(language: Language) -> Message {
    let example = match language {
        Language::Attribute => "operations(CreateGrant, Decrypt)",
        Language::Scenario => "\"operations\": [\"CreateGrant\", \"Decrypt\"]",
    };
    Message::new("a grant cannot allow only `CreateGrant`")
        .help(format!("add the operations that it can pass on, as in `{example}`"))
}

/// Returns the mistake if a grant to a service lacks a source ARN or a retiring principal.
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

/// Returns the operations that do not fit a grant's key. Unknown words are skipped.
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

/// Returns the mistake if a key of this spec cannot have an encryption context.
pub(crate) fn unfit_context(option: &str, key: &str, spec: KeySpec) -> Option<Message> {
    (!spec.is_symmetric_encryption()).then(|| {
        let note = format!("only keys of spec `{}` have an encryption context", KeySpec::DEFAULT);
        Message::new(format!("`{option}` does not fit the key `{key}`")).note(note)
    })
}
