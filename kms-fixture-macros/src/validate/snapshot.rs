//! `snapshot`.

use crate::diag::{Errors, Message};
use crate::model::declare::Opt;
use crate::parse::{Form, Meta, text};
use crate::plan::{Call, Value};
use crate::signature::Function;

use super::is_called;

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
    let panics = |it| is_called(it, "should_panic");
    if function.attrs.iter().any(panics) {
        let message = Message::new("a test with `#[should_panic]` cannot have a `snapshot`");
        let note = "differences are reported by a panic, after a test that did not panic";
        errors.push(word, message.note(note));
    }
    Some(Call { method: opt.method, value: Value::Snapshot(word, text(&function.name)) })
}
