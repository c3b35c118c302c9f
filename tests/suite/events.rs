//! Each call is an event of `tracing`; the reasons of a refusal are events at the level DEBUG.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use kms_fixture::{Caller, Key, kms_test};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use super::calls::{describe, encrypt};

/// Writes the events of the fixture up to a level into a text.
struct Log(Level, Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "kms_fixture" && *metadata.level() <= self.0
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = self.1.lock().unwrap();
        write!(text, "{}", event.metadata().level()).unwrap();
        event.record(&mut Line(&mut text));
        text.push('\n');
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[kms_test(keys(orders), roles(worker))]
async fn a_call_is_an_event(admin: Caller, worker: Caller, orders: Key) {
    // With a single subscriber, `tracing` asks only the thread that makes the first call: another test's has none.
    let _other = tracing::Dispatch::new(Log(Level::DEBUG, Arc::default()));
    let text = Arc::new(Mutex::new(String::new()));
    let guard = tracing::subscriber::set_default(Log(Level::DEBUG, Arc::clone(&text)));
    describe(&admin, orders.id()).await.unwrap();
    encrypt(&worker, orders.id()).await.unwrap_err();
    drop(guard);
    let quiet = Arc::new(Mutex::new(String::new()));
    let guard = tracing::subscriber::set_default(Log(Level::INFO, Arc::clone(&quiet)));
    encrypt(&worker, orders.id()).await.unwrap_err();
    drop(guard);

    let refusal = r#"caller="worker" operation="Encrypt" status=400 code="AccessDeniedException""#;
    let expected = format!(
        "INFO message=call number=1 caller=\"admin\" operation=\"DescribeKey\" status=200\n\
         INFO message=call number=2 {refusal}\n\
         DEBUG message=refused number=2 why=\"no policy of worker allows kms:Encrypt; the key policy trusts the \
         account\"\n"
    );
    assert_eq!(*text.lock().unwrap(), expected);
    assert_eq!(*quiet.lock().unwrap(), format!("INFO message=call number=3 {refusal}\n"));
}
