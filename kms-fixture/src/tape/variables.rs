//! The file and the variables with the settings of a recording, by their names.

/// The file.
pub(crate) const FILE: &str = "kms-fixture.toml";
/// The variable with the path of the file, in place of the nearest one.
pub(crate) const CONFIG: &str = "KMS_FIXTURE_CONFIG";
/// The variable with the only account that may be recorded.
pub(crate) const ACCOUNT: &str = "KMS_FIXTURE_ACCOUNT";
/// The variable with the URL of the service.
pub(crate) const UPSTREAM: &str = "KMS_FIXTURE_UPSTREAM";
const KEY: &str = "KMS_FIXTURE_KEY_";
const PRINCIPAL: &str = "KMS_FIXTURE_PRINCIPAL_";

/// Returns the variable with the live key for a declared key.
pub(crate) fn of_key(name: &str) -> String {
    format!("{KEY}{}", upper(name))
}

/// Returns the variable with the live principal for a declared principal.
pub(crate) fn of_principal(name: &str) -> String {
    format!("{PRINCIPAL}{}", upper(name))
}

/// Returns a declared name in the spelling of variables.
fn upper(name: &str) -> String {
    let letter = |it: char| {
        if it.is_ascii_alphanumeric() { it.to_ascii_uppercase() } else { '_' }
    };
    name.chars().map(letter).collect()
}

/// The suffixes of AWS's host names (the endpoint rules of its SDKs).
const AWS: &[&str] = &[
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".api.aws",
    ".api.amazonwebservices.com.cn",
    ".api.amazonwebservices.eu",
];

/// Returns whether a URL is AWS's own.
pub(crate) fn is_aws(upstream: &str) -> bool {
    let Ok(uri) = upstream.trim().parse::<http::Uri>() else {
        return false;
    };
    let host = uri.host().unwrap_or_default().to_ascii_lowercase();
    // A trailing dot means the same host.
    let host = host.trim_end_matches('.');
    AWS.iter().any(|it| host.ends_with(it))
}
