"""Files from others: a cassette opens no other file, a pipe or a device is not read, and no file writes to a terminal."""

import copy
import json
import os
import re

import pytest

import raw
from recorder import COULD_NOT_RUN, FINDINGS, GOOD, every_output, studio  # noqa: F401
from server import ROOT
from support import policy, trust

TAPE = json.loads((ROOT / "cassettes/fake/who_may_end_a_grant.json").read_text())


@pytest.fixture
def tape():
    return copy.deepcopy(TAPE)


# --- A cassette names no files ---

NAMES_A_FILE = {
    "$.keys.evil.policy": {"keys": {"evil": {"policy": "/dev/zero"}}},
    "$.roles.evil.policy": {"roles": {"evil": {"policy": "/dev/zero"}}},
    "$.roles.evil.boundary": {"roles": {"evil": {"boundary": "/dev/zero"}}},
    "$.roles.evil.session_policy": {"roles": {"evil": {"session_policy": "/dev/zero"}}},
    "$.users.evil.policy": {"users": {"evil": {"policy": "/dev/zero"}}},
    "$.users.evil.boundary": {"users": {"evil": {"boundary": "/dev/zero"}}},
}


@pytest.mark.parametrize("place", NAMES_A_FILE)
def test_a_path_in_a_cassette_is_an_error_that_names_the_place(studio, tape, place):
    studio.write("tape.json", tape | {"scenario": NAMES_A_FILE[place]})
    for command in ("check", "show", "replay", "diff", "migrate"):
        paths = [studio.tape] * (2 if command == "diff" else 1)
        done = studio.run(command, *paths)
        assert done.code == (FINDINGS if command == "check" else COULD_NOT_RUN), done
        said = done.out + done.err
        assert str(studio.tape) in said and place in said and "`/dev/zero`" in said, said


def test_a_policy_in_a_cassette_is_a_document(studio, tape):
    tape["scenario"] |= {"keys": {"orders": {"policy": policy(trust("arn:aws:iam::111122223333:root"))}}}
    studio.write("tape.json", tape)
    assert studio.run("show", studio.tape).code == GOOD


# --- Pipes and devices ---


@pytest.fixture(params=["pipe", "device", "link to a device"])
def endless(request, studio):
    """Makes what has no end at a path of the folder."""

    def make(name):
        path = studio.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if request.param == "pipe":
            os.mkfifo(path)
        elif request.param == "device":
            return "/dev/zero"
        else:
            path.symlink_to("/dev/zero")
        return path

    return make


@pytest.mark.parametrize("command", ["check", "show", "replay", "migrate", "diff", "accept"])
def test_a_cassette_without_end_is_not_read(studio, endless, command):
    path = endless("tape.json")
    arguments = {"diff": [path, path], "accept": ["--because", "it is", path]}.get(command, [path])
    done = studio.run(command, *arguments)
    assert done.code == (FINDINGS if command == "check" else COULD_NOT_RUN), done
    assert f"{path}: the cassette cannot be read: it is not a regular file" in done.out + done.err or (
        command == "migrate" and str(path) in done.err
    )


def test_a_folder_with_pipes_is_checked(studio, tape):
    studio.write("cassettes/good.json", tape | {"test": "suite::good"})
    studio.write("Cargo.toml", "")
    studio.write("src/lib.rs", "fn good() {}\n")
    for name in ("cassettes/a.json", "cassettes/b.json.new", "cassettes/c.txt", "src/main.rs"):
        os.mkfifo(studio.folder / name)
    done = studio.run("check", "--max-age", "0")
    assert done.code == FINDINGS
    found = [re.match(r"cassettes/\w\.json(\.new)?: the cassette cannot be read", it) for it in done.out.splitlines()]
    assert (len(list(filter(None, found))), done.out.splitlines()[-1]) == (2, "3 cassettes, 2 findings"), done.out


def test_a_scenario_without_end_is_not_read(studio, endless):
    path = endless("scenario.json")
    done = studio.run("serve", "--scenario", path)
    assert done.code == COULD_NOT_RUN
    assert str(path) in done.err and "not a regular file" in done.err


def test_a_policy_without_end_is_not_read(studio, endless):
    path = endless("policy.json")
    scenario = studio.write("scenario.json", {"roles": {"worker": {"policy": str(path)}}})
    done = studio.run("serve", "--scenario", scenario)
    assert done.code == COULD_NOT_RUN
    assert str(path) in done.err and "not a regular file" in done.err


@pytest.mark.parametrize("how", ["found", "named"])
def test_settings_without_end_are_not_read(studio, endless, how):
    path = endless("kms-fixture.toml")
    if how == "found" and path == "/dev/zero":
        pytest.skip("a device is named")
    env = {"KMS_FIXTURE_CONFIG": str(path)} if how == "named" else {}
    done = studio.run("record", "--cassette", studio.tape, "--upstream", "http://127.0.0.1:9", env=env)
    assert done.code == COULD_NOT_RUN
    assert str(path) in done.err and "not a regular file" in done.err


def test_a_scenario_that_is_too_large_is_not_read(studio):
    path = studio.write("scenario.json", "{}")
    os.truncate(path, (16 << 20) + 1)
    done = studio.run("serve", "--scenario", path)
    assert done.code == COULD_NOT_RUN
    assert str(path) in done.err and "larger than 16777216 bytes" in done.err


# --- Control characters ---

# A title, a bell, a line above, the one-byte form of an escape, and text from right to left.
EVIL = "x\u001b]0,y\u0007\r\u001b[1A\u007f\u009b2J\u202ez"
CONTROL = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]")


def evil(tape):
    """Puts control characters wherever a cassette has a text of its own."""
    tape["origin"]["name"] = tape["recorder"] = tape["test"] = EVIL
    tape["keep"] = tape["ordered"] = [EVIL]
    tape["names"] = {EVIL: EVIL}
    tape["accepted"] = [{"operation": EVIL, "grade": EVIL, "path": EVIL, "reason": EVIL}]
    tape["interactions"][0]["caller"] += EVIL
    for call in tape["interactions"]:
        call["input"][EVIL] = EVIL
        if call["status"] != 200:
            call["output"] |= {"__type": EVIL, "message": EVIL}
    return tape


def test_no_command_writes_control_characters_of_a_cassette(studio, tape):
    studio.write("tape.json", evil(copy.deepcopy(tape)))
    studio.write("tape.json.new", tape)
    said = every_output(studio, studio.tape)
    for command, text in said.items():
        assert not CONTROL.search(text), (command, text)
        # A review lists the recording, which is harmless.
        if str(studio.tape) + ".new --format" not in command and not command.startswith("review"):
            assert r"\u001b]0,y\u0007" in text and r"\u009b2J\u202ez" in text, (command, text)
    assert json.loads(said[f"show {studio.tape} --format json"])


def test_an_error_has_no_control_characters_of_a_cassette(studio, tape):
    studio.write("tape.json", tape | {"scenario": {"roles": {"r": {"policy": EVIL}}}})
    done = studio.run("show", studio.tape)
    assert done.code == COULD_NOT_RUN and not CONTROL.search(done.err) and r"\u001b]0,y" in done.err


def test_a_line_of_the_table_is_one_line(studio, tape):
    tape["interactions"][0]["caller"] = "admin\n2  forged"
    studio.write("tape.json", tape)
    done = studio.run("show", studio.tape)
    assert r"admin\n2  forged" in done.out and "\n2  forged" not in done.out


def test_the_report_of_a_replay_has_no_control_characters(studio, tape):
    studio.write("tape.json", evil(tape))
    player = studio.replay()
    raw.call(player, "ListAliases", {EVIL: EVIL})
    done = player.end()
    assert done.code == FINDINGS
    assert not CONTROL.search(done.err) and r"\u001b]0,y\u0007" in done.err, done.err
