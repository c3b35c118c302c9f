"""The file of a cassette: its mode, the umask, and symbolic links."""

import contextlib
import json
import os
import stat

import pytest

import raw
from server import ROOT
from upstreams import environment, recorder, run

TAPE = json.loads((ROOT / "cassettes/fake/who_may_end_a_grant.json").read_text())
OTHER = json.dumps(TAPE)  # what `migrate` rewrites


@contextlib.contextmanager
def umask(mask):
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def write(path, text=OTHER, mode=None):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    if mode is not None:
        path.chmod(mode)
    return path


def done(*command):
    code, said = run(*command)
    assert code == 0, said


def record(path, live, *arguments):
    told = live.announced["callers"]["admin"]
    names = {f"AWS_{name.upper()}": told[name] for name in ("access_key_id", "secret_access_key", "session_token")}
    with recorder(path, live.endpoint, *arguments, env=environment(**names)) as it:
        raw.call(it, "ListKeys")
        assert it.end()[0] == 0


@pytest.fixture(scope="module")
def live(serve_module):
    return serve_module()


# --- Modes ---


@pytest.mark.parametrize("kept", [0o600, 0o640, 0o664, 0o444])
def test_a_rewritten_file_keeps_its_mode(tmp_path, kept):
    path = write(tmp_path / "it.json", mode=kept)
    with umask(0o022):
        done("migrate", path)
    assert path.read_text() != OTHER and mode(path) == kept


@pytest.mark.parametrize("kept", [0o600, 0o664])
def test_an_accepted_recording_has_the_mode_of_the_cassette(tmp_path, kept):
    path = write(tmp_path / "it.json", mode=kept)
    new = write(tmp_path / "it.json.new", mode=0o644)
    with umask(0o022):
        done("accept", path)
    assert mode(path) == kept and not new.exists()


@pytest.mark.parametrize("mask", [0o002, 0o022, 0o077])
def test_a_new_file_obeys_the_umask(tmp_path, live, mask):
    path, new = tmp_path / "it.json", tmp_path / "it.json.new"
    with umask(mask):
        record(path, live)
        assert mode(new) == 0o666 & ~mask
        done("accept", path)
    assert mode(path) == 0o666 & ~mask


def test_a_recording_of_a_private_cassette_is_private(tmp_path, live):
    path = write(tmp_path / "it.json", mode=0o600)
    with umask(0o022):
        record(path, live)
    assert mode(tmp_path / "it.json.new") == 0o600


# --- Symbolic links ---


@pytest.fixture(params=["beside", "elsewhere"])
def linked(request, tmp_path):
    """A link, and the path of the cassette behind it."""
    target = tmp_path / ("real.txt" if request.param == "beside" else "shared/real.json")
    target.parent.mkdir(exist_ok=True)
    link = tmp_path / "it.json"
    # A link to a link, relative to its own folder.
    middle = target.parent / "middle.txt"
    middle.symlink_to(target.name)
    link.symlink_to(middle.relative_to(tmp_path))
    return link, target


def test_a_rewrite_follows_links(linked):
    link, target = linked
    write(target, mode=0o600)
    done("migrate", link)
    assert link.is_symlink() and not target.is_symlink()
    assert target.read_text() != OTHER and mode(target) == 0o600


@pytest.mark.parametrize("there", [True, False], ids=["old", "new"])
def test_accepting_follows_links(linked, there):
    link, target = linked
    if there:
        write(target, mode=0o600)
    new = write(link.with_name("it.json.new"), json.dumps(TAPE | {"recorder": "another"}), mode=0o640)
    done("accept", link)
    assert link.is_symlink() and not target.is_symlink() and not new.exists()
    assert json.loads(target.read_text())["recorder"] == "another"
    assert mode(target) == (0o600 if there else 0o640)


def test_a_recording_that_is_a_link_is_accepted(tmp_path):
    path, real, new = tmp_path / "it.json", write(tmp_path / "real.txt"), tmp_path / "it.json.new"
    new.symlink_to(real)
    done("accept", path)
    assert not path.is_symlink() and path.read_text() == OTHER and not new.is_symlink()


def test_no_device_is_replaced_by_a_cassette(tmp_path):
    path, new = tmp_path / "it.json", write(tmp_path / "it.json.new")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    path.symlink_to(pipe)
    code, said = run("accept", path)
    assert code == 2 and str(new) in said and "not a regular file" in said
    assert path.is_symlink() and pipe.is_fifo() and new.read_text() == OTHER


def test_links_in_a_circle_are_an_error(tmp_path):
    path, new = tmp_path / "it.json", write(tmp_path / "it.json.new")
    path.symlink_to(path)
    code, said = run("accept", new)
    assert code == 2 and "symbolic links" in said and new.read_text() == OTHER
