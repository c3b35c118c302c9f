//! Keys of other accounts: a call that succeeded was allowed by the key's policy.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Found;
use crate::tape::cassette::Interaction;

impl Found {
    /// Lets the keys of other accounts allow what succeeded to the caller's account, unless a policy is declared. An
    /// operation that the key also denied to that account was allowed by a grant.
    pub(super) fn trust(&mut self, calls: &[Interaction]) {
        let denied =
            calls.iter().filter(|it| it.output().value()["__type"] == "AccessDeniedException");
        let denied: BTreeSet<_> = denied.flat_map(|it| self.foreign_uses(it)).collect();
        for call in calls.iter().filter(|it| it.status == 200) {
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
        let ids = keys.into_iter().filter_map(Value::as_str).filter_map(|it| it.rsplit('/').next());
        let places: BTreeSet<_> = ids.filter_map(|it| self.place_of(it)).collect();
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
