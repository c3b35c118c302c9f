//! What goes over the wire, by hand (`kms-facts.md` 1). The Python suite has the malformed rest.

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::time::SystemTime;

use aws_sdk_kms::config::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

/// Sends one signed request, written by hand; returns the whole answer as text.
pub(crate) fn post(kms: &Kms, credentials: &Credentials, target: &str, body: &str) -> String {
    let host = kms.endpoint_url().strip_prefix("http://").unwrap();
    let identity = credentials.clone().into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region(kms.region())
        .name("kms")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .unwrap()
        .into();
    let headers =
        [("host", host), ("content-type", "application/x-amz-json-1.1"), ("x-amz-target", target)];
    let signable = SignableRequest::new(
        "POST",
        kms.endpoint_url(),
        headers.into_iter(),
        SignableBody::Bytes(body.as_bytes()),
    );
    let (instructions, _) = sign(signable.unwrap(), &params).unwrap().into_parts();
    let mut request = "POST / HTTP/1.1\r\nConnection: close\r\n".to_owned();
    for (name, value) in headers.into_iter().chain(instructions.headers()) {
        write!(request, "{name}: {value}\r\n").unwrap();
    }
    write!(request, "content-length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[kms_test(
    keys(orders),
    roles(worker, janitor),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)))
)]
fn an_empty_answer_has_no_body_and_the_headers_of_a_success_facts_1_3_1_4_1_17(
    kms: Kms,
    janitor: Caller,
    access: Grant,
) {
    let body = format!(r#"{{"GrantToken":"{}","Unknown":{{"a":[1]}}}}"#, access.token());
    let answer = post(&kms, &janitor.credentials(), "TrentService.RetireGrant", &body);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    assert_eq!(body, "");
    let head = head.to_lowercase();
    for header in [
        "content-length: 0",
        "content-type: application/x-amz-json-1.1",
        "x-amzn-requestid: ",
        "date: ",
        "cache-control: no-cache, no-store, must-revalidate, private", // fact 15.17
        "expires: 0",
        "pragma: no-cache",
    ] {
        assert!(head.contains(header), "{head}");
    }
}

#[kms_test]
fn errors_have_the_form_of_the_capture_facts_1_5_to_1_7(kms: Kms, admin: Caller) {
    let answer =
        post(&kms, &admin.credentials(), "TrentService.DescribeKey", r#"{"KeyId":"invalid"}"#);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 400 Bad Request"), "{head}");
    assert_eq!(body, r#"{"__type":"NotFoundException","message":"Invalid keyId 'invalid'"}"#);
    let head = head.to_lowercase();
    for header in [
        "cache-control: no-cache, no-store, must-revalidate, private",
        "expires: 0",
        "pragma: no-cache",
        "content-type: application/x-amz-json-1.1",
    ] {
        assert!(head.contains(header), "{head}");
    }
    assert!(!head.contains("x-amzn-errortype"));
}

/// AWS's samples and a recorded length of content show the form; `Connection` is recorded, too.
#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grantee(worker), operations(Decrypt)))
)]
fn times_have_an_exponent_facts_1_13_15_22(kms: Kms, admin: Caller, orders: Key) {
    kms.clock().advance(std::time::Duration::from_millis(250));
    let input = format!(r#"{{"KeyId":"{}"}}"#, orders.id());
    for (operation, time) in [
        ("DescribeKey", r#""CreationDate":1.7672256E9,"#),
        ("ListGrants", r#""CreationDate":1.7672256E9,"#),
        ("CreateKey", r#""CreationDate":1.76722560025E9,"#),
    ] {
        let target = format!("TrentService.{operation}");
        let answer = post(&kms, &admin.credentials(), &target, &input);
        assert!(answer.contains(time), "{answer}");
    }
}

#[kms_test(roles(worker(allow("kms:ListKeys"))))]
fn web_pages_may_call_fact_15_23(kms: Kms, worker: Caller) {
    let host = kms.endpoint_url().strip_prefix("http://").unwrap();
    let send = |request: String| {
        let mut stream = TcpStream::connect(host).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.to_lowercase()
    };
    let head = |method: &str, more: &str| {
        format!(
            "{method} / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 0\r\n{more}\r\n"
        )
    };
    let asked = "Origin: https://example.com\r\nAccess-Control-Request-Method: POST\r\n\
                 Access-Control-Request-Headers: authorization,x-amz-target\r\n";
    let allowed = send(head("OPTIONS", asked));
    assert!(allowed.starts_with("http/1.1 200"), "{allowed}");
    for header in [
        "access-control-allow-origin: *",
        "access-control-allow-methods: post",
        "access-control-allow-headers: authorization,x-amz-target",
        "access-control-max-age: 172800",
    ] {
        assert!(allowed.contains(header), "{allowed}");
    }
    // A page may read an answer, here one without a signature, and other clients get no such headers.
    let refused = send(head(
        "POST",
        "Origin: https://example.com\r\nX-Amz-Target: TrentService.ListKeys\r\n",
    ));
    assert!(refused.contains("missingauthenticationtoken"), "{refused}");
    assert!(refused.contains("access-control-allow-origin: *"), "{refused}");
    let plain = post(&kms, &worker.credentials(), "TrentService.ListKeys", "{}");
    assert!(!plain.to_lowercase().contains("access-control"), "{plain}");
    // An OPTIONS that is no preflight is refused as before.
    assert!(send(head("OPTIONS", "")).starts_with("http/1.1 400"));
    assert_eq!(kms.calls().iter().filter(|it| it.operation() == "OPTIONS /").count(), 1);
}

#[kms_test]
fn a_connection_is_kept_unless_the_client_closes_it_fact_1_4(kms: Kms) {
    let host = kms.endpoint_url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let mut head = |more: &str| {
        let request = format!("POST / HTTP/1.1\r\nHost: {host}\r\n{more}Content-Length: 0\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = vec![0; 4096];
        let length = stream.read(&mut answer).unwrap();
        String::from_utf8(answer[..length].to_vec()).unwrap().to_lowercase()
    };
    for _ in 0..2 {
        assert!(head("").contains("\r\nconnection: keep-alive\r\n"));
    }
    assert!(!head("Connection: close\r\n").contains("keep-alive"));
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert!(rest.is_empty());
    // These connections end, too.
    for (version, option) in [("1.0", ""), ("1.1", "Connection: TE, Close\r\n")] {
        let mut stream = TcpStream::connect(host).unwrap();
        let head = format!("POST / HTTP/{version}\r\nHost: {host}\r\n{option}");
        stream.write_all(format!("{head}Content-Length: 0\r\n\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(!answer.to_lowercase().contains("keep-alive"), "{answer}");
    }
}

#[kms_test(keys(orders))]
fn an_empty_body_is_an_empty_object_fact_1_2(kms: Kms, admin: Caller) {
    let answer = post(&kms, &admin.credentials(), "TrentService.ListKeys", "");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains(r#""Truncated":false"#), "{answer}");
}

/// No SDK sends a number there: the Developer Guide says that KMS reads it as a string.
#[kms_test(keys(orders))]
fn a_number_in_an_encryption_context_is_read_as_a_string_fact_15_21(
    kms: Kms,
    admin: Caller,
    orders: Key,
) {
    let call = |operation: &str, input: &str| {
        let target = format!("TrentService.{operation}");
        let answer = post(&kms, &admin.credentials(), &target, input);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.starts_with("HTTP/1.1 200"), serde_json::from_str::<serde_json::Value>(body).unwrap())
    };
    let key = orders.id();
    let context = r#"{"version":5,"share":1.5,"debt":-7}"#;
    let (_, sealed) = call(
        "Encrypt",
        &format!(r#"{{"KeyId":"{key}","Plaintext":"AAAA","EncryptionContext":{context}}}"#),
    );
    let blob = sealed["CiphertextBlob"].as_str().unwrap();
    let texts = r#"{"version":"5","share":"1.5","debt":"-7"}"#;
    for (context, opens) in [(context, true), (texts, true), (r#"{"version":5}"#, false)] {
        let input = format!(r#"{{"CiphertextBlob":"{blob}","EncryptionContext":{context}}}"#);
        assert_eq!(call("Decrypt", &input).0, opens, "{context}");
    }
    // Other values are not read as strings.
    for value in ["true", "[]", "{}"] {
        let input = format!(
            r#"{{"KeyId":"{key}","Plaintext":"AAAA","EncryptionContext":{{"version":{value}}}}}"#
        );
        let (_, refusal) = call("Encrypt", &input);
        assert_eq!(refusal["__type"], "SerializationException", "{value}");
    }
}

#[kms_test]
fn unknown_and_unimplemented_operations_are_refused(kms: Kms, admin: Caller) {
    let answer = |target: &str| post(&kms, &admin.credentials(), target, "{}");
    for target in ["TrentService.Nonsense", "Other.ListKeys", "ListKeys", "trentservice.ListKeys"] {
        let answer = answer(target);
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        assert!(answer.ends_with(r#"{"__type":"UnknownOperationException"}"#), "{answer}");
    }
    let answer = answer("TrentService.CreateCustomKeyStore");
    assert!(answer.starts_with("HTTP/1.1 501"), "{answer}");
    assert!(answer.contains("does not implement CreateCustomKeyStore"), "{answer}");
}

#[kms_test]
fn malformed_json_is_a_serialization_exception(kms: Kms, admin: Caller) {
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    for body in ["{", "null", "\"x\"", "{\"KeyId\":}", &deep] {
        let answer = post(&kms, &admin.credentials(), "TrentService.DescribeKey", body);
        assert!(answer.ends_with(r#"{"__type":"SerializationException"}"#), "{answer}");
    }
    let answer = post(&kms, &admin.credentials(), "TrentService.DescribeKey", r#"{"KeyId":5}"#);
    let expected = r#"{"__type":"SerializationException","Message":"NUMBER_VALUE can not be converted to a String"}"#;
    assert!(answer.ends_with(expected), "{answer}");
}

#[kms_test(keys(orders))]
fn numbers_may_be_written_with_an_exponent(kms: Kms, admin: Caller) {
    let answer =
        post(&kms, &admin.credentials(), "TrentService.ListKeys", r#"{"Limit":1E1,"Marker":null}"#);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
