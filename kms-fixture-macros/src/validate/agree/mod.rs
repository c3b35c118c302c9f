//! Checks of combinations: each option is valid alone, but AWS would reject them together.
//!
//! An option with its own mistake is already reported, and is ignored here.

mod aliases;
mod consistency;
mod grants;
mod keys;
mod principals;
mod quotas;

use proc_macro2::Span;

pub(super) use aliases::check as aliases;
pub(super) use grants::check as grant;
pub(super) use keys::check as key;
pub(super) use principals::check as principals;

use crate::diag::Errors;
use crate::model::declare::{DEFAULT_ACCOUNT, Kind, Language};
use crate::plan::{Call, Declaration, Plan, Value};

use super::world::World;

/// Checks all declarations against each other; those of `world` are checked already.
pub(super) fn check(plan: &Plan, world: &World, errors: &mut Errors) {
    let account = account(&plan.settings).or_else(|| world.account.clone());
    let account = account.unwrap_or_else(|| DEFAULT_ACCOUNT.into());
    let all = || world.declarations.iter().chain(&plan.declarations);
    let of = |kinds: &[Kind]| all().filter(|it| kinds.contains(&it.kind)).collect::<Vec<_>>();
    consistency::check(&plan.settings, errors);
    quotas::check(&plan.settings, errors);
    let keys = of(&[Kind::Key]);
    aliases(&keys, &account, errors);
    principals(&of(&[Kind::Role, Kind::User]), &account, Language::Attribute, errors);
    for declaration in &plan.declarations {
        match declaration.kind {
            Kind::Key => key(declaration, Language::Attribute, errors),
            Kind::Grant => grant(declaration, &keys, Language::Attribute, errors),
            Kind::Role | Kind::User => {}
        }
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
