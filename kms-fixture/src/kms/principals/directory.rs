//! The principals that exist: the part of IAM and STS that KMS consults.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::credentials::Credentials;
use super::{Caller, Credential, Identity, NoPrincipal};
use crate::kms::arrival::{Change, View};
use crate::kms::ids::Ids;
use crate::kms::policy::Policy;
use crate::model::{Arn, is_account_id};

/// Whether an entity is a role or a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum EntityKind {
    Role,
    User,
}

/// The definition of a role or a user.
#[derive(Clone, Debug)]
pub(crate) struct EntitySpec {
    /// The name that it was declared with.
    pub(crate) declared: String,
    pub(crate) kind: EntityKind,
    pub(crate) account: String,
    /// The path and the name: `service/worker`.
    pub(crate) path_and_name: String,
    pub(crate) policies: Vec<Arc<Policy>>,
    pub(crate) boundary: Option<Arc<Policy>>,
    /// How long the sessions of a role are valid, if they expire.
    pub(crate) session_duration: Option<Duration>,
}

/// A role that exists.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Role<'a> {
    pub(crate) arn: &'a str,
    /// The name in IAM, without its path.
    pub(crate) name: &'a str,
    /// The name that it was declared with.
    pub(crate) declared: &'a str,
    pub(crate) account: &'a str,
    /// How long its declared sessions are valid, if they expire.
    pub(crate) session_duration: Option<Duration>,
}

/// A role or a user, alive or deleted.
#[derive(Debug)]
struct Entity {
    spec: EntitySpec,
    arn: String,
    unique_id: String,
    alive: bool,
    /// Its creation, which may not have arrived.
    made: Option<Change>,
}

/// Every account, role, user and credential of a fixture.
#[derive(Debug)]
pub(crate) struct Directory {
    partition: &'static str,
    accept_unknown: bool,
    /// The root ARN of each account.
    accounts: BTreeMap<String, String>,
    entities: Vec<Entity>,
    /// The entities that are alive, by ARN.
    by_arn: BTreeMap<String, usize>,
    /// The last role with each account and name without path, alive or deleted.
    by_role_name: BTreeMap<(String, String), usize>,
    /// How many principals each ARN has had.
    generations: BTreeMap<String, usize>,
    /// All entities, also deleted ones, by unique id.
    by_unique_id: BTreeMap<String, usize>,
    credentials: Credentials,
    /// Principals that are only texts.
    texts: BTreeSet<String>,
    /// The ARNs of principals that no request sees yet.
    hidden: Vec<String>,
    /// How often the name of an identity may have changed.
    generation: u64,
}

impl Directory {
    pub(crate) fn new(partition: &'static str, accept_unknown: bool) -> Self {
        Self {
            partition,
            accept_unknown,
            accounts: BTreeMap::new(),
            entities: Vec::new(),
            by_arn: BTreeMap::new(),
            by_role_name: BTreeMap::new(),
            generations: BTreeMap::new(),
            by_unique_id: BTreeMap::new(),
            credentials: Credentials::default(),
            texts: BTreeSet::new(),
            hidden: Vec::new(),
            generation: 0,
        }
    }

    /// Adds an account.
    pub(crate) fn add_account(&mut self, account: &str) {
        let root = format!("arn:{}:iam::{account}:root", self.partition);
        self.accounts.insert(account.to_owned(), root);
    }

    /// Adds a principal of which nothing but this text is known.
    pub(crate) fn add_text(&mut self, text: &str) {
        self.texts.insert(text.to_owned());
    }

    /// Hides principals, by their ARNs, from all requests until the next call; shows all others.
    pub(crate) fn hide(&mut self, arns: &[String]) {
        self.hidden = arns.to_vec();
    }

    /// Returns the accounts that exist.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = &str> {
        self.accounts.keys().map(String::as_str)
    }

    /// Adds a role or a user, also in place of a deleted one with its name; returns the unique id.
    pub(crate) fn add(&mut self, spec: EntitySpec, ids: &mut Ids, made: Option<Change>) -> String {
        let (word, prefix) = match spec.kind {
            EntityKind::Role => ("role", "AROA"),
            EntityKind::User => ("user", "AIDA"),
        };
        let arn =
            format!("arn:{}:iam::{}:{word}/{}", self.partition, spec.account, spec.path_and_name);
        self.add_account(&spec.account);
        self.generation += 1;
        let generation = self.generations.entry(arn.clone()).or_default();
        let unique_id = ids.named("principal", &format!("{arn}#{generation}")).upper(prefix, 21);
        *generation += 1;
        let index = self.entities.len();
        if spec.kind == EntityKind::Role {
            let name = bare_name(&spec.path_and_name).to_owned();
            self.by_role_name.insert((spec.account.clone(), name), index);
        }
        self.by_arn.insert(arn.clone(), index);
        self.by_unique_id.insert(unique_id.clone(), index);
        self.entities.push(Entity { spec, arn, unique_id: unique_id.clone(), alive: true, made });
        unique_id
    }

    /// Deletes a role or a user with its credentials; returns its definition.
    pub(crate) fn delete(&mut self, arn: &str) -> Option<EntitySpec> {
        let index = self.by_arn.remove(arn)?;
        self.generation += 1;
        let entity = &mut self.entities[index];
        entity.alive = false;
        let dead = entity.unique_id.clone();
        self.credentials.revoke(&dead);
        Some(self.entities[index].spec.clone())
    }

    /// Returns the definition of the last role or user with this ARN, alive or deleted.
    pub(crate) fn last(&self, arn: &str) -> Option<EntitySpec> {
        let mut entities = self.entities.iter().rev();
        entities.find(|it| it.arn == arn).map(|it| it.spec.clone())
    }

    /// Returns the caller for a session of the role `arn`.
    pub(crate) fn session(
        &self,
        arn: &str,
        name: &str,
        session_policy: Option<Arc<Policy>>,
    ) -> Option<Caller> {
        let entity = self.alive(arn).filter(|it| it.spec.kind == EntityKind::Role)?;
        let role = bare_name(&entity.spec.path_and_name);
        Some(Caller {
            identity: Identity::Session { role: entity.unique_id.clone(), name: name.to_owned() },
            account: entity.spec.account.clone(),
            arn: entity.arn.clone(),
            caller_arn: format!(
                "arn:{}:sts::{}:assumed-role/{role}/{name}",
                self.partition, entity.spec.account
            ),
            policies: entity.spec.policies.clone(),
            boundary: entity.spec.boundary.clone(),
            session_policy,
            entity_id: Some(entity.unique_id.clone()),
            via_service: None,
            source_arn: None,
        })
    }

    /// Returns the caller for the user `arn`.
    pub(crate) fn user(&self, arn: &str) -> Option<Caller> {
        let entity = self.alive(arn)?;
        Some(Caller {
            identity: Identity::User(entity.unique_id.clone()),
            account: entity.spec.account.clone(),
            arn: entity.arn.clone(),
            caller_arn: entity.arn.clone(),
            policies: entity.spec.policies.clone(),
            boundary: entity.spec.boundary.clone(),
            session_policy: None,
            entity_id: Some(entity.unique_id.clone()),
            via_service: None,
            source_arn: None,
        })
    }

    /// Returns the caller for the root of `account`.
    pub(crate) fn root(&self, account: &str) -> Caller {
        let arn = self.root_arn(account).into_owned();
        Caller {
            identity: Identity::Account(account.to_owned()),
            account: account.to_owned(),
            caller_arn: arn.clone(),
            arn,
            policies: vec![Arc::new(Policy::everything())],
            boundary: None,
            session_policy: None,
            entity_id: None,
            via_service: None,
            source_arn: None,
        }
    }

    /// Returns the caller for a federated user of `account`; its own permissions are those of its session policy.
    pub(crate) fn federated(
        &self,
        account: &str,
        name: &str,
        session_policy: Option<Arc<Policy>>,
    ) -> Caller {
        let arn = format!("arn:{}:sts::{account}:federated-user/{name}", self.partition);
        Caller {
            identity: Identity::Federated { account: account.to_owned(), name: name.to_owned() },
            account: account.to_owned(),
            caller_arn: arn.clone(),
            arn,
            policies: vec![Arc::new(Policy::everything())],
            boundary: None,
            session_policy: Some(session_policy.unwrap_or_else(|| Arc::new(Policy::nothing()))),
            entity_id: None,
            via_service: None,
            source_arn: None,
        }
    }

    /// Returns the caller for an AWS service that works for `account` on the resource `source_arn`.
    pub(crate) fn service(account: &str, name: &str, source_arn: Option<&str>) -> Caller {
        Caller {
            identity: Identity::Service(name.to_owned()),
            account: account.to_owned(),
            caller_arn: name.to_owned(),
            arn: name.to_owned(),
            policies: Vec::new(),
            boundary: None,
            session_policy: None,
            entity_id: None,
            via_service: None,
            source_arn: source_arn.map(str::to_owned),
        }
    }

    /// Returns the caller for the federated user that `by`, a user or a root, makes: it has at most the permissions of
    /// `by` and those of its session policy.
    pub(crate) fn federated_by(
        &self,
        by: &Caller,
        name: &str,
        session_policy: Option<Arc<Policy>>,
    ) -> Caller {
        Caller {
            policies: by.policies.clone(),
            boundary: by.boundary.clone(),
            entity_id: by.entity_id.clone(),
            ..self.federated(&by.account, name, session_policy)
        }
    }

    /// Returns the roles that a request sees.
    pub(crate) fn roles<'a>(&'a self, view: &'a View) -> impl Iterator<Item = Role<'a>> {
        let alive = self.by_arn.values().map(|&index| &self.entities[index]);
        let roles = alive.filter(|it| it.spec.kind == EntityKind::Role && view.sees(it.made));
        roles.map(|it| Role {
            arn: &it.arn,
            name: bare_name(&it.spec.path_and_name),
            declared: &it.spec.declared,
            account: &it.spec.account,
            session_duration: it.spec.session_duration,
        })
    }

    /// Returns how long the credentials of `caller` are valid, if they expire.
    pub(crate) fn session_duration(&self, caller: &Caller) -> Option<Duration> {
        let index = self.by_unique_id.get(caller.entity_id.as_ref()?)?;
        self.entities[*index].spec.session_duration
    }

    /// Issues credentials.
    pub(crate) fn issue(&mut self, credential: Arc<Credential>) {
        self.credentials.add(credential);
    }

    /// Issues credentials that expire, and forgets the oldest of those that have expired by `now`.
    pub(crate) fn issue_for_a_while(&mut self, credential: Arc<Credential>, now: SystemTime) {
        self.credentials.add_for_a_while(credential, now);
    }

    /// Returns the credentials with this access key id.
    pub(crate) fn credential(&self, access_key_id: &str) -> Option<Arc<Credential>> {
        self.credentials.get(access_key_id)
    }

    /// Returns the ARN of an account's root, as `IssuingAccount` contains it (fact 2.11).
    pub(crate) fn root_arn(&self, account: &str) -> Cow<'_, str> {
        match self.accounts.get(account) {
            Some(root) => root.into(),
            None => format!("arn:{}:iam::{account}:root", self.partition).into(),
        }
    }

    fn alive(&self, arn: &str) -> Option<&Entity> {
        self.by_arn.get(arn).map(|&index| &self.entities[index])
    }

    /// Returns the principal that `text` names, an ARN or a unique id, as far as a request sees it.
    pub(crate) fn resolve(&self, text: &str, view: &View) -> Result<Identity, NoPrincipal> {
        if self.hidden.iter().any(|it| it == text) {
            return Err(NoPrincipal::Unknown);
        }
        match self.find(text, view) {
            Err(_) if self.texts.contains(text) => Ok(Identity::Undeclared(text.to_owned())),
            found => found,
        }
    }

    fn find(&self, text: &str, view: &View) -> Result<Identity, NoPrincipal> {
        let Some(arn) = Arn::parse(text) else {
            return self.resolve_unique_id(text, view);
        };
        if arn.partition != self.partition || !arn.region.is_empty() {
            return Err(NoPrincipal::Unknown);
        }
        let known = match arn.service {
            "iam" => self.resolve_iam(text, &arn, view),
            "sts" => self.resolve_sts(&arn, view)?,
            // Keys, groups of other services and the like are not principals (facts 3.1.9, 3.3.5).
            _ => return Err(NoPrincipal::Unknown),
        };
        match known {
            Some(identity) => Ok(identity),
            None if self.accept_unknown && is_account_id(arn.account) && is_principal(&arn) => {
                Ok(Identity::Undeclared(text.to_owned()))
            }
            None => Err(NoPrincipal::Unknown),
        }
    }

    fn resolve_iam(&self, text: &str, arn: &Arn<'_>, view: &View) -> Option<Identity> {
        if arn.resource == "root" {
            return self
                .accounts
                .contains_key(arn.account)
                .then(|| Identity::Account(arn.account.to_owned()));
        }
        let entity = self.alive(text).filter(|it| view.sees(it.made))?;
        let unique_id = entity.unique_id.clone();
        Some(match entity.spec.kind {
            EntityKind::Role => Identity::Role(unique_id),
            EntityKind::User => Identity::User(unique_id),
        })
    }

    /// Resolves an STS ARN, which omits the role's path; an ARN with the path is invalid (fact 8b.1).
    fn resolve_sts(&self, arn: &Arn<'_>, view: &View) -> Result<Option<Identity>, NoPrincipal> {
        if let Some(name) = arn.resource.strip_prefix("federated-user/") {
            let known = self.accounts.contains_key(arn.account) && !name.is_empty();
            return Ok(known.then(|| Identity::Federated {
                account: arn.account.to_owned(),
                name: name.to_owned(),
            }));
        }
        let Some(rest) = arn.resource.strip_prefix("assumed-role/") else {
            return Err(NoPrincipal::Unknown);
        };
        let mut parts = rest.split('/');
        let (Some(role), Some(name), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoPrincipal::Malformed);
        };
        if role.is_empty() || name.is_empty() {
            return Err(NoPrincipal::Malformed);
        }
        let slot = (arn.account.to_owned(), role.to_owned());
        let entity = self
            .by_role_name
            .get(&slot)
            .map(|&index| &self.entities[index])
            .filter(|it| it.alive && view.sees(it.made));
        Ok(entity.map(|it| Identity::Session { role: it.unique_id.clone(), name: name.to_owned() }))
    }

    fn resolve_unique_id(&self, text: &str, view: &View) -> Result<Identity, NoPrincipal> {
        let (id, session) = match text.split_once(':') {
            Some((id, session)) => (id, Some(session)),
            None => (text, None),
        };
        if !matches!(id.get(..4), Some("AROA" | "AIDA")) {
            return Err(NoPrincipal::Malformed);
        }
        let entity = self
            .by_unique_id
            .get(id)
            .map(|&index| &self.entities[index])
            .filter(|it| it.alive && view.sees(it.made))
            .ok_or(NoPrincipal::DeadUniqueId)?;
        match (entity.spec.kind, session) {
            (EntityKind::Role, None) => Ok(Identity::Role(id.to_owned())),
            (EntityKind::Role, Some(name)) if !name.is_empty() => {
                Ok(Identity::Session { role: id.to_owned(), name: name.to_owned() })
            }
            (EntityKind::User, None) => Ok(Identity::User(id.to_owned())),
            _ => Err(NoPrincipal::Malformed),
        }
    }

    /// Returns AWS's current name for `identity`: an ARN, or the unique id of a deleted entity (fact 8b.11).
    pub(crate) fn name<'a>(&'a self, identity: &'a Identity) -> Cow<'a, str> {
        let entity = |id: &String| {
            self.by_unique_id.get(id).map(|&index| &self.entities[index]).filter(|it| it.alive)
        };
        match identity {
            Identity::Account(account) => self.root_arn(account),
            Identity::User(id) | Identity::Role(id) => {
                entity(id).map_or(id.as_str(), |it| it.arn.as_str()).into()
            }
            Identity::Session { role, name } => match entity(role) {
                Some(it) => format!(
                    "arn:{}:sts::{}:assumed-role/{}/{name}",
                    self.partition,
                    it.spec.account,
                    bare_name(&it.spec.path_and_name)
                ),
                None => format!("{role}:{name}"),
            }
            .into(),
            Identity::Federated { account, name } => {
                format!("arn:{}:sts::{account}:federated-user/{name}", self.partition).into()
            }
            Identity::Service(text) | Identity::Undeclared(text) => text.into(),
        }
    }

    /// Returns a number that changes whenever [`name`](Self::name) may return another name for an identity.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// Returns the account that `identity` belongs to, if any.
    pub(crate) fn account_of<'a>(&'a self, identity: &'a Identity) -> Option<&'a str> {
        match identity {
            Identity::Account(account) | Identity::Federated { account, .. } => Some(account),
            Identity::User(id) | Identity::Role(id) | Identity::Session { role: id, .. } => {
                self.by_unique_id.get(id).map(|&index| self.entities[index].spec.account.as_str())
            }
            Identity::Undeclared(text) => Arn::parse(text).map(|arn| arn.account),
            Identity::Service(_) => None,
        }
    }
}

/// Returns whether an ARN has the form of a principal that a grant can name; a group does not (fact 3.1.9).
fn is_principal(arn: &Arn<'_>) -> bool {
    let resource = arn.resource;
    match arn.service {
        "iam" => {
            resource == "root" || resource.starts_with("role/") || resource.starts_with("user/")
        }
        "sts" => resource.starts_with("assumed-role/") || resource.starts_with("federated-user/"),
        _ => false,
    }
}

/// Returns the name without its path.
fn bare_name(path_and_name: &str) -> &str {
    path_and_name.rsplit('/').next().unwrap_or(path_and_name)
}
