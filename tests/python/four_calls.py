"""One small recording of four calls, for tests of what the commands show."""

import copy

import pytest

from recorder import Studio

MADE, GRANT, LIST, DESCRIBE = range(4)


def story(server):
    kms = server.client()
    key = kms.create_key()["KeyMetadata"]["Arn"]
    kms.create_grant(KeyId=key, GranteePrincipal=server.arn(), Operations=["Decrypt"])
    kms.list_grants(KeyId=key)
    kms.describe_key(KeyId=key)


@pytest.fixture(scope="session")
def recorded(tmp_path_factory):
    """The cassette, recorded once."""
    studio = Studio(tmp_path_factory.mktemp("recorded"))
    tape = studio.recorded(story)
    studio.close()
    return tape


@pytest.fixture
def tape(recorded):
    """A copy of the cassette for one test."""
    return copy.deepcopy(recorded)


def drifted(tape):
    """The tape with another state of the key in its last answer, which the fake does not give."""
    tape = copy.deepcopy(tape)
    tape["interactions"][DESCRIBE]["output"]["KeyMetadata"]["KeyState"] = "Disabled"
    return tape
