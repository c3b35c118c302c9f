//! The declarations of keys, roles, users and grants, with the words of the attribute.

use super::fields::{Declared, fields};
use super::permissions::Permission;
use super::policy_source::PolicySource;
use crate::model::declare::{Kind, Limit};
use crate::model::{GrantOperation, KeySpec, KeyState, KeyUsage, Origin};

/// Defines a declaration. Its options are fields, which start empty and have the options' names; a field after `;` is
/// not an option.
macro_rules! declaration {
    (
        $(#[$doc:meta])*
        pub struct $type:ident: $kind:ident {
            $(..$inner:ident: $inner_type:ty;)?
            $($field:ident: $field_type:ty),* $(,)?
            $(; $(#[$hidden_doc:meta])* $hidden:ident: $hidden_type:ty,)?
        }

        $(#[$new_doc:meta])*
        pub fn new;
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[must_use = "a declaration does nothing until it is added to a scenario or a builder"]
        pub struct $type {
            pub(crate) declared: String,
            $(pub(crate) $inner: $inner_type,)?
            $(pub(crate) $field: $field_type,)*
            $($(#[$hidden_doc])* pub(crate) $hidden: $hidden_type,)?
        }

        impl $type {
            $(#[$new_doc])*
            pub fn new(name: impl Into<String>) -> Self {
                Self {
                    declared: name.into(),
                    $($inner: Default::default(),)?
                    $($field: Default::default(),)*
                    $($hidden: Default::default(),)?
                }
            }
        }

        impl AsRef<str> for $type {
            /// Returns the declared name.
            fn as_ref(&self) -> &str {
                &self.declared
            }
        }

        impl From<&str> for $type {
            /// Returns a declaration of this name without options.
            fn from(name: &str) -> Self {
                Self::new(name)
            }
        }

        impl From<String> for $type {
            /// Returns a declaration of this name without options.
            fn from(name: String) -> Self {
                Self::new(name)
            }
        }

        fields!($type { $(..$inner;)? $($field),* });

        impl Declared for $type {
            const KIND: Kind = Kind::$kind;

            fn declare(name: &str) -> Self {
                Self::new(name)
            }
        }
    };
}

declaration! {
    /// A key to start with, as in `keys(archive(state(Disabled)))`.
    ///
    /// ```
    /// use kms_fixture::model::KeyState;
    /// use kms_fixture::scenario::KeyDeclaration;
    ///
    /// let archive = KeyDeclaration::new("archive").state(KeyState::Disabled).alias("alias/archive");
    /// assert_eq!(archive.as_ref(), "archive");
    /// ```
    pub struct KeyDeclaration: Key {
        state: Option<KeyState>,
        spec: Option<KeySpec>,
        usage: Option<KeyUsage>,
        origin: Option<Origin>,
        multi_region: bool,
        account: Option<String>,
        alias: Option<String>,
        policy: Option<PolicySource>,
        description: Option<String>,
        tags: Vec<(String, String)>,
    }

    /// Declares a symmetric encryption key, enabled, with the default key policy.
    pub fn new;
}

impl KeyDeclaration {
    /// Sets the state in which the key starts.
    pub fn state(mut self, state: KeyState) -> Self {
        self.state = Some(state);
        self
    }

    /// Sets the key spec.
    pub fn spec(mut self, spec: KeySpec) -> Self {
        self.spec = Some(spec);
        self
    }

    /// Sets the key usage. Default: the only one that fits the spec.
    pub fn usage(mut self, usage: KeyUsage) -> Self {
        self.usage = Some(usage);
        self
    }

    /// Sets the origin of the key material.
    pub fn origin(mut self, origin: Origin) -> Self {
        self.origin = Some(origin);
        self
    }

    /// Sets whether the key is a multi-Region primary key, with an `mrk-` id.
    pub fn multi_region(mut self, multi_region: bool) -> Self {
        self.multi_region = multi_region;
        self
    }

    /// Sets the account that owns the key.
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// Sets an alias of the key, `alias/...`.
    pub fn alias(mut self, alias: impl Into<String>) -> Self {
        self.alias = Some(alias.into());
        self
    }

    /// Sets the file with the key policy, relative to the file that declares the key.
    pub fn policy_file(mut self, path: impl Into<String>) -> Self {
        self.policy = Some(PolicySource::File(path.into()));
        self
    }

    /// Sets the key policy, as JSON text.
    pub fn policy(mut self, document: impl Into<String>) -> Self {
        self.policy = Some(PolicySource::Document(document.into()));
        self
    }

    /// Sets the description.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets the options `found`, where they are open, to those of `live`.
    pub(crate) fn fill(&mut self, found: &[String], live: &Self) {
        for option in found {
            match option.as_str() {
                "spec" => self.spec = self.spec.or(live.spec),
                "usage" => self.usage = self.usage.or(live.usage),
                "origin" => self.origin = self.origin.or(live.origin),
                "state" => self.state = self.state.or(live.state),
                "multi_region" => self.multi_region |= live.multi_region,
                "description" if self.description.is_none() => {
                    self.description.clone_from(&live.description);
                }
                "alias" if self.alias.is_none() => self.alias.clone_from(&live.alias),
                "tags" if self.tags.is_empty() => self.tags.clone_from(&live.tags),
                _ => {}
            }
        }
    }

    /// Adds a tag.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.tags.push((key.into(), value.into()));
        self
    }
}

/// The options that roles and users share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entity {
    pub(crate) account: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) allow: Vec<Permission>,
    pub(crate) policy: Option<PolicySource>,
    pub(crate) boundary: Option<PolicySource>,
}

fields!(Entity { account, name, allow, policy, boundary });

macro_rules! entity_options {
    () => {
        /// Sets its account.
        pub fn account(mut self, account: impl Into<String>) -> Self {
            self.entity.account = Some(account.into());
            self
        }

        /// Sets its name in IAM or STS, with an optional path (`service/worker`). Default: the declared name.
        pub fn name(mut self, name: impl Into<String>) -> Self {
            self.entity.name = Some(name.into());
            self
        }

        /// Allows actions on every resource in its identity-based policy, such as `kms:ListGrants`.
        pub fn allow<S: Into<String>>(mut self, actions: impl IntoIterator<Item = S>) -> Self {
            let actions = actions.into_iter().map(|it| Permission::Everywhere(it.into()));
            self.entity.allow.extend(actions);
            self
        }

        /// Allows actions on these declared keys in its identity-based policy, as `allow("kms:CreateGrant", on(orders))`
        /// does.
        ///
        /// ```
        /// use kms_fixture::Fixture;
        /// use kms_fixture::scenario::RoleDeclaration;
        ///
        /// let broker = RoleDeclaration::new("broker").allow_on(["kms:CreateGrant"], ["orders"]);
        /// Fixture::builder().key("orders").role(broker).start()?;
        /// # Ok::<(), kms_fixture::Error>(())
        /// ```
        pub fn allow_on<S: Into<String>, K: AsRef<str>>(
            mut self,
            actions: impl IntoIterator<Item = S>,
            keys: impl IntoIterator<Item = K>,
        ) -> Self {
            let actions = actions.into_iter().map(Into::into).collect();
            let keys = keys.into_iter().map(|it| it.as_ref().to_owned()).collect();
            self.entity.allow.push(Permission::On { actions, keys });
            self
        }

        /// Sets the file with its identity-based policy, relative to the file that declares it.
        pub fn policy_file(mut self, path: impl Into<String>) -> Self {
            self.entity.policy = Some(PolicySource::File(path.into()));
            self
        }

        /// Sets its identity-based policy, as JSON text.
        pub fn policy(mut self, document: impl Into<String>) -> Self {
            self.entity.policy = Some(PolicySource::Document(document.into()));
            self
        }

        /// Sets the file with its permissions boundary, relative to the file that declares it.
        pub fn boundary_file(mut self, path: impl Into<String>) -> Self {
            self.entity.boundary = Some(PolicySource::File(path.into()));
            self
        }

        /// Sets its permissions boundary, as JSON text.
        pub fn boundary(mut self, document: impl Into<String>) -> Self {
            self.entity.boundary = Some(PolicySource::Document(document.into()));
            self
        }
    };
}

declaration! {
    /// A role to start with, as in `roles(worker)`. It calls through a session, and has no permissions of its own.
    ///
    /// ```
    /// use kms_fixture::scenario::RoleDeclaration;
    ///
    /// let janitor = RoleDeclaration::new("janitor").allow(["kms:ListRetirableGrants"]).session("night-shift");
    /// assert_eq!(janitor.as_ref(), "janitor");
    /// ```
    pub struct RoleDeclaration: Role {
        ..entity: Entity;
        session: Option<String>,
        session_seconds: Option<u32>,
        session_policy: Option<PolicySource>,
    }

    /// Declares a role without any permission.
    pub fn new;
}

impl RoleDeclaration {
    entity_options!();

    /// Returns the name of the session, or its default.
    pub(crate) fn session_name(&self) -> &str {
        match &self.session {
            Some(given) => given,
            None if Limit::SessionName.mistake(&self.declared).is_none() => &self.declared,
            None => "session",
        }
    }

    /// Sets the name of the session that calls. Default: the declared name, or `session` if STS does not accept it.
    pub fn session(mut self, session: impl Into<String>) -> Self {
        self.session = Some(session.into());
        self
    }

    /// Sets how many seconds after the fixture's start the session's credentials expire, by the fixture's clock: 900 to
    /// 43200, as in STS. Default: they do not expire.
    pub fn session_seconds(mut self, seconds: u32) -> Self {
        self.session_seconds = Some(seconds);
        self
    }

    /// Sets the file with the session policy, relative to the file that declares the role.
    pub fn session_policy_file(mut self, path: impl Into<String>) -> Self {
        self.session_policy = Some(PolicySource::File(path.into()));
        self
    }

    /// Sets the session policy, as JSON text.
    pub fn session_policy(mut self, document: impl Into<String>) -> Self {
        self.session_policy = Some(PolicySource::Document(document.into()));
        self
    }
}

declaration! {
    /// A user to start with, as in `users(alice)`: an IAM user or a federated user. It has no permissions of its own.
    ///
    /// ```
    /// use kms_fixture::scenario::UserDeclaration;
    ///
    /// let alice = UserDeclaration::new("alice").allow(["kms:ListKeys"]);
    /// let guest = UserDeclaration::new("guest").federated(true);
    /// assert_eq!([alice.as_ref(), guest.as_ref()], ["alice", "guest"]);
    /// ```
    pub struct UserDeclaration: User {
        ..entity: Entity;
        federated: bool,
    }

    /// Declares a user without any permission.
    pub fn new;
}

impl UserDeclaration {
    entity_options!();

    /// Sets whether it is a federated user, with credentials from STS's `GetFederationToken`. Its ARN is
    /// `arn:aws:sts::<account>:federated-user/<name>`, and its permissions here are its session policy. Its name has 2
    /// to 32 letters, digits and `_+=,.@-`; it has no unique id, no path and no boundary. The principal that obtained
    /// the credentials has all permissions.
    pub fn federated(mut self, federated: bool) -> Self {
        self.federated = federated;
        self
    }

    /// Returns the service of its ARN, and the word before its name.
    pub(crate) fn arn_form(&self) -> (&'static str, &'static str) {
        if self.federated { ("sts", "federated-user") } else { ("iam", "user") }
    }
}

declaration! {
    /// A grant to start with, as in `grants(access(key(orders), grantee(worker), operations(Decrypt)))`.
    ///
    /// Its principals are declared names, `admin`, the ARNs and unique ids of other existing principals, or service
    /// principals such as `dynamodb.us-east-1.amazonaws.com`. The unique id of a deleted principal, the session of a
    /// service's own role (`arn:aws:sts::111122223333:assumed-role/aws:ec2-infrastructure/i-0c9d812c0cfa2790f`) and the
    /// root of an account need no declaration. With such a session as grantee, a service is the `RetiringPrincipal`, as
    /// in the grants of EC2; otherwise it is the `RetiringServicePrincipal`.
    ///
    /// ```
    /// use kms_fixture::model::GrantOperation;
    /// use kms_fixture::scenario::GrantDeclaration;
    ///
    /// let access = GrantDeclaration::new("access")
    ///     .key("orders")
    ///     .grantee("worker")
    ///     .operations([GrantOperation::Decrypt]);
    /// assert_eq!(access.as_ref(), "access");
    /// ```
    pub struct GrantDeclaration: Grant {
        key: Option<String>,
        grantee: Option<String>,
        retiring: Option<String>,
        operations: Vec<GrantOperation>,
        name: Option<String>,
        context_equals: Option<Vec<(String, String)>>,
        context_subset: Option<Vec<(String, String)>>,
        source_arn: Option<String>,
        issuing_account: Option<String>,
        ;
        /// The list entry that shows the grant; none for a grant that was declared.
        listed: Option<Listed>,
    }

    /// Declares a grant that still needs its key, its grantee and its operations.
    pub fn new;
}

impl GrantDeclaration {
    /// Sets the declared key of the grant.
    pub fn key(mut self, key: impl AsRef<str>) -> Self {
        self.key = Some(key.as_ref().to_owned());
        self
    }

    /// Sets the grantee principal. A service also needs a retiring principal and a [`source_arn`](Self::source_arn).
    pub fn grantee(mut self, grantee: impl AsRef<str>) -> Self {
        self.grantee = Some(grantee.as_ref().to_owned());
        self
    }

    /// Sets the retiring principal.
    pub fn retiring(mut self, retiring: impl AsRef<str>) -> Self {
        self.retiring = Some(retiring.as_ref().to_owned());
        self
    }

    /// Adds operations that the grant allows.
    pub fn operations(mut self, operations: impl IntoIterator<Item = GrantOperation>) -> Self {
        self.operations.extend(operations);
        self
    }

    /// Sets the grant's `Name` in the API, which is independent of its declared name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the constraint `EncryptionContextEquals`.
    pub fn context_equals<K: Into<String>, V: Into<String>>(
        mut self,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        self.context_equals = Some(owned(pairs));
        self
    }

    /// Sets the constraint `EncryptionContextSubset`.
    pub fn context_subset<K: Into<String>, V: Into<String>>(
        mut self,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        self.context_subset = Some(owned(pairs));
        self
    }

    /// Sets the constraint `SourceArn`: the ARN of the resource for which a service uses the key.
    pub fn source_arn(mut self, arn: impl Into<String>) -> Self {
        self.source_arn = Some(arn.into());
        self
    }

    /// Sets the account of the principal that issued the grant. Default: the key's account.
    pub fn issuing_account(mut self, account: impl Into<String>) -> Self {
        self.issuing_account = Some(account.into());
        self
    }
}

/// A list entry that shows a grant. Its principals need not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Whether the grantee is in `GranteePrincipal`, even if it is a service.
    pub(crate) uses_as_principal: bool,
    /// Whether the retiring principal is in `RetiringPrincipal`, even if it is a service.
    pub(crate) retires_as_principal: bool,
}

fn owned<K: Into<String>, V: Into<String>>(
    pairs: impl IntoIterator<Item = (K, V)>,
) -> Vec<(String, String)> {
    pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect()
}
