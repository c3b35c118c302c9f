//! New pseudonyms of one side, and the pseudonyms of the other side that they are bound to.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::Value;

use crate::model::is_service_principal;
use crate::tape::redact::kind::Kind;
use crate::tape::redact::{Redactor, blob};

/// The bindings of one comparison.
pub(super) struct Binding<'a> {
    pub(super) redactor: &'a mut Redactor,
    /// Pseudonyms that were made for this comparison and can still be bound; two kinds may have the same one.
    fresh: HashMap<String, Vec<Kind>>,
    /// The pseudonyms of the cassette that they are bound to.
    pub(super) bound: HashMap<(Kind, String), String>,
}

impl<'a> Binding<'a> {
    /// Returns a binding for the pseudonyms `fresh`, which `redactor` has just made.
    pub(super) fn new(redactor: &'a mut Redactor, fresh: HashMap<String, Vec<Kind>>) -> Self {
        Self { redactor, fresh, bound: HashMap::new() }
    }

    /// Returns whether `word` is a new pseudonym.
    pub(super) fn is_new(&self, word: &str) -> bool {
        self.fresh.contains_key(word)
    }

    /// Returns whether a word of a text is new.
    fn contains_new(&self, text: &str) -> bool {
        !self.fresh.is_empty() && tokens(text).any(|it| self.fresh.contains_key(it))
    }

    /// Returns whether a text is the cassette's, word by word: equal, or new and bound to it.
    pub(super) fn text(&mut self, first: &str, second: &str) -> bool {
        if self.fresh.contains_key(second) {
            return self.word(first, second);
        }
        if !self.contains_new(second) {
            return first == second || differs_only_in_length(first, second);
        }
        let (one, other): (Vec<_>, Vec<_>) = (tokens(first).collect(), tokens(second).collect());
        one.len() == other.len() && one.iter().zip(&other).all(|(one, other)| self.word(one, other))
    }

    /// Returns whether a word is the cassette's: equal, or new and bound to it.
    fn word(&mut self, tape: &str, word: &str) -> bool {
        let Some(kinds) = self.fresh.get(word).cloned() else {
            return tape == word;
        };
        let place = |kind: Kind| (kind, word.to_owned());
        if kinds.iter().any(|it| self.bound.get(&place(*it)).is_some_and(|it| it == tape)) {
            return true;
        }
        kinds.into_iter().any(|it| self.bind(it, word, tape))
    }

    /// Binds a new pseudonym to `tape`, if both are free. Returns whether it succeeded.
    fn bind(&mut self, kind: Kind, fresh: &str, tape: &str) -> bool {
        let place = (kind, fresh.to_owned());
        let given = self.bound.iter().any(|((it, _), bound)| *it == kind && bound == tape);
        let is_new = self.fresh.get(tape).is_some_and(|it| it.contains(&kind));
        let is_free = !self.bound.contains_key(&place)
            && !given
            && (kind.is_pseudonym(tape) || self.redactor.names.is_its_own(kind, tape))
            && (is_new || self.redactor.names.is_free(kind, tape));
        if is_free {
            self.bound.insert(place, tape.to_owned());
        }
        is_free
    }

    /// Returns a text with its new words replaced by those they are bound to; unbound words stay, and equal no other
    /// word.
    pub(super) fn resolve<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !self.fresh.contains_key(text) && !self.contains_new(text) {
            return text.into();
        }
        let word = |word: &str| match self.fresh.get(word) {
            None => word.to_owned(),
            Some(kinds) => {
                let mut bound =
                    kinds.iter().filter_map(|it| self.bound.get(&(*it, word.to_owned())));
                bound.next().cloned().unwrap_or_else(|| word.to_owned())
            }
        };
        if self.fresh.contains_key(text) {
            return word(text).into();
        }
        tokens(text).map(word).collect::<String>().into()
    }

    /// Returns whether every new word of a text is bound.
    pub(super) fn is_settled(&self, text: &str) -> bool {
        if self.fresh.is_empty() {
            return true;
        }
        let settled = |word: &str| match self.fresh.get(word) {
            None => true,
            Some(kinds) => kinds.iter().any(|it| self.bound.contains_key(&(*it, word.to_owned()))),
        };
        settled(text) && (self.fresh.contains_key(text) || tokens(text).all(settled))
    }

    /// Returns a value with its new words replaced by those they are bound to.
    pub(super) fn resolved(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.resolve(text).into_owned().into(),
            Value::Array(values) => values.iter().map(|it| self.resolved(it)).collect(),
            Value::Object(members) => Value::Object(
                members.iter().map(|(member, it)| (member.clone(), self.resolved(it))).collect(),
            ),
            other => other.clone(),
        }
    }
}

/// Returns the words of a text and the separators between them.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    // Each word of a service principal has a meaning of its own.
    let is_service = is_service_principal(text);
    let is_word =
        move |it: char| it.is_alphanumeric() || "-_+=@".contains(it) || it == '.' && !is_service;
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = if is_word(first) {
            let end = rest.find(|it| !is_word(it)).unwrap_or(rest.len());
            // A full stop after a word ends a sentence.
            match rest[..end].trim_end_matches('.').len() {
                0 => end,
                word => word,
            }
        } else {
            first.len_utf8()
        };
        let token;
        (token, rest) = rest.split_at(end);
        Some(token)
    })
}

/// Returns whether two pseudonyms differ only in a length that is chance: that of a signature or of an encrypted
/// private key.
fn differs_only_in_length(one: &str, other: &str) -> bool {
    ["signature", "ciphertext"].into_iter().any(|stem| {
        let number = blob::read(stem, one);
        number.is_some() && number == blob::read(stem, other)
    })
}
