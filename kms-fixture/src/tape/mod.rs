//! Recordings: redaction, the cassette file, the fake that follows it, recording and replay.

pub(crate) mod names;
pub(crate) mod passing;
pub(crate) mod redact;
pub(crate) mod translation;
#[cfg(any(feature = "macros", feature = "record"))]
pub(crate) mod variables;
pub(crate) mod words;

pub(crate) mod cassette;
pub(crate) mod shadow;

pub(crate) mod replay;

#[cfg(feature = "record")]
pub(crate) mod record;
