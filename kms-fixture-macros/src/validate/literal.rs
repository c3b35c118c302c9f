//! `name = literal`: texts, numbers, and their mistakes.

use proc_macro2::Ident;
use syn::{Lit, LitInt, LitStr};

use crate::diag::Errors;
use crate::model::declare::{self, Language, Limit, Opt, unknown_value};
use crate::parse::Form;
use crate::plan::Value;

/// Returns the literal of `name = literal`; reports any other form.
fn literal<'a>(opt: &Opt, name: &Ident, form: &'a Form, errors: &mut Errors) -> Option<&'a Lit> {
    let help = format!("\nhelp: write `{}`", opt.example);
    match form {
        Form::Value(literal) => return Some(literal),
        Form::Word => errors.push(name.span(), format!("`{name}` needs a value{help}")),
        Form::List(_) | Form::Path(..) => {
            errors.push(name.span(), format!("`{name}` takes a literal after `=`{help}"));
        }
        Form::NotLiteral(span, text) if text.is_empty() => {
            errors.push(*span, format!("expected a literal after `=`{help}"));
        }
        Form::NotLiteral(span, _) => {
            errors.push(*span, format!("values after `=` must be literals{help}"));
        }
    }
    None
}

/// Returns a string literal; reports any other value.
pub(super) fn text(opt: &Opt, name: &Ident, form: &Form, errors: &mut Errors) -> Option<LitStr> {
    match literal(opt, name, form, errors)? {
        Lit::Str(literal) => Some(literal.clone()),
        other => {
            let message = format!("`{name}` takes a string\nhelp: write `{}`", opt.example);
            errors.push(other.span(), message);
            None
        }
    }
}

/// Returns a string literal; reports a text that AWS does not accept.
pub(super) fn limited(
    opt: &Opt,
    limit: Limit,
    name: &Ident,
    form: &Form,
    errors: &mut Errors,
) -> Option<LitStr> {
    let literal = text(opt, name, form, errors)?;
    if let Some(message) = limit.mistake(&literal.value()) {
        errors.push(literal.span(), message);
    }
    Some(literal)
}

pub(super) fn boolean(opt: &Opt, name: &Ident, form: &Form, errors: &mut Errors) -> Option<Value> {
    match literal(opt, name, form, errors)? {
        Lit::Bool(literal) => Some(Value::Literal(Lit::Bool(literal.clone()))),
        other => {
            errors.push(other.span(), format!("`{name}` must be `true` or `false`"));
            None
        }
    }
}

pub(super) fn count(opt: &Opt, name: &Ident, form: &Form, errors: &mut Errors) -> Option<LitInt> {
    let literal = literal(opt, name, form, errors)?;
    if let Lit::Int(int) = literal
        && matches!(int.suffix(), "" | "usize")
        && int.base10_parse::<usize>().is_ok_and(|it| it > 0)
    {
        return Some(int.clone());
    }
    errors.push(literal.span(), format!("`{name}` must be a number, at least 1"));
    None
}

/// Returns a whole number; reports one that is out of range, and any other literal.
pub(super) fn number(opt: &Opt, name: &Ident, form: &Form, errors: &mut Errors) -> Option<LitInt> {
    let literal = literal(opt, name, form, errors)?;
    let whole = whole(literal);
    if let Some(message) = declare::number(opt, whole.as_ref().map(|it| it.1)) {
        errors.push(literal.span(), message);
        return None;
    }
    whole.map(|it| it.0)
}

/// Returns an integer that fits `u32`, and its value.
fn whole(literal: &Lit) -> Option<(LitInt, u32)> {
    let Lit::Int(int) = literal else { return None };
    let value = int.base10_parse().ok()?;
    matches!(int.suffix(), "" | "u32").then(|| (int.clone(), value))
}

pub(super) fn one_of(
    opt: &Opt,
    legal: &'static [&'static str],
    name: &Ident,
    form: &Form,
    errors: &mut Errors,
) -> Option<&'static str> {
    let literal = text(opt, name, form, errors)?;
    let value = literal.value();
    let found = legal.iter().find(|it| **it == value);
    if found.is_none() {
        let message = unknown_value(opt.name, legal, &value, Language::Attribute);
        errors.push(literal.span(), message);
    }
    found.copied()
}
