//! TagResource, UntagResource, ListResourceTags (row 53).

use aws_sdk_kms::types::Tag;
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::client;
use super::refusal::refused;

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().tag_key(key).tag_value(value).build().unwrap()
}

#[kms_test(keys(orders(tags(team = "payments"))))]
async fn tags_are_set_replaced_and_removed(kms: Kms, admin: Caller, orders: Key) {
    let client = client(&admin);
    let set = client.tag_resource().key_id(orders.id());
    set.tags(tag("team", "billing")).tags(tag("cost", "")).send().await.unwrap();
    let listed = client.list_resource_tags().key_id(orders.arn()).send().await.unwrap();
    assert_eq!(listed.tags(), [tag("cost", ""), tag("team", "billing")]);
    assert!(!listed.truncated());
    // Removing what is not there is no error.
    let remove = client.untag_resource().key_id(orders.id()).tag_keys("team").tag_keys("other");
    remove.send().await.unwrap();
    assert_eq!(kms.keys()[0].tags(), [("cost".to_owned(), String::new())]);
}

#[kms_test(keys(orders(tags(team = "blue"))))]
async fn tag_keys_are_case_sensitive_and_values_may_be_empty(admin: Caller, orders: Key) {
    let set = client(&admin).tag_resource().key_id(orders.id());
    set.tags(tag("Team", "")).tags(tag("TEAM", "é")).send().await.unwrap();
    let listed = client(&admin).list_resource_tags().key_id(orders.id()).send().await.unwrap();
    assert_eq!(listed.tags(), [tag("TEAM", "é"), tag("Team", ""), tag("team", "blue")]);
}

/// LS: TagResource and CreateKey refuse alike, and change nothing.
#[kms_test(keys(orders(tags(team = "blue"))))]
async fn wrong_tags_are_refused_row_53(kms: Kms, admin: Caller, orders: Key) {
    let many: Vec<_> = (0..51).map(|it| it.to_string()).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    for (keys, text) in [
        (&["a", "a"][..], "Duplicate tag keys"),
        (&["a", "b", "a"], "Duplicate tag keys"),
        (&many, "Too many tags"),
        (&["aws:a"], "Tags beginning with aws: are reserved"),
        (&["AWS:a"], "Tags beginning with aws: are reserved"),
        (&["b", "Aws:a"], "Tags beginning with aws: are reserved"),
    ] {
        let tags: Vec<_> = keys.iter().map(|it| tag(it, "v")).collect();
        let set = client(&admin).tag_resource().key_id(orders.id()).set_tags(Some(tags.clone()));
        let create = client(&admin).create_key().set_tags(Some(tags));
        for refusal in [refused(set.send().await), refused(create.send().await)] {
            refusal.is("TagException", text);
        }
    }
    assert_eq!(kms.keys().len(), 1);
    assert_eq!(kms.keys()[0].tags(), [("team".to_owned(), "blue".to_owned())]);
}

/// API reference: 50 for a key. A tag that is replaced does not count twice.
#[kms_test(keys(orders))]
async fn a_key_has_at_most_fifty_tags(kms: Kms, admin: Caller, orders: Key) {
    let set = |tags: Vec<Tag>| {
        client(&admin).tag_resource().key_id(orders.id()).set_tags(Some(tags)).send()
    };
    set((0..50).map(|it| tag(&it.to_string(), "v")).collect()).await.unwrap();
    refused(set(vec![tag("one more", "v")]).await).is("TagException", "Too many tags");
    set(vec![tag("0", "replaced"), tag("1", "replaced")]).await.unwrap();
    assert_eq!(kms.keys()[0].tags().len(), 50);
}

#[kms_test(keys(orders))]
async fn a_long_tag_key_is_refused_with_its_path_row_33(admin: Caller, orders: Key) {
    let long = "k".repeat(129);
    let set = client(&admin).tag_resource().key_id(orders.id()).tags(tag(&long, "v"));
    refused(set.send().await).is(
        "ValidationException",
        &format!(
            "1 validation error detected: Value '{long}' at 'tags.1.member.tagKey' failed to satisfy constraint: \
             Member must have length less than or equal to 128"
        ),
    );
}

#[kms_test(keys(orders(alias = "alias/orders")))]
async fn aliases_are_not_taken_row_6(admin: Caller) {
    let (calls, alias) = (client(&admin), "alias/orders");
    let set = calls.tag_resource().key_id(alias).set_tags(Some(vec![]));
    let remove = calls.untag_resource().key_id(alias).set_tag_keys(Some(vec![]));
    refused(set.send().await).has_code("InvalidArnException");
    refused(remove.send().await).has_code("InvalidArnException");
    refused(calls.list_resource_tags().key_id(alias).send().await).has_code("InvalidArnException");
}
