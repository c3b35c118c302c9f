//! The list of every exchange between the test and the live service.

use std::collections::HashMap;

use crate::kms::journal::Raw;

/// An exchange.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    pub(super) raw: Raw,
    /// The times of its arrival and of its answer, counted in events.
    arrived: u64,
    answered: u64,
    /// The SDK invocation that it was an attempt of.
    invocation: Option<String>,
    /// Whether the live service answered it.
    pub(super) live: bool,
}

/// The exchanges of a recording.
#[derive(Debug, Default)]
pub(super) struct Exchanges {
    events: u64,
    ended: Vec<Exchange>,
}

impl Exchanges {
    /// Returns the time of an arrival.
    pub(super) fn arrive(&mut self) -> u64 {
        self.events += 1;
        self.events
    }

    /// Adds an exchange that has been answered.
    pub(super) fn end(&mut self, raw: Raw, arrived: u64, invocation: Option<String>, live: bool) {
        self.events += 1;
        self.ended.push(Exchange { raw, arrived, answered: self.events, invocation, live });
    }

    /// Returns every exchange, in the order of the answers.
    pub(super) fn ended(&self) -> &[Exchange] {
        &self.ended
    }

    /// Returns the exchanges that the test sees, in the order of their arrival: of several attempts of an invocation,
    /// only the last.
    pub(super) fn seen(&self) -> Vec<&Exchange> {
        let mut ended: Vec<_> = self.ended.iter().collect();
        ended.sort_by_key(|it| it.arrived);
        let mut last = HashMap::new();
        for (at, exchange) in ended.iter().enumerate() {
            last.insert(exchange.invocation.as_deref(), at);
        }
        let is_last = |at: usize, it: &Exchange| {
            it.invocation.is_none() || last.get(&it.invocation.as_deref()) == Some(&at)
        };
        let seen = ended.iter().enumerate().filter(|(at, it)| is_last(*at, it));
        seen.map(|(_, it)| *it).collect()
    }

    /// Returns the exchanges for the cassette: those that the live service answered; and whether each overlaps one
    /// before it.
    pub(super) fn answered(&self) -> Vec<(&Exchange, bool)> {
        let mut until = 0;
        let seen = self.seen().into_iter().map(|it| {
            let together = it.arrived < until;
            until = until.max(it.answered);
            (it, together)
        });
        seen.filter(|(it, _)| it.live).collect()
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
            ..Raw::default()
        }
    }

    #[test]
    fn attempts_that_the_test_does_not_see_are_not_kept() {
        let mut exchanges = Exchanges::default();
        for (invocation, status) in [(Some("a"), 500), (Some("a"), 200), (None, 500), (None, 500)] {
            let arrived = exchanges.arrive();
            exchanges.end(raw("ListKeys", status), arrived, invocation.map(str::to_owned), true);
        }
        let seen: Vec<_> = exchanges.seen().iter().map(|it| it.raw.status).collect();
        assert_eq!(seen, [200, 500, 500]);
    }

    #[test]
    fn calls_that_overlap_are_marked_and_in_the_order_of_arrival() {
        let mut exchanges = Exchanges::default();
        let (first, second) = (exchanges.arrive(), exchanges.arrive());
        exchanges.end(raw("RevokeGrant", 200), second, None, true);
        exchanges.end(raw("RetireGrant", 200), first, None, true);
        let third = exchanges.arrive();
        exchanges.end(raw("ListGrants", 200), third, None, true);
        let answered = exchanges.answered();
        let answered: Vec<_> =
            answered.iter().map(|(it, together)| (it.raw.operation.as_str(), *together)).collect();
        assert_eq!(
            answered,
            [("RetireGrant", false), ("RevokeGrant", true), ("ListGrants", false)]
        );
    }
}
