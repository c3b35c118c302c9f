//! `faults(throttled(operation(RetireGrant), times = 2), lost_answer)`.

use proc_macro2::{Ident, Span};
use syn::{Lit, LitInt, LitStr};

use crate::diag::{Errors, Message};
use crate::model::declare::{
    FAULTS, Language, Opt, fault_lacks, fault_place, nothing_in, unknown_choice,
};
use crate::parse::{Arg, Form, Meta};
use crate::plan::{Call, Value};

use super::names::Names;
use super::value::calls;
use super::{items, known_options};

/// Returns a call for each fault.
pub(super) fn faults(
    opt: &Opt,
    name: &Ident,
    form: Form,
    names: &Names,
    errors: &mut Errors,
) -> Vec<Call> {
    let was_list = matches!(form, Form::List(_));
    let items = items(opt, name, form, errors);
    if items.is_empty() && was_list {
        let message = nothing_in(opt.name, "fault").help(format!("write `{}`", opt.example));
        errors.push(name.span(), message);
    }
    let faults = items.into_iter().filter_map(|it| fault(it, names, errors));
    faults.map(|value| Call { method: opt.method, value }).collect()
}

fn fault(arg: Arg, names: &Names, errors: &mut Errors) -> Option<Value> {
    let Meta { name, form } = match arg {
        Arg::Meta(meta) => meta,
        Arg::Literal(literal) => {
            let help = "write `faults(throttled)`";
            errors
                .push(literal.span(), Message::new("expected a fault, without quotes").help(help));
            return None;
        }
    };
    let text = name.to_string();
    let Some(word) = FAULTS.iter().map(|it| it.word).find(|it| *it == text) else {
        errors.push(name.span(), unknown_choice("fault", FAULTS, &text));
        return None;
    };
    let options = match form {
        Form::Word => Vec::new(),
        Form::List(options) => options,
        Form::Value(_) | Form::NotLiteral(..) | Form::Path(..) => {
            let message = Message::new(format!("`{word}` takes its options in parentheses"));
            let help = format!("write `{word}(operation(RetireGrant))`");
            errors.push(name.span(), message.help(help));
            return None;
        }
    };
    let place = fault_place(word);
    let (options, meant) = known_options(options, place, errors);
    for opt in place.required() {
        if !options.iter().any(|it| it.0.name == opt.name) && !meant.contains(&opt.name) {
            errors.push(name.span(), fault_lacks(word, opt.name, Language::Attribute));
        }
    }
    let mut selectors = Vec::new();
    let mut given = Vec::new();
    for (opt, meta) in options {
        for call in calls(opt, meta, names, errors) {
            match call.value {
                Value::Literal(literal) if is_argument(opt.name) => given.push((opt.name, literal)),
                _ => selectors.push(call),
            }
        }
    }
    let span = name.span();
    let arguments = match word {
        "late" => vec![argument(&given, "millis")?],
        "error" => vec![
            argument(&given, "code")?,
            argument(&given, "status").unwrap_or_else(|| Lit::Int(LitInt::new("400", span))),
            argument(&given, "message").unwrap_or_else(|| text_of("", span)),
        ],
        _ => Vec::new(),
    };
    Some(Value::Fault(name, arguments, selectors))
}

/// Returns whether the constructor takes this option.
fn is_argument(option: &str) -> bool {
    matches!(option, "millis" | "code" | "status" | "message")
}

fn argument(given: &[(&str, Lit)], option: &str) -> Option<Lit> {
    given.iter().find(|it| it.0 == option).map(|it| it.1.clone())
}

fn text_of(text: &str, span: Span) -> Lit {
    Lit::Str(LitStr::new(text, span))
}
