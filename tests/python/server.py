"""`kms-fixture serve` as a process: started, read, called through boto3, and ended."""

import json
import os
import re
import select
import subprocess
from pathlib import Path

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import Credentials

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("KMS_FIXTURE_BINARY", ROOT / "target/debug/kms-fixture"))

# How long anything here may take before it counts as hanging.
PATIENCE = 30

# What the model of KMS is read for once, not once for every client.
_BOTOCORE = botocore.session.Session()

# One try: a refusal is an answer, and a retry would hide it. The server answers at once or not at all.
_CONFIG = Config(
    retries={"total_max_attempts": 1}, connect_timeout=PATIENCE, read_timeout=PATIENCE, proxies={}
)


def first_line(stream):
    """The first line of `stream`; empty when there is none, and an error when it does not come."""
    ready, _, _ = select.select([stream], [], [], PATIENCE)
    assert ready, "the server says nothing"
    return stream.readline().decode()


class Server:
    """One `kms-fixture serve --format json`, from the line that it prints to its exit code."""

    def __init__(
        self, *arguments, listen="127.0.0.1:0", stdin=subprocess.PIPE, through=(), **options
    ):
        command = [*through, BINARY, "serve", "--listen", listen, "--format", "json", *arguments]
        self.process = subprocess.Popen(
            command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
        )
        line = first_line(self.process.stdout)
        if not line:
            _, error = self.process.communicate()
            raise AssertionError(f"the server did not start: {error.decode()}")
        assert line.endswith("\n"), "the line is whole"
        self.announced = json.loads(line)
        self._clients = {}

    @property
    def endpoint(self):
        """Where it listens: `http://127.0.0.1:<port>`."""
        return self.announced["endpoint"]

    @property
    def address(self):
        """The same as host and port."""
        host, port = self.endpoint.removeprefix("http://").rsplit(":", 1)
        return host.strip("[]"), int(port)

    @property
    def region(self):
        return self.announced["region"]

    def key(self, name="orders"):
        """The ARN of a declared key."""
        return self.announced["keys"][name]["arn"]

    def key_id(self, name="orders"):
        return self.announced["keys"][name]["key_id"]

    def arn(self, caller="admin"):
        """What a grant names a caller by: the role or the user."""
        return self.announced["callers"][caller]["arn"]

    def caller_arn(self, caller="admin"):
        """Who AWS says is calling: the session of the role, or the user."""
        return self.announced["callers"][caller]["caller_arn"]

    def credentials(self, caller="admin"):
        told = self.announced["callers"][caller]
        return Credentials(told["access_key_id"], told["secret_access_key"], told["session_token"])

    def client(self, caller="admin"):
        """A boto3 client that calls as `caller`."""
        if caller not in self._clients:
            self._clients[caller] = self.new_client(caller)
        return self._clients[caller]

    def new_client(self, caller="admin", region=None, retries=None):
        """One more client, with connections of its own. Default: the server's Region, and no retries."""
        told = self.announced["callers"][caller]
        return boto3.Session(botocore_session=_BOTOCORE).client(
            "kms",
            endpoint_url=self.endpoint,
            region_name=region or self.region,
            aws_access_key_id=told["access_key_id"],
            aws_secret_access_key=told["secret_access_key"],
            aws_session_token=told["session_token"],
            config=_CONFIG.merge(Config(retries=retries)) if retries else _CONFIG,
        )

    def wait(self):
        """Waits for the end; gives the exit code and what was said after the first line."""
        rest, error = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, rest.decode(), error.decode()

    def stop(self):
        """Closes standard input and makes sure that this is a quiet and successful end."""
        if self.process.returncode is None:
            try:
                assert self.wait() == (0, "", "")
            finally:
                self.kill()

    def kill(self):
        for client in self._clients.values():
            client.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


def serve_text(callers, *arguments):
    """Starts the server as a person does; gives the process, and its text up to the last of so many callers."""
    process = subprocess.Popen(
        [BINARY, "serve", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    text = first_line(process.stdout)
    while text.count("AWS_SESSION_TOKEN") < callers:
        line = process.stdout.readline().decode()
        assert line, f"the text ends early: {text}"
        text += line
    return process, text


def lines_to_paste(text):
    """The lines for a shell, by caller."""
    found = re.findall(r"^# (\w+): .*\n((?:export .*\n|unset .*\n)+)", text, re.MULTILINE)
    return dict(found)


def run_once(*arguments, **options):
    """Runs the binary for what it says without serving."""
    return subprocess.run(
        [BINARY, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        **options,
    )
