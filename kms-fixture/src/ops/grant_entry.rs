//! `GrantListEntry`: a grant as the lists show it (`kms-facts.md` 3.2).

use serde::Serialize;

use crate::clock::epoch_seconds;
use crate::model::{ContextConstraint, EncryptionContext};
use crate::principals::Identity;
use crate::store::{Grant, Store};

/// A page of grants.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GrantPage {
    grants: Vec<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
    truncated: bool,
}

impl GrantPage {
    pub(super) fn new(store: &Store, grants: &[&Grant], next_marker: Option<String>) -> Self {
        Self {
            grants: grants.iter().map(|it| Entry::new(store, it)).collect(),
            truncated: next_marker.is_some(),
            next_marker,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    #[serde(skip_serializing_if = "Option::is_none")]
    constraints: Option<Constraints>,
    creation_date: f64,
    grant_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    grantee_principal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grantee_service_principal: Option<String>,
    issuing_account: String,
    key_id: String,
    /// `""` when the grant has no name: the published samples show it so, the prose says null.
    name: String,
    operations: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retiring_principal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retiring_service_principal: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Constraints {
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_context_equals: Option<EncryptionContext>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_context_subset: Option<EncryptionContext>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_arn: Option<String>,
}

impl Entry {
    fn new(store: &Store, grant: &Grant) -> Self {
        let (grantee_principal, grantee_service_principal) = named(store, Some(&grant.grantee));
        let (retiring_principal, retiring_service_principal) =
            named(store, grant.retiring.as_ref());
        let constraints = &grant.constraints;
        let (equals, subset) = match &constraints.context {
            Some(ContextConstraint::Equals(pairs)) => (Some(pairs.clone()), None),
            Some(ContextConstraint::Subset(pairs)) => (None, Some(pairs.clone())),
            None => (None, None),
        };
        Self {
            constraints: (!constraints.is_empty()).then(|| Constraints {
                encryption_context_equals: equals,
                encryption_context_subset: subset,
                source_arn: constraints.source_arn.clone(),
            }),
            // Recorded: grants have whole seconds, where keys have milliseconds.
            creation_date: epoch_seconds(grant.created).floor(),
            grant_id: grant.id_text(),
            grantee_principal,
            grantee_service_principal,
            issuing_account: store.directory.root_arn(&grant.issuing_account),
            key_id: store.keys.get(grant.key).arn.clone(),
            name: grant.name.clone().unwrap_or_default(),
            operations: grant.operations.iter().map(|it| it.as_str()).collect(),
            retiring_principal,
            retiring_service_principal,
        }
    }
}

/// A principal and a service principal stand in members of their own.
fn named(store: &Store, identity: Option<&Identity>) -> (Option<String>, Option<String>) {
    match identity {
        None => (None, None),
        Some(Identity::Service(name)) => (None, Some(name.clone())),
        Some(identity) => (Some(store.directory.name(identity)), None),
    }
}
