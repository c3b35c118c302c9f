//! The operations and the constraint of a grant fit its key.

use syn::Lit;

use crate::diag::{Errors, Message, list};
use crate::fits::{DEFAULT_SPEC, grant_operations};
use crate::parse::text;
use crate::plan::{Declaration, Value};
use crate::validate::limits::is_service_principal;
use crate::words::GRANT_OPERATION;

use super::keys;

/// Reports a service that gets a grant without what such a grant has to have.
fn check_service(grant: &Declaration, errors: &mut Errors) {
    let Some(Value::Literal(Lit::Str(grantee))) = grant.value("grantee") else {
        return;
    };
    let service = grantee.value();
    if !is_service_principal(&service) {
        return;
    }
    let needed = [("source_arn", "`source_arn = \"..\"`"), ("retiring", "`retiring(..)`")];
    let missing: Vec<_> = needed
        .into_iter()
        .filter(|(option, _)| grant.was_given(option).is_none())
        .map(|(_, example)| example)
        .collect();
    if !missing.is_empty() {
        let message = Message::new(format!("the service `{service}` needs {}", missing.join(", ")));
        let note = "KMS asks for both of whoever grants to a service";
        errors.push(grantee.span(), message.note(note));
    }
}

/// Reports every operation that does not fit the key, and a constraint that cannot.
pub(super) fn check(grant: &Declaration, declared: &[&Declaration], errors: &mut Errors) {
    check_service(grant, errors);
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
        if spec != DEFAULT_SPEC
            && grant.value(option).is_some()
            && let Some(span) = grant.was_given(option)
        {
            let message = Message::new(format!("`{option}` does not fit the key `{name}`"));
            let note = format!("only keys of spec `{DEFAULT_SPEC}` have an encryption context");
            errors.push(span, message.note(note));
        }
    }
}
