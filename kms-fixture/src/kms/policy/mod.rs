//! IAM policies: documents in, verdicts out. `iam-rs` evaluates them; this module mends what differs from AWS.
//!
//! It changes a statement before `iam-rs` 0.8 sees it, each time to match the IAM User Guide:
//! * `Principal` and `NotPrincipal` are taken out: KMS binds them to identities, and `iam-rs` refuses a map with
//!   more than one kind of principal;
//! * `ArnEquals` becomes `ArnLike`, since both accept wildcards on AWS and `iam-rs` compares `ArnEquals` literally;
//! * a missing `Version` is 2008-10-17, numbers and booleans in conditions become strings, and short dates become full ones;
//! * policy variables in conditions are filled in (`iam-rs` does so in resources only), if the `Version` has them;
//! * a `*` at the end of a short ARN covers all that follows, and the service of an ARN may be a wildcard.

mod document;
mod error;
mod form;
mod layout;
mod mend;
mod principals;
mod question;
mod relaxed;
mod statement;

pub(crate) use document::Policy;
pub(crate) use error::PolicyError;
pub(crate) use layout::laid_out;
pub(crate) use principals::Principals;
pub(crate) use question::{Context, Question};
pub(crate) use statement::Effect;

/// The answer of a policy to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// A `Deny` statement applies.
    Deny,
    /// An `Allow` statement applies, and no `Deny` statement does.
    Allow,
    /// No statement applies.
    Silent,
}
