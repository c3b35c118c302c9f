//! The operations of the API, each a function from typed input to typed output or `KmsError`.
//!
//! Request quotas are checked first. Every operation has one order: find, authorize, validate, check the key state, DryRun, act (fact 3.7).

#![allow(clippy::needless_pass_by_value)] // operations consume their input and share one signature

pub(crate) mod aliases;
pub(crate) mod cancel_key_deletion;
pub(crate) mod create_grant;
pub(crate) mod create_key;
#[cfg(feature = "crypto")]
pub(crate) mod crypto;
#[cfg(feature = "crypto")]
pub(crate) mod delete_imported_key_material;
pub(crate) mod describe_custom_key_stores;
pub(crate) mod describe_key;
pub(crate) mod enable_key;
pub(crate) mod get_key_last_usage;
#[cfg(feature = "crypto")]
pub(crate) mod import_key_material;
#[cfg(feature = "crypto")]
pub(crate) mod import_parameters;
pub(crate) mod key_policies;
pub(crate) mod list_aliases;
pub(crate) mod list_grants;
pub(crate) mod list_key_rotations;
pub(crate) mod list_keys;
pub(crate) mod list_retirable_grants;
pub(crate) mod replicate_key;
pub(crate) mod retire_grant;
pub(crate) mod revoke_grant;
pub(crate) mod rotation;
pub(crate) mod schedule_key_deletion;
pub(crate) mod tags;
pub(crate) mod update_key_description;
pub(crate) mod update_primary_region;

#[cfg(feature = "crypto")]
mod blob;
mod explain;
mod grant_entry;
mod grant_terms;
mod key_ref;
mod key_states;
mod key_use;
mod markers;
mod mentioned;
mod throttle;

use std::time::SystemTime;

use crate::kms::arrival::View;
use crate::kms::error::{KmsError, Reason, Result};
use crate::kms::principals::{Caller, Identity, NoPrincipal};
use crate::kms::store::{GrantId, KeyIndex, Store};

pub(crate) use explain::explain;
pub(crate) use grant_entry::GrantPage;
pub(crate) use mentioned::mentioned_keys;

/// The context in which an operation runs.
pub(crate) struct Cx<'a> {
    pub(crate) store: &'a mut Store,
    pub(crate) caller: &'a Caller,
    pub(crate) view: View,
    /// The number of the request.
    pub(crate) number: u64,
    /// The id of the request, which its response will have.
    pub(crate) request_id: &'a str,
    /// In a replay, the name of the material to import. A cassette contains no wrapped material that could be
    /// unwrapped.
    pub(crate) stand_in: Option<&'a str>,
    /// The keys that the call may use; the call has used them once it has succeeded.
    pub(crate) used: Vec<KeyIndex>,
}

impl Cx<'_> {
    /// Returns the time of the request.
    pub(crate) fn now(&self) -> SystemTime {
        self.view.now()
    }

    /// Ends a grant, at once or as an eventually consistent change.
    fn end_grant(&mut self, id: &GrantId) {
        let change = self.store.change(self.view.now());
        self.store.grants.end(id, change, Some(self.number));
    }

    /// Returns the denial that does not reveal whether the resource exists (row 20).
    fn opaque_denial(&self, operation: &str) -> KmsError {
        if self.caller.is_service() {
            return KmsError::service_denied();
        }
        let caller = &self.caller.caller_arn;
        KmsError::access_denied(caller, operation, "", true, Reason::OtherAccount)
    }

    /// Resolves the principal that `text` names (row 7; facts 3.1.8, 3.1.9, 3.3.5, 8b.1, 8b.3). `dead` is the error for
    /// the unique id of a deleted principal, which differs between operations (fact 8b.11).
    fn principal(&self, text: &str, dead: impl FnOnce() -> KmsError) -> Result<Identity> {
        let found = self.store.directory.resolve(text, &self.view);
        found.map_err(|why| match why {
            NoPrincipal::Unknown => KmsError::no_such_principal(text),
            NoPrincipal::Malformed => KmsError::arn_not_valid(text),
            NoPrincipal::DeadUniqueId => dead(),
        })
    }
}

/// A response without a body (fact 1.3).
#[derive(Debug, serde::Serialize)]
pub(crate) struct Empty;
