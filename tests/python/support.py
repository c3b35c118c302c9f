"""What the tests of grants share: accounts, policies, refusals."""

import pytest
from botocore.exceptions import ClientError

OURS = "111122223333"
THEIRS = "444455556666"

UNKNOWN_GRANT = "0123456789abcdef" * 4


def root(account):
    return f"arn:aws:iam::{account}:root"


def statement(effect, actions, resource="*", **more):
    """One statement of a policy."""
    return {"Effect": effect, "Action": actions, "Resource": resource} | more


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(*principals, actions="kms:*", **more):
    """A statement of a key policy that allows."""
    return statement("Allow", actions, Principal={"AWS": list(principals)}, **more)


def refusal(call, **arguments):
    """Calls what has to be refused; gives code and text of the refusal (none is an empty text)."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    answer = caught.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400  # fact 1.8
    return answer["Error"]["Code"], answer["Error"]["Message"]


def attempt(call, **arguments):
    """Code and text of the refusal, or `None` if there was none."""
    try:
        call(**arguments)
    except ClientError as refused:
        return refused.response["Error"]["Code"], refused.response["Error"]["Message"]
    return None


def denied(caller, operation, reason, *, resource=None):
    """An AccessDeniedException; without a resource it is that of another account (fact 8b.7)."""
    on = "on this resource" if resource is None else f"on resource: {resource}"
    return (
        "AccessDeniedException",
        f"User: {caller} is not authorized to perform: kms:{operation} {on} {reason}",
    )


def lacking(kind, operation):
    return f"because no {kind} policy allows the kms:{operation} action".replace("boundary policy", "boundary")


class Grants:
    """Grants of a server, with the calls that most tests make of them."""

    def __init__(self, server):
        self.server = server

    def create(self, caller="admin", *, key="orders", grantee="worker", **more):
        """Makes a grant for a declared caller, or for an ARN; gives id and token."""
        arguments = {
            "KeyId": self.server.key(key),
            "GranteePrincipal": self.arn(grantee),
            "Operations": ["Decrypt", "DescribeKey"],
        }
        if "retiring" in more:
            more["RetiringPrincipal"] = self.arn(more.pop("retiring"))
        made = self.server.client(caller).create_grant(**arguments | more)
        return made["GrantId"], made["GrantToken"]

    def arn(self, who):
        return who if who.startswith("arn:") else self.server.arn(who)

    def list(self, key="orders", caller="admin", **more):
        page = self.server.client(caller).list_grants(KeyId=self.server.key(key), Limit=1000, **more)
        return page["Grants"]

    def ids(self, key="orders", caller="admin", **more):
        return {it["GrantId"] for it in self.list(key, caller, **more)}

    def entry(self, grant_id, key="orders", caller="admin"):
        [entry] = self.list(key, caller, GrantId=grant_id)
        return entry
