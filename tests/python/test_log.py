"""The log of `serve`, `record` and `replay`: a line for each call as it comes, and a summary at the end."""

import json
import os
import pty
import re
import select
import signal
import subprocess

import pytest

from control import call_as, get, post
from recorder import FINDINGS, GOOD, studio  # noqa: F401
from server import BINARY, PATIENCE, first_line
from support import refusal

WORLD = {
    "keys": {"orders": {}},
    "roles": {"worker": {}},
    "grants": {"access": {"key": "orders", "grantee": "worker", "operations": ["Decrypt"]}},
}


def ended(server, with_signal=None):
    """Ends a server; returns its log as lines."""
    if with_signal:
        server.process.send_signal(with_signal)
        server.process.wait(timeout=PATIENCE)
    code, rest, log = server.wait()
    assert (code, rest) == (0, "")
    return log.splitlines()


def story(server):
    """Three calls: one is refused."""
    admin = server.client()
    admin.describe_key(KeyId=server.key())
    assert refusal(server.client("worker").describe_key, KeyId=server.key())
    admin.list_keys()


@pytest.mark.parametrize("with_signal", [None, signal.SIGINT, signal.SIGTERM])
def test_text_has_a_line_for_each_call_and_a_summary(serve, with_signal):
    server = serve(WORLD, "--log", "text")
    story(server)
    log = ended(server, with_signal)
    assert [it.split() for it in log[:1]] == [["1", "admin", "DescribeKey", "orders", "ok"]]
    assert log[1].split() == ["2", "worker", "DescribeKey", "orders", "400", "AccessDeniedException"]
    assert [it.strip() for it in log[2:4]] == [
        "access allows Decrypt to worker, not DescribeKey",
        "no policy of worker allows kms:DescribeKey; the key policy trusts the account",
    ]
    assert log[4].split() == ["3", "admin", "ListKeys", "-", "ok"]
    assert [" ".join(it.split()) for it in log[5:]] == [
        "3 calls, 1 refused",
        "DescribeKey 2 calls, 1 refused",
        "ListKeys 1 call",
    ]


def test_a_line_comes_with_its_call(serve):
    server = serve(WORLD, "--log", "text")
    for number in (1, 2):
        server.client().list_keys()
        assert first_line(server.process.stderr).split() == [str(number), "admin", "ListKeys", "-", "ok"]
    ended(server)


def test_json_has_the_members_of_the_calls_endpoint(serve):
    server = serve(WORLD, "--log", "json")
    story(server)
    calls = get(server, "calls")
    *log, summary = map(json.loads, ended(server))
    assert log == calls
    assert summary == {
        "summary": {
            "calls": 3,
            "refused": 1,
            "operations": {"DescribeKey": {"calls": 2, "refused": 1}, "ListKeys": {"calls": 1, "refused": 0}},
        }
    }


def test_a_fault_is_in_the_log(serve):
    text, structured = serve(WORLD, "--log", "text"), serve(WORLD, "--log", "json")
    for server in (text, structured):
        post(server, "faults", [{"fault": "throttled", "operation": "ListKeys"}])
        assert refusal(server.client().list_keys)
    assert "fault: throttled" in ended(text)[0]
    assert json.loads(ended(structured)[0])["fault"] == "throttled"


@pytest.mark.parametrize("arguments", [(), ("--log", "auto"), ("--log", "never"), ("--log", "text", "-q"), ("--log", "json", "--quiet")])
def test_there_is_no_log_without_a_terminal_or_if_it_is_silenced(serve, arguments):
    server = serve(WORLD, *arguments)
    story(server)
    assert ended(server) == []


def test_auto_is_text_on_a_terminal():
    ours, theirs = pty.openpty()
    command = [BINARY, "serve", "--format", "json"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    try:
        endpoint = json.loads(first_line(process.stdout))["endpoint"]

        class Told:
            pass

        Told.endpoint = endpoint
        call_as(Told, "admin", "ListKeys")
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([ours], [], [], PATIENCE)
            assert ready, line
            line += os.read(ours, 1024)
        assert line.split() == [b"1", b"admin", b"ListKeys", b"-", b"ok"]
    finally:
        process.communicate(timeout=PATIENCE)
        os.close(ours)
    assert process.returncode == 0


def test_a_call_cannot_write_lines_of_its_own_into_the_log(serve):
    """A terminal must not show what a client sends as if the server had written it."""
    server = serve(WORLD, "--log", "text")
    assert refusal(server.client().describe_key, KeyId="alias/x\x1b[2J\n9  admin  ListKeys")
    log = ended(server)
    assert not any("\x1b" in it for it in log)
    assert log[1].startswith("1 call, 1 refused")


def test_a_reader_that_stops_reading_delays_no_call(serve):
    """The pipe takes some 64 KiB; the calls after that are answered as well."""
    server = serve(WORLD, "--log", "json")
    client = server.client()
    for _ in range(700):
        client.list_keys()
    log = ended(server)
    assert len(log) == 701
    assert json.loads(log[-1])["summary"]["calls"] == 700


def test_a_reader_that_stops_reading_costs_lines_and_no_memory(serve):
    """1 MiB of lines may wait; the calls after that are counted, and no call waits."""
    server = serve(WORLD, "--log", "json")
    client = server.client()
    for _ in range(600):
        assert refusal(client.describe_key, KeyId="alias/" + "x" * 2000)
    log = [json.loads(it) for it in ended(server)]
    shown, skipped = log[:-2], log[-2]["not_shown"]
    assert [it["number"] for it in shown] == list(range(1, len(shown) + 1))
    assert len(shown) + skipped == log[-1]["summary"]["calls"] == 600
    assert skipped > 0
    assert len(json.dumps(shown)) < 2**21


def test_the_log_shows_what_the_client_sent_and_received(serve):
    server = serve(WORLD, "--log", "json")
    client, grant_id = server.client(), "0" * 64
    key = server.key()
    assert refusal(client.revoke_grant, KeyId=key, GrantId=grant_id)
    assert refusal(client.retire_grant, KeyId=server.key_id(), GrantId=grant_id)
    unknown, retired = map(json.loads, ended(server)[:2])
    assert (unknown["on"], unknown["message"]) == (grant_id, f"Grant '{grant_id}' does not exist")
    assert (retired["on"], retired["message"]) == (grant_id, f"Invalid arn {server.key_id()}")


def test_the_log_goes_on_after_a_reset(serve):
    server = serve(WORLD, "--log", "text")
    server.client().list_keys()
    post(server, "reset")
    server.client().describe_key(KeyId=server.key())
    log = ended(server)
    assert [it.split()[:3] for it in log[:2]] == [["1", "admin", "ListKeys"], ["1", "admin", "DescribeKey"]]
    assert log[2] == "2 calls"


def test_record_and_replay_log_too(studio):  # noqa: F811
    recorder = studio.record(studio.service(), "--log", "text")
    key = recorder.client().create_key()["KeyMetadata"]["KeyId"]
    recorder.client().describe_key(KeyId=key)
    done = recorder.end()
    assert done.code == GOOD, done.err
    lines = [it.split() for it in done.err.splitlines()]
    assert lines[:2] == [["1", "admin", "CreateKey", "key-1", "ok"], ["2", "admin", "DescribeKey", "key-1", "ok"]]
    assert lines[2] == ["2", "calls"]
    assert re.search(r"recorded 2 calls into .*tape\.json\.new", done.err)
    assert key not in done.err, "the log shows what a cassette would hold"
    studio.accept()

    player = studio.replay(None, "--log", "json")
    player.client().create_key()
    done = player.end()
    assert done.code == FINDINGS
    call, summary = map(json.loads, done.err.splitlines()[:2])
    assert (call["operation"], call["on"], summary["summary"]["calls"]) == ("CreateKey", "key-1", 1)
    assert "DescribeKey" in done.err, "what is left is in the report"
