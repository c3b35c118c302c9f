//! The audit: a search for live texts in redacted values, and in the bytes that are about to be written.

mod search;

use serde_json::Value;

use self::search::{mask, search};
use super::{ACCOUNT, Direction, Redacted, Redactor, redact_scenario};
use crate::error::Error;
use crate::scenario::Scenario;

/// A call of a cassette: its operation, its input and its output.
pub(crate) type Call<'a> = (&'a str, &'a Redacted, &'a Redacted);

/// A cassette that is about to be written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draft<'a> {
    /// The text of the file.
    pub(crate) text: &'a str,
    pub(crate) scenario: &'a Scenario,
    pub(crate) calls: &'a [Call<'a>],
    /// The path of the test in Rust.
    pub(crate) test: &'a str,
    /// The origin, in words.
    pub(crate) origin: &'a str,
}

/// A credential: its noun and its text.
pub(crate) type Secret = (&'static str, String);

/// A live text in a cassette.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Leak {
    /// The place and the kind of text; never the live text itself.
    place: String,
}

/// A length that no word of the format has.
const LONG: usize = 16;

impl Redactor {
    /// Proves that nothing live is left: every text of the calls is harmless or a pseudonym, and no live value and no
    /// secret occurs anywhere in the file, in any encoding. Must be called on the redactor of the calls.
    ///
    /// # Errors
    ///
    /// Everything live that was found.
    pub(crate) fn audit(&self, draft: &Draft<'_>, secrets: &[Secret]) -> Result<(), Error> {
        let keep: Vec<_> = self.keep.iter().cloned().collect();
        let ordered: Vec<_> = self.ordered.iter().cloned().collect();
        let (_, declared) = redact_scenario(draft.scenario, &keep, &ordered)?;
        let mut leaks = declared.leaks(draft.scenario, draft.calls);
        leaks.extend(self.survivors(draft, secrets));
        if leaks.is_empty() {
            return Ok(());
        }
        Err(Error::new(format!(
            "the recording is not written because it contains live texts:\n  {}",
            leaks.join("\n  ")
        ))
        .help("add a member whose texts may be public to `keep` in kms-fixture.toml"))
    }

    /// Returns the places of all texts in `calls` that are neither harmless nor pseudonyms: those that another
    /// redaction would change. This redactor knows the declarations of `scenario`.
    pub(crate) fn leaks(mut self, scenario: &Scenario, calls: &[Call<'_>]) -> Vec<String> {
        self.declare_ids(scenario);
        let mut leaks = Vec::new();
        for (number, (operation, input, output)) in (1..).zip(calls) {
            let sides =
                [(input, Direction::Sent, "input"), (output, Direction::Received, "output")];
            for (value, way, side) in sides {
                let again = self.redact().value("", value.value(), way);
                let mut found = Vec::new();
                changed("$", value.value(), &again, &mut found);
                let shown = |it: Leak| format!("call {number}, {operation} {side}: {}", it.place);
                leaks.extend(found.into_iter().map(shown));
            }
        }
        leaks
    }

    /// Returns the places of secrets and of live texts in the file.
    fn survivors(&self, draft: &Draft<'_>, secrets: &[Secret]) -> Vec<String> {
        let declared = declared(draft.scenario);
        let public = |it: &str| {
            it == ACCOUNT
                || declared.contains(&it)
                || draft.test.split("::").any(|part| part == it)
                || self.kept.contains(it)
                || draft.origin.contains(it)
                || it == draft.scenario.region()
        };
        let secrets = secrets.iter().map(|(what, it)| (*what, it.as_str()));
        let found = search(draft.text.as_bytes(), secrets, &|_| false);
        let mut leaks: Vec<_> = found.into_iter().map(|it| it.place).collect();
        // Pseudonyms consist of digits and words, which may contain a live account or tag by chance.
        let masked = self.without_pseudonyms(draft.text);
        let is_long = |it: &str| it.len() >= LONG;
        let live = self.names.replaced().filter(|(live, _)| is_long(live));
        let found = search(masked.as_bytes(), live.map(|(live, it)| (it, live)), &public);
        leaks.extend(found.into_iter().map(|it| format!("{} occurs unredacted", it.place)));
        // Bytes that were sent in base64 may occur decoded.
        let unpacked = |(live, it)| Some((it, unpacked(live)?));
        let unpacked: Vec<(&str, String)> = self.names.replaced().filter_map(unpacked).collect();
        let live = unpacked.iter().map(|(it, text)| (*it, text.as_str()));
        let found = search(masked.as_bytes(), live, &public);
        leaks.extend(
            found.into_iter().map(|it| format!("the bytes of {} occur unredacted", it.place)),
        );
        // The format has words of its own, such as `input`: short live texts are searched for only in texts.
        let texts = self.without_pseudonyms(&texts(draft));
        let live = self.names.replaced().filter(|(live, _)| !is_long(live));
        let found = search(texts.as_bytes(), live.map(|(live, it)| (it, live)), &public);
        leaks.extend(found.into_iter().map(|it| {
            let what = it.place.split_once(": ").map_or(it.place.as_str(), |(_, what)| what);
            format!("the live text of {what} occurs unredacted")
        }));
        leaks
    }

    /// Returns `text` with its pseudonyms masked.
    fn without_pseudonyms(&self, text: &str) -> String {
        let pseudonyms: Vec<_> =
            self.names().map(|(it, _)| it).filter(|it| !it.is_empty()).collect();
        mask(text, &pseudonyms)
    }
}

/// Collects the paths at which two values differ.
fn changed(path: &str, before: &Value, after: &Value, leaks: &mut Vec<Leak>) {
    match (before, after) {
        (Value::Object(one), Value::Object(other)) => {
            for (member, value) in one {
                match other.get(member) {
                    Some(after) => changed(&format!("{path}.{member}"), value, after, leaks),
                    None => leaks.push(Leak { place: format!("the name of a member of {path}") }),
                }
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            for (at, (before, after)) in one.iter().zip(other).enumerate() {
                changed(&format!("{path}[{at}]"), before, after, leaks);
            }
        }
        (Value::String(one), Value::String(other)) if is_same_json(one, other) => {}
        _ if before != after => leaks.push(Leak { place: path.to_owned() }),
        _ => {}
    }
}

/// Returns whether two texts are the same JSON, such as a policy with other spaces or another order.
fn is_same_json(one: &str, other: &str) -> bool {
    let parse = |it: &str| serde_json::from_str::<Value>(it).ok().filter(Value::is_object);
    matches!((parse(one), parse(other)), (Some(one), Some(other)) if one == other)
}

/// Returns the text that was encoded in base64, if it is a long one.
fn unpacked(live: &str) -> Option<String> {
    let bytes = base64::STANDARD.decode_to_vec(live).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    (text.len() >= LONG).then_some(text)
}

/// Returns every text of the calls and of the declarations, one per line.
fn texts(draft: &Draft<'_>) -> String {
    let mut all = String::new();
    for (_, input, output) in draft.calls {
        collect(input.value(), &mut all);
        collect(output.value(), &mut all);
    }
    let scenario = serde_json::to_value(draft.scenario).unwrap_or_default();
    let kinds = scenario.as_object().into_iter().flat_map(|it| it.values());
    for things in kinds.filter_map(Value::as_object).flat_map(|it| it.values()) {
        for options in things.as_object().into_iter().flat_map(|it| it.values()) {
            collect(options, &mut all);
        }
    }
    all
}

fn collect(value: &Value, all: &mut String) {
    match value {
        Value::String(text) => {
            *all += text;
            all.push('\n');
        }
        Value::Array(values) => values.iter().for_each(|it| collect(it, all)),
        Value::Object(members) => {
            for (member, value) in members {
                *all += member;
                all.push('\n');
                collect(value, all);
            }
        }
        Value::Number(number) => {
            *all += &number.to_string();
            all.push('\n');
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// Returns every declared name.
fn declared(scenario: &Scenario) -> Vec<&str> {
    let keys = scenario.keys.iter().map(|it| it.declared.as_str());
    let roles = scenario.roles.iter().map(|it| it.declared.as_str());
    let users = scenario.users.iter().map(|it| it.declared.as_str());
    let grants = scenario.grants.iter().map(|it| it.declared.as_str());
    keys.chain(roles).chain(users).chain(grants).collect()
}

#[cfg(test)]
mod tests;
