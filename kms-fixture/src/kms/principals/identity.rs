//! The identity of a principal: grants are bound to it, not to a name (facts 8b.10 to 8b.12).

/// The identity of a principal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Identity {
    /// An account, through its root.
    Account(String),
    /// An IAM user, by its unique id (`AIDA...`).
    User(String),
    /// A role with all its sessions, by its unique id (`AROA...`).
    Role(String),
    /// One session of a role, issued or not (fact 8b.2).
    Session { role: String, name: String },
    /// A federated user of an account, issued or not (fact 8b.2).
    Federated { account: String, name: String },
    /// An AWS service, such as `dynamodb.us-west-2.amazonaws.com`.
    Service(String),
    /// A principal that is not declared, but accepted (`unknown_principals = "accept"`).
    Undeclared(String),
}

/// How a grant or a policy names a caller. It decides which other policies still limit the caller
/// (facts 8b.4 to 8b.6; IAM User Guide, policy evaluation in one account).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Naming {
    /// The calling principal itself: this session, this user, this federated user, the root.
    Exact,
    /// The role behind the session: session policy and boundary still limit it.
    Role,
    /// The caller's account, which decides by its own policies.
    Account,
}

impl Identity {
    /// Returns the `UserId` of GetCallerIdentity and the value of `aws:userid` (IAM User Guide, "Where you can use policy
    /// variables": the table of principals); `None` for identities that are never callers of an account.
    pub(crate) fn user_id(&self) -> Option<String> {
        match self {
            Self::Account(account) => Some(account.clone()),
            Self::User(id) => Some(id.clone()),
            Self::Session { role, name } => Some(format!("{role}:{name}")),
            Self::Federated { account, name } => Some(format!("{account}:{name}")),
            Self::Role(_) | Self::Service(_) | Self::Undeclared(_) => None,
        }
    }

    /// Returns how `self`, in a grant or a policy, names `caller` of `account`; `None` if it does not.
    pub(crate) fn names(&self, caller: &Self, account: &str) -> Option<Naming> {
        if self == caller {
            return Some(Naming::Exact);
        }
        match (self, caller) {
            (Self::Role(named), Self::Session { role, .. }) if named == role => Some(Naming::Role),
            // A service belongs to no account.
            (Self::Account(_), Self::Service(_)) => None,
            (Self::Account(named), _) if named == account => Some(Naming::Account),
            _ => None,
        }
    }
}
