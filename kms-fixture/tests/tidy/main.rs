//! Invariants of the source, checked like everything else.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod layers;
mod owners;
mod pages;
mod prose;
mod source;
