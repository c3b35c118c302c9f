//! Lookup of the key that a `KeyId` names, in each of its four forms (fact 3.7 step 3; rows 1 to 4, 6, 20).

use super::Cx;
use crate::kms::authz::{KeyRequest, authorize_key, key_context};
use crate::kms::error::{KmsError, Result};
use crate::kms::policy::Context;
use crate::kms::store::KeyIndex;
use crate::model::{Arn, is_account_id, is_key_id, partition};

/// Whether an operation accepts aliases as `KeyId`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AliasForm {
    Accepted,
    Refused,
}

impl Cx<'_> {
    /// Finds the key that `text` names in this Region.
    pub(super) fn find_key(
        &self,
        operation: &str,
        text: &str,
        aliases: AliasForm,
    ) -> Result<KeyIndex> {
        let (account, resource) = match Arn::parse(text) {
            Some(arn) => {
                let ours = arn.partition == partition(&self.store.region);
                if !ours || arn.service != "kms" || !is_account_id(arn.account) {
                    return Err(KmsError::invalid_key_id(text));
                }
                if arn.region != self.store.region {
                    return Err(KmsError::invalid_arn(arn.region));
                }
                (arn.account, arn.resource)
            }
            None => (self.caller.account.as_str(), text),
        };
        if resource.starts_with("alias/") {
            if aliases == AliasForm::Refused {
                return Err(KmsError::alias_not_supported());
            }
            return self.find_by_alias(operation, account, resource);
        }
        let id = if text.starts_with("arn:") {
            resource.strip_prefix("key/").ok_or_else(|| KmsError::invalid_key_id(text))?
        } else {
            resource
        };
        if !is_key_id(id) {
            return Err(KmsError::invalid_key_id(id));
        }
        match self.store.keys.find(id) {
            Some(index) if self.is_key_of(index, account) => Ok(index),
            _ => {
                let arn = self.store.key_arn(account, id);
                Err(self.missing(operation, account, &arn, KmsError::no_such_key))
            }
        }
    }

    /// Returns whether a key belongs to `account` and is visible to the request.
    fn is_key_of(&self, index: KeyIndex, account: &str) -> bool {
        let key = self.store.keys.get(index);
        key.account == account && self.view.sees(key.made)
    }

    fn find_by_alias(&self, operation: &str, account: &str, name: &str) -> Result<KeyIndex> {
        let alias = self.store.aliases.get(account, name);
        // An alias of a key that is not visible yet is missing, too.
        if let Some(alias) = alias.filter(|it| self.is_key_of(it.target, account)) {
            Ok(alias.target)
        } else {
            let arn = self.store.alias_arn(account, name);
            Err(self.missing(operation, account, &arn, KmsError::no_such_alias))
        }
    }

    /// Returns the error for a missing key or alias; in another account it does not differ from a denial (row 20).
    fn missing(
        &self,
        operation: &str,
        account: &str,
        arn: &str,
        own: fn(&str) -> KmsError,
    ) -> KmsError {
        if account == self.caller.account { own(arn) } else { self.opaque_denial(operation) }
    }

    /// Finds a key and authorizes an operation that grants cannot allow.
    pub(super) fn key_for(
        &self,
        operation: &str,
        text: &str,
        aliases: AliasForm,
    ) -> Result<KeyIndex> {
        self.key_for_request(operation, text, aliases, &|_| {})
    }

    /// Finds a key and authorizes an operation with further condition keys.
    pub(super) fn key_for_request(
        &self,
        operation: &str,
        text: &str,
        aliases: AliasForm,
        more: &dyn Fn(&mut Context),
    ) -> Result<KeyIndex> {
        let key = self.find_key(operation, text, aliases)?;
        let context = || {
            let mut context = key_context(self.store, self.caller, key);
            more(&mut context);
            context
        };
        let request = KeyRequest { operation, key, grants: None, context: &context };
        authorize_key(self.store, self.caller, &request)?;
        Ok(key)
    }

    /// Finds a key and authorizes an operation that is not for other accounts; denies access to their keys.
    pub(super) fn own_key_for(&self, operation: &str, text: &str) -> Result<KeyIndex> {
        self.own_key_for_request(operation, text, &|_| {})
    }

    /// Finds a key of the caller's account and authorizes an operation with further condition keys.
    pub(super) fn own_key_for_request(
        &self,
        operation: &str,
        text: &str,
        more: &dyn Fn(&mut Context),
    ) -> Result<KeyIndex> {
        let key = self.key_for_request(operation, text, AliasForm::Refused, more)?;
        if self.store.keys.get(key).account == self.caller.account {
            Ok(key)
        } else {
            Err(self.opaque_denial(operation))
        }
    }
}
