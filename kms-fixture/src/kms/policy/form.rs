//! The form that IAM requires of policies (IAM User Guide, policy elements).

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

/// Returns the strings of an element: one, or a list.
pub(super) fn strings<'a>(element: &str, value: &'a Value) -> Result<Vec<&'a str>, PolicyError> {
    let strings = match value {
        Value::Array(many) => many.iter().map(Value::as_str).collect(),
        one => one.as_str().map(|it| vec![it]),
    };
    strings.ok_or_else(|| {
        PolicyError::new(format!("`{element}` must be a string or a list of strings"))
    })
}

/// Returns a condition operator without its `ForAllValues:` or `ForAnyValue:`.
pub(super) fn without_set_prefix(operator: &str) -> &str {
    operator
        .strip_prefix("ForAllValues:")
        .or_else(|| operator.strip_prefix("ForAnyValue:"))
        .unwrap_or(operator)
}

/// Returns whether `text` is a condition operator, with or without a set prefix and `IfExists`.
pub(super) fn is_operator(text: &str) -> bool {
    let operator = without_set_prefix(text);
    let bare = operator.strip_suffix("IfExists").unwrap_or(operator);
    text == "Null" || OPERATORS.contains(&bare)
}

/// Checks what IAM requires of every statement.
pub(super) fn check(statement: &Value) -> Result<(), PolicyError> {
    let mut elements = statement.as_object().into_iter().flatten();
    match elements.find(|it| !ELEMENTS.contains(&it.0.as_str())) {
        Some((element, _)) => Err(PolicyError::new(format!(
            "`{element}` is not a valid statement element; the elements are {}",
            ELEMENTS.map(|it| format!("`{it}`")).join(", ")
        ))),
        None => Ok(()),
    }
}

/// Checks what IAM requires of a statement in the policy of a principal or a session.
pub(super) fn check_identity_based(statement: &Value) -> Result<(), PolicyError> {
    let has = |element: &str| statement.get(element).is_some();
    if has("Principal") || has("NotPrincipal") {
        return Err(PolicyError::new(
            "only key policies have a `Principal`; this policy applies to its own principal",
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
        let actions = strings(element, actions)?;
        if let Some(action) = actions.iter().find(|it| **it != "*" && !it.contains(':')) {
            return Err(PolicyError::new(format!(
                "`{action}` is not a valid action; write `kms:{action}`"
            )));
        }
    }
    Ok(())
}
