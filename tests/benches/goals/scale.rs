//! Scale: a page, a grant made and a grant retired, with few and with very many grants; and what declaring them costs.
//!
//! Requests go to the fake without socket and SDK, whose own cost would hide a difference.

use std::time::{Duration, Instant};

use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::{GrantDeclaration, KeyDeclaration, RoleDeclaration};
use kms_fixture::{Fixture, FixtureBuilder};
use serde_json::json;

use crate::support::answer::Answer;
use crate::support::direct::Direct;
use crate::support::measure::{Effort, Subject, medians, timed};
use crate::support::signed::{Signed, Signer};
use crate::support::table::{self, Goal};

/// The contract says "the same"; this much is left to caches and noise.
const GOAL: Goal = Goal::AtMost(1.25);

/// Enough for a million grants: the quota is 50,000 for each.
const KEYS: usize = 25;

/// How many calls are timed together.
const BATCH: u32 = 20;

pub(crate) fn run(effort: Effort) {
    let sizes = match effort {
        Effort::Full => [100, 10_000, 1_000_000],
        Effort::Smoke => [100, 200, 300],
    };
    let mut filled = sizes.map(Filled::new);
    let filled = &mut filled;
    operation(effort, filled, "a page of ListRetirableGrants", Filled::page);
    operation(effort, filled, "CreateGrant", |it| it.both().0);
    operation(effort, filled, "RetireGrant", |it| it.both().1);
    declaring(effort);
}

fn operation(
    effort: Effort,
    filled: &mut [Filled; 3],
    name: &str,
    operation: fn(&mut Filled) -> Duration,
) {
    let sizes = filled.each_ref().map(|it| it.size);
    let subjects = filled.each_mut().map(|it| Box::new(move || operation(it)) as Subject<'_>);
    let taken = medians(effort, 4, subjects).map(|it| it / BATCH);
    compared(&format!("{name}, at the fake itself"), sizes, taken, GOAL);
}

/// The contract says nothing of declaring; the goal here is that it does not cost the square of their number.
fn declaring(effort: Effort) {
    let sizes = match effort {
        // From 1,000 on, the fixture's own start is not seen any more.
        Effort::Full => [1_000, 4_000, 16_000],
        Effort::Smoke => [10, 20, 30],
    };
    let subjects = sizes.map(|size| {
        let builder = declared(size);
        Box::new(move || {
            let builder = builder.clone();
            let start = Instant::now();
            let kms = builder.start().expect("the scenario makes sense");
            let taken = start.elapsed();
            drop(kms);
            taken / u32::try_from(size).expect("a small number")
        }) as Subject<'_>
    });
    let taken = medians(effort, 4, subjects);
    compared("start() of a fixture, for each grant declared", sizes, taken, Goal::AtMost(2.0));
}

/// Prints how much longer something takes with more grants.
fn compared(what: &str, sizes: [usize; 3], taken: [Duration; 3], goal: Goal) {
    table::heading(&format!("Scale: {what}"));
    table::figure(&format!("with {} grants", sizes[0]), taken[0]);
    for at in [1, 2] {
        let ratio = table::ratio(taken[at], taken[0]);
        let name = format!("with {} grants", sizes[at]);
        table::judged(&name, taken[at], ratio, goal);
    }
}

/// A role that can retire `grants` grants, spread over the keys.
fn declared(grants: usize) -> FixtureBuilder {
    let builder = Fixture::builder().role(RoleDeclaration::new("worker"));
    let builder =
        (0..KEYS).fold(builder, |builder, key| builder.key(KeyDeclaration::new(format!("k{key}"))));
    (0..grants).fold(builder, |builder, number| {
        let grant = GrantDeclaration::new(format!("g{number}"))
            .key(format!("k{}", number % KEYS))
            .grantee("worker")
            .retiring("worker")
            .operations([GrantOperation::Decrypt, GrantOperation::RetireGrant]);
        builder.grant(grant)
    })
}

/// A fixture with so many grants, and calls to it.
struct Filled {
    size: usize,
    direct: Direct,
    signer: Signer,
    key: String,
    page: Signed,
    create: Signed,
}

impl Filled {
    fn new(size: usize) -> Self {
        let start = Instant::now();
        let kms = declared(size).start().expect("the scenario makes sense");
        let taken = start.elapsed();
        println!("\n{size} grants declared and started in {taken:.1?}");
        let signer = Signer::new(&kms);
        let worker = kms.caller("worker").arn().to_owned();
        let creation = json!({
            "KeyId": kms.key("k0").arn(),
            "GranteePrincipal": worker,
            "RetiringPrincipal": worker,
            "Operations": ["Decrypt", "RetireGrant"],
        });
        Self {
            size,
            page: signer
                .sign("ListRetirableGrants", &json!({"RetiringPrincipal": worker, "Limit": 50})),
            create: signer.sign("CreateGrant", &creation),
            key: kms.key("k0").arn().to_owned(),
            direct: Direct::new(&kms),
            signer,
        }
    }

    /// How long pages take.
    fn page(&mut self) -> Duration {
        timed(|| {
            for _ in 0..BATCH {
                assert!(self.direct.call(self.page.sdk()).status().is_success());
            }
        })
    }

    /// How long making grants takes, and how long retiring them.
    fn both(&mut self) -> (Duration, Duration) {
        let mut answers = Vec::new();
        let creating = timed(|| {
            for _ in 0..BATCH {
                answers.push(self.direct.call(self.create.sdk()));
            }
        });
        let retirements = answers.iter().map(|it| {
            let grant = Answer::of(it).json()["GrantId"].clone();
            let input = json!({"KeyId": self.key, "GrantId": grant});
            self.signer.sign("RetireGrant", &input)
        });
        let retirements: Vec<_> = retirements.collect();
        let retiring = timed(|| {
            for retirement in &retirements {
                assert!(self.direct.call(retirement.sdk()).status().is_success());
            }
        });
        (creating, retiring)
    }
}
