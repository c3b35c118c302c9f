//! Condition keys of principals and of keys (DG conditions-kms; IAM User Guide, global condition keys). `conditions.md`
//! in the documentation is the whole list.

use kms_fixture::model;
use kms_fixture::scenario::{KeyDeclaration, RoleDeclaration, UserDeclaration};
use kms_fixture::{Caller, Fixture, Kms};
use serde_json::{Value, json};

use super::calls::client;
use super::refusal::is_allowed;

/// The identity-based policy that allows everything under a condition.
pub(super) fn under(condition: &Value) -> String {
    json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "kms:*", "Resource": "*", "Condition": condition
    }})
    .to_string()
}

/// Keys of several kinds, and a role and a user who may do everything under `condition`.
pub(super) fn fixture(condition: &Value) -> Kms {
    let key = KeyDeclaration::new;
    Fixture::builder()
        .key(key("orders").alias("alias/orders").tag("team", "payments"))
        .key(key("macs").spec(model::KeySpec::HMAC_256))
        .key(key("imported").origin(model::Origin::EXTERNAL).state(model::KeyState::PendingImport))
        .key(key("global").multi_region(true))
        .role(RoleDeclaration::new("maker").policy(under(condition)))
        .user(UserDeclaration::new("alice").name("staff/alice").policy(under(condition)))
        .start()
        .unwrap()
}

async fn describes(kms: &Kms, caller: &Caller, key: &str) -> bool {
    let call = client(caller).describe_key().key_id(kms.key(key).arn());
    is_allowed(call.send().await)
}

#[tokio::test]
async fn condition_keys_tell_who_calls() {
    let role = "arn:aws:iam::111122223333:role/maker";
    let user = "arn:aws:iam::111122223333:user/staff/alice";
    for (condition, by_role, by_user) in [
        (json!({"ArnEquals": {"aws:PrincipalArn": role}}), true, false),
        (json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:sts::*:assumed-role/*"}}), false, false),
        (json!({"ArnEquals": {"aws:PrincipalArn": user}}), false, true),
        (json!({"StringEquals": {"aws:PrincipalAccount": "111122223333"}}), true, true),
        (json!({"StringEquals": {"aws:PrincipalAccount": "444455556666"}}), false, false),
        (json!({"StringEquals": {"aws:PrincipalType": "AssumedRole"}}), true, false),
        (json!({"StringEquals": {"aws:PrincipalType": "User"}}), false, true),
        (json!({"StringLike": {"aws:userid": "AROA*:maker"}}), true, false),
        (json!({"StringLike": {"aws:userid": "AIDA*"}}), false, true),
        (json!({"StringEquals": {"aws:username": "alice"}}), false, true),
        (json!({"StringEquals": {"aws:username": "bob"}}), false, false),
        (json!({"Null": {"aws:username": "true"}}), true, false),
        (json!({"Bool": {"aws:PrincipalIsAWSService": "false"}}), true, true),
        (json!({"Null": {"aws:SourceArn": "true", "aws:SourceAccount": "true"}}), true, true),
        (json!({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}), true, true),
        (json!({"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}), false, false),
        (json!({"Bool": {"aws:SecureTransport": "false"}}), false, false),
        (json!({"StringEquals": {"kms:CallerAccount": "111122223333"}}), true, true),
        (json!({"StringEquals": {"kms:CallerAccount": "444455556666"}}), false, false),
        // Tags of principals, organizations and addresses: no such key is known here.
        (json!({"StringEquals": {"aws:PrincipalTag/team": "payments"}}), false, false),
        (json!({"Null": {"aws:PrincipalOrgID": "true", "aws:SourceIp": "true"}}), true, true),
    ] {
        let kms = fixture(&condition);
        let allowed = describes(&kms, &kms.caller("maker"), "orders").await;
        assert_eq!(allowed, by_role, "{condition}");
        let allowed = describes(&kms, &kms.caller("alice"), "orders").await;
        assert_eq!(allowed, by_user, "{condition}");
    }
    // A federated user and a root, whose own policies allow everything.
    for (condition, by_guest, by_root) in [
        (json!({"StringEquals": {"aws:PrincipalType": "FederatedUser"}}), true, false),
        (json!({"StringEquals": {"aws:userid": "111122223333:guest"}}), true, false),
        (json!({"StringEquals": {"aws:PrincipalType": "Account"}}), false, true),
        (json!({"StringEquals": {"aws:userid": "111122223333"}}), false, true),
    ] {
        let policy = json!({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*",
            "Condition": condition}});
        let key = KeyDeclaration::new("orders").policy(policy.to_string());
        let kms = Fixture::builder().key(key).start().unwrap();
        let guest = kms.federated_user("guest", None).unwrap();
        assert_eq!(describes(&kms, &guest, "orders").await, by_guest);
        let root = kms.root("111122223333").unwrap();
        assert_eq!(describes(&kms, &root, "orders").await, by_root);
    }
}

#[tokio::test]
async fn condition_keys_tell_what_the_key_is() {
    let orders = ["orders"].as_slice();
    let all = ["orders", "macs", "imported", "global"].as_slice();
    for (condition, allowed) in [
        (json!({"StringEquals": {"kms:KeySpec": "HMAC_256"}}), ["macs"].as_slice()),
        (json!({"StringEquals": {"kms:CustomerMasterKeySpec": "HMAC_256"}}), &["macs"]),
        (json!({"StringLike": {"kms:KeySpec": "RSA_*"}}), &[]),
        (json!({"StringEquals": {"kms:KeyUsage": "GENERATE_VERIFY_MAC"}}), &["macs"]),
        (json!({"StringEquals": {"kms:CustomerMasterKeyUsage": "GENERATE_VERIFY_MAC"}}), &["macs"]),
        (json!({"StringEquals": {"kms:KeyOrigin": "EXTERNAL"}}), &["imported"]),
        (json!({"Bool": {"kms:MultiRegion": "true"}}), &["global"]),
        (json!({"Bool": {"kms:MultiRegion": "false"}}), &["orders", "macs", "imported"]),
        (json!({"StringEquals": {"kms:MultiRegionKeyType": "PRIMARY"}}), &["global"]),
        (json!({"StringEquals": {"kms:MultiRegionKeyType": "REPLICA"}}), &[]),
        (json!({"Null": {"kms:MultiRegionKeyType": "true"}}), &["orders", "macs", "imported"]),
        (json!({"StringEquals": {"aws:ResourceTag/team": "payments"}}), orders),
        (json!({"StringEquals": {"aws:ResourceTag/Team": "payments"}}), orders),
        (json!({"StringEquals": {"aws:ResourceTag/team": "other"}}), &[]),
        (json!({"Null": {"aws:ResourceTag/team": "true"}}), &["macs", "imported", "global"]),
        (json!({"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"}}), orders),
        (json!({"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/inv*"}}), &[]),
        (json!({"Null": {"kms:ResourceAliases": "true"}}), &["macs", "imported", "global"]),
        // Those of other operations.
        (
            json!({"Null": {"kms:RequestAlias": "true", "kms:EncryptionContextKeys": "true",
            "kms:EncryptionAlgorithm": "true", "kms:GrantOperations": "true",
            "kms:GrantIsForAWSResource": "true", "aws:TagKeys": "true", "kms:ViaService": "true",
            "kms:BypassPolicyLockoutSafetyCheck": "true"}}),
            all,
        ),
    ] {
        let kms = fixture(&condition);
        for key in all {
            let outcome = describes(&kms, &kms.caller("maker"), key).await;
            assert_eq!(outcome, allowed.contains(key), "{condition} {key}");
        }
    }
}

/// Aliases are for IAM policies only; all else a key policy sees, too.
#[tokio::test]
async fn key_policies_have_the_condition_keys_of_identity_policies_but_aliases() {
    for (condition, allowed) in [
        (json!({"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"}}), false),
        (json!({"Null": {"kms:ResourceAliases": "true"}}), true),
        (json!({"StringEquals": {"kms:KeySpec": "SYMMETRIC_DEFAULT"}}), true),
        (json!({"StringEquals": {"aws:ResourceTag/team": "payments"}}), true),
        (json!({"StringEquals": {"kms:CallerAccount": "444455556666"}}), false),
    ] {
        let policy = json!({"Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*",
            "Principal": {"AWS": "arn:aws:iam::111122223333:role/maker"}, "Condition": condition}});
        let key = KeyDeclaration::new("orders").policy(policy.to_string());
        let kms = Fixture::builder()
            .key(key.alias("alias/orders").tag("team", "payments"))
            .role(RoleDeclaration::new("maker"))
            .start()
            .unwrap();
        let outcome = describes(&kms, &kms.caller("maker"), "orders").await;
        assert_eq!(outcome, allowed, "{condition}");
    }
}

/// IAM User Guide, aws:CurrentTime and aws:EpochTime: a permission for a time. The fixture starts with the year 2026.
#[tokio::test]
async fn permissions_end_by_the_clock_of_the_fixture() {
    for condition in [
        json!({"DateLessThan": {"aws:CurrentTime": "2026-01-02T00:00:00Z"}}),
        json!({"DateLessThan": {"aws:EpochTime": "2026-01-02T00:00:00Z"}}),
        json!({"NumericLessThan": {"aws:EpochTime": "1767312000"}}),
    ] {
        let kms = fixture(&condition);
        let maker = kms.caller("maker");
        assert!(describes(&kms, &maker, "orders").await, "{condition}");
        kms.clock().advance(std::time::Duration::from_hours(25));
        assert!(!describes(&kms, &maker, "orders").await, "{condition}");
    }
}

/// INVENTED(names-without-case): contexts and tags whose names differ in case only are one condition key, always.
#[tokio::test]
async fn names_that_differ_in_case_are_one_condition_key() {
    let deny = |condition: Value| {
        json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "kms:*", "Resource": "*"},
            {"Effect": "Deny", "Action": "kms:Encrypt", "Resource": "*", "Condition": condition}
        ]})
        .to_string()
    };
    let worker = |name: &str, condition| RoleDeclaration::new(name).policy(deny(condition));
    let builder = Fixture::builder()
        .key(KeyDeclaration::new("orders").tag("team", "a").tag("Team", "b"))
        .role(worker("by_context", json!({"StringEquals": {"kms:EncryptionContext:TENANT": "a"}})))
        .role(worker("by_tag", json!({"StringEquals": {"aws:ResourceTag/TEAM": "b"}})));
    let kms = builder.start().unwrap();
    for role in ["by_context", "by_tag"] {
        for _ in 0..20 {
            let call = client(&kms.caller(role)).encrypt().key_id(kms.key("orders").id());
            let call = call.plaintext(aws_sdk_kms::primitives::Blob::new("x"));
            let call = call.encryption_context("tenant", "a").encryption_context("Tenant", "b");
            assert!(!is_allowed(call.send().await), "{role}");
        }
    }
}
