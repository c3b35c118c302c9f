"""What is done with cassettes: check, show, diff, accept, reject, migrate; exit codes 0, 1 and 2."""

import copy
import json
import re
import shutil
import subprocess

import pytest

import raw
from recorder import COULD_NOT_RUN, FINDINGS, GOOD, calls, load, pending, studio  # noqa: F401
from server import BINARY, PATIENCE
from support import policy, refusal, trust

COMMANDS = ["check", "show", "accept", "reject", "migrate"]


def story(server):
    """One of everything that the tests below edit."""
    kms = server.client()
    key = kms.create_key(Description="describes", Tags=[{"TagKey": "team", "TagValue": "blue"}])["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName="alias/orders", TargetKeyId=key)
    grant = kms.create_grant(
        KeyId=key,
        GranteePrincipal=server.arn(),
        RetiringPrincipal=server.arn(),
        Operations=["Decrypt"],
        Name="nightly",
        Constraints={"EncryptionContextSubset": {"tenant": "acme"}},
    )
    kms.list_grants(KeyId=key)
    kms.list_resource_tags(KeyId=key)
    kms.retire_grant(GrantToken=grant["GrantToken"])
    refusal(kms.revoke_grant, KeyId=key, GrantId=grant["GrantId"])


# Where the story is on its tape.
MADE, ALIAS, GRANT, LIST, TAGS, RETIRE, REVOKE = range(7)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """The story as a tape, for tests that edit it."""
    from recorder import Studio

    studio = Studio(tmp_path_factory.mktemp("recorded"))
    tape = studio.recorded(story)
    studio.close()
    assert calls(tape)[REVOKE] == ("RevokeGrant", 400)
    return tape


@pytest.fixture
def tape(recorded):
    """The same, to be edited."""
    return copy.deepcopy(recorded)


def checked(studio, tape, *arguments, name="tape.json"):
    """Checks a tape, or the text of a file; gives the exit code and what was found."""
    path = studio.write(name, tape)
    done = studio.run("check", *arguments, path)
    assert done.err == "", done
    return done


def found(studio, tape, *arguments, **options):
    """The one finding that a tape has."""
    done = checked(studio, tape, *arguments, **options)
    assert done.code == FINDINGS, done
    assert done.out.splitlines()[-1] == "1 cassette, 1 finding", done.out
    return done.out


# --- check: what is wrong with the file ---


def test_a_recording_has_no_findings(studio, tape):
    done = checked(studio, tape)
    assert (done.code, done.out) == (GOOD, "1 cassette, 0 findings\n")


def test_a_folder_is_checked_with_all_that_is_below_it(studio, tape):
    for name in ("cassettes/a/b/one.json", "cassettes/two.json"):
        studio.write(name, tape)
    for arguments in ((), ("cassettes",), ("cassettes/a", "cassettes/two.json")):
        done = studio.run("check", *arguments)
        assert (done.code, done.out.splitlines()[-1]) == (GOOD, "2 cassettes, 0 findings")
    studio.write("cassettes/a/three.json", "{}")
    done = studio.run("check")
    assert done.code == FINDINGS
    assert re.search(r"cassettes/a/three\.json.*\n3 cassettes, 1 finding", done.out)


def test_a_torn_file_is_named_wherever_it_is_torn(studio, tape):
    text = json.dumps(tape, indent=2) + "\n"
    whole = len(text.rstrip())
    for part in range(20):
        done = checked(studio, text[: whole * part // 20])
        assert done.code == FINDINGS, part
        assert str(studio.tape) in done.out and re.search("torn|empty|end is missing", done.out), (part, done.out)
        done = studio.run("replay", studio.tape)
        assert done.code == COULD_NOT_RUN and str(studio.tape) in done.err, part
    assert checked(studio, text[: whole - 1]).code == FINDINGS
    assert checked(studio, text[:whole]).code == GOOD


def test_a_torn_file_is_not_silently_recorded_over(studio, tape):
    studio.write("tape.json", json.dumps(tape)[:1000])
    before = studio.tape.read_bytes()
    done = studio.run("record", "--cassette", studio.tape, "--upstream", "http://127.0.0.1:9", "--format", "json")
    assert done.code == COULD_NOT_RUN
    assert str(studio.tape) in done.err and "torn" in done.err
    assert studio.tape.read_bytes() == before and not studio.pending.exists()


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "=======", ">>>>>>> theirs"])
def test_conflict_markers_are_told_with_their_line(studio, tape, mark):
    lines = json.dumps(tape, indent=2).splitlines()
    lines.insert(4, mark)
    out = found(studio, "\n".join(lines))
    assert f"{studio.tape}:5:" in out
    if mark != "=======":
        assert "conflict" in out


def test_a_newer_version_is_refused_with_both_numbers(studio, tape):
    known = tape["version"]
    newer = tape | {"version": known + 97, "unheard": {"of": 1}}
    out = found(studio, newer)
    assert f"version {known + 97}" in out and re.search(rf"version {known}\b", out)
    done = studio.run("show", studio.tape)
    assert done.code == COULD_NOT_RUN and f"version {known + 97}" in done.err


@pytest.mark.parametrize("text", ["{}", "[]", "null", '"tape"', '{"format":"har","version":2}', '{"log":{}}', ""])
def test_what_is_no_cassette_is_said_to_be_none(studio, text):
    assert str(studio.tape) in found(studio, text)


@pytest.mark.parametrize(
    "edit, word",
    [
        (lambda it: it.pop("version"), "version"),
        (lambda it: it.update(recorded="yesterday"), "recorded"),
        (lambda it: it.update(unheard="of"), "unheard"),
        (lambda it: it["interactions"][MADE].update(operation="MakeKey"), "MakeKey"),
        (lambda it: it["interactions"][MADE].update(status=99), "99"),
        (lambda it: it["interactions"][MADE].update(input=[]), "input"),
        (lambda it: it["interactions"][MADE].pop("caller"), "caller"),
        (lambda it: it["origin"].update(kind="hearsay"), "hearsay"),
        (lambda it: it["scenario"].update(roles={"worker": {"alow": []}}), "alow"),
        (lambda it: it.update(accepted=[ACCEPTED | {"reason": " "}]), "reason"),
    ],
)
def test_what_a_cassette_cannot_say_is_named(studio, tape, edit, word):
    edit(tape)
    assert word in found(studio, tape)


def test_bytes_that_are_no_text_are_an_error_and_no_crash(studio):
    studio.tape.write_bytes(b"\xff\xfe{}\x00")
    done = studio.run("check", studio.tape)
    assert done.code == FINDINGS and str(studio.tape) in done.out


def test_what_was_recorded_and_not_reviewed_is_a_finding(studio, tape):
    studio.write("tape.json.new", tape)
    done = studio.run("check", studio.folder)
    assert done.code == FINDINGS
    assert "tape.json.new" in done.out and "accept" in done.out and "reject" in done.out


def test_an_old_recording_is_a_finding_and_a_transcription_does_not_age(studio, tape):
    tape["recorded"] = "2020-02-29T12:00:00Z"
    out = found(studio, tape)
    assert "2020-02-29" in out and "record it again" in out
    assert checked(studio, tape, "--max-age", "0").code == GOOD
    assert checked(studio, tape, "--max-age", "100000").code == GOOD
    tape["origin"] = {"kind": "documentation", "name": "API reference"}
    assert checked(studio, tape).code == GOOD


def test_an_orphan_is_a_cassette_whose_test_has_gone(studio, tape):
    studio.write("Cargo.toml", "[workspace]\n")
    studio.write("tests/it.rs", "#[kms_test]\nasync fn a_test_that_is_there(kms: Kms) {\n}\n")
    tape["test"] = "app::it::a_test_that_is_there"
    assert checked(studio, tape, name="cassettes/tape.json").code == GOOD
    for gone in ("app::it::a_test_that_has_gone", "app::it::a_test_that_is"):
        tape["test"] = gone
        out = found(studio, tape, name="cassettes/tape.json")
        assert "orphan" in out and gone in out


def test_a_comment_is_no_test(studio, tape):
    studio.write("Cargo.toml", "[workspace]\n")
    studio.write("tests/it.rs", "// fn it_was_here() was deleted\n/* async fn it_was_here() {} */\nfn other() {}\n")
    tape["test"] = "app::it::it_was_here"
    assert "orphan" in found(studio, tape, name="cassettes/tape.json")


def test_check_needs_no_network(studio, tape):
    """In a namespace of its own there is none, not even loopback."""
    if subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode != 0:
        pytest.skip("no namespaces here")
    studio.write("tape.json", tape)
    done = subprocess.run(["unshare", "-rn", BINARY, "check", studio.tape], capture_output=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (GOOD, b""), done


def test_check_changes_nothing(studio, tape):
    studio.write("tape.json.new", tape)
    tape["interactions"].pop()
    studio.write("tape.json", json.dumps(tape))
    before = {it: (it.read_bytes(), it.stat().st_mtime_ns) for it in studio.folder.iterdir()}
    studio.run("check", studio.folder)
    assert {it: (it.read_bytes(), it.stat().st_mtime_ns) for it in studio.folder.iterdir()} == before


# --- check: secrets ---


def at(tape, *path):
    """What stands at a path, to be changed: the last container and the last step."""
    value = tape["interactions"]
    for step in path[:-1]:
        value = value[step]
    return value, path[-1]


LIVE_KEY = "arn:aws:kms:us-east-1:111122223333:key/6f3b1f0e-6c1d-4b5e-9c52-0a41f7a2f0cd"
SECRETS = {
    "account": ((MADE, "output", "KeyMetadata", "AWSAccountId"), "498236157304"),
    "account in an ARN": (
        (LIST, "input", "KeyId"),
        "arn:aws:kms:us-east-1:498236157304:key/00000000-0000-4000-8000-000000000001",
    ),
    "key id": ((MADE, "output", "KeyMetadata", "KeyId"), "6f3b1f0e-6c1d-4b5e-9c52-0a41f7a2f0cd"),
    "key ARN": ((MADE, "output", "KeyMetadata", "Arn"), LIVE_KEY),
    "grant id": ((GRANT, "output", "GrantId"), "9a" * 32),
    "grant token": ((GRANT, "output", "GrantToken"), "AQpAM2RhZTk1MGMyNTk2ZmZmMzEyYWVhOWViN2I1MWM4Mzc"),
    "grant token sent": ((RETIRE, "input", "GrantToken"), "AQpAM2RhZTk1MGMyNTk2ZmZmMzEyYWVhOWViN2I1MWM4Mzc"),
    "material": ((MADE, "output", "KeyMetadata", "CurrentKeyMaterialId"), "9b" * 32),
    "role": ((GRANT, "input", "GranteePrincipal"), "arn:aws:iam::111122223333:role/payroll-batch"),
    "session": ((GRANT, "input", "GranteePrincipal"), "arn:aws:sts::111122223333:assumed-role/Admin/jane.doe"),
    "user": ((GRANT, "input", "RetiringPrincipal"), "arn:aws:iam::111122223333:user/jane.doe"),
    "alias": ((ALIAS, "input", "AliasName"), "alias/payroll"),
    "name": ((GRANT, "input", "Name"), "payroll"),
    "description": ((MADE, "input", "Description"), "the payroll of ACME"),
    "tag key": ((MADE, "input", "Tags", 0, "TagKey"), "cost-centre"),
    "tag value": ((TAGS, "output", "Tags", 0, "TagValue"), "4711-payroll"),
    "context value": ((GRANT, "input", "Constraints", "EncryptionContextSubset", "context-key-1"), "acme"),
    "error text": ((REVOKE, "output", "message"), "Grant of payroll does not exist"),
    "error code": ((REVOKE, "output", "__type"), "AcmeInternalException"),
    "unknown member": ((MADE, "output", "KeyMetadata", "Owner"), "jane.doe"),
    "enum": ((MADE, "output", "KeyMetadata", "KeyState"), "OwnedByJane"),
    "marker": ((LIST, "output", "NextMarker"), "AE0AAAACAHMAAAAJYWNjb3VudElkAHMAAAAMNDk4MjM2"),
    "request id": ((MADE, "output", "KmsRequestId"), "0a8c1f6e-3c52-4b9f-8f7d-2b1d7f3f9e11"),
}


@pytest.mark.parametrize("kind", SECRETS)
def test_a_live_value_in_a_file_is_found(studio, tape, kind):
    path, live = SECRETS[kind]
    container, last = at(tape, *path)
    container[last] = live
    done = checked(studio, tape)
    assert done.code == FINDINGS
    secrets = [it for it in done.out.splitlines() if "secret" in it]
    assert secrets, done.out
    call = tape["interactions"][path[0]]["operation"]
    assert any(f"call {path[0] + 1}, {call}" in it for it in secrets), secrets
    assert live not in done.out.split("drift")[0], "a finding does not repeat the secret"


NUMBERS = {
    "text": (MADE, "input", "Description"),
    "unknown member": (MADE, "output", "KeyMetadata", "Owner"),
    "boolean": (MADE, "output", "KeyMetadata", "Enabled"),
    "structure": (GRANT, "input", "Constraints"),
    "context value": (GRANT, "input", "Constraints", "EncryptionContextSubset", "context-key-1"),
    "list of texts": (GRANT, "input", "Operations", 0),
    "error code": (REVOKE, "output", "__type"),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_a_live_number_is_found_where_the_api_has_none(studio, tape, kind):
    container, last = at(tape, *NUMBERS[kind])
    container[last] = 987650001111
    done = checked(studio, tape)
    call = tape["interactions"][NUMBERS[kind][0]]["operation"]
    secrets = [it for it in done.out.splitlines() if "secret" in it]
    assert done.code == FINDINGS and any(call in it for it in secrets), done.out


def test_a_live_account_without_quotes_is_found_in_a_policy(studio, tape):
    condition = {"StringEquals": {"aws:SourceAccount": 987650001111}}
    document = policy(trust("*", Condition=condition))
    tape["interactions"][MADE]["input"]["Policy"] = json.dumps(document)
    done = checked(studio, tape)
    assert "call 1, CreateKey input: $.Policy is not a pseudonym" in done.out
    del tape["interactions"][MADE]["input"]["Policy"]
    assert checked(studio, tape).code == GOOD
    tape["scenario"] |= {"keys": {"orders": {"policy": document}}}
    done = checked(studio, tape)
    assert done.code == FINDINGS and "a secret? the scenario" in done.out


def test_a_live_key_of_a_context_is_found(studio, tape):
    container, last = at(tape, GRANT, "input", "Constraints", "EncryptionContextSubset")
    container[last] = {"payroll-of": "context-value-1"}
    done = checked(studio, tape)
    assert done.code == FINDINGS and "secret" in done.out


@pytest.mark.parametrize(
    "scenario",
    [
        {"account": "498236157304"},
        {"keys": {"orders": {"description": "the payroll"}}},
        {"keys": {"orders": {"alias": "alias/payroll"}}},
        {"keys": {"orders": {"tags": {"cost-centre": "tag-value-1"}}}},
        {"roles": {"worker": {"name": "payroll-batch"}}},
        {"roles": {"worker": {"session": "jane.doe"}}},
        {"roles": {"worker": {"account": "498236157304"}}},
        {"users": {"alice": {"name": "jane.doe"}}},
    ],
)
def test_a_live_value_among_the_declarations_is_found(studio, tape, scenario):
    tape["scenario"] |= scenario
    done = checked(studio, tape)
    assert done.code == FINDINGS and "secret" in done.out, done.out


@pytest.mark.parametrize(
    "put",
    [
        lambda it: it["origin"].update(name="with AKIAIOSFODNN7EXAMPLE"),
        lambda it: it.update(test="ASIAY34FZKBOKMUTVV7A"),
        lambda it: it.update(keep=["AWS4-HMAC-SHA256 Credential=x"]),
        lambda it: it.update(accepted=[ACCEPTED | {"reason": "X-Amz-Security-Token: abc"}]),
    ],
    ids=["long-lived", "temporary", "signature", "token"],
)
def test_a_credential_is_found_wherever_it_stands(studio, tape, put):
    put(tape)
    done = checked(studio, tape)
    assert done.code == FINDINGS
    text = studio.tape.read_text().splitlines()
    [line] = re.findall(r"line (\d+) looks like a credential", done.out)
    assert re.search(r"AKIA|ASIA|AWS4|Security-Token", text[int(line) - 1])


@pytest.mark.parametrize("caller", ["jane.doe", "payroll-batch"])
def test_a_caller_that_nobody_has_declared_is_no_name_of_a_test(studio, tape, caller):
    tape["interactions"][MADE]["caller"] = caller
    assert checked(studio, tape).code == FINDINGS


# --- check: drift ---

ACCEPTED = {"operation": "RevokeGrant", "grade": "value", "path": "$.message", "reason": "AWS has another text"}


def drifts(studio, tape):
    """The grades and paths at which the fake disagrees, by call."""
    done = checked(studio, tape)
    assert done.code == FINDINGS
    found, call = [], None
    for line in done.out.splitlines():
        if number := re.search(r"disagrees with the recording at call (\d+), (\w+)", line):
            call = int(number[1]) - 1
        elif grade := re.fullmatch(r"  (\w+) at (\$\S*)", line):
            found.append((call, grade[1], grade[2]))
    return found


def test_another_status_is_drift(studio, tape):
    tape["interactions"][REVOKE] |= {"status": 500}
    # What the service itself failed says nothing about the fake.
    assert checked(studio, tape).code == GOOD
    tape["interactions"][REVOKE] |= {"status": 403}
    assert (REVOKE, "status", "$") in drifts(studio, tape)


def test_success_in_place_of_an_error_is_drift(studio, tape):
    tape["interactions"][REVOKE] |= {"status": 200}
    del tape["interactions"][REVOKE]["output"]
    assert (REVOKE, "status", "$") in drifts(studio, tape)


def test_another_code_is_drift(studio, tape):
    tape["interactions"][REVOKE]["output"]["__type"] = "KMSInvalidStateException"
    assert drifts(studio, tape) == [(REVOKE, "code", "$.__type")]


def test_a_member_that_only_the_fake_has_is_drift(studio, tape):
    del tape["interactions"][MADE]["output"]["KeyMetadata"]["MultiRegion"]
    assert drifts(studio, tape) == [(MADE, "extra", "$.KeyMetadata.MultiRegion")]


def test_a_member_that_the_fake_lacks_is_drift(studio, tape):
    tape["interactions"][MADE]["output"]["KeyMetadata"]["ExpirationModel"] = "KEY_MATERIAL_EXPIRES"
    assert drifts(studio, tape) == [(MADE, "missing", "$.KeyMetadata.ExpirationModel")]


def test_another_value_is_drift(studio, tape):
    tape["interactions"][MADE]["output"]["KeyMetadata"]["KeyState"] = "Disabled"
    assert drifts(studio, tape) == [(MADE, "value", "$.KeyMetadata.KeyState")]


def test_another_type_is_drift(studio, tape):
    tape["interactions"][LIST]["output"]["Truncated"] = "false"
    found = drifts(studio, tape)
    assert (LIST, "type", "$.Truncated") in found


def test_a_grant_that_only_one_side_has_is_drift(studio, tape):
    grants = tape["interactions"][LIST]["output"]["Grants"]
    [grant] = grants
    grants.append(grant | {"GrantId": "0" * 63 + "9"})
    assert any(call == LIST and grade == "missing" for call, grade, _ in drifts(studio, tape))
    # A new grant that the first list lacks had not arrived.
    grants.clear()
    done = checked(studio, tape)
    assert (done.code, "had not arrived" in done.out) == (GOOD, True), done


def test_one_thing_that_becomes_another_is_drift(studio, tape):
    """The id of the grant in the list is not that which CreateGrant gave."""
    tape["interactions"][LIST]["output"]["Grants"][0]["GrantId"] = "0" * 63 + "7"
    assert any(call == LIST for call, _, _ in drifts(studio, tape))


def test_when_something_happened_is_no_drift(studio, tape):
    tape["interactions"][MADE]["output"]["KeyMetadata"]["CreationDate"] = 1.5
    assert checked(studio, tape).code == GOOD


def rsa(server):
    kms = server.client()
    kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")


def test_order_is_drift_where_it_means_something(studio):
    tape = studio.recorded(rsa)
    tape["interactions"][0]["output"]["KeyMetadata"]["SigningAlgorithms"].reverse()
    assert drifts(studio, tape) == [(0, "order", "$.KeyMetadata.SigningAlgorithms")]


def lists(server):
    kms = server.client()
    key = kms.create_key()["KeyMetadata"]["Arn"]
    for operation in ("Decrypt", "Encrypt"):
        kms.create_grant(KeyId=key, GranteePrincipal=server.arn(), Operations=[operation])
    kms.list_grants(KeyId=key)


def test_order_is_no_drift_where_nobody_has_promised_it_unless_it_is_declared(studio):
    tape = studio.recorded(lists)
    there = tape["interactions"][-1]["output"]["Grants"]
    there_and_back = [list(there), there[::-1]]
    found = []
    for grants in there_and_back:
        tape["interactions"][-1]["output"]["Grants"] = grants
        assert checked(studio, tape).code == GOOD
        ordered = tape | {"ordered": ["Grants"]}
        if checked(studio, ordered).code == FINDINGS:
            found.append(drifts(studio, ordered))
    # One of the two is the fake's own order, and ids are drawn: nobody knows which.
    assert found == [[(3, "order", "$.Grants")]]


def test_an_accepted_difference_is_no_drift_and_expires(studio, tape):
    edited = copy.deepcopy(tape)
    edited["interactions"][MADE]["output"]["KeyMetadata"]["KeyState"] = "Disabled"
    because = {
        "operation": "CreateKey",
        "grade": "value",
        "path": "$.KeyMetadata.KeyState",
        "reason": "seen in March",
    }
    assert checked(studio, edited | {"accepted": [because]}).code == GOOD
    out = found(studio, tape | {"accepted": [because]})
    assert "no longer occurs" in out and "CreateKey" in out and "seen in March" in out
    # One for another call does not help.
    other = because | {"operation": "DescribeKey"}
    out = checked(studio, edited | {"accepted": [other]}).out
    assert "no longer occurs" in out and "value at $.KeyMetadata.KeyState" in out


def repeating(tape, number):
    """A tape on which so many answers to DescribeKey differ from the fake in one way."""
    made = tape["interactions"][MADE]
    key = made["output"]["KeyMetadata"]["KeyId"]
    disabled = made["output"]["KeyMetadata"] | {"KeyState": "Disabled"}
    call = {"caller": "admin", "operation": "DescribeKey", "input": {"KeyId": key}, "status": 200}
    calls = [call | {"output": {"KeyMetadata": disabled}} for _ in range(number)]
    return tape | {"interactions": [made, *calls]}


def test_a_difference_that_repeats_is_shown_once_with_its_calls(studio, tape):
    out = found(studio, repeating(tape, 3))
    assert out.count("value at $.KeyMetadata.KeyState") == 1
    assert "disagrees with the recording at calls 2, 3 and 4, DescribeKey by admin:\n" in out
    # Another value in one of them is another difference.
    edited = json.loads(json.dumps(repeating(tape, 3)))
    edited["interactions"][2]["output"]["KeyMetadata"]["KeyState"] = "PendingDeletion"
    out = found(studio, edited)
    assert "at calls 2 and 4, DescribeKey" in out and "at call 3, DescribeKey" in out
    assert out.count("value at $.KeyMetadata.KeyState") == 2


def test_five_differences_are_shown_unless_all_are_wanted(studio, tape):
    metadata = tape["interactions"][MADE]["output"]["KeyMetadata"]
    for name in ("Enabled", "KeySpec", "KeyState", "KeyUsage", "MultiRegion", "Origin", "KeyManager"):
        del metadata[name]
    out = found(studio, tape)
    assert out.count("extra at ") == 5 and "and 2 more differences, shown by `kms-fixture check --all FILE`" in out
    out = found(studio, tape, "--all")
    assert out.count("extra at ") == 7 and "more difference" not in out
    metadata |= {"Enabled": True}
    assert "and 1 more difference," in found(studio, tape)
    # A replay shows as many.
    player = studio.replay()
    for call in tape["interactions"]:
        raw.call(player, call["operation"], call["input"])
    done = player.end()
    assert done.code == FINDINGS and done.err.count("extra at ") == 5 and "and 1 more difference," in done.err


@pytest.mark.parametrize(
    "origin, label",
    [
        ({"kind": "aws"}, "aws "),
        ({"kind": "emulator", "name": "moto 5.1.22"}, "moto"),
        ({"kind": "emulator", "name": "local-kms 3"}, "local-kms"),
        ({"kind": "emulator", "name": "aws 1"}, "emulator"),
        ({"kind": "emulator", "name": "\u001b]0;x 1"}, "emulator"),
        ({"kind": "emulator"}, "emulator"),
        ({"kind": "documentation", "name": "API reference"}, "documentation"),
        ({"kind": "fake", "name": "kms-fixture 0.1.0"}, "recorded fake"),
    ],
)
def test_the_recorded_value_has_the_label_of_its_origin(studio, tape, origin, label):
    tape["interactions"][MADE]["output"]["KeyMetadata"]["KeyState"] = "Disabled"
    out = found(studio, tape | {"origin": origin})
    fake = "fake".ljust(len(label))
    assert f'\n    {label}  "Disabled"\n    {fake}  "Enabled"\n' in out, out


# --- show ---


@pytest.fixture
def shown(studio, tape):
    studio.write("tape.json", tape)

    def show(*arguments):
        done = studio.run("show", studio.tape, *arguments)
        assert (done.code, done.err) == (GOOD, "")
        return done.out

    return show


ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}")


def test_the_table_has_one_line_for_each_call(shown, tape):
    out = shown()
    assert shown("--format", "table") == out
    assert "emulator" in out and tape["recorded"] in out
    rows = [it.split() for it in out.splitlines() if re.match(r" *\d+ ", it)]
    assert [row[:3] for row in rows] == [
        [str(number + 1), it["caller"], it["operation"]] for number, it in enumerate(tape["interactions"])
    ]
    assert [row[3] for row in rows[:6]] == ["key-1", "alias/alias-1", "key-1", "key-1", "key-1", "grant-1"]
    assert rows[MADE][4] == "ok" and rows[REVOKE][4] == "NotFoundException:"
    assert not ID.search(out)


def test_json_has_the_calls_with_names(shown, tape):
    told = json.loads(shown("--format", "json"))
    assert [it["operation"] for it in told] == [it["operation"] for it in tape["interactions"]]
    assert told[RETIRE]["input"] == {"GrantToken": "grant-1"}
    assert told[REVOKE]["input"] == {"KeyId": "key-1", "GrantId": "grant-1"}
    assert told[REVOKE]["error"] == "NotFoundException"
    assert not ID.search(json.dumps(told))


def test_mermaid_has_a_line_for_each_way(shown, tape):
    out = shown("--format", "mermaid")
    assert out.startswith("sequenceDiagram\n")
    asked = re.findall(r"^ *\S+->>KMS: (\w+)", out, re.MULTILINE)
    assert asked == [it["operation"] for it in tape["interactions"]]
    assert len(re.findall(r"KMS--", out)) == len(asked)
    assert "NotFoundException" in out and not ID.search(out)


def test_har_is_an_archive_of_the_calls(shown, tape):
    log = json.loads(shown("--format", "har"))["log"]
    assert log["version"] == "1.2" and log["creator"]["name"] == "kms-fixture"
    assert len(log["entries"]) == len(tape["interactions"])
    for entry, it in zip(log["entries"], tape["interactions"], strict=True):
        headers = {header["name"]: header["value"] for header in entry["request"]["headers"]}
        assert headers["x-amz-target"] == f"TrentService.{it['operation']}"
        assert json.loads(entry["request"]["postData"]["text"]) == it["input"]
        assert entry["response"]["status"] == it["status"]
        text = entry["response"]["content"]["text"]
        assert (json.loads(text) if text else None) == it.get("output")
        # HAR 1.2: what every entry has to have.
        assert {"startedDateTime", "time", "request", "response", "cache", "timings"} <= set(entry)


# --- diff ---


def test_equal_cassettes_have_no_difference(studio, tape):
    studio.write("one.json", tape)
    studio.write("two.json", tape | {"recorded": "2020-01-01T00:00:00Z"})
    done = studio.run("diff", "one.json", "two.json")
    assert (done.code, done.out, done.err) == (GOOD, "", "")


def difference(studio, one, two):
    studio.write("one.json", one)
    studio.write("two.json", two)
    done = studio.run("diff", "one.json", "two.json")
    assert (done.code, done.err) == (FINDINGS, "")
    return done.out


def test_a_call_that_only_one_has_is_a_difference(studio, tape):
    longer = copy.deepcopy(tape)
    longer["interactions"].insert(LIST, tape["interactions"][TAGS])
    out = difference(studio, tape, longer)
    assert re.fullmatch(rf"\+ call {LIST + 1} of two\.json: ListResourceTags by admin\n", out), out
    out = difference(studio, longer, tape)
    assert re.fullmatch(rf"- call {LIST + 1} of one\.json: ListResourceTags by admin\n", out), out


def test_an_operation_in_place_of_another_is_a_difference(studio, tape):
    other = copy.deepcopy(tape)
    other["interactions"][REVOKE]["operation"] = "RetireGrant"
    lines = difference(studio, tape, other).splitlines()
    number = REVOKE + 1
    assert lines == [
        f"- call {number} of one.json: RevokeGrant by admin",
        f"+ call {number} of two.json: RetireGrant by admin",
    ]


@pytest.mark.parametrize(
    "path, value, words",
    [
        ((REVOKE, "status"), 403, ["status", "400", "403"]),
        ((REVOKE, "output", "__type"), "AlreadyExistsException", ["$.__type", "NotFoundException", "AlreadyExistsException"]),
        ((MADE, "output", "KeyMetadata", "KeyState"), "Disabled", ["$.KeyMetadata.KeyState", "Enabled", "Disabled"]),
        ((GRANT, "input", "Operations"), ["Encrypt"], ["input $.Operations[0]", "Decrypt", "Encrypt"]),
        ((GRANT, "caller"), "worker", ["CreateGrant by worker", "CreateGrant by admin"]),
    ],
)
def test_what_differs_in_a_call_is_told_with_both_sides(studio, tape, path, value, words):
    other = copy.deepcopy(tape)
    container, last = at(other, *path)
    container[last] = value
    out = difference(studio, tape, other)
    assert f"call {path[0] + 1} of " in out
    assert all(it in out for it in words), out


def test_diff_numbers_the_calls_of_each_file_and_names_things_as_show_does(studio, tape):
    tape["scenario"]["roles"] = {"worker": {}, "janitor": {}}
    role = "arn:aws:iam::111122223333:role/"
    tape["interactions"][GRANT]["input"]["GranteePrincipal"] = role + "worker"
    other = json.loads(json.dumps(tape))
    other["interactions"][GRANT]["input"]["GranteePrincipal"] = role + "janitor"
    other["interactions"][TAGS]["input"]["KeyId"] = "alias/alias-1"
    other["interactions"].insert(0, tape["interactions"][TAGS])
    lines = difference(studio, tape, other).splitlines()
    assert lines == [
        "+ call 1 of two.json: ListResourceTags by admin",
        f"  call {GRANT + 1} of one.json, call {GRANT + 2} of two.json: CreateGrant by admin",
        '      input $.GranteePrincipal (value): "worker" -> "janitor"',
        f"  call {TAGS + 1} of one.json, call {TAGS + 2} of two.json: ListResourceTags by admin",
        '      input $.KeyId (value): "key-1" -> "alias/alias-1"',
    ]


def test_diff_of_one_cassette_compares_it_with_its_recording(studio, tape):
    longer = tape | {"interactions": [*tape["interactions"], tape["interactions"][TAGS]]}
    studio.write("tape.json", tape)
    done = studio.run("diff", studio.tape)
    assert (done.code, done.out) == (COULD_NOT_RUN, "")
    assert f"{studio.pending} does not exist" in done.err and "help: " in done.err
    studio.write("tape.json.new", longer)
    for path in (studio.tape, studio.pending):
        done = studio.run("diff", path)
        assert (done.code, done.err) == (FINDINGS, "")
        assert done.out == "+ call 8 of tape.json.new: ListResourceTags by admin\n"


def test_cassettes_of_one_name_are_told_apart_by_their_folders(studio, tape):
    for folder in "ab":
        studio.write(f"{folder}/it.json", tape)
        tape = tape | {"interactions": tape["interactions"][:-1]}
    out = studio.run("diff", "a/it.json", "b/it.json").out
    assert out == "- call 7 of a/it.json: RevokeGrant by admin\n"


def test_declarations_that_differ_are_told(studio, tape):
    out = difference(studio, tape, tape | {"scenario": tape["scenario"] | {"roles": {"worker": {}}}})
    assert "declar" in out


# --- accept, reject ---


def test_accept_makes_what_was_recorded_the_cassette(studio, tape):
    studio.write("tape.json", {"old": True})
    new = studio.write("tape.json.new", tape)
    text = new.read_text()
    done = studio.run("accept", studio.tape)
    assert (done.code, done.err) == (GOOD, "") and str(studio.tape) in done.out
    assert studio.tape.read_text() == text and not new.exists()
    assert studio.run("accept", studio.tape).code == GOOD  # once more is nothing


def test_reject_deletes_what_was_recorded_and_nothing_else(studio, tape):
    old = studio.write("tape.json", tape).read_text()
    new = studio.write("tape.json.new", tape | {"recorded": "2020-01-01T00:00:00Z"})
    done = studio.run("reject", studio.tape)
    assert (done.code, done.err) == (GOOD, "") and str(new) in done.out
    assert studio.tape.read_text() == old and not new.exists()


@pytest.mark.parametrize("command", ["accept", "reject"])
@pytest.mark.parametrize("how", ["default", "folder", "cassette", "new"])
def test_accept_and_reject_take_folders_and_files(studio, tape, command, how):
    paths = [studio.folder / "cassettes" / it for it in ("a.json", "deep/er/b.json")]
    for path in paths:
        studio.write(pending(path).relative_to(studio.folder), tape)
    said = {"default": [], "folder": ["cassettes"], "cassette": paths, "new": list(map(pending, paths))}[how]
    assert studio.run(command, *said).code == GOOD
    assert [it.is_file() for it in paths] == [command == "accept"] * 2
    assert not any(pending(it).exists() for it in paths)


def test_only_what_was_named_is_accepted(studio, tape):
    for name in ("a.json.new", "b.json.new"):
        studio.write(name, tape)
    assert studio.run("accept", "a.json").code == GOOD
    assert sorted(it.name for it in studio.folder.iterdir()) == ["a.json", "b.json.new"]


def test_what_cannot_be_read_is_not_accepted(studio, tape):
    old = studio.write("tape.json", tape).read_text()
    new = studio.write("tape.json.new", json.dumps(tape)[:-10])
    done = studio.run("accept", studio.tape)
    assert done.code == COULD_NOT_RUN and str(new) in done.err
    assert studio.tape.read_text() == old and new.exists()


def test_a_difference_is_accepted_with_a_reason_that_goes_into_the_file(studio, tape):
    tape["interactions"][MADE]["output"]["KeyMetadata"]["KeyState"] = "Disabled"
    assert checked(studio, tape).code == FINDINGS
    assert studio.run("accept", "--because", "  ", studio.tape).code == COULD_NOT_RUN
    done = studio.run("accept", "--because", "eventual consistency", studio.tape)
    assert done.code == GOOD
    assert load(studio.tape)["accepted"] == [
        {
            "operation": "CreateKey",
            "grade": "value",
            "path": "$.KeyMetadata.KeyState",
            "reason": "eventual consistency",
        }
    ]
    assert studio.run("check", studio.tape).code == GOOD


@pytest.mark.parametrize(
    "edit, why",
    [
        (lambda it: it.update(verdict=["calls"]), "a call was refused by the recorder, or was not answered"),
        (lambda it: it.update(verdict=["clean_up"]), "the live account was not cleaned up"),
        (lambda it: it.update(verdict=["test"]), "its test failed"),
        (lambda it: it.update(interactions=[]), "it has no calls"),
        (lambda it: it["interactions"][GRANT]["input"].update(Name="payroll"), "a secret?"),
    ],
)
def test_a_bad_recording_is_refused_unless_even_so(studio, tape, edit, why):
    old = studio.write("tape.json", tape).read_text()
    bad = copy.deepcopy(tape)
    edit(bad)
    new = studio.write("tape.json.new", bad)
    text = new.read_text()
    checked = studio.run("check", new)
    assert checked.code == FINDINGS and why in checked.out
    done = studio.run("accept", studio.tape)
    assert (done.code, done.err) == (FINDINGS, "") and why in done.out
    assert done.out.endswith("1 recording refused: record again, or accept with `--even-so`\n"), done.out
    assert (studio.tape.read_text(), new.read_text()) == (old, text)
    done = studio.run("accept", "--even-so", studio.tape)
    assert (done.code, done.err) == (GOOD, "") and why in done.out
    assert load(studio.tape) == {name: it for name, it in bad.items() if name != "verdict"} and not new.exists()
    assert studio.tape.read_text().startswith('{\n  "format": "kms-fixture cassette",\n  "version": ')


def test_a_bad_recording_does_not_keep_the_good_ones_from_being_accepted(studio, tape):
    studio.write("cassettes/a.json.new", tape)
    studio.write("cassettes/b.json.new", tape | {"verdict": ["calls"]})
    studio.write("cassettes/c.json.new", tape)
    assert studio.run("accept").code == FINDINGS
    assert sorted(it.name for it in (studio.folder / "cassettes").iterdir()) == ["a.json", "b.json.new", "c.json"]


def test_accept_lists_what_it_accepts(studio, tape):
    studio.write("tape.json.new", tape)
    assert studio.run("accept", studio.tape).out == f"accepted {studio.tape}: 7 calls by admin, 0 differences from the fake\n"
    tape["scenario"]["roles"] = {"worker": {}, "janitor": {}}
    tape["interactions"] = tape["interactions"][:1]
    for caller in ("worker", "janitor"):
        call = {"caller": caller, "operation": "ListKeys", "input": {}, "status": 200}
        tape["interactions"].append(call | {"output": {"Keys": [], "Truncated": False}})
    studio.write("tape.json.new", tape)
    done = studio.run("accept", studio.tape)
    assert done.code == GOOD
    assert re.search(r": 3 calls by admin, worker and janitor, \d differences? from the fake\n$", done.out), done.out


def test_a_verdict_that_is_not_of_the_format_is_refused(studio, tape):
    assert "hearsay" in found(studio, tape | {"verdict": ["hearsay"]})


@pytest.fixture
def differing(studio, tape):
    """The path of a cassette with three differences from the fake."""
    tape["interactions"][MADE]["output"]["KeyMetadata"]["KeyState"] = "Disabled"
    tape["interactions"][LIST]["output"]["Truncated"] = "false"
    del tape["interactions"][LIST]["output"]["Grants"][0]["GrantId"]
    studio.write("cassettes/tape.json", tape)
    return studio.folder / "cassettes/tape.json"


def accepted(path):
    return [(it["operation"], it["grade"], it["path"]) for it in load(path).get("accepted", [])]


STATE = ("CreateKey", "value", "$.KeyMetadata.KeyState")
TRUNCATED = ("ListGrants", "type", "$.Truncated")
ID_OF_GRANT = ("ListGrants", "extra", "$.Grants[].GrantId")


@pytest.mark.parametrize(
    "arguments, expected",
    [
        (["--operation", "CreateKey"], [STATE]),
        (["--operation", "ListGrants", "--operation", "CreateKey"], [STATE, TRUNCATED, ID_OF_GRANT]),
        (["--at", "$.Truncated"], [TRUNCATED]),
        (["--at", "$.Grants[].GrantId"], [ID_OF_GRANT]),
        (["--at", "$.Grants[0].GrantId"], [ID_OF_GRANT]),
        (["--at", "$.Truncated", "--operation", "CreateKey"], []),
        ([], [STATE, TRUNCATED, ID_OF_GRANT]),
    ],
)
def test_differences_to_accept_can_be_chosen(studio, differing, arguments, expected):
    done = studio.run("accept", "--because", "seen", *arguments, differing)
    assert (done.code, done.err) == (GOOD, "")
    assert sorted(accepted(differing)) == sorted(expected)
    assert ("nothing to accept" in done.out) == (not expected)


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--because", "seen"], "name cassettes, or add `--all`"),
        (["--because", "seen", "--operation", "CreateKey"], "name cassettes, or add `--all`"),
        (["--because", "seen", "--operation", "MakeKey", "cassettes"], "`MakeKey` is not an operation of KMS"),
        (["--operation", "CreateKey", "cassettes"], "--because"),
        (["--at", "$", "cassettes"], "--because"),
        (["--all"], "--because"),
        (["--because", "seen", "--all", "cassettes"], "--all"),
    ],
)
def test_differences_are_not_accepted_by_accident(studio, differing, arguments, words):
    done = studio.run("accept", *arguments)
    assert (done.code, done.out) == (COULD_NOT_RUN, "") and words in done.err, done
    assert accepted(differing) == []


def test_all_differences_are_accepted_with_a_word(studio, differing):
    assert studio.run("accept", "--because", "seen", "--all").code == GOOD
    assert sorted(accepted(differing)) == sorted([STATE, TRUNCATED, ID_OF_GRANT])


def test_prune_drops_accepted_differences_that_no_longer_occur(studio, tape):
    occurs = {"operation": "CreateKey", "grade": "value", "path": "$.KeyMetadata.KeyState", "reason": "seen"}
    tape["interactions"][MADE]["output"]["KeyMetadata"]["KeyState"] = "Disabled"
    studio.write("tape.json", tape | {"accepted": [ACCEPTED, occurs]})
    assert "kms-fixture accept --prune" in studio.run("check", studio.tape).out
    done = studio.run("accept", "--prune", studio.tape)
    assert (done.code, done.err) == (GOOD, "")
    assert done.out == f"dropped from {studio.tape}: value $.message of RevokeGrant\n"
    assert load(studio.tape)["accepted"] == [occurs]
    assert studio.run("check", studio.tape).code == GOOD
    text = studio.tape.read_text()
    assert studio.run("accept", "--prune", studio.tape).out == "nothing to accept\n"
    assert studio.tape.read_text() == text


# --- migrate ---


def version_1(tape, origin="emulator: moto 5.1.22"):
    return tape | {"version": 1, "origin": origin}


@pytest.mark.parametrize(
    "origin, migrated",
    [
        ("emulator: moto 5.1.22", {"kind": "emulator", "name": "moto 5.1.22"}),
        ("aws", {"kind": "aws"}),
        ("documentation: API reference: CreateGrant", {"kind": "documentation", "name": "API reference: CreateGrant"}),
    ],
)
def test_migrate_rewrites_what_an_older_version_has_written(studio, tape, origin, migrated):
    studio.write("tape.json", version_1(tape, origin))
    done = studio.run("migrate", studio.tape)
    assert (done.code, done.err) == (GOOD, "") and str(studio.tape) in done.out
    assert load(studio.tape) == tape | {"origin": migrated}
    text = studio.tape.read_text()
    assert studio.run("migrate", studio.tape).code == GOOD
    assert studio.tape.read_text() == text


def test_an_older_version_is_read_without_being_rewritten(studio, tape):
    text = studio.write("tape.json", version_1(tape)).read_text()
    assert studio.run("check", studio.tape).code == GOOD
    done = studio.replayed(story)
    assert done.code == GOOD, done.err
    assert studio.tape.read_text() == text


def test_migrate_leaves_alone_what_is_in_the_current_version(studio):
    studio.recorded(story)
    before = (studio.tape.read_bytes(), studio.tape.stat().st_mtime_ns, studio.tape.stat().st_ino)
    done = studio.run("migrate")  # there is no folder of cassettes
    assert done.code == COULD_NOT_RUN
    assert studio.run("migrate", studio.folder / "tape.json").code == GOOD
    assert (studio.tape.read_bytes(), studio.tape.stat().st_mtime_ns, studio.tape.stat().st_ino) == before


def test_migrate_refuses_a_newer_version_and_writes_nothing(studio, tape):
    text = studio.write("tape.json", tape | {"version": 99}).read_text()
    done = studio.run("migrate", studio.tape)
    assert done.code == COULD_NOT_RUN and "99" in done.err
    assert studio.tape.read_text() == text


def test_one_bad_file_does_not_keep_the_others_from_being_migrated_or_nothing_is_done(studio, tape):
    """Whatever happens to a folder with a bad file, no file is left half written."""
    studio.write("cassettes/a.json", version_1(tape))
    studio.write("cassettes/b.json", "{")
    studio.write("cassettes/c.json", version_1(tape))
    done = studio.run("migrate")
    assert done.code == COULD_NOT_RUN and "b.json" in done.err
    assert (studio.folder / "cassettes/b.json").read_text() == "{"
    for name in ("a", "c"):
        assert load(studio.folder / f"cassettes/{name}.json")["version"] in (1, tape["version"])


# --- The file ---


def without_noise(tape):
    """A tape without what is different each time: when."""

    def strip(value):
        if isinstance(value, dict):
            return {member: strip(it) for member, it in value.items() if "Date" not in member and member != "recorded"}
        return [strip(it) for it in value] if isinstance(value, list) else value

    return strip(tape)


def test_recording_again_changes_nothing_but_dates(studio):
    texts = []
    for name in ("one.json", "two.json"):
        studio.recorded(story, tape=studio.folder / name)
        texts.append((studio.folder / name).read_text())
    one, two = (it.splitlines() for it in texts)
    assert len(one) == len(two)
    changed = [(a, b) for a, b in zip(one, two, strict=True) if a != b]
    assert all(re.match(r' *"(recorded|\w*Date)": ', line) for pair in changed for line in pair), changed
    assert without_noise(json.loads(texts[0])) == without_noise(json.loads(texts[1]))
    assert studio.run("diff", "one.json", "two.json").code == GOOD


def test_there_is_one_timestamp_and_it_is_in_the_header(studio):
    """Canonical (stable key order, one timestamp in the header)."""
    first = studio.recorded(story)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first["recorded"])
    text = json.dumps(first["interactions"])
    assert not re.search(r"\d{4}-\d\d-\d\dT", text)


def test_the_file_is_indented_json_with_a_line_end(studio):
    studio.recorded(story)
    text = studio.tape.read_text()
    assert text.startswith('{\n  "format": "kms-fixture cassette",\n  "version": ')
    assert text.endswith("}\n") and not text.endswith("\n\n") and "\r" not in text


# --- Exit codes ---


@pytest.mark.parametrize("command", COMMANDS + ["replay", "diff"])
def test_a_path_that_does_not_exist_cannot_be_run(studio, command):
    paths = ["nowhere.json"] * (2 if command == "diff" else 1)
    done = studio.run(command, *paths)
    assert (done.code, done.out) == (COULD_NOT_RUN, "")
    assert "nowhere.json" in done.err


@pytest.mark.parametrize("command", ["check", "accept", "reject", "migrate"])
def test_without_a_path_and_without_cassettes_there_is_nothing_to_run(studio, command):
    done = studio.run(command)
    assert done.code == COULD_NOT_RUN and "cassettes" in done.err


@pytest.mark.parametrize(
    "arguments",
    [["shwo"], ["show"], ["show", "--format", "xml", "x"], ["check", "--max-age", "old"], ["diff"], ["record"]],
)
def test_a_command_that_makes_no_sense_cannot_be_run(studio, arguments):
    done = studio.run(*arguments)
    assert (done.code, done.out) == (COULD_NOT_RUN, "") and done.err


@pytest.mark.parametrize("command", ["show", "replay"])
def test_what_is_no_cassette_cannot_be_shown_or_replayed(studio, command):
    studio.write("tape.json", {"log": {}})
    done = studio.run(command, studio.tape)
    assert done.code == COULD_NOT_RUN and str(studio.tape) in done.err


def test_every_command_has_a_help_text(studio):
    done = studio.run("--help")
    assert done.code == GOOD
    for command in [*COMMANDS, "record", "replay", "diff", "serve"]:
        assert re.search(rf"^ +{command} +\S", done.out, re.MULTILINE)
        assert studio.run(command, "--help").code == GOOD


def test_a_reader_that_goes_away_does_no_harm(studio, tape):
    studio.write("tape.json", tape)
    head = shutil.which("head")
    done = subprocess.run(
        ["bash", "-c", f'"{BINARY}" show "{studio.tape}" --format json | "{head}" -c 1'],
        capture_output=True,
        timeout=PATIENCE,
    )
    assert b"panicked" not in done.stderr
