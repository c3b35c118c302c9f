"""Whatever happens to the process that writes a cassette, the file is the old one or the new one.

Processes are killed at moments drawn from a seed, spread over the time that they take; and, where `strace` is there, at
every single system call of the write.
"""

import fcntl
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

import raw
from server import BINARY, PATIENCE, ROOT
from upstreams import Refused, environment, recorder, run

CALLS = json.loads((ROOT / "cassettes/fake/who_may_end_a_grant.json").read_text())
READS = CALLS["interactions"][-1:]  # a list of no grants, which is true of an empty fake, however often


def cassette(path, reads):
    """Writes a cassette with so many calls, in the canonical form; gives its bytes."""
    path.write_text(json.dumps(CALLS | {"interactions": READS * reads}, separators=(",", ":")))
    code, said = run("migrate", path)
    assert code == 0, said
    return path.read_bytes()


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """An old cassette, a new one, and the new one in a form that `migrate` rewrites."""
    folder = tmp_path_factory.mktemp("texts")
    old, new = cassette(folder / "old.json", 100), cassette(folder / "new.json", 300)
    return old, new, json.dumps(json.loads(new)).encode()


@pytest.fixture(scope="module")
def live(serve_module):
    return serve_module()


def listening(path, live, **env):
    """A recorder of `live`, as its administrator."""
    told = live.announced["callers"]["admin"]
    names = {f"AWS_{name.upper()}": told[name] for name in ("access_key_id", "secret_access_key", "session_token")}
    return recorder(path, live.endpoint, env=environment(**names, **env))


def start(*arguments, **options):
    return subprocess.Popen(
        [BINARY, *arguments],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        **options,
    )


def kill_after(process, seconds):
    """Kills a process so long after now. It may have ended by then."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass  # sleeping is too coarse
    process.kill()
    process.communicate(timeout=PATIENCE)
    return process.returncode


class Moments:
    """Moments at which to kill, so that about half of the processes have ended by then, however fast the machine is."""

    def __init__(self, seed, longest):
        self._draw = random.Random(seed)
        self._longest = longest

    def kill(self, process):
        """Kills a process at the next one."""
        ended = kill_after(process, self._longest * self._draw.random()) == 0
        self._longest *= 0.93 if ended else 1.07


def leftovers(folder):
    return [it for it in folder.iterdir() if it.name.startswith(".kms-fixture-")]


def works_afterwards(folder, path):
    """What was left behind does not break what comes next."""
    code, said = run("accept", path)
    assert code == 0, said
    code, said = run("check", "--max-age", "0", folder)
    assert code == 0 and "1 cassette, 0 findings" in said, said


# --- Killed at some moment ---


def test_accept_that_is_killed_leaves_the_old_or_the_new(tmp_path, texts):
    old, new, _ = texts
    path, pending = tmp_path / "it.json", tmp_path / "it.json.new"

    def prepare():
        path.write_bytes(old)
        pending.write_bytes(new)

    outcomes = set()
    moments = Moments(1, 0.02)
    for _ in range(150):
        prepare()
        moments.kill(start("accept", path))
        found = path.read_bytes(), pending.read_bytes() if pending.exists() else None
        assert found in [(old, new), (new, None)]
        outcomes.add(found[1] is None)
    assert outcomes == {True, False}, "some were killed before the rename, and some after it"
    assert leftovers(tmp_path) == []
    works_afterwards(tmp_path, path)


def test_a_rewrite_that_is_killed_leaves_the_old_or_the_new(tmp_path, texts):
    _, new, other = texts
    path = tmp_path / "it.json"
    outcomes = set()
    moments = Moments(2, 0.05)
    for _ in range(150):
        path.write_bytes(other)
        moments.kill(start("migrate", path))
        found = path.read_bytes()
        assert found in (other, new)
        outcomes.add(found == new)
    assert outcomes == {True, False}, "some were killed before the rename, and some after it"
    works_afterwards(tmp_path, path)


def test_a_recording_that_is_killed_leaves_what_was_there(tmp_path, texts, live):
    old, _, _ = texts
    path, pending = tmp_path / "it.json", tmp_path / "it.json.new"
    path.write_bytes(old)

    def record(end):
        with listening(path, live) as it:
            for _ in range(20):
                assert raw.call(it, "ListKeys").status == 200
            it.process.stdin.close()
            it.process.stdin = None
            end(it.process)

    def undisturbed(process):
        assert process.wait(PATIENCE) == 0

    outcomes = set()
    moments = Moments(3, 0.02)
    for _ in range(40):
        pending.unlink(missing_ok=True)
        record(moments.kill)
        assert path.read_bytes() == old
        if pending.exists():
            assert len(json.loads(pending.read_bytes())["interactions"]) == 20
        outcomes.add(pending.exists())
    assert outcomes == {True, False}, "some were killed before the end of the write, and some after it"
    record(undisturbed)
    works_afterwards(tmp_path, path)


# --- Killed at every system call ---

STRACE = shutil.which("strace")
# What writing a cassette is made of.
RENAME = "rename,renameat,renameat2"
WRITING = ["openat", "write", "fchmod", "fsync", "flock", "unlink", RENAME]


def traced(injection, *arguments):
    """A command into which `strace` puts something; gives exit code and what was said, or skips."""
    if STRACE is None:
        pytest.skip("there is no strace here")
    calls = injection.split(":")[0]
    command = [STRACE, "-f", "-qq", "-o", os.devnull, "-e", f"trace={calls}", "-e", f"inject={injection}"]
    command += [BINARY, *arguments]
    done = subprocess.run(
        [str(it) for it in command],
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    if "ptrace" in done.stderr:
        pytest.skip("strace may not be used here")
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("command", ["accept", "migrate"])
def test_killed_at_every_call_of_the_system(tmp_path, texts, command):
    old, new, other = texts
    path, pending = tmp_path / "it.json", tmp_path / "it.json.new"
    before = old if command == "accept" else other
    for call in WRITING:
        for number in range(1, 100):
            path.write_bytes(before)
            pending.unlink(missing_ok=True)
            if command == "accept":
                pending.write_bytes(new)
            code, _ = traced(f"{call}:signal=SIGKILL:when={number}", command, path)
            assert path.read_bytes() in (before, new)
            if command == "accept":
                assert (path.read_bytes() == new) != pending.exists()
            if code == 0:
                break
            assert code in (-signal.SIGKILL, 128 + signal.SIGKILL)
        assert code == 0 and path.read_bytes() == new
        assert number > 1 or call in ("write", "fchmod", "unlink"), f"{call} is not made"
    works_afterwards(tmp_path, path)


@pytest.mark.parametrize("call", ["write", "fsync", RENAME, "fchmod", "flock"])
@pytest.mark.parametrize("error", ["ENOSPC", "EIO", "EROFS", "EDQUOT"])
def test_an_error_of_the_disk_leaves_the_old(tmp_path, texts, call, error):
    _, _, other = texts
    path = tmp_path / "it.json"
    path.write_bytes(other)
    # The first write of the command is that to the temporary file.
    code, said = traced(f"{call}:error={error}:when=1", "migrate", path)
    assert code == 2, said
    assert str(tmp_path) in said and "error: cannot" in said and "panicked" not in said
    assert path.read_bytes() == other
    assert leftovers(tmp_path) == []


# --- Two at once ---


def test_two_recorders_of_one_file_leave_a_whole_one(tmp_path, live):
    path, pending = tmp_path / "it.json", tmp_path / "it.json.new"
    found = set()
    for _ in range(12):
        with listening(path, live) as one, listening(path, live) as other:
            raw.call(one, "ListKeys")
            for _ in range(30):
                raw.call(other, "ListAliases")
            for it in (one, other):
                it.process.stdin.close()
                it.process.stdin = None
            for it in (one, other):
                assert it.process.wait(PATIENCE) == 0
        calls = json.loads(pending.read_bytes())["interactions"]
        kinds = {it["operation"] for it in calls}
        assert (kinds, len(calls)) in [({"ListKeys"}, 1), ({"ListAliases"}, 30)]
        found |= kinds
        assert leftovers(tmp_path) == []
    works_afterwards(tmp_path, path)


def test_many_who_accept_one_file_leave_the_new_one(tmp_path, texts):
    old, new, _ = texts
    path, pending = tmp_path / "it.json", tmp_path / "it.json.new"
    for _ in range(10):
        path.write_bytes(old)
        pending.write_bytes(new)
        processes = [start("accept", path) for _ in range(6)]
        said = [it.communicate(timeout=PATIENCE)[1].decode() for it in processes]
        # Whoever comes second finds nothing to accept.
        assert [it.returncode for it in processes] == [0] * 6, said
        assert (path.read_bytes(), pending.exists()) == (new, False)
    works_afterwards(tmp_path, path)


def test_readers_see_the_old_or_the_new_while_it_is_rewritten(tmp_path, texts):
    old, new, other = texts
    path = tmp_path / "it.json"
    path.write_bytes(new)
    stop, seen = threading.Event(), set()

    def read():
        while not stop.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for text in (old, new, old, new):
            # Put there as an editor does, so that only the command could tear it.
            aside = tmp_path / "aside"
            aside.write_bytes(json.dumps(json.loads(text)).encode())
            aside.replace(path)
            assert run("migrate", path)[0] == 0
            assert path.read_bytes() == text
    finally:
        stop.set()
        reader.join(PATIENCE)
    assert seen <= {old, new, other, json.dumps(json.loads(old)).encode()}


# --- A full disk, and folders in which nothing can be written ---


def limited(size, ignore=True):
    """No file of this process grows beyond `size`: for who ignores the signal, a disk that is full."""

    def apply():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN if ignore else signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return apply


@pytest.mark.parametrize("size", [0, 1, 4096])
def test_a_full_disk_is_an_error_that_names_the_file(tmp_path, texts, size):
    _, _, other = texts
    path = tmp_path / "it.json"
    path.write_bytes(other)
    process = start("migrate", path, preexec_fn=limited(size))
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert f"cannot write {path}" in said.decode()
    assert path.read_bytes() == other
    assert leftovers(tmp_path) == []


def test_a_full_disk_that_kills_leaves_the_old(tmp_path, texts):
    _, _, other = texts
    path = tmp_path / "it.json"
    path.write_bytes(other)
    process = start("migrate", path, preexec_fn=limited(4096, ignore=False))
    process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGXFSZ
    assert path.read_bytes() == other
    works_afterwards(tmp_path, path)


def test_a_recording_on_a_full_disk_says_so_and_leaves_the_old(tmp_path, texts, live):
    old, _, _ = texts
    path, pending = tmp_path / "it.json", tmp_path / "it.json.new"
    path.write_bytes(old)
    with listening(path, live) as it:
        raw.call(it, "ListKeys")
        resource.prlimit(it.process.pid, resource.RLIMIT_FSIZE, (100, 100))
        code, said = it.end()
    assert code == 1 and f"cannot write {pending}" in said, said
    assert path.read_bytes() == old and not pending.exists()
    works_afterwards(tmp_path, path)


def test_a_recording_without_room_does_not_start(tmp_path, serve):
    live, path = serve(), tmp_path / "it.json"
    scenario = tmp_path / "declared.json"
    scenario.write_text('{"keys": {"orders": {}}}')
    told = live.announced["callers"]["admin"]
    names = {f"AWS_{name.upper()}": told[name] for name in ("access_key_id", "secret_access_key", "session_token")}
    command = ["record", "--cassette", path, "--upstream", live.endpoint, "--scenario", scenario]
    for ignore in (True, False):
        process = subprocess.Popen(
            [BINARY, *command],
            env=environment(**names),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=limited(100_000, ignore),
        )
        out, said = process.communicate(timeout=PATIENCE)
        assert (process.returncode, out) == (2, b"") and f"cannot write beside {path}" in said.decode()
    assert live.client().list_keys()["Keys"] == [] and leftovers(tmp_path) == []


def test_a_recording_that_cannot_be_written_is_in_a_temporary_folder_that_is_named(tmp_path, live):
    folder, temporary = tmp_path / "cassettes", tmp_path / "temporary"
    temporary.mkdir()
    path = folder / "it.json"
    with listening(path, live, TMPDIR=temporary) as it:
        raw.call(it, "ListKeys")
        shutil.rmtree(folder)
        folder.write_text("no folder")
        code, said = it.end()
    [line] = [it for it in said.splitlines() if it.startswith("the recording is in ")]
    written = Path(line.removeprefix("the recording is in "))
    assert code == 1 and written.is_relative_to(temporary) and str(path) in said
    assert [it["operation"] for it in json.loads(written.read_text())["interactions"]] == ["ListKeys"]
    assert written.parent.stat().st_mode & 0o077 == 0


def test_the_folder_of_a_recording_is_made_again(tmp_path, live):
    path = tmp_path / "cassettes" / "it.json"
    with listening(path, live) as it:
        shutil.rmtree(path.parent)
        raw.call(it, "ListKeys")
        assert it.end()[0] == 0
    assert path.with_name("it.json.new").is_file()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only_is_an_error_that_names_the_file(tmp_path, texts):
    _, _, other = texts
    folder = tmp_path / "closed"
    folder.mkdir()
    path = folder / "it.json"
    path.write_bytes(other)
    folder.chmod(0o500)
    try:
        code, said = run("migrate", path)
        assert code == 2 and str(path) in said
        assert path.read_bytes() == other
    finally:
        folder.chmod(0o700)


def test_a_folder_that_cannot_be_made_is_an_error_that_names_the_file(tmp_path, live):
    file = tmp_path / "file"
    file.write_text("no folder")
    path = file / "it.json"
    with pytest.raises(Refused) as refused:
        listening(path, live)
    assert refused.value.code == 2 and str(file) in refused.value.said
    assert file.read_text() == "no folder"


# --- What was left behind ---


def test_a_torn_cassette_is_not_recorded_over(tmp_path, texts, live):
    old, _, _ = texts
    path = tmp_path / "it.json"
    path.write_bytes(old[: len(old) // 2])
    with pytest.raises(Refused) as refused:
        listening(path, live)
    assert refused.value.code == 2
    assert str(path) in refused.value.said and "torn" in refused.value.said
    assert path.read_bytes() == old[: len(old) // 2]


@pytest.mark.parametrize("length", [0, 1, 100, -1, -2])
def test_what_is_torn_and_not_accepted_is_not_promoted(tmp_path, texts, live, length):
    """No kill leaves this; a copy or a disk may. The next recording puts it right."""
    old, new, _ = texts
    path, pending = tmp_path / "it.json", tmp_path / "it.json.new"
    path.write_bytes(old)
    torn = new.rstrip()[:length]
    pending.write_bytes(torn)
    code, said = run("accept", path)
    assert code == 2 and str(pending) in said
    assert (path.read_bytes(), pending.read_bytes()) == (old, torn)
    with listening(path, live) as it:
        raw.call(it, "ListKeys")
        assert it.end()[0] == 0
    works_afterwards(tmp_path, path)
    assert len(json.loads(path.read_bytes())["interactions"]) == 1


def test_temporary_files_of_the_dead_are_in_nobodys_way(tmp_path, texts, live):
    old, _, _ = texts
    path = tmp_path / "it.json"
    path.write_bytes(old)
    for at in range(20):
        (tmp_path / f".kms-fixture-{at:06}.tmp").write_bytes(old[: 100 * at])
    code, said = run("check", "--max-age", "0", tmp_path)
    assert code == 1 and "1 cassette, 20 findings" in said, said
    assert all(f"{it}: left behind by a process that was killed" in said for it in leftovers(tmp_path))
    with listening(path, live) as it:
        raw.call(it, "ListKeys")
        assert leftovers(tmp_path) == []
        assert it.end()[0] == 0
    works_afterwards(tmp_path, path)


@pytest.mark.parametrize("command", ["accept", "migrate"])
def test_a_command_that_writes_deletes_the_temporary_files_of_the_dead(tmp_path, texts, command):
    _, new, other = texts
    path, left = tmp_path / "it.json", tmp_path / ".kms-fixture-abc.tmp"
    path.write_bytes(other)
    left.write_bytes(other)
    mine = tmp_path / ".kms-fixture-mine"
    mine.write_bytes(other)
    (tmp_path / "it.json.new").write_bytes(new)
    code, said = run(command, path)
    assert code == 0, said
    assert (path.read_bytes(), left.exists(), mine.exists()) == (new, False, True)


def test_the_temporary_file_of_the_living_is_no_finding(tmp_path, texts):
    path, temporary = tmp_path / "it.json", tmp_path / ".kms-fixture-abc.tmp"
    for it in (path, temporary):
        it.write_bytes(texts[0])
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        process = start("check", "--max-age", "0", tmp_path)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.3)
        temporary.unlink()
    finally:
        os.close(folder)
    assert process.wait(PATIENCE) == 0
    process.communicate()


def test_a_lock_that_is_held_is_waited_for_and_freed_by_death(tmp_path, texts):
    _, new, other = texts
    path = tmp_path / "it.json"
    path.write_bytes(other)
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        process = start("migrate", path)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.3)
        assert path.read_bytes() == other
    finally:
        os.close(folder)
    assert process.wait(PATIENCE) == 0
    process.communicate()
    assert path.read_bytes() == new
