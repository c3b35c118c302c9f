//! Keys of other accounts: a call that was not denied was allowed by the key's policy.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Found;
use super::refusals::{message_of, was_allowed};
use crate::tape::cassette::Interaction;

impl Found {
    /// Lets the keys of other accounts allow to the caller's account what their policies allow, unless a policy is declared:
    /// what succeeded, and what only the caller's own policies refused. An operation that the key also denied to that account
    /// was allowed by a grant.
    pub(super) fn trust(&mut self, calls: &[Interaction]) {
        let denied = calls.iter().filter(|it| is_denied(it) && !is_by_own_policies(it));
        let denied: BTreeSet<_> = denied.flat_map(|it| self.foreign_uses(it)).collect();
        let is_allowed =
            |it: &&Interaction| it.status == 200 || was_allowed(it) || is_by_own_policies(it);
        for call in calls.iter().filter(is_allowed) {
            for (at, account, operation) in self.foreign_uses(call) {
                if !denied.contains(&(at, account.clone(), operation.clone())) {
                    self.more_of(at).trusts.entry(account).or_default().insert(operation);
                }
            }
        }
    }

    /// Returns the uses of other accounts' keys in a call: the key's position, the caller's account and the operation.
    fn foreign_uses(&self, call: &Interaction) -> Vec<(usize, String, String)> {
        let (input, output) = (call.input().value(), call.output().value());
        let account = self.account_of(&call.caller);
        let keys = [
            &input["KeyId"],
            &input["SourceKeyId"],
            &input["DestinationKeyId"],
            &output["KeyId"],
            &output["SourceKeyId"],
            &output["KeyMetadata"]["Arn"],
        ];
        let places: BTreeSet<_> = keys.into_iter().filter_map(|it| self.place_named(it)).collect();
        let operation = match call.operation.as_str() {
            "ReEncrypt" => "ReEncrypt*",
            other => other,
        };
        let is_foreign = |at: &usize| {
            let key = &self.before.scenario.keys[*at];
            let owner = key.account.as_deref().filter(|it| *it != self.before.scenario.account);
            key.policy.is_none() && owner.is_some_and(|it| it != account)
        };
        let foreign = places.into_iter().filter(is_foreign);
        foreign.map(|at| (at, account.to_owned(), operation.to_owned())).collect()
    }

    /// Returns the position of the key with this id, ARN or alias.
    fn place_named(&self, reference: &Value) -> Option<usize> {
        let id = reference.as_str()?.rsplit('/').next()?;
        self.place_of_alias(reference).or_else(|| self.place_of(id))
    }

    /// Returns the account of a declared caller.
    fn account_of(&self, caller: &str) -> &str {
        let scenario = &self.before.scenario;
        let roles = scenario.roles.iter().map(|it| (&it.declared, &it.entity));
        let users = scenario.users.iter().map(|it| (&it.declared, &it.entity));
        let mut entities = roles.chain(users).filter(|(name, _)| *name == caller);
        let account = entities.next().and_then(|(_, it)| it.account.as_ref());
        account.unwrap_or(&scenario.account)
    }
}

fn is_denied(call: &Interaction) -> bool {
    call.output().value()["__type"] == "AccessDeniedException"
}

/// Returns whether a call was denied because the caller's own policies do not allow it, which AWS says across accounts only
/// if the key's policy, or a grant, allows it (facts 8b.5, 8b.7).
fn is_by_own_policies(call: &Interaction) -> bool {
    let policies = ["identity-based policy", "permissions boundary", "session policy"];
    let message = message_of(call.output().value());
    is_denied(call)
        && policies.iter().any(|it| message.contains(&format!("because no {it} allows")))
}
