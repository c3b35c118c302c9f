//! References: ARNs, key ids, aliases, principals.

use super::Redactor;
use super::known;
use super::pseudonyms::Kind;
use super::walk::is_name;
use crate::model::{Arn, is_account_id, is_key_id, is_partition, is_service_principal};

impl Redactor {
    /// An account's twelve digits. The first live account is that of the test.
    pub(super) fn account(&mut self, text: &str) -> String {
        if !is_account_id(text) {
            return self.pseudonym(Kind::Text("text"), text);
        }
        if !self.back && !self.names.knows(Kind::Account, text) {
            let own = self.account.clone();
            if !self.names.is_taken(Kind::Account, &own) {
                self.names.declare(Kind::Account, text, &own);
            }
        }
        self.pseudonym(Kind::Account, text)
    }

    /// A `KeyId`: an id, an alias, or the ARN of either.
    pub(super) fn key_reference(&mut self, text: &str) -> String {
        if is_key_id(text) {
            self.pseudonym(Kind::Key, text)
        } else if text.starts_with("alias/") {
            self.alias(text)
        } else if text.starts_with("arn:") {
            self.arn(text)
        } else {
            self.pseudonym(Kind::Text("key-id"), text)
        }
    }

    /// `alias/..`; that of an AWS service keeps its prefix, because it means something.
    pub(super) fn alias(&mut self, text: &str) -> String {
        if text.starts_with("arn:") {
            return self.arn(text);
        }
        let (prefix, name) = match text.strip_prefix("alias/aws/") {
            Some(name) => ("alias/aws/", name),
            None => match text.strip_prefix("alias/") {
                Some(name) => ("alias/", name),
                None => return self.pseudonym(Kind::Text("alias-name"), text),
            },
        };
        if !is_name(name) || text.len() > 256 {
            return self.pseudonym(Kind::Text("invalid*alias"), text);
        }
        if name.is_empty() {
            return prefix.to_owned();
        }
        format!("{prefix}{}", self.pseudonym(Kind::Alias, name))
    }

    /// A principal: an ARN, an account, a unique id.
    pub(super) fn principal(&mut self, text: &str) -> String {
        if text == "*" {
            text.to_owned()
        } else if text.starts_with("arn:") {
            self.arn(text)
        } else if is_account_id(text) {
            self.account(text)
        } else if is_unique_id(text) {
            self.pseudonym(Kind::UniqueId, text)
        } else if text.chars().all(|it| it.is_ascii_alphanumeric() || "_+=,.@:/-".contains(it)) {
            self.pseudonym(Kind::Text("principal"), text)
        } else {
            self.pseudonym(Kind::Text("invalid*principal"), text)
        }
    }

    /// A service principal, word by word, so that it still is one: `service-1.us-east-1.amazonaws.com`.
    pub(super) fn service_principal(&mut self, text: &str) -> String {
        if !is_service_principal(text) {
            return self.pseudonym(Kind::Text("service-principal"), text);
        }
        let mut words = Vec::new();
        for word in text.split('.') {
            words.push(if known::is_region(word) {
                word.to_owned()
            } else {
                self.word_of(known::SERVICE_WORDS, word, "service")
            });
        }
        words.join(".")
    }

    /// An ARN, part by part.
    pub(super) fn arn(&mut self, text: &str) -> String {
        let Some(Arn { partition, service, region, account, resource }) = Arn::parse(text) else {
            return self.pseudonym(Kind::Text("arn"), text);
        };
        let is_principal = matches!(service, "iam" | "sts");
        let partition = if is_partition(partition) {
            partition.to_owned()
        } else {
            self.other(partition, "partition")
        };
        let redacted = match service {
            "kms" => self.key_resource(resource),
            "iam" | "sts" => self.principal_resource(resource),
            _ => self.other(resource, "resource"),
        };
        let service = self.word_of(known::SERVICES, service, "service");
        let region = self.region(region);
        let brought = self.names.brought_account(account).map(str::to_owned);
        let account = match account {
            "" | "*" | "aws" => account.to_owned(),
            // Keys are in the account that the test was told, principals in the one that it knows.
            _ if self.back && brought.is_some() && is_principal => brought.unwrap_or_default(),
            account => self.account(account),
        };
        format!("arn:{partition}:{service}:{region}:{account}:{redacted}")
    }

    /// A Region keeps its name, if it has the form of one.
    pub(super) fn region(&mut self, text: &str) -> String {
        if text.is_empty() || text == "*" || known::is_region(text) {
            return text.to_owned();
        }
        self.pseudonym(Kind::Text("region"), text)
    }

    fn key_resource(&mut self, resource: &str) -> String {
        match resource.strip_prefix("key/") {
            Some("*") => resource.to_owned(),
            Some(id) if is_key_id(id) => format!("key/{}", self.pseudonym(Kind::Key, id)),
            Some(id) => format!("key/{}", self.other(id, "key-id")),
            None if resource.starts_with("alias/") => self.alias(resource),
            None => self.other(resource, "resource"),
        }
    }

    fn principal_resource(&mut self, resource: &str) -> String {
        match resource.split_once('/') {
            Some(("role", name)) => format!("role/{}", self.in_path(Kind::Role, name)),
            Some(("user", name)) => format!("user/{}", self.in_path(Kind::User, name)),
            Some(("federated-user", name)) => {
                format!("federated-user/{}", self.named(Kind::Federated, name))
            }
            Some(("assumed-role", rest)) => {
                let (role, session) = rest.split_once('/').unwrap_or((rest, ""));
                let role = self.named(Kind::Role, role);
                // The first session of a declared role is called like it, whatever it is called in life.
                let is_declared = !role.is_empty() && !Kind::Role.is_pseudonym(&role);
                if !self.back && is_declared && !self.names.knows(Kind::Session, session) {
                    let name = if role == "Admin" { "admin" } else { &role };
                    self.names.declare(Kind::Session, session, name);
                }
                let session = self.named(Kind::Session, session);
                format!("assumed-role/{role}/{session}")
            }
            _ if resource == "root" => resource.to_owned(),
            _ => self.other(resource, "principal"),
        }
    }

    /// A role or a user behind its path, which a tape does not have.
    fn in_path(&mut self, kind: Kind, name: &str) -> String {
        let (path, last) = match name.rsplit_once('/') {
            Some((path, last)) => (format!("{path}/"), last),
            None => (String::new(), name),
        };
        if self.back {
            let live = self.named(kind, last).trim_start_matches('/').to_owned();
            return match self.paths.get(last) {
                Some(path) => format!("{path}{live}"),
                None => live,
            };
        }
        let known = self.names.pseudonym(kind, last).map(str::to_owned);
        match known.and_then(|it| self.paths.get(&it)) {
            // The same name behind another path is nobody, or somebody else.
            Some(known) if *known != path => self.pseudonym(kind, &format!("/{name}")),
            Some(_) => self.named(kind, last),
            None => {
                let pseudonym = self.named(kind, last);
                self.paths.insert(pseudonym.clone(), path);
                pseudonym
            }
        }
    }

    fn named(&mut self, kind: Kind, name: &str) -> String {
        if name.is_empty() || name == "*" {
            return name.to_owned();
        }
        self.pseudonym(kind, name)
    }

    fn other(&mut self, text: &str, stem: &'static str) -> String {
        if text.is_empty() || text == "*" {
            return text.to_owned();
        }
        self.pseudonym(Kind::Text(stem), text)
    }

    fn word_of(&mut self, words: &[&str], text: &str, stem: &'static str) -> String {
        if words.contains(&text) {
            return text.to_owned();
        }
        self.other(text, stem)
    }
}

/// `AROA..`, `AIDA..`: what IAM shows for a principal that is gone.
pub(super) fn is_unique_id(text: &str) -> bool {
    let prefix = ["AROA", "AIDA", "ASIA", "AKIA", "AGPA", "ANPA"];
    (20..=21).contains(&text.len())
        && prefix.iter().any(|it| text.starts_with(it))
        && text.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit())
}
