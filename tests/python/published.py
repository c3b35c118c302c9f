"""Exchanges that AWS has published, word for word: documentation, not recordings.

`PAGES` is from the API Reference, https://docs.aws.amazon.com/kms/latest/APIReference/<source>.html, without
credentials and signatures. `MODEL` names examples of the service's model, which botocore carries as
`kms/2014-11-01/examples-1.json`.
"""

import json
from datetime import datetime

import botocore.session

PAGES = {
    "revoke_grant": {
        "source": "API_RevokeGrant",
        "operation": "RevokeGrant",
        "region": "us-west-2",
        "input": {
            "KeyId": "1234abcd-12ab-34cd-56ef-1234567890ab",
            "GrantId": "f271e8328717f8bde5d03f4981f06a6b3fc18bcae2da12ac38bd9186e7925d11",
        },
        "output": None,
    },
    "list_retirable_grants": {
        "source": "API_ListRetirableGrants",
        "operation": "ListRetirableGrants",
        "region": "us-east-2",
        "input": {"RetiringPrincipal": "arn:aws:iam::111122223333:role/ExampleRole"},
        "output": {
            "Grants": [
                {
                    "CreationDate": 1481137775.0,
                    "GrantId": "0c237476b39f8bc44e45212e08498fbe3151305030726c0590dd8d3e9f3d6a60",
                    "GranteePrincipal": "arn:aws:iam::111122223333:role/ExampleRole",
                    "IssuingAccount": "arn:aws:iam::444455556666:root",
                    "KeyId": "arn:aws:kms:us-east-2:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                    "Name": "",
                    "Operations": ["Decrypt", "Encrypt"],
                    "RetiringPrincipal": "arn:aws:iam::111122223333:role/ExampleRole",
                }
            ],
            "Truncated": False,
        },
    },
}

# Which examples are used, by operation and title.
MODEL = {
    "create_grant": ("CreateGrant", "To create a grant"),
    "list_grants": ("ListGrants", "To list grants for a KMS key"),
    "retire_grant": ("RetireGrant", "To retire a grant"),
    "describe_key": ("DescribeKey", "To get details about a KMS key"),
    "describe_key_rsa": ("DescribeKey", "To get details about an RSA asymmetric KMS key"),
    "create_key": ("CreateKey", "To create a KMS key"),
    "create_key_rsa": ("CreateKey", "To create an asymmetric RSA KMS key for encryption and decryption"),
    "create_key_ecc": ("CreateKey", "To create an asymmetric elliptic curve KMS key for signing and verification"),
    "create_key_hmac": ("CreateKey", "To create an HMAC KMS key"),
    "list_keys": ("ListKeys", "To list KMS keys"),
}


def exchanges():
    """Every exchange that is used, by name: source, operation, Region, input and output as they go over the wire."""
    examples = botocore.session.Session().get_component("data_loader").load_data(
        "kms/2014-11-01/examples-1"
    )["examples"]
    found = dict(PAGES)
    for name, (operation, title) in MODEL.items():
        [it] = [it for it in examples[operation] if it["title"].strip() == title]
        output = on_the_wire(it.get("output"))
        regions = {text.split(":")[3] for text in texts([it.get("input"), output]) if text.startswith("arn:aws:kms:")}
        found[name] = {
            "source": f"examples-1.json, {title!r}",
            "operation": operation,
            "region": regions.pop() if len(regions) == 1 else "us-east-2",
            "input": it.get("input") or {},
            "output": output,
        }
    return found


def on_the_wire(value):
    """The model prints some dates as texts; the wire has seconds (fact 1.13)."""
    if isinstance(value, dict):
        return {name: date(it) if name.endswith("Date") else on_the_wire(it) for name, it in value.items()}
    if isinstance(value, list):
        return [on_the_wire(it) for it in value]
    return value


def date(value):
    return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else value


def texts(value):
    """Every text in a value."""
    return [it for it in json.dumps(value).split('"') if it]
