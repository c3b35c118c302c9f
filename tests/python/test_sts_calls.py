"""Calls of STS in the log, in `GET /kms-fixture/calls` and in the console, and why they were refused."""

import json
import re
import threading

import pytest

from browser import missing
from control import get, post, principal
from recorder import GOOD, load, studio  # noqa: F401
from server import BINARY, PATIENCE
from support import OURS, THEIRS, policy, statement
from test_console import browser, chromium, console  # noqa: F401
from test_log import ended
from test_sts import assume, client, form, refusal, sts

ROLE = f"arn:aws:iam::{OURS}:role/"

WORLD = {
    "keys": {"orders": {}},
    "roles": {
        "worker": {},
        "janitor": {"allow": ["sts:AssumeRole"], "session_policy": policy(statement("Allow", "kms:*"))},
        "bounded": {"allow": ["sts:AssumeRole"], "boundary": policy(statement("Allow", "kms:*"))},
        "stranger": {"account": THEIRS},
        "batch": {"name": "jobs/batch"},
    },
    "users": {
        "alice": {"allow": ["sts:AssumeRole", "sts:GetFederationToken"]},
        "bob": {},
        "carol": {"policy": policy(statement("Allow", "sts:*"), statement("Deny", "sts:AssumeRole", ROLE + "worker"))},
        "dave": {"policy": policy(statement("Allow", "sts:AssumeRole", ROLE + "other"))},
        "erin": {
            "policy": policy(
                statement("Allow", "sts:AssumeRole") | {"Condition": {"StringEquals": {"sts:RoleSessionName": "day"}}}
            )
        },
        "guest": {"federated": True, "allow": ["*"]},
    },
}

MEMBERS = {"number", "sts_number", "caller", "operation", "on", "status", "code", "message", "why"}


@pytest.fixture(scope="module")
def server(serve_module):
    return serve_module(WORLD)


def last(server):
    """The last call of the server."""
    return get(server, "calls")[-1]


def story(server):
    """A call of KMS between two of STS, and one of KMS by the session."""
    assert refusal(sts(server, "bob").assume_role, RoleArn=server.arn("worker"), RoleSessionName="night")
    server.client().list_keys()
    session = assume(server, "alice")["Credentials"]
    assert refusal(client(server, "kms", session).create_key)


STORY = [
    (None, "bob", "sts:AssumeRole", "worker", 403, "AccessDenied"),
    (1, "admin", "ListKeys", None, 200, None),
    (None, "alice", "sts:AssumeRole", "worker", 200, None),
    (2, "worker", "CreateKey", None, 400, "AccessDeniedException"),
]


def shown(calls):
    return [tuple(it[member] for member in ("number", "caller", "operation", "on", "status", "code")) for it in calls]


# --- Where they are seen ---


def test_the_calls_of_both_services_are_listed_in_order(serve):
    server = serve(WORLD)
    story(server)
    listed = get(server, "calls")
    assert shown(listed) == STORY
    first = listed[0]
    assert set(first) == MEMBERS
    assert first["message"] == f"User: {server.arn('bob')} is not authorized to perform: sts:AssumeRole on resource: {ROLE}worker"
    assert first["why"] == ['no policy of bob allows sts:AssumeRole on worker; add it to the `allow` of bob']
    assert listed[3]["message"].startswith(f"User: arn:aws:sts::{OURS}:assumed-role/worker/night-shift is not authorized")
    # The calls of KMS have the numbers that they have without STS, and only they can be asked for by number.
    assert get(server, "calls/1")["operation"] == "ListKeys"
    health = get(server, "health")
    assert (health["calls"], health["sts_calls"]) == (2, 2)


def test_a_client_asks_for_new_calls_of_both_services(serve):
    server = serve(WORLD)
    story(server)
    assert shown(get(server, "calls?since=1")) == [STORY[3]]
    assert shown(get(server, "calls?since=0&since_sts=1")) == [STORY[1], STORY[2], STORY[3]]
    assert shown(get(server, "calls?since=2&since_sts=1")) == [STORY[2]]
    assert get(server, "calls?since=2&since_sts=2") == []


def test_a_request_can_wait_for_a_call_of_sts(serve):
    server = serve(WORLD)
    found = []
    waiting = threading.Thread(target=lambda: found.extend(get(server, "calls?since=0&since_sts=0&wait=60")))
    waiting.start()
    sts(server).get_caller_identity()
    waiting.join(timeout=PATIENCE)
    assert shown(found) == [(None, "admin", "sts:GetCallerIdentity", None, 200, None)]


def test_a_reset_removes_the_calls_of_sts(serve):
    server = serve(WORLD, "--log", "json")
    story(server)
    health = post(server, "reset")
    assert (health["calls"], health["sts_calls"]) == (0, 0)
    assert get(server, "calls") == []
    assume(server)
    assert [it["sts_number"] for it in get(server, "calls")] == [1]
    *log, summary = map(json.loads, ended(server))
    assert shown(log) == [*STORY, (None, "admin", "sts:AssumeRole", "worker", 200, None)]
    assert summary["summary"]["operations"]["sts:AssumeRole"] == {"calls": 3, "refused": 1}


def test_the_log_is_the_list(serve):
    structured = serve(WORLD, "--log", "json")
    story(structured)
    listed = get(structured, "calls")
    *log, summary = map(json.loads, ended(structured))
    assert log == listed
    assert (summary["summary"]["calls"], summary["summary"]["refused"]) == (4, 2)

    text = serve(WORLD, "--log", "text")
    story(text)
    log = ended(text)
    assert log[0].split() == ["-", "bob", "sts:AssumeRole", "worker", "403", "AccessDenied"]
    assert log[1].strip().startswith("no policy of bob allows sts:AssumeRole on worker")
    assert log[2].split() == ["1", "admin", "ListKeys", "-", "ok"]
    assert log[3].split() == ["-", "alice", "sts:AssumeRole", "worker", "ok"]
    assert "4 calls, 2 refused" in log
    assert "  sts:AssumeRole  2 calls, 1 refused" in log


def test_a_call_cannot_write_lines_of_its_own_into_the_log(serve):
    server = serve(WORLD, "--log", "text")
    form(server, "Action=Get%1b[2J%0a9%20%20admin&Version=2011-06-15")
    form(server, f"Action={'x' * 100_000}&Version=2011-06-15")
    listed = get(server, "calls")
    assert all(len(it["operation"]) < 2_000 and len(it["message"]) < 2_000 for it in listed)
    log = ended(server)
    assert not any("\x1b" in it for it in log)
    assert log[2].startswith("2 calls, 2 refused")


def test_exec_logs_the_calls_of_sts(tmp_path):
    import os
    import subprocess
    import sys

    scenario = tmp_path / "world.json"
    scenario.write_text(json.dumps(WORLD))
    program = "import boto3; boto3.client('sts').get_caller_identity()"
    command = [BINARY, "exec", "--scenario", scenario, "--as", "bob", "--log", "text", "--", sys.executable, "-c", program]
    environment = os.environ | {"AWS_EC2_METADATA_DISABLED": "true"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[0].split() == ["-", "bob", "sts:GetCallerIdentity", "-", "ok"]


@pytest.mark.skipif(bool(missing()), reason=missing() or "a browser is there")
def test_the_console_shows_the_calls_of_sts(browser, serve):  # noqa: F811
    server = serve(WORLD)
    page = console(browser, server)
    story(server)
    browser.until(lambda: len(page.rows("calls")) == 4, "four calls are listed")
    rows = page.rows("calls")[::-1]
    assert [it[0] for it in rows] == ["–", "1", "–", "2"]
    assert rows[2] == ["–", "alice", "sts:AssumeRole", "worker", "ok"]
    assert rows[0][1:4] == ["bob", "sts:AssumeRole", "worker"]
    assert "403 AccessDenied" in rows[0][4] and "no policy of bob allows sts:AssumeRole on worker" in rows[0][4]
    # Each call comes once, also after one of KMS.
    sts(server).get_caller_identity()
    server.client().list_keys()
    browser.until(lambda: len(page.rows("calls")) == 6, "six calls are listed")


def test_a_recording_and_a_replay_show_the_calls_of_sts_without_live_values(studio):  # noqa: F811
    scenario = {
        "keys": {"orders": {"alias": "alias/orders"}},
        "roles": {"worker": {"allow": ["kms:ListKeys"]}, "partner": {"account": THEIRS}},
        "users": {"alice": {"allow": ["sts:AssumeRole"]}, "bob": {}},
    }
    service = studio.service(scenario)
    declared = {key: it for key, it in scenario.items() if key != "keys"}
    other = f"arn:aws:iam::{OURS}:role/of-the-live-account"

    def play(server):
        session = assume(server, "alice")["Credentials"]
        client(server, "kms", session).list_keys()
        assert refusal(sts(server, "bob").assume_role, RoleArn=server.arn("worker"), RoleSessionName="night")
        assert refusal(sts(server, "alice").assume_role, RoleArn=other, RoleSessionName="night")
        assert refusal(sts(server, "alice").assume_role, RoleArn=server.arn("partner"), RoleSessionName="night")
        listed = get(server, "calls")
        assert shown(listed) == [
            (None, "alice", "sts:AssumeRole", "worker", 200, None),
            (1, "worker", "ListKeys", None, 200, None),
            (None, "bob", "sts:AssumeRole", "worker", 403, "AccessDenied"),
            (None, "alice", "sts:AssumeRole", None, 403, "AccessDenied"),
            (None, "alice", "sts:AssumeRole", "partner", 403, "AccessDenied"),
        ]
        assert listed[2]["why"] == ['no policy of bob allows sts:AssumeRole on worker; add it to the `allow` of bob']
        assert listed[3]["why"] == ["no such role is declared; declared are admin, partner, worker"]
        assert listed[4]["why"] == ["partner trusts its own account only; alice belongs to another account"]
        text = json.dumps([it["why"] for it in listed])
        assert THEIRS not in text and OURS not in text
        text = json.dumps(listed)
        for live in (server.arn("worker"), server.arn("bob"), server.arn("alice"), other):
            assert live not in text, live

    recorder = studio.record(service, scenario=declared)
    play(recorder)
    outcome = recorder.end()
    assert outcome.code == GOOD, outcome.err
    # The cassette has calls of KMS only.
    assert [(it["caller"], it["operation"]) for it in load(studio.pending)["interactions"]] == [("worker", "ListKeys")]
    studio.accept()
    player = studio.replay()
    play(player)
    outcome = player.end()
    assert outcome.code == GOOD, outcome.err


# --- Why they were refused ---


@pytest.mark.parametrize(
    ("caller", "role", "why"),
    [
        ("bob", "worker", ['no policy of bob allows sts:AssumeRole on worker; add it to the `allow` of bob']),
        ("carol", "worker", ["a policy of carol denies sts:AssumeRole on worker"]),
        ("dave", "worker", ["a policy of dave allows sts:AssumeRole, but not on worker"]),
        ("erin", "worker", ["a policy of erin allows sts:AssumeRole on worker, but its conditions do not hold"]),
        ("janitor", "worker", ["the session policy of janitor does not allow sts:AssumeRole on worker"]),
        ("bounded", "worker", ["the permissions boundary of bounded does not allow sts:AssumeRole on worker"]),
        ("guest", "worker", ["guest is a federated user, which may not assume roles"]),
        ("alice", "stranger", [f"stranger trusts its own account {THEIRS} only; alice belongs to {OURS}"]),
    ],
)
def test_a_denial_is_explained(server, caller, role, why):
    assert refusal(sts(server, caller).assume_role, RoleArn=server.arn(role), RoleSessionName="night")[1] == "AccessDenied"
    call = last(server)
    assert (call["caller"], call["on"], call["code"]) == (caller, role, "AccessDenied")
    assert call["why"] == why


@pytest.mark.parametrize(
    ("arn", "on", "why"),
    [
        (ROLE + "wroker", None, f"no such role is declared; did you mean worker, which has the ARN {ROLE}worker?"),
        (ROLE + "batch", None, f"the role batch has the ARN {ROLE}jobs/batch"),
        (ROLE + "zzz", None, "no such role is declared; declared are admin, batch, bounded, janitor, stranger, worker"),
        (f"arn:aws:iam::{OURS}:user/bob", None, "bob is a user, not a role"),
    ],
)
def test_a_role_that_does_not_exist_is_explained(server, arn, on, why):
    assert refusal(sts(server, "alice").assume_role, RoleArn=arn, RoleSessionName="night")[1] == "AccessDenied"
    call = last(server)
    assert (call["on"], call["why"]) == (on, [why])


def test_a_deleted_role_is_explained(serve):
    server = serve(WORLD)
    post(server, principal("worker", "delete"))
    assert refusal(assume, server=server, caller="alice")[1] == "AccessDenied"
    call = last(server)
    assert (call["on"], call["why"]) == ("worker", ["the role worker was deleted"])


def test_a_role_that_has_not_arrived_is_explained(serve):
    server = serve(WORLD | {"clock": "test", "consistency": "eventual"})
    post(server, principal("worker", "recreate"))
    assert refusal(assume, server=server, caller="alice")[1] == "AccessDenied"
    assert last(server)["why"] == ["the role worker has not arrived"]
    post(server, "settle")
    assert assume(server, "alice")


def test_refused_tokens_are_explained(server):
    assert refusal(sts(server, "bob").get_federation_token, Name="visitor")[1] == "AccessDenied"
    why = 'no policy of bob allows sts:GetFederationToken on bob/visitor; add it to the `allow` of bob'
    assert last(server)["why"] == [why]
    assert refusal(sts(server).get_federation_token, Name="visitor")[1] == "AccessDenied"
    assert last(server)["why"] == [
        "admin calls with temporary credentials; GetFederationToken needs those of a user or a root"
    ]
    assert refusal(sts(server, "worker").get_session_token)[1] == "AccessDenied"
    assert "GetSessionToken needs those of a user or a root" in last(server)["why"][0]
    # A parameter is not a matter of permissions.
    assert refusal(assume, server=server, session="a b")[1] == "ValidationError"
    assert last(server)["why"] == []
    assert refusal(assume, server=server, caller="alice", DurationSeconds=3601)[1] == "ValidationError"
    assert last(server)["why"] == ["a session of worker lasts 3600 s at most; declare session_seconds for longer ones"]


def test_an_expired_session_and_another_partition_are_explained(serve):
    server = serve(WORLD | {"clock": "test"})
    session = assume(server, "alice", DurationSeconds=900)["Credentials"]
    post(server, "clock", {"advance": 960})
    assert refusal(client(server, "sts", session).get_caller_identity)[1] == "ExpiredToken"
    call = last(server)
    assert (call["caller"], call["why"]) == (None, ["the credentials of worker expired 60 s ago on the fixture's clock"])
    assert refusal(sts(server, region="cn-north-1").get_caller_identity)[1] == "SignatureDoesNotMatch"
    assert re.match("the call was signed by admin for cn-north-1; the fixture is in us-east-1", last(server)["why"][0])
