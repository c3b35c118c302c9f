//! Random sequences of calls, against a small reference of the rules that is written apart from the fake.
//!
//! Every case is drawn from a fixed seed, so that a run repeats exactly; `PROPTEST_RNG_SEED` asks for other cases, and
//! `PROPTEST_CASES` for more or fewer. A case that fails is made as small as possible and shown step by step.

mod draw;
mod reference;
mod steps;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use aws_sdk_kms::Client;
use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{GrantConstraints, GrantListEntry, GrantOperation};
use kms_fixture::scenario::{Consistency, KeyDeclaration, RoleDeclaration, UserDeclaration};
use kms_fixture::{Caller, Fixture, Kms};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use tokio::runtime::Runtime;

use self::reference::{Outcome, Reference};
use self::steps::{
    Actions, Actor, Call, Case, Context, Filter, Key, Operation, Order, Setting, Step, Terms,
};
use super::refusal::client;

#[test]
fn the_fake_keeps_the_rules_under_strong_consistency() {
    check(draw::cases(false));
}

#[test]
fn the_fake_keeps_the_rules_under_eventual_consistency() {
    check(draw::cases(true));
}

/// How many cases are tried, if the environment does not say.
const CASES: u32 = 300;

fn check(cases: impl Strategy<Value = Case>) {
    let mut config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = CASES;
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(20_260_101);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let sealed = runtime.block_on(seal());
    let (tried, has_failed) = (Cell::new(0), Cell::new(false));
    let outcome = TestRunner::new(config).run(&cases, |case| {
        if !has_failed.get() {
            tried.set(tried.get() + 1);
        }
        run(&runtime, &sealed, &case).map_err(|why| {
            has_failed.set(true);
            TestCaseError::fail(why)
        })
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(why, case)) => panic!(
            "found by case {}, and made smaller: {why}\n{:#?}",
            tried.get(),
            case.setting
        ),
        Err(error) => panic!("{error}"),
    }
}

/// Ciphertexts of every key and context. Fixtures with the same seed have the same key material.
type Sealed = BTreeMap<(usize, usize), Blob>;

async fn seal() -> Sealed {
    let nothing = Setting {
        alpha: Actions::new(),
        alpha_session: None,
        beta: Actions::new(),
        user: Actions::new(),
        partner: Actions::new(),
        delays: None,
    };
    let kms = start(&nothing);
    let admin = client(&kms.caller("admin"));
    let mut sealed = Sealed::new();
    for key in Key::ALL {
        for context in Context::ALL {
            let encrypt = admin
                .encrypt()
                .key_id(kms.key(key.name()).arn())
                .plaintext(Blob::new("secret"))
                .set_encryption_context(Some(pairs(context)));
            let blob = encrypt.send().await.unwrap().ciphertext_blob.unwrap();
            sealed.insert((key as usize, context as usize), blob);
        }
    }
    sealed
}

fn start(setting: &Setting) -> Kms {
    let trusting = r#"{"Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*",
        "Principal": {"AWS": ["111122223333", "444455556666"]}}]}"#;
    let mut alpha = RoleDeclaration::new("alpha").allow(setting.alpha.iter().copied());
    if let Some(actions) = &setting.alpha_session {
        let actions: Vec<_> = actions.iter().collect();
        let statement = if actions.is_empty() {
            serde_json::json!([])
        } else {
            serde_json::json!([{"Effect": "Allow", "Action": actions, "Resource": "*"}])
        };
        let policy = serde_json::json!({"Version": "2012-10-17", "Statement": statement});
        alpha = alpha.session_policy(policy.to_string());
    }
    let partner = RoleDeclaration::new("partner")
        .account("444455556666")
        .allow(setting.partner.iter().copied());
    let consistency = setting.delays.map_or(Consistency::strong(), |it| {
        Consistency::eventual()
            .seconds(u32::try_from(it.seconds).unwrap())
            .list_seconds(u32::try_from(it.list_seconds).unwrap())
    });
    Fixture::builder()
        .seed(1)
        .key(KeyDeclaration::new("own"))
        .key(KeyDeclaration::new("shared").policy(trusting))
        .role(alpha)
        .role(RoleDeclaration::new("beta").allow(setting.beta.iter().copied()))
        .user(UserDeclaration::new("user").allow(setting.user.iter().copied()))
        .role(partner)
        .consistency(consistency)
        .start()
        .unwrap()
}

/// Compares step by step.
fn run(runtime: &Runtime, sealed: &Sealed, case: &Case) -> Result<(), String> {
    let mut reference = Reference::new(&case.setting);
    let mut real = Real::new(start(&case.setting), sealed);
    let mut told = String::new();
    for (at, step) in case.steps.iter().enumerate() {
        let found = runtime.block_on(real.apply(step, &reference));
        let expected = reference.apply(step);
        writeln!(told, "{:3}. {step:?}\n     {found:?}", at + 1).unwrap();
        if format!("{found:?}") != format!("{expected:?}") {
            return Err(format!(
                "the last step should have been\n     {expected:?}\nin\n{told}"
            ));
        }
        let left = real.numbers(real.kms.grants().iter().map(kms_fixture::ListedGrant::id));
        if left != reference.existing() {
            let existing = reference.existing();
            return Err(format!(
                "{left:?} are left instead of {existing:?} after\n{told}"
            ));
        }
        debug_assert_eq!(real.grants.len(), reference.made());
    }
    Ok(())
}

/// The fake, seen through the SDK.
struct Real<'a> {
    kms: Kms,
    sealed: &'a Sealed,
    clients: BTreeMap<usize, Client>,
    /// Ids and tokens of the grants, in the order in which they were made.
    grants: Vec<(String, String)>,
}

impl<'a> Real<'a> {
    fn new(kms: Kms, sealed: &'a Sealed) -> Self {
        Self {
            kms,
            sealed,
            clients: BTreeMap::new(),
            grants: Vec::new(),
        }
    }

    fn client(&mut self, actor: Actor) -> Client {
        let kms = &self.kms;
        let made = self
            .clients
            .entry(actor as usize)
            .or_insert_with(|| client(&caller(kms, actor)));
        made.clone()
    }

    fn arn(&self, key: Key) -> String {
        self.kms.key(key.name()).arn().to_owned()
    }

    fn numbers<'i>(&self, ids: impl Iterator<Item = &'i str>) -> BTreeSet<usize> {
        let number = |id: &str| self.grants.iter().position(|it| it.0 == id);
        ids.map(|id| number(id).unwrap_or(usize::MAX)).collect()
    }

    fn listed(&self, entries: &[GrantListEntry]) -> Outcome {
        let numbers = self.numbers(entries.iter().filter_map(GrantListEntry::grant_id));
        assert_eq!(numbers.len(), entries.len(), "nothing is listed twice");
        Outcome::Listed(numbers)
    }

    async fn apply(&mut self, step: &Step, meant: &Reference) -> Outcome {
        match step {
            Step::Advance(seconds) => self.kms.clock().advance(Duration::from_secs(*seconds)),
            Step::Settle => self.kms.settle(),
            Step::Stale(calls) => self.kms.stale_calls(*calls).unwrap(),
            Step::Call(actor, call) => return self.call(*actor, call, meant).await,
        }
        Outcome::Done
    }

    async fn call(&mut self, actor: Actor, call: &Call, meant: &Reference) -> Outcome {
        let client = self.client(actor);
        let id = |number: &usize| {
            meant
                .pick(*number)
                .map_or("0".repeat(64), |it| self.grants[it].0.clone())
        };
        let token = |number: &usize| {
            meant
                .pick(*number)
                .map_or("none".to_owned(), |it| self.grants[it].1.clone())
        };
        let tokens =
            |numbers: &[usize]| (!numbers.is_empty()).then(|| numbers.iter().map(token).collect());
        let dry = |dry: &bool| dry.then_some(true);
        match call {
            Call::Create(terms, with, dry_run) => {
                let create = client
                    .create_grant()
                    .key_id(self.arn(terms.key))
                    .grantee_principal(terms.grantee.arn())
                    .set_retiring_principal(terms.retiring.map(steps::Principal::arn))
                    .set_operations(Some(operations(terms)))
                    .set_constraints(constraints(terms))
                    .set_name(terms.name.map(str::to_owned))
                    .set_grant_tokens(tokens(with))
                    .set_dry_run(dry(dry_run));
                match create.send().await {
                    Ok(made) => {
                        let (id, token) = (made.grant_id.unwrap(), made.grant_token.unwrap());
                        let known = self.grants.iter().position(|it| it.0 == id);
                        Outcome::Made(known.unwrap_or_else(|| {
                            self.grants.push((id, token));
                            self.grants.len() - 1
                        }))
                    }
                    Err(error) => refused(&error),
                }
            }
            Call::RetireByToken(number, dry_run) => {
                let retire = client.retire_grant().grant_token(token(number));
                done(retire.set_dry_run(dry(dry_run)).send().await)
            }
            Call::RetireById(number, whose, dry_run) => {
                let key = meant.key(*number, *whose);
                let retire = client
                    .retire_grant()
                    .key_id(self.arn(key))
                    .grant_id(id(number));
                done(retire.set_dry_run(dry(dry_run)).send().await)
            }
            Call::Revoke(number, whose, dry_run) => {
                let key = meant.key(*number, *whose);
                let revoke = client
                    .revoke_grant()
                    .key_id(self.arn(key))
                    .grant_id(id(number));
                done(revoke.set_dry_run(dry(dry_run)).send().await)
            }
            Call::List(key, filter) => {
                let list = client.list_grants().key_id(self.arn(*key));
                let list = match filter {
                    Filter::None => list,
                    Filter::Grantee(who) => list.grantee_principal(who.arn()),
                    Filter::Id(number) => list.grant_id(id(number)),
                };
                match list.send().await {
                    Ok(page) => self.listed(page.grants()),
                    Err(error) => refused(&error),
                }
            }
            Call::ListRetirable(who) => {
                let list = client.list_retirable_grants().retiring_principal(who.arn());
                match list.send().await {
                    Ok(page) => self.listed(page.grants()),
                    Err(error) => refused(&error),
                }
            }
            Call::Describe(key, with) => {
                let describe = client.describe_key().key_id(self.arn(*key));
                done(describe.set_grant_tokens(tokens(with)).send().await)
            }
            Call::Encrypt(key, context, with) => {
                let encrypt = client
                    .encrypt()
                    .key_id(self.arn(*key))
                    .plaintext(Blob::new("secret"));
                let encrypt = encrypt.set_encryption_context(Some(pairs(*context)));
                done(encrypt.set_grant_tokens(tokens(with)).send().await)
            }
            Call::Decrypt {
                key,
                sealed,
                context,
                tokens: with,
            } => {
                let blob = self.sealed[&(*key as usize, *sealed as usize)].clone();
                let decrypt = client.decrypt().ciphertext_blob(blob);
                let decrypt = decrypt.set_encryption_context(Some(pairs(*context)));
                done(decrypt.set_grant_tokens(tokens(with)).send().await)
            }
        }
    }
}

fn caller(kms: &Kms, actor: Actor) -> Caller {
    match actor {
        Actor::Admin => kms.caller("admin"),
        Actor::Root => kms.root("111122223333").unwrap(),
        Actor::Alpha => kms.caller("alpha"),
        Actor::AlphaElsewhere => kms.session("alpha", "elsewhere").unwrap(),
        Actor::Beta => kms.caller("beta"),
        Actor::User => kms.caller("user"),
        Actor::Partner => kms.caller("partner"),
    }
}

fn pairs(context: Context) -> std::collections::HashMap<String, String> {
    let pairs = context.pairs().into_iter();
    pairs
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

fn operations(terms: &Terms) -> Vec<GrantOperation> {
    let word = |it: &Operation| match it {
        Operation::CreateGrant => GrantOperation::CreateGrant,
        Operation::RetireGrant => GrantOperation::RetireGrant,
        Operation::DescribeKey => GrantOperation::DescribeKey,
        Operation::Encrypt => GrantOperation::Encrypt,
        Operation::Decrypt => GrantOperation::Decrypt,
    };
    terms.operations.iter().map(word).collect()
}

fn constraints(terms: &Terms) -> Option<GrantConstraints> {
    let (order, context) = terms.constraint?;
    let builder = GrantConstraints::builder();
    let builder = match order {
        Order::Equals => builder.set_encryption_context_equals(Some(pairs(context))),
        Order::Subset => builder.set_encryption_context_subset(Some(pairs(context))),
    };
    Some(builder.build())
}

fn done<T, E: ProvideErrorMetadata, R>(result: Result<T, SdkError<E, R>>) -> Outcome {
    match result {
        Ok(_) => Outcome::Done,
        Err(error) => refused(&error),
    }
}

fn refused<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Outcome {
    let code = error.code().unwrap_or("no code");
    Outcome::Refused(code.to_owned().into())
}
