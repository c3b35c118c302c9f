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

/// The texts that stand at an element: one, or a list.
pub(super) fn texts<'a>(element: &str, value: &'a Value) -> Result<Vec<&'a str>, PolicyError> {
    let texts = match value {
        Value::Array(many) => many.iter().map(Value::as_str).collect(),
        one => one.as_str().map(|it| vec![it]),
    };
    texts.ok_or_else(|| PolicyError::new(format!("`{element}` is no text and no list of texts")))
}

/// A condition operator without what says that it is one of a set.
pub(super) fn of_one(operator: &str) -> &str {
    operator
        .strip_prefix("ForAllValues:")
        .or_else(|| operator.strip_prefix("ForAnyValue:"))
        .unwrap_or(operator)
}

/// Whether this is a condition operator, perhaps of a set, perhaps `IfExists`.
pub(super) fn is_operator(text: &str) -> bool {
    let of_one = of_one(text);
    let bare = of_one.strip_suffix("IfExists").unwrap_or(of_one);
    text == "Null" || OPERATORS.contains(&bare)
}

/// What every statement has to be.
pub(super) fn check(statement: &Value) -> Result<(), PolicyError> {
    let mut elements = statement.as_object().into_iter().flatten();
    match elements.find(|it| !ELEMENTS.contains(&it.0.as_str())) {
        Some((element, _)) => Err(PolicyError::new(format!(
            "`{element}` is no element of a statement; those are {}",
            ELEMENTS.map(|it| format!("`{it}`")).join(", ")
        ))),
        None => Ok(()),
    }
}

/// What a statement has to be of a policy that is attached to a principal or to a session.
pub(super) fn check_identity_based(statement: &Value) -> Result<(), PolicyError> {
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
        let Some(actions) = statement.get(element) else {
            continue;
        };
        let actions = texts(element, actions)?;
        if let Some(action) = actions.iter().find(|it| **it != "*" && !it.contains(':')) {
            return Err(PolicyError::new(format!("`{action}` is no action; write `kms:{action}`")));
        }
    }
    Ok(())
}
