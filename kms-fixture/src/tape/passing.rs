//! Names that pass: those of sessions and federated users, of which a server may see any number.

use std::collections::BTreeMap;

/// The number of names; the oldest are forgotten. The journal keeps as many calls.
const KEPT: usize = 10_000;

/// The last names of sessions and federated users, by their ARNs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Passing {
    names: BTreeMap<String, (u64, String)>,
    /// The ARNs in the order in which they were named.
    order: BTreeMap<u64, String>,
    learned: usize,
}

impl Passing {
    /// Names `arn`, also if it has another name.
    pub(crate) fn learn(&mut self, arn: &str, name: &str) {
        if self.name(arn) == Some(name) {
            return;
        }
        self.learned += 1;
        let number = self.learned as u64;
        if let Some((before, _)) = self.names.insert(arn.to_owned(), (number, name.to_owned())) {
            self.order.remove(&before);
        }
        self.order.insert(number, arn.to_owned());
        if self.names.len() > KEPT
            && let Some((_, oldest)) = self.order.pop_first()
        {
            self.names.remove(&oldest);
        }
    }

    /// Learns the names in `others`.
    pub(crate) fn learn_all(&mut self, others: &Self) {
        for arn in others.order.values() {
            if let Some(name) = others.name(arn) {
                self.learn(arn, name);
            }
        }
    }

    pub(crate) fn name(&self, arn: &str) -> Option<&str> {
        self.names.get(arn).map(|it| it.1.as_str())
    }

    /// Returns how many names it has learned so far, those that it has forgotten included.
    pub(crate) fn learned(&self) -> usize {
        self.learned
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_names_are_forgotten() {
        let mut passing = Passing::default();
        for number in 0..KEPT + 3 {
            passing.learn(&format!("arn-{number}"), &format!("worker/{number}"));
        }
        assert_eq!((passing.names.len(), passing.order.len()), (KEPT, KEPT));
        assert_eq!(passing.name("arn-2"), None);
        assert_eq!(passing.name("arn-3"), Some("worker/3"));
    }

    #[test]
    fn the_last_name_of_an_arn_counts() {
        let mut passing = Passing::default();
        passing.learn("arn", "alice/guest");
        passing.learn("arn", "bob/guest");
        assert_eq!(passing.name("arn"), Some("bob/guest"));
        let mut other = Passing::default();
        other.learn_all(&passing);
        assert_eq!(other.name("arn"), Some("bob/guest"));
        assert_eq!(passing.order.len(), 1);
    }
}
