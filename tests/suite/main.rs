//! What a downstream suite sees: public API only, with the real `aws-sdk-kms`, one file for each subject.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod agreement;
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
mod data_key_pairs;
mod data_keys;
mod decryption;
mod encryption;
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
mod macs;
#[cfg(feature = "record")]
mod modes;
mod policies;
mod principals;
mod public_keys;
mod re_encryption;
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
mod signatures_of_messages;
mod tags;
mod transport;
mod uses;
mod using;
mod validation;
mod wire;
