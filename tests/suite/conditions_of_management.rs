//! Condition keys of the requests that make and manage keys (DG conditions-kms), and of those that are about no key.

use aws_sdk_kms::types::{KeySpec, KeyUsageType, OriginType, Tag};
use serde_json::json;

use super::calls::client;
use super::conditions::fixture;
use super::refusal::is_allowed;

const BYPASS: &str = "kms:BypassPolicyLockoutSafetyCheck";

#[tokio::test]
#[allow(clippy::too_many_lines)] // it is a table
async fn create_key_has_condition_keys() {
    type Change = fn(
        aws_sdk_kms::operation::create_key::builders::CreateKeyFluentBuilder,
    ) -> aws_sdk_kms::operation::create_key::builders::CreateKeyFluentBuilder;
    let plain: Change = |it| it;
    let hmac: Change =
        |it| it.key_spec(KeySpec::Hmac256).key_usage(KeyUsageType::GenerateVerifyMac);
    let external: Change = |it| it.origin(OriginType::External);
    let global: Change = |it| it.multi_region(true);
    let tagged: Change = |it| {
        let tag = Tag::builder().tag_key("team").tag_value("payments");
        it.tags(tag.build().unwrap())
    };
    for (condition, change, allowed) in [
        (json!({"StringEquals": {"kms:KeySpec": "SYMMETRIC_DEFAULT"}}), plain, true),
        (json!({"StringEquals": {"kms:KeySpec": "SYMMETRIC_DEFAULT"}}), hmac, false),
        (json!({"StringEquals": {"kms:CustomerMasterKeySpec": "HMAC_256"}}), hmac, true),
        (json!({"StringEquals": {"kms:KeyUsage": "ENCRYPT_DECRYPT"}}), plain, true),
        (json!({"StringEquals": {"kms:KeyUsage": "ENCRYPT_DECRYPT"}}), hmac, false),
        (json!({"StringEquals": {"kms:KeyOrigin": "AWS_KMS"}}), plain, true),
        (json!({"StringEquals": {"kms:KeyOrigin": "AWS_KMS"}}), external, false),
        (json!({"Bool": {"kms:MultiRegion": "false"}}), plain, true),
        (json!({"Bool": {"kms:MultiRegion": "false"}}), global, false),
        (json!({"StringEquals": {"kms:MultiRegionKeyType": "PRIMARY"}}), global, true),
        (json!({"Null": {"kms:MultiRegionKeyType": "true"}}), plain, true),
        (json!({"StringEquals": {"aws:RequestTag/team": "payments"}}), tagged, true),
        (json!({"StringEquals": {"aws:RequestTag/team": "payments"}}), plain, false),
        (json!({"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}), tagged, true),
        (json!({"ForAnyValue:StringEquals": {"aws:TagKeys": ["other"]}}), tagged, false),
        (json!({"Null": {"aws:TagKeys": "true"}}), plain, true),
        (json!({"Null": {"aws:TagKeys": "true"}}), tagged, false),
        (json!({"StringEquals": {"kms:CallerAccount": "111122223333"}}), plain, true),
        (json!({"Bool": {"kms:BypassPolicyLockoutSafetyCheck": "false"}}), plain, false),
        (json!({"Null": {"kms:BypassPolicyLockoutSafetyCheck": "true"}}), plain, true),
        (
            json!({"Bool": {"kms:BypassPolicyLockoutSafetyCheck": "true"}}),
            |it| it.bypass_policy_lockout_safety_check(true),
            true,
        ),
        (
            json!({"Null": {"kms:BypassPolicyLockoutSafetyCheck": "true"}}),
            |it| it.bypass_policy_lockout_safety_check(false),
            false,
        ),
    ] {
        let kms = fixture(&condition);
        let call = change(client(&kms.caller("maker")).create_key());
        assert_eq!(is_allowed(call.send().await), allowed, "{condition}");
    }
}

#[tokio::test]
async fn requests_that_manage_keys_have_condition_keys() {
    const WINDOW: &str = "kms:ScheduleKeyDeletionPendingWindowInDays";
    for (condition, days, allowed) in [
        (json!({"NumericGreaterThanEquals": {WINDOW: "14"}}), Some(14), true),
        (json!({"NumericGreaterThanEquals": {WINDOW: 14}}), Some(7), false),
        (json!({"NumericEquals": {WINDOW: 30}}), None, true),
        (json!({"NumericLessThan": {WINDOW: [30]}}), None, false),
    ] {
        let kms = fixture(&condition);
        let call = client(&kms.caller("maker")).schedule_key_deletion();
        let call = call.key_id(kms.key("orders").id());
        let outcome = call.set_pending_window_in_days(days).send().await;
        assert_eq!(is_allowed(outcome), allowed, "{condition}");
    }
    for (condition, bypass, allowed) in [
        (json!({"Bool": {BYPASS: true}}), Some(true), true),
        (json!({"Bool": {BYPASS: true}}), Some(false), false),
        (json!({"Bool": {BYPASS: true}}), None, false),
        (json!({"Null": {BYPASS: true}}), None, true),
        (json!({"Null": {BYPASS: true}}), Some(false), false),
    ] {
        let kms = fixture(&condition);
        let policy = include_str!("policies/trusts_partner.json");
        let call = client(&kms.caller("maker")).put_key_policy();
        let call = call.key_id(kms.key("orders").id()).policy(policy);
        let call = call.set_bypass_policy_lockout_safety_check(bypass);
        assert_eq!(is_allowed(call.send().await), allowed, "{condition}");
    }
    for (condition, tags, untags) in [
        (json!({"StringEquals": {"aws:RequestTag/team": "payments"}}), true, false),
        (json!({"StringEquals": {"aws:RequestTag/team": "other"}}), false, false),
        (json!({"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "x"]}}), true, true),
        (json!({"ForAllValues:StringEquals": {"aws:TagKeys": ["x"]}}), false, false),
        (json!({"Null": {"aws:TagKeys": "true"}}), false, false),
        (json!({"StringEquals": {"aws:ResourceTag/team": "payments"}}), true, true),
    ] {
        let kms = fixture(&condition);
        let (maker, orders) = (client(&kms.caller("maker")), kms.key("orders"));
        let tag = Tag::builder().tag_key("team").tag_value("payments");
        let tag = maker.tag_resource().tags(tag.build().unwrap());
        let outcome = tag.key_id(orders.id()).send().await;
        assert_eq!(is_allowed(outcome), tags, "{condition}");
        let outcome = maker.untag_resource().tag_keys("team").key_id(orders.id()).send().await;
        assert_eq!(is_allowed(outcome), untags, "{condition}");
    }
}

/// What is about no key has no condition keys of KMS.
#[tokio::test]
async fn calls_about_no_key_have_the_global_keys_only() {
    for (condition, allowed) in [
        (json!({"Null": {"kms:CallerAccount": "true", "kms:ViaService": "true"}}), true),
        (json!({"StringEquals": {"kms:CallerAccount": "111122223333"}}), false),
        (json!({"StringEquals": {"aws:PrincipalAccount": "111122223333"}}), true),
    ] {
        let kms = fixture(&condition);
        let maker = client(&kms.caller("maker"));
        assert_eq!(is_allowed(maker.list_keys().send().await), allowed);
        assert_eq!(is_allowed(maker.list_aliases().send().await), allowed);
        let random = maker.generate_random().number_of_bytes(8);
        assert_eq!(is_allowed(random.send().await), allowed);
    }
}
