//! The table of pseudonyms: one for each live text, none for two.

use std::collections::{BTreeMap, HashMap, HashSet};

use sha2::{Digest, Sha256};

use super::blob;
use crate::api::shapes;
use crate::kms::ids::hex;

/// What a text is, which decides what its pseudonym looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Twelve digits.
    Account,
    /// The id of a key.
    Key,
    /// The id of a grant.
    Grant,
    /// A grant token.
    Token,
    /// The id of key material.
    Material,
    /// The name of a role, without its path.
    Role,
    /// The name of a user.
    User,
    /// The name of a session.
    Session,
    /// The name of a federated user.
    Federated,
    /// A unique id of IAM.
    UniqueId,
    /// What stands behind `alias/`.
    Alias,
    /// Bytes in base64.
    Blob(&'static str),
    /// Any other text.
    Text(&'static str),
}

impl Kind {
    /// What a thing of this kind is called that nobody has named.
    pub(crate) fn stem(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Key => "key",
            Self::Grant => "grant",
            Self::Token => "token",
            Self::Material => "material",
            Self::Role => "role",
            Self::User => "user",
            Self::Session => "session",
            Self::Federated => "federated",
            Self::UniqueId => "unique-id",
            Self::Alias => "alias",
            Self::Blob(stem) | Self::Text(stem) => stem,
        }
    }

    /// Whether `text` has the form of a pseudonym of this kind.
    pub(crate) fn is_pseudonym(self, text: &str) -> bool {
        self.read(text).is_some()
    }

    /// The number of `text`, if it is a pseudonym of this kind that was numbered; 0 for one that was named.
    fn read(self, text: &str) -> Option<u64> {
        // An 8 in front of a hash; a number begins with 1.
        let digits = |it: &str| match it.strip_prefix('8') {
            Some(hash) if it.len() > 11 => {
                let is_hash = hash.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
                is_hash.then_some(0)
            }
            _ => it.parse().ok().filter(|number| *number > 0),
        };
        match self {
            Self::Account => digits(text.strip_prefix("000000000")?),
            Self::Key => {
                digits(text.strip_prefix(UUID).or_else(|| text.strip_prefix(MULTI_REGION))?)
            }
            Self::Grant => digits(text.strip_prefix(&ZEROS[..48])?),
            Self::Material => digits(text.strip_prefix('1')?.strip_prefix(&ZEROS[..47])?),
            Self::UniqueId => text.get(4..)?.strip_prefix("000000000")?.parse().ok(),
            Self::Token => {
                let bytes = base64::URL_SAFE_NO_PAD.decode_to_vec(text).ok()?;
                let name = String::from_utf8(bytes).ok()?;
                let name = name.strip_prefix(TOKEN)?;
                Some(numbered(self.stem(), name).unwrap_or(0))
            }
            Self::Blob(stem) => blob::read(stem, text),
            _ => numbered(self.stem(), text.trim_end_matches('_')),
        }
    }
}

const ZEROS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
const UUID: &str = "00000000-0000-4000-8000-";
const MULTI_REGION: &str = "mrk-00000000000000000000";
const TOKEN: &str = "kms-fixture grant token of ";

/// The number in `stem-7`.
pub(super) fn numbered(stem: &str, name: &str) -> Option<u64> {
    let digits = name.strip_prefix(stem)?.strip_prefix('-')?;
    let plain = !digits.starts_with(['0', '+']) && digits.len() <= 9;
    digits.parse().ok().filter(|_| plain)
}

/// The pseudonym of the thing called `name`. What it replaces, `live`, decides lengths and prefixes.
pub(crate) fn literal(kind: Kind, name: &str, live: &str) -> String {
    // A number stays readable; the name of a declared thing is hashed into digits behind an 8.
    let digits = |length: usize| match numbered(kind.stem(), name) {
        Some(number) => format!("{number:0length$}"),
        None => format!("8{}", &hex(&Sha256::digest(name.as_bytes()))[1..length]),
    };
    match kind {
        Kind::Account => format!("{:0>12}", numbered(kind.stem(), name).unwrap_or(1)),
        Kind::Key if live.starts_with("mrk-") => format!("{MULTI_REGION}{}", digits(12)),
        Kind::Key => format!("{UUID}{}", digits(12)),
        Kind::Grant => format!("{}{}", &ZEROS[..48], digits(16)),
        Kind::Material => format!("1{}{}", &ZEROS[..47], digits(16)),
        Kind::UniqueId => {
            let prefix = live.get(..4).unwrap_or("AROA");
            format!("{prefix}{:017}", numbered(kind.stem(), name).unwrap_or(0))
        }
        Kind::Token => base64::URL_SAFE_NO_PAD.encode_to_string(format!("{TOKEN}{name}")),
        Kind::Blob(stem) => {
            let bytes = base64::STANDARD.decode_to_vec(live);
            blob::literal(stem, name, bytes.map_or(0, |it| it.len()))
        }
        // What is too long for the service has a pseudonym that is.
        Kind::Text(stem) if longest(stem).is_some_and(|it| live.chars().count() > it) => {
            padded(name, longest(stem).unwrap_or_default() + 1)
        }
        _ => name.to_owned(),
    }
}

/// `name` with as many underscores behind it as make it so long.
fn padded(name: &str, length: usize) -> String {
    let missing = length.saturating_sub(name.len());
    name.chars().chain(std::iter::repeat_n('_', missing)).collect()
}

/// Returns the largest length of a text that the API takes.
fn longest(stem: &str) -> Option<usize> {
    let shape = match stem {
        "description" => &shapes::DescriptionType,
        "grant-id" => &shapes::GrantIdType,
        "key-id" => &shapes::KeyIdType,
        "marker" => &shapes::MarkerType,
        "name" => &shapes::GrantNameType,
        "tag-key" => &shapes::TagKeyType,
        "tag-value" => &shapes::TagValueType,
        _ => return None,
    };
    shape.longest()
}

/// What a numbered pseudonym is called: `key-1`.
pub(crate) fn name_of(kind: Kind, pseudonym: &str) -> Option<String> {
    let number = kind.read(pseudonym).filter(|it| *it > 0)?;
    Some(format!("{}-{number}", kind.stem()))
}

/// What a pseudonym says that it is called: its number, or the name that it is made of; a hash says nothing.
fn own_name(kind: Kind, pseudonym: &str, number: u64) -> String {
    if number > 0 {
        return format!("{}-{number}", kind.stem());
    }
    let bytes = match kind {
        Kind::Token => base64::URL_SAFE_NO_PAD.decode_to_vec(pseudonym).ok(),
        _ => None,
    };
    let text = bytes.and_then(|it| String::from_utf8(it).ok());
    let name = text.and_then(|it| it.strip_prefix(TOKEN).map(str::to_owned));
    name.unwrap_or_else(|| pseudonym.to_owned())
}

/// Live texts and what stands for them.
#[derive(Clone, Debug, Default)]
pub(super) struct Pseudonyms {
    forward: HashMap<(Kind, String), String>,
    /// Which live text a pseudonym stands for. A pseudonym of one kind is never one of another that could be mixed up
    /// with it, because both have their kind's form.
    taken: HashMap<(Kind, String), String>,
    counts: BTreeMap<Kind, u64>,
    /// The tokens of each grant, by the grant's name.
    tokens: HashMap<String, u32>,
    names: BTreeMap<String, String>,
    /// Texts of any kind, for finding them in sentences.
    words: HashMap<String, String>,
    /// Those of several words.
    phrases: HashMap<String, String>,
    /// And back.
    meant: HashMap<String, String>,
    /// Names of accounts and principals that a client brings along, for what the tape has named.
    aliased: HashMap<(Kind, String), String>,
    /// Whether texts come from a live service, where nothing is a pseudonym yet.
    pub(super) is_live: bool,
    /// Whether clients have names of their own for what is declared.
    pub(super) brings_along: bool,
    /// Pseudonyms that a client has from the tape.
    handed_out: HashSet<(Kind, String)>,
    /// What was entered, in order.
    log: Vec<(Kind, String, String)>,
}

/// A state of the table.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    length: usize,
    counts: BTreeMap<Kind, u64>,
}

impl Pseudonyms {
    /// The pseudonym of `live`, a new one if it has none.
    pub(super) fn of(&mut self, kind: Kind, live: &str) -> String {
        if let Some(known) = self.forward.get(&(kind, live.to_owned())) {
            return known.clone();
        }
        // What a client has from the tape stands for itself, whatever else is called by it.
        if self.handed_out.contains(&(kind, live.to_owned())) {
            return live.to_owned();
        }
        // A pseudonym stands for itself, unless it comes from life and only looks like one.
        if let Some(number) = kind.read(live)
            && !self.is_live
            && !self.taken.contains_key(&(kind, live.to_owned()))
        {
            let name = own_name(kind, live, number);
            return self.enter(kind, live, live.to_owned(), &name);
        }
        loop {
            let count = self.counts.entry(kind).or_insert(0);
            *count += 1;
            let name = format!("{}-{count}", kind.stem());
            let pseudonym = literal(kind, &name, live);
            if !self.taken.contains_key(&(kind, pseudonym.clone())) {
                return self.enter(kind, live, pseudonym, &name);
            }
        }
    }

    /// Makes the pseudonym of `live` that of `name`, unless it has one.
    pub(super) fn declare(&mut self, kind: Kind, live: &str, name: &str) {
        if self.forward.contains_key(&(kind, live.to_owned())) {
            return;
        }
        let plain = matches!(kind, Kind::Account);
        let pseudonym = if plain { name.to_owned() } else { literal(kind, name, live) };
        if !self.taken.contains_key(&(kind, pseudonym.clone())) {
            self.enter(kind, live, pseudonym, name);
        }
    }

    /// What `pseudonym` stands for, or itself. What a client has brought along comes before what it was given.
    pub(super) fn live(&self, kind: Kind, pseudonym: &str) -> String {
        let place = (kind, pseudonym.to_owned());
        let brought = self.aliased.get(&place).filter(|_| kind != Kind::Account);
        let live = brought.or_else(|| self.taken.get(&place));
        live.map_or(pseudonym, String::as_str).to_owned()
    }

    /// The account that a client has brought along for this one.
    pub(super) fn brought_account(&self, pseudonym: &str) -> Option<&str> {
        let brought = self.aliased.get(&(Kind::Account, pseudonym.to_owned()));
        brought.map(String::as_str)
    }

    /// Makes a pseudonym that stands for nothing stand for itself.
    pub(super) fn hand_out(&mut self, kind: Kind, pseudonym: &str) {
        let number = kind.read(pseudonym);
        if let Some(number) = number.filter(|_| !self.is_taken(kind, pseudonym)) {
            let name = own_name(kind, pseudonym, number);
            self.enter(kind, pseudonym, pseudonym.to_owned(), &name);
            self.handed_out.insert((kind, pseudonym.to_owned()));
        }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { length: self.log.len(), counts: self.counts.clone() }
    }

    /// The pseudonyms that were made since `mark`.
    pub(super) fn since(&self, mark: &Mark) -> impl Iterator<Item = (Kind, &str)> {
        let made = self.log.get(mark.length..).unwrap_or_default();
        made.iter().map(|(kind, _, it)| (*kind, it.as_str()))
    }

    pub(super) fn rollback(&mut self, mark: &Mark) {
        while self.log.len() > mark.length {
            if let Some((kind, live, pseudonym)) = self.log.pop() {
                self.remove(kind, &live, &pseudonym);
            }
        }
        self.counts.clone_from(&mark.counts);
    }

    /// Whether something may be called `tape` that is not yet: nothing is, or only the tape's own text, and the thing
    /// is of a kind that clients name by themselves.
    pub(super) fn is_free(&self, kind: Kind, tape: &str) -> bool {
        match self.taken.get(&(kind, tape.to_owned())) {
            None => true,
            Some(live) => {
                // What the service makes is only known from its answers.
                let made = matches!(
                    kind,
                    Kind::Key
                        | Kind::Grant
                        | Kind::Token
                        | Kind::Material
                        | Kind::Blob(_)
                        | Kind::Text("marker")
                );
                let place = (kind, tape.to_owned());
                let is_told = self.brings_along || self.handed_out.contains(&place);
                !made && is_told && live == tape && !self.aliased.contains_key(&place)
            }
        }
    }

    /// Whether `text` is known, and called what it is: a declared name, or what an answer has handed out.
    pub(super) fn stands_for_itself(&self, kind: Kind, text: &str) -> bool {
        let live = self.taken.get(&(kind, text.to_owned()));
        live.is_some_and(|it| it == text)
    }

    /// Makes what each fresh pseudonym stands for be called what stands on the tape.
    pub(super) fn rebind(&mut self, bound: Vec<(Kind, String, String)>) {
        let mut free = Vec::new();
        // All are taken away before any is given, because one may have the name that another gets.
        for (kind, fresh, tape) in bound {
            if fresh == tape {
                continue;
            }
            let Some(live) = self.taken.get(&(kind, fresh.clone())).cloned() else {
                continue;
            };
            self.remove(kind, &live, &fresh);
            // What is rebound was made just now.
            let entry = (kind, live, fresh);
            if let Some(place) = self.log.iter().rposition(|it| *it == entry) {
                self.log.remove(place);
            }
            free.push((kind, entry.1, tape));
        }
        for (kind, live, tape) in free {
            if self.is_taken(kind, &tape) {
                self.forward.insert((kind, live.clone()), tape.clone());
                self.aliased.insert((kind, tape.clone()), live.clone());
                self.log.push((kind, live, tape));
            } else {
                let name = own_name(kind, &tape, kind.read(&tape).unwrap_or(0));
                self.enter(kind, &live, tape, &name);
            }
        }
    }

    fn remove(&mut self, kind: Kind, live: &str, pseudonym: &str) {
        self.forward.remove(&(kind, live.to_owned()));
        let place = (kind, pseudonym.to_owned());
        // What was brought along goes, what the tape has named stays.
        if self.aliased.get(&place).is_some_and(|it| it == live) {
            self.aliased.remove(&place);
            return;
        }
        self.taken.remove(&place);
        if self.words.get(live).is_some_and(|it| it == pseudonym) {
            self.words.remove(live);
            self.phrases.remove(live);
        }
        if self.meant.get(pseudonym).is_some_and(|it| it == live) {
            self.meant.remove(pseudonym);
        }
        self.names.remove(pseudonym);
    }

    /// What a pseudonym of whatever kind stands for.
    pub(super) fn meant(&self, pseudonym: &str) -> Option<&str> {
        self.meant.get(pseudonym).map(String::as_str)
    }

    /// How many tokens of a grant have a name.
    pub(super) fn next_token(&mut self, grant: &str) -> u32 {
        let tokens = self.tokens.entry(grant.to_owned()).or_insert(0);
        *tokens += 1;
        *tokens
    }

    /// Whether `live` has a pseudonym already.
    pub(super) fn knows(&self, kind: Kind, live: &str) -> bool {
        self.forward.contains_key(&(kind, live.to_owned()))
    }

    /// The pseudonym that `live` has.
    pub(super) fn pseudonym(&self, kind: Kind, live: &str) -> Option<&str> {
        let known = self.forward.get(&(kind, live.to_owned()));
        known.map(String::as_str)
    }

    /// Whether `pseudonym` stands for something already.
    pub(super) fn is_taken(&self, kind: Kind, pseudonym: &str) -> bool {
        self.taken.contains_key(&(kind, pseudonym.to_owned()))
    }

    /// The name of a pseudonym.
    pub(super) fn name(&self, pseudonym: &str) -> Option<&str> {
        self.names.get(pseudonym).map(String::as_str)
    }

    /// The pseudonym of a text of whatever kind.
    pub(super) fn word(&self, live: &str) -> Option<&str> {
        self.words.get(live).map(String::as_str)
    }

    /// Live texts that are more than one word.
    pub(super) fn phrases(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.phrases.iter();
        all.map(|(live, it)| (live.as_str(), it.as_str()))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names.iter().map(|(it, name)| (it.as_str(), name.as_str()))
    }

    #[cfg(feature = "record")]
    pub(super) fn replaced(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.forward.iter().map(|((_, live), it)| (live.as_str(), it.as_str()));
        all.filter(|(live, it)| live != it)
    }

    fn enter(&mut self, kind: Kind, live: &str, pseudonym: String, name: &str) -> String {
        self.forward.insert((kind, live.to_owned()), pseudonym.clone());
        self.taken.insert((kind, pseudonym.clone()), live.to_owned());
        self.log.push((kind, live.to_owned(), pseudonym.clone()));
        if live.contains(char::is_whitespace) {
            let phrase = self.phrases.entry(live.to_owned());
            phrase.or_insert_with(|| pseudonym.clone());
        }
        self.meant.entry(pseudonym.clone()).or_insert_with(|| live.to_owned());
        self.words.entry(live.to_owned()).or_insert_with(|| pseudonym.clone());
        self.names.entry(pseudonym.clone()).or_insert_with(|| name.to_owned());
        pseudonym
    }

    /// Lets a text through, as a redactor with a hole would, without forgetting that it is live.
    #[cfg(test)]
    pub(super) fn forget_but_remember(&mut self, kind: Kind, live: &str) {
        self.forward.insert((kind, live.to_owned()), String::new());
    }
}
