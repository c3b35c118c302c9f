"""Exchanges with AWS that others have recorded and published, transcribed: what AWS answered, with other names.

The account, the key, the principals and the volume have documentation's names; forms, members, texts, times and the
order of the calls are those of the recording.
"""

from dataclasses import dataclass, field
from datetime import datetime

ACCOUNT = "111122223333"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/ExampleRole/future"
DEAD = "AROAEXAMPLEROLE000001:future"
INVALID = f"ARN does not refer to a valid principal: {SESSION}"


@dataclass(frozen=True)
class Transcript:
    """One recording: where it stands, and its calls."""

    source: str
    # Operation, input, status, output.
    calls: list
    accepted: dict = field(default_factory=dict)


def seconds(text):
    """A moment as it goes over the wire."""
    return datetime.fromisoformat(text).timestamp()


def refusal(code, message):
    return 400, {"__type": code, "message": message}


# --- The grants of a key under an encrypted volume, as EC2 makes and ends them ---


def _of_ec2(number, name, created, grantee):
    return {
        "KeyId": KEY,
        "GrantId": f"{number:064x}",
        "Name": name,
        "CreationDate": seconds(created),
        "GranteePrincipal": grantee,
        "RetiringPrincipal": "ec2.us-east-1.amazonaws.com",
        "IssuingAccount": f"arn:aws:iam::{ACCOUNT}:root",
        "Operations": ["Decrypt"],
        "Constraints": {"EncryptionContextSubset": {"aws:ebs:id": "vol-1234567890abcdef0"}},
    }


_INSTANCE = f"arn:aws:sts::{ACCOUNT}:assumed-role/aws:ec2-infrastructure/i-1234567890abcdef0"
_EC2 = _of_ec2(1, "cd5d3158-6d73-46ba-8241-541d92a46f4c", "2026-09-26T06:04:26Z", "ec2.us-east-1.amazonaws.com")
_RUNNING = _of_ec2(2, "356002aa-0b89-4118-9a2b-3f94017e0c5e", "2026-09-26T06:04:26Z", _INSTANCE)
_RESTARTED = _of_ec2(3, "ed5d7803-0d62-4aae-92ea-e44ae7994c9f", "2026-09-26T06:05:16Z", _INSTANCE)


def _list(*grants):
    return ("ListGrants", {"KeyId": KEY}, 200, {"Grants": list(grants), "Truncated": False})


# --- A grant for the session of a role that was made a moment ago, and what becomes of it (8b.3, 8b.11) ---

_CREATE = {
    "KeyId": KEY,
    "GranteePrincipal": SESSION,
    "RetiringPrincipal": SESSION,
    "Operations": ["DescribeKey"],
    "Name": "bound-session",
}


def _bound(principal):
    return {
        "KeyId": KEY,
        "GrantId": f"{64:064x}",
        "Name": "bound-session",
        "CreationDate": seconds("2026-09-12T09:27:32Z"),
        "GranteePrincipal": principal,
        "RetiringPrincipal": principal,
        "IssuingAccount": f"arn:aws:iam::{ACCOUNT}:root",
        "Operations": ["DescribeKey"],
    }


TRANSCRIPTS = {
    "grants_of_ec2": Transcript(
        source="radkawar/stackd, testdata/aws/ec2/instances_storage_encryption.json, 2026-09-26",
        # The instance runs, is stopped, and runs again.
        calls=[_list(_EC2, _RUNNING), _list(_EC2), _list(_RESTARTED)],
    ),
    "a_fresh_role": Transcript(
        source="radkawar/stackd, testdata/aws/kms/grants.json, 2026-09-12",
        calls=[
            *[("CreateGrant", _CREATE, *refusal("InvalidArnException", INVALID))] * 4,
            ("CreateGrant", _CREATE, 200, {"GrantId": f"{64:064x}", "GrantToken": "dG9rZW4gb2YgdGhlIGdyYW50"}),
            _list(_bound(SESSION)),
            # The role is deleted here.
            _list(_bound(DEAD)),
            ("ListGrants", {"KeyId": KEY, "GranteePrincipal": SESSION}, *refusal("InvalidArnException", INVALID)),
            ("ListRetirableGrants", {"RetiringPrincipal": SESSION}, *refusal("InvalidArnException", INVALID)),
            (
                "ListRetirableGrants",
                {"RetiringPrincipal": DEAD},
                *refusal("NotFoundException", f"Retiring principal {DEAD} could not be found"),
            ),
        ],
    ),
}
