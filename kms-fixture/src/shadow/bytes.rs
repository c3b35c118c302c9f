//! Bytes that a fake beside a tape cannot judge.
//!
//! A tape has no bytes, only pseudonyms for them. Those that a recorded answer gave stand for what the fake gave at the
//! same place; any others come from outside the recording: ciphertexts that are older than it, or what a client has made
//! with a public key. When the fake refuses such bytes as wrong, that says nothing, unless the tape has the same refusal.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Shadow;
use crate::cassette::Interaction;
use crate::redact::{Difference, Direction, Grade, Kind, Redactor};

/// The codes of refusals of bytes.
const VERDICTS: &[&str] = &[
    "InvalidCiphertextException",
    "KMSInvalidMacException",
    "KMSInvalidSignatureException",
];

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

/// What recorded signatures were made of: messages and what they are. That one message is the digest of another is lost
/// with the bytes.
#[derive(Debug, Default)]
pub(super) struct Signed(BTreeMap<String, BTreeSet<(String, String)>>);

impl Signed {
    /// Learns from a call what a signature is of.
    pub(super) fn learn(&mut self, call: &Interaction) {
        if let (true, Some(signature)) = (
            is_signing(call),
            call.output().value()["Signature"].as_str(),
        ) {
            let of = self.0.entry(signature.to_owned()).or_default();
            of.insert(message(call));
        }
    }

    /// Whether the signature that a call verifies was made of the same message.
    fn knows(&self, call: &Interaction) -> bool {
        let signature = call.input().value()["Signature"].as_str();
        let of = signature.and_then(|it| self.0.get(it));
        of.is_some_and(|it| it.contains(&message(call)))
    }

    /// Whether a difference is of no meaning: a random number, or a signature that the tape has twice, of what has become
    /// two messages.
    pub(super) fn explains(&self, call: &Interaction, difference: &Difference) -> bool {
        if difference.grade != Grade::Value {
            return false;
        }
        match difference.path.as_str() {
            "$.Plaintext" => call.operation == "GenerateRandom",
            "$.Signature" if is_signing(call) => {
                let signature = call.output().value()["Signature"].as_str();
                let of = signature.and_then(|it| self.0.get(it));
                of.is_some_and(|it| !it.contains(&message(call)))
            }
            _ => false,
        }
    }
}

fn is_signing(call: &Interaction) -> bool {
    call.operation == "Sign" && call.status == 200
}

fn message(call: &Interaction) -> (String, String) {
    let input = call.input().value();
    let text =
        |member: &str, otherwise: &str| input[member].as_str().unwrap_or(otherwise).to_owned();
    (text("Message", ""), text("MessageType", "RAW"))
}
