//! Principals that lists still show by their unique ids: their names arrive later.

use serde_json::Value;

use crate::model::Arn;
use crate::tape::cassette::Interaction;
use crate::tape::redact::{Difference, Grade, Kind};

/// A principal that a list still shows by its unique id.
pub(super) struct Late {
    pub(super) id: String,
    /// The path of the difference.
    pub(super) path: String,
    grant: Value,
    member: String,
}

impl Late {
    /// Returns whether a later list shows the principal by its ARN.
    pub(super) fn is_shown_by(&self, later: &Interaction) -> bool {
        let mut grants = later.output().value()["Grants"].as_array().into_iter().flatten();
        grants.any(|it| {
            let is_name = it[&self.member].as_str().is_some_and(|it| it.starts_with("arn:"));
            it["GrantId"] == self.grant && is_name
        })
    }
}

/// Returns the principals that a list still shows by their unique ids. Once a list has shown the ARN, a unique id is that
/// of a deleted principal.
pub(super) fn late_principals(
    at: usize,
    tape: &[Interaction],
    differences: &[Difference],
) -> Vec<Late> {
    let late = differences.iter().filter(|it| it.grade == Grade::Value).filter_map(|it| {
        let (place, member) = it.path.rsplit_once('.')?;
        let index = place.strip_prefix("$.Grants[")?.strip_suffix(']')?;
        let index: usize = index.parse().ok()?;
        let (id, arn) = (it.first.as_ref()?.as_str()?, it.second.as_ref()?.as_str()?);
        let is_principal = ["GranteePrincipal", "RetiringPrincipal"].contains(&member);
        let is_name = Arn::parse(arn).is_some_and(|it| it.service == "iam");
        (is_principal && is_name && Kind::UniqueId.is_pseudonym(id)).then(|| Late {
            id: id.to_owned(),
            path: it.path.clone(),
            grant: tape[at].output().value()["Grants"][index]["GrantId"].clone(),
            member: member.to_owned(),
        })
    });
    late.filter(|it| !tape[..at].iter().any(|earlier| it.is_shown_by(earlier))).collect()
}
