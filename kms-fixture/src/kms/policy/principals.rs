//! The principals of a statement.

use serde_json::{Map, Value};

use super::{PolicyError, form};

/// The `Principal` or `NotPrincipal` of a statement, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Principals {
    /// `NotPrincipal`.
    pub(crate) negated: bool,
    /// `"*"`, or `{"AWS": "*"}`.
    pub(crate) anyone: bool,
    /// The entries of `AWS`: ARNs, account ids, unique ids.
    pub(crate) aws: Vec<String>,
    /// The entries of `Service`.
    pub(crate) services: Vec<String>,
}

impl Principals {
    /// Takes `Principal` or `NotPrincipal` out of a statement: KMS binds them to identities.
    pub(super) fn take_from(body: &mut Map<String, Value>) -> Result<Option<Self>, PolicyError> {
        let (value, negated) = match (body.remove("Principal"), body.remove("NotPrincipal")) {
            (Some(_), Some(_)) => {
                return Err(PolicyError::new(
                    "a statement has both `Principal` and `NotPrincipal`",
                ));
            }
            (Some(value), None) => (value, false),
            (None, Some(value)) => (value, true),
            (None, None) => return Ok(None),
        };
        let mut principals =
            Self { negated, anyone: value == "*", aws: Vec::new(), services: Vec::new() };
        if principals.anyone {
            return Ok(Some(principals));
        }
        let map = value
            .as_object()
            .filter(|it| !it.is_empty())
            .ok_or_else(|| PolicyError::new("a principal is neither `\"*\"` nor an object"))?;
        for (kind, ids) in map {
            let ids = form::strings(kind, ids)
                .map_err(|_| PolicyError::new("the ids of a principal are not strings"))?;
            let ids = ids.into_iter().map(str::to_owned);
            match kind.as_str() {
                "AWS" => {
                    principals.aws.extend(ids);
                    principals.anyone |= principals.aws.iter().any(|id| id == "*");
                    principals.aws.retain(|id| id != "*");
                }
                "Service" => principals.services.extend(ids),
                // No caller of this fake is of these kinds.
                "Federated" | "CanonicalUser" => {}
                _ => {
                    return Err(PolicyError::new(format!(
                        "`{kind}` is not a valid kind of principal"
                    )));
                }
            }
        }
        Ok(Some(principals))
    }
}
