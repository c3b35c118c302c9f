"""Faults, for clients in another language: declared in a scenario, or added while the server runs.

The numbers of attempts are those of fact 15.15.
"""

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from control import control
from server import PATIENCE

SCENARIO = {"keys": {"orders": {}}, "roles": {"worker": {}}}


def client(server, mode):
    """A client that makes three attempts, and does not wait between them."""
    told = server.announced["callers"]["admin"]
    config = Config(
        retries={"total_max_attempts": 3, "mode": mode},
        connect_timeout=PATIENCE,
        read_timeout=PATIENCE,
        proxies={},
    )
    return boto3.client(
        "kms",
        endpoint_url=server.endpoint,
        region_name=server.region,
        aws_access_key_id=told["access_key_id"],
        aws_secret_access_key=told["secret_access_key"],
        aws_session_token=told["session_token"],
        config=config,
    )


@pytest.fixture(autouse=True)
def no_back_off(monkeypatch):
    """The back-off of boto3 is not the fixture's, and a test does not wait for it."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)


def create(kms, server):
    return kms.create_grant(
        KeyId=server.key(), GranteePrincipal=server.arn("worker"), Operations=["Decrypt"]
    )


def faults_of(server):
    status, calls = control(server, "GET", "/kms-fixture/calls")
    assert status == 200
    return [it.get("fault") for it in calls]


def add(server, *faults):
    status, answer = control(server, "POST", "/kms-fixture/faults", list(faults))
    assert status == 200, answer
    return answer


ALWAYS = [
    # fault, error, attempts of legacy, attempts of standard, grants that each attempt leaves
    ("throttled", "ThrottlingException", 3, 3, 0),
    ("limit_exceeded", "LimitExceededException", 1, 3, 0),
    ("internal", "KMSInternalException", 3, 3, 0),
    ("dependency_timeout", "DependencyTimeoutException", 3, 3, 0),
    ("unavailable", "503", 3, 3, 0),
    ("lost_request", ConnectionClosedError, 3, 3, 0),
    ("lost_answer", ConnectionClosedError, 3, 3, 1),
]


@pytest.mark.parametrize("mode", ["legacy", "standard"])
@pytest.mark.parametrize("fault, error, legacy, standard, grants", ALWAYS)
def test_each_fault_is_tried_as_often_as_measured(serve, mode, fault, error, legacy, standard, grants):
    server = serve(SCENARIO)
    add(server, {"fault": fault, "operation": "CreateGrant", "every": 1})
    kms = client(server, mode)
    if isinstance(error, str):
        with pytest.raises(ClientError) as refused:
            create(kms, server)
        assert refused.value.response["Error"]["Code"] == error
    else:
        with pytest.raises(error):
            create(kms, server)
    attempts = legacy if mode == "legacy" else standard
    assert faults_of(server) == [fault] * attempts
    left = kms.list_grants(KeyId=server.key())["Grants"]
    assert len(left) == grants * attempts


def test_an_unnamed_grant_whose_answer_is_lost_is_made_twice(serve):
    server = serve({**SCENARIO, "faults": [{"fault": "lost_answer", "operation": "CreateGrant"}]})
    kms = client(server, "standard")
    create(kms, server)
    assert len(kms.list_grants(KeyId=server.key())["Grants"]) == 2
    assert faults_of(server) == ["lost_answer", None, None]


def test_the_body_of_a_throttled_call_is_the_recorded_one(serve):
    # Fact 15.1.
    server = serve({**SCENARIO, "faults": [{"fault": "throttled"}]})
    with pytest.raises(ClientError) as refused:
        server.client().list_keys()
    assert refused.value.response["Error"] == {
        "Code": "ThrottlingException",
        "Message": "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
    }
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_an_error_of_ones_own(serve):
    server = serve(SCENARIO)
    add(server, {"fault": "error", "code": "KeyIsBusy", "status": 409, "message": "Later.", "caller": "admin"})
    with pytest.raises(ClientError) as refused:
        server.client().list_keys()
    answer = refused.value.response
    assert (answer["Error"]["Code"], answer["Error"]["Message"]) == ("KeyIsBusy", "Later.")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 409


def test_a_declared_fault_that_strikes_nothing_is_reported_at_the_end(serve):
    server = serve({**SCENARIO, "faults": [{"fault": "throttled", "operation": "RetireGrant"}]})
    server.client().list_keys()
    code, _, error = server.wait()
    assert code == 1
    assert "the fault `throttled(operation(RetireGrant))` struck no call" in error
    assert "nearest is call 1, ListKeys by admin: it has another operation" in error


def test_faults_are_listed_and_removed(serve):
    server = serve(SCENARIO)
    described = "throttled(operation(RetireGrant), times = 2)"
    added = add(server, {"fault": "throttled", "operation": "RetireGrant", "times": 2})
    assert added == {"faults": [described], "unmet": [described]}
    add(server, {"fault": "internal"})
    with pytest.raises(ClientError):
        server.client().list_keys()
    status, answer = control(server, "GET", "/kms-fixture/faults")
    assert (status, answer["unmet"]) == (200, [described])
    assert control(server, "DELETE", "/kms-fixture/faults") == (200, {"faults": [], "unmet": []})
    server.client().list_keys()


@pytest.mark.parametrize(
    "body, error",
    [
        ({}, "expected a list of faults"),
        ([{"fault": "throtled"}], "$[0].fault: unknown fault `throtled`; a word with a similar name exists: `throttled`"),
        ([{"fault": "internal"}, {"fault": "internal", "caller": "wroker"}], "$[1].caller: no role or user named `wroker`"),
        ([{"fault": "internal", "key": "order"}], "$[0].key: no key named `order` is declared"),
        ([{"fault": "late"}], "$[0]: `late` needs `millis`"),
    ],
)
def test_a_wrong_list_adds_nothing_and_says_why(serve, body, error):
    server = serve(SCENARIO)
    status, answer = control(server, "POST", "/kms-fixture/faults", body)
    assert status == 400 and error in answer["error"], answer
    assert control(server, "GET", "/kms-fixture/faults") == (200, {"faults": [], "unmet": []})
