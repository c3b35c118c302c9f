//! From JSON to a scenario. Every mistake is collected, with its JSON path.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::{Map, Value};

use super::check::list;
use super::declarations::Entity;
use super::nearest::nearest;
use super::strict::Strict;
use super::{
    Consistency, GrantDeclaration, KeyDeclaration, PolicySource, RoleDeclaration, Scenario,
    UserDeclaration,
};
use crate::model::{GrantOperation, KeySpec, KeyState, KeyUsage, Origin};

impl<'de> Deserialize<'de> for Scenario {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Strict(value) = Strict::deserialize(deserializer)?;
        let mut reader = Reader::default();
        let scenario = reader.scenario(&value);
        let mut mistakes = reader.mistakes;
        // What could not be read of a thing is not also reported as missing from it.
        let broken: Vec<_> = mistakes.iter().map(|it| thing(it).to_owned()).collect();
        let more = scenario.mistakes();
        mistakes.extend(more.into_iter().filter(|it| !broken.iter().any(|at| at == thing(it))));
        if mistakes.is_empty() { Ok(scenario) } else { Err(D::Error::custom(mistakes.join("\n"))) }
    }
}

/// The thing that a mistake is about: `$.keys.orders` of `$.keys.orders.stat: ..`.
fn thing(mistake: &str) -> &str {
    let path = mistake.split(": ").next().unwrap_or(mistake);
    let end = path.match_indices('.').nth(2).map_or(path.len(), |(at, _)| at);
    &path[..end]
}

#[derive(Default)]
struct Reader {
    mistakes: Vec<String>,
}

type Object = Map<String, Value>;

/// The words of roles and of users.
const ENTITY: [&str; 5] = ["account", "name", "allow", "policy", "boundary"];

impl Reader {
    fn scenario(&mut self, value: &Value) -> Scenario {
        let mut scenario = Scenario::default();
        let words = [
            "region",
            "account",
            "keys",
            "roles",
            "users",
            "grants",
            "unknown_principals",
            "consistency",
            "leaks",
        ];
        let Some(object) = self.object("$", value, &words) else {
            return scenario;
        };
        if let Some(region) = self.text(object, "$", "region") {
            scenario.region = region;
        }
        if let Some(account) = self.text(object, "$", "account") {
            scenario.account = account;
        }
        scenario.accept_unknown_principals = self
            .text(object, "$", "unknown_principals")
            .is_some_and(|it| self.one_of("$.unknown_principals", &it, &["accept"]));
        if let Some(consistency) = object.get("consistency") {
            scenario.consistency = self.consistency("$.consistency", consistency);
        }
        scenario.deny_leaks = self
            .text(object, "$", "leaks")
            .is_some_and(|it| self.one_of("$.leaks", &it, &["allow", "deny"]) && it == "deny");
        scenario.keys = self.named(object, "keys", Self::key);
        scenario.roles = self.named(object, "roles", Self::role);
        scenario.users = self.named(object, "users", Self::user);
        scenario.grants = self.named(object, "grants", Self::grant);
        scenario
    }

    /// `"strong"`, `"eventual"`, or `{"eventual": {..}}`.
    fn consistency(&mut self, at: &str, value: &Value) -> Consistency {
        match value {
            Value::String(word) => {
                let known = self.one_of(at, word, &["strong", "eventual"]);
                if known && word == "eventual" {
                    return Consistency::eventual();
                }
            }
            Value::Object(_) => {
                if let Some(object) = self.object(at, value, &["eventual"])
                    && let Some(said) = object.get("eventual")
                {
                    return self.eventual(&format!("{at}.eventual"), said);
                }
            }
            other => self.wrong_type(at, "`strong`, `eventual` or an object", other),
        }
        Consistency::strong()
    }

    fn eventual(&mut self, at: &str, value: &Value) -> Consistency {
        let mut consistency = Consistency::eventual();
        if let Some(object) = self.object(at, value, &["seconds", "list_seconds", "jitter"]) {
            if let Some(seconds) = self.seconds(object, at, "seconds") {
                consistency = consistency.seconds(seconds);
            }
            if let Some(seconds) = self.seconds(object, at, "list_seconds") {
                consistency = consistency.list_seconds(seconds);
            }
            consistency = consistency.jitter(self.flag(object, at, "jitter"));
        }
        consistency
    }

    fn key(&mut self, name: &str, at: &str, value: &Value) -> KeyDeclaration {
        let mut key = KeyDeclaration::new(name);
        let words = [
            "state",
            "spec",
            "usage",
            "origin",
            "multi_region",
            "account",
            "alias",
            "policy",
            "description",
            "tags",
        ];
        let Some(object) = self.object(at, value, &words) else {
            return key;
        };
        key.state =
            self.word(object, at, "state", KeyState::from_word, KeyState::ALL, KeyState::as_str);
        key.spec = self.word(object, at, "spec", KeySpec::from_word, KeySpec::ALL, KeySpec::as_str);
        key.usage =
            self.word(object, at, "usage", KeyUsage::from_word, KeyUsage::ALL, KeyUsage::as_str);
        key.origin =
            self.word(object, at, "origin", Origin::from_word, Origin::ALL, Origin::as_str);
        key.multi_region = self.flag(object, at, "multi_region");
        key.account = self.text(object, at, "account");
        key.alias = self.text(object, at, "alias");
        key.policy = self.policy(object, at, "policy");
        key.description = self.text(object, at, "description");
        key.tags = self.pairs(object, at, "tags").unwrap_or_default();
        key
    }

    fn role(&mut self, name: &str, at: &str, value: &Value) -> RoleDeclaration {
        let mut role = RoleDeclaration::new(name);
        let words = [&ENTITY[..], &["session", "session_seconds", "session_policy"]];
        if let Some(object) = self.object(at, value, &words.concat()) {
            role.entity = self.entity(object, at);
            role.session = self.text(object, at, "session");
            role.session_seconds = self.seconds(object, at, "session_seconds");
            role.session_policy = self.policy(object, at, "session_policy");
        }
        role
    }

    fn user(&mut self, name: &str, at: &str, value: &Value) -> UserDeclaration {
        let mut user = UserDeclaration::new(name);
        let words = [&ENTITY[..], &["federated"]];
        if let Some(object) = self.object(at, value, &words.concat()) {
            user.entity = self.entity(object, at);
            user.federated = self.flag(object, at, "federated");
        }
        user
    }

    fn entity(&mut self, object: &Object, at: &str) -> Entity {
        Entity {
            account: self.text(object, at, "account"),
            name: self.text(object, at, "name"),
            allow: self.texts(object, at, "allow"),
            policy: self.policy(object, at, "policy"),
            boundary: self.policy(object, at, "boundary"),
        }
    }

    fn grant(&mut self, name: &str, at: &str, value: &Value) -> GrantDeclaration {
        let mut grant = GrantDeclaration::new(name);
        let words = [
            "key",
            "grantee",
            "retiring",
            "operations",
            "name",
            "context_equals",
            "context_subset",
            "source_arn",
        ];
        let Some(object) = self.object(at, value, &words) else {
            return grant;
        };
        grant.key = self.text(object, at, "key");
        grant.grantee = self.text(object, at, "grantee");
        grant.retiring = self.text(object, at, "retiring");
        grant.name = self.text(object, at, "name");
        for (index, word) in self.texts(object, at, "operations").iter().enumerate() {
            let at = format!("{at}.operations[{index}]");
            match GrantOperation::from_word(word) {
                Some(operation) => grant.operations.push(operation),
                None => {
                    self.unknown_word(&at, word, GrantOperation::ALL.iter().map(|it| it.as_str()));
                }
            }
        }
        grant.context_equals = self.pairs(object, at, "context_equals");
        grant.context_subset = self.pairs(object, at, "context_subset");
        grant.source_arn = self.text(object, at, "source_arn");
        grant
    }

    /// The things of one group, by name.
    fn named<T>(
        &mut self,
        object: &Object,
        group: &str,
        read: fn(&mut Self, &str, &str, &Value) -> T,
    ) -> Vec<T> {
        match object.get(group) {
            None => Vec::new(),
            Some(Value::Object(things)) => things
                .iter()
                .map(|(name, value)| read(self, name, &format!("$.{group}.{name}"), value))
                .collect(),
            Some(other) => {
                self.wrong_type(&format!("$.{group}"), "an object of names", other);
                Vec::new()
            }
        }
    }

    fn object<'a>(&mut self, at: &str, value: &'a Value, words: &[&str]) -> Option<&'a Object> {
        let Value::Object(object) = value else {
            self.wrong_type(at, "an object", value);
            return None;
        };
        for word in object.keys().filter(|it| !words.contains(&it.as_str())) {
            self.unknown_word(&format!("{at}.{word}"), word, words.iter().copied());
        }
        Some(object)
    }

    fn text(&mut self, object: &Object, at: &str, word: &str) -> Option<String> {
        match object.get(word) {
            None => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(other) => {
                self.wrong_type(&format!("{at}.{word}"), "a string", other);
                None
            }
        }
    }

    fn flag(&mut self, object: &Object, at: &str, word: &str) -> bool {
        match object.get(word) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(other) => {
                self.wrong_type(&format!("{at}.{word}"), "true or false", other);
                false
            }
        }
    }

    /// How many they may be is looked at with everything else that is declared.
    fn seconds(&mut self, object: &Object, at: &str, word: &str) -> Option<u32> {
        let value = object.get(word)?;
        let seconds = value.as_u64().map(|it| u32::try_from(it).unwrap_or(u32::MAX));
        if seconds.is_none() {
            self.wrong_type(&format!("{at}.{word}"), "a whole number of seconds", value);
        }
        seconds
    }

    fn texts(&mut self, object: &Object, at: &str, word: &str) -> Vec<String> {
        match object.get(word) {
            None => Vec::new(),
            Some(Value::Array(values)) => {
                let mut texts = Vec::new();
                for (index, value) in values.iter().enumerate() {
                    match value {
                        Value::String(text) => texts.push(text.clone()),
                        other => {
                            self.wrong_type(&format!("{at}.{word}[{index}]"), "a string", other);
                        }
                    }
                }
                texts
            }
            Some(other) => {
                self.wrong_type(&format!("{at}.{word}"), "a list of strings", other);
                Vec::new()
            }
        }
    }

    fn pairs(&mut self, object: &Object, at: &str, word: &str) -> Option<Vec<(String, String)>> {
        let at = format!("{at}.{word}");
        match object.get(word)? {
            Value::Object(entries) => {
                let mut pairs = Vec::new();
                for (key, value) in entries {
                    match value {
                        Value::String(text) => pairs.push((key.clone(), text.clone())),
                        other => self.wrong_type(&format!("{at}.{key}"), "a string", other),
                    }
                }
                Some(pairs)
            }
            other => {
                self.wrong_type(&at, "an object of strings", other);
                None
            }
        }
    }

    /// A path, or the document itself.
    fn policy(&mut self, object: &Object, at: &str, word: &str) -> Option<PolicySource> {
        match object.get(word)? {
            Value::String(path) => Some(PolicySource::File(path.clone())),
            document @ Value::Object(_) => Some(PolicySource::Document(document.to_string())),
            other => {
                self.wrong_type(&format!("{at}.{word}"), "a path or a policy document", other);
                None
            }
        }
    }

    fn word<T: Copy + 'static>(
        &mut self,
        object: &Object,
        at: &str,
        word: &str,
        parse: fn(&str) -> Option<T>,
        all: &'static [T],
        name: fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.text(object, at, word)?;
        let parsed = parse(&text);
        if parsed.is_none() {
            self.unknown_word(&format!("{at}.{word}"), &text, all.iter().map(|it| name(*it)));
        }
        parsed
    }

    fn one_of(&mut self, at: &str, text: &str, words: &[&'static str]) -> bool {
        let known = words.contains(&text);
        if !known {
            self.unknown_word(at, text, words.iter().copied());
        }
        known
    }

    fn unknown_word<'a>(&mut self, at: &str, word: &str, known: impl IntoIterator<Item = &'a str>) {
        let known: Vec<_> = known.into_iter().collect();
        let help = match nearest(word, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("expected one of {}", list(known)),
        };
        self.mistakes.push(format!("{at}: unknown word `{word}`; {help}"));
    }

    fn wrong_type(&mut self, at: &str, wanted: &str, found: &Value) {
        let found = match found {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        self.mistakes.push(format!("{at}: expected {wanted}, found {found}"));
    }
}
