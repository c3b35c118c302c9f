//! The end of a recording in the live account: the keys and aliases that it made.

use bytes::Bytes;
use serde_json::{Value, json};

use super::keys::Keys;
use super::refusal::Refusal;
use super::service::Service;
use crate::error::Error;

/// The days until a key is deleted, the fewest that AWS allows.
const DAYS: u8 = 7;

impl Service {
    /// Deletes the aliases that a recording made, and schedules the deletion of its keys if the settings say so. Returns
    /// notes about what is left.
    pub(super) async fn end_keys(&self, keys: &Keys) -> Vec<String> {
        let mut notes = Vec::new();
        for alias in keys.aliases() {
            if let Err(why) = self.delete_alias(keys, alias).await {
                notes.push(format!("the alias {alias} that this recording made is left: {why}"));
            }
        }
        for (alias, before) in keys.moved() {
            notes.push(format!("the alias {alias} was pointed to another key than {before}"));
        }
        let (mut scheduled, mut left) = (Vec::new(), Vec::new());
        for key in keys.left() {
            if !keys.schedules() {
                left.push(key.to_owned());
                continue;
            }
            let input = json!({"KeyId": key, "PendingWindowInDays": DAYS});
            match self.admin_call("ScheduleKeyDeletion", &input).await {
                Ok(_) => scheduled.push(key.to_owned()),
                Err(error) => left.push(format!("{key} ({error})")),
            }
        }
        notes.extend(note(&format!("are deleted in {DAYS} days"), &scheduled, self.is_aws));
        let left = note("are left", &left, self.is_aws);
        let how = "; `schedule_made_keys = true` in kms-fixture.toml schedules their deletion";
        notes.extend(left.map(|it| if keys.schedules() { it } else { format!("{it}{how}") }));
        notes.extend(keys.perhaps().iter().map(|it| format!("perhaps this recording left {it}")));
        notes
    }

    /// Deletes an alias that a recording made, if it still names one of its keys.
    async fn delete_alias(&self, keys: &Keys, alias: &str) -> Result<(), Error> {
        match self.key(alias).await? {
            None => return Ok(()),
            Some(key) if self.is_aws && !keys.has(&key) => {
                return Err(Error::new(format!("it names the key {key} now")));
            }
            Some(_) => {}
        }
        self.admin_call("DeleteAlias", &json!({ "AliasName": alias })).await.map(drop)
    }

    /// Makes a call as the administrator that has to be accepted.
    pub(super) async fn admin_call(&self, operation: &str, input: &Value) -> Result<Value, Error> {
        let body = Bytes::from(input.to_string());
        let (status, output) = self.call(&self.admin, operation, body).await?;
        let output: Value = serde_json::from_slice(&output).unwrap_or_default();
        if status == 200 {
            return Ok(output);
        }
        let refusal = Refusal::new(status, &output);
        Err(Error::new(format!("{operation} was refused: {refusal}")))
    }
}

/// Returns a note about keys that a recording made. The keys of an emulator are counted: they go with it.
fn note(what: &str, keys: &[String], is_aws: bool) -> Option<String> {
    let which = if is_aws { keys.join(", ") } else { keys.len().to_string() };
    (!keys.is_empty()).then(|| format!("the keys that this recording made {what}: {which}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_aws_are_named_and_those_of_an_emulator_counted() {
        let keys = ["one".to_owned(), "two".to_owned()];
        let said = |is_aws| note("are left", &keys, is_aws);
        assert_eq!(said(true), Some("the keys that this recording made are left: one, two".into()));
        assert_eq!(said(false), Some("the keys that this recording made are left: 2".into()));
        assert_eq!(note("are left", &[], true), None);
    }
}
