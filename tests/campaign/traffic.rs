//! The clients: each step becomes calls to the recorder, and everything that was sent and answered is kept.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::account::Account;
use crate::attempt::Attempt;
use crate::process::Server;
use crate::steps::{Call, Context, Form, Key, Step, Terms, Who};
use crate::wire;

/// What the answers contained.
#[derive(Default)]
struct Known {
    /// Grants: their ids, tokens, keys and terms.
    grants: Vec<(String, String, Key, Terms)>,
    /// Ciphertexts, and their contexts.
    sealed: Vec<(String, Key, Context)>,
}

pub(crate) struct Traffic<'a> {
    account: &'a Account,
    recorder: &'a Server,
    known: Mutex<Known>,
    pub(crate) attempts: Mutex<Vec<Attempt>>,
    calls: AtomicUsize,
}

/// `secret` in base64.
const PLAINTEXT: &str = "c2VjcmV0";

impl<'a> Traffic<'a> {
    pub(crate) fn new(account: &'a Account, recorder: &'a Server) -> Self {
        Self {
            account,
            recorder,
            known: Mutex::default(),
            attempts: Mutex::default(),
            calls: AtomicUsize::new(0),
        }
    }

    /// Makes the calls of all steps, on so many threads, each of which takes every n-th step.
    pub(crate) fn run(&self, steps: &[Step], threads: usize) {
        std::thread::scope(|scope| {
            for at in 0..threads {
                scope.spawn(move || {
                    for step in steps.iter().skip(at).step_by(threads) {
                        self.step(step);
                    }
                });
            }
        });
    }

    fn step(&self, step: &Step) {
        let who = self.recorder.announced["callers"]
            .get(step.who.name())
            .map_or(Who::Admin, |_| step.who);
        let mut input = None;
        for _ in 0..12 {
            let Some((operation, next)) = self.input(&step.call, input.as_ref()) else { return };
            let Some(answered) = self.insist(who, operation, &next, step.retries) else { return };
            self.learn(&step.call, &answered);
            let is_paged = matches!(step.call, Call::Pages(_)) && answered.status == 200;
            match answered.output["NextMarker"].as_str() {
                Some(marker) if is_paged => input = Some(marker.to_owned()),
                _ => return,
            }
        }
    }

    /// Makes a call, again if a principal has not arrived, as deployment tools do. Returns the last attempt.
    fn insist(&self, who: Who, operation: &str, input: &Value, retries: bool) -> Option<Attempt> {
        let has_no_principal = |it: &Attempt| {
            operation == "CreateGrant"
                && it.output["message"].as_str().is_some_and(|it| it.contains("valid principal"))
        };
        let mut last = self.call(who, operation, input, retries)?;
        for _ in 0..3 {
            if !has_no_principal(&last) {
                break;
            }
            last = self.call(who, operation, input, retries)?;
        }
        Some(last)
    }

    /// Makes a call, with an SDK's retries if `retries`. Returns the last attempt.
    fn call(&self, who: Who, operation: &str, input: &Value, retries: bool) -> Option<Attempt> {
        let number = self.calls.fetch_add(1, Ordering::SeqCst);
        let invocation = retries.then(|| format!("{number:08x}-0000-4000-8000-000000000000"));
        let credentials = self.recorder.credentials(who.name());
        let mut last = None;
        for _ in 0..if retries { 3 } else { 1 } {
            let address = self.recorder.address();
            let answer = wire::call(address, &credentials, operation, input, invocation.as_deref());
            let (status, output) = answer.map_or((0, Value::Null), |it| (it.status(), it.json()));
            let attempt = Attempt {
                who,
                operation: operation.to_owned(),
                input: input.clone(),
                invocation: invocation.clone(),
                status,
                output,
            };
            self.attempts.lock().unwrap().push(attempt.clone());
            let again = matches!(status, 0 | 500 | 503) || attempt.code() == "ThrottlingException";
            last = Some(attempt);
            if !again {
                break;
            }
        }
        last
    }

    fn learn(&self, call: &Call, answered: &Attempt) {
        if answered.status != 200 {
            return;
        }
        let text = |name: &str| answered.output[name].as_str().unwrap_or("").to_owned();
        let mut known = self.known.lock().unwrap();
        match call {
            Call::Create(terms, false) => {
                known.grants.push((text("GrantId"), text("GrantToken"), terms.key, terms.clone()));
            }
            Call::Encrypt(key, context, _) | Call::DataKey(key, context) => {
                known.sealed.push((text("CiphertextBlob"), *key, *context));
            }
            Call::ReEncrypt(_, key) => {
                known.sealed.push((text("CiphertextBlob"), *key, Context::Empty));
            }
            _ => {}
        }
    }

    /// Returns the operation and the input of a call; nothing if it refers to nothing.
    fn input(&self, call: &Call, marker: Option<&String>) -> Option<(&'static str, Value)> {
        let known = self.known.lock().unwrap();
        let nth = |number: usize| known.grants.get(number.checked_rem(known.grants.len())?);
        let sealed = |number: usize| known.sealed.get(number.checked_rem(known.sealed.len())?);
        let tokens = |input: &mut Value, of: Option<usize>| {
            if let Some((_, token, ..)) = of.and_then(nth) {
                input["GrantTokens"] = json!([token]);
            }
        };
        let id = |key: Key| self.key(key, Form::Id);
        Some(match call {
            Call::Create(terms, dry) => {
                let mut input = self.terms(terms);
                if *dry {
                    input["DryRun"] = true.into();
                }
                ("CreateGrant", input)
            }
            Call::Again(number) => ("CreateGrant", self.terms(&nth(*number)?.3)),
            Call::Nightly => (
                "CreateGrant",
                json!({
                    "KeyId": id(Key::Orders),
                    "GranteePrincipal": self.account.kms.caller("batch").arn(),
                    "RetiringPrincipal": self.arn(Who::Janitor),
                    "Name": "nightly",
                    "Operations": ["Encrypt", "GenerateDataKey"],
                }),
            ),
            Call::List(key) => ("ListGrants", json!({"KeyId": id(*key)})),
            Call::Pages(key) => {
                let mut input = json!({"KeyId": id(*key), "Limit": 1});
                if let Some(marker) = marker {
                    input["Marker"] = marker.as_str().into();
                }
                ("ListGrants", input)
            }
            Call::ListFor(key, who) => {
                ("ListGrants", json!({"KeyId": id(*key), "GranteePrincipal": self.arn(*who)}))
            }
            Call::ListOne(number) => {
                let (grant, _, key, _) = nth(*number)?;
                ("ListGrants", json!({"KeyId": id(*key), "GrantId": grant}))
            }
            Call::ListRetirable(who) => {
                ("ListRetirableGrants", json!({"RetiringPrincipal": self.arn(*who)}))
            }
            Call::RetireByToken(number, dry) => {
                ("RetireGrant", json!({"GrantToken": nth(*number)?.1, "DryRun": dry}))
            }
            Call::RetireById(number, dry) => {
                let (grant, _, key, _) = nth(*number)?;
                let key = self.key(*key, Form::Arn);
                ("RetireGrant", json!({"KeyId": key, "GrantId": grant, "DryRun": dry}))
            }
            Call::Revoke(number, dry) => {
                let (grant, _, key, _) = nth(*number)?;
                ("RevokeGrant", json!({"KeyId": id(*key), "GrantId": grant, "DryRun": dry}))
            }
            Call::RevokeUnknown(key) => {
                ("RevokeGrant", json!({"KeyId": id(*key), "GrantId": "0".repeat(64)}))
            }
            Call::RevokeForeign(number) => {
                let names = ["nightly", "tenant", "table", "signing", "old"];
                let grant = self.account.kms.grant(names[number % names.len()]);
                ("RevokeGrant", json!({"KeyId": grant.key_arn(), "GrantId": grant.id()}))
            }
            Call::Describe(key, form) => ("DescribeKey", json!({"KeyId": self.key(*key, *form)})),
            Call::Read(operation, key) => {
                let mut input = json!({"KeyId": id(*key)});
                if *operation == "GetKeyPolicy" {
                    input["PolicyName"] = "default".into();
                }
                (operation, input)
            }
            Call::ListAliases => ("ListAliases", json!({})),
            Call::ListKeys => ("ListKeys", json!({})),
            Call::Encrypt(key, context, token) => {
                let mut input = json!({"KeyId": id(*key), "Plaintext": PLAINTEXT});
                with(&mut input, "EncryptionContext", *context);
                tokens(&mut input, *token);
                ("Encrypt", input)
            }
            Call::Decrypt(number, context, token) => {
                let (blob, _, own) = sealed(*number)?;
                let mut input = json!({"CiphertextBlob": blob});
                with(&mut input, "EncryptionContext", context.unwrap_or(*own));
                tokens(&mut input, *token);
                ("Decrypt", input)
            }
            Call::DataKey(key, context) => {
                let mut input = json!({"KeyId": id(*key), "KeySpec": "AES_256"});
                with(&mut input, "EncryptionContext", *context);
                ("GenerateDataKey", input)
            }
            Call::ReEncrypt(number, key) => {
                let (blob, _, own) = sealed(*number)?;
                let mut input = json!({"CiphertextBlob": blob, "DestinationKeyId": id(*key)});
                with(&mut input, "SourceEncryptionContext", *own);
                ("ReEncrypt", input)
            }
            Call::Sign(key) => (
                "Sign",
                json!({"KeyId": id(*key), "Message": PLAINTEXT, "SigningAlgorithm": "RSASSA_PSS_SHA_256"}),
            ),
            Call::Mac(key) => (
                "GenerateMac",
                json!({"KeyId": id(*key), "Message": PLAINTEXT, "MacAlgorithm": "HMAC_SHA_256"}),
            ),
            Call::Random => ("GenerateRandom", json!({"NumberOfBytes": 16})),
            Call::Enable(key) => ("EnableKey", json!({"KeyId": id(*key)})),
            Call::Disable(key) => ("DisableKey", json!({"KeyId": id(*key)})),
            Call::Describing(key, text) => {
                ("UpdateKeyDescription", json!({"KeyId": id(*key), "Description": text}))
            }
            Call::Tag(key) => (
                "TagResource",
                json!({"KeyId": id(*key), "Tags": [{"TagKey": "team", "TagValue": "tests"}]}),
            ),
            Call::Untag(key) => ("UntagResource", json!({"KeyId": id(*key), "TagKeys": ["team"]})),
            Call::Alias(key) => (
                "CreateAlias",
                json!({"AliasName": "alias/made/by-the-run", "TargetKeyId": id(*key)}),
            ),
            Call::Unalias(_) => ("DeleteAlias", json!({"AliasName": "alias/made/by-the-run"})),
            Call::Rotate(key, on) => {
                let operation = if *on { "EnableKeyRotation" } else { "DisableKeyRotation" };
                (operation, json!({"KeyId": id(*key)}))
            }
        })
    }

    fn terms(&self, terms: &Terms) -> Value {
        let mut input = json!({
            "KeyId": self.key(terms.key, if terms.key == Key::Foreign { Form::Arn } else { Form::Id }),
            "GranteePrincipal": self.arn(terms.grantee),
            "Operations": terms.operations,
        });
        if let Some(who) = terms.retiring {
            input["RetiringPrincipal"] = self.arn(who).into();
        }
        if let Some((is_equal, context)) = terms.constraint {
            let member =
                if is_equal { "EncryptionContextEquals" } else { "EncryptionContextSubset" };
            with(&mut input["Constraints"], member, context);
        }
        if let Some(name) = terms.name {
            input["Name"] = name.into();
        }
        input
    }

    /// Names a key as a client does that knows it from the live account.
    fn key(&self, key: Key, form: Form) -> String {
        match form {
            // A key of another account has to be named by its ARN.
            Form::Id if key != Key::Foreign => self.account.id(key).to_owned(),
            Form::Alias if key != Key::Foreign => Account::alias(key),
            _ => self.account.arn(key).to_owned(),
        }
    }

    fn arn(&self, who: Who) -> String {
        self.account.kms.caller(who.name()).arn().to_owned()
    }
}

fn with(input: &mut Value, member: &str, context: Context) {
    input[member] = match context {
        Context::Empty => return,
        Context::Tenant => json!({"tenant": "one"}),
        Context::Other => json!({"tenant": "two"}),
        Context::More => json!({"tenant": "one", "purpose": "audit"}),
    };
}
