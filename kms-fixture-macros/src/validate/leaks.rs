//! `leaks(deny)` and `leaks(allow)`.

use proc_macro2::Ident;

use crate::diag::Errors;
use crate::model::declare::{Choice, Opt, either, unknown_choice};
use crate::parse::Form;
use crate::plan::{Call, Value};

use super::word::{bare, one_item};

/// The call for `leaks(allow)`, which takes back what a shared scenario says.
pub(super) const ALLOW: &str = "allow_leaks";

/// Returns the call that denies or allows leaks.
pub(super) fn leaks(
    opt: &Opt,
    choices: &[Choice],
    name: &Ident,
    form: Form,
    errors: &mut Errors,
) -> Option<Call> {
    let item = one_item(opt, name, form, errors)?;
    let word = bare(item, opt, &either(choices), errors)?;
    if word == "allow" {
        return Some(Call { method: ALLOW, value: Value::Nothing });
    }
    if word != "deny" {
        errors.push(word.span(), unknown_choice("word", choices, &word.to_string()));
        return None;
    }
    Some(Call { method: opt.method, value: Value::Nothing })
}
