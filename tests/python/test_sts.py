"""STS at the same endpoint: who calls, sessions of roles, temporary credentials; section 16 of the facts."""

import json
import subprocess

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

import raw
from recorder import GOOD, calls, load, studio  # noqa: F401
from server import PATIENCE
from support import OURS, THEIRS, policy, statement

SCENARIO = {
    "keys": {"orders": {"alias": "alias/orders"}},
    "roles": {
        "worker": {"allow": ["kms:ListKeys", "kms:DescribeKey"]},
        "janitor": {"allow": ["sts:AssumeRole"]},
        "patient": {"session_seconds": 43200},
        "stranger": {"account": THEIRS, "allow": ["sts:AssumeRole"]},
        "kms_only": {"allow": ["kms:*"]},
    },
    "users": {
        "alice": {"allow": ["sts:AssumeRole", "sts:GetFederationToken", "kms:ListKeys"]},
        "bob": {},
        "guest": {"federated": True, "allow": ["*"]},
    },
    "grants": {
        "access": {"key": "orders", "grantee": "worker", "retiring": "worker", "operations": ["Decrypt", "DescribeKey"]}
    },
}

# The service checks the parameters, not the client.
_CONFIG = Config(retries={"total_max_attempts": 1}, proxies={}, parameter_validation=False)
HOUR = 3600


@pytest.fixture(scope="module")
def server(serve_module):
    return serve_module(SCENARIO, "--seed", "7")


def client(server, service, told, region=None):
    """A client with the credentials of an announcement, or of an answer of STS."""
    names = ("access_key_id", "secret_access_key", "session_token")
    if "AccessKeyId" in told:
        names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
    key, secret, token = (told[it] for it in names)
    return boto3.client(
        service,
        endpoint_url=server.endpoint,
        region_name=region or server.region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=_CONFIG,
    )


def sts(server, caller="admin", **more):
    return client(server, "sts", server.announced["callers"][caller], **more)


def refusal(call, **arguments):
    """Makes a call that must be refused; returns status, code and text."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    answer = caught.value.response
    assert answer["Error"].get("Type", "Sender") in ("Sender", "Receiver")
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"], answer["Error"]["Message"]


def assume(server, caller="admin", role="worker", session="night-shift", **more):
    return sts(server, caller).assume_role(RoleArn=server.arn(role), RoleSessionName=session, **more)


def denial(server, caller, role):
    text = f"User: {server.caller_arn(caller)} is not authorized to perform: sts:AssumeRole on resource: {role}"
    return 403, "AccessDenied", text


def invalid(*violations):
    count = f"{len(violations)} validation error{'s' if len(violations) > 1 else ''} detected"
    return 400, "ValidationError", f"{count}: {'; '.join(violations)}"


def violation(value, path, constraint):
    return f"Value {value} at '{path}' failed to satisfy constraint: {constraint}"


# --- GetCallerIdentity ---


@pytest.mark.parametrize("caller", ["admin", "worker", "alice", "bob", "guest", "stranger"])
def test_each_caller_learns_who_it_is(server, caller):
    """Fact 16.5: without a permission."""
    answer = sts(server, caller).get_caller_identity()
    assert answer["Arn"] == server.caller_arn(caller)
    assert answer["Account"] == (THEIRS if caller == "stranger" else OURS)
    prefix = {"alice": "AIDA", "bob": "AIDA", "guest": f"{OURS}:guest"}.get(caller, "AROA")
    assert answer["UserId"].startswith(prefix)
    if prefix == "AROA":
        assert answer["UserId"].endswith(":" + server.caller_arn(caller).rsplit("/", 1)[1])


def test_sts_answers_in_every_region_of_the_partition(server):
    assert sts(server, region="eu-west-3").get_caller_identity()["Account"] == OURS
    status, code, text = refusal(sts(server, region="cn-north-1").get_caller_identity)
    assert (status, code) == (403, "SignatureDoesNotMatch")
    assert "valid region" in text


def test_the_answer_has_the_form_of_the_query_protocol(server):
    """Facts 16.1 and 16.2."""
    caught = []
    caller = sts(server)
    caller.meta.events.register("after-call.sts", lambda http_response, **_: caught.append(http_response))
    caller.get_caller_identity()
    refusal(caller.assume_role, RoleArn=server.arn(), RoleSessionName="a b")
    good, bad = caught
    namespace = b'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
    assert good.content.startswith(b"<GetCallerIdentityResponse " + namespace)
    assert bad.content.startswith(b"<ErrorResponse " + namespace + b"><Error><Type>Sender</Type>")
    for it in caught:
        assert it.headers["content-type"] == "text/xml"
        assert f"<RequestId>{it.headers['x-amzn-requestid']}</RequestId>".encode() in it.content


def test_wrong_credentials_have_the_codes_of_sts(server):
    """Fact 16.4."""
    told = server.announced["callers"]["alice"]
    wrong = client(server, "sts", told | {"secret_access_key": "wrong"})
    assert refusal(wrong.get_caller_identity)[:2] == (403, "SignatureDoesNotMatch")
    unknown = client(server, "sts", told | {"access_key_id": "AKIAIOSFODNN7EXAMPLE"})
    assert refusal(unknown.get_caller_identity) == (
        403,
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
    )


# --- AssumeRole ---


def test_an_assumed_role_calls_kms_at_once(server):
    answer = assume(server)
    arn = f"arn:aws:sts::{OURS}:assumed-role/worker/night-shift"
    assert answer["AssumedRoleUser"]["Arn"] == arn
    assert answer["AssumedRoleUser"]["AssumedRoleId"].endswith(":night-shift")
    assert "PackedPolicySize" not in answer
    credentials = answer["Credentials"]
    assert credentials["AccessKeyId"].startswith("ASIA")
    identity = client(server, "sts", credentials).get_caller_identity()
    assert (identity["Arn"], identity["UserId"]) == (arn, answer["AssumedRoleUser"]["AssumedRoleId"])
    kms = client(server, "kms", credentials)
    assert kms.describe_key(KeyId=server.key())["KeyMetadata"]["Arn"] == server.key()
    # The denial names the session.
    with pytest.raises(ClientError, match=f"User: {arn} is not authorized to perform: kms:CreateKey"):
        kms.create_key()


def test_a_role_that_was_assumed_retires_its_grant(serve):
    server = serve(SCENARIO)
    token = server.announced["grants"]["access"]["grant_token"]
    kms = client(server, "kms", assume(server, "alice")["Credentials"])
    kms.retire_grant(GrantToken=token)
    assert server.client().list_grants(KeyId=server.key())["Grants"] == []


@pytest.mark.parametrize("caller", ["admin", "janitor", "alice"])
def test_a_role_trusts_the_principals_of_its_account_that_may_assume_roles(server, caller):
    assert assume(server, caller)["Credentials"]


@pytest.mark.parametrize("caller", ["worker", "bob", "stranger", "guest", "kms_only"])
def test_every_other_principal_is_denied(server, caller):
    """Fact 16.13: also without the permission, from another account, and with permission for KMS only."""
    role = server.arn("patient")
    call = sts(server, caller).assume_role
    assert refusal(call, RoleArn=role, RoleSessionName="night") == denial(server, caller, role)


@pytest.mark.parametrize("role", [f"arn:aws:iam::{OURS}:role/nobody", f"arn:aws:iam::{OURS}:user/alice"])
def test_a_role_that_does_not_exist_is_denied(server, role):
    call = sts(server).assume_role
    assert refusal(call, RoleArn=role, RoleSessionName="night") == denial(server, "admin", role)


def test_a_policy_may_allow_one_role_only(serve):
    one = policy(statement("Allow", "sts:AssumeRole", f"arn:aws:iam::{OURS}:role/worker"))
    server = serve({"roles": {"worker": {}, "other": {}}, "users": {"carol": {"policy": one}}})
    assert assume(server, "carol", "worker")
    call = sts(server, "carol").assume_role
    other = server.arn("other")
    assert refusal(call, RoleArn=other, RoleSessionName="night") == denial(server, "carol", other)


def test_a_session_policy_limits_the_session(server):
    """The session may at most what both policies allow."""
    only = json.dumps(policy(statement("Allow", "kms:DescribeKey")))
    answer = assume(server, Policy=only)
    assert answer["PackedPolicySize"] > 0
    kms = client(server, "kms", answer["Credentials"])
    kms.describe_key(KeyId=server.key())
    with pytest.raises(ClientError, match="because no session policy allows the kms:ListKeys action"):
        kms.list_keys()


@pytest.mark.parametrize("text", ["{", "[]", '{"Version": "2012-10-17"}'])
def test_a_malformed_session_policy_is_refused(server, text):
    assert refusal(assume, server=server, Policy=text)[:2] == (400, "MalformedPolicyDocument")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        # Facts 16.8 and 16.9, recorded.
        (
            {"session": "Session1:2"},
            violation("'Session1:2'", "roleSessionName", r"Member must satisfy regular expression pattern: [\w+=,.@-]*"),
        ),
        (
            {"session": "s" * 65},
            violation(f"'{'s' * 65}'", "roleSessionName", "Member must have length less than or equal to 64"),
        ),
        (
            {"DurationSeconds": 899},
            violation("'899'", "durationSeconds", "Member must have value greater than or equal to 900"),
        ),
        (
            {"DurationSeconds": 43201},
            violation("'43201'", "durationSeconds", "Member must have value less than or equal to 43200"),
        ),
    ],
)
def test_parameters_out_of_range_are_refused_in_aws_words(server, more, expected):
    assert refusal(assume, server=server, **more) == invalid(expected)


# Fact 16.10, recorded.
@pytest.mark.parametrize(
    "arn",
    ["nothing-valid-in-here", "arn::b:::something/test-role", "arn:a::::something/test-role", "arn:a:::something/test-role"],
)
def test_a_malformed_arn_is_invalid(server, arn):
    call = sts(server).assume_role
    assert refusal(call, RoleArn=arn, RoleSessionName="night") == (400, "ValidationError", f"{arn} is invalid")


def test_a_chained_role_lasts_an_hour_at_most(server):
    """Fact 16.11."""
    chained = (
        400,
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    )
    assert refusal(assume, server=server, caller="janitor", role="patient", DurationSeconds=HOUR + 1) == chained
    assert assume(server, "janitor", "patient", DurationSeconds=HOUR)
    assert assume(server, "alice", "patient", DurationSeconds=12 * HOUR)


def test_a_role_lasts_an_hour_at_most_unless_its_declared_session_lasts_longer(server):
    """Fact 16.12."""
    longer = (400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    assert refusal(assume, server=server, caller="alice", DurationSeconds=HOUR + 1) == longer


def test_credentials_expire_by_the_clock_of_the_fixture(serve):
    server = serve(SCENARIO | {"clock": "test"})
    answer = assume(server, "alice", DurationSeconds=900)
    kms = client(server, "kms", answer["Credentials"])
    kms.list_keys()
    advance(server, 899)
    kms.list_keys()
    advance(server, 1)
    with pytest.raises(ClientError, match="ExpiredTokenException"):
        kms.list_keys()
    expired = client(server, "sts", answer["Credentials"]).get_caller_identity
    assert refusal(expired) == (403, "ExpiredToken", "The security token included in the request is expired")


def advance(server, seconds):
    import urllib.request

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    body = json.dumps({"advance": seconds}).encode()
    opener.open(server.endpoint + "/kms-fixture/clock", data=body, timeout=PATIENCE).close()


@pytest.mark.parametrize("clock", ["test", "machine"])
def test_the_expiration_is_by_the_clients_clock(serve, clock):
    """Otherwise clients would take new credentials for expired ones."""
    import datetime

    server = serve(SCENARIO | {"clock": clock})
    before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    expiration = assume(server)["Credentials"]["Expiration"]
    after = datetime.datetime.now(datetime.timezone.utc)
    hour = datetime.timedelta(hours=1)
    assert before + hour <= expiration <= after + hour


def test_the_same_seed_gives_the_same_credentials(serve):
    told = [assume(serve(SCENARIO, "--seed", "11"))["Credentials"]["AccessKeyId"] for _ in range(2)]
    other = assume(serve(SCENARIO, "--seed", "12"))["Credentials"]["AccessKeyId"]
    assert told[0] == told[1] != other


@pytest.mark.parametrize(
    "more",
    [
        {"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]},
        {"Tags": [{"Key": "team", "Value": "blue"}]},
        {"SourceIdentity": "alice"},
    ],
)
def test_what_the_fixture_does_not_support_is_refused_with_a_reason(server, more):
    status, code, text = refusal(assume, server=server, **more)
    assert (status, code) == (501, "KmsFixtureNotImplementedException")
    assert next(iter(more)) in text


def test_a_device_is_unknown(server):
    """Fact 16.18."""
    more = {"SerialNumber": f"arn:aws:iam::{OURS}:mfa/alice", "TokenCode": "123456"}
    status, code, text = refusal(assume, server=server, caller="alice", **more)
    assert (status, code) == (403, "AccessDenied")
    assert text.startswith("MultiFactorAuthentication failed, unable to validate MFA code.")


def test_conditions_see_what_the_reference_lists(serve):
    """Fact 16.23: the session's name and the external id, not the duration."""
    conditions = {
        "name": {"StringEquals": {"sts:RoleSessionName": "night"}},
        "tenant": {"StringEquals": {"sts:ExternalId": "tenant/7"}},
        "brief": {"NumericLessThanEquals": {"sts:DurationSeconds": "3600"}},
        "unknown": {"Null": {"sts:DurationSeconds": "true"}},
        "region": {"StringEquals": {"aws:RequestedRegion": "eu-west-3"}},
    }
    actions = ["sts:AssumeRole", "sts:GetFederationToken"]
    users = {name: {"policy": policy(statement("Allow", actions) | {"Condition": it})} for name, it in conditions.items()}
    server = serve({"roles": {"worker": {}}, "users": users})

    def may(caller, region=None, **more):
        call = sts(server, caller, region=region).assume_role
        given = {"RoleArn": server.arn("worker"), "RoleSessionName": "night", "DurationSeconds": 900} | more
        try:
            return bool(call(**given))
        except ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDenied"
            return False

    assert may("name") and not may("name", RoleSessionName="day")
    assert may("tenant", ExternalId="tenant/7") and not may("tenant")
    assert may("unknown") and not may("brief")
    # The Region is that of the signature.
    assert may("region", region="eu-west-3") and not may("region")
    assert sts(server, "region", region="eu-west-3").get_federation_token(Name="visitor")
    for caller in ("region", "brief", "name"):
        assert refusal(sts(server, caller).get_federation_token, Name="visitor")[1] == "AccessDenied"


def test_expired_credentials_are_forgotten_some_time(serve):
    """The number of kept ones is ours."""
    server = serve(SCENARIO | {"clock": "test"})
    first = assume(server, "alice", session="first", DurationSeconds=900)["Credentials"]
    advance(server, 900)
    expired = client(server, "sts", first).get_caller_identity
    assert refusal(expired)[1] == "ExpiredToken"
    alice = sts(server, "alice")
    for _ in range(1_000):
        alice.assume_role(RoleArn=server.arn(), RoleSessionName="later", DurationSeconds=900)
    assert refusal(expired)[1] == "ExpiredToken"
    advance(server, 900)
    latest = assume(server, "alice")["Credentials"]
    assert refusal(expired)[1] == "InvalidClientTokenId"
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        client(server, "kms", first).list_keys()
    client(server, "kms", latest).list_keys()


def test_an_external_id_is_accepted(server):
    assert assume(server, ExternalId="tenant/7")
    assert refusal(assume, server=server, ExternalId="a b")[1] == "ValidationError"


# --- GetSessionToken, GetFederationToken ---


def test_a_user_gets_temporary_credentials(server):
    credentials = sts(server, "bob").get_session_token()["Credentials"]
    identity = client(server, "sts", credentials).get_caller_identity()
    assert identity["Arn"] == server.arn("bob")
    # The user's policies decide, as before.
    with pytest.raises(ClientError, match="kms:ListKeys"):
        client(server, "kms", credentials).list_keys()
    alice = sts(server, "alice").get_session_token(DurationSeconds=900)["Credentials"]
    client(server, "kms", alice).list_keys()
    chained = client(server, "sts", alice).assume_role
    more = {"RoleArn": server.arn("patient"), "RoleSessionName": "night", "DurationSeconds": HOUR + 1}
    assert "role chaining" in refusal(chained, **more)[2]


@pytest.mark.parametrize("caller", ["admin", "worker", "guest"])
def test_a_session_gets_no_session_token(server, caller):
    """Fact 16.16."""
    assert refusal(sts(server, caller).get_session_token) == (
        403,
        "AccessDenied",
        "Cannot call GetSessionToken with session credentials",
    )


def test_a_federated_user_has_at_most_the_permissions_of_its_maker(server):
    everything = json.dumps(policy(statement("Allow", "kms:*")))
    answer = sts(server, "alice").get_federation_token(Name="visitor", Policy=everything)
    arn = f"arn:aws:sts::{OURS}:federated-user/visitor"
    assert answer["FederatedUser"] == {"Arn": arn, "FederatedUserId": f"{OURS}:visitor"}
    kms = client(server, "kms", answer["Credentials"])
    kms.list_keys()
    with pytest.raises(ClientError, match="because no identity-based policy allows the kms:ListAliases|kms:ListAliases"):
        kms.list_aliases()
    own = client(server, "sts", answer["Credentials"])
    assert own.get_caller_identity()["Arn"] == arn
    assert refusal(own.get_federation_token, Name="visitor")[1] == "AccessDenied"


def test_a_federated_user_without_a_policy_may_nothing(server):
    """Fact 16.7: the size is there all the same."""
    answer = sts(server, "alice").get_federation_token(Name="visitor")
    assert answer["PackedPolicySize"] == 0
    with pytest.raises(ClientError, match="AccessDeniedException"):
        client(server, "kms", answer["Credentials"]).list_keys()


def test_federation_needs_permission_and_lasting_credentials(server):
    """Facts 16.14 and 16.16."""
    resource = f"arn:aws:sts::{OURS}:federated-user/visitor"
    text = f"User: {server.arn('bob')} is not authorized to perform: sts:GetFederationToken on resource: {resource}"
    assert refusal(sts(server, "bob").get_federation_token, Name="visitor") == (403, "AccessDenied", text)
    text = "Cannot call GetFederationToken with session credentials"
    assert refusal(sts(server).get_federation_token, Name="visitor") == (403, "AccessDenied", text)


# --- Other actions, other services ---


def test_an_unknown_action_has_the_error_of_sts(server):
    """Fact 16.3."""
    signed = form(server, "Action=GetNothing&Version=2011-06-15")
    assert b"<Code>InvalidAction</Code>" in signed.body
    assert b"Could not find operation GetNothing for version 2011-06-15" in signed.body
    assert b"<Code>MissingAction</Code>" in form(server, "Version=2011-06-15").body
    status, code, _ = refusal(sts(server).get_access_key_info, AccessKeyId="AKIAIOSFODNN7EXAMPLE")
    assert (status, code) == (501, "KmsFixtureNotImplementedException")


def form(server, body):
    """Sends a form that is signed for STS."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    kind = "application/x-www-form-urlencoded; charset=utf-8"
    request = AWSRequest("POST", server.endpoint + "/", data=body.encode(), headers={"Content-Type": kind})
    SigV4Auth(server.credentials(), "sts", server.region).add_auth(request)
    host = "{}:{}".format(*server.address)
    headers = {"host": host} | {name.lower(): value for name, value in request.headers.items()}
    return raw.send(server, raw.Request("POST", "/", headers, body.encode()))


@pytest.mark.parametrize(
    ("service", "operation"),
    [("s3", "list_buckets"), ("dynamodb", "list_tables"), ("iam", "list_users"), ("sqs", "list_queues"), ("lambda", "list_functions")],
)
def test_other_services_are_refused_by_name(server, service, operation):
    other = client(server, service, server.announced["callers"]["admin"])
    status, code, text = refusal(getattr(other, operation))
    assert (status, code) == (501, "KmsFixtureNotImplementedException")
    assert text.startswith("this is kms-fixture; it serves KMS and STS, not ")


# --- The AWS CLI ---


def aws(aws_cli, *arguments, **more):
    done = subprocess.run(["aws", *arguments], env=aws_cli | more, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout else None


def test_a_profile_of_the_aws_cli_assumes_a_role(server, aws_cli, tmp_path):
    told = server.announced["callers"]["alice"]
    config = tmp_path / "config"
    config.write_text(
        f"""
[profile alice]
region = {server.region}
endpoint_url = {server.endpoint}
aws_access_key_id = {told["access_key_id"]}
aws_secret_access_key = {told["secret_access_key"]}

[profile as-worker]
region = {server.region}
endpoint_url = {server.endpoint}
role_arn = {server.arn("worker")}
role_session_name = cli-session
source_profile = alice
"""
    )
    env = {"AWS_CONFIG_FILE": str(config), "HOME": str(tmp_path)}
    identity = aws(aws_cli, "--profile", "as-worker", "sts", "get-caller-identity", **env)
    assert identity["Arn"] == f"arn:aws:sts::{OURS}:assumed-role/worker/cli-session"
    listed = aws(aws_cli, "--profile", "as-worker", "kms", "list-keys", **env)
    assert [it["KeyArn"] for it in listed["Keys"]] == [server.key()]
    assumed = aws(
        aws_cli, "--profile", "alice", "sts", "assume-role",
        "--role-arn", server.arn("worker"), "--role-session-name", "pasted", **env,
    )  # fmt: skip
    assert assumed["AssumedRoleUser"]["Arn"].endswith(":assumed-role/worker/pasted")


# --- Recordings ---


def test_a_client_that_assumes_its_role_is_recorded_and_replayed(studio):  # noqa: F811
    scenario = {
        "keys": {"orders": {"alias": "alias/orders"}},
        "roles": {"worker": {"allow": ["kms:ListKeys"]}},
        "users": {"alice": {"allow": ["sts:AssumeRole", "s3:GetObject"]}},
    }
    service = studio.service(scenario)
    declared = {key: it for key, it in scenario.items() if key != "keys"}

    def story(server):
        worker = client(server, "kms", assume(server, "alice")["Credentials"])
        assert len(worker.list_keys()["Keys"]) == 1
        visitor = refusal(sts(server, "alice").get_federation_token, Name="visitor")
        assert visitor[1] == "AccessDenied"
        only = json.dumps(policy(statement("Allow", "kms:ListKeys")))
        status, _, text = refusal(assume, server=server, caller="alice", Policy=only)
        assert (status, "session_policy" in text) == (501, True)

    recorder = studio.record(service, scenario=declared)
    story(recorder)
    outcome = recorder.end()
    assert outcome.code == GOOD, outcome.err
    tape = load(studio.pending)
    assert [it["caller"] for it in tape["interactions"]] == ["worker"]
    assert "assumed-role/worker/night-shift" not in studio.pending.read_text()
    studio.pending.rename(studio.tape)
    replay = studio.replay()
    story(replay)
    outcome = replay.end()
    assert outcome.code == GOOD, outcome.err
