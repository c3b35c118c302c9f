//! Laying one value over another that is called differently: pseudonyms that are new on one side are bound to those
//! at the same place on the other, and what is left over are differences.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::model;
use super::pseudonyms::Kind;
use super::{Direction, Redacted, Redactor};

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

impl Serialize for Grade {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
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
        let fresh = self
            .names
            .since(&mark)
            .map(|(kind, it)| (it.to_owned(), kind))
            .collect();
        let mut overlay = Overlay {
            redactor: self,
            fresh,
            bound: HashMap::new(),
            differences: Vec::new(),
        };
        overlay.value("", "$", tape.value(), &redacted);
        let Overlay {
            bound, differences, ..
        } = overlay;
        for (fresh, (kind, tape)) in bound {
            self.names.rebind(kind, &fresh, &tape);
        }
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
    /// Pseudonyms that were made for this comparison, and may still become others.
    fresh: HashMap<String, Kind>,
    /// What they have become.
    bound: HashMap<String, (Kind, String)>,
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
                    let grade = if member == "__type" {
                        Grade::Code
                    } else {
                        Grade::Value
                    };
                    self.differ(path, grade, Some(first), Some(second));
                }
            }
            // When something happened is not a difference.
            (Value::Number(_), Value::Number(_))
                if member.contains("Date") || member == "ValidTo" => {}
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
        if model::is_ordered(member) || self.redactor.is_ordered(member) {
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
        for member in ["GrantId", "AliasName", "TagKey", "KeyId"] {
            if let (Some(one), Some(other)) = (one.get(member), other.get(member)) {
                return *one == self.resolved(other);
            }
        }
        !one.is_object() && *one == self.resolved(other)
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
        if first == self.resolve(second) {
            return true;
        }
        if let Some(kind) = self.fresh.get(second).copied() {
            return self.bind(kind, second, first);
        }
        let (one, other) = (tokens(first), tokens(second));
        one.len() == other.len()
            && one.len() > 1
            && one.iter().zip(&other).all(|(one, other)| {
                *one == self.resolve(other)
                    || match self.fresh.get(*other).copied() {
                        Some(kind) => self.bind(kind, other, one),
                        None => false,
                    }
            })
    }

    /// Makes a new pseudonym stand for what `tape` stands for, if both are free.
    fn bind(&mut self, kind: Kind, fresh: &str, tape: &str) -> bool {
        let is_free = !self.bound.contains_key(fresh)
            && !self
                .bound
                .values()
                .any(|(it, bound)| (*it, bound.as_str()) == (kind, tape))
            && (kind.is_pseudonym(tape) || self.redactor.names.stands_for_itself(kind, tape))
            && (fresh == tape
                || self.redactor.names.is_free(kind, tape)
                || self.fresh.contains_key(tape));
        if is_free {
            self.bound.insert(fresh.to_owned(), (kind, tape.to_owned()));
        }
        is_free
    }

    fn resolve<'a>(&'a self, text: &'a str) -> &'a str {
        match self.bound.get(text) {
            Some((_, tape)) => tape,
            // A pseudonym that was made just now is equal to nothing until it is bound.
            None if self.fresh.contains_key(text) => "\u{0}",
            None => text,
        }
    }

    fn resolved(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => match self.bound.get(text.as_str()) {
                Some((_, tape)) => tape.clone().into(),
                None => text.clone().into(),
            },
            Value::Array(values) => values.iter().map(|it| self.resolved(it)).collect(),
            Value::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|(member, it)| (member.clone(), self.resolved(it)))
                    .collect(),
            ),
            other => other.clone(),
        }
    }
}

/// The words of a text and what stands between them.
fn tokens(text: &str) -> Vec<&str> {
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

/// Numbered names in the order of their numbers.
fn rank(name: &str) -> (String, u64, String) {
    let (stem, digits) = name.rsplit_once('-').unwrap_or((name, ""));
    match digits.parse() {
        Ok(number) => (stem.to_owned(), number, String::new()),
        Err(_) => (name.to_owned(), 0, String::new()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::ACCOUNT;
    use super::*;

    fn tape(value: Value) -> Redacted {
        Redacted::outline(value)
    }

    fn redactor() -> Redactor {
        Redactor::new(ACCOUNT, &[], &["Operations".to_owned()])
    }

    fn grades(differences: &[Difference]) -> Vec<(Grade, &str)> {
        differences
            .iter()
            .map(|it| (it.grade, it.path.as_str()))
            .collect()
    }

    #[test]
    fn what_is_new_is_bound_to_what_stands_at_its_place() {
        let mut redactor = redactor();
        let recorded = tape(
            json!({"Name": "name-4", "Constraints": {"EncryptionContextEquals": {"context-key-2": "context-value-9"}}}),
        );
        let live = json!({"Name": "nightly", "Constraints": {"EncryptionContextEquals": {"tenant": "seven"}}});
        assert_eq!(redactor.align(&recorded, &live, Direction::Sent), []);
        // From here on it is the same, both ways.
        assert_eq!(
            redactor.input(&json!({"Name": "nightly"})).value()["Name"],
            "name-4"
        );
        let answer = tape(json!({"Name": "name-4"}));
        assert_eq!(
            redactor.restore(&answer, Direction::Received),
            json!({"Name": "nightly"})
        );
        // Another text is another thing, and the same text is not two.
        let other = redactor.align(
            &tape(json!({"Name": "name-4"})),
            &json!({"Name": "weekly"}),
            Direction::Sent,
        );
        assert_eq!(grades(&other), [(Grade::Value, "$.Name")]);
        let same = redactor.align(
            &tape(json!({"Name": "name-5"})),
            &json!({"Name": "nightly"}),
            Direction::Sent,
        );
        assert_eq!(grades(&same), [(Grade::Value, "$.Name")]);
    }

    #[test]
    fn a_failed_attempt_leaves_nothing_behind() {
        let mut redactor = redactor();
        let before = redactor.restore(&tape(json!({"Name": "name-1"})), Direction::Received);
        let mark = redactor.mark();
        let arn = "arn:aws:iam::987654321098:role/somebody";
        let recorded = tape(json!({
            "Name": "name-1", "GranteePrincipal": format!("arn:aws:iam::{ACCOUNT}:role/role-1"), "Limit": 1
        }));
        let live = json!({"Name": "nightly", "GranteePrincipal": arn, "Limit": 2});
        let differences = redactor.align(&recorded, &live, Direction::Sent);
        assert_eq!(grades(&differences), [(Grade::Value, "$.Limit")]);
        redactor.rollback(&mark);
        assert_eq!(
            redactor.restore(&tape(json!({"Name": "name-1"})), Direction::Received),
            before
        );
        let live = json!({"Name": "weekly", "GranteePrincipal": "arn:aws:iam::111111111111:role/another", "Limit": 1});
        assert_eq!(redactor.align(&recorded, &live, Direction::Sent), []);
    }

    #[test]
    fn ids_that_the_tape_has_given_are_exact() {
        let mut redactor = redactor();
        let key = |number: u32| format!("00000000-0000-4000-8000-{number:012}");
        // The test has this one from an answer.
        redactor.hand_out(
            &tape(json!({"KeyMetadata": {"KeyId": key(1)}})),
            Direction::Received,
        );
        let recorded = tape(json!({"KeyId": key(1)}));
        assert_eq!(
            redactor.align(&recorded, &json!({"KeyId": key(1)}), Direction::Sent),
            []
        );
        let other = json!({"KeyId": "6f9619ff-8b86-4011-b42d-00cf4fc964ff"});
        assert_eq!(redactor.align(&recorded, &other, Direction::Sent).len(), 1);
    }

    #[test]
    fn accounts_and_principals_that_a_client_brings_along_are_bound_once() {
        let mut redactor = redactor();
        redactor.declare(Kind::Account, ACCOUNT, ACCOUNT);
        let arn = |account: &str, role: &str| format!("arn:aws:iam::{account}:role/{role}");
        // An answer has told it before.
        redactor.hand_out(
            &tape(json!({"GranteePrincipal": arn(ACCOUNT, "role-1")})),
            Direction::Received,
        );
        let recorded = tape(json!({"GranteePrincipal": arn(ACCOUNT, "role-1")}));
        for live in [
            arn("987654321098", "ci"),
            arn(ACCOUNT, "ci"),
            arn(ACCOUNT, "role-1"),
        ] {
            assert_eq!(
                redactor.align(
                    &recorded,
                    &json!({"GranteePrincipal": live}),
                    Direction::Sent
                ),
                [],
                "{live}"
            );
        }
        for live in [arn("111111111111", "ci"), arn("987654321098", "cd")] {
            let differences = redactor.align(
                &recorded,
                &json!({"GranteePrincipal": live}),
                Direction::Sent,
            );
            assert_eq!(differences.len(), 1, "{live}");
        }
    }

    #[test]
    fn lists_have_an_order_only_where_that_is_said() {
        let mut redactor = redactor();
        let mut grades_of = |first: Value, second: Value| {
            let differences = redactor.align(&tape(first), &second, Direction::Received);
            differences.iter().map(|it| it.grade).collect::<Vec<_>>()
        };
        let pair = |member: &str, one: &str, other: &str| json!({ member: [one, other] });
        let algorithms = |one, other| pair("MacAlgorithms", one, other);
        let (one, other) = ("HMAC_SHA_256", "HMAC_SHA_384");
        assert_eq!(
            grades_of(algorithms(one, other), algorithms(other, one)),
            [Grade::Order]
        );
        assert_eq!(
            grades_of(
                pair("Operations", "Sign", "Verify"),
                pair("Operations", "Verify", "Sign")
            ),
            [Grade::Order]
        );
        assert_eq!(
            grades_of(
                pair("KeyUsage", "Sign", "Verify"),
                pair("KeyUsage", "Verify", "Sign")
            ),
            []
        );
        assert_eq!(
            grades_of(
                json!({"Tags": []}),
                json!({"Tags": [{"TagKey": "a", "TagValue": "b"}]})
            ),
            [Grade::Extra]
        );
    }

    #[test]
    fn when_something_happened_is_no_difference_and_whether_it_has_is() {
        let mut redactor = redactor();
        let recorded = tape(json!({"CreationDate": 1.5, "Truncated": false}));
        let fine = json!({"CreationDate": 7, "Truncated": false});
        assert_eq!(redactor.align(&recorded, &fine, Direction::Received), []);
        let wrong = json!({"CreationDate": "1970", "Truncated": true});
        let differences = redactor.align(&recorded, &wrong, Direction::Received);
        assert_eq!(
            grades(&differences),
            [
                (Grade::Type, "$.CreationDate"),
                (Grade::Value, "$.Truncated")
            ]
        );
    }
}
