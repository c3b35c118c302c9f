"""The AWS CLI against the text that a person gets: a walk with three callers, and the README's own commands."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from server import PATIENCE, lines_to_paste, serve_text

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


README = Path(__file__).parents[2] / "README.md"


def test_the_commands_of_the_readme_work_as_they_stand(aws_cli):
    """Its shell blocks are: the example, the tests, the server, what is typed beside it, and the check of cassettes."""
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(blocks) == 5
    _, _, server, commands, _ = blocks
    [scenario] = re.findall(r"serve --scenario (\S+)\n", server)
    process, text = serve_text(3, "--scenario", README.with_name(scenario.split("/")[0]) / scenario.split("/", 1)[1])
    try:
        script = lines_to_paste(text)["admin"] + "\nset -euo pipefail\n" + commands
        done = subprocess.run(["bash", "-c", script], env=aws_cli, capture_output=True, text=True, timeout=2 * PATIENCE)
    finally:
        process.communicate(timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("it is gone\n")
    assert "NotFoundException" in done.stderr
