"""The JSON Schema of cassettes: what is committed and what is recorded now fits, and what is mutated does not."""

import copy
import json

import jsonschema
import pytest

from recordings import MOTO, from_moto
from server import ROOT
from upstreams import environment, recorder, run

SCHEMA = json.loads((ROOT / "kms-fixture/src/tape/cassette/cassette.schema.json").read_text())
COMMITTED = sorted((ROOT / "cassettes").rglob("*.json"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def mistakes(cassette):
    return [f"{it.json_path}: {it.message}" for it in VALIDATOR.iter_errors(cassette)]


def read(path):
    return json.loads(path.read_text())


def named(path):
    return str(path.relative_to(ROOT / "cassettes"))


@pytest.fixture(scope="module")
def rich():
    """A cassette with everything in it that a cassette can have."""
    pairs = {"tag-key-1": "tag-value-1"}
    policy = {"Version": "2012-10-17", "Statement": []}
    return {
        "format": "kms-fixture cassette",
        "version": 2,
        "origin": {"kind": "aws", "name": "KMS"},
        "recorded": "2026-01-01T00:00:00Z",
        "recorder": "kms-fixture 0.1.0",
        "test": "suite::grants::it_works",
        "verdict": ["calls", "clean_up", "test"],
        "keep": ["TagKey"],
        "ordered": ["Operations"],
        "scenario": {
            "account": "111122223333",
            "region": "us-east-1",
            "unknown_principals": "accept",
            "consistency": {"eventual": {"seconds": 60, "list_seconds": 0, "jitter": True}},
            "keys": {
                "orders": {
                    "account": "000000000001",
                    "alias": "alias/orders",
                    "description": "description-1",
                    "multi_region": True,
                    "origin": "AWS_KMS",
                    "policy": policy,
                    "spec": "SYMMETRIC_DEFAULT",
                    "state": "Enabled",
                    "tags": pairs,
                    "usage": "ENCRYPT_DECRYPT",
                }
            },
            "roles": {
                "worker": {
                    "account": "000000000001",
                    "allow": ["kms:ListGrants"],
                    "boundary": policy,
                    "policy": policy,
                    "session_seconds": 3600,
                    "session_policy": policy,
                }
            },
            "users": {"alice": {"allow": ["kms:*"]}, "guest": {"federated": True, "policy": policy}},
            "grants": {
                "access": {
                    "key": "orders",
                    "grantee": "worker",
                    "retiring": "alice",
                    "operations": ["Decrypt"],
                    "name": "name-1",
                    "context_equals": {"context-key-1": "context-value-1"},
                    "source_arn": "arn:aws:service-1:us-east-1:111122223333:resource-1",
                }
            },
        },
        "names": {"orders": "mrk-00000000000000000000800000000001", "access": "0" * 48 + "8000000000000001"},
        "accepted": [{"operation": "ListGrants", "grade": "extra", "path": "$.Grants[].Name", "reason": "it is"}],
        "interactions": [
            {
                "caller": "worker",
                "operation": "ListGrants",
                "concurrent": True,
                "input": {"KeyId": "alias/orders", "Limit": 1},
                "status": 200,
                "output": {"Grants": [], "Truncated": False},
            },
            {"caller": "admin", "operation": "RetireGrant", "input": {}, "status": 500, "opaque": 10},
        ],
    }


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_object_is_closed_and_everything_is_described():
    def look(schema, path):
        for name, it in schema.get("properties", {}).items():
            assert it.get("description") or "$ref" in it, f"{path}.{name}"
            look(it, f"{path}.{name}")
        if "properties" in schema:
            assert schema["additionalProperties"] is False, path
        for name, it in schema.get("$defs", {}).items():
            assert it["description"], name
            look(it, name)

    look(SCHEMA, "$")


@pytest.mark.parametrize("path", COMMITTED, ids=named)
def test_what_is_committed_fits(path):
    assert mistakes(read(path)) == []


def test_something_is_committed():
    assert {it.relative_to(ROOT / "cassettes").parts[0] for it in COMMITTED} >= {"documentation", "emulator", "fake"}


def test_what_is_recorded_now_fits(tmp_path):
    from_moto(tmp_path, MOTO)
    found = sorted(tmp_path.rglob("*.json"))
    assert len(found) == len(MOTO)
    for path in found:
        assert mistakes(read(path)) == []


def test_a_recording_of_everything_that_can_be_declared_fits(tmp_path, serve):
    declared = tmp_path / "declared.json"
    policy = {"Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
    declared.write_text(
        json.dumps(
            {
                "account": "444455556666",
                "unknown_principals": "accept",
                "keys": {
                    "orders": {"alias": "alias/a", "description": "b", "tags": {"c": "d"}, "multi_region": True},
                    "macs": {"spec": "HMAC_256", "state": "Disabled"},
                },
                "leaks": "deny",
                "roles": {"worker": {"name": "e", "session": "ff", "session_seconds": 900, "allow": ["kms:*"], "session_policy": policy}},
                "users": {
                    "alice": {"policy": policy, "boundary": policy},
                    "guest": {"federated": True, "name": "kk", "allow": ["kms:*"]},
                },
                "grants": {
                    "access": {
                        "key": "orders",
                        "grantee": "worker",
                        "retiring": "alice",
                        "operations": ["Decrypt"],
                        "name": "g",
                        "context_subset": {"h": "i"},
                    },
                    "table": {
                        "key": "orders",
                        "grantee": "dynamodb.us-east-1.amazonaws.com",
                        "retiring": "worker",
                        "operations": ["Decrypt"],
                        "source_arn": "arn:aws:dynamodb:us-east-1:444455556666:table/orders",
                    },
                },
            }
        )
    )
    live = serve({"account": "444455556666", "unknown_principals": "accept"})
    tape = tmp_path / "tape.json"
    told = live.announced["callers"]["admin"]
    env = environment(
        AWS_ACCESS_KEY_ID=told["access_key_id"],
        AWS_SECRET_ACCESS_KEY=told["secret_access_key"],
        AWS_SESSION_TOKEN=told["session_token"],
    )
    with recorder(tape, live.endpoint, "--scenario", declared, env=env) as it:
        it.client("worker").list_keys()
        assert it.end()[0] == 0
    assert run("accept", tape)[0] == 0
    assert mistakes(read(tape)) == []


def test_everything_that_can_be_said_fits(rich, tmp_path):
    assert mistakes(rich) == []
    path = tmp_path / "rich.json"
    path.write_text(json.dumps(rich))
    code, said = run("show", path)
    assert code == 0, said


# Takes a member away.
GONE = object()

# What no cassette says: where, and what stands there instead.
MUTATIONS = [
    ("format", "another format"),
    ("format", GONE),
    ("version", 1),
    ("version", 3),
    ("version", "2"),
    ("origin", "aws"),
    ("origin", GONE),
    ("origin/kind", "AWS"),
    ("origin/kind", "rumour"),
    ("origin/kind", GONE),
    ("origin/name", ""),
    ("origin/more", "x"),
    ("recorded", GONE),
    ("recorded", "yesterday"),
    ("recorded", "2026-01-01T00:00:00+01:00"),
    ("recorded", 1767225600),
    ("recorder", "something else 1.0"),
    ("test", "no path"),
    ("keep", []),
    ("keep", "TagKey"),
    ("ordered", ["Operations", "Operations"]),
    ("scenario", GONE),
    ("scenario/account", 111122223333),
    ("scenario/account", "1111"),
    ("scenario/region", "nowhere"),
    ("scenario/keys", GONE),
    ("scenario/keys", []),
    ("scenario/more", {}),
    ("scenario/leaks", "deny"),
    ("scenario/consistency", "strong"),
    ("scenario/consistency/eventual/seconds", 86401),
    ("scenario/consistency/eventual/jitter", "yes"),
    ("scenario/consistency/strong", {}),
    ("scenario/roles/worker/session_seconds", 899),
    ("scenario/users/guest/federated", False),
    ("scenario/users/guest/boundary", {"Statement": []}),
    ("scenario/grants/access/source_arn", "arn:aws:s3:::orders-of-last-year"),
    ("scenario/keys/orders/state", "enabled"),
    ("scenario/keys/orders/spec", "RSA_1"),
    ("scenario/keys/orders/tags", {"a": 1}),
    ("scenario/keys/orders/multi_region", False),
    ("scenario/keys/orders/id", "x"),
    ("scenario/roles/worker/allow", "kms:*"),
    ("scenario/roles/worker/secret_access_key", "x"),
    ("scenario/users/alice/session", "x1"),
    ("scenario/grants/access/key", GONE),
    ("scenario/grants/access/operations", []),
    ("scenario/grants/access/operations", ["ListGrants"]),
    ("scenario/grants/access/token", "x"),
    ("names", {}),
    ("names/orders", "orders"),
    ("accepted", []),
    ("accepted/0/grade", "missed"),
    ("accepted/0/reason", GONE),
    ("accepted/0/reason", " "),
    ("accepted/0/path", "Grants"),
    ("accepted/0/path", "$.Grants[0].Name"),
    ("accepted/0/operation", "ListGrant"),
    ("interactions", GONE),
    ("interactions", {}),
    ("interactions/0/caller", GONE),
    ("interactions/0/caller", ""),
    ("interactions/0/operation", "GetGrant"),
    ("interactions/0/concurrent", False),
    ("interactions/0/input", GONE),
    ("interactions/0/input", []),
    ("interactions/0/status", 100),
    ("interactions/0/status", "200"),
    ("interactions/0/output", None),
    ("interactions/0/opaque", 10),
    ("interactions/0/headers", {"authorization": "x"}),
    ("interactions/0/date", 1),
    ("interactions/1/opaque", 0),
    ("credentials", {}),
]


@pytest.mark.parametrize("path, value", MUTATIONS, ids=[path for path, _ in MUTATIONS])
def test_what_is_mutated_does_not_fit(rich, path, value):
    mutated = copy.deepcopy(rich)
    *folders, last = path.split("/")
    at = mutated
    for it in folders:
        at = at[int(it)] if isinstance(at, list) else at[it]
    if value is GONE:
        del at[last]
    else:
        at[last] = value
    assert mistakes(mutated) != []
