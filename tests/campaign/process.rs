//! The commands of `kms-fixture` as processes.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use aws_sdk_kms::config::Credentials;
use serde_json::Value;

use crate::wire::PATIENCE;

/// The binary of this checkout, built once; or that of `KMS_FIXTURE_BINARY`.
static BINARY: LazyLock<PathBuf> = LazyLock::new(|| {
    if let Some(path) = std::env::var_os("KMS_FIXTURE_BINARY") {
        return path.into();
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "-p", "kms-fixture", "--features", "cli"])
        .current_dir(root)
        .status();
    assert!(built.unwrap().success(), "the binary cannot be built");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    target.join("debug/kms-fixture")
});

/// The outcome of a command.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// The exit code; nothing after a signal.
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A folder for the files of one case.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let own = std::env::temp_dir();
        let path = own.join(format!("kms-fixture-campaign-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.file(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if std::env::var_os("CAMPAIGN_KEEP").is_none() {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

/// Returns a command whose environment has nothing of this machine's settings.
fn command(arguments: &[&str], environment: &BTreeMap<String, String>) -> Command {
    let mut command = Command::new(&*BINARY);
    command.args(arguments);
    for (name, _) in std::env::vars() {
        if name.starts_with("AWS_") || name.starts_with("KMS_FIXTURE") || name == "CI" {
            command.env_remove(name);
        }
    }
    command.env("AWS_CONFIG_FILE", "/dev/null").env("AWS_EC2_METADATA_DISABLED", "true");
    command.envs(environment).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command that ends by itself.
pub(crate) fn run(arguments: &[&str], environment: &BTreeMap<String, String>) -> Outcome {
    let mut child = command(arguments, environment).stdin(Stdio::null()).spawn().unwrap();
    let out = reading(child.stdout.take().unwrap());
    let err = reading(child.stderr.take().unwrap());
    let code = wait(&mut child);
    Outcome { code, out: out.join().unwrap(), err: err.join().unwrap() }
}

/// A server: `record` or `replay`.
pub(crate) struct Server {
    child: Child,
    err: Option<std::thread::JoinHandle<String>>,
    out: Option<std::thread::JoinHandle<String>>,
    /// The line that it prints at its start.
    pub(crate) announced: Value,
}

impl Server {
    /// Starts a server; returns its outcome if it does not start.
    pub(crate) fn start(
        arguments: &[&str],
        environment: &BTreeMap<String, String>,
    ) -> Result<Self, Outcome> {
        Self::spawn(arguments, environment).announce()
    }

    /// Starts a server without waiting for it.
    pub(crate) fn spawn(arguments: &[&str], environment: &BTreeMap<String, String>) -> Self {
        let mut all = arguments.to_vec();
        all.extend(["--format", "json"]);
        let mut child = command(&all, environment).stdin(Stdio::piped()).spawn().unwrap();
        let err = reading(child.stderr.take().unwrap());
        Self { child, err: Some(err), out: None, announced: Value::Null }
    }

    /// Waits for the line of a started server.
    pub(crate) fn announce(mut self) -> Result<Self, Outcome> {
        let mut out = BufReader::new(self.child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        self.out = Some(reading(out));
        match serde_json::from_str(&line) {
            Ok(announced) => {
                self.announced = announced;
                Ok(self)
            }
            Err(_) => Err(self.outcome()),
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn address(&self) -> &str {
        self.announced["endpoint"].as_str().unwrap().trim_start_matches("http://")
    }

    pub(crate) fn credentials(&self, caller: &str) -> Credentials {
        let told = &self.announced["callers"][caller];
        let text = |name: &str| told[name].as_str().map(str::to_owned);
        Credentials::new(
            text("access_key_id").unwrap(),
            text("secret_access_key").unwrap(),
            text("session_token"),
            None,
            "announced",
        )
    }

    /// Ends the server by the end of its standard input.
    pub(crate) fn close(mut self) -> Outcome {
        drop(self.child.stdin.take());
        self.outcome()
    }

    /// Ends the server by a signal, `INT` or `TERM`.
    pub(crate) fn signal(mut self, signal: &str) -> Outcome {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").arg(format!("-{signal}")).arg(id).status();
        assert!(sent.unwrap().success());
        self.outcome()
    }

    /// Kills the server.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn outcome(&mut self) -> Outcome {
        let code = wait(&mut self.child);
        drop(self.child.stdin.take());
        let all = |it: Option<std::thread::JoinHandle<String>>| {
            it.map(|it| it.join().unwrap()).unwrap_or_default()
        };
        Outcome { code, out: all(self.out.take()), err: all(self.err.take()) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Waits for the end of a process; ends it if it hangs, and then returns the code -1.
fn wait(child: &mut Child) -> Option<i32> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(500);
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if start.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            return Some(-1);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

fn reading(mut from: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = from.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    })
}
