//! How soon a change is seen: at once, or some time later, as on AWS.

use std::time::Duration;

use serde_json::{Value, json};

use super::fields::{self, Field, fields};
use super::mistakes::Mistakes;
use crate::model::declare::{CONSISTENCY, EVENTUAL, Message, Opt, unknown_choice};

/// How long a change takes to arrive by default: AWS says that it is less than five minutes in most cases.
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
#[must_use = "a consistency does nothing until it is given to a builder"]
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

/// An option that is set to its default is the same as one that is not set.
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
                        "strong" => mistakes.add(&at, &Message::new("`strong` has no options")),
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

    fn check(&self, _: &Opt, at: &str, mistakes: &mut Mistakes) {
        if let Some(eventual) = &self.eventual {
            fields::check(eventual, &EVENTUAL, &format!("{at}.eventual"), mistakes);
        }
    }
}

impl Consistency {
    /// A change is effective as soon as its call has been answered.
    pub fn strong() -> Self {
        Self { eventual: None }
    }

    /// A change arrives 300 seconds after its call, unless another time is set. The time is that of the fixture's clock.
    pub fn eventual() -> Self {
        Self { eventual: Some(Eventual::default()) }
    }

    fn set(mut self, set: impl FnOnce(&mut Eventual)) -> Self {
        if let Some(eventual) = &mut self.eventual {
            set(eventual);
        }
        self
    }

    /// Sets how many seconds a change takes to arrive: 0 to 86400. A [`strong`](Self::strong) consistency ignores it.
    pub fn seconds(self, seconds: u32) -> Self {
        self.set(|it| it.seconds = Some(seconds))
    }

    /// Sets how many seconds a change takes to arrive in lists, 0 to 86400. Default: [`seconds`](Self::seconds). A
    /// [`strong`](Self::strong) consistency ignores it.
    pub fn list_seconds(self, seconds: u32) -> Self {
        self.set(|it| it.list_seconds = Some(seconds))
    }

    /// Sets whether each change draws its own delay, between none and that, from the fixture's seed. A
    /// [`strong`](Self::strong) consistency ignores it.
    pub fn jitter(self, jitter: bool) -> Self {
        self.set(|it| it.jitter = jitter)
    }

    /// Whether changes take time.
    pub(crate) fn is_eventual(&self) -> bool {
        self.eventual.is_some()
    }

    /// How long a change takes to arrive, or takes at most.
    pub(crate) fn delay(&self) -> Duration {
        self.eventual.map_or(Duration::ZERO, |it| Duration::from_secs(it.seconds().into()))
    }

    /// How long a change takes to arrive in lists, or takes at most.
    pub(crate) fn list_delay(&self) -> Duration {
        self.eventual.map_or(Duration::ZERO, |it| {
            Duration::from_secs(it.list_seconds.unwrap_or(it.seconds()).into())
        })
    }

    /// Whether each change draws its own delay.
    pub(crate) fn has_jitter(&self) -> bool {
        self.eventual.is_some_and(|it| it.jitter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_as_late_as_everything_else_unless_they_are_said_to_be_later() {
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
    fn what_is_strong_has_no_delay() {
        let strong = Consistency::strong().seconds(7).list_seconds(8).jitter(true);
        assert_eq!(strong, Consistency::strong());
        assert_eq!((strong.delay(), strong.list_delay()), (Duration::ZERO, Duration::ZERO));
        assert!(!strong.is_eventual() && !strong.has_jitter());
    }
}
