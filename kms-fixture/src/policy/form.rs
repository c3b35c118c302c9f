//! The form of policies, as far as IAM refuses those that do not have it (IAM User Guide, policy elements).

use serde_json::Value;

use super::PolicyError;

const ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

const OPERATORS: [&str; 26] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnLike",
    "ArnNotLike",
    "ArnEquals",
    "ArnNotEquals",
];

/// Whether this is a condition operator, perhaps of a set, perhaps `IfExists`.
pub(super) fn is_operator(text: &str) -> bool {
    let of_one = text
        .strip_prefix("ForAllValues:")
        .or_else(|| text.strip_prefix("ForAnyValue:"))
        .unwrap_or(text);
    let bare = of_one.strip_suffix("IfExists").unwrap_or(of_one);
    text == "Null" || OPERATORS.contains(&bare)
}

/// The statements of a document.
fn statements(document: &Value) -> Vec<&Value> {
    match &document["Statement"] {
        Value::Array(many) => many.iter().collect(),
        one => vec![one],
    }
}

/// What every policy has to be.
pub(super) fn check(document: &Value) -> Result<(), PolicyError> {
    for statement in statements(document) {
        let mut elements = statement.as_object().into_iter().flatten();
        if let Some((element, _)) = elements.find(|it| !ELEMENTS.contains(&it.0.as_str())) {
            return Err(PolicyError::new(format!(
                "`{element}` is no element of a statement; those are {}",
                ELEMENTS.map(|it| format!("`{it}`")).join(", ")
            )));
        }
    }
    Ok(())
}

/// What a policy has to be that is attached to a principal or to a session.
pub(super) fn check_identity_based(document: &Value) -> Result<(), PolicyError> {
    for statement in statements(document) {
        let has = |element: &str| statement.get(element).is_some();
        if has("Principal") || has("NotPrincipal") {
            return Err(PolicyError::new(
                "only key policies have a `Principal`; this one is about whom it belongs to",
            ));
        }
        for (element, inverse) in [("Action", "NotAction"), ("Resource", "NotResource")] {
            if !has(element) && !has(inverse) {
                return Err(PolicyError::new(format!("a statement needs `{element}`")));
            }
        }
        for element in ["Action", "NotAction"] {
            let bare = match &statement[element] {
                Value::String(one) => vec![one.as_str()],
                Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
                _ => Vec::new(),
            };
            if let Some(action) = bare.iter().find(|it| **it != "*" && !it.contains(':')) {
                return Err(PolicyError::new(format!(
                    "`{action}` is no action; write `kms:{action}`"
                )));
            }
        }
    }
    Ok(())
}
