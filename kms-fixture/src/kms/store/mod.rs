//! The state of the fake, as seen from one Region: the keys, aliases and grants of all accounts.
//!
//! The store is synchronous, has no locks and maintains invariants. Callers authorize requests before they use it.

mod aliases;
mod due;
mod grant;
mod grant_index;
mod grants;
mod key_policy;
mod keys;
mod material;
mod regions;
mod rendered;
mod rotation;
mod tokens;
mod use_index;

pub(crate) use aliases::{Alias, Aliases};
pub(crate) use due::material_id;
pub(crate) use grant::{Grant, Terms};
pub(crate) use grant_index::Page;
pub(crate) use grants::Grants;
pub(crate) use key_policy::KeyPolicy;
pub(crate) use keys::{Key, KeyIndex, Keys, LastUse};
pub(crate) use material::{Imported, Material, MaterialId, MaterialState, Materials, Rotated};
pub(crate) use regions::Regional;
pub(crate) use rotation::{Automatic, OnDemand, Rotation, days};
pub(crate) use tokens::{mint_token, read_token};
pub(crate) use use_index::Wanted;

use std::collections::BTreeMap;
#[cfg(feature = "crypto")]
use std::collections::BTreeSet;
use std::time::SystemTime;

use crate::kms::arrival::{Change, Changes, Delays};
#[cfg(feature = "crypto")]
use crate::kms::crypto::POOL_OF_KEYS;
use crate::kms::ids::Ids;
use crate::kms::policy::Policy;
use crate::kms::principals::Directory;
use crate::kms::quotas::Quotas;
use crate::model::{KeySpec, partition};

/// The id of a grant: 32 bytes, 64 hex digits on the wire (fact 2.5).
pub(crate) type GrantId = [u8; 32];

/// The state of one fake.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) region: String,
    pub(crate) directory: Directory,
    pub(crate) keys: Keys,
    pub(crate) aliases: Aliases,
    pub(crate) grants: Grants,
    pub(crate) ids: Ids,
    pub(crate) changes: Changes,
    /// Whether ended grants are removed once they are invisible. False if callers may be stale.
    pub(crate) forgets: bool,
    /// Whether calls in every Region of the partition are served, not only in those with keys.
    pub(crate) serves_any_region: bool,
    /// The request quotas, if there are any.
    pub(crate) quotas: Option<Box<Quotas>>,
    /// The time up to which due events have happened: that of the latest request.
    pub(crate) time: SystemTime,
    /// The Regions other than the current one.
    other_regions: BTreeMap<String, Regional>,
    /// A lower bound of the time of the next due event.
    next_due: Option<SystemTime>,
    /// The keys of the RSA pool that are in use.
    #[cfg(feature = "crypto")]
    rsa_taken: BTreeSet<(KeySpec, usize)>,
}

impl Store {
    pub(crate) fn new(
        region: &str,
        seed: u64,
        accept_unknown_principals: bool,
        delays: Option<Delays>,
    ) -> Self {
        Self {
            region: region.to_owned(),
            directory: Directory::new(partition(region), accept_unknown_principals),
            keys: Keys::default(),
            aliases: Aliases::default(),
            grants: Grants::default(),
            ids: Ids::new(seed),
            changes: Changes::new(delays),
            forgets: false,
            serves_any_region: false,
            quotas: None,
            time: SystemTime::UNIX_EPOCH,
            other_regions: BTreeMap::new(),
            next_due: None,
            #[cfg(feature = "crypto")]
            rsa_taken: BTreeSet::new(),
        }
    }

    /// Creates the first material of a key.
    pub(crate) fn first_material(
        &mut self,
        key_id: &str,
        spec: KeySpec,
        imported: Option<Imported>,
    ) -> Material {
        let id = material_id(&self.ids, key_id, 0);
        #[allow(unused_mut)] // without cryptography
        let mut material = Material::new(id, imported);
        #[cfg(feature = "crypto")]
        {
            material.pooled = self.pooled(key_id, spec);
        }
        #[cfg(not(feature = "crypto"))]
        let _ = spec;
        material
    }

    /// Takes an RSA key from the pool that ships with the crate, because generating one takes up to seconds. The key id
    /// determines the index; if that one is in use, the next free one is taken.
    #[cfg(feature = "crypto")]
    fn pooled(&mut self, key_id: &str, spec: KeySpec) -> Option<usize> {
        let count = POOL_OF_KEYS.len();
        let [drawn] = self.ids.named("rsa-key", key_id).bytes();
        (0..count)
            .map(|step| POOL_OF_KEYS.start + (usize::from(drawn) + step) % count)
            .find(|it| spec.is_rsa() && self.rsa_taken.insert((spec, *it)))
    }

    /// Creates a change at `now`; `None` without eventual consistency.
    pub(crate) fn change(&mut self, now: SystemTime) -> Option<Change> {
        let ids = &self.ids;
        self.changes.next(now, |serial| ids.named("arrival", &serial.to_string()).share())
    }

    /// Returns the ARN of a key of `account`, which need not exist.
    pub(crate) fn key_arn(&self, account: &str, id: &str) -> String {
        self.arn_in(&self.region, account, id)
    }

    /// Returns the ARN of a key of `account` in `region`.
    #[allow(clippy::unused_self)] // consistent with `key_arn`
    pub(crate) fn arn_in(&self, region: &str, account: &str, id: &str) -> String {
        format!("arn:{}:kms:{region}:{account}:key/{id}", partition(region))
    }

    /// Returns the ARN of an alias of `account`; `name` starts with `alias/`.
    pub(crate) fn alias_arn(&self, account: &str, name: &str) -> String {
        let partition = partition(&self.region);
        format!("arn:{partition}:kms:{}:{account}:{name}", self.region)
    }

    /// Returns the default key policy of `CreateKey` (fact 3.6, CreateKey), in AWS's layout.
    pub(crate) fn default_key_policy(&self, account: &str) -> KeyPolicy {
        let root = self.directory.root_arn(account);
        let text = format!(
            "{{\n  \"Version\" : \"2012-10-17\",\n  \"Id\" : \"key-default-1\",\n  \"Statement\" : [ {{\n    \
             \"Sid\" : \"Enable IAM User Permissions\",\n    \"Effect\" : \"Allow\",\n    \"Principal\" : {{\n      \
             \"AWS\" : \"{root}\"\n    }},\n    \"Action\" : \"kms:*\",\n    \"Resource\" : \"*\"\n  }} ]\n}}"
        );
        KeyPolicy::trusting(account, Policy::trusting(&root, text))
    }
}
