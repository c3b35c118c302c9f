//! The two directions of the table of pseudonyms: [`Redact`] and [`Restore`].
//!
//! The walk over a value finds the kind of each text, in the same way for both directions.

use serde_json::{Map, Value};

use super::Redactor;
use super::kind::{Kind, literal};
use super::memo::Memo;
use crate::scenario::{ADMIN, ADMIN_ROLE};

/// A substitution of single texts, whose kinds the walk knows.
pub(super) trait Substitute {
    /// Returns the table, with the user's decisions.
    fn redactor(&mut self) -> &mut Redactor;

    /// Returns the translations to reuse, if reusing one is the same as making it again.
    fn memo(&mut self) -> Option<&mut Memo>;

    /// Returns the replacement of a text of this kind.
    fn text(&mut self, kind: Kind, text: &str) -> String;

    /// Returns the replacement of the name of a role or a user, with the path before it.
    fn name_in_path(&mut self, kind: Kind, name: &str) -> String;

    /// Returns the replacement of a word of a sentence, of any kind, if the word is known.
    fn word(&mut self, word: &str) -> Option<String>;

    /// Returns the texts of several words in a sentence, and their replacements.
    fn phrases(&mut self, _sentence: &str) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Returns the replacement of an account.
    fn account(&mut self, account: &str) -> String {
        self.text(Kind::Account, account)
    }

    /// Returns the account of a principal, if it may differ from that of keys.
    fn account_of_principal(&mut self, _account: &str) -> Option<String> {
        None
    }

    /// Handles a session of `role`, which is translated already, before its translation.
    fn see_session(&mut self, _role: &str, _session: &str) {}

    /// Handles the members of an object before their translation.
    fn see_object(&mut self, _members: &Map<String, Value>) {}

    /// Returns the replacement of a name; an empty name and `*` are kept.
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

/// From live texts to pseudonyms.
pub(super) struct Redact<'a>(pub(super) &'a mut Redactor);

impl Substitute for Redact<'_> {
    fn redactor(&mut self) -> &mut Redactor {
        self.0
    }

    fn memo(&mut self) -> Option<&mut Memo> {
        #[cfg(test)]
        if self.0.broken.is_some() {
            return None;
        }
        Some(&mut self.0.names.redacted)
    }

    fn text(&mut self, kind: Kind, text: &str) -> String {
        #[cfg(test)]
        if self.0.broken == Some(kind) {
            self.0.names.forget_but_remember(kind, text);
            return text.to_owned();
        }
        if self.0.shows_texts && matches!(kind, Kind::Text(_) | Kind::Alias) {
            return text.to_owned();
        }
        self.0.names.redact(kind, text)
    }

    fn name_in_path(&mut self, kind: Kind, name: &str) -> String {
        let (path, last) = split_path(name);
        let paths = &self.0.paths;
        match self.0.names.pseudonym(kind, last).and_then(|it| paths.get(it)) {
            // A name with another path is another principal.
            Some(known) if known != path => self.text(kind, &format!("/{name}")),
            Some(_) => self.name(kind, last),
            None => {
                let pseudonym = self.name(kind, last);
                self.0.paths.insert(pseudonym.clone(), path.to_owned());
                self.0.names.change();
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

    /// Replaces the first live account by that of the test.
    fn account(&mut self, account: &str) -> String {
        let Redactor { names, account: own, .. } = &mut *self.0;
        if !names.is_taken(Kind::Account, own) {
            names.declare(Kind::Account, account, own);
        }
        self.text(Kind::Account, account)
    }

    /// Names the first session of a declared role after the role, whatever its live name.
    fn see_session(&mut self, role: &str, session: &str) {
        let is_declared = !role.is_empty() && !Kind::Role.is_pseudonym(role);
        if is_declared && !self.0.names.knows(Kind::Session, session) {
            let name = if role == ADMIN_ROLE { ADMIN } else { role };
            self.0.names.declare(Kind::Session, session, name);
        }
    }

    /// Names a token after the grant whose id is in the same object.
    fn see_object(&mut self, members: &Map<String, Value>) {
        let text = |member| members.get(member).and_then(Value::as_str);
        let Some(token) = text("GrantToken") else {
            return;
        };
        let Some(id) = text("GrantId") else {
            return;
        };
        if self.0.names.knows(Kind::Token, token) {
            return;
        }
        let grant = self.text(Kind::Grant, id);
        // A token that is a pseudonym already is its own.
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

/// From pseudonyms to live texts; unbound pseudonyms stay.
pub(super) struct Restore<'a> {
    redactor: &'a mut Redactor,
    /// Every pseudonym that occurred.
    met: Vec<(Kind, String)>,
    /// Whether they are handed out: then it does not matter whether they occur again.
    hands_out: bool,
}

impl<'a> Restore<'a> {
    pub(super) fn new(redactor: &'a mut Redactor) -> Self {
        Self { redactor, met: Vec::new(), hands_out: false }
    }

    /// Returns the translation for [`hand_out`](Self::hand_out).
    pub(super) fn handing_out(redactor: &'a mut Redactor) -> Self {
        Self { hands_out: true, ..Self::new(redactor) }
    }

    /// Binds the texts that occurred and that clients choose: an unbound one is its own live text from then on.
    pub(super) fn settle(self) {
        for (kind, pseudonym) in self.met {
            if matches!(kind, Kind::Alias | Kind::Text(_)) && kind != Kind::Text("marker") {
                self.redactor.names.redact(kind, &pseudonym);
            }
        }
    }

    /// Hands out all pseudonyms that occurred: an unbound one is its own live text from then on.
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

    fn memo(&mut self) -> Option<&mut Memo> {
        self.hands_out.then_some(&mut self.redactor.names.handed_out)
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

    /// Returns the client's own account: principals are in that, while keys are in the account from the answers.
    fn account_of_principal(&mut self, account: &str) -> Option<String> {
        self.redactor.names.renamed_account(account).map(str::to_owned)
    }
}
