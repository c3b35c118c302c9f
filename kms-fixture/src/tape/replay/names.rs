//! Names for the contents of a cassette.

use crate::tape::cassette::Cassette;
use crate::tape::names::Names;
#[cfg(feature = "cli")]
use crate::tape::redact::{ACCOUNT, redact_scenario};
use crate::tape::redact::{Redactor, principal_names};
use crate::tape::translation::Translation;

/// Returns the translation that names the contents of a cassette.
#[cfg(feature = "cli")]
pub(crate) fn translation(cassette: &Cassette) -> Translation {
    let Cassette { scenario, keep, ordered, .. } = cassette;
    // A cassette has no policy files that could be unreadable.
    let redactor = redact_scenario(scenario, keep, ordered)
        .map_or_else(|_| Redactor::new(ACCOUNT, keep, ordered), |it| it.1);
    translation_by(redactor, cassette)
}

/// Returns a translation by a redactor that knows the declared things of the cassette.
fn translation_by(redactor: Redactor, cassette: &Cassette) -> Translation {
    let mut translation = Translation::new(redactor, principal_names(&cassette.scenario));
    translation.declare_ids(&cassette.scenario);
    translation
}

/// Returns names for everything in a cassette.
#[cfg(feature = "cli")]
pub(crate) fn names(cassette: &Cassette) -> Names {
    names_in(&translation(cassette), cassette)
}

/// Returns names for everything in a cassette, by a redactor that knows its declared things.
pub(super) fn names_by(redactor: Redactor, cassette: &Cassette) -> Names {
    names_in(&translation_by(redactor, cassette), cassette)
}

fn names_in(translation: &Translation, cassette: &Cassette) -> Names {
    let calls = cassette.interactions.iter().map(|it| (it.input(), it.output()));
    translation.names_of_calls(calls)
}
