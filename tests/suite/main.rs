//! What a downstream suite sees: public API only, with the real `aws-sdk-kms`, one file for each subject.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod aliases;
mod attribute;
mod authorization;
mod conditions;
mod conditions_of_cryptography;
mod conditions_of_grants;
mod conditions_of_management;
mod context_constraints;
mod create_grant;
mod cross_account;
mod failing;
mod grant_tokens;
mod grants_at_work;
mod imports;
mod isolation;
mod journal;
mod key_policies;
mod key_states;
mod keys;
mod leaks;
mod list_grants;
mod list_retirable_grants;
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
mod service_conditions;
mod service_principals;
mod sessions;
mod sessions_across;
mod signatures;
mod tags;
mod transport;
mod uses;
mod validation;
mod wire;
