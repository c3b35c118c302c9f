//! A recording has the throttling of the service that it was recorded from.

use crate::diag::{Errors, Message};
use crate::plan::{Call, Value};

/// Reports `quotas` beside a cassette.
pub(super) fn check(settings: &[Call], errors: &mut Errors) {
    let has_cassette = settings.iter().any(|it| it.method == "cassette");
    let quotas = settings.iter().find_map(|call| match &call.value {
        Value::Quotas(word, ..) => Some(word.span()),
        _ => None,
    });
    if let (true, Some(quotas)) = (has_cassette, quotas) {
        let message = Message::new("`quotas` and `cassette` exclude each other");
        let note = "a replay has the throttling of its recording, and a recording AWS's own";
        errors.push(quotas, message.note(note));
    }
}
