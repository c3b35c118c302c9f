//! Explorations: a test runs again for each fault at each of its calls.

mod failing;
mod kinds;
mod orders;
mod refusals;
mod runs;

use std::fmt::Display;
use std::sync::{Arc, Mutex};

use aws_sdk_kms::Error;
use kms_fixture::{Caller, Fixture, FixtureBuilder, Key, Kms};

use super::calls::{client, create};

/// A key, a worker that gets access, and a janitor that ends it.
fn world() -> FixtureBuilder {
    Fixture::builder().key("orders").role("worker").role("janitor")
}

/// Grants access, with or without a name, and returns the token.
async fn lease(kms: &Kms, name: Option<&str>) -> String {
    let (admin, worker) = (kms.caller("admin"), kms.caller("worker"));
    let create = create(&admin, kms.key("orders").id(), worker.arn(), &["Decrypt"]);
    let create =
        create.retiring_principal(kms.caller("janitor").arn()).set_name(name.map(Into::into));
    create.send().await.unwrap().grant_token.unwrap()
}

/// Retires a grant, and takes one that is gone for retired.
async fn retire(janitor: &Caller, token: &str) {
    let retired = client(janitor).retire_grant().grant_token(token).send().await;
    match retired.map_err(Error::from) {
        Ok(_) | Err(Error::InvalidGrantTokenException(_)) => {}
        Err(error) => panic!("{error}"),
    }
}

/// A lease that survives what an exploration does to it.
async fn lease_and_retire(kms: &Kms) {
    let token = lease(kms, Some("lease")).await;
    assert_eq!(kms.grants().len(), 1);
    retire(&kms.caller("janitor"), &token).await;
    assert!(kms.grants().is_empty());
}

/// Describes a key; a caller that may not is no matter.
async fn describe(caller: &Caller, orders: &Key) {
    drop(client(caller).describe_key().key_id(orders.id()).send().await);
}

/// The notes of the runs of an exploration, in their order.
#[derive(Clone, Debug, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn add(&self, note: &dyn Display) {
        self.0.lock().unwrap().push(note.to_string());
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Describes the attempt with a fault: `2 lost_answer`.
fn struck(kms: &Kms) -> String {
    let calls = kms.calls();
    let struck = calls.iter().find(|it| it.fault().is_some());
    struck.map_or("none".to_owned(), |it| format!("{} {}", it.number(), it.fault().unwrap()))
}
