//! The credentials that the live service is called with: AWS's own chain, a profile, or a role that is assumed.

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
use super::source::{self, Source};
use crate::error::Error;

/// How long credentials may take to come: somebody may have to type a code.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long a call of STS may take, with all its attempts.
const STS: Duration = Duration::from_secs(20);
/// The session of a role that was given no name.
const SESSION: &str = "kms-fixture";

/// Somebody who calls the live service.
pub(crate) struct Live {
    /// Whose credentials these are, for errors.
    whose: String,
    region: String,
    sdk: SdkConfig,
    source: SharedCredentialsProvider,
}

/// Who AWS says the caller is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The account's twelve digits.
    pub(crate) account: String,
    /// The user, or the role's session.
    pub(crate) arn: String,
}

impl Live {
    /// The administrator: `profile`, or what AWS's default chain finds.
    ///
    /// For a service on loopback, EC2 is not asked, and where nothing is found AWS's example credentials do.
    pub(crate) async fn new(profile: Option<&str>, region: &str, loopback_upstream: bool) -> Self {
        let aws_region = Region::new(region.to_owned());
        let provider = source::provider(profile, aws_region.clone(), loopback_upstream).await;
        let whose = profile
            .map_or_else(|| "AWS's default chain".to_owned(), |it| format!("the profile `{it}`"));
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .region(aws_region)
            .timeout_config(TimeoutConfig::builder().operation_timeout(STS).build())
            .no_credentials();
        if let Some(profile) = profile {
            loader = loader.profile_name(profile);
        }
        Self::over(whose, region, loader.load().await, provider, loopback_upstream)
    }

    /// A declared principal: its profile, or its role, which its profile or this administrator assumes.
    ///
    /// # Errors
    ///
    /// The principal has neither.
    pub(crate) async fn of(&self, principal: &Principal) -> Result<Self, Error> {
        let own = match &principal.profile {
            // Not the example's: the principal would be nobody, or the administrator.
            Some(profile) => Some(Self::new(Some(profile), &self.region, false).await),
            None => None,
        };
        match (&principal.role, own) {
            (None, Some(own)) => Ok(own),
            (None, None) => Err(Error::new(format!(
                "nothing says how to become {}",
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
        Self { whose, region: region.to_owned(), sdk, source }
    }

    /// Credentials that are good for the next call.
    ///
    /// # Errors
    ///
    /// There are none, or they do not come.
    pub(crate) async fn credentials(&self) -> Result<Credentials, Error> {
        match tokio::time::timeout(PATIENCE, self.source.provide_credentials()).await {
            Ok(Ok(credentials)) => Ok(credentials),
            Ok(Err(error @ CredentialsError::CredentialsNotLoaded(_)))
                if error.source().is_none() =>
            {
                Err(self.none("nothing is configured"))
            }
            Ok(Err(error)) => Err(self.none(&causes(&error))),
            Err(_) => Err(self.none(&format!("nothing in {} seconds", PATIENCE.as_secs()))),
        }
    }

    /// Asks STS who this is.
    ///
    /// # Errors
    ///
    /// There are no credentials, or STS does not take them.
    pub(crate) async fn who(&self) -> Result<Identity, Error> {
        // Asked first, because their errors say more.
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
        Error::new(format!(
            "STS does not say to whom the credentials from {} belong: {cause}",
            self.whose
        ))
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
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};
    use std::sync::{Arc, Mutex};
    use std::time::{Duration, SystemTime};

    use aws_config::SdkConfig;
    use aws_credential_types::Credentials;
    use aws_credential_types::credential_fn::provide_credentials_fn;
    use aws_credential_types::provider::SharedCredentialsProvider;
    use aws_smithy_async::time::TimeSource;

    use super::{BehaviorVersion, CredentialsError, Live, Principal, Region};
    use crate::wire::exchange::{Handler, Reply, Request, Response};
    use crate::wire::server::Server;

    const ROLE: &str = "arn:aws:iam::123456789012:role/worker";

    /// Answers as STS does, and as nobody else; remembers who asked and what.
    #[derive(Default)]
    struct Sts {
        seen: Mutex<Vec<(String, String)>>,
    }

    impl Handler for Sts {
        fn handle(&self, request: Request) -> Reply {
            let body = String::from_utf8(request.body.to_vec()).unwrap();
            let key = request.parts.headers.get("authorization").map_or_else(
                || request.parts.uri.to_string(),
                |it| {
                    let it = it.to_str().unwrap().split(['=', '/']).nth(1);
                    it.unwrap().to_owned()
                },
            );
            let (status, answer) = if body.contains("Action=GetCallerIdentity") && key == "AKIABAD"
            {
                let error = "<Code>InvalidClientTokenId</Code><Message>not valid</Message>";
                (403, format!("<ErrorResponse><Error>{error}</Error></ErrorResponse>"))
            } else if body.contains("Action=GetCallerIdentity") {
                let arn = format!("<Arn>arn:aws:iam::123456789012:user/{key}</Arn>");
                let result = format!("{arn}<Account>123456789012</Account>");
                let result = format!("<GetCallerIdentityResult>{result}</GetCallerIdentityResult>");
                let tag = "GetCallerIdentityResponse";
                (200, format!("<{tag}>{result}</{tag}>"))
            } else if body.contains("Action=AssumeRole") {
                let keys = "<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
                            <SessionToken>t</SessionToken><Expiration>2126-01-01T00:00:00Z</Expiration>";
                let result = format!(
                    "<AssumeRoleResult><Credentials>{keys}</Credentials></AssumeRoleResult>"
                );
                (200, format!("<AssumeRoleResponse>{result}</AssumeRoleResponse>"))
            } else {
                (404, String::new())
            };
            self.seen.lock().unwrap().push((key, body));
            let mut response = Response::new(answer.into());
            *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
            response.into()
        }
    }

    fn sts() -> (Arc<Sts>, Server, SdkConfig) {
        let sts = Arc::new(Sts::default());
        let handler: Arc<dyn Handler> = Arc::<Sts>::clone(&sts);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = Server::start(address, handler, 1 << 20).unwrap();
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .time_source(aws_smithy_async::time::SystemTimeSource::new())
            .sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new())
            .endpoint_url(format!("http://{}", server.address()))
            .build();
        (sts, server, sdk)
    }

    fn keys(id: &str) -> SharedCredentialsProvider {
        SharedCredentialsProvider::new(Credentials::from_keys(id, "hunter2", None))
    }

    fn over(sdk: SdkConfig, provider: SharedCredentialsProvider, example: bool) -> Live {
        Live::over("a test".to_owned(), "us-east-1", sdk, provider, example)
    }

    #[tokio::test]
    async fn sts_says_who_it_is_and_an_error_of_its_is_told() {
        let (_sts, _server, sdk) = sts();
        let live = over(sdk.clone(), keys("AKIALIVE"), false);
        let who = live.who().await.unwrap();
        assert_eq!(who.account, "123456789012");
        assert_eq!(who.arn, "arn:aws:iam::123456789012:user/AKIALIVE");
        assert!(!format!("{live:?}").contains("AKIALIVE"));
        let bad = over(sdk, keys("AKIABAD"), false).who().await;
        let bad = bad.unwrap_err().to_string();
        assert!(bad.contains("InvalidClientTokenId: not valid"), "{bad}");
        assert!(!bad.contains("AKIABAD") && !bad.contains("hunter2"), "{bad}");
    }

    #[tokio::test]
    async fn a_role_is_assumed_once_with_the_administrators_credentials() {
        let (sts, _server, sdk) = sts();
        let admin = over(sdk, keys("AKIALIVE"), false);
        let principal = Principal {
            role: Some(ROLE.to_owned()),
            session: Some("tests".to_owned()),
            ..Principal::default()
        };
        let worker = admin.of(&principal).await.unwrap();
        for _ in 0..2 {
            let credentials = worker.credentials().await.unwrap();
            assert_eq!(credentials.access_key_id(), "ASIAROLE");
            assert_eq!(credentials.session_token(), Some("t"));
        }
        let who = worker.who().await.unwrap();
        assert_eq!(who.arn, "arn:aws:iam::123456789012:user/ASIAROLE");
        let seen = std::mem::take(&mut *sts.seen.lock().unwrap());
        assert_eq!(seen.len(), 2, "{seen:?}");
        let (key, body) = &seen[0];
        assert_eq!(key, "AKIALIVE");
        assert!(body.contains("RoleSessionName=tests"), "{body}");
        assert!(body.contains("role%2Fworker"), "{body}");
        let nobody = admin.of(&Principal::default()).await;
        assert!(nobody.unwrap_err().to_string().contains("help: "));
    }

    /// A clock that a test sets.
    #[derive(Clone, Debug)]
    struct Clock(Arc<Mutex<SystemTime>>);

    impl TimeSource for Clock {
        fn now(&self) -> SystemTime {
            *self.0.lock().unwrap()
        }
    }

    #[tokio::test]
    async fn credentials_are_held_until_they_are_about_to_expire() {
        let clock = Clock(Arc::new(Mutex::new(SystemTime::UNIX_EPOCH)));
        let asked = Arc::new(Mutex::new(0_u32));
        let (now, count) = (clock.clone(), Arc::clone(&asked));
        let provider = provide_credentials_fn(move || {
            *count.lock().unwrap() += 1;
            let expiry = now.now() + Duration::from_hours(1);
            async move { Ok(Credentials::new("AKIA", "s", None, Some(expiry), "test")) }
        });
        let sdk = SdkConfig::builder().time_source(clock.clone()).build();
        let live = over(sdk, SharedCredentialsProvider::new(provider), false);
        for (minute, times) in [(0, 1), (57, 1), (58, 2), (100, 2), (300, 3)] {
            let now = SystemTime::UNIX_EPOCH + Duration::from_mins(minute);
            *clock.0.lock().unwrap() = now;
            let credentials = live.credentials().await.unwrap();
            assert!(credentials.expiry().unwrap() > now + Duration::from_mins(2));
            assert_eq!(*asked.lock().unwrap(), times, "{minute}");
        }
    }

    #[tokio::test]
    async fn the_examples_do_where_there_are_none_but_hide_no_failure() {
        let none = || {
            SharedCredentialsProvider::new(provide_credentials_fn(|| async {
                Err(CredentialsError::not_loaded("nothing here"))
            }))
        };
        let sdk = || SdkConfig::builder().build();
        let emulator = over(sdk(), none(), true).credentials().await.unwrap();
        assert_eq!(emulator.access_key_id(), "AKIAIOSFODNN7EXAMPLE");
        let aws = over(sdk(), none(), false).credentials().await;
        let aws = aws.unwrap_err().to_string();
        for part in ["a test", "nothing here", "help: "] {
            assert!(aws.contains(part), "{aws}");
        }
        let failing = provide_credentials_fn(|| async {
            Err(CredentialsError::provider_error("the session has expired"))
        });
        let failing = over(sdk(), SharedCredentialsProvider::new(failing), true);
        let failed = failing.credentials().await.unwrap_err().to_string();
        assert!(failed.contains("the session has expired"), "{failed}");
    }

    /// The environment is the process's, so the chain is tried in processes of their own, which run this test again.
    #[tokio::test]
    async fn the_chain_reads_profiles_and_leaves_ec2_alone_for_an_emulator() {
        match std::env::var("KMS_FIXTURE_TEST_CHAIN").as_deref() {
            Ok("keys") => return Box::pin(with_keys_in_the_environment()).await,
            Ok(_) => return Box::pin(in_a_clean_environment()).await,
            Err(_) => {}
        }
        let (sts, server, _) = sts();
        let home = tempfile::tempdir().unwrap();
        let config = home.path().join("config");
        let profiles = format!(
            "[profile janitor]\naws_access_key_id = AKIAJANITOR\naws_secret_access_key = s\n\
             [profile worker]\nrole_arn = {ROLE}\nsource_profile = janitor\n"
        );
        std::fs::write(&config, profiles).unwrap();
        let url = format!("http://{}", server.address());
        let (_, module) = module_path!().split_once("::").unwrap();
        let name =
            format!("{module}::the_chain_reads_profiles_and_leaves_ec2_alone_for_an_emulator");
        for case in ["keys", "clean"] {
            let mut command = std::process::Command::new(std::env::current_exe().unwrap());
            command
                .args(["--exact", &name])
                .env_clear()
                .env("KMS_FIXTURE_TEST_CHAIN", case)
                .env("HOME", home.path())
                .env("AWS_CONFIG_FILE", &config)
                .env("AWS_SHARED_CREDENTIALS_FILE", home.path().join("none"))
                .env("AWS_ENDPOINT_URL_STS", &url)
                .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url);
            if case == "keys" {
                command.env("AWS_ACCESS_KEY_ID", "AKIAENV");
                command.env("AWS_SECRET_ACCESS_KEY", "s");
            }
            let output = command.output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(
                output.status.success() && said.contains("1 passed"),
                "{said}{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        let seen = sts.seen.lock().unwrap();
        let ec2 = seen.iter().filter(|(key, _)| key.starts_with('/')).count();
        assert_eq!(ec2, 1, "EC2 is asked for AWS alone: {seen:?}");
    }

    /// A profile that is asked for is not overruled.
    async fn with_keys_in_the_environment() {
        for (profile, emulator, key) in [
            (None, false, "AKIAENV"),
            (None, true, "AKIAENV"),
            (Some("janitor"), true, "AKIAJANITOR"),
        ] {
            let live = Live::new(profile, "us-east-1", emulator).await;
            assert_eq!(live.credentials().await.unwrap().access_key_id(), key);
        }
    }

    async fn in_a_clean_environment() {
        let emulator = Live::new(None, "us-east-1", true).await;
        let found = emulator.credentials().await.unwrap();
        assert_eq!(found.access_key_id(), "AKIAIOSFODNN7EXAMPLE");
        let who = emulator.who().await.unwrap();
        assert!(who.arn.ends_with("user/AKIAIOSFODNN7EXAMPLE"), "{who:?}");

        let missing = Principal { profile: Some("nobody".to_owned()), ..Principal::default() };
        let missing = emulator.of(&missing).await.unwrap();
        let missing = missing.credentials().await.unwrap_err().to_string();
        for part in ["the profile `nobody`", "was not defined", "help: "] {
            assert!(missing.contains(part), "{missing}");
        }

        for (profile, key) in [("janitor", "AKIAJANITOR"), ("worker", "ASIAROLE")] {
            let live = Live::new(Some(profile), "us-east-1", false).await;
            assert_eq!(live.credentials().await.unwrap().access_key_id(), key);
            assert!(live.who().await.unwrap().arn.ends_with(key));
        }

        let aws = Live::new(None, "us-east-1", false).await;
        assert!(aws.credentials().await.is_err());
    }
}
