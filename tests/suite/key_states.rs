//! What each key state forbids (`kms-facts.md` 6; rows 12, 13 and 14).

use aws_sdk_kms::types::{self as aws, GrantOperation, Tag};
use kms_fixture::model::KeyState;
use kms_fixture::scenario::{GrantDeclaration, KeyDeclaration, RoleDeclaration};
use kms_fixture::{Fixture, Kms, kms_test};

use super::calls::{client, create};
use super::refusal::{Refusal, outcome, refused};

/// The code and the words of the notes under the table.
fn note(kms: &Kms, number: u8) -> (&'static str, String) {
    let arn = kms.key("subject").arn().to_owned();
    let (code, words) = match number {
        1 => ("DisabledException", "disabled."),
        3 => ("KMSInvalidStateException", "pending deletion."),
        4 => ("KMSInvalidStateException", "not pending deletion (or pending replica deletion)."),
        REPLICAS => ("KMSInvalidStateException", "pending replica deletion."),
        5 => ("KMSInvalidStateException", "pending import."),
        14 => ("KMSInvalidStateException", "creating."),
        15 => ("KMSInvalidStateException", "updating."),
        other => panic!("note {other} is not in use here"),
    };
    (code, format!("{arn} is {words}"))
}

/// The note of a key whose replicas are to be deleted: note 3 with another text (section 12e).
const REPLICAS: u8 = 30;
/// Stands where no source says what happens.
const OPEN: u8 = 255;

/// The states in the order of the table's columns.
const COLUMNS: [KeyState; 8] = [
    KeyState::Enabled,
    KeyState::Disabled,
    KeyState::PendingDeletion,
    KeyState::PendingReplicaDeletion,
    KeyState::PendingImport,
    KeyState::Unavailable,
    KeyState::Creating,
    KeyState::Updating,
];

fn subject(state: KeyState) -> Kms {
    Fixture::builder()
        .key(KeyDeclaration::new("subject").state(state).alias("alias/subject"))
        .key(KeyDeclaration::new("other").alias("alias/other"))
        .role(RoleDeclaration::new("worker"))
        .grant(
            GrantDeclaration::new("access")
                .key("subject")
                .grantee("worker")
                .operations([kms_fixture::model::GrantOperation::Decrypt]),
        )
        .start()
        .unwrap()
}

/// Runs one row of the table: 0 stands for ok, a number for the note.
async fn row<F: Future<Output = Result<(), Refusal>>>(notes: [u8; 8], call: impl Fn(Kms) -> F) {
    for (state, number) in COLUMNS.into_iter().zip(notes) {
        let kms = subject(state);
        let outcome = call(kms.clone()).await;
        if number == 0 {
            assert_eq!(outcome, Ok(()), "in state {state}");
        } else if number != OPEN {
            let (code, message) = note(&kms, number);
            outcome.unwrap_err().is(code, &message);
        }
    }
}

macro_rules! rows {
    ($($test:ident: $notes:expr, |$kms:ident, $client:ident, $key:ident| $call:expr;)*) => { $(
        #[kms_test]
        async fn $test() {
            row($notes, |$kms| async move {
                let $client = client(&$kms.caller("admin"));
                let $key = $kms.key("subject").id().to_owned();
                outcome($call.send().await)
            })
            .await;
        }
    )* };
}

// Facts 3.1.14, 3.2.2 and 3.5.3 say it of CreateGrant, ListGrants and RevokeGrant.
rows! {
    create_grant: [0, 1, 3, REPLICAS, 5, 0, 14, 0], |kms, client, key| client
        .create_grant()
        .key_id(key)
        .grantee_principal(kms.caller("worker").arn())
        .operations(GrantOperation::Decrypt);
    retire_grant: [0; 8], |kms, client, _key| client.retire_grant().grant_token(kms.grant("access").token());
    revoke_grant: [0; 8], |kms, client, key| client.revoke_grant().key_id(key).grant_id(kms.grant("access").id());
    list_grants: [0; 8], |kms, client, key| client.list_grants().key_id(key);
    list_retirable_grants: [0; 8], |kms, client, _key| client
        .list_retirable_grants()
        .retiring_principal(kms.caller("worker").arn());
    describe_key: [0; 8], |kms, client, key| client.describe_key().key_id(key);
    enable_key: [0, 0, 3, REPLICAS, 5, 0, 14, 15], |kms, client, key| client.enable_key().key_id(key);
    disable_key: [0, 0, 3, REPLICAS, 5, 0, 14, 15], |kms, client, key| client.disable_key().key_id(key);
    schedule_key_deletion: [0, 0, 3, REPLICAS, 0, 0, 0, 15], |kms, client, key| client.schedule_key_deletion().key_id(key);
    cancel_key_deletion: [4, 4, 0, 0, 4, 4, 4, 4], |kms, client, key| client.cancel_key_deletion().key_id(key);
    get_key_policy: [0; 8], |kms, client, key| client.get_key_policy().key_id(key);
    list_key_policies: [0; 8], |kms, client, key| client.list_key_policies().key_id(key);
    list_resource_tags: [0; 8], |kms, client, key| client.list_resource_tags().key_id(key);
    tag_resource: [0, 0, 3, REPLICAS, 0, 0, 14, 0], |kms, client, key| client
        .tag_resource()
        .key_id(key)
        .tags(Tag::builder().tag_key("team").tag_value("x").build().unwrap());
    untag_resource: [0, 0, 3, REPLICAS, 0, 0, 14, 0], |kms, client, key| client.untag_resource().key_id(key).tag_keys("team");
    create_alias: [0, 0, 3, REPLICAS, 0, 0, 0, 0], |kms, client, key| client
        .create_alias()
        .alias_name("alias/new")
        .target_key_id(key);
    list_aliases: [0; 8], |kms, client, key| client.list_aliases().key_id(key);
    put_key_policy: [0, 0, 0, 0, 0, 0, OPEN, OPEN], |kms, client, key| client
        .put_key_policy()
        .key_id(key)
        .policy(include_str!("policies/trusts_partner_with_all.json"));
    update_alias: [0, 0, 3, REPLICAS, 0, 0, OPEN, OPEN], |kms, client, key| client
        .update_alias()
        .alias_name("alias/other")
        .target_key_id(key);
    update_alias_away: [0, 0, 0, 0, 0, 0, OPEN, OPEN], |kms, client, _key| client
        .update_alias()
        .alias_name("alias/subject")
        .target_key_id(kms.key("other").id());
    delete_alias: [0, 0, 0, 0, 0, 0, OPEN, OPEN], |kms, client, _key| client
        .delete_alias()
        .alias_name("alias/subject");
    update_key_description: [0, 0, 3, REPLICAS, 0, 0, 0, 15], |kms, client, key| client
        .update_key_description()
        .key_id(key)
        .description("x");
}

#[kms_test]
async fn describe_key_shows_the_state() {
    for state in COLUMNS {
        let kms = subject(state);
        let describe = client(&kms.caller("admin")).describe_key().key_id(kms.key("subject").id());
        let key = describe.send().await.unwrap().key_metadata.unwrap();
        assert_eq!(key.key_state().map(aws::KeyState::as_str), Some(state.as_str()));
        assert_eq!(key.enabled(), state == KeyState::Enabled);
        // While a key waits for its replicas, it has no date (fact 12.96).
        assert_eq!(key.deletion_date().is_some(), state == KeyState::PendingDeletion, "{state}");
    }
}

/// The state is single-valued: a disabled key that waits for deletion is pending deletion (fact 3.7).
#[kms_test(keys(archive(state(Disabled))), roles(worker))]
async fn a_disabled_key_that_waits_for_deletion_is_pending_deletion(kms: Kms) {
    let (admin, key) = (client(&kms.caller("admin")), kms.key("archive"));
    admin.schedule_key_deletion().key_id(key.id()).send().await.unwrap();
    let worker = kms.caller("worker");
    let create = create(&kms.caller("admin"), key.id(), worker.arn(), &["Decrypt"]);
    refused(create.send().await)
        .is("KMSInvalidStateException", &format!("{} is pending deletion.", key.arn()));
}
