//! The live service: settings, credentials, connections.

mod credentials;
mod file;
mod only;
mod rules;
mod settings;
mod source;
mod tls;
mod upstream;

pub(crate) use credentials::{Identity, Live};
pub(crate) use rules::{Rules, is_of_key_stores};
pub(crate) use settings::Settings;
pub(crate) use upstream::Upstream;

/// Returns another crate's error with all its causes, in one line.
fn causes(error: &dyn std::error::Error) -> String {
    let mut all = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        // Some errors contain the text of their cause.
        if !all.ends_with(&text) {
            all.push_str(": ");
            all.push_str(&text);
        }
        next = cause.source();
    }
    all
}
