//! Grants to AWS services that call by themselves (API model of 2026; row 23).

use aws_sdk_kms::operation::encrypt::EncryptOutput;
use aws_sdk_kms::primitives::Blob;
use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::{GrantDeclaration, KeyDeclaration, RoleDeclaration};
use kms_fixture::{Caller, Fixture, Key, Kms};
use serde_json::json;

use super::calls::client;
use super::refusal::{Refusal, refused};

pub(super) const DYNAMODB: &str = "dynamodb.us-east-1.amazonaws.com";
pub(super) const S3: &str = "s3.us-east-1.amazonaws.com";
pub(super) const TABLE: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
pub(super) const OTHER_TABLE: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/invoices";

pub(super) async fn encrypt(caller: &Caller, key: &Key) -> Result<EncryptOutput, Refusal> {
    let call = client(caller).encrypt().key_id(key.arn());
    let outcome = call.plaintext(Blob::new(*b"x")).send().await;
    match outcome {
        Ok(output) => Ok(output),
        Err(error) => Err(refused(Err::<(), _>(error))),
    }
}

pub(super) async fn describe(caller: &Caller, key: &Key) -> Option<Refusal> {
    let outcome = client(caller).describe_key().key_id(key.arn()).send().await;
    outcome.is_err().then(|| refused(outcome))
}

/// A key with a grant to DynamoDB for one table.
fn granted() -> Kms {
    let access = GrantDeclaration::new("access")
        .key("orders")
        .grantee(DYNAMODB)
        .retiring(DYNAMODB)
        .source_arn(TABLE)
        .operations([GrantOperation::Encrypt, GrantOperation::DescribeKey]);
    Fixture::builder()
        .key(KeyDeclaration::new("orders"))
        .key(KeyDeclaration::new("foreign").account("444455556666"))
        .role(RoleDeclaration::new("worker"))
        .grant(access)
        .start()
        .unwrap()
}

#[tokio::test]
async fn a_grant_to_a_service_is_for_its_source_alone_and_denials_are_silent_row_23() {
    let kms = granted();
    let orders = kms.key("orders");
    let service = |name, source| kms.service(name, source).unwrap();
    let right = service(DYNAMODB, Some(TABLE));
    encrypt(&right, &orders).await.unwrap();
    assert_eq!(describe(&right, &orders).await, None);
    for wrong in [
        service(DYNAMODB, Some(OTHER_TABLE)),
        service(DYNAMODB, None),
        service(S3, Some(TABLE)),
        service("dynamodb.amazonaws.com", Some(TABLE)),
    ] {
        let refusal = encrypt(&wrong, &orders).await.unwrap_err();
        refusal.is_silent("AccessDeniedException");
        // SourceArn, unlike the context, is asked for in DescribeKey, too.
        let refusal = describe(&wrong, &orders).await.unwrap();
        refusal.is_silent("AccessDeniedException");
    }
    // What the grant does not allow, and calls that no grant can allow.
    let decline = client(&right).generate_data_key_without_plaintext();
    let decline = decline.key_id(orders.arn()).number_of_bytes(32);
    refused(decline.send().await).is_silent("AccessDeniedException");
    refused(client(&right).list_keys().send().await).is_silent("AccessDeniedException");
    let list = client(&right).list_grants().key_id(orders.arn());
    refused(list.send().await).is_silent("AccessDeniedException");
    let missing = "arn:aws:kms:us-east-1:444455556666:key/134f2428-cec1-4b25-a1ae-9048164dba47";
    let call = client(&right).describe_key().key_id(missing);
    refused(call.send().await).is_silent("AccessDeniedException");
}

/// SourceArn is compared with the requests of services alone; a child grant has the constraint of its parent.
#[tokio::test]
async fn a_source_does_not_limit_a_role_fact_15_19() {
    let access = GrantDeclaration::new("access")
        .key("orders")
        .grantee("worker")
        .source_arn(TABLE)
        .operations([
            GrantOperation::Encrypt,
            GrantOperation::CreateGrant,
            GrantOperation::RetireGrant,
        ]);
    let kms = Fixture::builder()
        .key(KeyDeclaration::new("orders"))
        .role(RoleDeclaration::new("worker"))
        .grant(access)
        .start()
        .unwrap();
    let (worker, orders) = (kms.caller("worker"), kms.key("orders"));
    encrypt(&worker, &orders).await.unwrap();
    encrypt(&worker.via_service(S3).unwrap(), &orders).await.unwrap();
    let create = |source: Option<&str>| {
        let from = aws_sdk_kms::types::GrantConstraints::builder();
        let create = client(&worker).create_grant().key_id(orders.arn());
        let create = create.grantee_principal(worker.arn()).operations("Encrypt".into());
        create.constraints(from.set_source_arn(source.map(str::to_owned)).build()).send()
    };
    create(Some(TABLE)).await.unwrap();
    for other in [None, Some(OTHER_TABLE)] {
        refused(create(other).await).has_code("AccessDeniedException");
    }
    let retire = client(&worker).retire_grant();
    let retire = retire.grant_token(kms.grant("access").token());
    retire.send().await.unwrap();
}

#[tokio::test]
async fn a_retiring_service_retires_whatever_its_source() {
    for (name, source, may) in [
        (DYNAMODB, Some(TABLE), true),
        (DYNAMODB, Some(OTHER_TABLE), true),
        (DYNAMODB, None, true),
        (S3, Some(TABLE), false),
    ] {
        let kms = granted();
        let service = kms.service(name, source).unwrap();
        let retire = client(&service).retire_grant();
        let outcome = retire.grant_token(kms.grant("access").token()).send().await;
        if may {
            outcome.unwrap();
            let right = kms.service(DYNAMODB, Some(TABLE)).unwrap();
            let refusal = encrypt(&right, &kms.key("orders")).await.unwrap_err();
            refusal.is_silent("AccessDeniedException");
        } else {
            refused(outcome).is_silent("AccessDeniedException");
        }
        assert_eq!(kms.grants().is_empty(), may);
    }
}

#[tokio::test]
async fn only_services_list_by_service_principal_fact_15_8() {
    let kms = granted();
    let (admin, orders) = (kms.caller("admin"), kms.key("orders"));
    let dynamodb = kms.service(DYNAMODB, None).unwrap();
    let retirable = |caller: &Caller| {
        let call = client(caller).list_retirable_grants();
        call.retiring_service_principal(DYNAMODB).send()
    };
    let listed = retirable(&dynamodb).await.unwrap();
    assert_eq!(listed.grants().len(), 1);
    let entry = &listed.grants()[0];
    assert_eq!(entry.retiring_service_principal(), Some(DYNAMODB));
    let grantee = (entry.grantee_service_principal(), entry.grantee_principal());
    assert_eq!(grantee, (Some(DYNAMODB), None));
    let source = entry.constraints().unwrap().source_arn();
    assert_eq!(source, Some(TABLE));
    refused(retirable(&admin).await).has_code("AccessDeniedException");
    let s3 = kms.service(S3, None).unwrap();
    refused(retirable(&s3).await).is_silent("AccessDeniedException");

    let policy = json!({"Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"Service": DYNAMODB}, "Action": "kms:ListGrants", "Resource": "*"},
    ]});
    let put = client(&admin).put_key_policy().key_id(orders.arn());
    put.policy(policy.to_string()).send().await.unwrap();
    let list = |caller: &Caller, grantee: &str| {
        let call = client(caller).list_grants().key_id(orders.arn());
        call.grantee_service_principal(grantee).send()
    };
    for (grantee, count) in [(DYNAMODB, 1), (S3, 0)] {
        let listed = list(&dynamodb, grantee).await.unwrap();
        assert_eq!(listed.grants().len(), count);
    }
    refused(list(&admin, DYNAMODB).await).has_code("AccessDeniedException");
}

/// A service belongs to no account: whoever owns the key lets it in.
#[tokio::test]
async fn a_service_is_at_home_with_every_key() {
    let kms = granted();
    let foreign = kms.key("foreign");
    let root = kms.root("444455556666").unwrap();
    let from = aws_sdk_kms::types::GrantConstraints::builder().source_arn(TABLE);
    let create = client(&root).create_grant().key_id(foreign.arn());
    let create = create
        .grantee_service_principal(DYNAMODB)
        .retiring_service_principal(DYNAMODB)
        .constraints(from.build())
        .operations("Encrypt".into());
    let made = create.send().await.unwrap();
    let service = kms.service(DYNAMODB, Some(TABLE)).unwrap();
    encrypt(&service, &foreign).await.unwrap();
    let retire = client(&service).retire_grant();
    let retire = retire.grant_token(made.grant_token().unwrap());
    retire.send().await.unwrap();
}
