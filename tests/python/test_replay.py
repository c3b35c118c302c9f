"""Replaying a cassette: which call is which, and what is told when one is not."""

import json
import re

import pytest
from botocore.exceptions import ClientError

import raw
from recorder import CODE, FINDINGS, GOOD, ask, calls, send_and_reset, studio  # noqa: F401
from support import refusal

ROLES = {"keys": {"orders": {}}, "roles": {"worker": {}, "janitor": {}}}
SERVICE = {"roles": {"worker": {}, "janitor": {}}}


class Opening:
    """A key with two grants that the administrator may retire: calls 1 to 3 of most tapes here."""

    def __init__(self, server, operations=("Decrypt", "DescribeKey")):
        self.server, self.kms = server, server.client()
        self.key = self.kms.create_key()["KeyMetadata"]["Arn"]
        self.first, self.second = [self.grant(operations) for _ in range(2)]

    def grant(self, operations, **more):
        return self.kms.create_grant(
            KeyId=self.key,
            GranteePrincipal=self.server.arn(),
            RetiringPrincipal=self.server.arn(),
            Operations=list(operations),
            **more,
        )["GrantId"]

    def retire(self, grant):
        self.kms.retire_grant(KeyId=self.key, GrantId=grant)

    def revoke(self, grant):
        self.kms.revoke_grant(KeyId=self.key, GrantId=grant)

    def list(self, **more):
        return [it["GrantId"] for it in self.kms.list_grants(KeyId=self.key, **more)["Grants"]]


def retire_then_revoke(server):
    it = Opening(server)
    it.retire(it.first)
    it.revoke(it.second)


def mismatch(call, **arguments):
    """A call that has to be refused as not recorded; gives the text."""
    code, message = refusal(call, **arguments)
    assert code == CODE
    return message


def sections(report):
    """The lines of a report below each line that begins at the margin, by that line."""
    found, title = {}, None
    for line in report.splitlines():
        if line.startswith(" "):
            found[title].append(line.strip())
        else:
            title = line
            found.setdefault(title, [])
    return found


def listed(report, title):
    """What stands below the line that begins with `title`: positions and operations."""
    [lines] = [it for head, it in sections(report).items() if title in head]
    return [(int(number), operation) for number, operation in (it.split()[:2] for it in lines)]


def field(report, name):
    """What was recorded and received at a field of the difference."""
    found = re.search(rf"^ *{re.escape(name)}\n *recorded +(.*)\n *received +(.*)$", report, re.MULTILINE)
    assert found, report
    return found.groups()


# --- The same calls ---


def test_the_same_calls_are_answered_and_good(studio):
    tape = studio.recorded(retire_then_revoke)
    assert calls(tape) == [
        ("CreateKey", 200),
        ("CreateGrant", 200),
        ("CreateGrant", 200),
        ("RetireGrant", 200),
        ("RevokeGrant", 200),
    ]
    done = studio.replayed(retire_then_revoke)
    assert done.code == GOOD, done.err


def test_ids_flow_from_earlier_answers_into_later_calls(studio):
    def story(server):
        it = Opening(server)
        assert it.first != it.second
        assert set(it.list()) == {it.first, it.second}
        assert it.kms.describe_key(KeyId=it.key)["KeyMetadata"]["Arn"] == it.key
        it.retire(it.first)
        assert it.list() == [it.second]

    studio.recorded(story)
    done = studio.replayed(story)
    assert done.code == GOOD, done.err


def test_a_replay_changes_no_file(studio):
    studio.recorded(retire_then_revoke)
    before = {it: it.read_bytes() for it in studio.folder.rglob("*") if it.is_file()}
    assert studio.replayed(retire_then_revoke).code == GOOD
    assert studio.replayed(Opening).code == FINDINGS
    assert {it: it.read_bytes() for it in studio.folder.rglob("*") if it.is_file()} == before


def test_errors_are_answered_as_they_were_recorded(studio):
    scenario, service = ROLES, SERVICE
    seen = []

    def story(server):
        key = server.key()
        seen.append(
            [
                refusal(server.client("worker").create_key),
                refusal(server.client().revoke_grant, KeyId=key, GrantId="ab" * 32)[0],
                refusal(server.client().list_grants, KeyId=key, Limit=5000)[0],
            ]
        )

    tape = studio.recorded(story, studio.service(service), "--allow-foreign-grants", scenario=scenario)
    assert [it["status"] for it in tape["interactions"]] == [400, 400, 400]
    done = studio.replayed(story)
    assert done.code == GOOD, done.err
    live, replayed = seen
    assert [live[0][0], *live[1:]] == ["AccessDeniedException", "NotFoundException", "ValidationException"]
    assert replayed[1:] == live[1:] and replayed[0][0] == live[0][0]
    # Names of sessions are pseudonyms; the rest of the sentence is AWS's.
    words = "is not authorized to perform: kms:CreateKey on resource: *"
    assert live[0][1].endswith(words) and replayed[0][1].endswith(words)


def test_a_client_with_retries_sees_each_answer_once(studio):
    def story(server):
        kms = server.retrying_client()
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        assert kms.describe_key(KeyId=key)["ResponseMetadata"]["RetryAttempts"] == 0

    studio.recorded(story)
    assert studio.replayed(story).code == GOOD


# --- Swapped ---


def test_swapped_calls_fail_at_the_first_wrong_one(studio):
    studio.recorded(retire_then_revoke)
    player = studio.replay()
    it = Opening(player)
    answer = raw.call(player, "RevokeGrant", {"KeyId": it.key, "GrantId": it.second})
    assert (answer.status, answer.code) == (400, CODE)
    done = player.end()
    assert done.code == FINDINGS
    assert "call 4" in done.err and "RevokeGrant" in done.err
    # What came instead of what: there is no field in which the fifth call differs from it.
    assert re.search(r"recorded .*RetireGrant.*\n.*received .*RevokeGrant", done.err), done.err
    assert listed(done.err, "left in the cassette") == [(4, "RetireGrant"), (5, "RevokeGrant")]
    assert f"kms-fixture record --cassette {studio.tape}" in done.err


def test_what_was_recorded_and_what_was_received_are_labelled(studio):
    """The right operation on the wrong grant."""
    studio.recorded(retire_then_revoke)
    player = studio.replay()
    it = Opening(player)
    message = mismatch(it.kms.retire_grant, KeyId=it.key, GrantId=it.second)
    assert "RetireGrant" in message and "call 4" in message
    done = player.end()
    assert done.code == FINDINGS
    assert field(done.err, "$.GrantId") == ('"grant-1"', '"grant-2"')


def two_keys(server):
    kms = server.client()
    keys = [kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2)]
    return kms, keys


def test_another_key_is_another_call(studio):
    def story(server, which=0):
        kms, keys = two_keys(server)
        kms.disable_key(KeyId=keys[which])

    studio.recorded(story)
    assert studio.replayed(story).code == GOOD
    player = studio.replay()
    kms, keys = two_keys(player)
    mismatch(kms.disable_key, KeyId=keys[1])
    done = player.end()
    assert done.code == FINDINGS
    assert field(done.err, "$.KeyId") == ('"key-1"', '"key-2"')


def test_another_token_is_another_call(studio):
    def tokens(server):
        kms = server.client()
        key = kms.create_key()["KeyMetadata"]["Arn"]
        ask = {"KeyId": key, "GranteePrincipal": server.arn(), "Operations": ["Decrypt"]}
        return kms, [kms.create_grant(**ask)["GrantToken"] for _ in range(2)]

    def story(server):
        kms, (first, _) = tokens(server)
        kms.retire_grant(GrantToken=first)

    studio.recorded(story)
    assert studio.replayed(story).code == GOOD
    player = studio.replay()
    kms, (_, second) = tokens(player)
    mismatch(kms.retire_grant, GrantToken=second)
    done = player.end()
    assert done.code == FINDINGS
    assert field(done.err, "$.GrantToken") == ('"grant-1"', '"grant-2"')


def test_another_page_is_another_call(studio):
    """Markers come from answers, like ids."""

    def pages(server):
        it = Opening(server)
        it.grant(["Decrypt"])
        kms, key = it.kms, it.key
        one = kms.list_grants(KeyId=key, Limit=1)
        two = kms.list_grants(KeyId=key, Limit=1, Marker=one["NextMarker"])
        return kms, key, one["NextMarker"], two["NextMarker"]

    def story(server):
        kms, key, _, marker = pages(server)
        kms.list_grants(KeyId=key, Limit=1, Marker=marker)

    studio.recorded(story)
    player = studio.replay()
    kms, key, marker, _ = pages(player)
    mismatch(kms.list_grants, KeyId=key, Limit=1, Marker=marker)
    assert player.end().code == FINDINGS


def test_an_id_out_of_nowhere_is_not_one_that_an_earlier_answer_gave(studio):
    """What the client brings along may be called as it likes, but a grant that the tape has made has its id."""
    studio.recorded(retire_then_revoke)
    player = studio.replay()
    it = Opening(player)
    mismatch(it.kms.retire_grant, KeyId=it.key, GrantId="5eed" * 16)
    done = player.end()
    assert done.code == FINDINGS
    assert "$.GrantId" in done.err


def test_pages_are_replayed(studio):
    """Each page but the first is asked for with a marker that came with the page before it."""

    def story(server):
        it = Opening(server)
        it.grant(["Decrypt"])
        found = it.kms.get_paginator("list_grants").paginate(KeyId=it.key, PaginationConfig={"PageSize": 1})
        pages = [[grant["GrantId"] for grant in page["Grants"]] for page in found]
        assert sorted(len(page) for page in pages)[-3:] == [1, 1, 1]

    studio.recorded(story)
    done = studio.replayed(story)
    assert done.code == GOOD, done.err


def test_two_calls_that_differ_in_nothing_but_the_operation_are_two_calls(studio):
    """RetireGrant and RevokeGrant have byte-identical bodies (record-replay.md, finding 1)."""

    def story(server):
        it = Opening(server)
        it.retire(it.first)
        refusal(it.kms.revoke_grant, KeyId=it.key, GrantId=it.first)

    tape = studio.recorded(story)
    retire, revoke = tape["interactions"][3:]
    assert retire["input"] == revoke["input"]
    player = studio.replay()
    it = Opening(player)
    mismatch(it.kms.revoke_grant, KeyId=it.key, GrantId=it.first)
    done = player.end()
    assert done.code == FINDINGS
    assert "call 4" in done.err
    assert listed(done.err, "left in the cassette") == [(4, "RetireGrant"), (5, "RevokeGrant")]
    assert studio.replayed(story).code == GOOD


def test_one_operation_in_place_of_the_other_is_shown_as_the_difference(studio):
    def recorded(server):
        it = Opening(server)
        it.retire(it.first)

    studio.recorded(recorded)
    player = studio.replay()
    it = Opening(player)
    mismatch(it.kms.revoke_grant, KeyId=it.key, GrantId=it.first)
    done = player.end()
    assert done.code == FINDINGS
    assert field(done.err, "operation") == ("RetireGrant", "RevokeGrant")
    assert listed(done.err, "left in the cassette") == [(4, "RetireGrant")]


def test_a_mismatch_is_not_tried_again(studio):
    studio.recorded(retire_then_revoke)
    player = studio.replay()
    it = Opening(player)
    with pytest.raises(ClientError) as caught:
        player.retrying_client().revoke_grant(KeyId=it.key, GrantId=it.second)
    assert caught.value.response["Error"]["Code"] == CODE
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 0
    done = player.end()
    assert done.code == FINDINGS
    assert "more unexpected calls" not in done.err


def test_a_client_that_swallows_the_mismatch_does_not_save_the_replay(studio):
    studio.recorded(retire_then_revoke)

    def story(server):
        it = Opening(server)
        mismatch(it.kms.revoke_grant, KeyId=it.key, GrantId=it.second)
        it.retire(it.first)
        it.revoke(it.second)

    done = studio.replayed(story)
    assert done.code == FINDINGS
    assert "call 4" in done.err and "RevokeGrant" in done.err


def test_a_mismatch_consumes_nothing(studio):
    """What is right after it is still answered, so that the report is about the first thing that went wrong."""
    studio.recorded(retire_then_revoke)
    player = studio.replay()
    it = Opening(player)
    mismatch(it.kms.list_keys)
    it.retire(it.first)
    it.revoke(it.second)
    done = player.end()
    assert done.code == FINDINGS
    assert "ListKeys" in done.err and "left in the cassette" not in done.err


# --- Reads ---


def reads_around(server, *, before, after):
    it = Opening(server)
    for _ in range(before):
        it.list()
    it.retire(it.first)
    for _ in range(after):
        it.list()


@pytest.mark.parametrize(
    "recorded, received, wrong",
    [((1, 0), (0, 1), "RetireGrant"), ((0, 1), (1, 0), "ListGrants")],
    ids=["later", "earlier"],
)
def test_a_read_is_not_matched_across_a_mutation(studio, recorded, received, wrong):
    studio.recorded(lambda it: reads_around(it, before=recorded[0], after=recorded[1]))
    player = studio.replay()
    it = Opening(player)
    if received == (0, 1):
        mismatch(it.kms.retire_grant, KeyId=it.key, GrantId=it.first)
    else:
        mismatch(it.kms.list_grants, KeyId=it.key)
    done = player.end()
    assert done.code == FINDINGS
    assert "call 4" in done.err and wrong in done.err


def test_a_read_that_came_before_is_not_answered_by_the_same_read_behind_a_mutation(studio):
    studio.recorded(lambda it: reads_around(it, before=1, after=1))
    player = studio.replay()
    it = Opening(player)
    assert len(it.list()) == 2
    mismatch(it.kms.list_grants, KeyId=it.key)
    it.retire(it.first)
    assert len(it.list()) == 1
    assert player.end().code == FINDINGS


def test_reads_between_two_mutations_may_change_places(studio):
    def story(server, order):
        it = Opening(server)
        reads = {
            "list": lambda: it.list(),
            "describe": lambda: it.kms.describe_key(KeyId=it.key)["KeyMetadata"]["Arn"],
            "retirable": lambda: len(it.kms.list_retirable_grants(RetiringPrincipal=server.arn())["Grants"]),
        }
        seen = {name: reads[name]() for name in order}
        assert (len(seen["list"]), seen["describe"], seen["retirable"]) == (2, it.key, 2)
        it.retire(it.first)

    order = ["list", "describe", "retirable"]
    studio.recorded(lambda it: story(it, order))
    for another in (order, order[::-1], order[1:] + order[:1]):
        done = studio.replayed(lambda it: story(it, another))
        assert done.code == GOOD, done.err


def test_reads_at_the_very_end_are_not_played_before_the_last_mutation(studio):
    def story(server):
        it = Opening(server)
        it.revoke(it.first)
        it.kms.list_keys()

    studio.recorded(story)
    player = studio.replay()
    it = Opening(player)
    message = mismatch(it.kms.list_keys)
    assert "call 4" in message
    assert player.end().code == FINDINGS


# --- As often as it was recorded ---


def test_a_read_is_not_answered_more_often_than_it_was_recorded(studio):
    def story(server):
        it = Opening(server)
        assert it.list() == it.list()
        return it

    studio.recorded(story)
    player = studio.replay()
    it = story(player)
    message = mismatch(it.kms.list_grants, KeyId=it.key)
    assert "call 6" in message and "ListGrants" in message
    done = player.end()
    assert done.code == FINDINGS
    assert "left in the cassette" not in done.err


def test_a_mutation_is_not_answered_more_often_than_it_was_recorded(studio):
    """Not even one that changes nothing: an alias that is pointed at the same key once more."""

    def story(server):
        it = Opening(server)
        it.kms.create_alias(AliasName="alias/orders", TargetKeyId=it.key)
        for _ in range(2):
            it.kms.update_alias(AliasName="alias/orders", TargetKeyId=it.key)
        return it

    studio.recorded(story)
    player = studio.replay()
    it = story(player)
    message = mismatch(it.kms.update_alias, AliasName="alias/orders", TargetKeyId=it.key)
    assert "call 7" in message and "UpdateAlias" in message
    assert player.end().code == FINDINGS


def test_what_was_not_called_is_listed(studio):
    studio.recorded(retire_then_revoke)
    player = studio.replay()
    it = Opening(player)
    it.retire(it.first)
    done = player.end()
    assert done.code == FINDINGS
    assert listed(done.err, "recorded but not called") == [(5, "RevokeGrant")]
    assert f"kms-fixture record --cassette {studio.tape}" in done.err


def test_a_replay_in_which_nothing_was_called_lists_everything(studio):
    studio.recorded(retire_then_revoke)
    done = studio.replayed(lambda _: None)
    assert done.code == FINDINGS
    assert listed(done.err, "recorded but not called") == [
        (1, "CreateKey"),
        (2, "CreateGrant"),
        (3, "CreateGrant"),
        (4, "RetireGrant"),
        (5, "RevokeGrant"),
    ]


def test_a_call_behind_the_end_of_the_tape_is_not_answered(studio):
    studio.recorded(retire_then_revoke)
    player = studio.replay()
    retire_then_revoke(player)
    message = mismatch(player.client().list_keys)
    assert "call 6" in message and "ListKeys" in message
    assert player.end().code == FINDINGS


# --- The same call, written differently ---


def lists(server, body):
    it = Opening(server)
    answer = raw.call(server, "ListGrants", body(it.key))
    assert answer.status == 200, answer
    return len(answer.json["Grants"])


def test_the_order_of_members_and_the_space_between_them_mean_nothing(studio):
    texts = [
        '{"KeyId":"%s","Limit":7,"GranteePrincipal":"%s"}',
        '{ "Limit": 7,\n\t"GranteePrincipal" : "%s",\r\n "KeyId": "%s" }  ',
        '{"Limit":7,"KeyId":"%s","\\u0047ranteePrincipal":"%s"}',
    ]

    def body(text, server):
        def of(key):
            pair = (server.arn(), key) if text.index("ranteeP") < text.index("KeyId") else (key, server.arn())
            return (text % pair).encode()

        return of

    studio.recorded(lambda it: lists(it, body(texts[0], it)))
    for text in texts:
        done = studio.replayed(lambda it: lists(it, body(text, it)))
        assert done.code == GOOD, done.err


def test_headers_that_say_nothing_about_the_call_mean_nothing(studio):
    def story(server, **headers):
        assert raw.send(server, ask(server, "CreateKey", {}, **headers)).status == 200

    studio.recorded(story)
    for headers in (
        {"user_agent": "another/1.0"},
        {"amz_sdk_request": "attempt=1; max=3", "amz_sdk_invocation_id": "a"},
        {"x_amz_user_agent": "one more", "accept_encoding": "gzip"},
    ):
        done = studio.replayed(lambda it: story(it, **headers))
        assert done.code == GOOD, done.err


@pytest.mark.parametrize(
    "received, path",
    [
        ({"Limit": 8}, "$.Limit"),
        ({}, "$.Limit"),
        ({"Limit": 7, "GranteePrincipal": "worker"}, "$.GranteePrincipal"),
        ({"Limit": "7"}, "$.Limit"),
        ({"Limit": 7, "Unheard": "of"}, "$."),
        ({"Limit": 7, "Marker": None}, "$.Marker"),
    ],
    ids=["another-value", "missing", "extra", "another-type", "unknown", "null"],
)
def test_another_input_is_another_call(studio, received, path):
    studio.recorded(lambda it: lists(it, lambda key: {"KeyId": key, "Limit": 7}))
    player = studio.replay()
    it = Opening(player)
    if "GranteePrincipal" in received:
        received = received | {"GranteePrincipal": player.arn()}
    answer = raw.call(player, "ListGrants", {"KeyId": it.key} | received)
    assert (answer.status, answer.code) == (400, CODE)
    done = player.end()
    assert done.code == FINDINGS
    assert "call 4" in done.err and "ListGrants" in done.err
    [difference] = re.findall(r"^ *(\$\S*)\n *recorded +(.*)\n *received +(.*)$", done.err, re.MULTILINE)
    assert difference[0].startswith(path)
    assert listed(done.err, "left in the cassette") == [(4, "ListGrants")]


def test_a_different_limit_is_shown_with_both_values(studio):
    studio.recorded(lambda it: lists(it, lambda key: {"KeyId": key, "Limit": 7}))
    player = studio.replay()
    it = Opening(player)
    mismatch(it.kms.list_grants, KeyId=it.key, Limit=8)
    done = player.end()
    assert field(done.err, "$.Limit") == ("7", "8")
    assert "$.KeyId" not in done.err


def test_the_order_of_the_operations_of_a_grant_is_not_part_of_the_call_or_is_told(studio):
    """A list in an input is compared as a list or as a set, but never silently changed."""
    studio.recorded(lambda it: Opening(it))
    player = studio.replay()
    kms = player.client()
    key = kms.create_key()["KeyMetadata"]["Arn"]
    mismatch(
        kms.create_grant,
        KeyId=key,
        GranteePrincipal=player.arn(),
        RetiringPrincipal=player.arn(),
        Operations=["Decrypt", "Encrypt"],
    )
    assert player.end().code == FINDINGS


# --- Who calls ---


def two_roles(server, who):
    """Both roles are refused in the same words but for who they are."""
    for caller in who:
        code, _ = refusal(server.client(caller).describe_key, KeyId=server.key())
        assert code == "AccessDeniedException"


def test_another_caller_is_another_call(studio):
    studio.recorded(lambda it: two_roles(it, ["worker"]), studio.service(SERVICE), scenario=ROLES)
    player = studio.replay()
    message = mismatch(player.client("janitor").describe_key, KeyId=player.key())
    assert "janitor" in message and "worker" in message
    done = player.end()
    assert done.code == FINDINGS
    assert field(done.err, "caller") == ("worker", "janitor")
    assert listed(done.err, "left in the cassette") == [(1, "DescribeKey")]


def test_calls_of_two_callers_keep_their_callers(studio):
    both = ["worker", "janitor"]
    studio.recorded(lambda it: two_roles(it, both), studio.service(SERVICE), scenario=ROLES)
    for order in (both, both[::-1]):  # reads, which may change places
        done = studio.replayed(lambda it: two_roles(it, order))
        assert done.code == GOOD, done.err
    assert studio.replayed(lambda it: two_roles(it, ["worker"])).code == FINDINGS


def test_somebody_with_no_credentials_of_the_replay_is_no_caller(studio):
    """A request whose signature is wrong is refused as AWS refuses it, and plays nothing."""
    studio.recorded(retire_then_revoke)
    player = studio.replay()
    request = raw.signed(player, "CreateKey", {})
    broken = raw.Request(request.method, request.path, request.headers, b'{"Description":"x"}')
    assert raw.send(player, broken).code == "InvalidSignatureException"
    retire_then_revoke(player)
    done = player.end()
    assert done.code == GOOD, done.err


# --- What clients bring along ---

EXTERNAL = "arn:aws:iam::{account}:role/{name}"


def grants_for(server, *grantees):
    kms = server.client()
    key = kms.create_key()["KeyMetadata"]["Arn"]
    for grantee in grantees:
        kms.create_grant(KeyId=key, GranteePrincipal=grantee, Operations=["Decrypt"])
    return [it["GranteePrincipal"] for it in kms.list_grants(KeyId=key)["Grants"]]


ALIEN = {"roles": {name: {"account": "998877665544"} for name in ("partner", "auditor")}}
PARTNER, AUDITOR = (EXTERNAL.format(account="998877665544", name=it) for it in ("partner", "auditor"))


def test_an_external_principal_with_its_real_account_matches_each_time(studio):
    def story(server):
        assert sorted(grants_for(server, PARTNER, AUDITOR, PARTNER)) == sorted([PARTNER, PARTNER, AUDITOR])

    tape = studio.recorded(story, studio.service(ALIEN))
    assert "998877665544" not in json.dumps(tape) and "partner" not in json.dumps(tape)
    done = studio.replayed(story)
    assert done.code == GOOD, done.err


def test_another_external_principal_matches_if_it_is_the_same_each_time(studio):
    studio.recorded(lambda it: grants_for(it, PARTNER, AUDITOR, PARTNER), studio.service(ALIEN))
    other, third = (EXTERNAL.format(account="121212121212", name=it) for it in ("other", "third"))
    done = studio.replayed(lambda it: grants_for(it, other, third, other))
    assert done.code == GOOD, done.err


@pytest.mark.parametrize(
    "recorded, received",
    [
        ((PARTNER, PARTNER), (PARTNER, AUDITOR)),
        ((PARTNER, AUDITOR), (PARTNER, PARTNER)),
        ((PARTNER, AUDITOR, PARTNER), (PARTNER, AUDITOR, AUDITOR)),
    ],
    ids=["two-for-one", "one-for-two", "the-other"],
)
def test_two_principals_do_not_pass_for_one(studio, recorded, received):
    studio.recorded(lambda it: grants_for(it, *recorded), studio.service(ALIEN))
    player = studio.replay()
    kms = player.client()
    key = kms.create_key()["KeyMetadata"]["Arn"]
    *right, wrong = received
    for grantee in right:
        kms.create_grant(KeyId=key, GranteePrincipal=grantee, Operations=["Decrypt"])
    mismatch(kms.create_grant, KeyId=key, GranteePrincipal=wrong, Operations=["Decrypt"])
    done = player.end()
    assert done.code == FINDINGS
    assert f"call {len(received) + 1}" in done.err and "CreateGrant" in done.err


def texts(server, text):
    kms = server.client()
    key = kms.create_key(
        Description=text("describes"),
        Tags=[{"TagKey": text("tag"), "TagValue": text("worth")}],
    )["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName=f"alias/{text('alias')}", TargetKeyId=key)
    kms.create_grant(
        KeyId=key,
        GranteePrincipal=server.arn(),
        Operations=["Decrypt"],
        Name=text("name"),
        Constraints={"EncryptionContextSubset": {text("tenant"): text("acme")}},
    )
    kms.describe_key(KeyId=f"alias/{text('alias')}")
    kms.untag_resource(KeyId=key, TagKeys=[text("tag")])
    return kms, key


def test_free_texts_need_only_be_the_same_each_time(studio):
    studio.recorded(lambda it: texts(it, str))
    for text in (str, str.upper, lambda it: it[::-1]):
        done = studio.replayed(lambda it: texts(it, text))
        assert done.code == GOOD, done.err


@pytest.mark.parametrize("wrong", ["alias", "tag"])
def test_a_free_text_that_changes_is_another_one(studio, wrong):
    studio.recorded(lambda it: texts(it, str))
    seen = set()

    def text(it):
        if it == wrong and it in seen:
            return "another"
        seen.add(it)
        return it

    player = studio.replay()
    with pytest.raises(ClientError) as caught:
        texts(player, text)
    assert caught.value.response["Error"]["Code"] == CODE
    assert player.end().code == FINDINGS


def test_what_comes_back_is_what_was_brought(studio):
    def story(server):
        kms, key = texts(server, str)
        [grant] = kms.list_grants(KeyId=key)["Grants"]
        assert grant["Name"] == "name"
        assert grant["Constraints"] == {"EncryptionContextSubset": {"tenant": "acme"}}
        assert kms.describe_key(KeyId=key)["KeyMetadata"]["Description"] == "describes"

    studio.recorded(story)
    done = studio.replayed(story)
    assert done.code == GOOD, done.err


def test_a_name_makes_a_second_grant_the_same_one_on_a_tape_too(studio):
    """CreateGrant with a name is idempotent: one grant, another token (kms-facts.md)."""

    def story(server):
        kms = server.client()
        key = kms.create_key()["KeyMetadata"]["Arn"]
        ask = {"KeyId": key, "GranteePrincipal": server.arn(), "Operations": ["Decrypt"], "Name": "once"}
        one, two = kms.create_grant(**ask), kms.create_grant(**ask)
        assert one["GrantId"] == two["GrantId"] and one["GrantToken"] != two["GrantToken"]
        kms.retire_grant(GrantToken=two["GrantToken"])

    studio.recorded(story)
    done = studio.replayed(story)
    assert done.code == GOOD, done.err


# --- Clients that ask again ---


@pytest.mark.parametrize("operation", ["RetireGrant", "ListGrants"])
@pytest.mark.parametrize("invocation", [None, "6d9d5b8c-0000-4000-8000-000000000001"], ids=["bare", "invocation"])
@pytest.mark.parametrize("wait", [True, False], ids=["answered", "at-once"])
def test_a_retry_after_a_dropped_connection_is_the_same_call(studio, operation, invocation, wait):
    def body(it):
        return {"KeyId": it.key, "GrantId": it.first}

    def story(server):
        it = Opening(server)
        assert raw.call(server, operation, body(it)).status == 200
        it.revoke(it.second)

    studio.recorded(story)
    headers = {"amz_sdk_invocation_id": invocation} if invocation else {}
    player = studio.replay()
    it = Opening(player)
    send_and_reset(player, ask(player, operation, body(it), **headers), wait=wait)
    again = raw.send(player, ask(player, operation, body(it), **headers))
    assert again.status == 200, again
    it.revoke(it.second)
    done = player.end()
    assert done.code == GOOD, done.err


def test_the_same_invocation_is_answered_again_and_counts_once(studio):
    studio.recorded(retire_then_revoke)
    player = studio.replay()
    it = Opening(player)
    request = {"KeyId": it.key, "GrantId": it.first}
    answers = [
        raw.send(player, ask(player, "RetireGrant", request, amz_sdk_invocation_id="one")).status for _ in range(3)
    ]
    assert answers == [200] * 3
    it.revoke(it.second)
    done = player.end()
    assert done.code == GOOD, done.err


def test_another_invocation_is_another_call(studio):
    studio.recorded(retire_then_revoke)
    player = studio.replay()
    it = Opening(player)
    request = {"KeyId": it.key, "GrantId": it.first}
    first, second = (
        raw.send(player, ask(player, "RetireGrant", request, amz_sdk_invocation_id=name)) for name in ("one", "two")
    )
    assert (first.status, second.code) == (200, CODE)
    assert player.end().code == FINDINGS


def test_an_invocation_id_does_not_open_another_call(studio):
    """Somebody who uses one id for everything gets the answers of the calls that were made."""
    studio.recorded(retire_then_revoke)
    player = studio.replay()
    it = Opening(player)

    def send(operation, grant):
        body = {"KeyId": it.key, "GrantId": grant}
        return raw.send(player, ask(player, operation, body, amz_sdk_invocation_id="same"))

    assert send("RetireGrant", it.first).status == 200
    # The same operation with another input is not another attempt.
    assert send("RetireGrant", it.second).code == CODE
    assert send("RevokeGrant", it.second).status == 200
    assert player.end().code == FINDINGS


def test_a_connection_that_is_closed_after_its_answer_opens_nothing(studio):
    """Without an invocation id, the same call again is a repeat, unless its answer cannot have arrived."""
    studio.recorded(retire_then_revoke)
    player = studio.replay()
    it = Opening(player)
    body = {"KeyId": it.key, "GrantId": it.first}
    assert raw.call(player, "RetireGrant", body).status == 200
    assert raw.call(player, "RetireGrant", body).code == CODE
    assert player.end().code == FINDINGS


def test_one_dropped_connection_is_asked_again_once(studio):
    studio.recorded(retire_then_revoke)
    player = studio.replay()
    it = Opening(player)
    body = {"KeyId": it.key, "GrantId": it.first}
    send_and_reset(player, ask(player, "RetireGrant", body))
    assert raw.call(player, "RetireGrant", body).status == 200
    assert raw.call(player, "RetireGrant", body).code == CODE
    assert player.end().code == FINDINGS


# --- The fake beside the tape ---


def test_an_edited_answer_is_a_difference_and_fails_the_replay(studio):
    tape = studio.recorded(retire_then_revoke)
    tape["interactions"][1]["status"] = 400
    tape["interactions"][1]["output"] = {"__type": "LimitExceededException", "message": ""}
    studio.write("tape.json", tape)

    def story(server):
        kms = server.client()
        key = kms.create_key()["KeyMetadata"]["Arn"]
        principals = {"GranteePrincipal": server.arn(), "RetiringPrincipal": server.arn()}
        code, _ = refusal(kms.create_grant, KeyId=key, Operations=["Decrypt", "DescribeKey"], **principals)
        assert code == "LimitExceededException"

    done = studio.replayed(story)
    assert done.code == FINDINGS
    assert "call 2" in done.err and "CreateGrant" in done.err
    assert re.search(r"status.*\n.*400\n.*200", done.err)


def test_the_fake_follows_every_call(studio):
    studio.recorded(retire_then_revoke)
    done = studio.replayed(retire_then_revoke)
    assert done.code == GOOD
    assert "followed 5 calls" in done.err and "not follow 0" in done.err
