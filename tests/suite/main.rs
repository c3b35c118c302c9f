//! What a downstream suite sees: public API only, with the real `aws-sdk-kms`, one file for each subject.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod aliases;
mod attribute;
mod authorization;
mod clock;
mod consistency;
mod create_grant;
mod cross_account;
mod failing;
mod imports;
mod isolation;
mod journal;
mod key_deletion;
mod key_policies;
mod key_states;
mod keys;
mod leaks;
mod list_grants;
mod list_retirable_grants;
mod model;
#[cfg(feature = "record")]
mod modes;
mod policies;
mod principals;
mod recorded;
mod refusal;
mod regions;
mod retire_grant;
mod revoke_grant;
mod rotation;
mod scenario;
mod signatures;
mod tags;
mod transport;
mod validation;
mod wire;
