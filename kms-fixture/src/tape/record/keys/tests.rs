//! Changes of keys and aliases, one operation at a time.

use serde_json::json;

use super::*;
use crate::api::OPERATIONS;

const ORDERS: &str = "arn:aws:kms:us-east-1:123456789012:key/orders";
const MADE: &str = "arn:aws:kms:us-east-1:123456789012:key/made";
const OTHER: &str = "arn:aws:kms:us-east-1:123456789012:key/other";
const ABROAD: &str = "arn:aws:kms:us-east-1:210987654321:key/abroad";

/// The aliases of the account.
const ALIASES: [(&str, &str); 3] =
    [("alias/orders", ORDERS), ("alias/other", OTHER), ("alias/mine", MADE)];

fn keys(rules: Rules) -> Keys {
    let bound = BTreeMap::from([(ORDERS.to_owned(), "orders".to_owned())]);
    let mut keys = Keys::new(bound, Some("123456789012".to_owned()), rules);
    let made = json!({"KeyMetadata": {"Arn": MADE}});
    keys.accepted("CreateKey", &json!({}), &made, &Resolved::new());
    keys
}

/// Resolves names as DescribeKey does.
fn resolved(names: &[&str]) -> Resolved {
    let arn = |name: &str| {
        let alias = ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, arn)| *arn);
        let all = [ORDERS, MADE, OTHER, ABROAD];
        let arn = alias.or_else(|| all.into_iter().find(|it| is_named(it, name)));
        (name.to_owned(), arn.map(str::to_owned))
    };
    names.iter().map(|it| arn(it)).collect()
}

fn refusal(keys: &Keys, operation: &str, input: &Value) -> Option<String> {
    keys.refuses(operation, input, &resolved(&Keys::names(operation, input)))
}

/// Returns the input of an operation that changes `key`.
fn changing(operation: &str, key: &str) -> Value {
    match operation {
        "CreateAlias" => json!({"AliasName": "alias/new", "TargetKeyId": key}),
        "UpdateAlias" => json!({"AliasName": "alias/mine", "TargetKeyId": key}),
        _ => json!({ "KeyId": key }),
    }
}

/// Returns the operations that change a key other than by its grants.
fn changes() -> impl Iterator<Item = &'static str> {
    let names = OPERATIONS.iter().map(|it| it.name);
    let others = ["CreateGrant", "RetireGrant", "RevokeGrant", "CreateKey", "DeleteAlias"];
    names.filter(move |it| is_mutation(it) && !is_of_key_stores(it) && !others.contains(it))
}

#[test]
fn only_bound_and_made_keys_are_changed() {
    let keys = keys(Rules::default());
    assert!(changes().count() > 15);
    for operation in changes() {
        for key in [OTHER, "other", ABROAD] {
            let why = refusal(&keys, operation, &changing(operation, key)).unwrap();
            assert!(why.contains(operation) && why.contains("[keys]"), "{why}");
        }
        for key in [MADE, "made", "nothing"] {
            assert_eq!(refusal(&keys, operation, &changing(operation, key)), None, "{operation}");
        }
    }
    let emulator = Keys::new(BTreeMap::new(), None, Rules::default());
    for operation in OPERATIONS.iter().map(|it| it.name) {
        let input = json!({"KeyId": OTHER, "AliasName": "alias/other", "TargetKeyId": OTHER});
        assert_eq!(refusal(&emulator, operation, &input), None, "{operation}");
        if !is_mutation(operation) {
            assert_eq!(refusal(&keys, operation, &input), None, "{operation}");
        }
    }
}

#[test]
fn a_change_of_a_bound_key_for_good_needs_a_word() {
    let default = keys(Rules::default());
    let mut refused = Vec::new();
    for operation in changes() {
        let input = changing(operation, "orders");
        let Some(why) = refusal(&default, operation, &input) else { continue };
        assert!(why.contains(&format!("`orders = [\"{operation}\"]` below `[allow]`")), "{why}");
        refused.push(operation);
        let word = operation.to_owned().try_into().unwrap();
        let allow = BTreeMap::from([("orders".to_owned(), BTreeSet::from([word]))]);
        let allowed = keys(Rules { allow, ..Rules::default() });
        assert_eq!(refusal(&allowed, operation, &input), None);
        assert!(refusal(&allowed, operation, &changing(operation, OTHER)).is_some());
    }
    let for_good = [
        "DeleteImportedKeyMaterial",
        "DisableKey",
        "ImportKeyMaterial",
        "PutKeyPolicy",
        "ReplicateKey",
        "RotateKeyOnDemand",
        "ScheduleKeyDeletion",
        "UpdatePrimaryRegion",
    ];
    assert_eq!(refused, for_good);
}

#[test]
fn an_alias_is_changed_if_its_key_may_be() {
    let mut keys = keys(Rules::default());
    let delete =
        |keys: &Keys, alias: &str| refusal(keys, "DeleteAlias", &json!({"AliasName": alias}));
    assert!(delete(&keys, "alias/other").unwrap().contains("[keys]"));
    assert!(delete(&keys, "alias/orders").unwrap().contains("[allow]"));
    assert_eq!(delete(&keys, "alias/mine"), None);
    assert_eq!(delete(&keys, "alias/nothing"), None);
    let update = |alias: &str, key: &str| json!({"AliasName": alias, "TargetKeyId": key});
    assert!(refusal(&keys, "UpdateAlias", &update("alias/other", MADE)).is_some());
    assert!(refusal(&keys, "UpdateAlias", &update("alias/orders", OTHER)).is_some());
    let moves = update("alias/orders", MADE);
    assert_eq!(refusal(&keys, "UpdateAlias", &moves), None);
    let of = resolved(&Keys::names("UpdateAlias", &moves));
    keys.accepted("UpdateAlias", &moves, &json!({}), &of);
    assert_eq!(keys.moved().collect::<Vec<_>>(), [("alias/orders", ORDERS)]);
    // It is the bound key's, although it names a made one now.
    let now = Resolved::from([("alias/orders".to_owned(), Some(MADE.to_owned()))]);
    let input = json!({"AliasName": "alias/orders"});
    assert!(keys.refuses("DeleteAlias", &input, &now).unwrap().contains("[allow]"));
    let makes = json!({"AliasName": "alias/new", "TargetKeyId": "orders"});
    assert_eq!(refusal(&keys, "CreateAlias", &makes), None);
    keys.accepted("CreateAlias", &makes, &json!({}), &resolved(&["orders"]));
    let now = Resolved::from([("alias/new".to_owned(), Some(ORDERS.to_owned()))]);
    let input = json!({"AliasName": "alias/new"});
    assert_eq!(keys.refuses("DeleteAlias", &input, &now), None);
    assert_eq!(keys.aliases().collect::<Vec<_>>(), ["alias/new"]);
    keys.accepted("DeleteAlias", &input, &json!({}), &now);
    assert_eq!(keys.aliases().count(), 0);
}

#[test]
fn custom_key_stores_and_grants_of_other_accounts_need_a_word() {
    let without = keys(Rules::default());
    let input = json!({"CustomKeyStoreId": "cks-1"});
    let why = refusal(&without, "ConnectCustomKeyStore", &input).unwrap();
    assert!(why.contains("custom_key_stores = [\"ConnectCustomKeyStore\"]"), "{why}");
    assert_eq!(refusal(&without, "DescribeCustomKeyStores", &input), None);
    let word = "ConnectCustomKeyStore".to_owned().try_into().unwrap();
    let allowed = keys(Rules { custom_key_stores: BTreeSet::from([word]), ..Rules::default() });
    assert_eq!(refusal(&allowed, "ConnectCustomKeyStore", &input), None);
    assert!(refusal(&allowed, "DeleteCustomKeyStore", &input).is_some());
    for (key, is_refused) in [(ABROAD, true), (OTHER, false), ("other", false), (ORDERS, false)] {
        let why = refusal(&without, "CreateGrant", &json!({ "KeyId": key }));
        assert_eq!(why.is_some(), is_refused, "{key}");
        assert!(why.is_none_or(|it| it.contains("210987654321") && it.contains("bind it")));
    }
    let bound = BTreeMap::from([(ABROAD.to_owned(), "abroad".to_owned())]);
    let bound = Keys::new(bound, Some("123456789012".to_owned()), Rules::default());
    assert_eq!(refusal(&bound, "CreateGrant", &json!({"KeyId": ABROAD})), None);
}

#[test]
fn keys_that_the_recording_made_are_left_until_their_deletion_is_scheduled() {
    let mut keys = keys(Rules::default());
    let left = |keys: &Keys| keys.left().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(left(&keys), [MADE]);
    let id = json!({"KeyId": "made"});
    keys.accepted("ScheduleKeyDeletion", &id, &json!({}), &Resolved::new());
    assert_eq!(left(&keys), [""; 0]);
    keys.accepted("CancelKeyDeletion", &id, &json!({}), &Resolved::new());
    assert_eq!(left(&keys), [MADE]);
    keys.accepted("ScheduleKeyDeletion", &json!({"KeyId": ORDERS}), &json!({}), &Resolved::new());
    assert_eq!(left(&keys), [MADE]);
    keys.lost("CreateKey", &json!({}));
    keys.lost("CreateAlias", &json!({"AliasName": "alias/new"}));
    keys.lost("EnableKey", &id);
    assert_eq!(keys.perhaps().len(), 2);
}
