//! The signatures that AWS has published: its test suite for Signature Version 4 (awslabs/aws-c-auth,
//! `tests/aws-signing-test-suite/v4`, `header-signed-request.txt` of each case), and the example of the General Reference,
//! "Signature Version 4 signing process".

use super::{DATE, SECRET, authorization, both, credential, request};

/// A request with its signature. Each has `Host`, and `X-Amz-Date` after the other headers.
struct Case {
    name: &'static str,
    /// Whether the request is of the usual shape.
    is_usual: bool,
    method: &'static str,
    target: &'static str,
    headers: &'static [(&'static str, &'static str)],
    signed: &'static str,
    body: &'static str,
    signature: &'static str,
}

const BARE: Case = Case {
    name: "get-vanilla",
    is_usual: true,
    method: "GET",
    target: "/",
    headers: &[],
    signed: "host;x-amz-date",
    body: "",
    signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
};

const TOKEN: &str = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRq\
     TflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6\
     q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2\
     ICCR/oLxBA==";

const FORM: Case = Case {
    name: "post-x-www-form-urlencoded",
    method: "POST",
    headers: &[
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Content-Length", "13"),
        (
            "x-amz-content-sha256",
            "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
        ),
    ],
    signed: "content-length;content-type;host;x-amz-content-sha256;x-amz-date",
    body: "Param1=value1",
    signature: "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
    ..BARE
};

const CASES: &[Case] = &[
    BARE,
    Case {
        name: "get-header-key-duplicate",
        is_usual: false,
        headers: &[("My-Header1", "value2"), ("My-Header1", "value2"), ("My-Header1", "value1")],
        signed: "host;my-header1;x-amz-date",
        signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
        ..BARE
    },
    Case {
        name: "get-header-value-order",
        is_usual: false,
        headers: &[
            ("My-Header1", "value4"),
            ("My-Header1", "value1"),
            ("My-Header1", "value3"),
            ("My-Header1", "value2"),
        ],
        signed: "host;my-header1;x-amz-date",
        signature: "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
        ..BARE
    },
    Case {
        name: "get-header-value-trim",
        is_usual: false,
        headers: &[("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
        signed: "host;my-header1;my-header2;x-amz-date",
        signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
        ..BARE
    },
    Case {
        name: "get-vanilla-query-order-key-case",
        is_usual: false,
        target: "/?Param2=value2&Param1=value1",
        signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ..BARE
    },
    Case {
        name: "get-relative-relative-normalized",
        is_usual: false,
        target: "/example1/example2/../..",
        ..BARE
    },
    Case {
        name: "get-vanilla-with-session-token",
        headers: &[(
            "X-Amz-Security-Token",
            "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267",
        )],
        signed: "host;x-amz-date;x-amz-security-token",
        signature: "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8",
        ..BARE
    },
    Case {
        name: "post-vanilla",
        method: "POST",
        signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        ..BARE
    },
    Case {
        name: "post-vanilla-query",
        is_usual: false,
        method: "POST",
        target: "/?Param1=value1",
        signature: "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
        ..BARE
    },
    Case {
        name: "post-header-key-sort",
        method: "POST",
        headers: &[("My-Header1", "value1")],
        signed: "host;my-header1;x-amz-date",
        signature: "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
        ..BARE
    },
    Case {
        name: "post-header-value-case",
        method: "POST",
        headers: &[("My-Header1", "VALUE1")],
        signed: "host;my-header1;x-amz-date",
        signature: "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
        ..BARE
    },
    Case {
        name: "post-sts-header-after",
        method: "POST",
        headers: &[("X-Amz-Security-Token", TOKEN)],
        signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        ..BARE
    },
    Case {
        name: "post-sts-header-before",
        method: "POST",
        headers: &[("X-Amz-Security-Token", TOKEN)],
        signed: "host;x-amz-date;x-amz-security-token",
        signature: "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
        ..BARE
    },
    FORM,
    Case {
        name: "post-x-www-form-urlencoded-parameters",
        headers: &[
            ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
            FORM.headers[1],
            FORM.headers[2],
        ],
        signature: "328d1b9eaadca9f5818ef05e8392801e091653bafec24fcab71e7344e7f51422",
        ..FORM
    },
];

fn check(case: &Case, host: &str, scope: &str) {
    let mut headers = vec![("Host", host.as_bytes())];
    headers.extend(case.headers.iter().map(|(name, value)| (*name, value.as_bytes())));
    headers.push(("X-Amz-Date", DATE.as_bytes()));
    let request = request(case.method, case.target, &headers, case.body).unwrap();
    let credential = credential(SECRET, request.header("x-amz-security-token"));
    let header = authorization(scope, case.signed, case.signature);
    let (usual, again) = both(&request, &header, &credential).unwrap();
    let published = Some(case.signature);
    assert_eq!(again.as_deref(), published, "{}, by aws-sigv4", case.name);
    assert_eq!(usual.as_deref(), published.filter(|_| case.is_usual), "{}", case.name);
}

#[test]
fn signatures_are_those_of_the_test_suite_of_aws() {
    for case in CASES {
        check(case, "example.amazonaws.com", "20150830/us-east-1/service/aws4_request");
    }
}

#[test]
fn a_signature_is_that_of_the_example_in_the_documentation() {
    let case = Case {
        name: "ListUsers",
        is_usual: false,
        target: "/?Action=ListUsers&Version=2010-05-08",
        headers: &[("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
        signed: "content-type;host;x-amz-date",
        signature: "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
        ..BARE
    };
    check(&case, "iam.amazonaws.com", "20150830/us-east-1/iam/aws4_request");
}
