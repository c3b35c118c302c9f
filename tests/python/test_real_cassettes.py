"""The cassettes of this repository: sound, played back to whoever asks as they say, and still what is recorded."""

import json
import re
import shutil
from pathlib import Path

import pytest

import raw
import recordings
from canaries import encodings
from server import ROOT
from upstreams import replayer, run

FOLDER = ROOT / "cassettes"
KINDS = ["documentation", "transcribed", "emulator", "fake"]
# The suite's own cassettes lie elsewhere, and are played by the suite.
COMMITTED = sorted(path for kind in KINDS for path in (FOLDER / kind).rglob("*.json"))


def named(path):
    return str(path.relative_to(FOLDER))


def read(path):
    return json.loads(Path(path).read_text())


each = pytest.mark.parametrize("path", COMMITTED, ids=named)


def test_check_has_nothing_against_them():
    code, said = run("check", FOLDER)
    assert code == 0, said


def test_there_is_one_for_each_recording():
    recorded = {it.path for kind in KINDS for it in recordings.recordings(kind)}
    assert {named(path) for path in COMMITTED} == recorded


def test_every_call_of_a_grant_is_in_them():
    calls = {
        (it["operation"], it["status"] == 200)
        for path in COMMITTED
        for it in read(path)["interactions"]
    }
    for operation in ("CreateGrant", "ListGrants", "ListRetirableGrants", "RetireGrant", "RevokeGrant"):
        assert {(operation, True), (operation, False)} <= calls


@each
def test_the_header_says_what_the_folder_says(path):
    kind, name = recordings.origin(named(path)).split(": ", 1)
    assert read(path)["origin"] == {"kind": kind, "name": name}


@each
def test_nothing_of_what_was_live_is_in_them(path):
    """What the recordings were made with; what is redacted in general, others test."""
    text = path.read_text()
    for live in ("acme", "4711", *recordings.ACCOUNTS.values(), "1234abcd", "0c237476", "ExampleRole", "somebody"):
        assert live not in text
    for secret in ("acme's secret", "acme's message", recordings.ACCOUNTS["fake"], recordings.OWN_PUBLIC_KEY[-64:]):
        assert not [it for it in encodings(secret) if it in text]
    assert not re.search("AKIA|ASIA|secret_access_key|SecretAccessKey|[Aa]uthorization", text)


@each
def test_accepted_differences_have_reasons_that_say_something(path):
    for it in read(path).get("accepted", []):
        assert len(it["reason"].split()) > 4, it


@each
def test_the_text_is_canonical(path, tmp_path):
    copy = shutil.copy(path, tmp_path)
    code, said = run("migrate", copy)
    assert (code, Path(copy).read_bytes()) == (0, path.read_bytes()), said


@each
def test_a_client_that_sends_what_was_recorded_gets_what_was_recorded(path):
    with replayer(path) as replay:
        for at, it in enumerate(read(path)["interactions"]):
            answer = raw.call(replay, it["operation"], it["input"], caller=it["caller"])
            assert answer.status == it["status"], f"call {at + 1}: {answer}"
            if "opaque" in it:
                assert len(answer.body) == it["opaque"]
            elif "output" in it:
                assert answer.json == it["output"], f"call {at + 1}"
            else:
                assert answer.body == b""
        code, said = replay.end()
    assert code == 0, said
    assert re.search(r"the fake followed \d+ calls?, and could not follow \d+( \(\d+ of them depends? on .*\))?(; \d+ notes(\n  call .*)+)?\n$", said)


@each
def test_a_client_that_leaves_out_the_last_call_is_told(path):
    calls = read(path)["interactions"]
    with replayer(path) as replay:
        for it in calls[:-1]:
            raw.call(replay, it["operation"], it["input"], caller=it["caller"])
        code, said = replay.end()
    assert code == 1
    assert "recorded but not called:" in said and calls[-1]["operation"] in said


@pytest.mark.parametrize("kind", KINDS)
def test_recording_again_gives_the_same_apart_from_dates(kind, tmp_path):
    recordings.ORIGINS[kind](tmp_path)
    for it in recordings.recordings(kind):
        code, said = run("diff", FOLDER / it.path, tmp_path / it.path)
        assert (code, said) == (0, ""), it.path
        before, after = read(FOLDER / it.path), read(tmp_path / it.path)
        for member in ("origin", "recorder", "scenario", "names", "accepted"):
            assert before.get(member) == after.get(member), it.path


@pytest.mark.parametrize("path", sorted(recordings.NOT_YET))
@pytest.mark.xfail(strict=True, raises=(AssertionError, SystemExit))
def test_what_cannot_be_recorded_yet(path, tmp_path):
    [it] = [it for it in recordings.ALL if it.path == path]
    recordings.ORIGINS[it.kind](tmp_path, [it])
