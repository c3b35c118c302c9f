//! Words to select and assert calls with.

use std::panic::{AssertUnwindSafe, catch_unwind};

use kms_fixture::{Caller, Fixture, Grant, Key, Kms, Operation, kms_test};

use super::calls::{create, describe, encrypt, granted, retire, revoke};

/// Returns the message of a failed assertion.
fn failure(assertion: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(assertion)).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}

#[kms_test(
    keys(orders, archive),
    roles(worker, janitor),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Encrypt)))
)]
async fn calls_are_selected_by_typed_words(
    kms: Kms,
    orders: Key,
    archive: Key,
    admin: Caller,
    worker: Caller,
    janitor: Caller,
    access: Grant,
) {
    encrypt(&worker, orders.id()).await.unwrap();
    retire(&worker, access.token()).await.unwrap_err();
    let before = kms.calls().last_number();
    retire(&janitor, access.token()).await.unwrap();
    encrypt(&worker, orders.arn()).await.unwrap_err();
    describe(&admin, archive.id()).await.unwrap();

    let calls = kms.calls();
    assert_eq!(calls.count(), 5);
    calls.by(&janitor).of(Operation::RetireGrant).on(&access).assert_count(1);
    calls.by(&worker).refused().assert_count(2);
    calls.on(&orders).assert_count(2);
    calls.on(orders.id()).of(Operation::Encrypt).assert_some();
    calls.on(access.token()).assert_count(2);
    calls.on(&archive).by(&worker).assert_none();
    calls.with_code("AccessDeniedException").assert_count(2);
    let late = calls.between(before + 1, calls.last_number()).assert_count(3);
    assert_eq!(late[0].number(), 3);
    assert_eq!(late.on(&access)[0].caller(), Some("janitor"));
    // A selection shows the numbers of the whole table.
    assert!(late.to_string().lines().nth(1).unwrap().starts_with('3'), "{late}");
}

/// A grant that a call has made is named by its id, its token and its handle.
#[kms_test(keys(orders), roles(worker))]
async fn what_a_call_made_is_selected_by_its_id(
    kms: Kms,
    admin: Caller,
    worker: Caller,
    orders: Key,
) {
    let made = granted(create(&admin, orders.arn(), worker.arn(), &["Encrypt"])).await;
    let other = granted(create(&admin, orders.arn(), worker.arn(), &["Encrypt"])).await;
    let listed = kms.grants();
    revoke(&admin, orders.id(), &made.id).await.unwrap();
    retire(&admin, &other.token).await.unwrap();
    kms.calls().of(Operation::CreateGrant).on(&made.id).assert_count(1);
    kms.calls().on(&made.id).assert_count(2);
    kms.calls().on(&other.token).of(Operation::RetireGrant).assert_count(1);
    for grant in &listed {
        kms.calls().on(grant).assert_count(2);
    }
}

#[kms_test(keys(orders), roles(worker, janitor))]
async fn a_failed_assertion_prints_the_table(
    kms: Kms,
    worker: Caller,
    janitor: Caller,
    orders: Key,
) {
    encrypt(&worker, orders.id()).await.unwrap_err();
    let calls = kms.calls();
    let text = failure(|| {
        calls.by(&janitor).of(Operation::RetireGrant).refused().assert_count(1);
    });
    assert!(
        text.starts_with("expected 1 call (by janitor, of RetireGrant, refused), found none\n\n"),
        "{text}"
    );
    // The table is that of all calls, with the reasons.
    assert!(text.contains("Encrypt") && text.contains("no policy of worker allows"), "{text}");
    let text = failure(|| {
        calls.by(&worker).assert_none();
    });
    assert!(text.starts_with("expected no calls (by worker), found call 1\n"), "{text}");
    let text = failure(|| {
        calls.on("orders").of(Operation::Sign).assert_some();
    });
    assert!(
        text.starts_with("expected at least 1 call (on orders, of Sign), found none\n"),
        "{text}"
    );
}

#[test]
fn a_code_that_does_not_exist_is_a_mistake() {
    let kms = Fixture::builder().start().unwrap();
    let text = failure(|| {
        let _ = kms.calls().with_code("AccesDeniedException");
    });
    assert_eq!(
        text,
        "`AccesDeniedException` is not an error code of AWS KMS; did you mean `AccessDeniedException`?"
    );
}

#[test]
fn operations_are_those_of_the_api() {
    for operation in Operation::ALL {
        assert_eq!(operation.to_string().parse::<Operation>().unwrap(), *operation);
        assert_eq!(operation.as_ref(), operation.as_str());
    }
    assert!(Operation::ALL.len() > 50);
    let error = "RetireGrants".parse::<Operation>().unwrap_err().to_string();
    assert!(error.ends_with("did you mean `RetireGrant`?"), "{error}");
}
