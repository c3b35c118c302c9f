"""Signature Version 4: who calls, and what a request is told whose signature does not say so.

The words were seen on KMS itself where the test says so. The others were recorded on sibling services with the same
front end ("KIN" are the tests of Kinesis with raw HTTP requests).
"""

import datetime
import email.utils
import hashlib
import hmac
import itertools
import re

import pytest
from botocore.credentials import Credentials

import raw

MINUTE = datetime.timedelta(minutes=1)

MISMATCH = (
    400,
    "InvalidSignatureException",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details.",
)
UNRECOGNIZED = (
    400,
    "UnrecognizedClientException",
    "The security token included in the request is invalid.",
)


@pytest.fixture(scope="module")
def server(serve_module):
    return serve_module(
        {
            "roles": {"worker": {"allow": ["kms:ListKeys"]}},
            "users": {"alice": {"allow": ["kms:ListKeys"]}},
        }
    )


@pytest.fixture(params=["admin", "worker", "alice"])
def caller(request):
    """A session of the administrator, one of a role, and a user with lasting credentials."""
    return request.param


@pytest.fixture(autouse=True)
def no_secret_is_told(server, monkeypatch):
    """No answer holds a secret key, a session token or what was signed."""
    receive = raw.receive
    secrets = [
        it[name].encode()
        for it in server.announced["callers"].values()
        for name in ("secret_access_key", "session_token")
        if it[name]
    ]

    def checked(response):
        answer = receive(response)
        everything = answer.body + repr(answer.headers).encode()
        assert not any(secret in everything for secret in secrets)
        assert b"Canonical String" not in everything
        return answer

    monkeypatch.setattr(raw, "receive", checked)


# --- Signatures that are right ---


def test_a_signed_request_is_served(server, caller):
    assert raw.call(server, "ListKeys", caller=caller).status == 200


def test_the_access_key_says_who_calls(server):
    """Fact 8b.1: the session, not the role."""
    answer = raw.call(server, "ListAliases", caller="worker")
    session = "arn:aws:sts::111122223333:assumed-role/worker/worker"
    assert answer.error == (
        400,
        "AccessDeniedException",
        f"User: {session} is not authorized to perform: kms:ListAliases on resource: *",
    )


@pytest.mark.parametrize("minutes", [-4, -1, 1, 4])
def test_a_clock_may_be_a_little_off(server, minutes):
    """The window is five minutes on KMS (aws-sdk-js-v3#6400)."""
    assert raw.call(server, "ListKeys", now=raw.utcnow() + minutes * MINUTE).status == 200


def test_a_date_header_will_do(server):
    """Signature Version 4: the time is that of `X-Amz-Date` or, without it, of `Date`."""
    now = raw.utcnow().replace(microsecond=0)
    date = email.utils.format_datetime(now, usegmt=True)
    request = raw.signed(server, "ListKeys", headers={"Date": date}, now=now)
    assert "X-Amz-Date" not in request.headers
    assert raw.send(server, request).status == 200


def test_an_amazon_date_comes_before_a_date(server):
    request = raw.signed(server, "ListKeys").with_headers(date="Thu, 01 Jan 1970 00:00:00 GMT")
    assert raw.send(server, request).status == 200


@pytest.mark.parametrize(
    "value", ["a", "a  b", "  a   b  ", "a,b;c=d", '"a  b"', "%20+/=", "a:b", "~"], ids=repr
)
def test_more_headers_may_be_signed(server, value):
    """Canonical requests: values are trimmed, and spaces in a row count as one."""
    assert raw.call(server, "ListKeys", headers={"X-Custom": value}).status == 200


def test_headers_that_are_not_signed_may_change(server):
    request = raw.signed(server, "ListKeys").with_headers(user_agent="anything", x_trace="é")
    assert raw.send(server, request).status == 200


@pytest.mark.parametrize("name", ["x-amz-security-token", "x-amz-target", "x-amz-date"])
def test_a_header_may_be_added_after_signing_fact_15_24(server, name):
    """Signature Version 4: some services want the token unsigned; both ways are valid requests."""
    request = raw.signed(server, "ListKeys", leave_unsigned=[name])
    assert name not in request.headers["Authorization"].lower()
    assert raw.send(server, request).status == 200


@pytest.mark.parametrize("separator", [", ", ",", " ", " , "])
def test_the_parts_of_the_header_may_be_separated_in_any_way(server, separator):
    """KIN: `, `, `,` and a space are all accepted."""
    request = raw.signed(server, "ListKeys")
    header = request.headers["Authorization"].replace(", ", separator)
    assert raw.send(server, request.with_headers(authorization=header)).status == 200


def test_the_parts_of_the_header_may_come_in_any_order(server):
    request = raw.signed(server, "ListKeys")
    algorithm, parts = request.headers["Authorization"].split(" ", 1)
    for order in itertools.permutations(parts.split(", ")):
        header = f"{algorithm} {', '.join(order)}"
        assert raw.send(server, request.with_headers(authorization=header)).status == 200


# --- No signature, half a signature ---


def test_without_a_signature(server):
    """KIN."""
    answer = raw.send(server, raw.unsigned(server, "ListKeys"))
    wanted = (400, "MissingAuthenticationTokenException", "Missing Authentication Token")
    assert answer.error == wanted


def test_a_header_that_is_none(server):
    """KIN: "should return IncompleteSignatureException if invalid auth"."""
    answer = raw.send(server, raw.unsigned(server, "ListKeys", headers={"Authorization": "X"}))
    assert answer.error == (
        400,
        "IncompleteSignatureException",
        "Authorization header requires 'Credential' parameter. "
        "Authorization header requires 'Signature' parameter. "
        "Authorization header requires 'SignedHeaders' parameter. "
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
        "Authorization=X",
    )


@pytest.mark.parametrize("separator", [", ", ",", " "])
def test_a_header_without_signed_headers(server, separator):
    """KIN, word for word."""
    header = f"AWS4- Signature=b{separator}Credential=a"
    request = raw.unsigned(server, "ListKeys", headers={"Authorization": header, "Date": "a"})
    assert raw.send(server, request).error == (
        400,
        "IncompleteSignatureException",
        f"Authorization header requires 'SignedHeaders' parameter. Authorization={header}",
    )


PARTS = ["Credential", "Signature", "SignedHeaders"]


@pytest.mark.parametrize(
    "there",
    [it for count in range(3) for it in itertools.combinations(PARTS, count)],
    ids=lambda it: "-".join(it) or "nothing",
)
@pytest.mark.parametrize("dated", [True, False])
def test_every_part_that_is_missing_is_told(server, there, dated):
    """KIN: one sentence for each, in this order, and the header behind them."""
    parts = raw.signed(server, "ListKeys").headers["Authorization"].split(" ", 1)[1].split(", ")
    header = "AWS4-HMAC-SHA256 " + ", ".join(it for it in parts if it.split("=")[0] in there)
    date = {"X-Amz-Date": raw.utcnow().strftime(raw.STAMP)} if dated else {}
    request = raw.unsigned(server, "ListKeys", headers={"Authorization": header} | date)
    wanted = [f"Authorization header requires '{it}' parameter. " for it in PARTS if it not in there]
    if not dated:
        wanted.append(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
        )
    status, code, message = raw.send(server, request).error
    assert (status, code) == (400, "IncompleteSignatureException")
    assert message.rstrip() == f"{''.join(wanted)}Authorization={header}".rstrip()


def test_a_part_without_an_equal_sign(server):
    """cloud9-sync#10, fhir-works#379."""
    header = "AWS4-HMAC-SHA256 Credential"
    request = raw.signed(server, "ListKeys").with_headers(authorization=header)
    assert raw.send(server, request).error == (
        400,
        "IncompleteSignatureException",
        f"'Credential' not a valid key=value pair (missing equal-sign) in Authorization header: '{header}'.",
    )


@pytest.mark.parametrize(
    "header",
    [
        "",
        " ",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 ,",
        "AWS4-HMAC-SHA256 Credential=, SignedHeaders=, Signature=",
        "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=////, SignedHeaders=;;, Signature=0",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/e/f, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=/20261121/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA1 Credential=a/b/c/d/e, SignedHeaders=host, Signature=0",
        "AWS4-ECDSA-P256-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=0",
        "AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=",
        "Basic YTpi",
        "Bearer token",
        "é",
        "A" * 8000,
        "AWS4-HMAC-SHA256 " + "a=b," * 1000,
    ],
    ids=lambda it: repr(it[:70]),
)
def test_a_header_that_makes_no_sense_is_refused(server, header):
    request = raw.signed(server, "ListKeys").with_headers(authorization=header)
    status, code, message = raw.send(server, request).error
    assert (status, code) in {
        (400, "IncompleteSignatureException"),
        (400, "InvalidSignatureException"),
        (400, "MissingAuthenticationTokenException"),
        (400, "UnrecognizedClientException"),
    }
    assert message


@pytest.mark.parametrize(
    "date", ["", "now", "20261121", "20261121T000000", "2026-11-21T00:00:00Z", "é" * 16, "0" * 16]
)
def test_a_date_that_is_none_is_refused(server, date):
    request = raw.signed(server, "ListKeys").with_headers(x_amz_date=date)
    answer = raw.send(server, request)
    assert (answer.status, answer.code) in {
        (400, "IncompleteSignatureException"),
        (400, "InvalidSignatureException"),
    }


# --- Credentials that are wrong ---


def test_an_access_key_that_nobody_has(server):
    """Row 56; recorded on KMS with the key of a user made seconds before (stackd)."""
    stranger = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    assert raw.call(server, "ListKeys", credentials=stranger).error == UNRECOGNIZED


def test_the_secret_of_somebody_else(server, caller):
    """aws-sdk-cpp#1681, KMS itself; the text ends there."""
    other = server.credentials("worker" if caller == "admin" else "admin")
    right = server.credentials(caller)
    wrong = Credentials(right.access_key, other.secret_key, right.token)
    assert raw.call(server, "ListKeys", credentials=wrong).error == MISMATCH


@pytest.mark.parametrize("token", [None, "", "garbage", "worker"])
def test_a_session_token_that_does_not_belong_to_the_key(server, token):
    """amazon-sp-api#57: a garbage token is told the same as a strange key."""
    right = server.credentials("admin")
    if token == "worker":
        token = server.credentials("worker").token
    wrong = Credentials(right.access_key, right.secret_key, token)
    assert raw.call(server, "ListKeys", credentials=wrong).error == UNRECOGNIZED


def test_a_session_token_for_a_user(server):
    right = server.credentials("alice")
    wrong = Credentials(right.access_key, right.secret_key, server.credentials("admin").token)
    assert raw.call(server, "ListKeys", credentials=wrong).error == UNRECOGNIZED


# --- The clock ---


def parse(stamp):
    return datetime.datetime.strptime(stamp, raw.STAMP).replace(tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize("minutes", [6, 60, 24 * 60, 365 * 24 * 60])
def test_a_clock_that_is_late(server, minutes):
    """aws-sdk-js-v3#6400, aws-sdk-js#2340: KMS itself, with five minutes."""
    now = raw.utcnow() - minutes * MINUTE
    status, code, message = raw.call(server, "ListKeys", now=now).error
    assert (status, code) == (400, "InvalidSignatureException")
    told = re.fullmatch(r"Signature expired: (\w+) is now earlier than (\w+) \((\w+) - 5 min\.\)", message)
    stamp, bound, clock = told.groups()
    assert stamp == now.strftime(raw.STAMP)
    assert parse(bound) == parse(clock) - 5 * MINUTE
    assert abs(parse(clock) - raw.utcnow()) < MINUTE


@pytest.mark.parametrize("minutes", [6, 60, 24 * 60, 365 * 24 * 60])
def test_a_clock_that_is_early(server, minutes):
    """aws-sdk-go#2194, on Kinesis."""
    now = raw.utcnow() + minutes * MINUTE
    status, code, message = raw.call(server, "ListKeys", now=now).error
    assert (status, code) == (400, "InvalidSignatureException")
    told = re.fullmatch(
        r"Signature not yet current: (\w+) is still later than (\w+) \((\w+) \+ 5 min\.\)", message
    )
    stamp, bound, clock = told.groups()
    assert stamp == now.strftime(raw.STAMP)
    assert parse(bound) == parse(clock) + 5 * MINUTE
    assert abs(parse(clock) - raw.utcnow()) < MINUTE


def test_the_day_of_the_scope_is_not_that_of_the_date(server):
    """IAM User Guide, signature-v4-troubleshooting; newer implementations put the two days behind it."""
    request = raw.signed(server, "ListKeys")
    today = raw.utcnow()
    for day in (today - 24 * 60 * MINUTE, today + 24 * 60 * MINUTE):
        header = re.sub(r"/\d{8}/", f"/{day:%Y%m%d}/", request.headers["Authorization"])
        status, code, message = raw.send(server, request.with_headers(authorization=header)).error
        assert (status, code) == (400, "InvalidSignatureException")
        assert message.startswith(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP"
        )


# --- The scope ---


def test_the_scope_of_another_region(server):
    """minio/kes#303: SecretsManager, the same protocol."""
    assert raw.call(server, "ListKeys", region="eu-west-1").error == (
        400,
        "InvalidSignatureException",
        "Credential should be scoped to a valid region.",
    )


def test_the_scope_of_another_service(server):
    """kinsumer#57; whether a full stop follows is not known."""
    status, code, message = raw.call(server, "ListKeys", service="s3").error
    assert (status, code) == (400, "InvalidSignatureException")
    assert message.rstrip(".") == "Credential should be scoped to correct service: 'kms'"


def rescoped(server, old, new):
    request = raw.signed(server, "ListKeys")
    header = request.headers["Authorization"].replace(old, new)
    return raw.send(server, request.with_headers(authorization=header)).error


def test_the_scope_with_another_terminator(server):
    """IAM User Guide, signature-v4-troubleshooting."""
    status, code, message = rescoped(server, "aws4_request", "aws4")
    assert (status, code) == (400, "InvalidSignatureException")
    assert message.rstrip(".") == "Credential should be scoped with a valid terminator: 'aws4_request'"


def test_several_faults_of_the_scope_are_told_at_once(server):
    status, code, message = rescoped(server, "/us-east-1/kms/", "/eu-west-1/s3/")
    assert (status, code) == (400, "InvalidSignatureException")
    assert message.startswith("Credential should be scoped to a valid region. ")
    assert "Credential should be scoped to correct service: 'kms'" in message


# --- What was signed is not what has arrived ---


def test_the_host_has_to_be_signed(server):
    """aws-sdk-php#2469, on DynamoDB."""
    assert raw.call(server, "ListKeys", leave_unsigned=["host"]).error == (
        400,
        "InvalidSignatureException",
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    )


@pytest.mark.parametrize("body", [b'{"Limit":2}', b"{} ", b"", b'{"Limit":1}\n'])
def test_another_body(server, caller, body):
    request = raw.signed(server, "ListKeys", {"Limit": 1}, caller=caller)
    request.body = body
    assert raw.send(server, request).error == MISMATCH


@pytest.mark.parametrize(
    "change",
    [
        {"content_type": "application/x-amz-json-1.1; charset=utf-8"},
        {"content_type": None},
        {"x_amz_target": "TrentService.ListAliases"},
        {"x_custom": "b"},
        {"x_custom": None},
        {"x_custom": ""},
        {"host": "kms.us-east-1.amazonaws.com"},
        {"host": "localhost"},
    ],
    ids=str,
)
def test_another_header(server, caller, change):
    request = raw.signed(server, "ListKeys", caller=caller, headers={"x-custom": "a"})
    assert raw.send(server, request.with_headers(**change)).error == MISMATCH


def test_a_header_twice(server):
    """Canonical requests: the values of a header are joined; one that was put in changes them."""
    request = raw.signed(server, "ListKeys", headers={"x-custom": "a"}).with_headers(connection="close")
    data = request.encode().replace(b"x-custom: a\r\n", b"x-custom: a\r\nX-Custom: b\r\n")
    received = raw.send_bytes(server, data, finish=False)
    assert b"InvalidSignatureException" in received


def test_another_date(server):
    request = raw.signed(server, "ListKeys")
    stamp = (raw.utcnow() - MINUTE).strftime(raw.STAMP)
    if stamp[:8] != request.headers["X-Amz-Date"][:8]:
        stamp = (raw.utcnow() + MINUTE).strftime(raw.STAMP)
    assert raw.send(server, request.with_headers(x_amz_date=stamp)).error == MISMATCH


def test_another_query(server):
    request = raw.signed(server, "ListKeys", path="/?a=b")
    request.path = "/?a=c"
    assert raw.send(server, request).error == MISMATCH


def test_a_header_that_is_signed_and_not_sent(server):
    request = raw.signed(server, "ListKeys")
    header = request.headers["Authorization"].replace("SignedHeaders=", "SignedHeaders=absent;")
    assert raw.send(server, request.with_headers(authorization=header)).error == MISMATCH


@pytest.mark.parametrize(
    "spoil",
    [
        lambda it: it[:-1] + ("0" if it[-1] != "0" else "1"),
        lambda it: it[:-1],
        lambda it: it + "0",
        lambda it: it[::-1],
        lambda it: "0" * 64,
        lambda it: "x",
        str.upper,
    ],
    ids=["last digit", "shorter", "longer", "backwards", "zeros", "no hex", "capitals"],
)
def test_another_signature(server, caller, spoil):
    request = raw.signed(server, "ListKeys", caller=caller)
    start, signature = request.headers["Authorization"].split("Signature=")
    header = f"{start}Signature={spoil(signature)}"
    assert raw.send(server, request.with_headers(authorization=header)).error == MISMATCH


def test_a_request_cannot_be_used_for_another_caller(server):
    request = raw.signed(server, "ListKeys", caller="admin")
    worker = server.credentials("worker")
    header = request.headers["Authorization"].replace(server.credentials("admin").access_key, worker.access_key)
    changed = request.with_headers(authorization=header, x_amz_security_token=worker.token)
    assert raw.send(server, changed).error == MISMATCH


# --- The order of the checks ---


def test_an_unknown_operation_is_told_before_the_signature(server):
    """KIN: "should return UnknownOperationException if no target and no auth"."""
    for target in ("TrentService.GetGrant", None):
        request = raw.unsigned(server, "", headers={"x-amz-target": target})
        answer = raw.send(server, request)
        assert (answer.status, answer.json) == (400, {"__type": "UnknownOperationException"})


@pytest.mark.parametrize("body", [{"Limit": 0}, {"Limit": "many"}, {"Limit": []}], ids=str)
def test_a_missing_signature_is_told_before_what_is_wrong_with_the_input(server, body):
    """Fact 3.7: authentication, then the constraints of the input."""
    answer = raw.send(server, raw.unsigned(server, "ListKeys", body))
    assert answer.code == "MissingAuthenticationTokenException"


@pytest.mark.xfail(strict=True, reason="the signature is looked at before the body")
@pytest.mark.parametrize("body", [b"hello", b"{"])
def test_a_body_that_is_no_json_is_told_before_the_signature(server, body):
    """KIN: "should return SerializationException if non-JSON body", without a signature."""
    answer = raw.send(server, raw.unsigned(server, "ListKeys", body))
    assert (answer.status, answer.json) == (400, {"__type": "SerializationException"})


# --- Signatures in the query string ---

NOT_IN_QUERY = pytest.mark.xfail(strict=True, reason="signatures in the query string are not looked at")


@NOT_IN_QUERY
def test_an_empty_signature_in_the_query(server):
    """KIN."""
    request = raw.unsigned(server, "ListKeys", path="/?X-Amz-Algorithm")
    names = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"]
    told = "".join(f"AWS query-string parameters must include '{it}'. " for it in names)
    assert raw.send(server, request).error == (
        400,
        "IncompleteSignatureException",
        f"{told}Re-examine the query-string parameters.",
    )


@NOT_IN_QUERY
def test_a_signature_in_the_query_and_one_in_the_header(server):
    """KIN."""
    request = raw.unsigned(server, "ListKeys", path="/?X-Amz-Algorithm", headers={"Authorization": "X"})
    assert raw.send(server, request).error == (
        400,
        "InvalidSignatureException",
        "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    )


def test_a_query_without_the_algorithm_is_no_signature(server):
    """KIN."""
    path = "/?X-Amz-Credential=a&X-Amz-Signature=b&X-Amz-SignedHeaders=c&X-Amz-Date=d"
    answer = raw.send(server, raw.unsigned(server, "ListKeys", path=path))
    wanted = (400, "MissingAuthenticationTokenException", "Missing Authentication Token")
    assert answer.error == wanted


# --- Signed by hand ---


def signed_by_hand(server, caller, more):
    """Signature Version 4 as the IAM User Guide spells it out, without any library's help."""
    told = server.announced["callers"][caller]
    body = b'{"Limit":1}'
    stamp = raw.utcnow().strftime(raw.STAMP)
    headers = {
        "content-type": raw.CONTENT_TYPE,
        "host": server.endpoint.removeprefix("http://"),
        "x-amz-date": stamp,
        "x-amz-target": "TrentService.ListKeys",
    } | more
    if told["session_token"]:
        headers["x-amz-security-token"] = told["session_token"]
    headers = dict(sorted(headers.items()))
    names = ";".join(headers)
    canonical = "\n".join(
        ["POST", "/", "", *(f"{k}:{v}" for k, v in headers.items()), "", names, sha256(body)]
    )
    scope = f"{stamp[:8]}/us-east-1/kms/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, sha256(canonical.encode())])
    key = f"AWS4{told['secret_access_key']}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={told['access_key_id']}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    return raw.Request("POST", "/", headers, body)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    "more",
    [
        {},
        # What other SDKs sign beside that: version 1 for Go the length, version 1 for Java all of these.
        {"content-length": "11"},
        {
            "amz-sdk-invocation-id": "a3a5e2d4-0b1b-4f5c-8a6e-0d9d1e3f5b7c",
            "amz-sdk-request": "attempt=1;max=4",
            "amz-sdk-retry": "0/0/500",
            "content-length": "11",
            "user-agent": "aws-sdk-java/1.12.700 Linux/6.1 OpenJDK_64-Bit_Server_VM/21",
        },
        {"x-amz-content-sha256": sha256(b'{"Limit":1}')},
        {"accept": "*/*", "accept-encoding": "identity", "connection": "keep-alive"},
        {"x-amzn-trace-id": "Root=1-67891233-abcdef012345678912345678", "expires": "0", "pragma": ""},
    ],
    ids=lambda it: " ".join(it) or "the least",
)
def test_a_signature_worked_out_by_hand(server, caller, more):
    assert raw.send(server, signed_by_hand(server, caller, more)).status == 200
