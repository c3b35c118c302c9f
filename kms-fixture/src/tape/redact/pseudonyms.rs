//! The pseudonyms of all kinds, the order of their creation, and their bindings to those of a cassette.

use std::collections::{BTreeMap, HashMap};

use fnv::FnvBuildHasher;

use super::Source;
use super::kind::{Kind, literal, own_name};
use super::lexicon::Lexicon;
use super::memo::Memo;
use super::table::Table;

/// Live texts and their pseudonyms.
#[derive(Clone, Debug, Default)]
pub(super) struct Pseudonyms {
    /// The source of the texts.
    pub(super) source: Source,
    tables: HashMap<Kind, Table, FnvBuildHasher>,
    lexicon: Lexicon,
    /// The number of tokens of each grant, by the grant's name.
    tokens: HashMap<String, u32>,
    /// The name of each pseudonym.
    names: BTreeMap<String, String>,
    /// Every entry, in order.
    log: Vec<Entry>,
    /// How often the translation of a text may have changed.
    changes: u64,
    /// Pseudonyms of references, and references that were handed out for pseudonyms.
    pub(super) redacted: Memo,
    pub(super) handed_out: Memo,
}

/// A text and its pseudonym.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    kind: Kind,
    live: String,
    pseudonym: String,
}

/// A state of the tables for a rollback.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    length: usize,
    counts: Vec<(Kind, u64)>,
}

impl Pseudonyms {
    /// Returns the same pseudonyms for the cassette, in which each is its own live text.
    pub(super) fn of_cassette(&self) -> Self {
        let mut own = Self::default();
        for Entry { kind, pseudonym, .. } in &self.log {
            let name = self.name(pseudonym).unwrap_or(pseudonym);
            own.enter(*kind, pseudonym, pseudonym, name);
        }
        own
    }

    fn table(&self, kind: Kind) -> Option<&Table> {
        self.tables.get(&kind)
    }

    fn table_mut(&mut self, kind: Kind) -> &mut Table {
        self.tables.entry(kind).or_default()
    }

    /// Returns the pseudonym of `live`; makes one if it has none.
    pub(super) fn redact(&mut self, kind: Kind, live: &str) -> String {
        let source = self.source;
        let table = self.table_mut(kind);
        if let Some(known) = table.pseudonym(live) {
            return known.to_owned();
        }
        // A text from an answer is its own pseudonym, even if the client uses it for another thing.
        if table.was_handed_out(live) {
            return live.to_owned();
        }
        // A pseudonym is its own; a text of a live service only looks like one.
        if source != Source::Service
            && let Some(number) = kind.read(live)
            && !table.is_taken(live)
        {
            self.enter(kind, live, live, &own_name(kind, live, number));
            return live.to_owned();
        }
        let (name, pseudonym) = table.number(kind, live);
        self.enter(kind, live, &pseudonym, &name);
        pseudonym
    }

    /// Returns the live text of `pseudonym`, or `pseudonym` if it is unbound. A client's own text takes precedence,
    /// except for accounts: see [`renamed_account`](Self::renamed_account).
    pub(super) fn restore(&self, kind: Kind, pseudonym: &str) -> String {
        let table = self.table(kind);
        let live = match kind {
            Kind::Account => table.and_then(|it| it.named(pseudonym)),
            _ => table.and_then(|it| it.live(pseudonym)),
        };
        live.unwrap_or(pseudonym).to_owned()
    }

    /// Returns the client's own account for this account of the cassette.
    pub(super) fn renamed_account(&self, pseudonym: &str) -> Option<&str> {
        self.table(Kind::Account)?.renamed(pseudonym)
    }

    /// Declares that `live` is the thing `name`, unless it has a pseudonym already or that of `name` is taken.
    pub(super) fn declare(&mut self, kind: Kind, live: &str, name: &str) {
        if self.knows(kind, live) {
            return;
        }
        let pseudonym = match kind {
            Kind::Account => name.to_owned(),
            _ => literal(kind, name, live),
        };
        if !self.is_taken(kind, &pseudonym) {
            self.enter(kind, live, &pseudonym, name);
        }
    }

    /// Binds an unbound pseudonym to itself, because a client receives it in an answer.
    pub(super) fn hand_out(&mut self, kind: Kind, pseudonym: &str) {
        let number = kind.read(pseudonym).filter(|_| !self.is_taken(kind, pseudonym));
        if let Some(number) = number {
            self.enter(kind, pseudonym, pseudonym, &own_name(kind, pseudonym, number));
            self.table_mut(kind).hand_out(pseudonym);
        }
    }

    /// Returns the current state of the tables.
    pub(super) fn mark(&self) -> Mark {
        let counts = self.tables.iter().map(|(kind, it)| (*kind, it.count));
        Mark { length: self.log.len(), counts: counts.collect() }
    }

    /// Returns the pseudonyms that were made since `mark`.
    pub(super) fn since(&self, mark: &Mark) -> impl Iterator<Item = (Kind, &str)> {
        let made = self.log.get(mark.length..).unwrap_or_default();
        made.iter().map(|it| (it.kind, it.pseudonym.as_str()))
    }

    /// Removes the pseudonyms that were made since `mark`.
    pub(super) fn rollback(&mut self, mark: &Mark) {
        while self.log.len() > mark.length {
            if let Some(entry) = self.log.pop() {
                self.remove(&entry);
            }
        }
        for (kind, table) in &mut self.tables {
            let before = mark.counts.iter().find(|it| it.0 == *kind);
            table.count = before.map_or(0, |it| it.1);
        }
    }

    /// Returns whether a new text may be bound to `pseudonym` of a cassette: it is unbound, or it is bound only to
    /// the cassette's own text and clients choose texts of this kind.
    pub(super) fn is_free(&self, kind: Kind, pseudonym: &str) -> bool {
        let Some(table) = self.table(kind) else {
            return true;
        };
        let Some(live) = table.named(pseudonym) else {
            return true;
        };
        // The service makes these, so clients know them only from answers.
        let made = matches!(
            kind,
            Kind::Key
                | Kind::Grant
                | Kind::Token
                | Kind::Material
                | Kind::Blob(_)
                | Kind::Text("marker")
        );
        let is_told = self.source == Source::Clients || table.was_handed_out(pseudonym);
        !made && is_told && live == pseudonym && table.renamed(pseudonym).is_none()
    }

    /// Returns whether `text` is its own pseudonym: a declared name, or a pseudonym that was handed out.
    pub(super) fn is_its_own(&self, kind: Kind, text: &str) -> bool {
        self.table(kind).and_then(|it| it.named(text)) == Some(text)
    }

    /// Binds the texts of fresh pseudonyms to pseudonyms of a cassette: kind, fresh pseudonym, cassette's pseudonym.
    pub(super) fn rebind(&mut self, bound: Vec<(Kind, String, String)>) {
        let mut free = Vec::new();
        // All are removed before any is added, because one may have the pseudonym that another gets.
        for (kind, fresh, tape) in bound {
            if fresh == tape {
                continue;
            }
            let Some(live) = self.table(kind).and_then(|it| it.named(&fresh)).map(str::to_owned)
            else {
                continue;
            };
            let entry = Entry { kind, live, pseudonym: fresh };
            self.remove(&entry);
            // The entry is among the last.
            if let Some(place) = self.log.iter().rposition(|it| *it == entry) {
                self.log.remove(place);
            }
            free.push((kind, entry.live, tape));
        }
        for (kind, live, tape) in free {
            if self.is_taken(kind, &tape) {
                self.change();
                self.table_mut(kind).rename(&live, &tape);
                self.log.push(Entry { kind, live, pseudonym: tape });
            } else {
                let name = own_name(kind, &tape, kind.read(&tape).unwrap_or(0));
                self.enter(kind, &live, &tape, &name);
            }
        }
    }

    /// Returns the texts and pseudonyms of every kind, for sentences.
    pub(super) fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Returns the number of a grant's next token.
    pub(super) fn next_token(&mut self, grant: &str) -> u32 {
        let tokens = self.tokens.entry(grant.to_owned()).or_insert(0);
        *tokens += 1;
        *tokens
    }

    /// Returns the pseudonym of `live`.
    pub(super) fn pseudonym(&self, kind: Kind, live: &str) -> Option<&str> {
        self.table(kind)?.pseudonym(live)
    }

    /// Returns whether `live` has a pseudonym.
    pub(super) fn knows(&self, kind: Kind, live: &str) -> bool {
        self.pseudonym(kind, live).is_some()
    }

    /// Returns whether `pseudonym` has a live text.
    pub(super) fn is_taken(&self, kind: Kind, pseudonym: &str) -> bool {
        self.table(kind).is_some_and(|it| it.is_taken(pseudonym))
    }

    /// Returns the name of a pseudonym.
    pub(super) fn name(&self, pseudonym: &str) -> Option<&str> {
        self.names.get(pseudonym).map(String::as_str)
    }

    /// Returns every pseudonym with its name.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names.iter().map(|(it, name)| (it.as_str(), name.as_str()))
    }

    /// Returns every live text that is not its own pseudonym, with its pseudonym.
    #[cfg(feature = "record")]
    pub(super) fn replaced(&self) -> impl Iterator<Item = (&str, &str)> {
        self.tables.values().flat_map(Table::pairs).filter(|(live, it)| live != it)
    }

    /// Notes that texts may have other translations from here on.
    pub(super) fn change(&mut self) {
        self.changes += 1;
    }

    /// Returns a number that changes with the translations.
    pub(super) fn changes(&self) -> u64 {
        self.changes
    }

    fn enter(&mut self, kind: Kind, live: &str, pseudonym: &str, name: &str) {
        self.change();
        self.table_mut(kind).enter(live, pseudonym);
        self.lexicon.learn(live, pseudonym);
        self.names.entry(pseudonym.to_owned()).or_insert_with(|| name.to_owned());
        let (live, pseudonym) = (live.to_owned(), pseudonym.to_owned());
        self.log.push(Entry { kind, live, pseudonym });
    }

    fn remove(&mut self, Entry { kind, live, pseudonym }: &Entry) {
        self.change();
        if self.table_mut(*kind).remove(live, pseudonym) {
            self.lexicon.forget(live, pseudonym);
            self.names.remove(pseudonym);
        }
    }

    /// Removes a pseudonym but keeps its text as live, like a redactor with a hole.
    #[cfg(test)]
    pub(super) fn forget_but_remember(&mut self, kind: Kind, live: &str) {
        self.change();
        self.table_mut(kind).forget_but_remember(live);
    }
}
