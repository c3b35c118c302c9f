//! `snapshot` and `snapshot(by_caller)`.

use crate::diag::{Errors, Message};
use crate::model::declare::{Opt, SNAPSHOT, unknown_choice};
use crate::parse::{Arg, Form, Meta};
use crate::plan::{Call, Value};

/// Returns the call that compares under the name of the test.
pub(super) fn snapshot(opt: &Opt, meta: &Meta, errors: &mut Errors) -> Option<Call> {
    let word = meta.name.span();
    let call = |method| Some(Call { method, value: Value::Snapshot(word) });
    let wrong = match &meta.form {
        Form::Word => return call(opt.method),
        Form::List(items) => match items.as_slice() {
            [Arg::Meta(Meta { name, form: Form::Word })] if name == "by_caller" => {
                return call("snapshot_by_caller");
            }
            [Arg::Meta(Meta { name, form: Form::Word })] => {
                errors.push(name.span(), unknown_choice("word", SNAPSHOT, &name.to_string()));
                return None;
            }
            _ => word,
        },
        Form::Value(literal) => literal.span(),
        Form::NotLiteral(span, _) | Form::Path(span, _) => *span,
    };
    let message = Message::new("`snapshot` stands alone, or takes `by_caller` in parentheses")
        .help("write `snapshot` or `snapshot(by_caller)`")
        .note("the snapshot has the name of the test");
    errors.push(wrong, message);
    None
}
