//! What `#[kms_test]` expands to: a plan, and the two functions that run it. Not for people.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Termination};

use crate::fixture::{Fixture, FixtureBuilder, Kms};
use crate::mode::check_mode;
use crate::scenario::{GrantDeclaration, KeyDeclaration, RoleDeclaration, UserDeclaration};

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
        let file = manifest
            .ancestors()
            .map(|it| it.join(self.file))
            .find(|it| it.is_file());
        match file.as_deref().and_then(Path::parent) {
            Some(folder) => folder.to_owned(),
            None => manifest.to_owned(),
        }
    }
}

/// A test, as declared.
#[derive(Debug)]
pub struct Plan {
    place: TestPlace,
    builder: FixtureBuilder,
    flavor: Flavor,
    start_paused: bool,
}

#[derive(Clone, Copy, Debug)]
enum Flavor {
    CurrentThread,
    MultiThread(Option<usize>),
}

#[allow(missing_docs, clippy::return_self_not_must_use)] // each does what the option of its name says
impl Plan {
    pub fn new(place: TestPlace) -> Self {
        let path = format!("{}::{}", place.module, place.name);
        Self {
            place,
            builder: Fixture::builder().seed_from(&path),
            flavor: Flavor::CurrentThread,
            start_paused: false,
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

    pub fn multi_thread(mut self, workers: Option<usize>) -> Self {
        self.flavor = Flavor::MultiThread(workers);
        self
    }

    pub fn start_paused(mut self, paused: bool) -> Self {
        self.start_paused = paused;
        self
    }

    #[track_caller]
    fn start(mut self) -> Kms {
        let path = format!("{}::{}", self.place.module, self.place.name);
        let folder = self.place.folder();
        self.builder.scenario_mut().find_files_in(&folder);
        match check_mode().and_then(|()| self.builder.start()) {
            Ok(kms) => kms,
            Err(error) => panic!("{path}: the fixture cannot start\n{error}"),
        }
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
    let path = format!("{}::{}", plan.place.module, plan.place.name);
    let kms = plan.start();
    let journal = kms.clone();
    // A result is reported here, where the error text is still followed by the table.
    let outcome = catch_unwind(AssertUnwindSafe(|| body(kms).report()));
    if matches!(outcome, Ok(code) if code == ExitCode::SUCCESS) {
        return;
    }
    eprintln!("\ncalls of {path}:\n{}", journal.calls());
    drop(journal);
    match outcome {
        // The hook has printed the panic's message already; this passes it on without another.
        Err(panic) => resume_unwind(panic),
        Ok(_) => resume_unwind(Box::new("the test returned an error")),
    }
}
