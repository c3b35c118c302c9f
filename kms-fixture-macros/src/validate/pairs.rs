//! `allow("kms:ListGrants", ..)`, `tags(..)`, `context_equals(..)`: strings and pairs of strings.

use proc_macro2::Ident;
use syn::{Lit, LitStr};

use crate::diag::{Errors, Message};
use crate::model::declare::{self, Kind, Opt, Part, nothing_in};
use crate::parse::{Arg, Form, Meta, text};

use crate::plan::Value;

use super::items;
use super::names::Names;
use super::word::declared;

/// Returns the actions of `allow("kms:CreateGrant", on(orders))`, and the keys that they are for.
pub(super) fn actions(
    opt: &Opt,
    name: &Ident,
    form: Form,
    names: &Names,
    errors: &mut Errors,
) -> (Vec<LitStr>, Vec<Value>) {
    let was_list = matches!(form, Form::List(_));
    let items = items(opt, name, form, errors);
    let is_on =
        |it: &Arg| matches!(it, Arg::Meta(Meta { name, form: Form::List(_) }) if name == "on");
    let (ons, items): (Vec<_>, Vec<_>) = items.into_iter().partition(is_on);
    if items.is_empty() && was_list {
        let message = nothing_in(opt.name, "action");
        errors.push(name.span(), message.help(format!("write `{}`", opt.example)));
    }
    let mut keys = Vec::new();
    for on in ons {
        if let Arg::Meta(Meta { name, form: Form::List(words) }) = on {
            keys.extend(on_keys(&name, words, names, errors));
        }
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
            Arg::Meta(meta)
                if matches!(meta.text().as_str(), "on" | "key" | "keys" | "resource") =>
            {
                let help = "write `allow(\"kms:CreateGrant\", on(orders))`";
                let message = Message::new("keys belong in parentheses after `on`");
                errors.push(meta.name.span(), message.help(help));
            }
            Arg::Meta(meta) => {
                let text = meta.text();
                let message = Message::new("actions are strings");
                let known = names.find(&text).filter(|it| it.1 == Kind::Key);
                errors.push(
                    meta.name.span(),
                    match known {
                        Some(_) => {
                            message.help(format!("for the key `{text}` alone, write `on({text})`"))
                        }
                        None => message.help(format!("write `\"kms:{text}\"`")),
                    },
                );
            }
        }
    }
    (actions, keys)
}

/// Returns the keys of `on(orders, archive)`.
fn on_keys(name: &Ident, words: Vec<Arg>, names: &Names, errors: &mut Errors) -> Vec<Value> {
    let expected = ("the name of a declared key", "a key");
    if words.is_empty() {
        let message = nothing_in("on", "key");
        errors.push(name.span(), message.help("write `on(orders)`"));
    }
    let mut keys = Vec::new();
    for word in words {
        match word {
            Arg::Meta(Meta { name, form: Form::Word }) => {
                keys.extend(declared(name, &[Kind::Key], expected, names, errors));
            }
            Arg::Meta(Meta { name, .. }) => {
                errors.push(
                    name.span(),
                    format!("expected {}\nhelp: write `on(orders)`", expected.0),
                );
            }
            Arg::Literal(it) => {
                let message = Message::new(format!("expected {}", expected.0))
                    .help("write `on(orders)`; for another resource, write a policy file");
                errors.push(it.span(), message);
            }
        }
    }
    keys
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
