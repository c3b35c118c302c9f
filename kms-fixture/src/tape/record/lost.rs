//! CreateGrants whose answer did not arrive: each may have made a grant that no answer names.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Value, json};

/// The terms of a grant, as CreateGrant asks for them and as ListGrants shows them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Terms {
    grantee: String,
    retiring: String,
    operations: BTreeSet<String>,
    /// Null without constraints.
    constraints: Value,
    name: String,
}

/// Whether a listed grant has the terms of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Whole,
    /// All terms but a principal, whose unique id is in one and whose ARN is in the other.
    Perhaps,
    No,
}

impl Terms {
    /// Reads the input of CreateGrant, or an entry of ListGrants.
    pub(super) fn of(grant: &Value) -> Self {
        let text = |member: &str| grant[member].as_str().unwrap_or_default().to_owned();
        // ListGrants shows a service in the member for principals.
        let principal = |member: &str, service: &str| {
            let it = text(member);
            if it.is_empty() { text(service) } else { it }
        };
        let operations = grant["Operations"].as_array().into_iter().flatten();
        let mut constraints = grant["Constraints"].clone();
        if let Value::Object(members) = &mut constraints {
            members.retain(|_, it| it.as_object().is_none_or(|it| !it.is_empty()) && !it.is_null());
            if members.is_empty() {
                constraints = Value::Null;
            }
        }
        Self {
            grantee: principal("GranteePrincipal", "GranteeServicePrincipal"),
            retiring: principal("RetiringPrincipal", "RetiringServicePrincipal"),
            operations: operations.filter_map(|it| it.as_str().map(str::to_owned)).collect(),
            constraints,
            name: text("Name"),
        }
    }

    /// Returns the principals, and the other terms, each as one text that is the same for the same terms.
    pub(super) fn canonical(&self) -> (String, String) {
        let principals = json!([self.grantee, self.retiring]).to_string();
        let rest = json!([self.operations, sorted(&self.constraints), self.name]).to_string();
        (principals, rest)
    }

    /// Returns whether the grant has a name.
    pub(super) fn has_name(&self) -> bool {
        !self.name.is_empty()
    }

    /// Returns whether a principal is named by its unique id.
    pub(super) fn is_by_id(&self) -> bool {
        is_id(&self.grantee) || is_id(&self.retiring)
    }

    /// Returns the operations.
    pub(super) fn operations(&self) -> Vec<String> {
        self.operations.iter().cloned().collect()
    }

    /// Compares the terms of a call with those of a listed grant.
    pub(super) fn fit(&self, listed: &Self) -> Fit {
        let principals = [(&self.grantee, &listed.grantee), (&self.retiring, &listed.retiring)];
        let mut fit = Fit::Whole;
        for (asked, shown) in principals {
            if asked != shown {
                if !(is_id(asked) || is_id(shown)) || asked.is_empty() || shown.is_empty() {
                    return Fit::No;
                }
                fit = Fit::Perhaps;
            }
        }
        let others = |it: &Self| (it.operations.clone(), it.constraints.clone(), it.name.clone());
        if others(self) == others(listed) { fit } else { Fit::No }
    }
}

/// Returns whether a principal's name is its unique id.
fn is_id(principal: &str) -> bool {
    !principal.is_empty() && !principal.contains([':', '.'])
}

/// Returns a value as a text with sorted members.
fn sorted(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<_, _> =
                members.iter().map(|(name, it)| (name, sorted(it))).collect();
            json!(members).to_string()
        }
        other => other.to_string(),
    }
}

impl fmt::Display for Terms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operations: Vec<_> = self.operations.iter().map(String::as_str).collect();
        write!(f, "for {} with {}", self.grantee, operations.join(", "))?;
        if !self.name.is_empty() {
            write!(f, ", named `{}`", self.name)?;
        }
        Ok(())
    }
}

/// CreateGrants of one key with the same terms, none of which has an answer.
#[derive(Clone, Debug)]
pub(super) struct Lost {
    pub(super) key: String,
    pub(super) terms: Terms,
    pub(super) calls: usize,
    /// The number of the last of them.
    pub(super) last: u64,
}

/// The grants of a key that lost calls may have made: their ids.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) whole: Vec<String>,
    pub(super) perhaps: Vec<String>,
    /// Whether the list has a grant of the recording that is newer than the calls, so that it does not lag behind.
    pub(super) is_later: bool,
}

impl Found {
    pub(super) fn len(&self) -> usize {
        self.whole.len() + self.perhaps.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_grant_fits_a_call_by_all_its_terms() {
        let role = "arn:aws:iam::111122223333:role/worker";
        let call = json!({
            "KeyId": "k", "GranteePrincipal": role, "RetiringServicePrincipal": "ec2.us-east-1.amazonaws.com",
            "Operations": ["Encrypt", "Decrypt"], "Constraints": {"EncryptionContextSubset": {"a": "b"}},
        });
        let listed = json!({
            "GrantId": "g", "GranteePrincipal": role, "RetiringPrincipal": "ec2.us-east-1.amazonaws.com", "Name": "",
            "Operations": ["Decrypt", "Encrypt"], "Constraints": {"EncryptionContextSubset": {"a": "b"}},
        });
        let fit = |call: &Value, listed: &Value| Terms::of(call).fit(&Terms::of(listed));
        assert_eq!(fit(&call, &listed), Fit::Whole);
        for (member, value) in [
            ("GranteePrincipal", json!("arn:aws:iam::111122223333:role/janitor")),
            ("RetiringPrincipal", json!(null)),
            ("Operations", json!(["Decrypt"])),
            ("Constraints", json!({"EncryptionContextSubset": {"a": "c"}})),
            ("Constraints", json!({})),
            ("Name", json!("nightly")),
        ] {
            let mut other = listed.clone();
            other[member] = value;
            assert_eq!(fit(&call, &other), Fit::No, "{member}");
        }
        let mut by_id = listed;
        by_id["GranteePrincipal"] = "AROAQ3EGSEXAMPLEID5X7".into();
        assert_eq!(fit(&call, &by_id), Fit::Perhaps);
        by_id["Operations"] = json!(["Decrypt"]);
        assert_eq!(fit(&call, &by_id), Fit::No);
    }

    #[test]
    fn constraints_without_members_are_none() {
        let without = Terms::of(&json!({"Operations": ["Decrypt"]}));
        for constraints in [json!({}), json!(null), json!({"EncryptionContextEquals": {}})] {
            let terms = Terms::of(&json!({"Operations": ["Decrypt"], "Constraints": constraints}));
            assert_eq!(terms, without);
        }
    }
}
