//! The two ways through the table of pseudonyms: [`Redact`] goes there, [`Restore`] comes back.
//!
//! The walk over a value finds out what kind of text stands where, and is the same both ways.

use serde_json::{Map, Value};

use super::Redactor;
use super::kind::{Kind, literal};

/// Substitutes single texts, of which the walk knows the kind.
pub(super) trait Substitute {
    /// The table, and what the user has decided.
    fn redactor(&mut self) -> &mut Redactor;

    /// Returns what stands for a text of this kind.
    fn text(&mut self, kind: Kind, text: &str) -> String;

    /// Returns what stands for the last part of the name of a role or a user, and its path before it.
    fn name_in_path(&mut self, kind: Kind, name: &str) -> String;

    /// Returns what stands for a word of a sentence, if the word is known, of whatever kind.
    fn word(&mut self, word: &str) -> Option<String>;

    /// Returns the texts of several words that occur in a sentence, and what stands for them.
    fn phrases(&mut self, _sentence: &str) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Returns what stands for an account.
    fn account(&mut self, account: &str) -> String {
        self.text(Kind::Account, account)
    }

    /// Returns the account of a principal, if it may be another one than that of keys.
    fn account_of_principal(&mut self, _account: &str) -> Option<String> {
        None
    }

    /// Sees a session of `role`, which is translated already, before it is translated.
    fn see_session(&mut self, _role: &str, _session: &str) {}

    /// Sees the members of an object before they are translated.
    fn see_object(&mut self, _members: &Map<String, Value>) {}

    /// Returns what stands for a name; none and `*` stand for themselves.
    fn name(&mut self, kind: Kind, name: &str) -> String {
        match name {
            "" | "*" => name.to_owned(),
            _ => self.text(kind, name),
        }
    }
}

/// Splits `team/worker` into `team/` and `worker`.
fn split_path(name: &str) -> (&str, &str) {
    name.split_at(name.rfind('/').map_or(0, |it| it + 1))
}

/// From what is live to pseudonyms.
pub(super) struct Redact<'a>(pub(super) &'a mut Redactor);

impl Substitute for Redact<'_> {
    fn redactor(&mut self) -> &mut Redactor {
        self.0
    }

    fn text(&mut self, kind: Kind, text: &str) -> String {
        #[cfg(test)]
        if self.0.broken == Some(kind) {
            self.0.names.forget_but_remember(kind, text);
            return text.to_owned();
        }
        self.0.names.redact(kind, text)
    }

    fn name_in_path(&mut self, kind: Kind, name: &str) -> String {
        let (path, last) = split_path(name);
        let paths = &self.0.paths;
        match self.0.names.pseudonym(kind, last).and_then(|it| paths.get(it)) {
            // The same name behind another path is another principal, or none.
            Some(known) if known != path => self.text(kind, &format!("/{name}")),
            Some(_) => self.name(kind, last),
            None => {
                let pseudonym = self.name(kind, last);
                self.0.paths.insert(pseudonym.clone(), path.to_owned());
                pseudonym
            }
        }
    }

    fn word(&mut self, word: &str) -> Option<String> {
        self.0.names.lexicon().pseudonym(word).map(str::to_owned)
    }

    fn phrases(&mut self, sentence: &str) -> Vec<(String, String)> {
        let phrases = self.0.names.lexicon().phrases().filter(|(live, _)| sentence.contains(live));
        phrases.map(|(live, it)| (live.to_owned(), it.to_owned())).collect()
    }

    /// The first live account is that of the test.
    fn account(&mut self, account: &str) -> String {
        let Redactor { names, account: own, .. } = &mut *self.0;
        if !names.is_taken(Kind::Account, own) {
            names.declare(Kind::Account, account, own);
        }
        self.text(Kind::Account, account)
    }

    /// The first session of a declared role is called like the role, whatever its live name is.
    fn see_session(&mut self, role: &str, session: &str) {
        let is_declared = !role.is_empty() && !Kind::Role.is_pseudonym(role);
        if is_declared && !self.0.names.knows(Kind::Session, session) {
            let name = if role == "Admin" { "admin" } else { role };
            self.0.names.declare(Kind::Session, session, name);
        }
    }

    /// A token that stands beside the id of its grant is called like the grant.
    fn see_object(&mut self, members: &Map<String, Value>) {
        let text = |member| members.get(member).and_then(Value::as_str);
        let (Some(id), Some(token)) = (text("GrantId"), text("GrantToken")) else {
            return;
        };
        if self.0.names.knows(Kind::Token, token) {
            return;
        }
        let grant = self.text(Kind::Grant, id);
        // A token that is a pseudonym already stands for itself.
        if Kind::Token.is_pseudonym(token) {
            return;
        }
        let names = &mut self.0.names;
        let name = names.name(&grant).unwrap_or("grant").to_owned();
        // Every CreateGrant returns another token.
        loop {
            let name = match names.next_token(&name) {
                1 => name.clone(),
                number => format!("{name}.{number}"),
            };
            if !names.is_taken(Kind::Token, &literal(Kind::Token, &name, token)) {
                names.declare(Kind::Token, token, &name);
                return;
            }
        }
    }
}

/// From pseudonyms to what they stand for; those that stand for nothing stay.
pub(super) struct Restore<'a> {
    redactor: &'a mut Redactor,
    /// Every pseudonym that was met.
    met: Vec<(Kind, String)>,
}

impl<'a> Restore<'a> {
    pub(super) fn new(redactor: &'a mut Redactor) -> Self {
        Self { redactor, met: Vec::new() }
    }

    /// Hands out what was met: a pseudonym that stands for nothing stands for itself from then on.
    pub(super) fn hand_out(self) {
        for (kind, pseudonym) in self.met {
            self.redactor.names.hand_out(kind, &pseudonym);
        }
    }
}

impl Substitute for Restore<'_> {
    fn redactor(&mut self) -> &mut Redactor {
        self.redactor
    }

    fn text(&mut self, kind: Kind, text: &str) -> String {
        self.met.push((kind, text.to_owned()));
        self.redactor.names.restore(kind, text)
    }

    fn name_in_path(&mut self, kind: Kind, name: &str) -> String {
        let (_, last) = split_path(name);
        let live = self.name(kind, last);
        let path = self.redactor.paths.get(last).map_or("", String::as_str);
        format!("{path}{}", live.trim_start_matches('/'))
    }

    fn word(&mut self, word: &str) -> Option<String> {
        self.redactor.names.lexicon().live(word).map(str::to_owned)
    }

    /// Keys are in the account that the client was told, principals in the one that it knows.
    fn account_of_principal(&mut self, account: &str) -> Option<String> {
        self.redactor.names.renamed_account(account).map(str::to_owned)
    }
}
