"""Grants that services make and end while a live account is recorded: notes, as long as the lists agree on them."""

import pytest

from recorder import FINDINGS, GOOD, studio  # noqa: F401
from test_shadow import ACCOUNT, KEY, call, check

SERVICE = "ec2.us-east-1.amazonaws.com"
INSTANCE = f"arn:aws:sts::{ACCOUNT}:assumed-role/aws:ec2-infrastructure/session-1"


def grant(at, grantee=INSTANCE, retiring=SERVICE):
    return {
        "KeyId": KEY,
        "GrantId": f"{at:064}",
        "Name": f"name-{at}",
        "CreationDate": 1790402666.0,
        "GranteePrincipal": grantee,
        "RetiringPrincipal": retiring,
        "IssuingAccount": f"arn:aws:iam::{ACCOUNT}:root",
        "Operations": ["Decrypt"],
    }


def lists(*ats, **filters):
    return call("ListGrants", {"KeyId": KEY} | filters, {"Grants": [grant(it) for it in ats], "Truncated": False})


def retirable(*ats):
    found = {"Grants": [grant(it) for it in ats], "Truncated": False}
    return call("ListRetirableGrants", {"RetiringPrincipal": INSTANCE}, found)


def ended(at):
    sent = {"KeyId": KEY, "GrantId": f"{at:064}"}
    return call("RevokeGrant", sent)


@pytest.mark.parametrize(
    "calls, notes",
    [
        ([lists(1, 2), lists(1)], ["call 2: a service had ended grant-2"]),
        ([lists(1), lists(1, 2)], ["call 2: a service had made grant-2"]),
        (
            [lists(1, 2), lists(1), lists(3), lists(3)],
            [
                "call 2: a service had ended grant-2",
                "call 3: a service had ended grant-1",
                "call 3: a service had made grant-3",
            ],
        ),
        # A list with a filter shows that a grant is there, not that another one is not.
        (
            [lists(1), lists(2, GrantId=f"{2:064}"), lists(1, 2)],
            ["call 2: a service had made grant-2"],
        ),
    ],
    ids=["ended", "made", "both", "filtered"],
)
def test_grants_of_services_that_come_and_go_are_notes(studio, calls, notes):
    done = check(studio, *calls, scenario={})
    assert done.code == GOOD, done
    assert [it.strip() for it in done.out.splitlines() if "a service" in it] == notes


@pytest.mark.parametrize(
    "calls",
    [
        [lists(1, 2), lists(1), lists(1, 2)],
        [lists(1), lists(1, 2), lists(1), lists(1, 2)],
        # A filter that is ignored, or too strict.
        [lists(1, 2), lists(1, 2, GrantId=f"{1:064}"), lists(1, 2)],
        [lists(1, 2), lists(GrantId=f"{1:064}"), lists(1, 2)],
        # The recording ended this one.
        [lists(1, 2), ended(2), *[lists(1, 2)] * 5],
        # Each list agrees with the next, but a grant that is gone cannot be ended.
        [lists(1, 2), lists(1), ended(2), lists(1)],
    ],
    ids=["back again", "twice", "no filter", "wrong filter", "ended", "ended after it was gone"],
)
def test_lists_that_disagree_are_drift(studio, calls):
    done = check(studio, *calls, scenario={})
    assert (done.code, "disagrees" in done.out) == (FINDINGS, True), done


def test_a_grant_of_a_role_that_no_call_made_or_ended_is_drift(studio):
    role = f"arn:aws:iam::{ACCOUNT}:role/role-1"
    of_role = grant(2, role, role)
    both = call("ListGrants", {"KeyId": KEY}, {"Grants": [grant(1), of_role], "Truncated": False})
    for calls in ([both, lists(1)], [lists(1), both]):
        done = check(studio, *calls, scenario={})
        assert (done.code, "disagrees" in done.out) == (FINDINGS, True), done
