//! Who holds a grant across accounts, and what else limits them: facts 8b.7 and 8b.8, each for a cryptographic operation
//! and for RetireGrant.

use kms_fixture::Fixture;
use kms_fixture::scenario::{KeyDeclaration, RoleDeclaration};

use super::calls::{create, encrypt, granted, retire};
use super::refusal::denied_across;
use super::sessions::{NOTHING, check, granted_to};

const PARTNER: &str = "444455556666";
const PARTNER_SESSION: &str = "arn:aws:sts::444455556666:assumed-role/worker/worker";

/// A grant to an account is for those whom the account lets: here, by their own policies.
#[tokio::test]
async fn an_account_delegates_a_grant_to_its_principals() {
    let allowed = RoleDeclaration::new("worker").allow(["kms:Encrypt", "kms:RetireGrant"]);
    let partner = allowed.account(PARTNER);
    let root = "arn:aws:iam::444455556666:root";
    let kms = granted_to(root).role(partner).start().unwrap();
    check(&kms, &kms.caller("worker"), None).await;
    let bare = RoleDeclaration::new("worker").account(PARTNER);
    let kms = granted_to(root).role(bare).start().unwrap();
    let worker = kms.caller("worker");
    let text = |operation: &str| denied_across(&worker, operation, "identity-based policy");
    check(&kms, &worker, Some(&text)).await;
}

/// Across accounts, what the key's owner grants is half of what it takes.
#[tokio::test]
async fn a_grant_of_the_owner_needs_an_identity_policy_fact_8b_7() {
    let role = || RoleDeclaration::new("worker").account(PARTNER);
    let allowed = || role().allow(["kms:Encrypt", "kms:RetireGrant"]);
    let (identity, session) = (Some("identity-based policy"), Some("session policy"));
    let boundary = Some("permissions boundary");
    for (declared, lacks) in [
        (role(), identity),
        (allowed(), None),
        (allowed().session_policy(NOTHING), session),
        (allowed().boundary(NOTHING), boundary),
    ] {
        for grantee in ["worker", PARTNER_SESSION] {
            let kms = granted_to(grantee).role(declared.clone()).start().unwrap();
            let worker = kms.caller("worker");
            match lacks {
                None => check(&kms, &worker, None).await,
                Some(policy) => {
                    let text = |operation: &str| denied_across(&worker, operation, policy);
                    check(&kms, &worker, Some(&text)).await;
                }
            }
        }
    }
}

/// Across accounts, what the caller's own account has granted suffices.
#[tokio::test]
async fn a_grant_of_the_own_account_is_limited_like_one_at_home_fact_8b_8() {
    let role = || RoleDeclaration::new("worker").account(PARTNER);
    for (declared, named, lacks) in [
        (role(), "role", None),
        (role(), "session", None),
        (role().session_policy(NOTHING), "role", Some("session policy")),
        (role().session_policy(NOTHING), "session", None),
        (role().boundary(NOTHING), "role", Some("permissions boundary")),
        (role().boundary(NOTHING), "session", None),
    ] {
        let maker = RoleDeclaration::new("maker").account(PARTNER);
        let trusts = include_str!("policies/trusts_partner.json");
        let kms = Fixture::builder()
            .key(KeyDeclaration::new("orders").policy(trusts))
            .role(declared)
            .role(maker.allow(["kms:CreateGrant"]))
            .start()
            .unwrap();
        let (worker, orders) = (kms.caller("worker"), kms.key("orders"));
        let grantee = match named {
            "role" => worker.arn(),
            _ => PARTNER_SESSION,
        };
        let create = create(&kms.caller("maker"), orders.arn(), grantee, &["Encrypt"]);
        let made = granted(create.retiring_principal(grantee)).await;
        let outcomes = [
            ("Encrypt", encrypt(&worker, orders.arn()).await),
            ("RetireGrant", retire(&worker, &made.token).await),
        ];
        for (operation, outcome) in outcomes {
            let case = format!("{operation} for {named}");
            match lacks {
                None => outcome.expect(&case),
                Some(policy) => {
                    let text = denied_across(&worker, operation, policy);
                    outcome.expect_err(&case).is_denial(&text);
                }
            }
        }
    }
}
