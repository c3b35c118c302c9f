//! What may happen in a case: who exists, which calls are made, when time passes.

use std::collections::BTreeSet;

const OWNER: &str = "111122223333";
const OTHER: &str = "444455556666";

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Actor {
    Admin,
    Root,
    Alpha,
    /// Another session of the same role.
    AlphaElsewhere,
    Beta,
    User,
    /// A federated user.
    Guest,
    /// A role of another account.
    Partner,
}

impl Actor {
    pub(super) const ALL: [Self; 8] = [
        Self::Admin,
        Self::Root,
        Self::Alpha,
        Self::AlphaElsewhere,
        Self::Beta,
        Self::User,
        Self::Guest,
        Self::Partner,
    ];

    pub(super) fn account(self) -> &'static str {
        if self == Self::Partner { OTHER } else { OWNER }
    }

    /// Whether `who` names nobody but this one.
    pub(super) fn is_exactly(self, who: Principal) -> bool {
        matches!(
            (self, who),
            (Self::Alpha, Principal::AlphaSession)
                | (Self::User, Principal::User)
                | (Self::Guest, Principal::Guest)
                | (Self::Root, Principal::Root)
        )
    }

    /// Whether `who` is the role of this session.
    pub(super) fn has_role(self, who: Principal) -> bool {
        matches!(
            (self, who),
            (Self::Alpha | Self::AlphaElsewhere, Principal::Alpha)
                | (Self::Beta, Principal::Beta)
                | (Self::Partner, Principal::Partner)
        )
    }
}

/// Whom grants name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Principal {
    Alpha,
    /// The session in which [`Actor::Alpha`] calls.
    AlphaSession,
    Beta,
    User,
    Guest,
    /// The account of the keys.
    Root,
    Partner,
    /// The partner's account.
    PartnerRoot,
}

impl Principal {
    pub(super) const ALL: [Self; 8] = [
        Self::Alpha,
        Self::AlphaSession,
        Self::Beta,
        Self::User,
        Self::Guest,
        Self::Root,
        Self::Partner,
        Self::PartnerRoot,
    ];

    pub(super) fn account(self) -> &'static str {
        match self {
            Self::Partner | Self::PartnerRoot => OTHER,
            _ => OWNER,
        }
    }

    /// Who calls as this one, or nearly so.
    pub(super) fn callers(self) -> &'static [Actor] {
        match self {
            Self::Alpha | Self::AlphaSession => &[Actor::Alpha, Actor::AlphaElsewhere],
            Self::Beta => &[Actor::Beta],
            Self::User => &[Actor::User],
            Self::Guest => &[Actor::Guest],
            Self::Root => &[Actor::Root, Actor::Alpha, Actor::Beta, Actor::User, Actor::Guest],
            Self::Partner | Self::PartnerRoot => &[Actor::Partner],
        }
    }

    pub(super) fn is_account(self, account: &str) -> bool {
        matches!(self, Self::Root | Self::PartnerRoot) && self.account() == account
    }

    pub(super) fn arn(self) -> String {
        let (service, resource) = match self {
            Self::Alpha => ("iam", "role/alpha"),
            Self::AlphaSession => ("sts", "assumed-role/alpha/alpha"),
            Self::Beta => ("iam", "role/beta"),
            Self::User => ("iam", "user/user"),
            Self::Guest => ("sts", "federated-user/guest"),
            Self::Root | Self::PartnerRoot => ("iam", "root"),
            Self::Partner => ("iam", "role/partner"),
        };
        format!("arn:aws:{service}::{}:{resource}", self.account())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// Trusts its own account.
    Own,
    /// Trusts the partner's as well.
    Shared,
}

impl Key {
    pub(super) const ACCOUNT: &str = OWNER;
    pub(super) const ALL: [Self; 2] = [Self::Own, Self::Shared];

    pub(super) fn other(self) -> Self {
        match self {
            Self::Own => Self::Shared,
            Self::Shared => Self::Own,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Shared => "shared",
        }
    }
}

/// Operations that grants allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Operation {
    CreateGrant,
    RetireGrant,
    DescribeKey,
    Encrypt,
    Decrypt,
    ReEncryptFrom,
    ReEncryptTo,
}

/// An encryption context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    Empty,
    Tenant,
    /// The same key, another value.
    OtherTenant,
    TenantAndPurpose,
}

impl Context {
    pub(super) const ALL: [Self; 4] =
        [Self::Empty, Self::Tenant, Self::OtherTenant, Self::TenantAndPurpose];

    pub(super) fn pairs(self) -> BTreeSet<(&'static str, &'static str)> {
        let pairs: &[_] = match self {
            Self::Empty => &[],
            Self::Tenant => &[("tenant", "a")],
            Self::OtherTenant => &[("tenant", "b")],
            Self::TenantAndPurpose => &[("tenant", "a"), ("purpose", "x")],
        };
        pairs.iter().copied().collect()
    }
}

/// How a constraint holds its pairs against those of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Equals,
    Subset,
}

/// What CreateGrant asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Terms {
    pub(super) key: Key,
    pub(super) grantee: Principal,
    pub(super) retiring: Option<Principal>,
    pub(super) operations: BTreeSet<Operation>,
    pub(super) constraint: Option<(Order, Context)>,
    pub(super) name: Option<&'static str>,
}

/// The grants whose tokens a request has, by their numbers.
pub(super) type Tokens = Vec<usize>;

/// A call. A grant is meant by its number, modulo the number of grants; with none, by what names nothing.
#[derive(Clone, Debug)]
pub(super) enum Call {
    Create(Terms, Tokens, bool),
    RetireByToken(usize, bool),
    RetireById(usize, Whose, bool),
    Revoke(usize, Whose, bool),
    List(Key, Filter),
    ListRetirable(Principal),
    Describe(Key, Tokens),
    Encrypt(Key, Context, Tokens),
    Decrypt {
        key: Key,
        /// What it was encrypted with.
        sealed: Context,
        context: Context,
        tokens: Tokens,
    },
    ReEncrypt {
        from: (Key, Context),
        to: (Key, Context),
        tokens: Tokens,
    },
}

/// With which key a grant is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    Own,
    Wrong,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Filter {
    None,
    Grantee(Principal),
    Id(usize),
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Call(Actor, Call),
    /// By so many seconds.
    Advance(u64),
    Settle,
    /// So many of the next calls see nothing that is not settled.
    Stale(usize),
}

/// How late changes are, in seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delays {
    pub(super) seconds: u64,
    pub(super) list_seconds: u64,
}

pub(super) type Actions = BTreeSet<&'static str>;

/// What a policy says of every resource.
#[derive(Clone, Debug, Default)]
pub(super) struct Policy {
    pub(super) allow: Actions,
    pub(super) deny: Actions,
}

/// What is declared: the own policies of whoever has any, and the consistency.
#[derive(Clone, Debug, Default)]
pub(super) struct Setting {
    pub(super) alpha: Policy,
    pub(super) alpha_session: Option<Policy>,
    pub(super) beta: Policy,
    /// Of the role `beta` and of the user.
    pub(super) boundary: Option<Policy>,
    pub(super) user: Policy,
    /// The policy of the federated user's session.
    pub(super) guest: Policy,
    pub(super) partner: Policy,
    pub(super) delays: Option<Delays>,
}

#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) setting: Setting,
    pub(super) steps: Vec<Step>,
}
