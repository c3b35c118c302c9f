//! What AWS accepts in tags and in the pairs of an encryption context.

use syn::LitStr;

use crate::diag::{Errors, Message};

/// Tags of one key (API reference, `Tag`).
pub(super) fn tags(pairs: &[(LitStr, LitStr)], errors: &mut Errors) {
    for (key, value) in pairs {
        let text = key.value();
        if text.is_empty() {
            errors.push(key.span(), "the key of a tag is not empty");
        } else if text.chars().count() > 128 {
            errors.push(key.span(), "the key of a tag has at most 128 characters");
        } else if text.to_ascii_lowercase().starts_with("aws:") {
            let message = Message::new(format!("`{text}` is a tag of AWS's own"));
            let note = "keys that begin with `aws:` are reserved, in any case";
            errors.push(key.span(), message.note(note));
        }
        if value.value().chars().count() > 256 {
            errors.push(value.span(), "the value of a tag has at most 256 characters");
        }
    }
    if let Some((key, _)) = pairs.get(50) {
        errors.push(key.span(), "a key has at most 50 tags");
    }
}

/// Pairs of a constraint (API reference, `GrantConstraints`).
pub(super) fn context(pairs: &[(LitStr, LitStr)], errors: &mut Errors) {
    for (_, value) in pairs {
        if value.value().chars().count() > 384 {
            let message = "a value of a constraint has at most 384 characters";
            errors.push(value.span(), message);
        }
    }
    if let Some((key, _)) = pairs.get(8) {
        errors.push(key.span(), "a constraint has at most 8 pairs");
    }
}
