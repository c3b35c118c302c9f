"""The clean-up of a recording whose service lags, fails or answers nonsense: nothing of the run is left unnamed, and
nothing of others is ended."""

import contextlib
import json

import pytest
from botocore.exceptions import ClientError

import raw
from recorder import FINDINGS, GOOD, SIGNALS, studio  # noqa: F401
from support import refusal
from control import control
from test_record import FAILURES, LOST, after_the_effect, foreign, listed, lost_terms, proxy, recorder_of  # noqa: F401

UNKNOWN = 400, json.dumps({"__type": "UnknownOperationException"}).encode()
UNCLEAR = {
    "hung up": (None, b""),
    "an internal error": (500, json.dumps(FAILURES[0][1]).encode()),
    "a throttle": (400, json.dumps(FAILURES[1][1]).encode()),
    "a page": (503, b"<html>Service Unavailable</html>"),
    "not JSON": (200, b"<html>"),
    "a list": (200, b"[]"),
    "a text": (200, b'"Grants"'),
    "no grants": (200, b"{}"),
}


def answering(operation, answer, times=10**9, after=None):
    """Answers so many calls of an operation; those after a call of another, if there is one."""
    left = [times]

    def instead(proxy, named, headers, body):
        if named != operation or not left[0] or (after and after not in proxy.operations):
            return None
        left[0] -= 1
        return answer

    return instead


# --- The look before a CreateGrant ---


def nightly(service, key):
    """The terms of a named grant that another has made, and its id."""
    terms = {"KeyId": key, "GranteePrincipal": service.arn(), "Operations": ["Decrypt"], "Name": "nightly"}
    return terms, service.client().create_grant(**terms)["GrantId"]


@pytest.mark.parametrize("how", UNCLEAR)
def test_a_look_without_a_clear_answer_is_tried_again(studio, proxy, how):
    service, key, _ = foreign(studio)
    terms, theirs = nightly(service, key)
    upstream = proxy(service, instead=answering("ListGrants", UNCLEAR[how], times=2))
    recorder = recorder_of(studio, upstream, service)
    assert recorder.client().create_grant(**terms)["GrantId"] == theirs
    own = recorder.client().create_grant(**terms | {"Name": "other"})["GrantId"]
    done = recorder.end()
    assert done.code == GOOD, done.err
    assert theirs in listed(service, key) and own not in listed(service, key)


@pytest.mark.parametrize("how", UNCLEAR)
def test_no_grant_is_made_if_no_look_has_a_clear_answer(studio, proxy, how):
    service, key, theirs = foreign(studio)
    upstream = proxy(service, instead=answering("ListGrants", UNCLEAR[how]))
    recorder = recorder_of(studio, upstream, service)
    code, message = refusal(recorder.client().create_grant, **nightly(service, key)[0] | {"Name": "other"})
    assert code == "KmsFixtureRecordingRefusedException" and "CreateGrant was not sent" in message
    assert "CreateGrant" not in upstream.operations and upstream.operations.count("ListGrants") < 10
    assert recorder.end().code == FINDINGS
    assert len(listed(service, key)) == 2 and theirs["GrantId"] in listed(service, key)


@pytest.mark.parametrize("is_old", [True, False])
def test_a_named_grant_is_named_and_not_ended_if_the_service_cannot_list_those_of_before(studio, proxy, is_old):
    service, key, _ = foreign(studio)
    terms, theirs = nightly(service, key)
    upstream = proxy(service, instead=answering("ListGrants", UNKNOWN, times=1))
    recorder = recorder_of(studio, upstream, service)
    kms = recorder.client()
    made = kms.create_grant(**terms if is_old else terms | {"Name": "other"})["GrantId"]
    unnamed = kms.create_grant(**{name: it for name, it in terms.items() if name != "Name"})["GrantId"]
    assert (made == theirs) == is_old
    assert refusal(kms.revoke_grant, KeyId=key, GrantId=made)[0] == "KmsFixtureRecordingRefusedException"
    done = recorder.end()
    assert done.code == FINDINGS and made in done.err and key in done.err and unnamed not in done.err
    assert made in listed(service, key) and unnamed not in listed(service, key)


# --- Lag ---

DAY = 86400


def lagging(studio, proxy, lag, lists, pace, instead=lambda *_: None):
    """A service on which each request takes `pace` seconds, so that changes arrive; a proxy before it; and a key."""
    service = studio.service({"consistency": {"eventual": {"seconds": lag, "list_seconds": lists}}})
    key = service.client().create_key()["KeyMetadata"]["Arn"]
    settle(service)

    def later(proxy, operation, headers, body):
        control(service, "POST", "/kms-fixture/clock", {"advance": pace})
        return instead(proxy, operation, headers, body)

    return service, proxy(service, instead=later), key


def settle(service):
    assert control(service, "POST", "/kms-fixture/settle")[0] == 200


def make(recorder, key, number=3):
    kms = recorder.client()
    terms = {"KeyId": key, "GranteePrincipal": recorder.arn(), "Operations": ["Decrypt"]}
    return [kms.create_grant(**terms)["GrantId"] for _ in range(number)]


@pytest.mark.parametrize("lists", [0, 90])
@pytest.mark.parametrize("with_signal", SIGNALS[1:])
def test_grants_that_arrive_during_the_clean_up_are_ended(studio, proxy, lists, with_signal):
    service, upstream, key = lagging(studio, proxy, 20, lists, 3)
    recorder = recorder_of(studio, upstream, service)
    make(recorder, key)
    done = recorder.end(with_signal)
    assert done.code == GOOD, done.err
    settle(service)
    assert listed(service, key) == []


@pytest.mark.parametrize("has_fault", [False, True])
@pytest.mark.parametrize("lists", [0, DAY])
def test_grants_that_do_not_arrive_are_named_whether_or_not_a_list_shows_them(studio, proxy, lists, has_fault):
    service, upstream, key = lagging(studio, proxy, DAY, lists, 3, answering("ListKeys", (None, b"")))
    recorder = recorder_of(studio, upstream, service)
    made = make(recorder, key)
    if has_fault:
        with pytest.raises(ClientError):
            recorder.client().list_keys()
    done = recorder.end()
    assert done.code == FINDINGS and ("ListKeys" in done.err) == has_fault
    assert all(f"{it} on {key}" in done.err for it in made), done.err
    settle(service)
    assert sorted(listed(service, key)) == sorted(made)


@pytest.mark.parametrize("how", LOST)
def test_a_grant_without_an_answer_that_no_list_shows_is_told(studio, proxy, how):
    service, _, key = lagging(studio, proxy, 0, DAY, 3)
    recorder = recorder_of(studio, proxy(service, instead=after_the_effect(service, *LOST[how])), service)
    with contextlib.suppress(ClientError):
        recorder.client().create_grant(**lost_terms(recorder, key))
    done = recorder.end()
    assert done.code == FINDINGS and key in done.err and "may be left" in done.err, done.err
    settle(service)
    assert len(listed(service, key)) == 1


@pytest.mark.parametrize("status, error", FAILURES)
def test_an_error_without_an_effect_leaves_nothing_if_a_later_grant_is_listed(studio, proxy, status, error):
    service, key, theirs = foreign(studio)
    upstream = proxy(service, instead=answering("CreateGrant", (status, json.dumps(error).encode()), times=1))
    recorder = recorder_of(studio, upstream, service)
    terms = lost_terms(recorder, key)
    with pytest.raises(ClientError):
        recorder.client().create_grant(**terms)
    recorder.client().create_grant(**terms)
    done = recorder.end()
    assert done.code == GOOD, done.err
    assert listed(service, key) == [theirs["GrantId"]]


# --- Ends ---


@pytest.mark.parametrize("how", UNCLEAR)
@pytest.mark.parametrize("operation", ["RevokeGrant", "ListGrants"])
def test_an_end_and_its_proof_without_a_clear_answer_are_tried_again(studio, proxy, operation, how):
    service, key, theirs = foreign(studio)
    instead = answering(operation, UNCLEAR[how], times=1, after="CreateGrant")
    recorder = recorder_of(studio, proxy(service, instead=instead), service)
    make(recorder, key, 1)
    done = recorder.end()
    assert done.code == GOOD, done.err
    # Only an answer in the form of RevokeGrant's is an accepted end.
    is_believed = (operation, how) == ("RevokeGrant", "no grants")
    assert len(listed(service, key)) == 1 + is_believed and theirs["GrantId"] in listed(service, key)
    assert is_believed == ("still shows it" in done.err)


@pytest.mark.parametrize("how", UNCLEAR)
def test_a_grant_whose_end_is_never_proved_is_named(studio, proxy, how):
    service, key, _ = foreign(studio)
    instead = answering("ListGrants", UNCLEAR[how], after="RevokeGrant")
    recorder = recorder_of(studio, proxy(service, instead=instead), service)
    [made] = make(recorder, key, 1)
    done = recorder.end()
    assert done.code == FINDINGS and f"{made} on {key}" in done.err, done.err


# --- Emulators that are unlike AWS ---


class Emulator:
    """A service with one key that accepts its alias everywhere, and does not know `DryRun`."""

    ARN = "arn:aws:kms:us-east-1:000000000000:key/11111111-1111-4111-8111-111111111111"

    def __init__(self, *losing):
        self.grants, self._losing = {}, list(losing)

    def __call__(self, proxy, operation, headers, body):
        body = json.loads(body)
        match operation:
            case "DescribeKey":
                return self._answer({"KeyMetadata": {"Arn": self.ARN, "AWSAccountId": "000000000000"}})
            case "ListGrants":
                return self._answer({"Grants": list(self.grants.values()), "Truncated": False})
            case "CreateGrant":
                grant_id = f"{len(self.grants) + 1:064x}"
                self.grants[grant_id] = {**body, "GrantId": grant_id, "KeyId": self.ARN}
                if self._losing and self._losing.pop(0):
                    return None, b""
                return self._answer({"GrantId": grant_id, "GrantToken": f"token-{grant_id}"})
            case "RevokeGrant":
                if self.grants.pop(body["GrantId"], None) is None:
                    return 400, json.dumps({"__type": "NotFoundException"}).encode()
                return 200, b""
        return UNKNOWN

    @staticmethod
    def _answer(content):
        return 200, json.dumps(content).encode()


def test_a_lost_grant_is_of_the_run_although_an_alias_names_its_key_later(studio, proxy):
    emulator = Emulator(True)
    recorder = studio.record(proxy(instead=emulator).url, env={"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"})
    terms = lost_terms(recorder, Emulator.ARN)
    with pytest.raises(ClientError):
        recorder.client().create_grant(**terms)
    recorder.client().create_grant(**terms | {"KeyId": "alias/orders"})
    assert len(emulator.grants) == 2
    recorder.end()
    assert emulator.grants == {}


def test_a_dry_run_that_ends_a_grant_of_the_run_is_an_end(studio, proxy):
    emulator = Emulator()
    recorder = studio.record(proxy(instead=emulator).url, env={"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"})
    [made] = make(recorder, Emulator.ARN, 1)
    answer = raw.call(recorder, "RevokeGrant", {"KeyId": Emulator.ARN, "GrantId": made, "DryRun": True})
    assert (answer.status, emulator.grants) == (200, {})
    done = recorder.end()
    assert done.code == GOOD, done.err
