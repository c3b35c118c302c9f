//! The ids, tokens and credentials of a seed are the same in every version: cassettes' names, snapshots and other
//! people's tests depend on them. `pinned_ids.txt` has the digests of the values of commit 637c45f: scanners would take
//! the values for credentials.

use std::fmt::Write as _;

use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::{GrantDeclaration, KeyDeclaration, RoleDeclaration, UserDeclaration};
use kms_fixture::{Caller, Fixture, Kms};

use super::calls::client;

fn fixture() -> Kms {
    let grant = GrantDeclaration::new("access").key("orders").grantee("worker").retiring("alice");
    Fixture::builder()
        .seed(42)
        .key(KeyDeclaration::new("orders"))
        .key(KeyDeclaration::new("everywhere").multi_region(true))
        .role(RoleDeclaration::new("worker").name("service/Worker"))
        .user(UserDeclaration::new("alice"))
        .user(UserDeclaration::new("visitor").federated(true))
        .grant(grant.operations([GrantOperation::Decrypt]))
        .start()
        .unwrap()
}

fn shown(caller: &Caller) -> String {
    let it = caller.credentials();
    format!(
        "{} {} {} {} {}\n",
        caller.name(),
        caller.unique_id().unwrap_or("-"),
        it.access_key_id(),
        it.secret_access_key(),
        it.session_token().unwrap_or("-")
    )
}

async fn all(kms: &Kms, callers: [&str; 4]) -> String {
    let mut text = String::new();
    for name in callers {
        text += &shown(&kms.caller(name));
    }
    for name in ["orders", "everywhere"] {
        writeln!(text, "{name} {}", kms.key(name).id()).unwrap();
    }
    let access = kms.grant("access");
    writeln!(text, "access {} {}", access.id(), access.token()).unwrap();
    let admin = client(&kms.caller("admin"));
    let made = admin.create_key().send().await.unwrap();
    writeln!(text, "made {}", made.key_metadata().unwrap().key_id()).unwrap();
    let session = kms.session("worker", "night").unwrap();
    let again = kms.add_role("janitor").unwrap();
    kms.delete_principal("alice").unwrap();
    for caller in [&session, &again] {
        text += &shown(caller);
    }
    let granted = admin.create_grant().key_id(kms.key("orders").id()).operations("Decrypt".into());
    let granted = granted.grantee_principal(again.arn()).send().await.unwrap();
    writeln!(text, "granted {} {}", granted.grant_id().unwrap(), granted.grant_token().unwrap())
        .unwrap();
    writeln!(text, "unique {}", kms.unique_name("name")).unwrap();
    text
}

/// Returns each line with its name and a digest of all of it.
fn digests(text: &str) -> Vec<String> {
    let digest = |line: &str| {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, line.as_bytes());
        let hex = digest.as_ref().iter().fold(String::new(), |hex, it| hex + &format!("{it:02x}"));
        format!("{} {hex}", line.split(' ').next().unwrap_or_default())
    };
    text.lines().map(digest).collect()
}

fn expected() -> Vec<&'static str> {
    include_str!("pinned_ids.txt").lines().collect()
}

#[tokio::test]
async fn the_ids_of_a_seed_are_those_of_earlier_versions() {
    let found = all(&fixture(), ["admin", "worker", "alice", "visitor"]).await;
    assert_eq!(digests(&found), expected());
}

/// Credentials do not depend on what was asked for before them.
#[tokio::test]
async fn the_order_of_questions_changes_no_id() {
    let mut expected = expected();
    expected.sort_unstable();
    for callers in
        [["visitor", "alice", "worker", "admin"], ["alice", "admin", "visitor", "worker"]]
    {
        let mut found = digests(&all(&fixture(), callers).await);
        found.sort_unstable();
        assert_eq!(found, expected);
    }
}
