//! `allow("kms:ListGrants", ..)`, `tags(..)`, `context_equals(..)`: strings and pairs of strings.

use proc_macro2::Ident;
use syn::{Lit, LitStr};

use crate::diag::{Errors, Message};
use crate::model::declare::{self, Opt, Part, nothing_in};
use crate::parse::{Arg, Form, Meta, text};

use super::items;

pub(super) fn actions(opt: &Opt, name: &Ident, form: Form, errors: &mut Errors) -> Vec<LitStr> {
    let was_list = matches!(form, Form::List(_));
    let items = items(opt, name, form, errors);
    if items.is_empty() && was_list {
        let message = nothing_in(opt.name, "action");
        errors.push(name.span(), message.help(format!("write `{}`", opt.example)));
    }
    let mut actions = Vec::new();
    for item in items {
        match item {
            Arg::Literal(Lit::Str(action)) => {
                if let Some(message) = declare::action(&action.value()) {
                    errors.push(action.span(), message);
                }
                actions.push(action);
            }
            Arg::Literal(other) => errors
                .push(other.span(), "expected an action in quotes, as in `\"kms:ListGrants\"`"),
            Arg::Meta(meta) => {
                let message = format!("actions are strings\nhelp: write `\"kms:{}\"`", meta.text());
                errors.push(meta.name.span(), message);
            }
        }
    }
    actions
}

/// Returns the pairs of `tags(..)`.
pub(super) fn tags(
    opt: &Opt,
    name: &Ident,
    form: Form,
    errors: &mut Errors,
) -> Vec<(LitStr, LitStr)> {
    pairs(opt, name, form, declare::tags, errors)
}

/// Returns the pairs of an encryption context constraint.
pub(super) fn context(
    opt: &Opt,
    name: &Ident,
    form: Form,
    errors: &mut Errors,
) -> Vec<(LitStr, LitStr)> {
    pairs(opt, name, form, declare::context, errors)
}

/// Finds the mistakes in plain pairs, each with the index of its pair.
type Check = fn(&[(&str, &str)]) -> Vec<(usize, Part, Message)>;

fn pairs(
    opt: &Opt,
    name: &Ident,
    form: Form,
    check: Check,
    errors: &mut Errors,
) -> Vec<(LitStr, LitStr)> {
    let was_list = matches!(form, Form::List(_));
    let items = items(opt, name, form, errors);
    if items.is_empty() && was_list {
        let message = nothing_in(opt.name, "pair");
        errors.push(name.span(), message.help(format!("write `{}`", opt.example)));
    }
    let pairs: Vec<_> = items.into_iter().filter_map(|it| pair(it, errors)).collect();
    let texts: Vec<_> = pairs.iter().map(|(key, value)| (key.value(), value.value())).collect();
    let texts: Vec<_> = texts.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    for (at, part, message) in check(&texts) {
        let (key, value) = &pairs[at];
        let literal = if part == Part::Key { key } else { value };
        errors.push(literal.span(), message);
    }
    pairs
}

/// Reads `ident = "value"` or `pair("any key", "value")`.
fn pair(item: Arg, errors: &mut Errors) -> Option<(LitStr, LitStr)> {
    let expected = "expected `key = \"value\"` or `pair(\"any key\", \"value\")`";
    let span = match item {
        Arg::Meta(Meta { name, form: Form::Value(Lit::Str(value)) }) => {
            return Some((LitStr::new(&text(&name), name.span()), value));
        }
        Arg::Meta(Meta { name, form: Form::List(items) }) if name == "pair" => {
            if let [Arg::Literal(Lit::Str(key)), Arg::Literal(Lit::Str(value))] = items.as_slice() {
                return Some((key.clone(), value.clone()));
            }
            name.span()
        }
        Arg::Meta(Meta { form: Form::Value(value), .. }) => value.span(),
        Arg::Meta(Meta { form: Form::NotLiteral(span, _), .. }) => span,
        Arg::Meta(meta) => meta.name.span(),
        Arg::Literal(literal) => literal.span(),
    };
    errors.push(span, expected);
    None
}
