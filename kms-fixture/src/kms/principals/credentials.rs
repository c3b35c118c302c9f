//! The credentials that exist, by access key id. Those of STS are forgotten some time after they have expired, so that a
//! server can run for weeks.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

use super::Credential;

/// The number of expired credentials of STS that are still known as expired (INVENTED(sts-forgotten)).
const KEPT_EXPIRED: usize = 1_000;
/// The number of credentials of STS that exist at a time, for a clock that stands still (INVENTED(sts-forgotten)).
const KEPT: usize = 100_000;

/// All credentials.
#[derive(Debug, Default)]
pub(super) struct Credentials {
    by_id: BTreeMap<String, Arc<Credential>>,
    /// The access key ids of the credentials of STS, by the time at which they expire and the order of their issue.
    passing: BTreeMap<(SystemTime, u64), String>,
    /// The number of credentials that STS has issued.
    issued: u64,
}

impl Credentials {
    pub(super) fn get(&self, access_key_id: &str) -> Option<Arc<Credential>> {
        self.by_id.get(access_key_id).cloned()
    }

    /// Adds credentials that are never forgotten.
    pub(super) fn add(&mut self, credential: Arc<Credential>) {
        self.by_id.insert(credential.access_key_id.clone(), credential);
    }

    /// Adds credentials of STS. Of those that have expired by `now`, and of all if there are too many, those that expire first
    /// are forgotten.
    pub(super) fn add_for_a_while(&mut self, credential: Arc<Credential>, now: SystemTime) {
        let expired = self.passing.range(..=(now, u64::MAX)).count();
        let too_many = (self.passing.len() + 1).saturating_sub(KEPT);
        for _ in 0..expired.saturating_sub(KEPT_EXPIRED).max(too_many) {
            let Some((_, oldest)) = self.passing.pop_first() else { break };
            self.by_id.remove(&oldest);
        }
        if let Some(expires) = credential.expires {
            self.issued += 1;
            self.passing.insert((expires, self.issued), credential.access_key_id.clone());
        }
        self.add(credential);
    }

    /// Removes the credentials of the role or user with this unique id.
    pub(super) fn revoke(&mut self, entity_id: &str) {
        self.by_id.retain(|_, it| it.caller.entity_id.as_deref() != Some(entity_id));
        self.passing.retain(|_, id| self.by_id.contains_key(id));
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::kms::ids::Ids;
    use crate::kms::principals::Directory;

    /// Adds credentials that are issued at each of these seconds and last for an hour; returns their ids.
    fn issued(credentials: &mut Credentials, seconds: impl Iterator<Item = u64>) -> Vec<String> {
        let directory = Directory::new("aws", false);
        let mut ids = Ids::new(7);
        let mut issue = |at: u64| {
            let now = UNIX_EPOCH + Duration::from_secs(at);
            let root = directory.root("111122223333");
            let credential = Credential {
                expires: Some(now + Duration::from_hours(1)),
                ..Credential::temporary(ids.next("credentials"), "root", root)
            };
            let id = credential.access_key_id.clone();
            credentials.add_for_a_while(Arc::new(credential), now);
            id
        };
        seconds.map(&mut issue).collect()
    }

    #[test]
    fn the_oldest_expired_credentials_are_forgotten() {
        let mut credentials = Credentials::default();
        // A year of one session each hour, which expires as the next one begins.
        let ids = issued(&mut credentials, (0..365 * 24).map(|it| it * 3600));
        assert_eq!(credentials.by_id.len(), KEPT_EXPIRED + 1);
        assert_eq!(credentials.passing.len(), credentials.by_id.len());
        let kept = &ids[ids.len() - KEPT_EXPIRED - 1..];
        assert!(kept.iter().all(|it| credentials.get(it).is_some()));
    }

    #[test]
    fn the_number_of_credentials_is_limited_while_time_stands_still() {
        let mut credentials = Credentials::default();
        let ids = issued(&mut credentials, (0..KEPT as u64 + 5).map(|_| 0));
        assert_eq!(credentials.by_id.len(), KEPT);
        assert!(credentials.get(ids.last().unwrap()).is_some());
    }
}
