//! What may happen in a case: who exists, which calls are made, when time passes.

use std::collections::BTreeSet;

use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

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
    /// A role of another account.
    Partner,
}

impl Actor {
    pub(super) const ALL: [Self; 7] = [
        Self::Admin,
        Self::Root,
        Self::Alpha,
        Self::AlphaElsewhere,
        Self::Beta,
        Self::User,
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
    /// The account of the keys.
    Root,
    Partner,
    /// The partner's account.
    PartnerRoot,
}

impl Principal {
    const ALL: [Self; 7] = [
        Self::Alpha,
        Self::AlphaSession,
        Self::Beta,
        Self::User,
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

    pub(super) fn is_account(self, account: &str) -> bool {
        matches!(self, Self::Root | Self::PartnerRoot) && self.account() == account
    }

    pub(super) fn arn(self) -> String {
        let (service, resource) = match self {
            Self::Alpha => ("iam", "role/alpha"),
            Self::AlphaSession => ("sts", "assumed-role/alpha/alpha"),
            Self::Beta => ("iam", "role/beta"),
            Self::User => ("iam", "user/user"),
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
    pub(super) const ALL: [Self; 4] = [
        Self::Empty,
        Self::Tenant,
        Self::OtherTenant,
        Self::TenantAndPurpose,
    ];

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

/// What is declared: the own policies of whoever has any, and the consistency.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub(super) alpha: Actions,
    pub(super) alpha_session: Option<Actions>,
    pub(super) beta: Actions,
    pub(super) user: Actions,
    pub(super) partner: Actions,
    pub(super) delays: Option<Delays>,
}

#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) setting: Setting,
    pub(super) steps: Vec<Step>,
}

const ACTIONS: [&str; 8] = [
    "kms:CreateGrant",
    "kms:RetireGrant",
    "kms:RevokeGrant",
    "kms:ListGrants",
    "kms:ListRetirableGrants",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:Decrypt",
];

pub(super) fn cases(eventual: bool) -> impl Strategy<Value = Case> {
    let first = (terms(), Just(Actor::Admin)).prop_map(|(terms, admin)| {
        Draft::Step(Step::Call(admin, Call::Create(terms, Vec::new(), false)))
    });
    // Short sequences find nearly all, and soon.
    let steps = prop_oneof![3 => vec(step(eventual), 1..12), 1 => vec(step(eventual), 12..38)];
    (setting(eventual), vec(first, 0..4), steps).prop_map(|(setting, first, steps)| Case {
        setting,
        steps: with_repetitions(first.into_iter().chain(steps)),
    })
}

fn setting(eventual: bool) -> impl Strategy<Value = Setting> {
    let actions = || btree_set(select(&ACTIONS[..]), 0..4);
    let session = option::weighted(0.3, actions());
    let delays = if eventual {
        let late = (select(&[0, 30, 60][..]), select(&[0, 30, 60, 90][..]));
        let late = late.prop_map(|(seconds, list_seconds)| Delays {
            seconds,
            list_seconds,
        });
        late.prop_map(Some).boxed()
    } else {
        Just(None).boxed()
    };
    (actions(), session, actions(), actions(), actions(), delays).prop_map(
        |(alpha, alpha_session, beta, user, partner, delays)| Setting {
            alpha,
            alpha_session,
            beta,
            user,
            partner,
            delays,
        },
    )
}

/// A step, or the terms of an earlier CreateGrant once more.
#[derive(Clone, Debug)]
enum Draft {
    Step(Step),
    Again(Actor, usize),
}

fn with_repetitions(drafts: impl Iterator<Item = Draft>) -> Vec<Step> {
    let mut asked: Vec<Terms> = Vec::new();
    let mut steps = Vec::new();
    for draft in drafts {
        let step = match draft {
            Draft::Step(step) => step,
            Draft::Again(actor, number) => match number.checked_rem(asked.len()) {
                Some(at) => Step::Call(actor, Call::Create(asked[at].clone(), Vec::new(), false)),
                None => continue,
            },
        };
        if let Step::Call(_, Call::Create(terms, ..)) = &step {
            asked.push(terms.clone());
        }
        steps.push(step);
    }
    steps
}

fn step(eventual: bool) -> impl Strategy<Value = Draft> {
    let actor = || select(&Actor::ALL[..]);
    let maker = || prop_oneof![3 => Just(Actor::Admin), 2 => actor()];
    let by = |who: BoxedStrategy<Actor>, call: BoxedStrategy<Call>| {
        (who, call).prop_map(|(who, call)| Draft::Step(Step::Call(who, call)))
    };
    let key = || prop_oneof![2 => Just(Key::Own), 1 => Just(Key::Shared)];
    let whose = || prop_oneof![9 => Just(Whose::Own), 1 => Just(Whose::Wrong)];
    let number = || 0..8_usize;
    let dry = || prop::bool::weighted(0.1);
    let context = || select(&Context::ALL[..]);
    let filter = || {
        prop_oneof![
            2 => Just(Filter::None),
            1 => select(&Principal::ALL[..]).prop_map(Filter::Grantee),
            1 => number().prop_map(Filter::Id),
        ]
    };
    let calls = prop_oneof![
        2 => (number(), dry()).prop_map(|(it, dry)| Call::RetireByToken(it, dry)),
        2 => (number(), whose(), dry()).prop_map(|(it, whose, dry)| Call::RetireById(it, whose, dry)),
        1 => (number(), whose(), dry()).prop_map(|(it, whose, dry)| Call::Revoke(it, whose, dry)),
        1 => (key(), filter()).prop_map(|(key, it)| Call::List(key, it)),
        1 => select(&Principal::ALL[..]).prop_map(Call::ListRetirable),
        2 => (key(), tokens()).prop_map(|(key, tokens)| Call::Describe(key, tokens)),
        2 => (key(), context(), tokens()).prop_map(|(key, it, tokens)| Call::Encrypt(key, it, tokens)),
        3 => (key(), context(), option::weighted(0.1, context()), tokens()).prop_map(|(key, context, other, tokens)| {
            Call::Decrypt { key, sealed: other.unwrap_or(context), context, tokens }
        }),
    ];
    let creations = (terms(), tokens(), dry())
        .prop_map(|(terms, tokens, dry)| Call::Create(terms, tokens, dry));
    let of_admins = prop_oneof![
        (key(), filter()).prop_map(|(key, it)| Call::List(key, it)),
        select(&Principal::ALL[..]).prop_map(Call::ListRetirable),
        (number(), dry()).prop_map(|(it, dry)| Call::RetireByToken(it, dry)),
        (number(), whose(), dry()).prop_map(|(it, whose, dry)| Call::Revoke(it, whose, dry)),
    ];
    let common = prop_oneof![
        6 => by(maker().boxed(), creations.boxed()),
        1 => (maker(), 0..8_usize).prop_map(|(who, it)| Draft::Again(who, it)),
        14 => by(actor().boxed(), calls.boxed()),
        3 => by(Just(Actor::Admin).boxed(), of_admins.boxed()),
    ];
    if eventual {
        prop_oneof![
            20 => common,
            4 => select(&[1, 29, 30, 60][..]).prop_map(|it| Draft::Step(Step::Advance(it))),
            1 => Just(Draft::Step(Step::Settle)),
            1 => (1..4_usize).prop_map(|it| Draft::Step(Step::Stale(it))),
        ]
        .boxed()
    } else {
        prop_oneof![20 => common, 1 => Just(Draft::Step(Step::Advance(60)))].boxed()
    }
}

fn tokens() -> impl Strategy<Value = Tokens> {
    prop_oneof![2 => Just(Vec::new()), 1 => vec(0..8_usize, 1..3)]
}

fn terms() -> impl Strategy<Value = Terms> {
    use Operation::{CreateGrant, Decrypt, DescribeKey, Encrypt, RetireGrant};
    let operations = select(&[Decrypt, Encrypt, DescribeKey, RetireGrant, CreateGrant][..]);
    let pairs = select(
        &[
            Context::Tenant,
            Context::OtherTenant,
            Context::TenantAndPurpose,
        ][..],
    );
    (
        prop_oneof![2 => Just(Key::Own), 1 => Just(Key::Shared)],
        select(&Principal::ALL[..]),
        option::weighted(0.6, select(&Principal::ALL[..])),
        btree_set(operations, 1..5),
        option::weighted(0.4, (select(&[Order::Equals, Order::Subset][..]), pairs)),
        option::weighted(0.3, select(&["a", "b"][..])),
    )
        .prop_map(
            |(key, grantee, retiring, operations, constraint, name)| Terms {
                key,
                grantee,
                retiring,
                operations,
                constraint,
                name,
            },
        )
}
