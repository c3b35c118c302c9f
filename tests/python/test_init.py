"""`kms-fixture init`: what it writes works, overwrites nothing, and a second run changes nothing."""

import json
import os
import subprocess

import jsonschema
import pytest

from recorder import COULD_NOT_RUN, GOOD, Studio
from server import BINARY, ROOT, Server


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def init(folder, *arguments):
    return Studio(folder).run("init", *arguments)


def files(folder):
    found = [it for it in folder.rglob("*") if it.is_file() and ".git/" not in str(it)]
    return {str(it.relative_to(folder)): it.read_text() for it in found}


PACKAGE = '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2024"\n'


def test_a_folder_without_rust_gets_a_scenario_that_is_served_and_fits_its_schema(folder):
    done = init(folder)
    assert (done.code, done.err) == (GOOD, "")
    assert set(files(folder)) == {"kms-fixture.toml", ".gitignore", "scenario.json", "scenario.schema.json"}
    scenario = json.loads((folder / "scenario.json").read_text())
    schema = json.loads((folder / scenario["$schema"]).read_text())
    jsonschema.Draft202012Validator(schema).validate(scenario)
    assert "kms-fixture serve --scenario scenario.json" in done.out
    server = Server("--scenario", folder / "scenario.json")
    try:
        [grant] = server.client().list_grants(KeyId=server.key())["Grants"]
        assert grant["GranteePrincipal"] == server.arn("worker")
    finally:
        server.kill()


def test_a_package_gets_a_first_test_and_the_command_for_its_dependencies(folder):
    (folder / "Cargo.toml").write_text(PACKAGE)
    done = init(folder)
    assert done.code == GOOD
    assert set(files(folder)) == {"Cargo.toml", "kms-fixture.toml", ".gitignore", "tests/kms.rs"}
    assert "cargo add --dev kms-fixture aws-sdk-kms" in done.out and "cargo test --test kms" in done.out
    # The suite compiles and runs the same file.
    assert (folder / "tests/kms.rs").read_text() == (ROOT / "kms-fixture/src/cli/init/first_test.txt").read_text()


def test_dependencies_that_are_there_are_not_asked_for(folder):
    (folder / "Cargo.toml").write_text(PACKAGE + '[dependencies]\naws-sdk-kms = "1"\n[dev-dependencies]\nkms-fixture = "0.1"\n')
    assert "cargo add" not in init(folder).out


@pytest.mark.parametrize("manifest", [None, PACKAGE])
def test_a_second_run_changes_nothing(folder, manifest):
    if manifest:
        (folder / "Cargo.toml").write_text(manifest)
    init(folder)
    before = files(folder)
    done = init(folder)
    assert done.code == GOOD and "made" not in done.out
    assert files(folder) == before


def test_nothing_is_overwritten_and_only_missing_lines_are_added(folder):
    mine = {"kms-fixture.toml": "# mine\n", "scenario.json": "{}", ".gitignore": "/target\n*.json.new"}
    for name, text in mine.items():
        (folder / name).write_text(text)
    assert init(folder).code == GOOD
    after = files(folder)
    assert after["kms-fixture.toml"] == "# mine\n" and after["scenario.json"] == "{}"
    lines = after[".gitignore"].splitlines()
    assert lines[:2] == ["/target", "*.json.new"] and lines.count("*.json.new") == 1 and "*.json.run" in lines


def test_a_workspace_without_a_package_is_refused_with_the_way_out(folder):
    (folder / "Cargo.toml").write_text("[workspace]\n")
    done = init(folder)
    assert done.code == COULD_NOT_RUN and "folder of a package" in done.err


def git(folder, *arguments):
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True)


@pytest.fixture
def repository(folder):
    git(folder, "init")
    git(folder, "config", "user.email", "someone@example.com")
    git(folder, "config", "user.name", "someone")
    return folder


def commit(repository):
    git(repository, "add", ".")
    env = os.environ | {"PATH": f"{BINARY.parent}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(["git", "commit", "-m", "x"], cwd=repository, env=env, capture_output=True, text=True)


@pytest.mark.parametrize("below", [".", "a package's/folder"])
def test_the_hook_refuses_a_commit_with_a_bad_cassette(repository, below):
    folder = repository / below
    folder.mkdir(parents=True, exist_ok=True)
    done = init(folder, "--hook")
    assert done.code == GOOD, done.err
    assert commit(repository).returncode == 0
    (folder / "cassettes").mkdir()
    (folder / "cassettes/torn.json").write_text("{")
    refused = commit(repository)
    assert refused.returncode != 0 and "torn.json" in refused.stdout + refused.stderr
    (folder / "cassettes/torn.json").unlink()
    (folder / "other").write_text("x")
    assert commit(repository).returncode == 0


def test_a_hook_that_is_there_is_kept(repository):
    hook = repository / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 0\n")
    done = init(repository, "--hook")
    assert done.code == GOOD and hook.read_text() == "#!/bin/sh\nexit 0\n"
    assert "kms-fixture --quiet check" in done.out


def test_a_hook_needs_a_repository(folder):
    done = Studio(folder).run("init", "--hook", env={"GIT_CEILING_DIRECTORIES": str(folder.parent)})
    assert done.code == COULD_NOT_RUN and "git init" in done.err
