//! Which call made which grant.

use serde_json::Value;

use super::{Journal, Raw};

/// A grant that a call has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Created {
    /// The number of the call in the table of calls; the first is 1.
    pub(crate) number: u64,
    /// The declared name of the caller.
    pub(crate) caller: Option<String>,
    /// The id of the grant, as the caller was told it.
    pub(crate) grant_id: String,
}

impl Journal {
    /// Every grant that a call has returned as made, in the order of the calls. A named CreateGrant that was repeated
    /// returns one grant several times; the first call is the one that made it.
    pub(crate) fn created_grants(&self) -> Vec<Created> {
        let numbered = (self.dropped + 1..).zip(&self.calls);
        let created = numbered.filter_map(|(number, call)| {
            Some(Created { number, caller: call.caller.clone(), grant_id: created(call)? })
        });
        created.collect()
    }
}

fn created(call: &Raw) -> Option<String> {
    if call.operation != "CreateGrant" || call.status != 200 {
        return None;
    }
    let output: Value = serde_json::from_slice(&call.output).ok()?;
    output["GrantId"].as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn a_call_that_was_refused_has_made_nothing() {
        let mut journal = Journal::default();
        for (operation, status, output) in [
            ("ListGrants", 200, r#"{"GrantId":"a"}"#),
            ("CreateGrant", 412, r#"{"__type":"DryRunOperationException"}"#),
            ("CreateGrant", 200, r#"{"GrantId":"b","GrantToken":"c"}"#),
            ("CreateGrant", 200, "no JSON"),
        ] {
            journal.add(|| Raw {
                caller: Some("worker".to_owned()),
                operation: operation.to_owned(),
                input: Bytes::new(),
                status,
                output: Bytes::from(output),
            });
        }
        let created =
            Created { number: 3, caller: Some("worker".to_owned()), grant_id: "b".to_owned() };
        assert_eq!(journal.created_grants(), [created]);
    }
}
