//! A review in a terminal: one item after another, one key for each decision.

use std::collections::VecDeque;

use console::{Key, Term};

use super::super::differences::{add, drop_from, summary};
use super::super::sources::Sources;
use super::super::terminal::{self, Painted};
use super::item::{Item, Matter, accepting, items_of};
use super::picture;
use crate::error::Error;
use crate::tape::cassette::{self, Accepted};
use crate::tape::words::count;

/// Asks about every item. Returns the number of items that are left.
pub(super) fn run(items: Vec<Item>, sources: &mut Sources) -> usize {
    let mut session = Session {
        term: Term::stdout(),
        items: items.into(),
        kinds: Vec::new(),
        accepted: 0,
        rejected: 0,
        skipped: 0,
    };
    while let Some(item) = session.items.pop_front() {
        if session.is_known(&item) {
            continue;
        }
        picture::whole(&item, session.items.len()).print();
        match session.decide(&item, sources) {
            Some(Decision::Accepted) => session.accepted += 1,
            Some(Decision::Rejected) => session.rejected += 1,
            Some(Decision::Gone) => {}
            Some(Decision::Skipped) => session.skipped += 1,
            None => {
                session.skipped += 1 + session.items.len();
                break;
            }
        }
    }
    let Session { accepted, rejected, skipped, .. } = session;
    terminal::note(&format!(
        "\n{} accepted, {rejected} rejected, {skipped} left",
        count(accepted, "item")
    ));
    skipped
}

/// The outcome for an item.
enum Decision {
    Accepted,
    Rejected,
    Skipped,
    /// Another process has decided.
    Gone,
}

/// An accepted kind of differences, for every cassette.
type Kind = Accepted;

struct Session {
    term: Term,
    items: VecDeque<Item>,
    kinds: Vec<Kind>,
    accepted: usize,
    rejected: usize,
    skipped: usize,
}

impl Session {
    /// Accepts a difference of a kind that was accepted for every cassette.
    fn is_known(&mut self, item: &Item) -> bool {
        let Matter::Difference(kind) = &item.matter else {
            return false;
        };
        let kind = accepting(kind).map(|it| summary(&it));
        let same = |it: &&Kind| kind.as_deref() == Some(&summary(it));
        let Some(known) = self.kinds.iter().find(same).cloned() else {
            return false;
        };
        match add(&item.cassette, vec![known]) {
            Ok(_) => {
                self.accepted += 1;
                said(&format!("accepted in {}, as this kind", item.cassette.display()));
                true
            }
            Err(error) => {
                terminal::error(&error);
                false
            }
        }
    }

    /// Asks for keys until one decides. Returns none to quit.
    fn decide(&mut self, item: &Item, sources: &mut Sources) -> Option<Decision> {
        loop {
            prompt(item).print();
            let key = self.term.read_key_raw().unwrap_or(Key::CtrlC);
            let done = match key {
                Key::Char('a') => self.accept(item, false, sources),
                Key::Char('k') if matches!(item.matter, Matter::Difference(_)) => {
                    self.accept(item, true, sources)
                }
                Key::Char('r') => reject(item),
                Key::Char('s') => {
                    said("skipped");
                    return Some(Decision::Skipped);
                }
                Key::Char('d') => {
                    said("details");
                    picture::details(item).print();
                    continue;
                }
                Key::Char('q') | Key::CtrlC => {
                    said("quit");
                    return None;
                }
                _ => {
                    help(item).print();
                    continue;
                }
            };
            match done {
                Ok(Some(decision)) => return Some(decision),
                Ok(None) => {}
                Err(error) => {
                    said("");
                    terminal::error(&error);
                }
            }
        }
    }

    /// Accepts an item. Returns none if no decision was made.
    fn accept(
        &mut self,
        item: &Item,
        everywhere: bool,
        sources: &mut Sources,
    ) -> Result<Option<Decision>, Error> {
        match &item.matter {
            Matter::Recording(it) => {
                said("accept");
                if !it.findings.bad.is_empty()
                    && !self.is_yes("This recording is not good. Accept it even so? [y/N] ")
                {
                    return Ok(None);
                }
                if !cassette::promote_reviewed(&item.cassette, &it.text)? {
                    return Ok(Some(gone()));
                }
                said(&format!("accepted as {}", item.cassette.display()));
                // Its differences from the fake are next.
                match items_of(&item.cassette, sources) {
                    Ok(items) => items.into_iter().rev().for_each(|it| self.items.push_front(it)),
                    Err(error) => terminal::error(&error),
                }
                Ok(Some(Decision::Accepted))
            }
            Matter::Difference(kind) => {
                let Some(mut entry) = accepting(kind) else {
                    return Ok(None);
                };
                let place = if everywhere { "in every cassette" } else { "in this cassette" };
                said(&format!("accept {} {place}", summary(&entry)));
                entry.reason = self.line("because: ");
                if entry.reason.is_empty() {
                    said("a difference is accepted with a reason only: nothing was accepted");
                    return Ok(None);
                }
                add(&item.cassette, vec![entry.clone()])?;
                if everywhere {
                    self.kinds.push(entry);
                }
                said(&format!("accepted in {}", item.cassette.display()));
                Ok(Some(Decision::Accepted))
            }
            Matter::Expired(it) => {
                drop_from(&item.cassette, std::slice::from_ref(it))?;
                said(&format!("dropped from {}", item.cassette.display()));
                Ok(Some(Decision::Accepted))
            }
        }
    }

    /// Asks for a line.
    fn line(&self, question: &str) -> String {
        let mut painted = Painted::default();
        painted.plain(question).print();
        self.term.read_line().unwrap_or_default().trim().to_owned()
    }

    fn is_yes(&self, question: &str) -> bool {
        matches!(self.line(question).as_str(), "y" | "Y" | "yes")
    }
}

/// Rejects a recording. Returns none for another item, with the reason.
fn reject(item: &Item) -> Result<Option<Decision>, Error> {
    let Matter::Recording(it) = &item.matter else {
        said("reject");
        said(
            "only a recording is rejected. Skip a difference that is not acceptable, and record again, or report the \
             bug of the fake: until then, `check` finds it",
        );
        return Ok(None);
    };
    if !cassette::discard_reviewed(&item.cassette, &it.text)? {
        return Ok(Some(gone()));
    }
    said(&format!("rejected: {} is deleted", item.shown().display()));
    Ok(Some(Decision::Rejected))
}

fn gone() -> Decision {
    said("another process has accepted or rejected it");
    Decision::Gone
}

/// Ends the line of the prompt with a text.
fn said(text: &str) {
    let mut painted = Painted::default();
    painted.plain(text).end().print();
}

/// Returns the keys of an item.
fn keys(item: &Item) -> &'static [(&'static str, &'static str, &'static str)] {
    match item.matter {
        Matter::Recording(_) => &[
            (
                "a",
                "ccept",
                "the recording becomes the cassette; its differences from the fake are next",
            ),
            ("r", "eject", "the recording is deleted"),
            ("s", "kip", "nothing changes, and it is shown again next time"),
            ("d", "etails", "all calls, and all changes"),
            ("q", "uit", "the rest is left as it is"),
        ],
        Matter::Difference(_) => &[
            (
                "a",
                "ccept because ..",
                "the cassette keeps this difference with a reason, and `check` finds it no more",
            ),
            (
                "k",
                "ind: accept it everywhere because ..",
                "the same in every cassette of this review",
            ),
            ("s", "kip", "nothing changes, and it is shown again next time"),
            ("d", "etails", "the whole input and output"),
            ("q", "uit", "the rest is left as it is"),
        ],
        Matter::Expired(_) => &[
            ("a", "ccept", "the cassette no longer has the accepted difference"),
            ("s", "kip", "nothing changes, and it is shown again next time"),
            ("d", "etails", "all calls"),
            ("q", "uit", "the rest is left as it is"),
        ],
    }
}

fn prompt(item: &Item) -> Painted {
    let mut painted = Painted::default();
    painted.end();
    for (key, rest, _) in keys(item) {
        painted.styled(terminal::HELP.bold(), &format!("[{key}]")).plain(rest).plain("  ");
    }
    painted.styled(terminal::HELP.bold(), "[?]").plain(" > ");
    painted
}

fn help(item: &Item) -> Painted {
    let mut painted = Painted::default();
    painted.plain("help").end();
    for (key, _, meaning) in keys(item) {
        painted.plain("  ").styled(terminal::HELP.bold(), key).plain("  ").plain(meaning).end();
    }
    painted
}
