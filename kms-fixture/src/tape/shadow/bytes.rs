//! Bytes that the shadow cannot judge.
//!
//! A cassette has only pseudonyms for bytes. Those in a recorded answer stand for the fake's bytes at the same place.
//! All others come from outside the recording: older ciphertexts, or bytes that a client made with a public key. If
//! the fake refuses such bytes, that means nothing, unless the recorded call was refused as well.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::tape::cassette::Interaction;
use crate::tape::redact::{Difference, Direction, Grade, Kind, Redactor};

/// Error codes for refused bytes.
const VERDICTS: &[&str] =
    &["InvalidCiphertextException", "KMSInvalidMacException", "KMSInvalidSignatureException"];

/// Returns whether the fake refused bytes that it cannot know, while the recorded answer differs.
pub(super) fn are_from_outside(
    signed: &Signed,
    redactor: &Redactor,
    call: &Interaction,
    output: &Value,
) -> bool {
    let Some(code) = output["__type"].as_str() else {
        return false;
    };
    let is_public_key = call.operation == "DeriveSharedSecret" && output.get("message").is_none();
    let is_verdict = VERDICTS.contains(&code) || is_public_key && code == "ValidationException";
    if !is_verdict || call.output().value()["__type"] == code {
        return false;
    }
    if call.operation == "Verify" {
        return !signed.knows(call);
    }
    let sent = Redactor::bytes_in(call.input(), Direction::Sent);
    sent.into_iter().any(|(kind, it)| {
        // Clients choose these freely.
        !matches!(kind, Kind::Blob("plaintext" | "message")) && !redactor.is_bound(kind, it)
    })
}

/// Returns a name for the material of a recorded ImportKeyMaterial, whose bytes are not in the cassette. Material of
/// a symmetric key has an id; a key of another kind has only one material.
pub(super) fn imported(call: &Interaction) -> Option<&str> {
    if call.operation != "ImportKeyMaterial" || call.status != 200 {
        return None;
    }
    let id = call.output().value().get("KeyMaterialId");
    Some(id.and_then(Value::as_str).unwrap_or("its only material"))
}

/// The message type of each recorded signature, from the call that made it. Without the bytes, nothing shows that one
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

    /// Returns whether a call verifies a recorded signature of a message of the same type.
    fn knows(&self, call: &Interaction) -> bool {
        let of = call.input().value()["Signature"].as_str().and_then(|it| self.0.get(it));
        of.is_some_and(|it| it == message_type(call))
    }

    /// Returns whether a difference means nothing: a random number, or a signature that the cassette has twice, for a
    /// message and for its digest.
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
