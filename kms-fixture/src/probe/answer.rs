//! Answers: what a service returned, compared with what an experiment expects.

use serde_json::{Map, Value};

use super::experiment::Step;
use super::reference::References;

/// An answer of a service.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Answer {
    /// Returns the code of an error.
    pub(super) fn code(&self) -> &str {
        let code = self.body["__type"].as_str().unwrap_or_default();
        code.rsplit('#').next().unwrap_or_default()
    }

    /// Returns the text of an error, which is empty if it has none.
    pub(super) fn message(&self) -> &str {
        let text = self.body["message"].as_str().or_else(|| self.body["Message"].as_str());
        text.unwrap_or_default()
    }

    pub(super) fn is_throttled(&self) -> bool {
        self.code() == "ThrottlingException"
    }

    pub(super) fn is_ok(&self) -> bool {
        self.status == 200
    }
}

/// The answer that an experiment expects, with the values of this run.
#[derive(Clone, Debug)]
pub(super) enum Expected {
    /// A success with these members.
    Success(Value),
    /// An error with this code, and with this text unless it is left open.
    Error(String, Option<String>),
}

impl Expected {
    /// Returns the answer that `step` expects.
    ///
    /// # Errors
    ///
    /// The first reference that names nothing.
    pub(super) fn of(step: &Step, references: &References) -> Result<Self, String> {
        Ok(match &step.error {
            Some(code) => {
                let message = step.message.as_deref();
                let message = message.map(|it| references.in_text(it)).transpose()?;
                Self::Error(code.clone(), message)
            }
            None => Self::Success(references.fill(step.answers.as_ref().unwrap_or(&Value::Null))?),
        })
    }

    /// Returns whether an answer is the expected one.
    pub(super) fn is(&self, answer: &Answer) -> bool {
        match self {
            Self::Success(members) => answer.is_ok() && agrees(members, &answer.body),
            Self::Error(code, message) => {
                !answer.is_ok()
                    && answer.code() == code
                    && message.as_ref().is_none_or(|it| is_like(it, answer.message()))
            }
        }
    }

    /// Returns an answer in words, with the members that this experiment compares.
    pub(super) fn describe(&self, answer: &Answer) -> String {
        if !answer.is_ok() {
            return error(answer.code(), answer.message(), answer.status);
        }
        match self {
            Self::Success(members) => success(&project(members, &answer.body)),
            Self::Error(..) => "success".to_owned(),
        }
    }
}

/// Returns the answer of the fake in words, with references by name.
pub(super) fn of_fake(step: &Step) -> String {
    match &step.error {
        Some(code) => match step.message.as_deref() {
            None => code.clone(),
            Some(message) => error(code, message, 400),
        },
        None => success(step.answers.as_ref().unwrap_or(&Value::Null)),
    }
}

fn error(code: &str, message: &str, status: u16) -> String {
    match (code, message) {
        ("", "") => format!("status {status}"),
        (code, "") => format!("{code}, without a text"),
        (code, message) => format!("{code}: {message}"),
    }
}

fn success(members: &Value) -> String {
    match members {
        Value::Object(members) if !members.is_empty() => {
            let members = members.iter().map(|(member, it)| format!("{member}: {it}"));
            format!("success, {}", members.collect::<Vec<_>>().join(", "))
        }
        _ => "success".to_owned(),
    }
}

/// Returns whether `actual` has everything that `expected` has. Lists have the same length.
fn agrees(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Null, _) => true,
        (Value::String(pattern), Value::String(text)) => is_like(pattern, text),
        (Value::Object(members), actual) => {
            members.iter().all(|(member, it)| actual.get(member).is_some_and(|at| agrees(it, at)))
        }
        (Value::Array(some), Value::Array(others)) => {
            some.len() == others.len() && some.iter().zip(others).all(|(it, at)| agrees(it, at))
        }
        (expected, actual) => expected == actual,
    }
}

/// Returns the part of `actual` that is compared with `expected`.
fn project(expected: &Value, actual: &Value) -> Value {
    match (expected, actual) {
        (Value::Object(members), Value::Object(_)) => {
            let part = |(member, it): (&String, &Value)| {
                let actual = actual.get(member).map_or(Value::Null, |at| project(it, at));
                (member.clone(), actual)
            };
            members.iter().map(part).collect::<Map<_, _>>().into()
        }
        (Value::Array(some), Value::Array(others)) => {
            let like = |at: usize| some.get(at).or(some.last()).unwrap_or(&Value::Null);
            let all = others.iter().enumerate().map(|(at, it)| project(like(at), it));
            all.collect::<Vec<_>>().into()
        }
        (_, actual) => actual.clone(),
    }
}

/// Returns whether a text is like a pattern, in which `*` is any text.
fn is_like(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(start) else {
        return false;
    };
    let mut parts: Vec<_> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        match text.split_once(part) {
            Some((_, behind)) => text = behind,
            None => return false,
        }
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_part_of_an_answer_is_compared() {
        let expected = json!({"Grants": [{"Name": "a*c"}], "Truncated": false});
        for (actual, right) in [
            (json!({"Grants": [{"Name": "abc", "X": 1}], "Truncated": false, "Y": 2}), true),
            (json!({"Grants": [{"Name": "abd"}], "Truncated": false}), false),
            (json!({"Grants": [], "Truncated": false}), false),
            (json!({"Grants": [{"Name": "abc"}, {"Name": "abc"}], "Truncated": false}), false),
            (json!({"Grants": [{"Name": "abc"}]}), false),
        ] {
            assert_eq!(agrees(&expected, &actual), right, "{actual}");
        }
    }

    #[test]
    fn a_star_is_any_text() {
        for (pattern, text, right) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("a*", "ab", true),
            ("*b", "ab", true),
            ("a*c*e", "abcde", true),
            ("a*c*e", "abde", false),
            ("ab*ba", "aba", false),
        ] {
            assert_eq!(is_like(pattern, text), right, "{pattern} {text}");
        }
    }

    #[test]
    fn a_difference_shows_the_members_that_are_compared() {
        let expected = Expected::Success(json!({"Grants": [{"Name": "a"}]}));
        let body = json!({"Grants": [{"Name": "b", "Secret": "s"}, {"Name": "c"}], "More": 1});
        let shown = expected.describe(&Answer { status: 200, body });
        assert_eq!(shown, r#"success, Grants: [{"Name":"b"},{"Name":"c"}]"#);
        let body = json!({"__type": "com.amazonaws#NotFoundException"});
        let shown = expected.describe(&Answer { status: 400, body });
        assert_eq!(shown, "NotFoundException, without a text");
    }
}
