//! `allow("kms:ListGrants", ..)`, `tags(..)`, `context_equals(..)`: strings and pairs of strings.

use proc_macro2::Ident;
use syn::{Lit, LitStr};

use crate::diag::Errors;
use crate::options::Opt;
use crate::parse::{Arg, Form, Meta, text};

use super::items;

pub(super) fn actions(opt: &Opt, name: &Ident, form: Form, errors: &mut Errors) -> Vec<LitStr> {
    let was_list = matches!(form, Form::List(_));
    let items = items(opt, name, form, errors);
    if items.is_empty() && was_list {
        let message = format!("`{name}` needs at least one action\nhelp: write `{}`", opt.example);
        errors.push(name.span(), message);
    }
    let mut actions = Vec::new();
    for item in items {
        match item {
            Arg::Literal(Lit::Str(action)) => {
                let value = action.value();
                if value != "*" && !value.contains(':') {
                    let message =
                        format!("`{value}` is not an action\nhelp: write `\"kms:{value}\"`");
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

pub(super) fn pairs(
    opt: &Opt,
    name: &Ident,
    form: Form,
    errors: &mut Errors,
) -> Vec<(LitStr, LitStr)> {
    let was_list = matches!(form, Form::List(_));
    let items = items(opt, name, form, errors);
    if items.is_empty() && was_list {
        let message = format!("`{name}` needs at least one pair\nhelp: write `{}`", opt.example);
        errors.push(name.span(), message);
    }
    let mut pairs: Vec<(LitStr, LitStr)> = Vec::new();
    for item in items {
        let Some((key, value)) = pair(item, errors) else {
            continue;
        };
        if pairs.iter().any(|it| it.0.value() == key.value()) {
            errors.push(key.span(), format!("`{}` is given twice", key.value()));
        }
        pairs.push((key, value));
    }
    pairs
}

/// `ident = "value"` or `pair("any key", "value")`.
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
