"""Callers without pasting: `serve --profiles`, `env`, `exec`."""

import json
import os
import signal
import stat
import subprocess
import sys

import pytest

from recorder import COULD_NOT_RUN, FINDINGS, GOOD, calls, load, pending, studio  # noqa: F401
from server import BINARY, PATIENCE, Server, first_line, run_once

SCENARIO = {
    "keys": {"orders": {"alias": "alias/orders"}},
    "roles": {"worker": {"allow": ["kms:ListKeys"]}, "janitor": {}},
    "users": {"alice": {"allow": ["sts:AssumeRole"]}},
    "grants": {"access": {"key": "orders", "grantee": "worker", "retiring": "janitor", "operations": ["Decrypt"]}},
}

# Variables of a shell that would win over those of the fixture, or lead elsewhere.
MISLEADING = {
    "AWS_PROFILE": "production",
    "AWS_DEFAULT_PROFILE": "production",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_SESSION_TOKEN": "stale",
    "AWS_ROLE_ARN": "arn:aws:iam::999999999999:role/production",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "http_proxy": "http://127.0.0.1:9",
}

PROGRAM = """
import boto3
print(boto3.client("sts").get_caller_identity()["Arn"])
print(len(boto3.client("kms").list_keys()["Keys"]))
"""


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(SCENARIO))
    return path


def execute(*arguments, env=None, **options):
    """Runs `kms-fixture exec` to its end."""
    return subprocess.run(
        [BINARY, "exec", *arguments],
        env=os.environ | (env or {}),
        stdin=options.pop("stdin", subprocess.DEVNULL),
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
        **options,
    )


def python(program):
    return ("--", sys.executable, "-c", program)


# --- exec ---


def test_a_command_calls_as_the_named_caller(scenario):
    done = execute("--scenario", scenario, "--as", "worker", *python(PROGRAM), env=MISLEADING)
    assert (done.returncode, done.stderr) == (GOOD, "")
    assert done.stdout.split() == ["arn:aws:sts::111122223333:assumed-role/worker/worker", "1"]


def test_a_command_without_a_scenario_calls_as_the_administrator():
    done = execute(*python(PROGRAM))
    assert done.stdout.split() == ["arn:aws:sts::111122223333:assumed-role/Admin/admin", "0"], done.stderr


def test_a_user_has_no_session_token(scenario):
    program = "import os; print(os.environ['AWS_ACCESS_KEY_ID'][:4], 'AWS_SESSION_TOKEN' in os.environ)"
    done = execute("--scenario", scenario, "--as", "alice", *python(program), env=MISLEADING)
    assert done.stdout == "AKIA False\n"


def test_standard_streams_belong_to_the_command():
    program = "import sys; print(sys.stdin.read().upper(), end=''); print('aside', file=sys.stderr)"
    done = subprocess.run(
        [BINARY, "exec", *python(program)], input="quiet", capture_output=True, text=True, timeout=PATIENCE
    )
    assert (done.returncode, done.stdout, done.stderr) == (GOOD, "QUIET", "aside\n")


@pytest.mark.parametrize("code", [0, 1, 3, 42, 255])
def test_the_exit_code_is_the_commands(code):
    assert execute(*python(f"raise SystemExit({code})")).returncode == code


def test_a_signal_that_ends_the_command_is_shown_as_in_a_shell():
    program = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert execute(*python(program)).returncode == 128 + signal.SIGKILL


def test_findings_are_reported_when_the_command_found_nothing(tmp_path):
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(SCENARIO | {"leaks": "deny"}))
    program = """
import boto3, sys
kms = boto3.client("kms")
kms.create_grant(KeyId=kms.list_keys()["Keys"][0]["KeyId"], GranteePrincipal=sys.argv[1], Operations=["Decrypt"])
raise SystemExit(int(sys.argv[2]))
"""
    grantee = "arn:aws:iam::111122223333:role/worker"
    for code, expected in [("0", FINDINGS), ("7", 7)]:
        done = execute("--scenario", path, *python(program), grantee, code)
        assert done.returncode == expected
        assert "grants that were made and still exist" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_are_passed_on(number):
    program = f"""
import signal, sys
signal.signal({int(number)}, lambda *_: sys.exit(21))
print("ready", flush=True)
signal.pause()
"""
    process = subprocess.Popen([BINARY, "exec", *python(program)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    try:
        assert first_line(process.stdout) == "ready\n"
        process.send_signal(number)
        assert process.wait(PATIENCE) == 21
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--as", "wroker", "--", "true"), "the callers are `admin`"),
        (("--scenario", "world.json", "--as", "wroker", "--", "true"), "did you mean `worker`?"),
        (("--", "no-such-program-anywhere"), "cannot start `no-such-program-anywhere`"),
        (("--scenario", "nowhere.json", "--", "true"), "nowhere.json"),
        (("--cassette", "nowhere.json", "--", "true"), "nowhere.json"),
        ((), "required"),
    ],
)
def test_a_start_that_fails_is_code_2(arguments, expected, tmp_path):
    (tmp_path / "world.json").write_text(json.dumps({"roles": {"worker": {}}}))
    done = execute(*arguments, cwd=tmp_path)
    assert done.returncode == COULD_NOT_RUN
    assert expected in done.stderr


def test_the_same_seed_gives_the_same_credentials(scenario):
    program = "import os; print(os.environ['AWS_ACCESS_KEY_ID'])"
    printed = [execute("--scenario", scenario, "--seed", it, *python(program)).stdout for it in ("3", "3", "4")]
    assert printed[0] == printed[1] != printed[2]


# --- exec with a cassette ---

READS = """
import boto3
kms = boto3.client("kms")
assert len(kms.list_keys()["Keys"]) == 1
"""


def test_a_cassette_is_recorded_and_replayed(studio):  # noqa: F811
    service = studio.service(SCENARIO)
    declared = studio.write("declared.json", {"roles": SCENARIO["roles"]})
    env = {key: it for key, it in os.environ.items() if key != "CI"} | studio.environment(service)
    command = ("--cassette", studio.tape, "--as", "worker")
    recorded = subprocess.run(
        [BINARY, "exec", *command, "--upstream", service.endpoint, "--scenario", declared, *python(READS)],
        env=env, cwd=studio.folder, capture_output=True, text=True, timeout=2 * PATIENCE, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert recorded.returncode == GOOD, recorded.stderr
    assert [it["caller"] for it in load(studio.pending)["interactions"]] == ["worker"]
    # A recording that waits for its review survives a command that cannot start.
    waiting = studio.pending.read_text()
    failed = subprocess.run(
        [BINARY, "exec", *command, "--upstream", service.endpoint, "--scenario", declared, "--", "no-such-program"],
        env=env, cwd=studio.folder, capture_output=True, text=True, timeout=2 * PATIENCE, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert failed.returncode == COULD_NOT_RUN, failed.stderr
    assert studio.pending.read_text() == waiting
    studio.pending.rename(studio.tape)
    replayed = execute(*command, *python(READS), cwd=studio.folder)
    assert replayed.returncode == GOOD, replayed.stderr
    # A recorded call that is left over is a finding.
    left = execute(*command, *python("pass"), cwd=studio.folder)
    assert left.returncode == FINDINGS
    assert "ListKeys" in left.stderr
    refused = execute(*command, "--scenario", declared, *python("pass"), cwd=studio.folder)
    assert refused.returncode == COULD_NOT_RUN


# --- serve --profiles ---


def test_a_profile_for_each_caller(scenario, tmp_path, aws_cli):
    config = tmp_path / "config"
    server = Server("--scenario", scenario, "--profiles", config)
    try:
        assert stat.S_IMODE(config.stat().st_mode) == 0o600
        env = aws_cli | {"AWS_CONFIG_FILE": str(config), "HOME": str(tmp_path)}

        def aws(*arguments):
            done = subprocess.run(["aws", *arguments], env=env, capture_output=True, text=True, timeout=PATIENCE)
            assert done.returncode == 0, done.stderr
            return json.loads(done.stdout)

        for caller in server.announced["callers"]:
            identity = aws("--profile", caller, "sts", "get-caller-identity")
            assert identity["Arn"] == server.caller_arn(caller)
        assert len(aws("--profile", "worker", "kms", "list-keys")["Keys"]) == 1
        # A server that starts again replaces its own file.
        first = config.read_text()
        second = Server("--scenario", scenario, "--profiles", config)
        assert second.endpoint in config.read_text() != first
        second.stop()
    finally:
        server.stop()


def test_profiles_do_not_replace_another_file(tmp_path):
    config = tmp_path / "config"
    config.write_text("[profile mine]\nregion = eu-west-1\n")
    done = run_once("serve", "--profiles", config)
    assert done.returncode == COULD_NOT_RUN
    assert "the file exists" in done.stderr
    assert config.read_text() == "[profile mine]\nregion = eu-west-1\n"
    assert run_once("serve", "--profiles", tmp_path / "missing" / "config").returncode == COULD_NOT_RUN


# --- env ---


@pytest.mark.parametrize("caller", ["worker", "alice"])
def test_a_shell_becomes_a_caller(serve, caller):
    server = serve(SCENARIO)
    lines = run_once("env", caller, "--endpoint", server.endpoint)
    assert lines.returncode == GOOD, lines.stderr
    shell = f'eval "$KMS_LINES"; exec "{sys.executable}" -c \'{PROGRAM}\''
    # The shell keeps its proxy, and the test has to go around it.
    env = os.environ | MISLEADING | {"KMS_LINES": lines.stdout, "NO_PROXY": "127.0.0.1"}
    done = subprocess.run(["sh", "-c", shell], env=env, capture_output=True, text=True, timeout=PATIENCE)
    assert done.stdout.split()[:1] == [server.caller_arn(caller)], done.stderr


def test_env_finds_the_server_of_its_own_environment(serve):
    server = serve(SCENARIO)
    lines = run_once("env", "janitor", env=os.environ | {"AWS_ENDPOINT_URL_KMS": server.endpoint + "/"})
    assert lines.returncode == GOOD, lines.stderr
    assert server.announced["callers"]["janitor"]["access_key_id"] in lines.stdout


def test_env_explains_what_it_misses(serve, tmp_path):
    server = serve(SCENARIO)
    for arguments, expected in [
        (("nobody", "--endpoint", server.endpoint), "the callers are `admin`, `alice`, `janitor`, `worker`"),
        (("wroker", "--endpoint", server.endpoint), "did you mean `worker`?"),
        (("worker",), "add `--endpoint URL`"),
        (("worker", "--endpoint", "https://kms.us-east-1.amazonaws.com"), "write it like `http://127.0.0.1:40123`"),
        (("worker", "--endpoint", "http://127.0.0.1:1"), "no kms-fixture server answers"),
    ]:
        done = run_once("env", *arguments)
        assert (done.returncode, done.stdout) == (COULD_NOT_RUN, "")
        assert expected in done.stderr


def test_exec_logs_why_a_call_was_refused(scenario):
    program = "import boto3\nboto3.client('kms').describe_key(KeyId='alias/orders')"
    silent = execute("--scenario", scenario, "--as", "worker", "--", sys.executable, "-c", program)
    assert silent.returncode == 1 and "no policy of worker" not in silent.stderr
    done = execute("--scenario", scenario, "--as", "worker", "--log", "text", "--", sys.executable, "-c", program)
    assert done.returncode == 1
    assert "no policy of worker allows kms:DescribeKey; the key policy trusts the account" in done.stderr
