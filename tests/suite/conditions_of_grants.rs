//! Condition keys of CreateGrant and RetireGrant (DG conditions-kms, kms-api-permissions-reference).

use aws_sdk_kms::operation::create_grant::builders::CreateGrantFluentBuilder;
use aws_sdk_kms::types::{GrantConstraints, GrantOperation};
use kms_fixture::scenario::{KeyDeclaration, RoleDeclaration};
use kms_fixture::{Fixture, Kms};
use serde_json::{Value, json};

use super::calls::{client, equals, subset};
use super::conditions::under;
use super::refusal::is_allowed;

const WORKER: &str = "arn:aws:iam::111122223333:role/worker";
const JANITOR: &str = "arn:aws:iam::111122223333:role/janitor";
const DYNAMODB: &str = "dynamodb.us-east-1.amazonaws.com";
const TABLE: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
const ACME: &[(&str, &str)] = &[("tenant", "acme")];

fn fixture(condition: &Value) -> Kms {
    Fixture::builder()
        .key(KeyDeclaration::new("orders").alias("alias/orders").tag("team", "payments"))
        .role(RoleDeclaration::new("maker").policy(under(condition)))
        .role(RoleDeclaration::new("worker"))
        .role(RoleDeclaration::new("janitor"))
        .start()
        .unwrap()
}

type Create = fn(CreateGrantFluentBuilder) -> CreateGrantFluentBuilder;

fn plain(it: CreateGrantFluentBuilder) -> CreateGrantFluentBuilder {
    it.grantee_principal(WORKER)
}

fn retired(it: CreateGrantFluentBuilder) -> CreateGrantFluentBuilder {
    plain(it).retiring_principal(JANITOR)
}

fn exact(it: CreateGrantFluentBuilder) -> CreateGrantFluentBuilder {
    plain(it).constraints(equals(ACME))
}

fn loose(it: CreateGrantFluentBuilder) -> CreateGrantFluentBuilder {
    plain(it).constraints(subset(ACME))
}

/// For a service, and retired by one.
fn served(it: CreateGrantFluentBuilder) -> CreateGrantFluentBuilder {
    let source = GrantConstraints::builder().source_arn(TABLE).build();
    it.grantee_service_principal(DYNAMODB).retiring_service_principal(DYNAMODB).constraints(source)
}

fn wide(it: CreateGrantFluentBuilder) -> CreateGrantFluentBuilder {
    plain(it).operations(GrantOperation::Encrypt)
}

#[tokio::test]
async fn create_grant_has_condition_keys() {
    let all: [(&str, Create); 6] = [
        ("plain", plain),
        ("retired", retired),
        ("exact", exact),
        ("loose", loose),
        ("served", served),
        ("wide", wide),
    ];
    let is = |key: &str, value: &str| json!({"StringEquals": {key: value}});
    let absent = |key: &str| json!({"Null": {key: "true"}});
    for (condition, allowed) in [
        (is("kms:GranteePrincipal", WORKER), "plain retired exact loose wide"),
        (is("kms:GranteePrincipal", JANITOR), ""),
        (absent("kms:GranteePrincipal"), "served"),
        (is("kms:RetiringPrincipal", JANITOR), "retired"),
        (is("kms:RetiringPrincipal", WORKER), ""),
        (absent("kms:RetiringPrincipal"), "plain exact loose served wide"),
        (is("kms:GranteeServicePrincipal", DYNAMODB), "served"),
        (is("kms:GranteeServicePrincipal", "s3.amazonaws.com"), ""),
        (absent("kms:GranteeServicePrincipal"), "plain retired exact loose wide"),
        (is("kms:RetiringServicePrincipal", DYNAMODB), "served"),
        (absent("kms:RetiringServicePrincipal"), "plain retired exact loose wide"),
        (is("kms:GrantConstraintType", "EncryptionContextEquals"), "exact"),
        (is("kms:GrantConstraintType", "EncryptionContextSubset"), "loose"),
        (is("kms:GrantConstraintType", "SourceArn"), ""),
        (absent("kms:GrantConstraintType"), "plain retired served wide"),
        (json!({"ArnEquals": {"kms:GrantConstraintSourceArn": TABLE}}), "served"),
        (
            json!({"ArnLike": {"kms:GrantConstraintSourceArn": "arn:aws:dynamodb:*:*:table/*"}}),
            "served",
        ),
        (json!({"ArnEquals": {"kms:GrantConstraintSourceArn": "arn:aws:s3:::x"}}), ""),
        (absent("kms:GrantConstraintSourceArn"), "plain retired exact loose wide"),
        (
            json!({"ForAllValues:StringEquals": {"kms:GrantOperations": ["Decrypt"]}}),
            "plain retired exact loose served",
        ),
        (json!({"ForAnyValue:StringEquals": {"kms:GrantOperations": ["Encrypt"]}}), "wide"),
        (json!({"ForAnyValue:StringEquals": {"kms:GrantOperations": ["encrypt"]}}), ""),
        (absent("kms:GrantOperations"), ""),
        (json!({"Bool": {"kms:GrantIsForAWSResource": "true"}}), ""),
        (absent("kms:GrantIsForAWSResource"), ""),
        // The constraint is the request's encryption context.
        (is("kms:EncryptionContext:tenant", "acme"), "exact loose"),
        (is("kms:EncryptionContext:Tenant", "acme"), "exact loose"),
        (is("kms:EncryptionContext:tenant", "other"), ""),
        (
            json!({"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": ["tenant"]}}),
            "exact loose",
        ),
        (absent("kms:EncryptionContextKeys"), "plain retired served wide"),
        (is("kms:KeySpec", "SYMMETRIC_DEFAULT"), "plain retired exact loose served wide"),
        (is("kms:KeyUsage", "SIGN_VERIFY"), ""),
    ] {
        let kms = fixture(&condition);
        let maker = client(&kms.caller("maker"));
        for (name, create) in all {
            let call = maker.create_grant().key_id(kms.key("orders").id());
            let call = create(call.operations(GrantOperation::Decrypt));
            let expected = allowed.split(' ').any(|it| it == name);
            assert_eq!(is_allowed(call.send().await), expected, "{name} {condition}");
            // DryRun says the same, without a grant.
            let call = maker.create_grant().key_id(kms.key("orders").id());
            let call = create(call.operations(GrantOperation::Decrypt));
            let refusal = super::refusal::refused(call.dry_run(true).send().await);
            refusal.has_code(if expected {
                "DryRunOperationException"
            } else {
                "AccessDeniedException"
            });
        }
    }
}

/// Of the key, RetireGrant carries aliases and tags only; of the grant, its constraint.
#[tokio::test]
async fn retire_grant_has_condition_keys() {
    let is = |key: &str, value: &str| json!({"StringEquals": {key: value}});
    let absent = |key: &str| json!({"Null": {key: "true"}});
    for (condition, by_exact, by_plain) in [
        (is("kms:CallerAccount", "111122223333"), true, true),
        (is("kms:CallerAccount", "444455556666"), false, false),
        (is("aws:ResourceTag/team", "payments"), true, true),
        (is("aws:ResourceTag/team", "other"), false, false),
        (json!({"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"}}), true, true),
        (absent("kms:ViaService"), true, true),
        (is("kms:GrantConstraintType", "EncryptionContextEquals"), true, false),
        (absent("kms:GrantConstraintType"), false, true),
        (is("kms:EncryptionContext:tenant", "acme"), true, false),
        (is("kms:EncryptionContext:tenant", "other"), false, false),
        (json!({"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["x"]}}), false, true),
        (absent("kms:EncryptionContextKeys"), false, true),
        (absent("kms:KeySpec"), true, true),
        (is("kms:KeySpec", "SYMMETRIC_DEFAULT"), false, false),
        (absent("kms:MultiRegion"), true, true),
        (absent("kms:GrantOperations"), true, true),
        (absent("kms:GranteePrincipal"), true, true),
    ] {
        for (create, allowed) in [(exact as Create, by_exact), (plain, by_plain)] {
            let kms = fixture(&condition);
            let call = client(&kms.caller("admin")).create_grant().key_id(kms.key("orders").id());
            let made = create(call.operations(GrantOperation::Decrypt));
            let made = made.send().await.unwrap();
            let call = client(&kms.caller("maker")).retire_grant();
            let call = call.grant_token(made.grant_token().unwrap());
            assert_eq!(is_allowed(call.send().await), allowed, "{condition}");
            assert_eq!(kms.grants().is_empty(), allowed);
        }
    }
}

/// Those who are named need no permission; a deny under a condition stops them all the same.
#[tokio::test]
async fn a_conditional_deny_stops_a_retiring_principal() {
    for (condition, allowed) in [
        (json!({"StringEquals": {"kms:EncryptionContext:tenant": "acme"}}), false),
        (json!({"StringEquals": {"kms:EncryptionContext:tenant": "other"}}), true),
        (json!({"StringEquals": {"kms:GrantConstraintType": "EncryptionContextSubset"}}), true),
    ] {
        let deny = json!({"Statement": {"Effect": "Deny", "Action": "kms:RetireGrant", "Resource": "*",
            "Condition": condition}});
        let kms = Fixture::builder()
            .key(KeyDeclaration::new("orders"))
            .role(RoleDeclaration::new("worker"))
            .role(RoleDeclaration::new("janitor").policy(deny.to_string()))
            .start()
            .unwrap();
        let call = client(&kms.caller("admin")).create_grant().key_id(kms.key("orders").id());
        let call = exact(call.operations(GrantOperation::Decrypt));
        let made = call.retiring_principal(JANITOR).send().await.unwrap();
        let call = client(&kms.caller("janitor")).retire_grant();
        let call = call.grant_token(made.grant_token().unwrap());
        assert_eq!(is_allowed(call.send().await), allowed, "{condition}");
    }
}
