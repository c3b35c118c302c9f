//! The output of a server once it accepts connections.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use serde_json::{Map, json};

use super::callers;
use crate::error::{Error, printable};
use crate::fixture::Kms;

/// Formats the line of JSON for programs.
pub(super) fn json(kms: &Kms) -> String {
    let callers: Map<_, _> = kms.callers().map(|(name, caller)| (name, caller.shown())).collect();
    let keys: Map<_, _> = kms
        .declared_keys()
        .map(|(name, key)| (name, json!({"key_id": key.id(), "arn": key.arn()})))
        .collect();
    let grants: Map<_, _> = kms
        .declared_grants()
        .map(|(name, grant)| (name, json!({"grant_id": grant.id(), "grant_token": grant.token()})))
        .collect();
    let line = json!({
        "endpoint": kms.endpoint_url(),
        "region": kms.region(),
        "account": kms.account(),
        "callers": callers,
        "keys": keys,
        "grants": grants,
    });
    format!("{line}\n")
}

/// Formats the text for people.
pub(super) fn text(kms: &Kms, what: &str) -> String {
    let mut text = format!(
        "kms-fixture is {what}\n  endpoint  {0}\n  console   {0}/\n  region    {1}\n  account   {2}\n",
        kms.endpoint_url(),
        kms.region(),
        kms.account()
    );
    for (name, key) in kms.declared_keys() {
        let _ = writeln!(text, "  key       {name}: {}", key.arn());
    }
    for (name, grant) in kms.declared_grants() {
        let _ = writeln!(text, "  grant     {name}: {}", grant.id());
    }
    let _ = writeln!(text, "\nTo call it with the AWS CLI, paste the lines of one caller:");
    let mut named: Vec<_> = kms.callers().zip(callers(kms)).collect();
    named.sort_by_key(|((name, _), _)| name != "admin");
    for ((name, caller), (_, access)) in named {
        let (arn, session) = (caller.arn(), caller.caller_arn());
        // A grant names the role; a denial shows the session.
        let session =
            if session == arn { String::new() } else { format!(" (its session: {session})") };
        let _ = writeln!(text, "\n# {name}: {arn}{session}");
        text += &access.lines();
    }
    text
}

/// Prints text or JSON to standard output, without control characters, and flushes it, because the server's parent
/// process waits for the text.
pub(super) fn print(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    out.write_all(printable(text).as_bytes())
        .and_then(|()| out.flush())
        .map_err(|it| Error::new(format!("cannot write to standard output: {it}")))
}

/// Prints a line to standard output.
pub(super) fn println(line: &str) {
    // The reader may have closed its end.
    let _ = print(&format!("{line}\n"));
}
