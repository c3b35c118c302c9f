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

#[kms_test(keys(orders))]
async fn wrong_tags_are_refused_row_53(admin: Caller, orders: Key) {
    let set = |tags: Vec<Tag>| {
        client(&admin).tag_resource().key_id(orders.id()).set_tags(Some(tags)).send()
    };
    refused(set(vec![tag("a", "1"), tag("a", "2")]).await).is("TagException", "Duplicate tag keys");
    refused(set(vec![tag("Aws:x", "1")]).await)
        .is("TagException", "Tags beginning with aws: are reserved");
    let fifty: Vec<_> = (0..50).map(|it| tag(&it.to_string(), "v")).collect();
    set(fifty).await.unwrap();
    refused(set(vec![tag("one more", "v")]).await).is("TagException", "Too many tags");
    set(vec![tag("0", "replaced")]).await.unwrap();
}

#[kms_test(keys(orders))]
async fn the_member_path_is_that_of_the_framework_row_33(admin: Caller, orders: Key) {
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

#[kms_test(keys(orders(tags(a = "1", b = "2", c = "3"), alias = "alias/orders")))]
async fn tags_come_in_pages(admin: Caller, orders: Key) {
    let pages = client(&admin).list_resource_tags().key_id(orders.id()).limit(1).into_paginator();
    let tags: Vec<_> = pages.items().send().collect::<Result<_, _>>().await.unwrap();
    assert_eq!(tags, [tag("a", "1"), tag("b", "2"), tag("c", "3")]);
    let by_alias = client(&admin).list_resource_tags().key_id("alias/orders");
    refused(by_alias.send().await).has_code("InvalidArnException");
}
