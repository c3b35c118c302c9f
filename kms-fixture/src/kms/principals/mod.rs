//! Principals: who they are, what they are called, with which credentials they call.

mod directory;
mod identity;

use std::sync::Arc;
use std::time::SystemTime;

pub(crate) use directory::{Directory, EntitySpec, Kind};
pub(crate) use identity::{Identity, Naming};

use crate::kms::policy::Policy;

/// Someone who calls.
#[allow(clippy::struct_field_names)] // `caller_arn` is the word of the API of the fixture
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) identity: Identity,
    pub(crate) account: String,
    /// What a grant names: the role behind a session, or the principal itself.
    pub(crate) arn: String,
    /// What AWS says is calling (fact 8b.1).
    pub(crate) caller_arn: String,
    pub(crate) policies: Vec<Arc<Policy>>,
    pub(crate) boundary: Option<Arc<Policy>>,
    pub(crate) session_policy: Option<Arc<Policy>>,
    /// The unique id of the role or user behind the credentials.
    pub(crate) entity_id: Option<String>,
    /// The AWS service that makes the request on the caller's behalf.
    pub(crate) via_service: Option<String>,
    /// The resource for which an AWS service calls.
    pub(crate) source_arn: Option<String>,
}

impl Caller {
    /// Whether an AWS service calls by itself.
    pub(crate) fn is_service(&self) -> bool {
        matches!(self.identity, Identity::Service(_))
    }

    /// Whether the caller belongs to another account than `account`; a service belongs to none, and is at home in all.
    pub(crate) fn is_foreign_to(&self, account: &str) -> bool {
        !self.is_service() && self.account != account
    }
}

/// Credentials and who holds them.
#[derive(Clone, Debug)]
pub(crate) struct Credential {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    /// Sessions and federated users have one, users and roots have none.
    pub(crate) session_token: Option<String>,
    pub(crate) caller: Caller,
    /// The name that the caller was declared with.
    pub(crate) declared: String,
    /// When they stop working, if they do.
    pub(crate) expires: Option<SystemTime>,
    /// Whether calls with them are answered as if no change had arrived.
    pub(crate) is_stale: bool,
}

/// Why a text names no principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoPrincipal {
    /// Well-formed, and nobody.
    Unknown,
    /// Not the form of a principal.
    Malformed,
    /// The unique id of what has been deleted, or never was.
    DeadUniqueId,
}
