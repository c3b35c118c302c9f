//! CreateKey, DescribeKey, ListKeys, EnableKey, DisableKey, ScheduleKeyDeletion, CancelKeyDeletion,
//! UpdateKeyDescription (`kms-facts.md` 3.6).

use aws_sdk_kms::types::{
    EncryptionAlgorithmSpec, KeyManagerType, KeySpec, KeyState, KeyUsageType, MacAlgorithmSpec,
    MultiRegionKeyType, OriginType, SigningAlgorithmSpec, Tag,
};
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::client;
use super::refusal::{denied_blindly, refused};

const DAY: i64 = 24 * 60 * 60;

#[kms_test]
async fn a_plain_key_has_these_members(admin: Caller) {
    let created = client(&admin).create_key().send().await.unwrap();
    let key = created.key_metadata().unwrap();
    assert_eq!(key.aws_account_id(), Some("111122223333"));
    assert_eq!(
        key.arn().unwrap(),
        format!("arn:aws:kms:us-east-1:111122223333:key/{}", key.key_id())
    );
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
}

#[kms_test]
async fn other_keys_have_other_members(admin: Caller) {
    let client = client(&admin);
    let macs =
        client.create_key().key_spec(KeySpec::Hmac256).key_usage(KeyUsageType::GenerateVerifyMac);
    let macs = macs.send().await.unwrap();
    let macs = macs.key_metadata().unwrap();
    assert_eq!(macs.mac_algorithms(), [MacAlgorithmSpec::HmacSha256]);
    assert_eq!((macs.current_key_material_id(), macs.encryption_algorithms().len()), (None, 0));

    let curve =
        client.create_key().key_spec(KeySpec::EccNistP521).key_usage(KeyUsageType::SignVerify);
    let curve = curve.send().await.unwrap();
    assert_eq!(
        curve.key_metadata().unwrap().signing_algorithms(),
        [SigningAlgorithmSpec::EcdsaSha512]
    );

    let global = client.create_key().multi_region(true).send().await.unwrap();
    let global = global.key_metadata().unwrap();
    assert!(global.key_id().starts_with("mrk-"));
    let regions = global.multi_region_configuration().unwrap();
    assert_eq!(regions.multi_region_key_type(), Some(&MultiRegionKeyType::Primary));
    assert_eq!(regions.primary_key().unwrap().arn(), global.arn());
    assert_eq!(regions.primary_key().unwrap().region(), Some("us-east-1"));

    let imported = client.create_key().origin(OriginType::External).send().await.unwrap();
    let imported = imported.key_metadata().unwrap();
    assert_eq!(imported.key_state(), Some(&KeyState::PendingImport));
    assert!(!imported.enabled() && imported.expiration_model().is_none());
    assert_eq!(imported.current_key_material_id(), None);
    // Waiting for its deletion, it still has none.
    client.schedule_key_deletion().key_id(imported.key_id()).send().await.unwrap();
    let waiting = client.describe_key().key_id(imported.key_id()).send().await.unwrap();
    let waiting = waiting.key_metadata().unwrap();
    assert!(waiting.expiration_model().is_none() && waiting.current_key_material_id().is_none());
}

#[kms_test]
async fn create_key_refuses_what_does_not_fit_rows_41_42(kms: Kms, admin: Caller) {
    let create = || client(&admin).create_key();
    refused(create().key_spec(KeySpec::Hmac224).send().await).is(
        "ValidationException",
        "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
    );
    let agreement = create().key_spec(KeySpec::Rsa2048).key_usage(KeyUsageType::KeyAgreement);
    refused(agreement.send().await).is(
        "ValidationException",
        "KeyUsage KEY_AGREEMENT is not compatible with KeySpec RSA_2048",
    );
    #[allow(deprecated)]
    let both =
        create().customer_master_key_spec(aws_sdk_kms::types::CustomerMasterKeySpec::Rsa2048);
    refused(both.key_spec(KeySpec::Rsa2048).send().await).has_code("ValidationException");
    let sm2 = create().key_spec(KeySpec::Sm2).key_usage(KeyUsageType::SignVerify);
    refused(sm2.send().await)
        .is("UnsupportedOperationException", "KeySpec SM2 is not supported in this Region");
    let store =
        create().origin(OriginType::AwsCloudhsm).custom_key_store_id("cks-1234567890abcdef0");
    refused(store.send().await).is_silent("CustomKeyStoreNotFoundException");
    refused(create().origin(OriginType::ExternalKeyStore).send().await)
        .has_code("ValidationException");
    assert!(kms.keys().is_empty());
}

#[kms_test]
async fn tags_are_checked_at_creation_row_53(admin: Caller) {
    let create = |keys: &[&str]| {
        let tags =
            keys.iter().map(|it| Tag::builder().tag_key(*it).tag_value("v").build().unwrap());
        client(&admin).create_key().set_tags(Some(tags.collect())).send()
    };
    refused(create(&["a", "a"]).await).is("TagException", "Duplicate tag keys");
    refused(create(&["AWS:team"]).await)
        .is("TagException", "Tags beginning with aws: are reserved");
    let many: Vec<_> = (0..51).map(|it| it.to_string()).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    refused(create(&many).await).is("TagException", "Too many tags");
    create(&["a", "b"]).await.unwrap();
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
    refused(describe("alias/ordres").await).is(
        "NotFoundException",
        "Alias arn:aws:kms:us-east-1:111122223333:alias/ordres is not found.",
    );
    // Rows 1, 2, 3.
    refused(describe("fake-key-id").await).is("NotFoundException", "Invalid keyId 'fake-key-id'");
    let missing = "arn:aws:kms:us-east-1:111122223333:key/134f2428-cec1-4b25-a1ae-9048164dba47";
    refused(describe(missing).await)
        .is("NotFoundException", &format!("Key '{missing}' does not exist"));
    let elsewhere = "arn:aws:kms:us-west-2:111122223333:key/134f2428-cec1-4b25-a1ae-9048164dba47";
    refused(describe(elsewhere).await).is("NotFoundException", "Invalid arn us-west-2");
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
    client(&reader).describe_key().key_id(orders.id()).send().await.unwrap();
    // Encryption context constraints do not apply to DescribeKey (section 4).
    client(&narrow).describe_key().key_id(orders.id()).send().await.unwrap();
}

#[kms_test(roles(partner(account = "444455556666", allow("kms:*"))), keys(a, b, c))]
async fn list_keys_pages_through_the_own_account(admin: Caller, partner: Caller) {
    for limit in 1..=4 {
        let pages = client(&admin).list_keys().limit(limit).into_paginator();
        let keys: Vec<_> = pages.items().send().collect::<Result<_, _>>().await.unwrap();
        assert_eq!(keys.len(), 3);
        assert!(keys.iter().all(|it| it.key_arn().unwrap().ends_with(it.key_id().unwrap())));
    }
    assert!(client(&partner).list_keys().send().await.unwrap().keys().is_empty());
}

#[kms_test(roles(worker))]
async fn list_keys_needs_an_identity_policy_row_21(worker: Caller) {
    let text = format!(
        "User: {} is not authorized to perform: kms:ListKeys on resource: *",
        worker.caller_arn()
    );
    refused(client(&worker).list_keys().send().await).is("AccessDeniedException", &text);
    refused(client(&worker).create_key().send().await).has_code("AccessDeniedException");
}

#[kms_test(keys(orders))]
async fn disable_and_enable(admin: Caller, orders: Key) {
    let client = client(&admin);
    let state = async || {
        let answer = client.describe_key().key_id(orders.id()).send().await.unwrap();
        let key = answer.key_metadata().unwrap();
        (key.enabled(), key.key_state().cloned().unwrap())
    };
    client.disable_key().key_id(orders.id()).send().await.unwrap();
    assert_eq!(state().await, (false, KeyState::Disabled));
    client.enable_key().key_id(orders.arn()).send().await.unwrap();
    assert_eq!(state().await, (true, KeyState::Enabled));
}

#[kms_test(keys(orders))]
async fn a_cancelled_deletion_leaves_the_key_disabled(admin: Caller, orders: Key) {
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
}

#[kms_test(keys(orders))]
async fn the_deletion_window_has_bounds_of_its_own(admin: Caller, orders: Key) {
    let schedule = |days| {
        let schedule = client(&admin).schedule_key_deletion().key_id(orders.id());
        schedule.pending_window_in_days(days).send()
    };
    for days in [6, 31] {
        refused(schedule(days).await)
            .is("ValidationException", "PendingWindowInDays must be between 7 and 30");
    }
    let unsaid = client(&admin).schedule_key_deletion().key_id(orders.id()).send().await.unwrap();
    assert_eq!(unsaid.pending_window_in_days(), Some(30));
}

#[kms_test(keys(
    orders,
    partners(account = "444455556666", policy = "policies/trusts_partner.json")
))]
async fn management_is_not_for_other_accounts(admin: Caller, kms: Kms) {
    let foreign = kms.key("partners").arn().to_owned();
    let disable = client(&admin).disable_key().key_id(&foreign);
    refused(disable.send().await)
        .is("AccessDeniedException", &denied_blindly(&admin, "DisableKey"));
    let alias = client(&admin).create_alias().alias_name("alias/theirs").target_key_id(&foreign);
    refused(alias.send().await).has_code("AccessDeniedException");
}

#[kms_test(keys(orders))]
async fn a_description_can_be_changed(kms: Kms, admin: Caller, orders: Key) {
    let update = client(&admin).update_key_description().key_id(orders.id()).description("new");
    update.send().await.unwrap();
    assert_eq!(kms.keys()[0].description(), "new");
}

#[kms_test]
async fn what_this_version_does_not_do_is_said_and_not_faked(admin: Caller) {
    let stores = client(&admin).describe_custom_key_stores();
    let refusal = refused(stores.send().await);
    assert_eq!(refusal.code, "KmsFixtureNotImplementedException");
    assert_eq!(refusal.status, 501);
    assert!(refusal.message.unwrap().contains("does not implement DescribeCustomKeyStores"));
}
