//! A recording has its own consistency.

use crate::diag::{Errors, Message};
use crate::plan::{Call, Value};

/// Reports `consistency(eventual)` beside a cassette.
pub(super) fn check(settings: &[Call], errors: &mut Errors) {
    let has_cassette = settings.iter().any(|it| it.method == "cassette");
    let consistency = settings.iter().find_map(|call| match &call.value {
        Value::Consistency(word, "eventual", _) => Some(word),
        _ => None,
    });
    if let (true, Some(word)) = (has_cassette, consistency) {
        let message = Message::new("`consistency(eventual)` and `cassette` exclude each other");
        let note = "a recording has the consistency that it was recorded with";
        errors.push(word.span(), message.note(note));
    }
}
