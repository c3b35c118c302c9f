//! Refused retirements, and grants that a request cannot see.

use kms_fixture::{Caller, Fixture, Grant, Key, Kms, kms_test};

use super::last;
use crate::calls::{create, encrypt, granted, retire, retire_by_id, revoke};

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(
        access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)),
        bare(key(orders), grantee(worker), operations(Decrypt))
    )
)]
async fn a_refused_retirement_names_the_retiring_principal(
    kms: Kms,
    worker: Caller,
    janitor: Caller,
    access: Grant,
    bare: Grant,
) {
    retire(&worker, access.token()).await.unwrap_err();
    assert_eq!(
        last(&kms),
        [
            "access has janitor as its retiring principal, not worker; worker is its grantee, without the operation \
             RetireGrant",
            "no policy of worker allows kms:RetireGrant",
        ]
    );
    retire(&janitor, bare.token()).await.unwrap_err();
    assert_eq!(last(&kms)[0], "bare has no retiring principal");
}

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Encrypt)))
)]
async fn a_grant_that_has_ended_names_the_call_that_ended_it(
    kms: Kms,
    orders: Key,
    worker: Caller,
    janitor: Caller,
    access: Grant,
) {
    encrypt(&worker, orders.id()).await.unwrap();
    retire(&janitor, access.token()).await.unwrap();
    let ended = "access ended with call 2, RetireGrant by janitor";
    encrypt(&worker, orders.id()).await.unwrap_err();
    assert_eq!(last(&kms)[0], ended);
    // Ending it again finds no grant.
    retire(&janitor, access.token()).await.unwrap_err();
    assert_eq!(last(&kms), [ended]);
    retire_by_id(&janitor, orders.arn(), access.id()).await.unwrap_err();
    assert_eq!(last(&kms), [ended]);
    revoke(&kms.caller("admin"), orders.id(), access.id()).await.unwrap_err();
    assert_eq!(last(&kms), [ended]);
}

#[kms_test(keys(orders), roles(worker, janitor), consistency(eventual(seconds = 60)))]
async fn a_grant_that_has_not_arrived_cannot_be_revoked(
    kms: Kms,
    orders: Key,
    worker: Caller,
    admin: Caller,
) {
    let made = granted(create(&admin, orders.arn(), worker.arn(), &["Decrypt"])).await;
    kms.clock().advance(std::time::Duration::from_millis(1500));
    revoke(&admin, orders.id(), &made.id).await.unwrap_err();
    assert_eq!(
        last(&kms),
        [
            "grant-1 (call 1) has not arrived: 1.500 of 60 s have passed on the fixture's clock",
            "help: `kms.clock().advance(..)` moves the clock, `kms.settle()` lets every change arrive",
        ]
    );
}

/// The fake that follows a cassette explains the refusals in it.
#[tokio::test]
async fn a_replay_says_why_too() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../cassettes/fake/who_may_end_a_grant.json");
    let cassette: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let scenario = serde_json::from_value(cassette["scenario"].clone()).unwrap();
    let kms = Fixture::builder().scenario(scenario).replay(path).start().unwrap();
    let (orders, worker) = (kms.key("orders"), kms.caller("worker"));
    let create =
        create(&kms.caller("admin"), orders.arn(), worker.arn(), &["Decrypt", "DescribeKey"]);
    let made = granted(create.retiring_principal(kms.caller("janitor").arn())).await;
    retire(&kms.caller("stranger"), &made.token).await.unwrap_err();
    assert_eq!(
        last(&kms),
        [
            "grant-1 (call 1) has janitor as its retiring principal, not stranger",
            "no policy of stranger allows kms:RetireGrant",
        ]
    );
    retire_by_id(&worker, orders.arn(), &made.id).await.unwrap_err();
    assert!(last(&kms)[0].ends_with("; worker is its grantee, without the operation RetireGrant"));
}
