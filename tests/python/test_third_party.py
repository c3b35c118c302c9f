"""A program that was not written for this fixture, run by `exec -- pytest`: kmsauth, which makes tokens with Encrypt and
checks them with Decrypt, under grants that are constrained by its encryption context."""

import json
import os
import subprocess
import sys

from recorder import GOOD
from server import BINARY, PATIENCE

SCENARIO = {
    "keys": {"auth": {"alias": "alias/auth"}},
    "roles": {"billing": {"allow": ["sts:AssumeRole", "kms:DescribeKey"]}, "orders": {"allow": ["kms:DescribeKey"]}},
    "grants": {
        "makes": {
            "key": "auth",
            "grantee": "billing",
            "operations": ["Encrypt"],
            "context_subset": {"from": "billing", "user_type": "service"},
        },
        "checks": {"key": "auth", "grantee": "orders", "operations": ["Decrypt"], "context_subset": {"to": "orders"}},
    },
}

# The suite of a service that uses kmsauth; the sender calls with the credentials of the environment.
SUITE = '''
import boto3
import pytest
from botocore.exceptions import ClientError
from kmsauth import KMSTokenGenerator, KMSTokenValidator, TokenGenerationError, TokenValidationError

REGION = "us-east-1"
SENDER = "2/service/billing"


def token(to, sender="billing"):
    context = {"from": sender, "to": to, "user_type": "service"}
    return KMSTokenGenerator("alias/auth", context, REGION, token_cache_file="").get_token()


@pytest.fixture(scope="module")
def validator():
    role = "arn:aws:iam::111122223333:role/orders"
    session = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="validator")
    return KMSTokenValidator("alias/auth", None, "orders", REGION, aws_creds=session["Credentials"])


def test_a_token_is_accepted(validator):
    assert validator.decrypt_token(SENDER, token("orders"))["key_alias"] == "alias/auth"


def test_a_token_for_another_service_is_refused(validator):
    with pytest.raises(TokenValidationError):
        validator.decrypt_token(SENDER, token("shipping"))


def test_a_token_of_another_sender_cannot_be_made():
    with pytest.raises(TokenGenerationError):
        token("orders", sender="shipping")


def test_the_sender_cannot_check_tokens():
    own = KMSTokenValidator("alias/auth", None, "orders", REGION)
    with pytest.raises(TokenValidationError):
        own.decrypt_token(SENDER, token("orders"))
'''


def test_kmsauth_works_under_grants(tmp_path):
    (tmp_path / "scenario.json").write_text(json.dumps(SCENARIO))
    (tmp_path / "test_tokens.py").write_text(SUITE)
    pytest_of_suite = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_tokens.py")
    done = subprocess.run(
        [BINARY, "exec", "--scenario", "scenario.json", "--as", "billing", "--", *pytest_of_suite],
        cwd=tmp_path, env=os.environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=4 * PATIENCE,
    )  # fmt: skip
    assert done.returncode == GOOD, done.stdout + done.stderr
    assert "4 passed" in done.stdout
