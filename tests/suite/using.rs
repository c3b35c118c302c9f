//! What the tests of cryptographic operations share: keys of every kind, under every name, in every state.

use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use kms_fixture::model::{KeySpec, KeyState, KeyUsage};
use kms_fixture::scenario::KeyDeclaration;
use kms_fixture::{Caller, Fixture, Key, Kms};

use super::calls::client;
use super::refusal::Refusal;

/// A seed, so that a key of the same name is the same key in another fixture.
const SEED: u64 = 7;

/// The names of a key whose alias is `alias`.
pub(crate) fn names(key: &Key, alias: &str) -> [String; 4] {
    let arn = key.arn().replace(&format!("key/{}", key.id()), alias);
    [key.id(), key.arn(), alias, &arn].map(str::to_owned)
}

/// A fixture with one key, `subject`.
pub(crate) fn fixture(spec: KeySpec, usage: KeyUsage, state: KeyState) -> Kms {
    let key = KeyDeclaration::new("subject").spec(spec).usage(usage);
    Fixture::builder().seed(SEED).key(key.state(state)).start().unwrap()
}

/// A usable key, and a client of the administrator.
pub(crate) fn subject(spec: KeySpec, usage: KeyUsage) -> (Client, String, Kms) {
    let kms = fixture(spec, usage, KeyState::Enabled);
    let arn = kms.key("subject").arn().to_owned();
    (client(&kms.caller("admin")), arn, kms)
}

/// What a use is refused with in each state (`kms-facts.md` 6): `None` for what works.
pub(crate) const STATES: [(KeyState, Option<(&str, &str)>); 7] = [
    (KeyState::Enabled, None),
    (KeyState::Disabled, Some(("DisabledException", "is disabled."))),
    (KeyState::PendingDeletion, Some(("KMSInvalidStateException", "is pending deletion."))),
    (KeyState::PendingImport, Some(("KMSInvalidStateException", "is pending import."))),
    (KeyState::Unavailable, Some(("KMSInvalidStateException", "is unavailable."))),
    (KeyState::Creating, Some(("KMSInvalidStateException", "is creating."))),
    (KeyState::Updating, None),
];

/// Makes a call in every state.
pub(crate) async fn in_every_state<F: Future<Output = Result<(), Refusal>>>(
    spec: KeySpec,
    usage: KeyUsage,
    call: impl Fn(Client, String) -> F,
) {
    for (state, told) in STATES {
        let kms = fixture(spec, usage, state);
        let arn = kms.key("subject").arn().to_owned();
        let found = call(client(&kms.caller("admin")), arn.clone()).await;
        matches_state(state, told, &arn, found);
    }
}

#[track_caller]
pub(crate) fn matches_state(
    state: KeyState,
    told: Option<(&str, &str)>,
    arn: &str,
    found: Result<(), Refusal>,
) {
    match told {
        None => assert_eq!(found, Ok(()), "in state {state}"),
        Some((code, words)) => found.unwrap_err().is(code, &format!("{arn} {words}")),
    }
}

/// Asserts on the refusal of what the fake cannot do: 501, and a text that says what.
#[track_caller]
pub(crate) fn is_unsupported(refusal: &Refusal, what: &str) {
    assert_eq!(refusal.code, "KmsFixtureNotImplementedException");
    assert_eq!(refusal.status, 501);
    let text = refusal.message.as_deref().unwrap();
    assert!(text.contains("does not support"), "{text}");
    assert!(text.contains(what), "{text}");
}

/// The id of a key's current material.
pub(crate) async fn material_of(caller: &Caller, key: &Key) -> String {
    let described = client(caller).describe_key().key_id(key.id()).send().await;
    let described = described.unwrap();
    let metadata = described.key_metadata().unwrap();
    metadata.current_key_material_id().unwrap().to_owned()
}

pub(crate) fn blob(bytes: &[u8]) -> Blob {
    Blob::new(bytes)
}
