//! Elements of policies that are easily written in another way than they are meant (IAM User Guide).

use kms_fixture::Fixture;
use kms_fixture::scenario::{KeyDeclaration, RoleDeclaration};
use serde_json::{Value, json};

use super::calls::describe;

fn allow(condition: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "kms:DescribeKey", "Resource": "*", "Condition": condition,
    }})
}

/// Whether this policy lets a worker describe a key with an empty and a full tag.
async fn check(policy: &Value, allowed: bool) {
    let key = KeyDeclaration::new("orders")
        .tag("empty", "")
        .tag("owner", "arn:aws:iam::111122223333:role/worker")
        .alias("alias/orders");
    let worker = RoleDeclaration::new("worker").policy(policy.to_string());
    let kms = Fixture::builder().key(key).role(worker).start().unwrap();
    let outcome = describe(&kms.caller("worker"), "alias/orders").await.is_ok();
    assert_eq!(outcome, allowed, "{policy}");
}

/// Policy variables with no value: nothing equals them, nothing is like them, and inverse operators hold.
#[tokio::test]
async fn a_variable_without_a_value_matches_nothing() {
    let team = "${aws:PrincipalTag/team}";
    for (condition, allowed) in [
        (json!({"StringEquals": {"aws:ResourceTag/empty": team}}), false),
        (json!({"StringLike": {"aws:ResourceTag/empty": format!("{team}*")}}), false),
        (json!({"StringLike": {"kms:RequestAlias": format!("alias/{team}*")}}), false),
        (json!({"StringLike": {"aws:ResourceTag/empty": "${aws:username}"}}), false),
        (json!({"StringNotEquals": {"aws:ResourceTag/empty": team}}), true),
        (json!({"StringEquals": {"aws:ResourceTag/empty": "${aws:username, ''}"}}), true),
        (json!({"StringEquals": {"aws:ResourceTag/owner": "${aws:PrincipalArn}"}}), true),
    ] {
        check(&allow(&condition), allowed).await;
    }
    let mut policy = allow(&json!({}));
    policy["Statement"]["Resource"] = json!(format!("arn:aws:kms:*:*:key/{team}*"));
    check(&policy, false).await;
}

/// Version: without 2012-10-17, variables are literal texts.
#[tokio::test]
async fn an_old_policy_has_no_variables() {
    let condition = json!({"StringEquals": {"aws:ResourceTag/owner": "${aws:PrincipalArn}"}});
    for (version, allowed) in
        [(Some("2012-10-17"), true), (Some("2008-10-17"), false), (None, false)]
    {
        let mut policy = allow(&condition);
        match version {
            Some(version) => policy["Version"] = version.into(),
            None => drop(policy.as_object_mut().unwrap().remove("Version")),
        }
        check(&policy, allowed).await;
    }
}

/// Date condition operators: any of the forms of W3C's ISO 8601. The clock stands at the beginning of 2026.
#[tokio::test]
async fn dates_may_be_short() {
    for (date, is_later) in [
        ("2025", false),
        ("2027", true),
        ("2026-02", true),
        ("2025-12-31", false),
        ("2026-01-02", true),
        ("2026-01-02T00:00Z", true),
        ("2026-01-02T00:00+01:00", true),
        ("2026-01-02T00:00:00Z", true),
        ("2026-01-02T00:00:00.5-08:00", true),
        ("1700000000", false),
        ("1900000000", true),
    ] {
        for (operator, allowed) in
            [("DateLessThan", is_later), ("DateGreaterThanIfExists", !is_later)]
        {
            check(&allow(&json!({operator: {"aws:CurrentTime": date}})), allowed).await;
        }
    }
}

/// Numbers and booleans without quotes are texts.
#[tokio::test]
async fn numbers_and_booleans_need_no_quotes() {
    for (condition, allowed) in [
        (json!({"StringEquals": {"kms:CallerAccount": 111_122_223_333_u64}}), true),
        (json!({"StringEquals": {"kms:CallerAccount": [111_122_223_333_u64, 1]}}), true),
        (json!({"StringEquals": {"kms:CallerAccount": 444_455_556_666_u64}}), false),
        (json!({"Bool": {"aws:PrincipalIsAWSService": false}}), true),
    ] {
        check(&allow(&condition), allowed).await;
    }
}

/// NotPrincipal with Deny: the account that stands beside its principal is not all that belong to it.
#[tokio::test]
async fn an_account_beside_its_principal_exempts_no_other_principal() {
    let root = "arn:aws:iam::111122223333:root";
    let worker = "arn:aws:iam::111122223333:role/worker";
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Deny", "NotPrincipal": {"AWS": [root, worker]}, "Action": "kms:DescribeKey", "Resource": "*"},
    ]});
    let role = |name: &str| RoleDeclaration::new(name).allow(["kms:*"]);
    let kms = Fixture::builder()
        .key(KeyDeclaration::new("orders").policy(policy.to_string()))
        .role(role("worker"))
        .role(role("intruder"))
        .start()
        .unwrap();
    let arn = kms.key("orders").arn().to_owned();
    describe(&kms.caller("worker"), &arn).await.unwrap();
    describe(&kms.root("111122223333").unwrap(), &arn).await.unwrap();
    describe(&kms.caller("intruder"), &arn).await.unwrap_err().has_code("AccessDeniedException");
    describe(&kms.caller("admin"), &arn).await.unwrap_err().has_code("AccessDeniedException");
}

#[test]
fn invalid_policies_are_refused_with_their_place() {
    let statement = |more: Value| {
        let mut statement = json!({"Effect": "Allow", "Action": "kms:*", "Resource": "*"});
        let (all, more) = (statement.as_object_mut().unwrap(), more.as_object().unwrap());
        all.extend(more.clone());
        all.retain(|_, it| !it.is_null());
        json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
    };
    for (more, told) in [
        (json!({"Principal": {"AWS": "111122223333"}}), "only key policies have a `Principal`"),
        (json!({"Action": "Encrypt"}), "`Encrypt` is not a valid action; write `kms:Encrypt`"),
        (json!({"Action": ["kms:*", 7]}), "`Action` must be a string or a list of strings"),
        (json!({"Resource": null}), "a statement needs `Resource`"),
        (json!({"Actions": "kms:*"}), "`Actions` is not a valid statement element"),
        (
            json!({"Condition": {"StringEqualz": {"a": "b"}}}),
            "`StringEqualz` is not a valid condition operator",
        ),
    ] {
        let policy = statement(more);
        let worker = RoleDeclaration::new("worker").policy(policy.clone());
        let error = Fixture::builder().role(worker).start().unwrap_err().to_string();
        assert!(error.contains("$.roles.worker.policy: "), "{error}");
        assert!(error.contains(told), "{told}\n{error}");
        let kms = Fixture::builder().start().unwrap();
        let error = kms.federated_user("guest", Some(&policy)).unwrap_err().to_string();
        assert!(error.contains(told), "{told}\n{error}");
    }
    for (more, told) in [
        (json!({"Actions": "kms:*"}), "`Actions` is not a valid statement element"),
        (
            json!({"Condition": {"ForAnyValues:StringLike": {"a": "b"}}}),
            "`ForAnyValues:StringLike` is not a valid condition",
        ),
    ] {
        let mut more = more;
        more["Principal"] = json!({"AWS": "111122223333"});
        let key = KeyDeclaration::new("orders").policy(statement(more));
        let error = Fixture::builder().key(key).start().unwrap_err().to_string();
        assert!(error.contains("$.keys.orders.policy: ") && error.contains(told), "{error}");
    }
    let worker = RoleDeclaration::new("worker").allow(["Decrypt"]);
    let error = Fixture::builder().role(worker).start().unwrap_err().to_string();
    assert!(
        error.contains(
            "$.roles.worker.allow[0]: `Decrypt` is not a valid action; write `\"kms:Decrypt\"`"
        ),
        "{error}"
    );
}
