//! GetKeyPolicy, PutKeyPolicy, ListKeyPolicies (rows 54, 55).

use kms_fixture::{Caller, Key, Kms, kms_test};
use serde_json::{Value, json};

use super::calls::{client, describe};
use super::refusal::{Refusal, denied, refused};

/// The text as AWS prints it (ST:multi_region, rotation).
const DEFAULT: &str = r#"{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "arn:aws:iam::111122223333:root"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}"#;

#[kms_test(keys(orders))]
async fn the_default_policy_is_that_of_aws_row_55_fact_2_9(admin: Caller, orders: Key) {
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
    assert_eq!(answer.policy(), Some(DEFAULT));
    // Also of a key that the API creates.
    let created = client(&admin).create_key().send().await.unwrap();
    let created = created.key_metadata().unwrap().key_id();
    let answer = client(&admin).get_key_policy().key_id(created).send().await.unwrap();
    assert_eq!(answer.policy(), Some(DEFAULT));
    let listed = client(&admin).list_key_policies().key_id(orders.id()).send().await.unwrap();
    assert_eq!(listed.policy_names(), ["default"]);
    assert!(!listed.truncated());
    let other = client(&admin).get_key_policy().key_id(orders.id()).policy_name("other");
    refused(other.send().await).is("NotFoundException", "No such policy exists");
}

#[kms_test(keys(orders), roles(worker))]
async fn put_key_policy_takes_effect_at_once(admin: Caller, worker: Caller, orders: Key) {
    let both = json!({
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"},
            {"Effect": "Allow", "Principal": {"AWS": worker.arn()}, "Action": "kms:DescribeKey", "Resource": "*"},
        ],
    });
    describe(&worker, orders.id()).await.unwrap_err().has_code("AccessDeniedException");
    for name in [None, Some("default".to_owned())] {
        let put = client(&admin).put_key_policy().key_id(orders.id()).policy(both.to_string());
        put.set_policy_name(name.clone()).send().await.unwrap();
        describe(&worker, orders.id()).await.unwrap();
        let get = client(&admin).get_key_policy().key_id(orders.id()).set_policy_name(name);
        let policy = get.send().await.unwrap().policy.unwrap();
        assert_eq!(serde_json::from_str::<Value>(&policy).unwrap(), both);
    }
}

/// Fact 15.28: what is put without spaces comes back on many lines.
#[kms_test(keys(orders))]
async fn a_policy_comes_back_in_the_layout_of_aws_fact_15_28(admin: Caller, orders: Key) {
    let statement = r#"{"Sid":"a","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":["kms:*","kms:Decrypt"],"Resource":"*","Condition":{"Null":{"aws:SourceArn":"true"}}}"#;
    let all = r#"{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}"#;
    let put = client(&admin).put_key_policy().key_id(orders.id());
    let put = put.policy(format!(r#"{{"Version":"2012-10-17","Statement":[{statement},{all}]}}"#));
    put.send().await.unwrap();
    let get = client(&admin).get_key_policy().key_id(orders.id()).send().await.unwrap();
    let expected = r#"{
  "Version" : "2012-10-17",
  "Statement" : [ {
    "Sid" : "a",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "arn:aws:iam::111122223333:root"
    },
    "Action" : [ "kms:*", "kms:Decrypt" ],
    "Resource" : "*",
    "Condition" : {
      "Null" : {
        "aws:SourceArn" : "true"
      }
    }
  }, {
    "Effect" : "Allow",
    "Principal" : "*",
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}"#;
    assert_eq!(get.policy(), Some(expected));
}

const ROOT: &str = "arn:aws:iam::111122223333:root";

/// Puts a policy, and creates a key with it: returns both refusals.
async fn refusals(admin: &Caller, key: &Key, policy: &str) -> [Refusal; 2] {
    let put = client(admin).put_key_policy().key_id(key.id()).policy(policy);
    let create = client(admin).create_key().policy(policy);
    [refused(put.send().await), refused(create.send().await)]
}

fn allow(principal: &str, actions: &str) -> Value {
    json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": actions, "Resource": "*"})
}

fn document(statements: &[Value]) -> String {
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

#[kms_test(keys(orders), roles(worker))]
async fn principals_must_exist_row_54(kms: Kms, admin: Caller, orders: Key) {
    for nobody in [
        "arn:aws:iam::111122223333:role/Nobody",
        "arn:aws:iam::111122223333:user/worker",
        "arn:aws:iam::444455556666:role/worker",
        "arn:aws:iam::111122223333:group/people",
        "AROAXXXXXXXXXXXXXXXXX",
        "nobody",
    ] {
        let policy = document(&[allow(ROOT, "kms:*"), allow(nobody, "kms:*")]);
        for refusal in refusals(&admin, &orders, &policy).await {
            refusal.is(
                "MalformedPolicyDocumentException",
                "Policy contains a statement with one or more invalid principals.",
            );
        }
    }
    assert_eq!(kms.keys().len(), 1);
}

#[kms_test(keys(orders), roles(worker))]
async fn a_caller_may_not_lock_itself_out_row_54(admin: Caller, worker: Caller, orders: Key) {
    let deny =
        json!({"Effect": "Deny", "Principal": "*", "Action": "kms:PutKeyPolicy", "Resource": "*"});
    for statements in [
        &[][..],
        &[allow(ROOT, "kms:Get*")],
        &[allow("*", "kms:Get*")],
        &[allow(worker.arn(), "kms:*")],
        &[allow("arn:aws:iam::444455556666:root", "kms:*")],
        &[allow(ROOT, "kms:*"), deny],
    ] {
        for refusal in refusals(&admin, &orders, &document(statements)).await {
            refusal.is(
                "MalformedPolicyDocumentException",
                "The new key policy will not allow you to update the key policy in the future.",
            );
        }
    }
    let bypass = client(&admin).put_key_policy().key_id(orders.id());
    let bypass = bypass.policy(document(&[allow(worker.arn(), "kms:*")]));
    bypass.bypass_policy_lockout_safety_check(true).send().await.unwrap();
    // The policy is in force, and the account does not decide any more (section 4, step 3).
    let text = denied(&admin, "GetKeyPolicy", orders.arn(), "resource-based policy");
    refused(client(&admin).get_key_policy().key_id(orders.id()).send().await).is_denial(&text);
    client(&worker).get_key_policy().key_id(orders.id()).send().await.unwrap();
}

/// aws-sdk-ruby#1784: what is not a policy is refused without a text.
#[kms_test(keys(orders))]
async fn malformed_policies_are_refused(admin: Caller, orders: Key) {
    for text in
        ["no JSON", "{", "[]", "1", "{}", r#"{"Statement":1}"#, r#"{"Version":"2012-10-17"}"#]
    {
        let put = client(&admin).put_key_policy().key_id(orders.id()).policy(text);
        refused(put.send().await).is_silent("MalformedPolicyDocumentException");
    }
    for (member, value) in [
        ("Effect", Value::Null),
        ("Effect", json!("Perhaps")),
        ("Principal", Value::Null),
        ("Principal", json!({"Nobody": "*"})),
        ("NotPrincipal", json!("*")),
    ] {
        let mut broken = allow(ROOT, "kms:*");
        broken[member] = value;
        broken.as_object_mut().unwrap().retain(|_, it| !it.is_null());
        let put = client(&admin).put_key_policy().key_id(orders.id());
        let put = put.policy(document(&[allow(ROOT, "kms:*"), broken]));
        refused(put.send().await).has_code("MalformedPolicyDocumentException");
    }
    let policy = client(&admin).get_key_policy().key_id(orders.id()).send().await.unwrap();
    assert_eq!(policy.policy(), Some(DEFAULT));
}

/// API reference, PutKeyPolicy: such a statement is accepted.
#[kms_test(keys(orders), roles(worker))]
async fn a_statement_without_action_or_resource_has_no_effect(
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    for member in ["Action", "Resource"] {
        let mut idle = allow(worker.arn(), "kms:*");
        idle.as_object_mut().unwrap().remove(member);
        let put = client(&admin).put_key_policy().key_id(orders.id());
        put.policy(document(&[allow(ROOT, "kms:*"), idle])).send().await.unwrap();
        describe(&worker, orders.id()).await.unwrap_err().has_code("AccessDeniedException");
    }
}

#[kms_test(roles(worker))]
async fn create_key_takes_a_key_policy(admin: Caller, worker: Caller) {
    let both = json!({
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": admin.arn()}, "Action": "kms:*", "Resource": "*"},
            {"Effect": "Allow", "Principal": {"AWS": [worker.arn()]}, "Action": ["kms:DescribeKey"], "Resource": "*"},
        ],
    });
    let created = client(&admin).create_key().policy(both.to_string()).send().await.unwrap();
    let key = created.key_metadata().unwrap().key_id();
    describe(&worker, key).await.unwrap();
}

/// The model allows 131,072 characters; the quota is 32 KB, in bytes.
#[kms_test(keys(orders(multi_region = true)))]
async fn a_key_policy_over_32_kb_exceeds_a_quota_fact_15_14(admin: Caller, orders: Key) {
    let client = client(&admin);
    // A document of this many bytes.
    let sized = |bytes: usize| {
        let policy = |sid: &str| {
            json!({"Statement": {"Sid": sid, "Effect": "Allow", "Principal": {"AWS": "111122223333"},
                                 "Action": "kms:*", "Resource": "*"}})
            .to_string()
        };
        policy(&"s".repeat(bytes - policy("").len()))
    };
    let put = |policy: String| client.put_key_policy().key_id(orders.id()).policy(policy).send();
    put(sized(32_768)).await.unwrap();
    let kept = client.get_key_policy().key_id(orders.id()).send().await.unwrap();
    let kept: Value = serde_json::from_str(kept.policy().unwrap()).unwrap();
    assert_eq!(kept.to_string().len(), 32_768);
    refused(put(sized(32_769)).await).has_code("LimitExceededException");
    let create = client.create_key().policy(sized(32_769)).send().await;
    refused(create).has_code("LimitExceededException");
    let replicate = client.replicate_key().key_id(orders.id()).replica_region("eu-west-1");
    let replicate = replicate.policy(sized(32_769)).send().await;
    refused(replicate).has_code("LimitExceededException");
}
