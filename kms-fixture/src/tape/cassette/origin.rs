//! The origin of a cassette.

use std::fmt;

use serde::{Deserialize, Serialize};

#[cfg(feature = "record")]
use crate::error::Error;

/// The source of a cassette's exchanges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Origin {
    pub(crate) kind: OriginKind,
    /// Its name and version, chosen by the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
}

/// A kind of origin. A transcription is never marked as a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OriginKind {
    /// AWS.
    Aws,
    /// Another implementation of its API.
    Emulator,
    /// A transcription of what AWS has published.
    Documentation,
    /// This library's own fake.
    Fake,
}

impl OriginKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Emulator => "emulator",
            Self::Documentation => "documentation",
            Self::Fake => "fake",
        }
    }
}

impl Origin {
    /// Returns the label of recorded values in reports: `aws`, the emulator's name, `documentation`, `recorded fake`.
    pub(crate) fn label(&self) -> &str {
        match self.kind {
            OriginKind::Emulator => {
                let name = self.name.as_deref().and_then(|it| it.split_whitespace().next());
                let is_plain =
                    |it: &&str| it.chars().all(|it| it.is_ascii_alphanumeric() || it == '-');
                // Neither AWS nor the fake is an emulator, whatever a cassette calls it.
                name.filter(is_plain)
                    .filter(|it| !["aws", "fake"].contains(it))
                    .unwrap_or("emulator")
            }
            OriginKind::Fake => "recorded fake",
            kind => kind.as_str(),
        }
    }

    /// Parses `emulator` or `emulator: moto 5.1.22`.
    ///
    /// # Errors
    ///
    /// A kind that is not one of the four.
    #[cfg(feature = "record")]
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let (kind, name) = text.split_once(':').unwrap_or((text, ""));
        let kinds =
            [OriginKind::Aws, OriginKind::Emulator, OriginKind::Documentation, OriginKind::Fake];
        let kind = kinds.into_iter().find(|it| it.as_str() == kind.trim());
        let kind = kind.ok_or_else(|| {
            Error::new(format!("`{text}` is not an origin")).help(
                "write `aws`, `emulator`, `documentation` or `fake`, perhaps with a name: `emulator: moto 5.1.22`",
            )
        })?;
        let name = Some(name.trim().to_owned()).filter(|it| !it.is_empty());
        Ok(Self { kind, name })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            None => f.write_str(self.kind.as_str()),
            Some(name) => write!(f, "{}: {name}", self.kind.as_str()),
        }
    }
}
