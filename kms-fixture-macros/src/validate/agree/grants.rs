//! The operations and the constraint of a grant fit its key.

use crate::diag::{Errors, Message, list};
use crate::fits::{DEFAULT_SPEC, grant_operations};
use crate::parse::text;
use crate::plan::{Declaration, Value};
use crate::words::GRANT_OPERATION;

use super::keys;

/// Reports every operation that does not fit the key, and a constraint that cannot.
pub(super) fn check(grant: &Declaration, declared: &[&Declaration], errors: &mut Errors) {
    let Some(Value::Declared(key)) = grant.value("key") else {
        return;
    };
    let name = text(key);
    let Some(key) = declared.iter().find(|it| text(&it.name) == name) else {
        return;
    };
    let Some(spec) = keys::spec(key) else { return };
    if let Some(usage) = keys::usage(key, &spec)
        && let Some(Value::Words(_, operations)) = grant.value("operations")
    {
        let fitting = grant_operations(&spec, &usage);
        for operation in operations {
            let word = operation.to_string();
            let is_known = GRANT_OPERATION.words.contains(&word.as_str());
            if is_known && !fitting.contains(&word.as_str()) {
                let message = Message::new(format!("`{word}` does not fit the key `{name}`"));
                let note = format!(
                    "a grant on a key of spec `{spec}` and usage `{usage}` can allow {}",
                    list(fitting.iter().copied())
                );
                errors.push(operation.span(), message.note(note));
            }
        }
    }
    for option in ["context_equals", "context_subset"] {
        if let Some(span) = grant.was_given(option)
            && spec != DEFAULT_SPEC
        {
            let message = Message::new(format!("`{option}` does not fit the key `{name}`"));
            let note = format!("only keys of spec `{DEFAULT_SPEC}` have an encryption context");
            errors.push(span, message.note(note));
        }
    }
}
