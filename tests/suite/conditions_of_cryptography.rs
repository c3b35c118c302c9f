//! Condition keys of cryptographic operations (DG conditions-kms): contexts, algorithms, aliases in requests.

use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::RoleDeclaration;
use serde_json::{Value, json};

use super::calls::{Made, pairs};
use super::uses::{self, Bench, With, key_for};

use GrantOperation::{
    Decapsulate, Decrypt, DeriveSharedSecret, DescribeKey, Encapsulate, Encrypt, GenerateDataKey,
    GenerateDataKeyPair, GenerateDataKeyPairWithoutPlaintext, GenerateDataKeyWithoutPlaintext,
    GenerateMac, GetPublicKey, ReEncryptFrom, ReEncryptTo, Sign, Verify, VerifyMac,
};

const ACME: &[(&str, &str)] = &[("Tenant", "acme"), ("table", "orders")];

const SYMMETRIC: &[GrantOperation] = &[
    Decrypt,
    Encrypt,
    GenerateDataKey,
    GenerateDataKeyWithoutPlaintext,
    GenerateDataKeyPair,
    GenerateDataKeyPairWithoutPlaintext,
    ReEncryptFrom,
    ReEncryptTo,
];

/// A worker who may do everything under `condition`, and everything with the key `other`.
async fn bench(condition: &Value, context: &[(&str, &str)]) -> Bench {
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Condition": condition},
        {"Effect": "Allow", "Action": "kms:*", "Resource": "*",
            "Condition": {"StringEquals": {"aws:ResourceTag/name": "other"}}},
    ]});
    let worker = RoleDeclaration::new("worker").policy(policy.to_string());
    let fixture = uses::keys_for(worker).start().unwrap();
    Bench::with_context(fixture, context).await
}

/// Whether the worker may do it, with `key_id`, or else the key's ARN, as `KeyId`.
async fn may(
    bench: &Bench,
    operation: GrantOperation,
    key_id: Option<&str>,
    context: &[(&str, &str)],
) -> bool {
    let arn = bench.kms.key(key_for(operation)).arn().to_owned();
    let about =
        Made { id: String::new(), token: String::new(), key: key_id.map_or(arn, str::to_owned) };
    let with = With { context: pairs(context), ..With::default() };
    let worker = bench.worker();
    let refusal = bench.attempt(&worker, operation, &about, with);
    let outcome = refusal.await;
    if let Err(refusal) = &outcome {
        refusal.has_code("AccessDeniedException");
    }
    outcome.is_ok()
}

#[tokio::test]
async fn encryption_contexts_are_condition_keys() {
    let rows = [
        // In the context of `ACME`, and in none.
        (json!({"StringEquals": {"kms:EncryptionContext:Tenant": "acme"}}), true, false),
        // The key's name has no case, its value has one.
        (json!({"StringEquals": {"kms:EncryptionContext:TENANT": "acme"}}), true, false),
        (json!({"StringEquals": {"kms:EncryptionContext:Tenant": "Acme"}}), false, false),
        (json!({"StringEqualsIgnoreCase": {"kms:EncryptionContext:tenant": "ACME"}}), true, false),
        (json!({"StringLike": {"kms:EncryptionContext:Tenant": "ac*"}}), true, false),
        (
            json!({"StringEquals": {"kms:EncryptionContext:Tenant": "acme", "kms:EncryptionContext:table": "x"}}),
            false,
            false,
        ),
        (json!({"StringNotEquals": {"kms:EncryptionContext:Tenant": "acme"}}), false, true),
        (json!({"Null": {"kms:EncryptionContext:Tenant": "false"}}), true, false),
        (json!({"Null": {"kms:EncryptionContext:other": "true"}}), true, true),
        // The names, as a set.
        (
            json!({"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["Tenant", "table", "x"]}}),
            true,
            true,
        ),
        (
            json!({"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["Tenant"]}}),
            false,
            true,
        ),
        (
            json!({"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": ["table"]}}),
            true,
            false,
        ),
        (
            json!({"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": ["Table"]}}),
            false,
            false,
        ),
        (json!({"Null": {"kms:EncryptionContextKeys": "false"}}), true, false),
        (json!({"Null": {"kms:EncryptionContextKeys": "true"}}), false, true),
    ];
    for (condition, inside, outside) in rows {
        for (context, allowed) in [(ACME, inside), (&[], outside)] {
            let bench = bench(&condition, context).await;
            for operation in SYMMETRIC {
                let outcome = may(&bench, *operation, None, context).await;
                assert_eq!(outcome, allowed, "{operation} {condition} {context:?}");
            }
        }
    }
}

#[tokio::test]
async fn algorithms_and_other_parameters_are_condition_keys() {
    let is = |key: &str, value: &str| json!({"StringEquals": {key: value}});
    for (operations, key, right, wrong) in [
        // Also of data keys, and where the request does not say it.
        (SYMMETRIC, "kms:EncryptionAlgorithm", "SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_256"),
        (&[Sign, Verify], "kms:SigningAlgorithm", "ECDSA_SHA_256", "ECDSA_SHA_384"),
        (&[Sign, Verify], "kms:MessageType", "RAW", "DIGEST"),
        (&[GenerateMac, VerifyMac], "kms:MacAlgorithm", "HMAC_SHA_256", "HMAC_SHA_512"),
        (&[DeriveSharedSecret], "kms:KeyAgreementAlgorithm", "ECDH", "DH"),
        (
            &[GenerateDataKeyPair, GenerateDataKeyPairWithoutPlaintext],
            "kms:DataKeyPairSpec",
            "ECC_NIST_P256",
            "RSA_2048",
        ),
    ] {
        for (condition, allowed) in [
            (is(key, right), true),
            (is(key, wrong), false),
            (json!({"Null": {key: "true"}}), false),
        ] {
            let bench = bench(&condition, &[]).await;
            for operation in operations {
                let outcome = may(&bench, *operation, None, &[]).await;
                assert_eq!(outcome, allowed, "{operation} {condition}");
            }
        }
        // It is theirs alone.
        let absent = bench(&json!({"Null": {key: "true"}}), &[]).await;
        for operation in [DescribeKey, GetPublicKey, Encapsulate, Decapsulate] {
            assert!(may(&absent, operation, None, &[]).await, "{operation} {key}");
        }
    }
}

#[tokio::test]
async fn re_encryption_on_the_same_key_is_a_condition_key() {
    for (flag, to_another, to_itself) in [("true", false, true), ("false", true, false)] {
        let condition = json!({"Bool": {"kms:ReEncryptOnSameKey": flag}});
        let bench = bench(&condition, &[]).await;
        for operation in [ReEncryptFrom, ReEncryptTo] {
            assert_eq!(may(&bench, operation, None, &[]).await, to_another);
        }
        let worker = super::calls::client(&bench.worker());
        let key = bench.kms.key("sealing");
        let made = super::calls::client(&bench.kms.caller("admin")).encrypt().key_id(key.arn());
        let made = made.plaintext(aws_sdk_kms::primitives::Blob::new(*b"x"));
        let blob = made.send().await.unwrap().ciphertext_blob.unwrap();
        // However either of the two names the key.
        for source in [None, Some("alias/sealing".to_owned())] {
            let call = worker.re_encrypt().ciphertext_blob(blob.clone());
            let call = call.set_source_key_id(source).destination_key_id(key.id());
            let outcome = super::refusal::is_allowed(call.send().await);
            assert_eq!(outcome, to_itself, "{flag}");
        }
    }
}

#[tokio::test]
async fn the_alias_of_a_request_is_a_condition_key() {
    let arn = "arn:aws:kms:us-east-1:111122223333:alias/sealing";
    let operations: Vec<_> = SYMMETRIC.iter().chain(&[DescribeKey]).collect();
    for (condition, by_alias, by_arn) in [
        (json!({"StringEquals": {"kms:RequestAlias": "alias/sealing"}}), true, false),
        (json!({"StringLike": {"kms:RequestAlias": "alias/seal*"}}), true, false),
        (json!({"StringEquals": {"kms:RequestAlias": "alias/other"}}), false, false),
        // The name, never its ARN.
        (json!({"StringEquals": {"kms:RequestAlias": arn}}), false, false),
        (json!({"Null": {"kms:RequestAlias": "true"}}), false, true),
    ] {
        let bench = bench(&condition, &[]).await;
        for operation in &operations {
            for (key_id, allowed) in [
                (Some("alias/sealing"), by_alias),
                (Some(arn), by_alias),
                (Some(bench.kms.key("sealing").id()), by_arn),
                (None, by_arn),
            ] {
                let outcome = may(&bench, **operation, key_id, &[]).await;
                assert_eq!(outcome, allowed, "{operation} {condition} {key_id:?}");
            }
        }
    }
}
