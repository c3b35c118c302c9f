//! The keys that an input mentions, whether or not the caller may use them.

use serde_json::Value;

#[cfg(feature = "crypto")]
use super::crypto::material_of;
use crate::kms::store::{KeyIndex, Store, read_token};
use crate::model::Arn;

/// The members that name a key, by its id, its ARN or an alias.
const KEYS: [&str; 4] = ["KeyId", "TargetKeyId", "SourceKeyId", "DestinationKeyId"];

/// Returns the keys that an input mentions for a caller of `account`: by their names, by a grant, by a ciphertext.
pub(crate) fn mentioned_keys(store: &Store, account: &str, input: &Value) -> Vec<KeyIndex> {
    let text = |member: &str| input.get(member)?.as_str();
    let named = KEYS.iter().filter_map(|it| key_of(store, account, text(it)?));
    let of_token = text("GrantToken").and_then(|it| read_token(&store.ids, it));
    let of_grant = of_token.and_then(|id| Some(store.grants.get(&id)?.key));
    #[cfg(feature = "crypto")]
    let of_ciphertext = {
        let material = text("CiphertextBlob").and_then(material_of);
        material.and_then(|it| store.keys.find_by_material(&it))
    };
    #[cfg(not(feature = "crypto"))]
    let of_ciphertext = None;
    named.chain(of_grant).chain(of_ciphertext).collect()
}

/// Returns the key that a `KeyId` names.
fn key_of(store: &Store, account: &str, text: &str) -> Option<KeyIndex> {
    let (account, resource) = match Arn::parse(text) {
        Some(arn) => (arn.account, arn.resource),
        None => (account, text),
    };
    if resource.starts_with("alias/") {
        return Some(store.aliases.get(account, resource)?.target);
    }
    store.keys.find(resource.strip_prefix("key/").unwrap_or(resource))
}
