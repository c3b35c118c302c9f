//! Pages of every list: markers, sizes, and changes in between (facts 2.8, 2.9, 3.2.3 and 3.2.4).

use std::collections::BTreeSet;

use aws_sdk_kms::types::Tag;
use kms_fixture::scenario::{GrantDeclaration, KeyDeclaration, RoleDeclaration};
use kms_fixture::{Caller, Fixture, Key, Kms, kms_test, model};

use super::calls::{client, grant, listed, retire_by_id, revoke};
use super::refusal::{Refusal, refused};

/// A list, and what it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    GrantsOf(&'static str),
    GrantsTo(&'static str),
    RetirableBy(&'static str),
    Keys,
    Aliases,
    AliasesOf(&'static str),
    TagsOf(&'static str),
    PoliciesOf(&'static str),
}

/// With the number of entries that [`fixture`] has.
const LISTS: [(List, usize); 11] = [
    (List::GrantsOf("orders"), 5),
    (List::GrantsOf("invoices"), 2),
    (List::GrantsTo("worker"), 3),
    (List::GrantsTo("janitor"), 2),
    (List::RetirableBy("worker"), 4),
    (List::RetirableBy("janitor"), 3),
    (List::Keys, 2),
    (List::Aliases, 4),
    (List::AliasesOf("orders"), 3),
    (List::TagsOf("orders"), 7),
    (List::TagsOf("invoices"), 2),
];

/// Every list has two entries at least. Those of the other account belong to no list but RetirableBy.
fn fixture() -> Kms {
    let tags = |key: KeyDeclaration, count| {
        (0..count).fold(key, |key, at| key.tag(format!("tag{at}"), at.to_string()))
    };
    let mut builder = Fixture::builder()
        .key(tags(KeyDeclaration::new("orders"), 7).alias("alias/orders"))
        .key(tags(KeyDeclaration::new("invoices"), 2).alias("alias/invoices"))
        .key(KeyDeclaration::new("theirs").account("444455556666").alias("alias/theirs"))
        .role(RoleDeclaration::new("worker"))
        .role(RoleDeclaration::new("janitor"));
    for (at, (key, role)) in [
        ("orders", "worker"),
        ("orders", "worker"),
        ("orders", "worker"),
        ("orders", "janitor"),
        ("orders", "janitor"),
        ("invoices", "worker"),
        ("invoices", "janitor"),
    ]
    .into_iter()
    .enumerate()
    {
        let grant = GrantDeclaration::new(format!("g{at}")).key(key).grantee(role).retiring(role);
        builder = builder.grant(grant.operations([model::GrantOperation::Decrypt]));
    }
    builder.start().unwrap()
}

struct Page {
    entries: Vec<String>,
    marker: Option<String>,
}

/// Returns one page. Its marker is there when more follows, and only then (fact 2.9).
async fn page(
    kms: &Kms,
    list: List,
    limit: Option<i32>,
    marker: Option<&str>,
) -> Result<Page, Refusal> {
    let client = client(&kms.caller("admin"));
    let marker = marker.map(str::to_owned);
    /// Sends a list, and takes a page of it apart.
    macro_rules! send {
        ($call:expr, $entries:ident, $name:expr) => {{
            let outcome = $call.set_limit(limit).set_marker(marker).send().await;
            if outcome.is_err() {
                return Err(refused(outcome));
            }
            let page = outcome.unwrap();
            assert_eq!(page.next_marker().is_some(), page.truncated());
            let entries = page.$entries().iter().map($name).map(str::to_owned).collect();
            Page { entries, marker: page.next_marker().map(str::to_owned) }
        }};
    }
    let id = |name: &str| kms.key(name).id().to_owned();
    let arn = |name: &str| kms.caller(name).arn().to_owned();
    let page = match list {
        List::GrantsOf(key) => {
            send!(client.list_grants().key_id(id(key)), grants, |it| it.grant_id().unwrap())
        }
        List::GrantsTo(role) => {
            let call = client.list_grants().key_id(id("orders")).grantee_principal(arn(role));
            send!(call, grants, |it| it.grant_id().unwrap())
        }
        List::RetirableBy(role) => {
            let call = client.list_retirable_grants().retiring_principal(arn(role));
            send!(call, grants, |it| it.grant_id().unwrap())
        }
        List::Keys => send!(client.list_keys(), keys, |it| it.key_id().unwrap()),
        List::Aliases => send!(client.list_aliases(), aliases, |it| it.alias_name().unwrap()),
        List::AliasesOf(key) => {
            let call = client.list_aliases().key_id(id(key));
            send!(call, aliases, |it| it.alias_name().unwrap())
        }
        List::TagsOf(key) => {
            send!(client.list_resource_tags().key_id(id(key)), tags, Tag::tag_key)
        }
        List::PoliciesOf(key) => {
            let call = client.list_key_policies().key_id(id(key));
            send!(call, policy_names, String::as_str)
        }
    };
    assert!(page.entries.len() <= limit.map_or(1000, |it| usize::try_from(it).unwrap()));
    Ok(page)
}

async fn more_aliases(kms: &Kms) {
    for name in ["alias/orders/a", "alias/orders/b"] {
        let create = client(&kms.caller("admin")).create_alias().alias_name(name);
        create.target_key_id(kms.key("orders").id()).send().await.unwrap();
    }
}

#[tokio::test]
async fn pages_of_every_size_hold_every_entry_once_facts_2_9_3_2_3() {
    let kms = fixture();
    more_aliases(&kms).await;
    for (list, count) in LISTS.into_iter().chain([(List::PoliciesOf("orders"), 1)]) {
        let all = page(&kms, list, None, None).await.unwrap();
        assert_eq!((all.entries.len(), all.marker), (count, None), "{list:?}");
        assert!(all.entries.is_sorted() || list == List::Keys, "fact 3.2.4: {list:?}");
        for size in 1..=8 {
            let mut found = Vec::new();
            let mut marker = None;
            loop {
                let next = page(&kms, list, Some(size), marker.as_deref()).await.unwrap();
                found.extend(next.entries);
                marker = next.marker;
                if marker.is_none() {
                    break;
                }
            }
            assert_eq!(found, all.entries, "{list:?} by {size}");
        }
    }
}

#[tokio::test]
async fn the_size_may_change_from_page_to_page_and_a_marker_may_be_used_again() {
    let kms = fixture();
    let (list, mut found, mut marker) = (List::TagsOf("orders"), Vec::new(), None);
    for size in [1, 3, 2, 100] {
        let again = page(&kms, list, Some(size), marker.as_deref()).await.unwrap();
        let next = page(&kms, list, Some(size), marker.as_deref()).await.unwrap();
        assert_eq!(next.entries, again.entries);
        found.extend(next.entries);
        marker = next.marker;
    }
    assert_eq!(found, page(&kms, list, None, None).await.unwrap().entries);
}

/// API reference: ListKeys returns 100 entries, ListAliases and ListResourceTags 50.
#[kms_test(keys(orders))]
async fn a_page_without_a_limit_has_the_documented_size(kms: Kms, admin: Caller, orders: Key) {
    let client = client(&admin);
    for at in 0..100 {
        let made = client.create_key().send().await.unwrap().key_metadata.unwrap();
        if at <= 50 {
            let create = client.create_alias().alias_name(format!("alias/a{at}"));
            create.target_key_id(made.key_id()).send().await.unwrap();
        }
    }
    let tags = (0..50).map(|at| Tag::builder().tag_key(at.to_string()).tag_value("").build());
    let tags = tags.collect::<Result<Vec<_>, _>>().unwrap();
    client.tag_resource().key_id(orders.id()).set_tags(Some(tags)).send().await.unwrap();
    for (list, sizes) in
        [(List::Keys, &[100, 1][..]), (List::Aliases, &[50, 1]), (List::TagsOf("orders"), &[50])]
    {
        let mut marker = None;
        for size in sizes {
            let next = page(&kms, list, None, marker.as_deref()).await.unwrap();
            assert_eq!(next.entries.len(), *size, "{list:?}");
            marker = next.marker;
        }
        assert_eq!(marker, None);
    }
}

/// A marker is opaque (fact 2.8) and belongs to its list.
#[tokio::test]
async fn a_marker_of_another_list_or_of_none_is_invalid_fact_2_8() {
    let kms = fixture();
    more_aliases(&kms).await;
    let mut markers = Vec::new();
    for (list, _) in LISTS {
        let marker = page(&kms, list, Some(1), None).await.unwrap().marker.unwrap();
        assert!((1..=1024).contains(&marker.len()), "{marker}");
        markers.push((list, marker));
    }
    for (list, own) in &markers {
        page(&kms, *list, Some(1), Some(own)).await.unwrap();
        let mut wrong: Vec<_> =
            markers.iter().filter(|(it, _)| it != list).map(|(_, it)| it.clone()).collect();
        wrong.extend([own[1..].to_owned(), own[..own.len() - 1].to_owned()]);
        wrong.extend([format!("{own}A"), format!(" {own}"), own.chars().rev().collect()]);
        wrong.extend(["x", "0", "AAAA", "ÿ", "==========", "eyJhIjoxfQ"].map(str::to_owned));
        wrong.extend(["a".repeat(1024), r#"{"grantId":"0"}"#.to_owned()]);
        for marker in wrong {
            let outcome = page(&kms, *list, Some(1), Some(&marker)).await;
            let refusal = outcome.err().unwrap_or_else(|| panic!("{list:?} takes {marker}"));
            refusal.is_silent("InvalidMarkerException");
        }
    }
    let policies = page(&kms, List::PoliciesOf("orders"), None, Some("x")).await;
    policies.err().unwrap().is_silent("InvalidMarkerException");
}

#[tokio::test]
async fn deletions_between_pages_hide_and_repeat_nothing() {
    for size in 1..=3 {
        for is_seen in [true, false] {
            for which in [&[0][..], &[usize::MAX], &[0, 1]] {
                let kms = fixture();
                let (admin, key) = (kms.caller("admin"), kms.key("orders"));
                let list = List::GrantsOf("orders");
                let first = page(&kms, list, Some(size), None).await.unwrap();
                let all = listed(&admin, key.id()).await;
                let (seen, unseen) = all.split_at(first.entries.len());
                assert_eq!(first.entries, seen);
                let part = if is_seen { seen } else { unseen };
                let deleted: BTreeSet<_> =
                    which.iter().filter_map(|at| part.get((*at).min(part.len() - 1))).collect();
                for (at, id) in deleted.iter().enumerate() {
                    if at % 2 == 0 {
                        revoke(&admin, key.id(), id).await.unwrap();
                    } else {
                        retire_by_id(&admin, key.arn(), id).await.unwrap();
                    }
                }
                let rest = page(&kms, list, Some(100), first.marker.as_deref()).await.unwrap();
                let left: Vec<_> = unseen.iter().filter(|it| !deleted.contains(it)).collect();
                assert_eq!(rest.entries.iter().collect::<Vec<_>>(), left);
            }
        }
    }
}

/// Each entry is removed as soon as it is read, as clean-up jobs do.
#[tokio::test]
async fn a_list_can_be_emptied_page_by_page() {
    let kms = fixture();
    let (admin, orders) = (kms.caller("admin"), kms.key("orders").id().to_owned());
    for (list, count) in
        [(List::RetirableBy("worker"), 4), (List::TagsOf("orders"), 7), (List::Aliases, 2)]
    {
        let (mut found, mut marker) = (0, None);
        loop {
            let next = page(&kms, list, Some(1), marker.as_deref()).await.unwrap();
            for entry in &next.entries {
                found += 1;
                match list {
                    List::RetirableBy(_) => {
                        let grant = kms.grants().into_iter().find(|it| it.id() == entry).unwrap();
                        retire_by_id(&admin, grant.key_arn(), entry).await.unwrap();
                    }
                    List::TagsOf(_) => {
                        let untag = client(&admin).untag_resource().key_id(&orders);
                        untag.tag_keys(entry).send().await.unwrap();
                    }
                    _ => {
                        client(&admin).delete_alias().alias_name(entry).send().await.unwrap();
                    }
                }
            }
            marker = next.marker;
            if marker.is_none() {
                break;
            }
        }
        assert_eq!(found, count, "{list:?}");
        assert!(page(&kms, list, None, None).await.unwrap().entries.is_empty());
    }
}

#[tokio::test]
async fn grants_that_are_made_between_pages_repeat_nothing() {
    let kms = fixture();
    let (admin, key) = (kms.caller("admin"), kms.key("orders"));
    let before: BTreeSet<_> = listed(&admin, key.id()).await.into_iter().collect();
    let (mut found, mut marker) = (Vec::new(), None);
    loop {
        let next = page(&kms, List::GrantsOf("orders"), Some(1), marker.as_deref()).await.unwrap();
        found.extend(next.entries);
        marker = next.marker;
        if marker.is_none() {
            break;
        }
        if found.len() < before.len() {
            grant(&admin, key.id(), admin.arn(), &["Decrypt"]).await;
        }
    }
    let unique: BTreeSet<_> = found.iter().cloned().collect();
    assert_eq!(unique.len(), found.len());
    assert!(unique.is_superset(&before));
}
