//! The end of a recording: clean up, redact, audit, write.

use std::path::PathBuf;
use std::sync::PoisonError;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::list::grants_on;
use super::recorder::{Recorder, on_tape};
use super::wait;
use crate::error::Error;
use crate::scenario::Scenario;
use crate::tape::cassette::{self, Accepted, Cassette, Interaction, Origin};
use crate::tape::redact::{ACCOUNT, Direction, Redacted, Redactor, blot, search};

/// Where a recording goes, and what its header says.
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    pub(crate) path: PathBuf,
    pub(crate) test: Option<String>,
    /// What names were drawn from.
    pub(crate) seed: u64,
    pub(crate) origin: Origin,
    pub(crate) keep: Vec<String>,
    pub(crate) ordered: Vec<String>,
    pub(crate) accepted: Vec<Accepted>,
    /// What was declared, redacted.
    pub(crate) scenario: Scenario,
    pub(crate) recorded: std::time::SystemTime,
    /// A redactor that knows what is declared, and has seen nothing yet.
    pub(crate) redactor: Redactor,
    /// Credentials, as what they are.
    pub(crate) secrets: Vec<(&'static str, String)>,
}

impl Recorder {
    /// Why the recording is not good, so far.
    pub(crate) fn faults(&self) -> Vec<String> {
        let state = self.state();
        let mut faults = state.faults.clone();
        // A call that the live service has not answered, unless its client has tried again with success.
        let unanswered =
            state.takes.seen().into_iter().filter(|(it, _)| !it.live && it.raw.status == 503);
        faults.extend(unanswered.map(|(it, _)| {
            let body: Value = serde_json::from_slice(&it.raw.output).unwrap_or_default();
            let why = body["message"].as_str().unwrap_or_default();
            {
                let caller = it.raw.caller.as_deref().unwrap_or("nobody");
                format!("{} by {caller} was not answered: {why}", it.raw.operation)
            }
        }));
        faults
    }

    /// Waits for calls whose clients have gone, for as long as one may take.
    fn wait_for_calls(&self) {
        let recorder = self.state_of();
        let _ = wait(async move {
            for _ in 0..6500 {
                if recorder.lock().unwrap_or_else(PoisonError::into_inner).under_way == 0 {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
    }

    /// Revokes what this run has made, and proves by a list that it is gone.
    ///
    /// # Errors
    ///
    /// Grants that are still there, by key and id.
    pub(crate) fn clean_up(&self) -> Result<(), Error> {
        self.wait_for_calls();
        let grants: Vec<_> =
            self.state().guard.grants().map(|(id, key)| (id.to_owned(), key.to_owned())).collect();
        if grants.is_empty() {
            return Ok(());
        }
        let wire = std::sync::Arc::clone(&self.wire);
        let left = wait(async move {
            let mut left = Vec::new();
            for (id, key) in grants {
                let body = Bytes::from(json!({"KeyId": key, "GrantId": id}).to_string());
                // What the test has ended is not found; whether it is gone, the list tells.
                let revoked = wire.call(&wire.admin, "RevokeGrant", body).await;
                let is_there = match revoked {
                    Ok(_) => grants_on(&wire, &key).await.map(|all| all.contains(&id)),
                    Err(error) => Err(error),
                };
                match is_there {
                    Ok(false) => {}
                    Ok(true) => left.push(format!("{id} on {key}")),
                    Err(error) => left.push(format!("{id} on {key} ({error})")),
                }
            }
            left
        })?;
        if left.is_empty() {
            return Ok(());
        }
        Err(Error::new(format!(
            "these grants were made by the recording and could not be revoked: {}",
            left.join(", ")
        ))
        .help("`aws kms revoke-grant`"))
    }

    /// Writes what has been recorded: as the cassette if its test has `passed`, beside it, as `.new`, if not.
    ///
    /// # Errors
    ///
    /// Something live would be in the file; a file that cannot be written.
    pub(crate) fn write(
        &self,
        destination: &Destination,
        passed: bool,
        drew: bool,
    ) -> Result<(), Error> {
        let mut redactor = destination.redactor.clone();
        let mut cassette = Cassette::new(
            destination.origin.clone(),
            destination.recorded,
            destination.scenario.clone(),
        );
        cassette.test.clone_from(&destination.test);
        cassette.seed = drew.then_some(destination.seed);
        cassette.keep.clone_from(&destination.keep);
        cassette.ordered.clone_from(&destination.ordered);
        cassette.accepted.clone_from(&destination.accepted);
        for (taken, concurrent) in on_tape(&self.state()) {
            let raw = taken.raw;
            let input: Value = serde_json::from_slice(&raw.input).unwrap_or_else(|_| json!({}));
            let output = serde_json::from_slice::<Value>(&raw.output);
            let opaque = (output.is_err() && !raw.output.is_empty()).then_some(raw.output.len());
            let input = redactor.input(&input);
            let output = redactor.output(&output.unwrap_or_default());
            let caller = raw.caller.unwrap_or_default();
            let mut interaction =
                Interaction::new(caller, raw.operation, input, raw.status, output);
            interaction.concurrent = concurrent;
            interaction.opaque = opaque;
            cassette.interactions.push(interaction);
        }
        let text = cassette.to_text()?;
        // Credentials may have been refreshed since the recording began. If there are none any more, what was recorded is
        // not lost for that.
        let mut destination = destination.clone();
        let wire = std::sync::Arc::clone(&self.wire);
        if let Ok(Ok(secrets)) = wait(async move { wire.secrets().await }) {
            destination.secrets.extend(secrets);
        }
        audit(&cassette, &text, &redactor, &destination)?;
        // Two processes may record the same: neither promotes what the other has written.
        if passed {
            cassette::write(&destination.path, &text)?;
            cassette::discard(&destination.path)?;
            return Ok(());
        }
        cassette::write_pending(&destination.path, &text)
    }
}

/// Proves that nothing live is left: every text of the calls is harmless or a pseudonym, and no live value occurs
/// anywhere in the file, in any encoding.
fn audit(
    cassette: &Cassette,
    text: &str,
    redactor: &Redactor,
    destination: &Destination,
) -> Result<(), Error> {
    let mut leaks = leaks(cassette, destination)?;
    let declared = declared(&cassette.scenario);
    let path = destination.test.as_deref().unwrap_or_default();
    let origin = destination.origin.to_string();
    let public = |it: &str| {
        it == ACCOUNT
            || declared.iter().any(|name| name == it)
            || path.split("::").any(|part| part == it)
            || redactor.is_kept(it)
            || origin.contains(it)
            || it == cassette.scenario.region()
    };
    let secrets = destination.secrets.iter().map(|(what, it)| (*what, it.as_str()));
    let found = search(text.as_bytes(), secrets, &|_| false);
    leaks.extend(found.into_iter().map(|it| it.place));
    // Pseudonyms are made of digits and words, too, of which some account or some tag may be one.
    let masked = without_pseudonyms(text, redactor);
    let is_long = |it: &str| it.len() >= LONG;
    let live = redactor.replaced().filter(|(live, _)| is_long(live));
    let found = search(masked.as_bytes(), live.map(|(live, it)| (it, live)), &public);
    leaks.extend(found.into_iter().map(|it| format!("{} has survived as it was", it.place)));
    // What was sent in base64 may have come out of it.
    let unpacked: Vec<_> =
        redactor.replaced().filter_map(|(live, it)| Some((it, unpacked(live)?))).collect();
    let live = unpacked.iter().map(|(it, text)| (*it, text.as_str()));
    let found = search(masked.as_bytes(), live, &public);
    leaks.extend(found.into_iter().map(|it| format!("the bytes of {} have survived", it.place)));
    // The format has words of its own, such as `input`; short texts are looked for in what was said.
    let said = without_pseudonyms(&said(cassette), redactor);
    let live = redactor.replaced().filter(|(live, _)| !is_long(live));
    let found = search(said.as_bytes(), live.map(|(live, it)| (it, live)), &public);
    leaks.extend(found.into_iter().map(|it| {
        let what = it.place.split_once(": ").map_or(it.place.as_str(), |(_, what)| what);
        format!("what {what} stands for has survived as it was")
    }));
    if leaks.is_empty() {
        return Ok(());
    }
    Err(Error::new(format!(
        "the recording is not written: something live would be in it\n  {}",
        leaks.join("\n  ")
    ))
    .help("if it may be public, add the member to `keep` in kms-fixture.toml"))
}

/// How long a text is that no word of the format is.
const LONG: usize = 16;

/// The text that stands in base64, if it is a long one.
fn unpacked(live: &str) -> Option<String> {
    let bytes = base64::STANDARD.decode_to_vec(live).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    (text.len() >= LONG).then_some(text)
}

/// `text` with its pseudonyms blotted out.
fn without_pseudonyms(text: &str, redactor: &Redactor) -> String {
    let pseudonyms: Vec<_> =
        redactor.names().map(|(it, _)| it).filter(|it| !it.is_empty()).collect();
    blot(text, &pseudonyms)
}

/// Every text of the calls and of the declarations, one a line.
fn said(cassette: &Cassette) -> String {
    fn collect(value: &Value, all: &mut String) {
        match value {
            Value::String(text) => {
                *all += text;
                all.push('\n');
            }
            Value::Array(values) => values.iter().for_each(|it| collect(it, all)),
            Value::Object(members) => {
                for (member, value) in members {
                    *all += member;
                    all.push('\n');
                    collect(value, all);
                }
            }
            Value::Number(number) => {
                *all += &number.to_string();
                all.push('\n');
            }
            Value::Null | Value::Bool(_) => {}
        }
    }
    let mut all = String::new();
    for call in &cassette.interactions {
        collect(call.input().value(), &mut all);
        collect(call.output().value(), &mut all);
    }
    let scenario = serde_json::to_value(&cassette.scenario).unwrap_or_default();
    let kinds = scenario.as_object().into_iter().flat_map(|it| it.values());
    for things in kinds.filter_map(Value::as_object).flat_map(|it| it.values()) {
        for options in things.as_object().into_iter().flat_map(|it| it.values()) {
            collect(options, &mut all);
        }
    }
    all
}

/// Texts of a cassette that are neither harmless nor pseudonyms.
fn leaks(cassette: &Cassette, destination: &Destination) -> Result<Vec<String>, Error> {
    let (_, redactor) = crate::tape::redact::redact_scenario(
        &cassette.scenario,
        &destination.keep,
        &destination.ordered,
    )?;
    Ok(cassette_leaks(cassette, redactor))
}

/// The same with a redactor that knows what is declared.
pub(crate) fn cassette_leaks(cassette: &Cassette, mut redactor: Redactor) -> Vec<String> {
    redactor.declare_ids(&cassette.scenario);
    let mut leaks = Vec::new();
    for (at, call) in cassette.interactions.iter().enumerate() {
        let mut look = |value: &Redacted, way, side: &str| {
            let found = redactor.leaks(value, way).into_iter();
            leaks.extend(
                found.map(|it| format!("call {}, {} {side}: {}", at + 1, call.operation, it.place)),
            );
        };
        look(call.input(), Direction::Sent, "input");
        look(call.output(), Direction::Received, "output");
    }
    leaks
}

/// Every name that is declared.
fn declared(scenario: &Scenario) -> Vec<String> {
    let keys = scenario.keys.iter().map(|it| it.declared.clone());
    let roles = scenario.roles.iter().map(|it| it.declared.clone());
    let users = scenario.users.iter().map(|it| it.declared.clone());
    let grants = scenario.grants.iter().map(|it| it.declared.clone());
    keys.chain(roles).chain(users).chain(grants).collect()
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::tape::cassette::OriginKind;
    use crate::tape::redact::{Kind, redact_scenario};

    /// Calls in which every live value occurs once at least, and no value twice as two things.
    fn calls() -> Vec<(&'static str, Value, u16, Value)> {
        let key = "6f9619ff-8b86-4011-b42d-00cf4fc964ff";
        let arn = format!("arn:aws:kms:us-east-1:987654321098:key/{key}");
        let grant = "a1b2c3d4".repeat(8);
        let policy = json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Sid": "canary-statement", "Effect": "Allow", "Action": "kms:*", "Resource": "*",
                "Principal": {"AWS": "arn:aws:iam::987654321098:user/canary-user"},
                "Condition": {"StringEquals": {"kms:EncryptionContext:canary-key": "canary-value"}},
            }],
        });
        vec![
            (
                "CreateKey",
                json!({"Description": "canary description", "Policy": policy.to_string(),
                       "Tags": [{"TagKey": "canary-tag", "TagValue": "canary-worth"}]}),
                200,
                json!({"KeyMetadata": {"KeyId": key, "Arn": arn, "AWSAccountId": "987654321098",
                       "CurrentKeyMaterialId": "c".repeat(64), "Novelty": "canary-novelty"}}),
            ),
            (
                "CreateAlias",
                json!({"AliasName": "alias/canary-alias", "TargetKeyId": key}),
                200,
                Value::Null,
            ),
            (
                "CreateGrant",
                json!({"KeyId": arn, "GranteePrincipal": "arn:aws:iam::987654321098:role/canary-role",
                       "RetiringPrincipal": "AROACANARYCANARYCANAR", "Name": "canary-name",
                       "Constraints": {"EncryptionContextSubset": {"canary-key": "canary-value"}},
                       "Operations": ["Decrypt"]}),
                200,
                json!({"GrantId": grant, "GrantToken": "Y2FuYXJ5IHRva2VuIG9mIGEgZ3JhbnQ"}),
            ),
            (
                "Decrypt",
                json!({"CiphertextBlob": "Y2FuYXJ5IGNpcGhlcnRleHQ=", "KeyId": "alias/canary-alias"}),
                400,
                json!({"__type": "AccessDeniedException",
                       "message": "User: arn:aws:sts::987654321098:assumed-role/canary-role/canary-session is not \
                                   authorized to perform: kms:Decrypt on canary-thing"}),
            ),
            (
                "ListGrants",
                json!({"KeyId": key, "Marker": "canary-marker"}),
                200,
                json!({"Grants": [{"KeyId": arn, "GrantId": grant,
                       "GranteePrincipal": "arn:aws:sts::987654321098:federated-user/canary-guest"}],
                       "Truncated": false}),
            ),
        ]
    }

    fn destination(redactor: Redactor, scenario: Scenario) -> Destination {
        Destination {
            path: PathBuf::from("canary.json"),
            test: Some("suite::canaries::fly".to_owned()),
            seed: 1,
            origin: Origin { kind: OriginKind::Emulator, name: None },
            keep: Vec::new(),
            ordered: Vec::new(),
            accepted: Vec::new(),
            scenario,
            recorded: SystemTime::UNIX_EPOCH,
            redactor,
            secrets: vec![("a live secret access key", "canary+secret/access=key".to_owned())],
        }
    }

    /// Writes the calls with a redactor that has a hole, or none.
    fn written(hole: Option<Kind>, more: Option<&str>) -> (String, Result<(), Error>) {
        let (scenario, redactor) = redact_scenario(&Scenario::default(), &[], &[]).unwrap();
        let destination = destination(redactor, scenario);
        // The account is not declared, as if nobody had named it.
        let mut redactor = Redactor::new(ACCOUNT, &[], &[]);
        redactor.broken = hole;
        let mut cassette = Cassette::new(
            destination.origin.clone(),
            destination.recorded,
            destination.scenario.clone(),
        );
        for (operation, input, status, output) in calls() {
            let (input, output) = (redactor.input(&input), redactor.output(&output));
            let operation = operation.to_owned();
            cassette.interactions.push(Interaction::new(
                "admin".to_owned(),
                operation,
                input,
                status,
                output,
            ));
        }
        let mut text = cassette.to_text().unwrap();
        text += more.unwrap_or_default();
        let audited = audit(&cassette, &text, &redactor, &destination);
        (text, audited)
    }

    #[test]
    fn nothing_live_is_written() {
        let (text, audited) = written(None, None);
        audited.unwrap();
        for live in ["canary", "Y2FuYXJ5", "987654321098", "6f9619ff", "a1b2c3d4", "cccc", "CANARY"]
        {
            assert!(!text.contains(live), "{live} is in {text}");
        }
        // What is harmless is there.
        for kept in [
            "AccessDeniedException",
            "is not authorized to perform: kms:Decrypt",
            "\"Decrypt\"",
            "2012-10-17",
        ] {
            assert!(text.contains(kept), "{kept} is not in {text}");
        }
    }

    #[test]
    fn the_audit_catches_a_redactor_with_any_rule_removed() {
        for hole in [
            Kind::Account,
            Kind::Key,
            Kind::Grant,
            Kind::Token,
            Kind::Material,
            Kind::Role,
            Kind::User,
            Kind::Federated,
            Kind::Session,
            Kind::UniqueId,
            Kind::Alias,
            Kind::Blob("ciphertext"),
            Kind::Text("name"),
            Kind::Text("description"),
            Kind::Text("tag-key"),
            Kind::Text("tag-value"),
            Kind::Text("context-key"),
            Kind::Text("context-value"),
            Kind::Text("statement"),
            Kind::Text("marker"),
            Kind::Text("member"),
            Kind::Text("text"),
        ] {
            let (_, audited) = written(Some(hole), None);
            let error = audited.expect_err(&format!("{hole:?} was let through")).to_string();
            assert!(error.contains("the recording is not written"), "{hole:?}: {error}");
            assert!(!error.contains("canary"), "the error must not tell the secret: {error}");
        }
    }

    #[test]
    fn the_audit_finds_bytes_as_text_and_in_every_encoding() {
        let bytes = "canary ciphertext";
        for hidden in [
            bytes.to_owned(),
            base64::STANDARD.encode_to_string(bytes),
            base64::URL_SAFE_NO_PAD.encode_to_string(format!("x{bytes}")),
            crate::kms::ids::hex(bytes.as_bytes()),
        ] {
            let (_, audited) = written(None, Some(&hidden));
            let error = audited.expect_err(&hidden).to_string();
            assert!(!error.contains("canary"), "{error}");
        }
    }

    #[test]
    fn the_audit_finds_credentials_in_every_encoding() {
        let secret = "canary+secret/access=key";
        for hidden in [
            secret.to_owned(),
            base64::STANDARD.encode_to_string(secret),
            base64::URL_SAFE_NO_PAD.encode_to_string(format!("x{secret}")),
            "canary%2Bsecret%2Faccess%3Dkey".to_owned(),
            crate::kms::ids::hex(secret.as_bytes()),
        ] {
            let (_, audited) = written(None, Some(&hidden));
            assert!(audited.is_err(), "{hidden}");
        }
    }
}
