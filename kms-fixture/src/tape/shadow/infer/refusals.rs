//! Refusals: a call that fails for another reason found its key, and its principals.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Found;
use super::given::Property;
use crate::model::KeyState;
use crate::tape::cassette::Interaction;

/// The states of keys, by the words that end the text of a refusal.
const STATES: [(&str, KeyState); 4] = [
    (" is disabled.", KeyState::Disabled),
    (" is pending deletion.", KeyState::PendingDeletion),
    (" is pending import.", KeyState::PendingImport),
    (" is unavailable.", KeyState::Unavailable),
];

/// The members of an input that name a key.
const KEYS: [&str; 4] = ["KeyId", "TargetKeyId", "SourceKeyId", "DestinationKeyId"];

/// Returns the ids of the keys that a call did not find.
pub(super) fn missing_keys(calls: &[Interaction]) -> BTreeSet<String> {
    let refused = calls.iter().filter(|it| is_about_a_key(it.output().value()));
    let keys = refused.flat_map(|call| {
        let input = call.input().value();
        KEYS.into_iter().filter_map(|it| input[it].as_str())
    });
    keys.filter_map(|it| it.rsplit('/').next()).map(str::to_owned).collect()
}

/// The codes of refusals after the permission was found.
const ALLOWED: [&str; 9] = [
    "DisabledException",
    "DryRunOperationException",
    "IncorrectKeyException",
    "InvalidCiphertextException",
    "InvalidKeyUsageException",
    "KMSInvalidMacException",
    "KMSInvalidSignatureException",
    "KMSInvalidStateException",
    "UnsupportedOperationException",
];

/// Returns the text of an error.
pub(super) fn message_of(error: &Value) -> &str {
    error["message"].as_str().or(error["Message"].as_str()).unwrap_or_default()
}

/// Returns whether a call was refused although the caller had the permission.
pub(super) fn was_allowed(call: &Interaction) -> bool {
    let code = call.output().value()["__type"].as_str().unwrap_or_default();
    call.status == 400 && ALLOWED.contains(&code)
}

/// Returns whether a refusal shows that the key is there: the caller has or lacks the permission on it.
pub(super) fn tells_of_a_key(call: &Interaction) -> bool {
    let error = call.output().value();
    let is_denied = error["__type"] == "AccessDeniedException"
        && !message_of(error).contains("does not exist")
        && !message_of(error).ends_with(" on resource: *");
    call.status == 400 && (is_denied || was_allowed(call))
}

/// Returns whether an error says that there is no such key or alias, or that its name is not valid.
fn is_about_a_key(error: &Value) -> bool {
    let message = message_of(error);
    match error["__type"].as_str() {
        Some("NotFoundException") => !message.to_ascii_lowercase().contains("grant"),
        Some("InvalidArnException") => {
            message.contains("Region") || message.to_ascii_lowercase().contains("key")
        }
        _ => false,
    }
}

impl Found {
    /// Declares the keys and principals of a refused call, unless the reason is that they are missing.
    pub(super) fn learn_from_refusal(&mut self, call: &Interaction, missing: &BTreeSet<String>) {
        let (input, error) = (call.input().value(), call.output().value());
        let Some(code) = error["__type"].as_str().filter(|_| (400..500).contains(&call.status))
        else {
            return;
        };
        // A refusal of the principal comes after the key was found.
        if is_about_a_key(error) {
            return;
        }
        let is_missing = |it: &str| it.rsplit('/').next().is_some_and(|it| missing.contains(it));
        for member in KEYS {
            if !input[member].as_str().is_some_and(is_missing) {
                self.key(&input[member]);
            }
        }
        if code != "InvalidArnException" {
            self.principals(input);
        }
        let message = message_of(error);
        self.alias_of_refusal(call, message);
        let named =
            STATES.iter().find_map(|(end, state)| Some((message.strip_suffix(end)?, state)));
        if let Some((arn, state)) = named {
            let arn = Value::from(arn);
            if let Some(at) = self.settle(&arn, Property::State) {
                let key = &mut self.before.scenario.keys[at];
                key.state = key.state.or(Some(*state));
            }
        }
    }
}
