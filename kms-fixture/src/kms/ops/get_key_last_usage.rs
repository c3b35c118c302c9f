//! GetKeyLastUsage (API reference, GetKeyLastUsage).
//!
//! INVENTED(last-usage) covers the event ids, and that every key state allows the call.

use serde::{Deserialize, Serialize};

use super::Cx;
use super::key_ref::AliasForm;
use crate::kms::clock::epoch_seconds;
use crate::kms::error::Result;
use crate::kms::policy::Context;
use crate::kms::store::{Key, KeyIndex, LastUse, Store};

const SECONDS_PER_DAY: f64 = 24.0 * 60.0 * 60.0;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    key_id: String,
    key_last_usage: Usage,
    tracking_start_date: f64,
    key_creation_date: f64,
}

/// An empty object if the key was never used.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Usage {
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cloud_trail_event_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_request_id: Option<String>,
}

impl Usage {
    fn of(store: &Store, key: &Key, last: &LastUse) -> Self {
        // One event for each account whose keys the call used.
        let event = format!("{} {}", last.request_id, key.account);
        Self {
            operation: Some(last.operation),
            // A published answer has whole seconds here, and milliseconds in the other dates (section 14).
            timestamp: Some(epoch_seconds(last.time).floor()),
            cloud_trail_event_id: Some(store.ids.named("cloud-trail-event", &event).uuid()),
            kms_request_id: Some(last.request_id.clone()),
        }
    }
}

impl Cx<'_> {
    /// Finds a key of the caller's account and authorizes an operation that has `kms:TrailingDaysWithoutKeyUsage`: the
    /// whole days since the last use of the key, or since its creation (fact 14.1).
    pub(super) fn unused_key_for(
        &self,
        operation: &str,
        text: &str,
        more: &dyn Fn(&mut Context),
    ) -> Result<KeyIndex> {
        let found = self.find_key(operation, text, AliasForm::Refused)?;
        let keys = &self.store.keys;
        let since = keys.last_use(found).map_or(keys.get(found).created, |it| it.time);
        let unused = self.now().duration_since(since).unwrap_or_default();
        let days = (unused.as_secs_f64() / SECONDS_PER_DAY).floor();
        self.own_key_for_request(operation, text, &|context| {
            context.number("kms:TrailingDaysWithoutKeyUsage", days);
            more(context);
        })
    }
}

pub(crate) fn get_key_last_usage(cx: &mut Cx<'_>, input: Input) -> Result<Output> {
    let index = cx.own_key_for("GetKeyLastUsage", &input.key_id)?;
    let key = cx.store.keys.get(index);
    let last = cx.store.keys.last_use(index);
    Ok(Output {
        key_id: key.arn.clone(),
        key_last_usage: last.map(|it| Usage::of(cx.store, key, it)).unwrap_or_default(),
        // The later of the start of tracking and the creation of the key; the fake tracks all its keys from the start.
        tracking_start_date: epoch_seconds(key.created),
        key_creation_date: epoch_seconds(key.created),
    })
}
