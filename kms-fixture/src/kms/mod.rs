//! The fake KMS: its state, rules, operations and protocol.

pub(crate) mod arrival;
pub(crate) mod body;
pub(crate) mod clock;
pub(crate) mod evidence;
pub(crate) mod ids;

#[cfg(feature = "crypto")]
pub(crate) mod crypto;
pub(crate) mod policy;
pub(crate) mod principals;

pub(crate) mod error;
pub(crate) mod quotas;
pub(crate) mod store;

pub(crate) mod authz;
pub(crate) mod ops;
pub(crate) mod protocol;
pub(crate) mod sts;

pub(crate) mod fake;
pub(crate) mod journal;
