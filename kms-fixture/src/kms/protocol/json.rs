//! JSON as KMS writes it: the only numbers with a fraction are times, and they have an exponent (fact 15.22).

use std::io;

use bytes::Bytes;
use serde::Serialize;
use serde_json::ser::Formatter;

/// From here on, the front end writes a number with an exponent, as Java does.
const LARGE: f64 = 1e7;

/// Writes `1.7672256E9` where `serde_json` writes `1767225600.0`.
struct Exponents;

impl Formatter for Exponents {
    fn write_f64<W: io::Write + ?Sized>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        if value.abs() < LARGE {
            return write!(writer, "{value:?}");
        }
        let text = format!("{value:E}");
        // A whole mantissa has a zero behind its point.
        match text.split_once('E') {
            Some((mantissa, exponent)) if !mantissa.contains('.') => {
                write!(writer, "{mantissa}.0E{exponent}")
            }
            _ => writer.write_all(text.as_bytes()),
        }
    }
}

/// Returns the JSON text of a value.
///
/// # Errors
///
/// The value's own serialization fails.
pub(crate) fn write(value: &impl Serialize) -> serde_json::Result<Bytes> {
    let mut text = Vec::with_capacity(128);
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut text, Exponents))?;
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::write;

    #[test]
    fn times_have_an_exponent() {
        for (value, text) in [
            (1_790_597_408.399, "1.790597408399E9"),
            (1_767_225_600.0, "1.7672256E9"),
            (2e9, "2.0E9"),
            (0.0, "0.0"),
            (1.5, "1.5"),
        ] {
            assert_eq!(write(&value).unwrap(), text);
        }
        assert_eq!(write(&json!({"a": [30, 1e9, "1e9"]})).unwrap(), r#"{"a":[30,1.0E9,"1e9"]}"#);
    }
}
