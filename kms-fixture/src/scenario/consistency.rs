//! How soon a change is seen: at once, or some time later, as on AWS.

use std::time::Duration;

/// How long a change takes to arrive, where nothing else is said: AWS says that it is less than five minutes in most
/// cases.
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

/// What is said of `eventual`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Eventual {
    pub(super) seconds: u32,
    pub(super) list_seconds: Option<u32>,
    pub(super) jitter: bool,
}

impl Default for Eventual {
    fn default() -> Self {
        Self { seconds: SECONDS, list_seconds: None, jitter: false }
    }
}

impl Consistency {
    /// The most seconds that a change may take: a day.
    pub(super) const MAX_SECONDS: u32 = 86_400;

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

    /// How many seconds a change takes to arrive: 0 to 86400. It says nothing of what is [`strong`](Self::strong).
    pub fn seconds(self, seconds: u32) -> Self {
        self.set(|it| it.seconds = seconds)
    }

    /// How many seconds a change takes to arrive in what lists show, 0 to 86400; as [`seconds`](Self::seconds), if not
    /// said. Likewise.
    pub fn list_seconds(self, seconds: u32) -> Self {
        self.set(|it| it.list_seconds = Some(seconds))
    }

    /// Whether each change draws its own delay, between none and that, from the fixture's seed. Likewise.
    pub fn jitter(self, jitter: bool) -> Self {
        self.set(|it| it.jitter = jitter)
    }

    /// Whether changes take time.
    pub(crate) fn is_eventual(&self) -> bool {
        self.eventual.is_some()
    }

    /// How long a change takes to arrive, or takes at most.
    pub(crate) fn delay(&self) -> Duration {
        self.eventual.map_or(Duration::ZERO, |it| Duration::from_secs(it.seconds.into()))
    }

    /// The same for what lists show.
    pub(crate) fn list_delay(&self) -> Duration {
        self.eventual.map_or(Duration::ZERO, |it| {
            Duration::from_secs(it.list_seconds.unwrap_or(it.seconds).into())
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
