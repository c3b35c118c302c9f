//! CreateGrant (`kms-facts.md` 3.1).

use aws_sdk_kms::types::{GrantConstraints, GrantOperation};
use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

use super::calls::client;
use super::refusal::refused;

#[kms_test(keys(orders), roles(worker))]
async fn every_call_makes_a_new_grant_fact_3_1_3(
    kms: Kms,
    admin: Caller,
    orders: Key,
    worker: Caller,
) {
    let create = || {
        let create = client(&admin).create_grant().key_id(orders.id());
        create.grantee_principal(worker.arn()).operations(GrantOperation::Decrypt).send()
    };
    let (one, other) = (create().await.unwrap(), create().await.unwrap());
    let id = one.grant_id().unwrap();
    assert_ne!(Some(id), other.grant_id());
    assert!(id.len() == 64 && id.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f')));
    assert_eq!(kms.grants().len(), 2);
}

#[kms_test(keys(orders), roles(worker))]
async fn a_named_retry_gives_the_same_grant_and_a_new_token_fact_3_1_4(
    kms: Kms,
    admin: Caller,
    orders: Key,
    worker: Caller,
) {
    let create = |operations: [GrantOperation; 2]| {
        let create = client(&admin).create_grant().key_id(orders.id()).name("nightly");
        create.grantee_principal(worker.arn()).set_operations(Some(operations.to_vec())).send()
    };
    let one = create([GrantOperation::Decrypt, GrantOperation::Encrypt]).await.unwrap();
    let same = create([GrantOperation::Encrypt, GrantOperation::Decrypt]).await.unwrap();
    assert_eq!(one.grant_id(), same.grant_id());
    assert_ne!(one.grant_token(), same.grant_token());
    assert_eq!(kms.grants().len(), 1);

    // Other parameters under the same name make another grant (fact 3.1.5).
    let other = create([GrantOperation::Decrypt, GrantOperation::DescribeKey]).await.unwrap();
    assert_ne!(one.grant_id(), other.grant_id());
    // Every token of a grant retires it (fact 2.7).
    client(&admin).retire_grant().grant_token(one.grant_token().unwrap()).send().await.unwrap();
    assert_eq!(kms.grants().len(), 1);
    let gone = client(&admin).retire_grant().grant_token(same.grant_token().unwrap());
    refused(gone.send().await).has_code("InvalidGrantTokenException");
}

#[kms_test(keys(orders, invoices), roles(worker))]
async fn one_name_on_two_keys_is_two_grants_fact_3_1_6(kms: Kms, admin: Caller, worker: Caller) {
    for key in ["orders", "invoices"] {
        let create = client(&admin).create_grant().key_id(kms.key(key).arn()).name("nightly");
        create
            .grantee_principal(worker.arn())
            .operations(GrantOperation::Decrypt)
            .send()
            .await
            .unwrap();
    }
    assert_eq!(kms.grants().len(), 2);
}

#[kms_test(keys(orders), roles(worker))]
async fn bound_identities_are_compared_fact_8b_10(admin: Caller, orders: Key, worker: Caller) {
    let create = |principal: &str| {
        let create = client(&admin).create_grant().key_id(orders.id()).name("nightly");
        create.grantee_principal(principal).operations(GrantOperation::Decrypt).send()
    };
    let by_arn = create(worker.arn()).await.unwrap();
    let by_id = create(worker.unique_id().unwrap()).await.unwrap();
    assert_eq!(by_arn.grant_id(), by_id.grant_id());
}

#[kms_test(keys(orders), roles(worker))]
async fn only_create_grant_is_refused_row_8(admin: Caller, orders: Key, worker: Caller) {
    let create = client(&admin).create_grant().key_id(orders.id());
    let create = create.grantee_principal(worker.arn()).operations(GrantOperation::CreateGrant);
    refused(create.send().await)
        .is("ValidationException", "Grants must not contain only the CreateGrant operation.");
}

fn context(key: &str, value: &str) -> std::collections::HashMap<String, String> {
    [(key.to_owned(), value.to_owned())].into()
}

#[kms_test(keys(orders), roles(worker))]
async fn two_context_constraints_are_refused_row_9(admin: Caller, orders: Key, worker: Caller) {
    let both = GrantConstraints::builder()
        .set_encryption_context_equals(Some(context("a", "b")))
        .set_encryption_context_subset(Some(context("a", "b")))
        .build();
    let create = client(&admin).create_grant().key_id(orders.id()).constraints(both);
    let create = create.grantee_principal(worker.arn()).operations(GrantOperation::Decrypt);
    refused(create.send().await).is("ValidationException", "More than one constraint supplied");
}

#[kms_test(
    keys(macs(spec(HMAC_256)), pairs(spec(RSA_2048), usage(ENCRYPT_DECRYPT))),
    roles(worker)
)]
async fn a_context_needs_a_symmetric_key_row_10(kms: Kms, admin: Caller, worker: Caller) {
    for key in ["macs", "pairs"] {
        let equals =
            GrantConstraints::builder().set_encryption_context_equals(Some(context("a", "b")));
        let create =
            client(&admin).create_grant().key_id(kms.key(key).id()).constraints(equals.build());
        // The operation does not fit the HMAC key either: the constraint is reported first (fact 3.7 a).
        let create = create.grantee_principal(worker.arn()).operations(GrantOperation::Decrypt);
        refused(create.send().await).is(
            "ValidationException",
            "EncryptionContext is supported only when creating a grant for a symmetric encryption KMS key.",
        );
    }
}

#[kms_test(keys(macs(spec(HMAC_256))), roles(worker))]
async fn operations_must_fit_the_key_row_11(admin: Caller, macs: Key, worker: Caller) {
    let create = client(&admin).create_grant().key_id(macs.id());
    let create = create.grantee_principal(worker.arn()).operations(GrantOperation::Encrypt);
    refused(create.send().await).is(
        "ValidationException",
        "Operations [Encrypt] are not supported when creating a grant for a symmetric KMS key with key usage \
         GENERATE_VERIFY_MAC. Valid operations are [CreateGrant, RetireGrant, DescribeKey, GenerateMac, VerifyMac]",
    );
}

#[kms_test(keys(orders, invoices), roles(worker))]
async fn wrong_key_ids_are_told_apart_rows_1_2_3_6(admin: Caller, worker: Caller) {
    let create = |key: &str| {
        let create = client(&admin).create_grant().key_id(key);
        create.grantee_principal(worker.arn()).operations(GrantOperation::Decrypt).send()
    };
    for malformed in ["invalid", "134f2428cec14b25a1ae9048164dba47", "mrk-fake-key-id"] {
        refused(create(malformed).await)
            .is("NotFoundException", &format!("Invalid keyId '{malformed}'"));
    }
    for missing in ["134f2428-cec1-4b25-a1ae-9048164dba47", "mrk-d3b95762d3b95762d3b95762d3b95762"]
    {
        let arn = format!("arn:aws:kms:us-east-1:111122223333:key/{missing}");
        let text = format!("Key '{arn}' does not exist");
        refused(create(missing).await).is("NotFoundException", &text);
        refused(create(&arn).await).is("NotFoundException", &text);
    }
    let elsewhere = "arn:aws:kms:eu-west-1:111122223333:key/134f2428-cec1-4b25-a1ae-9048164dba47";
    refused(create(elsewhere).await).is("NotFoundException", "Invalid arn eu-west-1");
    for alias in ["alias/orders", "arn:aws:kms:us-east-1:111122223333:alias/orders"] {
        refused(create(alias).await)
            .is("InvalidArnException", "Key Aliases are not supported for this operation.");
    }
}

#[kms_test(keys(orders))]
async fn principals_must_exist_row_7(admin: Caller, orders: Key) {
    let create = |principal: &str| {
        let create = client(&admin).create_grant().key_id(orders.id());
        create.grantee_principal(principal).operations(GrantOperation::Decrypt).send()
    };
    for nobody in [
        "arn:aws:iam::111122223333:role/Nobody",
        "arn:aws:iam::111122223333:user/nobody",
        "arn:aws:iam::111122223333:group/admins",
        "arn:aws:iam::999988887777:root",
        "arn:aws:sts::111122223333:assumed-role/Nobody/session",
        orders.arn(),
    ] {
        refused(create(nobody).await).is(
            "InvalidArnException",
            &format!("ARN does not refer to a valid principal: {nobody}"),
        );
    }
    refused(create("dynamodb.us-east-1.amazonaws.com").await).has_code("InvalidArnException");
}

#[kms_test(keys(orders), roles(worker))]
async fn a_key_is_no_retiring_principal_fact_3_1_9(admin: Caller, orders: Key, worker: Caller) {
    let create = client(&admin).create_grant().key_id(orders.id()).retiring_principal(orders.arn());
    let create = create.grantee_principal(worker.arn()).operations(GrantOperation::Decrypt);
    refused(create.send().await).has_code("InvalidArnException");
}

#[kms_test(keys(orders), roles(worker))]
async fn a_dry_run_makes_no_grant_row_15(kms: Kms, admin: Caller, orders: Key, worker: Caller) {
    let create = client(&admin).create_grant().key_id(orders.id()).dry_run(true);
    let create = create.grantee_principal(worker.arn()).operations(GrantOperation::Decrypt);
    refused(create.send().await).is(
        "DryRunOperationException",
        "The request would have succeeded, but the DryRun option is set.",
    );
    assert!(kms.grants().is_empty());
}

#[kms_test(keys(orders), roles(worker))]
async fn a_dry_run_that_would_fail_says_why(admin: Caller, orders: Key, worker: Caller) {
    let create = client(&worker).create_grant().key_id(orders.id()).dry_run(true);
    let create = create.grantee_principal(admin.arn()).operations(GrantOperation::Decrypt);
    refused(create.send().await).has_code("AccessDeniedException");
}

#[kms_test(keys(orders), roles(worker))]
async fn service_principals_have_rules_of_their_own(
    kms: Kms,
    admin: Caller,
    orders: Key,
    worker: Caller,
) {
    let service = "example.us-east-1.amazonaws.com";
    let create = || {
        let create = client(&admin).create_grant().key_id(orders.id());
        create.grantee_service_principal(service).operations(GrantOperation::Decrypt)
    };
    let from =
        GrantConstraints::builder().source_arn("arn:aws:s3:us-east-1:111122223333:bucket").build();
    refused(create().send().await).has_code("ValidationException");
    refused(create().constraints(from.clone()).send().await).has_code("ValidationException");
    let two = create().constraints(from.clone()).grantee_principal(worker.arn());
    refused(two.retiring_principal(admin.arn()).send().await).has_code("ValidationException");
    let none =
        client(&admin).create_grant().key_id(orders.id()).operations(GrantOperation::Decrypt);
    refused(none.send().await).has_code("ValidationException");

    create().constraints(from).retiring_service_principal(service).send().await.unwrap();
    let listed = client(&admin).list_grants().key_id(orders.id()).send().await.unwrap();
    let entry = &listed.grants()[0];
    assert_eq!(entry.grantee_service_principal(), Some(service));
    assert_eq!(entry.retiring_service_principal(), Some(service));
    assert_eq!((entry.grantee_principal(), entry.retiring_principal()), (None, None));
    assert_eq!(kms.grants()[0].grantee(), service);
}

#[kms_test(
    keys(orders),
    roles(parent, child),
    grants(wide(
        key(orders),
        grantee(parent),
        operations(CreateGrant, Decrypt, Encrypt),
        context_subset(tenant = "acme")
    ))
)]
async fn a_grant_can_make_grants_no_wider_than_itself_fact_8b_9(
    parent: Caller,
    child: Caller,
    orders: Key,
    wide: Grant,
) {
    let create = |constraints: GrantConstraints, operations: &[GrantOperation]| {
        let create = client(&parent).create_grant().key_id(orders.id()).constraints(constraints);
        create.grantee_principal(child.arn()).set_operations(Some(operations.to_vec())).send()
    };
    let subset = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        GrantConstraints::builder().set_encryption_context_subset(Some(pairs.collect())).build()
    };
    let equals =
        GrantConstraints::builder().set_encryption_context_equals(Some(context("tenant", "acme")));
    let decrypt = [GrantOperation::Decrypt];
    // As strict, stricter by a pair, stricter by being exact.
    create(subset(&[("tenant", "acme")]), &decrypt).await.unwrap();
    create(subset(&[("tenant", "acme"), ("table", "orders")]), &decrypt).await.unwrap();
    create(equals.build(), &decrypt).await.unwrap();
    // Dropped, changed, and an operation that the parent has not.
    let text =
        super::refusal::denied(&parent, "CreateGrant", wide.key_arn(), "identity-based policy");
    for (constraints, operations) in [
        (GrantConstraints::builder().build(), &decrypt),
        (subset(&[("tenant", "other")]), &decrypt),
        (subset(&[("tenant", "acme")]), &[GrantOperation::DescribeKey]),
    ] {
        refused(create(constraints, operations).await).is("AccessDeniedException", &text);
    }
}

#[kms_test(
    keys(orders),
    roles(parent, child),
    grants(
        one(key(orders), grantee(parent), operations(CreateGrant, Decrypt)),
        two(key(orders), grantee(parent), operations(CreateGrant, Encrypt)),
        three(key(orders), grantee(parent), operations(DescribeKey))
    )
)]
async fn two_parents_do_not_add_up_fact_8b_9(parent: Caller, child: Caller, orders: Key) {
    let create = |operations: &[GrantOperation]| {
        let create = client(&parent).create_grant().key_id(orders.id());
        create.grantee_principal(child.arn()).set_operations(Some(operations.to_vec())).send()
    };
    create(&[GrantOperation::Decrypt]).await.unwrap();
    let both = create(&[GrantOperation::Decrypt, GrantOperation::Encrypt]);
    refused(both.await).has_code("AccessDeniedException");
    // Holding an operation without CreateGrant does not help.
    refused(create(&[GrantOperation::DescribeKey]).await).has_code("AccessDeniedException");
}

#[kms_test(keys(orders), roles(worker))]
async fn a_list_of_operations_may_not_be_empty(admin: Caller, orders: Key, worker: Caller) {
    let create = client(&admin).create_grant().key_id(orders.id());
    let create = create.grantee_principal(worker.arn()).set_operations(Some(Vec::new()));
    refused(create.send().await).has_code("ValidationException");
}

#[kms_test(keys(orders), roles(worker))]
async fn repeated_operations_count_once(kms: Kms, admin: Caller, orders: Key, worker: Caller) {
    let twice = vec![GrantOperation::Decrypt, GrantOperation::Decrypt];
    let create = client(&admin).create_grant().key_id(orders.id());
    create.grantee_principal(worker.arn()).set_operations(Some(twice)).send().await.unwrap();
    assert_eq!(kms.grants()[0].operations().len(), 1);
}
