//! `faults(throttled(operation(RetireGrant), times = 2), lost_answer)`.

use proc_macro2::Ident;
use syn::{Lit, LitInt, LitStr};

use crate::diag::{Errors, Message};
use crate::model::declare::{
    FAULTS, Language, Opt, fault_lacks, fault_place, nothing_in, unknown_choice,
};
use crate::parse::{Arg, Form, Meta};
use crate::plan::{Call, Value};

use super::{items, known_options};

/// A fault: its word in the attribute, and its options with their values.
pub(super) struct Chosen {
    name: Ident,
    word: &'static str,
    pub(super) options: Vec<(&'static Opt, Meta)>,
}

/// Returns the faults.
pub(super) fn faults(opt: &Opt, name: &Ident, form: Form, errors: &mut Errors) -> Vec<Chosen> {
    let was_list = matches!(form, Form::List(_));
    let items = items(opt, name, form, errors);
    if items.is_empty() && was_list {
        let message = nothing_in(opt.name, "fault").help(format!("write `{}`", opt.example));
        errors.push(name.span(), message);
    }
    items.into_iter().filter_map(|it| fault(it, errors)).collect()
}

fn fault(arg: Arg, errors: &mut Errors) -> Option<Chosen> {
    let Meta { name, form } = match arg {
        Arg::Meta(meta) => meta,
        Arg::Literal(literal) => {
            let message = Message::new("expected a fault, without quotes");
            errors.push(literal.span(), message.help("write `faults(throttled)`"));
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
    Some(Chosen { name, word, options })
}

/// Returns the fault with these calls for its options; nothing if a mistake leaves it incomplete.
pub(super) fn with(fault: Chosen, calls: Vec<Call>) -> Option<Value> {
    let (given, selectors): (Vec<_>, Vec<_>) =
        calls.into_iter().partition(|it| is_argument(it.method));
    let argument = |option: &str| {
        let found = given.iter().find(|it| it.method == option)?;
        if let Value::Literal(literal) = &found.value { Some(literal.clone()) } else { None }
    };
    let span = fault.name.span();
    let arguments = match fault.word {
        "late" => vec![argument("millis")?],
        "error" => vec![
            argument("code")?,
            argument("status").unwrap_or_else(|| Lit::Int(LitInt::new("400", span))),
            argument("message").unwrap_or_else(|| Lit::Str(LitStr::new("", span))),
        ],
        _ => Vec::new(),
    };
    Some(Value::Fault(fault.name, arguments, selectors))
}

/// Returns whether the constructor takes this option.
fn is_argument(option: &str) -> bool {
    matches!(option, "millis" | "code" | "status" | "message")
}
