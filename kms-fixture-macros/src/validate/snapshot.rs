//! `snapshot`.

use crate::diag::{Errors, Message};
use crate::model::declare::Opt;
use crate::parse::{Form, Meta, text};
use crate::plan::{Call, Value};
use crate::signature::Function;

/// Returns the call that compares under the name of the test.
pub(super) fn snapshot(
    opt: &Opt,
    meta: &Meta,
    function: &Function,
    errors: &mut Errors,
) -> Option<Call> {
    let word = meta.name.span();
    let wrong = match &meta.form {
        Form::Word => None,
        Form::Value(literal) => Some(literal.span()),
        Form::NotLiteral(span, _) => Some(*span),
        Form::List(_) => Some(word),
    };
    if let Some(span) = wrong {
        let message = Message::new("`snapshot` stands alone")
            .help("write `snapshot`")
            .note("the snapshot has the name of the test");
        errors.push(span, message);
        return None;
    }
    Some(Call { method: opt.method, value: Value::Snapshot(word, text(&function.name)) })
}
