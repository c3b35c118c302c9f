//! The live service: the settings of a recording, the credentials it calls with, and the way there.

mod credentials;
mod file;
mod settings;
mod source;
mod tls;
mod upstream;

pub(crate) use credentials::{Identity, Live};
pub(crate) use settings::Settings;
pub(crate) use upstream::Upstream;

/// An error of another crate with everything that caused it, in one line.
fn causes(error: &dyn std::error::Error) -> String {
    let mut all = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        // Some say their cause themselves.
        if !all.ends_with(&text) {
            all.push_str(": ");
            all.push_str(&text);
        }
        next = cause.source();
    }
    all
}
