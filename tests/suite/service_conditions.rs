//! Policies about AWS services that call by themselves, and about those that call on somebody's behalf.

use kms_fixture::scenario::{KeyDeclaration, RoleDeclaration};
use kms_fixture::{Caller, Fixture, Kms};
use serde_json::{Value, json};

use super::calls::client;
use super::refusal::refused;
use super::service_principals::{DYNAMODB, OTHER_TABLE, S3, TABLE, describe, encrypt};

/// A service is let in by what names it, and touched by nothing that is said of an account.
#[tokio::test]
async fn key_policies_name_services() {
    for (principal, effect, lets_in) in [
        (json!({"Service": DYNAMODB}), "Allow", true),
        (json!({"Service": S3}), "Allow", false),
        (json!({"AWS": "111122223333"}), "Allow", false),
        (json!({"AWS": "111122223333"}), "Deny", true),
        (json!({"Service": DYNAMODB}), "Deny", false),
        (json!("*"), "Deny", false),
    ] {
        let mut statements = vec![statement("Allow", &json!("*"), &json!({}))];
        if effect == "Allow" {
            statements.clear();
        }
        statements.push(statement(effect, &principal, &json!({})));
        let kms = with_policy(&statements);
        let service = kms.service(DYNAMODB, Some(TABLE)).unwrap();
        let outcome = encrypt(&service, &kms.key("orders")).await;
        assert_eq!(outcome.is_ok(), lets_in, "{effect} {principal}");
        if let Err(refusal) = outcome {
            refusal.is_silent("AccessDeniedException");
        }
    }
}

fn statement(effect: &str, principal: &Value, condition: &Value) -> Value {
    json!({"Effect": effect, "Principal": principal, "Action": "kms:*", "Resource": "*", "Condition": condition})
}

fn with_policy(statements: &[Value]) -> Kms {
    let policy = json!({"Version": "2012-10-17", "Statement": statements});
    Fixture::builder()
        .key(KeyDeclaration::new("orders").policy(policy.to_string()))
        .role(RoleDeclaration::new("worker").allow(["kms:*"]))
        .start()
        .unwrap()
}

/// The confused deputy's remedy: conditions on the source, in the key policy.
#[tokio::test]
async fn key_policies_ask_services_for_their_source() {
    let service = json!({"Service": DYNAMODB});
    for (condition, source, lets_in) in [
        (json!({"ArnEquals": {"aws:SourceArn": TABLE}}), Some(TABLE), true),
        (json!({"ArnEquals": {"aws:SourceArn": TABLE}}), Some(OTHER_TABLE), false),
        (json!({"ArnEquals": {"aws:SourceArn": TABLE}}), None, false),
        (
            json!({"ArnLike": {"aws:SourceArn": "arn:aws:dynamodb:*:111122223333:table/*"}}),
            Some(OTHER_TABLE),
            true,
        ),
        (json!({"StringEquals": {"aws:SourceAccount": "111122223333"}}), Some(TABLE), true),
        (json!({"StringEquals": {"aws:SourceAccount": "444455556666"}}), Some(TABLE), false),
        (json!({"StringEquals": {"aws:SourceAccount": "111122223333"}}), None, false),
        (json!({"Null": {"aws:SourceArn": "true", "aws:SourceAccount": "true"}}), None, true),
        (json!({"Bool": {"aws:PrincipalIsAWSService": "true"}}), None, true),
        (json!({"Bool": {"aws:PrincipalIsAWSService": "false"}}), None, false),
        (json!({"StringEquals": {"aws:PrincipalServiceName": DYNAMODB}}), None, true),
        (json!({"StringEquals": {"aws:PrincipalServiceName": S3}}), None, false),
        (json!({"Null": {"aws:PrincipalArn": "true", "aws:PrincipalAccount": "true"}}), None, true),
    ] {
        let kms = with_policy(&[statement("Allow", &service, &condition)]);
        let caller = kms.service(DYNAMODB, source).unwrap();
        let outcome = encrypt(&caller, &kms.key("orders")).await;
        assert_eq!(outcome.is_ok(), lets_in, "{condition} {source:?}");
    }
}

/// Forward access sessions: the caller's own permissions count, and conditions see the service.
#[tokio::test]
async fn conditions_see_the_service_in_between() {
    let root = json!({"AWS": "arn:aws:iam::111122223333:root"});
    for (condition, direct, via) in [
        (json!({"StringEquals": {"kms:ViaService": S3}}), false, true),
        (json!({"StringNotEquals": {"kms:ViaService": S3}}), true, false),
        (json!({"StringEquals": {"kms:ViaService": DYNAMODB}}), false, false),
        (json!({"Null": {"kms:ViaService": "true"}}), true, false),
        (json!({"Bool": {"aws:ViaAWSService": "true"}}), false, true),
        (json!({"Bool": {"aws:ViaAWSService": "false"}}), true, false),
        (json!({"ForAnyValue:StringEquals": {"aws:CalledVia": ["s3.amazonaws.com"]}}), false, true),
        (
            json!({"StringEquals": {"aws:CalledViaFirst": "s3.amazonaws.com", "aws:CalledViaLast": "s3.amazonaws.com"}}),
            false,
            true,
        ),
        // It is the role that calls, through the service.
        (json!({"Bool": {"aws:PrincipalIsAWSService": "false"}}), true, true),
        (json!({"Null": {"aws:SourceArn": "true"}}), true, true),
    ] {
        let kms = with_policy(&[statement("Allow", &root, &condition)]);
        let worker = kms.caller("worker");
        let orders = kms.key("orders");
        let outcome = encrypt(&worker, &orders).await;
        assert_eq!(outcome.is_ok(), direct, "{condition}");
        let worker = worker.via_service(S3).unwrap();
        let outcome = encrypt(&worker, &orders).await;
        assert_eq!(outcome.is_ok(), via, "{condition}");
    }
}

/// `kms:GrantIsForAWSResource`, of CreateGrant, ListGrants and RevokeGrant, and of nothing else.
#[tokio::test]
async fn grants_for_aws_resources_are_made_listed_and_revoked_by_way_of_a_service() {
    let root = json!({"AWS": "arn:aws:iam::111122223333:root"});
    let condition = json!({"Bool": {"kms:GrantIsForAWSResource": "true"}});
    let kms = with_policy(&[statement("Allow", &root, &condition)]);
    let (worker, orders) = (kms.caller("worker"), kms.key("orders"));
    let via = worker.via_service(S3).unwrap();
    let create = |caller: &Caller| {
        let call = client(caller).create_grant().key_id(orders.arn());
        call.grantee_principal(worker.arn()).operations("Encrypt".into()).send()
    };
    let list = |caller: &Caller| client(caller).list_grants().key_id(orders.arn()).send();
    refused(create(&worker).await).has_code("AccessDeniedException");
    let made = create(&via).await.unwrap();
    refused(list(&worker).await).has_code("AccessDeniedException");
    assert_eq!(list(&via).await.unwrap().grants().len(), 1);
    let revoke = |caller: &Caller| {
        let call = client(caller).revoke_grant().key_id(orders.arn());
        call.grant_id(made.grant_id().unwrap()).send()
    };
    assert!(describe(&via, &orders).await.is_some());
    // The grant itself works, by way of a service or not.
    encrypt(&worker, &orders).await.unwrap();
    encrypt(&via, &orders).await.unwrap();
    refused(revoke(&worker).await).has_code("AccessDeniedException");
    revoke(&via).await.unwrap();
}

/// The usual idiom for a whole account is not for services, which belong to none.
#[tokio::test]
async fn a_service_has_no_account() {
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:DescribeKey", "Resource": "*",
         "Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}}}
    ]});
    let key = KeyDeclaration::new("orders").policy(policy.to_string());
    let kms = Fixture::builder().key(key).role(RoleDeclaration::new("worker")).start().unwrap();
    let orders = kms.key("orders");
    let describe = |caller| client(&caller).describe_key().key_id(orders.arn()).send();
    describe(kms.caller("worker")).await.unwrap();
    let service = kms.service(DYNAMODB, None).unwrap();
    refused(describe(service).await).is_silent("AccessDeniedException");
}
