//! A scenario in another account, as in a recording of a live one.

use super::{PolicySource, Scenario};
use crate::error::Error;

impl Scenario {
    /// Returns the same declarations in `account`: whatever names the scenario's own account names that one, also in
    /// policies, which are read from their files.
    ///
    /// # Errors
    ///
    /// A policy file that cannot be read.
    pub(crate) fn in_account(&self, account: &str) -> Result<Self, Error> {
        let mut moved = self.clone();
        let own = self.account.as_str();
        if own == account {
            return Ok(moved);
        }
        account.clone_into(&mut moved.account);
        for source in moved.policies_mut() {
            let document = source.document()?;
            // A policy file that does not name the account stays a file.
            if document.contains(own) {
                *source = PolicySource::Document(document.replace(own, account));
            }
        }
        let keys = moved.keys.iter_mut().map(|it| &mut it.account);
        let roles = moved.roles.iter_mut().map(|it| &mut it.entity.account);
        let users = moved.users.iter_mut().map(|it| &mut it.entity.account);
        let grants = moved.grants.iter_mut().flat_map(|it| {
            [&mut it.grantee, &mut it.retiring, &mut it.source_arn, &mut it.issuing_account]
        });
        for text in keys.chain(roles).chain(users).chain(grants).flatten() {
            *text = text.replace(own, account);
        }
        Ok(moved)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn declarations_move_with_all_that_names_their_account() {
        let policy = |account: &str| {
            json!({"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Action": "kms:*", "Resource": "*",
                "Principal": {"AWS": format!("arn:aws:iam::{account}:root")},
            }]})
        };
        let scenario = |account: &str| {
            let scenario = json!({
                "account": account,
                "keys": {"orders": {"policy": policy(account)}, "abroad": {"account": "444455556666"}},
                "roles": {"worker": {"policy": {"Version": "2012-10-17", "Statement": [{
                    "Effect": "Allow", "Action": "kms:Decrypt",
                    "Resource": format!("arn:aws:kms:us-east-1:{account}:key/*"),
                }]}}},
                "grants": {"access": {
                    "key": "orders", "grantee": format!("arn:aws:iam::{account}:role/worker"), "operations": ["Decrypt"],
                }},
            });
            serde_json::from_value::<Scenario>(scenario).unwrap()
        };
        let moved = scenario("111122223333").in_account("987650001111").unwrap();
        assert_eq!(moved, scenario("987650001111"));
    }
}
