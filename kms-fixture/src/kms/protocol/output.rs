//! The output of a call, in the form that its reader needs.

use serde::Serialize;
use serde_json::Value;

use super::json;
use crate::kms::body::Body;
use crate::kms::error::{KmsError, Result};
use crate::kms::ops::GrantPage;

/// An output that an operation fills in, once or not at all.
pub(super) enum Output {
    /// JSON text for the wire; empty at first.
    Text(Body),
    /// A value for the fake that follows a cassette; null at first.
    Value(Value),
}

impl Output {
    /// Returns an empty output for the wire.
    pub(super) fn text() -> Self {
        Self::Text(Body::default())
    }

    /// Returns an empty output for a reader in the same process.
    pub(super) fn value() -> Self {
        Self::Value(Value::Null)
    }

    /// Fills in `output`.
    pub(super) fn fill(&mut self, output: &impl Serialize) -> Result<()> {
        let filled = match self {
            Self::Text(text) => json::write(output).map(|it| *text = it.into()),
            Self::Value(value) => serde_json::to_value(output).map(|it| *value = it),
        };
        filled.map_err(|it| KmsError::serialization(it.to_string()))
    }

    /// Fills in a page of grants.
    pub(super) fn fill_page(&mut self, page: &GrantPage<'_>) -> Result<()> {
        let Self::Text(text) = self else {
            return self.fill(page);
        };
        *text = page
            .text(|it| json::write(it))
            .map_err(|it| KmsError::serialization(it.to_string()))?;
        Ok(())
    }

    /// Empties the output again.
    pub(super) fn clear(&mut self) {
        *self = match self {
            Self::Text(_) => Self::text(),
            Self::Value(_) => Self::value(),
        };
    }

    /// Returns the text, or an empty one.
    pub(super) fn into_text(self) -> Body {
        match self {
            Self::Text(text) => text,
            Self::Value(_) => Body::default(),
        }
    }

    /// Returns the value, or null.
    pub(super) fn into_value(self) -> Value {
        match self {
            Self::Text(_) => Value::Null,
            Self::Value(value) => value,
        }
    }
}
