//! Answers that show nothing about the fake: failures of the live service, and refusals for reasons that a cassette does
//! not contain.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::tape::cassette::Interaction;
use crate::tape::redact::Redacted;

/// Policies of an organization or a network, by the words of a denial. The fake has none of them.
const POLICIES: &[&str] =
    &["service control policy", "resource control policy", "vpc endpoint policy"];

/// Operations that add to an account, or to a key, and the members that name the key.
const ADDITIONS: &[(&str, Option<&str>)] = &[
    ("CreateKey", None),
    ("ReplicateKey", None),
    ("CreateAlias", Some("TargetKeyId")),
    ("CreateGrant", Some("KeyId")),
    ("RotateKeyOnDemand", Some("KeyId")),
];

/// The ids of the keys that recorded calls created. The fake knows all that was ever added to them.
#[derive(Debug, Default)]
pub(super) struct Created(BTreeSet<String>);

impl Created {
    /// Learns the key that a call created.
    pub(super) fn learn(&mut self, call: &Interaction) {
        if call.operation == "CreateKey" && call.status == 200 {
            self.0.extend(last_part(&call.output().value()["KeyMetadata"]["KeyId"]));
        }
    }

    /// Returns whether the live service refused or failed a call for a reason outside the cassette.
    pub(super) fn cannot_explain(&self, call: &Interaction) -> bool {
        let output = call.output().value();
        call.status >= 500
            || call.opaque.is_some()
            || match output["__type"].as_str() {
                Some("ThrottlingException") => true,
                Some("AccessDeniedException") => is_by_unknown_policy(output),
                Some("LimitExceededException") => self.is_by_earlier_use(call),
                // The custom key stores of an account cannot be declared.
                _ => call.operation == "DescribeCustomKeyStores",
            }
    }

    /// Returns whether a call can have met a quota because of what the account or the key had before the recording.
    fn is_by_earlier_use(&self, call: &Interaction) -> bool {
        let addition = ADDITIONS.iter().find(|(it, _)| *it == call.operation);
        addition.is_some_and(|(_, member)| {
            let key = member.and_then(|it| last_part(&call.input().value()[it]));
            key.is_none_or(|it| !self.0.contains(&it))
        })
    }
}

/// Returns a list of aliases without those that AWS reserves for keys that it may make; `None` if it has none.
pub(super) fn without_aliases_of_aws(operation: &str, output: &Redacted) -> Option<Redacted> {
    let aliases = output.value()["Aliases"].as_array().filter(|_| operation == "ListAliases")?;
    let is_reserved = |it: &&Value| {
        let name = it["AliasName"].as_str().unwrap_or_default();
        name.starts_with("alias/aws/") && it.get("TargetKeyId").is_none()
    };
    let others: Vec<_> = aliases.iter().filter(|it| !is_reserved(it)).cloned().collect();
    if others.len() == aliases.len() {
        return None;
    }
    let mut output = output.value().clone();
    output["Aliases"] = others.into();
    Some(Redacted::outline(output))
}

fn is_by_unknown_policy(output: &Value) -> bool {
    let message = output["message"].as_str().or(output["Message"].as_str()).unwrap_or_default();
    let message = message.to_ascii_lowercase();
    POLICIES.iter().any(|it| message.contains(it))
}

/// Returns the id in an ARN or an id.
fn last_part(reference: &Value) -> Option<String> {
    Some(reference.as_str()?.rsplit('/').next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-4000-8000-000000000001";

    fn call(operation: &str, input: &Value, status: u16, output: &Value) -> Interaction {
        let call = json!({
            "caller": "admin", "operation": operation, "input": input, "status": status, "output": output,
        });
        serde_json::from_value(call).unwrap()
    }

    fn is_unknowable(
        created: &Created,
        operation: &str,
        input: &Value,
        code: &str,
        text: &str,
    ) -> bool {
        let output = json!({ "__type": code, "message": text });
        created.cannot_explain(&call(operation, input, 400, &output))
    }

    #[test]
    fn denials_by_policies_of_an_organization_or_network_are_unknowable() {
        for (denial, expected) in [
            ("with an explicit deny in a service control policy", true),
            (
                "with an explicit deny in a service control policy: arn:aws:organizations::1:policy/p",
                true,
            ),
            ("because no service control policy allows the kms:Decrypt action", true),
            ("with an explicit deny in a resource control policy", true),
            ("because no VPC endpoint policy allows the kms:Decrypt action", true),
            ("with an explicit deny in a resource-based policy", false),
            ("with an explicit deny in an identity-based policy", false),
            ("because no session policy allows the kms:Decrypt action", false),
        ] {
            let text = format!(
                "User: {KEY} is not authorized to perform: kms:Decrypt on resource: {KEY} {denial}"
            );
            let unknowable = |code: &str| {
                is_unknowable(&Created::default(), "Decrypt", &json!({ "KeyId": KEY }), code, &text)
            };
            assert_eq!(unknowable("AccessDeniedException"), expected, "{denial}");
            assert!(!unknowable("ValidationException"), "{denial}");
        }
    }

    #[test]
    fn a_quota_is_unknowable_unless_the_recording_created_the_key() {
        let mut created = Created::default();
        let other = KEY.replace("0001", "0002");
        let id = other.rsplit('/').next().unwrap_or_default();
        created.learn(&call(
            "CreateKey",
            &json!({}),
            200,
            &json!({ "KeyMetadata": { "KeyId": id } }),
        ));
        for (operation, input, expected) in [
            ("CreateKey", json!({}), true),
            ("CreateGrant", json!({ "KeyId": KEY }), true),
            ("CreateGrant", json!({ "KeyId": other }), false),
            ("CreateGrant", json!({ "KeyId": id }), false),
            ("CreateAlias", json!({ "TargetKeyId": KEY }), true),
            ("RotateKeyOnDemand", json!({ "KeyId": KEY }), true),
            ("RotateKeyOnDemand", json!({ "KeyId": other }), false),
            // The size of a policy is in the call, and a read adds nothing.
            ("PutKeyPolicy", json!({ "KeyId": KEY }), false),
            ("ListGrants", json!({ "KeyId": KEY }), false),
        ] {
            let is = is_unknowable(&created, operation, &input, "LimitExceededException", "");
            assert_eq!(is, expected, "{operation} {input}");
        }
    }
}
