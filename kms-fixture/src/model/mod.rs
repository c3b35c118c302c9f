//! Plain values: ARNs, AWS's words, constraints. No serde, no time, no randomness.

mod arn;
mod constraints;
mod key;

pub use crate::api::words::{GrantOperation, KeySpec, KeyState, KeyUsage, Origin};
pub use arn::Arn;
pub use constraints::{Constraints, ContextConstraint, EncryptionContext};

pub(crate) use arn::{
    is_account_id, is_key_id, is_region, is_service_principal, is_source_arn, partition,
};
