//! Which operations and constraints a grant may have on which key (`kms-facts.md` 3.1, rows 8 to 11).

use std::collections::BTreeSet;

use aws_sdk_kms::types::{GrantConstraints, GrantOperation};
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::{create, entries, equals, granted, pairs, revoke, subset};
use super::refusal::refused;

#[kms_test(keys(orders), roles(worker))]
async fn create_grant_alone_is_refused_row_8_facts_3_1_10_9_9(
    admin: Caller,
    orders: Key,
    worker: Caller,
) {
    let create = create(&admin, orders.id(), worker.arn(), &["CreateGrant"]);
    refused(create.send().await)
        .is("ValidationException", "Grants must not contain only the CreateGrant operation.");
}

#[kms_test(keys(orders), roles(worker))]
async fn a_list_of_operations_may_not_be_empty(admin: Caller, orders: Key, worker: Caller) {
    let create = create(&admin, orders.id(), worker.arn(), &[] as &[&str]);
    refused(create.send().await).has_code("ValidationException");
}

#[kms_test(keys(orders), roles(worker))]
async fn two_context_constraints_are_refused_row_9_facts_3_1_11_15_11(
    admin: Caller,
    orders: Key,
    worker: Caller,
) {
    let one: &[_] = &[("a", "b")];
    // An empty map counts as well.
    for (equals, subset) in [(one, one), (one, &[]), (&[], one)] {
        let both = GrantConstraints::builder()
            .set_encryption_context_equals(Some(pairs(equals)))
            .set_encryption_context_subset(Some(pairs(subset)))
            .build();
        let create = create(&admin, orders.id(), worker.arn(), &["Decrypt"]).constraints(both);
        refused(create.send().await).is("ValidationException", "More than one constraint supplied");
    }
}

/// The operation fits none of these keys: the constraint is reported first (fact 3.7).
#[kms_test(
    keys(
        macs(spec(HMAC_256)),
        signing(spec(ECC_NIST_P256), usage(SIGN_VERIFY)),
        sealing(spec(RSA_2048), usage(ENCRYPT_DECRYPT)),
        agreeing(spec(ECC_NIST_P256), usage(KEY_AGREEMENT))
    ),
    roles(worker)
)]
async fn a_context_needs_a_symmetric_encryption_key_row_10_fact_3_1_12(
    kms: Kms,
    admin: Caller,
    worker: Caller,
) {
    for key in ["macs", "signing", "sealing", "agreeing"] {
        for constraints in [equals(&[("a", "b")]), subset(&[("a", "b")])] {
            let create = create(&admin, kms.key(key).id(), worker.arn(), &["GenerateDataKey"]);
            refused(create.constraints(constraints).send().await).is(
                "ValidationException",
                "EncryptionContext is supported only when creating a grant for a symmetric encryption KMS key.",
            );
        }
    }
    assert!(kms.grants().is_empty());
}

#[kms_test(keys(macs(spec(HMAC_256))), roles(worker))]
async fn operations_must_fit_the_key_row_11(admin: Caller, macs: Key, worker: Caller) {
    let create = create(&admin, macs.id(), worker.arn(), &["Encrypt"]);
    refused(create.send().await).is(
        "ValidationException",
        "Operations [Encrypt] are not supported when creating a grant for a symmetric KMS key with key usage \
         GENERATE_VERIFY_MAC. Valid operations are [CreateGrant, RetireGrant, DescribeKey, GenerateMac, VerifyMac]",
    );
}

/// API reference, CreateGrant.
const FITS_EVERY_KEY: [&str; 3] = ["CreateGrant", "RetireGrant", "DescribeKey"];
const FITS: [(&str, &[&str]); 6] = [
    (
        "orders",
        &[
            "Encrypt",
            "Decrypt",
            "ReEncryptFrom",
            "ReEncryptTo",
            "GenerateDataKey",
            "GenerateDataKeyWithoutPlaintext",
            "GenerateDataKeyPair",
            "GenerateDataKeyPairWithoutPlaintext",
        ],
    ),
    ("macs", &["GenerateMac", "VerifyMac"]),
    ("signing", &["Sign", "Verify", "GetPublicKey"]),
    ("sealing", &["Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GetPublicKey"]),
    ("agreeing", &["DeriveSharedSecret", "GetPublicKey"]),
    ("wrapping", &["Encapsulate", "Decapsulate", "GetPublicKey"]),
];

#[kms_test(
    keys(
        orders,
        macs(spec(HMAC_256)),
        signing(spec(ECC_NIST_P256), usage(SIGN_VERIFY)),
        sealing(spec(RSA_2048), usage(ENCRYPT_DECRYPT)),
        agreeing(spec(ECC_NIST_P256), usage(KEY_AGREEMENT)),
        wrapping(spec(ML_KEM_512))
    ),
    roles(worker)
)]
async fn each_key_takes_the_operations_of_its_kind_fact_3_1_13(
    kms: Kms,
    admin: Caller,
    worker: Caller,
) {
    let all: Vec<_> = FITS.iter().flat_map(|(_, operations)| *operations).collect();
    for (name, fitting) in FITS {
        let key = kms.key(name);
        let operations = [&FITS_EVERY_KEY, fitting].concat();
        let made = granted(create(&admin, key.id(), worker.arn(), &operations)).await;
        let entry = entries(&admin, key.id()).await.remove(0);
        let granted: BTreeSet<_> = entry.operations().iter().map(GrantOperation::as_str).collect();
        assert_eq!(granted, operations.iter().copied().collect(), "{name}");
        revoke(&admin, key.id(), &made.id).await.unwrap();
        for other in all.iter().filter(|it| !fitting.contains(it)) {
            let create = create(&admin, key.id(), worker.arn(), &["DescribeKey", other]);
            refused(create.send().await).has_code("ValidationException");
        }
    }
    assert!(kms.grants().is_empty());
}
