//! `quotas(aws)`, `quotas(CreateGrant = 2)`, or both.

use proc_macro2::{Ident, Span};
use syn::{Lit, LitInt, LitStr};

use crate::diag::{Errors, Message};
use crate::model::declare::{AWS, Opt, given_twice, nothing_in, quota};
use crate::parse::{Arg, Form, Meta, text};
use crate::plan::{Call, Value};

use super::items;

/// Returns the quotas; none if a mistake leaves nothing to set.
pub(super) fn quotas(opt: &Opt, name: &Ident, form: Form, errors: &mut Errors) -> Option<Value> {
    let was_list = matches!(form, Form::List(_));
    let items = items(opt, name, form, errors);
    if items.is_empty() {
        if was_list {
            let message = nothing_in(opt.name, "quota").help(format!("write `{}`", opt.example));
            errors.push(name.span(), message);
        }
        return None;
    }
    let (mut has_aws, mut seen, mut calls) = (false, Vec::new(), Vec::new());
    for item in items {
        let Meta { name, form } = match item {
            Arg::Meta(meta) => meta,
            Arg::Literal(literal) => {
                let message = Message::new("expected `aws` or the name of a quota");
                errors.push(literal.span(), message.help(format!("write `{}`", opt.example)));
                continue;
            }
        };
        let word = text(&name);
        if seen.contains(&word) {
            errors.push(name.span(), given_twice("quota", &word));
            continue;
        }
        if word == AWS {
            has_aws = true;
            if !matches!(form, Form::Word) {
                let message = Message::new("`aws` has no number");
                errors.push(name.span(), message.help(format!("write `{}`", opt.example)));
            }
        } else if let Some(number) = number(&name, &word, &form, errors) {
            let value = Value::Quota(LitStr::new(&word, name.span()), number);
            calls.push(Call { method: "with", value });
        }
        seen.push(word);
    }
    let constructor = if has_aws { AWS } else { "new" };
    (has_aws || !calls.is_empty()).then(|| Value::Quotas(name.clone(), constructor, calls))
}

/// Returns the calls in a second; reports an unknown quota, and any other value.
fn number(name: &Ident, word: &str, form: &Form, errors: &mut Errors) -> Option<LitInt> {
    let (span, number): (Span, _) = match form {
        Form::Value(Lit::Int(it)) if matches!(it.suffix(), "" | "u32") => (it.span(), Some(it)),
        Form::Value(other) => (other.span(), None),
        Form::NotLiteral(span, _) => (*span, None),
        Form::Word | Form::List(_) | Form::Path(..) => (name.span(), None),
    };
    let calls = number.and_then(|it| it.base10_parse().ok());
    let Some(message) = quota(word, calls) else { return number.cloned() };
    // With a number, the name is the mistake.
    let is_unknown = quota(word, Some(1)).is_some();
    let message = if is_unknown { message } else { message.help(format!("write `{word} = 2`")) };
    errors.push(if is_unknown { name.span() } else { span }, message);
    None
}
