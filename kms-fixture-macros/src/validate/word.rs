//! `name(Word, ..)`: AWS's words and declared names.

use proc_macro2::Ident;
use syn::{Lit, LitStr};

use crate::diag::Errors;
use crate::model::declare::{
    self, Kind, Language, Opt, WordList, given_twice, not_declared, nothing_in, only_create_grant,
    unknown_word,
};
use crate::parse::{Arg, Form, Meta, is_keyword, text};
use crate::plan::Value;

use super::items;
use super::names::{self, Names};

/// Returns the only item of `name(item)`.
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

/// Returns a bare word; reports anything else, with `expected`.
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
        errors.push(word.span(), unknown_word(words, &text));
    }
}

pub(super) fn one_word(
    opt: &Opt,
    words: WordList,
    name: &Ident,
    form: Form,
    errors: &mut Errors,
) -> Option<Value> {
    let item = one_item(opt, name, form, errors)?;
    let word = bare(item, opt, "one of AWS's words, without quotes", errors)?;
    check_word(&words, &word, errors);
    (!is_keyword(&word)).then_some(Value::Word(words.name, word))
}

pub(super) fn many_words(
    opt: &Opt,
    words: WordList,
    name: &Ident,
    form: Form,
    errors: &mut Errors,
) -> Option<Value> {
    let was_list = matches!(form, Form::List(_));
    let items = items(opt, name, form, errors);
    if items.is_empty() {
        if was_list {
            let message = nothing_in(opt.name, "word");
            errors.push(name.span(), message.help(format!("write `{}`", opt.example)));
        }
        return None;
    }
    let is_alone = items.len() == 1;
    let mut found: Vec<Ident> = Vec::new();
    for item in items {
        let Some(word) = bare(item, opt, "one of AWS's words, without quotes", errors) else {
            continue;
        };
        check_word(&words, &word, errors);
        if found.contains(&word) {
            errors.push(word.span(), given_twice(words.noun, &word.to_string()));
        }
        if !is_keyword(&word) {
            found.push(word);
        }
    }
    if let [only] = found.as_slice()
        && is_alone
        && only == "CreateGrant"
    {
        errors.push(only.span(), only_create_grant(Language::Attribute));
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
    declared(word, kinds, (expected, what), names, errors)
}

/// Returns the declared thing that a word names; reports a word that names none of these kinds.
pub(super) fn declared(
    word: Ident,
    kinds: &[Kind],
    (expected, what): (&str, &str),
    names: &Names,
    errors: &mut Errors,
) -> Option<Value> {
    let is_key = kinds == [Kind::Key];
    let text = text(&word);
    if !is_key && text == "admin" {
        return Some(Value::Admin);
    }
    match names.find(&text) {
        Some((_, kind, _)) if kinds.contains(&kind) => {}
        Some((_, kind, _)) => {
            errors.push(word.span(), format!("`{text}` is {}; expected {expected}", kind.noun()));
        }
        None if names.is_open && !is_keyword(&word) => {
            return Some(Value::Literal(Lit::Str(LitStr::new(&text, word.span()))));
        }
        None if names.is_broken => {}
        None => {
            let known = names.of(kinds);
            let message = not_declared(what, &text, &known);
            let message = if known.is_empty() && !is_keyword(&word) {
                let place = if is_key { "keys" } else { "roles" };
                message.help(format!("declare it: `{place}({text})`"))
            } else {
                message
            };
            errors.push(word.span(), message);
        }
    }
    (!is_keyword(&word)).then_some(Value::Declared(word))
}

/// Checks an ARN, a unique id or a service. Whether it exists is checked when the test starts.
fn check_principal(principal: &LitStr, errors: &mut Errors) {
    let text = principal.value();
    let Some(message) = declare::principal(&text) else { return };
    let message = if names::is_plain(&text) {
        message.help(format!("for a declared role or user, write `{text}` without quotes"))
    } else {
        message
    };
    errors.push(principal.span(), message);
}
