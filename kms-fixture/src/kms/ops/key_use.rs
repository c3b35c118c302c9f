//! Authorization of operations that grants can allow (`kms-facts.md` 4 and 5; API reference, GrantConstraints).

use super::Cx;
use super::key_ref::AliasForm;
use crate::api::shapes::KeyLastUsageTrackingOperation;
use crate::kms::authz::{GrantFilter, KeyRequest, authorize_key, encryption_context, key_context};
use crate::kms::error::Result;
use crate::kms::evidence::Lack;
use crate::kms::policy::Context;
use crate::kms::store::{Grant, GrantId, KeyIndex, LastUse, Wanted, read_token};
use crate::model::{ContextConstraint, EncryptionContext, GrantOperation};

/// A request to use a key for an operation that grants can allow.
pub(super) struct KeyUse<'a> {
    /// The IAM action, without `kms:`.
    pub(super) operation: &'a str,
    pub(super) allowed_by: GrantOperation,
    /// `KeyId` of the request; empty if only the ciphertext identifies the key.
    pub(super) key_id: &'a str,
    pub(super) grant_tokens: Option<&'a [String]>,
    /// The request's encryption context, even if empty. `None` for operations without one: context constraints do not
    /// apply to them.
    pub(super) encryption_context: Option<&'a EncryptionContext>,
    /// Adds the condition keys of this operation.
    pub(super) conditions: &'a dyn Fn(&mut Context),
}

impl Cx<'_> {
    /// Finds the key that the request names and authorizes its use.
    pub(super) fn key_to_use(&mut self, key_use: &KeyUse<'_>) -> Result<KeyIndex> {
        let key = self.find_key(key_use.operation, key_use.key_id, AliasForm::Accepted)?;
        self.authorize_use(key, key_use)?;
        Ok(key)
    }

    /// Authorizes the use of a key that was found before.
    pub(super) fn authorize_use(&mut self, key: KeyIndex, key_use: &KeyUse<'_>) -> Result<()> {
        let nothing = EncryptionContext::new();
        let context = key_use.encryption_context.unwrap_or(&nothing);
        let tokens = self.grants_of_tokens(key_use.grant_tokens);
        let has_context = self.store.keys.get(key).spec.is_symmetric_encryption()
            && key_use.encryption_context.is_some();
        let accepts = |grant: &Grant| {
            let constraints = &grant.constraints;
            let fits = |it: &ContextConstraint| it.is_satisfied_by(context);
            grant.is_seen(&self.view, &tokens)
                && grant.operations.contains(&key_use.allowed_by)
                && (!has_context || constraints.context.as_ref().is_none_or(fits))
                && self.is_for_source(grant)
        };
        let lacks = |grant: &Grant| {
            let mut lacks = self.unseen(grant, &tokens);
            if !grant.operations.contains(&key_use.allowed_by) {
                lacks.push(Lack::Operation);
            }
            if let Some(needs) = grant.constraints.context.as_ref().filter(|_| has_context)
                && !needs.is_satisfied_by(context)
            {
                lacks.push(Lack::Context { needs: needs.clone(), has: context.clone() });
            }
            lacks.extend(self.other_source(grant));
            lacks
        };
        let conditions = || {
            let mut conditions = key_context(self.store, self.caller, key);
            if let Some((_, alias)) = key_use.key_id.split_once("alias/") {
                conditions.text("kms:RequestAlias", format!("alias/{alias}"));
            }
            if let Some(context) = key_use.encryption_context {
                encryption_context(&mut conditions, context);
            }
            (key_use.conditions)(&mut conditions);
            conditions
        };
        let request = KeyRequest {
            operation: key_use.operation,
            key,
            grants: Some(GrantFilter {
                wanted: Wanted {
                    operation: key_use.allowed_by,
                    context: has_context.then_some(context),
                    source: self.caller.source_arn.as_deref(),
                },
                accepts: &accepts,
                lacks: &lacks,
            }),
            context: &conditions,
        };
        authorize_key(self.store, self.caller, &request)?;
        self.used.push(key);
        Ok(())
    }

    /// Notes the uses of keys by a call that has succeeded, if KMS tracks uses by `operation`.
    pub(crate) fn note_uses(&mut self, operation: &'static str) {
        // Most calls use no key, and end here.
        if self.used.is_empty() || !KeyLastUsageTrackingOperation.words().contains(&operation) {
            return;
        }
        for key in std::mem::take(&mut self.used) {
            let (time, request_id) = (self.now(), self.request_id.to_owned());
            self.store.keys.note_use(key, LastUse { operation, time, request_id });
        }
    }

    /// Returns whether the request satisfies the grant's `SourceArn` constraint. It is compared with `aws:SourceArn`,
    /// which only services send, and with no other request (fact 15.19, INVENTED(source-of-others)). It applies to
    /// every operation except RetireGrant (API model of 2026, GrantConstraints).
    pub(super) fn is_for_source(&self, grant: &Grant) -> bool {
        let source = grant.constraints.source_arn.as_deref();
        source.is_none() || !self.caller.is_service() || source == self.caller.source_arn.as_deref()
    }

    /// Returns the grants whose tokens the request contains. A token has an effect only for the grant's own grantee
    /// (fact 5.4), and only until the grant is consistent (fact 5.3). Other texts are ignored
    /// (INVENTED(garbage-tokens), section 10.14).
    pub(super) fn grants_of_tokens(&self, tokens: Option<&[String]>) -> Vec<GrantId> {
        let tokens = tokens.unwrap_or_default().iter();
        tokens.filter_map(|it| read_token(&self.store.ids, it)).collect()
    }
}
