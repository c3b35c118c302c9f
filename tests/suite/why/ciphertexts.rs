//! Refusals of ciphertexts, aliases and keys in other Regions, whose answers do not show the cause.

use aws_sdk_kms::primitives::Blob;
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::{decrypt, last};
use crate::calls::{client, client_in, sealed};
use crate::refusal::refused;

#[kms_test(keys(orders), roles(worker(allow("kms:Decrypt"))))]
async fn a_ciphertext_of_another_context_is_explained(kms: Kms, worker: Caller) {
    let why = |has: &str| {
        format!(
            "the ciphertext was made with another encryption context than the call's, or was changed; the call has {has}"
        )
    };
    decrypt(&kms, &worker, &[("tenant", "7")], &[("tenant", "8")]).await;
    assert_eq!(last(&kms), [why("context tenant = \"8\"")]);
    assert_eq!(kms.calls().last().unwrap().target(), Some("orders"));
    decrypt(&kms, &worker, &[("tenant", "7")], &[]).await;
    assert_eq!(last(&kms), [why("no context")]);
}

#[kms_test(keys(orders, other))]
async fn a_ciphertext_of_nothing_or_of_another_key_is_explained(kms: Kms, orders: Key, other: Key) {
    let admin = client(&kms.caller("admin"));
    let open = |blob: Blob| admin.decrypt().ciphertext_blob(blob);
    refused(open(Blob::new("nothing")).send().await).has_code("InvalidCiphertextException");
    assert_eq!(
        last(&kms),
        ["the bytes are not a symmetric ciphertext of KMS, or were cut or changed"]
    );
    let opened = open(sealed(&kms, orders.id()).await).key_id(other.id()).send().await;
    refused(opened).has_code("IncorrectKeyException");
    assert_eq!(last(&kms), ["the ciphertext was made with orders"]);
}

#[kms_test(keys(orders), regions = "any")]
async fn a_key_of_another_region_is_explained(kms: Kms, orders: Key) {
    let client = client_in(&kms.caller("admin"), "eu-west-1");
    for named in [orders.id(), orders.arn()] {
        let described = client.describe_key().key_id(named).send().await;
        refused(described).has_code("NotFoundException");
        assert_eq!(last(&kms), ["the key is in us-east-1; the call went to eu-west-1"]);
    }
}

#[kms_test(keys(orders(alias = "alias/orders")))]
async fn the_alias_that_was_meant_is_named(kms: Kms) {
    let client = client(&kms.caller("admin"));
    let described = client.describe_key().key_id("alias/ordres").send().await;
    refused(described).has_code("NotFoundException");
    assert_eq!(last(&kms), ["no such alias exists; did you mean alias/orders?"]);
    let described = client.describe_key().key_id("alias/payments").send().await;
    refused(described).has_code("NotFoundException");
    assert_eq!(last(&kms), [""; 0]);
}

#[kms_test(keys(orders(alias = "alias/orders", multi_region = true)))]
async fn a_key_that_is_here_and_a_new_alias_have_no_such_reason(kms: Kms, orders: Key) {
    let client = client(&kms.caller("admin"));
    client.replicate_key().key_id(orders.arn()).replica_region("eu-west-1").send().await.unwrap();
    let grant = "0".repeat(64);
    let revoked = client.revoke_grant().key_id(orders.arn()).grant_id(grant).send().await;
    refused(revoked).has_code("NotFoundException");
    assert_eq!(last(&kms), [""; 0]);
    let target = "00000000-0000-0000-0000-000000000000";
    let made = client.create_alias().alias_name("alias/orders-2").target_key_id(target);
    refused(made.send().await).has_code("NotFoundException");
    assert_eq!(last(&kms), [""; 0]);
}
