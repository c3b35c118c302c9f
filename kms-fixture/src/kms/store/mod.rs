//! What exists, seen from one Region: keys, aliases and grants of every account, with their invariants.
//!
//! Synchronous and without locks; who may do what is decided above.

mod aliases;
mod due;
mod grant;
mod grant_index;
mod grants;
mod key_policy;
mod keys;
mod material;
mod regions;
mod rotation;
mod tokens;
mod use_index;

pub(crate) use aliases::{Alias, Aliases};
pub(crate) use due::material_id;
pub(crate) use grant::{Grant, Terms};
pub(crate) use grant_index::Page;
pub(crate) use grants::Grants;
pub(crate) use key_policy::KeyPolicy;
pub(crate) use keys::{Key, KeyIndex, Keys};
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
use crate::kms::ids::Ids;
use crate::kms::policy::Policy;
use crate::kms::principals::Directory;
use crate::model::{KeySpec, partition};

/// A grant's id: 32 bytes, 64 hex digits on the wire (fact 2.5).
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
    /// Whether nobody asks what a request would have seen earlier, so that what everybody has noticed is forgotten.
    pub(crate) forgets: bool,
    /// The time of the request, as far as it has passed here.
    pub(crate) time: SystemTime,
    /// The Regions that are not entered.
    other_regions: BTreeMap<String, Regional>,
    /// Before this, nothing happens by itself.
    next_due: Option<SystemTime>,
    /// Which of the RSA keys that the crate brings along are taken.
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
            time: SystemTime::UNIX_EPOCH,
            other_regions: BTreeMap::new(),
            next_due: None,
            #[cfg(feature = "crypto")]
            rsa_taken: BTreeSet::new(),
        }
    }

    /// The first material of a key.
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

    /// An RSA key of those that the crate brings along, each but once in a fixture: making one takes up to seconds. It is
    /// drawn by the key's own id; if another key has it, the next one is taken.
    #[cfg(feature = "crypto")]
    fn pooled(&mut self, key_id: &str, spec: KeySpec) -> Option<usize> {
        let places = crate::kms::crypto::POOL_OF_KEYS.len();
        let [drawn] = self.ids.named("rsa-key", key_id).bytes();
        (0..places)
            .map(|step| {
                crate::kms::crypto::POOL_OF_KEYS.start + (usize::from(drawn) + step) % places
            })
            .find(|it| spec.is_rsa() && self.rsa_taken.insert((spec, *it)))
    }

    /// A change that is made `now`; none where everything is consistent at once.
    pub(crate) fn change(&mut self, now: SystemTime) -> Option<Change> {
        let ids = &self.ids;
        self.changes.next(now, |serial| ids.named("arrival", &serial.to_string()).share())
    }

    /// The ARN of a key of `account`, existing or not.
    pub(crate) fn key_arn(&self, account: &str, id: &str) -> String {
        self.arn_in(&self.region, account, id)
    }

    /// The same in a Region of choice.
    #[allow(clippy::unused_self)] // beside `key_arn`, whoever has a store has it
    pub(crate) fn arn_in(&self, region: &str, account: &str, id: &str) -> String {
        format!("arn:{}:kms:{region}:{account}:key/{id}", partition(region))
    }

    /// The ARN of an alias of `account`; `name` starts with `alias/`.
    pub(crate) fn alias_arn(&self, account: &str, name: &str) -> String {
        let partition = partition(&self.region);
        format!("arn:{partition}:kms:{}:{account}:{name}", self.region)
    }

    /// The key policy that `CreateKey` gives when it is told none (fact 3.6, CreateKey), in AWS's layout.
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
