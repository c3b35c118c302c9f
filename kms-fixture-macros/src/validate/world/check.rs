//! The checks of a scenario file, value by value. The library reports the same mistakes with JSON paths.

use proc_macro2::Ident;
use syn::{Lit, LitBool, LitStr};

use super::json::{Json, Member, Node};
use super::{Reader, files};
use crate::model::declare::{
    self, AWS, CONSISTENCY, EVENTUAL, Kind, Language, Opt, Place, Shape, WordList, given_twice,
    not_declared, nothing_in, only_create_grant, quota, unknown_choice, unknown_option,
    unknown_value, unknown_word,
};
use crate::plan::{Call, Value};

const LANGUAGE: Language = Language::Scenario;

/// An option of a file: its row, its place, and its value.
pub(super) type Given<'a> = (&'static Opt, &'a Member);

impl Reader<'_> {
    /// Returns the options of an object; reports the unknown ones.
    pub(super) fn options<'a>(&mut self, place: &Place, node: &'a Node) -> Vec<Given<'a>> {
        let Json::Object(members) = &node.json else {
            self.wrong_type(node, "an object");
            return Vec::new();
        };
        let mut known = Vec::new();
        for member in members {
            match place.options.iter().find(|it| it.name == member.name && it.is_in_scenarios) {
                Some(opt) => known.push((opt, member)),
                None => self.report(member.spot, unknown_option(place, &member.name, LANGUAGE)),
            }
        }
        known
    }

    fn text<'a>(&mut self, node: &'a Node) -> Option<&'a str> {
        let Json::Text(text) = &node.json else {
            self.wrong_type(node, "a string");
            return None;
        };
        Some(text)
    }

    fn texts<'a>(&mut self, node: &'a Node) -> Vec<(&'a Node, &'a str)> {
        let Json::List(values) = &node.json else {
            self.wrong_type(node, "a list of strings");
            return Vec::new();
        };
        values.iter().filter_map(|it| Some((it, self.text(it)?))).collect()
    }

    /// Checks the value of an option, and returns the calls for those that other checks use.
    pub(super) fn calls(&mut self, (opt, member): Given<'_>) -> Vec<Call> {
        let node = &member.value;
        let value = match opt.shape {
            Shape::Text(limit) => self.text(node).map(|it| {
                if let Some(message) = limit.mistake(it) {
                    self.report(node.spot, message);
                }
                self.literal(it)
            }),
            Shape::Policy => {
                match &node.json {
                    Json::Object(_) => {}
                    Json::Text(path) => {
                        if let Some(message) = files::missing(&self.folder, path) {
                            self.report(node.spot, message);
                        }
                    }
                    _ => self.wrong_type(node, "a path or a policy document"),
                }
                Some(self.literal(""))
            }
            Shape::Flag => self.flag(node),
            Shape::Seconds(..) | Shape::Number(..) => {
                if let Some(message) = declare::number(opt, whole(node)) {
                    self.report(node.spot, message);
                }
                None
            }
            Shape::Faults => {
                self.faults(node);
                None
            }
            Shape::OneOf(words) => {
                if let Some(word) = self.text(node)
                    && !words.contains(&word)
                {
                    self.report(node.spot, unknown_value(opt.name, words, word, LANGUAGE));
                }
                None
            }
            Shape::Choice(choices) => {
                if let Some(word) = self.text(node)
                    && !choices.iter().any(|it| it.word == word)
                {
                    let noun = if opt.name == "clock" { "clock" } else { "word" };
                    self.report(node.spot, unknown_choice(noun, choices, word));
                }
                None
            }
            Shape::Word(list) => {
                let word = self.text(node);
                word.and_then(|it| self.word(&list, node, it)).map(|it| Value::Word(list.name, it))
            }
            Shape::Words(list) => Some(self.words(&list, node)),
            Shape::Key => self.text(node).and_then(|it| self.key(node, it)),
            Shape::Principal => self.text(node).and_then(|it| self.principal(node, it)),
            Shape::Actions => {
                self.actions(node);
                None
            }
            Shape::Context | Shape::Tags => self.pairs(opt, node),
            Shape::Consistency => {
                self.consistency(node);
                None
            }
            Shape::Quotas => {
                self.quotas(opt, node);
                None
            }
            _ => None,
        };
        value.map(|value| Call { method: opt.method, value }).into_iter().collect()
    }

    fn flag(&mut self, node: &Node) -> Option<Value> {
        if let Json::Bool(it) = node.json {
            return Some(Value::Literal(Lit::Bool(LitBool::new(it, self.span()))));
        }
        self.wrong_type(node, "true or false");
        None
    }

    fn literal(&self, text: &str) -> Value {
        Value::Literal(Lit::Str(LitStr::new(text, self.span())))
    }

    fn word(&mut self, list: &WordList, node: &Node, word: &str) -> Option<Ident> {
        if list.words.contains(&word) {
            return Some(Ident::new(word, self.span()));
        }
        self.report(node.spot, unknown_word(list, word));
        None
    }

    fn words(&mut self, list: &WordList, node: &Node) -> Value {
        let mut found: Vec<Ident> = Vec::new();
        for (at, word) in self.texts(node) {
            let Some(word) = self.word(list, at, word) else { continue };
            if found.contains(&word) {
                self.report(at.spot, given_twice(list.noun, &word.to_string()));
            }
            found.push(word);
        }
        if let [only] = found.as_slice()
            && only == "CreateGrant"
        {
            self.report(node.spot, only_create_grant(LANGUAGE));
        }
        Value::Words(list.name, found)
    }

    fn key(&mut self, node: &Node, name: &str) -> Option<Value> {
        let known = self.names(&[Kind::Key]);
        if known.iter().any(|it| it == name) {
            return Some(Value::Declared(self.ident(name)));
        }
        let known: Vec<_> = known.iter().map(String::as_str).collect();
        self.report(node.spot, not_declared("a key", name, &known));
        None
    }

    fn principal(&mut self, node: &Node, name: &str) -> Option<Value> {
        let known = self.names(&[Kind::Role, Kind::User]);
        if name == declare::ADMIN || known.iter().any(|it| it == name) {
            return Some(Value::Admin); // no check needs to know which one
        }
        if declare::principal(name).is_some() {
            let known: Vec<_> = known.iter().map(String::as_str).collect();
            self.report(node.spot, not_declared("a role or user", name, &known));
            return None;
        }
        Some(self.literal(name))
    }

    fn actions(&mut self, node: &Node) {
        let Json::List(items) = &node.json else {
            return self.wrong_type(node, "a list of strings");
        };
        for item in items {
            match &item.json {
                Json::Text(action) => self.action(item, action),
                Json::Object(members) => {
                    for member in members {
                        match member.name.as_str() {
                            "actions" => {
                                let actions = self.texts(&member.value);
                                for (at, action) in actions {
                                    self.action(at, action);
                                }
                            }
                            "on" => {
                                for (at, key) in self.texts(&member.value) {
                                    self.key(at, key);
                                }
                            }
                            other => {
                                let message = format!("unknown member `{other}`");
                                let message = declare::Message::new(message)
                                    .note("expected `actions` and `on`");
                                self.report(member.spot, message);
                            }
                        }
                    }
                    for (needed, noun) in [("actions", "action"), ("on", "key")] {
                        let given = members.iter().find(|it| it.name == needed);
                        if given.is_none_or(
                            |it| matches!(&it.value.json, Json::List(it) if it.is_empty()),
                        ) {
                            self.report(item.spot, nothing_in(needed, noun));
                        }
                    }
                }
                _ => self.wrong_type(item, "an action or an object with `actions` and `on`"),
            }
        }
    }

    fn action(&mut self, node: &Node, action: &str) {
        if let Some(message) = declare::action(action) {
            self.report(node.spot, message);
        }
    }

    fn pairs(&mut self, opt: &Opt, node: &Node) -> Option<Value> {
        let Json::Object(members) = &node.json else {
            self.wrong_type(node, "an object of strings");
            return None;
        };
        let is_context = matches!(opt.shape, Shape::Context);
        if is_context && members.is_empty() {
            self.report(node.spot, nothing_in(opt.name, "pair"));
        }
        let given = members.iter().filter_map(|it| Some((it, self.text(&it.value)?)));
        let given: Vec<_> = given.collect();
        let pairs: Vec<_> = given.iter().map(|(it, value)| (it.name.as_str(), *value)).collect();
        let found = if is_context { declare::context(&pairs) } else { declare::tags(&pairs) };
        for (at, _, message) in found {
            self.report(given[at].0.spot, message);
        }
        Some(Value::Pairs(Vec::new()))
    }

    fn quotas(&mut self, opt: &Opt, node: &Node) {
        match &node.json {
            Json::Text(word) if *word == AWS => {}
            Json::Text(word) => {
                if let Some(message) = quota(word, None) {
                    self.report(node.spot, message);
                }
            }
            Json::Object(members) if members.is_empty() => {
                self.report(node.spot, nothing_in(opt.name, "quota"));
            }
            Json::Object(members) => {
                for Member { name, spot, value } in members {
                    if name == AWS {
                        self.flag(value);
                        continue;
                    }
                    let calls = match &value.json {
                        Json::Number(it) => it.parse().ok(),
                        _ => None,
                    };
                    if let Some(message) = quota(name, calls) {
                        let is_unknown = quota(name, Some(1)).is_some();
                        self.report(if is_unknown { *spot } else { value.spot }, message);
                    }
                }
            }
            _ => self.wrong_type(node, "`aws` or an object"),
        }
    }

    fn consistency(&mut self, node: &Node) {
        match &node.json {
            Json::Text(word) if CONSISTENCY.iter().any(|it| it.word == word) => {}
            Json::Text(word) => {
                self.report(node.spot, unknown_choice("consistency", CONSISTENCY, word));
            }
            Json::Object(members) => {
                for member in members {
                    match member.name.as_str() {
                        "eventual" => {
                            for given in self.options(&EVENTUAL, &member.value) {
                                self.calls(given);
                            }
                        }
                        "strong" => {
                            let message = declare::Message::new("`strong` takes no options");
                            self.report(member.spot, message);
                        }
                        other => {
                            let message = unknown_choice("consistency", CONSISTENCY, other);
                            self.report(member.spot, message);
                        }
                    }
                }
            }
            _ => self.wrong_type(node, "`strong`, `eventual` or an object"),
        }
    }

    /// Returns a name as an identifier. One that cannot be an identifier gets underscores: no parameter has its name.
    pub(super) fn ident(&self, name: &str) -> Ident {
        let parse = |text: &str| syn::parse_str::<Ident>(text).ok();
        let plain = || name.replace(|it: char| !it.is_ascii_alphanumeric(), "_");
        let mut ident = parse(name)
            .or_else(|| parse(&format!("r#{name}")))
            .or_else(|| parse(&format!("_{}", plain())))
            .unwrap_or_else(|| Ident::new("_kms", self.span()));
        ident.set_span(self.span());
        ident
    }
}

/// Returns a whole number; one that is too large becomes the largest.
fn whole(node: &Node) -> Option<u32> {
    match &node.json {
        Json::Number(it) if it.bytes().all(|it| it.is_ascii_digit()) => {
            Some(it.parse().unwrap_or(u32::MAX))
        }
        _ => None,
    }
}
