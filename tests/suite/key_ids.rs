//! How the operations on grants take a `KeyId` (`kms-facts.md` 2; rows 1, 2, 3, 6 and 20).

use kms_fixture::{Caller, Key, kms_test};

use super::calls::{client, create, retire_by_id, revoke};
use super::refusal::{Refusal, denied_blindly, outcome, refused};

const MALFORMED: [&str; 5] = [
    "invalid",
    "fake-key-id",
    "134f2428cec14b25a1ae9048164dba47",
    "134F2428-CEC1-4B25-A1AE-9048164DBA47",
    "mrk-fake-key-id",
];
const MISSING: [&str; 2] =
    ["134f2428-cec1-4b25-a1ae-9048164dba47", "mrk-d3b95762d3b95762d3b95762d3b95762"];

/// Returns how each of the operations that take the id or the ARN of a key refuses `key`.
async fn refusals(caller: &Caller, key: &str) -> Vec<(&'static str, Refusal)> {
    let unknown = "0123456789abcdef".repeat(4);
    let created = outcome(create(caller, key, caller.arn(), &["Decrypt"]).send().await);
    let listed = outcome(client(caller).list_grants().key_id(key).send().await);
    let outcomes = [
        ("CreateGrant", created),
        ("ListGrants", listed),
        ("RevokeGrant", revoke(caller, key, &unknown).await),
    ];
    outcomes.into_iter().map(|(name, it)| (name, it.expect_err(name))).collect()
}

/// Returns how each of them and RetireGrant refuse the ARN `arn`.
async fn refusals_of_arn(caller: &Caller, arn: &str) -> Vec<(&'static str, Refusal)> {
    let retired = retire_by_id(caller, arn, &"0123456789abcdef".repeat(4)).await;
    let mut refusals = refusals(caller, arn).await;
    refusals.push(("RetireGrant", retired.expect_err("RetireGrant")));
    refusals
}

#[kms_test]
async fn a_malformed_id_is_invalid_row_1_facts_2_1_2_2_3_1_1_3_2_1(admin: Caller) {
    for malformed in MALFORMED {
        for (_, refusal) in refusals(&admin, malformed).await {
            refusal.is("NotFoundException", &format!("Invalid keyId '{malformed}'"));
        }
    }
}

#[kms_test]
async fn a_well_formed_id_that_no_key_has_is_missing_row_2_facts_2_1_2_2(admin: Caller) {
    for missing in MISSING {
        let arn = format!("arn:aws:kms:us-east-1:111122223333:key/{missing}");
        let by_id = refusals(&admin, missing).await;
        for (_, refusal) in by_id.into_iter().chain(refusals_of_arn(&admin, &arn).await) {
            refusal.is("NotFoundException", &format!("Key '{arn}' does not exist"));
        }
    }
}

#[kms_test(keys(orders))]
async fn the_arn_of_another_region_is_invalid_row_3_fact_2_3(admin: Caller, orders: Key) {
    let elsewhere = orders.arn().replace("us-east-1", "eu-central-1");
    for (_, refusal) in refusals_of_arn(&admin, &elsewhere).await {
        refusal.is("NotFoundException", "Invalid arn eu-central-1");
    }
}

#[kms_test(keys(orders(alias = "alias/orders")))]
async fn aliases_are_not_taken_row_6_fact_9_5(admin: Caller) {
    let arn = "arn:aws:kms:us-east-1:111122223333:alias/orders";
    let mut found = refusals_of_arn(&admin, arn).await;
    for name in ["alias/orders", "alias/none"] {
        found.extend(refusals(&admin, name).await);
    }
    for (_, refusal) in found {
        refusal.is("InvalidArnException", "Key Aliases are not supported for this operation.");
    }
}

#[kms_test(keys(orders(account = "444455556666")))]
async fn a_key_of_another_account_looks_like_a_missing_one_row_20(admin: Caller, orders: Key) {
    let missing = orders.arn().replace(orders.id(), MISSING[0]);
    for arn in [orders.arn(), &missing] {
        for (operation, refusal) in refusals_of_arn(&admin, arn).await {
            refusal.is_denial(&denied_blindly(&admin, operation));
        }
    }
    // A bare id is one of the caller's own account.
    let home =
        format!("Key 'arn:aws:kms:us-east-1:111122223333:key/{}' does not exist", orders.id());
    let list = client(&admin).list_grants().key_id(orders.id());
    refused(list.send().await).is("NotFoundException", &home);
}
