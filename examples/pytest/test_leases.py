"""Tests of `leases.py` against a fake that knows who calls."""

import pytest
from botocore.exceptions import ClientError

from leases import Leases, close

pytestmark = pytest.mark.kms(keys={"orders": {}}, roles={"worker": {}, "janitor": {}})


@pytest.fixture
def lease(kms):
    return Leases(kms.client(), kms.key("orders"), kms.arn("janitor")).open(kms.arn("worker"))


def code(call, **arguments):
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    return refused.value.response["Error"]["Code"]


def test_a_worker_with_a_lease_reads_what_it_wrote(kms, lease):
    worker = kms.client("worker")
    secret = worker.encrypt(KeyId=kms.key("orders"), Plaintext=b"tea")["CiphertextBlob"]
    assert worker.decrypt(CiphertextBlob=secret)["Plaintext"] == b"tea"


def test_a_closed_lease_opens_nothing(kms, lease):
    close(kms.client("janitor"), lease)
    assert code(kms.client("worker").encrypt, KeyId=kms.key("orders"), Plaintext=b"tea") == "AccessDeniedException"
    # Nothing is left of it, and each test has a fake of its own.
    assert kms.client().list_grants(KeyId=kms.key("orders"))["Grants"] == []


def test_only_the_janitor_closes_a_lease(kms):
    # No lease is open: the grants of the other tests are not here.
    assert kms.client().list_grants(KeyId=kms.key("orders"))["Grants"] == []
    lease = Leases(kms.client(), kms.key("orders"), kms.arn("janitor")).open(kms.arn("worker"))
    assert code(close, kms=kms.client("worker"), lease=lease) == "AccessDeniedException"
    assert [it["code"] for it in kms.calls()][-1] == "AccessDeniedException"


@pytest.mark.kms(keys={"orders": {}}, roles={"worker": {}}, consistency={"eventual": {"seconds": 60}})
def test_a_new_lease_takes_its_time(kms):
    kms.client().create_grant(KeyId=kms.key("orders"), GranteePrincipal=kms.arn("worker"), Operations=["DescribeKey"])
    describe = kms.client("worker").describe_key
    assert code(describe, KeyId=kms.key("orders")) == "AccessDeniedException"
    kms.advance(60)
    assert describe(KeyId=kms.key("orders"))["KeyMetadata"]["KeyState"] == "Enabled"
