"""The AWS CLI against the text that a person gets: a walk with three callers, and the README's own commands."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from server import BINARY, PATIENCE, first_line, lines_to_paste, serve_text

SCRIPT = Path(__file__).with_name("walkthrough.sh")

SCENARIO = {
    "keys": {"orders": {}},
    "roles": {"worker": {}, "janitor": {"allow": ["kms:ListRetirableGrants"]}},
}


@pytest.fixture
def walk(tmp_path, aws_cli):
    """What the walk-through printed."""
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(SCENARIO))
    process, text = serve_text(3, "--scenario", path)
    [key] = re.findall(r"arn:aws:kms:\S+", text)
    env = aws_cli | {
        "KEY": key,
        "WORKER_ARN": "arn:aws:iam::111122223333:role/worker",
        "JANITOR_ARN": "arn:aws:iam::111122223333:role/janitor",
    }
    env |= {name.upper(): lines for name, lines in lines_to_paste(text).items()}
    try:
        yield key, subprocess.run(["bash", SCRIPT], env=env, capture_output=True, text=True, timeout=2 * PATIENCE)
    finally:
        process.communicate(timeout=PATIENCE)


def documents(text):
    """The JSON documents that stand one behind the other in `text`."""
    decoder, found = json.JSONDecoder(), []
    while text := text.lstrip():
        document, end = decoder.raw_decode(text)
        found.append(document)
        text = text[end:]
    return found


def test_three_callers_share_a_key(walk):
    key, done = walk
    assert done.returncode == 0, done.stderr
    listed, state, retirable, after = documents(done.stdout)
    [grant] = listed["Grants"]
    assert grant["KeyId"] == key
    assert grant["Name"] == "nightly"
    assert grant["GranteePrincipal"] == "arn:aws:iam::111122223333:role/worker"
    assert grant["RetiringPrincipal"] == "arn:aws:iam::111122223333:role/janitor"
    assert sorted(grant["Operations"]) == ["Decrypt", "DescribeKey"]
    assert state == "Enabled"
    assert retirable["Grants"] == [grant]
    assert after["Grants"] == []
    # One refusal, and nothing else to complain about.
    [complaint] = done.stderr.strip().splitlines()
    assert "An error occurred (AccessDeniedException) when calling the RetireGrant operation" in complaint
    assert "User: arn:aws:sts::111122223333:assumed-role/worker/worker is not authorized" in complaint


ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"


@pytest.fixture
def readme(tmp_path, aws_cli):
    """The README's shell blocks, and an environment in which `kms-fixture` is the binary under test."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README.read_text(), re.DOTALL | re.MULTILINE)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/kms-fixture").symlink_to(BINARY)
    return blocks, aws_cli | {"PATH": f"{tmp_path / 'bin'}{os.pathsep}{aws_cli['PATH']}"}


def sh(script, **options):
    """Runs lines of the README."""
    options = {"capture_output": True, "text": True, "timeout": 2 * PATIENCE} | options
    return subprocess.run(["bash", "-euo", "pipefail", "-c", script], stdin=subprocess.DEVNULL, **options)


def test_each_block_of_the_readme_is_run_somewhere(readme):
    """The second one has two lines, which `.ci/run` runs; the tests below run the others."""
    blocks, _ = readme
    commands = [it.split()[:2] for it in blocks]
    assert commands == [
        ["cargo", "add"],
        ["cargo", "run"],
        ["echo", ">scenario.json"],
        ["kms-fixture", "serve"],
        ["export", "AWS_CONFIG_FILE=callers.config"],
    ]
    steps = (ROOT / ".ci/run").read_text().splitlines()
    for line in blocks[1].splitlines():
        assert line in steps or line.replace("cargo run", "cargo run --quiet") in steps


def test_the_install_line_of_the_readme_is_one_that_cargo_takes(readme, tmp_path):
    """The crate is not published: the line gets the path of this checkout, and adds only what is built here."""
    blocks, env = readme
    assert blocks[0] == "cargo add --dev kms-fixture aws-sdk-kms\n"
    (tmp_path / "src").mkdir()
    (tmp_path / "src/lib.rs").touch()
    (tmp_path / "Cargo.toml").write_text('[package]\nname = "orders"\nversion = "0.1.0"\nedition = "2024"\n\n[workspace]\n')
    line = f"cargo add --offline --dev --path '{ROOT / 'kms-fixture'}' kms-fixture\n"
    line += "cargo add --offline --dev aws-sdk-kms\n"
    done = sh(line, cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stderr
    assert "+ macros" in done.stderr and "- record" in done.stderr


def test_the_readme_s_check_of_cassettes_finds_nothing(readme):
    _, env = readme
    [line] = re.findall(r"`(kms-fixture check .*?)`", README.read_text())
    done = sh(line, cwd=ROOT, env=env)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_readme_s_other_clients_work_as_they_stand(readme, tmp_path):
    blocks, env = readme
    *_, one_command, server, commands = blocks
    done = sh(one_command, cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["KeyMetadata"]["KeyState"] == "Enabled"

    serving = subprocess.Popen(
        ["bash", "-c", f"exec {server}"], cwd=tmp_path, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert first_line(serving.stdout)
        done = sh(commands, cwd=tmp_path, env=env)
    finally:
        serving.communicate(timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    listed, end = json.JSONDecoder().raw_decode(done.stdout)
    [grant] = listed["Grants"]
    assert grant["GranteePrincipal"].endswith(":role/worker")
    assert done.stdout[end:].strip() == "denied; the log has the reason"
    assert "AccessDeniedException" in done.stderr


GUIDE = ROOT / "kms-fixture/src/docs/guide"


def blocks_of(page, language):
    """The code blocks of a page of the guide in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", (GUIDE / page).read_text(), re.DOTALL | re.MULTILINE)


def test_the_guide_s_walk_through_the_grant_operations_works_as_it_stands(readme, tmp_path):
    _, env = readme
    [scenario] = blocks_of("command_line.md", "json")
    [walk] = [it for it in blocks_of("command_line.md", "text") if "create-grant" in it]
    (tmp_path / "scenario.json").write_text(scenario)
    command = [BINARY, "serve", "--scenario", "scenario.json", "--profiles", "callers.config"]
    server = subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert first_line(server.stdout)
        done = sh(walk, cwd=tmp_path, env=env)
        # As the worker, the first call that the walk makes on grants is denied.
        denied = sh(walk.replace("--profile admin kms create-grant", "--profile worker kms create-grant"), cwd=tmp_path, env=env)
    finally:
        server.communicate(timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("it is gone\n")
    assert "NotFoundException" in done.stderr
    assert denied.returncode != 0
    assert "AccessDeniedException" in denied.stderr


PYTEST_IMPORTS = """
import json
import subprocess

import boto3
import pytest
from botocore.exceptions import ClientError

"""


def test_the_guide_s_recipe_for_pytest_works_as_it_stands(readme, tmp_path):
    _, env = readme
    [recipe] = blocks_of("recipes.md", "python")
    (tmp_path / "scenario.json").write_text(json.dumps(SCENARIO))
    (tmp_path / "test_orders.py").write_text(PYTEST_IMPORTS + recipe)
    done = sh(f"{sys.executable} -m pytest -q -p no:cacheprovider test_orders.py", cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
