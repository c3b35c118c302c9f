//! The proof that the audit detects each rule that redaction could lack.

use std::time::SystemTime;

use serde_json::json;

use super::*;
use crate::tape::cassette::{Cassette, Interaction, Origin, OriginKind};
use crate::tape::redact::Kind;

/// Returns calls in which every live value occurs at least once, and no value has two meanings.
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

/// Writes the calls with a redactor that has a hole, or none; `more` is appended to the file.
fn written(hole: Option<Kind>, more: Option<&str>) -> (String, Result<(), Error>) {
    let (scenario, _) = redact_scenario(&Scenario::default(), &[], &[]).unwrap();
    // The account is not declared, as in a recording without settings.
    let mut redactor = Redactor::new(ACCOUNT, &[], &[]);
    redactor.broken = hole;
    let origin = Origin { kind: OriginKind::Emulator, name: None };
    let mut cassette = Cassette::new(origin, SystemTime::UNIX_EPOCH, scenario);
    cassette.test = Some("suite::canaries::fly".to_owned());
    for (operation, input, status, output) in calls() {
        let (input, output) = (redactor.input(&input), redactor.output(&output));
        let (caller, operation) = ("admin".to_owned(), operation.to_owned());
        cassette.interactions.push(Interaction::new(caller, operation, input, status, output));
    }
    let mut text = cassette.to_text().unwrap();
    text += more.unwrap_or_default();
    let secrets = [("a live secret access key", "canary+secret/access=key".to_owned())];
    let audited = cassette.audit(&text, &redactor, &secrets);
    (text, audited)
}

#[test]
fn nothing_live_is_written() {
    let (text, audited) = written(None, None);
    audited.unwrap();
    for live in ["canary", "Y2FuYXJ5", "987654321098", "6f9619ff", "a1b2c3d4", "cccc", "CANARY"] {
        assert!(!text.contains(live), "{live} is in {text}");
    }
    // Harmless texts are kept.
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
        let error = audited.expect_err(&format!("{hole:?} was not detected")).to_string();
        assert!(
            error.contains("the recording is not written because it contains live texts"),
            "{hole:?}: {error}"
        );
        assert!(!error.contains("canary"), "the error must not contain the secret: {error}");
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
