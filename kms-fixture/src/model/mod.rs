//! Plain values and the rules about them: ARNs, AWS's words, constraints, and what may be declared.
//!
//! `kms-fixture-macros` compiles this folder, too, so that the attribute, the builder and the scenario file share one
//! truth. Nothing here names anything but `std`, `crate::model` and `crate::api::words`: no serde, no syn, no time, no
//! randomness.

mod arn;
mod constraints;
#[allow(dead_code, unused_imports)] // a part of it is for the attribute alone
pub(crate) mod declare;
mod key;
mod region;

pub use crate::api::words::{GrantOperation, KeySpec, KeyState, KeyUsage, Origin};
pub use arn::Arn;
pub use constraints::{Constraints, ContextConstraint, EncryptionContext};

pub(crate) use arn::{is_account_id, is_grant_id, is_key_id, is_service_principal, is_source_arn};
pub(crate) use region::{is_partition, is_region, partition};
