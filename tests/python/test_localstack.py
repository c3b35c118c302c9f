"""The guide's recipe with LocalStack beside it, which runs without Docker where `tests/python/localstack` could install it."""

import json
import os
import socket
import subprocess
import sys

import pytest

from server import BINARY, PATIENCE, ROOT, first_line
from test_integrations import PROGRAM

INSTALLED = ROOT / "target/localstack-venv/installed.txt"

pytestmark = pytest.mark.skipif(
    not INSTALLED.is_file(), reason="LocalStack is not installed: tests/python/localstack does it, with Python 3.12 or newer"
)


@pytest.fixture
def localstack(tmp_path):
    """The URL of a LocalStack with nothing in it. It takes no port 0, so one that was free a moment ago has to do."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "SERVICES": "s3",
        "FILESYSTEM_ROOT": str(tmp_path / "localstack"),
        # It asks for nothing outside of this machine.
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DISABLE_EVENTS": "1",
        "DNS_ADDRESS": "0",
    }
    process = subprocess.Popen(
        [INSTALLED.with_name("bin") / "python", "-m", "localstack.runtime.main"],
        cwd=tmp_path, env=os.environ | settings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        said = ""
        while "Ready." not in said:
            line = first_line(process.stdout)
            assert line, said
            said += line
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def test_localstack_serves_the_rest(localstack, tmp_path):
    """KMS denies the worker here, LocalStack has the bucket, and both are of one account."""
    scenario = tmp_path / "scenario.json"
    scenario.write_text(json.dumps({"account": "000000000000", "roles": {"worker": {}}}))
    program = PROGRAM + 'print(boto3.client("sts").get_caller_identity()["Account"])\n'
    command = [BINARY, "exec", "--scenario", scenario, "--as", "worker", "--"]
    command += ["env", f"AWS_ENDPOINT_URL={localstack}", sys.executable, "-c", program]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=2 * PATIENCE)
    assert done.returncode == 0, done.stderr
    answers, account = done.stdout.splitlines()
    assert json.loads(answers) == [True, ["orders"]]
    assert account == "000000000000"
