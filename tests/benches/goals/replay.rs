//! Replay: calls that a cassette answers while the fake follows, against the fake alone and against constant answers;
//! what it costs to load a cassette, to let the fake follow, and to come to the end of a long one.
//!
//! A cassette is made here: the calls are made of a fake, and what it answered is written with pseudonyms. A call can
//! be played once, so that every round starts a fixture of its own, off the clock, and ends with `verify()`.

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use aws_sdk_kms::Client;
use aws_sdk_kms::types::GrantOperation as Operation;
use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::{GrantDeclaration, KeyDeclaration, RoleDeclaration};
use kms_fixture::{Fixture, Kms};
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::bare::{Bare, constant};
use crate::support::direct::Direct;
use crate::support::measure::{Effort, Subject, medians, timed};
use crate::support::signed::{Signed, Signer};
use crate::support::table::{self, Goal};
use crate::support::wire::{Connection, address};

/// The contract's goal.
const OVER_TCP: Goal = Goal::AtLeast(0.3);
/// The contract names no others, so that these are chosen. A call that is replayed is made of the fake as well, and both
/// answers are read.
const AGAINST_THE_FAKE: Goal = Goal::AtMost(3.0);
/// Against answers that are there already.
const AGAINST_CONSTANTS: Goal = Goal::AtLeast(0.1);
/// A call that is followed, against one that is not and one of the fake.
const FOLLOWING: Goal = Goal::AtMost(1.5);
/// Each interaction is read, kept, and looked at for what was there before it.
const LOADING: Goal = Goal::AtMost(4.0);
/// Longer cassettes fill the caches, but must not cost the square of their length.
const SCALE: Goal = Goal::AtMost(2.0);

/// How many grants are there all the time.
const GRANTS: usize = 5;
/// CreateGrant, a page with the grant, RetireGrant, a page without it.
const CYCLE: usize = 4;

pub(crate) fn run(effort: Effort) {
    let (few, many) = match effort {
        Effort::Full => (1_000, 10_000),
        Effort::Smoke => (12, 40),
    };
    let temporary = Folder::new();
    let folder = temporary.0.as_path();
    let played = Recording::new(Script::Mix, few);
    let tape = Tape::new(folder, "few", &played);
    over_tcp(effort, &played, &tape);
    through_the_sdk(effort, &played, &tape);
    following(effort, folder, &played, &tape);
    let recording = Recording::new(Script::Mix, many);
    loading(effort, &Tape::new(folder, "many", &recording));
    let sizes = [few / 10, few, many];
    scale(effort, folder, "the mix", Script::Mix, sizes, false);
    let what = "pages and nothing else";
    scale(effort, folder, what, Script::Reads, sizes, false);
    let what = "every third call refused with a text";
    scale(effort, folder, what, Script::Refused, sizes, false);
    let sizes = [few / 100, few / 10, few].map(|it| it.max(3));
    let what = "pages in the reverse order";
    scale(effort, folder, what, Script::Reads, sizes, true);
}

/// Calls of a recording over TCP. Each call of a cycle has a connection of its own, on which all answers have one
/// length.
pub(crate) struct OverTcp<'a> {
    tape: &'a Tape,
    replayed: Vec<Vec<u8>>,
    asked: Vec<Vec<u8>>,
    kinds: [Answer; CYCLE],
    of_fake: [Answer; CYCLE],
    servers: [Bare; CYCLE],
}

impl<'a> OverTcp<'a> {
    pub(crate) fn new(played: &Recording, tape: &'a Tape) -> Self {
        let kinds: [Answer; CYCLE] = std::array::from_fn(|at| tape.answers[at].clone());
        Self {
            tape,
            replayed: tape.requests.iter().map(Signed::wire).collect(),
            asked: played.calls.iter().map(|it| it.request.wire()).collect(),
            of_fake: std::array::from_fn(|at| played.calls[at].answer()),
            servers: kinds.each_ref().map(|it| Bare::start(&constant(it))),
            kinds,
        }
    }

    /// Starts a fixture that plays the tape; the function makes so many calls.
    pub(crate) fn replay(&self, calls: usize) -> (Kms, impl FnOnce()) {
        let kms = self.tape.start();
        let at = address(kms.endpoint_url());
        let mut connections = self.kinds.each_ref().map(|it| Connection::open(at, it));
        (kms, move || batch(&mut connections, &self.replayed[..calls]))
    }

    /// Starts the fake; the function makes so many calls.
    pub(crate) fn fake(&self, calls: usize) -> (Kms, impl FnOnce()) {
        let kms = fixture();
        let at = address(kms.endpoint_url());
        let mut connections = self.of_fake.each_ref().map(|it| Connection::open(at, it));
        (kms, move || batch(&mut connections, &self.asked[..calls]))
    }

    /// The function makes so many calls of bare servers.
    pub(crate) fn bare(&self, calls: usize) -> impl FnOnce() {
        let mut of_servers = self.servers.iter().zip(&self.kinds);
        let mut connections = [(); CYCLE].map(|()| {
            let (server, answer) = of_servers.next().expect("one for each kind");
            Connection::open(server.address, answer)
        });
        move || batch(&mut connections, &self.replayed[..calls])
    }
}

fn over_tcp(effort: Effort, played: &Recording, tape: &Tape) {
    let calls = OverTcp::new(played, tape);
    let all = calls.replayed.len();
    let count = u32::try_from(all).expect("a small number");
    let subject = || {
        let (kms, play) = calls.replay(all);
        let taken = timed(play);
        kms.verify().expect("all went as recorded");
        taken
    };
    let fake = || {
        let (_kms, play) = calls.fake(all);
        timed(play)
    };
    let bare = || timed(calls.bare(all));
    let taken = medians(effort, 8, [Box::new(subject), Box::new(fake), Box::new(bare)]);
    let [subject, fake, bare] = taken.map(|it| it / count);
    table::heading(&format!(
        "Replay over TCP: {count} calls, CreateGrant, RetireGrant and pages of {GRANTS} grants, time for each"
    ));
    table::figure("bare hyper with constant answers", bare);
    table::figure("the fake, asked the same", fake);
    let ratio = table::ratio(bare, subject);
    table::judged("replay against bare hyper", subject, ratio, OVER_TCP);
    let ratio = table::ratio(subject, fake);
    table::judged("replay against the fake", subject, ratio, AGAINST_THE_FAKE);
}

fn batch(connections: &mut [Connection; CYCLE], requests: &[Vec<u8>]) {
    for (at, request) in requests.iter().enumerate() {
        let connection = &mut connections[at % CYCLE];
        connection.send(request);
        assert!(connection.receive().starts_with(b"HTTP/1.1 200 OK\r\n"));
    }
}

fn through_the_sdk(effort: Effort, played: &Recording, tape: &Tape) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let cycles = tape.requests.len() / CYCLE;
    let count = u32::try_from(cycles * CYCLE).expect("a small number");
    let timed = |client: &Client, key: &str| timed(|| runtime.block_on(calls(client, key, cycles)));
    let subject = || {
        let kms = tape.start();
        let taken = timed(&Client::new(&kms.sdk_config()), &tape.key);
        kms.verify().expect("all went as recorded");
        taken
    };
    let fake = || timed(&Client::new(&fixture().sdk_config()), &played.key);
    let shared = fixture().sdk_config();
    let canned = || {
        let events = tape.answers.iter();
        let events = events.map(|it| ReplayEvent::new(HttpRequest::empty(), it.sdk()));
        let canned = StaticReplayClient::new(events.collect());
        let config = shared.clone().into_builder().http_client(canned);
        timed(&Client::new(&config.build()), &tape.key)
    };
    let taken = medians(effort, 8, [Box::new(subject), Box::new(fake), Box::new(canned)]);
    let [subject, fake, canned] = taken.map(|it| it / count);
    table::heading(&format!("Replay through the SDK: the same {count} calls, time for each"));
    table::figure("StaticReplayClient in the fixture's SdkConfig", canned);
    table::figure("the fake, asked the same", fake);
    let ratio = table::ratio(canned, subject);
    table::judged("replay against canned answers", subject, ratio, AGAINST_CONSTANTS);
    let ratio = table::ratio(subject, fake);
    table::judged("replay against the fake", subject, ratio, AGAINST_THE_FAKE);
}

/// The calls of `Script::Mix`.
async fn calls(client: &Client, key: &str, cycles: usize) {
    for _ in 0..cycles {
        let made = client
            .create_grant()
            .key_id(key)
            .grantee_principal(WORKER)
            .retiring_principal(WORKER)
            .operations(Operation::Decrypt)
            .operations(Operation::RetireGrant)
            .send()
            .await
            .expect("a grant");
        let page = client.list_grants().key_id(key).send().await;
        assert_eq!(page.expect("a page").grants().len(), GRANTS + 1);
        let retirement = client.retire_grant().key_id(key);
        let retirement = retirement.grant_id(made.grant_id().expect("it has one"));
        retirement.send().await.expect("an administrator may");
        let page = client.list_grants().key_id(key).send().await;
        assert_eq!(page.expect("a page").grants().len(), GRANTS);
    }
}

/// What it costs that the fake follows. The floor are the same bytes under names of operations that it does not have,
/// which it skips, and on top of them what the fake takes for the same calls when nobody compares its answers.
fn following(effort: Effort, folder: &Path, played: &Recording, followed: &Tape) {
    let skipped = Tape::of(folder, "skipped", played, |operation| match operation {
        "CreateGrant" => "CreateCustomKeyStore",
        "RetireGrant" => "DeleteCustomKeyStore",
        _ => "ConnectCustomKeyStore",
    });
    let count = u32::try_from(followed.requests.len()).expect("a small number");
    let fake = || {
        let direct = Direct::new(&fixture());
        timed(|| {
            for call in &played.calls {
                assert!(direct.call(call.request.sdk()).status().is_success());
            }
        })
    };
    let subjects: [Subject<'_>; 3] =
        [Box::new(|| followed.play().0), Box::new(|| skipped.play().0), Box::new(fake)];
    let [followed, skipped, fake] = medians(effort, 6, subjects).map(|it| it / count);
    table::heading(&format!(
        "Replay and the fake that follows: the same {count} calls, at the handler itself, time for each"
    ));
    table::figure("the fake alone", fake);
    table::figure("replay that the fake cannot follow", skipped);
    let ratio = table::ratio(followed, skipped + fake);
    table::judged("replay that it follows, against both together", followed, ratio, FOLLOWING);
}

fn loading(effort: Effort, tape: &Tape) {
    let bytes = std::fs::read(&tape.path).expect("it was written");
    let subject = || {
        let mut kms = None;
        let taken = timed(|| kms = Some(tape.start()));
        drop(kms);
        taken
    };
    let floor = || {
        let mut value = Value::Null;
        let taken = timed(|| value = serde_json::from_slice(&bytes).expect("JSON"));
        drop(value);
        taken
    };
    let [subject, floor] = medians(effort, 6, [Box::new(subject), Box::new(floor)]);
    table::heading(&format!(
        "Replay: loading {} interactions, {} kB",
        tape.requests.len(),
        bytes.len() / 1_000
    ));
    table::figure("serde_json::Value of the same bytes", floor);
    let ratio = table::ratio(subject, floor);
    table::judged("start()", subject, ratio, LOADING);
}

/// A call, and the end, of longer and longer cassettes.
fn scale(
    effort: Effort,
    folder: &Path,
    what: &str,
    script: Script,
    sizes: [usize; 3],
    backwards: bool,
) {
    let players = sizes.map(|size| {
        let folder = folder.to_owned();
        Player::new(sizes[1], move || {
            let name = format!("{script:?}-{size}");
            let mut tape = Tape::new(&folder, &name, &Recording::new(script, size));
            if backwards {
                tape.requests.reverse();
            }
            tape
        })
    });
    let ends = [const { Cell::new(Duration::ZERO) }; 3];
    let mut each = players.iter().zip(&ends);
    let subjects = [(); 3].map(|()| {
        let (player, end) = each.next().expect("one for each size");
        Box::new(move || {
            let (playing, ending) = player.play();
            end.set(ending);
            playing
        }) as Subject<'_>
    });
    let playing = medians(effort, 5, subjects);
    compared(&format!("{what}, at the handler itself"), sizes, playing);
    let ending = ends.map(|it| it.get());
    compared("verify() after that, for each interaction", sizes, ending);
}

/// Prints how much longer something takes with more interactions.
fn compared(what: &str, sizes: [usize; 3], taken: [Duration; 3]) {
    table::heading(&format!("Replay, scale: {what}"));
    table::figure(&format!("with {} interactions", sizes[0]), taken[0]);
    for at in [1, 2] {
        let ratio = table::ratio(taken[at], taken[0]);
        let name = format!("with {} interactions", sizes[at]);
        table::judged(&name, taken[at], ratio, SCALE);
    }
}

const WORKER: &str = "arn:aws:iam::111122223333:role/role-1";

/// The fake that calls are made of; what is not an identifier is called as on a tape.
fn fixture() -> Kms {
    let builder = Fixture::builder()
        .seed(1)
        .key(KeyDeclaration::new("orders"))
        .role(RoleDeclaration::new("role-1"));
    (0..GRANTS)
        .fold(builder, |builder, number| {
            let grant = GrantDeclaration::new(format!("g{number}"))
                .key("orders")
                .grantee("role-1")
                .retiring("role-1")
                .operations([GrantOperation::Decrypt, GrantOperation::RetireGrant]);
            builder.grant(grant)
        })
        .start()
        .expect("the scenario makes sense")
}

/// What is called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Script {
    /// A grant is made, listed, retired, and not listed.
    Mix,
    /// The grants are listed, which may happen in any order, with inputs that differ.
    Reads,
    /// A grant is made, retired, and retired once more.
    Refused,
}

impl Script {
    /// The call number `at`; `grant` is the one that was made last.
    fn call(self, at: usize, key: &str, grant: &Value) -> (&'static str, Value) {
        let creation = json!({
            "KeyId": key,
            "GranteePrincipal": WORKER,
            "RetiringPrincipal": WORKER,
            "Operations": ["Decrypt", "RetireGrant"],
        });
        let retirement = json!({"KeyId": key, "GrantId": grant});
        match (self, at % CYCLE, at % 3) {
            (Self::Mix, 0, _) | (Self::Refused, _, 0) => ("CreateGrant", creation),
            (Self::Mix, 2, _) | (Self::Refused, ..) => ("RetireGrant", retirement),
            (Self::Mix, ..) => ("ListGrants", json!({"KeyId": key})),
            (Self::Reads, ..) => ("ListGrants", json!({"KeyId": key, "Limit": GRANTS + at % 90})),
        }
    }
}

/// Calls that were made of the fake, and what it answered.
pub(crate) struct Recording {
    key: String,
    calls: Vec<Call>,
}

struct Call {
    operation: &'static str,
    input: Value,
    request: Signed,
    response: HttpResponse,
}

impl Call {
    fn answer(&self) -> Answer {
        Answer::of(&self.response)
    }

    /// The output, or null.
    fn output(&self) -> Value {
        let bytes = self.response.body().bytes().expect("bodies are whole");
        serde_json::from_slice(bytes).unwrap_or_default()
    }
}

impl Recording {
    pub(crate) fn new(script: Script, calls: usize) -> Self {
        let kms = fixture();
        let (direct, signer) = (Direct::new(&kms), Signer::new(&kms));
        let key = kms.key("orders").arn().to_owned();
        let mut grant = Value::Null;
        let calls = (0..calls).map(|at| {
            let (operation, input) = script.call(at, &key, &grant);
            let request = signer.sign(operation, &input);
            let call = Call { operation, response: direct.call(request.sdk()), input, request };
            if operation == "CreateGrant" {
                grant = call.output()["GrantId"].clone();
            }
            call
        });
        let calls = calls.collect();
        Self { key, calls }
    }
}

/// A cassette in a file, and the requests that play it.
pub(crate) struct Tape {
    path: PathBuf,
    /// The ARN of its key.
    key: String,
    requests: Vec<Signed>,
    /// What is answered, unless something is refused.
    answers: Vec<Answer>,
}

impl Tape {
    pub(crate) fn new(folder: &Path, name: &str, recording: &Recording) -> Self {
        Self::of(folder, name, recording, |it| it)
    }

    /// The same with other names for the operations.
    fn of(
        folder: &Path,
        name: &str,
        recording: &Recording,
        rename: fn(&'static str) -> &'static str,
    ) -> Self {
        let mut pseudonyms = Pseudonyms::default();
        let signer = Signer::new(&fixture());
        let mut interactions = Vec::new();
        let mut requests = Vec::new();
        let mut key = String::new();
        for call in &recording.calls {
            let (operation, output) = (rename(call.operation), call.output());
            let input = pseudonyms.value("", &call.input);
            let mut interaction = json!({
                "caller": "admin",
                "operation": operation,
                "input": input,
                "status": call.response.status().as_u16(),
            });
            if !output.is_null() {
                interaction["output"] = pseudonyms.value("", &output);
            }
            input["KeyId"].as_str().expect("a key").clone_into(&mut key);
            requests.push(signer.sign(operation, &input));
            interactions.push(interaction);
        }
        let path = folder.join(format!("{name}.json"));
        write(&path, &interactions);
        let mut tape = Self { path, key, requests, answers: Vec::new() };
        tape.check(&interactions);
        tape
    }

    /// Plays it once and looks at every answer.
    fn check(&mut self, interactions: &[Value]) {
        let kms = self.start();
        let direct = Direct::new(&kms);
        for (request, interaction) in self.requests.iter().zip(interactions) {
            let response = direct.call(request.sdk());
            let body = response.body().bytes().expect("bodies are whole");
            let body: Value = serde_json::from_slice(body).unwrap_or_default();
            assert_eq!(body, interaction["output"]);
            assert_eq!(response.status().as_u16(), interaction["status"]);
            if response.status().is_success() {
                self.answers.push(Answer::of(&response));
            }
        }
        kms.verify().expect("all went as recorded");
    }

    fn start(&self) -> Kms {
        let builder = Fixture::builder().seed(1).replay(&self.path);
        builder.start().expect("the cassette makes sense")
    }

    /// How long it takes to play it, and to find that all went as recorded.
    fn play(&self) -> (Duration, Duration) {
        let kms = self.start();
        let direct = Direct::new(&kms);
        let playing = timed(|| {
            for request in &self.requests {
                direct.call(request.sdk());
            }
        });
        let ending = timed(|| kms.verify().expect("all went as recorded"));
        (playing, ending)
    }

    /// The same for one call. A short one is played again and again, until `calls` were made.
    fn play_often(&self, calls: usize) -> (Duration, Duration) {
        let rounds = (calls / self.requests.len()).max(1);
        let calls = u32::try_from(rounds * self.requests.len()).expect("a small number");
        let (playing, ending): (Vec<_>, Vec<_>) = (0..rounds).map(|_| self.play()).unzip();
        let total = |it: Vec<Duration>| it.iter().sum::<Duration>() / calls;
        (total(playing), total(ending))
    }
}

/// A thread that plays one tape, and so has a heap of its own (with glibc): in one that longer tapes have broken up,
/// allocating would take most of the time.
struct Player {
    ask: Sender<()>,
    taken: Receiver<(Duration, Duration)>,
}

impl Player {
    fn new(calls: usize, make: impl FnOnce() -> Tape + Send + 'static) -> Self {
        let (ask, asked) = channel();
        let (tell, taken) = channel();
        std::thread::spawn(move || {
            let tape = make();
            for () in asked {
                let _ = tell.send(tape.play_often(calls));
            }
        });
        Self { ask, taken }
    }

    fn play(&self) -> (Duration, Duration) {
        self.ask.send(()).expect("the thread lives");
        self.taken.recv().expect("the tape was played")
    }
}

/// Writes a cassette that declares nothing.
fn write(path: &Path, interactions: &[Value]) {
    let head = json!({
        "version": 2,
        "origin": {"kind": "fake"},
        "recorded": "2026-01-01T00:00:00Z",
        "recorder": "kms-fixture 0.1.0",
        "scenario": {
            "account": "111122223333",
            "grants": {},
            "keys": {},
            "region": "us-east-1",
            "roles": {},
            "users": {},
        },
    });
    let mut text = "{\n  \"format\": \"kms-fixture cassette\"".to_owned();
    for (member, value) in head.as_object().expect("it is one") {
        let _ = write!(text, ",\n  \"{member}\": {value:#}");
    }
    let interactions = Value::from(interactions);
    let _ = write!(text, ",\n  \"interactions\": {interactions:#}\n}}\n");
    std::fs::write(path, text).expect("the folder can be written to");
}

/// What identifiers are called on a tape.
#[derive(Default)]
struct Pseudonyms {
    known: HashMap<String, String>,
    grants: usize,
    /// The name of the last grant.
    grant: String,
}

impl Pseudonyms {
    fn value(&mut self, member: &str, value: &Value) -> Value {
        match value {
            Value::String(text) => self.text(member, text).into(),
            Value::Array(values) => values.iter().map(|it| self.value(member, it)).collect(),
            Value::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|(member, it)| (member.clone(), self.value(member, it)))
                    .collect(),
            ),
            other => other.clone(),
        }
    }

    fn text(&mut self, member: &str, text: &str) -> String {
        let id = text.rsplit('/').next().unwrap_or(text);
        if !self.known.contains_key(id) {
            let pseudonym = match member {
                "KeyId" => Some("00000000-0000-4000-8000-000000000001".to_owned()),
                "GrantId" => {
                    // From 10,001 on, so that all have one length.
                    self.grants += 1;
                    let number = 10_000 + self.grants;
                    self.grant = format!("grant-{number}");
                    Some(format!("{number:064}"))
                }
                "GrantToken" => Some(base64(&format!("kms-fixture grant token of {}", self.grant))),
                _ => None,
            };
            if let Some(pseudonym) = pseudonym {
                self.known.insert(id.to_owned(), pseudonym);
            }
        }
        // In ARNs and sentences, identifiers stand between other characters.
        let is_part = |it: char| it.is_alphanumeric() || "-_".contains(it);
        let pieces = text.split_inclusive(|it| !is_part(it)).map(|piece| {
            let word = piece.trim_end_matches(|it| !is_part(it));
            let known = self.known.get(word).map_or(word, String::as_str);
            format!("{known}{}", &piece[word.len()..])
        });
        pieces.collect()
    }
}

/// Base64 for URLs, without padding.
fn base64(text: &str) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let groups = text.as_bytes().chunks(3).flat_map(|group| {
        let bits =
            (0..3).fold(0, |bits, at| bits << 8 | usize::from(group.get(at).copied().unwrap_or(0)));
        (0..=group.len()).map(move |at| char::from(DIGITS[bits >> (18 - 6 * at) & 63]))
    });
    groups.collect()
}

/// A folder that is gone afterwards.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let name = format!("kms-fixture-goals-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a folder for temporary files");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
