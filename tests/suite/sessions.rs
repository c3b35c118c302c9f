//! Who holds a grant, and what else limits them: facts 8b.2 to 8b.6, 8b.12 and 8b.13, each for a cryptographic operation
//! and for RetireGrant.

use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::{GrantDeclaration, KeyDeclaration, RoleDeclaration, UserDeclaration};
use kms_fixture::{Caller, Fixture, FixtureBuilder, Grant, Key, Kms, kms_test};

use super::calls::{client, encrypt, retire};
use super::refusal::{denied, denied_by};

const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/worker/worker";
/// Allows something else.
pub(super) const NOTHING: &str = include_str!("policies/nothing.json");
const DENY: &str = r#"{"Statement": [
    {"Effect": "Allow", "Action": "kms:*", "Resource": "*"},
    {"Effect": "Deny", "Action": ["kms:Encrypt", "kms:RetireGrant"], "Resource": "*"}
]}"#;

/// A key with one grant: who it is for uses the key, and retires it.
pub(super) fn granted_to(to: &str) -> FixtureBuilder {
    let access = GrantDeclaration::new("access")
        .key("orders")
        .grantee(to)
        .retiring(to)
        .operations([GrantOperation::Encrypt]);
    Fixture::builder().key(KeyDeclaration::new("orders")).grant(access)
}

/// What is said to `caller`, who holds `access` on `orders`, of either operation: `text` makes the text of a denial.
pub(super) async fn check(kms: &Kms, caller: &Caller, text: Option<&dyn Fn(&str) -> String>) {
    let token = kms.grant("access").token().to_owned();
    let outcomes = [
        ("Encrypt", encrypt(caller, kms.key("orders").arn()).await),
        ("RetireGrant", retire(caller, &token).await),
    ];
    for (operation, outcome) in outcomes {
        match text {
            None => outcome.expect(operation),
            Some(text) => outcome.expect_err(operation).is_denial(&text(operation)),
        }
    }
    assert_eq!(kms.grants().is_empty(), text.is_none());
}

/// How a declared limit refuses.
#[derive(Clone, Copy, Debug)]
enum Told {
    Nothing,
    /// `because no ... allows`
    Lacks(&'static str),
    /// `with an explicit deny in ...`
    Denies(&'static str),
}

async fn tell(kms: &Kms, caller: &Caller, told: Told) {
    let arn = kms.key("orders").arn().to_owned();
    match told {
        Told::Nothing => check(kms, caller, None).await,
        Told::Lacks(policy) => {
            let text = |operation: &str| denied(caller, operation, &arn, policy);
            check(kms, caller, Some(&text)).await;
        }
        Told::Denies(policy) => {
            let text = |operation: &str| denied_by(caller, operation, &arn, policy);
            check(kms, caller, Some(&text)).await;
        }
    }
}

#[tokio::test]
async fn policies_limit_role_grants_and_denies_limit_session_grants_facts_8b_4_8b_5_8b_13() {
    let role = || RoleDeclaration::new("worker");
    for (declared, by_role, by_session) in [
        (role(), Told::Nothing, Told::Nothing),
        (role().session_policy(NOTHING), Told::Lacks("session policy"), Told::Nothing),
        (role().boundary(NOTHING), Told::Lacks("permissions boundary"), Told::Nothing),
        (
            role().boundary(NOTHING).session_policy(NOTHING),
            Told::Lacks("permissions boundary"),
            Told::Nothing,
        ),
        (
            role().session_policy(DENY),
            Told::Denies("a session policy"),
            Told::Denies("a session policy"),
        ),
        (
            role().boundary(DENY),
            Told::Denies("a permissions boundary"),
            Told::Denies("a permissions boundary"),
        ),
        (
            role().policy(DENY),
            Told::Denies("an identity-based policy"),
            Told::Denies("an identity-based policy"),
        ),
    ] {
        for (grantee, told) in [("worker", by_role), (SESSION, by_session)] {
            let kms = granted_to(grantee).role(declared.clone()).start().unwrap();
            tell(&kms, &kms.caller("worker"), told).await;
        }
    }
}

/// A user is named itself, as a session is (fact 8b.4; IAM User Guide, permissions boundaries).
#[tokio::test]
async fn a_user_is_limited_by_denies_alone() {
    let user = || UserDeclaration::new("worker");
    for (declared, told) in [
        (user(), Told::Nothing),
        (user().boundary(NOTHING), Told::Nothing),
        (user().boundary(DENY), Told::Denies("a permissions boundary")),
        (user().policy(DENY), Told::Denies("an identity-based policy")),
    ] {
        let kms = granted_to("worker").user(declared).start().unwrap();
        tell(&kms, &kms.caller("worker"), told).await;
    }
}

/// What holds for a federated user who was declared, and for one who signs in later.
#[tokio::test]
async fn a_federated_user_is_limited_by_denies_alone_fact_8b_6() {
    let guest = "arn:aws:sts::111122223333:federated-user/guest";
    for (policy, told) in [
        (None, Told::Nothing),
        (Some(NOTHING), Told::Nothing),
        (Some(DENY), Told::Denies("a session policy")),
    ] {
        let kms = granted_to(guest).start().unwrap();
        let caller = kms.federated_user("guest", policy).unwrap();
        let other = kms.federated_user("other", None).unwrap();
        encrypt(&other, kms.key("orders").arn())
            .await
            .unwrap_err()
            .has_code("AccessDeniedException");
        tell(&kms, &caller, told).await;
        let declared = UserDeclaration::new("visitor").name("guest").federated(true);
        let declared = match policy {
            Some(policy) => declared.policy(policy),
            None => declared,
        };
        for named in ["visitor", guest] {
            let kms = granted_to(named).user(declared.clone()).start().unwrap();
            let caller = kms.caller("visitor");
            assert_eq!((caller.arn(), caller.caller_arn()), (guest, guest));
            tell(&kms, &caller, told).await;
        }
    }
}

/// STS API reference, `GetFederationToken`: nothing is allowed but what the policies of the session allow.
#[kms_test(
    keys(orders, archive(account = "444455556666")),
    users(
        bare(federated = true),
        guest(federated = true, allow("kms:*"), policy = "policies/deny_describe.json"),
        stranger(account = "444455556666", federated = true, allow("kms:*")),
        alice(name = "bare", allow("kms:*"))
    )
)]
async fn a_federated_user_may_do_what_its_session_may(
    kms: Kms,
    orders: Key,
    archive: Key,
    bare: Caller,
    guest: Caller,
    stranger: Caller,
    alice: Caller,
) {
    let describe = async |caller: &Caller, key: &Key| {
        let call = client(caller).describe_key().key_id(key.arn());
        call.send().await.is_ok()
    };
    assert!(!describe(&bare, &orders).await && describe(&alice, &orders).await);
    let text = denied(&bare, "Encrypt", orders.arn(), "session policy");
    encrypt(&bare, orders.arn()).await.unwrap_err().is_denial(&text);
    encrypt(&guest, orders.arn()).await.unwrap();
    assert!(!describe(&guest, &orders).await);
    assert!(describe(&stranger, &archive).await && !describe(&stranger, &orders).await);
    assert_eq!(stranger.arn(), "arn:aws:sts::444455556666:federated-user/stranger");
    assert_eq!(bare.unique_id(), None);
    let told = kms.delete_principal("bare").unwrap_err().to_string();
    assert!(told.contains("`bare` is a federated user"), "{told}");
    assert!(describe(&alice, &orders).await);
}

/// Every form in which a grant names somebody, and somebody like them who is not meant.
#[tokio::test]
async fn a_grant_is_for_the_principal_that_it_names_fact_8b_2() {
    let fixture = |to: &str| {
        let fixture = granted_to(to).role(RoleDeclaration::new("worker"));
        let fixture = fixture.role(RoleDeclaration::new("other").session("worker"));
        // The unique ids of one fixture are those of the next.
        fixture.user(UserDeclaration::new("alice")).seed(1).start().unwrap()
    };
    let ids = fixture("worker");
    let id = ids.caller("worker").unique_id().unwrap().to_owned();
    let user_id = ids.caller("alice").unique_id().unwrap().to_owned();
    let night = format!("{id}:night");
    for (named, worker, night, alice) in [
        ("arn:aws:iam::111122223333:role/worker", true, true, false),
        (id.as_str(), true, true, false),
        (SESSION, true, false, false),
        ("arn:aws:sts::111122223333:assumed-role/worker/night", false, true, false),
        (&night, false, true, false),
        ("arn:aws:iam::111122223333:user/alice", false, false, true),
        (&user_id, false, false, true),
        // An account decides by its own policies, of which there are none here.
        ("arn:aws:iam::111122223333:root", false, false, false),
    ] {
        let kms = fixture(named);
        let night_caller = kms.session("worker", "night").unwrap();
        for (caller, allowed) in [
            (kms.caller("worker"), worker),
            (night_caller, night),
            (kms.caller("alice"), alice),
            (kms.caller("other"), false),
        ] {
            let outcome = encrypt(&caller, kms.key("orders").arn()).await;
            assert_eq!(outcome.is_ok(), allowed, "{named}, {caller:?}");
            if let Err(refusal) = outcome {
                let arn = kms.key("orders").arn().to_owned();
                let text = denied(&caller, "Encrypt", &arn, "identity-based policy");
                refusal.is_denial(&text);
                let outcome = retire(&caller, kms.grant("access").token()).await;
                let text = denied(&caller, "RetireGrant", &arn, "identity-based policy");
                outcome.unwrap_err().is_denial(&text);
            }
        }
    }
}

/// The same with the words of the attribute.
#[kms_test(
    keys(orders),
    roles(
        bounded(boundary = "policies/nothing.json"),
        narrowed(session_policy = "policies/nothing.json")
    ),
    grants(
        a(key(orders), grantee(bounded), operations(Encrypt)),
        b(key(orders), grantee(narrowed), operations(Encrypt))
    )
)]
async fn declared_limits_limit_cryptography_fact_8b_5(
    bounded: Caller,
    narrowed: Caller,
    orders: Key,
) {
    for (caller, policy) in [(&bounded, "permissions boundary"), (&narrowed, "session policy")] {
        let text = denied(caller, "Encrypt", orders.arn(), policy);
        encrypt(caller, orders.arn()).await.unwrap_err().is_denial(&text);
    }
}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), retiring(worker), operations(Encrypt)))
)]
async fn a_role_made_again_can_do_nothing_with_its_predecessors_grant_fact_8b_12(
    kms: Kms,
    worker: Caller,
    orders: Key,
    access: Grant,
) {
    encrypt(&worker, orders.arn()).await.unwrap();
    let reborn = kms.recreate_role("worker").unwrap();
    for operation in ["Encrypt", "RetireGrant"] {
        let outcome = match operation {
            "Encrypt" => encrypt(&reborn, orders.arn()).await,
            _ => retire(&reborn, access.token()).await,
        };
        let text = denied(&reborn, operation, orders.arn(), "identity-based policy");
        outcome.unwrap_err().is_denial(&text);
    }
    // Row 56: the old credentials belong to nobody.
    let refusal = encrypt(&worker, orders.arn()).await.unwrap_err();
    refusal.has_code("UnrecognizedClientException");
}
