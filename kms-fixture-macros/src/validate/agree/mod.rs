//! Checks of combinations: each option is valid alone, but AWS would reject them together.
//!
//! An option with its own mistake is already reported, and is ignored here.

mod aliases;
mod consistency;
mod grants;
mod keys;
mod principals;

use proc_macro2::Span;

use crate::diag::Errors;
use crate::model::declare::{DEFAULT_ACCOUNT, Kind};
use crate::plan::{Call, Declaration, Plan, Value};

/// Checks all declarations against each other.
pub(super) fn check(plan: &Plan, errors: &mut Errors) {
    let account = account(&plan.settings).unwrap_or_else(|| DEFAULT_ACCOUNT.into());
    let of = |kind| plan.declarations.iter().filter(move |it| it.kind == kind);
    consistency::check(&plan.settings, errors);
    aliases::check(of(Kind::Key), &account, errors);
    principals::check(of(Kind::Role).chain(of(Kind::User)), &account, errors);
    let keys: Vec<_> = of(Kind::Key).collect();
    for key in &keys {
        keys::check(key, errors);
    }
    for grant in of(Kind::Grant) {
        grants::check(grant, &keys, errors);
    }
}

/// The value of an option.
enum Given<T> {
    Nothing,
    /// An invalid value, which is already reported
    Unclear,
    This(T, Span),
}

/// Returns the value of an option, as `read` reads it.
fn given<T>(
    declaration: &Declaration,
    option: &str,
    read: impl Fn(&Value) -> Option<(T, Span)>,
) -> Given<T> {
    match declaration.value(option).and_then(read) {
        Some((value, span)) => Given::This(value, span),
        None if declaration.was_given(option).is_some() => Given::Unclear,
        None => Given::Nothing,
    }
}

/// Returns the word in `option(Word)`.
fn word(declaration: &Declaration, option: &str) -> Given<String> {
    given(declaration, option, |value| match value {
        Value::Word(_, word) => Some((word.to_string(), word.span())),
        _ => None,
    })
}

/// Returns the text in `option = "text"`.
fn text(declaration: &Declaration, option: &str) -> Given<String> {
    given(declaration, option, |value| match value {
        Value::Literal(syn::Lit::Str(text)) => Some((text.value(), text.span())),
        _ => None,
    })
}

/// Returns the flag in `option = true` or `option = false`.
fn flag(declaration: &Declaration, option: &str) -> Given<bool> {
    given(declaration, option, |value| match value {
        Value::Literal(syn::Lit::Bool(flag)) => Some((flag.value(), flag.span())),
        _ => None,
    })
}

/// Returns the account of a declaration in a test of account `own`, if it is clear.
fn account_of(declaration: &Declaration, own: &str) -> Option<String> {
    match account(&declaration.calls) {
        None if declaration.was_given("account").is_some() => None,
        None => Some(own.into()),
        given => given,
    }
}

fn account(calls: &[Call]) -> Option<String> {
    calls.iter().find_map(|call| match (call.method, &call.value) {
        ("account", Value::Literal(syn::Lit::Str(account))) => Some(account.value()),
        _ => None,
    })
}
