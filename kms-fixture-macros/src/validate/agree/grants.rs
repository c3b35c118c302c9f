//! The operations and the constraint of a grant fit its key.

use syn::Lit;

use crate::diag::Errors;
use crate::model::declare::{self, Language, unfit_context, unfit_operations};
use crate::model::is_service_principal;
use crate::parse::text;
use crate::plan::{Declaration, Value};

use super::keys;

/// Reports a grant to a service without a source ARN or a retiring principal.
fn check_service(grant: &Declaration, language: Language, errors: &mut Errors) {
    let Some(Value::Literal(Lit::Str(grantee))) = grant.value("grantee") else {
        return;
    };
    let service = grantee.value();
    if !is_service_principal(&service) {
        return;
    }
    let has = |option| grant.was_given(option).is_some();
    let message = declare::service(&service, has("source_arn"), has("retiring"), language);
    if let Some(message) = message {
        errors.push(grantee.span(), message);
    }
}

/// Reports the operations and constraints that do not fit the key.
pub(in crate::validate) fn check(
    grant: &Declaration,
    declared: &[&Declaration],
    language: Language,
    errors: &mut Errors,
) {
    check_service(grant, language, errors);
    let Some(Value::Declared(key)) = grant.value("key") else {
        return;
    };
    let name = text(key);
    let Some(key) = declared.iter().find(|it| text(&it.name) == name) else {
        return;
    };
    let Some(spec) = keys::spec(key) else { return };
    if let Some(usage) = keys::usage(key, spec)
        && let Some(Value::Words(_, operations)) = grant.value("operations")
    {
        let words: Vec<_> = operations.iter().map(ToString::to_string).collect();
        let words = words.iter().map(String::as_str);
        for (at, message) in unfit_operations(&name, (spec, usage), words) {
            errors.push(operations[at].span(), message);
        }
    }
    for option in ["context_equals", "context_subset"] {
        if let Some(message) = unfit_context(option, &name, spec)
            && grant.value(option).is_some()
            && let Some(span) = grant.was_given(option)
        {
            errors.push(span, message);
        }
    }
}
