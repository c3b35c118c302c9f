#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
// With fewer features, parts of the inside have no user. What nobody uses at all is found with all features.
#![cfg_attr(
    not(all(feature = "macros", feature = "cli", feature = "crypto")),
    allow(dead_code, unused_imports)
)]

// Suggested reading order.
pub mod model;
pub mod scenario;

mod arrival;
mod clock;
mod exchange;
mod ids;
mod report;

#[cfg(feature = "crypto")]
mod crypto;

mod redact;

mod cassette;

mod policy;
mod principals;

mod error;
mod store;

mod authz;
mod ops;
mod protocol;

mod journal;

mod fake;
mod server;

mod shadow;

mod replay;

#[cfg(any(feature = "macros", feature = "record"))]
mod mode;

#[cfg(feature = "record")]
mod record;

mod fixture;

#[cfg(feature = "macros")]
#[doc(hidden)]
pub mod ide;
#[cfg(feature = "macros")]
mod run;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;

pub use fixture::{
    Caller, Clock, Fixture, FixtureBuilder, Grant, Key, Kms, ListedGrant, ListedKey,
};
pub use journal::{Call, Calls};
pub use report::Error;
pub use scenario::Scenario;

#[doc = include_str!("guesses.md")]
pub mod guesses {}

#[doc = include_str!("conditions.md")]
pub mod conditions {}

#[doc = include_str!("operations.md")]
pub mod operations {}

#[doc = include_str!("consistency.md")]
pub mod consistency {}

#[cfg(feature = "macros")]
#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc = include_str!("kms_test.md")]
pub use kms_fixture_macros::kms_test;

/// What expansions of the attribute name. Nothing here is stable.
#[cfg(feature = "macros")]
#[doc(hidden)]
pub mod __private {
    pub use std::process::Termination;

    pub use super::ide;
    pub use crate::run::{Plan, TestPlace, run, run_async};
}
