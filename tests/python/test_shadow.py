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
    print(done.out)
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
    assert has_drift(studio, listed(GRANT), repeated(GRANT, one), retired, *[listed(GRANT)] * 4)


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
    """Not the first time: a change may take time to arrive."""
    assert has_drift(studio, *calls, *calls[-1:] * 3, scenario=scenario)


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
    assert has_drift(studio, one, delete, *[one] * 4, scenario=scenario)
    create = call("CreateAlias", {"AliasName": "alias/alias-1", "TargetKeyId": KEY})
    assert not has_drift(studio, create, one, scenario=scenario)
    assert has_drift(studio, create, *[none] * 4, scenario=scenario)
    assert has_drift(studio, one, none, scenario=scenario)


# --- Grants of others, and of principals that nobody can declare ---

FOREIGN = "arn:aws:iam::000000000001:root"
OF_EBS = {
    "GranteePrincipal": f"arn:aws:sts::{ACCOUNT}:assumed-role/aws:ec2-infrastructure/session-1",
    "RetiringPrincipal": "ec2.us-east-1.amazonaws.com",
    "Operations": ["Decrypt"],
    "Constraints": {"EncryptionContextSubset": {"context-key-1": "context-value-1"}},
}
OF_DELETED = {
    "GranteePrincipal": "AROA" + "1".zfill(17),
    "RetiringPrincipal": "AROA" + "2".zfill(17),
    "Operations": ["Decrypt"],
}
OF_FOREIGN = {"GranteePrincipal": ROLE, "RetiringPrincipal": FOREIGN, "Operations": ["Decrypt"]}
OF_SERVICE = {
    "GranteeServicePrincipal": "dynamodb.us-east-1.amazonaws.com",
    "RetiringServicePrincipal": "dynamodb.us-east-1.amazonaws.com",
    "Operations": ["Encrypt", "Decrypt"],
    "Constraints": {"SourceArn": f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:resource-1"},
}


def entries(*terms, issuing=f"arn:aws:iam::{ACCOUNT}:root", key=KEY):
    shown = [
        {"KeyId": key, "GrantId": f"{at + 1:064}", "CreationDate": 1.7e9, "IssuingAccount": issuing, "Name": ""} | it
        for at, it in enumerate(terms)
    ]
    return call("ListGrants", {"KeyId": key}, {"Grants": shown, "Truncated": False})


@pytest.mark.parametrize("scenario", [{}, BOUND], ids=["undeclared", "bound"])
@pytest.mark.parametrize("issuing", [f"arn:aws:iam::{ACCOUNT}:root", FOREIGN])
def test_any_grant_that_a_list_shows_is_there(studio, issuing, scenario):
    all_of_them = [OF_EBS, OF_DELETED, OF_FOREIGN, OF_SERVICE]
    shown = entries(*all_of_them, issuing=issuing)
    assert not has_drift(studio, shown, shown, scenario=scenario)
    # It is there until a call ends it.
    end = call("RevokeGrant", {"KeyId": KEY, "GrantId": f"{1:064}"})
    rest = json.loads(json.dumps(shown))
    del rest["output"]["Grants"][0]
    assert not has_drift(studio, shown, end, rest, scenario=scenario)
    other = json.loads(json.dumps(shown))
    other["output"]["Grants"][1]["RetiringPrincipal"] = "AROA" + "3".zfill(17)
    assert has_drift(studio, shown, other, scenario=scenario)


def test_a_grant_that_does_not_fit_its_key_is_there_all_the_same(studio):
    shown = entries(OF_EBS | {"Operations": ["GenerateMac", "Sign"]})
    assert not has_drift(studio, described(), shown)
    assert not has_drift(studio, shown, scenario={"keys": {"orders": {"spec": "RSA_2048", "usage": "SIGN_VERIFY"}}})


def test_grants_of_others_are_recorded_accepted_and_replayed(studio):
    """The upstream has the grants by its own scenario: `serve` can declare them."""
    arn = "arn:aws:iam::210987654321:role/app"
    upstream = studio.service(
        {
            "account": "210987654321",
            "keys": {"volume": {}},
            "roles": {"app": {}},
            "grants": {
                "ebs": {
                    "key": "volume",
                    "grantee": "arn:aws:sts::210987654321:assumed-role/aws:ec2-infrastructure/i-0c9d812c0cfa2790f",
                    "retiring": "ec2.us-east-1.amazonaws.com",
                    "operations": ["Decrypt"],
                    "context_subset": {"aws:ebs:id": "vol-0894f908458cca170"},
                },
                "deleted": {
                    "key": "volume",
                    "grantee": "AROAQ3EGSEXAMPLEID5X7",
                    "retiring": "AROAQ3EGSEXAMPLEID5X8",
                    "operations": ["Decrypt"],
                },
                "foreign": {
                    "key": "volume",
                    "grantee": arn,
                    "retiring": "arn:aws:iam::333344445555:root",
                    "operations": ["Decrypt"],
                    "issuing_account": "333344445555",
                },
            },
        }
    )
    key = upstream.announced["keys"]["volume"]["arn"]

    def story(recorder):
        listed = recorder.client().list_grants(KeyId=key)["Grants"]
        by_grantee = {it["GranteePrincipal"].split(":", 5)[-1]: it for it in listed}
        assert by_grantee["assumed-role/aws:ec2-infrastructure/i-0c9d812c0cfa2790f"]["RetiringPrincipal"] == (
            "ec2.us-east-1.amazonaws.com"
        )
        assert by_grantee["AROAQ3EGSEXAMPLEID5X7"]["RetiringPrincipal"] == "AROAQ3EGSEXAMPLEID5X8"
        assert by_grantee["role/app"]["IssuingAccount"] == "arn:aws:iam::333344445555:root"

    studio.recorded(story, upstream)
    text = studio.tape.read_text()
    assert "ec2.us-east-1.amazonaws.com" in text and "aws:ec2-infrastructure" in text
    assert not any(it in text for it in ["Q3EGSEXAMPLE", "333344445555", "vol-0894"])
    done = studio.run("check", studio.tape)
    assert done.code == GOOD, done


# --- Keys of other accounts ---

ABROAD = f"arn:aws:kms:us-east-1:000000000001:key/{ID(7)}"


def test_a_foreign_key_trusts_the_account_with_what_it_answered(studio):
    shown = described(key=ABROAD)
    shown["output"]["KeyMetadata"]["AWSAccountId"] = "000000000001"
    made = call(
        "CreateGrant",
        {"KeyId": ABROAD, "GranteePrincipal": ROLE, "Operations": ["Decrypt"]},
        {"GrantId": GRANT, "GrantToken": TOKENS[0]},
    )
    entry = {"GranteePrincipal": ROLE, "Operations": ["Decrypt"]}
    has_it = entries(entry, key=ABROAD)
    end = call("RevokeGrant", {"KeyId": ABROAD, "GrantId": GRANT})
    empty = entries(key=ABROAD)
    for scenario in [{}, {"keys": {"abroad": {"account": "000000000001"}}}]:
        calls = [shown, made, has_it, end, empty]
        if scenario:
            hashed = hashlib.sha256(b"abroad").hexdigest()[1:12]
            calls = json.loads(json.dumps(calls).replace(ID(7), f"00000000-0000-4000-8000-8{hashed}"))
        assert not has_drift(studio, *calls, scenario=scenario)
        # It trusts the account with nothing else.
        assert not has_drift(studio, *calls, denial("ScheduleKeyDeletion", calls[0]), scenario=scenario)
    assert has_drift(studio, shown, has_it, denial("ListGrants", shown))


def test_an_operation_that_a_grant_allows_needs_no_trust(studio):
    """Once the grant has ended, a foreign key denies what it allowed before."""
    made = call(
        "CreateGrant",
        {"KeyId": ABROAD, "GranteePrincipal": f"arn:aws:iam::{ACCOUNT}:root", "Operations": ["DescribeKey"]},
        {"GrantId": GRANT, "GrantToken": TOKENS[0]},
    )
    shown = described(key=ABROAD)
    shown["output"]["KeyMetadata"]["AWSAccountId"] = "000000000001"
    end = call("RevokeGrant", {"KeyId": ABROAD, "GrantId": GRANT})
    assert not has_drift(studio, made, shown, end, denial("DescribeKey", shown))


def denial(operation, shown):
    arn = shown["input"]["KeyId"]
    text = (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/Admin/admin is not authorized to perform: kms:{operation} on this "
        "resource because the resource does not exist in this Region, no resource-based policies allow access, or a "
        "resource-based policy explicitly denies access"
    )
    return error(operation, {"KeyId": arn}, "AccessDeniedException", text)


# --- What refusals teach ---


def test_a_refusal_shows_that_the_key_and_its_principals_are_there(studio):
    make = {"KeyId": KEY, "GranteePrincipal": ROLE, "Operations": ["Decrypt"]}
    dry = "DryRunOperationException"
    text = "The request would have succeeded, but the DryRun option is set."
    assert not has_drift(studio, error("CreateGrant", make | {"DryRun": True}, dry, text))
    disabled = error("CreateGrant", make, "DisabledException", f"{KEY} is disabled.")
    assert not has_drift(studio, disabled)
    assert has_drift(studio, described(), disabled)
    pending = error("CreateGrant", make, "KMSInvalidStateException", f"{KEY} is pending deletion.")
    assert not has_drift(studio, pending)
    # What a call has changed before, a refusal does not show.
    assert has_drift(studio, call("EnableKey", {"KeyId": KEY}), disabled)


def test_a_key_or_a_principal_that_is_missing_is_missing(studio):
    make = {"KeyId": KEY, "GranteePrincipal": ROLE, "Operations": ["Decrypt"]}
    missing = error("CreateGrant", make, "NotFoundException", f"Key '{KEY}' does not exist")
    assert not has_drift(studio, missing)
    unknown = error("CreateGrant", make, "InvalidArnException", f"ARN does not refer to a valid principal: {ROLE}")
    assert not has_drift(studio, unknown)
    grant = error("RevokeGrant", {"KeyId": KEY, "GrantId": GRANT}, "NotFoundException", f"Grant '{GRANT}' does not exist")
    assert not has_drift(studio, grant)


# --- More that was there before ---


def status(enabled, days=None):
    output = {"KeyId": KEY, "KeyRotationEnabled": enabled}
    if enabled:
        output |= {"RotationPeriodInDays": days, "NextRotationDate": 1.8e9}
    return call("GetKeyRotationStatus", {"KeyId": KEY}, output)


def policy(*actions):
    statement = {"Action": list(actions), "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
    document = {"Statement": [statement | {"Resource": "*"}], "Version": "2012-10-17"}
    return json.dumps(document, separators=(",", ":"))


def policy_of(text):
    return call("GetKeyPolicy", {"KeyId": KEY}, {"Policy": text, "PolicyName": "default"})


def put(text):
    return call("PutKeyPolicy", {"KeyId": KEY, "Policy": text})


ALL, SOME = policy("kms:*"), policy("kms:*", "kms:Decrypt")
ENABLE = call("EnableKeyRotation", {"KeyId": KEY, "RotationPeriodInDays": 100})
REST = call("DisableKeyRotation", {"KeyId": KEY})


@pytest.mark.parametrize("scenario", [{}, BOUND], ids=["undeclared", "bound"])
@pytest.mark.parametrize(
    "calls, drift",
    [
        ([status(True, 200), ENABLE, status(True, 100), REST, status(False)], False),
        ([status(True, 365), status(True, 365)], False),
        ([status(True, 200), status(True, 300)], True),
        ([status(True, 200), status(False)], True),
        ([status(True, 200), REST, *[status(True, 200)] * 4], True),
        ([policy_of(SOME), put(ALL), policy_of(ALL)], False),
        ([policy_of(SOME), policy_of(SOME)], False),
        ([policy_of(SOME), policy_of(ALL)], True),
        ([put(ALL), policy_of(SOME)], True),
        ([RENAME, described("description-1")], True),
        ([RENAME, described("description-2")], False),
        ([aliases("alias-1", "alias-2", "alias-3")] * 2, False),
        ([aliases("alias-1", "alias-2"), aliases("alias-1")], True),
        ([aliases("alias-1", "alias-2"), call("DeleteAlias", {"AliasName": "alias/alias-2"}), aliases("alias-1")], False),
    ],
)
def test_what_was_read_before_a_change_was_there(studio, calls, drift, scenario):
    assert has_drift(studio, *calls, scenario=scenario) == drift


def multi(kind, primary, *replicas):
    """A multi-Region key, with the Regions of its primary and replica keys."""
    own = f"mrk-{1:032}"

    def arn(region):
        return {"Arn": f"arn:aws:kms:{region}:{ACCOUNT}:key/{own}", "Region": region}

    shown = described(key=arn("us-east-1")["Arn"])
    shown["output"]["KeyMetadata"] |= {
        "MultiRegion": True,
        "MultiRegionConfiguration": {
            "MultiRegionKeyType": kind,
            "PrimaryKey": arn(primary),
            "ReplicaKeys": [arn(it) for it in replicas],
        },
    }
    return shown


def test_a_key_has_the_related_keys_that_were_read(studio):
    primary = multi("PRIMARY", "us-east-1", "eu-west-1", "us-west-2")
    assert not has_drift(studio, primary, primary)
    replica = multi("REPLICA", "eu-west-1", "us-east-1")
    assert not has_drift(studio, replica, replica)
    assert has_drift(studio, primary, multi("PRIMARY", "us-east-1"))


def test_the_expiry_of_imported_material_is_what_was_read(studio):
    shown = described()
    shown["output"]["KeyMetadata"] |= {
        "Origin": "EXTERNAL",
        "ExpirationModel": "KEY_MATERIAL_EXPIRES",
        "ValidTo": 1.8e9,
    }
    assert not has_drift(studio, shown, shown)
    forever = json.loads(json.dumps(shown))
    forever["output"]["KeyMetadata"]["ExpirationModel"] = "KEY_MATERIAL_DOES_NOT_EXPIRE"
    del forever["output"]["KeyMetadata"]["ValidTo"]
    assert not has_drift(studio, forever, forever)
    assert has_drift(studio, shown, forever)


def test_aliases_of_aws_without_a_key_show_nothing(studio):
    listed = aliases("alias-1")
    own = {"AliasArn": f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/aws/alias-2", "AliasName": "alias/aws/alias-2"}
    listed["output"]["Aliases"].append(own)
    assert not has_drift(studio, listed)


# --- Bound keys ---

LIVE = "210987654321"
LIVED_IN = {
    "account": LIVE,
    "keys": {
        "sandbox": {
            "spec": "RSA_2048",
            "usage": "SIGN_VERIFY",
            "description": "signs orders of acme",
            "alias": "alias/sandbox-orders",
            "tags": {"team": "acme"},
            "state": "Disabled",
        },
        "replicated": {"multi_region": True},
        "imported": {"origin": "EXTERNAL", "state": "Enabled"},
        "plain": {},
        "abroad": {
            "account": "333344445555",
            "policy": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": [f"arn:aws:iam::{LIVE}:root", "arn:aws:iam::333344445555:root"]},
                        "Action": "kms:*",
                        "Resource": "*",
                    }
                ],
            },
        },
    },
}


def bound(**keys):
    return {f"KMS_FIXTURE_KEY_{name.upper()}": to for name, to in keys.items()}


def test_a_bound_key_is_what_it_is_in_life(studio):
    upstream = studio.service(LIVED_IN)
    told = upstream.announced["keys"]

    def story(recorder):
        kms = recorder.client()
        orders = recorder.announced["keys"]["orders"]["arn"]
        shown = kms.describe_key(KeyId=orders)["KeyMetadata"]
        assert (shown["KeySpec"], shown["KeyState"]) == ("RSA_2048", "Disabled")
        kms.list_resource_tags(KeyId=orders)
        kms.list_aliases(KeyId=orders)
        # The name by which it is bound is one of its names.
        kms.describe_key(KeyId="alias/sandbox-orders")
        kms.enable_key(KeyId=orders)
        kms.disable_key(KeyId=orders)
        for name in ["replicated", "imported", "plain"]:
            kms.describe_key(KeyId=recorder.announced["keys"][name]["arn"])

    env = bound(orders="alias/sandbox-orders", **{it: told[it]["arn"] for it in ["replicated", "imported", "plain"]})
    declared = {"keys": {it: {} for it in ["orders", "replicated", "imported", "plain"]}}
    studio.recorded(story, upstream, scenario=declared, env=env)
    tape = json.loads(studio.tape.read_text())
    assert tape["found"] == {
        "orders": ["spec", "usage", "state", "description", "alias", "tags"],
        "replicated": ["multi_region"],
        "imported": ["origin", "state"],
    }
    assert tape["scenario"]["keys"]["orders"]["alias"] == "alias/orders"
    assert not any(it in studio.tape.read_text() for it in ["acme", "sandbox", LIVE])
    done = studio.run("check", studio.tape)
    assert done.code == GOOD, done
    replay = studio.replay()
    kms = replay.client()
    orders = replay.announced["keys"]["orders"]["arn"]
    kms.describe_key(KeyId=orders)
    kms.list_resource_tags(KeyId=orders)
    kms.list_aliases(KeyId=orders)
    assert kms.describe_key(KeyId="alias/sandbox-orders")["KeyMetadata"]["Arn"] == orders
    kms.enable_key(KeyId=orders)
    kms.disable_key(KeyId=orders)
    for name in ["replicated", "imported", "plain"]:
        kms.describe_key(KeyId=replay.announced["keys"][name]["arn"])
    ended = replay.end()
    assert ended.code == GOOD, ended


@pytest.mark.parametrize(
    "options, to, said",
    [
        ({"spec": "HMAC_256"}, "sandbox", "`orders` is RSA_2048 in the live service; declare `spec(RSA_2048)`"),
        ({"state": "Enabled"}, "sandbox", "`orders` is Disabled in the live service; declare `state(Disabled)`"),
        ({"origin": "AWS_KMS"}, "imported", "declare `origin(EXTERNAL)`"),
        ({"multi_region": True}, "plain", "`orders` is not a multi-Region key in the live service"),
        ({"description": "of orders"}, "plain", "`orders` has another description"),
        ({"tags": {"team": "orders"}}, "sandbox", 'declare its tags: "team" = "acme"'),
        ({"account": "444455556666"}, "abroad", "belongs to the account 333344445555, but is declared with"),
    ],
)
def test_a_declaration_that_differs_from_the_live_key_is_refused_before_anything_is_made(studio, options, to, said):
    upstream = studio.service(LIVED_IN)
    keys = len(upstream.client().list_keys()["Keys"])
    scenario = studio.write("declared.json", {"keys": {"new": {}, "orders": options}})
    done = studio.run(
        *["record", "--cassette", studio.tape, "--upstream", upstream.endpoint, "--scenario", scenario],
        env=studio.environment(upstream) | bound(orders=upstream.announced["keys"][to]["arn"]),
    )
    assert (done.code, said in done.err) == (2, True), done
    assert len(upstream.client().list_keys()["Keys"]) == keys
    assert not studio.pending.exists()


def test_grants_that_do_not_fit_the_live_key_are_refused_before_anything_is_made(studio):
    upstream = studio.service(LIVED_IN)
    grant = {"key": "orders", "grantee": "admin", "operations": ["Decrypt"]}
    scenario = studio.write("declared.json", {"keys": {"orders": {}}, "grants": {"access": grant}})
    done = studio.run(
        *["record", "--cassette", studio.tape, "--upstream", upstream.endpoint, "--scenario", scenario],
        env=studio.environment(upstream) | bound(orders="alias/sandbox-orders"),
    )
    assert (done.code, "`Decrypt` does not fit the key `orders`" in done.err) == (2, True), done


def test_a_key_of_another_account_can_be_declared_and_bound(studio):
    upstream = studio.service(LIVED_IN)

    def story(recorder):
        kms = recorder.client()
        key = recorder.announced["keys"]["abroad"]["arn"]
        kms.describe_key(KeyId=key)
        sealed = kms.encrypt(KeyId=key, Plaintext=b"of orders")["CiphertextBlob"]
        kms.decrypt(CiphertextBlob=sealed)
        made = kms.create_grant(KeyId=key, GranteePrincipal=f"arn:aws:iam::{LIVE}:root", Operations=["Decrypt"])
        kms.list_grants(KeyId=key)
        kms.revoke_grant(KeyId=key, GrantId=made["GrantId"])
        kms.list_grants(KeyId=key)

    env = bound(abroad=upstream.announced["keys"]["abroad"]["arn"], plain=upstream.announced["keys"]["plain"]["arn"])
    declared = {"keys": {"abroad": {"account": "333344445555"}, "plain": {}}}
    studio.recorded(story, upstream, scenario=declared, env=env)
    done = studio.run("check", studio.tape)
    assert done.code == GOOD, done
    assert not any(it in studio.tape.read_text() for it in ["333344445555", LIVE])


# --- Accounts ---


def test_the_keys_of_an_emulator_decide_which_account_is_its_own(studio):
    grantee = "arn:aws:iam::333344445555:root"
    grant = {"key": "plain", "grantee": grantee, "operations": ["Decrypt"]}
    upstream = studio.service({"account": LIVE, "keys": {"plain": {}}, "grants": {"access": grant}})
    key = upstream.announced["keys"]["plain"]["arn"]
    studio.recorded(lambda recorder: recorder.client().list_grants(KeyId=key), upstream)
    listed = json.loads(studio.tape.read_text())["interactions"][0]["output"]["Grants"][0]
    assert listed["IssuingAccount"] == f"arn:aws:iam::{ACCOUNT}:root"
    assert f":{ACCOUNT}:" in listed["KeyId"]
    assert listed["GranteePrincipal"] == "arn:aws:iam::000000000001:root"


def test_a_declared_policy_of_the_test_s_account_is_one_of_the_live_account(studio):
    upstream = studio.service({"account": LIVE, "keys": {"plain": {}}})
    document = json.loads(policy("kms:*"))
    declared = {"keys": {"orders": {"policy": document}}}

    def story(recorder):
        recorder.client().describe_key(KeyId=recorder.announced["keys"]["orders"]["arn"])

    env = bound(orders=upstream.announced["keys"]["plain"]["arn"])
    studio.recorded(story, upstream, scenario=declared, env=env)
    assert json.loads(studio.tape.read_text())["scenario"]["keys"]["orders"]["policy"] == document
    done = studio.run("check", studio.tape)
    assert done.code == GOOD, done


# --- Keys that are known by their grants, by denials and by aliases ---


def make(*operations, **more):
    return {"KeyId": KEY, "GranteePrincipal": ROLE, "Operations": list(operations)} | more


DRY = ("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.")


@pytest.mark.parametrize(
    "operations",
    [
        ["Sign"],
        ["Verify", "GetPublicKey"],
        ["GetPublicKey"],
        ["GetPublicKey", "Decrypt"],
        ["GenerateMac", "DescribeKey"],
        ["DeriveSharedSecret"],
        ["Encapsulate"],
        ["Decrypt", "GenerateDataKey"],
    ],
    ids=lambda it: "-".join(it),
)
def test_the_operations_of_a_grant_tell_what_its_key_is_for(studio, operations):
    made = call("CreateGrant", make(*operations), {"GrantId": GRANT, "GrantToken": TOKENS[0]})
    tried = error("CreateGrant", make(*operations, DryRun=True), *DRY)
    assert not has_drift(studio, made)
    assert not has_drift(studio, tried)
    assert not has_drift(studio, entries({"GranteePrincipal": ROLE, "Operations": operations}), tried)


def test_the_operations_of_grants_have_to_fit_one_key(studio):
    sign = error("CreateGrant", make("Sign", DryRun=True), *DRY)
    decrypt = error("CreateGrant", make("GenerateDataKey", DryRun=True), *DRY)
    assert has_drift(studio, sign, decrypt)
    assert has_drift(studio, described(), sign)
    text = (
        "Operations [Encrypt] are not supported when creating a grant for an asymmetric KMS key with key usage "
        "SIGN_VERIFY. Valid operations are [CreateGrant, RetireGrant, DescribeKey, GetPublicKey, Sign, Verify]"
    )
    refused = error("CreateGrant", make("Encrypt"), "ValidationException", text)
    assert not has_drift(studio, refused)
    assert not has_drift(studio, refused, sign)
    assert has_drift(studio, refused, error("CreateGrant", make("Encrypt", DryRun=True), *DRY))


def foreign_denial(operation, reason):
    text = (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/worker/worker is not authorized to perform: kms:{operation} on this "
        f"resource because {reason}"
    )
    return error(operation, {"KeyId": ABROAD}, "AccessDeniedException", text) | {"caller": "worker"}


def test_a_denial_by_own_policies_shows_that_a_foreign_key_trusts_the_account(studio):
    worker = {"roles": {"worker": {}}}
    own = foreign_denial("DescribeKey", "no identity-based policy allows the kms:DescribeKey action")
    shown = described(key=ABROAD)
    shown["output"]["KeyMetadata"]["AWSAccountId"] = "000000000001"
    missing = (
        "the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy "
        "explicitly denies access"
    )
    assert not has_drift(studio, own, scenario=worker)
    assert not has_drift(studio, own, shown, scenario=worker)
    # Another operation is not trusted, and the text of the key's own policy is not that of the caller's.
    assert not has_drift(studio, own, foreign_denial("ListGrants", missing), scenario=worker)
    assert has_drift(studio, own, foreign_denial("DescribeKey", missing), scenario=worker)
    assert not has_drift(studio, foreign_denial("DescribeKey", missing), scenario=worker)
    # The account's own key does not have this text.
    here = json.loads(json.dumps(own).replace(ABROAD, KEY))
    assert has_drift(studio, here, scenario=worker)


def of_alias(operation, code, text, **more):
    return error(operation, {"KeyId": "alias/alias-1"} | more, code, text) | {"caller": "worker"}


def test_a_refusal_names_the_key_of_an_alias(studio):
    worker = {"roles": {"worker": {}}}
    why = "because no identity-based policy allows the kms:DescribeKey action"
    user = f"User: arn:aws:sts::{ACCOUNT}:assumed-role/worker/worker is not authorized to perform: kms:DescribeKey on"
    denied = of_alias("DescribeKey", "AccessDeniedException", f"{user} resource: {KEY} {why}")
    assert not has_drift(studio, denied, scenario=worker)
    assert not has_drift(studio, denied, BY_ALIAS, described(), scenario=worker)
    other = json.loads(json.dumps(denied).replace(ID(1), ID(2)))
    assert has_drift(studio, denied, other, scenario=worker)
    assert has_drift(studio, BY_ALIAS, other, scenario=worker)
    # The recording made the alias.
    made = call("CreateAlias", {"AliasName": "alias/alias-1", "TargetKeyId": OTHER})
    assert has_drift(studio, made, denied, scenario=worker)


def test_an_alias_that_only_refusals_name_has_a_key(studio):
    tried = error("GenerateDataKey", {"KeyId": "alias/alias-1", "KeySpec": "AES_256", "DryRun": True}, *DRY)
    assert not has_drift(studio, tried)
    assert not has_drift(studio, tried, call("DeleteAlias", {"AliasName": "alias/alias-1"}), NO_ALIAS)
    assert not has_drift(studio, call("DeleteAlias", {"AliasName": "alias/alias-1"}), NO_ALIAS)
    update = call("UpdateAlias", {"AliasName": "alias/alias-1", "TargetKeyId": KEY})
    assert not has_drift(studio, update, BY_ALIAS)
    text = f"An alias with the name arn:aws:kms:us-east-1:{ACCOUNT}:alias/alias-1 already exists"
    exists = error("CreateAlias", ALIAS["input"], "AlreadyExistsException", text)
    assert not has_drift(studio, exists)
    # It was missing before.
    assert has_drift(studio, NO_ALIAS, tried)
    assert has_drift(studio, ALIAS, call("DeleteAlias", ALIAS["input"] | {"TargetKeyId": KEY}), tried)


# --- Keys that AWS manages ---


def test_a_key_that_aws_manages_is_what_was_read(studio):
    listed = aliases("aws/ebs")
    shown = described("description-1")
    shown["input"]["KeyId"] = "alias/aws/ebs"
    shown["output"]["KeyMetadata"]["KeyManager"] = "AWS"
    assert not has_drift(studio, listed, shown)
    assert not has_drift(studio, shown, listed, shown)
    # The account's own callers cannot use it (fact 3.1.17).
    user = f"User: arn:aws:sts::{ACCOUNT}:assumed-role/Admin/admin is not authorized to perform: kms:CreateGrant on"
    why = "because no resource-based policy allows the kms:CreateGrant action"
    denied = error("CreateGrant", make("Decrypt"), "AccessDeniedException", f"{user} resource: {KEY} {why}")
    assert not has_drift(studio, shown, denied)
    assert has_drift(studio, described(), denied)
    assert has_drift(studio, shown, described("description-1"))
    # A key that the recording made is the customer's.
    assert has_drift(studio, call("CreateKey", {}, described()["output"]), shown)


# --- Pages ---


def test_pages_may_have_the_grants_in_another_order(studio):
    """The fake and AWS agree on the grants, but not on which page shows which."""

    def page(grant, marker=None, more=None):
        shown = entries(grant)["output"]["Grants"]
        shown[0]["GrantId"] = f"{2 if grant is OF_SERVICE else 1:064}"
        output = {"Grants": shown, "Truncated": more is not None} | ({"NextMarker": more} if more else {})
        sent = {"KeyId": KEY, "Limit": 1} | ({"Marker": marker} if marker else {})
        return call("ListGrants", sent, output)

    for one, other in [(OF_FOREIGN, OF_SERVICE), (OF_SERVICE, OF_FOREIGN)]:
        pages = [page(one, more="marker-1"), page(other, "marker-1")]
        again = [page(other, more="marker-2"), page(one, "marker-2")]
        assert not has_drift(studio, *pages, *again)
        # Each grant has a grantee.
        nobody = json.loads(json.dumps(again))
        for it in nobody:
            for member in ["GranteePrincipal", "GranteeServicePrincipal"]:
                it["output"]["Grants"][0].pop(member, None)
        assert has_drift(studio, *pages, *nobody)


# --- Lag: changes that had not arrived ---


def verdict(studio, *interactions, scenario={}):
    """Whether there is drift, and the notes."""
    done = check(studio, *interactions, scenario=scenario)
    print(done.out)
    assert done.code in (GOOD, FINDINGS), done
    notes = [it.strip() for it in done.out.splitlines() if it.startswith("  call ")]
    return done.code == FINDINGS, notes


def create(at=1, **terms):
    terms = {"GranteePrincipal": ROLE, "Operations": ["Decrypt"]} | terms
    return call(
        "CreateGrant", {"KeyId": KEY} | terms, {"GrantId": f"{at:064}", "GrantToken": token(f"grant-{at}")}
    )


def there(*ids, **terms):
    terms = {"GranteePrincipal": ROLE, "Operations": ["Decrypt"], "Name": ""} | terms
    shown = [
        {"KeyId": KEY, "GrantId": f"{it:064}", "CreationDate": 1.7e9, "IssuingAccount": f"arn:aws:iam::{ACCOUNT}:root"}
        | terms
        for it in ids
    ]
    return call("ListGrants", {"KeyId": KEY}, {"Grants": shown, "Truncated": False})


def filtered(*ids, **filters):
    shown = there(*ids)
    return call("ListGrants", shown["input"] | filters, shown["output"])


def revoke(at=1):
    return call("RevokeGrant", {"KeyId": KEY, "GrantId": f"{at:064}"})


def retire(at=1):
    return call("RetireGrant", {"GrantToken": token(f"grant-{at}")})


NO_ROLE = error(
    "CreateGrant",
    {"KeyId": KEY, "GranteePrincipal": ROLE, "Operations": ["Decrypt"]},
    "InvalidArnException",
    f"ARN does not refer to a valid principal: {ROLE}",
)
NO_GRANT = error(
    "RevokeGrant", {"KeyId": KEY, "GrantId": f"{1:064}"}, "NotFoundException", f"Grant '{1:064}' does not exist"
)
NO_ALIAS = error(
    "DescribeKey",
    {"KeyId": "alias/alias-1"},
    "NotFoundException",
    f"Alias arn:aws:kms:us-east-1:{ACCOUNT}:alias/alias-1 is not found.",
)
BY_ALIAS = described()
BY_ALIAS["input"]["KeyId"] = "alias/alias-1"
ALIAS = call("CreateAlias", {"AliasName": "alias/alias-1", "TargetKeyId": KEY})
ID_OF_ROLE = "AROA" + "1".zfill(17)


@pytest.mark.parametrize("scenario", [{}, BOUND], ids=["undeclared", "bound"])
@pytest.mark.parametrize(
    "calls, notes",
    [
        ([create(), there(), there(1)], ["call 2: CreateGrant of call 1 had not arrived"]),
        ([create(), there()], ["call 2: CreateGrant of call 1 had not arrived"]),
        ([create(), create(2), there(), there(2), there(1, 2)],
         ["call 3: CreateGrant of call 1 had not arrived", "call 3: CreateGrant of call 2 had not arrived",
          "call 4: CreateGrant of call 1 had not arrived"]),
        ([create(), there(1), revoke(), there(1), there()], ["call 4: RevokeGrant of call 3 had not arrived"]),
        ([create(), NO_GRANT], ["call 2: CreateGrant of call 1 had not arrived"]),
        ([create(), NO_GRANT, revoke(), there()], ["call 2: CreateGrant of call 1 had not arrived"]),
        ([create(), NO_GRANT, there(1)], ["call 2: CreateGrant of call 1 had not arrived"]),
        ([create(), there(1), retire(), there(1), there(1), there()],
         ["call 4: RetireGrant of call 3 had not arrived", "call 5: RetireGrant of call 3 had not arrived"]),
        # One has not arrived, and another one has not ended.
        ([create(), there(1), revoke(), create(2), there(1), there(2)],
         ["call 5: RevokeGrant of call 3 had not arrived", "call 5: CreateGrant of call 4 had not arrived"]),
        ([there(1), revoke(), there(1), there()], ["call 3: RevokeGrant of call 2 had not arrived"]),
        # Any number, if the cassette shows the end.
        ([create(), *[there()] * 7, there(1)], [f"call {it}: CreateGrant of call 1 had not arrived" for it in range(2, 9)]),
        # A new role.
        ([NO_ROLE, NO_ROLE, create(), there(1)],
         [f"call {it}: the principal arn:aws:iam::{ACCOUNT}:role/role-1 had not arrived" for it in (1, 2)]),
        # It has arrived in one place of AWS, not in all.
        ([create(), NO_ROLE, NO_ROLE, create(2), there(1, 2)],
         [f"call {it}: the principal arn:aws:iam::{ACCOUNT}:role/role-1 had not arrived" for it in (2, 3)]),
        # A list with a filter lags as well.
        ([create(), filtered(GrantId=f"{1:064}"), filtered(1, GrantId=f"{1:064}")],
         ["call 2: CreateGrant of call 1 had not arrived"]),
        ([create(), filtered(GranteePrincipal=ROLE), there(1)], ["call 2: CreateGrant of call 1 had not arrived"]),
        ([there(1), revoke(), filtered(1, GrantId=f"{1:064}"), filtered(GrantId=f"{1:064}")],
         ["call 3: RevokeGrant of call 2 had not arrived"]),
        ([create(), there(1, GranteePrincipal=ID_OF_ROLE), there(1)],
         ["call 2: the principal unique-id-1 had not arrived"]),
        ([there(1, GranteePrincipal=ID_OF_ROLE), there(1)], ["call 1: the principal unique-id-1 had not arrived"]),
        # Keys and aliases.
        ([described(), DISABLE, described(), described(state="Disabled")], ["call 3: DisableKey of call 2 had not arrived"]),
        ([ALIAS, NO_ALIAS, BY_ALIAS], ["call 2: CreateAlias of call 1 had not arrived"]),
        ([tagged(1), TAG, tagged(1), tagged(1, 2)], ["call 3: TagResource of call 2 had not arrived"]),
        # What was made while a key was still enabled is there.
        ([described(), DISABLE, create(), error("CreateGrant", create()["input"], "DisabledException", f"{KEY} is disabled."),
          there(1)], ["call 3: DisableKey of call 2 had not arrived"]),
    ],
)
def test_a_change_that_had_not_arrived_is_a_note(studio, calls, notes, scenario):
    if scenario:
        hashed = hashlib.sha256(b"orders").hexdigest()[1:12]
        notes = [it.replace(ID(1), f"00000000-0000-4000-8000-8{hashed}") for it in notes]
    assert verdict(studio, *calls, scenario=scenario) == (False, notes)


@pytest.mark.parametrize(
    "calls",
    [
        # For ever.
        [create(), there(1), revoke(), *[there(1)] * 4],
        [create(), there(1), retire(), *[there(1)] * 4],
        [create(), *[there()] * 4],
        # It had arrived.
        [create(), there(1), there()],
        [create(), there(1), there(), there(1)],
        [create(), revoke(), there(1), there(), there(1)],
        # Nothing made it, or ended it.
        [create(), there(1, 2), there(1), there()],
        [there(1), there(), there(1)],
        [there(), there(1), there(), there(1)],
        [there(1), create(2), there(2), there(1, 2)],
        # It arrives with other terms.
        [create(), there(), there(1, Operations=["Encrypt"])],
        [create(Operations=["Encrypt"]), there(1)],
        # A principal that never comes, or that was there.
        [create(), there(1), NO_ROLE],
        [NO_ROLE, create(), NO_ROLE],
        [create(), *[NO_ROLE] * 4, create(2)],
        # A filter shows no other grants, whatever has arrived.
        [create(), filtered(1, GrantId=f"{2:064}"), filtered(GrantId=f"{2:064}")],
        [create(), filtered(1, GrantId=f"{1:064}"), filtered(GrantId=f"{1:064}")],
        [create(), *[filtered(GrantId=f"{1:064}")] * 4],
        [create(), *[there(1, GranteePrincipal=ID_OF_ROLE)] * 4],
        [create(), there(1), there(1, GranteePrincipal=ID_OF_ROLE)],
        [create(), there(1, GranteePrincipal=ID_OF_ROLE), there(1, GranteePrincipal=ROLE.replace("role-1", "role-2"))],
        # A refusal whose end the cassette does not show.
        [ALIAS, NO_ALIAS],
        [ALIAS, BY_ALIAS, NO_ALIAS, BY_ALIAS],
        [create(), there(1), NO_GRANT],
        [create(), *[NO_GRANT] * 4],
        # Another answer than that of an earlier state.
        [described(), DISABLE, described(state="PendingDeletion")],
        [tagged(1), TAG, tagged(2), tagged(1, 2)],
        # A named grant is found by its name at once.
        [create(Name="name-1"), repeated(f"{2:064}", token("grant-2")), there(1, 2, Name="name-1")],
    ],
)
def test_lag_hides_no_real_difference(studio, calls):
    drift, _ = verdict(studio, *calls)
    assert drift


def test_a_replay_counts_what_had_not_arrived(studio):
    calls = [create(), there(), there(1), revoke(), there(1), there()]
    studio.write("tape.json", {
        "format": "kms-fixture cassette", "version": 2, "origin": {"kind": "aws"}, "recorded": "2026-11-22T00:36:39Z",
        "recorder": "kms-fixture 0.1.0", "scenario": {}, "interactions": calls,
    })
    replay = studio.replay()
    kms = replay.client()
    made = kms.create_grant(KeyId=KEY, GranteePrincipal=ROLE, Operations=["Decrypt"])
    listed = [kms.list_grants(KeyId=KEY)["Grants"] for _ in range(2)]
    kms.revoke_grant(KeyId=KEY, GrantId=made["GrantId"])
    listed += [kms.list_grants(KeyId=KEY)["Grants"] for _ in range(2)]
    assert [len(it) for it in listed] == [0, 1, 1, 0]
    ended = replay.end()
    assert ended.code == GOOD, ended
    assert "call 2: CreateGrant of call 1 had not arrived" in ended.err
    assert "call 5: RevokeGrant of call 4 had not arrived" in ended.err


def test_the_order_of_reads_in_a_replay_changes_no_verdict(studio):
    retirable = there(1, RetiringPrincipal=ROLE)
    retirable |= {"operation": "ListRetirableGrants", "input": {"RetiringPrincipal": ROLE}}
    calls = [create(RetiringPrincipal=ROLE), there(), retirable]
    note = "call 2: CreateGrant of call 1 had not arrived"
    assert verdict(studio, *calls) == (False, [note])
    replay = studio.replay()
    kms = replay.client()
    kms.create_grant(KeyId=KEY, GranteePrincipal=ROLE, RetiringPrincipal=ROLE, Operations=["Decrypt"])
    assert len(kms.list_retirable_grants(RetiringPrincipal=ROLE)["Grants"]) == 1
    assert kms.list_grants(KeyId=KEY)["Grants"] == []
    ended = replay.end()
    assert (ended.code, note in ended.err) == (GOOD, True), ended
