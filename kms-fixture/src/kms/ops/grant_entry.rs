//! `GrantListEntry`: a grant in the response of ListGrants and ListRetirableGrants (`kms-facts.md` 3.2).

use std::borrow::Cow;
use std::collections::BTreeSet;

use bytes::Bytes;
use serde::{Serialize, Serializer};

use crate::kms::body::Body;
use crate::kms::clock::epoch_seconds;
use crate::kms::ids::hex;
use crate::kms::principals::Identity;
use crate::kms::store::{Grant, GrantId, Store};
use crate::model::{ContextConstraint, EncryptionContext, GrantOperation};

/// A page of grants.
#[derive(Debug)]
pub(crate) struct GrantPage<'a> {
    store: &'a Store,
    grants: Vec<&'a Grant>,
    next_marker: Option<String>,
}

impl<'a> GrantPage<'a> {
    pub(super) fn new(
        store: &'a Store,
        grants: Vec<&'a Grant>,
        next_marker: Option<String>,
    ) -> Self {
        Self { store, grants, next_marker }
    }

    /// Returns the text of the page, in which the JSON of each grant, by `write`, is shared with other pages.
    ///
    /// # Errors
    ///
    /// Those of `write`.
    pub(crate) fn text(
        &self,
        write: fn(&Entry<'_>) -> serde_json::Result<Bytes>,
    ) -> serde_json::Result<Body> {
        let names = self.store.directory.generation();
        let mut pieces = Vec::with_capacity(self.grants.len() + 2);
        pieces.push(Bytes::from_static(br#"{"Grants":["#));
        for grant in &self.grants {
            // With the comma before it, which the first one leaves out.
            let json = self.store.grants.rendered.entry(grant, names, || {
                let json = write(&Entry::new(self.store, grant))?;
                Ok([b",", &*json].concat().into())
            })?;
            pieces.push(if pieces.len() == 1 { json.slice(1..) } else { json });
        }
        let end = match &self.next_marker {
            Some(marker) => {
                let marker = serde_json::to_string(marker)?;
                format!(r#"],"NextMarker":{marker},"Truncated":true}}"#).into()
            }
            None => Bytes::from_static(br#"],"Truncated":false}"#),
        };
        pieces.push(end);
        Ok(pieces.into())
    }
}

impl Serialize for GrantPage<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Page<'a> {
            grants: Vec<Entry<'a>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            next_marker: Option<&'a str>,
            truncated: bool,
        }
        let page = Page {
            grants: self.grants.iter().map(|it| Entry::new(self.store, it)).collect(),
            next_marker: self.next_marker.as_deref(),
            truncated: self.next_marker.is_some(),
        };
        page.serialize(serializer)
    }
}

/// A grant in a page.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Entry<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    constraints: Option<Constraints<'a>>,
    creation_date: f64,
    #[serde(serialize_with = "as_hex")]
    grant_id: &'a GrantId,
    #[serde(skip_serializing_if = "Option::is_none")]
    grantee_principal: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grantee_service_principal: Option<&'a str>,
    issuing_account: Cow<'a, str>,
    key_id: &'a str,
    /// `""` for a grant without a name, as in the published samples; the API reference says null.
    name: &'a str,
    #[serde(serialize_with = "as_words")]
    operations: &'a BTreeSet<GrantOperation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retiring_principal: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retiring_service_principal: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Constraints<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_context_equals: Option<&'a EncryptionContext>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_context_subset: Option<&'a EncryptionContext>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_arn: Option<&'a str>,
}

impl<'a> Entry<'a> {
    fn new(store: &'a Store, grant: &'a Grant) -> Self {
        let (grantee_principal, grantee_service_principal) = named(store, Some(&grant.grantee));
        let (retiring_principal, retiring_service_principal) =
            named(store, grant.retiring.as_ref());
        let constraints = &grant.constraints;
        let (equals, subset) = match &constraints.context {
            Some(ContextConstraint::Equals(pairs)) => (Some(pairs), None),
            Some(ContextConstraint::Subset(pairs)) => (None, Some(pairs)),
            None => (None, None),
        };
        Self {
            constraints: (!constraints.is_empty()).then_some(Constraints {
                encryption_context_equals: equals,
                encryption_context_subset: subset,
                source_arn: constraints.source_arn.as_deref(),
            }),
            // Recorded: grants have whole seconds, keys have milliseconds.
            creation_date: epoch_seconds(grant.created).floor(),
            grant_id: &grant.id,
            grantee_principal,
            grantee_service_principal,
            issuing_account: store.directory.root_arn(&grant.issuing_account),
            key_id: &store.keys.get(grant.key).arn,
            name: grant.name.as_deref().unwrap_or_default(),
            operations: &grant.operations,
            retiring_principal,
            retiring_service_principal,
        }
    }
}

/// Returns the values of the members for a principal and for a service principal; at most one is set.
fn named<'a>(
    store: &'a Store,
    identity: Option<&'a Identity>,
) -> (Option<Cow<'a, str>>, Option<&'a str>) {
    match identity {
        None => (None, None),
        Some(Identity::Service(name)) => (None, Some(name)),
        Some(identity) => (Some(store.directory.name(identity)), None),
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde requires this signature
fn as_hex<S: Serializer>(id: &&GrantId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hex(*id))
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde requires this signature
fn as_words<S: Serializer>(
    operations: &&BTreeSet<GrantOperation>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(operations.iter().map(|it| it.as_str()))
}
