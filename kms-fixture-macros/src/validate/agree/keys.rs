//! The usage of a key fits its spec.

use crate::diag::Errors;
use crate::model::declare::{self, Language};
use crate::model::{KeySpec, KeyUsage};
use crate::plan::Declaration;

use super::{Given, word};

/// Reports a usage that does not fit the spec, or is missing.
pub(in crate::validate) fn check(key: &Declaration, language: Language, errors: &mut Errors) {
    let (spec, usage) = (word(key, "spec"), word(key, "usage"));
    let (spec, place) = match &spec {
        Given::Nothing => (None, None),
        Given::Unclear => return,
        Given::This(word, span) => {
            let Some(spec) = KeySpec::from_word(word) else { return };
            (Some(spec), Some(*span))
        }
    };
    let (usage, place) = match &usage {
        Given::Nothing => (None, place),
        Given::Unclear => return,
        Given::This(word, span) => {
            let Some(usage) = KeyUsage::from_word(word) else { return };
            (Some(usage), Some(*span))
        }
    };
    if let (Some(message), Some(place)) = (declare::usage(spec, usage, language), place) {
        errors.push(place, message);
    }
}

/// Returns the spec of a key, if it is known.
pub(super) fn spec(key: &Declaration) -> Option<KeySpec> {
    match word(key, "spec") {
        Given::Nothing => Some(KeySpec::DEFAULT),
        Given::Unclear => None,
        Given::This(spec, _) => KeySpec::from_word(&spec),
    }
}

/// Returns the usage of a key of this spec, if it is valid.
pub(super) fn usage(key: &Declaration, spec: KeySpec) -> Option<KeyUsage> {
    match word(key, "usage") {
        Given::Nothing => spec.usage_of(None),
        Given::Unclear => None,
        Given::This(usage, _) => spec.usage_of(Some(KeyUsage::from_word(&usage)?)),
    }
}
