"""Fixtures of the suite: servers with a scenario, clients of their callers, and an environment without surprises."""

import json
import os
import sys
from pathlib import Path

import pytest

import server

# Nothing of the machine's own AWS set-up may reach a test, or a command that a test runs.
for _name in list(os.environ):
    if _name.startswith(("AWS_", "KMS_FIXTURE_")) and _name != "KMS_FIXTURE_BINARY" or _name in ("CI", "KMS_FIXTURE") or _name.lower().endswith("_proxy"):
        del os.environ[_name]
os.environ |= {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture(autouse=True, scope="session")
def binary():
    """The binary under test; `tests/python/run` builds it."""
    assert server.BINARY.is_file(), f"{server.BINARY} is missing: use tests/python/run"
    return server.BINARY


def _factory(folder):
    """A function that starts servers, and the servers that it has started."""
    servers = []

    def start(scenario=None, *arguments, **options):
        if scenario is not None:
            path = folder / f"scenario-{len(servers)}.json"
            path.write_text(json.dumps(scenario))
            arguments = ("--scenario", path, *arguments)
        servers.append(server.Server(*arguments, **options))
        return servers[-1]

    return start, servers


@pytest.fixture
def serve(tmp_path):
    """Starts servers with a scenario; at the end their standard input is closed, and they have to exit with 0."""
    start, servers = _factory(tmp_path)
    yield start
    for it in servers:
        it.stop()


@pytest.fixture(scope="module")
def serve_module(tmp_path_factory):
    """The same for a whole module, for tests that leave nothing behind."""
    start, servers = _factory(tmp_path_factory.mktemp("module"))
    yield start
    for it in servers:
        it.stop()


@pytest.fixture(scope="session")
def aws_cli():
    """An environment in which `aws` is the one that was installed with this Python, and knows no one."""
    folder = Path(sys.executable).parent
    assert (folder / "aws").is_file(), "awscli is missing: use tests/python/run"
    return {
        **os.environ,
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "AWS_PAGER": "",
    }
