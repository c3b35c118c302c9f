//! A live service: AWS or an emulator, behind the recorder.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use super::catalogue::Catalogue;
use super::experiment::Experiment;
use crate::error::Error;
use crate::fixture::{Fixture, Kms, RecordRequest, variable};
use crate::model::partition;
use crate::scenario::{Consistency, DEFAULT_ACCOUNT, DEFAULT_REGION, PolicySource, Scenario};
use crate::tape::record::Settings;
use crate::tape::variables::{self, ACCOUNT, of_key, of_principal};

/// The options of a user. Other settings are in `kms-fixture.toml`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) account: Option<String>,
    pub(crate) profile: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) upstream: Option<String>,
    /// Live keys and principals by declared names.
    pub(crate) keys: Vec<(String, String)>,
    pub(crate) principals: Vec<(String, String)>,
    /// The folder for cassettes.
    pub(crate) folder: PathBuf,
}

/// A service to ask.
#[derive(Debug)]
pub(crate) struct Live {
    request: RecordRequest,
    settings: Settings,
    pub(crate) folder: PathBuf,
    pub(crate) region: String,
    pub(crate) is_aws: bool,
    /// The account, once it is known.
    pub(super) account: Option<String>,
}

impl Live {
    /// Returns the service that the options and the settings name.
    ///
    /// # Errors
    ///
    /// Settings that are not valid; AWS without an account.
    pub(crate) fn new(options: Options) -> Result<Self, Error> {
        let mut variables = BTreeMap::new();
        variables.extend(options.account.map(|it| (ACCOUNT.to_owned(), it)));
        let keys = options.keys.into_iter().map(|(name, it)| (of_key(&name), it));
        variables.extend(keys);
        let principals = options.principals.into_iter();
        variables.extend(principals.map(|(name, it)| (of_principal(&name), it)));
        let request = RecordRequest {
            folder: PathBuf::from("."),
            upstream: options.upstream,
            profile: options.profile,
            variables,
            // Experiments with grants that do not exist; on AWS they are DryRuns.
            foreign_grants: true,
            ..RecordRequest::default()
        };
        let settings = Self::settings(&request)?;
        let url = request.upstream.as_ref().or(settings.upstream.as_ref());
        let is_aws = url.is_none_or(|it| variables::is_aws(it));
        if is_aws && settings.account.is_none() {
            return Err(Error::new("AWS is only asked in an account that you name")
                .help("add `--account ID`, or set `account = \"..\"` in kms-fixture.toml"));
        }
        let region = options.region.or_else(|| settings.region.clone());
        Ok(Self {
            folder: options.folder,
            region: region.unwrap_or_else(|| DEFAULT_REGION.to_owned()),
            is_aws,
            account: settings.account.clone(),
            settings,
            request,
        })
    }

    fn settings(request: &RecordRequest) -> Result<Settings, Error> {
        let set = request.variables.clone();
        Settings::load(Path::new("."), move |name| {
            set.get(name).cloned().or_else(|| variable(name))
        })
    }

    /// Returns the service in words.
    pub(crate) fn name(&self) -> String {
        let url = self.request.upstream.as_ref().or(self.settings.upstream.as_ref());
        match url.filter(|_| !self.is_aws) {
            Some(url) => url.clone(),
            None => format!(
                "AWS, account {}, {}",
                self.settings.account.as_deref().unwrap_or_default(),
                self.region
            ),
        }
    }

    /// Returns whether the user has bound a declared key.
    pub(crate) fn has_key(&self, name: &str) -> bool {
        self.settings.key(name).is_some()
    }

    /// Binds a declared key.
    ///
    /// # Errors
    ///
    /// Settings that are not valid.
    pub(super) fn bind_key(&mut self, name: &str, id: &str) -> Result<(), Error> {
        self.request.variables.insert(of_key(name), id.to_owned());
        self.settings = Self::settings(&self.request)?;
        Ok(())
    }

    /// Returns why an experiment cannot be run here, or nothing.
    pub(super) fn why_not(&self, experiment: &Experiment) -> Option<String> {
        if experiment.why_not.is_some() {
            return experiment.why_not.clone();
        }
        // An emulator does not authenticate callers.
        let is_bound = |name: &str| !matches!(self.settings.principal(name), Ok(None));
        let missing = experiment.principals().into_iter().find(|it| self.is_aws && !is_bound(it));
        missing.map(|name| {
            let role = experiment.scenario.get("roles").and_then(|it| it.get(name));
            if role.is_some_and(|it| it.get("account").is_some()) {
                return format!(
                    "needs a role `{name}` of another account: set `{name} = {{ arn = \"..\" }}` below `[principals]` in \
                     kms-fixture.toml"
                );
            }
            format!("needs a role `{name}`: add `--role {name}=ARN`, or set it in kms-fixture.toml")
        })
    }

    /// Returns the experiments of `catalogue` that can be run here.
    pub(crate) fn can_run<'a>(
        &'a self,
        catalogue: &'a Catalogue,
    ) -> impl Iterator<Item = &'a Experiment> {
        catalogue.experiments.iter().filter(|it| self.why_not(it).is_none())
    }

    /// Returns a scenario as it is in this service: policies name the live account, and changes take the time they
    /// take.
    pub(super) fn scenario(&self, mut scenario: Scenario) -> Scenario {
        scenario.region.clone_from(&self.region);
        scenario.consistency = Consistency::strong();
        let account = self.account.as_deref().unwrap_or(DEFAULT_ACCOUNT);
        for key in &mut scenario.keys {
            if let Some(PolicySource::Document(document)) = &mut key.policy {
                let partition = format!("arn:{}:", partition(&self.region));
                *document =
                    document.replace(DEFAULT_ACCOUNT, account).replace("arn:aws:", &partition);
            }
        }
        scenario
    }

    /// Starts a recording of `scenario` as the cassette `name`.
    ///
    /// # Errors
    ///
    /// A recording that the recorder refuses; a service that does not answer.
    pub(super) fn start(&self, scenario: Scenario, name: &str) -> Result<Kms, Error> {
        let path = self.folder.join(format!("{name}.json"));
        Fixture::builder()
            .scenario(scenario)
            .listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
            .record_as(RecordRequest { path, ..self.request.clone() })
            .start()
    }
}
