//! Checks the types and then the constraints of an input against the API's tables (rows 27 to 39).

use serde_json::{Map, Value};

use super::pattern::matches;
use super::types::{decoded_length, integer, typed_input};
use crate::api::shapes::MacAlgorithmSpec;
use crate::api::{Member, Shape, Text, Type};
use crate::kms::error::{KmsError, Result};

/// The number of violations that the front end lists at most.
const MAX_VIOLATIONS: usize = 10;

/// The algorithms of MACs in the order of AWS's messages.
const MAC_ALGORITHMS: &[&str] = &["HMAC_SHA_384", "HMAC_SHA_256", "HMAC_SHA_224", "HMAC_SHA_512"];

/// Checks an input. Returns it without nulls and unknown members, with normalized integers.
pub(super) fn validate(members: &[Member], input: Value) -> Result<Value> {
    let object = typed_input(input, members)?;
    let mut violations = Vec::new();
    check_structure(&object, members, "", &mut violations);
    violations.truncate(MAX_VIOLATIONS);
    match violations.len() {
        0 => Ok(Value::Object(object)),
        1 => Err(KmsError::validation(format!("1 validation error detected: {}", violations[0]))),
        many => Err(KmsError::validation(format!(
            "{many} validation errors detected: {}",
            violations.join("; ")
        ))),
    }
}

/// Checks the members in the order of the model. AWS's order of violations is unknown (INVENTED(violation-order)).
fn check_structure(
    object: &Map<String, Value>,
    members: &[Member],
    prefix: &str,
    violations: &mut Vec<String>,
) {
    for member in members {
        let path = format!("{prefix}{}", lower_camel(member.name));
        match object.get(member.name) {
            Some(value) => check_value(value, member.shape, &path, violations),
            // The message about a sensitive member omits the word `null` (fact 13.6).
            None if member.required => violations.push(format!(
                "Value{} at '{path}' failed to satisfy constraint: Member must not be null",
                if member.shape.type_.is_sensitive() { "" } else { " null" }
            )),
            None => {}
        }
    }
}

fn violation(shown: &str, path: &str, constraint: &str) -> String {
    format!("Value '{shown}' at '{path}' failed to satisfy constraint: {constraint}")
}

/// Describes a violation without the value, for bytes and sensitive texts (rows 31 and 32, fact 13.6).
fn hidden_violation(path: &str, constraint: &str) -> String {
    format!("Value at '{path}' failed to satisfy constraint: {constraint}")
}

fn check_value(value: &Value, shape: &Shape, path: &str, violations: &mut Vec<String>) {
    let mut failed =
        |shown: &str, constraint: &str| violations.push(violation(shown, path, constraint));
    match (&shape.type_, value) {
        (Type::Text(text), Value::String(value)) if text.sensitive => {
            violations.extend(broken(text, value).iter().map(|it| hidden_violation(path, it)));
        }
        (Type::Text(text), Value::String(value)) => {
            for constraint in broken(text, value) {
                failed(value, &constraint);
            }
        }
        (Type::Word(words), Value::String(value)) if !words.contains(&value.as_str()) => {
            failed(value, &enum_constraint(words));
        }
        (Type::Blob { min, max, .. }, Value::String(value)) => {
            let broken = length_constraints(decoded_length(value), *min, *max);
            violations.extend(broken.iter().map(|it| hidden_violation(path, it)));
        }
        (Type::Integer { min, max }, Value::Number(number)) => {
            let value = integer(number);
            if value < *min {
                let constraint = format!("Member must have value greater than or equal to {min}");
                failed(&value.to_string(), &constraint);
            } else if value > *max {
                let constraint = format!("Member must have value less than or equal to {max}");
                failed(&value.to_string(), &constraint);
            }
        }
        (Type::List { min, max, element }, Value::Array(values)) => {
            if values.len() < *min || values.len() > *max {
                for constraint in length_constraints(values.len(), *min, *max) {
                    failed(&shown(values), &constraint);
                }
            }
            check_elements(values, element, path, violations);
        }
        (Type::Structure(members), Value::Object(object)) => {
            check_structure(object, members, &format!("{path}."), violations);
        }
        _ => {}
    }
}

/// Checks the elements of a list. A violation shows a list of texts as a whole (row 37), and a list of structures
/// element by element (row 33).
fn check_elements(values: &[Value], shape: &Shape, path: &str, violations: &mut Vec<String>) {
    let mut texts = values.iter().filter_map(Value::as_str);
    let (is_good, constraints) = match &shape.type_ {
        Type::Text(text) => {
            (texts.all(|it| broken(text, it).is_empty()), all_constraints(text).join(", "))
        }
        Type::Word(words) => (texts.all(|it| words.contains(&it)), enum_constraint(words)),
        _ => {
            for (at, value) in values.iter().enumerate() {
                check_value(value, shape, &format!("{path}.{}.member", at + 1), violations);
            }
            return;
        }
    };
    if !is_good {
        let constraint = format!("Member must satisfy constraint: [{constraints}]");
        violations.push(violation(&shown(values), path, &constraint));
    }
}

fn shown(values: &[Value]) -> String {
    let words: Vec<_> =
        values.iter().map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned)).collect();
    format!("[{}]", words.join(", "))
}

/// Returns the constraints that `value` breaks.
fn broken(text: &Text, value: &str) -> Vec<String> {
    let mut broken = length_constraints(value.chars().count(), text.min, text.max);
    if let Some(pattern) = text.pattern
        && !matches(pattern, value)
    {
        broken.push(pattern_constraint(pattern.text));
    }
    broken
}

fn all_constraints(text: &Text) -> Vec<String> {
    let mut all = length_constraints(usize::MAX, 0, text.max);
    all.extend(length_constraints(0, text.min, usize::MAX));
    all.extend(text.pattern.map(|it| pattern_constraint(it.text)));
    all
}

fn length_constraints(length: usize, min: usize, max: usize) -> Vec<String> {
    let mut broken = Vec::new();
    if length > max {
        broken.push(format!("Member must have length less than or equal to {max}"));
    }
    if length < min {
        broken.push(format!("Member must have length greater than or equal to {min}"));
    }
    broken
}

/// Lists the words of an enum, in the order of AWS where one is recorded (row 30), and otherwise in that of the model
/// (INVENTED(enum-order)).
fn enum_constraint(words: &[&str]) -> String {
    let words = if words == MacAlgorithmSpec.words() { MAC_ALGORITHMS } else { words };
    format!("Member must satisfy enum value set: [{}]", words.join(", "))
}

fn pattern_constraint(pattern: &str) -> String {
    format!("Member must satisfy regular expression pattern: {pattern}")
}

fn lower_camel(name: &str) -> String {
    let mut chars = name.chars();
    match chars.next() {
        Some(first) => first.to_ascii_lowercase().to_string() + chars.as_str(),
        None => String::new(),
    }
}
