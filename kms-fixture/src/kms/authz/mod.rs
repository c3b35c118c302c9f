//! Authorization: a pure function of key policy, identity policies and grants (`kms-facts.md` 4, 8b).
//!
//! An explicit deny anywhere wins; a grant never overrides it.

mod context;
mod key;
mod near;
mod own;
mod policies;
mod retire;

pub(crate) use context::{
    account_context, constraint, encryption_context, key_context, key_properties,
    principal_context, retire_context,
};
pub(crate) use key::{GrantFilter, KeyRequest, authorize_key};
pub(crate) use near::near;
pub(crate) use own::{authorize_own, own_answers, own_policies_allow};
pub(crate) use retire::authorize_retire;
