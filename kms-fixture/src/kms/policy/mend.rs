//! Mends one statement where AWS and `iam-rs` differ, before `iam-rs` sees it.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use iam_rs::{ContextValue, IAMRequest};
use serde_json::{Map, Value};

use super::{PolicyError, form};

/// Mends the conditions of a statement. Returns a second block if two operators became the same on the same key:
/// both must hold, and one block can contain an operator only once.
pub(super) fn mend_conditions(conditions: &mut Value) -> Result<Option<Value>, PolicyError> {
    let map = conditions
        .as_object_mut()
        .ok_or_else(|| PolicyError::new("`Condition` is not an object"))?;
    let mut blocks = [Map::new(), Map::new()];
    for (operator, keys) in std::mem::take(map) {
        if !form::is_operator(&operator) {
            return Err(PolicyError::new(format!(
                "`{operator}` is not a valid condition operator; AWS has `StringEquals`, `StringLike`, `ArnLike`, `Bool` and others"
            )));
        }
        // AWS accepts wildcards in both.
        let operator =
            operator.replace("ArnEquals", "ArnLike").replace("ArnNotEquals", "ArnNotLike");
        let Value::Object(keys) = keys else {
            return Err(PolicyError::new(format!("`{operator}` is not an object")));
        };
        for (key, mut values) in keys {
            mend_values(&mut values, form::without_set_prefix(&operator).starts_with("Date"));
            let is_taken = blocks[0].get(&operator).is_some_and(|it| it.get(&key).is_some());
            let block = blocks[usize::from(is_taken)].entry(operator.as_str());
            let block = block.or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(block) = block {
                block.insert(key, values);
            }
        }
    }
    let [first, second] = blocks;
    *map = first;
    Ok((!second.is_empty()).then_some(Value::Object(second)))
}

/// Turns numbers and booleans into strings, and short dates into full ones.
fn mend_values(value: &mut Value, are_dates: bool) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|it| mend_values(it, are_dates)),
        Value::String(text) if are_dates => {
            if let Some(full) = full_date(text) {
                *text = full;
            }
        }
        Value::Number(_) | Value::Bool(_) => *value = Value::String(value.to_string()),
        _ => {}
    }
}

/// Completes a date that is as short as W3C's ISO 8601 allows (IAM User Guide, date condition operators); `iam-rs`
/// reads full dates only. Returns `None` for any other text.
fn full_date(text: &str) -> Option<String> {
    let (day, time) = text.split_once('T').unwrap_or((text, "00:00:00Z"));
    let day = match day.split('-').map(str::len).collect::<Vec<_>>().as_slice() {
        [4] => format!("{day}-01-01"),
        [4, 2] => format!("{day}-01"),
        [4, 2, 2] => day.to_owned(),
        _ => return None,
    };
    let (clock, zone) = time.split_at(time.find(['Z', '+', '-'])?);
    let seconds = if clock.len() == 5 { ":00" } else { "" };
    let full = format!("{day}T{clock}{seconds}{zone}");
    let is_date = DateTime::from_str(&full, Format::DateTimeWithOffset).is_ok();
    is_date.then_some(full)
}

/// Mends the ARNs of `Resource` and `NotResource`: a `*` at the end of a short ARN covers all that follows, and a
/// service may be a wildcard (IAM User Guide, Resource element).
pub(super) fn mend_resources(body: &mut Map<String, Value>) -> Result<(), PolicyError> {
    for member in ["Resource", "NotResource"] {
        let Some(value) = body.get_mut(member) else {
            continue;
        };
        let mut mended = Vec::new();
        for pattern in form::strings(member, value)? {
            mend_resource(pattern, &mut mended)?;
        }
        *value = match mended.as_slice() {
            [one] => one.clone().into(),
            _ => mended.into(),
        };
    }
    Ok(())
}

fn mend_resource(pattern: &str, mended: &mut Vec<String>) -> Result<(), PolicyError> {
    if pattern == "*" {
        mended.push(pattern.to_owned());
        return Ok(());
    }
    let mut parts: Vec<_> = pattern.splitn(6, ':').map(str::to_owned).collect();
    let open = pattern.ends_with('*');
    if parts[0] != "arn" || parts.len() < 6 && !open {
        return Err(PolicyError::new(format!(
            "the resource `{pattern}` is neither `*` nor an ARN"
        )));
    }
    parts.resize(6, "*".to_owned());
    if !parts[2].contains(['*', '?']) {
        mended.push(parts.join(":"));
        return Ok(());
    }
    // Questions are about keys, aliases and principals only.
    for service in ["kms", "iam", "sts"] {
        if iam_rs::Arn::wildcard_match(service, &parts[2]) {
            let mut parts = parts.clone();
            service.clone_into(&mut parts[2]);
            mended.push(parts.join(":"));
        }
    }
    Ok(())
}

/// The value of a policy variable that has none: nothing equals it or is like it (IAM User Guide, policy variables
/// with no value).
const NO_VALUE: &str = "\u{10FFFF}no value\u{10FFFF}";

/// Replaces the policy variables in every string of `value`.
pub(super) fn fill_in(value: &mut Value, request: &IAMRequest) {
    match value {
        Value::String(text) => {
            while let Some((start, end)) = text
                .find("${")
                .and_then(|start| Some((start, start + text[start..].find('}')? + 1)))
            {
                let inner = &text[start + 2..end - 1];
                let (key, default) = match inner.split_once(',') {
                    Some((key, default)) => (key.trim(), default.trim().trim_matches('\'')),
                    None => (inner.trim(), NO_VALUE),
                };
                let filled = match request.context.get(key) {
                    Some(ContextValue::String(known)) => known.clone(),
                    _ => default.to_owned(),
                };
                let filled = filled.replace("${", "");
                text.replace_range(start..end, &filled);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|it| fill_in(it, request)),
        Value::Object(entries) => entries.values_mut().for_each(|it| fill_in(it, request)),
        _ => {}
    }
}
