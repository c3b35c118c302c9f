//! Signature Version 4 through the door: what `aws-sigv4` signs is accepted, and no changed bit of it is.

use std::time::{Duration, SystemTime};

use aws_sdk_kms::config::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use kms_fixture::scenario::RoleDeclaration;
use kms_fixture::{Caller, Fixture, Kms, kms_test};
use proptest::prelude::*;

/// The headers of a request, in the order in which they are sent, and its body.
#[derive(Clone, Debug)]
struct Sent {
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// A signer with credentials.
struct Signer {
    credentials: Credentials,
    region: String,
    time: SystemTime,
}

impl Signer {
    fn new(kms: &Kms, credentials: Credentials) -> Self {
        Self { credentials, region: kms.region().to_owned(), time: kms.clock().now() }
    }

    /// Signs a ListKeys call with more headers, as `aws-sigv4` does.
    fn sign(&self, host: &str, more: &[(String, String)], body: &[u8]) -> Sent {
        let identity = self.credentials.clone().into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("kms")
            .time(self.time)
            .settings(SigningSettings::default())
            .build()
            .unwrap()
            .into();
        let own = [
            ("host", host),
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", "TrentService.ListKeys"),
        ];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut headers: Vec<_> = own.into_iter().chain(more.iter().cloned()).collect();
        let shown = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let url = format!("http://{host}/");
        let request = SignableRequest::new("POST", url, shown, SignableBody::Bytes(body));
        let (instructions, _) = sign(request.unwrap(), &params).unwrap().into_parts();
        let made = instructions.headers();
        headers.extend(made.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Sent { headers, body: body.to_vec() }
    }

    fn plain(&self) -> Sent {
        self.sign("kms-fixture.invalid", &[], b"{}")
    }
}

/// The HTTP client of a caller, without the SDK around it.
struct Door(SharedHttpConnector);

impl Door {
    fn new(caller: &Caller) -> Self {
        let components = RuntimeComponentsBuilder::for_tests().build().unwrap();
        let client = caller.sdk_config().http_client().unwrap();
        Self(client.http_connector(&HttpConnectorSettings::default(), &components))
    }

    /// Returns the status and the body of the answer; `None` if HTTP has no such request.
    async fn send(&self, sent: &Sent) -> Option<(u16, String)> {
        let mut request = HttpRequest::new(sent.body.clone().into());
        request.set_method("POST").unwrap();
        request.set_uri("http://kms-fixture.invalid/").unwrap();
        for (name, value) in &sent.headers {
            request.headers_mut().try_append(name.clone(), value.clone()).ok()?;
        }
        let answer = self.0.call(request).await.unwrap();
        let body = String::from_utf8(answer.body().bytes().unwrap().to_vec()).unwrap();
        Some((answer.status().as_u16(), body))
    }

    async fn is_accepted(&self, sent: &Sent) {
        let (status, body) = self.send(sent).await.unwrap();
        assert_eq!(status, 200, "{body}: {sent:?}");
    }

    /// Asserts that the request is refused for its signature or its credentials.
    async fn is_refused(&self, sent: &Sent) {
        let Some((status, body)) = self.send(sent).await else { return };
        assert_eq!(status, 400, "{sent:?}");
        let codes = [
            "InvalidSignatureException",
            "IncompleteSignatureException",
            "UnrecognizedClientException",
            "MissingAuthenticationTokenException",
            // The signed target is read before the signature.
            "UnknownOperationException",
        ];
        assert!(codes.iter().any(|it| body.contains(it)), "{body}: {sent:?}");
    }
}

/// Returns `bytes` with one changed bit.
fn with_bit(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[bit / 8] ^= 1 << (bit % 8);
    changed
}

#[kms_test]
async fn every_changed_bit_of_a_signature_is_refused(kms: Kms, admin: Caller) {
    let door = Door::new(&admin);
    let sent = Signer::new(&kms, admin.credentials()).plain();
    door.is_accepted(&sent).await;
    for (at, (name, value)) in sent.headers.iter().enumerate() {
        let signed = value.find("SignedHeaders=").map(|it| it + "SignedHeaders=".len());
        for bit in 0..value.len() * 8 {
            // Not UTF-8, which the SDK cannot send.
            let Ok(value) = String::from_utf8(with_bit(value.as_bytes(), bit)) else { continue };
            // The case of a letter in the list of signed headers means nothing.
            let end = value.find(", Signature").unwrap_or_default();
            if bit % 8 == 5 && signed.is_some_and(|it| (it..end).contains(&(bit / 8))) {
                continue;
            }
            let mut changed = sent.clone();
            changed.headers[at] = (name.clone(), value);
            door.is_refused(&changed).await;
        }
    }
    for bit in 0..sent.body.len() * 8 {
        let changed = Sent { body: with_bit(&sent.body, bit), ..sent.clone() };
        door.is_refused(&changed).await;
    }
    door.is_accepted(&sent).await;
}

#[kms_test]
async fn a_body_of_the_largest_size_is_verified(kms: Kms, admin: Caller) {
    let door = Door::new(&admin);
    let mut body = br#"{"Marker":""#.to_vec();
    body.resize((1 << 20) - 2, b'x');
    body.extend_from_slice(b"\"}");
    let sent = Signer::new(&kms, admin.credentials()).sign("localhost", &[], &body);
    let (_, answer) = door.send(&sent).await.unwrap();
    assert!(answer.contains("ValidationException"), "{answer}");
    for bit in [0, 4_000_001, body.len() * 8 - 1] {
        door.is_refused(&Sent { body: with_bit(&body, bit), ..sent.clone() }).await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_signed_headers_are_verified(
        host in "[a-z0-9.-]{1,20}(:[0-9]{1,5})?|\\[::1\\](:[0-9]{2,4})?|[A-Z]{3}",
        more in prop::collection::vec(("x-[a-c]{1,2}|X-[A-C]", "[ -~]{0,12}|[ \\ta]{0,6}"), 0..6),
        blanks in " {0,12}",
        drawn in any::<prop::sample::Index>(),
    ) {
        let kms = Fixture::builder().seed(7).start().unwrap();
        let admin = kms.caller("admin");
        let door = Door::new(&admin);
        let body = format!("{{{blanks}}}");
        let sent = Signer::new(&kms, admin.credentials()).sign(&host, &more, body.as_bytes());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            door.is_accepted(&sent).await;
            let bit = drawn.index(body.len() * 8);
            door.is_refused(&Sent { body: with_bit(body.as_bytes(), bit), ..sent.clone() }).await;
            // Another value of a signed header.
            let at = drawn.index(sent.headers.len());
            let mut changed = sent.clone();
            changed.headers[at].1.push('x');
            door.is_refused(&changed).await;
            if more.is_empty() {
                return;
            }
            let mut changed = sent.clone();
            changed.headers.remove(3 + drawn.index(more.len()));
            door.is_refused(&changed).await;
        });
    }
}

#[kms_test]
async fn a_right_signature_proves_nothing_for_another_secret(kms: Kms, admin: Caller) {
    let door = Door::new(&admin);
    let right = admin.credentials();
    let with_secret = |secret: &str| {
        let token = right.session_token().map(str::to_owned);
        let credentials = Credentials::new(right.access_key_id(), secret, token, None, "test");
        Signer::new(&kms, credentials).plain()
    };
    for _ in 0..2 {
        door.is_accepted(&with_secret(right.secret_access_key())).await;
        door.is_refused(&with_secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")).await;
        let mut cut = right.secret_access_key().to_owned();
        cut.pop();
        door.is_refused(&with_secret(&cut)).await;
    }
}

#[kms_test]
async fn a_signature_is_good_for_its_day_only(kms: Kms, admin: Caller) {
    let door = Door::new(&admin);
    let mut before = Signer::new(&kms, admin.credentials()).plain();
    for _ in 0..6 {
        kms.clock().advance(Duration::from_hours(24));
        door.is_refused(&before).await;
        let signer = Signer::new(&kms, admin.credentials());
        let today = signer.plain();
        door.is_accepted(&today).await;
        // Yesterday's signature with today's date.
        let stamp = |sent: &Sent| sent.headers.iter().position(|it| it.0 == "x-amz-date").unwrap();
        let mut moved = before.clone();
        let at = stamp(&moved);
        moved.headers[at] = today.headers[stamp(&today)].clone();
        door.is_refused(&moved).await;
        before = today;
    }
}

#[tokio::test]
async fn a_signature_is_good_for_its_region_only() {
    let kms = Fixture::builder().any_region().start().unwrap();
    let admin = kms.caller("admin");
    let door = Door::new(&admin);
    for region in ["us-east-1", "eu-central-1", "us-east-1", "ap-south-1", "eu-central-1"] {
        let own = Signer::new(&kms, admin.credentials());
        let signer = Signer { region: region.to_owned(), ..own };
        let sent = signer.plain();
        door.is_accepted(&sent).await;
        let mut moved = sent.clone();
        for (name, value) in &mut moved.headers {
            if name == "authorization" {
                *value = value.replace(&format!("/{region}/"), "/us-west-2/");
            }
        }
        door.is_refused(&moved).await;
    }
}

#[tokio::test]
async fn credentials_end_with_their_role_and_are_those_of_one_role() {
    let role = |name: &str| RoleDeclaration::new(name).allow(["kms:ListKeys"]);
    let kms = Fixture::builder().role(role("worker")).role(role("janitor")).start().unwrap();
    let (worker, janitor) = (kms.caller("worker"), kms.caller("janitor"));
    let door = Door::new(&worker);
    let [first, other] = [&worker, &janitor].map(|it| Signer::new(&kms, it.credentials()).plain());
    door.is_accepted(&first).await;
    door.is_accepted(&other).await;
    kms.delete_principal("worker").unwrap();
    door.is_refused(&first).await;
    let again = kms.recreate_role("worker").unwrap();
    door.is_refused(&first).await;
    door.is_accepted(&Signer::new(&kms, again.credentials()).plain()).await;
    door.is_accepted(&other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn clones_and_threads_share_credentials() {
    let kms = Fixture::builder().any_region().start().unwrap();
    let mut tasks = Vec::new();
    for number in 0..16_usize {
        let kms = kms.clone();
        tasks.push(tokio::spawn(async move {
            let admin = kms.caller("admin");
            let door = Door::new(&admin);
            for step in 0..20 {
                let regions = [
                    "us-east-1",
                    "us-east-2",
                    "eu-west-1",
                    "eu-west-2",
                    "sa-east-1",
                    "ca-central-1",
                ];
                let region = regions[(number + step) % regions.len()].to_owned();
                let signer = Signer { region, ..Signer::new(&kms, admin.credentials()) };
                let sent = signer.plain();
                door.is_accepted(&sent).await;
                let body = b"{ }".to_vec();
                door.is_refused(&Sent { body, ..sent }).await;
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
}
