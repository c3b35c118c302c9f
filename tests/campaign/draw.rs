//! How cases are drawn.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::steps::{Call, Case, Context, Ending, Fault, Form, Key, Step, Terms, Who};

/// The widest account and traffic: lag, faults, threads, and ends of all kinds.
pub(crate) fn cases() -> impl Strategy<Value = Case> {
    let lag = option::weighted(0.35, (select(&[0, 20, 60][..]), select(&[0, 20, 90][..])));
    let faults = prop_oneof![3 => Just(Vec::new()), 2 => vec((0..60_usize, fault()), 1..5)];
    let threads = prop_oneof![5 => Just(1_usize), 1 => Just(2), 1 => Just(3)];
    let ending = prop_oneof![
        4 => Just(Ending::Closed),
        2 => Just(Ending::Interrupted),
        2 => Just(Ending::Terminated),
        1 => Just(Ending::UpstreamDies),
    ];
    (quiet(25), lag, 7..30_u64, any::<bool>(), faults, threads, ending).prop_map(
        |(quiet, lag, pace, has_aws_forms, faults, threads, ending)| Case {
            lag,
            pace: if lag.is_some() { pace } else { 0 },
            has_aws_forms,
            faults,
            threads,
            ending,
            ..quiet
        },
    )
}

/// Sequential traffic to an upstream without lag and faults.
pub(crate) fn quiet(most: usize) -> impl Strategy<Value = Case> {
    let bound_by = option::weighted(0.8, select(&[Form::Id, Form::Arn, Form::Alias][..]));
    let first = (terms(), any::<bool>()).prop_map(|(terms, retries)| Step {
        who: Who::Admin,
        call: Call::Create(terms, false),
        retries,
    });
    let steps = (vec(first, 0..3), vec(step(), 1..most));
    (bound_by, steps).prop_map(|(bound_by, (first, steps))| Case {
        bound_by,
        lag: None,
        pace: 0,
        has_aws_forms: false,
        is_ordered: false,
        faults: Vec::new(),
        threads: 1,
        steps: first.into_iter().chain(steps).collect(),
        ending: Ending::Closed,
    })
}

fn fault() -> impl Strategy<Value = Fault> {
    use Fault::{
        Broken, InternalAfter, InternalBefore, LostAnswer, NoPrincipalYet, Slow, Throttled,
        Truncated, Unavailable, UniqueId,
    };
    select(vec![
        Throttled,
        InternalBefore,
        InternalAfter,
        Unavailable,
        LostAnswer,
        Truncated,
        Slow,
        Broken,
        NoPrincipalYet,
        UniqueId,
    ])
}

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        4 => select(&[Key::Orders, Key::Ledger][..]),
        2 => Just(Key::Spare),
        2 => select(&Key::ALL[..]),
    ]
}

/// A key that encrypts.
fn sealing() -> impl Strategy<Value = Key> {
    prop_oneof![
        6 => select(&[Key::Orders, Key::Ledger, Key::Spare][..]),
        1 => select(&[Key::Archive, Key::Doomed, Key::Global, Key::Outside, Key::Foreign][..]),
    ]
}

fn context() -> impl Strategy<Value = Context> {
    select(&[Context::Empty, Context::Tenant, Context::Other, Context::More][..])
}

pub(crate) fn terms() -> impl Strategy<Value = Terms> {
    let all = vec![
        "Decrypt",
        "Encrypt",
        "GenerateDataKey",
        "DescribeKey",
        "RetireGrant",
        "ReEncryptFrom",
    ];
    let constraint = option::weighted(
        0.4,
        (any::<bool>(), select(&[Context::Tenant, Context::Other, Context::More][..])),
    );
    let grantee = prop_oneof![3 => Just(Who::Worker), 1 => select(&Who::ALL[..])];
    (
        key(),
        grantee,
        option::weighted(0.5, select(&Who::ALL[..])),
        subsequence(all, 1..4),
        constraint,
        option::weighted(0.4, select(&["a", "b", "nightly"][..])),
    )
        .prop_map(|(key, grantee, retiring, operations, constraint, name)| {
            let operations = match key {
                Key::Signer => vec!["Sign"],
                Key::Mac => vec!["GenerateMac"],
                _ => operations,
            };
            let constraint = constraint.filter(|_| key.encrypts());
            Terms { key, grantee, retiring, operations, constraint, name }
        })
}

fn step() -> impl Strategy<Value = Step> {
    let admin = || prop_oneof![4 => Just(Who::Admin), 1 => select(&Who::ALL[..])];
    let reader =
        || prop_oneof![2 => Just(Who::Admin), 2 => Just(Who::Auditor), 1 => select(&Who::ALL[..])];
    let grantee =
        || prop_oneof![2 => Just(Who::Worker), 1 => Just(Who::Admin), 1 => select(&Who::ALL[..])];
    let by = |who: BoxedStrategy<Who>, call: BoxedStrategy<Call>| {
        (who, call, any::<bool>()).prop_map(|(who, call, retries)| Step { who, call, retries })
    };
    prop_oneof![
        4 => by(admin().boxed(), making().boxed()),
        3 => by(admin().boxed(), ending().boxed()),
        3 => by(reader().boxed(), listing().boxed()),
        4 => by(reader().boxed(), reading().boxed()),
        5 => by(grantee().boxed(), using().boxed()),
        2 => by(Just(Who::Admin).boxed(), changing().boxed()),
    ]
}

fn making() -> impl Strategy<Value = Call> {
    prop_oneof![
        5 => (terms(), prop::bool::weighted(0.1)).prop_map(|(terms, dry)| Call::Create(terms, dry)),
        1 => (0..6_usize).prop_map(Call::Again),
        1 => Just(Call::Nightly),
    ]
}

fn ending() -> impl Strategy<Value = Call> {
    let number = || 0..6_usize;
    let dry = || prop::bool::weighted(0.15);
    prop_oneof![
        6 => (number(), dry()).prop_map(|(it, dry)| Call::RetireByToken(it, dry)),
        6 => (number(), dry()).prop_map(|(it, dry)| Call::RetireById(it, dry)),
        6 => (number(), dry()).prop_map(|(it, dry)| Call::Revoke(it, dry)),
        1 => key().prop_map(Call::RevokeUnknown),
        1 => number().prop_map(Call::RevokeForeign),
    ]
}

fn listing() -> impl Strategy<Value = Call> {
    let who = || select(&Who::ALL[..]);
    prop_oneof![
        4 => key().prop_map(Call::List),
        1 => (key(), who()).prop_map(|(key, who)| Call::ListFor(key, who)),
        1 => (0..6_usize).prop_map(Call::ListOne),
        1 => key().prop_map(Call::Pages),
        1 => who().prop_map(Call::ListRetirable),
    ]
}

fn reading() -> impl Strategy<Value = Call> {
    let form = select(&[Form::Id, Form::Arn, Form::Alias][..]);
    let operation = select(
        &[
            "GetKeyPolicy",
            "ListKeyPolicies",
            "ListResourceTags",
            "GetKeyRotationStatus",
            "ListKeyRotations",
            "GetPublicKey",
            "ListAliases",
        ][..],
    );
    prop_oneof![
        3 => (select(&Key::ALL[..]), form).prop_map(|(key, form)| Call::Describe(key, form)),
        4 => (operation, select(&Key::ALL[..])).prop_map(|(it, key)| Call::Read(it, key)),
        1 => Just(Call::ListAliases),
        1 => Just(Call::ListKeys),
    ]
}

fn using() -> impl Strategy<Value = Call> {
    let token = || option::weighted(0.2, 0..6_usize);
    prop_oneof![
        3 => (sealing(), context(), token()).prop_map(|(key, it, token)| Call::Encrypt(key, it, token)),
        4 => (0..6_usize, option::weighted(0.1, context()), token())
            .prop_map(|(it, context, token)| Call::Decrypt(it, context, token)),
        2 => (sealing(), context()).prop_map(|(key, it)| Call::DataKey(key, it)),
        1 => (0..6_usize, sealing()).prop_map(|(it, key)| Call::ReEncrypt(it, key)),
        1 => select(&[Key::Signer, Key::Orders][..]).prop_map(Call::Sign),
        1 => select(&[Key::Mac, Key::Ledger][..]).prop_map(Call::Mac),
        1 => Just(Call::Random),
    ]
}

fn changing() -> impl Strategy<Value = Call> {
    let key = || select(&[Key::Orders, Key::Orders, Key::Ledger, Key::Spare, Key::Archive][..]);
    prop_oneof![
        key().prop_map(Call::Enable),
        key().prop_map(Call::Disable),
        (key(), select(&["", "new words"][..])).prop_map(|(key, it)| Call::Describing(key, it)),
        key().prop_map(Call::Tag),
        key().prop_map(Call::Untag),
        key().prop_map(Call::Alias),
        key().prop_map(Call::Unalias),
        (key(), any::<bool>()).prop_map(|(key, on)| Call::Rotate(key, on)),
    ]
}
