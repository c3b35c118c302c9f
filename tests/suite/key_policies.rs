//! GetKeyPolicy, PutKeyPolicy, ListKeyPolicies (rows 54, 55).

use kms_fixture::{Caller, Key, kms_test};
use serde_json::{Value, json};

use super::calls::client;
use super::refusal::{denied, refused};

#[kms_test(keys(orders))]
async fn the_default_policy_is_that_of_aws(admin: Caller, orders: Key) {
    let answer = client(&admin).get_key_policy().key_id(orders.id()).send().await.unwrap();
    assert_eq!(answer.policy_name(), Some("default"));
    // Fact 3.6, CreateKey.
    let expected = json!({
        "Version": "2012-10-17",
        "Id": "key-default-1",
        "Statement": [{
            "Sid": "Enable IAM User Permissions",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            "Action": "kms:*",
            "Resource": "*",
        }],
    });
    let policy: Value = serde_json::from_str(answer.policy().unwrap()).unwrap();
    assert_eq!(policy, expected);
    let listed = client(&admin).list_key_policies().key_id(orders.id()).send().await.unwrap();
    assert_eq!(listed.policy_names(), ["default"]);
    assert!(!listed.truncated());
    let other = client(&admin).get_key_policy().key_id(orders.id()).policy_name("other");
    refused(other.send().await).is("NotFoundException", "No such policy exists");
}

fn policy(principal: &str, action: &str) -> String {
    json!({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*"}],
    })
    .to_string()
}

#[kms_test(keys(orders), roles(worker))]
async fn a_policy_that_was_put_is_in_force(admin: Caller, worker: Caller, orders: Key) {
    let root = "arn:aws:iam::111122223333:root";
    let both = json!({
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"},
            {"Effect": "Allow", "Principal": {"AWS": worker.arn()}, "Action": "kms:DescribeKey", "Resource": "*"},
        ],
    });
    let describe = || client(&worker).describe_key().key_id(orders.id()).send();
    refused(describe().await).has_code("AccessDeniedException");
    let put = client(&admin).put_key_policy().key_id(orders.id()).policy(both.to_string());
    put.send().await.unwrap();
    describe().await.unwrap();
    let answer = client(&admin).get_key_policy().key_id(orders.id()).send().await.unwrap();
    assert_eq!(serde_json::from_str::<Value>(answer.policy().unwrap()).unwrap(), both);
}

#[kms_test(keys(orders), roles(worker))]
async fn wrong_policies_are_refused_row_54(admin: Caller, worker: Caller, orders: Key) {
    let put =
        |policy: &str| client(&admin).put_key_policy().key_id(orders.id()).policy(policy).send();
    refused(put(&policy("arn:aws:iam::111122223333:role/Nobody", "kms:*")).await).is(
        "MalformedPolicyDocumentException",
        "Policy contains a statement with one or more invalid principals.",
    );
    let lockout = "The new key policy will not allow you to update the key policy in the future.";
    refused(put(&policy(worker.arn(), "kms:*")).await)
        .is("MalformedPolicyDocumentException", lockout);
    refused(put(&policy("*", "kms:Get*")).await).is("MalformedPolicyDocumentException", lockout);
    for nonsense in ["{", "[]", r#"{"Version":"2012-10-17"}"#] {
        refused(put(nonsense).await).has_code("MalformedPolicyDocumentException");
    }
    let bypass = client(&admin).put_key_policy().key_id(orders.id());
    let bypass =
        bypass.policy(policy(worker.arn(), "kms:*")).bypass_policy_lockout_safety_check(true);
    bypass.send().await.unwrap();
    // Now the account has nothing to say any more (section 4, step 3).
    let text = denied(&admin, "GetKeyPolicy", orders.arn(), "resource-based policy");
    refused(client(&admin).get_key_policy().key_id(orders.id()).send().await)
        .is("AccessDeniedException", &text);
    client(&worker).get_key_policy().key_id(orders.id()).send().await.unwrap();
}

#[kms_test(roles(worker))]
async fn create_key_takes_a_policy(admin: Caller, worker: Caller) {
    let both = json!({
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": admin.arn()}, "Action": "kms:*", "Resource": "*"},
            {"Effect": "Allow", "Principal": {"AWS": [worker.arn()]}, "Action": ["kms:DescribeKey"], "Resource": "*"},
        ],
    });
    let created = client(&admin).create_key().policy(both.to_string()).send().await.unwrap();
    let key = created.key_metadata().unwrap().key_id();
    client(&worker).describe_key().key_id(key).send().await.unwrap();
    let lockout = client(&admin).create_key().policy(policy(worker.arn(), "kms:*"));
    refused(lockout.send().await).has_code("MalformedPolicyDocumentException");
}
