//! Cryptography: Encrypt and Decrypt by a grantee, on a key with few and with very many grants.
//!
//! Requests go to the fake without socket and SDK, whose own cost would hide a difference. The floor is the same call
//! on a key with one grant.

use std::time::Duration;

use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::{GrantDeclaration, KeyDeclaration, RoleDeclaration};
use kms_fixture::{Fixture, FixtureBuilder};
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::direct::Direct;
use crate::support::measure::{Effort, Subject, medians, timed};
use crate::support::signed::{Signed, Signer};
use crate::support::table::{self, Goal};

/// What issue 4 asks for.
const GOAL: Goal = Goal::AtMost(1.3);

/// How many calls are timed together.
const BATCH: u32 = 20;

/// How the grants of the key differ.
#[derive(Clone, Copy)]
enum Grants {
    /// All for the caller, all alike.
    Alike,
    /// All for the caller, each for another encryption context; the call has the last one's.
    Equals,
    /// All for the caller, each asking for a common pair and one of its own; likewise.
    Subset,
    /// All for the caller, but only the last one allows what is called.
    OtherOperations,
    /// One for the caller, the others for somebody else.
    OthersHold,
    /// All for a service, each for another resource; likewise.
    Sources,
    /// All for a caller of another account, who also has an own policy.
    Across,
}

pub(crate) fn run(effort: Effort) {
    let sizes = match effort {
        Effort::Full => [1, 1_000, 50_000],
        Effort::Smoke => [1, 2, 3],
    };
    for (grants, what) in [
        (Grants::Alike, "the caller's, all alike"),
        (Grants::Equals, "the caller's, each for a context"),
        (Grants::Subset, "the caller's, each for a part of a context"),
        (Grants::OtherOperations, "the caller's, one of them fits"),
        (Grants::OthersHold, "somebody else's, but one"),
        (Grants::Sources, "a service's, each for a resource"),
        (Grants::Across, "of a caller of another account"),
    ] {
        let mut filled = sizes.map(|size| Filled::new(grants, size));
        let calls = [
            ("Encrypt", Filled::encrypt as fn(&Filled) -> &Signed),
            ("Decrypt", Filled::decrypt),
            ("DescribeKey", Filled::describe),
        ];
        // What does not look at the context is told apart by the operations alone.
        let many = matches!(grants, Grants::Equals | Grants::OtherOperations);
        for (name, call) in calls.into_iter().take(if many { 3 } else { 2 }) {
            let subjects = filled.each_mut().map(|it| {
                Box::new(move || {
                    let signed = call(it).clone();
                    it.time(&signed)
                }) as Subject<'_>
            });
            let taken = medians(effort, 4, subjects).map(|it| it / BATCH);
            table::heading(&format!("Cryptography: {name} by a grantee; the grants are {what}"));
            table::figure(&format!("with {} grants", sizes[0]), taken[0]);
            for at in [1, 2] {
                let ratio = table::ratio(taken[at], taken[0]);
                table::judged(&format!("with {} grants", sizes[at]), taken[at], ratio, GOAL);
            }
        }
    }
}

fn declared(grants: Grants, size: usize) -> FixtureBuilder {
    let builder = Fixture::builder()
        .key(KeyDeclaration::new("orders"))
        .role(RoleDeclaration::new("worker"))
        .role(RoleDeclaration::new("other"))
        .role(RoleDeclaration::new("partner").account("444455556666").allow(["kms:*"]));
    (0..size).fold(builder, |builder, number| {
        let last = number + 1 == size;
        let both = [GrantOperation::Encrypt, GrantOperation::Decrypt];
        let described = [both[0], both[1], GrantOperation::DescribeKey];
        let grant = GrantDeclaration::new(format!("g{number}")).key("orders");
        let tenant = number.to_string();
        builder.grant(match grants {
            Grants::Alike => grant.grantee("worker").operations(both),
            Grants::Equals => grant
                .grantee("worker")
                .operations(described)
                .context_equals([("purpose", "backup"), ("tenant", &tenant)]),
            Grants::Subset => grant
                .grantee("worker")
                .operations(both)
                .context_subset([("purpose", "backup"), ("tenant", &tenant)]),
            Grants::OtherOperations | Grants::OthersHold if last => {
                grant.grantee("worker").operations(described)
            }
            Grants::OtherOperations => {
                grant.grantee("worker").operations([GrantOperation::RetireGrant])
            }
            Grants::OthersHold => grant.grantee("other").operations(both),
            Grants::Sources => {
                grant.grantee(SERVICE).retiring("worker").source_arn(table(number)).operations(both)
            }
            Grants::Across => grant.grantee("partner").operations(both),
        })
    })
}

const SERVICE: &str = "dynamodb.us-east-1.amazonaws.com";

fn table(number: usize) -> String {
    format!("arn:aws:dynamodb:us-east-1:111122223333:table/t{number}")
}

/// A fixture with so many grants, and calls to it.
struct Filled {
    direct: Direct,
    encrypt: Signed,
    decrypt: Signed,
    describe: Signed,
}

impl Filled {
    fn new(grants: Grants, size: usize) -> Self {
        let kms = declared(grants, size).start().expect("the scenario makes sense");
        let direct = Direct::new(&kms);
        let caller = match grants {
            Grants::Sources => kms.service(SERVICE, Some(&table(size - 1))).expect("a service"),
            Grants::Across => kms.caller("partner"),
            _ => kms.caller("worker"),
        };
        let signer = Signer::of(&caller, kms.region());
        let context = json!({"purpose": "backup", "tenant": (size - 1).to_string()});
        let key = kms.key("orders").arn().to_owned();
        let message = json!({"KeyId": key, "Plaintext": "aGVsbG8=", "EncryptionContext": context});
        let encrypt = signer.sign("Encrypt", &message);
        let answer: Value = Answer::of(&direct.call(encrypt.sdk())).json();
        let blob = &answer["CiphertextBlob"];
        let opening = json!({"CiphertextBlob": blob, "EncryptionContext": context});
        Self {
            direct,
            encrypt,
            decrypt: signer.sign("Decrypt", &opening),
            describe: signer.sign("DescribeKey", &json!({ "KeyId": key })),
        }
    }

    fn encrypt(&self) -> &Signed {
        &self.encrypt
    }

    fn decrypt(&self) -> &Signed {
        &self.decrypt
    }

    fn describe(&self) -> &Signed {
        &self.describe
    }

    fn time(&mut self, signed: &Signed) -> Duration {
        timed(|| {
            for _ in 0..BATCH {
                assert!(self.direct.call(signed.sdk()).status().is_success());
            }
        })
    }
}
