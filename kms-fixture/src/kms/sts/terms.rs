//! The principals as clients know them: in a recording, by their ARNs in the live account.

use std::collections::BTreeMap;

use super::Cx;
use crate::kms::principals::{Caller, EntityKind, Identity, Role};
use crate::model::Arn;

/// The ARNs by which clients know the principals of the store.
#[derive(Debug, Default)]
pub(crate) struct Terms {
    /// The ARN in the live account of each principal that has another one in the store.
    pub(crate) live: BTreeMap<String, String>,
    /// Whether a cassette or a live service answers the calls of KMS. It knows only the declared principals, each with
    /// its declared policies.
    pub(crate) is_recorded: bool,
}

impl Cx<'_> {
    /// Returns the ARN and the account of the caller, as the client knows them.
    pub(super) fn shown(&self, caller: &Caller) -> (String, String) {
        let live = self.terms.live.get(&caller.arn).map(|it| (it, Arn::parse(it)));
        let Some((text, Some(arn))) = live else {
            return (caller.caller_arn.clone(), caller.account.clone());
        };
        let shown = match &caller.identity {
            Identity::Session { name, .. } => {
                let role = last(arn.resource);
                format!("arn:{}:sts::{}:assumed-role/{role}/{name}", arn.partition, arn.account)
            }
            _ => text.clone(),
        };
        (shown, arn.account.to_owned())
    }

    /// Returns the ARN in the store of the principal that a client names.
    pub(super) fn stored<'a>(&'a self, arn: &'a str) -> &'a str {
        self.terms.live.iter().find(|it| it.1 == arn).map_or(arn, |it| it.0)
    }

    /// Returns the declared name of the role that a client names, also of a deleted one.
    pub(super) fn declared_role(&self, arn: &str) -> Option<String> {
        let existing = self.role(arn).map(|it| it.declared.to_owned());
        existing.or_else(|| {
            let last = self.store.directory.last(self.stored(arn));
            last.filter(|it| it.kind == EntityKind::Role).map(|it| it.declared)
        })
    }

    /// Returns the role that a client names. A recording knows its roles also by their names alone, because a cassette
    /// contains other accounts than the client's.
    pub(super) fn role(&self, arn: &str) -> Option<Role<'_>> {
        let stored = self.stored(arn);
        let roles = || self.store.directory.roles(&self.view);
        let by_name = || {
            let mut named = roles().filter(|it| it.name == last(arn));
            let found = named.next().filter(|_| self.terms.is_recorded);
            found.filter(|_| named.next().is_none())
        };
        roles().find(|it| it.arn == stored).or_else(by_name)
    }
}

/// Returns the last part of a path.
pub(super) fn last(resource: &str) -> &str {
    resource.rsplit('/').next().unwrap_or(resource)
}
