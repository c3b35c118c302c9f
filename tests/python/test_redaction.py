"""Nothing that lives reaches a file: a run in which every value can be recognised."""

import base64
import json
import re
import urllib.parse

import pytest
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

import raw
from canaries import Canaries, encodings, leaks
from recorder import FINDINGS, GOOD, Process, every_output, load, studio  # noqa: F401
from support import policy, trust

ACCOUNT = "736459182736"
THEIRS = "918273645546"

# Whatever a user can choose, once each. No part of one is a word of AWS, or of another.
CHOSEN = {
    "role": "quibbleforth",
    "role_of_theirs": "zanzibarth",
    "path": "blennyhump",
    "session": "snickersnee-77",
    "user": "mugwumpish",
    "alias": "fandangled",
    "name": "Gobbledygrant",
    "description": "Kerfuffle über alles",
    "tag_key": "wishywashkey",
    "tag_value": "hullabaloval",
    "context_key": "skedaddlekey",
    "context_value": "lollygagval",
    "sid": "Flabbergastsid",
    "policy_id": "Cattywampusid",
    "condition_value": "bumfuzzleval",
    "condition_org": "o-taradiddle",
    "source_ip": "203.0.113.77",
    "new_description": "Whippersnapperish",
    "new_alias": "rigmarolish",
    "no_key": "hobbledehoyish",
    "no_marker": "pettifoggerish",
    "no_token": "scuttlebuttish",
    "odd_member": "Lackadaisicalish",
}
KEY_POLICY = {
    "Version": "2012-10-17",
    "Id": CHOSEN["policy_id"],
    "Statement": [
        trust(f"arn:aws:iam::{ACCOUNT}:root"),
        trust(
            f"arn:aws:iam::{ACCOUNT}:role/{CHOSEN['path']}/{CHOSEN['role']}",
            f"arn:aws:iam::{THEIRS}:role/{CHOSEN['role_of_theirs']}",
            actions="kms:DescribeKey",
            Sid=CHOSEN["sid"],
            Condition={
                "StringEquals": {f"kms:EncryptionContext:{CHOSEN['context_key']}": CHOSEN["condition_value"]},
                "StringLike": {"aws:PrincipalOrgID": CHOSEN["condition_org"]},
                "IpAddress": {"aws:SourceIp": CHOSEN["source_ip"]},
            },
        ),
    ],
}


def test_the_search_finds_what_hides():
    secret = "arn:aws:iam::736459182736:role/quibble?forth"
    for hidden in (
        secret,
        json.dumps(json.dumps({"a": secret})),
        urllib.parse.quote(secret, safe=""),
        secret.encode().hex(),
        *(base64.b64encode(before + secret.encode() + b"!").decode() for before in (b"", b"x", b"xy", b"xyz")),
        *(base64.urlsafe_b64encode(before + secret.encode()).decode() for before in (b"", b"x", b"xy")),
    ):
        assert any(it in hidden for it in encodings(secret)), hidden
    assert leaks(b"harmless", {"it": secret}) == []


def call(seen, client, operation, **arguments):
    """A call whose answer, good or bad, is full of what must not be written down."""
    try:
        answer = getattr(client, operation)(**arguments)
    except ClientError as refused:
        answer = refused.response
        seen.see("error", answer["Error"]["Message"].split("arn:")[-1].split()[0] if "arn:" in str(answer) else "")
    seen.see_answer(answer)
    return answer


SERVICE = {
    "account": ACCOUNT,
    "roles": {
        "quibble": {"name": f"{CHOSEN['path']}/{CHOSEN['role']}", "session": CHOSEN["session"]},
        "zanzibar": {"account": THEIRS, "name": CHOSEN["role_of_theirs"]},
    },
    "users": {"mugwump": {"name": CHOSEN["user"]}},
}
DECLARED = {
    "account": ACCOUNT,
    "keys": {"orders": {"alias": f"alias/{CHOSEN['alias']}", "description": CHOSEN["description"]}},
    "roles": {
        "worker": {"name": f"{CHOSEN['path']}/{CHOSEN['role']}", "session": CHOSEN["session"]},
        "partner": {"account": THEIRS, "name": CHOSEN["role_of_theirs"]},
    },
    "users": {"alice": {"name": CHOSEN["user"]}},
    "grants": {
        "access": {
            "key": "orders",
            "grantee": "worker",
            "retiring": "alice",
            "operations": ["Decrypt", "DescribeKey"],
            "name": CHOSEN["name"],
            "context_subset": {CHOSEN["context_key"]: CHOSEN["context_value"]},
        }
    },
}


def grants_run(server, seen):
    """Every operation of the fake, as several callers, with every value that a user can choose."""
    kms = server.client()
    arn = f"arn:aws:iam::{ACCOUNT}:role/{CHOSEN['path']}/{CHOSEN['role']}"
    made = call(
        seen,
        kms,
        "create_key",
        Description=CHOSEN["description"],
        Policy=json.dumps(KEY_POLICY),
        Tags=[{"TagKey": CHOSEN["tag_key"], "TagValue": CHOSEN["tag_value"]}],
    )
    assert "KeyMetadata" in made, made
    key = made["KeyMetadata"]["Arn"]
    key_id = made["KeyMetadata"]["KeyId"]
    call(seen, kms, "create_alias", AliasName=f"alias/{CHOSEN['new_alias']}", TargetKeyId=key)
    grant = call(
        seen,
        kms,
        "create_grant",
        KeyId=key,
        GranteePrincipal=arn,
        RetiringPrincipal=f"arn:aws:iam::{ACCOUNT}:user/{CHOSEN['user']}",
        Operations=["Decrypt", "CreateGrant"],
        Name=CHOSEN["name"],
        Constraints={"EncryptionContextEquals": {CHOSEN["context_key"]: CHOSEN["context_value"]}},
    )
    call(seen, kms, "create_grant", KeyId=key_id, GranteePrincipal=arn, Operations=["Encrypt"])
    call(
        seen,
        kms,
        "create_grant",
        KeyId=key,
        GranteePrincipal=f"arn:aws:iam::{THEIRS}:role/{CHOSEN['role_of_theirs']}",
        Operations=["Encrypt"],
    )
    for reference in (key, key_id, f"alias/{CHOSEN['new_alias']}", f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/{CHOSEN['new_alias']}"):
        call(seen, kms, "describe_key", KeyId=reference)
    page = call(seen, kms, "list_grants", KeyId=key, Limit=1)
    call(seen, kms, "list_grants", KeyId=key, Limit=1, Marker=page["NextMarker"])
    call(seen, kms, "list_grants", KeyId=key)
    call(seen, kms, "list_grants", KeyId=key, GrantId=grant["GrantId"])
    call(seen, kms, "list_retirable_grants", RetiringPrincipal=f"arn:aws:iam::{ACCOUNT}:user/{CHOSEN['user']}")
    call(seen, kms, "list_keys")
    call(seen, kms, "list_aliases")
    call(seen, kms, "list_resource_tags", KeyId=key)
    call(seen, kms, "get_key_policy", KeyId=key)
    call(seen, kms, "put_key_policy", KeyId=key, Policy=json.dumps(KEY_POLICY, indent=1))
    call(seen, kms, "update_key_description", KeyId=key, Description=CHOSEN["new_description"])
    call(seen, kms, "untag_resource", KeyId=key, TagKeys=[CHOSEN["tag_key"]])
    for who in server.announced["callers"]:
        # Refusals tell who was refused what.
        call(seen, server.client(who), "create_grant", KeyId=key, GranteePrincipal=arn, Operations=["Sign", "Decrypt"])
        call(seen, server.client(who), "disable_key", KeyId=key_id)
    call(seen, kms, "create_grant", KeyId=key, GranteePrincipal=arn + "nobody", Operations=["Decrypt"])
    call(seen, kms, "describe_key", KeyId=f"alias/{CHOSEN['new_alias']}-2")
    call(seen, kms, "describe_key", KeyId=CHOSEN["no_key"])
    call(seen, kms, "list_grants", KeyId=key, Marker=CHOSEN["no_marker"])
    call(seen, kms, "retire_grant", GrantToken=CHOSEN["no_token"], GrantId=grant["GrantId"], KeyId=key, DryRun=True)
    call(seen, kms, "enable_key", KeyId=key)
    call(seen, kms, "retire_grant", GrantToken=grant["GrantToken"])
    call(seen, kms, "delete_alias", AliasName=f"alias/{CHOSEN['new_alias']}")
    call(seen, kms, "schedule_key_deletion", KeyId=key, PendingWindowInDays=7)
    # What the model does not have: names of members may be live, too.
    odd = {CHOSEN["odd_member"]: CHOSEN["tag_key"], "KeyId": [key], "Limit": {CHOSEN["sid"]: arn}}
    answer = raw.call(server, "ListGrants", odd)
    seen.see_answer(answer.json)
    return key, grant


def assert_clean(studio, seen, said, files):
    assert len(seen) > 40, "a run that has seen nothing proves nothing"
    found = {}
    for name, text in said.items():
        found[name] = leaks(text.encode(), seen)
    for path in files:
        found[str(path)] = leaks(path.read_bytes(), seen)
    found = {name: it for name, it in found.items() if it}
    assert not found, {name: [(it, seen[it]) for it in names] for name, names in found.items()}


def principals():
    """Declared names that are not those of the service."""
    return {
        "KMS_FIXTURE_PRINCIPAL_WORKER": "quibble",
        "KMS_FIXTURE_PRINCIPAL_PARTNER": "zanzibar",
        "KMS_FIXTURE_PRINCIPAL_ALICE": "mugwump",
    }


@pytest.fixture(params=["declared", "undeclared"])
def run(request, studio):
    """A recorded run, twice: an accepted cassette and a pending one; and everything that was live in it."""
    seen = Canaries({name: it for name, it in CHOSEN.items()})
    seen |= {"account": ACCOUNT, "their account": THEIRS}
    service = studio.service(SERVICE)
    seen.see_credentials(service)
    scenario = DECLARED if request.param == "declared" else None
    said = {}
    for at in range(2):
        # A second key has the alias of the first one otherwise.
        service = service if at == 0 else studio.service(SERVICE)
        seen.see_credentials(service)
        env = principals() if scenario else None
        # It asks with an invented token, by `DryRun`, which the recorder sends to no emulator otherwise.
        recorder = studio.record(service, "--allow-foreign-grants", scenario=scenario, env=env)
        seen.see_credentials(recorder)
        if scenario:
            seen.see("declared key", recorder.key_id())
            for member, it in recorder.announced["grants"]["access"].items():
                seen.see(member, it)
        grants_run(recorder, seen)
        done = recorder.end()
        assert done.code == GOOD, done.err
        said[f"record {at}"] = done.err
        if at == 0:
            studio.accept()
    return studio, seen, said


def test_nothing_that_lives_is_written_or_said(run):
    studio, seen, said = run
    said |= every_output(studio, studio.tape)
    files = [studio.tape, studio.pending]
    assert_clean(studio, seen, said, files)


def test_the_whole_run_is_replayed_with_the_values_of_the_recording(run):
    studio, _, _ = run
    player = studio.replay()
    grants_run(player, Canaries())
    done = player.end()
    assert done.code == GOOD, done.err


def test_the_run_has_seen_both_good_answers_and_bad_ones(run):
    studio, _, _ = run
    answers = [(it["operation"], it["status"]) for it in load(studio.tape)["interactions"]]
    assert len({operation for operation, status in answers if status == 200}) >= 18
    codes = {it["output"]["__type"] for it in load(studio.tape)["interactions"] if it["status"] != 200}
    assert codes >= {"ValidationException", "InvalidArnException", "NotFoundException", "SerializationException"}


def test_no_other_file_is_left_behind(run):
    studio, _, _ = run
    left = {it.name for it in studio.folder.iterdir()} - {"tape.json", "tape.json.new"}
    assert all(re.match(r"service-|profiles-|declared-", it) for it in left), left


def test_the_report_of_a_replay_that_fails_tells_nothing_of_the_recording(run):
    """The client of the replay brings its own values along; those of the recording are gone."""
    studio, seen, _ = run
    player = studio.replay()
    kms = player.client()
    with pytest.raises(ClientError) as caught:
        kms.create_key(Description="another")
    done = player.end()
    assert done.code == FINDINGS
    told = {"report": done.err, "answer": str(caught.value.response), "announced": json.dumps(player.announced)}
    assert_clean(studio, seen, told, [])


def test_a_report_does_not_repeat_what_the_client_has_brought(run):
    """Reports end up in logs: they have pseudonyms, too."""
    studio, seen, _ = run
    player = studio.replay()
    with pytest.raises(ClientError) as caught:
        player.client().create_grant(
            KeyId=f"arn:aws:kms:us-east-1:{ACCOUNT}:key/12345678-aaaa-4bbb-8ccc-1234567890ab",
            GranteePrincipal=f"arn:aws:iam::{THEIRS}:role/{CHOSEN['role_of_theirs']}",
            Operations=["Decrypt"],
            Name=CHOSEN["name"],
            Constraints={"EncryptionContextEquals": {CHOSEN["context_key"]: CHOSEN["context_value"]}},
            GrantTokens=["c2VjcmV0IHRva2VuIG9mIG1pbmU="],
        )
    done = player.end()
    assert done.code == FINDINGS
    mine = seen | {"key": "12345678-aaaa-4bbb-8ccc-1234567890ab", "token": "c2VjcmV0IHRva2VuIG9mIG1pbmU="}
    assert_clean(studio, mine, {"report": done.err, "answer": caught.value.response["Error"]["Message"]}, [])


def test_no_number_is_written_but_where_the_api_has_one(studio):
    """An account without quotes in a policy; numbers in place of texts, of a name of a member, of a context's value."""
    third = 987650001111
    condition = {"StringEquals": {"aws:SourceAccount": third}, "NumericEquals": {"aws:PrincipalTag/a": [third, 7]}}
    days = {"NumericLessThan": {"kms:ScheduleKeyDeletionPendingWindowInDays": 9}}
    statements = [trust(f"arn:aws:iam::{ACCOUNT}:root"), trust("*", Condition=condition), trust("*", Condition=days)]

    def story(server):
        kms = server.client()
        key = kms.create_key(Policy=json.dumps(policy(*statements)))["KeyMetadata"]["KeyId"]
        found = kms.get_key_policy(KeyId=key)["Policy"]
        kms.put_key_policy(KeyId=key, Policy=found)
        for odd in (
            {"KeyId": third},
            {"KeyId": key, "Odd": third, "Limit": 50},
            {"KeyId": key, "Limit": 50, "GrantId": {"a": [third]}},
        ):
            raw.call(server, "ListGrants", odd)
        odd = {"EncryptionContextEquals": {"tenant": third}}
        raw.call(server, "CreateGrant", {"KeyId": key, "Constraints": odd, "Operations": ["Decrypt"], "Name": 5})
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)

    tape = studio.recorded(story, studio.service({"account": ACCOUNT}), scenario={"account": ACCOUNT})
    assert str(third) not in studio.tape.read_text()
    created, got, *_, deleted = tape["interactions"]
    _, second, third_statement = json.loads(created["input"]["Policy"])["Statement"]
    assert re.fullmatch(r"0{9}\d{3}", second["Condition"]["StringEquals"]["aws:SourceAccount"])
    assert third_statement["Condition"] == days
    assert json.loads(got["output"]["Policy"])["Statement"][1]["Condition"] == second["Condition"]
    assert tape["interactions"][4]["input"]["Limit"] == 50
    assert deleted["input"]["PendingWindowInDays"] == 7
    assert studio.run("check", studio.tape).code == GOOD
    done = studio.replayed(story)
    assert done.code == GOOD, done.err


# --- What stands there instead ---


def strings(value, path=""):
    """Every text of a value, with where it stands."""
    if isinstance(value, dict):
        for member, it in value.items():
            yield from strings(it, f"{path}.{member}")
    elif isinstance(value, list):
        for at, it in enumerate(value):
            yield from strings(it, f"{path}[{at}]")
    elif isinstance(value, str):
        yield path, value


SHAPES = [
    (r"AWSAccountId$", r"\d{12}"),
    (r"KeyMetadata\.KeyId$|Keys\[\d+\]\.KeyId$", r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    (r"KeyMetadata\.Arn$|KeyArn$", r"arn:aws:kms:us-east-1:\d{12}:key/[0-9a-f-]{36}"),
    (r"output\.GrantId$|Grants\[\d+\]\.GrantId$", r"[0-9a-f]{64}"),
    (r"KeyMaterialId$", r"[0-9a-f]{64}"),
    (r"output\.GrantToken$", r"[A-Za-z0-9_-]+=*"),
    (r"Aliases\[\d+\]\.AliasName$", r"alias/\S+"),
    (r"AliasArn$", r"arn:aws:kms:us-east-1:\d{12}:alias/\S+"),
    (r"Grants\[\d+\]\.(Grantee|Retiring)Principal$", r"arn:aws:(iam|sts)::\d{12}:(role|user|assumed-role)/\S+"),
    (r"IssuingAccount$", r"arn:aws:iam::\d{12}:root"),
    (r"CiphertextBlob$|Plaintext$", r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"),
]


def test_shapes_are_kept(run):
    studio, _, _ = run
    tape = load(studio.tape)
    counts = dict.fromkeys((where for where, _ in SHAPES), 0)
    for path, text in strings(tape["interactions"]):
        for where, shape in SHAPES:
            if re.search(where, path):
                assert re.fullmatch(shape, text), (path, text)
                counts[where] += 1
    assert all(counts[where] for where, _ in SHAPES[:-1]), counts


def test_the_header_says_where_it_comes_from_and_when(run):
    studio, _, _ = run
    tape = load(studio.tape)
    assert tape["format"] == "kms-fixture cassette"
    assert tape["origin"]["kind"] == "emulator"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", tape["recorded"])
    assert re.fullmatch(r"kms-fixture \d+\.\d+\.\d+\S*", tape["recorder"])


def test_equal_values_have_one_pseudonym_and_different_values_have_two(studio):
    names = ["blue-sky", "red-sky", "blue-sky", "Blue-sky", "blue-sky ", "red-sky"]

    def story(server):
        kms = server.client()
        for name in names:
            kms.create_key(Description=name)

    tape = studio.recorded(story)
    sent = [it["input"]["Description"] for it in tape["interactions"]]
    received = [it["output"]["KeyMetadata"]["Description"] for it in tape["interactions"]]
    assert sent == received
    assert [sent.index(it) for it in sent] == [names.index(it) for it in names]
    assert len({it["output"]["KeyMetadata"]["KeyId"] for it in tape["interactions"]}) == len(names)


def test_one_thing_has_one_pseudonym_wherever_it_stands(studio):
    def story(server):
        kms = server.client()
        key = kms.create_key()["KeyMetadata"]["Arn"]
        made = kms.create_grant(KeyId=key, GranteePrincipal=server.arn(), Operations=["Decrypt"])
        kms.list_grants(KeyId=key)
        with pytest.raises(ClientError):
            kms.create_grant(KeyId=key, GranteePrincipal=server.arn() + "x", Operations=["Decrypt"])
        kms.retire_grant(GrantToken=made["GrantToken"])
        with pytest.raises(ClientError):
            kms.revoke_grant(KeyId=key, GrantId=made["GrantId"])

    created, granted, listed, _, retired, revoked = studio.recorded(story)["interactions"]
    key = created["output"]["KeyMetadata"]
    [grant] = listed["output"]["Grants"]
    assert granted["input"]["KeyId"] == listed["input"]["KeyId"] == grant["KeyId"] == revoked["input"]["KeyId"] == key["Arn"]
    assert key["Arn"].endswith(key["KeyId"]) and key["AWSAccountId"] in key["Arn"]
    assert granted["output"]["GrantId"] == grant["GrantId"] == revoked["input"]["GrantId"]
    assert granted["output"]["GrantToken"] == retired["input"]["GrantToken"]
    assert granted["input"]["GranteePrincipal"] == grant["GranteePrincipal"]


def test_a_live_value_that_looks_like_a_pseudonym_is_nobody_else(studio):
    """A user whose texts are called as pseudonyms are."""
    names = ["description-2", "first", "second", "description-1", "third", "description-3"]

    def story(server):
        for name in names:
            server.client().create_key(Description=name)

    tape = studio.recorded(story)
    assert len({it["input"]["Description"] for it in tape["interactions"]}) == len(names)
    done = studio.replayed(story)
    assert done.code == GOOD, done.err


def test_every_account_can_be_recorded(studio):
    """LocalStack's is twelve zeros, of which pseudonyms have many."""
    for account in ("000000000000", "000000000001", "123456789012", "111122223333"):

        def story(server):
            key = server.client().create_key()["KeyMetadata"]["Arn"]
            server.client().create_grant(KeyId=key, GranteePrincipal=server.arn(), Operations=["Decrypt"])

        studio.recorded(story, studio.service({"account": account}), scenario={"account": account})
        done = studio.replayed(story)
        assert done.code == GOOD, done.err


@pytest.mark.parametrize("word", ["output", "roles", "admin", "2026", "us-east-1", "recorder", "interactions", "true"])
def test_words_that_every_cassette_has_may_be_live_too(studio, word):
    """They tell nothing: the file would have them anyway."""

    def story(server):
        server.client().create_key(Description=word, Tags=[{"TagKey": word, "TagValue": word}])

    tape = studio.recorded(story)
    assert word not in json.dumps(tape["interactions"][0]["input"])
    done = studio.replayed(story)
    assert done.code == GOOD, done.err


def test_a_session_may_have_any_name(studio):
    """An assumed role has the session that whoever assumed it has named."""
    service = studio.service({"roles": {"worker": {"session": "botocore-session-1795304839"}}})

    def story(server):
        with pytest.raises(ClientError):
            server.client("worker").describe_key(KeyId=server.key())

    studio.recorded(story, service, scenario={"keys": {"orders": {}}, "roles": {"worker": {}}})
    done = studio.replayed(story)
    assert done.code == GOOD, done.err


@pytest.mark.parametrize(
    "name",
    ["x" * 257, "a b c", "aws:reserved"],
    ids=["too-long", "wrong-letters", "prefix"],
)
def test_what_a_text_is_refused_for_survives_its_redaction(studio, name):
    """An error path is recorded as such: the fake beside the replay has to refuse it, too."""

    def story(server):
        kms = server.client()
        key = kms.create_key()["KeyMetadata"]["Arn"]
        if name.startswith("aws:"):
            answer = raw.call(server, "TagResource", {"KeyId": key, "Tags": [{"TagKey": name, "TagValue": "x"}]})
        else:
            body = {"KeyId": key, "GranteePrincipal": server.arn(), "Operations": ["Decrypt"], "Name": name}
            answer = raw.call(server, "CreateGrant", body)
        assert answer.status == 400

    studio.recorded(story)
    done = studio.replayed(story)
    assert done.code == GOOD, done.err


def test_the_longest_text_does_not_take_long(studio):
    """A description may have 8,192 characters, a policy four times as many."""
    studio.recorded(lambda it: it.client().create_key(Description="d" * 8192))


def test_error_texts_keep_the_words_of_aws(studio):
    def story(server):
        kms = server.client()
        key = kms.create_key()["KeyMetadata"]["Arn"]
        kms.disable_key(KeyId=key)
        with pytest.raises(ClientError):
            kms.create_grant(KeyId=key, GranteePrincipal=server.arn(), Operations=["Decrypt"])

    created, _, refused = studio.recorded(story)["interactions"]
    assert refused["status"] == 400
    assert refused["output"] == {
        "__type": "DisabledException",
        "message": f"{created['output']['KeyMetadata']['Arn']} is disabled.",
    }


# --- What may stay ---


@pytest.mark.parametrize("member, text", [("TagKey", "team"), ("Description", "describes"), ("EncryptionContextSubset", "tenant")])
def test_keep_keeps_exactly_the_named_member(studio, member, text):
    studio.write("kms-fixture.toml", f'keep = ["{member}"]\n')

    def story(server):
        kms = server.client()
        key = kms.create_key(Description="describes", Tags=[{"TagKey": "team", "TagValue": "bluish"}])["KeyMetadata"]["Arn"]
        constraints = {"EncryptionContextSubset": {"tenant": "acmeish"}}
        kms.create_grant(KeyId=key, GranteePrincipal=server.arn(), Operations=["Decrypt"], Constraints=constraints, Name="nightly")
        kms.list_grants(KeyId=key)

    tape = studio.recorded(story)
    assert tape["keep"] == [member]
    kept = {"team", "describes", "tenant", "nightly", "bluish", "acmeish"}
    there = {it for it in kept if it in json.dumps(tape)}
    assert there == ({text, "acmeish"} if text == "tenant" else {text})
    done = studio.replayed(story)
    assert done.code == GOOD, done.err
    assert studio.run("check", studio.tape).code == GOOD


def test_a_kept_value_has_to_be_the_same_again(studio):
    studio.write("kms-fixture.toml", 'keep = ["Description"]\n')
    studio.recorded(lambda it: it.client().create_key(Description="describes"))
    player = studio.replay()
    with pytest.raises(ClientError, match="KmsFixtureReplayMismatchException"):
        player.client().create_key(Description="another")
    assert player.end().code == FINDINGS


# --- Ciphertexts, from another emulator ---


@pytest.fixture
def moto():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def cryptography(server, seen):
    kms = server.client()
    key = call(seen, kms, "create_key", Description=CHOSEN["description"])["KeyMetadata"]["Arn"]
    context = {CHOSEN["context_key"]: CHOSEN["context_value"]}
    secret = b"the launch code is 0000-galumphing"
    seen.see("plaintext", secret)
    seen["plaintext as text"] = secret.decode()
    encrypted = call(seen, kms, "encrypt", KeyId=key, Plaintext=secret, EncryptionContext=context)
    decrypted = call(seen, kms, "decrypt", CiphertextBlob=encrypted["CiphertextBlob"], EncryptionContext=context)
    assert decrypted["Plaintext"] == secret or not isinstance(server, Process)
    data = call(seen, kms, "generate_data_key", KeyId=key, KeySpec="AES_256", EncryptionContext=context)
    call(seen, kms, "decrypt", CiphertextBlob=data["CiphertextBlob"], EncryptionContext=context)
    call(seen, kms, "generate_data_key_without_plaintext", KeyId=key, NumberOfBytes=24)
    call(seen, kms, "decrypt", CiphertextBlob=b"no ciphertext of anybody")
    for member in ("CiphertextBlob", "Plaintext"):
        seen[f"raw {member}"] = data[member].hex()
    return encrypted, data


def test_ciphertexts_and_plaintexts_do_not_survive(studio, moto):
    seen = Canaries({name: CHOSEN[name] for name in ("description", "context_key", "context_value")})
    env = {"AWS_ACCESS_KEY_ID": "AKIACANARYCANARYCANA", "AWS_SECRET_ACCESS_KEY": "canarysecretcanarysecretcanarysecret"}
    seen |= env
    recorder = studio.record(moto, "--origin", "emulator: moto", env=env)
    seen.see_credentials(recorder)
    encrypted, data = cryptography(recorder, seen)
    done = recorder.end()
    assert done.code == GOOD, done.err
    assert_seen = {it: seen[it] for it in seen}
    found = leaks(studio.pending.read_bytes() + done.err.encode(), assert_seen)
    assert not found, [(it, seen[it]) for it in found]
    studio.accept()
    for name, text in every_output(studio, studio.tape).items():
        assert not leaks(text.encode(), seen), name
    tape = load(studio.tape)
    assert tape["origin"] == {"kind": "emulator", "name": "moto"}
    calls = {it["operation"]: it for it in tape["interactions"]}
    blob = calls["Encrypt"]["output"]["CiphertextBlob"]
    first_decrypt = next(it for it in tape["interactions"] if it["operation"] == "Decrypt")
    assert first_decrypt["input"]["CiphertextBlob"] == blob
    assert first_decrypt["output"]["Plaintext"] == calls["Encrypt"]["input"]["Plaintext"]
    lengths = [
        (len(base64.b64decode(blob)), len(encrypted["CiphertextBlob"])),
        (len(base64.b64decode(calls["GenerateDataKey"]["output"]["Plaintext"])), len(data["Plaintext"])),
    ]
    assert all(redacted == live for redacted, live in lengths), lengths


def test_ciphertexts_are_replayed(studio, moto):
    recorder = studio.record(moto, "--origin", "emulator: moto")
    cryptography(recorder, Canaries())
    assert recorder.end().code == GOOD
    studio.accept()
    player = studio.replay()
    cryptography(player, Canaries())
    done = player.end()
    assert "not recorded" not in done.err and "not called" not in done.err
