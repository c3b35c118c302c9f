//! The deliberate bugs of the upstream.

/// A deliberate bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    StatusOfErrors,
    CodeOfErrors,
    MissingMember,
    ExtraMember,
    OtherOperations,
    OtherAlgorithm,
    OtherKey,
    NoConstraint,
    DryRunSucceeds,
    DeniedThoughAllowed,
    AllowedThoughDenied,
    ConstraintIgnored,
    EndedAndListed,
    NeverListed,
    OtherTruncated,
    TextOfErrors,
    OrderOfOperations,
}

impl Bug {
    pub(crate) const ALL: [Self; 17] = [
        Self::StatusOfErrors,
        Self::CodeOfErrors,
        Self::MissingMember,
        Self::ExtraMember,
        Self::OtherOperations,
        Self::OtherAlgorithm,
        Self::OtherKey,
        Self::NoConstraint,
        Self::DryRunSucceeds,
        Self::DeniedThoughAllowed,
        Self::AllowedThoughDenied,
        Self::ConstraintIgnored,
        Self::EndedAndListed,
        Self::NeverListed,
        Self::OtherTruncated,
        Self::TextOfErrors,
        Self::OrderOfOperations,
    ];
}
