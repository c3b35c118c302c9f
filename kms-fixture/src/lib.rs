// In place of the README's own links to pictures, which are files of the repository: the first definition of a link counts.
#![doc = concat!("[failing-test]: ", include_str!("docs/failing-test.uri"))]
#![doc = concat!("[console]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/HEAD/docs/console-light.png\n")]
#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
// With fewer features, some internals are unused. A build with all features finds dead code.
#![cfg_attr(
    not(all(feature = "macros", feature = "cli", feature = "crypto")),
    allow(dead_code, unused_imports)
)]

// The rooms. Each uses only the rooms above it.
mod api;
mod error;
mod file;
pub mod model;
pub mod scenario;

mod wire;

mod kms;

mod tape;

mod fixture;

#[cfg(feature = "cli")]
mod probe;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;

pub use api::operation_names::Operation;
pub use error::Error;
pub use fixture::{
    Call, Caller, Calls, Clock, Exploration, Explored, Faults, Fixture, FixtureBuilder, Grant, Key,
    Kms, ListedGrant, ListedKey, Thing, Until,
};
pub use scenario::{Fault, Scenario};

#[doc = include_str!("docs/guide/index.md")]
pub mod guide {
    #[doc = concat!("[failing-test]: ", include_str!("docs/failing-test.uri"), "\n")]
    #[doc = include_str!("docs/guide/getting_started.md")]
    pub mod getting_started {}
    #[doc = include_str!("docs/guide/coming_from.md")]
    pub mod coming_from {}
    #[doc = include_str!("docs/guide/who_may_do_what.md")]
    pub mod who_may_do_what {}
    #[doc = include_str!("docs/guide/time.md")]
    pub mod time {}
    #[doc = include_str!("docs/guide/faults_and_retries.md")]
    pub mod faults_and_retries {}
    #[doc = include_str!("docs/guide/recording_and_reviewing.md")]
    pub mod recording_and_reviewing {}
    #[doc = include_str!("docs/guide/recipes.md")]
    pub mod recipes {}
    #[doc = include_str!("docs/guide/command_line.md")]
    pub mod command_line {}
    #[doc = include_str!("docs/guide/denied.md")]
    pub mod denied {}
    #[doc = include_str!("docs/guide/troubleshooting.md")]
    pub mod troubleshooting {}
    #[doc = include_str!("docs/guide/environment.md")]
    pub mod environment {}
    #[doc = include_str!("docs/guide/cost.md")]
    pub mod cost {}
}

#[doc = include_str!("docs/guesses.md")]
pub mod guesses {}

#[doc = include_str!("docs/experiments.md")]
pub mod experiments {}

#[doc = include_str!("docs/operations.md")]
pub mod operations {}

#[doc = include_str!("docs/consistency.md")]
pub mod consistency {}

#[doc = include_str!("docs/retries.md")]
pub mod retries {}

#[doc = include_str!("docs/conditions.md")]
pub mod conditions {}

#[doc = include_str!("docs/recording.md")]
pub mod recording {}

#[doc = include_str!("docs/sts.md")]
pub mod sts {}

#[doc = include_str!("docs/serve.md")]
pub mod serve {}

#[doc = include_str!("docs/cli.md")]
pub mod command_line {}

#[cfg(feature = "macros")]
#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc = include_str!("docs/kms_test.md")]
pub use kms_fixture_macros::kms_test;
#[cfg(feature = "macros")]
#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc = include_str!("docs/scenario.md")]
pub use kms_fixture_macros::scenario;

/// The items that expansions of the attribute use. None of them is stable.
#[cfg(feature = "macros")]
#[doc(hidden)]
pub mod __private {
    pub use std::process::Termination;

    pub use crate::fixture::ide;
    pub use crate::fixture::named::named;
    pub use crate::fixture::run::{Plan, TestPlace, run, run_async};
}
