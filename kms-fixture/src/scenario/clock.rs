//! The source of a fixture's time.

use serde_json::Value;

use super::fields::Field;
use super::mistakes::Mistakes;
use crate::model::declare::{CLOCKS, Opt, unknown_choice};

/// The source of a fixture's time, as in `clock(machine)`. [`Clock::advance`](crate::Clock::advance) adds to each.
///
/// ```
/// use kms_fixture::Fixture;
/// use kms_fixture::scenario::ClockKind;
///
/// let kms = Fixture::builder().clock(ClockKind::Machine).start()?;
/// assert!(kms.clock().now().elapsed().is_ok());
/// # Ok::<(), kms_fixture::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClockKind {
    /// The clock shows 2026-01-01T00:00:00Z until the test, or a sleep or a timeout of the SDK, moves it.
    #[default]
    Test,
    /// The clock starts at 2026-01-01T00:00:00Z and follows the clock of the tokio runtime that starts the fixture. The
    /// runtime needs its timer (`enable_time`).
    Tokio,
    /// The clock follows the machine's.
    Machine,
}

impl ClockKind {
    const ALL: [Self; 3] = [Self::Test, Self::Tokio, Self::Machine];

    fn word(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Tokio => "tokio",
            Self::Machine => "machine",
        }
    }

    /// Returns the clock of this word.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// A word.
impl Field for Option<ClockKind> {
    fn read(&mut self, opt: &Opt, at: &str, value: &Value, mistakes: &mut Mistakes) {
        let Value::String(word) = value else {
            return mistakes.wrong_type(at, "a string", value);
        };
        *self = ClockKind::from_word(word);
        if self.is_none() {
            mistakes.add(at, &unknown_choice(opt.name, CLOCKS, word));
        }
    }

    fn write(&self, _: &Opt) -> Option<Value> {
        self.map(|it| it.word().into())
    }
}
