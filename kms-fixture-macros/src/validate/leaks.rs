//! `leaks(deny)` and `leaks(allow)`.

use proc_macro2::Ident;

use crate::diag::{Errors, Message};
use crate::model::declare::{Choice, Opt, either, unknown_choice};
use crate::parse::Form;
use crate::plan::{Call, Value};
use crate::signature::Function;

use super::is_called;
use super::word::{bare, one_item};

/// Returns the call that denies leaks, for `leaks(deny)`.
pub(super) fn leaks(
    opt: &Opt,
    choices: &[Choice],
    name: &Ident,
    form: Form,
    function: &Function,
    errors: &mut Errors,
) -> Option<Call> {
    let item = one_item(opt, name, form, errors)?;
    let word = bare(item, opt, &either(choices), errors)?;
    if word == "allow" {
        return None;
    }
    if word != "deny" {
        errors.push(word.span(), unknown_choice("word", choices, &word.to_string()));
        return None;
    }
    let panics = |it| is_called(it, "should_panic");
    if function.attrs.iter().any(panics) {
        let message = Message::new("a test with `#[should_panic]` cannot have `leaks(deny)`");
        let note = "leaks are reported by a panic, after a test that did not panic";
        errors.push(word.span(), message.note(note));
    }
    Some(Call { method: opt.method, value: Value::Nothing })
}
