//! Credentials from every source, against the test's own STS.

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

/// A fake STS, which stores its callers and their requests.
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
        let (status, answer) = if body.contains("Action=GetCallerIdentity") && key == "AKIABAD" {
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
            let result =
                format!("<AssumeRoleResult><Credentials>{keys}</Credentials></AssumeRoleResult>");
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
async fn sts_identifies_the_caller_and_its_error_is_reported() {
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
    let without_either = admin.of(&Principal::default()).await;
    assert!(without_either.unwrap_err().to_string().contains("help: "));
}

/// A clock that the test sets.
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
async fn example_credentials_are_a_fallback_but_hide_no_failure() {
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

/// Tries the chain in child processes, which run this test again, because the environment belongs to a process.
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
    let name = format!("{module}::the_chain_reads_profiles_and_leaves_ec2_alone_for_an_emulator");
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
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && stdout.contains("1 passed"),
            "{stdout}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let seen = sts.seen.lock().unwrap();
    let ec2 = seen.iter().filter(|(key, _)| key.starts_with('/')).count();
    assert_eq!(ec2, 1, "EC2 is asked for AWS alone: {seen:?}");
}

/// Checks that a named profile takes precedence.
async fn with_keys_in_the_environment() {
    for (profile, emulator, key) in
        [(None, false, "AKIAENV"), (None, true, "AKIAENV"), (Some("janitor"), true, "AKIAJANITOR")]
    {
        let live = Live::new(profile, "us-east-1", emulator, true).await;
        assert_eq!(live.credentials().await.unwrap().access_key_id(), key);
    }
}

async fn in_a_clean_environment() {
    let emulator = Live::new(None, "us-east-1", true, true).await;
    let found = emulator.credentials().await.unwrap();
    assert_eq!(found.access_key_id(), "AKIAIOSFODNN7EXAMPLE");
    let who = emulator.who().await.unwrap();
    assert!(who.arn.ends_with("user/AKIAIOSFODNN7EXAMPLE"), "{who:?}");

    let missing = Principal { profile: Some("absent".to_owned()), ..Principal::default() };
    let missing = emulator.of(&missing).await.unwrap();
    let missing = missing.credentials().await.unwrap_err().to_string();
    for part in ["the profile `absent`", "was not defined", "help: "] {
        assert!(missing.contains(part), "{missing}");
    }

    for (profile, key) in [("janitor", "AKIAJANITOR"), ("worker", "ASIAROLE")] {
        let live = Live::new(Some(profile), "us-east-1", false, true).await;
        assert_eq!(live.credentials().await.unwrap().access_key_id(), key);
        assert!(live.who().await.unwrap().arn.ends_with(key));
    }

    let aws = Live::new(None, "us-east-1", false, true).await;
    assert!(aws.credentials().await.is_err());
}
