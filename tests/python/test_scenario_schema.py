"""The JSON Schema of scenarios: what the fixture reads fits, and what is wrong fits neither."""

import copy
import json

import jsonschema
import pytest

from server import ROOT

SCHEMA = json.loads((ROOT / "kms-fixture/src/scenario/scenario.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

EVERYTHING = {
    "$schema": "scenario.schema.json",
    "region": "us-east-1",
    "account": "111122223333",
    "unknown_principals": "accept",
    "leaks": "deny",
    "consistency": {"eventual": {"seconds": 60, "list_seconds": 0, "jitter": True}},
    "quotas": {"aws": True, "CreateGrant": 2, "symmetric": 10},
    "keys": {
        "orders": {"alias": "alias/orders", "description": "d", "tags": {"team": "x"}, "multi_region": True},
        "signing": {"spec": "RSA_2048", "usage": "SIGN_VERIFY", "state": "Disabled", "origin": "AWS_KMS"},
        "theirs": {"account": "444455556666", "policy": {"Version": "2012-10-17", "Statement": []}},
    },
    "roles": {
        "worker": {
            "account": "444455556666",
            "name": "p/Worker",
            "allow": ["kms:ListKeys", "*"],
            "session": "night",
            "session_seconds": 900,
            "session_policy": {"Version": "2012-10-17", "Statement": []},
        }
    },
    "users": {"alice": {}, "guest": {"federated": True}},
    "grants": {
        "access": {
            "key": "orders",
            "grantee": "worker",
            "retiring": "alice",
            "operations": ["Decrypt"],
            "name": "n",
            "context_equals": {"tenant": "7"},
        },
        "loose": {"key": "orders", "grantee": "admin", "operations": ["Encrypt"], "context_subset": {"a": "b"}},
        "table": {
            "key": "orders",
            "grantee": "dynamodb.us-east-1.amazonaws.com",
            "retiring": "rds.amazonaws.com",
            "operations": ["Decrypt"],
            "source_arn": "arn:aws:dynamodb:us-east-1:111122223333:table/orders",
        },
    },
}


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("scenario", [{}, EVERYTHING, {"consistency": "eventual"}, {"quotas": "aws"}, {"$schema": "x"}])
def test_a_scenario_fits_and_is_served(serve, scenario):
    VALIDATOR.validate(scenario)
    assert serve(scenario=scenario).region == "us-east-1"


def test_the_files_of_this_repository_fit():
    VALIDATOR.validate(json.loads((ROOT / "tests/scenario.json").read_text()))


@pytest.mark.parametrize(
    "path, value",
    [
        (["regoin"], "us-east-1"),
        (["transport"], "tcp"),
        (["account"], "1"),
        (["leaks"], "denny"),
        (["consistency"], {"strong": {}}),
        (["consistency", "eventual", "seconds"], 86401),
        (["consistency", "eventual", "secnds"], 1),
        (["quotas"], "all"),
        (["quotas"], {}),
        (["quotas", "CreatGrant"], 2),
        (["quotas", "CreateGrant"], 0),
        (["quotas", "aws"], 1),
        (["keys", "kms"], {}),
        (["keys", "orders", "stat"], "Disabled"),
        (["keys", "orders", "state"], "Dis"),
        (["keys", "orders", "alias"], "orders"),
        (["keys", "orders", "multi_region"], "yes"),
        (["keys", "orders", "tags"], {"a": 1}),
        (["roles", "worker", "federated"], True),
        (["roles", "worker", "allow"], ["ListKeys"]),
        (["roles", "worker", "session_seconds"], 899),
        (["roles", "worker", "session"], "a/b"),
        (["users", "alice", "session"], "a"),
        (["grants", "access", "operations"], []),
        (["grants", "access", "operations"], ["Decrpyt"]),
        (["grants", "access", "operations"], ["Decrypt", "Decrypt"]),
        (["grants", "access", "name"], "a b"),
        (["grants", "access", "context_equals"], {}),
        (["grants", "table", "source_arn"], "arn"),
        (["grants", "half"], {"key": "orders", "grantee": "admin"}),
    ],
)
def test_what_is_wrong_fits_neither_the_schema_nor_the_fixture(serve, path, value):
    scenario = copy.deepcopy(EVERYTHING)
    place = scenario
    for member in path[:-1]:
        place = place[member]
    place[path[-1]] = value
    assert not VALIDATOR.is_valid(scenario)
    with pytest.raises(AssertionError, match="the server did not start") as refused:
        serve(scenario=scenario)
    assert "$." + ".".join(path[:2]) in str(refused.value)
