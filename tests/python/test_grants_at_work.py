"""Grants at work through `serve`: a key is opened by a grant and shut again, for boto3 and for the AWS CLI."""

import base64
import json
import subprocess

import pytest

from server import PATIENCE
from support import OURS, THEIRS, denied, lacking, policy, refusal, statement

CONTEXT = {"tenant": "acme"}
ELSEWHERE = policy(statement("Allow", "s3:GetObject"))
NO_DECRYPT = policy(statement("Allow", "kms:*"), statement("Deny", "kms:Decrypt"))

SCENARIO = {
    "keys": {"orders": {"alias": "alias/orders"}},
    "roles": {
        "worker": {},
        "janitor": {},
        "bounded": {"boundary": ELSEWHERE},
        "narrowed": {"session_policy": ELSEWHERE},
        "stopped": {"session_policy": NO_DECRYPT},
        "partner": {"account": THEIRS},
    },
    "grants": {
        "access": {
            "key": "orders",
            "grantee": "worker",
            "retiring": "janitor",
            "operations": ["Decrypt", "DescribeKey"],
            "context_equals": CONTEXT,
        },
        "exact": {
            "key": "orders",
            "grantee": f"arn:aws:sts::{OURS}:assumed-role/worker/night",
            "operations": ["Decrypt", "Encrypt"],
        },
    }
    | {
        name: {"key": "orders", "grantee": grantee, "operations": ["Decrypt"]}
        for name, grantee in {
            "to_bounded": "bounded",
            "to_narrowed": "narrowed",
            "to_stopped": "stopped",
            "to_partner": "partner",
        }.items()
    },
}


@pytest.fixture
def server(serve):
    return serve(SCENARIO)


@pytest.fixture
def sealed(server):
    """A ciphertext of the key, in the context."""
    made = server.client().encrypt(KeyId=server.key(), Plaintext=b"ten oranges", EncryptionContext=CONTEXT)
    return made["CiphertextBlob"]


def refused(server, caller, reason):
    """What AWS says to `caller` that may not decrypt."""
    return denied(server.caller_arn(caller), "Decrypt", reason, resource=server.key())


@pytest.mark.parametrize("by", ["token", "id"])
def test_a_retired_grant_decrypts_no_more(server, sealed, by):
    worker, janitor = server.client("worker"), server.client("janitor")
    opened = worker.decrypt(CiphertextBlob=sealed, EncryptionContext=CONTEXT)
    assert opened["Plaintext"] == b"ten oranges"
    assert opened["KeyId"] == server.key()
    # Another context, another operation, another caller.
    nobody = lacking("identity-based", "Decrypt")
    assert refusal(worker.decrypt, CiphertextBlob=sealed) == refused(server, "worker", nobody)
    code, _ = refusal(worker.encrypt, KeyId=server.key(), Plaintext=b"x", EncryptionContext=CONTEXT)
    assert code == "AccessDeniedException"
    code, _ = refusal(janitor.decrypt, CiphertextBlob=sealed, EncryptionContext=CONTEXT)
    assert code == "AccessDeniedException"

    told = server.announced["grants"]["access"]
    if by == "token":
        arguments = {"GrantToken": told["grant_token"]}
    else:
        arguments = {"KeyId": server.key(), "GrantId": told["grant_id"]}
    code, text = refusal(janitor.retire_grant, DryRun=True, **arguments)
    assert (code, text) == (
        "DryRunOperationException",
        "The request would have succeeded, but the DryRun option is set.",
    )
    worker.decrypt(CiphertextBlob=sealed, EncryptionContext=CONTEXT)
    janitor.retire_grant(**arguments)
    for tokens in [[], [told["grant_token"]]]:
        told_off = refusal(worker.decrypt, CiphertextBlob=sealed, EncryptionContext=CONTEXT, GrantTokens=tokens)
        assert told_off == refused(server, "worker", nobody)
    code, _ = refusal(worker.describe_key, KeyId=server.key())
    assert code == "AccessDeniedException"


def test_declared_limits_limit_decryption(server, sealed):
    """Facts 8b.4, 8b.5 and 8b.7, as a scenario declares them."""

    def decrypt(caller):
        return refusal(server.client(caller).decrypt, CiphertextBlob=sealed, EncryptionContext=CONTEXT)

    assert decrypt("bounded") == refused(server, "bounded", lacking("permissions boundary", "Decrypt"))
    assert decrypt("narrowed") == refused(server, "narrowed", lacking("session", "Decrypt"))
    assert decrypt("stopped") == refused(server, "stopped", "with an explicit deny in a session policy")
    told = denied(server.caller_arn("partner"), "Decrypt", lacking("identity-based", "Decrypt"))
    assert decrypt("partner") == told
    # The exact session of a grant is not this one.
    told = refusal(server.client("worker").decrypt, CiphertextBlob=sealed)
    assert told == refused(server, "worker", lacking("identity-based", "Decrypt"))


@pytest.fixture
def aws(server, aws_cli, tmp_path):
    """Runs `aws kms`, as one of the callers of the line that `serve` has printed."""

    def aws(caller, *arguments):
        told = server.announced["callers"][caller]
        env = aws_cli | {
            "AWS_ENDPOINT_URL_KMS": server.endpoint,
            "AWS_REGION": server.region,
            "AWS_DEFAULT_REGION": server.region,
            "AWS_ACCESS_KEY_ID": told["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": told["secret_access_key"],
            "AWS_SESSION_TOKEN": told["session_token"],
        }
        command = ["aws", "kms", *arguments, "--output", "json"]
        return subprocess.run(
            command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=2 * PATIENCE
        )

    return aws


def test_the_aws_cli_tells_the_same_story(server, sealed, aws, tmp_path):
    (tmp_path / "sealed").write_bytes(sealed)
    decrypt = ["decrypt", "--ciphertext-blob", "fileb://sealed", "--encryption-context", "tenant=acme"]
    done = aws("worker", *decrypt)
    assert done.returncode == 0, done.stderr
    assert base64.b64decode(json.loads(done.stdout)["Plaintext"]) == b"ten oranges"

    token = server.announced["grants"]["access"]["grant_token"]
    done = aws("worker", "retire-grant", "--grant-token", token)
    assert done.returncode != 0 and "(AccessDeniedException)" in done.stderr
    done = aws("janitor", "retire-grant", "--grant-token", token)
    assert (done.returncode, done.stdout) == (0, "")

    done = aws("worker", *decrypt, "--grant-tokens", token)
    assert done.returncode != 0
    code, text = refused(server, "worker", lacking("identity-based", "Decrypt"))
    assert f"An error occurred ({code}) when calling the Decrypt operation: {text}" in done.stderr
    listed = aws("admin", "list-grants", "--key-id", server.key(), "--query", "Grants[].GrantId")
    assert server.announced["grants"]["access"]["grant_id"] not in json.loads(listed.stdout)
