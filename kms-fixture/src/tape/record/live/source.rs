//! The source of credentials, and their cache.

use std::fmt;
use std::time::Duration;

use aws_config::Region;
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_async::time::SharedTimeSource;
use tokio::sync::Mutex;

use super::only::NotAws;

/// The remaining lifetime below which credentials are replaced.
const MARGIN: Duration = Duration::from_mins(2);

/// Returns the profile, or AWS's default chain, neither of which calls AWS unless AWS is recorded. An emulator's chain omits EC2, whose timeout takes seconds.
pub(super) async fn provider(
    profile: Option<&str>,
    region: Region,
    emulator: bool,
    is_aws: bool,
) -> SharedCredentialsProvider {
    let mut config = ProviderConfig::without_region().with_region(Some(region.clone()));
    if !is_aws {
        config = config.with_http_client(NotAws);
    }
    match profile {
        Some(profile) => SharedCredentialsProvider::new(from_profile(profile, &config)),
        None if emulator => SharedCredentialsProvider::new(without_ec2(&config)),
        None => {
            let chain = DefaultCredentialsChain::builder().configure(config).region(region);
            SharedCredentialsProvider::new(chain.build().await)
        }
    }
}

/// Returns the profile alone: in the chain, environment variables would take precedence.
fn from_profile(profile: &str, config: &ProviderConfig) -> ProfileFileCredentialsProvider {
    ProfileFileCredentialsProvider::builder().configure(config).profile_name(profile).build()
}

/// Returns the default chain without EC2.
fn without_ec2(config: &ProviderConfig) -> CredentialsProviderChain {
    let profile = ProfileFileCredentialsProvider::builder().configure(config);
    let web_identity = WebIdentityTokenCredentialsProvider::builder().configure(config);
    let container = EcsCredentialsProvider::builder().configure(config);
    CredentialsProviderChain::first_try(
        "Environment",
        EnvironmentVariableCredentialsProvider::new(),
    )
    .or_else("Profile", profile.build())
    .or_else("WebIdentityToken", web_identity.build())
    .or_else("EcsContainer", container.build())
}

/// A cache of credentials until shortly before they expire; `aws-config` caches them only inside clients.
pub(super) struct Source {
    provider: SharedCredentialsProvider,
    /// Whether AWS's example credentials are the fallback.
    example: bool,
    clock: SharedTimeSource,
    held: Mutex<Option<Credentials>>,
}

impl Source {
    /// Returns a cache of the credentials of `provider`, by the time of `clock`.
    pub(super) fn new(
        provider: SharedCredentialsProvider,
        clock: SharedTimeSource,
        example: bool,
    ) -> Self {
        Self { provider, example, clock, held: Mutex::new(None) }
    }

    async fn fresh(&self) -> provider::Result {
        let mut held = self.held.lock().await;
        let soon = self.clock.now() + MARGIN;
        if let Some(credentials) = held.as_ref()
            && credentials.expiry().is_none_or(|it| it > soon)
        {
            return Ok(credentials.clone());
        }
        let found = match self.provider.provide_credentials().await {
            Err(CredentialsError::CredentialsNotLoaded(_)) if self.example => example(),
            other => other?,
        };
        *held = Some(found.clone());
        Ok(found)
    }
}

/// Returns the example credentials of AWS's documentation, which are not valid anywhere.
fn example() -> Credentials {
    Credentials::from_keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", None)
}

impl ProvideCredentials for Source {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.fresh())
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").finish_non_exhaustive()
    }
}
