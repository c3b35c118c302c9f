//! What can be declared: keys, roles, users and grants, with the words of the attribute.

use super::fields::{Declared, fields};
use super::policy_source::PolicySource;
use crate::model::declare::{Kind, Limit};
use crate::model::{GrantOperation, KeySpec, KeyState, KeyUsage, Origin};

/// A declaration: its options as fields, which start empty, and the names that they have everywhere.
macro_rules! declaration {
    (
        $(#[$doc:meta])*
        pub struct $type:ident: $kind:ident {
            $(..$inner:ident: $inner_type:ty;)?
            $($field:ident: $field_type:ty),* $(,)?
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
        }

        impl $type {
            $(#[$new_doc])*
            pub fn new(name: impl Into<String>) -> Self {
                Self {
                    declared: name.into(),
                    $($inner: Default::default(),)?
                    $($field: Default::default(),)*
                }
            }
        }

        impl AsRef<str> for $type {
            /// The declared name.
            fn as_ref(&self) -> &str {
                &self.declared
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

    /// A symmetric encryption key, enabled, with the default key policy.
    pub fn new;
}

impl KeyDeclaration {
    /// The state that the key starts in.
    pub fn state(mut self, state: KeyState) -> Self {
        self.state = Some(state);
        self
    }

    /// The key spec.
    pub fn spec(mut self, spec: KeySpec) -> Self {
        self.spec = Some(spec);
        self
    }

    /// The key usage; optional where the spec has only one.
    pub fn usage(mut self, usage: KeyUsage) -> Self {
        self.usage = Some(usage);
        self
    }

    /// The origin of the key material.
    pub fn origin(mut self, origin: Origin) -> Self {
        self.origin = Some(origin);
        self
    }

    /// Whether the key is a multi-Region primary, with an `mrk-` id.
    pub fn multi_region(mut self, multi_region: bool) -> Self {
        self.multi_region = multi_region;
        self
    }

    /// The account that owns the key.
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// An alias of the key, `alias/...`.
    pub fn alias(mut self, alias: impl Into<String>) -> Self {
        self.alias = Some(alias.into());
        self
    }

    /// The file that holds the key policy, relative to what declares the key.
    pub fn policy_file(mut self, path: impl Into<String>) -> Self {
        self.policy = Some(PolicySource::File(path.into()));
        self
    }

    /// The key policy itself, as JSON text.
    pub fn policy(mut self, document: impl Into<String>) -> Self {
        self.policy = Some(PolicySource::Document(document.into()));
        self
    }

    /// The description.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// One more tag.
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
    pub(crate) allow: Vec<String>,
    pub(crate) policy: Option<PolicySource>,
    pub(crate) boundary: Option<PolicySource>,
}

fields!(Entity { account, name, allow, policy, boundary });

macro_rules! entity_options {
    () => {
        /// The account that it belongs to.
        pub fn account(mut self, account: impl Into<String>) -> Self {
            self.entity.account = Some(account.into());
            self
        }

        /// Its name in IAM or STS, with its path in front if it has one (`service/worker`); the declared name otherwise.
        pub fn name(mut self, name: impl Into<String>) -> Self {
            self.entity.name = Some(name.into());
            self
        }

        /// Actions that its identity-based policy allows on every resource, such as `kms:ListGrants`.
        pub fn allow<S: Into<String>>(mut self, actions: impl IntoIterator<Item = S>) -> Self {
            self.entity.allow.extend(actions.into_iter().map(Into::into));
            self
        }

        /// The file that holds its identity-based policy, relative to what declares it.
        pub fn policy_file(mut self, path: impl Into<String>) -> Self {
            self.entity.policy = Some(PolicySource::File(path.into()));
            self
        }

        /// Its identity-based policy itself, as JSON text.
        pub fn policy(mut self, document: impl Into<String>) -> Self {
            self.entity.policy = Some(PolicySource::Document(document.into()));
            self
        }

        /// The file that holds its permissions boundary, relative to what declares it.
        pub fn boundary_file(mut self, path: impl Into<String>) -> Self {
            self.entity.boundary = Some(PolicySource::File(path.into()));
            self
        }

        /// Its permissions boundary itself, as JSON text.
        pub fn boundary(mut self, document: impl Into<String>) -> Self {
            self.entity.boundary = Some(PolicySource::Document(document.into()));
            self
        }
    };
}

declaration! {
    /// A role to start with, as in `roles(worker)`. It is called through a session, and may do nothing by itself.
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

    /// A role without any permission.
    pub fn new;
}

impl RoleDeclaration {
    entity_options!();

    /// Returns the name of the session, declared or not.
    pub(crate) fn session_name(&self) -> &str {
        match &self.session {
            Some(given) => given,
            None if Limit::SessionName.mistake(&self.declared).is_none() => &self.declared,
            None => "session",
        }
    }

    /// The name of the session that calls; otherwise the declared name, or `session` where STS would not take that.
    pub fn session(mut self, session: impl Into<String>) -> Self {
        self.session = Some(session.into());
        self
    }

    /// How many seconds after the fixture's start the credentials of the session expire, by the fixture's clock: 900 to
    /// 43200, as STS allows. Default: they do not expire.
    pub fn session_seconds(mut self, seconds: u32) -> Self {
        self.session_seconds = Some(seconds);
        self
    }

    /// The file that holds the session policy, relative to what declares it.
    pub fn session_policy_file(mut self, path: impl Into<String>) -> Self {
        self.session_policy = Some(PolicySource::File(path.into()));
        self
    }

    /// The session policy itself, as JSON text.
    pub fn session_policy(mut self, document: impl Into<String>) -> Self {
        self.session_policy = Some(PolicySource::Document(document.into()));
        self
    }
}

declaration! {
    /// A user to start with, as in `users(alice)`: an IAM user, or a federated one. It may do nothing by itself.
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

    /// A user without any permission.
    pub fn new;
}

impl UserDeclaration {
    entity_options!();

    /// Whether it is a federated user, who calls with the credentials of STS's `GetFederationToken`: its ARN is
    /// `arn:aws:sts::<account>:federated-user/<name>`, and what it is allowed here is the policy of its session. Its
    /// name has 2 to 32 letters, digits and `_+=,.@-`; it has no unique id, no path and no boundary. The
    /// principal that obtained the credentials may do everything.
    pub fn federated(mut self, federated: bool) -> Self {
        self.federated = federated;
        self
    }

    /// Its service and the word before its name, in its ARN.
    pub(crate) fn arn_form(&self) -> (&'static str, &'static str) {
        if self.federated { ("sts", "federated-user") } else { ("iam", "user") }
    }
}

declaration! {
    /// A grant to start with, as in `grants(access(key(orders), grantee(worker), operations(Decrypt)))`.
    ///
    /// Its principals are declared names, `admin`, the ARNs and unique ids of other principals that exist, or service
    /// principals such as `dynamodb.us-east-1.amazonaws.com`.
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
    }

    /// A grant that still needs its key, its grantee and its operations.
    pub fn new;
}

impl GrantDeclaration {
    /// The declared key that the grant is on.
    pub fn key(mut self, key: impl AsRef<str>) -> Self {
        self.key = Some(key.as_ref().to_owned());
        self
    }

    /// The grantee principal. A service needs a retiring principal and [`source_arn`](Self::source_arn), too.
    pub fn grantee(mut self, grantee: impl AsRef<str>) -> Self {
        self.grantee = Some(grantee.as_ref().to_owned());
        self
    }

    /// The retiring principal.
    pub fn retiring(mut self, retiring: impl AsRef<str>) -> Self {
        self.retiring = Some(retiring.as_ref().to_owned());
        self
    }

    /// The operations that the grant allows.
    pub fn operations(mut self, operations: impl IntoIterator<Item = GrantOperation>) -> Self {
        self.operations.extend(operations);
        self
    }

    /// The grant's `Name` in the API, which is another thing than its declared name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The constraint `EncryptionContextEquals`.
    pub fn context_equals<K: Into<String>, V: Into<String>>(
        mut self,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        self.context_equals = Some(owned(pairs));
        self
    }

    /// The constraint `EncryptionContextSubset`.
    pub fn context_subset<K: Into<String>, V: Into<String>>(
        mut self,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        self.context_subset = Some(owned(pairs));
        self
    }

    /// The constraint `SourceArn`: the ARN of the resource for which a service uses the key.
    pub fn source_arn(mut self, arn: impl Into<String>) -> Self {
        self.source_arn = Some(arn.into());
        self
    }
}

fn owned<K: Into<String>, V: Into<String>>(
    pairs: impl IntoIterator<Item = (K, V)>,
) -> Vec<(String, String)> {
    pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect()
}
