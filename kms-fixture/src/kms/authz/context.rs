//! The condition keys of a request (DG conditions-kms; IAM global condition keys); `conditions.md` lists them.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use crate::kms::policy::Context;
use crate::kms::principals::{Caller, Identity};
use crate::kms::store::{Grant, Key, KeyIndex, Store};
use crate::model::{Arn, Constraints, ContextConstraint, EncryptionContext, is_region};

/// Returns the condition keys that every request has.
pub(crate) fn principal_context(store: &Store, caller: &Caller) -> Context {
    let mut context = Context::default();
    if let Identity::Service(name) = &caller.identity {
        context.text("aws:PrincipalServiceName", name);
    } else {
        context.text("aws:PrincipalArn", &caller.arn);
        context.text("aws:PrincipalAccount", &caller.account);
        principal_keys(&mut context, caller);
    }
    context.flag("aws:PrincipalIsAWSService", caller.is_service());
    if let Some(source) = &caller.source_arn {
        context.text("aws:SourceArn", source);
        if let Some(arn) = Arn::parse(source) {
            context.text("aws:SourceAccount", arn.account);
        }
    }
    context.text("aws:RequestedRegion", &store.region);
    let time = DateTime::from(store.time);
    if let Ok(text) = time.fmt(Format::DateTime) {
        context.text("aws:CurrentTime", text);
    }
    context.text("aws:EpochTime", time.secs().to_string());
    // AWS KMS accepts only TLS. Policies that deny plain HTTP must not deny the fixture's connections.
    context.flag("aws:SecureTransport", true);
    context.flag("aws:ViaAWSService", caller.via_service.is_some());
    if let Some(service) = &caller.via_service {
        let service = without_region(service);
        context.list("aws:CalledVia", [service.clone()]);
        context.text("aws:CalledViaFirst", &service);
        context.text("aws:CalledViaLast", &service);
    }
    context
}

/// Returns the service principal for `aws:CalledVia`, which omits the Region, in contrast to `kms:ViaService` (IAM User
/// Guide, aws:CalledVia; DG conditions-kms, kms:ViaService).
fn without_region(service: &str) -> String {
    let parts: Vec<_> = service.split('.').filter(|it| !is_region(it)).collect();
    parts.join(".")
}

/// Adds the principal's type, id and name (IAM User Guide, "Where you can use policy variables": the table of
/// principals).
fn principal_keys(context: &mut Context, caller: &Caller) {
    let kind = match &caller.identity {
        Identity::Account(_) => "Account",
        Identity::User(_) => "User",
        Identity::Session { .. } => "AssumedRole",
        Identity::Federated { .. } => "FederatedUser",
        // These identities are never callers.
        Identity::Role(_) | Identity::Service(_) | Identity::Undeclared(_) => return,
    };
    context.text("aws:PrincipalType", kind);
    if let Some(id) = caller.identity.user_id() {
        context.text("aws:userid", id);
    }
    if matches!(caller.identity, Identity::User(_)) {
        let name = caller.arn.rsplit('/').next();
        context.text("aws:username", name.unwrap_or_default());
    }
}

/// Returns the condition keys of a request on a key or for a new key.
pub(crate) fn account_context(store: &Store, caller: &Caller) -> Context {
    let mut context = principal_context(store, caller);
    // A service belongs to no account.
    if !caller.is_service() {
        context.text("kms:CallerAccount", &caller.account);
    }
    if let Some(service) = &caller.via_service {
        context.text("kms:ViaService", service);
    }
    context
}

/// Returns the condition keys of a request on an existing key.
pub(crate) fn key_context(store: &Store, caller: &Caller, index: KeyIndex) -> Context {
    let key = store.keys.get(index);
    let mut context = account_context(store, caller);
    resource(&mut context, store, index, key);
    key_properties(&mut context, key.spec.as_str(), key.usage.as_str(), key.origin.as_str());
    context.flag("kms:MultiRegion", key.multi_region);
    if key.multi_region {
        let kind = if key.is_replica() { "REPLICA" } else { "PRIMARY" };
        context.text("kms:MultiRegionKeyType", kind);
    }
    context
}

/// Adds the properties of a key, under the current and the deprecated condition keys.
pub(crate) fn key_properties(context: &mut Context, spec: &str, usage: &str, origin: &str) {
    context.text("kms:KeySpec", spec);
    context.text("kms:CustomerMasterKeySpec", spec);
    context.text("kms:KeyUsage", usage);
    context.text("kms:CustomerMasterKeyUsage", usage);
    context.text("kms:KeyOrigin", origin);
}

/// Returns the condition keys of RetireGrant: the key's aliases and tags, and the grant's constraint (DG
/// kms-api-permissions-reference).
pub(crate) fn retire_context(store: &Store, caller: &Caller, grant: &Grant) -> Context {
    let mut context = account_context(store, caller);
    resource(&mut context, store, grant.key, store.keys.get(grant.key));
    constraint(&mut context, &grant.constraints);
    context
}

fn resource(context: &mut Context, store: &Store, index: KeyIndex, key: &Key) {
    let aliases = store.aliases.of_key(index);
    context.list("kms:ResourceAliases", aliases.map(str::to_owned));
    for (name, value) in &key.tags {
        context.member("aws:ResourceTag/", name, value);
    }
}

/// Adds the encryption context of a request.
pub(crate) fn encryption_context(context: &mut Context, pairs: &EncryptionContext) {
    for (name, value) in pairs {
        context.member("kms:EncryptionContext:", name, value);
    }
    context.list("kms:EncryptionContextKeys", pairs.keys().cloned());
}

/// Adds a grant's encryption context constraint. Conditions see its pairs as the request's encryption context.
pub(crate) fn constraint(context: &mut Context, constraints: &Constraints) {
    let (kind, pairs) = match &constraints.context {
        Some(ContextConstraint::Equals(pairs)) => ("EncryptionContextEquals", pairs),
        Some(ContextConstraint::Subset(pairs)) => ("EncryptionContextSubset", pairs),
        None => return,
    };
    context.text("kms:GrantConstraintType", kind);
    encryption_context(context, pairs);
}
