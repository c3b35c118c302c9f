//! Keys of other accounts: a call that succeeded was allowed by the key's policy.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Found;
use crate::tape::cassette::Interaction;

impl Found {
    /// Lets the keys of a call allow the operation to the caller's account, if they belong to another one and no policy
    /// is declared.
    pub(super) fn trust(&mut self, call: &Interaction) {
        let (input, output) = (call.input().value(), call.output().value());
        let account = self.account_of(&call.caller).to_owned();
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
        for at in places {
            let key = &self.before.scenario.keys[at];
            let owner = key.account.as_ref().unwrap_or(&self.before.scenario.account);
            if *owner != account && key.policy.is_none() {
                let trusted = self.more_of(at).trusts.entry(account.clone()).or_default();
                trusted.insert(operation.to_owned());
            }
        }
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
