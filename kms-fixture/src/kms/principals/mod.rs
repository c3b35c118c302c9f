//! Principals: their identities, their names, and the credentials that they call with.

mod credentials;
mod directory;
mod identity;
mod secret;

use std::sync::Arc;
use std::time::SystemTime;

pub(crate) use directory::{Directory, EntityKind, EntitySpec, Role};
pub(crate) use identity::{Identity, Naming};
pub(crate) use secret::{Drawn, Secret, Secrets};

use crate::kms::ids::Draw;
use crate::kms::policy::Policy;

/// The principal that makes a request.
#[allow(clippy::struct_field_names)] // `caller_arn` is a name in the fixture's API
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) identity: Identity,
    pub(crate) account: String,
    /// The ARN that a grant names: the role behind a session, or the principal itself.
    pub(crate) arn: String,
    /// The ARN that AWS reports for the caller (fact 8b.1).
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
    /// Returns whether the caller is an AWS service itself.
    pub(crate) fn is_service(&self) -> bool {
        matches!(self.identity, Identity::Service(_))
    }

    /// Returns whether the caller belongs to an account other than `account`; a service is not foreign to any.
    pub(crate) fn is_foreign_to(&self, account: &str) -> bool {
        !self.is_service() && self.account != account
    }
}

/// Credentials and their caller.
#[derive(Clone, Debug)]
pub(crate) struct Credential {
    pub(crate) access_key_id: String,
    pub(crate) secrets: Secrets,
    pub(crate) caller: Caller,
    /// The name that the caller was declared with.
    pub(crate) declared: String,
    /// When the credentials expire, if they do.
    pub(crate) expires: Option<SystemTime>,
    /// Whether calls with these credentials are answered as if no change had arrived.
    pub(crate) is_stale: bool,
}

impl Credential {
    /// Returns permanent credentials for `caller`.
    pub(crate) fn permanent(draw: Draw, declared: &str, caller: Caller) -> Self {
        Self::drawn(draw, declared, caller, false)
    }

    /// Returns temporary credentials for `caller`, which do not expire yet.
    pub(crate) fn temporary(draw: Draw, declared: &str, caller: Caller) -> Self {
        Self::drawn(draw, declared, caller, true)
    }

    fn drawn(mut draw: Draw, declared: &str, caller: Caller, is_temporary: bool) -> Self {
        Self {
            access_key_id: draw.upper(if is_temporary { "ASIA" } else { "AKIA" }, 20),
            secrets: Secrets::new(move || Drawn {
                access_key: Secret::new(draw.secret()),
                session_token: is_temporary.then(|| draw.session_token()),
            }),
            caller,
            declared: declared.to_owned(),
            expires: None,
            is_stale: false,
        }
    }
}

/// The reason why a text does not name a principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoPrincipal {
    /// The form is valid, but no such principal exists.
    Unknown,
    /// The form is not that of a principal.
    Malformed,
    /// The unique id of a principal that was deleted or never existed.
    DeadUniqueId,
}
