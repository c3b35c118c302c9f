//! Whom a grant may name as grantee and as retiring principal (`kms-facts.md` 3.1, row 7).

use aws_sdk_kms::types::GrantConstraints;
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::{client, create, entries, granted, ids, listed};
use super::refusal::{Refusal, outcome, refused};

/// Creates a grant that names `principal` in either place; returns both outcomes.
async fn name(admin: &Caller, key: &Key, principal: &str) -> [Result<(), Refusal>; 2] {
    let grantee = create(admin, key.id(), principal, &["Decrypt"]);
    let retiring = create(admin, key.id(), admin.arn(), &["Decrypt"]).retiring_principal(principal);
    [outcome(grantee.send().await), outcome(retiring.send().await)]
}

#[kms_test(
    keys(orders),
    roles(worker, filed(name = "service/night/Filed"), partner(account = "444455556666")),
    users(alice)
)]
async fn a_grant_may_name_principals_of_every_form_facts_2_13_8b_2(admin: Caller, orders: Key) {
    for principal in [
        "arn:aws:iam::111122223333:root",
        "arn:aws:iam::444455556666:root",
        "arn:aws:iam::111122223333:role/worker",
        "arn:aws:iam::111122223333:role/service/night/Filed",
        "arn:aws:iam::444455556666:role/partner",
        "arn:aws:iam::111122223333:user/alice",
        "arn:aws:sts::111122223333:assumed-role/worker/issued-or-not",
        "arn:aws:sts::111122223333:assumed-role/Filed/session",
        "arn:aws:sts::111122223333:federated-user/issued-or-not",
        "arn:aws:sts::444455556666:federated-user/issued-or-not",
    ] {
        let create = create(&admin, orders.id(), principal, &["Decrypt"]);
        let made = granted(create.retiring_principal(principal)).await;
        let entries = entries(&admin, orders.id()).await;
        let entry = entries.iter().find(|it| it.grant_id() == Some(&made.id)).unwrap();
        assert_eq!(entry.grantee_principal(), Some(principal));
        assert_eq!(entry.retiring_principal(), Some(principal));
        // The filter of ListGrants takes each of them, and finds no other (fact 3.2.5).
        let filtered = client(&admin).list_grants().key_id(orders.id());
        let filtered = filtered.grantee_principal(principal).send().await.unwrap();
        assert_eq!(ids(filtered.grants()), [made.id]);
    }
}

#[kms_test(
    keys(orders),
    roles(worker, filed(name = "service/night/Filed"), partner(account = "444455556666"))
)]
async fn principals_must_exist_row_7_facts_3_1_8_8b_3(kms: Kms, admin: Caller, orders: Key) {
    for nobody in [
        "arn:aws:iam::111122223333:role/nobody",
        "arn:aws:iam::111122223333:role/Worker",
        "arn:aws:iam::111122223333:role/Filed",
        "arn:aws:iam::111122223333:user/nobody",
        "arn:aws:iam::111122223333:user/worker",
        "arn:aws:iam::111122223333:group/admins",
        "arn:aws:iam::444455556666:role/worker",
        "arn:aws:iam::999988887777:root",
        "arn:aws:iam::999988887777:role/worker",
        "arn:aws:sts::111122223333:assumed-role/nobody/session",
        "arn:aws:sts::444455556666:assumed-role/worker/session",
        "arn:aws:sts::999988887777:federated-user/nobody",
        orders.arn(),
    ] {
        let text = format!("ARN does not refer to a valid principal: {nobody}");
        for outcome in name(&admin, &orders, nobody).await {
            outcome.unwrap_err().is("InvalidArnException", &text);
        }
    }
    assert!(kms.grants().is_empty());
}

/// Services, organizations and what is not an ARN. The texts are not published.
#[kms_test(keys(orders))]
async fn other_names_are_not_principals_facts_3_1_9_9_11(kms: Kms, admin: Caller, orders: Key) {
    for name_of_another_kind in [
        "arn:aws:organizations::111122223333:organization/o-exampleorgid",
        "dynamodb.us-east-1.amazonaws.com",
        "nobody",
        "AROAXXXXXXXXXXXXXXXXX",
        "111122223333",
    ] {
        for outcome in name(&admin, &orders, name_of_another_kind).await {
            outcome.unwrap_err().has_code("InvalidArnException");
        }
    }
    assert!(kms.grants().is_empty());
}

#[kms_test(keys(orders), roles(filed(name = "service/night/Filed")))]
async fn the_arn_of_a_session_has_no_path_fact_8b_1(admin: Caller, orders: Key) {
    let arn = "arn:aws:sts::111122223333:assumed-role/service/night/Filed/session";
    for outcome in name(&admin, &orders, arn).await {
        outcome.unwrap_err().is("InvalidArnException", &format!("ARN is not valid: {arn}"));
    }
}

const SERVICE: &str = "example.us-east-1.amazonaws.com";

/// A service as grantee needs SourceArn and a retiring principal.
#[kms_test(keys(orders), roles(worker))]
async fn a_grant_to_a_service_has_rules_of_its_own(kms: Kms, admin: Caller, orders: Key) {
    let source = "arn:aws:s3:us-east-1:111122223333:bucket";
    let create = || {
        let create = client(&admin).create_grant().key_id(orders.id());
        create.grantee_service_principal(SERVICE).operations("Decrypt".into())
    };
    let from = GrantConstraints::builder().source_arn(source).build();
    for wrong in
        [create(), create().constraints(from.clone()), create().retiring_service_principal(SERVICE)]
    {
        refused(wrong.send().await).has_code("ValidationException");
    }
    create().constraints(from).retiring_service_principal(SERVICE).send().await.unwrap();
    let entry = entries(&admin, orders.id()).await.remove(0);
    assert_eq!(entry.grantee_service_principal(), Some(SERVICE));
    assert_eq!(entry.retiring_service_principal(), Some(SERVICE));
    assert_eq!((entry.grantee_principal(), entry.retiring_principal()), (None, None));
    assert_eq!(entry.constraints().unwrap().source_arn(), Some(source));
    assert_eq!(kms.grants()[0].grantee(), SERVICE);
}

#[kms_test(keys(orders), roles(worker))]
async fn a_grant_has_one_grantee_and_at_most_one_retiring_principal(
    admin: Caller,
    orders: Key,
    worker: Caller,
) {
    let no_grantee = client(&admin).create_grant().key_id(orders.id());
    let no_grantee = no_grantee.operations("Decrypt".into());
    let start = || create(&admin, orders.id(), worker.arn(), &["Decrypt"]);
    let from = GrantConstraints::builder().source_arn("arn:aws:s3:us-east-1:111122223333:bucket");
    let two_grantees = start().grantee_service_principal(SERVICE).constraints(from.build());
    let two_grantees = two_grantees.retiring_principal(admin.arn());
    let retiring = start().retiring_principal(worker.arn()).retiring_service_principal(SERVICE);
    for wrong in [no_grantee, two_grantees, retiring] {
        refused(wrong.send().await).has_code("ValidationException");
    }
    assert!(listed(&admin, orders.id()).await.is_empty());
}
