//! Deliberate bugs of the upstream, one at a time: each recording of it has to drift.

use std::sync::Mutex;

use serde_json::{Value, json};

use crate::account::Account;
use crate::attempt::Attempt;
use crate::bug::Bug;
use crate::pages::key_id;
use crate::wire::{self, Message};

/// A bug in an upstream, and the answers that it changed.
pub(crate) struct Planted {
    bug: Bug,
    changed: Mutex<Vec<Value>>,
    made: Mutex<Vec<Made>>,
}

/// A grant of the recording.
struct Made {
    id: String,
    token: String,
    /// As a list shows it.
    listed: Value,
    has_ended: bool,
}

impl Planted {
    pub(crate) fn new(bug: Bug) -> Self {
        Self { bug, changed: Mutex::default(), made: Mutex::default() }
    }

    /// Returns whether the bug changed any answer.
    pub(crate) fn has_changed(&self) -> bool {
        !self.changed.lock().unwrap().is_empty()
    }

    /// Returns whether a client of the recording was answered by the bug.
    pub(crate) fn has_bitten(&self, attempts: &[Attempt]) -> bool {
        let changed = self.changed.lock().unwrap();
        attempts
            .iter()
            .any(|it| changed.contains(&json!([it.operation, it.input, it.status, it.output])))
    }

    /// Changes an answer to a request.
    pub(crate) fn change(
        &self,
        account: &Account,
        request: &Message,
        status: u16,
        output: Value,
    ) -> (u16, Value) {
        let (operation, input) = (request.operation(), &request.json());
        self.remember(account, operation, input, status, &output);
        let changed = self.changed_answer(account, request, status, &output);
        let Some((status, output)) = changed else { return (status, output) };
        let shown = if output == json!({}) { Value::Null } else { output.clone() };
        self.changed.lock().unwrap().push(json!([operation, input, status, shown]));
        (status, output)
    }

    fn remember(
        &self,
        account: &Account,
        operation: &str,
        input: &Value,
        status: u16,
        output: &Value,
    ) {
        if status != 200 {
            return;
        }
        let mut made = self.made.lock().unwrap();
        if operation == "CreateGrant"
            && let (Some(id), Some(token)) =
                (output["GrantId"].as_str(), output["GrantToken"].as_str())
        {
            let one = json!({"KeyId": input["KeyId"], "GrantId": id});
            let listed = account.admin("ListGrants", &one)["Grants"][0].clone();
            let (id, token) = (id.to_owned(), token.to_owned());
            made.push(Made { id, token, listed, has_ended: false });
        }
        if matches!(operation, "RetireGrant" | "RevokeGrant") && input["DryRun"] != true {
            let id = made.iter().find(|it| input["GrantToken"] == it.token.as_str());
            let id = id.map(|it| it.id.clone());
            let id = id.or_else(|| input["GrantId"].as_str().map(str::to_owned));
            for it in made.iter_mut().filter(|it| Some(&it.id) == id.as_ref()) {
                it.has_ended = true;
            }
        }
    }

    /// Returns the answer with the bug; nothing if the bug does not concern it.
    fn changed_answer(
        &self,
        account: &Account,
        request: &Message,
        status: u16,
        output: &Value,
    ) -> Option<(u16, Value)> {
        let (operation, input) = (request.operation(), &request.json());
        let is_admin = request.head.contains(account.kms.credentials().access_key_id());
        let is_good = status == 200;
        let code = output["__type"].as_str().unwrap_or("");
        let mut changed = output.clone();
        match self.bug {
            Bug::StatusOfErrors => (status == 400).then_some((403, changed)),
            Bug::CodeOfErrors => {
                if status != 400 {
                    return None;
                }
                let other = if code == "NotFoundException" {
                    "InvalidArnException"
                } else {
                    "NotFoundException"
                };
                changed["__type"] = other.into();
                Some((status, changed))
            }
            Bug::TextOfErrors => {
                let text = output["message"].as_str().filter(|_| status == 400)?;
                changed["message"] = format!("{text} Really.").into();
                Some((status, changed))
            }
            Bug::OrderOfOperations if is_good && operation == "ListGrants" => {
                let mut found = false;
                self.of_made(&mut changed, |grant| {
                    let operations = grant["Operations"].as_array_mut().unwrap();
                    found |= operations.len() > 1;
                    operations.reverse();
                });
                found.then_some((status, changed))
            }
            Bug::MissingMember if is_good => {
                let within = match operation {
                    "DescribeKey" => &mut changed["KeyMetadata"],
                    "ListGrants" => changed["Grants"].get_mut(0)?,
                    _ => &mut changed,
                };
                let members = ["KeyManager", "IssuingAccount", "EncryptionAlgorithm", "KeyId"];
                let found = members.into_iter().find(|it| within.get(*it).is_some())?;
                within.as_object_mut()?.remove(found);
                Some((status, changed))
            }
            Bug::ExtraMember if is_good => {
                match operation {
                    "DescribeKey" => {
                        changed["KeyMetadata"]["PendingDeletionWindowInDays"] = 7.into();
                    }
                    "CreateGrant" | "Encrypt" | "Decrypt" | "GenerateDataKey" => {
                        changed["Truncated"] = true.into();
                    }
                    _ => return None,
                }
                Some((status, changed))
            }
            Bug::OtherOperations if is_good && operation == "ListGrants" => self
                .of_made(&mut changed, |grant| grant["Operations"] = json!(["GenerateMac"]))
                .then_some((status, changed)),
            Bug::NoConstraint if is_good && operation == "ListGrants" => {
                let mut found = false;
                self.of_made(&mut changed, |grant| {
                    found |= grant.as_object_mut().unwrap().remove("Constraints").is_some();
                });
                found.then_some((status, changed))
            }
            Bug::OtherAlgorithm if is_good => {
                let member = ["EncryptionAlgorithm", "SigningAlgorithm", "MacAlgorithm"];
                let member = member.into_iter().find(|it| output.get(*it).is_some())?;
                changed[member] = "RSAES_OAEP_SHA_1".into();
                Some((status, changed))
            }
            Bug::OtherKey
                if is_good && matches!(operation, "Encrypt" | "Decrypt" | "GenerateDataKey") =>
            {
                let other = account.arn(crate::steps::Key::Global);
                changed["KeyId"] = other.into();
                (changed != *output).then_some((status, changed))
            }
            Bug::DryRunSucceeds if code == "DryRunOperationException" => {
                let empty = if operation == "CreateGrant" {
                    json!({"GrantId": "9".repeat(64), "GrantToken": "QUJD".repeat(40)})
                } else {
                    json!({})
                };
                Some((200, empty))
            }
            // A denial of the administrator cannot be lag.
            Bug::DeniedThoughAllowed
                if is_good
                    && is_admin
                    && matches!(
                        operation,
                        "Encrypt" | "Decrypt" | "GenerateDataKey" | "GetKeyPolicy"
                    ) =>
            {
                let text = format!(
                    "User: {} is not authorized to perform: kms:{operation} on this resource because no identity-based \
                     policy allows the kms:{operation} action",
                    account.kms.arn()
                );
                Some((400, json!({"__type": "AccessDeniedException", "message": text})))
            }
            Bug::AllowedThoughDenied if code == "AccessDeniedException" => {
                as_admin(account, operation, input)
            }
            Bug::ConstraintIgnored
                if code == "AccessDeniedException" && self.has_constrained(account, input) =>
            {
                as_admin(account, operation, input)
            }
            Bug::EndedAndListed if is_good && is_whole(operation, input) => {
                let key = key_id(input["KeyId"].as_str()?).to_owned();
                let made = self.made.lock().unwrap();
                let ended = made.iter().filter(|it| {
                    it.has_ended && it.listed["KeyId"].as_str().map(key_id) == Some(&key)
                });
                let ended: Vec<_> = ended.map(|it| it.listed.clone()).collect();
                if ended.is_empty() || changed["Truncated"] == true {
                    return None;
                }
                changed["Grants"].as_array_mut()?.extend(ended);
                Some((status, changed))
            }
            Bug::NeverListed if is_good && operation == "ListGrants" => {
                let made = self.made.lock().unwrap();
                let grants = changed["Grants"].as_array_mut()?;
                let all = grants.len();
                grants.retain(|it| made.iter().all(|made| it["GrantId"] != made.id.as_str()));
                (grants.len() != all).then_some((status, changed))
            }
            Bug::OtherTruncated if is_good && output["Truncated"] == false => {
                changed["Truncated"] = true.into();
                changed["NextMarker"] = "bm8gbW9yZQ==".into();
                // Clients that follow the marker are refused.
                (input.get("Limit").is_none()).then_some((status, changed))
            }
            _ => None,
        }
    }

    /// Changes each grant of the recording in a list; returns whether there is one.
    fn of_made(&self, output: &mut Value, mut change: impl FnMut(&mut Value)) -> bool {
        let made = self.made.lock().unwrap();
        let mut found = false;
        for grant in output["Grants"].as_array_mut().into_iter().flatten() {
            if made.iter().any(|it| grant["GrantId"] == it.id.as_str()) {
                change(grant);
                found = true;
            }
        }
        found
    }

    /// Returns whether the key of a call has a constrained grant of this recording.
    fn has_constrained(&self, account: &Account, input: &Value) -> bool {
        let Some(key) = input["KeyId"].as_str().map(key_id) else { return false };
        let grants = account.kms.grants();
        let made = self.made.lock().unwrap();
        made.iter().any(|it| {
            it.listed["KeyId"].as_str().map(key_id) == Some(key)
                && it.listed.get("Constraints").is_some()
                && !it.has_ended
                && grants.iter().any(|grant| grant.id() == it.id)
        })
    }
}

fn is_whole(operation: &str, input: &Value) -> bool {
    operation == "ListGrants"
        && input.get("GrantId").is_none()
        && input.get("GranteePrincipal").is_none()
}

/// Makes a denied call as the administrator; nothing if it fails, too.
fn as_admin(account: &Account, operation: &str, input: &Value) -> Option<(u16, Value)> {
    let credentials = account.kms.credentials();
    let answer = wire::call(account.address(), &credentials, operation, input, None).ok()?;
    let output = answer.json();
    (answer.status() == 200).then_some((200, if output.is_null() { json!({}) } else { output }))
}
