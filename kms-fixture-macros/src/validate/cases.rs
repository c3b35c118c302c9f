//! `cases(small(limit = 1), full(limit = 100))`.

use proc_macro2::Ident;

use crate::diag::{Errors, Message, list};
use crate::model::declare::{Opt, given_twice, nearest, nothing_in};
use crate::parse::{Arg, Form, Meta, is_keyword, text};
use crate::plan::Case;
use crate::signature::{Function, Param};

use super::items;
use super::names::Names;

/// Returns the cases, each with its values.
pub(super) fn cases(
    opt: &Opt,
    name: &Ident,
    form: Form,
    (function, names): (&Function, &Names),
    errors: &mut Errors,
) -> Vec<Case> {
    let was_list = matches!(form, Form::List(_));
    let items = items(opt, name, form, errors);
    if items.is_empty() && was_list {
        let help = format!("write `{}`", opt.example);
        errors.push(name.span(), nothing_in("cases", "case").help(help));
    }
    let mut cases: Vec<Case> = Vec::new();
    let before = errors.len();
    for item in items {
        let Some(case) = case(item, errors) else { continue };
        if is_keyword(&case.name) {
            let message = format!("`{}` is a Rust keyword and cannot name a test", case.name);
            errors.push(case.name.span(), message);
        } else if cases.iter().any(|it| it.name == case.name) {
            errors.push(case.name.span(), given_twice("case", &text(&case.name)));
        } else {
            check_values(&case, function, names, errors);
            cases.push(case);
        }
    }
    if errors.len() == before {
        check_alike(&cases, errors);
    }
    cases
}

/// Reads `small(limit = 1)`.
fn case(item: Arg, errors: &mut Errors) -> Option<Case> {
    let meta = match item {
        Arg::Meta(meta) => meta,
        Arg::Literal(literal) => {
            let message = Message::new("expected the name of a case");
            errors.push(literal.span(), message.help("write `small(limit = 1)`"));
            return None;
        }
    };
    let name = meta.name;
    let values = match meta.form {
        Form::List(values) if !values.is_empty() => values,
        Form::Value(_) | Form::NotLiteral(..) => {
            let message =
                Message::new("a case needs a name before the parentheses with its values");
            errors.push(name.span(), message.help(format!("write `cases(first({name} = ..))`")));
            return None;
        }
        _ => {
            let message = Message::new(format!("the case `{name}` needs a value for a parameter"));
            errors.push(name.span(), message.help(format!("write `{name}(limit = 1)`")));
            return None;
        }
    };
    let mut found = Vec::new();
    for value in values {
        match value {
            Arg::Meta(Meta { name, form: Form::Value(literal) }) => {
                if found.iter().any(|(it, _)| *it == name) {
                    errors.push(name.span(), given_twice("value", &text(&name)));
                } else {
                    found.push((name, literal));
                }
            }
            Arg::Meta(Meta { name, form }) => {
                let span = match &form {
                    Form::NotLiteral(span, _) => *span,
                    _ => name.span(),
                };
                let message = Message::new("the value of a case is a literal")
                    .help(format!("write `{name} = 1`, or a string, a character or a boolean"))
                    .note("make other values from it in the test");
                errors.push(span, message);
            }
            Arg::Literal(literal) => {
                let message = Message::new("the value of a case has the name of its parameter");
                errors.push(literal.span(), message.help("write `limit = 1`"));
            }
        }
    }
    Some(Case { name, values: found })
}

/// Returns whether a value is for this parameter, whose leading underscore does not count.
pub(super) fn is_for(value: &Ident, param: &Ident) -> bool {
    let (value, param) = (text(value), text(param));
    value == param || param.strip_prefix('_') == Some(&value)
}

/// Reports values that are not for a parameter, or that take the name of a declared thing.
fn check_values(case: &Case, function: &Function, names: &Names, errors: &mut Errors) {
    let params: Vec<_> = function
        .params
        .iter()
        .filter_map(|it| match it {
            Param::Plain(name, _) => Some(name),
            _ => None,
        })
        .collect();
    for (name, _) in &case.values {
        let value = text(name);
        let taken = names.find(&value).map(|it| it.1.noun()).or(match value.as_str() {
            "kms" => Some("the fixture"),
            "admin" => Some("the administrator"),
            _ => None,
        });
        if let Some(noun) = taken {
            let message = Message::new(format!("`{value}` is {noun}, and cannot have a value"));
            errors.push(name.span(), message.note("values are for other parameters"));
        } else if !params.iter().any(|it| is_for(name, it)) {
            let known: Vec<_> = params.iter().map(|it| text(it)).collect();
            let known: Vec<_> = known
                .iter()
                .map(String::as_str)
                .filter(|it| !matches!(*it, "kms" | "admin") && names.find(it).is_none())
                .collect();
            let message =
                Message::new(format!("`{}` has no parameter `{value}`", text(&function.name)));
            let message = match nearest(&value, known.iter().copied()) {
                Some(near) => {
                    message.help(format!("a parameter with a similar name exists: `{near}`"))
                }
                None if known.is_empty() => {
                    message.help(format!("add `{value}: ..` to its parameters"))
                }
                None => message.note(format!("a case can set {}", list(known.iter().copied()))),
            };
            errors.push(name.span(), message);
        }
    }
}

/// Reports each case that does not have the values of the first one.
fn check_alike(cases: &[Case], errors: &mut Errors) {
    let Some((first, others)) = cases.split_first() else { return };
    for case in others {
        let missing = first.values.iter().map(|it| &it.0).filter(|it| !has(case, it));
        let missing: Vec<_> = missing.map(text).collect();
        if !missing.is_empty() {
            let missing = list(missing.iter().map(String::as_str));
            let message = format!("the case `{}` has no value for {missing}", case.name);
            let note = format!("every case has the values of the first one, `{}`", first.name);
            errors.push(case.name.span(), Message::new(message).note(note));
        }
        for (name, _) in case.values.iter().filter(|(it, _)| !has(first, it)) {
            let message = format!("the case `{}` has no value for `{}`", first.name, text(name));
            errors.push(name.span(), Message::new(message).note("every case has the same values"));
        }
    }
}

fn has(case: &Case, name: &Ident) -> bool {
    case.values.iter().any(|(it, _)| it == name)
}
