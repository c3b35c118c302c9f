"""The files by which other tools run the command: the pre-commit hook, the GitHub Action, and moto beside it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from server import BINARY, PATIENCE
from upstreams import moto as moto_server

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path_with_the_binary(tmp_path):
    """A PATH on which `kms-fixture` is the binary under test."""
    (tmp_path / "kms-fixture").symlink_to(BINARY)
    return f"{tmp_path}{os.pathsep}{os.environ['PATH']}"


def run(command, path, **more):
    return subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"PATH": path} | more,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
    )


def test_the_pre_commit_hook_checks_the_cassettes(path_with_the_binary):
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["pass_filenames"] is False
    done = run(hook["entry"].split(), path_with_the_binary)
    assert done.returncode == 0, done.stdout + done.stderr


def action():
    return yaml.safe_load((ROOT / "action.yml").read_text())


def check_step(path, paths):
    """Runs the action's step with its defaults, and the paths."""
    document = action()
    *_, step = document["runs"]["steps"]
    inputs = {name: it["default"] for name, it in document["inputs"].items()} | {"path": paths}
    environment = {
        name: inputs[value.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, value in step["env"].items()
    }
    # How GitHub runs `shell: bash`.
    return run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], path, **environment)


def test_the_action_checks_the_cassettes(path_with_the_binary):
    done = check_step(path_with_the_binary, "cassettes")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_annotates_a_torn_cassette(path_with_the_binary, tmp_path):
    (tmp_path / "torn.json").write_text('{"format"')
    done = check_step(path_with_the_binary, f"cassettes {tmp_path}")
    assert done.returncode == 1, done.stdout + done.stderr
    [annotation] = [it for it in done.stdout.splitlines() if it.startswith("::error")]
    assert "torn.json" in annotation


PROGRAM = """
import boto3, json
s3 = boto3.client("s3")
s3.create_bucket(Bucket="orders")
kms = boto3.client("kms")
try:
    kms.list_keys()
    denied = False
except kms.exceptions.ClientError as error:
    denied = error.response["Error"]["Code"] == "AccessDeniedException"
print(json.dumps([denied, [it["Name"] for it in s3.list_buckets()["Buckets"]]]))
"""


def test_moto_serves_the_rest(tmp_path):
    """The recipe of the guide: KMS denies the worker here, and moto has the bucket."""
    scenario = tmp_path / "scenario.json"
    scenario.write_text(json.dumps({"roles": {"worker": {}}}))
    with moto_server() as url:
        command = [BINARY, "exec", "--scenario", scenario, "--as", "worker", "--"]
        command += ["env", f"AWS_ENDPOINT_URL={url}", sys.executable, "-c", PROGRAM]
        done = run(command, os.environ["PATH"])
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [True, ["orders"]]
