//! Words of AWS, of other tools and of other places, for which an option here has another name.

use super::Place;

/// The word or the sentence for a mistyped word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instead {
    /// Another option of the same place.
    Option(&'static str),
    /// No option: a sentence without a full stop.
    Help(&'static str),
}

use Instead::{Help, Option as Is};

/// A place and words, in lower case and without underscores, with what to write in their place.
type Row = (&'static [&'static str], &'static [&'static str], Instead);

const CONTEXT: &str = "write `context_equals(tenant = \"7\")` or `context_subset(tenant = \"7\")`";
const NO_END: &str = "a grant does not expire; end it with RetireGrant or RevokeGrant";
const NO_DENY: &str = "write the statement in a file, and name it in `policy = \"file.json\"`";

#[rustfmt::skip] // a row is a line
const ROWS: &[Row] = &[
    (&["grant"], &["granteeprincipal", "principal", "role", "user", "to"], Is("grantee")),
    (&["grant"], &["retiringprincipal", "retirer", "retiredby"], Is("retiring")),
    (&["grant"], &["keyid", "keyarn", "targetkeyid", "resource", "on"], Is("key")),
    (&["grant"], &["operation", "actions", "action", "allow", "permissions"], Is("operations")),
    (&["grant"], &["encryptioncontextequals", "contextequal", "equals"], Is("context_equals")),
    (&["grant"], &["encryptioncontextsubset", "subset"], Is("context_subset")),
    (&["grant"], &["constraints", "constraint", "encryptioncontext", "context"], Help(CONTEXT)),
    (&["grant"], &["grantname"], Is("name")),
    (&["grant"], &["sourceaccount", "source"], Is("source_arn")),
    (&["grant"], &["issuer", "issuedby"], Is("issuing_account")),
    (&["grant"], &["expires", "expiry", "expiration", "ttl", "seconds", "validto", "duration"], Help(NO_END)),
    (&["key"], &["keyspec", "customermasterkeyspec", "keytype", "kind", "type"], Is("spec")),
    (&["key"], &["keyusage"], Is("usage")),
    (&["key"], &["keystate", "status"], Is("state")),
    (&["key"], &["enabled", "disabled"], Help("write `state(Enabled)` or `state(Disabled)`")),
    (&["key"], &["aliases", "aliasname"], Is("alias")),
    (&["key"], &["keypolicy", "resourcepolicy"], Is("policy")),
    (&["key"], &["multiregionkey", "primary"], Is("multi_region")),
    (&["key"], &["tag"], Is("tags")),
    (&["key"], &["awsaccountid", "owner"], Is("account")),
    (&["key"], &["rotation", "keyrotation", "enablekeyrotation"], Help("call EnableKeyRotation in the test")),
    (&["key"], &["deletion", "pendingdeletion", "deletiondate"], Help("write `state(PendingDeletion)`")),
    (&["key"], &["expires", "validto", "expirationmodel"], Help("import key material with `ValidTo` in the test")),
    (&["key"], &["grants", "grant"], Help("declare grants beside keys: `grants(access(key(..), ..))`")),
    (&["role", "user"], &["policies", "inlinepolicy", "identitypolicy"], Is("policy")),
    (&["role", "user"], &["permissionsboundary", "permissionboundary"], Is("boundary")),
    (&["role", "user"], &["permissions", "actions", "action", "allowed", "operations", "can"], Is("allow")),
    (&["role", "user"], &["deny"], Help(NO_DENY)),
    (&["role", "user"], &["path", "rolename", "username"], Is("name")),
    (&["role", "user"], &["accountid", "awsaccountid"], Is("account")),
    (&["role"], &["sessionname", "rolesessionname"], Is("session")),
    (&["role"], &["sessionduration", "durationseconds", "maxsessionduration", "expires", "expiry", "ttl", "seconds"], Is("session_seconds")),
    (&["options"], &["principals", "callers"], Help("write `roles(..)` or `users(..)`")),
    (&["options"], &["key"], Is("keys")),
    (&["options"], &["grant"], Is("grants")),
    (&["options"], &["role"], Is("roles")),
    (&["options"], &["user"], Is("users")),
    (&["options"], &["awsregion", "defaultregion"], Is("region")),
    (&["options"], &["anyregion", "allregions"], Is("regions")),
    (&["options"], &["accountid", "awsaccountid"], Is("account")),
    (&["options"], &["case", "values", "testcase", "parameters", "params"], Is("cases")),
    (&["options"], &["world", "fixture", "file", "declare"], Is("scenario")),
    (&["options"], &["record", "recording", "tape", "vcr", "replay"], Is("cassette")),
    (&["options"], &["eventual", "strong", "delay"], Is("consistency")),
    (&["options"], &["runtime", "multithread", "currentthread"], Is("flavor")),
    (&["options"], &["fault", "errors", "inject", "chaos", "failures", "fail"], Is("faults")),
    (&["options"], &["throttle", "throttled", "lostanswer", "lostrequest", "internal"], Help("write the fault in `faults(..)`, as in `faults(throttled(operation(RetireGrant)))`")),
    (&["fault", "late", "error"], &["operations", "action", "api", "on"], Is("operation")),
    (&["fault", "late", "error"], &["principal", "role", "user", "by"], Is("caller")),
    (&["fault", "late", "error"], &["keyid"], Is("key")),
    (&["fault", "late", "error"], &["attempt", "nth", "at", "after", "calls"], Is("call")),
    (&["fault", "late", "error"], &["count", "repeat", "attempts", "n"], Is("times")),
    (&["late"], &["seconds", "milliseconds", "ms", "delay"], Is("millis")),
    (&["error"], &["type", "name", "exception"], Is("code")),
    (&["error"], &["httpstatus", "statuscode"], Is("status")),
    (&["error"], &["text", "body"], Is("message")),
    (&["options"], &["paused"], Is("start_paused")),
    (&["options"], &["quota", "throttle", "throttling", "ratelimit", "requestquotas"], Is("quotas")),
    (&["options"], &["time", "timesource"], Is("clock")),
    (&["options"], &["tcp", "socket", "http"], Is("transport")),
    (&["options"], &["ignore", "shouldpanic"], Help("it is an attribute of its own beside `#[kms_test]`")),
];

/// Returns what to write in place of `typed`.
pub(crate) fn instead_of(place: &Place, typed: &str) -> Option<Instead> {
    let typed = typed.replace('_', "").to_lowercase();
    let row = ROWS.iter().find(|(places, words, _)| {
        places.contains(&place.module) && words.contains(&typed.as_str())
    })?;
    Some(row.2)
}

#[cfg(test)]
mod tests {
    use super::{Instead, ROWS};
    use crate::model::declare::PLACES;

    #[test]
    fn each_other_word_leads_to_an_option_and_is_none() {
        for (modules, words, instead) in ROWS {
            for module in *modules {
                let place = PLACES.into_iter().find(|it| it.module == *module).unwrap();
                if let Instead::Option(option) = instead {
                    assert!(place.find(option).is_some(), "{module}: {option}");
                }
                for word in *words {
                    let names = place.names().map(|it| it.replace('_', ""));
                    assert!(!names.into_iter().any(|it| it == *word), "{module}: {word}");
                }
            }
        }
    }
}
