//! Bytes that the shadow cannot judge.
//!
//! A cassette has no bytes, only pseudonyms for them. Those that a recorded answer gave stand for the bytes that the fake
//! gave at the same place. All others come from outside the recording: older ciphertexts, or bytes that a client has made
//! with a public key. A refusal of such bytes by the fake means nothing, unless the cassette has the same refusal.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Shadow;
use crate::tape::cassette::Interaction;
use crate::tape::redact::{Difference, Direction, Grade, Kind, Redactor};

/// The codes of refusals of bytes.
const VERDICTS: &[&str] =
    &["InvalidCiphertextException", "KMSInvalidMacException", "KMSInvalidSignatureException"];

impl Shadow {
    /// Returns whether the fake's answer is a refusal of bytes that it cannot know, where the cassette has another answer.
    pub(super) fn is_about_bytes_from_outside(&self, call: &Interaction, output: &Value) -> bool {
        let Some(code) = output["__type"].as_str() else {
            return false;
        };
        let is_public_key =
            call.operation == "DeriveSharedSecret" && output.get("message").is_none();
        let is_verdict = VERDICTS.contains(&code) || is_public_key && code == "ValidationException";
        if !is_verdict || call.output().value()["__type"] == code {
            return false;
        }
        if call.operation == "Verify" {
            return !self.signed.knows(call);
        }
        let sent = Redactor::bytes_in(call.input(), Direction::Sent);
        sent.into_iter().any(|(kind, it)| {
            // These a client chooses, and any will do.
            !matches!(kind, Kind::Blob("plaintext" | "message"))
                && !self.redactor.is_bound(kind, it)
        })
    }
}

/// Returns a name for the material that a recorded ImportKeyMaterial has imported, whose bytes are not in the cassette: that
/// of a symmetric key has an id, that of any other key never changes.
pub(super) fn imported(call: &Interaction) -> Option<&str> {
    if call.operation != "ImportKeyMaterial" || call.status != 200 {
        return None;
    }
    let id = call.output().value().get("KeyMaterialId");
    Some(id.and_then(Value::as_str).unwrap_or("its only material"))
}

/// The type of the message of each recorded signature, when it was first made. Without the bytes, nothing shows that one
/// message is the digest of another.
#[derive(Debug, Default)]
pub(super) struct Signed(BTreeMap<String, String>);

impl Signed {
    /// Learns the type of the message from a call that signs.
    pub(super) fn learn(&mut self, call: &Interaction) {
        if let Some(signature) = signature_made(call) {
            let known = self.0.entry(signature.to_owned());
            known.or_insert_with(|| message_type(call).to_owned());
        }
    }

    /// Returns whether a call verifies a recorded signature, of a message of the same type.
    fn knows(&self, call: &Interaction) -> bool {
        let of = call.input().value()["Signature"].as_str().and_then(|it| self.0.get(it));
        of.is_some_and(|it| it == message_type(call))
    }

    /// Returns whether a difference means nothing: a random number, or a signature that the cassette has twice, of a message
    /// and of its digest.
    pub(super) fn explains(&self, call: &Interaction, difference: &Difference) -> bool {
        if difference.grade != Grade::Value {
            return false;
        }
        match difference.path.as_str() {
            "$.Plaintext" => call.operation == "GenerateRandom",
            "$.Signature" => {
                let of = signature_made(call).and_then(|it| self.0.get(it));
                of.is_some_and(|it| it != message_type(call))
            }
            _ => false,
        }
    }
}

fn signature_made(call: &Interaction) -> Option<&str> {
    let is_signing = call.operation == "Sign" && call.status == 200;
    call.output().value()["Signature"].as_str().filter(|_| is_signing)
}

fn message_type(call: &Interaction) -> &str {
    call.input().value()["MessageType"].as_str().unwrap_or("RAW")
}
