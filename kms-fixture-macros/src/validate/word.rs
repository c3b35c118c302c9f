//! `name(Word, ..)`: AWS's words and declared names.

use proc_macro2::Ident;
use syn::{Lit, LitStr};

use crate::diag::{Errors, Message, list};
use crate::options::{Kind, Opt};
use crate::parse::{Arg, Form, Meta, is_keyword, text};
use crate::plan::Value;
use crate::words::WordList;

use super::names::{self, Names};
use super::{items, limits};

/// The only item of `name(item)`.
pub(super) fn one_item(opt: &Opt, name: &Ident, form: Form, errors: &mut Errors) -> Option<Arg> {
    let was_list = matches!(form, Form::List(_));
    let mut items = items(opt, name, form, errors).into_iter();
    let first = items.next();
    if first.is_none() && was_list {
        let message = format!("`{name}` needs a value\nhelp: write `{}`", opt.example);
        errors.push(name.span(), message);
    }
    if let Some(second) = items.next() {
        let span = match &second {
            Arg::Meta(meta) => meta.name.span(),
            Arg::Literal(literal) => literal.span(),
        };
        errors.push(span, format!("`{name}` takes one value"));
    }
    first
}

/// A bare word; anything else is a mistake that `expected` names.
pub(super) fn bare(arg: Arg, opt: &Opt, expected: &str, errors: &mut Errors) -> Option<Ident> {
    let span = match arg {
        Arg::Meta(Meta { name, form: Form::Word }) => return Some(name),
        Arg::Meta(meta) => meta.name.span(),
        Arg::Literal(literal) => literal.span(),
    };
    errors.push(span, format!("expected {expected}\nhelp: write `{}`", opt.example));
    None
}

fn check_word(words: &WordList, word: &Ident, errors: &mut Errors) {
    let text = word.to_string();
    if !words.words.contains(&text.as_str()) {
        let known = words.words.iter().copied();
        let message = Message::new(format!("unknown {} `{text}`", words.noun))
            .nearest(&text, "a word", known.clone())
            .note(format!("AWS knows {}", list(known)));
        errors.push(word.span(), message);
    }
}

pub(super) fn one_word(
    opt: &Opt,
    words: &'static WordList,
    name: &Ident,
    form: Form,
    errors: &mut Errors,
) -> Option<Value> {
    let item = one_item(opt, name, form, errors)?;
    let word = bare(item, opt, "one of AWS's words, without quotes", errors)?;
    check_word(words, &word, errors);
    (!is_keyword(&word)).then_some(Value::Word(words.name, word))
}

pub(super) fn many_words(
    opt: &Opt,
    words: &'static WordList,
    name: &Ident,
    form: Form,
    errors: &mut Errors,
) -> Option<Value> {
    let was_list = matches!(form, Form::List(_));
    let items = items(opt, name, form, errors);
    if items.is_empty() {
        if was_list {
            let message =
                format!("`{name}` needs at least one word\nhelp: write `{}`", opt.example);
            errors.push(name.span(), message);
        }
        return None;
    }
    let is_alone = items.len() == 1;
    let mut found: Vec<Ident> = Vec::new();
    for item in items {
        let Some(word) = bare(item, opt, "one of AWS's words, without quotes", errors) else {
            continue;
        };
        check_word(words, &word, errors);
        if found.contains(&word) {
            errors.push(word.span(), format!("{} `{word}` is given twice", words.noun));
        }
        if !is_keyword(&word) {
            found.push(word);
        }
    }
    if let [only] = found.as_slice()
        && is_alone
        && only == "CreateGrant"
    {
        let message = Message::new("a grant cannot allow only `CreateGrant`");
        let help = "add what the grants that it creates may allow, as in `operations(CreateGrant, Decrypt)`";
        errors.push(only.span(), message.help(help));
    }
    Some(Value::Words(words.name, found))
}

pub(super) fn one_name(
    opt: &Opt,
    kinds: &[Kind],
    name: &Ident,
    form: Form,
    names: &Names,
    errors: &mut Errors,
) -> Option<Value> {
    let is_key = kinds == [Kind::Key];
    let (expected, what) = if is_key {
        ("the name of a declared key", "a key")
    } else {
        (
            "the name of a declared role or user, `admin`, or one principal ARN or service principal in quotes",
            "a role or user",
        )
    };
    let item = one_item(opt, name, form, errors)?;
    if let (false, Arg::Literal(Lit::Str(principal))) = (is_key, &item) {
        check_principal(principal, errors);
        return Some(Value::Literal(Lit::Str(principal.clone())));
    }
    let word = bare(item, opt, expected, errors)?;
    let text = text(&word);
    if !is_key && text == "admin" {
        return Some(Value::Admin);
    }
    match names.find(&text) {
        Some((_, kind, _)) if kinds.contains(&kind) => {}
        Some((_, kind, _)) => {
            errors.push(word.span(), format!("`{text}` is {}; expected {expected}", kind.noun()));
        }
        None => {
            let known = names.of(kinds);
            let message = Message::new(format!(
                "no {} named `{text}` is declared",
                what.trim_start_matches("a ")
            ))
            .nearest(&text, what, known.iter().copied());
            let message = if known.is_empty() && !is_keyword(&word) {
                let place = if is_key { "keys" } else { "roles" };
                message.help(format!("declare it: `{place}({text})`"))
            } else if known.is_empty() {
                message
            } else {
                message.note(format!("declared are {}", list(known)))
            };
            errors.push(word.span(), message);
        }
    }
    (!is_keyword(&word)).then_some(Value::Declared(word))
}

/// An ARN, a unique id or a service; whether it exists is known when the test starts.
fn check_principal(principal: &LitStr, errors: &mut Errors) {
    let text = principal.value();
    let is_unique_id = text.starts_with("AROA") || text.starts_with("AIDA");
    if !text.contains(':') && !is_unique_id && !limits::is_service_principal(&text) {
        let message = Message::new(format!("`{text}` is not the ARN of a principal"));
        let message = if text.contains('.') {
            message.note("a service principal is written like `dynamodb.us-east-1.amazonaws.com`")
        } else {
            message
        };
        let is_name = names::is_plain(&text);
        errors.push(
            principal.span(),
            if is_name {
                message.help(format!("for a declared role or user, write `{text}` without quotes"))
            } else {
                message
            },
        );
    }
}
