//! Grant constraints: their meaning, and when one set is at least as strict as another.

use std::collections::BTreeMap;

/// An encryption context: unordered pairs.
pub type EncryptionContext = BTreeMap<String, String>;

/// The constraint on the encryption context of a grant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ContextConstraint {
    /// `EncryptionContextEquals`: the request's context is exactly this one.
    Equals(EncryptionContext),
    /// `EncryptionContextSubset`: the request's context contains at least these pairs.
    Subset(EncryptionContext),
}

/// The constraints of a grant (API reference, `GrantConstraints`).
///
/// ```
/// use kms_fixture::model::{Constraints, ContextConstraint};
/// let pairs = [("tenant".to_owned(), "acme".to_owned())];
/// let subset = Constraints { context: Some(ContextConstraint::Subset(pairs.clone().into())), source_arn: None };
/// let equals = Constraints { context: Some(ContextConstraint::Equals(pairs.into())), source_arn: None };
/// assert!(equals.at_least_as_strict_as(&subset));
/// assert!(!subset.at_least_as_strict_as(&equals));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Constraints {
    /// The encryption context constraint, of which there is at most one.
    pub context: Option<ContextConstraint>,
    /// The value that `aws:SourceArn` must have.
    pub source_arn: Option<String>,
}

impl ContextConstraint {
    /// Returns whether a request with this encryption context satisfies the constraint. Keys and values are compared
    /// with their case (INVENTED(context-case), section 10.10: AWS's pages contradict each other on the case of keys).
    ///
    /// ```
    /// use kms_fixture::model::{ContextConstraint, EncryptionContext};
    /// let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    /// let subset = ContextConstraint::Subset([pair("tenant", "7")].into());
    /// assert!(subset.is_satisfied_by(&[pair("tenant", "7"), pair("purpose", "backup")].into()));
    /// assert!(!subset.is_satisfied_by(&EncryptionContext::new()));
    /// ```
    pub fn is_satisfied_by(&self, context: &EncryptionContext) -> bool {
        match self {
            Self::Equals(exactly) => context == exactly,
            Self::Subset(pairs) => pairs.iter().all(|(key, value)| context.get(key) == Some(value)),
        }
    }
}

impl Constraints {
    /// Returns whether there are no constraints.
    pub fn is_empty(&self) -> bool {
        self.context.is_none() && self.source_arn.is_none()
    }

    /// Returns whether a grant with the constraints `parent` can create a grant with these (DG create-grant-overview;
    /// fact 8b.9): pairs may be added to a subset, a subset may become an equality, nothing may be dropped.
    pub fn at_least_as_strict_as(&self, parent: &Self) -> bool {
        let holds = |wide: &EncryptionContext, narrow: &EncryptionContext| {
            wide.iter().all(|(key, value)| narrow.get(key) == Some(value))
        };
        let context = match (&parent.context, &self.context) {
            (None, _) => true,
            (Some(_), None)
            | (Some(ContextConstraint::Equals(_)), Some(ContextConstraint::Subset(_))) => false,
            (
                Some(ContextConstraint::Subset(wide)),
                Some(ContextConstraint::Subset(narrow) | ContextConstraint::Equals(narrow)),
            ) => holds(wide, narrow),
            (Some(ContextConstraint::Equals(theirs)), Some(ContextConstraint::Equals(ours))) => {
                theirs == ours
            }
        };
        let source = parent.source_arn.is_none() || parent.source_arn == self.source_arn;
        context && source
    }
}
