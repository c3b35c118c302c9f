//! The guard before a service that stands for AWS.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::super::guard::Guard;
use super::super::keys::Keys;
use super::super::live::{Live, Rules, Upstream};
use super::super::service::Service;
use super::super::state::State;
use crate::wire::exchange::{Handler, Reply, Request, Response};
use crate::wire::server::Server;

const ORDERS: &str = "arn:aws:kms:us-east-1:123456789012:key/11111111-1111-4111-8111-111111111111";
const OTHER: &str = "arn:aws:kms:us-east-1:123456789012:key/22222222-2222-4222-8222-222222222222";
const DENIED: &str = "arn:aws:kms:us-east-1:123456789012:key/33333333-3333-4333-8333-333333333333";

/// AWS, as far as a guard asks it: two keys, a key that cannot be described or listed, an alias, a grant on each key.
#[derive(Default)]
struct Account {
    asked: Mutex<Vec<String>>,
}

impl Account {
    fn answer(operation: &str, input: &Value) -> (u16, Value) {
        let name = input["KeyId"].as_str().unwrap_or_default();
        let name = if name == "alias/other" { OTHER } else { name };
        if name == DENIED {
            return (400, json!({"__type": "AccessDeniedException"}));
        }
        let Some(arn) = [ORDERS, OTHER].into_iter().find(|it| it.ends_with(name)) else {
            return (400, json!({"__type": "NotFoundException"}));
        };
        match operation {
            "DescribeKey" => (200, json!({"KeyMetadata": {"Arn": arn}})),
            "ListGrants" => (200, json!({"Grants": [{"GrantId": "theirs"}]})),
            other => panic!("the guard sent {other}"),
        }
    }
}

impl Handler for Account {
    fn handle(&self, request: Request) -> Reply {
        let target = request.parts.headers["x-amz-target"].to_str().unwrap();
        let operation = target.rsplit('.').next().unwrap().to_owned();
        let input = serde_json::from_slice(&request.body).unwrap();
        let (status, output) = Self::answer(&operation, &input);
        self.asked.lock().unwrap().push(operation);
        let mut response = Response::new(output.to_string().into());
        *response.status_mut() = status.try_into().unwrap();
        response.into()
    }
}

/// Starts a service over an account, which is taken for AWS if `is_aws`.
async fn service(is_aws: bool) -> (Service, Server, Arc<Account>) {
    let account = Arc::new(Account::default());
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let handler: Arc<dyn Handler> = Arc::<Account>::clone(&account);
    let server = Server::start(address, handler, 1 << 20).unwrap();
    let upstream = Upstream::new(&format!("http://{}", server.address()), None).unwrap();
    // Its STS is not called: these are AWS's example credentials, or those of the environment.
    let admin = Arc::new(Live::new(None, "us-east-1", true, false).await);
    let region = "us-east-1".to_owned();
    let callers = BTreeMap::new();
    (Service { upstream, region, callers, admin, is_aws }, server, account)
}

fn state(is_aws: bool) -> Mutex<State> {
    let mut guard = Guard::new(is_aws, false, None);
    let bound = BTreeMap::from([(ORDERS.to_owned(), "orders".to_owned())]);
    let account = is_aws.then(|| "123456789012".to_owned());
    guard.keys = Keys::new(bound, account, Rules::default());
    guard.were_there(ORDERS, Some(vec!["theirs".to_owned()]));
    Mutex::new(State::new(guard))
}

fn id(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn aws_is_asked_which_key_a_call_changes() {
    let (service, _server, account) = service(true).await;
    let state = state(true);
    for (operation, input, part_of_refusal) in [
        ("EnableKey", json!({"KeyId": ORDERS}), None),
        ("EnableKey", json!({"KeyId": id(ORDERS)}), None),
        ("DisableKey", json!({"KeyId": id(ORDERS)}), Some("`orders = [\"DisableKey\"]`")),
        ("EnableKey", json!({"KeyId": id(OTHER)}), Some(OTHER)),
        ("TagResource", json!({"KeyId": OTHER}), Some(OTHER)),
        ("DisableKey", json!({"KeyId": "alias/other"}), Some(OTHER)),
        ("DeleteAlias", json!({"AliasName": "alias/nothing"}), None),
        ("EnableKey", json!({"KeyId": "nothing"}), None),
        ("EnableKey", json!({"KeyId": DENIED}), Some("kms:DescribeKey")),
        ("Encrypt", json!({"KeyId": OTHER}), None),
        ("CreateGrant", json!({"KeyId": OTHER}), None),
        ("RevokeGrant", json!({"KeyId": OTHER, "GrantId": "unknown"}), None),
        ("RevokeGrant", json!({"KeyId": OTHER, "GrantId": "theirs"}), Some("GrantId")),
        ("RevokeGrant", json!({"KeyId": "nothing", "GrantId": "unknown"}), None),
        ("RevokeGrant", json!({"KeyId": DENIED, "GrantId": "unknown"}), Some("ListGrants")),
    ] {
        let refused = service.permit(&state, operation, &input).await.err();
        assert_eq!(
            refused.is_some(),
            part_of_refusal.is_some(),
            "{operation} {input}: {refused:?}"
        );
        let why = refused.unwrap_or_default();
        assert!(why.contains(part_of_refusal.unwrap_or_default()), "{why}");
        assert!(why.is_empty() || why.starts_with(&format!("{operation} was not sent: ")), "{why}");
    }
    assert!(account.asked.lock().unwrap().len() > 10);
}

#[tokio::test]
async fn an_emulator_is_asked_only_about_grants() {
    let (service, _server, account) = service(false).await;
    let state = state(false);
    for operation in ["EnableKey", "DisableKey", "ScheduleKeyDeletion", "CreateGrant"] {
        let permitted = service.permit(&state, operation, &json!({"KeyId": OTHER})).await;
        assert!(permitted.is_ok(), "{operation}");
    }
    assert!(account.asked.lock().unwrap().is_empty());
    let theirs = json!({"KeyId": OTHER, "GrantId": "theirs", "DryRun": true});
    assert!(service.permit(&state, "RevokeGrant", &theirs).await.is_err());
}
