//! CreateKey, DescribeKey, ListKeys, EnableKey, DisableKey, ScheduleKeyDeletion, CancelKeyDeletion,
//! UpdateKeyDescription (`kms-facts.md` 3.6).

use aws_sdk_kms::types::{
    EncryptionAlgorithmSpec, KeyManagerType, KeySpec, KeyState, KeyUsageType, MultiRegionKeyType,
    OriginType, Tag,
};
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::{client, create, describe};
use super::refusal::{denied_blindly, refused};

const DAY: i64 = 24 * 60 * 60;

#[kms_test]
async fn a_plain_key_has_these_members(admin: Caller) {
    let created = client(&admin).create_key().send().await.unwrap();
    let key = created.key_metadata().unwrap();
    assert_eq!(key.aws_account_id(), Some("111122223333"));
    let arn = format!("arn:aws:kms:us-east-1:111122223333:key/{}", key.key_id());
    assert_eq!(key.arn(), Some(arn.as_str()), "fact 2.3");
    let parts: Vec<_> = key.key_id().split('-').map(str::len).collect();
    assert_eq!(parts, [8, 4, 4, 4, 12], "fact 2.1");
    assert!(key.enabled());
    assert_eq!(key.description(), Some(""));
    assert_eq!(key.key_usage(), Some(&KeyUsageType::EncryptDecrypt));
    assert_eq!(key.key_state(), Some(&KeyState::Enabled));
    assert_eq!(key.origin(), Some(&OriginType::AwsKms));
    assert_eq!(key.key_manager(), Some(&KeyManagerType::Customer));
    assert_eq!(key.key_spec(), Some(&KeySpec::SymmetricDefault));
    assert_eq!(key.encryption_algorithms(), [EncryptionAlgorithmSpec::SymmetricDefault]);
    assert_eq!(key.multi_region(), Some(false));
    assert_eq!(key.current_key_material_id().map(str::len), Some(64));
    assert!(key.creation_date().is_some() && key.deletion_date().is_none());
    assert!(key.multi_region_configuration().is_none() && key.expiration_model().is_none());
    // Milliseconds, and the same whenever it is asked for.
    assert_eq!(key.creation_date().unwrap().subsec_nanos() % 1_000_000, 0);
    let described = client(&admin).describe_key().key_id(key.key_id()).send().await.unwrap();
    assert_eq!(described.key_metadata(), Some(key));
}

#[kms_test]
async fn a_multi_region_key_is_a_primary_without_replicas_fact_2_2(admin: Caller) {
    let created = client(&admin).create_key().multi_region(true).send().await.unwrap();
    let global = created.key_metadata().unwrap();
    let hexadecimal = global.key_id().strip_prefix("mrk-").unwrap();
    assert_eq!(hexadecimal.len(), 32);
    assert!(hexadecimal.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f')));
    assert_eq!(global.multi_region(), Some(true));
    let regions = global.multi_region_configuration().unwrap();
    assert_eq!(regions.multi_region_key_type(), Some(&MultiRegionKeyType::Primary));
    assert_eq!(regions.primary_key().unwrap().arn(), global.arn());
    assert_eq!(regions.primary_key().unwrap().region(), Some("us-east-1"));
    assert!(regions.replica_keys().is_empty());
    let described = client(&admin).describe_key().key_id(global.key_id()).send().await.unwrap();
    assert_eq!(described.key_metadata(), Some(global));
}

#[kms_test]
async fn an_external_key_without_material_shows_none_while_it_waits_for_its_deletion(
    admin: Caller,
) {
    let client = client(&admin);
    let imported = client.create_key().origin(OriginType::External).send().await.unwrap();
    let key = imported.key_metadata().unwrap().key_id();
    client.schedule_key_deletion().key_id(key).send().await.unwrap();
    let waiting = client.describe_key().key_id(key).send().await.unwrap();
    let waiting = waiting.key_metadata().unwrap();
    assert!(waiting.expiration_model().is_none() && waiting.current_key_material_id().is_none());
}

#[kms_test]
async fn create_key_refuses_two_specs_and_missing_key_stores_facts_1_5_1_16(
    kms: Kms,
    admin: Caller,
) {
    let create = || client(&admin).create_key();
    #[allow(deprecated)]
    let both =
        create().customer_master_key_spec(aws_sdk_kms::types::CustomerMasterKeySpec::Rsa2048);
    refused(both.key_spec(KeySpec::Rsa2048).send().await).has_code("ValidationException");
    let store =
        create().origin(OriginType::AwsCloudhsm).custom_key_store_id("cks-1234567890abcdef0");
    refused(store.send().await).is_silent("CustomKeyStoreNotFoundException");
    refused(create().origin(OriginType::ExternalKeyStore).send().await)
        .has_code("ValidationException");
    assert!(kms.keys().is_empty());
}

/// API reference, CreateKey: tags need kms:TagResource in an IAM policy.
#[kms_test(roles(
    maker(allow("kms:CreateKey")),
    tagger(allow("kms:CreateKey", "kms:TagResource"))
))]
async fn create_key_takes_a_description_and_tags(kms: Kms, maker: Caller, tagger: Caller) {
    let tag = Tag::builder().tag_key("team").tag_value("blue").build().unwrap();
    let create = |caller: &Caller| client(caller).create_key().description("for orders");
    create(&maker).send().await.unwrap();
    let refusal = refused(create(&maker).tags(tag.clone()).send().await);
    refusal.has_code("AccessDeniedException");
    assert!(refusal.message.unwrap().contains("kms:TagResource"));
    create(&tagger).tags(tag).send().await.unwrap();
    let made = kms.keys().into_iter().find(|it| !it.tags().is_empty()).unwrap();
    assert_eq!(made.description(), "for orders");
    assert_eq!(made.tags(), [("team".to_owned(), "blue".to_owned())]);
    assert_eq!(kms.keys().len(), 2);
}

#[kms_test(keys(orders(alias = "alias/orders")))]
async fn describe_key_takes_all_four_forms(admin: Caller, orders: Key) {
    let describe = |id: &str| client(&admin).describe_key().key_id(id).send();
    let alias = "arn:aws:kms:us-east-1:111122223333:alias/orders";
    for id in [orders.id(), orders.arn(), "alias/orders", alias] {
        let answer = describe(id).await.unwrap();
        assert_eq!(answer.key_metadata().unwrap().arn(), Some(orders.arn()));
    }
    // Row 4.
    for id in ["alias/none", "arn:aws:kms:us-east-1:111122223333:alias/none"] {
        refused(describe(id).await).is(
            "NotFoundException",
            "Alias arn:aws:kms:us-east-1:111122223333:alias/none is not found.",
        );
    }
    // Rows 1, 2, 3.
    refused(describe("fake-key-id").await).is("NotFoundException", "Invalid keyId 'fake-key-id'");
    let missing = "arn:aws:kms:us-east-1:111122223333:key/134f2428-cec1-4b25-a1ae-9048164dba47";
    refused(describe(missing).await)
        .is("NotFoundException", &format!("Key '{missing}' does not exist"));
    let elsewhere = "arn:aws:kms:us-west-2:111122223333:key/134f2428-cec1-4b25-a1ae-9048164dba47";
    refused(describe(elsewhere).await).is("NotFoundException", "Invalid arn us-west-2");
    let elsewhere = "arn:aws:kms:us-west-2:111122223333:alias/x";
    refused(describe(elsewhere).await).is("NotFoundException", "Invalid arn us-west-2");
    // Row 20.
    refused(describe("arn:aws:kms:us-east-1:444455556666:alias/none").await)
        .is_denial(&denied_blindly(&admin, "DescribeKey"));
}

#[kms_test(
    keys(orders),
    roles(reader, narrow),
    grants(
        open(key(orders), grantee(reader), operations(DescribeKey)),
        tenant(
            key(orders),
            grantee(narrow),
            operations(DescribeKey, Decrypt),
            context_equals(tenant = "acme")
        )
    )
)]
async fn a_grant_allows_describe_key_whatever_its_context(
    reader: Caller,
    narrow: Caller,
    orders: Key,
) {
    describe(&reader, orders.id()).await.unwrap();
    // Encryption context constraints do not apply to DescribeKey (section 4).
    describe(&narrow, orders.id()).await.unwrap();
}

#[kms_test(roles(partner(account = "444455556666", allow("kms:*"))), keys(orders))]
async fn a_key_belongs_to_the_account_that_creates_it(admin: Caller, partner: Caller, orders: Key) {
    let created = client(&partner).create_key().send().await.unwrap();
    let theirs = created.key_metadata().unwrap().arn().unwrap();
    assert!(theirs.starts_with("arn:aws:kms:us-east-1:444455556666:key/"), "{theirs}");
    for (caller, arn) in [(&partner, theirs), (&admin, orders.arn())] {
        let listed = client(caller).list_keys().send().await.unwrap();
        let [key] = listed.keys() else { panic!("{listed:?}") };
        assert_eq!(key.key_arn(), Some(arn));
        assert!(arn.ends_with(key.key_id().unwrap()));
    }
}

/// API reference, ListKeys: its resource is `*`, so that a policy for keys does not allow it.
#[kms_test(roles(
    lister(allow("kms:ListKeys")),
    keeper(policy = "policies/all_on_keys_only.json")
))]
async fn list_keys_has_no_resource(lister: Caller, keeper: Caller) {
    client(&lister).list_keys().send().await.unwrap();
    refused(client(&keeper).list_keys().send().await).has_code("AccessDeniedException");
}

#[kms_test(roles(worker))]
async fn list_keys_needs_an_identity_policy_row_21(worker: Caller) {
    let text = format!(
        "User: {} is not authorized to perform: kms:ListKeys on resource: *",
        worker.caller_arn()
    );
    refused(client(&worker).list_keys().send().await).is_denial(&text);
    refused(client(&worker).create_key().send().await).has_code("AccessDeniedException");
}

#[kms_test(keys(orders))]
async fn a_key_can_be_disabled_and_enabled_again(admin: Caller, orders: Key) {
    let client = client(&admin);
    let state = async || {
        let answer = client.describe_key().key_id(orders.id()).send().await.unwrap();
        let key = answer.key_metadata().unwrap();
        (key.enabled(), key.key_state().cloned().unwrap())
    };
    for _ in 0..2 {
        client.disable_key().key_id(orders.id()).send().await.unwrap();
        assert_eq!(state().await, (false, KeyState::Disabled));
    }
    for _ in 0..2 {
        client.enable_key().key_id(orders.arn()).send().await.unwrap();
        assert_eq!(state().await, (true, KeyState::Enabled));
    }
}

#[kms_test(keys(orders))]
async fn a_cancelled_deletion_leaves_the_key_disabled_fact_9_18(admin: Caller, orders: Key) {
    let client = client(&admin);
    let schedule = client.schedule_key_deletion().key_id(orders.id());
    let scheduled = schedule.clone().pending_window_in_days(7).send().await.unwrap();
    assert_eq!(scheduled.key_id(), Some(orders.arn()));
    assert_eq!(scheduled.key_state(), Some(&KeyState::PendingDeletion));
    assert_eq!(scheduled.pending_window_in_days(), Some(7));
    let answer = client.describe_key().key_id(orders.id()).send().await.unwrap();
    let key = answer.key_metadata().unwrap();
    assert!(!key.enabled());
    let window = key.deletion_date().unwrap().secs() - key.creation_date().unwrap().secs();
    assert_eq!(window, 7 * DAY);
    refused(schedule.send().await)
        .is("KMSInvalidStateException", &format!("{} is pending deletion.", orders.arn()));
    let cancelled = client.cancel_key_deletion().key_id(orders.id()).send().await.unwrap();
    assert_eq!(cancelled.key_id(), Some(orders.arn()));
    let answer = client.describe_key().key_id(orders.id()).send().await.unwrap();
    let key = answer.key_metadata().unwrap();
    assert_eq!(key.key_state(), Some(&KeyState::Disabled));
    assert!(key.deletion_date().is_none());
    // It takes grants again when it has been enabled.
    let create = || create(&admin, orders.id(), admin.arn(), &["Decrypt"]).send();
    refused(create().await).is("DisabledException", &format!("{} is disabled.", orders.arn()));
    client.enable_key().key_id(orders.id()).send().await.unwrap();
    create().await.unwrap();
}

#[kms_test(keys(orders))]
async fn a_deletion_window_is_7_to_30_days_by_default_30(admin: Caller, orders: Key) {
    let schedule = |days| {
        let schedule = client(&admin).schedule_key_deletion().key_id(orders.id());
        schedule.pending_window_in_days(days).send()
    };
    for days in [1, 6, 31, 365] {
        refused(schedule(days).await)
            .is("ValidationException", "PendingWindowInDays must be between 7 and 30");
    }
    let unsaid = client(&admin).schedule_key_deletion().key_id(orders.id()).send().await.unwrap();
    assert_eq!(unsaid.pending_window_in_days(), Some(30));
}

#[kms_test(keys(orders))]
async fn a_description_can_be_changed(kms: Kms, admin: Caller, orders: Key) {
    for text in ["new", ""] {
        let update = client(&admin).update_key_description().key_id(orders.id());
        update.description(text).send().await.unwrap();
        assert_eq!(kms.keys()[0].description(), text);
    }
}

#[kms_test]
async fn operations_that_are_not_implemented_say_so(admin: Caller) {
    let connect = client(&admin).connect_custom_key_store();
    let refusal = refused(connect.custom_key_store_id("cks-1234567890abcdef0").send().await);
    assert_eq!(refusal.code, "KmsFixtureNotImplementedException");
    assert_eq!(refusal.status, 501);
    assert!(refusal.message.unwrap().contains("does not implement ConnectCustomKeyStore"));
}
