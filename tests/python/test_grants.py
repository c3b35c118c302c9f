"""The life of a grant: made, listed, retired, revoked, by callers of two accounts (`kms-facts.md` 3.1 to 3.5)."""

import re
import string

import pytest

from support import OURS, THEIRS, UNKNOWN_GRANT, Grants, policy, refusal, root, trust

SCENARIO = {
    "keys": {
        "orders": {},
        "invoices": {},
        "shared": {"policy": policy(trust(root(OURS)), trust(root(THEIRS)))},
        "theirs": {"account": THEIRS},
        "macs": {"spec": "HMAC_256"},
        "signing": {"spec": "RSA_2048", "usage": "SIGN_VERIFY"},
        "sealing": {"spec": "RSA_2048", "usage": "ENCRYPT_DECRYPT"},
        "agreeing": {"spec": "ECC_NIST_P256", "usage": "KEY_AGREEMENT"},
    },
    "roles": {
        "worker": {},
        "janitor": {"allow": ["kms:ListRetirableGrants"]},
        "stranger": {},
        "pathed": {"name": "service/night/Pathed"},
        "partner": {"account": THEIRS, "allow": ["kms:*"]},
    },
    "users": {"alice": {}},
}


@pytest.fixture
def server(serve):
    return serve(SCENARIO)


@pytest.fixture
def grants(server):
    return Grants(server)


@pytest.fixture(scope="module")
def shared(serve_module):
    """A server for calls that are refused."""
    return serve_module(SCENARIO)


@pytest.fixture(scope="module")
def create(shared):
    """CreateGrant with something in it that has to be refused; gives code and text."""

    def create(key="orders", **changes):
        before = shared.client().list_grants(KeyId=shared.key(key))["Grants"]
        arguments = {
            "KeyId": shared.key(key),
            "GranteePrincipal": shared.arn("worker"),
            "Operations": ["DescribeKey"],
        }
        told = refusal(shared.client().create_grant, **arguments | changes)
        assert shared.client().list_grants(KeyId=shared.key(key))["Grants"] == before
        return told

    return create


# --- Making one ---


def test_facts_2_5_and_2_6_what_create_grant_gives(grants):
    made = grants.server.client().create_grant(
        KeyId=grants.server.key(), GranteePrincipal=grants.arn("worker"), Operations=["Decrypt"]
    )
    assert set(made) - {"ResponseMetadata"} == {"GrantId", "GrantToken"}
    assert re.fullmatch("[0-9a-f]{64}", made["GrantId"])
    token = made["GrantToken"]
    assert 1 <= len(token) <= 8192
    # The published sample has the URL-safe alphabet and no padding.
    assert set(token) <= set(string.ascii_letters + string.digits + "-_")


def test_fact_3_1_2_a_grant_is_listed_at_once(grants):
    grant_id, _ = grants.create()
    assert grants.ids() == {grant_id}


@pytest.mark.parametrize("form", ["arn", "id"])
def test_the_key_may_be_named_by_id_or_by_arn(grants, form):
    key = grants.server.key() if form == "arn" else grants.server.key_id()
    grant_id, _ = grants.create(KeyId=key)
    kms = grants.server.client()
    [entry] = kms.list_grants(KeyId=key)["Grants"]
    # Fact 2.11: the ARN, whatever the request said.
    assert (entry["GrantId"], entry["KeyId"]) == (grant_id, grants.server.key())
    kms.revoke_grant(KeyId=key, GrantId=grant_id)
    assert grants.ids() == set()


def test_fact_3_1_3_without_a_name_every_call_makes_a_grant(grants):
    made = [grants.create() for _ in range(3)]
    assert len(set(made)) == len({token for _, token in made}) == 3
    assert grants.ids() == {grant_id for grant_id, _ in made}


NAMED = {"Name": "nightly", "retiring": "janitor", "Constraints": {"EncryptionContextEquals": {"a": "b"}}}


def test_fact_3_1_4_the_same_name_and_parameters_give_the_same_grant_and_a_new_token(grants):
    (one, first), (other, second) = grants.create(**NAMED), grants.create(**NAMED)
    assert one == other
    assert first != second
    assert grants.ids() == {one}


@pytest.mark.parametrize("which", [0, 1, 2])
def test_fact_2_7_every_token_of_a_grant_works(grants, which):
    tokens = [grants.create(**NAMED)[1] for _ in range(3)]
    grants.server.client("janitor").retire_grant(GrantToken=tokens[which])
    assert grants.ids() == set()
    for token in tokens:
        code, _ = refusal(grants.server.client("janitor").retire_grant, GrantToken=token)
        assert code in {"InvalidGrantTokenException", "NotFoundException"}


@pytest.mark.parametrize(
    "change",
    [
        {"grantee": "stranger"},
        {"retiring": "stranger"},
        {"Operations": ["Decrypt"]},
        {"Operations": ["Decrypt", "DescribeKey", "Encrypt"]},
        {"Constraints": {"EncryptionContextSubset": {"a": "b"}}},
        {"Constraints": {"EncryptionContextEquals": {"a": "c"}}},
        {"Constraints": {"EncryptionContextEquals": {"a": "b", "c": "d"}}},
        {"Name": "weekly"},
    ],
    ids=str,
)
def test_fact_3_1_5_the_same_name_with_other_parameters_makes_another_grant(grants, change):
    """Inferred from the API reference, which asks for the same parameters."""
    one, _ = grants.create(**NAMED)
    other, _ = grants.create(**NAMED | change)
    assert grants.ids() == {one, other}


def test_fact_3_1_6_the_same_name_on_two_keys_makes_two_grants(grants):
    one, _ = grants.create(**NAMED)
    other, _ = grants.create(**NAMED, key="invoices")
    assert one != other
    assert (grants.ids("orders"), grants.ids("invoices")) == ({one}, {other})


def test_a_named_grant_that_was_retired_is_made_anew(grants):
    one, token = grants.create(**NAMED)
    grants.server.client("janitor").retire_grant(GrantToken=token)
    other, _ = grants.create(**NAMED)
    assert one != other
    assert grants.ids() == {other}


# --- What the lists show ---

ALWAYS = {
    "KeyId",
    "GrantId",
    "Name",
    "CreationDate",
    "GranteePrincipal",
    "IssuingAccount",
    "Operations",
}


def test_table_3_2_the_entry_of_a_bare_grant(grants):
    """Recorded entries have exactly these members (stackd, grants.json)."""
    grant_id, _ = grants.create(grantee="worker", Operations=["Decrypt"])
    entry = grants.entry(grant_id)
    assert set(entry) == ALWAYS
    assert entry["Name"] == ""
    assert entry["GranteePrincipal"] == grants.arn("worker")
    assert entry["IssuingAccount"] == root(OURS)
    assert entry["Operations"] == ["Decrypt"]


def test_table_3_2_the_entry_of_a_full_grant(grants):
    grant_id, _ = grants.create(**NAMED)
    entry = grants.entry(grant_id)
    assert set(entry) == ALWAYS | {"RetiringPrincipal", "Constraints"}
    assert entry["Name"] == "nightly"
    assert entry["RetiringPrincipal"] == grants.arn("janitor")
    assert entry["Constraints"] == {"EncryptionContextEquals": {"a": "b"}}
    assert sorted(entry["Operations"]) == ["Decrypt", "DescribeKey"]


def test_table_3_2_the_entry_of_a_grant_for_a_service(grants):
    """With a service as grantee another member stands there."""
    source = f"arn:aws:dynamodb:us-east-1:{OURS}:table/orders"
    made = grants.server.client().create_grant(
        KeyId=grants.server.key(),
        GranteeServicePrincipal="dynamodb.us-east-1.amazonaws.com",
        RetiringServicePrincipal="dynamodb.us-east-1.amazonaws.com",
        Operations=["Decrypt"],
        Constraints={"SourceArn": source},
    )
    entry = grants.entry(made["GrantId"])
    assert set(entry) == ALWAYS - {"GranteePrincipal"} | {
        "GranteeServicePrincipal",
        "RetiringServicePrincipal",
        "Constraints",
    }
    assert entry["GranteeServicePrincipal"] == "dynamodb.us-east-1.amazonaws.com"
    assert entry["Constraints"] == {"SourceArn": source}


def test_the_list_of_retirable_grants_shows_the_same_entry(grants):
    grant_id, _ = grants.create(**NAMED)
    page = grants.server.client("janitor").list_retirable_grants(RetiringPrincipal=grants.arn("janitor"))
    assert page["Grants"] == [grants.entry(grant_id)]
    assert page["Truncated"] is False


def test_fact_2_11_the_issuing_account_is_that_of_the_caller(grants):
    """Facts 8b.7 and 8b.8 tell apart which account has issued a grant."""
    ours, _ = grants.create("admin", key="shared")
    theirs, _ = grants.create("partner", key="shared", grantee="partner")
    assert grants.entry(ours, "shared")["IssuingAccount"] == root(OURS)
    assert grants.entry(theirs, "shared")["IssuingAccount"] == root(THEIRS)


@pytest.mark.parametrize(
    "principal",
    [
        root(OURS),
        root(THEIRS),
        f"arn:aws:iam::{OURS}:role/worker",
        f"arn:aws:iam::{OURS}:role/service/night/Pathed",
        f"arn:aws:iam::{THEIRS}:role/partner",
        f"arn:aws:iam::{OURS}:user/alice",
        f"arn:aws:sts::{OURS}:assumed-role/worker/issued-or-not",
        f"arn:aws:sts::{OURS}:assumed-role/Pathed/session",
        f"arn:aws:sts::{OURS}:federated-user/issued-or-not",
        f"arn:aws:sts::{THEIRS}:federated-user/issued-or-not",
    ],
)
def test_facts_2_13_and_8b_2_whom_a_grant_may_name(grants, principal):
    grant_id, _ = grants.create(grantee=principal, retiring=principal)
    entry = grants.entry(grant_id)
    assert entry["GranteePrincipal"] == entry["RetiringPrincipal"] == principal
    assert grants.ids(GranteePrincipal=principal) == {grant_id}


def test_fact_3_2_5_the_grantee_filter_is_an_exact_match(grants):
    session = f"arn:aws:sts::{OURS}:assumed-role/worker/worker"
    by_role, _ = grants.create(grantee="worker")
    by_session, _ = grants.create(grantee=session)
    by_account, _ = grants.create(grantee=root(OURS))
    assert grants.ids(GranteePrincipal=grants.arn("worker")) == {by_role}
    assert grants.ids(GranteePrincipal=session) == {by_session}
    assert grants.ids(GranteePrincipal=root(OURS)) == {by_account}
    assert grants.ids(GranteePrincipal=grants.arn("alice")) == set()


def test_the_grant_filter(grants):
    one, _ = grants.create()
    other, _ = grants.create(grantee="alice")
    elsewhere, _ = grants.create(key="invoices")
    assert grants.ids(GrantId=one) == {one}
    assert grants.ids(GrantId=other, GranteePrincipal=grants.arn("alice")) == {other}
    assert grants.ids(GrantId=one, GranteePrincipal=grants.arn("alice")) == set()
    assert elsewhere not in grants.ids()


def test_facts_3_3_1_and_3_3_2_which_grants_are_retirable(grants):
    """The value of RetiringPrincipal, on keys of any account; no other way to retire counts."""
    janitor = {"retiring": "janitor"}
    listed = {
        grants.create(**janitor)[0],
        grants.create(key="invoices", **janitor)[0],
        grants.create("partner", key="theirs", grantee="partner", **janitor)[0],
    }
    grants.create(retiring="worker")
    grants.create(grantee="janitor", Operations=["RetireGrant", "Decrypt"])
    grants.create(retiring=root(OURS))
    grants.create(retiring=f"arn:aws:sts::{OURS}:assumed-role/janitor/janitor")
    page = grants.server.client("janitor").list_retirable_grants(RetiringPrincipal=grants.arn("janitor"))
    assert {it["GrantId"] for it in page["Grants"]} == listed
    assert {it["KeyId"] for it in page["Grants"]} == {
        grants.server.key(name) for name in ("orders", "invoices", "theirs")
    }


# --- Ending one ---


@pytest.mark.parametrize("form", ["token", "arn and id", "id and id"])
def test_facts_3_4_1_and_8b_14_retiring(grants, form):
    """A bare key id is in dispute; both are accepted."""
    grant_id, token = grants.create(retiring="janitor")
    kept, _ = grants.create(retiring="janitor")
    arguments = {
        "token": {"GrantToken": token},
        "arn and id": {"KeyId": grants.server.key(), "GrantId": grant_id},
        "id and id": {"KeyId": grants.server.key_id(), "GrantId": grant_id},
    }[form]
    if form == "id and id":  # a bare id is one of the caller's own account
        assert grants.server.caller_arn("janitor").split(":")[4] == OURS
    grants.server.client("janitor").retire_grant(**arguments)
    assert grants.ids() == {kept}


def test_fact_3_5_1_revoking(grants):
    grant_id, _ = grants.create()
    kept, _ = grants.create()
    grants.server.client().revoke_grant(KeyId=grants.server.key(), GrantId=grant_id)
    assert grants.ids() == {kept}


@pytest.mark.parametrize("how", ["retire", "revoke"])
def test_what_a_grant_gave_ends_with_it(grants, how):
    grant_id, token = grants.create(grantee="worker", retiring="janitor")
    worker = grants.server.client("worker")
    assert worker.describe_key(KeyId=grants.server.key())["KeyMetadata"]["Arn"] == grants.server.key()
    if how == "retire":
        grants.server.client("janitor").retire_grant(GrantToken=token)
    else:
        grants.server.client().revoke_grant(KeyId=grants.server.key(), GrantId=grant_id)
    code, _ = refusal(worker.describe_key, KeyId=grants.server.key())
    assert code == "AccessDeniedException"


def test_two_grants_of_the_same_kind_end_apart(grants):
    _, token = grants.create(retiring="janitor")
    grants.create(retiring="janitor")
    grants.server.client("janitor").retire_grant(GrantToken=token)
    worker = grants.server.client("worker")
    assert worker.describe_key(KeyId=grants.server.key())["KeyMetadata"]["Arn"] == grants.server.key()


@pytest.mark.parametrize("first", ["retire", "revoke"])
@pytest.mark.parametrize("then", ["token", "retire", "revoke"])
def test_a_grant_that_is_gone_is_gone(grants, first, then):
    """Facts 3.5.2, 3.4.5; what a second RetireGrant by token says is not known (section 10.3)."""
    kms, key = grants.server.client(), grants.server.key()
    grant_id, token = grants.create()
    (kms.retire_grant if first == "retire" else kms.revoke_grant)(KeyId=key, GrantId=grant_id)
    if then == "token":
        code, _ = refusal(kms.retire_grant, GrantToken=token)
        assert code in {"InvalidGrantTokenException", "NotFoundException"}
    else:
        call = kms.retire_grant if then == "retire" else kms.revoke_grant
        code, _ = refusal(call, KeyId=key, GrantId=grant_id)
        assert code == "NotFoundException"


@pytest.mark.parametrize("operation", ["retire_grant", "revoke_grant"])
def test_fact_3_5_2_a_well_formed_id_that_no_grant_has(shared, operation):
    """getmoto/moto#5411, on AWS."""
    call = getattr(shared.client(), operation)
    code, _ = refusal(call, KeyId=shared.key(), GrantId=UNKNOWN_GRANT)
    assert code == "NotFoundException"


@pytest.mark.parametrize("operation", ["retire_grant", "revoke_grant"])
def test_a_grant_of_another_key(grants, operation):
    grant_id, _ = grants.create(key="invoices")
    call = getattr(grants.server.client(), operation)
    code, _ = refusal(call, KeyId=grants.server.key("orders"), GrantId=grant_id)
    assert code == "NotFoundException"
    assert grants.ids("invoices") == {grant_id}


@pytest.mark.parametrize("grant_id", ["x", UNKNOWN_GRANT[:-1], UNKNOWN_GRANT + "0", "g" * 64, UNKNOWN_GRANT.upper()])
@pytest.mark.parametrize("operation", ["retire_grant", "revoke_grant"])
def test_an_id_that_is_none(shared, operation, grant_id):
    """Modelled as InvalidGrantIdException; section 10.2 leaves the code open."""
    code, _ = refusal(getattr(shared.client(), operation), KeyId=shared.key(), GrantId=grant_id)
    assert code in {"InvalidGrantIdException", "NotFoundException", "ValidationException"}


@pytest.mark.parametrize("token", ["x", "AQpA" + "a" * 487, "é", "a" * 8192, "\n", " "], ids=lambda it: it[:9])
def test_a_token_that_is_none(shared, token):
    """The modelled error of RetireGrant."""
    code, _ = refusal(shared.client().retire_grant, GrantToken=token)
    assert code == "InvalidGrantTokenException"


@pytest.mark.parametrize(
    "places",
    [
        pytest.param(range(4), id="start"),
        pytest.param(range(4, 491, 7), id="middle"),
        pytest.param(range(480, 491), id="end"),
    ],
)
def test_a_token_that_was_changed_is_none(grants, places):
    """A token is opaque (fact 2.6): one that KMS did not make is invalid."""
    grant_id, token = grants.create()
    for at in places:
        other = "A" if token[at] != "A" else "B"
        spoilt = token[:at] + other + token[at + 1 :]
        code, _ = refusal(grants.server.client().retire_grant, GrantToken=spoilt)
        assert code == "InvalidGrantTokenException"
    assert grants.ids() == {grant_id}


@pytest.mark.parametrize("change", [lambda it: it + "=", lambda it: it + "A", lambda it: it[:-1], lambda it: f" {it}"])
def test_a_token_of_another_length_is_none(grants, change):
    grant_id, token = grants.create()
    code, _ = refusal(grants.server.client().retire_grant, GrantToken=change(token))
    assert code == "InvalidGrantTokenException"
    assert grants.ids() == {grant_id}


@pytest.mark.parametrize("there", [(), ("KeyId",), ("GrantId",)])
def test_retiring_needs_a_token_or_key_and_grant(shared, there):
    known = {"KeyId": shared.key(), "GrantId": UNKNOWN_GRANT}
    code, _ = refusal(shared.client().retire_grant, **{name: known[name] for name in there})
    assert code == "ValidationException"


# --- Dry runs ---

DRY_RUN = ("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.")


def test_row_15_creating_without_effect(create):
    assert create(DryRun=True) == DRY_RUN


def test_row_15_retiring_and_revoking_without_effect(grants):
    kms, key = grants.server.client(), grants.server.key()
    grant_id, token = grants.create()
    by_id = {"KeyId": key, "GrantId": grant_id}
    assert refusal(kms.retire_grant, GrantToken=token, DryRun=True) == DRY_RUN
    assert refusal(kms.retire_grant, **by_id, DryRun=True) == DRY_RUN
    assert refusal(kms.revoke_grant, **by_id, DryRun=True) == DRY_RUN
    assert grants.ids() == {grant_id}
    kms.retire_grant(**by_id, DryRun=False)
    assert grants.ids() == set()


def test_a_dry_run_comes_last(shared, create):
    """STK: with DryRun, what is wrong otherwise is told."""
    kms = shared.client()
    assert create(Operations=["CreateGrant"], DryRun=True)[0] == "ValidationException"
    by_id = {"KeyId": shared.key(), "GrantId": UNKNOWN_GRANT, "DryRun": True}
    assert refusal(kms.retire_grant, **by_id)[0] == "NotFoundException"
    assert refusal(kms.revoke_grant, **by_id)[0] == "NotFoundException"
    stranger = shared.client("stranger")
    assert refusal(stranger.revoke_grant, **by_id)[0] == "AccessDeniedException"


# --- What is refused ---


def test_row_8_only_create_grant(create):
    told = ("ValidationException", "Grants must not contain only the CreateGrant operation.")
    assert create(Operations=["CreateGrant"]) == told


def test_row_9_two_constraints(create):
    constraints = {"EncryptionContextEquals": {"a": "b"}, "EncryptionContextSubset": {"a": "b"}}
    told = ("ValidationException", "More than one constraint supplied")
    assert create(Constraints=constraints) == told


@pytest.mark.parametrize("key", ["macs", "signing", "sealing", "agreeing"])
@pytest.mark.parametrize("member", ["EncryptionContextEquals", "EncryptionContextSubset"])
def test_row_10_a_context_needs_a_symmetric_encryption_key(create, key, member):
    """Recorded for HMAC, RSA and both kinds of ECC keys (stackd)."""
    told = (
        "ValidationException",
        "EncryptionContext is supported only when creating a grant for a symmetric encryption KMS key.",
    )
    assert create(key, Constraints={member: {"a": "b"}}) == told


def test_fact_3_7_the_context_is_looked_at_before_the_operations(create):
    constraints = {"EncryptionContextEquals": {"a": "b"}}
    code, text = create("macs", Constraints=constraints, Operations=["Decrypt"])
    assert code == "ValidationException" and text.startswith("EncryptionContext is supported only")


def test_row_11_an_operation_that_does_not_fit_an_hmac_key(create):
    """Recorded (stackd, hmac.json)."""
    told = (
        "ValidationException",
        "Operations [Encrypt] are not supported when creating a grant for a symmetric KMS key with key usage "
        "GENERATE_VERIFY_MAC. Valid operations are [CreateGrant, RetireGrant, DescribeKey, GenerateMac, VerifyMac]",
    )
    assert create("macs", Operations=["Encrypt"]) == told


# Fact 3.1.13 and the API reference of CreateGrant: what fits which key, beside the three that fit every key.
FITTING = {
    "orders": {
        "Encrypt",
        "Decrypt",
        "ReEncryptFrom",
        "ReEncryptTo",
        "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext",
        "GenerateDataKeyPair",
        "GenerateDataKeyPairWithoutPlaintext",
    },
    "macs": {"GenerateMac", "VerifyMac"},
    "signing": {"Sign", "Verify", "GetPublicKey"},
    "sealing": {"Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GetPublicKey"},
    "agreeing": {"DeriveSharedSecret", "GetPublicKey"},
}
EVERY_KEY = {"CreateGrant", "RetireGrant", "DescribeKey"}


@pytest.mark.parametrize("key", FITTING)
def test_fact_3_1_13_the_operations_that_fit_a_key(grants, key):
    grant_id, _ = grants.create(key=key, Operations=sorted(FITTING[key] | EVERY_KEY))
    assert set(grants.entry(grant_id, key)["Operations"]) == FITTING[key] | EVERY_KEY


@pytest.mark.parametrize(
    "key, operation",
    [(key, it) for key in FITTING for it in sorted(set().union(*FITTING.values()) - FITTING[key])],
)
def test_fact_3_1_13_the_operations_that_do_not_fit_a_key(create, key, operation):
    code, _ = create(key, Operations=["DescribeKey", operation])
    assert code == "ValidationException"


@pytest.mark.parametrize("member", ["GranteePrincipal", "RetiringPrincipal"])
@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:iam::{OURS}:role/nobody",
        f"arn:aws:iam::{OURS}:role/Worker",
        f"arn:aws:iam::{OURS}:role/Pathed",
        f"arn:aws:iam::{OURS}:user/nobody",
        f"arn:aws:iam::{OURS}:user/worker",
        f"arn:aws:iam::{THEIRS}:role/worker",
        "arn:aws:iam::999988887777:root",
        "arn:aws:iam::999988887777:role/worker",
        f"arn:aws:sts::{OURS}:assumed-role/nobody/session",
        f"arn:aws:sts::{THEIRS}:assumed-role/worker/session",
        "arn:aws:sts::999988887777:federated-user/nobody",
    ],
)
def test_row_7_a_principal_that_does_not_exist(create, member, arn):
    """Facts 3.1.8 and 8b.3."""
    told = ("InvalidArnException", f"ARN does not refer to a valid principal: {arn}")
    assert create(**{member: arn}) == told


@pytest.mark.parametrize("member", ["GranteePrincipal", "RetiringPrincipal"])
def test_fact_8b_1_the_arn_of_a_session_has_no_path(create, member):
    arn = f"arn:aws:sts::{OURS}:assumed-role/service/night/Pathed/session"
    assert create(**{member: arn}) == ("InvalidArnException", f"ARN is not valid: {arn}")


@pytest.mark.parametrize("member", ["GranteePrincipal", "RetiringPrincipal"])
@pytest.mark.parametrize(
    "principal",
    [
        f"arn:aws:iam::{OURS}:group/people",
        "arn:aws:organizations::111122223333:organization/o-exampleorgid",
        "dynamodb.us-east-1.amazonaws.com",
        f"arn:aws:kms:us-east-1:{OURS}:key/00000000-0000-4000-8000-000000000000",
        "nobody",
        "AROAXXXXXXXXXXXXXXXXX",
        OURS,
    ],
)
def test_fact_3_1_9_who_is_no_principal_of_a_grant(create, member, principal):
    """Groups, organizations, services and keys; nobody has published the words."""
    code, _ = create(**{member: principal})
    assert code in {"InvalidArnException", "ValidationException"}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"GranteePrincipal": f"arn:aws:iam::{OURS}:role/worker", "GranteeServicePrincipal": "a.b.c"},
        {"GranteeServicePrincipal": "s3.us-east-1.amazonaws.com"},
        {
            "GranteeServicePrincipal": "s3.us-east-1.amazonaws.com",
            "RetiringServicePrincipal": "s3.us-east-1.amazonaws.com",
        },
        {
            "GranteeServicePrincipal": "s3.us-east-1.amazonaws.com",
            "Constraints": {"SourceArn": f"arn:aws:dynamodb:us-east-1:{OURS}:table/orders"},
        },
        {
            "GranteePrincipal": f"arn:aws:iam::{OURS}:role/worker",
            "RetiringPrincipal": f"arn:aws:iam::{OURS}:role/worker",
            "RetiringServicePrincipal": "s3.us-east-1.amazonaws.com",
        },
    ],
    ids=lambda it: " ".join(it) or "nobody",
)
def test_table_3_1_exactly_one_grantee_and_at_most_one_who_retires(shared, changes):
    """API reference of 2026; a service needs SourceArn and somebody who retires."""
    create = shared.client().create_grant
    code, _ = refusal(create, KeyId=shared.key(), Operations=["Decrypt"], **changes)
    assert code == "ValidationException"


@pytest.mark.parametrize("changes", [{}, {"RetiringPrincipal": root(OURS), "RetiringServicePrincipal": "a.b.c"}])
def test_table_3_3_exactly_one_retiring_principal(shared, changes):
    code, _ = refusal(shared.client().list_retirable_grants, **changes)
    assert code == "ValidationException"


# --- How a key is named ---

KEYED = {
    "create_grant": {"GranteePrincipal": f"arn:aws:iam::{OURS}:role/worker", "Operations": ["Decrypt"]},
    "list_grants": {},
    "retire_grant": {"GrantId": UNKNOWN_GRANT},
    "revoke_grant": {"GrantId": UNKNOWN_GRANT},
}
keyed = pytest.mark.parametrize("operation", KEYED)


@keyed
@pytest.mark.parametrize(
    "key_id",
    [
        "invalid",
        "fake-key-id",
        "134f2428cec14b25a1ae9048164dba47",
        "mrk-fake-key-id",
        "134F2428-CEC1-4B25-A1AE-9048164DBA47",
    ],
)
def test_row_1_an_id_of_the_wrong_form(shared, operation, key_id):
    """Facts 2.1, 2.2, 3.1.1, 3.2.1."""
    told = refusal(getattr(shared.client(), operation), KeyId=key_id, **KEYED[operation])
    assert told == ("NotFoundException", f"Invalid keyId '{key_id}'")


@keyed
@pytest.mark.parametrize(
    "key_id", ["134f2428-cec1-4b25-a1ae-9048164dba47", "mrk-d3b95762d3b95762d3b95762d3b95762"]
)
@pytest.mark.parametrize("form", ["{}", f"arn:aws:kms:us-east-1:{OURS}:key/{{}}"])
def test_row_2_an_id_that_no_key_has(shared, operation, key_id, form):
    told = refusal(getattr(shared.client(), operation), KeyId=form.format(key_id), **KEYED[operation])
    arn = f"arn:aws:kms:us-east-1:{OURS}:key/{key_id}"
    assert told == ("NotFoundException", f"Key '{arn}' does not exist")


@keyed
def test_row_3_the_arn_of_another_region(shared, operation):
    arn = shared.key().replace("us-east-1", "eu-central-1")
    told = refusal(getattr(shared.client(), operation), KeyId=arn, **KEYED[operation])
    assert told == ("NotFoundException", "Invalid arn eu-central-1")


@keyed
@pytest.mark.parametrize("alias", ["alias/orders", "alias/none", f"arn:aws:kms:us-east-1:{OURS}:alias/orders"])
def test_row_6_aliases_are_not_taken(serve, operation, alias):
    server = serve(SCENARIO | {"keys": {"orders": {"alias": "alias/orders"}}})
    told = refusal(getattr(server.client(), operation), KeyId=alias, **KEYED[operation])
    assert told == ("InvalidArnException", "Key Aliases are not supported for this operation.")


@keyed
@pytest.mark.parametrize("there", [True, False], ids=["there", "missing"])
def test_row_20_a_key_of_another_account_missing_or_forbidden(shared, operation, there):
    arn = shared.key("theirs")
    if not there:
        arn = arn.rsplit("/", 1)[0] + "/134f2428-cec1-4b25-a1ae-9048164dba47"
    code, text = refusal(getattr(shared.client(), operation), KeyId=arn, **KEYED[operation])
    assert code == "AccessDeniedException"
    if operation != "retire_grant":  # whose words nobody has published
        name = "".join(part.capitalize() for part in operation.split("_"))
        assert text == (
            f"User: {shared.caller_arn()} is not authorized to perform: kms:{name} on this resource because the "
            "resource does not exist in this Region, no resource-based policies allow access, or a resource-based "
            "policy explicitly denies access"
        )


def test_a_bare_id_is_one_of_the_own_account(shared):
    """Table 3.1: another account's key needs its ARN."""
    code, text = refusal(shared.client().list_grants, KeyId=shared.key_id("theirs"))
    arn = f"arn:aws:kms:us-east-1:{OURS}:key/{shared.key_id('theirs')}"
    assert (code, text) == ("NotFoundException", f"Key '{arn}' does not exist")


# --- Filters that name nobody ---


def test_fact_8b_11_a_filter_that_names_nobody(shared):
    arn = f"arn:aws:iam::{OURS}:role/nobody"
    told = ("InvalidArnException", f"ARN does not refer to a valid principal: {arn}")
    kms = shared.client()
    assert refusal(kms.list_grants, KeyId=shared.key(), GranteePrincipal=arn) == told
    assert refusal(kms.list_retirable_grants, RetiringPrincipal=arn) == told


def test_fact_8b_11_filters_by_the_unique_id_of_nobody(shared):
    kms, nobody = shared.client(), "AROAXXXXXXXXXXXXXXXXX:session"
    assert refusal(kms.list_grants, KeyId=shared.key(), GranteePrincipal=nobody) == (
        "InvalidArnException",
        "Input does not refer to a valid principal",
    )
    assert refusal(kms.list_retirable_grants, RetiringPrincipal=nobody) == (
        "NotFoundException",
        f"Retiring principal {nobody} could not be found",
    )


def test_fact_8b_11_a_grant_for_the_unique_id_of_nobody(create):
    told = ("InvalidArnException", "GranteePrincipal does not refer to a valid principal.")
    assert create(GranteePrincipal="AROAXXXXXXXXXXXXXXXXX:session") == told


def test_facts_3_3_4_and_3_3_5_who_retires_nothing(shared):
    """A service, and a key."""
    for principal in ("dynamodb.us-east-1.amazonaws.com", shared.key()):
        code, _ = refusal(shared.client().list_retirable_grants, RetiringPrincipal=principal)
        assert code in {"InvalidArnException", "ValidationException"}


def test_facts_5_3_and_5_5_tokens_go_along_with_any_request_that_takes_them(grants):
    _, token = grants.create(grantee="worker", Operations=["DescribeKey", "CreateGrant", "Decrypt"])
    worker, key = grants.server.client("worker"), grants.server.key()
    assert worker.describe_key(KeyId=key, GrantTokens=[token])["KeyMetadata"]["Arn"] == key
    made = worker.create_grant(
        KeyId=key, GranteePrincipal=grants.arn("alice"), Operations=["Decrypt"], GrantTokens=[token]
    )
    assert made["GrantId"] in grants.ids()
