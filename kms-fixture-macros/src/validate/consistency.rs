//! `consistency(strong)`, `consistency(eventual)` and `consistency(eventual(seconds = 300, ..))`.

use proc_macro2::Ident;

use crate::diag::{Errors, Message};
use crate::model::declare::{CONSISTENCY, EVENTUAL, Opt, unknown_choice};
use crate::parse::{Arg, Form, Meta};

use super::known_options;
use super::word::one_item;

/// A consistency: its word, its constructor, and its options with their values.
pub(super) type Chosen = (Ident, &'static str, Vec<(&'static Opt, Meta)>);

/// Returns the consistency.
pub(super) fn consistency(
    opt: &Opt,
    name: &Ident,
    form: Form,
    errors: &mut Errors,
) -> Option<Chosen> {
    let help = "write `consistency(strong)` or `consistency(eventual)`";
    let Meta { name: word, form } = match one_item(opt, name, form, errors)? {
        Arg::Meta(meta) => meta,
        Arg::Literal(literal) => {
            let message = Message::new("expected a word, without quotes");
            errors.push(literal.span(), message.help(help));
            return None;
        }
    };
    let text = word.to_string();
    let (constructor, options) = match (text.as_str(), form) {
        ("strong", Form::Word) => ("strong", Vec::new()),
        ("eventual", Form::Word) => ("eventual", Vec::new()),
        ("eventual", Form::List(options)) => ("eventual", options),
        ("strong", _) => {
            let message = Message::new("`strong` takes no options");
            let help =
                "write `consistency(strong)`, or `consistency(eventual(..))` if changes take time";
            errors.push(word.span(), message.help(help));
            return None;
        }
        ("eventual", _) => {
            let message = Message::new("`eventual` takes its options in parentheses");
            errors.push(word.span(), message.help("write `eventual(seconds = 300)`"));
            return None;
        }
        _ => {
            errors.push(word.span(), unknown_choice("consistency", CONSISTENCY, &text));
            return None;
        }
    };
    Some((word, constructor, known_options(options, &EVENTUAL, errors).0))
}
