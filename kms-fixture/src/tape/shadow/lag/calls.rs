//! Recorded calls in relation to each other: the grants that they make, end and list, and the principals that they name.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::Arn;
use crate::tape::cassette::Interaction;

/// Returns whether a later call makes the same request, perhaps with grant tokens.
pub(super) fn is_same_call(later: &Interaction, call: &Interaction) -> bool {
    later.caller == call.caller
        && later.operation == call.operation
        && without_tokens(later.input().value()) == without_tokens(call.input().value())
}

/// Returns whether a later call shows that changes which `call` has missed have arrived: the same read with another answer
/// or, for grants, with the changes.
pub(super) fn shows(
    later: &Interaction,
    call: &Interaction,
    changes: &BTreeSet<usize>,
    tape: &[Interaction],
) -> bool {
    if later.status != 200 || !is_same_call(later, call) {
        return false;
    }
    let Some(ids) = ids(later.output().value()) else {
        return later.output().value() != call.output().value();
    };
    changes.iter().all(|at| match tape[*at].operation.as_str() {
        "CreateGrant" => ids.iter().any(|id| makes(&tape[*at], id)),
        _ => !ids.iter().any(|id| ends(&tape[*at], id, tape)),
    })
}

/// Returns the ids of the grants in a list.
pub(super) fn ids(output: &Value) -> Option<BTreeSet<&str>> {
    let grants = output["Grants"].as_array()?;
    Some(grants.iter().filter_map(|it| it["GrantId"].as_str()).collect())
}

/// Returns whether a call made the grant.
pub(super) fn makes(call: &Interaction, id: &str) -> bool {
    call.operation == "CreateGrant" && call.output().value()["GrantId"] == id
}

/// Returns whether a call is to end a grant.
pub(in crate::tape::shadow) fn is_end(call: &Interaction) -> bool {
    matches!(call.operation.as_str(), "RetireGrant" | "RevokeGrant")
}

/// Returns whether a call ended the grant, by its id or by one of its tokens.
pub(super) fn ends(call: &Interaction, id: &str, tape: &[Interaction]) -> bool {
    let input = call.input().value();
    let of_token = |token: &str| {
        let made = |it: &&Interaction| it.output().value()["GrantToken"] == token;
        tape.iter().find(made).is_some_and(|it| makes(it, id))
    };
    is_end(call) && (input["GrantId"] == id || input["GrantToken"].as_str().is_some_and(of_token))
}

/// Returns the principals that an input names.
pub(super) fn principals(input: &Value) -> Vec<String> {
    let members = ["GranteePrincipal", "RetiringPrincipal"];
    let mut arns: Vec<_> =
        members.iter().filter_map(|it| input[*it].as_str()).map(str::to_owned).collect();
    let policy = input["Policy"].as_str().and_then(|it| serde_json::from_str::<Value>(it).ok());
    collect(&policy.unwrap_or_default(), &mut arns);
    arns.dedup();
    arns
}

pub(super) fn collect(value: &Value, arns: &mut Vec<String>) {
    match value {
        Value::String(text) if Arn::parse(text).is_some_and(|it| it.service == "iam") => {
            arns.push(text.clone());
        }
        Value::Array(values) => values.iter().for_each(|it| collect(it, arns)),
        Value::Object(members) => members.values().for_each(|it| collect(it, arns)),
        _ => {}
    }
}

/// Returns an input without its grant tokens, which a client may add to a later try.
pub(super) fn without_tokens(input: &Value) -> Value {
    let mut input = input.clone();
    if let Some(members) = input.as_object_mut() {
        members.remove("GrantTokens");
    }
    input
}
