//! The parallel walk over two values, which collects their differences.

use serde_json::{Map, Value};

use super::binding::Binding;
use super::path::Path;
use super::{Difference, Grade};
use crate::api;

/// A comparison in progress.
pub(super) struct Overlay<'a> {
    pub(super) binding: Binding<'a>,
    pub(super) differences: Vec<Difference>,
}

impl Overlay<'_> {
    fn differ(
        &mut self,
        path: &Path<'_>,
        grade: Grade,
        first: Option<&Value>,
        second: Option<&Value>,
    ) {
        let second = second.map(|it| self.binding.resolved(it));
        self.differences.push(Difference {
            path: path.to_string(),
            grade,
            first: first.cloned(),
            second,
        });
    }

    /// Compares the values of `member` at `path`.
    pub(super) fn value(&mut self, member: &str, path: &Path<'_>, first: &Value, second: &Value) {
        match (first, second) {
            (Value::Object(one), Value::Object(other)) => self.object(path, one, other),
            (Value::Array(one), Value::Array(other)) => self.array(member, path, one, other),
            (Value::String(one), Value::String(other)) => {
                if !self.binding.text(one, other) {
                    let grade = if member == "__type" { Grade::Code } else { Grade::Value };
                    self.differ(path, grade, Some(first), Some(second));
                }
            }
            // Dates never differ: a test counts from its own current time.
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

    fn object(&mut self, path: &Path<'_>, first: &Map<String, Value>, second: &Map<String, Value>) {
        let mut here = Vec::new();
        let mut there = Vec::new();
        let mut side_by_side = second.iter();
        for (member, value) in first {
            let other = side_by_side.next().filter(|it| it.0 == member).map(|it| it.1);
            match other.or_else(|| second.get(member)) {
                Some(other) if !self.binding.is_new(member) => {
                    self.value(member, &Path::Member(path, member), value, other);
                }
                _ => here.push((member, value)),
            }
        }
        if here.is_empty() && first.len() == second.len() {
            return;
        }
        for (member, value) in second {
            if !first.contains_key(member) || self.binding.is_new(member) {
                there.push((member, value));
            }
        }
        // Keys of maps are pseudonyms as well; both sides have them in the order of their live texts.
        here.sort_by_key(|it| rank(it.0));
        there.sort_by_key(|it| rank(it.0));
        let mut there = there.into_iter().peekable();
        for (member, value) in here {
            let path = Path::Member(path, member);
            match there.peek() {
                Some((other, _)) if self.binding.text(member, other) => {
                    if let Some((_, other)) = there.next() {
                        self.value(member, &path, value, other);
                    }
                }
                _ => self.differ(&path, Grade::Missing, Some(value), None),
            }
        }
        for (member, value) in there {
            self.differ(&Path::Member(path, member), Grade::Extra, None, Some(value));
        }
    }

    fn array(&mut self, member: &str, path: &Path<'_>, first: &[Value], second: &[Value]) {
        if api::is_ordered(member) || self.binding.redactor.is_ordered(member) {
            let resolved = second.iter().map(|it| without_dates("", &self.binding.resolved(it)));
            let resolved: Vec<_> = resolved.collect();
            let recorded: Vec<_> = first.iter().map(|it| without_dates("", it)).collect();
            let same_elements = recorded.len() == resolved.len()
                && recorded.iter().all(|it| resolved.contains(it))
                && resolved.iter().all(|it| recorded.contains(it));
            if same_elements {
                if recorded != resolved {
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
        // First elements that are the same thing on both sides, then those that fit, then the rest.
        for (at, one) in first.iter().enumerate() {
            match rest.iter().position(|it| self.is_same_thing(one, it)) {
                Some(found) => {
                    self.value("", &Path::Element(path, at), one, rest.remove(found));
                }
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
        path: &Path<'_>,
        first: Vec<(usize, &Value)>,
        second: Vec<&Value>,
    ) {
        let mut second = second.into_iter();
        for (at, one) in first {
            let path = Path::Element(path, at);
            match second.next() {
                Some(other) => self.value(member, &path, one, other),
                None => self.differ(&path, Grade::Missing, Some(one), None),
            }
        }
        for other in second {
            self.differ(&Path::Extra(path), Grade::Extra, None, Some(other));
        }
    }

    /// Returns whether two elements have the same identifier, or are the same text.
    fn is_same_thing(&self, one: &Value, other: &Value) -> bool {
        let same = |one: &Value, other: &Value| match (one, other) {
            (Value::String(one), Value::String(other)) => {
                self.binding.is_settled(other) && *one == *self.binding.resolve(other)
            }
            _ => *one == self.binding.resolved(other),
        };
        for member in ["GrantId", "AliasName", "TagKey", "KeyId"] {
            if let (Some(one), Some(other)) = (one.get(member), other.get(member)) {
                return same(one, other);
            }
        }
        !one.is_object() && same(one, other)
    }

    /// Binds what is new in `other` if the two elements then do not differ. Returns whether it succeeded.
    fn fits(&mut self, one: &Value, other: &Value) -> bool {
        let bound = self.binding.bound.clone();
        let differences = std::mem::take(&mut self.differences);
        self.value("", &Path::Root, one, other);
        let fits = self.differences.is_empty();
        self.differences = differences;
        if !fits {
            self.binding.bound = bound;
        }
        fits
    }
}

/// Returns a key that sorts numbered names by their numbers.
fn rank(name: &str) -> (String, u64, String) {
    let (stem, digits) = name.rsplit_once('-').unwrap_or((name, ""));
    match digits.parse() {
        Ok(number) => (stem.to_owned(), number, String::new()),
        Err(_) => (name.to_owned(), 0, String::new()),
    }
}

/// Returns the value of `member` without its dates, which never differ.
fn without_dates(member: &str, value: &Value) -> Value {
    match value {
        Value::Number(_) if api::is_date(member) => Value::Null,
        Value::Array(values) => values.iter().map(|it| without_dates(member, it)).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, it)| (name.clone(), without_dates(name, it)));
            Value::Object(members.collect())
        }
        other => other.clone(),
    }
}
