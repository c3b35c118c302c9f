//! Every change of one bit of what is signed makes another signature.

use std::sync::Arc;

use super::super::super::Verifier;
use super::super::super::authenticate::{authenticate, request_time};
use super::{DATE, SECRET, authorization, both, credential, request};
use crate::kms::principals::Credential;

const SIGNED: &str =
    "content-type;host;x-amz-date;x-amz-security-token;x-amz-target;x-amz-user-agent";
const TOKEN: &str = "AQoDYXdzEPT//////////wEXAMPLE==";
const SCOPE: &str = "20150830/us-east-1/kms/aws4_request";
const HEADERS: [(&str, &[u8]); 7] = [
    ("content-type", b"application/x-amz-json-1.1"),
    ("host", b"kms.us-east-1.amazonaws.com"),
    ("x-amz-date", DATE.as_bytes()),
    ("x-amz-security-token", TOKEN.as_bytes()),
    ("x-amz-target", b"TrentService.RetireGrant"),
    ("x-amz-user-agent", b"aws-sdk-rust/1.3 os/linux lang/rust"),
    ("authorization", b""),
];
const BODY: &[u8] = br#"{"GrantToken":"AQpAM2RhZTk1MGMyNTk2ZmZmMzEyYWVhOWViN2I1MWM4Mzc0MWFiYjc0ZDE1ODkyNGFlNTIzODZhMzgyZjBlNGY3NiKIAgEBAgB4"}"#;

/// Returns the verdict on a request, as the fixture would have it on that day; `None` if HTTP has no such request.
fn verdict(credential: &Arc<Credential>, headers: &[(&str, &[u8])], body: &[u8]) -> Option<bool> {
    let request = request("POST", "/", headers, body.to_vec())?;
    let now = request_time(&request, Some(DATE)).unwrap();
    let known = |id: &str| (id == credential.access_key_id).then(|| Arc::clone(credential));
    let verifier = Verifier {
        region: "us-east-1",
        service: "kms",
        is_open: &|_| false,
        now,
        credential: &known,
    };
    Some(authenticate(&request, &verifier).is_ok())
}

#[test]
fn every_change_of_one_bit_is_refused() {
    let credential = Arc::new(credential(SECRET, Some(TOKEN)));
    let unsigned = request("POST", "/", &HEADERS[..6], BODY).unwrap();
    let signature = {
        let (usual, again) =
            both(&unsigned, &authorization(SCOPE, SIGNED, ""), &credential).unwrap();
        assert_eq!(usual, again);
        usual.unwrap()
    };
    let header = authorization(SCOPE, SIGNED, &signature);
    let mut headers = HEADERS;
    headers[6].1 = header.as_bytes();
    assert_eq!(verdict(&credential, &headers, BODY), Some(true));

    for bit in 0..BODY.len() * 8 {
        let mut body = BODY.to_vec();
        body[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(verdict(&credential, &headers, &body), Some(false), "bit {bit} of the body");
    }
    let listed = header.find(SIGNED).unwrap();
    let mut tried = 0;
    for (at, (name, value)) in headers.iter().enumerate() {
        for bit in 0..value.len() * 8 {
            let mut changed = value.to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            let mut headers = headers;
            headers[at].1 = &changed;
            // In the list of signed headers, the case of a letter means nothing.
            let is_case = *name == "authorization"
                && bit % 8 == 5
                && (listed..listed + SIGNED.len()).contains(&(bit / 8))
                && value[bit / 8].is_ascii_alphabetic();
            let Some(verdict) = verdict(&credential, &headers, BODY) else { continue };
            assert_eq!(verdict, is_case, "bit {bit} of {name}");
            tried += 1;
        }
    }
    assert!(tried > 2_000, "{tried}");
}

#[test]
fn every_change_of_one_bit_makes_another_usual_signature() {
    let credential = credential(SECRET, Some(TOKEN));
    let header = authorization(SCOPE, SIGNED, "");
    let signature = |headers: &[(&str, &[u8])], body: &[u8]| {
        let request = request("POST", "/", headers, body.to_vec())?;
        both(&request, &header, &credential)?.0
    };
    let right = signature(&HEADERS, BODY);
    assert!(right.is_some());
    for bit in 0..BODY.len() * 8 {
        let mut body = BODY.to_vec();
        body[bit / 8] ^= 1 << (bit % 8);
        let changed = signature(&HEADERS, &body);
        assert!(changed.is_some() && changed != right, "bit {bit} of the body");
    }
    for (at, (name, value)) in HEADERS.iter().enumerate() {
        // The token is that of the credentials, which comes before.
        for bit in 0..value.len() * 8 {
            let mut changed = value.to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            let mut headers = HEADERS;
            headers[at].1 = &changed;
            assert_ne!(signature(&headers, BODY), right, "bit {bit} of {name}");
        }
    }
}
