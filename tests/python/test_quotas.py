"""Request quotas of `serve`, for clients in every language."""

import botocore.retries.standard
import pytest

import raw
from support import OURS, THEIRS, policy, refusal, trust
from test_clock import advance, control

TEXT = "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls."


def why(server):
    """Why the last call was refused."""
    status, calls = control(server, "GET", "/kms-fixture/calls")
    assert status == 200
    return calls[-1]["why"]


def test_the_body_of_a_throttled_call_is_aws_s(serve):
    server = serve({"clock": "test", "quotas": {"ListKeys": 1}})
    assert raw.call(server, "ListKeys").status == 200
    answer = raw.call(server, "ListKeys")
    # Fact 15.1.
    body = b'{"__type":"ThrottlingException","message":"' + TEXT.encode() + b'"}'
    assert (answer.status, answer.body) == (400, body)
    assert answer.headers["content-type"] == raw.CONTENT_TYPE
    assert why(server) == [
        f"the quota of ListKeys, 1 in a second for account {OURS} in us-east-1, was used up by call 1;"
        " it is free again in 1 s"
    ]


def test_a_quota_is_that_of_the_calling_account(serve):
    server = serve(
        {
            "clock": "test",
            "quotas": {"DescribeKey": 2},
            "keys": {"orders": {"policy": policy(trust(f"arn:aws:iam::{OURS}:root", f"arn:aws:iam::{THEIRS}:root"))}},
            "roles": {"partner": {"account": THEIRS, "allow": ["kms:DescribeKey"]}},
        }
    )
    for caller in "admin", "partner":
        describe = server.client(caller).describe_key
        for _ in range(2):
            describe(KeyId=server.key())
        # Row 24.
        assert refusal(describe, KeyId=server.key()) == ("ThrottlingException", TEXT)
    advance(server, 1)
    server.client().describe_key(KeyId=server.key())


def test_the_quotas_of_aws(serve):
    server = serve({"clock": "test", "quotas": "aws", "keys": {"orders": {}}})
    kms = server.client()
    # Fact 15.13.
    for _ in range(15):
        kms.enable_key_rotation(KeyId=server.key())
    assert refusal(kms.enable_key_rotation, KeyId=server.key()) == ("ThrottlingException", TEXT)
    for _ in range(5):
        kms.disable_key_rotation(KeyId=server.key())
    assert refusal(kms.disable_key_rotation, KeyId=server.key()) == ("ThrottlingException", TEXT)


@pytest.mark.parametrize("mode", ["standard", "adaptive"])
def test_boto3_tries_again_until_the_second_is_over(serve, monkeypatch, mode):
    server = serve({"clock": "test", "quotas": {"CreateGrant": 1}, "keys": {"orders": {}}, "roles": {"worker": {}}})

    def back_off(_, context):
        """Passes the time of the back-off on the fixture's clock."""
        advance(server, 0.5)
        return 0

    monkeypatch.setattr(botocore.retries.standard.ExponentialBackoff, "delay_amount", back_off)
    kms = server.new_client(retries={"mode": mode, "total_max_attempts": 3})
    asked = {"KeyId": server.key(), "GranteePrincipal": server.arn("worker"), "Operations": ["Decrypt"]}
    attempts = [kms.create_grant(**asked)["ResponseMetadata"]["RetryAttempts"] for _ in range(2)]
    # The second call is throttled at 0 and 0.5 s, and answered at 1 s.
    assert attempts == [0, 2]
    assert len(kms.list_grants(KeyId=server.key())["Grants"]) == 2
