"""The fake beside a cassette of a live account: what it has to be given or cannot know, and what is drift all the same."""

import base64
import hashlib
import json

import pytest

from recorder import FINDINGS, GOOD, studio  # noqa: F401

ACCOUNT = "111122223333"
ID = "00000000-0000-4000-8000-{:012}".format
KEY, OTHER = [f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{ID(it)}" for it in (1, 2)]
ROLE = f"arn:aws:iam::{ACCOUNT}:role/role-1"
CALLER = f"arn:aws:sts::{ACCOUNT}:assumed-role/role-1/session-1"


def call(operation, sent, output=None, status=200, **more):
    call = {"caller": "admin", "operation": operation, "input": sent, "status": status}
    return call | ({} if output is None else {"output": output}) | more


def error(operation, sent, code, message=None):
    return call(operation, sent, {"__type": code} | ({} if message is None else {"message": message}), 400)


def check(studio, *interactions, scenario):
    """Checks a cassette of these calls, on the declared key `orders` if there is one; gives the exit code and what was
    said."""
    interactions = json.dumps(interactions)
    if "keys" in scenario:
        hashed = hashlib.sha256(b"orders").hexdigest()[1:12]
        interactions = interactions.replace(ID(1), f"00000000-0000-4000-8000-8{hashed}")
    tape = {
        "format": "kms-fixture cassette",
        "version": 2,
        "origin": {"kind": "aws"},
        "recorded": "2026-11-22T00:36:39Z",
        "recorder": "kms-fixture 0.1.0",
        "scenario": scenario,
        "interactions": json.loads(interactions),
    }
    return studio.run("check", "--max-age", "0", studio.write("tape.json", tape))


def has_drift(studio, *interactions, scenario={}):
    done = check(studio, *interactions, scenario=scenario)
    assert done.code in (GOOD, FINDINGS), done
    assert (done.code == FINDINGS) == ("disagrees" in done.out), done
    return done.code == FINDINGS


# --- What the fake does not know ---


def denied(reason):
    return f"User: {CALLER} is not authorized to perform: kms:DescribeKey on resource: {KEY} {reason}"


@pytest.mark.parametrize(
    "reason, drift",
    [
        ("with an explicit deny in a service control policy", False),
        ("with an explicit deny in a resource control policy", False),
        ("because no VPC endpoint policy allows the kms:DescribeKey action", False),
        ("with an explicit deny in a resource-based policy", True),
        ("because no identity-based policy allows the kms:DescribeKey action", True),
    ],
)
def test_a_denial_by_a_policy_that_no_cassette_contains_is_not_followed(studio, reason, drift):
    refused = error("DescribeKey", {"KeyId": KEY}, "AccessDeniedException", denied(reason))
    listed = call("ListGrants", {"KeyId": KEY}, {"Grants": [], "Truncated": False})
    assert has_drift(studio, listed, refused) == drift


def test_a_quota_of_what_was_there_before_is_not_followed(studio):
    full = "LimitExceededException"
    of_account = error("CreateKey", {}, full, "Key quota for this account in this region is 101 but the current usage is 101.")
    of_key = error("CreateGrant", {"KeyId": KEY, "GranteePrincipal": ROLE, "Operations": ["Decrypt"]}, full)
    assert not has_drift(studio, of_account, of_key)
    # A read meets no quota.
    assert has_drift(studio, error("ListGrants", {"KeyId": KEY}, full))


# --- A named grant that was there before ---

GRANT, SECOND = ["{:064}".format(it) for it in (1, 2)]


def token(name):
    return base64.urlsafe_b64encode(f"kms-fixture grant token of {name}".encode()).rstrip(b"=").decode()


TOKENS = [token("grant-1"), token("grant-1.2")]
TERMS = {"GranteePrincipal": ROLE, "Operations": ["Decrypt"], "Name": "name-1"}


def listed(*grants, key=KEY):
    shown = [TERMS | {"KeyId": key, "GrantId": it, "CreationDate": 1.7e9, "IssuingAccount": f"arn:aws:iam::{ACCOUNT}:root"} for it in grants]
    return call("ListGrants", {"KeyId": key}, {"Grants": shown, "Truncated": False})


def repeated(grant, token, **terms):
    return call("CreateGrant", TERMS | {"KeyId": KEY} | terms, {"GrantId": grant, "GrantToken": token})


def test_a_repeated_named_grant_has_another_token(studio):
    one, two = TOKENS
    assert not has_drift(studio, listed(GRANT), repeated(GRANT, one), listed(GRANT))
    assert not has_drift(studio, listed(GRANT), repeated(GRANT, one), repeated(GRANT, two))
    # The new token is one of the grant.
    retired = call("RetireGrant", {"GrantToken": one})
    assert not has_drift(studio, listed(GRANT), repeated(GRANT, one), retired, listed())
    assert has_drift(studio, listed(GRANT), repeated(GRANT, one), retired, listed(GRANT))


def test_another_grant_or_the_same_token_again_is_drift(studio):
    one, two = TOKENS
    assert has_drift(studio, listed(GRANT), repeated(GRANT, one), repeated(GRANT, one))
    assert has_drift(studio, listed(GRANT), repeated(SECOND, one))
    assert has_drift(studio, listed(GRANT), repeated(GRANT, one, Operations=["Encrypt"]))
    # A name that changes nothing but the name, and no name at all.
    assert has_drift(studio, listed(GRANT), repeated(GRANT, one, Name="name-2"))


# --- What a key had before ---


def described(description="", state="Enabled", key=KEY):
    shown = {
        "AWSAccountId": ACCOUNT,
        "Arn": key,
        "CreationDate": 1.7e9,
        "CurrentKeyMaterialId": "1{:063}".format(1),
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "Description": description,
        "Enabled": state == "Enabled",
        "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
        "KeyId": key.rpartition("/")[2],
        "KeyManager": "CUSTOMER",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyState": state,
        "KeyUsage": "ENCRYPT_DECRYPT",
        "MultiRegion": False,
        "Origin": "AWS_KMS",
    }
    return call("DescribeKey", {"KeyId": key}, {"KeyMetadata": shown})


def tagged(*tags):
    shown = [{"TagKey": f"tag-key-{it}", "TagValue": f"tag-value-{it}"} for it in tags]
    return call("ListResourceTags", {"KeyId": KEY}, {"Tags": shown, "Truncated": False})


DISABLE = call("DisableKey", {"KeyId": KEY})
RENAME = call("UpdateKeyDescription", {"KeyId": KEY, "Description": "description-2"})
TAG = call("TagResource", {"KeyId": KEY, "Tags": [{"TagKey": "tag-key-2", "TagValue": "tag-value-2"}]})
BOUND = {"keys": {"orders": {}}}


@pytest.mark.parametrize(
    "calls",
    [
        [described("description-1"), RENAME, described("description-2")],
        [described(state="Disabled"), call("EnableKey", {"KeyId": KEY}), described()],
        [listed(), described(state="Disabled")],
        [tagged(1), TAG, tagged(1, 2)],
        # A read of one property leaves the others open.
        [described(), RENAME, tagged(1), DISABLE, described("description-2", "Disabled")],
    ],
)
@pytest.mark.parametrize("scenario", [{}, BOUND], ids=["undeclared", "bound"])
def test_a_key_is_given_what_a_call_read_before_it_was_changed(studio, scenario, calls):
    assert not has_drift(studio, *calls, scenario=scenario)


@pytest.mark.parametrize(
    "calls",
    [
        [described("description-1"), described("description-2")],
        [RENAME, described()],
        [described("description-1"), RENAME, described("description-1")],
        [DISABLE, described()],
        [described(), DISABLE, described()],
        [described(), described(state="Disabled")],
        [TAG, tagged()],
        [tagged(1), TAG, tagged(1)],
        [tagged(1), tagged(1, 2)],
    ],
)
@pytest.mark.parametrize("scenario", [{}, BOUND], ids=["undeclared", "bound"])
def test_a_read_after_a_change_or_a_read_has_to_agree(studio, scenario, calls):
    assert has_drift(studio, *calls, scenario=scenario)


@pytest.mark.parametrize(
    "declared, read",
    [
        ({"description": "description-1"}, described("description-2")),
        ({"state": "Disabled"}, described()),
        ({"tags": {"tag-key-1": "tag-value-1"}}, tagged(2)),
    ],
)
def test_a_read_that_contradicts_the_declaration_is_drift(studio, declared, read):
    assert has_drift(studio, read, scenario={"keys": {"orders": declared}})


def test_a_key_that_the_recording_created_had_nothing_before(studio):
    created = described()
    made = call("CreateKey", {}, created["output"])
    assert not has_drift(studio, made, described())
    assert has_drift(studio, made, described("description-1"))
    assert has_drift(studio, made, described(state="Disabled"))
    assert has_drift(studio, made, tagged(1))


def aliases(*names):
    entry = {"CreationDate": 1.7e9, "LastUpdatedDate": 1.7e9, "TargetKeyId": ID(1)}
    shown = [
        entry | {"AliasArn": f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/{it}", "AliasName": f"alias/{it}"} for it in names
    ]
    return call("ListAliases", {}, {"Aliases": shown, "Truncated": False})


@pytest.mark.parametrize("scenario", [{}, BOUND], ids=["undeclared", "bound"])
def test_an_alias_that_was_listed_first_was_there_before(studio, scenario):
    delete = call("DeleteAlias", {"AliasName": "alias/alias-1"})
    one, none = aliases("alias-1"), aliases()
    assert not has_drift(studio, one, one, delete, none, scenario=scenario)
    assert has_drift(studio, one, delete, one, scenario=scenario)
    create = call("CreateAlias", {"AliasName": "alias/alias-1", "TargetKeyId": KEY})
    assert not has_drift(studio, create, one, scenario=scenario)
    assert has_drift(studio, create, none, scenario=scenario)
    assert has_drift(studio, one, none, scenario=scenario)
