//! The calls that created grants.

use super::{Journal, Raw};

/// A grant that a call created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Created {
    /// The number of the call in the table of calls, from 1.
    pub(crate) number: u64,
    /// The declared name of the caller.
    pub(crate) caller: Option<String>,
    /// The id of the grant in the answer.
    pub(crate) grant_id: String,
    /// Whether a fault kept the answer from the caller.
    pub(crate) is_lost: bool,
}

impl Journal {
    /// Returns every grant that a CreateGrant returned, in the order of the calls. A repeated CreateGrant with a name
    /// returns one grant several times; the first of these calls created it.
    pub(crate) fn created_grants(&self) -> Vec<Created> {
        let created = self.numbered().filter_map(|(number, call)| {
            let is_lost = call.fault == Some("lost_answer");
            Some(Created { number, caller: call.caller.clone(), grant_id: created(call)?, is_lost })
        });
        created.collect()
    }
}

fn created(call: &Raw) -> Option<String> {
    if call.operation != "CreateGrant" || call.status != 200 {
        return None;
    }
    call.output()["GrantId"].as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn a_failed_call_creates_no_grant() {
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
                output: Bytes::from(output).into(),
                ..Raw::default()
            });
        }
        let created = Created {
            number: 3,
            caller: Some("worker".to_owned()),
            grant_id: "b".to_owned(),
            is_lost: false,
        };
        assert_eq!(journal.created_grants(), [created]);
    }
}
