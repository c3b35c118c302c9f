//! The end of a recording in the live account: the keys and aliases that it made.

use bytes::Bytes;
use serde_json::{Value, json};

use super::keys::Keys;
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
        if !scheduled.is_empty() {
            let scheduled = scheduled.join(", ");
            notes.push(format!(
                "the keys that this recording made are deleted in {DAYS} days: {scheduled}"
            ));
        }
        if !left.is_empty() {
            let how = if keys.schedules() {
                ""
            } else {
                "; `schedule_made_keys = true` in kms-fixture.toml schedules their deletion"
            };
            let left = left.join(", ");
            notes.push(format!("the keys that this recording made are left: {left}{how}"));
        }
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
        let code = output["__type"].as_str().unwrap_or("an answer without a code");
        Err(Error::new(format!("{operation} was refused: {code}")))
    }
}
