//! References: ARNs, key ids, aliases, principals.

use super::kind::Kind;
use super::known;
use super::substitute::Substitute;
use super::walk::{Walk, is_name};
use crate::model::{Arn, is_account_id, is_key_id, is_partition, is_service_principal};

impl<T: Substitute> Walk<T> {
    /// Translates an account: twelve digits.
    pub(super) fn account(&mut self, text: &str) -> String {
        if is_account_id(text) {
            self.0.account(text)
        } else {
            self.of_kind(Kind::Text("text"), text)
        }
    }

    /// Translates a `KeyId`: an id, an alias, or the ARN of either.
    pub(super) fn key_reference(&mut self, text: &str) -> String {
        if is_key_id(text) {
            self.of_kind(Kind::Key, text)
        } else if text.starts_with("alias/") {
            self.alias(text)
        } else if text.starts_with("arn:") {
            self.arn(text)
        } else {
            self.of_kind(Kind::Text("key-id"), text)
        }
    }

    /// Translates `alias/..`. The aliases of keys that AWS manages are public: `alias/aws/ebs`.
    pub(super) fn alias(&mut self, text: &str) -> String {
        if text.starts_with("arn:") {
            return self.arn(text);
        }
        let (prefix, name) = match text.strip_prefix("alias/aws/") {
            Some(name) if known::is_service(name) => return text.to_owned(),
            Some(name) => ("alias/aws/", name),
            None => match text.strip_prefix("alias/") {
                Some(name) => ("alias/", name),
                None => return self.of_kind(Kind::Text("alias-name"), text),
            },
        };
        if !is_name(name) || text.len() > 256 {
            return self.of_kind(Kind::Text("invalid*alias"), text);
        }
        if name.is_empty() {
            return prefix.to_owned();
        }
        format!("{prefix}{}", self.of_kind(Kind::Alias, name))
    }

    /// Translates a principal: an ARN, an account, a unique id.
    pub(super) fn principal(&mut self, text: &str) -> String {
        if text == "*" {
            text.to_owned()
        } else if text.starts_with("arn:") {
            self.arn(text)
        } else if is_account_id(text) {
            self.account(text)
        } else if is_unique_id(text) {
            self.of_kind(Kind::UniqueId, text)
        } else if text.contains(".amazonaws.com") && is_service_principal(text) {
            self.service_principal(text)
        } else if text.chars().all(|it| it.is_ascii_alphanumeric() || "_+=,.@:/-".contains(it)) {
            self.of_kind(Kind::Text("principal"), text)
        } else {
            self.of_kind(Kind::Text("invalid*principal"), text)
        }
    }

    /// Translates a service principal word by word, which keeps its form. The names of AWS's services are public; another
    /// one becomes `service-1.us-east-1.amazonaws.com`.
    pub(super) fn service_principal(&mut self, text: &str) -> String {
        if !is_service_principal(text) {
            return self.of_kind(Kind::Text("service-principal"), text);
        }
        let mut words = Vec::new();
        for word in text.split('.') {
            words.push(if known::is_service_word(word) {
                word.to_owned()
            } else {
                self.other(word, "service")
            });
        }
        words.join(".")
    }

    /// Translates an ARN, part by part.
    pub(super) fn arn(&mut self, text: &str) -> String {
        let Some(Arn { partition, service, region, account, resource }) = Arn::parse(text) else {
            return self.of_kind(Kind::Text("arn"), text);
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
        let service = if known::is_service(service) {
            service.to_owned()
        } else {
            self.other(service, "service")
        };
        let region = self.region(region);
        let account = match account {
            "" | "*" | "aws" => account.to_owned(),
            _ => match self.0.account_of_principal(account).filter(|_| is_principal) {
                Some(account) => account,
                None => self.account(account),
            },
        };
        format!("arn:{partition}:{service}:{region}:{account}:{redacted}")
    }

    /// Translates a Region; a text in the form of one stays.
    pub(super) fn region(&mut self, text: &str) -> String {
        if text.is_empty() || text == "*" || known::is_region(text) {
            return text.to_owned();
        }
        self.of_kind(Kind::Text("region"), text)
    }

    fn key_resource(&mut self, resource: &str) -> String {
        match resource.strip_prefix("key/") {
            Some("*") => resource.to_owned(),
            Some(id) if is_key_id(id) => format!("key/{}", self.of_kind(Kind::Key, id)),
            Some(id) => format!("key/{}", self.other(id, "key-id")),
            None if resource.starts_with("alias/") => self.alias(resource),
            None => self.other(resource, "resource"),
        }
    }

    fn principal_resource(&mut self, resource: &str) -> String {
        match resource.split_once('/') {
            Some(("role", name)) => format!("role/{}", self.0.name_in_path(Kind::Role, name)),
            Some(("user", name)) => format!("user/{}", self.0.name_in_path(Kind::User, name)),
            Some(("federated-user", name)) => {
                format!("federated-user/{}", self.0.name(Kind::Federated, name))
            }
            Some(("assumed-role", rest)) => {
                let (role, session) = rest.split_once('/').unwrap_or((rest, ""));
                let role = if known::is_role_of_service(role) {
                    role.to_owned()
                } else {
                    let role = self.0.name(Kind::Role, role);
                    self.0.see_session(&role, session);
                    role
                };
                let session = self.0.name(Kind::Session, session);
                format!("assumed-role/{role}/{session}")
            }
            _ if resource == "root" => resource.to_owned(),
            _ => self.other(resource, "principal"),
        }
    }

    fn other(&mut self, text: &str, stem: &'static str) -> String {
        self.0.name(Kind::Text(stem), text)
    }
}

/// Returns whether a text is a unique id of IAM, such as `AROA..`, which represents a deleted principal.
pub(super) fn is_unique_id(text: &str) -> bool {
    let prefix = ["AROA", "AIDA", "ASIA", "AKIA", "AGPA", "ANPA"];
    (20..=21).contains(&text.len())
        && prefix.iter().any(|it| text.starts_with(it))
        && text.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit())
}
