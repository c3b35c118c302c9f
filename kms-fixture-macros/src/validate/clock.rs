//! `clock(test)`, `clock(tokio)` and `clock(machine)`.

use proc_macro2::Ident;
use syn::{Lit, LitStr};

use crate::diag::Errors;
use crate::model::declare::{Choice, Opt, either, unknown_choice};
use crate::parse::Form;
use crate::plan::{Call, Value};

use super::word::{bare, one_item};

/// Returns the call that sets the clock.
pub(super) fn clock(
    opt: &Opt,
    choices: &[Choice],
    name: &Ident,
    form: Form,
    errors: &mut Errors,
) -> Option<Call> {
    let item = one_item(opt, name, form, errors)?;
    let word = bare(item, opt, &either(choices), errors)?;
    let text = word.to_string();
    if choices.iter().all(|it| it.word != text) {
        errors.push(word.span(), unknown_choice("clock", choices, &text));
        return None;
    }
    let value = Value::Literal(Lit::Str(LitStr::new(&text, word.span())));
    Some(Call { method: opt.method, value })
}
