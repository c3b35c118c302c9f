//! Laying one value over another that is called differently: pseudonyms that are new on one side are bound to those
//! at the same place on the other, and what is left over are differences.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::blob;
use super::pseudonyms::Kind;
use super::{Direction, Redacted, Redactor};
use crate::api;
use crate::model::is_service_principal;

/// What kind of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Grade {
    /// Another HTTP status.
    Status,
    /// Another error code.
    Code,
    /// A member or an element that the second side lacks.
    Missing,
    /// A member or an element that only the second side has.
    Extra,
    /// Another type of JSON.
    Type,
    /// Another value.
    Value,
    /// The same elements in another order, where the order means something.
    Order,
}

impl Grade {
    /// The word for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Code => "code",
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Type => "type",
            Self::Value => "value",
            Self::Order => "order",
        }
    }
}

/// One difference between two redacted values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Difference {
    /// `$.Grants[0].Name`.
    pub(crate) path: String,
    pub(crate) grade: Grade,
    /// What the first side has, if it has anything there.
    pub(crate) first: Option<Value>,
    /// What the second side has.
    pub(crate) second: Option<Value>,
}

impl Redactor {
    /// Redacts `live` and lays it over `tape`, binding what is new in it to what stands at the same place on the tape.
    pub(crate) fn align(
        &mut self,
        tape: &Redacted,
        live: &Value,
        way: Direction,
    ) -> Vec<Difference> {
        let mark = self.names.mark();
        let redacted = self.value("", live, way);
        let mut fresh: HashMap<String, Vec<Kind>> = HashMap::new();
        for (kind, it) in self.names.since(&mark) {
            fresh.entry(it.to_owned()).or_default().push(kind);
        }
        let mut overlay =
            Overlay { redactor: self, fresh, bound: HashMap::new(), differences: Vec::new() };
        overlay.value("", "$", tape.value(), &redacted);
        let Overlay { bound, differences, .. } = overlay;
        let bound = bound.into_iter().map(|((kind, fresh), tape)| (kind, fresh, tape));
        self.names.rebind(bound.collect());
        differences
    }

    /// The same without a redactor of its own: two redacted values as they are.
    pub(crate) fn compare(first: &Redacted, second: &Redacted) -> Vec<Difference> {
        let mut redactor = Self::new("", &[], &[]);
        let mut overlay = Overlay {
            redactor: &mut redactor,
            fresh: HashMap::new(),
            bound: HashMap::new(),
            differences: Vec::new(),
        };
        overlay.value("", "$", first.value(), second.value());
        overlay.differences
    }
}

/// One comparison.
struct Overlay<'a> {
    redactor: &'a mut Redactor,
    /// Pseudonyms that were made for this comparison, and may still become others; a name may be that of two kinds.
    fresh: HashMap<String, Vec<Kind>>,
    /// What they have become.
    bound: HashMap<(Kind, String), String>,
    differences: Vec<Difference>,
}

impl Overlay<'_> {
    fn differ(&mut self, path: &str, grade: Grade, first: Option<&Value>, second: Option<&Value>) {
        let second = second.map(|it| self.resolved(it));
        self.differences.push(Difference {
            path: path.to_owned(),
            grade,
            first: first.cloned(),
            second,
        });
    }

    fn value(&mut self, member: &str, path: &str, first: &Value, second: &Value) {
        match (first, second) {
            (Value::Object(one), Value::Object(other)) => self.object(path, one, other),
            (Value::Array(one), Value::Array(other)) => self.array(member, path, one, other),
            (Value::String(one), Value::String(other)) => {
                if !self.text(one, other) {
                    let grade = if member == "__type" { Grade::Code } else { Grade::Value };
                    self.differ(path, grade, Some(first), Some(second));
                }
            }
            // When something happened, or shall, is not a difference: a test counts from its own now.
            (Value::Number(_), Value::Number(_)) if api::is_date(member) => {}
            (Value::Number(one), Value::Number(other)) => {
                if one.as_f64() != other.as_f64() {
                    self.differ(path, Grade::Value, Some(first), Some(second));
                }
            }
            (Value::Bool(one), Value::Bool(other)) if one == other => {}
            (Value::Bool(_), Value::Bool(_)) => {
                self.differ(path, Grade::Value, Some(first), Some(second));
            }
            (Value::Null, Value::Null) => {}
            _ => self.differ(path, Grade::Type, Some(first), Some(second)),
        }
    }

    fn object(&mut self, path: &str, first: &Map<String, Value>, second: &Map<String, Value>) {
        let mut here = Vec::new();
        let mut there = Vec::new();
        for (member, value) in first {
            match second.get(member) {
                Some(other) if !self.fresh.contains_key(member) => {
                    self.value(member, &format!("{path}.{member}"), value, other);
                }
                _ => here.push((member, value)),
            }
        }
        for (member, value) in second {
            if !first.contains_key(member) || self.fresh.contains_key(member) {
                there.push((member, value));
            }
        }
        // Keys of maps are pseudonyms, too; both sides have them in the order of their live texts.
        here.sort_by_key(|it| rank(it.0));
        there.sort_by_key(|it| rank(it.0));
        let mut there = there.into_iter().peekable();
        for (member, value) in here {
            let path = format!("{path}.{member}");
            match there.peek() {
                Some((other, _)) if self.text(member, other) => {
                    if let Some((_, other)) = there.next() {
                        self.value(member, &path, value, other);
                    }
                }
                _ => self.differ(&path, Grade::Missing, Some(value), None),
            }
        }
        for (member, value) in there {
            self.differ(&format!("{path}.{member}"), Grade::Extra, None, Some(value));
        }
    }

    fn array(&mut self, member: &str, path: &str, first: &[Value], second: &[Value]) {
        if api::is_ordered(member) || self.redactor.is_ordered(member) {
            let resolved: Vec<_> = second.iter().map(|it| self.resolved(it)).collect();
            let same_elements = first.len() == second.len()
                && first.iter().all(|it| resolved.contains(it))
                && resolved.iter().all(|it| first.contains(it));
            if same_elements {
                if first != resolved {
                    let (one, other) = (Value::from(first), Value::from(second));
                    self.differ(path, Grade::Order, Some(&one), Some(&other));
                }
                return;
            }
            self.in_order(
                member,
                path,
                first.iter().enumerate().collect(),
                second.iter().collect(),
            );
            return;
        }
        let mut rest: Vec<_> = second.iter().collect();
        let mut unpaired = Vec::new();
        // What is the same thing on both sides, then what can be the same thing, then whatever is left.
        for (at, one) in first.iter().enumerate() {
            match rest.iter().position(|it| self.is_same_thing(one, it)) {
                Some(found) => self.value("", &format!("{path}[{at}]"), one, rest.remove(found)),
                None => unpaired.push((at, one)),
            }
        }
        let mut left = Vec::new();
        for (at, one) in unpaired {
            match rest.iter().position(|it| self.fits(one, it)) {
                Some(found) => {
                    rest.remove(found);
                }
                None => left.push((at, one)),
            }
        }
        self.in_order(member, path, left, rest);
    }

    fn in_order(
        &mut self,
        member: &str,
        path: &str,
        first: Vec<(usize, &Value)>,
        second: Vec<&Value>,
    ) {
        let mut second = second.into_iter();
        for (at, one) in first {
            let path = format!("{path}[{at}]");
            match second.next() {
                Some(other) => self.value(member, &path, one, other),
                None => self.differ(&path, Grade::Missing, Some(one), None),
            }
        }
        for other in second {
            self.differ(&format!("{path}[+]"), Grade::Extra, None, Some(other));
        }
    }

    /// Whether two elements carry the same identifier, or are the same text.
    fn is_same_thing(&self, one: &Value, other: &Value) -> bool {
        let same = |one: &Value, other: &Value| {
            let settled = other.as_str().is_none_or(|it| self.is_settled(it));
            settled && *one == self.resolved(other)
        };
        for member in ["GrantId", "AliasName", "TagKey", "KeyId"] {
            if let (Some(one), Some(other)) = (one.get(member), other.get(member)) {
                return same(one, other);
            }
        }
        !one.is_object() && same(one, other)
    }

    /// Whether two elements differ in nothing, once what is new is bound; if so, it is.
    fn fits(&mut self, one: &Value, other: &Value) -> bool {
        let bound = self.bound.clone();
        let differences = std::mem::take(&mut self.differences);
        self.value("", "", one, other);
        let fits = self.differences.is_empty();
        self.differences = differences;
        if !fits {
            self.bound = bound;
        }
        fits
    }

    fn text(&mut self, first: &str, second: &str) -> bool {
        if self.fresh.contains_key(second) {
            return self.word(first, second);
        }
        let (one, other) = (tokens(first), tokens(second));
        if !other.iter().any(|it| self.fresh.contains_key(*it)) {
            return first == second || is_same_but_for_its_length(first, second);
        }
        one.len() == other.len() && one.iter().zip(&other).all(|(one, other)| self.word(one, other))
    }

    /// Whether a word is the tape's: the same, or new and bound to it.
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

    /// Makes a new pseudonym stand for what `tape` stands for, if both are free.
    fn bind(&mut self, kind: Kind, fresh: &str, tape: &str) -> bool {
        let place = (kind, fresh.to_owned());
        let given = self.bound.iter().any(|((it, _), bound)| *it == kind && bound == tape);
        let is_new = self.fresh.get(tape).is_some_and(|it| it.contains(&kind));
        let is_free = !self.bound.contains_key(&place)
            && !given
            && (kind.is_pseudonym(tape) || self.redactor.names.stands_for_itself(kind, tape))
            && (is_new || self.redactor.names.is_free(kind, tape));
        if is_free {
            self.bound.insert(place, tape.to_owned());
        }
        is_free
    }

    /// A text with what its new words have become; those that have become nothing yet are equal to nothing.
    fn resolve(&self, text: &str) -> String {
        let word = |word: &str| match self.fresh.get(word) {
            None => word.to_owned(),
            Some(kinds) => {
                let mut bound =
                    kinds.iter().filter_map(|it| self.bound.get(&(*it, word.to_owned())));
                bound.next().cloned().unwrap_or_else(|| word.to_owned())
            }
        };
        if self.fresh.contains_key(text) {
            return word(text);
        }
        tokens(text).into_iter().map(word).collect()
    }

    /// Whether every new word of a text has become something.
    fn is_settled(&self, text: &str) -> bool {
        let settled = |word: &str| match self.fresh.get(word) {
            None => true,
            Some(kinds) => kinds.iter().any(|it| self.bound.contains_key(&(*it, word.to_owned()))),
        };
        settled(text) && (self.fresh.contains_key(text) || tokens(text).into_iter().all(settled))
    }

    fn resolved(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.resolve(text).into(),
            Value::Array(values) => values.iter().map(|it| self.resolved(it)).collect(),
            Value::Object(members) => Value::Object(
                members.iter().map(|(member, it)| (member.clone(), self.resolved(it))).collect(),
            ),
            other => other.clone(),
        }
    }
}

/// The words of a text and what stands between them.
fn tokens(text: &str) -> Vec<&str> {
    // Every word of a service is known or not by itself.
    if is_service_principal(text) {
        let mut tokens: Vec<_> = text.split('.').flat_map(|it| [it, "."]).collect();
        tokens.pop();
        return tokens;
    }
    let is_word = |it: char| it.is_alphanumeric() || "-_+=@.".contains(it);
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if is_word(first) {
            rest.find(|it| !is_word(it)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let token = &rest[..end];
        // A full stop behind a word ends a sentence.
        let word = token.trim_end_matches('.');
        if !word.is_empty() {
            tokens.push(word);
        }
        if word.len() < token.len() {
            tokens.push(&token[word.len()..]);
        }
        rest = &rest[end..];
    }
    tokens
}

/// Two pseudonyms of one number, for bytes whose length is chance: of a signature, or of a private key that is encrypted.
fn is_same_but_for_its_length(one: &str, other: &str) -> bool {
    ["signature", "ciphertext"].into_iter().any(|stem| {
        let number = blob::read(stem, one);
        number.is_some() && number == blob::read(stem, other)
    })
}

/// Numbered names in the order of their numbers.
fn rank(name: &str) -> (String, u64, String) {
    let (stem, digits) = name.rsplit_once('-').unwrap_or((name, ""));
    match digits.parse() {
        Ok(number) => (stem.to_owned(), number, String::new()),
        Err(_) => (name.to_owned(), 0, String::new()),
    }
}

#[cfg(test)]
mod tests;
