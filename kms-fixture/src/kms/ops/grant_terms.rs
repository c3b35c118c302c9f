//! Validation of CreateGrant's input: the operations and constraints that a grant may have.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::kms::error::{KmsError, Result};
use crate::kms::store::Key;
use crate::model::{Constraints, ContextConstraint, EncryptionContext, GrantOperation};

/// `GrantConstraints` as requested.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ConstraintsInput {
    encryption_context_equals: Option<EncryptionContext>,
    encryption_context_subset: Option<EncryptionContext>,
    source_arn: Option<String>,
}

impl ConstraintsInput {
    /// Returns the requested constraints without validation, for authorization.
    pub(super) fn as_constraints(&self) -> Constraints {
        let some = |pairs: &Option<EncryptionContext>| pairs.clone().filter(|it| !it.is_empty());
        let equals = some(&self.encryption_context_equals).map(ContextConstraint::Equals);
        let subset = some(&self.encryption_context_subset).map(ContextConstraint::Subset);
        Constraints { context: equals.or(subset), source_arn: self.source_arn.clone() }
    }

    pub(super) fn has_source_arn(&self) -> bool {
        self.source_arn.is_some()
    }
}

/// Validates the constraints (rows 9 and 10). An empty context constrains nothing (INVENTED(empty-context), section
/// 10.7).
pub(super) fn constraints(input: Option<ConstraintsInput>, key: &Key) -> Result<Constraints> {
    let input = input.unwrap_or_default();
    let context = match (input.encryption_context_equals, input.encryption_context_subset) {
        (Some(_), Some(_)) => return Err(KmsError::two_constraints()),
        (Some(pairs), None) if !pairs.is_empty() => Some(ContextConstraint::Equals(pairs)),
        (None, Some(pairs)) if !pairs.is_empty() => Some(ContextConstraint::Subset(pairs)),
        _ => None,
    };
    if let Some(ContextConstraint::Equals(pairs) | ContextConstraint::Subset(pairs)) = &context {
        if !key.spec.is_symmetric_encryption() {
            return Err(KmsError::context_needs_symmetric_key());
        }
        // API reference, GrantConstraints: at most 8 pairs, values of at most 384 characters. The errors are
        // INVENTED(context-limits).
        if pairs.len() > 8 {
            return Err(KmsError::validation(
                "An encryption context constraint can have at most 8 pairs.",
            ));
        }
        if pairs.values().any(|value| value.chars().count() > 384) {
            return Err(KmsError::validation(
                "A value of an encryption context constraint can have at most 384 characters.",
            ));
        }
    }
    Ok(Constraints { context, source_arn: input.source_arn })
}

/// Validates the operations (rows 8 and 11). Rejects an empty list and removes duplicates (INVENTED(operation-lists),
/// section 10.7).
pub(super) fn operations(words: &[String], key: &Key) -> Result<BTreeSet<GrantOperation>> {
    let unknown = |word: &str| KmsError::validation(format!("{word} is not a grant operation"));
    let requested: Vec<_> = words
        .iter()
        .map(|it| GrantOperation::from_word(it).ok_or_else(|| unknown(it)))
        .collect::<Result<_>>()?;
    if requested.is_empty() {
        return Err(KmsError::validation("Operations must not be empty."));
    }
    if requested.iter().all(|it| *it == GrantOperation::CreateGrant) {
        return Err(KmsError::only_create_grant());
    }
    let valid = key.spec.grant_operations(key.usage);
    if let Some(wrong) = requested.iter().find(|it| !valid.contains(it)) {
        let kind = if key.spec.is_symmetric_encryption() || key.spec.is_hmac() {
            "a symmetric"
        } else {
            "an asymmetric"
        };
        let valid: Vec<_> = valid.into_iter().map(GrantOperation::as_str).collect();
        return Err(KmsError::operations_do_not_fit(
            wrong.as_str(),
            kind,
            key.usage.as_str(),
            &valid.join(", "),
        ));
    }
    Ok(requested.into_iter().collect())
}
