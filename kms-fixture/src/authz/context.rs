//! The condition keys of a request (DG conditions-kms; IAM global condition keys).

use crate::model::Arn;
use crate::policy::Context;
use crate::principals::{Caller, Identity};
use crate::store::{KeyIndex, Store};

/// The condition keys that every request has.
pub(crate) fn principal_context(store: &Store, caller: &Caller) -> Context {
    let mut context = Context::default();
    if let Identity::Service(name) = &caller.identity {
        context.text("aws:PrincipalServiceName", name);
        context.flag("aws:PrincipalIsAWSService", true);
    } else {
        context.text("aws:PrincipalArn", &caller.arn);
        context.text("aws:PrincipalAccount", &caller.account);
        context.flag("aws:PrincipalIsAWSService", false);
    }
    if let Some(source) = &caller.source_arn {
        context.text("aws:SourceArn", source);
        if let Some(arn) = Arn::parse(source) {
            context.text("aws:SourceAccount", arn.account);
        }
    }
    context.text("aws:RequestedRegion", &store.region);
    // Every call to AWS KMS goes over TLS; policies that deny plain HTTP must not bite here.
    context.flag("aws:SecureTransport", true);
    context.flag("aws:ViaAWSService", caller.via_service.is_some());
    if let Some(service) = &caller.via_service {
        context.text("kms:ViaService", service);
        context.list("aws:CalledVia", [service.clone()]);
        context.text("aws:CalledViaFirst", service);
        context.text("aws:CalledViaLast", service);
    }
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
        let kind = if key.is_replica() {
            "REPLICA"
        } else {
            "PRIMARY"
        };
        context.text("kms:MultiRegionKeyType", kind);
    }
    let aliases = store.aliases.of_key(&key.account, index);
    context.list("kms:ResourceAliases", aliases.map(str::to_owned));
    for (name, value) in &key.tags {
        context.text(&format!("aws:ResourceTag/{name}"), value);
    }
    context
}
