//! The front of the upstream: it passes calls on to the fake, injects faults, and answers in AWS's recorded forms.

use std::collections::BTreeMap;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};

use crate::account::Account;
use crate::bugs::Planted;
use crate::pages::{MARKER, key_id, marker, page};
use crate::steps::{Case, Fault, Who};
use crate::wire::{self, Message};

/// A running upstream.
pub(crate) struct Front {
    pub(crate) url: String,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

/// The end of a process at a request.
pub(crate) struct Kill {
    pub(crate) process: u32,
    pub(crate) at: usize,
    /// Whether the request takes effect first.
    pub(crate) after: bool,
}

struct Shared {
    account: Arc<Account>,
    pace: Duration,
    faults: BTreeMap<usize, Fault>,
    requests: AtomicUsize,
    injected: AtomicUsize,
    /// Grants that only lists show, by the key's id.
    others: Mutex<BTreeMap<String, Vec<Value>>>,
    planted: Option<Arc<Planted>>,
    is_dead: AtomicBool,
    kill: Mutex<Option<Kill>>,
    has_killed: AtomicBool,
}

impl Front {
    pub(crate) fn new(account: &Arc<Account>, case: &Case, planted: Option<Arc<Planted>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let others = if case.has_aws_forms { account.aws_forms() } else { BTreeMap::new() };
        let shared = Arc::new(Shared {
            account: Arc::clone(account),
            pace: Duration::from_secs(case.pace),
            faults: case.faults.iter().copied().collect(),
            requests: AtomicUsize::new(0),
            injected: AtomicUsize::new(0),
            others: Mutex::new(others),
            planted,
            is_dead: AtomicBool::new(false),
            kill: Mutex::default(),
            has_killed: AtomicBool::new(false),
        });
        let accepting = {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || {
                for stream in listener.incoming() {
                    if shared.is_dead.load(Ordering::SeqCst) {
                        break;
                    }
                    let Ok(stream) = stream else { continue };
                    let shared = Arc::clone(&shared);
                    std::thread::spawn(move || drop(shared.serve(stream)));
                }
            })
        };
        Self { url, shared, accepting: Some(accepting) }
    }

    /// Returns the grants that only lists show, and that nothing has ended.
    pub(crate) fn others(&self) -> Vec<Value> {
        self.shared.others.lock().unwrap().values().flatten().cloned().collect()
    }

    /// Returns how many faults were injected so far.
    pub(crate) fn injected(&self) -> usize {
        self.shared.injected.load(Ordering::SeqCst)
    }

    /// Kills a process at a request.
    pub(crate) fn kill(&self, kill: Kill) {
        *self.shared.kill.lock().unwrap() = Some(kill);
    }

    pub(crate) fn has_killed(&self) -> bool {
        self.shared.has_killed.load(Ordering::SeqCst)
    }

    /// Ends the upstream: connections are refused from now on.
    pub(crate) fn die(&mut self) {
        self.shared.is_dead.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
        if let Some(accepting) = self.accepting.take() {
            accepting.join().unwrap();
        }
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.die();
    }
}

impl Shared {
    fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(wire::PATIENCE))?;
        let Some(request) = Message::read(&mut stream)? else {
            return Ok(());
        };
        let number = self.requests.fetch_add(1, Ordering::SeqCst);
        if !self.pace.is_zero() {
            self.account.kms.clock().advance(self.pace);
        }
        let operation = request.operation().to_owned();
        let fault = self.faults.get(&number).copied().filter(|it| applies(*it, &operation));
        if fault.is_some() {
            self.injected.fetch_add(1, Ordering::SeqCst);
        }
        if std::env::var_os("CAMPAIGN_SHOW").is_some() {
            let input = request.json();
            println!("request {number}: {operation} {input} {fault:?}");
        }
        let error = |code: &str, message: &str| {
            json!({"__type": code, "message": message}).to_string().into_bytes()
        };
        match fault {
            Some(Fault::Throttled) => {
                let text = "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.";
                return Message::answer(400, error("ThrottlingException", text)).write(&mut stream);
            }
            Some(Fault::InternalBefore) => {
                return Message::answer(500, error("KMSInternalException", "Internal failure"))
                    .write(&mut stream);
            }
            Some(Fault::Unavailable) => {
                let page = b"<html><body><b>Http/1.1 Service Unavailable</b></body></html>";
                return Message::answer(503, page.to_vec()).write(&mut stream);
            }
            Some(Fault::Broken) => return stream.shutdown(Shutdown::Both),
            Some(Fault::NoPrincipalYet) => {
                let grantee = request.json()["GranteePrincipal"].as_str().unwrap_or("").to_owned();
                let text = format!("ARN does not refer to a valid principal: {grantee}");
                return Message::answer(400, error("InvalidArnException", &text))
                    .write(&mut stream);
            }
            _ => {}
        }
        self.kill(number, false);
        let mut answer = self.answer(&request, &operation)?;
        self.kill(number, true);
        match fault {
            Some(Fault::InternalAfter) => {
                Message::answer(500, error("KMSInternalException", "Internal failure"))
                    .write(&mut stream)
            }
            Some(Fault::LostAnswer) => stream.shutdown(Shutdown::Both),
            Some(Fault::Truncated) => {
                answer.body.truncate(answer.body.len() / 2);
                answer.write(&mut stream)?;
                stream.shutdown(Shutdown::Both)
            }
            Some(Fault::Slow) => {
                std::thread::sleep(Duration::from_millis(60));
                answer.write(&mut stream)
            }
            Some(Fault::UniqueId) => {
                let shown = self.with_unique_ids(answer.json());
                Message::answer(answer.status(), shown.to_string().into_bytes()).write(&mut stream)
            }
            _ => answer.write(&mut stream),
        }
    }

    /// Kills the recorder, if it is to die here.
    fn kill(&self, number: usize, after: bool) {
        let kill = self.kill.lock().unwrap().take_if(|it| number >= it.at && it.after == after);
        if let Some(kill) = kill {
            let id = kill.process.to_string();
            let sent = std::process::Command::new("kill").args(["-KILL", &id]).status();
            let is_sent = sent.is_ok_and(|it| it.success());
            self.has_killed.store(is_sent, Ordering::SeqCst);
        }
    }

    /// Returns the fake's answer, in AWS's recorded form.
    fn answer(&self, request: &Message, operation: &str) -> std::io::Result<Message> {
        let input = request.json();
        if let Some(answer) = self.about_others(operation, &input) {
            return Ok(answer);
        }
        let mut stream = wire::connect(self.account.address())?;
        request.write(&mut stream)?;
        let answer = Message::read(&mut stream)?
            .ok_or_else(|| std::io::Error::from(std::io::ErrorKind::UnexpectedEof))?;
        let (mut status, mut output) = (answer.status(), answer.json());
        if output.is_null() && answer.body.is_empty() {
            output = json!({});
        }
        let mut output = self.shown(operation, &input, output);
        if let Some(planted) = &self.planted {
            (status, output) = planted.change(&self.account, request, status, output);
        }
        let is_empty = output == json!({});
        let body = if is_empty { Vec::new() } else { output.to_string().into_bytes() };
        Ok(Message::answer(status, body))
    }

    /// Answers a call about a grant that only lists show.
    fn about_others(&self, operation: &str, input: &Value) -> Option<Message> {
        let mut others = self.others.lock().unwrap();
        if let Some(at) = input["Marker"].as_str().and_then(|it| it.strip_prefix(MARKER)) {
            let page = page(others.get(key_id(input["KeyId"].as_str()?))?, at.parse().ok()?);
            return Some(Message::answer(200, page.to_string().into_bytes()));
        }
        let id = input["GrantId"].as_str()?;
        let of_key = others.values_mut().find(|it| it.iter().any(|it| it["GrantId"] == id))?;
        let found = of_key.iter().find(|it| it["GrantId"] == id).cloned()?;
        match operation {
            "ListGrants" => {
                let page = json!({"Grants": [found], "Truncated": false});
                Some(Message::answer(200, page.to_string().into_bytes()))
            }
            "RevokeGrant" | "RetireGrant" if input["DryRun"] != true => {
                of_key.retain(|it| it["GrantId"] != id);
                Some(Message::answer(200, Vec::new()))
            }
            _ => None,
        }
    }

    /// Adds the grants that only lists show to the end of a list of all grants of a key. On pages of one grant each,
    /// each has a page of its own.
    fn shown(&self, operation: &str, input: &Value, mut output: Value) -> Value {
        let others = self.others.lock().unwrap();
        if operation != "ListGrants"
            || input.get("GranteePrincipal").is_some()
            || input.get("GrantId").is_some()
            || output["Truncated"] != false
        {
            return output;
        }
        let more = input["KeyId"].as_str().and_then(|it| others.get(key_id(it)));
        let (Some(more), Some(grants)) = (more, output["Grants"].as_array_mut()) else {
            return output;
        };
        if input.get("Limit").is_none() {
            grants.extend(more.iter().cloned());
        } else if grants.is_empty() {
            return page(more, 0);
        } else if !more.is_empty() {
            output["Truncated"] = true.into();
            output["NextMarker"] = marker(0).into();
        }
        output
    }

    /// Shows each caller as AWS shows a new principal: by its unique id.
    fn with_unique_ids(&self, mut output: Value) -> Value {
        let ids = Who::ALL.into_iter().filter_map(|it| {
            let caller = self.account.kms.caller(it.name());
            Some((caller.arn().to_owned(), caller.unique_id()?.to_owned()))
        });
        let ids: BTreeMap<_, _> = ids.collect();
        for grant in output["Grants"].as_array_mut().into_iter().flatten() {
            let id = grant["GranteePrincipal"].as_str().and_then(|it| ids.get(it));
            if let Some(id) = id {
                grant["GranteePrincipal"] = id.as_str().into();
            }
        }
        output
    }
}

/// Returns whether a fault can meet a call of `operation`.
fn applies(fault: Fault, operation: &str) -> bool {
    match fault {
        Fault::NoPrincipalYet => operation == "CreateGrant",
        Fault::UniqueId => operation == "ListGrants",
        _ => true,
    }
}
