//! `name = literal`: texts, accounts, aliases, numbers, and their mistakes.

use proc_macro2::Ident;
use syn::{Lit, LitInt, LitStr};

use crate::diag::{Errors, Message};
use crate::options::{Limit, Opt};
use crate::parse::Form;
use crate::plan::Value;

use super::limits;

/// The literal of `name = literal`; any other form is a mistake.
fn literal<'a>(opt: &Opt, name: &Ident, form: &'a Form, errors: &mut Errors) -> Option<&'a Lit> {
    let help = format!("\nhelp: write `{}`", opt.example);
    match form {
        Form::Value(literal) => return Some(literal),
        Form::Word => errors.push(name.span(), format!("`{name}` needs a value{help}")),
        Form::List(_) => {
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

/// A string literal.
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

/// A string literal of which AWS does not accept every one.
pub(super) fn limited(
    opt: &Opt,
    limit: Limit,
    name: &Ident,
    form: &Form,
    errors: &mut Errors,
) -> Option<LitStr> {
    let literal = text(opt, name, form, errors)?;
    if let Some(message) = limits::mistake(limit, &literal.value()) {
        errors.push(literal.span(), message);
    }
    Some(literal)
}

pub(super) fn account(opt: &Opt, name: &Ident, form: &Form, errors: &mut Errors) -> Option<LitStr> {
    let literal = text(opt, name, form, errors)?;
    let value = literal.value();
    if value.len() != 12 || !value.bytes().all(|it| it.is_ascii_digit()) {
        errors.push(literal.span(), format!("`{value}` is not an account id: expected 12 digits"));
    }
    Some(literal)
}

pub(super) fn alias(opt: &Opt, name: &Ident, form: &Form, errors: &mut Errors) -> Option<LitStr> {
    let literal = text(opt, name, form, errors)?;
    let value = literal.value();
    match value.strip_prefix("alias/") {
        Some("") => errors.push(literal.span(), format!("`{value}` is not the whole alias")),
        Some(rest) if rest.starts_with("aws/") => {
            errors.push(literal.span(), format!("`{value}` is an alias of AWS's own"));
        }
        Some(_) if limits::is_alias(&value) => {}
        Some(_) => {
            let message = Message::new(format!("`{value}` is not an alias"));
            let note = "it has at most 256 letters, digits and `/_-`, all of ASCII";
            errors.push(literal.span(), message.note(note));
        }
        None => {
            let message = Message::new(format!("`{value}` is not an alias"));
            let help = format!("write `alias = \"alias/{value}\"`");
            errors.push(literal.span(), message.help(help));
        }
    }
    Some(literal)
}

pub(super) fn boolean(opt: &Opt, name: &Ident, form: &Form, errors: &mut Errors) -> Option<Value> {
    match literal(opt, name, form, errors)? {
        Lit::Bool(literal) => Some(Value::Literal(Lit::Bool(literal.clone()))),
        other => {
            errors.push(other.span(), format!("`{name}` is `true` or `false`"));
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
    errors.push(literal.span(), format!("`{name}` is a number, at least 1"));
    None
}

/// A number of seconds in a range.
pub(super) fn seconds(
    opt: &Opt,
    from: u32,
    to: u32,
    name: &Ident,
    form: &Form,
    errors: &mut Errors,
) -> Option<LitInt> {
    let literal = literal(opt, name, form, errors)?;
    if let Lit::Int(int) = literal
        && matches!(int.suffix(), "" | "u32")
        && int.base10_parse::<u32>().is_ok_and(|it| (from..=to).contains(&it))
    {
        return Some(int.clone());
    }
    errors.push(literal.span(), format!("`{name}` is a number of seconds, {from} to {to}"));
    None
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
        let legal: Vec<String> = legal.iter().map(|it| format!("`{name} = \"{it}\"`")).collect();
        let legal = legal.join(" or ");
        errors.push(literal.span(), format!("unknown value `{value}`\nhelp: write {legal}"));
    }
    found.copied()
}
