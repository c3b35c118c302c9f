//! `KmsError`: an error of the service as code, message and status; no JSON, no HTTP library.

mod access;
mod catalogue;
mod faults;
mod lifecycle;
mod signature;

pub(crate) use access::Reason;

use crate::kms::evidence::Evidence;

/// An error of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KmsError {
    /// The bare shape name in `__type` (fact 1.5).
    pub(crate) code: &'static str,
    /// 400 for client errors, regardless of the Smithy model (facts 1.8, 1.9).
    pub(crate) status: u16,
    /// Absent where AWS sends none (fact 1.16).
    pub(crate) message: Option<String>,
    /// The evidence for the journal; never part of the answer.
    pub(crate) why: Option<Box<Evidence>>,
}

impl KmsError {
    fn client(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, status: 400, message: Some(message.into()), why: None }
    }

    fn silent(code: &'static str) -> Self {
        Self { code, status: 400, message: None, why: None }
    }

    /// Adds the evidence.
    pub(crate) fn because(mut self, why: Evidence) -> Self {
        self.why = Some(Box::new(why));
        self
    }
}

pub(crate) type Result<T> = std::result::Result<T, KmsError>;
