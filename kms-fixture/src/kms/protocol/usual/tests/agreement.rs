//! Requests of any shape: the usual shape has the signature of `aws-sigv4`, or no answer.

use fastrand::Rng;

use super::{DATE, SECRET, authorization, both, credential, request};
use crate::wire::exchange::Request;

const METHODS: &[&str] = &["POST", "POST", "GET", "PUT", "post"];
const TARGETS: &[&str] = &[
    "/",
    "/",
    "/",
    "/",
    "/",
    "/?",
    "/?a=b",
    "/?b=2&a=1",
    "/?a=%20b&A",
    "//",
    "/a/../b",
    "/a%20b",
    "/.",
    "*",
    "http://elsewhere.example/",
    "http://elsewhere.example/x?y",
];
const HOSTS: &[&[u8]] = &[
    b"kms.us-east-1.amazonaws.com",
    b"127.0.0.1:43210",
    b"localhost:80",
    b"LocalHost",
    b"kms-fixture.invalid",
    b"[::1]:8080",
    b"[::1]",
    b"[fe80::1%25eth0]",
    b"host:",
    b"host:123456",
    b"host:99999",
    b":80",
    b"",
    b"a b",
    b" host ",
    b"user@host",
    b"host/path",
    b"host?query",
    b"host#part",
    b"h\xc3\xb6st",
    b"..",
    b"-",
    b"a:b",
    b"a:1:2",
    b"a,b",
    b"a%41",
];
const NAMES: &[&str] = &[
    "content-type",
    "x-amz-target",
    "x-amz-user-agent",
    "user-agent",
    "amz-sdk-invocation-id",
    "content-length",
    "my-header",
    "x-amz-content-sha256",
    "authorization",
    "accept",
];
const VALUES: &[&[u8]] = &[
    b"application/x-amz-json-1.1",
    b"TrentService.ListGrants",
    b"aws-sdk-rust/1.3 os/linux lang/rust",
    b"",
    b" ",
    b" leading",
    b"trailing ",
    b"two  blanks",
    b"a\tb",
    b"\ttab",
    b"caf\xc3\xa9",
    b"\xff",
    b"a,b",
    b"\"a   b\"",
    b"~!#$",
];
const DATES: &[&str] = &[
    DATE,
    DATE,
    DATE,
    DATE,
    DATE,
    "20150830T235960Z",
    "20150830t123600z",
    "20150830T123660Z",
    "20150831T000000Z",
    "00000830T123600Z",
    "20150830T240000Z",
    "20150830T1236000",
    " 20150830T123600Z",
];
const SCOPES: &[&str] = &[
    "20150830/us-east-1/kms/aws4_request",
    "20150830/eu-central-1/kms/aws4_request",
    "20150830/us-east-1/sts/aws4_request",
];
const TOKEN: &[u8] = b"AQoDYXdzEPT//////////wEXAMPLE==";

fn one<T: Copy>(draw: &mut Rng, of: &[T]) -> T {
    of[draw.usize(..of.len())]
}

/// Draws a request and its `Authorization` header. A `tame` one is of the usual shape more often.
fn drawn(draw: &mut Rng, tame: bool) -> Option<(Request, String, Option<&'static str>)> {
    let rare = |draw: &mut Rng| !tame && draw.u8(..8) == 0;
    let tamed = |draw: &mut Rng, length: usize| if tame { 1 } else { draw.usize(1..=length) };
    let mut headers: Vec<(&str, &[u8])> = Vec::new();
    let hosts = tamed(draw, HOSTS.len());
    headers.push(("host", one(draw, &HOSTS[..hosts])));
    let dates = tamed(draw, DATES.len());
    headers.push(("x-amz-date", one(draw, &DATES[..dates]).as_bytes()));
    let token = if draw.bool() { Some("AQoDYXdzEPT//////////wEXAMPLE==") } else { None };
    if token.is_some() {
        headers.push(("x-amz-security-token", TOKEN));
    }
    let values = if tame { 3 } else { VALUES.len() };
    for name in NAMES {
        if draw.bool() {
            headers.push((name, one(draw, &VALUES[..values])));
        }
    }
    if rare(draw) {
        let doubled = one(draw, &headers);
        headers.push(doubled);
    }
    let mut signed: Vec<String> = vec!["host".to_owned()];
    signed.extend(headers.iter().filter(|_| draw.u8(..4) > 0).map(|it| it.0.to_owned()));
    signed.sort();
    if !rare(draw) {
        signed.dedup();
    }
    if rare(draw) {
        signed.push(
            one(draw, &["missing", "accept", "x-amz-date", "x-amz-security-token", ""]).to_owned(),
        );
    }
    if rare(draw) {
        draw.shuffle(&mut signed);
    }
    if rare(draw) {
        let at = draw.usize(..signed.len());
        signed[at] = signed[at].to_uppercase();
    }
    let body = match draw.u8(..) {
        0 => vec![b'x'; 1 << 20],
        1..=60 => Vec::new(),
        _ => (0..draw.usize(..300)).map(|_| draw.u8(..)).collect(),
    };
    draw.shuffle(&mut headers);
    let targets = tamed(draw, TARGETS.len());
    let request = request(one(draw, METHODS), one(draw, &TARGETS[..targets]), &headers, body)?;
    Some((request, authorization(one(draw, SCOPES), &signed.join(";"), "0"), token))
}

/// Draws `count` requests; returns the number of those that HTTP has, and of those of the usual shape.
fn compared(count: u64, tame: bool) -> (u32, u32) {
    let (mut compared, mut usual) = (0, 0);
    for seed in 0..count {
        let mut draw = Rng::with_seed(seed);
        let Some((request, header, token)) = drawn(&mut draw, tame) else { continue };
        let credential = credential(SECRET, token);
        let Some((found, again)) = both(&request, &header, &credential) else { continue };
        compared += 1;
        if found.is_some() {
            usual += 1;
            assert_eq!(found, again, "seed {seed}, tame {tame}: {header}, {request:?}");
        }
    }
    (compared, usual)
}

#[test]
fn any_shape_agrees_with_aws_sigv4_or_has_no_answer() {
    let (compared, usual) = compared(2_000, false);
    assert!(compared > 700 && usual > 20, "{usual} of {compared}");
}

#[test]
fn what_sdks_send_is_of_the_usual_shape() {
    let (compared, usual) = compared(300, true);
    assert_eq!((compared, usual), (300, 300));
}
