//! Mistakes in names, which are unique in a test and in an account.

use std::collections::BTreeMap;

use super::{ADMIN, ADMIN_ROLE, Kind, Language, Limit, Message, bare_name, list};

/// Returns the mistake if a name cannot be declared.
pub(crate) fn reserved(name: &str) -> Option<Message> {
    Some(match name {
        "" => Message::new("a declared name cannot be empty"),
        "kms" => {
            reserved_because(name, "`kms` is the fixture itself; the parameter `kms: Kms` takes it")
        }
        "admin" => reserved_because(
            name,
            "`admin` is the administrator of the account and needs no declaration",
        ),
        _ => return None,
    })
}

/// Returns the mistake for a reserved name, with the reason.
pub(crate) fn reserved_because(name: &str, reason: &str) -> Message {
    Message::new(format!("the name `{name}` is reserved")).note(reason)
}

/// Returns the mistake for the second declaration of a name.
pub(crate) fn declared_twice(name: &str, first: Kind, second: Kind) -> Message {
    let message = Message::new(format!("the name `{name}` is declared twice"));
    let note = format!("it is {} already", first.noun());
    message.note(if first == second {
        note
    } else {
        note + "; keys, roles, users and grants share one namespace"
    })
}

/// Returns the mistake for a name that is not declared; `what` is the noun for its kind, with an article.
pub(crate) fn not_declared(what: &str, name: &str, known: &[&str]) -> Message {
    let noun = what.trim_start_matches("a ");
    // The administrator is a principal that needs no declaration.
    let admin = (what != Kind::Key.noun()).then_some(ADMIN);
    let message = Message::new(format!("no {noun} named `{name}` is declared"));
    let message = message.nearest(name, what, known.iter().copied().chain(admin));
    if known.is_empty() {
        message
    } else {
        message.note(format!("declared are {}", list(known.iter().copied())))
    }
}

/// The alias of a declared key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Alias<'a> {
    pub(crate) key: &'a str,
    pub(crate) account: &'a str,
    pub(crate) name: &'a str,
}

/// Returns each alias that an earlier key of its account has.
pub(crate) fn aliases(all: &[Alias<'_>]) -> Vec<(usize, Message)> {
    let mut seen = BTreeMap::new();
    let mut found = Vec::new();
    for (at, Alias { account, name, .. }) in all.iter().enumerate() {
        let first = *seen.entry((account, name)).or_insert(at);
        if first != at {
            let message = Message::new(format!("another key has the alias `{name}`"));
            let note = format!("`{}` has it already, in account {account}", all[first].key);
            found.push((at, message.note(note)));
        }
    }
    found
}

/// The sorts of principals. Each has its own namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Role,
    User,
    Federated,
}

impl Sort {
    fn limit(self) -> Limit {
        match self {
            Self::Role => Limit::RoleName,
            Self::User => Limit::UserName,
            Self::Federated => Limit::FederatedName,
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::User => "user",
            Self::Federated => "federated user",
        }
    }
}

/// A declared role or user.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Principal<'a> {
    pub(crate) declared: &'a str,
    pub(crate) sort: Sort,
    /// Its name in IAM or STS, if that is not the declared one.
    pub(crate) name: Option<&'a str>,
    /// Its account, if known.
    pub(crate) account: Option<&'a str>,
}

impl Principal<'_> {
    fn called(&self) -> &str {
        let name = self.name.unwrap_or(self.declared);
        // Names of STS have no path.
        if self.sort == Sort::Federated { name } else { bare_name(name) }
    }

    /// Returns whether both have one name in one account. IAM ignores the path and the case of a name.
    fn is_called_like(&self, other: &Principal<'_>) -> bool {
        self.sort == other.sort
            && self.account.is_some()
            && self.account == other.account
            && match self.sort {
                Sort::Federated => self.called() == other.called(),
                _ => self.called().to_lowercase() == other.called().to_lowercase(),
            }
    }
}

/// Returns the names that IAM or STS rejects, and each name that an earlier principal of its account has.
pub(crate) fn principals(
    all: &[Principal<'_>],
    own_account: &str,
    language: Language,
) -> Vec<(usize, Message)> {
    let mut found = Vec::new();
    for (at, principal) in all.iter().enumerate() {
        let declared = principal.declared;
        if declared == ADMIN || all[..at].iter().any(|it| it.declared == declared) {
            continue; // reported already
        }
        let name = principal.name.unwrap_or(declared);
        if let Some(message) = principal.sort.limit().mistake(name) {
            let message = match (principal.name, language) {
                (Some(_), _) => message,
                (None, Language::Attribute) => {
                    message.help(format!("set a name: `{declared}(name = \"..\")`"))
                }
                (None, Language::Scenario) => {
                    message.help(format!("set a name: {}", language.with_text("name", "..")))
                }
            };
            found.push((at, message));
        }
        let admin = Principal {
            declared: ADMIN,
            sort: Sort::Role,
            name: Some(ADMIN_ROLE),
            account: Some(own_account),
        };
        let others = [&admin].into_iter().chain(&all[..at]);
        if let Some(other) = others.into_iter().find(|it| it.is_called_like(principal)) {
            let account = principal.account.unwrap_or_default();
            let (noun, called) = (principal.sort.noun(), principal.called());
            let message = format!("account {account} has another {noun} named `{called}`");
            let note = match (other.declared, principal.sort) {
                (ADMIN, _) => "it is the administrator's role, `admin`".to_owned(),
                (other, Sort::Federated) => format!("it is declared as `{other}`"),
                (other, _) => {
                    format!("it is declared as `{other}`; IAM ignores paths and case here")
                }
            };
            found.push((at, Message::new(message).note(note)));
        }
    }
    found
}
