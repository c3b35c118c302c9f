//! Checks the types of an input and normalizes its values: numbers as numbers, bytes in base64.
//!
//! The texts about wrong types are recorded on sibling services with the same front end; for KMS itself they are
//! inferred.

use serde_json::{Map, Value};

use crate::api::{Member, Shape, Type};
use crate::kms::error::{KmsError, Result};

/// Returns an input without nulls and unknown members.
pub(super) fn typed_input(input: Value, members: &[Member]) -> Result<Map<String, Value>> {
    match input {
        Value::Object(object) => typed_structure(object, members),
        other => Err(wrong_root(&other)),
    }
}

fn wrong_root(value: &Value) -> KmsError {
    match value {
        Value::Array(_) => KmsError::serialization("Start of list found where not expected"),
        _ => KmsError::not_json(),
    }
}

/// Returns the members in the table, with checked types.
fn typed_structure(object: Map<String, Value>, members: &[Member]) -> Result<Map<String, Value>> {
    let mut typed = Map::new();
    for (name, value) in object {
        // Unknown members are ignored (fact 1.17), and null means absent.
        if let Some(member) = members.iter().find(|it| it.name == name)
            && !value.is_null()
        {
            typed.insert(name, typed_value(value, member.shape)?);
        }
    }
    Ok(typed)
}

fn typed_value(value: Value, shape: &Shape) -> Result<Value> {
    match (&shape.type_, value) {
        (Type::Text(_) | Type::Word(_), value @ Value::String(_))
        | (Type::Boolean, value @ Value::Bool(_))
        | (Type::Timestamp, value @ Value::Number(_)) => Ok(value),
        (Type::Integer { .. }, Value::Number(number)) => Ok(integer(&number).into()),
        (Type::Blob { sensitive, .. }, Value::String(text)) => {
            match base64_mistake(&text, *sensitive) {
                None => Ok(Value::String(text)),
                Some(reason) => Err(KmsError::serialization(reason)),
            }
        }
        (Type::List { element, .. }, Value::Array(values)) => values
            .into_iter()
            .map(|it| typed_value(it, element))
            .collect::<Result<_>>()
            .map(Value::Array),
        (Type::Map { value }, Value::Object(entries)) => entries
            .into_iter()
            .map(|(key, it)| Ok((key, typed_value(as_text(it), value)?)))
            .collect::<Result<_>>()
            .map(Value::Object),
        (Type::Structure(members), Value::Object(object)) => {
            typed_structure(object, members).map(Value::Object)
        }
        (type_, value) => Err(KmsError::serialization(mismatch(type_, &value))),
    }
}

/// Returns a number as a text: the values of maps, all of which are encryption contexts, may be numbers (fact 15.21).
fn as_text(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        other => other,
    }
}

/// Reads a number of any form. It truncates a fraction; a number that is too large stays too large.
pub(super) fn integer(number: &serde_json::Number) -> i64 {
    number.as_i64().unwrap_or_else(|| {
        #[allow(clippy::cast_possible_truncation)] // `as` saturates, as intended
        let cut = number.as_f64().unwrap_or(f64::MAX) as i64;
        cut
    })
}

fn mismatch(type_: &Type, value: &Value) -> String {
    let found = match value {
        Value::Array(_) => return "Start of list found where not expected".into(),
        Value::Object(_) => return "Start of structure or map found where not expected.".into(),
        Value::String(_) => "STRING_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::Null => "NULL_VALUE",
    };
    let wanted = match type_ {
        Type::Text(_) | Type::Word(_) => "a String",
        Type::Integer { .. } => "an Integer",
        Type::Boolean => "a Boolean",
        Type::Blob { .. } => "a Blob",
        // Recorded on X-Ray (aws/aws-sdk-js-v3#4343).
        Type::Timestamp => "milliseconds since epoch",
        Type::List { .. } => return "Expected list or null".into(),
        Type::Map { .. } => return "Expected map or null".into(),
        Type::Structure(_) => return "Expected null".into(),
    };
    format!("{found} can not be converted to {wanted}")
}

/// Returns the number of bytes that a text in base64 represents.
pub(super) fn decoded_length(text: &str) -> usize {
    let pads = text.bytes().rev().take_while(|it| *it == b'=').count();
    (text.len() / 4 * 3).saturating_sub(pads)
}

/// Returns the mistake in a text that should be base64, in the words of Kinesis, which also shows the text
/// (kinesalite's suite; pplu/aws-sdk-perl#81). A sensitive text stays hidden (INVENTED(sensitive-base64)).
fn base64_mistake(text: &str, sensitive: bool) -> Option<String> {
    let reason = if !text.len().is_multiple_of(4) {
        let length = text.len();
        format!("Base64 encoded length is expected a multiple of 4 bytes but found: {length}")
    } else if let Some(character) = foreign_character(text) {
        format!("Invalid Base64 character: '{character}'")
    } else if base64::STANDARD.check(text.as_bytes()).is_err() {
        // The spelling is AWS's.
        "Invalid last non-pad Base64 character dectected".to_owned()
    } else {
        return None;
    };
    Some(if sensitive {
        format!("STRING_VALUE can not be converted to a Blob: {reason}")
    } else {
        format!("'{text}' can not be converted to a Blob: {reason}")
    })
}

/// Returns the first character outside the alphabet of base64, or padding before the end.
fn foreign_character(text: &str) -> Option<char> {
    let inner = text.trim_end_matches('=');
    let is_known = |it: char| it.is_ascii_alphanumeric() || it == '+' || it == '/';
    inner.chars().find(|it| !is_known(*it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_canonical_padded_base64_is_valid() {
        for good in ["", "AQ==", "AQI=", "+/+/"] {
            assert_eq!(base64_mistake(good, false), None, "{good}");
        }
        // The first three are recorded.
        for (bad, reason) in [
            ("23456", "Base64 encoded length is expected a multiple of 4 bytes but found: 5"),
            ("=+/=", "Invalid Base64 character: '='"),
            ("+/+=", "Invalid last non-pad Base64 character dectected"),
            ("AQI", "Base64 encoded length is expected a multiple of 4 bytes but found: 3"),
            ("A-_=", "Invalid Base64 character: '-'"),
            ("AQ==AQ==", "Invalid Base64 character: '='"),
            ("A===", "Invalid last non-pad Base64 character dectected"),
        ] {
            let words = format!("can not be converted to a Blob: {reason}");
            assert_eq!(base64_mistake(bad, false), Some(format!("'{bad}' {words}")));
            assert_eq!(base64_mistake(bad, true), Some(format!("STRING_VALUE {words}")));
        }
    }

    #[test]
    fn decoded_length_counts_the_decoded_bytes() {
        for length in 0..10 {
            let text = base64::STANDARD.encode_to_string(vec![7; length]);
            assert_eq!(decoded_length(&text), length);
        }
    }
}
