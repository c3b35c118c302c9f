//! The guard, without a service.

use serde_json::json;

use super::*;

#[test]
fn only_grants_of_the_recording_are_ended() {
    let mut guard = Guard::default();
    let number = guard.sends("CreateGrant", &json!({"KeyId": "k"})).unwrap().unwrap();
    guard.learn(number, 200, &json!({"GrantId": "mine", "GrantToken": "token"}));
    let unless = |id: &str| Permit::UnlessListed { key: "k".to_owned(), id: id.to_owned() };
    let no = |operation: &str, what: &str| Permit::No(foreign(operation, what));
    for operation in ["RetireGrant", "RevokeGrant"] {
        for (input, permit) in [
            (json!({"KeyId": "k", "GrantId": "mine"}), Permit::Yes),
            (json!({"KeyId": "k", "GrantId": "unknown"}), unless("unknown")),
            (json!({"KeyId": "k", "GrantId": "unknown", "DryRun": true}), unless("unknown")),
            (json!({"KeyId": "k", "GrantId": "mine", "DryRun": true}), Permit::Yes),
            (json!({"GrantId": "unknown"}), no(operation, "GrantId")),
            (json!({"GrantToken": "token"}), Permit::Yes),
            (json!({"GrantToken": "another"}), no(operation, "GrantToken")),
            (
                json!({"KeyId": "k", "GrantId": "unknown", "GrantToken": "another"}),
                no(operation, "GrantToken"),
            ),
            (json!({}), Permit::Yes),
        ] {
            assert_eq!(guard.permits(operation, &input), permit, "{operation} {input}");
            assert_eq!(guard.permits("ListGrants", &input), Permit::Yes);
        }
    }
    assert_eq!(guard.grants().collect::<Vec<_>>(), [("mine", "k")]);
    guard.is_aws = true;
    let dry = json!({"KeyId": "k", "GrantId": "unknown", "DryRun": true});
    assert_eq!(guard.permits("RevokeGrant", &dry), Permit::Yes);
    let wet = json!({"KeyId": "k", "GrantId": "unknown"});
    assert_eq!(guard.permits("RevokeGrant", &wet), unless("unknown"));
}

#[test]
fn a_grant_that_existed_before_is_foreign_although_create_grant_returns_it() {
    let mut guard = Guard::default();
    guard.were_there("arn:aws:kms:us-east-1:111122223333:key/k", Some(vec!["theirs".to_owned()]));
    assert!(guard.has_looked("k") && !guard.has_looked("another"));
    // Only the first list shows what existed before.
    guard.were_there("k", Some(vec!["theirs".to_owned(), "mine".to_owned()]));
    let output = json!({"GrantId": "theirs", "GrantToken": "token"});
    let input = json!({"KeyId": "k", "Name": "nightly"});
    let number = guard.sends("CreateGrant", &input).unwrap().unwrap();
    guard.learn(number, 200, &output);
    let by_id = json!({"KeyId": "another", "GrantId": "theirs"});
    let refused = Permit::No(foreign("RevokeGrant", "GrantId"));
    assert_eq!(guard.permits("RevokeGrant", &by_id), refused);
    let refused = Permit::No(foreign("RetireGrant", "GrantToken"));
    assert_eq!(guard.permits("RetireGrant", &json!({"GrantToken": "token"})), refused);
    let number = guard.sends("CreateGrant", &json!({"KeyId": "k"})).unwrap().unwrap();
    guard.learn(number, 200, &json!({"GrantId": "mine"}));
    assert_eq!(guard.grants().collect::<Vec<_>>(), [("mine", "k")]);
}

#[test]
fn a_call_is_lost_unless_its_answer_shows_what_became_of_it() {
    let mut guard = Guard::default();
    let input = json!({"KeyId": "k", "Operations": ["Decrypt"]});
    let mut lost = Vec::new();
    for (status, output, is_lost) in [
        (200, json!({"GrantId": "mine"}), false),
        (400, json!({"__type": "AccessDeniedException"}), false),
        (500, json!({"__type": "KMSInternalException"}), true),
        (200, json!(null), true),
    ] {
        let number = guard.sends("CreateGrant", &input).unwrap().unwrap();
        let before = guard.sent.len();
        guard.learn(number, status, &output);
        lost.push((guard.sent.len() == before, is_lost));
    }
    assert!(lost.iter().all(|(left, right)| left == right), "{lost:?}");
    assert_eq!(guard.sends("ListGrants", &input).unwrap(), None);
    let dry = json!({"KeyId": "k", "DryRun": true});
    assert!(guard.sends("CreateGrant", &dry).unwrap().is_some());
    guard.is_aws = true;
    assert_eq!(guard.sends("CreateGrant", &dry).unwrap(), None);
}

#[test]
fn only_new_grants_may_be_of_a_lost_call() {
    let mut guard = Guard::default();
    let grant = |id: &str| json!({"GrantId": id, "Operations": ["Decrypt"]});
    let listed = [grant("theirs"), grant("mine"), grant("new")];
    guard.sends("CreateGrant", &json!({"KeyId": "k", "Operations": ["Decrypt"]})).unwrap();
    guard.made("k", "mine", None);
    let [lost] = guard.lost().try_into().unwrap();
    assert_eq!(lost.calls, 1);
    assert_eq!(guard.found(&lost, &listed).perhaps, ["theirs", "new"]);
    guard.were_there("k", Some(vec!["theirs".to_owned()]));
    let found = guard.found(&lost, &listed);
    assert_eq!((found.whole, found.perhaps), (vec!["new".to_owned()], vec![]));
}

#[test]
fn a_named_grant_may_have_existed_before_if_the_list_of_before_is_not_known() {
    let mut guard = Guard::default();
    guard.were_there("k", None);
    let make = |guard: &mut Guard, input: &Value, id: &str| {
        let number = guard.sends("CreateGrant", input).unwrap().unwrap();
        guard.learn(number, 200, &json!({"GrantId": id, "GrantToken": id}));
    };
    make(&mut guard, &json!({"KeyId": "k", "Name": "nightly"}), "perhaps");
    make(&mut guard, &json!({"KeyId": "k"}), "mine");
    assert_eq!(guard.grants().collect::<Vec<_>>(), [("mine", "k")]);
    assert_eq!(guard.doubtful().collect::<Vec<_>>(), [("perhaps", "k")]);
    for (input, what) in [
        (json!({"KeyId": "k", "GrantId": "perhaps"}), "GrantId"),
        (json!({"GrantToken": "perhaps"}), "GrantToken"),
    ] {
        let refused = Permit::No(foreign("RetireGrant", what));
        assert_eq!(guard.permits("RetireGrant", &input), refused);
    }
    guard.were_there("known", Some(vec![]));
    make(&mut guard, &json!({"KeyId": "known", "Name": "nightly"}), "named");
    assert!(guard.grants().any(|(id, _)| id == "named"));
}
