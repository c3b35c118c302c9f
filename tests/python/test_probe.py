"""`kms-fixture probe`: the experiments for the guesses, against the fake, moto, and a service that lies once."""

import http.server
import json
import os
import re
import signal
import subprocess
import threading
from types import SimpleNamespace

import boto3
import pytest

from recordings import bindings
from server import BINARY, PATIENCE, ROOT
from test_record import Proxy
from upstreams import Tls, environment, moto

GOOD, FINDINGS, COULD_NOT_RUN = 0, 1, 2
ROLES = {"roles": {"worker": {}, "outsider": {"account": "444455556666"}}}
# `serve` has no delays here, so an end takes effect at once.
NEEDS_DELAYS = "stale-end"


def probe(*arguments, env=None, cwd=None):
    done = subprocess.run(
        [BINARY, "probe", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=8 * PATIENCE,
        env=env or environment(),
        cwd=cwd,
    )
    return SimpleNamespace(code=done.returncode, out=done.stdout, err=done.stderr)


def rows(out):
    """The first lines of a table's rows, as cells."""
    return [re.split(r"\s{2,}", line.strip()) for line in out.splitlines() if re.match(r" [a-z0-9-]+( |$)", line)]


def experiments():
    """The marks with calls, and those without."""
    listed = probe("--list")
    assert listed.code == GOOD, listed
    cells = [it for it in rows(listed.out) if it[0] != "guess"]
    idle = {it[0] for it in cells if "no experiment: needs" in it[-1]}
    return {it[0] for it in cells} - idle, idle


def verdicts(out):
    """What was found, by mark: `agrees`, `not run`, or `differs`."""
    found = {}
    for mark, *cells in rows(out):
        if mark == "guess":
            continue
        last = cells[-1]
        found[mark] = "agrees" if last == "agrees" else "not run" if last.startswith("not run") else "differs"
    return found


def clients_of(url):
    return boto3.client(
        "kms", endpoint_url=url, region_name="us-east-1", aws_access_key_id="AKIA", aws_secret_access_key="secret"
    )


def assert_clean(kms, keys):
    """Nothing is left but keys that wait for their deletion."""
    found = [it["KeyId"] for it in kms.list_keys()["Keys"]]
    assert len(found) >= keys
    for key in found:
        metadata = kms.describe_key(KeyId=key)["KeyMetadata"]
        if metadata.get("KeyManager") == "AWS":
            continue
        assert metadata["KeyState"] == "PendingDeletion", metadata
        assert metadata["Description"] == "made by kms-fixture probe, which deletes it"
        assert kms.list_grants(KeyId=key)["Grants"] == []
        assert not kms.list_resource_tags(KeyId=key).get("Tags")
    assert not [it for it in kms.list_aliases()["Aliases"] if "probe" in it["AliasName"]]


# --- The fake ---


def test_every_experiment_holds_against_the_fake():
    done = probe()
    assert (done.code, done.err) == (GOOD, "")
    ran, idle = experiments()
    assert verdicts(done.out) == dict.fromkeys(ran, "agrees") | dict.fromkeys(idle, "not run")
    assert f"{len(ran) + len(idle)} experiments: {len(ran)} as the fake says, 0 otherwise, {len(idle)} not run" in done.out


def test_every_guess_is_listed():
    page = (ROOT / "kms-fixture/src/docs/guesses.md").read_text().split("# Inferred")[0]
    guesses = set(re.findall(r"(?m)^\| `([a-z-]+)`", page))
    ran, idle = experiments()
    assert len(guesses) > 30 and guesses <= ran | idle
    assert len(ran) > 25


def test_one_experiment_can_be_chosen():
    done = probe("missing-grant", "tag-order")
    assert done.code == GOOD
    assert verdicts(done.out) == {"missing-grant": "agrees", "tag-order": "agrees"}


def test_an_unknown_guess_is_an_error():
    done = probe("missing-grants")
    assert done.code == COULD_NOT_RUN
    assert "`missing-grants`" in done.err and "--list" in done.err


def test_an_experiment_that_cannot_be_run_is_not_a_success():
    done = probe("china")
    assert done.code == COULD_NOT_RUN
    assert "not run: needs an account of AWS China" in done.out


# --- moto ---


def test_against_moto_each_experiment_runs_and_is_cleaned_up(tmp_path):
    """How many differ is moto's business."""
    ran, idle = experiments()
    with moto() as url:
        done = probe("--upstream", url, "--output", tmp_path / "out")
        assert done.code == FINDINGS, done
        found = verdicts(done.out)
        assert {it for it, verdict in found.items() if verdict == "not run"} == idle
        assert {it for it, verdict in found.items() if verdict != "not run"} == ran
        assert_clean(clients_of(url), keys=4)
    assert "It makes" in done.out and "AWS's price" not in done.out
    cassettes = {it.stem: json.loads(it.read_text()) for it in (tmp_path / "out").glob("*.json")}
    assert set(cassettes) == ran | {"keys"}
    assert all(it["interactions"] for it in cassettes.values())
    issue = (tmp_path / "out" / "issue.md").read_text()
    everything = issue + json.dumps(cassettes)
    assert "123456789012" not in everything, "moto's account"
    for mark in ran:
        assert f"`{mark}`" in issue
    # The order of a list is the difference.
    assert 'success, Grants: [{"Operations":["Encrypt","Decrypt"]}]' in issue


# --- The fake behind TLS ---


class Lying(Tls):
    """A proxy that changes one text of the answers into another of the same length."""

    truth, lie = b"Invalid grantId", b"Unknown grantId"

    def _back(self, server, client):
        with server.makefile("rb") as answers:
            while line := answers.readline():
                length = re.match(rb"(?i)content-length: (\d+)", line)
                size = int(length[1]) if length else locals().get("size", 0)
                client.sendall(line)
                if line == b"\r\n":
                    client.sendall(answers.read(size).replace(self.truth, self.lie))
                    size = 0


def against(tls, live, tmp_path, *arguments):
    """A run of all experiments that hold without delays, over TLS."""
    marks = sorted(experiments()[0] - {NEEDS_DELAYS})
    env = environment(AWS_CA_BUNDLE=tls.bundle(tmp_path), **bindings(live, tmp_path))
    return probe(*marks, "--upstream", tls.url, "--output", tmp_path / "out", *arguments, env=env), marks


def test_our_own_fake_over_tls_answers_as_the_fake(serve, tmp_path):
    live = serve(ROLES)
    with Tls(live.address) as tls:
        done, marks = against(tls, live, tmp_path)
    assert done.code == GOOD, done
    assert verdicts(done.out) == dict.fromkeys(marks, "agrees")
    assert_clean(live.client(), keys=4)


def test_a_wrong_answer_is_found_and_named(serve, tmp_path):
    live = serve(ROLES)
    with Lying(live.address) as tls:
        done, marks = against(tls, live, tmp_path)
    assert done.code == FINDINGS, done
    expected = dict.fromkeys(marks, "agrees") | {"malformed-grant-id": "differs"}
    assert verdicts(done.out) == expected
    assert "InvalidGrantIdException: Unknown grantId" in " ".join(done.out.split())
    issue = (tmp_path / "out" / "issue.md").read_text()
    named = set(re.findall(r"(?m)^\| `([a-z-]+)`", issue))
    assert named == {"malformed-grant-id"}
    assert_clean(live.client(), keys=4)


# --- AWS, as far as the recorder can tell ---


class Sts(http.server.ThreadingHTTPServer):
    """Tells each caller of a served fake who it is."""

    daemon_threads = True

    def __init__(self, live):
        told = live.announced["callers"].values()
        self.callers = {it["access_key_id"]: it["caller_arn"] for it in told}
        super().__init__(("127.0.0.1", 0), _Identity)

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class _Identity(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        arn = self.server.callers[re.search("Credential=([A-Z0-9]+)/", self.headers["authorization"])[1]]
        account = arn.split(":")[4]
        text = f"<Arn>{arn}</Arn><UserId>AROA:x</UserId><Account>{account}</Account>"
        text = f"<GetCallerIdentityResult>{text}</GetCallerIdentityResult>"
        text = f"<GetCallerIdentityResponse>{text}</GetCallerIdentityResponse>".encode()
        self.send_response(200)
        self.send_header("content-type", "text/xml")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


def under_the_name(host, folder):
    """The start of a command for which `host` is this machine, and for no other process."""
    hosts = folder / "hosts"
    hosts.write_text(f"127.0.0.1 localhost {host}\n")
    start = ["unshare", "-rm", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', hosts]
    try:
        works = subprocess.run([*start, "true"], capture_output=True, timeout=PATIENCE).returncode == 0
    except OSError:
        works = False
    if not works:
        pytest.skip("this machine has no namespaces for a name of AWS")
    return start


@pytest.mark.parametrize("has_worker", [True, False])
def test_aws_is_asked_with_every_guard(serve, tmp_path, has_worker):
    """The recorder knows AWS by its host name alone. No experiment is refused by a guard, and nothing is left."""
    live, host = serve(ROLES), "probe.kms.us-east-1.vpce.amazonaws.com"
    start = under_the_name(host, tmp_path)
    config = '[principals]\noutsider = { arn = "arn:aws:iam::444455556666:role/outsider" }\n'
    (tmp_path / "kms-fixture.toml").write_text(config)
    bound = bindings(live, tmp_path)
    del bound["KMS_FIXTURE_PRINCIPAL_OUTSIDER"]
    if not has_worker:
        del bound["KMS_FIXTURE_PRINCIPAL_WORKER"]
    marks = ["alias-target", "context-case", "dead-token", "foreign-retiring", "malformed-grant-id", "missing-grant"]
    marks += ["retire-denial", "single-region", "tag-order"]
    with Tls(live.address, names=(host,)) as tls, Sts(live) as sts:
        bound["AWS_ENDPOINT_URL_STS"] = f"http://127.0.0.1:{sts.server_port}"
        url = tls.url.replace("localhost", host)
        done = subprocess.run(
            [*start, BINARY, "probe", *marks, "--account", "111122223333", "--upstream", url, "--yes"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=8 * PATIENCE,
            env=environment(AWS_CA_BUNDLE=tls.bundle(tmp_path), **bound),
            cwd=tmp_path,
        )
    assert (done.returncode, done.stderr) == (GOOD, ""), done
    assert "This run asks AWS, account 111122223333, us-east-1." in done.stdout and "USD" in done.stdout
    expected = dict.fromkeys(marks, "agrees") | ({} if has_worker else {"retire-denial": "not run"})
    assert verdicts(done.stdout) == expected
    assert ("--role worker=ARN" in " ".join(done.stdout.replace("-\n", "-").split())) is not has_worker
    origins = {json.loads(it.read_text())["origin"]["kind"] for it in (tmp_path / "kms-fixture-probe").glob("*.json")}
    assert origins == {"aws"}
    assert_clean(live.client(), keys=4)


# --- The start and the end ---


def test_aws_is_asked_only_after_a_question_or_by_yes(tmp_path):
    done = probe("--account", "123456789012", cwd=tmp_path)
    assert done.code == COULD_NOT_RUN
    for part in ("AWS, account 123456789012, us-east-1", "It makes", "USD"):
        assert part in done.out
    assert "nothing was sent" in done.err and "--yes" in done.err
    assert list(tmp_path.iterdir()) == []


def test_aws_is_asked_in_a_named_account_only():
    done = probe("--upstream", "https://kms.us-east-1.amazonaws.com", "--yes")
    assert done.code == COULD_NOT_RUN
    assert "--account ID" in done.err


@pytest.mark.parametrize("option", [["--profile", "p"], ["--yes"], ["--role", "worker=p"], ["--region", "eu-west-1"]])
def test_the_fake_takes_no_options_of_a_service(option):
    done = probe("missing-grant", *option)
    assert done.code == COULD_NOT_RUN and "--account ID" in done.err


@pytest.mark.parametrize("role", ["worker", "=x", "worker="])
def test_a_binding_needs_a_name_and_a_value(role):
    done = probe("--account", "123456789012", "--role", role)
    assert done.code == COULD_NOT_RUN and "NAME=VALUE" in done.err


@pytest.mark.parametrize("option", [("--key", "order"), ("--role", "janitor")])
def test_a_binding_of_an_unknown_name_is_an_error(option, tmp_path):
    kind, name = option
    done = probe("--upstream", "http://127.0.0.1:9", kind, f"{name}=x", cwd=tmp_path)
    assert done.code == COULD_NOT_RUN and done.out == ""
    assert f"no experiment has a {kind[2:]} `{name}`" in done.err
    assert ("`orders`" if kind == "--key" else "`worker`") in done.err
    assert list(tmp_path.iterdir()) == []


def test_ci_asks_no_service(tmp_path):
    done = probe("--upstream", "http://127.0.0.1:9", env=environment(CI="true"), cwd=tmp_path)
    assert done.code == COULD_NOT_RUN and "`CI` is set" in done.err


def test_a_service_that_does_not_answer_could_not_be_asked(tmp_path):
    done = probe("missing-grant", "--upstream", "http://127.0.0.1:9", cwd=tmp_path)
    assert done.code == COULD_NOT_RUN and "127.0.0.1:9" in done.err


def test_an_interrupted_run_is_cleaned_up(serve, tmp_path):
    live, running = serve(ROLES), []

    def interrupt(_, number):
        if number == 40:
            os.kill(running[0].pid, signal.SIGINT)

    proxy = Proxy(live, answer=interrupt)
    try:
        running.append(
            subprocess.Popen(
                [BINARY, "probe", "--upstream", proxy.url, "--output", tmp_path / "out"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=environment(**bindings(live, tmp_path)),
            )
        )
        out, err = running[0].communicate(timeout=8 * PATIENCE)
    finally:
        proxy.close()
    assert running[0].returncode == COULD_NOT_RUN, out + err
    assert "interrupted" in err and "not run: it was interrupted" in " ".join(out.split())
    assert_clean(live.client(), keys=1)


def test_a_key_that_cannot_be_deleted_is_named(serve, tmp_path):
    live = serve(ROLES)

    def refuse(operation, _):
        if operation == "ScheduleKeyDeletion":
            return 400, b'{"__type":"AccessDeniedException","message":"not authorized"}'

    proxy = Proxy(live, answer=refuse)
    try:
        env = environment(**bindings(live, tmp_path))
        done = probe("last-usage", "missing-grant", "--upstream", proxy.url, "--output", tmp_path / "out", env=env)
    finally:
        proxy.close()
    left = [it["KeyId"] for it in live.client().list_keys()["Keys"]]
    assert done.code == COULD_NOT_RUN and len(left) == 2
    for key in left:
        assert f"{key} is left: ScheduleKeyDeletion was refused: AccessDeniedException" in done.err, done


def test_an_existing_key_is_used_and_kept(serve, tmp_path):
    live = serve({"keys": {"orders": {}}} | ROLES)
    env = {name: it for name, it in bindings(live, tmp_path).items() if name == "AWS_CONFIG_FILE"}
    done = probe(
        "missing-grant", "tag-order", "--upstream", live.endpoint, "--key", f"orders={live.key()}",
        "--output", tmp_path / "out", env=environment(**env),
    )
    assert done.code == GOOD, done
    assert "It makes 0 keys" in done.out
    kms = live.client()
    assert kms.describe_key(KeyId=live.key())["KeyMetadata"]["KeyState"] == "Enabled"
    assert kms.list_resource_tags(KeyId=live.key())["Tags"] == []
