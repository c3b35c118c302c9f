//! A tape on which changes of different grants may come in any order.

use kms_fixture::scenario::{KeyDeclaration, RoleDeclaration};
use kms_fixture::{Caller, Fixture, Key, Kms, kms_test};

use super::calls::client;

/// Makes and ends two grants, the second one first. The tape has the first one first.
pub(crate) async fn the_other_way_round(
    admin: &Caller,
    [worker, janitor]: [&Caller; 2],
    orders: &Key,
) -> Result<(), String> {
    let client = client(admin);
    let mut made = Vec::new();
    for (name, operation) in [("second", "Encrypt"), ("first", "Decrypt")] {
        let create = client.create_grant().key_id(orders.arn()).grantee_principal(worker.arn());
        let create = create.retiring_principal(janitor.arn()).name(name);
        let sent = create.operations(operation.into()).send().await;
        made.push(sent.map_err(|it| format!("{it:?}"))?.grant_id.unwrap());
    }
    let revoke = client.revoke_grant().key_id(orders.arn()).grant_id(&made[0]);
    revoke.send().await.map_err(|it| format!("{it:?}"))?;
    let retire = client.retire_grant().key_id(orders.arn()).grant_id(&made[1]);
    retire.send().await.map_err(|it| format!("{it:?}"))?;
    Ok(())
}

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    cassette(path = "tapes/two_at_once.json", order = "any")
)]
async fn changes_of_different_grants_commute(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    janitor: Caller,
    orders: Key,
) {
    the_other_way_round(&admin, [&worker, &janitor], &orders).await.unwrap();
    assert!(kms.grants().is_empty());
}

fn replay(any: bool) -> Kms {
    let tape = concat!(env!("CARGO_MANIFEST_DIR"), "/suite/tapes/two_at_once.json");
    let builder = Fixture::builder().key(KeyDeclaration::new("orders"));
    let builder =
        builder.role(RoleDeclaration::new("worker")).role(RoleDeclaration::new("janitor"));
    let builder = builder.replay(tape);
    let builder = if any { builder.any_order() } else { builder };
    builder.start().unwrap()
}

#[tokio::test]
async fn without_the_option_the_order_is_that_of_the_tape() {
    let kms = replay(false);
    let (worker, janitor) = (kms.caller("worker"), kms.caller("janitor"));
    let admin = kms.caller("admin");
    let end = the_other_way_round(&admin, [&worker, &janitor], &kms.key("orders")).await;
    assert!(end.unwrap_err().contains("KmsFixtureReplayMismatchException"));
    assert!(
        kms.verify().unwrap_err().to_string().contains("call 1 was not recorded at this point")
    );
}

#[tokio::test]
async fn a_grant_still_ends_after_it_was_made() {
    let kms = replay(true);
    let orders = kms.key("orders");
    let retire = client(&kms.caller("admin")).retire_grant().key_id(orders.arn());
    let unknown = "0000000000000000000000000000000000000000000000000000000000000001";
    assert!(retire.grant_id(unknown).send().await.is_err());
    assert!(kms.verify().is_err());
}
