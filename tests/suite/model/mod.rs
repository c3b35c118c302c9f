//! Random sequences of calls, against a small reference of the rules that is written apart from the fake.
//!
//! Every case is drawn from a fixed seed, so that a run repeats exactly; `PROPTEST_RNG_SEED` asks for other cases, and
//! `PROPTEST_CASES` for more or fewer. A case that fails is made as small as possible and shown step by step.

mod draw;
mod real;
mod reference;
mod steps;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use aws_sdk_kms::primitives::Blob;
use kms_fixture::scenario::{Consistency, KeyDeclaration, RoleDeclaration, UserDeclaration};
use kms_fixture::{Fixture, Kms, ListedGrant};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use serde_json::json;
use tokio::runtime::Runtime;

use self::real::{Real, pairs};
use self::reference::{Outcome, Reference};
use self::steps::{Actor, Case, Context, Key, Policy, Setting, Step};
use super::calls::client;

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
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = CASES;
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(20_260_101);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
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
        Err(TestError::Fail(why, case)) => {
            panic!("found by case {}, and made smaller: {why}\n{:#?}", tried.get(), case.setting)
        }
        Err(error) => panic!("{error}"),
    }
}

/// Ciphertexts of every key and context. Fixtures with the same seed have the same key material.
type Sealed = BTreeMap<(usize, usize), Blob>;

async fn seal() -> Sealed {
    let kms = start(&Setting::default());
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
    let mut alpha = RoleDeclaration::new("alpha").policy(document(&setting.alpha));
    if let Some(policy) = &setting.alpha_session {
        alpha = alpha.session_policy(document(policy));
    }
    let mut beta = RoleDeclaration::new("beta").policy(document(&setting.beta));
    let mut user = UserDeclaration::new("user").policy(document(&setting.user));
    if let Some(policy) = &setting.boundary {
        beta = beta.boundary(document(policy));
        user = user.boundary(document(policy));
    }
    let guest = UserDeclaration::new("guest").federated(true).policy(document(&setting.guest));
    let partner =
        RoleDeclaration::new("partner").account("444455556666").policy(document(&setting.partner));
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
        .role(beta)
        .user(user)
        .user(guest)
        .role(partner)
        .consistency(consistency)
        .start()
        .unwrap()
}

fn document(policy: &Policy) -> String {
    let statements: Vec<_> = [("Allow", &policy.allow), ("Deny", &policy.deny)]
        .into_iter()
        .filter(|it| !it.1.is_empty())
        .map(|(effect, actions)| json!({"Effect": effect, "Action": actions, "Resource": "*"}))
        .collect();
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

/// Checks that the last call says why: by a grant, or by a policy of the caller or the key.
fn explained(kms: &Kms, actor: Actor) -> Result<(), String> {
    let calls = kms.calls();
    let call = calls.last().unwrap();
    let caller = call.caller().unwrap();
    let is_about = |it: &&String| {
        it.starts_with("grant-")
            || it.contains(&format!("of {caller}"))
            || it.contains(&format!("to {caller}"))
            || it.ends_with("for keys of other accounts")
            || it.contains("the answer hides")
    };
    match call.why().iter().find(is_about) {
        Some(_) => Ok(()),
        None => Err(format!("{actor:?} is not told why: {:?} of {call:?}", call.why())),
    }
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
            return Err(format!("the last step should have been\n     {expected:?}\nin\n{told}"));
        }
        if let (Step::Call(actor, _), Outcome::Refused(code)) = (step, &found)
            && code == "AccessDeniedException"
        {
            explained(&real.kms, *actor).map_err(|it| format!("{it}\n{told}"))?;
        }
        let left = real.numbers(real.kms.grants().iter().map(ListedGrant::id));
        if left != reference.existing() {
            let existing = reference.existing();
            return Err(format!("{left:?} are left instead of {existing:?} after\n{told}"));
        }
        debug_assert_eq!(real.grants.len(), reference.made());
    }
    Ok(())
}
