//! Plain values and their rules: ARNs, AWS's words, constraints, and declarations.
//!
//! `kms-fixture-macros` compiles this folder, too, so that the attribute, the builder and the scenario file share one
//! definition. This folder uses only `std`, `crate::model` and `crate::api::words`: no serde, no syn, no time, no
//! randomness.

mod arn;
mod constraints;
#[allow(dead_code, unused_imports)] // only the attribute uses some items
pub(crate) mod declare;
mod key;
mod region;

pub use crate::api::words::{GrantOperation, KeySpec, KeyState, KeyUsage, Origin};
pub use arn::Arn;
pub use constraints::{Constraints, ContextConstraint, EncryptionContext};

pub(crate) use arn::{
    is_account_id, is_grant_id, is_key_id, is_service_principal, is_session_of_service,
    is_source_arn,
};
pub(crate) use region::{is_partition, is_region, nearest_region, partition};
