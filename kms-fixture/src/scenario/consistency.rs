//! When a change takes effect: at once, or later, as on AWS.

use std::time::Duration;

use serde_json::{Value, json};

use super::fields::{self, Field, fields};
use super::mistakes::{At, Mistakes};
use crate::model::declare::{CONSISTENCY, EVENTUAL, Message, Opt, unknown_choice};

/// The default delay of a change. AWS documents less than five minutes in most cases.
const SECONDS: u32 = 300;

/// When a change takes effect, as in `consistency(eventual(seconds = 60))`.
///
/// ```
/// use kms_fixture::scenario::Consistency;
///
/// let late = Consistency::eventual().seconds(60).list_seconds(0);
/// assert_ne!(late, Consistency::eventual());
/// assert_eq!(Consistency::default(), Consistency::strong());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use = "a consistency does nothing until it is passed to a builder"]
pub struct Consistency {
    pub(super) eventual: Option<Eventual>,
}

/// The options of `eventual`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Eventual {
    seconds: Option<u32>,
    list_seconds: Option<u32>,
    jitter: bool,
}

/// An option that is set to its default equals one that is not set.
impl PartialEq for Eventual {
    fn eq(&self, other: &Self) -> bool {
        let all = |it: &Self| (it.seconds(), it.list_seconds, it.jitter);
        all(self) == all(other)
    }
}

impl Eq for Eventual {}

impl Eventual {
    fn seconds(&self) -> u32 {
        self.seconds.unwrap_or(SECONDS)
    }
}

fields!(Eventual { seconds, list_seconds, jitter });

/// `"strong"`, `"eventual"`, or `{"eventual": {..}}`.
impl Field for Consistency {
    fn read(&mut self, _: &Opt, at: &str, value: &Value, mistakes: &mut Mistakes) {
        match value {
            Value::String(word) => match word.as_str() {
                "strong" => *self = Self::strong(),
                "eventual" => *self = Self::eventual(),
                _ => mistakes.add(at, &unknown_choice("consistency", CONSISTENCY, word)),
            },
            Value::Object(members) => {
                for (word, options) in members {
                    let at = format!("{at}.{word}");
                    match word.as_str() {
                        "eventual" => {
                            let eventual = self.eventual.get_or_insert_default();
                            fields::read(eventual, &EVENTUAL, &at, options, mistakes);
                        }
                        "strong" => mistakes.add(&at, &Message::new("`strong` takes no options")),
                        _ => mistakes.add(&at, &unknown_choice("consistency", CONSISTENCY, word)),
                    }
                }
            }
            other => mistakes.wrong_type(at, "`strong`, `eventual` or an object", other),
        }
    }

    fn write(&self, _: &Opt) -> Option<Value> {
        let mut eventual = self.eventual?;
        eventual.seconds = eventual.seconds.filter(|it| *it != SECONDS);
        let options = fields::write(&eventual, &EVENTUAL);
        Some(if options.is_empty() { "eventual".into() } else { json!({ "eventual": options }) })
    }

    fn check(&self, _: &Opt, at: &At<'_>, mistakes: &mut Mistakes) {
        if let Some(eventual) = &self.eventual {
            fields::check(eventual, &EVENTUAL, &at.member("eventual"), mistakes);
        }
    }
}

impl Consistency {
    /// Returns the consistency in which a change takes effect as soon as its call is answered.
    pub fn strong() -> Self {
        Self { eventual: None }
    }

    /// Returns the consistency in which a change takes effect some time after its call, by the fixture's clock.
    /// Default: 300 seconds.
    pub fn eventual() -> Self {
        Self { eventual: Some(Eventual::default()) }
    }

    fn set(mut self, set: impl FnOnce(&mut Eventual)) -> Self {
        if let Some(eventual) = &mut self.eventual {
            set(eventual);
        }
        self
    }

    /// Sets the delay of a change in seconds, 0 to 86400. A [`strong`](Self::strong) consistency ignores it.
    pub fn seconds(self, seconds: u32) -> Self {
        self.set(|it| it.seconds = Some(seconds))
    }

    /// Sets the delay of a change in lists in seconds, 0 to 86400. Default: [`seconds`](Self::seconds). A
    /// [`strong`](Self::strong) consistency ignores it.
    pub fn list_seconds(self, seconds: u32) -> Self {
        self.set(|it| it.list_seconds = Some(seconds))
    }

    /// Sets whether each change has its own random delay, up to the one set, drawn from the fixture's seed. A
    /// [`strong`](Self::strong) consistency ignores it.
    pub fn jitter(self, jitter: bool) -> Self {
        self.set(|it| it.jitter = jitter)
    }

    /// Returns whether changes take time.
    pub(crate) fn is_eventual(&self) -> bool {
        self.eventual.is_some()
    }

    /// Returns the delay of a change; with jitter, the longest one.
    pub(crate) fn delay(&self) -> Duration {
        self.eventual.map_or(Duration::ZERO, |it| Duration::from_secs(it.seconds().into()))
    }

    /// Returns the delay of a change in lists; with jitter, the longest one.
    pub(crate) fn list_delay(&self) -> Duration {
        self.eventual.map_or(Duration::ZERO, |eventual| {
            Duration::from_secs(eventual.list_seconds.unwrap_or(eventual.seconds()).into())
        })
    }

    /// Returns whether each change has its own random delay.
    pub(crate) fn has_jitter(&self) -> bool {
        self.eventual.is_some_and(|it| it.jitter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_in_lists_defaults_to_the_delay() {
        let late = Consistency::eventual();
        assert_eq!(
            (late.delay(), late.list_delay()),
            (Duration::from_mins(5), Duration::from_mins(5))
        );
        assert_eq!(late.seconds(7).list_delay(), Duration::from_secs(7));
        assert_eq!(late.list_seconds(0).seconds(7).list_delay(), Duration::ZERO);
        assert!(late.jitter(true).has_jitter() && !late.has_jitter());
    }

    #[test]
    fn strong_consistency_has_no_delay() {
        let strong = Consistency::strong().seconds(7).list_seconds(8).jitter(true);
        assert_eq!(strong, Consistency::strong());
        assert_eq!((strong.delay(), strong.list_delay()), (Duration::ZERO, Duration::ZERO));
        assert!(!strong.is_eventual() && !strong.has_jitter());
    }
}
