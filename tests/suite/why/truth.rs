//! The reasons are true: once everything that one of them names is given, the call passes, and not before.
//!
//! Worlds are drawn from a fixed seed; `PROPTEST_RNG_SEED` asks for others, and `PROPTEST_CASES` for more or fewer.

use std::collections::BTreeSet;
use std::time::Duration;

use kms_fixture::scenario::{Consistency, KeyDeclaration, RoleDeclaration};
use kms_fixture::{Caller, Fixture, Kms};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use crate::calls::{Made, client, create, equals, granted, pairs, revoke, subset};

/// The encryption contexts of calls and constraints.
type Context = &'static [(&'static str, &'static str)];
const CONTEXTS: [Context; 4] =
    [&[], &[("tenant", "7")], &[("tenant", "8")], &[("purpose", "backup"), ("tenant", "7")]];

/// The answer of a policy to the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Allows,
    Silent,
    Denies,
}

/// The principal that a grant is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grantee {
    Worker,
    Other,
    Account,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// It ends before the call.
    Ended,
    Arrived,
    /// It is made at the end, and arrives after 30 s.
    Late,
}

#[derive(Clone, Debug)]
struct Grant {
    grantee: Grantee,
    allows_encrypt: bool,
    /// Whether the constraint is exact, and its pairs.
    constraint: Option<(bool, Context)>,
    state: State,
}

#[derive(Clone, Debug)]
struct World {
    /// The own policies of the worker.
    identity: Said,
    boundary: Option<Said>,
    session: Option<Said>,
    /// `Allows` trusts the account.
    key_policy: Said,
    /// Sorted by state.
    grants: Vec<Grant>,
    context: Context,
    /// The seconds between the last grant and the call.
    passed: u64,
    /// Whether the call has the tokens of the grants that have not arrived.
    has_tokens: bool,
}

fn worlds() -> impl Strategy<Value = World> {
    let said =
        || select(&[Said::Silent, Said::Silent, Said::Silent, Said::Allows, Said::Denies][..]);
    let limit = || prop::option::weighted(0.3, said());
    let context = || select(&CONTEXTS[..]);
    let grant = (
        select(&[Grantee::Worker, Grantee::Worker, Grantee::Other, Grantee::Account][..]),
        prop::bool::weighted(0.7),
        prop::option::weighted(0.5, (any::<bool>(), select(&CONTEXTS[1..]))),
        select(&[State::Arrived, State::Arrived, State::Late, State::Ended][..]),
    );
    let grant = grant.prop_map(|(grantee, allows_encrypt, constraint, state)| Grant {
        grantee,
        allows_encrypt,
        constraint,
        state,
    });
    let key_policy = select(&[Said::Allows, Said::Allows, Said::Silent, Said::Denies][..]);
    let policies = (said(), limit(), limit(), key_policy);
    (policies, vec(grant, 0..4), context(), select(&[0, 10][..])).prop_map(
        |((identity, boundary, session, key_policy), mut grants, context, passed)| {
            grants.sort_by_key(|it| it.state as u8);
            World {
                identity,
                boundary,
                session,
                key_policy,
                grants,
                context,
                passed,
                has_tokens: false,
            }
        },
    )
}

fn document(said: Said, principal: &str) -> String {
    let (effect, action) = match said {
        Said::Allows => ("Allow", "kms:Encrypt"),
        Said::Silent => ("Allow", "kms:Sign"),
        Said::Denies => ("Deny", "kms:Encrypt"),
    };
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [
            {{"Effect": "{effect}", "Action": "{action}", "Resource": "*" {principal}}}]}}"#
    )
}

impl World {
    fn start(&self) -> Kms {
        let mut worker = RoleDeclaration::new("worker").policy(document(self.identity, ""));
        if let Some(said) = self.boundary {
            worker = worker.boundary(document(said, ""));
        }
        if let Some(said) = self.session {
            worker = worker.session_policy(document(said, ""));
        }
        let principal = |arn: &str| format!(r#", "Principal": {{"AWS": "{arn}"}}"#);
        let admin = r#"{"Effect": "Allow", "Action": "kms:*", "Resource": "*",
            "Principal": {"AWS": "arn:aws:iam::111122223333:role/Admin"}}"#;
        let of_key = if self.key_policy == Said::Denies {
            document(Said::Denies, &principal("arn:aws:iam::111122223333:role/worker"))
        } else {
            document(self.key_policy, &principal("111122223333"))
        };
        let of_key = of_key.replacen('[', &format!("[{admin},"), 1);
        Fixture::builder()
            .seed(1)
            .key(KeyDeclaration::new("orders").policy(of_key))
            .role(worker)
            .role("other")
            .consistency(Consistency::eventual().seconds(30))
            .start()
            .unwrap()
    }

    /// Returns whether the call passes, and why not.
    async fn call(&self) -> (bool, Vec<String>) {
        let kms = self.start();
        let admin = kms.caller("admin");
        let (mut ended, mut tokens) = (Vec::new(), Vec::new());
        for grant in self.grants.iter().filter(|it| !matches!(it.state, State::Late)) {
            let made = grant.make(&kms, &admin).await.id;
            if matches!(grant.state, State::Ended) {
                ended.push(made);
            }
        }
        kms.settle();
        for id in ended {
            revoke(&admin, kms.key("orders").id(), &id).await.unwrap();
        }
        kms.settle();
        for grant in self.grants.iter().filter(|it| matches!(it.state, State::Late)) {
            tokens.push(grant.make(&kms, &admin).await.token);
        }
        let tokens = self.has_tokens.then_some(tokens);
        kms.clock().advance(Duration::from_secs(self.passed));
        let encrypt = client(&kms.caller("worker")).encrypt().key_id(kms.key("orders").id());
        let encrypt = encrypt.plaintext(aws_sdk_kms::primitives::Blob::new("secret"));
        let context = (!self.context.is_empty()).then(|| pairs(self.context));
        let encrypt = encrypt.set_encryption_context(context).set_grant_tokens(tokens);
        let passes = encrypt.send().await.is_ok();
        (passes, kms.calls().last().unwrap().why().to_vec())
    }
}

impl Grant {
    async fn make(&self, kms: &Kms, admin: &Caller) -> Made {
        let grantee = match self.grantee {
            Grantee::Worker => kms.caller("worker").arn().to_owned(),
            Grantee::Other => kms.caller("other").arn().to_owned(),
            Grantee::Account => "arn:aws:iam::111122223333:root".to_owned(),
        };
        let operation = if self.allows_encrypt { "Encrypt" } else { "DescribeKey" };
        let constraint =
            self.constraint.map(|(exact, pairs)| if exact { equals(pairs) } else { subset(pairs) });
        let create = create(admin, kms.key("orders").arn(), &grantee, &[operation]);
        granted(create.set_constraints(constraint)).await
    }
}

/// One thing that a sentence names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Grantee(usize),
    Operation(usize),
    Context(usize),
    Arrival(usize),
    Existence(usize),
    Identity,
    NoIdentityDeny,
    Boundary,
    Session,
    KeyPolicy,
}

/// Returns what a sentence about a grant names.
fn named_of_grant(sentence: &str) -> BTreeSet<Thing> {
    let number = sentence.strip_prefix("grant-").unwrap().split(' ').next().unwrap();
    let at = number.parse::<usize>().unwrap() - 1;
    [
        (", not to worker", Thing::Grantee(at)),
        (", not Encrypt", Thing::Operation(at)),
        ("needs context", Thing::Context(at)),
        ("has not arrived", Thing::Arrival(at)),
        ("ended with call", Thing::Existence(at)),
        ("needs a policy of worker", Thing::Identity),
        ("needs the permissions boundary of worker", Thing::Boundary),
        ("needs the session policy of worker", Thing::Session),
    ]
    .into_iter()
    .filter(|it| sentence.contains(it.0))
    .map(|it| it.1)
    .collect()
}

/// Returns what a sentence about policies names; only denials, if the call is to pass by a grant.
fn named_of_policies(sentence: &str, by_grant: bool) -> BTreeSet<Thing> {
    let missing = [
        ("no policy of worker allows", Thing::Identity),
        ("permissions boundary of worker does not allow", Thing::Boundary),
        ("session policy of worker does not allow", Thing::Session),
        ("neither to worker nor to the account", Thing::KeyPolicy),
    ];
    let denials = [
        (
            "a policy of worker denies",
            if by_grant { Thing::NoIdentityDeny } else { Thing::Identity },
        ),
        ("permissions boundary of worker denies", Thing::Boundary),
        ("session policy of worker denies", Thing::Session),
        ("the key policy denies", Thing::KeyPolicy),
    ];
    let missing = missing.into_iter().filter(|_| !by_grant);
    missing.chain(denials).filter(|it| sentence.contains(it.0)).map(|it| it.1).collect()
}

/// Returns the world with the named things.
fn given(world: &World, things: &BTreeSet<Thing>) -> World {
    let mut world = world.clone();
    for thing in things {
        match *thing {
            Thing::Grantee(at) => world.grants[at].grantee = Grantee::Worker,
            Thing::Operation(at) => world.grants[at].allows_encrypt = true,
            Thing::Context(at) => world.context = world.grants[at].constraint.unwrap().1,
            // As much time as is missing.
            Thing::Arrival(_) => world.passed = 30,
            Thing::Existence(at) => world.grants[at].state = State::Arrived,
            Thing::Identity => world.identity = Said::Allows,
            Thing::NoIdentityDeny => world.identity = Said::Silent,
            Thing::Boundary => world.boundary = Some(Said::Allows),
            Thing::Session => world.session = Some(Said::Allows),
            Thing::KeyPolicy => world.key_policy = Said::Allows,
        }
    }
    world
}

async fn check(world: &World) -> Result<(usize, usize), String> {
    let (passes, why) = world.call().await;
    if passes {
        return if why.is_empty() { Ok((0, 0)) } else { Err(format!("passes, but {why:?}")) };
    }
    let (grants, policies): (Vec<_>, Vec<_>) = why.iter().partition(|it| it.starts_with("grant-"));
    if policies.is_empty() {
        return Err("no sentence about policies".to_owned());
    }
    let named = |by_grant| {
        let named = policies.iter().flat_map(move |it| named_of_policies(it, by_grant));
        named.collect::<BTreeSet<_>>()
    };
    let mut ways = vec![named(false)];
    for sentence in &grants {
        let mut things = named_of_grant(sentence);
        things.extend(named(true));
        // A policy that allows the call does not deny it.
        if things.contains(&Thing::Identity) {
            things.remove(&Thing::NoIdentityDeny);
        }
        ways.push(things);
    }
    let mut shown = (1, ways.len() - 1);
    for things in &ways {
        if things.is_empty() || !given(world, things).call().await.0 {
            return Err(format!("{things:?} is not enough: {why:#?}"));
        }
        // With one grant, nothing else can make the call pass.
        for left_out in things.iter().filter(|_| world.grants.len() == 1 && ways.len() == 2) {
            let mut fewer = things.clone();
            fewer.remove(left_out);
            let passes = given(world, &fewer).call().await.0;
            if fewer.contains(&Thing::Identity) {
                fewer.insert(Thing::NoIdentityDeny);
            }
            if passes && !ways.iter().any(|it| it.is_subset(&fewer)) {
                return Err(format!("{left_out:?} of {things:?} is not needed: {why:#?}"));
            }
        }
    }
    // The time that is promised is exact.
    if let Some(time) = policies.iter().find_map(|it| it.split_once("the call is allowed ")) {
        let seconds: u64 = time.1.split(' ').next().unwrap().parse().unwrap();
        let later = |passed| World { passed, ..world.clone() };
        let early = later(world.passed + seconds - 1).call().await.0;
        let right = later(world.passed + seconds).call().await.0;
        let with_token = World { has_tokens: true, ..world.clone() }.call().await.0;
        if early || !right || !with_token {
            return Err(format!(
                "after {seconds} s: {right}; before: {early}; with a token: {with_token}: {why:#?}"
            ));
        }
        shown.0 += 1;
    }
    Ok(shown)
}

#[test]
fn a_call_passes_once_it_is_given_what_the_reasons_name() {
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 200;
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(20_260_101);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let grants = std::cell::Cell::new(0);
    let outcome = TestRunner::new(config).run(&worlds(), |world| {
        let shown = runtime.block_on(check(&world)).map_err(TestCaseError::fail)?;
        grants.set(grants.get() + shown.1);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert!(grants.get() > 50, "only {} grants came near", grants.get());
}
