//! How cases are drawn.

use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::steps::{
    Actor, Call, Case, Context, Delays, Filter, Key, Operation, Order, Policy, Principal, Setting,
    Step, Terms, Tokens, Whose,
};

const ACTIONS: [&str; 10] = [
    "kms:CreateGrant",
    "kms:RetireGrant",
    "kms:RevokeGrant",
    "kms:ListGrants",
    "kms:ListRetirableGrants",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
];

pub(super) fn cases(eventual: bool) -> impl Strategy<Value = Case> {
    let first = (terms(), Just(Actor::Admin)).prop_map(|(terms, admin)| {
        Draft::Step(Step::Call(admin, Call::Create(terms, Vec::new(), false)))
    });
    // Short sequences find nearly all, and soon.
    let steps = prop_oneof![3 => vec(step(eventual), 1..12), 1 => vec(step(eventual), 12..38)];
    (setting(eventual), vec(first, 0..4), steps).prop_map(|(setting, first, steps)| Case {
        setting,
        steps: resolved(first.into_iter().chain(steps)),
    })
}

fn setting(eventual: bool) -> impl Strategy<Value = Setting> {
    let policy = || {
        let deny = prop_oneof![2 => Just(0..1_usize), 1 => Just(1..3)]
            .prop_flat_map(|it| btree_set(select(&ACTIONS[..]), it));
        (btree_set(select(&ACTIONS[..]), 0..5), deny)
            .prop_map(|(allow, deny)| Policy { allow, deny })
    };
    let limit = || option::weighted(0.4, policy());
    let delays = if eventual {
        let late = (select(&[0, 30, 60][..]), select(&[0, 30, 60, 90][..]));
        let late = late.prop_map(|(seconds, list_seconds)| Delays { seconds, list_seconds });
        late.prop_map(Some).boxed()
    } else {
        Just(None).boxed()
    };
    let of_roles = (policy(), limit(), policy(), limit());
    let of_others = (policy(), policy(), policy());
    (of_roles, of_others, delays).prop_map(
        |((alpha, alpha_session, beta, boundary), (user, guest, partner), delays)| Setting {
            alpha,
            alpha_session,
            beta,
            boundary,
            user,
            guest,
            partner,
            delays,
        },
    )
}

/// A step that may refer to what was asked for before.
#[derive(Clone, Debug)]
enum Draft {
    Step(Step),
    /// An earlier CreateGrant, once more.
    Again(Actor, usize),
    /// A use of what an earlier CreateGrant has asked for, by whom it names.
    Use(Box<Use>),
}

#[derive(Clone, Debug)]
struct Use {
    number: usize,
    by: usize,
    operation: usize,
    /// Another context than that of the constraint.
    context: Option<Context>,
    has_token: bool,
    /// Of a grant that is made by the grant.
    child: Terms,
    /// Whether it is constrained in the same way, maybe with other pairs.
    is_alike: bool,
}

impl Use {
    fn of(self, parent: &Terms) -> Step {
        let callers = parent.grantee.callers();
        let key = parent.key;
        let context = self.context.or(parent.constraint.map(|it| it.1)).unwrap_or(Context::Empty);
        let tokens = if self.has_token { vec![self.number] } else { Vec::new() };
        // The other half of a ReEncrypt is what somebody else might give.
        let other = self.child.constraint.map_or(Context::Empty, |it| it.1);
        let operations: Vec<_> = parent.operations.iter().copied().collect();
        let call = match operations[self.operation % operations.len()] {
            Operation::DescribeKey => Call::Describe(key, tokens),
            Operation::Encrypt => Call::Encrypt(key, context, tokens),
            Operation::Decrypt => Call::Decrypt { key, sealed: context, context, tokens },
            Operation::RetireGrant => Call::RetireByToken(self.number, false),
            Operation::ReEncryptFrom => {
                Call::ReEncrypt { from: (key, context), to: (self.child.key, other), tokens }
            }
            Operation::ReEncryptTo => {
                Call::ReEncrypt { from: (self.child.key, other), to: (key, context), tokens }
            }
            Operation::CreateGrant => {
                let mut child = self.child;
                child.key = key;
                let both: std::collections::BTreeSet<_> =
                    child.operations.intersection(&parent.operations).copied().collect();
                if !both.is_empty() {
                    child.operations = both;
                }
                if self.is_alike {
                    let other = self.context.filter(|it| *it != Context::Empty);
                    let pairs = |it: (Order, Context)| (it.0, other.unwrap_or(it.1));
                    child.constraint = parent.constraint.map(pairs);
                }
                Call::Create(child, tokens, false)
            }
        };
        Step::Call(callers[self.by % callers.len()], call)
    }
}

fn resolved(drafts: impl Iterator<Item = Draft>) -> Vec<Step> {
    let mut asked: Vec<Terms> = Vec::new();
    let mut steps = Vec::new();
    for draft in drafts {
        let earlier = |number: usize| Some(&asked[number.checked_rem(asked.len())?]);
        let step = match draft {
            Draft::Step(step) => Some(step),
            Draft::Again(actor, number) => {
                let again =
                    |it: &Terms| Step::Call(actor, Call::Create(it.clone(), Vec::new(), false));
                earlier(number).map(again)
            }
            Draft::Use(using) => earlier(using.number).map(|it| using.of(it)),
        };
        if let Some(Step::Call(_, Call::Create(terms, ..))) = &step {
            asked.push(terms.clone());
        }
        steps.extend(step);
    }
    steps
}

fn step(eventual: bool) -> impl Strategy<Value = Draft> {
    let actor = || select(&Actor::ALL[..]);
    let maker = || prop_oneof![3 => Just(Actor::Admin), 2 => actor()];
    let again = || prop_oneof![maker(), Just(Actor::Partner)];
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
        2 => (key(), context(), key(), context(), tokens()).prop_map(|(from, its, to, other, tokens)| {
            Call::ReEncrypt { from: (from, its), to: (to, other), tokens }
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
        2 => (again(), 0..4_usize).prop_map(|(who, it)| Draft::Again(who, it)),
        6 => uses(),
        10 => by(actor().boxed(), calls.boxed()),
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

fn uses() -> impl Strategy<Value = Draft> {
    // More than is asked for, mostly.
    let other = prop_oneof![2 => Just(Context::TenantAndPurpose), 1 => select(&Context::ALL[..])];
    let other = option::weighted(0.4, other);
    let rest = (terms(), any::<bool>());
    (0..4_usize, 0..4_usize, 0..7_usize, other, prop::bool::weighted(0.3), rest).prop_map(
        |(number, by, operation, context, has_token, (child, is_alike))| {
            Draft::Use(Box::new(Use { number, by, operation, context, has_token, child, is_alike }))
        },
    )
}

fn tokens() -> impl Strategy<Value = Tokens> {
    prop_oneof![2 => Just(Vec::new()), 1 => vec(0..8_usize, 1..3)]
}

fn terms() -> impl Strategy<Value = Terms> {
    use Operation::{
        CreateGrant, Decrypt, DescribeKey, Encrypt, ReEncryptFrom, ReEncryptTo, RetireGrant,
    };
    let rare = select(&[DescribeKey, Encrypt][..]);
    let common = [Decrypt, RetireGrant, CreateGrant, ReEncryptFrom, ReEncryptTo];
    let operations = prop_oneof![1 => rare, 5 => select(common.to_vec())];
    let pairs = prop_oneof![
        3 => Just(Context::Tenant),
        1 => Just(Context::OtherTenant),
        1 => Just(Context::TenantAndPurpose),
    ];
    (
        prop_oneof![2 => Just(Key::Own), 1 => Just(Key::Shared)],
        select(&Principal::ALL[..]),
        option::weighted(0.6, select(&Principal::ALL[..])),
        btree_set(operations, 1..5),
        option::weighted(0.4, (select(&[Order::Equals, Order::Subset][..]), pairs)),
        option::weighted(0.4, select(&["a", "b"][..])),
    )
        .prop_map(|(key, grantee, retiring, operations, constraint, name)| Terms {
            key,
            grantee,
            retiring,
            operations,
            constraint,
            name,
        })
}
