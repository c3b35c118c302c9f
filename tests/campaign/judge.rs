//! One case: the recording, and everything that is asserted of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::account::{Account, allowed};
use crate::attempt::Attempt;
use crate::bugs::Planted;
use crate::front::Front;
use crate::process::{Folder, Outcome, Server, run};
use crate::replay::replay;
use crate::steps::{Case, Ending, Form, Key, Who};
use crate::traffic::Traffic;

/// A broken assertion.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// The kind: two failures of one kind have one cause, most probably.
    pub(crate) kind: String,
    pub(crate) detail: String,
}

impl Failure {
    /// Returns a failure whose kind is `what`, with the shape of the first lines of `detail`.
    pub(crate) fn new(what: &str, detail: &str) -> Self {
        Self { kind: format!("{what}: {}", shape(detail)), detail: detail.to_owned() }
    }
}

/// Returns a text without the names and numbers that differ between cases of one cause: of drift, the first
/// difference.
fn shape(text: &str) -> String {
    const DRIFT: &str = "the fake disagrees with the recording at ";
    let text = match text.split_once(DRIFT) {
        Some((_, drift)) => {
            let drift = drift.split(DRIFT).next().unwrap_or_default();
            drift.split("help:").next().unwrap_or_default()
        }
        None => text,
    };
    let lines = text.lines().filter(|it| !it.trim().is_empty()).take(6);
    let words = lines.flat_map(str::split_whitespace).filter_map(|word| {
        let bare = word.trim_matches(|it: char| !it.is_alphanumeric());
        let is_caller = Who::ALL.iter().any(|it| bare == it.name());
        let is_status = bare.len() == 3 && bare.parse::<u16>().is_ok();
        if is_caller || matches!(bare, "call" | "calls" | "by" | "and") || word.contains("/tmp/") {
            return None;
        }
        if is_status {
            return Some(word.to_owned());
        }
        let is_number = |it: char| it.is_ascii_digit();
        Some(word.split(is_number).filter(|it| !it.is_empty()).collect::<Vec<_>>().join("#"))
    });
    let words = words.filter(|it| it.chars().any(char::is_alphanumeric));
    let mut shape = words.collect::<Vec<_>>().join(" ");
    shape.truncate(shape.char_indices().nth(200).map_or(shape.len(), |it| it.0));
    shape
}

/// What became of a case.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Whether the recording ended well.
    pub(crate) is_good: bool,
    pub(crate) attempts: Vec<Attempt>,
}

/// A cassette of an earlier recording, whose decisions the next one keeps.
const EARLIER: &str = r#"{
  "format": "kms-fixture cassette", "version": 2, "origin": {"kind": "emulator"}, "recorded": "2026-01-01T00:00:00Z",
  "recorder": "kms-fixture 0.1.0", "scenario": {}, "ordered": ["Operations"], "interactions": []
}
"#;

/// The files and the environment of a recorder.
pub(crate) struct Setting {
    pub(crate) folder: Folder,
    pub(crate) cassette: String,
    pub(crate) arguments: Vec<String>,
    pub(crate) environment: BTreeMap<String, String>,
}

impl Setting {
    pub(crate) fn new(name: &str, account: &Account, url: &str, case: &Case) -> Self {
        let folder = Folder::new(name);
        let mut environment = BTreeMap::new();
        let mut profiles = String::new();
        for who in Who::ALL {
            let it = account.credentials(who);
            let (name, id, secret) = (who.name(), it.access_key_id(), it.secret_access_key());
            let token = it.session_token().unwrap_or("");
            let lines = [
                format!("[{name}]"),
                format!("aws_access_key_id = {id}"),
                format!("aws_secret_access_key = {secret}"),
                format!("aws_session_token = {token}"),
            ];
            // A user has no session token.
            let lines = lines.into_iter().filter(|it| !it.ends_with("= "));
            profiles.extend(lines.map(|it| it + "\n"));
            if who != Who::Admin {
                let name = format!("KMS_FIXTURE_PRINCIPAL_{}", who.name().to_uppercase());
                environment.insert(name, who.name().to_owned());
            }
        }
        let profiles = folder.write("profiles", &profiles).display().to_string();
        environment.insert("AWS_SHARED_CREDENTIALS_FILE".to_owned(), profiles);
        environment.insert("AWS_PROFILE".to_owned(), "admin".to_owned());
        if case.is_ordered {
            folder.write("tape.json", EARLIER);
        }
        let cassette = folder.file("tape.json").display().to_string();
        let mut arguments: Vec<String> =
            ["record", "--cassette", &cassette, "--upstream", url].map(str::to_owned).to_vec();
        if let Some(form) = case.bound_by {
            for key in [Key::Orders, Key::Ledger] {
                let bound = match form {
                    Form::Id => account.id(key).to_owned(),
                    Form::Arn => account.arn(key).to_owned(),
                    Form::Alias => Account::alias(key),
                };
                let name = format!("KMS_FIXTURE_KEY_{}", key.name().to_uppercase());
                environment.insert(name, bound);
            }
            let of = |who: Who| serde_json::json!({ "allow": allowed(who) });
            let scenario = serde_json::json!({
                "keys": {"orders": {}, "ledger": {}},
                "roles": {"worker": {}, "janitor": of(Who::Janitor), "auditor": of(Who::Auditor)},
                "users": {"alice": {}},
            });
            let path = folder.write("scenario.json", &scenario.to_string());
            arguments.extend(["--scenario".to_owned(), path.display().to_string()]);
        }
        Self { folder, cassette, arguments, environment }
    }

    pub(crate) fn arguments(&self) -> Vec<&str> {
        self.arguments.iter().map(String::as_str).collect()
    }

    /// Runs a command for the cassette.
    pub(crate) fn run(&self, command: &str) -> Outcome {
        run(&[command, &self.cassette], &BTreeMap::new())
    }

    /// Accepts the recording, and checks it.
    pub(crate) fn accept(&self) -> Result<(), Failure> {
        for command in ["accept", "check"] {
            let done = self.run(command);
            if done.code != Some(0) {
                let cassette = std::fs::read_to_string(&self.cassette).unwrap_or_default();
                let said = format!("{}{}", done.out, done.err).replace(&self.cassette, "TAPE");
                let mut failure = Failure::new(command, &said);
                if std::env::var_os("CAMPAIGN_SHOW").is_some() {
                    failure.detail += &cassette;
                }
                return Err(failure);
            }
        }
        Ok(())
    }
}

/// Runs a case. `name` names its folder.
pub(crate) fn judge(
    name: &str,
    seed: u64,
    case: &Case,
    planted: Option<&Arc<Planted>>,
) -> Result<Report, Failure> {
    let account = Arc::new(Account::new(seed, case));
    let mut front = Front::new(&account, case, planted.cloned());
    let setting = Setting::new(name, &account, &front.url, case);
    let before = Held::of(&account, &front);
    let (end, attempts) = match Server::start(&setting.arguments(), &setting.environment) {
        Err(outcome) => (outcome, Vec::new()),
        Ok(recorder) => {
            let traffic = Traffic::new(&account, &recorder);
            traffic.run(&case.steps, case.threads);
            let attempts = traffic.attempts.into_inner().unwrap();
            let end = match case.ending {
                Ending::Closed => recorder.close(),
                Ending::Interrupted => recorder.signal("INT"),
                Ending::Terminated => recorder.signal("TERM"),
                Ending::UpstreamDies => {
                    front.die();
                    recorder.close()
                }
            };
            (end, attempts)
        }
    };
    before.compare(&account, &front, case, &end)?;
    let is_good = end.code == Some(0);
    if !is_good {
        let is_refused =
            attempts.iter().any(|it| it.code() == "KmsFixtureRecordingRefusedException");
        // Lag may outlast the clean-up, which then names the grants.
        let is_late = case.lag.is_some() && !before.left(&account).is_empty();
        let has_reason = is_refused || is_late || case.ending == Ending::UpstreamDies;
        if front.injected() == 0 && !has_reason {
            return Err(Failure::new("a good recording was refused", &end.err));
        }
        let pending = setting.folder.file("tape.json.new");
        if pending.exists() && setting.run("accept").code == Some(0) {
            return Err(Failure::new("accept takes a bad recording", &end.err));
        }
        return Ok(Report { is_good, attempts });
    }
    // A recording without calls is a finding.
    if attempts.iter().all(|it| !it.is_live()) {
        return Ok(Report { is_good, attempts });
    }
    if case.threads == 1 {
        setting.accept()?;
        replay(&setting.cassette, &account, &attempts)?;
    } else if setting.run("accept").code != Some(0) {
        // Which of two calls at a time took effect first, a cassette does not tell: the fake may differ.
        return Err(Failure::new("accept refuses a good recording", &end.err));
    }
    Ok(Report { is_good, attempts })
}

/// The upstream's grants and keys before a recording.
pub(crate) struct Held {
    grants: std::collections::BTreeSet<String>,
    others: usize,
    keys: BTreeMap<String, String>,
}

impl Held {
    pub(crate) fn of(account: &Account, front: &Front) -> Self {
        Self { grants: account.grants(), others: front.others().len(), keys: account.keys() }
    }

    /// Returns the grants that are new since then.
    pub(crate) fn left(&self, account: &Account) -> Vec<String> {
        account.grants().difference(&self.grants).cloned().collect()
    }

    /// Compares what the upstream holds after a recording, however it ended.
    pub(crate) fn compare(
        &self,
        account: &Account,
        front: &Front,
        case: &Case,
        end: &Outcome,
    ) -> Result<(), Failure> {
        account.kms.settle();
        let said = &end.err;
        if said.contains("panicked") || !matches!(end.code, Some(0..=2)) {
            return Err(Failure::new(&format!("the end has the code {:?}", end.code), said));
        }
        let now = account.grants();
        let gone: Vec<_> = self.grants.difference(&now).cloned().collect();
        if !gone.is_empty() || front.others().len() != self.others {
            return Err(Failure::new("a grant of others is gone", &format!("{gone:?}\n{said}")));
        }
        let left = self.left(account);
        if !left.is_empty() && end.code == Some(0) {
            return Err(Failure::new("a grant is left, with exit 0", &format!("{left:?}\n{said}")));
        }
        let is_named = |grant: &String| {
            let key = account.key_of(grant);
            said.contains(grant.as_str()) || said.contains(crate::pages::key_id(&key))
        };
        if let Some(grant) = left.iter().find(|it| !is_named(it)) {
            return Err(Failure::new("a grant is left unnamed", &format!("{grant}\n{said}")));
        }
        let changed: Vec<_> = case
            .steps
            .iter()
            .filter_map(|it| it.call.changes())
            .map(|it| account.arn(it))
            .collect();
        for (arn, now) in account.keys() {
            if changed.contains(&arn.as_str()) {
                continue;
            }
            let before = self.keys.get(&arn).cloned().unwrap_or_default();
            if before != now {
                let detail = format!("{arn}\n{before}\n{now}\n{said}");
                return Err(Failure::new("a key changed", &detail));
            }
        }
        Ok(())
    }
}
