"""`kms-fixture review`: its list without a terminal, and its decisions in one."""

import copy
import json
import re
import signal
from types import SimpleNamespace

import pexpect
import pytest

from four_calls import DESCRIBE, LIST, drifted, recorded, tape  # noqa: F401
from recorder import COULD_NOT_RUN, FINDINGS, GOOD, environment, load, pending, studio  # noqa: F401
from server import BINARY, PATIENCE


class Terminal:
    """A review in a pseudo-terminal."""

    def __init__(self, folder, *arguments, columns=110):
        self.child = pexpect.spawn(
            str(BINARY),
            ["review", *map(str, arguments)],
            cwd=folder,
            env=environment({"TERM": "xterm-256color"}),
            dimensions=(50, columns),
            timeout=PATIENCE,
            encoding="utf-8",
        )
        self.seen = ""

    def until(self, pattern):
        self.child.expect(pattern)
        self.seen += self.child.before + self.child.after
        return self

    def asks(self):
        """Waits for the keys of the next item."""
        return self.until(r"\[q\].*> ")

    def press(self, keys):
        self.child.send(keys)
        return self

    def end(self):
        self.child.expect(pexpect.EOF)
        self.seen += self.child.before
        self.child.close()
        plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", self.seen)
        return SimpleNamespace(code=self.child.exitstatus, signal=self.child.signalstatus, text=plain, raw=self.seen)


@pytest.fixture
def review(studio):
    children = []

    def start(*arguments, **options):
        children.append(Terminal(studio.folder, *arguments, **options))
        return children[-1]

    yield start
    for it in children:
        it.child.close(force=True)


# --- without a terminal ---


def test_nothing_to_review_exits_with_0(studio, tape):
    studio.write("cassettes/a.json", tape)
    done = studio.run("review")
    assert (done.code, done.out, done.err) == (GOOD, "nothing is left to review\n", "")
    assert studio.run("review", "--quiet").out == ""


def test_the_list_has_recordings_and_differences_and_exits_with_1(studio, tape):
    first = studio.write("cassettes/a.json", drifted(tape))
    second = studio.write("cassettes/b.json.new", tape)
    done = studio.run("review", "cassettes")
    one, other, summary = done.out.splitlines()
    assert done.code == FINDINGS
    assert "cassettes/a.json: value at $.KeyMetadata.KeyState of DescribeKey, call 4" in one
    assert '"Disabled"' in one and 'fake "Enabled"' in one
    assert other.startswith("cassettes/b.json.new: a recording of 4 calls by admin")
    assert summary.startswith("2 items to review")
    assert load(first) == drifted(tape) and second.exists()


def test_a_pending_recording_hides_the_differences_of_the_cassette_that_it_replaces(studio, tape):
    studio.write("cassettes/a.json", drifted(tape))
    studio.write("cassettes/a.json.new", tape)
    [line, _] = studio.run("review").out.splitlines()
    assert line.startswith("cassettes/a.json.new: a recording")


def test_an_accepted_difference_that_no_longer_occurs_is_listed(studio, tape):
    tape["accepted"] = [{"operation": "DescribeKey", "grade": "value", "path": "$.KeyMetadata.KeyState", "reason": "was so"}]
    studio.write("cassettes/a.json", tape)
    done = studio.run("review")
    assert done.code == FINDINGS and "no longer occurs" in done.out


@pytest.mark.parametrize("name", ["torn.json", "torn.json.new"])
def test_a_torn_file_is_named_and_the_others_are_listed(studio, tape, name):
    studio.write(f"cassettes/{name}", json.dumps(tape)[:500])
    studio.write("cassettes/b.json", drifted(tape))
    studio.write("cassettes/c.json", tape | {"version": 99})
    done = studio.run("review")
    assert done.code == FINDINGS
    assert re.search(rf"skipped: .*{name}:.*torn", done.out) and re.search("skipped: .*c.json.*version 99", done.out)
    assert "b.json: value at" in done.out


def test_a_path_that_does_not_exist_could_not_be_reviewed(studio):
    done = studio.run("review", "nowhere")
    assert done.code == COULD_NOT_RUN and "nowhere does not exist" in done.err


# --- in a terminal ---


def test_a_first_recording_is_accepted(studio, tape, review):
    new = studio.write("cassettes/a.json.new", tape)
    done = review().asks().press("a").end()
    assert (done.code, load(new.with_suffix(""))) == (GOOD, tape)
    assert not new.exists()
    assert "The first recording:" in done.text and "CreateGrant" in done.text
    assert "1 item accepted, 0 rejected, 0 left" in done.text


def test_a_recording_is_rejected_and_its_cassette_is_as_before(studio, tape, review):
    kept = studio.write("cassettes/a.json", tape)
    new = studio.write("cassettes/a.json.new", drifted(tape))
    done = review().asks().press("r").end()
    assert (done.code, load(kept)) == (GOOD, tape)
    assert not new.exists()
    # The change was shown field by field.
    assert re.search(r'output \$\.KeyMetadata\.KeyState \(value\): "Enabled" -> "Disabled"', done.text)


def test_the_differences_of_an_accepted_recording_come_next(studio, tape, review):
    studio.write("cassettes/a.json.new", drifted(tape))
    terminal = review().asks().press("a").until("a difference from the fake").asks().press("a")
    done = terminal.until("because: ").press("the key was disabled by hand\r").end()
    assert done.code == GOOD
    [entry] = load(studio.folder / "cassettes/a.json")["accepted"]
    assert entry == {
        "operation": "DescribeKey",
        "grade": "value",
        "path": "$.KeyMetadata.KeyState",
        "reason": "the key was disabled by hand",
    }
    assert studio.run("check").code == GOOD


def test_a_difference_is_shown_with_both_values_and_the_calls_around(studio, tape, review):
    studio.write("cassettes/a.json", drifted(tape))
    done = review().asks().press("s").end()
    assert done.code == FINDINGS
    assert re.search(r'emulator\s+"Disabled"', done.text) and re.search(r'fake\s+"Enabled"', done.text)
    assert re.search(r"> 4\s+admin\s+DescribeKey", done.text) and re.search(r" 3\s+admin\s+ListGrants", done.text)
    assert "\x1b[" in done.raw, "it has colours"


def test_without_a_reason_nothing_is_accepted(studio, tape, review):
    path = studio.write("cassettes/a.json", drifted(tape))
    done = review().asks().press("a").until("because: ").press("  \r").asks().press("q").end()
    assert (done.code, load(path)) == (FINDINGS, drifted(tape))


def test_this_kind_is_accepted_in_every_cassette(studio, tape, review):
    other = copy.deepcopy(drifted(tape))
    other["interactions"][LIST]["output"]["Truncated"] = True
    paths = [studio.write("cassettes/a.json", drifted(tape)), studio.write("cassettes/b.json", other)]
    terminal = review().asks().press("k").until("because: ").press("a lab account\r")
    # Another kind is asked about.
    done = terminal.asks().press("s").end()
    assert done.code == FINDINGS
    for path in paths:
        assert [it["reason"] for it in load(path)["accepted"]] == ["a lab account"]
    assert "Truncated" in done.text and "2 items accepted, 0 rejected, 1 left" in done.text


def test_an_expired_difference_is_dropped(studio, tape, review):
    tape["accepted"] = [{"operation": "DescribeKey", "grade": "value", "path": "$.KeyMetadata.KeyState", "reason": "was so"}]
    path = studio.write("cassettes/a.json", tape)
    done = review().asks().press("a").end()
    assert done.code == GOOD and "accepted" not in load(path)


def test_a_bad_recording_is_accepted_only_after_a_question(studio, tape, review):
    new = studio.write("cassettes/a.json.new", tape | {"verdict": ["calls"]})
    terminal = review().asks().press("a").until("even so.*] ").press("n\r").asks()
    assert new.exists()
    done = terminal.press("a").until("even so.*] ").press("y\r").end()
    assert done.code == GOOD and "verdict" not in load(studio.folder / "cassettes/a.json")


def test_a_difference_cannot_be_rejected_and_other_keys_show_help(studio, tape, review):
    path = studio.write("cassettes/a.json", drifted(tape))
    done = review().asks().press("r").asks().press("x").asks().press("d").asks().press("q").end()
    assert (done.code, load(path)) == (FINDINGS, drifted(tape))
    assert "only a recording is rejected" in done.text and "the rest is left as it is" in done.text
    assert '"KeyState": "Disabled"' in done.text, "details have the whole output"


@pytest.mark.parametrize("keys", ["q", "\x03"])
def test_the_decisions_before_the_end_are_kept(studio, tape, review, keys):
    studio.write("cassettes/a.json.new", tape)
    new = studio.write("cassettes/b.json.new", tape)
    done = review().asks().press("a").asks().press(keys).end()
    assert done.code == FINDINGS and new.exists()
    assert load(studio.folder / "cassettes/a.json") == tape
    assert "1 item accepted, 0 rejected, 1 left" in done.text


def test_a_killed_review_loses_nothing(studio, tape, review):
    studio.write("cassettes/a.json.new", tape)
    new = studio.write("cassettes/b.json.new", tape)
    terminal = review().asks().press("a").asks()
    terminal.child.kill(signal.SIGKILL)
    assert terminal.end().signal == signal.SIGKILL
    assert load(studio.folder / "cassettes/a.json") == tape and load(new) == tape


def test_two_reviews_at_once_decide_each_recording_once(studio, tape, review):
    studio.write("cassettes/a.json.new", tape)
    one, other = review().asks(), review().asks()
    assert one.press("a").end().code == GOOD
    done = other.press("r").end()
    assert done.code == GOOD and "another process has accepted or rejected it" in done.text
    assert load(studio.folder / "cassettes/a.json") == tape


def test_two_reviews_at_once_keep_each_other_s_reasons(studio, tape, review):
    tape = drifted(tape)
    tape["interactions"][LIST]["output"]["Truncated"] = True
    path = studio.write("cassettes/a.json", tape)
    one, other = review().asks(), review().asks()
    one.press("a").until("because: ").press("first\r").asks()
    other.press("s").asks().press("a").until("because: ").press("second\r").end()
    one.press("q").end()
    assert sorted(it["reason"] for it in load(path)["accepted"]) == ["first", "second"]


def test_a_recording_that_was_made_again_is_not_accepted_unseen(studio, tape, review):
    new = studio.write("cassettes/a.json.new", tape)
    terminal = review().asks()
    studio.write("cassettes/a.json.new", drifted(tape))
    done = terminal.press("a").asks().press("r").asks().press("s").end()
    assert done.code == FINDINGS and "was recorded again meanwhile" in done.text
    assert load(new) == drifted(tape) and not pending(new).exists()


def test_the_list_is_there_in_a_terminal_too(studio, tape, review):
    studio.write("cassettes/a.json.new", tape)
    done = review("--list").end()
    assert done.code == FINDINGS and "1 item to review" in done.text


def test_a_narrow_terminal_has_no_line_that_is_too_long(studio, tape, review):
    studio.write("cassettes/a.json.new", tape)
    done = review(columns=60).asks().press("d").asks().press("s").end()
    rows = [it for it in done.text.splitlines() if re.match(r"\s*(> )?\d+ +admin", it)]
    assert len(rows) >= 4 and all(len(it) <= 60 for it in rows), rows
