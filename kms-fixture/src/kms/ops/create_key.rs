//! CreateKey (`kms-facts.md` 3.6; API reference, CreateKey).

use serde::Deserialize;

use super::Cx;
use super::describe_key::Output;
use super::key_policies::{bind_policy, check_lockout, lockout_bypass};
use super::tags::{Tag, check_tags, request_tags};
use crate::kms::authz::{account_context, authorize_own, key_properties};
use crate::kms::error::{KmsError, Result};
use crate::kms::store::{Key, Materials, Rotation};
use crate::model::{KeySpec, KeyState, KeyUsage, Origin, partition};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    policy: Option<String>,
    #[serde(default)]
    description: String,
    key_usage: Option<String>,
    customer_master_key_spec: Option<String>,
    key_spec: Option<String>,
    origin: Option<String>,
    custom_key_store_id: Option<String>,
    bypass_policy_lockout_safety_check: Option<bool>,
    tags: Option<Vec<Tag>>,
    multi_region: Option<bool>,
    xks_key_id: Option<String>,
}

pub(crate) fn create_key(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let tags = input.tags.unwrap_or_default();
    let multi_region = input.multi_region == Some(true);
    let context = || {
        let mut context = account_context(cx.store, cx.caller);
        request_tags(&mut context, &tags);
        // The values as requested, even if no such key can be created (DG conditions-kms).
        let spec = input.key_spec.as_deref();
        let spec = spec.or(input.customer_master_key_spec.as_deref());
        key_properties(
            &mut context,
            spec.unwrap_or("SYMMETRIC_DEFAULT"),
            input.key_usage.as_deref().unwrap_or("ENCRYPT_DECRYPT"),
            input.origin.as_deref().unwrap_or("AWS_KMS"),
        );
        context.flag("kms:MultiRegion", multi_region);
        if multi_region {
            context.text("kms:MultiRegionKeyType", "PRIMARY");
        }
        lockout_bypass(&mut context, input.bypass_policy_lockout_safety_check);
        context
    };
    authorize_own(cx.caller, "CreateKey", "*", &context)?;
    if !tags.is_empty() {
        authorize_own(cx.caller, "TagResource", "*", &context)?;
    }
    check_tags(&tags)?;
    let spec = spec(input.key_spec.as_deref(), input.customer_master_key_spec.as_deref())?;
    let usage = usage(input.key_usage.as_deref(), spec)?;
    cx.check_region_supports(spec)?;
    let origin = origin(input.origin.as_deref())?;
    // The fake has no custom key stores, which need a cluster or a proxy. CreateKey documents the error code.
    if input.custom_key_store_id.is_some() || input.xks_key_id.is_some() {
        return Err(KmsError::no_custom_key_store());
    }
    if matches!(origin, Origin::AWS_CLOUDHSM | Origin::EXTERNAL_KEY_STORE) {
        return Err(KmsError::validation(format!(
            "You must specify a CustomKeyStoreId for keys with origin {origin}."
        )));
    }
    // Recorded for ML-DSA (fact 12.104).
    let is_post_quantum = spec.as_str().starts_with("ML_");
    if origin == Origin::EXTERNAL && is_post_quantum {
        return Err(KmsError::validation(format!(
            "KeySpec {spec} is not supported for Origin EXTERNAL"
        )));
    }
    let account = cx.caller.account.clone();
    let policy = match &input.policy {
        Some(text) => {
            let policy = bind_policy(cx, text)?;
            if input.bypass_policy_lockout_safety_check != Some(true) {
                check_lockout(cx, &policy, "*", &context)?;
            }
            policy
        }
        None => cx.store.default_key_policy(&account),
    };

    let id = cx.store.ids.next("key").key_id(multi_region);
    let materials = if origin == Origin::EXTERNAL {
        Materials::default()
    } else {
        Materials::of(cx.store.first_material(&id, spec, None))
    };
    let made = cx.store.change(cx.now());
    let key = Key {
        arn: cx.store.key_arn(&account, &id),
        account,
        state: if origin == Origin::EXTERNAL { KeyState::PendingImport } else { KeyState::Enabled },
        spec,
        usage,
        origin,
        multi_region,
        primary_region: None,
        description: input.description,
        tags: tags.into_iter().map(|it| (it.tag_key, it.tag_value)).collect(),
        policy,
        created: cx.now(),
        deletion: None,
        deletion_window: None,
        by_aws: false,
        materials,
        rotation: Rotation::default(),
        made,
        id,
    };
    let index = cx.store.keys.insert(key);
    Ok(Output::of(cx.store, index))
}

impl Cx<'_> {
    /// Rejects a spec that the Region does not support: SM2 outside China, ML-KEM in China (API reference, CreateKey
    /// and GenerateDataKeyPair).
    pub(super) fn check_region_supports(&self, spec: KeySpec) -> Result<()> {
        let is_china = partition(&self.store.region) == "aws-cn";
        let is_missing = match spec {
            KeySpec::SM2 => !is_china,
            // INVENTED(china): the restriction is documented, the error is not.
            KeySpec::ML_KEM_512 | KeySpec::ML_KEM_768 | KeySpec::ML_KEM_1024 => is_china,
            _ => false,
        };
        if is_missing {
            let message = format!("KeySpec {spec} is not supported in this Region");
            return Err(KmsError::unsupported(message));
        }
        Ok(())
    }
}

/// Returns the spec from `KeySpec` or the deprecated `CustomerMasterKeySpec`. The error for both at once is
/// INVENTED(two-specs).
fn spec(spec: Option<&str>, legacy: Option<&str>) -> Result<KeySpec> {
    if spec.is_some() && legacy.is_some() {
        return Err(KmsError::validation(
            "You cannot specify KeySpec and CustomerMasterKeySpec in the same request.",
        ));
    }
    let Some(word) = spec.or(legacy) else {
        return Ok(KeySpec::SYMMETRIC_DEFAULT);
    };
    KeySpec::from_word(word).ok_or_else(|| KmsError::validation(format!("{word} is no KeySpec")))
}

/// Returns the key usage if it fits the spec (rows 41 and 42).
fn usage(usage: Option<&str>, spec: KeySpec) -> Result<KeyUsage> {
    let Some(word) = usage else {
        if spec.is_symmetric_encryption() {
            return Ok(KeyUsage::ENCRYPT_DECRYPT);
        }
        return Err(KmsError::usage_required());
    };
    match KeyUsage::from_word(word) {
        Some(usage) if spec.usages().contains(&usage) => Ok(usage),
        _ => Err(KmsError::usage_mismatch(word, spec.as_str())),
    }
}

fn origin(origin: Option<&str>) -> Result<Origin> {
    let Some(word) = origin else {
        return Ok(Origin::AWS_KMS);
    };
    Origin::from_word(word).ok_or_else(|| KmsError::validation(format!("{word} is no Origin")))
}
