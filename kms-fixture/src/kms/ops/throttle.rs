//! The check of request quotas, by the caller's account and the Region of the call (facts 15.10, 15.12 and 15.13).
//!
//! AWS has not published when it throttles. Here it is before the input is validated and the caller is authorized, so
//! that calls count whose outcome is a refusal. A call that mentions no existing key counts against no quota of a kind
//! of key, a ReEncrypt between keys of two kinds against both: INVENTED(quota-order).

use serde_json::Value;

use super::{Cx, mentioned_keys};
use crate::api::quotas::{Counted, Shared, counted};
use crate::kms::error::{KmsError, Result};
use crate::kms::evidence::{Evidence, Finding};
use crate::model::is_region;

impl Cx<'_> {
    /// Counts the call, or throttles it.
    pub(crate) fn throttle(&mut self, operation: &'static str, input: &Value) -> Result<()> {
        let Some(quotas) = &self.store.quotas else { return Ok(()) };
        let (kinds, pair) = match counted(operation) {
            Some(Counted::ByKey) => (self.kinds(input), None),
            Some(Counted::AsSymmetric) => (vec![Shared::Symmetric], None),
            Some(Counted::ByPair) => (Vec::new(), input["KeyPairSpec"].as_str()),
            Some(Counted::Alone(_)) | None => (Vec::new(), None),
        };
        let region = self.store.region.clone();
        let mut charges = quotas.charges(operation, &region, &kinds, pair);
        if operation == "ReplicateKey" {
            let replica = input["ReplicaRegion"].as_str().filter(|it| is_region(it));
            charges.extend(replica.and_then(|it| quotas.replica(it)));
        }
        let (account, now) = (&self.caller.account, self.view.now());
        let Some(quotas) = &mut self.store.quotas else { return Ok(()) };
        quotas.count(account, &charges, now, self.number).map_err(|exceeded| {
            KmsError::throttled().because(Evidence::of(Finding::Quota(exceeded)))
        })
    }

    /// Returns the kinds of the keys that a cryptographic operation mentions, each once.
    fn kinds(&self, input: &Value) -> Vec<Shared> {
        let mut kinds = Vec::new();
        for key in mentioned_keys(self.store, &self.caller.account, input) {
            let kind = Shared::of_spec(self.store.keys.get(key).spec.as_str());
            kinds.extend(kind.filter(|it| !kinds.contains(it)));
        }
        kinds
    }
}
