"""Recording a live service: what comes onto the tape, what is refused, what is cleaned up."""

import contextlib
import http.client
import http.server
import json
import socket
import subprocess
import threading

import pytest
from botocore.exceptions import ClientError

import botocore.endpoint
import raw
from recorder import COULD_NOT_RUN, FINDINGS, GOOD, SIGNALS, Process, calls, environment, load, operations, studio  # noqa: F401
from server import BINARY, PATIENCE
from support import refusal

ROLES = {"keys": {"orders": {}}, "roles": {"worker": {}, "janitor": {}}}
SERVICE = {"roles": {"worker": {}, "janitor": {}}}


class Proxy:
    """Stands before a service and passes on what it gets, byte for byte, unless a test answers in its place."""

    def __init__(self, service=None, answer=lambda operation, number: None, instead=lambda *_: None):
        self.seen, self._lock, proxy = [], threading.Lock(), self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                operation = (self.headers["x-amz-target"] or "").removeprefix("TrentService.")
                with proxy._lock:
                    proxy.seen.append((operation, dict(self.headers), body))
                    number = len(proxy.seen)
                status, content = (
                    answer(operation, number)
                    or instead(proxy, operation, self.headers, body)
                    or proxy.forward(service, self.headers, body)
                )
                if status is None:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("content-type", raw.CONTENT_TYPE)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @staticmethod
    def forward(service, headers, body):
        connection = http.client.HTTPConnection(*service.address, timeout=PATIENCE)
        try:
            # The signature is for the name by which the client knows the proxy.
            connection.putrequest("POST", "/", skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    @property
    def operations(self):
        return [it for it, _, _ in self.seen]

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(PATIENCE)


@pytest.fixture
def proxy():
    """Makes proxies, and ends them."""
    made = []

    def make(*arguments, **options):
        made.append(Proxy(*arguments, **options))
        return made[-1]

    yield make
    for it in made:
        it.close()


def failing(times, status, error):
    """An answer that fails so many times."""
    content = json.dumps(error).encode()
    return lambda operation, number: (status, content) if number <= times else None


@pytest.fixture
def no_pause(monkeypatch):
    """Retries of botocore come at once."""
    monkeypatch.setattr(botocore.endpoint.time, "sleep", lambda seconds: None)


def recorder_of(studio, proxy, service, *arguments, **options):
    return studio.record(proxy.url, *arguments, env=studio.environment(service), **options)


# --- Attempts ---

FAILURES = [
    (500, {"__type": "KMSInternalException", "message": "An internal error occurred."}),
    (400, {"__type": "ThrottlingException", "message": "Rate exceeded"}),
    (503, {"__type": "ServiceUnavailable", "message": ""}),  # API reference, Common Errors
]


@pytest.mark.parametrize("status, error", FAILURES)
def test_of_several_attempts_the_one_that_the_client_has_seen_is_on_the_tape(studio, proxy, no_pause, status, error):
    service = studio.service()
    upstream = proxy(service, failing(2, status, error))
    recorder = recorder_of(studio, upstream, service)
    answer = recorder.retrying_client().create_key()
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2 and upstream.operations == ["CreateKey"] * 3
    done = recorder.end()
    assert done.code == GOOD, done.err
    studio.accept()
    assert calls(load(studio.tape)) == [("CreateKey", 200)]

    def story(server):
        answer = server.retrying_client().create_key()
        assert answer["ResponseMetadata"]["RetryAttempts"] == 0

    done = studio.replayed(story)
    assert done.code == GOOD, done.err


@pytest.mark.parametrize("status, error", FAILURES)
def test_an_error_that_the_client_has_seen_is_on_the_tape(studio, proxy, status, error):
    service = studio.service()
    upstream = proxy(service, failing(1, status, error))
    recorder = recorder_of(studio, upstream, service)

    def story(server):
        with pytest.raises(ClientError) as caught:
            server.client().create_key()
        answer = caught.value.response
        assert (answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]) == (status, error["__type"])
        server.client().create_key()

    story(recorder)
    done = recorder.end()
    assert done.code == GOOD, done.err
    studio.accept()
    assert calls(load(studio.tape)) == [("CreateKey", status), ("CreateKey", 200)]
    done = studio.replayed(story)
    assert done.code == GOOD, done.err


def test_attempts_of_which_none_was_good_are_one_call_with_the_last_answer(studio, proxy, no_pause):
    service = studio.service()
    status, error = FAILURES[0]
    recorder = recorder_of(studio, proxy(service, failing(99, status, error)), service)

    def story(server):
        with pytest.raises(ClientError, match="KMSInternalException"):
            server.retrying_client().create_key()

    story(recorder)
    assert recorder.end().code == GOOD
    studio.accept()
    assert calls(load(studio.tape)) == [("CreateKey", 500)]
    done = studio.replayed(story)
    assert done.code == GOOD, done.err


def test_an_answer_that_is_no_json_is_replayed_as_an_answer_that_is_none(studio, proxy):
    page = b"<html>Bad Gateway of jane.doe</html>"
    upstream = proxy(answer=lambda *_: (502, page))
    recorder = studio.record(upstream.url)

    def story(server):
        answer = raw.call(server, "ListKeys", {})
        assert (answer.status, len(answer.body)) == (502, len(page))

    story(recorder)
    assert recorder.end().code == GOOD
    assert b"jane" not in studio.pending.read_bytes()
    studio.accept()
    done = studio.replayed(story)
    assert done.code == GOOD, done.err


# --- At the same time ---


def both(server, keys, order=None):
    """Describes two keys anew: at the same time, or one behind the other."""
    clients = [server.new_client() for _ in keys]
    steps = [
        lambda at=at: clients[at].update_key_description(KeyId=keys[at], Description=f"number {at}")
        for at in range(len(keys))
    ]
    if order is not None:
        for at in order:
            steps[at]()
    else:
        threads = [threading.Thread(target=it) for it in steps]
        for it in threads:
            it.start()
        for it in threads:
            it.join(PATIENCE)
    for it in clients:
        it.close()


def test_calls_under_way_at_the_same_time_may_be_replayed_in_either_order(studio, proxy):
    service = studio.service()
    barrier = threading.Barrier(2, timeout=PATIENCE)

    def meet(operation, _):
        if operation == "UpdateKeyDescription":
            barrier.wait()

    def story(server, order):
        kms = server.client()
        keys = [kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2)]
        both(server, keys, order)
        kms.disable_key(KeyId=keys[0])

    recorder = recorder_of(studio, proxy(service, meet), service)
    story(recorder, None)
    done = recorder.end()
    assert done.code == GOOD, done.err
    studio.accept()
    tape = load(studio.tape)
    assert operations(tape) == ["CreateKey"] * 2 + ["UpdateKeyDescription"] * 2 + ["DisableKey"]
    assert [it.get("concurrent", False) for it in tape["interactions"]] == [False, False, False, True, False]
    for order in ([0, 1], [1, 0]):
        done = studio.replayed(lambda it: story(it, order))
        assert done.code == GOOD, done.err


def test_calls_one_behind_the_other_are_not_marked_and_keep_their_order(studio):
    def story(server, order):
        kms = server.client()
        both(server, [kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2)], order)

    tape = studio.recorded(lambda it: story(it, [0, 1]))
    assert not any(it.get("concurrent") for it in tape["interactions"])
    player = studio.replay()
    with pytest.raises(ClientError, match="KmsFixtureReplayMismatchException"):
        story(player, [1, 0])
    assert player.end().code == FINDINGS


# --- What is not sent ---


def foreign(studio, scenario=None):
    """A service with a key and a grant that somebody else has made."""
    service = studio.service(scenario)
    kms = service.client()
    key = kms.create_key()["KeyMetadata"]["Arn"]
    more = {"GranteePrincipal": service.arn(), "RetiringPrincipal": service.arn(), "Operations": ["Decrypt"]}
    made = kms.create_grant(KeyId=key, **more)
    return service, key, made


def listed(service, key):
    return [it["GrantId"] for it in service.client().list_grants(KeyId=key)["Grants"]]


WAYS = {
    "revoke": lambda kms, key, it: kms.revoke_grant(KeyId=key, GrantId=it["GrantId"]),
    "retire": lambda kms, key, it: kms.retire_grant(KeyId=key, GrantId=it["GrantId"]),
    "retire-token": lambda kms, key, it: kms.retire_grant(GrantToken=it["GrantToken"]),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_grant_of_somebody_else_is_not_ended(studio, proxy, way):
    service, key, made = foreign(studio)
    upstream = proxy(service)
    recorder = recorder_of(studio, upstream, service)
    with pytest.raises(ClientError) as caught:
        WAYS[way](recorder.retrying_client(), key, made)
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 0
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    operation = {"revoke": "RevokeGrant"}.get(way, "RetireGrant")
    assert operation not in upstream.operations
    assert listed(service, key) == [made["GrantId"]]
    done = recorder.end()
    assert done.code == FINDINGS and operation in done.err
    assert not studio.tape.exists()
    assert made["GrantId"] not in done.err and made["GrantToken"] not in done.err
    assert listed(service, key) == [made["GrantId"]]


@pytest.mark.parametrize("way", WAYS)
def test_it_is_ended_if_the_user_says_so(studio, way):
    service, key, made = foreign(studio)
    recorder = studio.record(service, "--allow-foreign-grants")
    WAYS[way](recorder.client(), key, made)
    done = recorder.end()
    assert done.code == GOOD, done.err
    assert listed(service, key) == []
    assert calls(load(studio.pending)) == [("RevokeGrant" if way == "revoke" else "RetireGrant", 200)]


def test_a_dry_run_for_a_grant_of_the_run_may_be_recorded(studio):
    service, key, theirs = foreign(studio)
    recorder = studio.record(service)
    kms = recorder.client()
    made = kms.create_grant(KeyId=key, GranteePrincipal=recorder.arn(), Operations=["Decrypt"])
    code, _ = refusal(kms.revoke_grant, KeyId=key, GrantId=made["GrantId"], DryRun=True)
    assert code == "DryRunOperationException"
    assert recorder.end().code == GOOD
    assert listed(service, key) == [theirs["GrantId"]]


@pytest.mark.parametrize("way", WAYS)
def test_a_dry_run_for_a_grant_of_somebody_else_is_not_sent_unless_to_aws(studio, proxy, way):
    """An emulator may not know `DryRun`, and end the grant."""
    service, key, made = foreign(studio)

    def forgets(proxy, operation, headers, body):
        if operation in ("RevokeGrant", "RetireGrant"):
            WAYS[way](service.client(), key, made)
            return 200, b"{}"
        return None

    upstream = proxy(service, instead=forgets)
    recorder = recorder_of(studio, upstream, service)
    ids = {"GrantToken": made["GrantToken"]} if way == "retire-token" else {"KeyId": key, "GrantId": made["GrantId"]}
    operation = {"revoke": "RevokeGrant"}.get(way, "RetireGrant")
    answer = raw.call(recorder, operation, ids | {"DryRun": True})
    assert (answer.status, answer.code) == (400, "KmsFixtureRecordingRefusedException")
    done = recorder.end()
    assert done.code == FINDINGS and operation in done.err
    assert operation not in upstream.operations and listed(service, key) == [made["GrantId"]]


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("operation", ["RevokeGrant", "RetireGrant"])
def test_a_grant_id_that_names_nothing_may_be_asked_for(studio, operation, dry_run):
    service, key, theirs = foreign(studio)
    recorder = studio.record(service)
    nowhere = f"{key.rsplit('/', 1)[0]}/99999999-9999-4999-8999-999999999999"
    for it in (key, nowhere):
        answer = raw.call(recorder, operation, {"KeyId": it, "GrantId": "0" * 64, "DryRun": dry_run})
        assert (answer.status, answer.code) == (400, "NotFoundException")
    done = recorder.end()
    assert done.code == GOOD, done.err
    assert calls(load(studio.pending)) == [(operation, 400)] * 2
    assert listed(service, key) == [theirs["GrantId"]]


@pytest.mark.parametrize("status", [400, 500, None])
def test_an_unknown_grant_id_is_not_asked_for_if_its_key_cannot_be_listed(studio, proxy, status):
    service, key, theirs = foreign(studio)
    refused = json.dumps({"__type": "AccessDeniedException", "message": "no"}).encode()
    upstream = proxy(service, lambda operation, _: (status, refused) if operation == "ListGrants" else None)
    recorder = recorder_of(studio, upstream, service)
    for it in ("0" * 64, theirs["GrantId"]):
        answer = raw.call(recorder, "RevokeGrant", {"KeyId": key, "GrantId": it})
        assert (answer.status, answer.code) == (400, "KmsFixtureRecordingRefusedException")
    done = recorder.end()
    assert done.code == FINDINGS and "ListGrants" in done.err
    assert "RevokeGrant" not in upstream.operations and listed(service, key) == [theirs["GrantId"]]


@pytest.mark.parametrize("way", WAYS)
def test_a_grant_of_the_run_may_be_ended(studio, way):
    service = studio.service()
    recorder = studio.record(service)
    kms = recorder.client()
    key = kms.create_key()["KeyMetadata"]["Arn"]
    more = {"GranteePrincipal": recorder.arn(), "RetiringPrincipal": recorder.arn(), "Operations": ["Decrypt"]}
    WAYS[way](kms, key, kms.create_grant(KeyId=key, **more))
    done = recorder.end()
    assert done.code == GOOD, done.err


def test_a_key_named_differently_is_the_same_grant(studio):
    """The guard goes by the grant, whatever its key is called."""
    service, key, made = foreign(studio)
    service.client().create_alias(AliasName="alias/orders", TargetKeyId=key)
    recorder = studio.record(service)
    with pytest.raises(ClientError):
        recorder.client().revoke_grant(KeyId=key.rsplit("/")[-1], GrantId=made["GrantId"])
    answer = raw.call(recorder, "RevokeGrant", {"KeyId": key, "\u0047rantId": made["GrantId"]})
    assert answer.status == 400
    twice = f'{{"KeyId":"{key}","GrantId":"{"0" * 64}","GrantId":"{made["GrantId"]}"}}'
    assert raw.call(recorder, "RevokeGrant", twice.encode()).status == 400
    recorder.end()
    assert listed(service, key) == [made["GrantId"]]


def test_a_mix_of_a_known_token_and_a_foreign_grant_is_not_ended(studio):
    service, key, made = foreign(studio)
    recorder = studio.record(service)
    kms = recorder.client()
    own = kms.create_grant(KeyId=key, GranteePrincipal=recorder.arn(), RetiringPrincipal=recorder.arn(), Operations=["Decrypt"])
    for body in (
        {"GrantToken": made["GrantToken"], "GrantId": own["GrantId"]},
        {"GrantToken": made["GrantToken"], "GrantId": own["GrantId"], "KeyId": key},
        {"GrantToken": own["GrantToken"], "GrantId": made["GrantId"], "KeyId": key},
    ):
        assert raw.call(recorder, "RetireGrant", body).status == 400
    recorder.end()
    assert listed(service, key) == [made["GrantId"]]


# --- What is cleaned up ---


def test_what_the_run_has_made_is_revoked_and_gone(studio):
    service = studio.service()
    recorder = studio.record(service)
    kms = recorder.client()
    keys = [kms.create_key()["KeyMetadata"][member] for member in ("Arn", "KeyId")]
    for key in keys:
        for _ in range(3):
            kms.create_grant(KeyId=key, GranteePrincipal=recorder.arn(), Operations=["Decrypt"])
    assert [len(listed(service, key)) for key in keys] == [3, 3]
    done = recorder.end()
    assert done.code == GOOD, done.err
    assert [listed(service, key) for key in keys] == [[], []]
    # Cleaning up is not part of what was recorded.
    assert operations(load(studio.pending)) == ["CreateKey"] * 2 + ["CreateGrant"] * 6


def aliases(service):
    return [it["AliasName"] for it in service.client().list_aliases()["Aliases"]]


def test_an_alias_that_the_run_made_is_deleted_and_others_are_not(studio):
    service, key, _ = foreign(studio)
    service.client().create_alias(AliasName="alias/theirs", TargetKeyId=key)
    recorder = studio.record(service)
    kms = recorder.client()
    own = kms.create_key()["KeyMetadata"]["KeyId"]
    for name, target in (("alias/mine", own), ("alias/on-theirs", key), ("alias/gone", own)):
        kms.create_alias(AliasName=name, TargetKeyId=target)
    kms.delete_alias(AliasName="alias/gone")
    done = recorder.end()
    assert done.code == GOOD, done.err
    assert aliases(service) == ["alias/theirs"] and "alias/" not in done.err


def test_an_alias_that_cannot_be_deleted_is_told(studio, proxy):
    service = studio.service()
    refused = json.dumps({"__type": "AccessDeniedException", "message": "no"}).encode()
    upstream = proxy(service, lambda operation, _: (400, refused) if operation == "DeleteAlias" else None)
    recorder = recorder_of(studio, upstream, service)
    kms = recorder.client()
    kms.create_alias(AliasName="alias/mine", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    done = recorder.end()
    assert done.code == GOOD, done.err
    assert "note: the alias alias/mine that this recording made is left: DeleteAlias was refused" in done.err


@pytest.mark.parametrize("schedules", [False, True])
def test_a_key_that_the_run_made_is_told_or_scheduled_for_deletion(studio, schedules):
    service, theirs, _ = foreign(studio)
    if schedules:
        studio.write("kms-fixture.toml", "schedule_made_keys = true\n")
    recorder = studio.record(service)
    kms = recorder.client()
    key, gone = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
    kms.create_grant(KeyId=key, GranteePrincipal=recorder.arn(), Operations=["Decrypt"])
    kms.schedule_key_deletion(KeyId=gone, PendingWindowInDays=30)
    done = recorder.end()
    assert done.code == GOOD, done.err
    [note] = [it for it in done.err.splitlines() if it.startswith("note: ")]
    assert note.count(": 1") == 1, "of an emulator, without their ids"
    assert ("deleted in 7 days" if schedules else "`schedule_made_keys = true`") in note
    states = [service.client().describe_key(KeyId=it)["KeyMetadata"]["KeyState"] for it in (key, theirs)]
    assert states == ["PendingDeletion" if schedules else "Enabled", "Enabled"]
    assert listed(service, key) == []


@pytest.mark.parametrize("operation", ["CreateKey", "CreateAlias"])
def test_what_an_unanswered_call_may_have_made_is_told(studio, proxy, operation):
    service = studio.service()
    upstream = proxy(service, instead=after_the_effect(service, None, {}, operation))
    recorder = recorder_of(studio, upstream, service)
    key = service.client().create_key()["KeyMetadata"]["KeyId"]
    given = {} if operation == "CreateKey" else {"AliasName": "alias/mine", "TargetKeyId": key}
    assert raw.call(recorder, operation, given).status == 503
    done = recorder.end()
    assert done.code == FINDINGS
    what = "a key" if operation == "CreateKey" else "the alias alias/mine"
    assert f"perhaps this recording left {what}, because {operation} had no answer" in done.err


def test_a_grant_that_cannot_be_revoked_is_told_and_spoils_the_recording(studio, proxy):
    service = studio.service()
    refused = json.dumps({"__type": "AccessDeniedException", "message": "no"}).encode()
    upstream = proxy(service, lambda operation, _: (400, refused) if operation == "RevokeGrant" else None)
    recorder = recorder_of(studio, upstream, service)
    kms = recorder.client()
    key = kms.create_key()["KeyMetadata"]["Arn"]
    made = kms.create_grant(KeyId=key, GranteePrincipal=recorder.arn(), Operations=["Decrypt"])
    done = recorder.end()
    assert done.code == FINDINGS
    assert made["GrantId"] in done.err and key in done.err  # whoever cleans up by hand needs them
    assert not studio.tape.exists()


@pytest.mark.parametrize("bound", [True, False])
def test_declared_keys_and_grants_are_found_or_made_and_the_grants_revoked(studio, bound):
    service = studio.service(SERVICE)
    mine = service.client().create_key(Description="bound")["KeyMetadata"]["KeyId"]
    scenario = ROLES | {
        "grants": {
            "access": {"key": "orders", "grantee": "worker", "retiring": "janitor", "operations": ["Decrypt"]},
            "spare": {"key": "orders", "grantee": "janitor", "operations": ["Encrypt"]},
        }
    }
    recorder = studio.record(service, scenario=scenario, env={"KMS_FIXTURE_KEY_ORDERS": mine} if bound else {})
    key = recorder.key()
    assert (recorder.key_id() == mine) == bound
    told = recorder.announced["grants"]
    assert sorted(listed(service, key)) == sorted(it["grant_id"] for it in told.values())
    recorder.client("janitor").retire_grant(GrantToken=told["access"]["grant_token"])
    assert [it["GrantId"] for it in recorder.client().list_grants(KeyId=key)["Grants"]] == [told["spare"]["grant_id"]]
    done = recorder.end()
    assert done.code == GOOD, done.err
    assert listed(service, key) == []
    assert service.client().describe_key(KeyId=key)["KeyMetadata"]["Enabled"]
    studio.accept()
    tape = load(studio.tape)
    assert [(it["caller"], it["operation"]) for it in tape["interactions"]] == [
        ("janitor", "RetireGrant"),
        ("admin", "ListGrants"),
    ]
    assert tape["names"].keys() == {"orders", "access", "spare"}

    def story(server):
        server.client("janitor").retire_grant(GrantToken=server.announced["grants"]["access"]["grant_token"])
        [grant] = server.client().list_grants(KeyId=server.key())["Grants"]
        assert grant["GrantId"] == server.announced["grants"]["spare"]["grant_id"]

    done = studio.replayed(story)
    assert done.code == GOOD, done.err


def test_a_declared_key_that_is_not_there_ends_the_recording_before_it_begins(studio, proxy):
    service = studio.service()
    upstream = proxy(service)
    nowhere = "00000000-aaaa-4aaa-8aaa-000000000000"
    scenario = studio.write("declared.json", {"keys": {"orders": {}}})
    env = studio.environment(service) | {"KMS_FIXTURE_KEY_ORDERS": nowhere}
    command = ("record", "--cassette", studio.tape, "--upstream", upstream.url, "--scenario", scenario)
    done = studio.run(*command, env=env)
    assert done.code == COULD_NOT_RUN
    assert "DescribeKey" in done.err and "NotFoundException" in done.err
    assert upstream.operations == ["DescribeKey"] and not studio.pending.exists()


def test_grants_that_were_made_before_something_went_wrong_are_revoked(studio):
    service = studio.service(SERVICE)
    mine = service.client().create_key()["KeyMetadata"]["KeyId"]
    scenario = ROLES | {
        "grants": {
            "access": {"key": "orders", "grantee": "worker", "operations": ["Decrypt"]},
            "broken": {"key": "orders", "grantee": "arn:aws:iam::111122223333:role/nobody", "operations": ["Decrypt"]},
        }
    }
    path = studio.write("declared.json", scenario)
    env = studio.environment(service) | {"KMS_FIXTURE_KEY_ORDERS": mine}
    done = studio.run("record", "--cassette", studio.tape, "--upstream", service.endpoint, "--scenario", path, env=env)
    assert done.code == COULD_NOT_RUN
    assert listed(service, mine) == []


@pytest.mark.parametrize("way", ["by the recorder", *WAYS])
@pytest.mark.parametrize("lag", [3, 10**9], ids=["for a while", "longer"])
def test_a_list_that_still_shows_an_ended_grant_is_asked_for_again(studio, proxy, way, lag):
    """AWS accepts an end, and may list the grant for minutes."""
    service = studio.service()
    key = service.client().create_key()["KeyMetadata"]["Arn"]
    shown, late = [], []

    def lagging(proxy, operation, headers, body):
        if operation != "ListGrants" or not shown or len(late) == lag:
            return None
        late.append(operation)
        return 200, json.dumps({"Grants": shown, "Truncated": False}).encode()

    recorder = recorder_of(studio, proxy(service, instead=lagging), service)
    kms = recorder.client()
    more = {"GranteePrincipal": recorder.arn(), "RetiringPrincipal": recorder.arn(), "Operations": ["Decrypt"]}
    made = kms.create_grant(KeyId=key, **more)
    shown.append({"KeyId": key, "GrantId": made["GrantId"]} | more)
    if way in WAYS:
        WAYS[way](kms, key, made)
    done = recorder.end()
    assert done.code == GOOD, done.err
    assert listed(service, key) == []
    assert (made["GrantId"] in done.err) == (lag > 3) and 3 <= len(late) <= 20
    assert lag == 3 or ("note: " in done.err and key in done.err)


# --- Which grants the run has made ---


def after_the_effect(service, status, error, operation="CreateGrant", times=1):
    """An answer of a service that carries out the first such calls and then answers otherwise, or hangs up."""
    content, left = json.dumps(error).encode(), [1] * times

    def answer(proxy, named, headers, body):
        if named != operation or not left:
            return None
        left.pop()
        assert proxy.forward(service, headers, body)[0] == 200
        return status, content

    return answer


def test_two_first_grants_of_a_key_at_the_same_time_are_both_of_the_run(studio, proxy):
    """Neither is in the list of what was there before, although the first is made before the second is asked for."""
    service = studio.service()
    key = service.client().create_key()["KeyMetadata"]["Arn"]
    barrier = threading.Barrier(2, timeout=PATIENCE)

    def meet(operation, _):
        if operation == "CreateGrant":
            barrier.wait()

    upstream = proxy(service, meet)
    recorder = recorder_of(studio, upstream, service)
    made = {}

    def make(name, spelled):
        kms = recorder.new_client()
        more = {"GranteePrincipal": recorder.arn(), "Operations": ["Decrypt"], "Name": name}
        made[name] = kms.create_grant(KeyId=spelled, **more)["GrantId"]
        kms.close()

    threads = [threading.Thread(target=make, args=it) for it in (("a", key), ("b", key.rsplit("/")[-1]))]
    for it in threads:
        it.start()
    for it in threads:
        it.join(PATIENCE)
    assert upstream.operations == ["ListGrants", "CreateGrant", "CreateGrant"]
    assert sorted(listed(service, key)) == sorted(made.values())
    recorder.client().revoke_grant(KeyId=key, GrantId=made["a"])
    done = recorder.end()
    assert done.code == GOOD, done.err
    assert listed(service, key) == []


def test_a_grant_made_while_another_call_waits_for_its_answer_is_of_the_run(studio, proxy):
    service = studio.service()
    key = service.client().create_key()["KeyMetadata"]["Arn"]
    is_made, may_answer = threading.Event(), threading.Event()

    def slow(proxy, operation, headers, body):
        if operation != "CreateGrant" or is_made.is_set():
            return None
        answer = proxy.forward(service, headers, body)
        is_made.set()
        assert may_answer.wait(PATIENCE)
        return answer

    recorder = recorder_of(studio, proxy(service, instead=slow), service)
    more = {"KeyId": key, "GranteePrincipal": recorder.arn(), "Operations": ["Decrypt"]}
    made = []
    first = threading.Thread(target=lambda: made.append(recorder.new_client().create_grant(Name="a", **more)))
    first.start()
    assert is_made.wait(PATIENCE)
    recorder.client().create_grant(Name="b", **more)
    may_answer.set()
    first.join(PATIENCE)
    recorder.client().revoke_grant(KeyId=key, GrantId=made[0]["GrantId"])
    done = recorder.end()
    assert done.code == GOOD, done.err
    assert listed(service, key) == []


def test_a_named_grant_that_took_effect_behind_a_failure_is_of_the_run(studio, proxy, no_pause):
    service, key, theirs = foreign(studio)
    upstream = proxy(service, instead=after_the_effect(service, *FAILURES[0]))
    recorder = recorder_of(studio, upstream, service)
    kms = recorder.retrying_client()
    more = {"KeyId": key, "GranteePrincipal": recorder.arn(), "RetiringPrincipal": recorder.arn(), "Operations": ["Decrypt"]}
    made = kms.create_grant(Name="a", **more)
    assert made["ResponseMetadata"]["RetryAttempts"] == 1
    assert sorted(listed(service, key)) == sorted([theirs["GrantId"], made["GrantId"]])
    kms.retire_grant(KeyId=key, GrantId=made["GrantId"])
    again = kms.create_grant(Name="a", **more)
    done = recorder.end()
    assert done.code == GOOD, done.err
    assert listed(service, key) == [theirs["GrantId"]] and again["GrantId"] != made["GrantId"]


def test_a_grant_that_was_there_is_not_of_the_run_although_create_grant_returns_it(studio):
    service, key, _ = foreign(studio)
    more = {"KeyId": key, "GranteePrincipal": service.arn(), "Operations": ["Decrypt"], "Name": "nightly"}
    theirs = service.client().create_grant(**more)["GrantId"]
    recorder = studio.record(service)
    kms = recorder.client()
    own = kms.create_grant(**more | {"Name": "other", "KeyId": key.rsplit("/")[-1]})["GrantId"]
    assert kms.create_grant(**more)["GrantId"] == theirs
    assert refusal(kms.revoke_grant, KeyId=key, GrantId=theirs)[0] == "KmsFixtureRecordingRefusedException"
    assert recorder.end().code == FINDINGS
    assert theirs in listed(service, key) and own not in listed(service, key)


def test_a_service_that_does_not_list_grants_is_recorded_if_it_is_not_aws(studio, proxy):
    service = studio.service()
    key = service.client().create_key()["KeyMetadata"]["Arn"]
    upstream = proxy(service, failing(1, 400, {"__type": "UnknownOperationException"}))
    recorder = recorder_of(studio, upstream, service)
    recorder.client().create_grant(KeyId=key, GranteePrincipal=recorder.arn(), Operations=["Decrypt"])
    done = recorder.end()
    assert done.code == GOOD, done.err
    assert listed(service, key) == []


# --- CreateGrants whose answer is lost ---

LOST = {"hung up": (None, None), "internal error": FAILURES[0], "no id": (200, {})}


def lost_terms(recorder, key):
    context = {"EncryptionContextSubset": {"tenant": "acme"}}
    more = {"RetiringPrincipal": recorder.arn(), "Operations": ["Encrypt", "Decrypt"], "Constraints": context}
    return more | {"KeyId": key, "GranteePrincipal": recorder.arn()}


@pytest.mark.parametrize("name", [{}, {"Name": "nightly"}], ids=["unnamed", "named"])
@pytest.mark.parametrize("how", ["hung up", "internal error"])
def test_the_grant_of_a_lost_answer_is_ended_if_the_client_tries_again(studio, proxy, no_pause, how, name):
    service, key, theirs = foreign(studio)
    upstream = proxy(service, instead=after_the_effect(service, *LOST[how]))
    recorder = recorder_of(studio, upstream, service)
    made = recorder.retrying_client().create_grant(**lost_terms(recorder, key), **name)
    assert made["ResponseMetadata"]["RetryAttempts"] == 1
    assert len(listed(service, key)) == (2 if name else 3)
    done = recorder.end()
    assert done.code == GOOD, done.err
    assert listed(service, key) == [theirs["GrantId"]]


@pytest.mark.parametrize("how", LOST)
def test_the_grant_of_a_lost_answer_is_ended_if_the_client_gives_up(studio, proxy, how):
    service, key, theirs = foreign(studio)
    upstream = proxy(service, instead=after_the_effect(service, *LOST[how]))
    recorder = recorder_of(studio, upstream, service)
    with contextlib.suppress(ClientError):
        recorder.client().create_grant(**lost_terms(recorder, key))
    assert len(listed(service, key)) == 2
    done = recorder.end()
    assert done.code == (FINDINGS if how == "hung up" else GOOD), done.err
    assert listed(service, key) == [theirs["GrantId"]]


def test_of_more_new_grants_than_lost_answers_none_is_ended_and_all_are_named(studio, proxy):
    service, key, theirs = foreign(studio)
    upstream = proxy(service, instead=after_the_effect(service, *FAILURES[0]))
    recorder = recorder_of(studio, upstream, service)
    terms = lost_terms(recorder, key)
    with pytest.raises(ClientError):
        recorder.client().create_grant(**terms)
    other = service.client().create_grant(**terms)["GrantId"]
    unlike = service.client().create_grant(**terms | {"Operations": ["Decrypt"]})["GrantId"]
    [ours] = set(listed(service, key)) - {theirs["GrantId"], other, unlike}
    done = recorder.end()
    assert done.code == FINDINGS
    assert all(it in done.err for it in (ours, other, key)) and "aws kms revoke-grant" in done.err
    assert unlike not in done.err and theirs["GrantId"] not in done.err
    assert set(listed(service, key)) == {theirs["GrantId"], other, ours, unlike}
    assert not studio.tape.exists()


def test_as_many_new_grants_as_lost_answers_are_ended(studio, proxy, no_pause):
    service, key, theirs = foreign(studio)
    upstream = proxy(service, instead=after_the_effect(service, None, None, times=2))
    recorder = recorder_of(studio, upstream, service)
    recorder.retrying_client().create_grant(**lost_terms(recorder, key))
    unlike = service.client().create_grant(**lost_terms(recorder, key) | {"Name": "other"})["GrantId"]
    assert len(listed(service, key)) == 5
    done = recorder.end()
    assert done.code == GOOD, done.err
    assert sorted(listed(service, key)) == sorted([theirs["GrantId"], unlike])


def test_a_grant_that_may_be_left_is_told_if_its_key_cannot_be_listed(studio, proxy):
    service = studio.service()
    key = service.client().create_key()["KeyMetadata"]["Arn"]
    lose, refused = after_the_effect(service, None, None), json.dumps({"__type": "AccessDeniedException"}).encode()

    def instead(proxy, operation, headers, body):
        if operation == "ListGrants" and "CreateGrant" in proxy.operations:
            return 400, refused
        return lose(proxy, operation, headers, body)

    recorder = recorder_of(studio, proxy(service, instead=instead), service)
    with pytest.raises(ClientError):
        recorder.client().create_grant(**lost_terms(recorder, key), Name="nightly")
    done = recorder.end()
    assert done.code == FINDINGS
    assert all(it in done.err for it in (key, recorder.arn(), "nightly", "AccessDeniedException", "may be left")), done.err


def test_without_a_list_of_before_no_grant_is_ended_for_a_lost_answer(studio, proxy):
    service, key, theirs = foreign(studio)
    lose, refused = after_the_effect(service, None, None), json.dumps({"__type": "AccessDeniedException"}).encode()

    def instead(proxy, operation, headers, body):
        if operation == "ListGrants" and "CreateGrant" not in proxy.operations:
            return 400, refused
        return lose(proxy, operation, headers, body)

    recorder = recorder_of(studio, proxy(service, instead=instead), service)
    with pytest.raises(ClientError):
        recorder.client().create_grant(**lost_terms(recorder, key))
    [ours] = set(listed(service, key)) - {theirs["GrantId"]}
    done = recorder.end()
    assert done.code == FINDINGS and ours in done.err and theirs["GrantId"] not in done.err
    assert ours in listed(service, key)


@pytest.mark.parametrize("how", ["hung up", "internal error"])
def test_a_declared_grant_whose_answer_is_lost_is_ended(studio, proxy, how):
    service = studio.service(SERVICE)
    mine = service.client().create_key()["KeyMetadata"]["Arn"]
    grants = {it: {"key": "orders", "grantee": "worker", "operations": [it]} for it in ("Decrypt", "Encrypt")}
    path = studio.write("declared.json", ROLES | {"grants": grants})
    upstream = proxy(service, instead=after_the_effect(service, *LOST[how]))
    env = studio.environment(service) | {"KMS_FIXTURE_KEY_ORDERS": mine}
    done = studio.run("record", "--cassette", studio.tape, "--upstream", upstream.url, "--scenario", path, env=env)
    assert done.code == COULD_NOT_RUN and "CreateGrant" in done.err
    assert listed(service, mine) == []


# --- Who may record what ---


@pytest.mark.parametrize("ci, allowed, good", [
    ("1", None, False),
    ("true", None, False),
    ("1", "0", False),
    ("1", "1", True),
    ("", None, True),
])
def test_ci_does_not_record_unless_it_is_told_to(studio, proxy, ci, allowed, good):
    upstream = proxy(studio.service())
    env = {"CI": ci} | ({"KMS_FIXTURE_ALLOW_CI_RECORD": allowed} if allowed else {})
    if good:
        assert studio.record(upstream.url, env=env).end().code == GOOD
        return
    done = studio.run("record", "--cassette", studio.tape, "--upstream", upstream.url, env=env)
    assert done.code == COULD_NOT_RUN
    assert "CI" in done.err and "KMS_FIXTURE_ALLOW_CI_RECORD" in done.err
    assert upstream.seen == [] and not studio.pending.exists()


AWS = "https://kms.us-east-1.amazonaws.com"


class Everywhere:
    """Listens where a request to AWS, to STS or to a proxy would go."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def env(self):
        names = ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_KMS", "HTTPS_PROXY", "HTTP_PROXY"]
        return dict.fromkeys(names, self.url) | {
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "hunter2hunter2hunter2",
        }

    def was_asked(self):
        self._socket.setblocking(False)
        try:
            self._socket.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def close(self):
        self._socket.close()


@pytest.fixture
def everywhere():
    it = Everywhere()
    yield it
    it.close()


@pytest.mark.parametrize("url", [[AWS], ["https://KMS.eu-central-1.amazonaws.com:443/"], []], ids=["named", "spelled", "default"])
def test_aws_without_an_account_is_refused_before_anything_is_sent(studio, everywhere, url):
    upstream = ["--upstream", *url] if url else []
    done = studio.run("record", "--cassette", studio.tape, *upstream, env=everywhere.env)
    assert (done.code, done.out) == (COULD_NOT_RUN, "")
    assert "account" in done.err and "KMS_FIXTURE_ACCOUNT" in done.err
    assert not everywhere.was_asked() and not studio.pending.exists()


IDENTITY = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::999988887777:user/jane</Arn><UserId>AIDA</UserId><Account>999988887777</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""


def test_aws_with_another_account_is_refused_with_both(studio, proxy, everywhere):
    sts = proxy(answer=lambda *_: (200, IDENTITY.encode()))
    env = everywhere.env | {"AWS_ENDPOINT_URL_STS": sts.url, "KMS_FIXTURE_ACCOUNT": "111122223333"}
    env = {name: it for name, it in env.items() if "PROXY" not in name}
    done = studio.run("record", "--cassette", studio.tape, "--upstream", AWS, env=env)
    assert done.code == COULD_NOT_RUN
    assert "999988887777" in done.err and "111122223333" in done.err
    assert len(sts.seen) == 1 and "hunter2" not in done.err and not everywhere.was_asked()


def test_aws_makes_no_keys_and_knows_no_principals_by_itself(studio, proxy, everywhere):
    sts = proxy(answer=lambda *_: (200, IDENTITY.encode()))
    env = everywhere.env | {"AWS_ENDPOINT_URL_STS": sts.url, "KMS_FIXTURE_ACCOUNT": "999988887777"}
    env = {name: it for name, it in env.items() if "PROXY" not in name}
    for scenario, word in (
        ({"keys": {"orders": {}}}, "KMS_FIXTURE_KEY_ORDERS"),
        ({"roles": {"worker": {}}}, "KMS_FIXTURE_PRINCIPAL_WORKER"),
    ):
        path = studio.write("declared.json", scenario)
        done = studio.run("record", "--cassette", studio.tape, "--upstream", AWS, "--scenario", path, env=env)
        assert done.code == COULD_NOT_RUN
        assert word in done.err
    assert not everywhere.was_asked()


@pytest.mark.parametrize("bound", ["role", "role of a profile", "profile"])
def test_nothing_is_asked_of_aws_for_a_service_that_is_not_aws(studio, proxy, everywhere, bound):
    """Not even of STS, which a role takes: a proxy for all that leaves this machine hears nothing."""
    service = studio.service(SERVICE)
    upstream = proxy(service)
    role = "arn:aws:iam::111122223333:role/worker"
    keys = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = hunter2hunter2hunter2\n"
    profiles = studio.write("profiles", f"[keys]\n{keys}\n[chained]\nrole_arn = {role}\nsource_profile = keys\n")
    told = {"role": f"role = '{role}'", "role of a profile": f"profile = 'keys', role = '{role}'", "profile": "profile = 'chained'"}
    studio.write("kms-fixture.toml", f"[principals]\nworker = {{ {told[bound]} }}\n")
    path = studio.write("declared.json", {"roles": {"worker": {}}})
    env = {name: it for name, it in everywhere.env.items() if "ENDPOINT" not in name}
    env |= {"AWS_SHARED_CREDENTIALS_FILE": str(profiles), "NO_PROXY": "127.0.0.1"}
    done = studio.run("record", "--cassette", studio.tape, "--upstream", upstream.url, "--scenario", path, env=env)
    assert done.code == COULD_NOT_RUN and not everywhere.was_asked()
    assert "sts.us-east-1.amazonaws.com was not called" in done.err and "AWS_ENDPOINT_URL_STS" in done.err
    assert upstream.seen == [] and "hunter2" not in done.err


def test_a_role_of_an_emulator_is_assumed_by_the_emulators_sts(studio, proxy, everywhere):
    answer = """<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>
<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2126-01-01T00:00:00Z</Expiration>
</Credentials></AssumeRoleResult></AssumeRoleResponse>"""
    sts = proxy(answer=lambda *_: (200, answer.encode()))
    studio.write("kms-fixture.toml", "[principals]\nworker = { role = 'arn:aws:iam::111122223333:role/worker' }\n")
    env = {name: it for name, it in everywhere.env.items() if "ENDPOINT" not in name and "PROXY" not in name}
    upstream = proxy(answer=lambda *_: (200, b'{"Keys": []}'))
    recorder = studio.record(upstream.url, scenario={"roles": {"worker": {}}}, env=env | {"AWS_ENDPOINT_URL_STS": sts.url})
    recorder.client("worker").list_keys()
    assert len(sts.seen) == 1 and "Credential=ASIAROLE/" in upstream.seen[0][1]["authorization"]
    assert recorder.end().code == GOOD


@pytest.mark.parametrize("origin", ["aws", "moto", "emulator moto"])
def test_what_is_no_aws_does_not_pass_for_aws(studio, proxy, origin):
    upstream = proxy(studio.service())
    done = studio.run("record", "--cassette", studio.tape, "--upstream", upstream.url, "--origin", origin)
    assert done.code == COULD_NOT_RUN and origin in done.err


@pytest.mark.parametrize("url", ["localhost:4566", "ftp://localhost", "http://localhost/kms", "http://me:hunter2@localhost"])
def test_an_upstream_that_is_no_service_cannot_be_recorded(studio, url):
    done = studio.run("record", "--cassette", studio.tape, "--upstream", url)
    assert (done.code, done.out) == (COULD_NOT_RUN, "")
    assert "hunter2" not in done.err


def nobody():
    """The URL of a service that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as it:
        return f"http://127.0.0.1:{it.getsockname()[1]}"


def test_a_service_that_is_not_there_is_told_to_the_client_and_at_the_end(studio):
    url = nobody()
    recorder = studio.record(url)
    with pytest.raises(ClientError) as caught:
        recorder.client().list_keys()
    assert "Traceback" not in str(caught.value)
    done = recorder.end()
    assert done.code == FINDINGS
    assert "ListKeys" in done.err and url.removeprefix("http://") in done.err
    assert not studio.tape.exists() and "panicked" not in done.err
    assert load(studio.pending)["verdict"] == ["calls"]
    assert url.removeprefix("http://") not in studio.pending.read_text()
    accepted = studio.run("accept", studio.tape)
    assert accepted.code == FINDINGS and "was not answered" in accepted.out
    assert studio.pending.exists() and not studio.tape.exists()


@pytest.mark.parametrize("status", [101, 600, 999])
def test_a_status_that_is_none_of_http_is_not_recorded(studio, proxy, status):
    service = studio.service()
    upstream = proxy(service, lambda operation, number: (status, b"") if operation == "ListAliases" else None)
    recorder = recorder_of(studio, upstream, service)
    recorder.client().list_keys()
    assert raw.call(recorder, "ListAliases").status == 503
    done = recorder.end()
    assert done.code == FINDINGS
    assert f"the call of ListAliases to {upstream.url[7:]} failed: it answered with the status {status}" in done.err
    assert "panicked" not in done.err
    assert operations(load(studio.pending)) == ["ListKeys"]


@pytest.mark.parametrize("status", [101, 600, 999])
def test_a_status_that_is_none_of_http_is_not_recorded(studio, proxy, status):
    service = studio.service()
    upstream = proxy(service, lambda operation, number: (status, b"") if operation == "ListAliases" else None)
    recorder = recorder_of(studio, upstream, service)
    recorder.client().list_keys()
    assert raw.call(recorder, "ListAliases").status == 503
    done = recorder.end()
    assert done.code == FINDINGS
    assert f"the call of ListAliases to {upstream.url[7:]} failed: it answered with the status {status}" in done.err
    assert "panicked" not in done.err
    assert operations(load(studio.pending)) == ["ListKeys"]


def test_a_service_that_is_not_there_cannot_be_prepared(studio):
    url = nobody()
    path = studio.write("declared.json", {"keys": {"orders": {}}})
    done = studio.run("record", "--cassette", studio.tape, "--upstream", url, "--scenario", path)
    assert (done.code, done.out) == (COULD_NOT_RUN, "")
    assert url.removeprefix("http://") in done.err and "panicked" not in done.err


# --- Credentials ---


def test_clients_get_credentials_of_their_own(studio, proxy):
    service = studio.service()
    upstream = proxy(service)
    recorder = recorder_of(studio, upstream, service)
    live, told = service.announced["callers"]["admin"], recorder.announced["callers"]["admin"]
    members = ["access_key_id", "secret_access_key", "session_token"]
    assert all(live[it] != told[it] for it in members)
    recorder.client().create_key()
    [(_, headers, _)] = upstream.seen
    assert f"Credential={live['access_key_id']}/" in headers["authorization"]
    assert told["access_key_id"] not in str(headers) and told["session_token"] not in str(headers)


def test_the_live_credentials_open_nothing_here(studio):
    service = studio.service()
    recorder = studio.record(service)
    answer = raw.call(recorder, "ListKeys", {}, credentials=service.credentials())
    assert (answer.status, answer.code) == (400, "UnrecognizedClientException")
    assert recorder.end().code == GOOD
    assert load(studio.pending)["interactions"] == []


def test_what_has_no_good_signature_is_not_passed_on(studio, proxy):
    service = studio.service()
    upstream = proxy(service)
    recorder = recorder_of(studio, upstream, service)
    request = raw.signed(recorder, "ListKeys", {})
    request.body = b'{"Limit":1}'
    assert raw.send(recorder, request).code == "InvalidSignatureException"
    assert raw.send(recorder, raw.unsigned(recorder, "ListKeys")).status == 400
    assert upstream.seen == []


def test_each_caller_is_its_own_principal_upstream(studio):
    service = studio.service({"roles": {"worker": {"allow": ["kms:ListKeys"]}, "janitor": {}}})
    recorder = studio.record(service, scenario=ROLES | {"keys": {}})
    recorder.client("worker").list_keys()
    code, text = refusal(recorder.client("janitor").list_keys)
    assert code == "AccessDeniedException" and service.caller_arn("janitor") in text
    assert recorder.end().code == GOOD


VISITOR = "arn:aws:sts::111122223333:federated-user/Acme.Visitor"


@pytest.mark.parametrize("bound", ["by the declaration", "by the settings"])
def test_a_federated_user_is_recorded_followed_and_replayed(studio, bound):
    """Its ARN is that of the declared name, whatever it is called in life; one whom nobody declared is taken, too."""
    rules = {"federated": True, "allow": ["kms:ListKeys"]}
    named = {"keys": {"orders": {}}, "users": {"guest": rules | {"name": "Acme.Visitor"}}}
    service = studio.service(named | {"roles": {"elsewhere": {"account": "999988887777"}}})
    neighbour = "arn:aws:sts::999988887777:federated-user/Acme.Neighbour"

    def story(it):
        admin, guest, key = it.client(), it.client("guest"), it.key("orders")
        assert it.arn("guest") == it.caller_arn("guest")
        guest.list_keys()
        assert refusal(guest.describe_key, KeyId=key)[0] == "AccessDeniedException"
        for grantee in (it.arn("guest"), neighbour):
            admin.create_grant(KeyId=key, GranteePrincipal=grantee, RetiringPrincipal=it.arn("guest"), Operations=["DescribeKey"])
        guest.describe_key(KeyId=key)
        grants = admin.list_grants(KeyId=key)["Grants"]
        assert [it["GranteePrincipal"] for it in grants].count(it.arn("guest")) == 1
        for grant in grants:
            guest.retire_grant(KeyId=key, GrantId=grant["GrantId"])
        assert refusal(guest.describe_key, KeyId=key)[0] == "AccessDeniedException"

    env = studio.environment(service) | {"KMS_FIXTURE_KEY_ORDERS": service.key("orders")}
    declared = named
    if bound == "by the settings":
        declared = named | {"users": {"guest": rules}}
        del env["KMS_FIXTURE_PRINCIPAL_GUEST"]
        studio.write("kms-fixture.toml", f"[principals]\nguest = {{ profile = 'guest', arn = '{VISITOR}' }}\n")
    recorder = studio.record(service.endpoint, scenario=declared, env=env)
    assert recorder.arn("guest") == recorder.caller_arn("guest") == VISITOR
    story(recorder)
    done = recorder.end()
    assert done.code == GOOD, done.err
    studio.accept()
    assert load(studio.tape)["scenario"]["users"] == {"guest": rules}
    text = studio.tape.read_text()
    assert "arn:aws:sts::111122223333:federated-user/guest" in text and "Acme" not in text
    shown = json.loads(studio.run("show", studio.tape, "--format", "json").out)
    grantees = [it["input"]["GranteePrincipal"] for it in shown if it["operation"] == "CreateGrant"]
    assert grantees == ["guest", "arn:aws:sts::000000000001:federated-user/federated-1"]
    checked = studio.run("check", studio.tape)
    assert checked.code == GOOD, checked.out
    done = studio.replayed(story)
    assert done.code == GOOD, done.err


def refused_at_once(studio, upstream, declared):
    """Why this is not recorded, of which the service has heard nothing."""
    scenario = studio.write("declared.json", declared)
    done = studio.run("record", "--cassette", studio.tape, "--upstream", upstream.url, "--scenario", scenario)
    assert done.code == COULD_NOT_RUN
    assert upstream.seen == []
    return done.err


@pytest.mark.parametrize(
    "declared, words",
    [
        ({"users": {"g": {"federated": True, "name": "guest"}}}, "`g` is not a valid federated user name"),
        ({"users": {"g" * 33: {"federated": True, "name": "guest"}}}, "is not a valid federated user name"),
        ({"users": {"gäste": {"name": "guests"}}}, "`gäste` is not a valid user name"),
        ({"roles": {"a role": {"name": "role"}}}, "`a role` is not a valid role name"),
    ],
)
def test_a_declared_name_that_no_cassette_can_have_is_refused_at_once(studio, proxy, declared, words):
    told = refused_at_once(studio, proxy(studio.service()), declared)
    assert words in told and "by the declared name" in told and "help: " in told, told


@pytest.mark.parametrize(
    "declared, arn, words",
    [
        ({"users": {"guest": {"federated": True}}}, "arn:aws:iam::111122223333:user/guest", "a federated user"),
        ({"users": {"guest": {"federated": True}}}, "arn:aws:iam::111122223333:role/guest", "a federated user"),
        ({"users": {"guest": {}}}, VISITOR, "an IAM user"),
        ({"users": {"guest": {}}}, "arn:aws:iam::111122223333:role/guest", "an IAM user"),
        ({"roles": {"guest": {}}}, "arn:aws:iam::111122223333:user/guest", "a role"),
        ({"roles": {"guest": {}}}, "arn:aws:iam::111122223333:root", "a role"),
    ],
)
def test_who_is_declared_as_something_else_is_not_recorded(studio, proxy, declared, arn, words):
    studio.write("kms-fixture.toml", f"[principals]\nguest = {{ arn = '{arn}' }}\n")
    told = refused_at_once(studio, proxy(studio.service()), declared)
    assert f"`guest` is declared as {words}, but the configured principal is {arn}" in told, told


@pytest.mark.parametrize(
    "region, partition",
    [("us-west-2", "aws"), ("us-gov-west-1", "aws-us-gov"), ("us-isob-east-1", "aws-iso-b"), ("eusc-de-east-1", "aws-eusc")],
)
def test_a_region_comes_back_as_it_was_declared(studio, region, partition):
    scenario, start = {"region": region}, f"arn:{partition}:kms:{region}:111122223333:key/"

    def story(server):
        assert server.region == region
        arn = server.client().create_key()["KeyMetadata"]["Arn"]
        assert arn.startswith(start)
        assert server.client().describe_key(KeyId=arn)["KeyMetadata"]["Arn"] == arn

    cassette = studio.recorded(story, studio.service(scenario), scenario=scenario)
    assert cassette["scenario"]["region"] == region
    assert cassette["interactions"][1]["input"]["KeyId"].startswith(start)
    done = studio.replayed(story)
    assert done.code == GOOD, done.err


# --- The files ---


@pytest.mark.parametrize("with_signal", SIGNALS)
def test_every_end_writes_what_was_recorded(studio, with_signal):
    recorder = studio.record(studio.service())
    recorder.client().create_key()
    done = recorder.end(with_signal)
    assert done.code == GOOD, done.err
    assert operations(load(studio.pending)) == ["CreateKey"]
    assert f"kms-fixture accept {studio.tape}" in done.err


@pytest.mark.parametrize("with_signal", SIGNALS)
def test_every_end_of_a_replay_gives_its_report(studio, with_signal):
    studio.recorded(lambda it: it.client().create_key())
    player = studio.replay()
    done = player.end(with_signal)
    assert done.code == FINDINGS and "CreateKey" in done.err
    player = studio.replay()
    player.client().create_key()
    assert player.end(with_signal).code == GOOD


class Held:
    """Holds answers back: those for which `holds` is true, until the test ends."""

    def __init__(self, proxy, service, holds, *, after_the_effect=False):
        self._may_end, self._arrived, self._holds = threading.Event(), threading.Semaphore(0), holds
        self._service, self._after_the_effect = service, after_the_effect
        self.upstream = proxy(service, instead=self._instead)

    def _instead(self, proxy, operation, headers, body):
        if not self._holds(operation):
            return None
        if self._after_the_effect:
            proxy.forward(self._service, headers, body)
        self._arrived.release()
        self._may_end.wait(PATIENCE)
        return None, b""

    def wait(self):
        """Waits until a call is held."""
        assert self._arrived.acquire(timeout=PATIENCE), self.upstream.operations

    def close(self):
        self._may_end.set()


@pytest.fixture
def held(proxy):
    made = []

    def make(*arguments, **options):
        made.append(Held(proxy, *arguments, **options))
        return made[-1]

    yield make
    for it in made:
        it.close()


def starting(studio, service, upstream, declared, **env):
    """A recording that may not get to its start."""
    path = studio.write("declared.json", declared)
    command = [BINARY, "record", "--cassette", studio.tape, "--upstream", upstream.url, "--scenario", path]
    env = environment(studio.environment(service) | env)
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen(command, env=env, cwd=studio.folder, **pipes)


GRANT = {"key": "orders", "grantee": "worker", "operations": ["Decrypt"]}
TWO_GRANTS = ROLES | {"grants": {"first": GRANT, "second": GRANT}}


@pytest.mark.parametrize("with_signal", SIGNALS[1:])
@pytest.mark.parametrize("operation", ["CreateKey", "DescribeKey"])
def test_a_signal_is_heard_while_a_recording_starts(studio, held, operation, with_signal):
    service = studio.service(SERVICE)
    it = held(service, lambda named: named == operation)
    process = starting(studio, service, it.upstream, ROLES)
    it.wait()
    process.send_signal(with_signal)
    out, err = process.communicate(timeout=PATIENCE / 2)
    assert (process.returncode, out) == (COULD_NOT_RUN, b"")
    assert b"stopped by a signal before it started" in err
    assert not studio.pending.exists()


@pytest.mark.parametrize("after_the_effect", [False, True])
def test_grants_of_a_recording_that_a_signal_stops_at_its_start_are_revoked(studio, held, after_the_effect):
    service, key, theirs = foreign(studio, SERVICE)
    calls = iter([False, True])
    it = held(service, lambda named: named == "CreateGrant" and next(calls), after_the_effect=after_the_effect)
    process = starting(studio, service, it.upstream, TWO_GRANTS, KMS_FIXTURE_KEY_ORDERS=key)
    it.wait()
    assert len(listed(service, key)) == 2 + after_the_effect
    process.send_signal(SIGNALS[1])
    _, err = process.communicate(timeout=PATIENCE / 2)
    assert process.returncode == COULD_NOT_RUN, err
    assert listed(service, key) == [theirs["GrantId"]]


def test_a_second_signal_ends_a_recording_at_once(studio, held):
    service, key, _ = foreign(studio, SERVICE)
    it = held(service, lambda named: named in ("CreateGrant", "RevokeGrant"))
    process = starting(studio, service, it.upstream, TWO_GRANTS, KMS_FIXTURE_KEY_ORDERS=key)
    it.wait()
    process.send_signal(SIGNALS[1])
    process.send_signal(SIGNALS[2])
    _, err = process.communicate(timeout=PATIENCE / 2)
    assert process.returncode == FINDINGS
    assert b"before its grants were cleaned up" in err


def test_the_cassette_is_as_it_was_until_it_is_accepted(studio):
    studio.recorded(lambda it: it.client().create_key())
    before = studio.tape.read_bytes()
    recorder = studio.record(studio.service())
    recorder.client().list_keys()
    assert studio.tape.read_bytes() == before and not studio.pending.exists()
    assert recorder.end().code == GOOD
    assert studio.tape.read_bytes() == before
    studio.accept()
    assert operations(load(studio.tape)) == ["ListKeys"] and not studio.pending.exists()


def test_a_folder_that_is_not_there_is_made(studio):
    tape = studio.folder / "cassettes" / "deep" / "tape.json"
    studio.recorded(lambda it: it.client().create_key(), tape=tape)
    assert sorted(it.name for it in tape.parent.iterdir()) == ["tape.json"]


def test_a_recording_of_nothing_is_a_recording(studio):
    assert studio.record(studio.service()).end().code == GOOD
    assert load(studio.pending)["interactions"] == []


ACCOUNT = "736459182736"


def test_the_text_has_the_arn_that_a_grant_names_in_the_recorded_account(studio):
    service = studio.service(SERVICE | {"account": ACCOUNT})
    scenario = studio.write("declared.json", {"roles": {"worker": {}}})
    env = environment(studio.environment(service) | {"KMS_FIXTURE_ACCOUNT": ACCOUNT})
    command = [BINARY, "record", "--cassette", studio.tape, "--upstream", service.endpoint, "--scenario", scenario]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == GOOD, err
    assert f"\n# worker: arn:aws:iam::{ACCOUNT}:role/worker (its session: arn:aws:sts::" in out.decode()


def test_a_grant_for_a_principal_of_another_account_with_a_declared_name_is_noted(studio):
    service = studio.service(SERVICE | {"account": ACCOUNT, "unknown_principals": "accept"})
    scenario = {"roles": {"worker": {}}}
    recorder = studio.record(service, scenario=scenario, env={"KMS_FIXTURE_ACCOUNT": ACCOUNT})
    kms, live = recorder.client(), f"arn:aws:iam::{ACCOUNT}:role/worker"
    assert recorder.arn("worker") == live
    key = kms.create_key()["KeyMetadata"]["Arn"]
    other = "arn:aws:iam::111122223333:role/worker"
    for grantee in (live, other, other):
        kms.create_grant(KeyId=key, GranteePrincipal=grantee, Operations=["Decrypt"])
    done = recorder.end()
    notes = [it for it in done.err.splitlines() if it.startswith("note: CreateGrant")]
    assert notes == [f"note: CreateGrant names `{other}`, which is not the declared `worker` (that is `{live}`)"]


def test_without_a_scenario_no_principal_is_declared_so_that_none_is_noted(studio):
    service = studio.service(SERVICE | {"account": ACCOUNT})
    recorder = studio.record(service)
    kms = recorder.client()
    key = kms.create_key()["KeyMetadata"]["Arn"]
    assert service.arn() != recorder.arn() and service.arn().endswith("role/Admin")
    kms.create_grant(KeyId=key, GranteePrincipal=service.arn(), Operations=["Decrypt"])
    assert "CreateGrant names" not in recorder.end().err


def test_the_command_that_records_again_has_the_options_of_this_one(studio):
    url = nobody()
    recorder = studio.record(url, scenario={"roles": {"worker": {}}})
    with pytest.raises(ClientError):
        recorder.client().list_keys()
    done = recorder.end()
    assert done.code == FINDINGS
    [declared] = studio.folder.glob("declared-*.json")
    again = f"help: record again: kms-fixture record --cassette {studio.tape} --upstream {url} --scenario {declared}\n"
    assert done.err.endswith(again), done.err


@pytest.mark.parametrize("scenario, options", [({"roles": {"worker": {}}}, " --upstream URL --scenario FILE"), (None, " --upstream URL")])
def test_a_replay_names_the_options_that_recording_again_needs(studio, scenario, options):
    studio.recorded(lambda it: it.client().list_keys(), studio.service(SERVICE), scenario=scenario)
    done = studio.replayed(lambda it: None)
    assert done.code == FINDINGS
    assert f"record again: kms-fixture record --cassette {studio.tape}{options}\n" in done.err


def test_what_somebody_has_decided_is_carried_over(studio):
    def story(server):
        server.client().create_key(Description="describes")

    decided = {
        "keep": ["Description"],
        "ordered": ["Grants"],
        "accepted": [{"operation": "ListKeys", "grade": "missing", "path": "$.Keys", "reason": "seen"}],
    }
    tape = studio.recorded(story)
    studio.write("tape.json", tape | decided)
    again = studio.recorded(story)
    assert {name: again[name] for name in decided} == decided
    assert again["interactions"][0]["input"]["Description"] == "describes"


@pytest.mark.parametrize("said, told", [
    (None, {"kind": "emulator"}),
    ("fake", {"kind": "fake"}),
    ("emulator: moto 5.1.22", {"kind": "emulator", "name": "moto 5.1.22"}),
    ("documentation: API reference", {"kind": "documentation", "name": "API reference"}),
])
def test_the_header_says_what_was_recorded(studio, said, told):
    arguments = ["--origin", said] if said else []
    assert studio.recorded(lambda it: it.client().list_keys(), None, *arguments)["origin"] == told


def test_the_line_is_that_of_serve(studio):
    service = studio.service(SERVICE)
    recorder = studio.record(service, scenario=ROLES)
    assert set(recorder.announced) == set(service.announced)
    assert set(recorder.announced["callers"]) == {"admin", "worker", "janitor"}
    for told in recorder.announced["callers"].values():
        assert set(told) == set(service.announced["callers"]["admin"])
    assert recorder.announced["keys"].keys() == {"orders"}
    recorder.client().list_keys()
    assert recorder.end().code == GOOD
    studio.accept()
    assert set(studio.replay().announced) == set(service.announced)


def test_the_account_that_is_told_is_the_live_one(studio):
    """Clients build ARNs with it; the administrator's own is one of them."""
    service = studio.service({"account": "736459182736"})
    recorder = studio.record(service, scenario={"account": "736459182736"})
    assert recorder.announced["account"] == "736459182736"
    assert recorder.arn() == service.arn()


def test_two_recorders_of_one_cassette_leave_one_whole_file(studio):
    service = studio.service()
    recorders = [studio.record(service) for _ in range(4)]
    for it in recorders:
        it.client().create_key()
    for it in recorders:
        it.process.stdin.close()
        it.process.stdin = None
    assert [it.process.wait(PATIENCE) for it in recorders] == [GOOD] * 4
    assert operations(load(studio.pending)) == ["CreateKey"]
    assert isinstance(recorders[0], Process)
