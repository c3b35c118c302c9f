"""`kms-fixture record`, `replay` and the other commands as processes, and a place for the files that they write."""

import json
import os
import signal
import socket
import struct
import subprocess
from pathlib import Path
from types import SimpleNamespace

import boto3
import pytest
from botocore.config import Config

import raw
from server import _BOTOCORE, BINARY, PATIENCE, Server, first_line, run_once

# What a default client does: it tries a call again that has failed for a reason that may pass.
_RETRYING = Config(retries={"mode": "legacy", "total_max_attempts": 5}, proxies={})

CODE = "KmsFixtureReplayMismatchException"
GOOD, FINDINGS, COULD_NOT_RUN = 0, 1, 2


def environment(more=None):
    """The environment of a command: nothing of the machine's own decides about recordings."""
    own = {name: it for name, it in os.environ.items() if name != "CI" and not name.startswith("KMS_FIXTURE")}
    return own | (more or {})


class Process(Server):
    """One `kms-fixture record` or `replay`, from the line that it prints to its exit code and its report."""

    def __init__(self, *command, env=None, **options):
        self.process = subprocess.Popen(
            [BINARY, *command, "--format", "json"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(env),
            **options,
        )
        line = first_line(self.process.stdout)
        if not line:
            outcome = self._outcome(*self.process.communicate(timeout=PATIENCE))
            raise AssertionError(f"it did not start: {outcome}")
        self.announced = json.loads(line)
        self._clients = {}

    def retrying_client(self, caller="admin"):
        """A client that tries again, as clients do that nobody has told otherwise."""
        told = self.announced["callers"][caller]
        client = boto3.Session(botocore_session=_BOTOCORE).client(
            "kms",
            endpoint_url=self.endpoint,
            region_name=self.region,
            aws_access_key_id=told["access_key_id"],
            aws_secret_access_key=told["secret_access_key"],
            aws_session_token=told["session_token"],
            config=_RETRYING,
        )
        self._clients[object()] = client
        return client

    def end(self, with_signal=None):
        """Closes standard input, or sends a signal; gives exit code and report, and makes sure that nothing else
        was printed where programs read."""
        if with_signal is not None:
            self.process.send_signal(with_signal)
            # Its standard input stays open: the signal has to do.
            self.process.wait(timeout=PATIENCE)
        outcome = self._outcome(*self.process.communicate(timeout=PATIENCE))
        self.kill()
        assert outcome.out == "", "one line, and no second one"
        return outcome

    def _outcome(self, out, err):
        return SimpleNamespace(code=self.process.returncode, out=out.decode(), err=err.decode())


class Studio:
    """A folder for cassettes, services to record, and the commands, run in that folder."""

    def __init__(self, folder):
        self.folder = folder
        self.tape = folder / "tape.json"
        self._started = []

    @property
    def pending(self):
        """What was recorded and not yet accepted."""
        return pending(self.tape)

    def write(self, name, content):
        """A file of the folder: a text, or anything else as JSON."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=2) + "\n")
        return path

    def service(self, scenario=None):
        """A service to record: the fake itself."""
        arguments = []
        if scenario is not None:
            arguments = ["--scenario", self.write(f"service-{len(self._started)}.json", scenario)]
        return self._keep(Server(*arguments))

    def record(self, upstream, *arguments, scenario=None, tape=None, env=None, **options):
        """A recorder of a server, or of a URL; the server's callers are its principals of the same name."""
        if scenario is not None:
            arguments += ("--scenario", self.write(f"declared-{len(self._started)}.json", scenario))
        url = upstream
        if isinstance(upstream, Server):
            url, env = upstream.endpoint, self.environment(upstream) | (env or {})
        command = ("record", "--cassette", tape or self.tape, "--upstream", url, *arguments)
        return self._keep(Process(*command, env=env, cwd=self.folder, **options))

    def environment(self, upstream):
        """Variables with which a recorder is the administrator of `upstream`, and its callers are the declared ones."""
        told = upstream.announced["callers"]
        profiles = []
        for name, it in told.items():
            profiles += [f"[{name}]", f"aws_access_key_id = {it['access_key_id']}"]
            profiles += [f"aws_secret_access_key = {it['secret_access_key']}"]
            if it["session_token"]:
                profiles += [f"aws_session_token = {it['session_token']}"]
        port = upstream.address[1]
        names = [it for it in told if it != "admin"]
        return {
            "AWS_ACCESS_KEY_ID": told["admin"]["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": told["admin"]["secret_access_key"],
            "AWS_SESSION_TOKEN": told["admin"]["session_token"],
            "AWS_SHARED_CREDENTIALS_FILE": str(self.write(f"profiles-{port}", "\n".join(profiles) + "\n")),
        } | {f"KMS_FIXTURE_PRINCIPAL_{it.upper()}": it for it in names}

    def replay(self, tape=None, *arguments, **options):
        return self._keep(Process("replay", tape or self.tape, *arguments, cwd=self.folder, **options))

    def run(self, *command, env=None, cwd=None):
        """A command that ends by itself: its exit code and what it says."""
        done = run_once(*command, cwd=cwd or self.folder, env=environment(env))
        return SimpleNamespace(code=done.returncode, out=done.stdout, err=done.stderr)

    def accept(self, tape=None):
        done = self.run("accept", tape or self.tape)
        assert done.code == GOOD, done

    def recorded(self, story, upstream=None, *arguments, tape=None, **options):
        """Records `story`, which is called with the recorder, and accepts the recording."""
        recorder = self.record(upstream or self.service(), *arguments, tape=tape, **options)
        story(recorder)
        done = recorder.end()
        assert done.code == GOOD, done.err
        self.accept(tape)
        return load(tape or self.tape)

    def replayed(self, story, tape=None):
        """Replays `story`; gives the exit code and the report."""
        player = self.replay(tape)
        story(player)
        return player.end()

    def files(self):
        """Every cassette, accepted or not."""
        return sorted(it for it in self.folder.rglob("*") if it.suffix in (".new",) or it.name.startswith("tape"))

    def _keep(self, process):
        self._started.append(process)
        return process

    def close(self):
        for it in self._started:
            it.kill()


@pytest.fixture
def studio(tmp_path):
    """A folder to record and replay in; whatever still runs at the end is killed."""
    studio = Studio(tmp_path)
    yield studio
    studio.close()


def pending(tape):
    return tape.with_name(tape.name + ".new")


def every_output(studio, tape):
    """What every command says about a cassette and its pending one."""
    commands = [("check", tape), *(("check", "--format", it, tape) for it in ("json", "github", "html"))]
    for path in (tape, pending(tape)):
        if path.is_file():
            commands += [("show", path, "--format", it) for it in ("table", "json", "mermaid", "har", "html")]
    if pending(tape).is_file() and tape.is_file():
        commands += [("diff", tape, pending(tape)), ("diff", "--format", "json", tape, pending(tape))]
    commands += [("review", tape)]
    said = {}
    for command in commands:
        done = studio.run(*command)
        assert done.code in (GOOD, FINDINGS), done
        said[" ".join(map(str, command))] = done.out + done.err
    return said


def load(path):
    return json.loads(Path(path).read_text())


def calls(cassette):
    """The operations of a cassette, in order, with the status of their answers."""
    return [(it["operation"], it["status"]) for it in cassette["interactions"]]


def operations(cassette):
    return [it["operation"] for it in cassette["interactions"]]


def send_and_reset(server, request, *, wait=True):
    """Sends a request and resets the connection without having read anything; with `wait`, once there is something
    to read."""
    connection = socket.create_connection(server.address, timeout=PATIENCE)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.sendall(request.encode())
    if wait:
        assert connection.recv(1, socket.MSG_PEEK)
    connection.close()


def ask(server, operation, body, **headers):
    """A signed request by hand, perhaps with more headers, `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return raw.signed(server, operation, body, headers=named)


SIGNALS = [None, signal.SIGINT, signal.SIGTERM]
