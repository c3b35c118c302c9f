"""Accounts, grants, policies and refusals as several test files need them."""

import pytest
from botocore.exceptions import ClientError

OURS = "111122223333"
THEIRS = "444455556666"


def access(**more):
    """Returns the declaration of a grant on `orders` for the worker, which the janitor may retire."""
    return {"key": "orders", "grantee": "worker", "retiring": "janitor", "operations": ["Decrypt", "GenerateDataKey"]} | more


def statement(effect, actions, resource="*", **more):
    """Returns one statement of a policy."""
    return {"Effect": effect, "Action": actions, "Resource": resource} | more


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(*principals, actions="kms:*", **more):
    """Returns a statement of a key policy that allows."""
    return statement("Allow", actions, Principal={"AWS": list(principals)}, **more)


def refusal(call, **arguments):
    """Makes a call that must be refused; returns code and text of the refusal (no text is an empty one)."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    answer = caught.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400  # fact 1.8
    return answer["Error"]["Code"], answer["Error"]["Message"]


def denied(caller, operation, reason, *, resource=None):
    """Returns an AccessDeniedException. Without a resource it is that of another account (fact 8b.7)."""
    on = "on this resource" if resource is None else f"on resource: {resource}"
    return (
        "AccessDeniedException",
        f"User: {caller} is not authorized to perform: kms:{operation} {on} {reason}",
    )


def lacking(kind, operation):
    return f"because no {kind} policy allows the kms:{operation} action".replace("boundary policy", "boundary")
