//! What `#[kms_test]` expands to: a plan, and the two functions that run it. Not for people.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Termination};

use crate::cassette::{Cassette, Place, find, pending};
#[cfg(feature = "record")]
use crate::fixture::RecordRequest;
use crate::fixture::{Fixture, FixtureBuilder, Kms};
use crate::mode::{Mode, mode};
use crate::report::Error;
use crate::scenario::{
    Consistency, GrantDeclaration, KeyDeclaration, RoleDeclaration, UserDeclaration,
};

/// Where a test stands.
#[derive(Clone, Copy, Debug)]
pub struct TestPlace {
    /// The package.
    pub package: &'static str,
    /// The folder of its manifest.
    pub manifest_dir: &'static str,
    /// The module.
    pub module: &'static str,
    /// The function.
    pub name: &'static str,
    /// The source file, as the compiler was given it.
    pub file: &'static str,
}

impl TestPlace {
    /// The folder of the source file: it is given relative to some folder above the manifest's, or to that.
    fn folder(&self) -> PathBuf {
        let manifest = Path::new(self.manifest_dir);
        let file = manifest.ancestors().map(|it| it.join(self.file)).find(|it| it.is_file());
        match file.as_deref().and_then(Path::parent) {
            Some(folder) => folder.to_owned(),
            None => manifest.to_owned(),
        }
    }

    fn path(&self) -> String {
        format!("{}::{}", self.module, self.name)
    }

    /// How to run this test alone in a mode. The filter is the path within the test's crate.
    fn command(&self, mode: &str) -> String {
        let module = self.module.split_once("::").map(|(_, it)| format!("{it}::"));
        let filter = format!("{}{}", module.unwrap_or_default(), self.name);
        format!("KMS_FIXTURE={mode} cargo test -p {} {filter} -- --exact", self.package)
    }

    /// A declared cassette that does not exist.
    fn missing(&self, path: &Path) -> Error {
        let new = if pending(path).is_file() {
            "\n  kms-fixture accept    (something was recorded, and its test did not pass)"
        } else {
            ""
        };
        Error::new(format!(
            "the cassette {} does not exist\n\
             help: record it from the live service, or run against the fake:\n  {}\n  {}{new}",
            path.display(),
            self.command("record"),
            self.command("fake")
        ))
    }

    #[cfg(feature = "record")]
    #[allow(clippy::unnecessary_wraps)] // without the feature, it is an error
    fn record(&self, builder: FixtureBuilder, path: PathBuf) -> Result<FixtureBuilder, Error> {
        Ok(builder.record_as(RecordRequest {
            path,
            test: Some(self.path()),
            folder: PathBuf::from(self.manifest_dir),
            ..RecordRequest::default()
        }))
    }

    #[cfg(not(feature = "record"))]
    fn record(&self, _: FixtureBuilder, _: PathBuf) -> Result<FixtureBuilder, Error> {
        Err(Error::new(format!(
            "this build of kms-fixture cannot record\n\
             help: cargo add --dev kms-fixture --features record -p {}",
            self.package
        )))
    }
}

/// A test, as declared.
#[derive(Debug)]
pub struct Plan {
    place: TestPlace,
    builder: FixtureBuilder,
    flavor: Flavor,
    start_paused: bool,
    cassette: Option<Said>,
    snapshot: Option<fn(&str)>,
}

/// A declared cassette, perhaps with its path.
#[derive(Debug)]
struct Said {
    path: Option<String>,
}

#[derive(Clone, Copy, Debug)]
enum Flavor {
    CurrentThread,
    MultiThread(Option<usize>),
}

#[allow(missing_docs, clippy::return_self_not_must_use)] // each does what the option of its name says
impl Plan {
    pub fn new(place: TestPlace) -> Self {
        let path = place.path();
        Self {
            place,
            builder: Fixture::builder().seed_from(&path).for_a_test(),
            flavor: Flavor::CurrentThread,
            start_paused: false,
            cassette: None,
            snapshot: None,
        }
    }

    fn build(mut self, with: impl FnOnce(FixtureBuilder) -> FixtureBuilder) -> Self {
        self.builder = with(self.builder);
        self
    }

    pub fn region(self, region: &str) -> Self {
        self.build(|it| it.region(region))
    }

    pub fn account(self, account: &str) -> Self {
        self.build(|it| it.account(account))
    }

    pub fn accept_unknown_principals(self) -> Self {
        self.build(FixtureBuilder::accept_unknown_principals)
    }

    pub fn consistency(self, consistency: Consistency) -> Self {
        self.build(|it| it.consistency(consistency))
    }

    pub fn deny_leaks(self) -> Self {
        self.build(FixtureBuilder::deny_leaks)
    }

    pub fn tcp(self) -> Self {
        self.build(FixtureBuilder::tcp)
    }

    pub fn key(self, key: KeyDeclaration) -> Self {
        self.build(|it| it.key(key))
    }

    pub fn role(self, role: RoleDeclaration) -> Self {
        self.build(|it| it.role(role))
    }

    pub fn user(self, user: UserDeclaration) -> Self {
        self.build(|it| it.user(user))
    }

    pub fn grant(self, grant: GrantDeclaration) -> Self {
        self.build(|it| it.grant(grant))
    }

    pub fn cassette(mut self, path: Option<&str>) -> Self {
        self.cassette = Some(Said { path: path.map(str::to_owned) });
        self
    }

    pub fn snapshot(mut self, compare: fn(&str)) -> Self {
        self.snapshot = Some(compare);
        self
    }

    pub fn multi_thread(mut self, workers: Option<usize>) -> Self {
        self.flavor = Flavor::MultiThread(workers);
        self
    }

    pub fn start_paused(mut self, paused: bool) -> Self {
        self.start_paused = paused;
        self
    }

    #[track_caller]
    fn start(mut self) -> Test {
        let path = self.place.path();
        match self.stage().and_then(|mode| {
            let kms = self.builder.start()?;
            Ok((mode, kms))
        }) {
            Ok((mode, kms)) => Test {
                again: self.place.command("record"),
                snapshot: self.snapshot,
                path,
                mode,
                kms,
            },
            Err(error) => panic!("{path}: the fixture cannot start\n{error}"),
        }
    }

    /// Decides where answers come from.
    fn stage(&mut self) -> Result<Mode, Error> {
        let folder = self.place.folder();
        self.builder.scenario_mut().find_files_in(&folder);
        let mode = mode(self.cassette.is_some())?;
        let builder = std::mem::replace(&mut self.builder, Fixture::builder());
        let path = self.cassette.take().map(|said| {
            let place = Place {
                package: self.place.package,
                manifest_dir: Path::new(self.place.manifest_dir),
                module: self.place.module,
                name: self.place.name,
                folder: &folder,
            };
            find(&place, said.path.as_deref())
        });
        let redacted = path.is_some() || self.snapshot.is_some();
        // What the cassette keeps is shown in every mode; where it is played or recorded, it is read there.
        let cassette = path.as_ref().filter(|it| mode == Mode::Fake && it.is_file());
        let keep = cassette.and_then(|it| Cassette::load(it).ok()).map(|it| it.keep);
        let builder =
            if redacted { builder.redacted_but(keep.unwrap_or_default()) } else { builder };
        self.builder = match (mode, path) {
            (Mode::Replay, Some(path)) => {
                if !path.is_file() {
                    return Err(self.place.missing(&path));
                }
                builder.replay(path)
            }
            (Mode::Record, Some(path)) => self.place.record(builder, path)?,
            _ => builder,
        };
        Ok(mode)
    }

    #[track_caller]
    fn runtime(&self) -> tokio::runtime::Runtime {
        let mut builder = match self.flavor {
            Flavor::CurrentThread => tokio::runtime::Builder::new_current_thread(),
            Flavor::MultiThread(workers) => {
                let mut builder = tokio::runtime::Builder::new_multi_thread();
                if let Some(workers) = workers {
                    builder.worker_threads(workers);
                }
                builder
            }
        };
        builder.enable_all().start_paused(self.start_paused);
        match builder.build() {
            Ok(runtime) => runtime,
            Err(error) => panic!("cannot start tokio's runtime: {error}"),
        }
    }
}

/// Runs an async test.
#[track_caller]
pub fn run_async<F, Fut>(plan: Plan, body: F)
where
    F: FnOnce(Kms) -> Fut,
    Fut: Future,
    Fut::Output: Termination,
{
    let runtime = plan.runtime();
    run(plan, |kms| runtime.block_on(body(kms)));
}

/// Runs a test. If it fails, the table of calls is the last thing that is printed.
#[track_caller]
pub fn run<F, R>(plan: Plan, body: F)
where
    F: FnOnce(Kms) -> R,
    R: Termination,
{
    let test = plan.start();
    let kms = test.kms.clone();
    // A result is reported here, where the error text is still followed by the table.
    let outcome = catch_unwind(AssertUnwindSafe(|| body(kms).report()));
    let body_passed = matches!(outcome, Ok(code) if code == ExitCode::SUCCESS);
    let (outcome, passed) = match (body_passed, test.snapshot) {
        (true, Some(compare)) => {
            let compared = catch_unwind(AssertUnwindSafe(|| compare(&test.kms.snapshot())));
            let passed = compared.is_ok();
            (compared.map(|()| ExitCode::SUCCESS), passed)
        }
        _ => (outcome, body_passed),
    };
    // What is wrong with a replay often explains what is wrong with its snapshot; a recording needs both right.
    let leaks = if passed { test.kms.check_leaks() } else { Ok(()) };
    let good = if test.mode == Mode::Record { passed && leaks.is_ok() } else { body_passed };
    let end = test.kms.end(good, &test.again);
    if passed && end.is_ok() && leaks.is_ok() {
        return;
    }
    if let Err(error) = &end {
        eprintln!("\n{} of {}:\n{error}", test.what(), test.path);
    }
    if let Err(error) = &leaks {
        eprintln!("\nleaks of {}:\n{error}", test.path);
    }
    eprintln!("\ncalls of {}:\n{}", test.path, test.kms.calls());
    drop(test);
    match outcome {
        // The hook has printed the panic's message already; this passes it on without another.
        Err(panic) => resume_unwind(panic),
        Ok(code) if code == ExitCode::SUCCESS => resume_unwind(Box::new(match end {
            Err(_) => "the test did not go as recorded",
            Ok(()) => "the test has left grants behind",
        })),
        Ok(_) => resume_unwind(Box::new("the test returned an error")),
    }
}

/// A test that is running.
struct Test {
    path: String,
    mode: Mode,
    kms: Kms,
    /// How to record again.
    again: String,
    snapshot: Option<fn(&str)>,
}

impl Test {
    fn what(&self) -> &'static str {
        match self.mode {
            Mode::Record => "recording",
            Mode::Fake | Mode::Replay => "replay",
        }
    }
}
