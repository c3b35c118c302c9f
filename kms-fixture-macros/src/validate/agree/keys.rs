//! The usage of a key fits its spec.

use crate::diag::{Errors, Message, list};
use crate::fits::{DEFAULT_SPEC, usages};
use crate::plan::Declaration;
use crate::words::KEY_USAGE;

use super::{Given, word};

/// Reports a usage that does not fit, and one that is missing.
pub(super) fn check(key: &Declaration, errors: &mut Errors) {
    let Some(spec) = spec(key) else { return };
    let fitting = usages(&spec);
    match (word(key, "spec"), word(key, "usage")) {
        (given, Given::This(usage, span)) => {
            let is_known = KEY_USAGE.words.contains(&usage.as_str());
            if !is_known || fitting.contains(&usage.as_str()) {
                return;
            }
            let message =
                Message::new(format!("a key of spec `{spec}` cannot have the usage `{usage}`"));
            let can_have = list(fitting.iter().copied());
            let message = message.note(format!("it can have {can_have}"));
            errors.push(
                span,
                match given {
                    Given::Nothing => message.note("this key has the default spec"),
                    _ => message,
                },
            );
        }
        (Given::This(_, span), Given::Nothing) if fitting.len() > 1 => {
            let message = Message::new(format!("a key of spec `{spec}` needs a usage"));
            let write: Vec<_> = fitting.iter().map(|it| format!("`usage({it})`")).collect();
            let help = format!("write {}", write.join(" or "));
            errors.push(span, message.help(help));
        }
        _ => {}
    }
}

/// The spec of a key, if it is known.
pub(super) fn spec(key: &Declaration) -> Option<String> {
    let spec = match word(key, "spec") {
        Given::Nothing => DEFAULT_SPEC.into(),
        Given::Unclear => return None,
        Given::This(spec, _) => spec,
    };
    (!usages(&spec).is_empty()).then_some(spec)
}

/// The usage of a key of this spec, if there is nothing wrong with it.
pub(super) fn usage(key: &Declaration, spec: &str) -> Option<String> {
    let fitting = usages(spec);
    match (word(key, "usage"), fitting) {
        (Given::This(usage, _), _) => fitting.contains(&usage.as_str()).then_some(usage),
        (Given::Nothing, [only]) => Some((*only).into()),
        _ => None,
    }
}
