//! Experiments: one for each guess of the fake and each fact in dispute, to be run against the fake, an emulator or AWS.

mod answer;
mod catalogue;
mod client;
mod cost;
mod experiment;
mod keys;
mod live;
mod reference;
mod report;
mod run;
#[cfg(test)]
mod tests;

pub(crate) use catalogue::{Catalogue, catalogue};
pub(crate) use cost::Cost;
pub(crate) use keys::Keys;
pub(crate) use live::{Live, Options};
pub(crate) use report::{issue, list, summary, table};
pub(crate) use run::{Outcome, Verdict, on_fake, on_service};
