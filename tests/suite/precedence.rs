//! Which permission counts when several name a caller, what still limits it, and which reason a denial has
//! (`kms-facts.md` 4 and 8b.4 to 8b.8).

use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::{GrantDeclaration, KeyDeclaration, RoleDeclaration};
use kms_fixture::{Caller, Fixture, Kms, kms_test};
use serde_json::json;

use super::calls::{client, create, describe, granted, retire, retire_by_id};
use super::refusal::{denied, denied_across, denied_blindly, refused};

const PARTNER: &str = "444455556666";
/// A policy that allows nothing.
const NOTHING: &str = r#"{"Statement":[]}"#;
const UNKNOWN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Returns a key policy that allows everything to these principals, one statement each.
fn allowing(principals: &[&str]) -> String {
    let statements: Vec<_> = principals
        .iter()
        .map(|it| json!({"Effect": "Allow", "Principal": {"AWS": it}, "Action": "kms:*", "Resource": "*"}))
        .collect();
    json!({ "Statement": statements }).to_string()
}

/// Returns a fixture with the key `orders` under this policy and the role `worker`.
fn fixture(policy: &str, worker: RoleDeclaration) -> Kms {
    let key = KeyDeclaration::new("orders").policy(policy);
    Fixture::builder().key(key).role(worker).start().unwrap()
}

fn worker() -> RoleDeclaration {
    RoleDeclaration::new("worker")
}

/// A key policy that names the role itself still needs the role's own account to agree.
#[tokio::test]
async fn a_role_of_another_account_needs_a_policy_of_its_own_although_the_key_policy_names_it() {
    let policy = allowing(&["111122223333", "arn:aws:iam::444455556666:role/worker"]);
    let bare = fixture(&policy, worker().account(PARTNER));
    let caller = bare.caller("worker");
    let refusal = describe(&caller, bare.key("orders").arn()).await.unwrap_err();
    refusal.is_denial(&denied_across(&caller, "DescribeKey", "identity-based policy"));
    let allowed = fixture(&policy, worker().account(PARTNER).allow(["kms:DescribeKey"]));
    describe(&allowed.caller("worker"), allowed.key("orders").arn()).await.unwrap();
}

/// In the same account the role needs no policy of its own, and its boundary and session policy limit it.
#[tokio::test]
async fn a_role_that_a_key_policy_names_is_limited_by_boundary_and_session_policy() {
    let policy = allowing(&["arn:aws:iam::111122223333:role/worker"]);
    let free = fixture(&policy, worker());
    describe(&free.caller("worker"), free.key("orders").arn()).await.unwrap();
    for (limited, lacking) in [
        (worker().boundary(NOTHING), "permissions boundary"),
        (worker().session_policy(NOTHING), "session policy"),
        (worker().boundary(NOTHING).session_policy(NOTHING), "permissions boundary"),
    ] {
        let kms = fixture(&policy, limited.allow(["kms:*"]));
        let (caller, arn) = (kms.caller("worker"), kms.key("orders").arn().to_owned());
        let refusal = describe(&caller, &arn).await.unwrap_err();
        refusal.is_denial(&denied(&caller, "DescribeKey", &arn, lacking));
    }
}

/// The role has two permits, one by its name and one by its account. What the first lacks is the reason, whichever
/// comes first.
#[tokio::test]
async fn the_reason_of_a_denial_is_that_of_the_permit_for_the_role() {
    let (account, role) = ("111122223333", "arn:aws:iam::111122223333:role/worker");
    for principals in [[account, role], [role, account]] {
        let kms = fixture(&allowing(&principals), worker().boundary(NOTHING));
        let (caller, arn) = (kms.caller("worker"), kms.key("orders").arn().to_owned());
        let refusal = describe(&caller, &arn).await.unwrap_err();
        refusal.is_denial(&denied(&caller, "DescribeKey", &arn, "permissions boundary"));
    }
    // A grant is such a permit as well, beside the key policy's for the account.
    let kms = fixture(&allowing(&[account]), worker().session_policy(NOTHING));
    let (caller, arn) = (kms.caller("worker"), kms.key("orders").arn().to_owned());
    let refusal = describe(&caller, &arn).await.unwrap_err();
    refusal.is_denial(&denied(&caller, "DescribeKey", &arn, "identity-based policy"));
    granted(create(&kms.caller("admin"), &arn, caller.arn(), &["DescribeKey"])).await;
    let refusal = describe(&caller, &arn).await.unwrap_err();
    refusal.is_denial(&denied(&caller, "DescribeKey", &arn, "session policy"));
    // Without any permit, it is the key policy.
    let kms = fixture(&allowing(&["arn:aws:iam::111122223333:role/Admin"]), worker());
    let (caller, arn) = (kms.caller("worker"), kms.key("orders").arn().to_owned());
    let refusal = describe(&caller, &arn).await.unwrap_err();
    refusal.is_denial(&denied(&caller, "DescribeKey", &arn, "resource-based policy"));
}

/// Fact 8b.7 asks for a policy of the role's own; a boundary or a session policy that lacks an allow is reported first.
#[tokio::test]
async fn limits_come_first_for_a_role_in_a_grant_of_another_account_fact_8b_7() {
    for (limited, lacking) in [
        (worker(), "identity-based policy"),
        (worker().boundary(NOTHING), "permissions boundary"),
        (worker().session_policy(NOTHING), "session policy"),
        (worker().boundary(NOTHING).session_policy(NOTHING), "permissions boundary"),
    ] {
        let kms = fixture(&allowing(&["111122223333"]), limited.account(PARTNER));
        let (caller, arn) = (kms.caller("worker"), kms.key("orders").arn().to_owned());
        let create = create(&kms.caller("admin"), &arn, caller.arn(), &["DescribeKey"]);
        let made = granted(create.retiring_principal(caller.arn())).await;
        let refusal = describe(&caller, &arn).await.unwrap_err();
        refusal.is_denial(&denied_across(&caller, "DescribeKey", lacking));
        let refusal = retire(&caller, &made.token).await.unwrap_err();
        refusal.is_denial(&denied_across(&caller, "RetireGrant", lacking));
    }
}

/// One of the two names the account, which would have to delegate, and the other the role, which need not.
#[tokio::test]
async fn who_is_grantee_and_retiring_principal_retires_by_the_better_of_the_two() {
    let root = "arn:aws:iam::111122223333:root";
    for (grantee, retiring) in [("worker", root), (root, "worker")] {
        let access = GrantDeclaration::new("access")
            .key("orders")
            .grantee(grantee)
            .retiring(retiring)
            .operations([GrantOperation::Decrypt, GrantOperation::RetireGrant]);
        let kms = Fixture::builder()
            .key(KeyDeclaration::new("orders"))
            .role(worker())
            .role(RoleDeclaration::new("other"))
            .grant(access)
            .start()
            .unwrap();
        let token = kms.grant("access").token().to_owned();
        let refusal = retire(&kms.caller("other"), &token).await.unwrap_err();
        refusal.has_code("AccessDeniedException");
        retire(&kms.caller("worker"), &token).await.unwrap();
        assert!(kms.grants().is_empty());
    }
    // The exact session is better than the role, whose session policy limits it.
    for (grantee, retiring) in [(true, false), (false, true)] {
        let kms = fixture(&allowing(&["111122223333"]), worker().session_policy(NOTHING));
        let caller = kms.caller("worker");
        let name = |is_exact: bool| if is_exact { caller.caller_arn() } else { caller.arn() };
        let arn = kms.key("orders").arn().to_owned();
        let operations = ["Decrypt", "RetireGrant"];
        let create = create(&kms.caller("admin"), &arn, name(grantee), &operations);
        let made = granted(create.retiring_principal(name(retiring))).await;
        retire(&caller, &made.token).await.unwrap();
    }
}

#[kms_test(
    keys(orders(policy = "policies/trusts_partner_with_all.json")),
    roles(partner(account = "444455556666", allow("kms:*")))
)]
async fn a_missing_grant_is_hidden_from_other_accounts(kms: Kms, admin: Caller, partner: Caller) {
    let arn = kms.key("orders").arn().to_owned();
    describe(&partner, &arn).await.unwrap();
    retire_by_id(&admin, &arn, UNKNOWN).await.unwrap_err().has_code("NotFoundException");
    let refusal = retire_by_id(&partner, &arn, UNKNOWN).await.unwrap_err();
    refusal.is_denial(&denied_blindly(&partner, "RetireGrant"));
}

#[kms_test(keys(orders), roles(worker, janitor))]
async fn a_marker_of_list_retirable_grants_is_for_its_principal(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    janitor: Caller,
) {
    let arn = kms.key("orders").arn().to_owned();
    for retiring in [&worker, &worker, &janitor, &janitor] {
        let create = create(&admin, &arn, worker.arn(), &["Decrypt"]);
        granted(create.retiring_principal(retiring.arn())).await;
    }
    let list = |retiring: &Caller| {
        client(&admin).list_retirable_grants().retiring_principal(retiring.arn()).limit(1)
    };
    let page = list(&worker).send().await.unwrap();
    let marker = page.next_marker().unwrap();
    list(&worker).marker(marker).send().await.unwrap();
    refused(list(&janitor).marker(marker).send().await).is_silent("InvalidMarkerException");
}
