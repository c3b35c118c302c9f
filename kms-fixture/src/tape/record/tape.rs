//! What has passed: exchanges in the order of their arrival.

use crate::kms::journal::Raw;

/// An exchange.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    pub(super) raw: Raw,
    /// When it arrived and when it was answered, in events.
    arrived: u64,
    answered: u64,
    /// The invocation of an SDK that it was an attempt of.
    invocation: Option<String>,
    /// Whether the live service has answered it.
    pub(super) live: bool,
}

/// The exchanges of a recording.
#[derive(Debug, Default)]
pub(super) struct Takes {
    events: u64,
    taken: Vec<Taken>,
}

impl Takes {
    /// The moment of an arrival.
    pub(super) fn arrive(&mut self) -> u64 {
        self.events += 1;
        self.events
    }

    /// Takes an exchange that has ended.
    pub(super) fn end(&mut self, raw: Raw, arrived: u64, invocation: Option<String>, live: bool) {
        self.events += 1;
        self.taken.push(Taken { raw, arrived, answered: self.events, invocation, live });
    }

    /// What the test has seen: of several attempts of an invocation the last, in the order of arrival; and whether it
    /// was under way together with what came before.
    pub(super) fn seen(&self) -> Vec<(Taken, bool)> {
        let mut taken: Vec<_> = self.taken.iter().collect();
        taken.sort_by_key(|it| it.arrived);
        let is_last = |at: usize, it: &Taken| {
            it.invocation.is_none()
                || taken[at + 1..].iter().all(|later| later.invocation != it.invocation)
        };
        let seen: Vec<_> = taken
            .iter()
            .enumerate()
            .filter(|(at, it)| is_last(*at, it))
            .map(|(_, it)| (*it).clone())
            .collect();
        let mut until = 0;
        seen.into_iter()
            .map(|it| {
                let together = it.arrived < until;
                until = until.max(it.answered);
                (it, together)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn raw(operation: &str, status: u16) -> Raw {
        Raw {
            caller: Some("admin".to_owned()),
            operation: operation.to_owned(),
            input: Bytes::new(),
            status,
            output: Bytes::new(),
        }
    }

    #[test]
    fn attempts_that_the_test_does_not_see_are_not_kept() {
        let mut takes = Takes::default();
        for (invocation, status) in [(Some("a"), 500), (Some("a"), 200), (None, 500), (None, 500)] {
            let arrived = takes.arrive();
            takes.end(raw("ListKeys", status), arrived, invocation.map(str::to_owned), true);
        }
        let seen: Vec<_> = takes.seen().iter().map(|(it, _)| it.raw.status).collect();
        assert_eq!(seen, [200, 500, 500]);
    }

    #[test]
    fn calls_that_overlap_are_marked_and_in_the_order_of_arrival() {
        let mut takes = Takes::default();
        let (first, second) = (takes.arrive(), takes.arrive());
        takes.end(raw("RevokeGrant", 200), second, None, true);
        takes.end(raw("RetireGrant", 200), first, None, true);
        let third = takes.arrive();
        takes.end(raw("ListGrants", 200), third, None, true);
        let seen = takes.seen();
        let seen: Vec<_> =
            seen.iter().map(|(it, together)| (it.raw.operation.as_str(), *together)).collect();
        assert_eq!(seen, [("RetireGrant", false), ("RevokeGrant", true), ("ListGrants", false)]);
    }
}
