//! The condition keys of a request (DG conditions-kms; IAM global condition keys).

use crate::policy::Context;
use crate::principals::Caller;
use crate::store::{KeyIndex, Store};

/// The condition keys that every request has.
pub(crate) fn principal_context(store: &Store, caller: &Caller) -> Context {
    let mut context = Context::default();
    context.text("aws:PrincipalArn", &caller.arn);
    context.text("aws:PrincipalAccount", &caller.account);
    context.text("aws:RequestedRegion", &store.region);
    // Every call to AWS KMS goes over TLS; policies that deny plain HTTP must not bite here.
    context.flag("aws:SecureTransport", true);
    context.flag("aws:ViaAWSService", false);
    context.text("kms:CallerAccount", &caller.account);
    context
}

/// The condition keys of a request that is about a key.
pub(crate) fn key_context(store: &Store, caller: &Caller, index: KeyIndex) -> Context {
    let key = store.keys.get(index);
    let mut context = principal_context(store, caller);
    context.text("kms:KeySpec", key.spec.as_str());
    context.text("kms:KeyUsage", key.usage.as_str());
    context.text("kms:KeyOrigin", key.origin.as_str());
    context.flag("kms:MultiRegion", key.multi_region);
    if key.multi_region {
        context.text("kms:MultiRegionKeyType", "PRIMARY");
    }
    let aliases = store.aliases.of_key(&key.account, index);
    context.list("kms:ResourceAliases", aliases.map(str::to_owned));
    for (name, value) in &key.tags {
        context.text(&format!("aws:ResourceTag/{name}"), value);
    }
    context
}
