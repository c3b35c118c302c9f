//! The lived-in account: the product's own fake, seeded with keys, principals and grants of other people.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_kms::config::Credentials;
use kms_fixture::model::{GrantOperation, KeySpec, KeyState, KeyUsage, Origin};
use kms_fixture::scenario::{
    Consistency, GrantDeclaration, KeyDeclaration, RoleDeclaration, UserDeclaration,
};
use kms_fixture::{Fixture, Kms};
use serde_json::{Value, json};

use crate::steps::{Case, Key, Who};
use crate::wire;

pub(crate) const ACCOUNT: &str = "210987654321";
const FOREIGN: &str = "333344445555";
const READS: [&str; 12] = [
    "kms:DescribeKey",
    "kms:ListAliases",
    "kms:ListKeys",
    "kms:ListGrants",
    "kms:ListRetirableGrants",
    "kms:GetKeyPolicy",
    "kms:ListKeyPolicies",
    "kms:ListResourceTags",
    "kms:GetKeyRotationStatus",
    "kms:ListKeyRotations",
    "kms:GetPublicKey",
    "kms:RetireGrant",
];

/// Returns the actions that a caller's own policy allows.
pub(crate) fn allowed(who: Who) -> &'static [&'static str] {
    match who {
        Who::Admin | Who::Worker | Who::Alice => &[],
        Who::Janitor => &["kms:ListRetirableGrants"],
        Who::Auditor => &READS,
    }
}

pub(crate) struct Account {
    pub(crate) kms: Kms,
    /// Ids and ARNs.
    keys: BTreeMap<Key, (String, String)>,
}

impl Account {
    pub(crate) fn new(seed: u64, case: &Case) -> Self {
        let kms = start(seed, case);
        let key = |it: Key| {
            let key = kms.key(it.name());
            (it, (key.id().to_owned(), key.arn().to_owned()))
        };
        let account = Self { keys: Key::ALL.into_iter().map(key).collect(), kms };
        account.live();
        account
    }

    /// Makes the changes of the years before the recording.
    fn live(&self) {
        let id = |key: Key| self.id(key);
        self.admin("EnableKeyRotation", &json!({"KeyId": id(Key::Ledger)}));
        self.admin(
            "ReplicateKey",
            &json!({"KeyId": id(Key::Global), "ReplicaRegion": "us-west-2"}),
        );
        let second = json!({"AliasName": "alias/team/orders", "TargetKeyId": id(Key::Orders)});
        self.admin("CreateAlias", &second);
        self.kms.delete_principal("leaver").unwrap();
        self.kms.settle();
    }

    pub(crate) fn address(&self) -> &str {
        self.kms.endpoint_url().strip_prefix("http://").unwrap()
    }

    pub(crate) fn id(&self, key: Key) -> &str {
        &self.keys[&key].0
    }

    pub(crate) fn arn(&self, key: Key) -> &str {
        &self.keys[&key].1
    }

    pub(crate) fn alias(key: Key) -> String {
        format!("alias/lived/{}", key.name())
    }

    pub(crate) fn credentials(&self, who: Who) -> Credentials {
        self.kms.caller(who.name()).credentials()
    }

    /// Makes a call as the administrator of the key's account, past the front.
    pub(crate) fn admin(&self, operation: &str, input: &Value) -> Value {
        let credentials = self.kms.credentials();
        let answer = wire::call(self.address(), &credentials, operation, input, None).unwrap();
        assert_eq!(answer.status(), 200, "{operation} {input}: {}", answer.json());
        answer.json()
    }

    /// Returns the ids of all grants.
    pub(crate) fn grants(&self) -> BTreeSet<String> {
        self.kms.grants().iter().map(|it| it.id().to_owned()).collect()
    }

    /// Returns the key of a grant.
    pub(crate) fn key_of(&self, grant: &str) -> String {
        let grants = self.kms.grants();
        let grant = grants.iter().find(|it| it.id() == grant);
        grant.map(|it| it.key_arn().to_owned()).unwrap_or_default()
    }

    /// Describes each key as far as a call can change it, by id.
    pub(crate) fn keys(&self) -> BTreeMap<String, String> {
        let foreign = self.id(Key::Foreign);
        let described = self.kms.keys().into_iter().map(|it| {
            let mut text = format!(
                "{:?} {:?} {:?} {:?}",
                it.state(),
                it.description(),
                it.tags(),
                it.aliases()
            );
            if it.id() != foreign && it.state() != KeyState::PendingDeletion {
                for operation in ["GetKeyPolicy", "GetKeyRotationStatus"] {
                    let input = json!({"KeyId": it.id()});
                    let credentials = self.kms.credentials();
                    let answer =
                        wire::call(self.address(), &credentials, operation, &input, None).unwrap();
                    text += &answer.json().to_string();
                }
            }
            (it.arn().to_owned(), text)
        });
        described.collect()
    }

    /// Returns grants in the forms in which AWS lists them (recorded in September 2026), by the key's id.
    pub(crate) fn aws_forms(&self) -> BTreeMap<String, Vec<Value>> {
        let grant = |key: Key, mark: char, rest: Value| {
            let mut grant = json!({
                "KeyId": self.arn(key),
                "GrantId": mark.to_string().repeat(64),
                "Name": "",
                "CreationDate": 1_750_000_000.123,
                "IssuingAccount": format!("arn:aws:iam::{ACCOUNT}:root"),
            });
            for (name, value) in rest.as_object().unwrap() {
                grant[name] = value.clone();
            }
            grant
        };
        let volume = json!({
            "GranteePrincipal": format!("arn:aws:sts::{ACCOUNT}:assumed-role/aws:ec2-infrastructure/i-0c9d812c0cfa2790f"),
            "RetiringPrincipal": "ec2.us-east-1.amazonaws.com",
            "Operations": ["Decrypt"],
            "Constraints": {"EncryptionContextSubset": {"aws:ebs:id": "vol-0894f908458cca170"}},
        });
        let deleted = json!({
            "GranteePrincipal": "AROAQ3EGSEXAMPLEID5X7",
            "RetiringPrincipal": "AROAQ3EGSEXAMPLEID5X8",
            "Operations": ["Decrypt"],
        });
        let across = json!({
            "GranteePrincipal": format!("arn:aws:iam::{ACCOUNT}:role/app"),
            "RetiringPrincipal": "arn:aws:iam::333344445555:root",
            "Operations": ["Decrypt"],
        });
        BTreeMap::from([
            (
                self.id(Key::Orders).to_owned(),
                vec![
                    grant(Key::Orders, 'a', volume.clone()),
                    grant(Key::Orders, 'b', deleted.clone()),
                    grant(Key::Orders, 'c', across.clone()),
                ],
            ),
            (
                self.id(Key::Spare).to_owned(),
                vec![
                    grant(Key::Spare, 'd', volume),
                    grant(Key::Spare, 'e', deleted),
                    grant(Key::Spare, 'f', across),
                ],
            ),
        ])
    }
}

fn start(seed: u64, case: &Case) -> Kms {
    use GrantOperation::{Decrypt, DescribeKey, Encrypt, GenerateDataKey, Sign};
    let consistency = case.lag.map_or(Consistency::strong(), |(seconds, list_seconds)| {
        Consistency::eventual().seconds(seconds).list_seconds(list_seconds).jitter(true)
    });
    let statement = |sid: &str, account: &str, action: &str| {
        json!({"Sid": sid, "Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{account}:root")},
               "Action": action, "Resource": "*"})
    };
    let shared = json!({"Version": "2012-10-17", "Statement": [
        statement("own", ACCOUNT, "kms:*"), statement("partner", FOREIGN, "kms:DescribeKey")]});
    let foreign = json!({"Version": "2012-10-17", "Statement": [
        statement("own", FOREIGN, "kms:*"), statement("trusted", ACCOUNT, "kms:*")]});
    let key = |it: Key| KeyDeclaration::new(it.name()).alias(Account::alias(it));
    let grant = |name: &str, key: Key, grantee: &str| {
        GrantDeclaration::new(name).key(key.name()).grantee(grantee)
    };
    let service = "dynamodb.us-east-1.amazonaws.com";
    let table = format!("arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders");
    let mut builder = Fixture::builder()
        .seed(seed)
        .account(ACCOUNT)
        .consistency(consistency)
        .key(
            key(Key::Orders).description("orders of the shop").tag("team", "shop").tag("cost", "7"),
        )
        .key(key(Key::Ledger).policy(shared.to_string()))
        .key(key(Key::Spare).tag("kms-fixture", "spare"))
        .key(key(Key::Archive).state(KeyState::Disabled).description("closed in 2019"))
        .key(key(Key::Doomed).state(KeyState::PendingDeletion))
        .key(key(Key::Global).multi_region(true))
        .key(key(Key::Outside).origin(Origin::EXTERNAL))
        .key(key(Key::Signer).spec(KeySpec::RSA_2048).usage(KeyUsage::SIGN_VERIFY))
        .key(key(Key::Mac).spec(KeySpec::HMAC_256))
        .key(key(Key::Foreign).account(FOREIGN).policy(foreign.to_string()))
        .role(RoleDeclaration::new("leaver"))
        .role(RoleDeclaration::new("batch"))
        .user(UserDeclaration::new("alice"))
        .grant(grant("old", Key::Orders, "leaver").retiring("leaver").operations([Decrypt]))
        .grant(
            grant("nightly", Key::Orders, "batch")
                .retiring("janitor")
                .name("nightly")
                .operations([Encrypt, GenerateDataKey]),
        )
        .grant(
            grant("tenant", Key::Ledger, "batch")
                .operations([Decrypt, Encrypt])
                .context_subset([("tenant", "one")]),
        )
        .grant(
            grant("table", Key::Ledger, service)
                .retiring(service)
                .operations([Decrypt, DescribeKey])
                .source_arn(table),
        )
        .grant(grant("signing", Key::Signer, "batch").operations([Sign]));
    for who in [Who::Worker, Who::Janitor, Who::Auditor] {
        let role = RoleDeclaration::new(who.name()).allow(allowed(who).iter().copied());
        builder = builder.role(role);
    }
    builder.tcp().start().unwrap()
}
