//! The constraints of STS's model (botocore's model of STS; texts: facts 16.8 and 16.9).

use super::error::{Result, StsError};
use super::form::Form;

/// The constraints of a text.
pub(super) struct Text {
    pub(super) min: usize,
    pub(super) max: usize,
    /// The pattern. Default: any text.
    pub(super) pattern: Option<Pattern>,
}

/// The pattern of a text.
#[derive(Clone, Copy)]
pub(super) struct Pattern {
    /// The pattern as AWS writes it.
    text: &'static str,
    /// Returns whether a character fits.
    fits: fn(char) -> bool,
}

/// The constraints of a role's ARN.
pub(super) const ROLE_ARN: Text = Text { min: 20, max: 2048, pattern: None };
/// The constraints of a session's name.
pub(super) const SESSION_NAME: Text =
    Text { min: 2, max: 64, pattern: Some(Pattern { text: r"[\w+=,.@-]*", fits: is_of_name }) };
/// The constraints of a federated user's name.
pub(super) const FEDERATED_NAME: Text = Text { max: 32, ..SESSION_NAME };
/// The constraints of an external id.
pub(super) const EXTERNAL_ID: Text = Text {
    min: 2,
    max: 1224,
    pattern: Some(Pattern { text: r"[\w+=,.@:\/-]*", fits: is_of_external_id }),
};
/// The constraints of a session policy. The model limits it for GetFederationToken, the API reference for both.
pub(super) const POLICY: Text = Text { min: 1, max: 2048, pattern: None };

/// The parameters that the fixture does not support.
const UNSUPPORTED: &[&str] = &[
    "PolicyArns",
    "Tags",
    "TransitiveTagKeys",
    "SourceIdentity",
    "ProvidedContexts",
    "MinimumSessionTokenSize",
];

fn is_of_name(it: char) -> bool {
    it.is_ascii_alphanumeric() || "_+=,.@-".contains(it)
}

fn is_of_external_id(it: char) -> bool {
    is_of_name(it) || ":/".contains(it)
}

/// The checks of a form, with the violations so far.
pub(super) struct Checks<'a> {
    form: &'a Form,
    violations: Vec<String>,
}

impl<'a> Checks<'a> {
    pub(super) fn new(form: &'a Form) -> Self {
        Self { form, violations: Vec::new() }
    }

    /// Returns a required text; empty if it is missing, which is a violation.
    pub(super) fn required(&mut self, name: &str, text: &Text) -> &'a str {
        self.optional(name, text).unwrap_or_else(|| {
            self.violations.push(format!(
                "Value null at '{}' failed to satisfy constraint: Member must not be null",
                path(name)
            ));
            ""
        })
    }

    /// Returns an optional text.
    pub(super) fn optional(&mut self, name: &str, text: &Text) -> Option<&'a str> {
        let value = self.form.get(name)?;
        let length = value.chars().count();
        if length < text.min {
            self.failed(name, value, &format!("length greater than or equal to {}", text.min));
        }
        if length > text.max {
            self.failed(name, value, &format!("length less than or equal to {}", text.max));
        }
        if let Some(pattern) = text.pattern.filter(|it| !value.chars().all(it.fits)) {
            self.violations.push(format!(
                "Value '{value}' at '{}' failed to satisfy constraint: Member must satisfy regular expression \
                 pattern: {}",
                path(name),
                pattern.text
            ));
        }
        Some(value)
    }

    /// Returns an optional number of seconds, at least 900.
    pub(super) fn seconds(&mut self, max: u64) -> Result<Option<u64>> {
        const NAME: &str = "DurationSeconds";
        let Some(value) = self.form.get(NAME) else { return Ok(None) };
        let seconds: i64 = value.parse().map_err(|_| StsError::malformed_input(value))?;
        let seconds = u64::try_from(seconds).unwrap_or_default();
        if seconds < 900 {
            self.failed(NAME, value, "value greater than or equal to 900");
        } else if seconds > max {
            self.failed(NAME, value, &format!("value less than or equal to {max}"));
        }
        Ok(Some(seconds))
    }

    fn failed(&mut self, name: &str, value: &str, constraint: &str) {
        self.violations.push(format!(
            "Value '{value}' at '{}' failed to satisfy constraint: Member must have {constraint}",
            path(name)
        ));
    }

    /// Ends the checks.
    ///
    /// # Errors
    ///
    /// All violations; a parameter that the fixture does not support; a code of a device.
    pub(super) fn end(self) -> Result<()> {
        match self.violations.as_slice() {
            [] => {}
            [one] => {
                return Err(StsError::validation(format!("1 validation error detected: {one}")));
            }
            many => {
                let (count, all) = (many.len(), many.join("; "));
                return Err(StsError::validation(format!(
                    "{count} validation errors detected: {all}"
                )));
            }
        }
        if let Some(name) = UNSUPPORTED.iter().find(|it| self.form.has(it)) {
            return Err(StsError::not_supported(&format!("the parameter {name}")));
        }
        if self.form.has("SerialNumber") || self.form.has("TokenCode") {
            return Err(StsError::no_device());
        }
        Ok(())
    }
}

/// Returns a parameter's name in a violation.
fn path(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|it| it.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}
