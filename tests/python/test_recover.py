"""A recording that is killed: what it has left is found by its journal, and ended."""

import json
import os
import random
import resource
import subprocess
import threading

import pytest

import raw
from recorder import COULD_NOT_RUN, FINDINGS, GOOD, SIGNALS, Process, environment, load, studio  # noqa: F401
from server import BINARY, PATIENCE, first_line
from test_crash import kill_after
from test_record import ROLES, SERVICE, Held, foreign, held, listed, proxy  # noqa: F401

# More of them on demand.
KILLS = int(os.environ.get("KILLS", 25))

GRANT = {"key": "orders", "grantee": "worker", "retiring": "janitor", "operations": ["Decrypt"]}
DECLARED = ROLES | {"grants": {"access": GRANT}}


def journals(studio):
    return sorted(it.name for it in studio.folder.iterdir() if it.suffix == ".run")


def recover(studio, service, *arguments, url=None, **env):
    env = studio.environment(service) | env
    return studio.run("record", "--cassette", studio.tape, "--recover", "--upstream", url or service.endpoint, *arguments, env=env)


def grants(service):
    """All grants of a service, by their keys."""
    kms = service.client()
    return {it["KeyArn"]: sorted(listed(service, it["KeyArn"])) for it in kms.list_keys()["Keys"]}


def left_by(before, after):
    """The grants that a run has left; a key that it made had none before."""
    return {key: ids for key, ids in after.items() if ids != before.get(key, [])}


class Traffic:
    """Calls by two clients, for as long as they are answered."""

    def __init__(self, recorder, key, draw):
        self._key = key
        self._threads = []
        for _ in range(2):
            own = random.Random(draw.random())
            self._threads.append(threading.Thread(target=self._run, args=(recorder, own)))
        for it in self._threads:
            it.start()

    def _run(self, recorder, draw):
        keys, made = [self._key], []
        more = {"GranteePrincipal": recorder.arn(), "RetiringPrincipal": recorder.arn()}
        try:
            while True:
                step = draw.random()
                if step < 0.1:
                    answer = raw.call(recorder, "CreateKey", {})
                    keys.append(answer.json["KeyMetadata"]["Arn"])
                elif step < 0.6 or not made:
                    key, operations = draw.choice(keys), draw.choice([["Decrypt"], ["Encrypt", "Decrypt"]])
                    name = draw.choice([{}, {"Name": draw.choice("abc")}])
                    answer = raw.call(recorder, "CreateGrant", {"KeyId": key, "Operations": operations} | more | name)
                    made.append((key, answer.json))
                else:
                    key, grant = made.pop(draw.randrange(len(made)))
                    operation = draw.choice(["RevokeGrant", "RetireGrant"])
                    raw.call(recorder, operation, {"KeyId": key, "GrantId": grant["GrantId"]})
        except (OSError, KeyError, ValueError):
            return  # it was killed

    def join(self):
        for it in self._threads:
            it.join(PATIENCE)


class Killed(Process):
    """A recording that is killed at some moment after its start, or before."""

    def __init__(self, *command, env, cwd):
        self.process = subprocess.Popen(
            [BINARY, *command, "--format", "json"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(env),
            cwd=cwd,
        )
        self._clients = {}

    def has_started(self):
        line = first_line(self.process.stdout)
        self.announced = json.loads(line) if line else None
        return bool(line)

    def kill_after(self, seconds):
        until = kill_after(self.process, seconds)
        for it in (self.process.stdin, self.process.stdout):
            it.close()
        return until


def test_a_killed_recording_leaves_nothing_after_a_recovery(studio):
    service, key, _ = foreign(studio, SERVICE)
    kms = service.client()
    for name in ("theirs", "worker"):
        grantee = service.announced["callers"].get(name, {}).get("arn", service.arn())
        kms.create_grant(KeyId=key, GranteePrincipal=grantee, Operations=["Decrypt"], Name=name)
    before = grants(service)
    draw = random.Random(11)
    path = studio.write("declared.json", DECLARED)
    env = studio.environment(service) | {"KMS_FIXTURE_KEY_ORDERS": key}
    command = ["record", "--cassette", studio.tape, "--upstream", service.endpoint, "--scenario", path]
    found, longest = 0, 0.1
    for _ in range(KILLS):
        run = Killed(*command, env=env, cwd=studio.folder)
        if draw.random() < 0.4:
            run.kill_after(longest * draw.random())
        else:
            assert run.has_started()
            traffic = Traffic(run, key, draw)
            run.kill_after(longest * draw.random())
            traffic.join()
        found += bool(left_by(before, grants(service)))
        done = recover(studio, service, KMS_FIXTURE_KEY_ORDERS=key)
        assert done.code == GOOD, done
        assert left_by(before, grants(service)) == {}, done
        assert journals(studio) == []
    assert found > KILLS / 4, "most of the killed recordings left something"


def killed(studio, service, key, url=None, scenario=ROLES, story=lambda recorder: None):
    """Records `story` and kills the recording."""
    env = studio.environment(service) | {"KMS_FIXTURE_KEY_ORDERS": key}
    recorder = studio.record(url or service.endpoint, env=env, scenario=scenario)
    story(recorder)
    recorder.kill()
    return recorder


def test_the_journal_of_a_killed_recording_stops_the_next_one_until_it_is_recovered(studio):
    service, key, theirs = foreign(studio, SERVICE)
    recorder = killed(studio, service, key, scenario=DECLARED)
    made = recorder.announced["grants"]["access"]["grant_id"]
    assert made in listed(service, key) and journals(studio) == ["tape.json.run"]
    declared = studio.write("declared.json", ROLES)
    command = ["record", "--cassette", studio.tape, "--upstream", service.endpoint, "--scenario", declared]
    env = studio.environment(service) | {"KMS_FIXTURE_KEY_ORDERS": key}
    done = studio.run(*command, env=env)
    assert (done.code, done.out) == (COULD_NOT_RUN, "")
    assert f"kms-fixture record --cassette {studio.tape} --recover" in done.err
    done = studio.run("check", studio.folder)
    assert done.code == FINDINGS and f"--cassette {studio.tape} --recover" in done.out, done
    done = recover(studio, service)
    assert done.code == GOOD and "ended: 1" in done.err, done
    assert listed(service, key) == [theirs["GrantId"]] and journals(studio) == []
    done = recover(studio, service)
    assert done.code == GOOD and "no recording" in done.err
    studio.record(service.endpoint, env=env, scenario=ROLES).end()
    assert studio.pending.exists() and journals(studio) == []


def test_a_journal_has_no_value_of_the_live_account(studio):
    service, key, theirs = foreign(studio, SERVICE)
    made = []

    def story(recorder):
        kms = recorder.client()
        own = kms.create_key()["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName="alias/quarterly", TargetKeyId=own)
        context = {"EncryptionContextEquals": {"department": "finance"}}
        arns = {"GranteePrincipal": recorder.arn("worker"), "RetiringPrincipal": recorder.arn("janitor")}
        made.append(kms.create_grant(KeyId=key, Operations=["Decrypt"], Name="nightly", Constraints=context, **arns))
        made.append(own)

    recorder = killed(studio, service, key, story=story)
    path = studio.folder / "tape.json.run"
    text = path.read_text()
    account, key_id = key.split(":")[4], key.rsplit("/")[-1]
    values = [account, key_id, theirs["GrantId"], made[0]["GrantId"], made[0]["GrantToken"], made[1]]
    for it in [*values, "quarterly", "nightly", "department", "finance", "arn:", "worker", recorder.address[1]]:
        assert str(it) not in text, it
    assert "orders" in text and "Decrypt" in text and path.stat().st_mode & 0o077 == 0
    done = recover(studio, service)
    assert done.code == GOOD and "the keys that this recording made are left: 1" in done.err, done
    assert listed(service, key) == [theirs["GrantId"]]
    assert service.client().list_aliases()["Aliases"] == []


@pytest.mark.parametrize("theirs_fits", [False, True])
@pytest.mark.parametrize("takes_effect", [False, True])
def test_a_grant_without_an_answer_is_ended_unless_it_may_be_of_another(studio, held, takes_effect, theirs_fits):
    service, key, before = foreign(studio, SERVICE)
    it = held(service, lambda named: named == "CreateGrant", after_the_effect=takes_effect)
    terms = {"KeyId": key, "GranteePrincipal": service.arn("worker"), "Operations": ["Encrypt"]}

    def story(recorder):
        threading.Thread(target=lost_call, args=(recorder, "CreateGrant", terms)).start()
        it.wait()

    killed(studio, service, key, it.upstream.url, story=story)
    more = [] if takes_effect else [service.client().create_grant(**terms)["GrantId"]]
    if theirs_fits:
        more.append(service.client().create_grant(**terms)["GrantId"])
    now = listed(service, key)
    assert len(now) == 2 + theirs_fits
    done = recover(studio, service)
    if theirs_fits:
        assert done.code == FINDINGS and listed(service, key) == now
        assert all(it in done.err for it in now if it != before["GrantId"])
        assert journals(studio) == ["tape.json.run"]
    else:
        assert done.code == GOOD, done
        assert listed(service, key) == [before["GrantId"]]


def lost_call(recorder, operation, body):
    try:
        raw.call(recorder, operation, body)
    except (OSError, ValueError):
        pass  # it was killed


def test_a_torn_journal_is_read_up_to_its_last_whole_line(studio):
    service, key, theirs = foreign(studio, SERVICE)
    killed(studio, service, key, scenario=DECLARED)
    path = studio.folder / "tape.json.run"
    whole = path.read_bytes()
    for length in range(len(whole)):
        copy = studio.folder / "torn"
        copy.mkdir(exist_ok=True)
        (copy / "tape.json.run").write_bytes(whole[:length])
        if length % 61 == 0:
            command = ["record", "--cassette", copy / "tape.json", "--recover", "--upstream", service.endpoint]
            done = studio.run(*command, env=studio.environment(service))
            assert done.code == GOOD, (done, whole[:length])
    path.write_bytes(whole + b'{"sends":{"call":2,"ke')
    done = recover(studio, service)
    assert done.code == GOOD, done
    assert listed(service, key) == [theirs["GrantId"]]


@pytest.mark.parametrize("text", ["not JSON\n", '{"run":{"version":9,"region":"us-east-1","aws":false}}\n'])
def test_a_file_that_is_not_a_journal_is_not_touched(studio, text):
    service = studio.service()
    path = studio.write("tape.json.run", text)
    for done in (
        recover(studio, service),
        studio.run("record", "--cassette", studio.tape, "--upstream", service.endpoint, env=studio.environment(service)),
    ):
        assert done.code == COULD_NOT_RUN and str(path) in done.err, done
    assert path.read_text() == text


def test_a_recording_that_lives_is_not_recovered(studio):
    service, key, _ = foreign(studio, SERVICE)
    env = studio.environment(service) | {"KMS_FIXTURE_KEY_ORDERS": key}
    first, second = (studio.record(service.endpoint, env=env, scenario=DECLARED) for _ in range(2))
    assert journals(studio) == ["tape.json.2.run", "tape.json.run"]
    now = listed(service, key)
    done = recover(studio, service)
    assert done.code == GOOD and listed(service, key) == now
    assert ".run" not in studio.run("check", studio.folder).out
    first.kill()
    assert recover(studio, service).code == GOOD
    assert len(listed(service, key)) == len(now) - 1 and journals(studio) == ["tape.json.2.run"]
    assert second.end().code == GOOD
    assert journals(studio) == [] and len(listed(service, key)) == len(now) - 2


@pytest.mark.parametrize("with_signal", SIGNALS)
def test_a_recording_that_ends_leaves_no_journal(studio, with_signal):
    service, key, _ = foreign(studio, SERVICE)
    env = studio.environment(service) | {"KMS_FIXTURE_KEY_ORDERS": key}
    recorder = studio.record(service.endpoint, env=env, scenario=DECLARED)
    recorder.client().create_grant(KeyId=key, GranteePrincipal=recorder.arn(), Operations=["Decrypt"])
    assert journals(studio) == ["tape.json.run"]
    assert recorder.end(with_signal).code == GOOD
    assert journals(studio) == []


def test_a_clean_up_that_fails_keeps_the_journal(studio, proxy):
    service, key, theirs = foreign(studio, SERVICE)
    refused = json.dumps({"__type": "AccessDeniedException", "message": "no"}).encode()
    upstream = proxy(service, lambda operation, _: (400, refused) if operation == "RevokeGrant" else None)
    env = studio.environment(service) | {"KMS_FIXTURE_KEY_ORDERS": key}
    done = studio.record(upstream.url, env=env, scenario=DECLARED).end()
    assert done.code == FINDINGS and "--recover" in done.err
    done = recover(studio, service, url=upstream.url)
    assert done.code == FINDINGS and key in done.err and journals(studio) == ["tape.json.run"]
    assert recover(studio, service).code == GOOD
    assert listed(service, key) == [theirs["GrantId"]] and journals(studio) == []


def test_the_settings_of_a_recovery_may_be_in_the_current_folder(studio):
    """As those of a test, whose cassette is in the workspace's folder."""
    service, key, theirs = foreign(studio, SERVICE)
    killed(studio, service, key, scenario=DECLARED)
    studio.write("package/kms-fixture.toml", f"upstream = '{service.endpoint}'\n")
    command = ["record", "--cassette", studio.tape, "--recover"]
    done = studio.run(*command, env=studio.environment(service), cwd=studio.folder / "package")
    assert done.code == GOOD, done
    assert listed(service, key) == [theirs["GrantId"]] and journals(studio) == []


def test_a_recovery_is_of_the_service_that_was_recorded(studio):
    service, key, _ = foreign(studio, SERVICE)
    killed(studio, service, key, scenario=DECLARED)
    now = listed(service, key)
    done = studio.run("record", "--cassette", studio.tape, "--recover", env=studio.environment(service))
    assert done.code == COULD_NOT_RUN and "account" in done.err, "AWS takes an account"
    assert journals(studio) == ["tape.json.run"] and listed(service, key) == now


def test_an_emulator_that_has_forgotten_its_keys_has_no_grants_either(studio):
    service, key, _ = foreign(studio, SERVICE)
    killed(studio, service, key, scenario=DECLARED)
    done = recover(studio, studio.service(SERVICE))
    assert done.code == GOOD and "the key that was bound to `orders` is not there" in done.err, done
    assert journals(studio) == []


def test_a_grant_is_not_made_if_the_journal_cannot_be_written(studio, proxy):
    service, key, theirs = foreign(studio, SERVICE)
    upstream = proxy(service)
    env = studio.environment(service) | {"KMS_FIXTURE_KEY_ORDERS": key}
    recorder = studio.record(upstream.url, env=env, scenario=ROLES)
    resource.prlimit(recorder.process.pid, resource.RLIMIT_FSIZE, (100, 100))
    terms = {"KeyId": key, "GranteePrincipal": recorder.arn(), "Operations": ["Decrypt"]}
    answer = raw.call(recorder, "CreateGrant", terms)
    assert (answer.status, answer.code) == (400, "KmsFixtureRecordingRefusedException")
    assert "CreateGrant" not in upstream.operations
    done = recorder.end()
    assert done.code == FINDINGS and "tape.json.run" in done.err
    assert listed(service, key) == [theirs["GrantId"]]


# --- Keys that no list shows, and grants that may have existed before ---

OTHER = "444455556666"
TRUSTING = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{it}:root"}, "Action": "kms:*", "Resource": "*"}
    for it in ("111122223333", OTHER)
]}


def of_another_account(studio):
    """A service with a key of another account, which has a grant; and terms for another grant."""
    service = studio.service(SERVICE | {"keys": {"theirs": {"account": OTHER, "policy": TRUSTING}}})
    key = service.announced["keys"]["theirs"]["arn"]
    assert key not in grants(service), "ListKeys does not show it"
    terms = {"KeyId": key, "GranteePrincipal": service.arn(), "Operations": ["Encrypt"]}
    service.client().create_grant(**terms)
    return service, key, terms


def killed_after(studio, service, terms, url=None, env=None, scenario=None):
    """Records a CreateGrant, and kills the recording."""
    recorder = studio.record(url or service.endpoint, env=studio.environment(service) | (env or {}), scenario=scenario)
    recorder.client().create_grant(**terms)
    recorder.kill()


KNOWN = {
    "the account is unknown": ({}, None),
    "the account is in the settings": ({"KMS_FIXTURE_ACCOUNT": "111122223333"}, None),
    "the key is bound": ({}, {"keys": {"theirs": {"account": OTHER}}}),
}


@pytest.mark.parametrize("how", KNOWN)
def test_a_grant_on_the_key_of_another_account_is_found(studio, how):
    service, key, terms = of_another_account(studio)
    before = listed(service, key)
    env, scenario = KNOWN[how]
    env = env | {"KMS_FIXTURE_KEY_THEIRS": key, "KMS_FIXTURE_ACCOUNT": "111122223333"} if scenario else env
    killed_after(studio, service, terms, env=env, scenario=scenario)
    assert len(listed(service, key)) == 2
    done = recover(studio, service)
    assert done.code == GOOD and "ended: 1" in done.err, done
    assert listed(service, key) == before and journals(studio) == []


def test_the_journal_has_no_arn_of_a_key_of_the_recorded_account(studio):
    service, key, _ = foreign(studio, SERVICE)
    terms = {"KeyId": key, "GranteePrincipal": service.arn(), "Operations": ["Encrypt"]}
    killed_after(studio, service, terms, env={"KMS_FIXTURE_ACCOUNT": "111122223333"})
    assert "arn:" not in (studio.folder / "tape.json.run").read_text()
    assert recover(studio, service).code == GOOD


def test_a_grant_on_a_key_that_cannot_be_described_is_told_and_found_later(studio, proxy):
    service, key, terms = of_another_account(studio)
    killed_after(studio, service, terms)
    refused = 400, json.dumps({"__type": "AccessDeniedException"}).encode()
    upstream = proxy(service, lambda operation, _: refused if operation == "DescribeKey" else None)
    done = recover(studio, service, url=upstream.url)
    assert done.code == FINDINGS and key in done.err and "may be left" in done.err, done
    assert journals(studio) == ["tape.json.run"] and len(listed(service, key)) == 2
    assert recover(studio, service).code == GOOD
    assert len(listed(service, key)) == 1 and journals(studio) == []


def test_an_emulator_that_has_forgotten_the_key_of_another_account_has_no_grants_of_it(studio, proxy):
    service, key, terms = of_another_account(studio)
    killed_after(studio, service, terms)
    # For such a key, AWS and the fake refuse DescribeKey to other accounts, so that it cannot be known.
    other = studio.service(SERVICE)
    assert recover(studio, other).code == FINDINGS and journals(studio) == ["tape.json.run"]
    unknown = 400, json.dumps({"__type": "NotFoundException"}).encode()
    upstream = proxy(other, lambda operation, _: unknown if operation == "DescribeKey" else None)
    done = recover(studio, other, url=upstream.url)
    assert done.code == GOOD and "a key is not there" in done.err, done
    assert journals(studio) == []


def test_a_key_of_which_only_a_hash_is_known_is_told_until_it_is_bound(studio):
    """As for a key of another account on AWS."""
    service, key, terms = of_another_account(studio)
    killed_after(studio, service, terms)
    path = studio.folder / "tape.json.run"
    lines = [json.loads(it) for it in path.read_text().splitlines()]
    for it in lines:
        it.get("key", {}).pop("arn", None)
    path.write_text("".join(f"{json.dumps(it)}\n" for it in lines))
    done = recover(studio, service)
    assert done.code == FINDINGS and "may be left" in done.err and "kms-fixture.toml" in done.err, done
    assert len(listed(service, key)) == 2 and journals(studio) == ["tape.json.run"]
    studio.write("kms-fixture.toml", f"[keys]\ntheirs = '{key}'\n")
    done = recover(studio, service)
    assert done.code == GOOD, done
    assert len(listed(service, key)) == 1 and journals(studio) == []


def test_a_named_grant_that_may_have_existed_before_is_named_and_not_ended(studio, proxy):
    service, key, _ = foreign(studio, SERVICE)
    unknown = 400, json.dumps({"__type": "UnknownOperationException"}).encode()
    upstream = proxy(service, lambda operation, _: unknown if operation == "ListGrants" else None)
    terms = {"KeyId": key, "GranteePrincipal": service.arn(), "Operations": ["Encrypt"], "Name": "nightly"}
    theirs = service.client().create_grant(**terms)["GrantId"]
    killed_after(studio, service, terms, url=upstream.url)
    done = recover(studio, service)
    assert done.code == FINDINGS and theirs in done.err and journals(studio) == ["tape.json.run"], done
    assert theirs in listed(service, key)


def test_grants_of_other_keys_are_ended_although_one_key_cannot_be_listed(studio, proxy):
    service, key, theirs = foreign(studio, SERVICE)
    other = service.client().create_key()["KeyMetadata"]["Arn"]
    recorder = studio.record(service)
    for it in (key, other):
        recorder.client().create_grant(KeyId=it, GranteePrincipal=recorder.arn(), Operations=["Decrypt"])
    recorder.kill()
    refused = 400, json.dumps({"__type": "AccessDeniedException"}).encode()

    def instead(proxy, operation, headers, body):
        return refused if operation == "ListGrants" and json.loads(body)["KeyId"] == other else None

    done = recover(studio, service, url=proxy(service, instead=instead).url)
    assert done.code == FINDINGS and other in done.err, done
    assert listed(service, key) == [theirs["GrantId"]] and len(listed(service, other)) == 1
    assert recover(studio, service).code == GOOD
    assert listed(service, other) == []


@pytest.mark.parametrize("after_the_effect", [False, True])
def test_a_key_that_a_killed_recording_may_have_made_is_told(studio, held, after_the_effect):
    service = studio.service(SERVICE)
    it = held(service, lambda named: named == "CreateKey", after_the_effect=after_the_effect)
    recorder = studio.record(it.upstream.url, env=studio.environment(service))
    recorder.client().list_keys()
    thread = threading.Thread(target=lost_call, args=(recorder, "CreateKey", {}))
    thread.start()
    it.wait()
    recorder.kill()
    thread.join(PATIENCE)
    done = recover(studio, service)
    assert done.code == GOOD and "1 CreateKey without an answer" in done.err, done
    assert journals(studio) == []
