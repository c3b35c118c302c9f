//! The credentials for the live service: AWS's default chain, a profile, or an assumed role.

use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_sts::error::ProvideErrorMetadata;

use super::causes;
use super::file::Principal;
use super::only::NotAws;
use super::source::{self, Source};
use crate::error::Error;

/// The time limit for credentials: the user may have to type a code.
const PATIENCE: Duration = Duration::from_mins(1);
/// The time limit for a call of STS, with all its attempts.
const STS: Duration = Duration::from_secs(20);
/// The default name of an assumed role's session.
const SESSION: &str = "kms-fixture";

/// A caller of the live service.
pub(crate) struct Live {
    /// The source of the credentials, for errors.
    whose: String,
    region: String,
    /// Whether AWS is recorded: otherwise nothing is sent to AWS, STS included.
    is_aws: bool,
    sdk: SdkConfig,
    source: SharedCredentialsProvider,
}

/// A caller's identity in AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The account's twelve digits.
    pub(crate) account: String,
    /// The user, or the role's session.
    pub(crate) arn: String,
}

impl Live {
    /// Returns the administrator: `profile`, or AWS's default chain.
    ///
    /// For a service on loopback, EC2 is not asked, and AWS's example credentials are the fallback.
    pub(crate) async fn new(
        profile: Option<&str>,
        region: &str,
        loopback_upstream: bool,
        is_aws: bool,
    ) -> Self {
        let aws_region = Region::new(region.to_owned());
        let provider =
            source::provider(profile, aws_region.clone(), loopback_upstream, is_aws).await;
        let whose = profile
            .map_or_else(|| "AWS's default chain".to_owned(), |it| format!("the profile `{it}`"));
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .region(aws_region)
            .timeout_config(TimeoutConfig::builder().operation_timeout(STS).build())
            .no_credentials();
        if let Some(profile) = profile {
            loader = loader.profile_name(profile);
        }
        if !is_aws {
            loader = loader.http_client(NotAws);
        }
        let sdk = loader.load().await;
        Self { is_aws, ..Self::over(whose, region, sdk, provider, loopback_upstream) }
    }

    /// Returns a declared principal: its profile, or its role, which its profile or this administrator assumes.
    ///
    /// # Errors
    ///
    /// The principal has neither a profile nor a role.
    pub(crate) async fn of(&self, principal: &Principal) -> Result<Self, Error> {
        let own = match &principal.profile {
            // No example credentials: they would be no principal, or the administrator.
            Some(profile) => Some(Self::new(Some(profile), &self.region, false, self.is_aws).await),
            None => None,
        };
        match (&principal.role, own) {
            (None, Some(own)) => Ok(own),
            (None, None) => Err(Error::new(format!(
                "no credentials are configured for {}",
                principal.arn.as_deref().unwrap_or("this principal")
            ))
            .help("give the principal a `profile` or a `role` in kms-fixture.toml")),
            (Some(role), own) => {
                let session = principal.session.as_deref().unwrap_or(SESSION);
                Ok(own.as_ref().unwrap_or(self).assume(role, session).await)
            }
        }
    }

    async fn assume(&self, role: &str, session: &str) -> Self {
        let provider = AssumeRoleProvider::builder(role)
            .session_name(session)
            .configure(&self.sdk)
            .build_from_provider(self.source.clone())
            .await;
        let whose = format!("the role `{role}`, assumed with {}", self.whose);
        let provider = SharedCredentialsProvider::new(provider);
        Self::over(whose, &self.region, self.sdk.clone(), provider, false)
    }

    fn over(
        whose: String,
        region: &str,
        sdk: SdkConfig,
        provider: SharedCredentialsProvider,
        example: bool,
    ) -> Self {
        let clock = sdk.time_source().unwrap_or_default();
        let source = SharedCredentialsProvider::new(Source::new(provider, clock, example));
        let sdk = sdk
            .into_builder()
            .credentials_provider(source.clone())
            // `Source` holds them.
            .identity_cache(IdentityCache::no_cache())
            .build();
        Self { whose, region: region.to_owned(), is_aws: true, sdk, source }
    }

    /// Returns credentials for the next call.
    ///
    /// # Errors
    ///
    /// No credentials, or none within the time limit.
    pub(crate) async fn credentials(&self) -> Result<Credentials, Error> {
        match tokio::time::timeout(PATIENCE, self.source.provide_credentials()).await {
            Ok(Ok(credentials)) => Ok(credentials),
            Ok(Err(error @ CredentialsError::CredentialsNotLoaded(_)))
                if error.source().is_none() =>
            {
                Err(self.none("nothing is configured"))
            }
            Ok(Err(error)) => Err(self.none(&causes(&error))),
            Err(_) => Err(self.none(&format!("none within {} seconds", PATIENCE.as_secs()))),
        }
    }

    /// Asks STS for the identity.
    ///
    /// # Errors
    ///
    /// No credentials, or a refusal by STS.
    pub(crate) async fn who(&self) -> Result<Identity, Error> {
        // Credentials come first, because their errors are more specific.
        self.credentials().await?;
        let sts = aws_sdk_sts::Client::new(&self.sdk);
        let answer = sts.get_caller_identity().send().await.map_err(|it| {
            let cause = match (it.code(), it.message()) {
                (Some(code), message) => format!("{code}: {}", message.unwrap_or_default()),
                (None, _) => causes(&it),
            };
            self.unknown(&cause)
        })?;
        match (answer.account, answer.arn) {
            (Some(account), Some(arn)) => Ok(Identity { account, arn }),
            _ => Err(self.unknown("the answer has no account or no ARN")),
        }
    }

    fn none(&self, cause: &str) -> Error {
        Error::new(format!("no credentials from {}: {cause}", self.whose)).help(
            "log in with `aws sso login`, or set `AWS_PROFILE`, or name a profile or a role in kms-fixture.toml; \
             an emulator's STS is found with `AWS_ENDPOINT_URL_STS`",
        )
    }

    fn unknown(&self, cause: &str) -> Error {
        Error::new(format!("STS does not identify the credentials from {}: {cause}", self.whose))
            .help(
                "`aws sts get-caller-identity` should show the same; \
             an emulator's STS is found with `AWS_ENDPOINT_URL_STS`",
            )
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live")
            .field("whose", &self.whose)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
