//! Policies with conditions: the condition keys of grants, and the rules of IAM's policy language that `iam-rs` needs
//! help with.

use aws_sdk_kms::types::GrantOperation;
use kms_fixture::scenario::{KeyDeclaration, RoleDeclaration};
use kms_fixture::{Fixture, Kms};
use serde_json::{Value, json};

use super::calls::{create, equals};
use super::refusal::{is_allowed, refused};

/// A key that leaves everything to identity policies, and a role with this one.
fn with_identity_policy(statement: &Value) -> Kms {
    let policy = json!({"Version": "2012-10-17", "Statement": statement});
    Fixture::builder()
        .key(KeyDeclaration::new("orders").tag("team", "payments").alias("alias/orders"))
        .role(RoleDeclaration::new("maker").policy(policy.to_string()))
        .role(RoleDeclaration::new("worker"))
        .start()
        .unwrap()
}

async fn may_grant(kms: &Kms, operations: &[GrantOperation], retiring: Option<&str>) -> bool {
    let (maker, worker) = (kms.caller("maker"), kms.caller("worker"));
    let create = create(&maker, kms.key("orders").id(), worker.arn(), operations);
    is_allowed(create.set_retiring_principal(retiring.map(str::to_owned)).send().await)
}

fn allow_create(condition: &Value) -> Value {
    json!([{"Effect": "Allow", "Action": "kms:CreateGrant", "Resource": "*", "Condition": condition}])
}

#[tokio::test]
async fn grant_operations_are_a_set() {
    let condition =
        json!({"ForAllValues:StringEquals": {"kms:GrantOperations": ["Decrypt", "DescribeKey"]}});
    let kms = with_identity_policy(&allow_create(&condition));
    assert!(may_grant(&kms, &[GrantOperation::Decrypt], None).await);
    assert!(may_grant(&kms, &[GrantOperation::DescribeKey, GrantOperation::Decrypt], None).await);
    assert!(!may_grant(&kms, &[GrantOperation::Decrypt, GrantOperation::Encrypt], None).await);
}

#[tokio::test]
async fn grantee_and_retiring_principals_are_condition_keys() {
    let worker = "arn:aws:iam::111122223333:role/worker";
    let condition =
        json!({"StringEquals": {"kms:GranteePrincipal": worker, "kms:RetiringPrincipal": worker}});
    let kms = with_identity_policy(&allow_create(&condition));
    assert!(may_grant(&kms, &[GrantOperation::Decrypt], Some(worker)).await);
    assert!(!may_grant(&kms, &[GrantOperation::Decrypt], None).await);
}

#[tokio::test]
async fn grant_is_for_aws_resource_is_false_for_ordinary_callers() {
    for (flag, allowed) in [(json!("true"), false), (json!(true), false), (json!("false"), true)] {
        let condition = json!({"Bool": {"kms:GrantIsForAWSResource": flag}});
        let kms = with_identity_policy(&allow_create(&condition));
        assert_eq!(may_grant(&kms, &[GrantOperation::Decrypt], None).await, allowed);
    }
}

#[tokio::test]
async fn arn_equals_accepts_wildcards_as_on_aws() {
    for operator in ["ArnEquals", "ArnLike", "StringLike"] {
        let condition = json!({operator: {"aws:PrincipalArn": "arn:aws:iam::*:role/ma*"}});
        let kms = with_identity_policy(&allow_create(&condition));
        assert!(may_grant(&kms, &[GrantOperation::Decrypt], None).await, "{operator}");
    }
    let condition = json!({"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/ma*"}});
    let kms = with_identity_policy(&allow_create(&condition));
    assert!(!may_grant(&kms, &[GrantOperation::Decrypt], None).await);
}

#[tokio::test]
async fn two_spellings_of_one_operator_must_both_hold() {
    let nobody = "arn:aws:iam::111122223333:role/nobody";
    let condition = json!({
        "ArnEquals": {"aws:PrincipalArn": nobody},
        "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"},
    });
    let kms = with_identity_policy(&allow_create(&condition));
    assert!(!may_grant(&kms, &[GrantOperation::Decrypt], None).await);
}

/// A deny on the resources of another service does not touch keys; what is no ARN is no policy.
#[tokio::test]
async fn resources_of_other_services_are_other_resources() {
    let kms = with_identity_policy(&json!([
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "Resource": ["arn:aws:s3:*", "arn:aws:dynamodb:*:*:table/*"]},
    ]));
    assert!(may_grant(&kms, &[GrantOperation::Decrypt], None).await);
    let policy = json!({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "foo*"}});
    let role = RoleDeclaration::new("maker").policy(policy.to_string());
    let refused = Fixture::builder().role(role).start().unwrap_err().to_string();
    assert!(refused.contains("`foo*`"), "{refused}");
}

#[tokio::test]
async fn negated_operators_hold_when_the_key_is_absent() {
    let condition = json!({"StringNotEquals": {"kms:RetiringPrincipal": "arn:aws:iam::111122223333:role/worker"}});
    let kms = with_identity_policy(&allow_create(&condition));
    assert!(may_grant(&kms, &[GrantOperation::Decrypt], None).await);
    let worker = "arn:aws:iam::111122223333:role/worker";
    assert!(!may_grant(&kms, &[GrantOperation::Decrypt], Some(worker)).await);
}

#[tokio::test]
async fn if_exists_null_and_key_names_in_any_case_work() {
    for (condition, allowed) in [
        (json!({"StringEqualsIfExists": {"kms:RetiringPrincipal": "x"}}), true),
        (json!({"Null": {"kms:RetiringPrincipal": "true"}}), true),
        (json!({"Null": {"kms:RetiringPrincipal": false}}), false),
        (json!({"StringEquals": {"KMS:calleraccount": "111122223333"}}), true),
        (json!({"StringEquals": {"kms:CallerAccount": ["999988887777", "111122223333"]}}), true),
        (json!({"StringEquals": {"kms:CallerAccount": "999988887777"}}), false),
        (json!({"StringEquals": {"aws:ResourceTag/team": "payments"}}), true),
        (json!({"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"}}), true),
        (
            json!({"StringEquals": {"kms:KeySpec": "SYMMETRIC_DEFAULT", "kms:KeyUsage": "SIGN_VERIFY"}}),
            false,
        ),
        (json!({"Bool": {"aws:SecureTransport": "true"}}), true),
    ] {
        let kms = with_identity_policy(&allow_create(&condition));
        assert_eq!(may_grant(&kms, &[GrantOperation::Decrypt], None).await, allowed, "{condition}");
    }
}

#[tokio::test]
async fn policy_variables_are_filled_in() {
    let condition = json!({"StringEquals": {"kms:CallerAccount": "${aws:PrincipalAccount}"}});
    let kms = with_identity_policy(&allow_create(&condition));
    assert!(may_grant(&kms, &[GrantOperation::Decrypt], None).await);
    let condition =
        json!({"StringEquals": {"kms:CallerAccount": "${aws:PrincipalTag/none, 'other'}"}});
    let kms = with_identity_policy(&allow_create(&condition));
    assert!(!may_grant(&kms, &[GrantOperation::Decrypt], None).await);
}

#[tokio::test]
async fn actions_and_resources_match_with_wildcards_and_exclusions() {
    for (statement, allowed) in [
        (json!({"Effect": "Allow", "NotAction": "kms:CreateGrant", "Resource": "*"}), false),
        (json!({"Effect": "Allow", "NotAction": "kms:Decrypt", "Resource": "*"}), true),
        (
            json!({"Effect": "Allow", "Action": "kms:*", "NotResource": "arn:aws:kms:*:*:key/*"}),
            false,
        ),
        (
            json!({"Effect": "Allow", "Action": "kms:*", "NotResource": "arn:aws:kms:*:*:alias/*"}),
            true,
        ),
        (
            json!({"Effect": "Allow", "Action": "kms:*", "Resource": "arn:aws:kms:eu-west-1:*:key/*"}),
            false,
        ),
        (
            json!({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:kms:us-east-1:*:key/*"}),
            true,
        ),
        (
            json!({"Effect": "Allow", "Action": "kms:*", "Resource": "arn:aws:kms:us-east-1:111122223333:key/????????-*"}),
            true,
        ),
        (
            json!({"Effect": "Allow", "Action": "kms:*", "Resource": "arn:aws:kms:us-east-1:111122223333:key/mrk-*"}),
            false,
        ),
        (
            json!({"Effect": "Allow", "Action": "kms:*", "Resource": "arn:aws:kms:us-east-1:111122223333:alias/*"}),
            false,
        ),
        (
            json!({"Effect": "Allow", "Action": "kms:*", "Resource": "arn:aws:kms:us-east-1:444455556666:key/*"}),
            false,
        ),
        (json!({"Effect": "Allow", "Action": "kms:*", "Resource": "arn:aws:s3:::*"}), false),
        (
            json!({"Effect": "Allow", "Action": "kms:Create?rant", "Resource": ["arn:aws:kms:*:*:*"]}),
            true,
        ),
    ] {
        let kms = with_identity_policy(&json!([statement]));
        assert_eq!(may_grant(&kms, &[GrantOperation::Decrypt], None).await, allowed, "{statement}");
    }
}

/// A key policy may name several kinds of principal, everyone but some, and any account.
#[tokio::test]
async fn key_policies_name_principals_of_several_kinds() {
    for (principal, allowed) in [
        (json!({"Principal": "*"}), true),
        (json!({"Principal": {"AWS": "*"}}), true),
        (
            json!({"Principal": {"AWS": ["arn:aws:iam::111122223333:role/maker"], "Service": "s3.amazonaws.com"}}),
            true,
        ),
        (json!({"Principal": {"AWS": "arn:aws:sts::111122223333:assumed-role/maker/maker"}}), true),
        (
            json!({"Principal": {"AWS": "arn:aws:sts::111122223333:assumed-role/maker/other"}}),
            false,
        ),
        (json!({"Principal": {"AWS": "arn:aws:iam::111122223333:role/worker"}}), false),
        (json!({"Principal": {"Service": "s3.amazonaws.com"}}), false),
        (json!({"Principal": {"AWS": ["999988887777"]}}), false),
        (json!({"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:role/worker"}}), true),
        (json!({"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:role/maker"}}), false),
    ] {
        let mut statement =
            json!({"Effect": "Allow", "Action": "kms:CreateGrant", "Resource": "*"});
        for (member, value) in principal.as_object().unwrap() {
            statement[member] = value.clone();
        }
        let policy = json!({"Statement": statement});
        let kms = Fixture::builder()
            .key(KeyDeclaration::new("orders").policy(policy.to_string()))
            .role(RoleDeclaration::new("maker"))
            .role(RoleDeclaration::new("worker"))
            .start()
            .unwrap();
        assert_eq!(may_grant(&kms, &[GrantOperation::Decrypt], None).await, allowed, "{principal}");
    }
}

/// A constraint that constrains nothing does not pass for one.
#[tokio::test]
async fn an_empty_context_is_no_constraint_for_conditions_either() {
    let condition = json!({"StringEquals": {"kms:GrantConstraintType": "EncryptionContextEquals"}});
    let kms = with_identity_policy(&allow_create(&condition));
    let (maker, worker) = (kms.caller("maker"), kms.caller("worker"));
    let create = |context: &[(&str, &str)]| {
        let create = create(&maker, kms.key("orders").id(), worker.arn(), &["Decrypt"]);
        create.constraints(equals(context)).send()
    };
    create(&[("tenant", "acme")]).await.unwrap();
    refused(create(&[]).await).has_code("AccessDeniedException");
}

/// `NotPrincipal` with a deny bites those who carry a boundary, listed or not.
#[tokio::test]
async fn not_principal_denies_every_caller_with_a_boundary() {
    let policy = json!({"Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"},
        {"Effect": "Deny", "NotPrincipal": {"AWS": ["arn:aws:iam::111122223333:role/maker",
            "arn:aws:iam::111122223333:role/worker"]}, "Action": "kms:CreateGrant", "Resource": "*"},
    ]});
    let everything = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    for bounded in [false, true] {
        let maker = RoleDeclaration::new("maker");
        let maker = if bounded { maker.boundary(everything) } else { maker };
        let kms = Fixture::builder()
            .key(KeyDeclaration::new("orders").policy(policy.to_string()))
            .role(maker)
            .role(RoleDeclaration::new("worker"))
            .start()
            .unwrap();
        assert_eq!(may_grant(&kms, &[GrantOperation::Decrypt], None).await, !bounded);
    }
}
