//! GetKeyLastUsage (API reference, GetKeyLastUsage).
//!
//! No answer is published as data: INVENTED(last-usage) covers the form of the event id, and that every key state allows
//! the call.

use serde::{Deserialize, Serialize};

use super::Cx;
use crate::kms::clock::epoch_seconds;
use crate::kms::error::Result;
use crate::kms::store::{Key, LastUse, Store};

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
            timestamp: Some(epoch_seconds(last.time)),
            cloud_trail_event_id: Some(store.ids.named("cloud-trail-event", &event).uuid()),
            kms_request_id: Some(last.request_id.clone()),
        }
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
