//! GetKeyRotationStatus, EnableKeyRotation, DisableKeyRotation, RotateKeyOnDemand and ListKeyRotations (`kms-facts.md`
//! 12a).

use std::time::Duration;

use aws_sdk_kms::Client;
use aws_sdk_kms::operation::get_key_rotation_status::GetKeyRotationStatusOutput;
use aws_sdk_kms::primitives::DateTime;
use aws_sdk_kms::types::{
    IncludeKeyMaterial, KeyMaterialState, KeyState, RotationType, RotationsListEntry,
};
use kms_fixture::scenario::{Consistency, KeyDeclaration, RoleDeclaration};
use kms_fixture::{Caller, Fixture, Key, Kms, kms_test};
use serde_json::{Value, json};

use super::calls::{client, sealed};
use super::refusal::{denied_blindly, refused};

const DAY: Duration = Duration::from_hours(24);

async fn status(client: &Client, key: &str) -> GetKeyRotationStatusOutput {
    let status = client.get_key_rotation_status().key_id(key);
    status.send().await.unwrap()
}

async fn enable(client: &Client, key: &str, period: Option<i32>) {
    let enable = client.enable_key_rotation().key_id(key);
    let enable = enable.set_rotation_period_in_days(period);
    enable.send().await.unwrap();
}

async fn rotate(client: &Client, key: &str) {
    let rotate = client.rotate_key_on_demand().key_id(key);
    rotate.send().await.unwrap();
}

async fn materials(client: &Client, key: &str) -> Vec<RotationsListEntry> {
    let list = client.list_key_rotations().key_id(key);
    let list = list.include_key_material(IncludeKeyMaterial::AllKeyMaterial);
    list.send().await.unwrap().rotations().to_vec()
}

async fn rotations(client: &Client, key: &str) -> Vec<RotationsListEntry> {
    let list = client.list_key_rotations().key_id(key);
    list.send().await.unwrap().rotations().to_vec()
}

async fn current(client: &Client, key: &str) -> Option<String> {
    let described = client.describe_key().key_id(key).send().await.unwrap();
    let metadata = described.key_metadata().unwrap();
    metadata.current_key_material_id().map(str::to_owned)
}

fn in_days(kms: &Kms, days: u32) -> DateTime {
    (kms.clock().now() + DAY * days).into()
}

/// Period and date; none while automatic rotation is off.
fn shown(status: &GetKeyRotationStatusOutput) -> Option<(i32, DateTime)> {
    let shown = status.rotation_period_in_days().zip(status.next_rotation_date().copied());
    assert_eq!(shown.is_some(), status.key_rotation_enabled());
    shown
}

#[kms_test(keys(orders))]
async fn a_fresh_key_has_one_material_and_no_rotation(admin: Caller, orders: Key) {
    let client = client(&admin);
    // Fact 12.1.
    let fresh = status(&client, orders.id()).await;
    assert_eq!(shown(&fresh), None);
    assert_eq!(fresh.key_id(), Some(orders.arn()));
    assert!(fresh.on_demand_rotation_start_date().is_none());
    // Fact 12.2.
    let list = client.list_key_rotations().key_id(orders.id());
    let list = list.send().await.unwrap();
    assert!(list.rotations().is_empty() && !list.truncated());
    // Fact 12.3.
    let all = materials(&client, orders.id()).await;
    let [only] = all.as_slice() else {
        panic!("{all:?}");
    };
    assert_eq!(only.key_id(), Some(orders.arn()));
    assert_eq!(only.key_material_id().map(str::to_owned), current(&client, orders.id()).await);
    assert_eq!(only.key_material_state(), Some(&KeyMaterialState::Current));
    assert!(only.rotation_date().is_none() && only.rotation_type().is_none());
    assert!(only.import_state().is_none() && only.expiration_model().is_none());
    // Fact 12.4.
    let disable = client.disable_key_rotation().key_id(orders.id());
    disable.send().await.unwrap();
}

#[kms_test(keys(orders))]
async fn a_period_is_kept_until_rotation_is_disabled(kms: Kms, admin: Caller, orders: Key) {
    let client = client(&admin);
    let key = orders.id();
    // Fact 12.5.
    for (days, bound) in [(2561, "less than or equal to 2560"), (89, "greater than or equal to 90")]
    {
        let enable = client.enable_key_rotation().key_id(key);
        refused(enable.rotation_period_in_days(days).send().await).is(
            "ValidationException",
            &format!(
                "1 validation error detected: Value '{days}' at 'rotationPeriodInDays' failed to satisfy constraint: \
                 Member must have value {bound}"
            ),
        );
    }
    // Fact 12.6.
    enable(&client, key, Some(2560)).await;
    let first = (2560, in_days(&kms, 2560));
    assert_eq!(shown(&status(&client, key).await), Some(first));
    kms.clock().advance(DAY);
    // Facts 12.7 and 12.8.
    for period in [None, Some(2560)] {
        enable(&client, key, period).await;
        assert_eq!(shown(&status(&client, key).await), Some(first));
    }
    // Fact 12.10.
    enable(&client, key, Some(90)).await;
    let second = (90, in_days(&kms, 90));
    assert_eq!(shown(&status(&client, key).await), Some(second));
    // Fact 12.9.
    let disable = client.disable_key_rotation().key_id(key);
    disable.send().await.unwrap();
    assert_eq!(shown(&status(&client, key).await), None);
    enable(&client, key, None).await;
    let third = (365, in_days(&kms, 365));
    assert_eq!(shown(&status(&client, key).await), Some(third));
}

#[kms_test(keys(orders))]
async fn automatic_rotations_come_by_the_clock(kms: Kms, admin: Caller, orders: Key) {
    let client = client(&admin);
    let key = orders.id();
    enable(&client, key, Some(90)).await;
    let dates = [in_days(&kms, 90), in_days(&kms, 180)];
    kms.clock().advance(DAY * 89);
    assert!(rotations(&client, key).await.is_empty());
    kms.clock().advance(DAY * 92);
    let done = rotations(&client, key).await;
    assert_eq!(done.len(), 2);
    for (entry, date) in done.iter().zip(dates) {
        assert_eq!(entry.rotation_date(), Some(&date));
        assert_eq!(entry.rotation_type(), Some(&RotationType::Automatic));
    }
    let next = shown(&status(&client, key).await).unwrap();
    assert_eq!(next, (90, in_days(&kms, 89)));
}

/// Fact 12.109.
#[kms_test(keys(orders))]
async fn a_disabled_key_is_rotated_when_it_comes_back(kms: Kms, admin: Caller, orders: Key) {
    let client = client(&admin);
    let key = orders.id();
    enable(&client, key, Some(90)).await;
    client.disable_key().key_id(key).send().await.unwrap();
    kms.clock().advance(DAY * 300);
    assert!(rotations(&client, key).await.is_empty());
    client.enable_key().key_id(key).send().await.unwrap();
    let done = rotations(&client, key).await;
    assert_eq!(done.len(), 1);
    assert_eq!(done[0].rotation_date(), Some(&in_days(&kms, 0)));
    assert_eq!(shown(&status(&client, key).await), Some((90, in_days(&kms, 90))));
    // The clock knows of it.
    kms.clock().advance(DAY * 90);
    assert_eq!(rotations(&client, key).await.len(), 2);
}

#[kms_test(keys(orders))]
async fn a_rotation_on_demand_is_complete_at_once(kms: Kms, admin: Caller, orders: Key) {
    let client = client(&admin);
    let key = orders.id();
    enable(&client, key, None).await;
    let automatic = shown(&status(&client, key).await);
    let before = current(&client, key).await;
    kms.clock().advance(DAY);
    // Fact 12.11.
    let answer = client.rotate_key_on_demand().key_id(key);
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.key_id(), Some(orders.arn()));
    let after = current(&client, key).await;
    assert_ne!(before, after);
    // Fact 12.13.
    let now = status(&client, key).await;
    assert_eq!(shown(&now), automatic);
    assert!(now.on_demand_rotation_start_date().is_none());
    rotate(&client, key).await;
    // Fact 12.14.
    let all = materials(&client, key).await;
    let states: Vec<_> = all.iter().filter_map(|it| it.key_material_state()).collect();
    assert_eq!(
        states,
        [&KeyMaterialState::NonCurrent, &KeyMaterialState::NonCurrent, &KeyMaterialState::Current]
    );
    assert_eq!(all[0].key_material_id(), before.as_deref());
    assert_eq!(all[1].key_material_id(), after.as_deref());
    assert_eq!(all[1].rotation_type(), Some(&RotationType::OnDemand));
    assert_eq!(all[1].rotation_date(), Some(&in_days(&kms, 0)));
    assert_eq!(rotations(&client, key).await, all[1..]);
}

#[kms_test(keys(orders))]
async fn rotations_are_listed_in_pages(admin: Caller, orders: Key) {
    let client = client(&admin);
    for _ in 0..3 {
        rotate(&client, orders.id()).await;
    }
    let all = rotations(&client, orders.id()).await;
    let page = |marker: Option<String>| {
        let list = client.list_key_rotations().key_id(orders.id()).limit(1);
        list.set_marker(marker).send()
    };
    let mut marker = None;
    for (at, entry) in all.iter().enumerate() {
        // Fact 12.15.
        let page = page(marker).await.unwrap();
        assert_eq!(page.rotations(), std::slice::from_ref(entry));
        assert_eq!(page.truncated(), at < 2);
        marker = page.next_marker().map(str::to_owned);
        assert_eq!(marker.is_some(), at < 2);
    }
    // Fact 12.16.
    refused(page(Some("bad".into())).await).is_silent("InvalidMarkerException");
}

/// Fact 12.27 and row 26.
#[kms_test(keys(orders))]
async fn a_key_is_rotated_on_demand_25_times(admin: Caller, orders: Key) {
    let client = client(&admin);
    for _ in 0..25 {
        rotate(&client, orders.id()).await;
    }
    let more = client.rotate_key_on_demand().key_id(orders.id());
    refused(more.send().await).is(
        "LimitExceededException",
        &format!(
            "The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be \
             performed for this key: {}",
            orders.arn()
        ),
    );
}

/// Fact 12.110.
#[kms_test(keys(orders))]
async fn no_rotation_begins_shortly_before_an_automatic_one(kms: Kms, admin: Caller, orders: Key) {
    let client = client(&admin);
    enable(&client, orders.id(), Some(90)).await;
    kms.clock().advance(DAY * 89 + Duration::from_mins(23 * 60 + 39));
    rotate(&client, orders.id()).await;
    kms.clock().advance(Duration::from_mins(1));
    let late = client.rotate_key_on_demand().key_id(orders.id());
    refused(late.send().await).has_code("ConflictException");
}

fn late() -> Kms {
    let late = Consistency::eventual().seconds(60);
    Fixture::builder().consistency(late).key(KeyDeclaration::new("orders")).start().unwrap()
}

#[tokio::test]
async fn a_rotation_on_demand_takes_its_time_where_changes_do() {
    let kms = late();
    let client = client(&kms.caller("admin"));
    let orders = kms.key("orders");
    let key = orders.id();
    let before = current(&client, key).await;
    let start = in_days(&kms, 0);
    rotate(&client, key).await;
    // Fact 12.11: the start date is shown meanwhile.
    kms.clock().advance(Duration::from_secs(30));
    // Fact 12.12: again is no other rotation.
    rotate(&client, key).await;
    let running = status(&client, key).await;
    assert_eq!(running.on_demand_rotation_start_date(), Some(&start));
    assert_eq!(current(&client, key).await, before);
    // Fact 12.18: disabled meanwhile; and fact 12.17.
    client.disable_key().key_id(key).send().await.unwrap();
    kms.clock().advance(Duration::from_secs(31));
    let done = rotations(&client, key).await;
    assert_eq!(done.len(), 1);
    let complete: DateTime = (kms.clock().now() - Duration::from_secs(1)).into();
    assert_eq!(done[0].rotation_date(), Some(&complete));
    let over = status(&client, key).await;
    assert!(over.on_demand_rotation_start_date().is_none());
    assert_ne!(current(&client, key).await, before);
}

#[tokio::test]
async fn settling_completes_a_rotation_also_while_deletion_is_pending() {
    let kms = late();
    let client = client(&kms.caller("admin"));
    let orders = kms.key("orders");
    let key = orders.id();
    enable(&client, key, None).await;
    rotate(&client, key).await;
    let schedule = client.schedule_key_deletion().key_id(key);
    schedule.send().await.unwrap();
    // Fact 12.19.
    let waiting = status(&client, key).await;
    assert_eq!(shown(&waiting), None);
    assert!(waiting.on_demand_rotation_start_date().is_some());
    kms.settle();
    assert_eq!(rotations(&client, key).await.len(), 1);
}

#[kms_test(keys(orders))]
async fn disabled_keys_and_keys_pending_deletion_are_not_rotated(admin: Caller, orders: Key) {
    let client = client(&admin);
    let key = orders.id();
    enable(&client, key, Some(200)).await;
    let before = shown(&status(&client, key).await);
    let refusals = async || {
        [
            refused(client.enable_key_rotation().key_id(key).send().await),
            refused(client.disable_key_rotation().key_id(key).send().await),
            refused(client.rotate_key_on_demand().key_id(key).send().await),
        ]
    };
    client.disable_key().key_id(key).send().await.unwrap();
    // Fact 12.17.
    assert_eq!(shown(&status(&client, key).await), before);
    assert!(rotations(&client, key).await.is_empty());
    for refusal in refusals().await {
        refusal.is("DisabledException", &format!("{} is disabled.", orders.arn()));
    }
    let schedule = client.schedule_key_deletion().key_id(key);
    schedule.send().await.unwrap();
    // Fact 12.19.
    assert_eq!(shown(&status(&client, key).await), None);
    assert!(rotations(&client, key).await.is_empty());
    for refusal in refusals().await {
        refusal.is("KMSInvalidStateException", &format!("{} is pending deletion.", orders.arn()));
    }
    // Fact 12.20.
    let cancel = client.cancel_key_deletion().key_id(key);
    cancel.send().await.unwrap();
    assert_eq!(shown(&status(&client, key).await), before);
}

#[kms_test(keys(
    macs(spec(HMAC_256)),
    pair(spec(RSA_2048), usage(SIGN_VERIFY)),
    outside(origin(EXTERNAL))
))]
async fn only_symmetric_keys_made_by_kms_are_rotated_automatically(
    admin: Caller,
    macs: Key,
    pair: Key,
    outside: Key,
) {
    let client = client(&admin);
    // Facts 12.22 and 12.30.
    for key in [&macs, &pair] {
        assert_eq!(shown(&status(&client, key.id()).await), None);
        assert!(rotations(&client, key.id()).await.is_empty());
        let disable = client.disable_key_rotation().key_id(key.id());
        disable.send().await.unwrap();
        let enable = client.enable_key_rotation().key_id(key.id());
        refused(enable.send().await).is_silent("UnsupportedOperationException");
        let rotate = client.rotate_key_on_demand().key_id(key.id());
        refused(rotate.send().await).is_silent("UnsupportedOperationException");
    }
    // Fact 12.30: the state comes before the spec.
    let disable = client.disable_key().key_id(macs.id());
    disable.send().await.unwrap();
    let enable = client.enable_key_rotation().key_id(macs.id());
    refused(enable.send().await).has_code("DisabledException");
    // Fact 12.23: the origin comes before the state.
    let arn = outside.arn();
    assert_eq!(shown(&status(&client, outside.id()).await), None);
    let origin = format!("{arn} origin is EXTERNAL which is not valid for this operation.");
    let enable = client.enable_key_rotation().key_id(outside.id());
    refused(enable.send().await).is("UnsupportedOperationException", &origin);
    let disable = client.disable_key_rotation().key_id(outside.id());
    refused(disable.send().await).is("UnsupportedOperationException", &origin);
    let rotate = client.rotate_key_on_demand().key_id(outside.id());
    refused(rotate.send().await)
        .is("KMSInvalidStateException", &format!("{arn} is pending import."));
}

/// Fact 12.106.
#[kms_test(keys(orders(alias = "alias/orders")))]
async fn rotation_does_not_take_aliases(admin: Caller, orders: Key) {
    let client = client(&admin);
    let alias = "alias/orders";
    let words = "Key Aliases are not supported for this operation.";
    for refusal in [
        refused(client.get_key_rotation_status().key_id(alias).send().await),
        refused(client.list_key_rotations().key_id(alias).send().await),
        refused(client.enable_key_rotation().key_id(alias).send().await),
        refused(client.disable_key_rotation().key_id(alias).send().await),
        refused(client.rotate_key_on_demand().key_id(alias).send().await),
    ] {
        refusal.is("InvalidArnException", words);
    }
    assert_eq!(shown(&status(&client, orders.arn()).await), None);
}

/// Fact 12.107.
#[tokio::test]
async fn another_account_may_only_ask_for_the_status() {
    let policy = json!({"Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "kms:*", "Resource": "*"},
    ]});
    let kms = Fixture::builder()
        .key(KeyDeclaration::new("orders").policy(policy.to_string()))
        .role(RoleDeclaration::new("guest").account("444455556666").allow(["kms:*"]))
        .start()
        .unwrap();
    let guest = kms.caller("guest");
    let client = client(&guest);
    let orders = kms.key("orders");
    let key = orders.arn();
    assert_eq!(shown(&status(&client, key).await), None);
    for (operation, refusal) in [
        ("ListKeyRotations", refused(client.list_key_rotations().key_id(key).send().await)),
        ("EnableKeyRotation", refused(client.enable_key_rotation().key_id(key).send().await)),
        ("DisableKeyRotation", refused(client.disable_key_rotation().key_id(key).send().await)),
        ("RotateKeyOnDemand", refused(client.rotate_key_on_demand().key_id(key).send().await)),
    ] {
        refusal.is_denial(&denied_blindly(&guest, operation));
    }
}

/// Fact 12.26.
#[tokio::test]
async fn the_period_is_a_condition_key_also_when_it_is_omitted() {
    let denied = async |condition: Value, period: Option<i32>| {
        let policy = json!({"Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"},
            {"Effect": "Deny", "Principal": "*", "Action": "kms:EnableKeyRotation", "Resource": "*",
             "Condition": condition},
        ]});
        let kms = Fixture::builder()
            .key(KeyDeclaration::new("orders").policy(policy.to_string()))
            .start()
            .unwrap();
        let admin = kms.caller("admin");
        let orders = kms.key("orders");
        let enable = client(&admin).enable_key_rotation().key_id(orders.id());
        let outcome = enable.set_rotation_period_in_days(period).send().await;
        let is_denied = outcome.is_err();
        if is_denied {
            refused(outcome).is_denial(&format!(
                    "User: {} is not authorized to perform: kms:EnableKeyRotation on resource: {} with an explicit \
                     deny in a resource-based policy",
                    admin.caller_arn(),
                    orders.arn()
                ));
        }
        is_denied
    };
    let absent = || json!({"Null": {"kms:RotationPeriodInDays": "true"}});
    assert!(!denied(absent(), None).await);
    let greater = || json!({"NumericGreaterThan": {"kms:RotationPeriodInDays": "100"}});
    assert!(denied(greater(), None).await);
    assert!(!denied(greater(), Some(90)).await);
    assert!(denied(greater(), Some(180)).await);
    // As a number, and equal.
    let equal = || json!({"NumericEquals": {"kms:RotationPeriodInDays": [180, 365]}});
    assert!(denied(equal(), None).await && denied(equal(), Some(180)).await);
    assert!(!denied(equal(), Some(181)).await);
}

/// Section 6 and fact 12.30: what a state allows.
#[kms_test(keys(made(state(Creating)), moved(state(Updating))))]
async fn key_states_limit_rotation_and_regions(admin: Caller, made: Key, moved: Key) {
    let client = client(&admin);
    let enable = client.enable_key_rotation().key_id(made.id());
    refused(enable.send().await)
        .is("KMSInvalidStateException", &format!("{} is creating.", made.arn()));
    self::enable(&client, moved.id(), None).await;
    let described = client.describe_key().key_id(moved.id());
    let described = described.send().await.unwrap();
    let state = described.key_metadata().and_then(|it| it.key_state());
    assert_eq!(state, Some(&KeyState::Updating));
}

#[kms_test(keys(orders))]
async fn an_old_ciphertext_shows_the_old_material_fact_13_1_5(
    kms: Kms,
    admin: Caller,
    orders: Key,
) {
    let client = client(&admin);
    let sealed = sealed(&kms, orders.id()).await;
    let before = current(&client, orders.id()).await;
    rotate(&client, orders.id()).await;
    assert_ne!(current(&client, orders.id()).await, before);
    let opened = client.decrypt().ciphertext_blob(sealed).send().await.unwrap();
    assert_eq!(opened.plaintext().unwrap().as_ref(), b"secret");
    assert_eq!(opened.key_material_id(), before.as_deref());
}
