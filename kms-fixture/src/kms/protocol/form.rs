//! The two forms of an output: bytes for the wire, a value for the fake that follows a cassette.

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use crate::kms::error::{KmsError, Result};

/// A form that an output can have.
pub(super) trait Form: Sized {
    /// Returns `output` in this form.
    fn of(output: &impl Serialize) -> Result<Self>;

    /// Returns what stands for no output at all.
    fn nothing() -> Self;
}

impl Form for Bytes {
    fn of(output: &impl Serialize) -> Result<Self> {
        let bytes = serde_json::to_vec(output);
        bytes.map(Self::from).map_err(|it| KmsError::serialization(it.to_string()))
    }

    fn nothing() -> Self {
        Self::new()
    }
}

impl Form for Value {
    fn of(output: &impl Serialize) -> Result<Self> {
        serde_json::to_value(output).map_err(|it| KmsError::serialization(it.to_string()))
    }

    fn nothing() -> Self {
        Self::Null
    }
}
