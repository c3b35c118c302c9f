//! An HTTP archive (HAR 1.2), for other programs.

use serde_json::{Value, json};

use crate::tape::cassette::{Cassette, Interaction};

/// Formats a cassette as an archive. Data that a cassette lacks (headers, times of calls) has HAR's value for unknown.
pub(super) fn archive(cassette: &Cassette) -> String {
    let entries: Vec<_> = cassette.interactions.iter().map(|it| entry(cassette, it)).collect();
    let archive = json!({ "log": {
        "version": "1.2",
        "creator": { "name": "kms-fixture", "version": env!("CARGO_PKG_VERSION") },
        "comment": format!("{}; redacted", cassette.origin),
        "entries": entries,
    }});
    serde_json::to_string_pretty(&archive).unwrap_or_default() + "\n"
}

fn entry(cassette: &Cassette, call: &Interaction) -> Value {
    let media = "application/x-amz-json-1.1";
    let header = |name: &str, value: &str| json!({ "name": name, "value": value });
    let input = call.input().value().to_string();
    let output = if call.has_body() { call.output().value().to_string() } else { String::new() };
    json!({
        "startedDateTime": cassette.recorded_text(),
        "time": 0,
        "request": {
            "method": "POST",
            "url": format!("https://kms.{}.amazonaws.com/", cassette.scenario.region()),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [
                header("content-type", media),
                header("x-amz-target", &format!("TrentService.{}", call.operation)),
            ],
            "queryString": [],
            "postData": { "mimeType": media, "text": input },
            "headersSize": -1,
            "bodySize": input.len(),
            "comment": format!("by {}", call.caller),
        },
        "response": {
            "status": call.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [header("content-type", media)],
            "content": { "size": output.len(), "mimeType": media, "text": output },
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": output.len(),
        },
        "cache": {},
        "timings": { "send": 0, "wait": 0, "receive": 0 },
    })
}
