//! ReplicateKey and UpdatePrimaryRegion, and what replicas change elsewhere (`kms-facts.md` 12c).

use std::time::Duration;

use aws_sdk_kms::Client;
use aws_sdk_kms::operation::replicate_key::ReplicateKeyOutput;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{
    DataKeySpec, IncludeKeyMaterial, KeyMetadata, KeyState, MultiRegionKeyType, Tag,
};
use kms_fixture::scenario::{Consistency, KeyDeclaration, RoleDeclaration};
use kms_fixture::{Caller, Fixture, Key, Kms, kms_test};
use serde_json::json;

use super::calls::{client, client_in};
use super::refusal::{denied, refused};

const WEST: &str = "us-west-2";
const IRELAND: &str = "eu-west-1";
const DAY: Duration = Duration::from_hours(24);

async fn describe(client: &Client, key: &str) -> KeyMetadata {
    let described = client.describe_key().key_id(key).send().await.unwrap();
    described.key_metadata().unwrap().clone()
}

async fn state(client: &Client, key: &str) -> KeyState {
    describe(client, key).await.key_state().unwrap().clone()
}

async fn replicate(client: &Client, key: &str, region: &str) -> ReplicateKeyOutput {
    let replicate = client.replicate_key().key_id(key).replica_region(region);
    replicate.send().await.unwrap()
}

/// The Regions of the replicas.
fn replicas(metadata: &KeyMetadata) -> Vec<&str> {
    let regions = metadata.multi_region_configuration().unwrap();
    let replicas = regions.replica_keys().iter();
    replicas.filter_map(|it| it.region()).collect()
}

fn arn_in(key: &Key, region: &str) -> String {
    key.arn().replace("us-east-1", region)
}

#[kms_test(keys(global(multi_region = true, description = "ours", tags(team = "x"))))]
async fn a_replica_is_a_key_of_its_own(admin: Caller, global: Key) {
    let (east, west) = (client(&admin), client_in(&admin, WEST));
    let key = global.id();
    // Fact 12.81.
    let primary = describe(&east, key).await;
    assert_eq!(primary.multi_region(), Some(true));
    assert!(replicas(&primary).is_empty());
    // Fact 12.82.
    let made = replicate(&east, key, WEST).await;
    let replica = made.replica_key_metadata().unwrap();
    assert_eq!(replica.arn(), Some(arn_in(&global, WEST).as_str()));
    assert_eq!(replica.key_state(), Some(&KeyState::Creating));
    assert!(!replica.enabled());
    assert_eq!(replica.description(), Some(""));
    assert_eq!(replica.current_key_material_id(), None);
    let regions = replica.multi_region_configuration().unwrap();
    assert_eq!(regions.multi_region_key_type(), Some(&MultiRegionKeyType::Replica));
    assert_eq!(regions.primary_key().unwrap().arn(), Some(global.arn()));
    assert_eq!(replicas(replica), [WEST]);
    let policy = made.replica_policy().unwrap();
    assert!(policy.contains("\"Sid\" : \"Enable IAM User Permissions\""));
    assert!(made.replica_tags().is_empty());
    // Fact 12.83.
    let replica = describe(&west, key).await;
    assert_eq!(replica.key_state(), Some(&KeyState::Enabled));
    assert_eq!(replica.current_key_material_id(), primary.current_key_material_id());
    let tags = west.list_resource_tags().key_id(key).send().await.unwrap();
    assert!(tags.tags().is_empty());
    replicate(&east, key, IRELAND).await;
    let primary = describe(&east, key).await;
    assert_eq!(replicas(&primary), [IRELAND, WEST]);
    assert_eq!(replicas(&describe(&west, key).await), [IRELAND, WEST]);
    // A key's ARN belongs to its Region.
    let elsewhere = west.describe_key().key_id(global.arn());
    refused(elsewhere.send().await).is("NotFoundException", "Invalid arn us-east-1");
    let listed = west.list_keys().send().await.unwrap();
    assert_eq!(listed.keys().len(), 1);
}

#[kms_test(keys(global(multi_region = true)))]
async fn a_replica_has_what_it_is_given(admin: Caller, global: Key) {
    let policy = "{\n  \"Statement\" : {\n    \"Effect\" : \"Allow\",\n    \"Principal\" : {\n      \"AWS\" : \"111122223333\"\n    },\n    \
                  \"Action\" : \"kms:*\",\n    \"Resource\" : \"*\"\n  }\n}";
    let tag = Tag::builder().tag_key("team").tag_value("x").build().unwrap();
    let (east, west) = (client(&admin), client_in(&admin, WEST));
    let replicate = || east.replicate_key().key_id(global.id()).replica_region(WEST);
    let locked = policy.replace("kms:*", "kms:Decrypt");
    refused(replicate().policy(locked).send().await).has_code("MalformedPolicyDocumentException");
    refused(replicate().tags(tag.clone()).tags(tag.clone()).send().await)
        .is("TagException", "Duplicate tag keys");
    let given = replicate().policy(policy).description("there").tags(tag.clone());
    let made = given.send().await.unwrap();
    assert_eq!(made.replica_policy(), Some(policy));
    assert_eq!(made.replica_tags(), [tag]);
    let there = describe(&west, global.id()).await;
    assert_eq!(there.description(), Some("there"));
    assert_eq!(describe(&east, global.id()).await.description(), Some(""));
}

#[kms_test(keys(global(multi_region = true, alias = "alias/global"), local))]
async fn replicate_key_refuses_wrong_regions_and_keys(admin: Caller, global: Key, local: Key) {
    let (east, west) = (client(&admin), client_in(&admin, WEST));
    let replicate = async |client: &Client, key: &str, region: &str| {
        let replicate = client.replicate_key().key_id(key).replica_region(region);
        refused(replicate.send().await)
    };
    // Facts 12.84 to 12.86.
    for (region, words) in [
        ("us-east-1", "us-east-1 cannot have a replica because it contains the primary."),
        (
            "cn-north-1",
            "The replica key Region must be in the same AWS partition as the primary key Region.",
        ),
        (
            "us-invalid-1",
            "Region us-invalid-1 is not a valid Region or multi-Region keys are not supported in Region us-invalid-1.",
        ),
    ] {
        let refusal = replicate(&east, global.id(), region).await;
        refusal.is("ValidationException", words);
    }
    // Nothing is open there yet.
    let closed = west.describe_key().key_id(global.id());
    refused(closed.send().await).has_code("InvalidSignatureException");
    self::replicate(&east, global.id(), WEST).await;
    // Fact 12.87.
    let again = "You can create only one replica of each primary key in each AWS Region.";
    let refusal = replicate(&east, global.id(), WEST).await;
    refusal.is("AlreadyExistsException", again);
    let schedule = west.schedule_key_deletion().key_id(global.id());
    schedule.send().await.unwrap();
    let refusal = replicate(&east, global.id(), WEST).await;
    refusal.is("AlreadyExistsException", again);
    // Fact 12.88 and row 52.
    let arn = arn_in(&global, WEST);
    replicate(&west, global.id(), IRELAND)
        .await
        .is("UnsupportedOperationException", &format!("{arn} is not a multi-region primary key."));
    replicate(&east, local.id(), WEST).await.has_code("UnsupportedOperationException");
    // Fact 12.106.
    let refusal = replicate(&east, "alias/global", IRELAND).await;
    refusal.has_code("InvalidArnException");
    // Fact 12.89.
    let disable = east.disable_key().key_id(global.id());
    disable.send().await.unwrap();
    replicate(&east, global.id(), IRELAND)
        .await
        .is("DisabledException", &format!("{} is disabled.", global.arn()));
}

/// Fact 12.108, and the condition keys of fact 12.112.
#[tokio::test]
async fn replication_needs_permissions_in_both_regions() {
    let policy = json!({"Statement": [
        {"Effect": "Allow", "Action": ["kms:ReplicateKey", "kms:UpdatePrimaryRegion"], "Resource": "*",
         "Condition": {"StringEqualsIfExists": {"kms:ReplicaRegion": WEST, "kms:PrimaryRegion": WEST}}},
        {"Effect": "Allow", "Action": "kms:CreateKey", "Resource": "*",
         "Condition": {"StringEquals": {"aws:RequestedRegion": WEST}}},
    ]});
    let kms = Fixture::builder()
        .key(KeyDeclaration::new("global").multi_region(true))
        .role(RoleDeclaration::new("maker").policy(policy.to_string()))
        .role(RoleDeclaration::new("half").allow(["kms:ReplicateKey"]))
        .start()
        .unwrap();
    let global = kms.key("global");
    let replicate = |caller: &str, region: &str| {
        let client = client(&kms.caller(caller));
        client.replicate_key().key_id(global.id()).replica_region(region)
    };
    let maker = kms.caller("maker");
    refused(replicate("maker", IRELAND).send().await).is_denial(&denied(
        &maker,
        "ReplicateKey",
        global.arn(),
        "identity-based policy",
    ));
    refused(replicate("half", WEST).send().await).is_denial(&format!(
        "User: {} is not authorized to perform: kms:CreateKey on resource: *",
        kms.caller("half").caller_arn()
    ));
    let tag = Tag::builder().tag_key("team").tag_value("x").build().unwrap();
    let tagged = replicate("maker", WEST).tags(tag);
    refused(tagged.send().await).has_code("AccessDeniedException");
    replicate("maker", WEST).send().await.unwrap();
    // The replica's own policy counts, too.
    let west = client_in(&kms.caller("admin"), WEST);
    let closed = json!({"Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Deny", "Principal": {"AWS": maker.arn()}, "Action": "kms:UpdatePrimaryRegion", "Resource": "*"},
    ]});
    let put = west.put_key_policy().key_id(global.id());
    put.policy(closed.to_string()).send().await.unwrap();
    let update = client(&maker).update_primary_region().key_id(global.id());
    refused(update.primary_region(WEST).send().await).is_denial(&format!(
            "User: {} is not authorized to perform: kms:UpdatePrimaryRegion on resource: {} with an explicit deny in a \
             resource-based policy",
            maker.caller_arn(),
            arn_in(&global, WEST)
        ));
}

#[kms_test(keys(global(multi_region = true, description = "first"), local))]
async fn update_primary_region_moves_the_primary(kms: Kms, admin: Caller, global: Key, local: Key) {
    let (east, west) = (client(&admin), client_in(&admin, WEST));
    let key = global.id();
    replicate(&east, key, WEST).await;
    replicate(&east, key, IRELAND).await;
    let enable = east.enable_key_rotation().key_id(key);
    enable.rotation_period_in_days(90).send().await.unwrap();
    let update = async |client: &Client, key: &str, region: &str| {
        let update = client.update_primary_region().key_id(key);
        update.primary_region(region).send().await
    };
    // Fact 12.90.
    update(&east, key, "us-east-1").await.unwrap();
    // Fact 12.91.
    refused(update(&east, key, "ap-south-1").await).is(
        "ValidationException",
        &format!("{key} does not have a replica key in the specified Region."),
    );
    // Fact 12.92.
    refused(update(&west, key, WEST).await).is(
        "KMSInvalidStateException",
        &format!("{} is not a multi-Region primary key.", arn_in(&global, WEST)),
    );
    refused(update(&east, local.id(), WEST).await).has_code("KMSInvalidStateException");
    // Fact 12.93.
    update(&east, key, WEST).await.unwrap();
    for (client, kind) in
        [(&east, MultiRegionKeyType::Replica), (&west, MultiRegionKeyType::Primary)]
    {
        let metadata = describe(client, key).await;
        let regions = metadata.multi_region_configuration().unwrap();
        assert_eq!(regions.multi_region_key_type(), Some(&kind));
        let primary = regions.primary_key().unwrap();
        assert_eq!(primary.arn(), Some(arn_in(&global, WEST).as_str()));
        assert_eq!(replicas(&metadata), [IRELAND, "us-east-1"]);
        assert!(metadata.enabled());
    }
    assert_eq!(describe(&east, key).await.description(), Some("first"));
    // Rotation goes with the primary.
    refused(east.rotate_key_on_demand().key_id(key).send().await)
        .has_code("UnsupportedOperationException");
    kms.clock().advance(DAY * 90);
    let list = east.list_key_rotations().key_id(key).send().await.unwrap();
    assert_eq!(list.rotations().len(), 1);
}

#[kms_test(keys(global(multi_region = true)))]
async fn the_primary_does_not_move_when_a_key_cannot_be_used(admin: Caller, global: Key) {
    let (east, west) = (client(&admin), client_in(&admin, WEST));
    let key = global.id();
    replicate(&east, key, WEST).await;
    let update = || east.update_primary_region().key_id(key).primary_region(WEST);
    let there = arn_in(&global, WEST);
    // Fact 12.94.
    east.disable_key().key_id(key).send().await.unwrap();
    refused(update().send().await)
        .is("DisabledException", &format!("{} is disabled.", global.arn()));
    // Fact 12.101.
    assert_eq!(state(&west, key).await, KeyState::Enabled);
    east.enable_key().key_id(key).send().await.unwrap();
    west.disable_key().key_id(key).send().await.unwrap();
    refused(update().send().await).is("DisabledException", &format!("{there} is disabled."));
    // Fact 12.95.
    let schedule = west.schedule_key_deletion().key_id(key);
    schedule.send().await.unwrap();
    refused(update().send().await)
        .is("KMSInvalidStateException", &format!("{there} is pending deletion."));
}

#[kms_test(keys(global(multi_region = true)))]
async fn a_primary_waits_for_its_replicas(kms: Kms, admin: Caller, global: Key) {
    let (east, west) = (client(&admin), client_in(&admin, WEST));
    let key = global.id();
    replicate(&east, key, WEST).await;
    let enable = east.enable_key_rotation().key_id(key);
    enable.send().await.unwrap();
    // Fact 12.96.
    let schedule = || east.schedule_key_deletion().key_id(key).pending_window_in_days(8);
    let answer = schedule().send().await.unwrap();
    assert_eq!(answer.key_id(), Some(global.arn()));
    assert_eq!(answer.key_state(), Some(&KeyState::PendingReplicaDeletion));
    assert_eq!(answer.pending_window_in_days(), Some(8));
    assert!(answer.deletion_date().is_none());
    let primary = describe(&east, key).await;
    assert_eq!(primary.pending_deletion_window_in_days(), Some(8));
    assert!(primary.deletion_date().is_none() && !primary.enabled());
    assert_eq!(state(&west, key).await, KeyState::Enabled);
    // Fact 12.21.
    let status = east.get_key_rotation_status().key_id(key);
    let status = status.send().await.unwrap();
    assert!(status.key_rotation_enabled() && status.next_rotation_date().is_some());
    // Fact 12.100.
    let waits = format!("{} is pending replica deletion.", global.arn());
    refused(schedule().send().await).is("KMSInvalidStateException", &waits);
    let untag = east.untag_resource().key_id(key).tag_keys("team");
    refused(untag.send().await).is("KMSInvalidStateException", &waits);
    let policy = east.get_key_policy().key_id(key).send().await.unwrap();
    let put = east.put_key_policy().key_id(key);
    put.policy(policy.policy().unwrap()).send().await.unwrap();
    // Fact 12.97.
    let cancel = east.cancel_key_deletion().key_id(key);
    let cancelled = cancel.send().await.unwrap();
    assert_eq!(cancelled.key_id(), Some(global.arn()));
    let primary = describe(&east, key).await;
    assert_eq!(primary.key_state(), Some(&KeyState::Disabled));
    assert!(primary.pending_deletion_window_in_days().is_none());
    schedule().send().await.unwrap();
    // Fact 12.98.
    let replica = west.schedule_key_deletion().key_id(key);
    let replica = replica.pending_window_in_days(7).send().await.unwrap();
    assert_eq!(replica.key_state(), Some(&KeyState::PendingDeletion));
    assert!(replica.deletion_date().is_some());
    assert_eq!(replicas(&describe(&east, key).await), [WEST]);
    // Fact 12.99.
    kms.clock().advance(DAY * 7);
    refused(west.describe_key().key_id(key).send().await).has_code("NotFoundException");
    let primary = describe(&east, key).await;
    assert_eq!(primary.key_state(), Some(&KeyState::PendingDeletion));
    let then = kms.clock().now() + DAY * 8;
    assert_eq!(primary.deletion_date(), Some(&then.into()));
    assert!(replicas(&primary).is_empty());
    kms.clock().advance(DAY * 8);
    refused(east.describe_key().key_id(key).send().await).has_code("NotFoundException");
}

#[kms_test(keys(global(multi_region = true)))]
async fn a_replica_can_be_made_again(kms: Kms, admin: Caller, global: Key) {
    let (east, west) = (client(&admin), client_in(&admin, WEST));
    let key = global.id();
    replicate(&east, key, WEST).await;
    let schedule = west.schedule_key_deletion().key_id(key);
    let schedule = schedule.pending_window_in_days(7);
    schedule.send().await.unwrap();
    kms.clock().advance(DAY * 7);
    replicate(&east, key, WEST).await;
    assert_eq!(state(&west, key).await, KeyState::Enabled);
    kms.clock().advance(DAY * 300);
    assert_eq!(state(&west, key).await, KeyState::Enabled);
    // All of a family goes by one long jump.
    let schedule = east.schedule_key_deletion().key_id(key);
    schedule.send().await.unwrap();
    let schedule = west.schedule_key_deletion().key_id(key);
    schedule.send().await.unwrap();
    kms.clock().advance(DAY * 61);
    refused(east.describe_key().key_id(key).send().await).has_code("NotFoundException");
}

#[kms_test(keys(global(multi_region = true)))]
async fn rotation_is_shared(kms: Kms, admin: Caller, global: Key) {
    let (east, west) = (client(&admin), client_in(&admin, WEST));
    let key = global.id();
    replicate(&east, key, WEST).await;
    let enable = east.enable_key_rotation().key_id(key);
    enable.rotation_period_in_days(100).send().await.unwrap();
    // Fact 12.24.
    let status = west.get_key_rotation_status().key_id(key);
    let status = status.send().await.unwrap();
    assert_eq!(status.key_id(), Some(arn_in(&global, WEST).as_str()));
    assert_eq!(status.rotation_period_in_days(), Some(100));
    for (operation, refusal) in [
        ("EnableKeyRotation", refused(west.enable_key_rotation().key_id(key).send().await)),
        ("DisableKeyRotation", refused(west.disable_key_rotation().key_id(key).send().await)),
        ("RotateKeyOnDemand", refused(west.rotate_key_on_demand().key_id(key).send().await)),
    ] {
        let arn = arn_in(&global, WEST);
        refusal.is(
            "UnsupportedOperationException",
            &format!("{arn} is a multi-region replica key which is not valid for {operation}."),
        );
    }
    // Fact 12.103.
    let made = east.generate_data_key().key_id(key).key_spec(DataKeySpec::Aes256);
    let made = made.send().await.unwrap();
    east.rotate_key_on_demand().key_id(key).send().await.unwrap();
    kms.clock().advance(DAY * 100);
    let list = async |client: &Client| {
        let list = client.list_key_rotations().key_id(key);
        let list = list.include_key_material(IncludeKeyMaterial::AllKeyMaterial);
        let list = list.send().await.unwrap();
        let entries = list.rotations().iter().map(|it| {
            let date = it.rotation_date().copied();
            (it.key_material_id().map(str::to_owned), date, it.rotation_type().cloned())
        });
        entries.collect::<Vec<_>>()
    };
    let listed = list(&east).await;
    assert_eq!(listed.len(), 3);
    assert_eq!(listed, list(&west).await);
    assert_eq!(
        describe(&east, key).await.current_key_material_id(),
        describe(&west, key).await.current_key_material_id()
    );
    // What was encrypted here can be decrypted there.
    let blob = Blob::new(made.ciphertext_blob().unwrap().as_ref());
    let decrypted = west.decrypt().ciphertext_blob(blob).send().await.unwrap();
    assert_eq!(decrypted.plaintext(), made.plaintext());
    assert_eq!(decrypted.key_id(), Some(arn_in(&global, WEST).as_str()));
}

#[tokio::test]
async fn a_new_replica_may_be_missing_for_a_while() {
    let kms = Fixture::builder()
        .consistency(Consistency::eventual().seconds(60))
        .key(KeyDeclaration::new("global").multi_region(true))
        .start()
        .unwrap();
    let admin = kms.caller("admin");
    let (east, west) = (client(&admin), client_in(&admin, WEST));
    let global = kms.key("global");
    replicate(&east, global.id(), WEST).await;
    let describe = || west.describe_key().key_id(global.id()).send();
    refused(describe().await).has_code("NotFoundException");
    kms.settle();
    describe().await.unwrap();
}

/// Fact 2.4: the grants of a replica are its own. The fixture shows those of every Region.
#[kms_test(keys(global(multi_region = true)), roles(worker))]
async fn grants_belong_to_one_region(kms: Kms, admin: Caller, worker: Caller, global: Key) {
    let (east, west) = (client(&admin), client_in(&admin, WEST));
    replicate(&east, global.id(), WEST).await;
    let grant = west
        .create_grant()
        .key_id(global.id())
        .grantee_principal(worker.arn())
        .operations("Decrypt".into());
    grant.send().await.unwrap();

    let keys = kms.keys();
    let arns: Vec<_> = keys.iter().map(|it| it.arn().to_owned()).collect();
    assert_eq!(arns, [global.arn().to_owned(), arn_in(&global, WEST)]);
    let grants = kms.grants();
    assert_eq!(grants.len(), 1);
    assert_eq!(grants[0].key_arn(), arn_in(&global, WEST));

    let sealed = east.generate_data_key_without_plaintext();
    let sealed = sealed.key_id(global.id()).key_spec(DataKeySpec::Aes256);
    let sealed = sealed.send().await.unwrap().ciphertext_blob.unwrap();
    let open = |client: Client| client.decrypt().ciphertext_blob(sealed.clone()).send();
    open(client_in(&worker, WEST)).await.unwrap();
    refused(open(client(&worker)).await).has_code("AccessDeniedException");
}

/// Markers are bound to their query, and so to their Region.
#[kms_test(keys(global(multi_region = true)), roles(worker))]
async fn a_marker_is_valid_in_one_region(admin: Caller, worker: Caller, global: Key) {
    let (east, west) = (client(&admin), client_in(&admin, WEST));
    replicate(&east, global.id(), WEST).await;
    for _ in 0..2 {
        let grant = east.create_grant().key_id(global.id()).operations("Decrypt".into());
        let grant = grant.grantee_principal(worker.arn()).retiring_principal(worker.arn());
        grant.send().await.unwrap();
    }
    let list = |client: &Client| {
        let list = client.list_retirable_grants();
        list.retiring_principal(worker.arn()).limit(1)
    };
    let page = list(&east).send().await.unwrap();
    let marker = page.next_marker().unwrap();
    list(&east).marker(marker).send().await.unwrap();
    refused(list(&west).marker(marker).send().await).is_silent("InvalidMarkerException");
}

/// Each Region has a store of its own, and only those of the partition are served.
#[kms_test(regions = "any", keys(orders, global(multi_region = true)), roles(worker))]
async fn any_region_is_served_on_request(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
    global: Key,
) {
    let (home, paris) = (client(&admin), client_in(&admin, "eu-west-3"));
    assert!(paris.list_keys().send().await.unwrap().keys().is_empty());
    let missing = refused(paris.describe_key().key_id(orders.id()).send().await);
    missing
        .is("NotFoundException", &format!("Key '{}' does not exist", arn_in(&orders, "eu-west-3")));
    let made = paris.create_key().send().await.unwrap().key_metadata.unwrap();
    let arn = made.arn().unwrap().to_owned();
    assert!(arn.starts_with("arn:aws:kms:eu-west-3:111122223333:key/"), "{arn}");
    let grant = paris.create_grant().key_id(&arn).grantee_principal(worker.arn());
    grant.operations("Decrypt".into()).send().await.unwrap();
    assert_eq!(home.list_keys().send().await.unwrap().keys().len(), 2);
    assert_eq!(kms.grants()[0].key_arn(), arn);
    // A replica goes to a Region that has content already.
    replicate(&home, global.id(), "eu-west-3").await;
    assert_eq!(paris.list_keys().send().await.unwrap().keys().len(), 2);
    for elsewhere in ["cn-north-1", "us-gov-west-1", "nz-north-1", "nowhere"] {
        refused(client_in(&admin, elsewhere).list_keys().send().await)
            .is("InvalidSignatureException", "Credential should be scoped to a valid region.");
    }
}

#[test]
fn any_region_excludes_a_cassette() {
    let told = Fixture::builder().any_region().replay("none.json").start().unwrap_err();
    assert_eq!(
        told.to_string(),
        "$.regions: `any` is only for the fake; a cassette has one Region"
    );
}
