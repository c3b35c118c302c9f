//! Bytes that a fake beside a tape cannot judge.
//!
//! A tape has no bytes, only pseudonyms for them. Those that a recorded answer gave stand for what the fake gave at the
//! same place; any others come from outside the recording: ciphertexts that are older than it, or what a client has made
//! with a public key. When the fake refuses such bytes as wrong, that says nothing, unless the tape has the same refusal.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Shadow;
use crate::tape::cassette::Interaction;
use crate::tape::redact::{Difference, Direction, Grade, Kind, Redactor};

/// The codes of refusals of bytes.
const VERDICTS: &[&str] =
    &["InvalidCiphertextException", "KMSInvalidMacException", "KMSInvalidSignatureException"];

impl Shadow {
    /// Whether the fake's answer is a refusal of bytes that it cannot know, where the tape has something else.
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

/// What to call the material that a recorded ImportKeyMaterial has imported: that of a symmetric key has an id, that of
/// any other key never changes. Its bytes are not on the tape.
pub(super) fn imported(call: &Interaction) -> Option<&str> {
    if call.operation != "ImportKeyMaterial" || call.status != 200 {
        return None;
    }
    let id = call.output().value().get("KeyMaterialId");
    Some(id.and_then(Value::as_str).unwrap_or("its only material"))
}

/// As what the message of each recorded signature was given, when it was first made. That one message is the digest of
/// another is lost with the bytes.
#[derive(Debug, Default)]
pub(super) struct Signed(BTreeMap<String, String>);

impl Signed {
    /// Learns from a call what a signature is of.
    pub(super) fn learn(&mut self, call: &Interaction) {
        if let Some(signature) = signature_made(call) {
            let known = self.0.entry(signature.to_owned());
            known.or_insert_with(|| message_type(call).to_owned());
        }
    }

    /// Whether the signature that a call verifies is a recorded one, of a message that was given in the same way.
    fn knows(&self, call: &Interaction) -> bool {
        let of = call.input().value()["Signature"].as_str().and_then(|it| self.0.get(it));
        of.is_some_and(|it| it == message_type(call))
    }

    /// Whether a difference means nothing: a random number, or a signature that the tape has twice, of a message and of
    /// its digest.
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
