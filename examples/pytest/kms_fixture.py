"""A pytest plugin: the fixture `kms`, a fake AWS KMS that knows who calls.

Copy this file into your project and name it in `conftest.py`: `pytest_plugins = ["kms_fixture"]`. It needs boto3, and the
binary `kms-fixture` in the PATH or in the variable KMS_FIXTURE_BINARY.

    @pytest.mark.kms(keys={"orders": {}}, roles={"worker": {}})
    def test_a_worker_needs_a_grant(kms):
        worker = kms.client("worker")

Each test has a server of its own. With `kms_scope = module` in pytest.ini, the tests of a module share one, and the mark is
that of the module: `pytestmark = pytest.mark.kms(..)`.
"""

import json
import os
import subprocess
import tempfile
import urllib.request
from pathlib import Path

import boto3
import pytest


class Kms:
    """A running fake, with clients for its callers."""

    def __init__(self, scenario):
        binary = os.environ.get("KMS_FIXTURE_BINARY", "kms-fixture")
        command = [binary, "serve", "--format", "json", "--scenario", scenario]
        # The server ends when its standard input closes, also if this process is killed.
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"kms-fixture did not start: {self._process.communicate()[1]}")
        self._announced = json.loads(line)
        self.endpoint = self._announced["endpoint"]

    def client(self, caller="admin"):
        """A boto3 client that calls as the declared role or user, or as the administrator."""
        it = self._announced["callers"][caller]
        return boto3.client(
            "kms",
            endpoint_url=self.endpoint,
            region_name=self._announced["region"],
            aws_access_key_id=it["access_key_id"],
            aws_secret_access_key=it["secret_access_key"],
            aws_session_token=it["session_token"],
        )

    def arn(self, caller):
        """The ARN by which a grant names a caller."""
        return self._announced["callers"][caller]["arn"]

    def key(self, name):
        """The ARN of a declared key."""
        return self._announced["keys"][name]["arn"]

    def grant_token(self, name):
        """The token of a declared grant."""
        return self._announced["grants"][name]["grant_token"]

    def calls(self):
        """The calls so far, with `caller`, `operation`, `on`, `code` and `why`."""
        with urllib.request.urlopen(f"{self.endpoint}/kms-fixture/calls") as answer:
            return json.load(answer)

    def advance(self, seconds):
        """Moves the fake's clock."""
        body = json.dumps({"advance": seconds}).encode()
        urllib.request.urlopen(f"{self.endpoint}/kms-fixture/clock", data=body).close()

    def stop(self):
        """Ends the server. Returns its report: empty, unless the scenario denies leaks and grants are left."""
        _, report = self._process.communicate()
        return report if self._process.returncode else ""


def pytest_addoption(parser):
    parser.addini("kms_scope", "the scope of the fixture `kms`: function or module", default="function")


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "kms(scenario=None, **members): a scenario file beside the test, or the members of a scenario"
    )


def _scope(fixture_name, config):
    return config.getini("kms_scope")


@pytest.fixture(scope=_scope)
def kms(request):
    """A fake AWS KMS with the keys, principals and grants of the mark `kms`."""
    mark = request.node.get_closest_marker("kms")
    members = dict(mark.kwargs) if mark else {}
    file = members.pop("scenario", None)
    with tempfile.TemporaryDirectory() as folder:
        path = request.path.parent / file if file else Path(folder, "scenario.json")
        if not file:
            path.write_text(json.dumps(members))
        server = Kms(path)
        try:
            yield server
        finally:
            report = server.stop()
    if report:
        pytest.fail(report, pytrace=False)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Shows the calls, and why they were refused, below a test that failed."""
    report = (yield).get_result()
    server = getattr(item, "funcargs", {}).get("kms")
    if report.when == "call" and report.failed and isinstance(server, Kms):
        report.sections.append(("calls of kms", "\n".join(map(_line, server.calls()))))


def _line(call):
    line = f"{call['number'] or '-'}  {call['caller']}  {call['operation']}  {call['on'] or '-'}  {call['code'] or 'ok'}"
    return "\n     ".join([line, *call["why"]])
