"""Many at once: servers that know nothing of each other, and threads that share one server."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

import raw
from support import refusal

SCENARIO = {
    "keys": {"orders": {}},
    "roles": {"worker": {}, "janitor": {"allow": ["kms:ListRetirableGrants"]}},
}
THREADS = 16


@pytest.fixture
def server(serve):
    return serve(SCENARIO)


def at_once(calls):
    """Runs the functions in threads that start together; gives their results in order."""
    calls = list(calls)
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def create(server, **more):
    body = {
        "KeyId": server.key(),
        "GranteePrincipal": server.arn("worker"),
        "RetiringPrincipal": server.arn("janitor"),
        "Operations": ["Decrypt"],
    }
    answer = raw.call(server, "CreateGrant", body | more)
    assert answer.status == 200, answer
    return answer.json


def listed(server):
    """Returns the ids of the key's grants, through boto3's paginator."""
    pages = server.client().get_paginator("list_grants").paginate(KeyId=server.key())
    return {it["GrantId"] for page in pages for it in page["Grants"]}


# --- Servers ---


def test_servers_never_see_each_others_state(serve):
    servers = [serve(SCENARIO) for _ in range(5)]
    assert len({it.endpoint for it in servers}) == 5

    def fill(count, server):
        made = {create(server)["GrantId"] for _ in range(count)}
        for at in range(count):
            raw.call(server, "CreateAlias", {"AliasName": f"alias/a{at}", "TargetKeyId": server.key()})
        tags = [{"TagKey": f"t{at}", "TagValue": str(count)} for at in range(count)]
        raw.call(server, "TagResource", {"KeyId": server.key(), "Tags": tags})
        return made

    filled = at_once(lambda at=at, it=it: fill(at, it) for at, it in enumerate(servers))
    for count, (server, made) in enumerate(zip(servers, filled, strict=True)):
        kms = server.client()
        assert listed(server) == made
        assert len(kms.list_aliases()["Aliases"]) == count
        tags = kms.list_resource_tags(KeyId=server.key())["Tags"]
        assert [it["TagValue"] for it in tags] == [str(count)] * count


def test_a_server_that_ends_takes_no_other_with_it(serve):
    first, second = serve(SCENARIO), serve(SCENARIO)
    made = create(second)["GrantId"]
    create(first)
    first.stop()
    assert listed(second) == {made}


def test_what_one_server_disabled_works_on_another(serve):
    first, second = serve(SCENARIO), serve(SCENARIO)
    first.client().disable_key(KeyId=first.key())
    second.client().create_key()
    create(second)
    assert len(first.client().list_keys()["Keys"]) == 1


def test_a_marker_of_another_server_is_none(serve):
    """guesses.md, `markers`: bound to their query and to their fixture."""
    first, second = (serve({"keys": {"one": {}, "two": {}}}) for _ in range(2))
    marker = first.client().list_keys(Limit=1)["NextMarker"]
    assert refusal(second.client().list_keys, Marker=marker) == ("InvalidMarkerException", "")


def test_a_token_of_another_server_is_none(serve):
    """A client that was given the wrong port must not end a grant there."""
    first, second = serve(SCENARIO), serve(SCENARIO)
    token = create(first)["GrantToken"]
    create(second)
    assert refusal(second.client().retire_grant, GrantToken=token)[0] == "InvalidGrantTokenException"


def test_credentials_of_another_server_are_none(serve):
    """And must not be let in at all."""
    first, second = serve(SCENARIO), serve(SCENARIO)
    assert raw.call(second, "ListKeys", credentials=first.credentials()).status == 400


# --- Threads ---


def test_every_grant_that_was_made_is_listed(server):
    made = at_once([lambda: [create(server) for _ in range(10)]] * THREADS)
    ids = [it["GrantId"] for batch in made for it in batch]
    tokens = {it["GrantToken"] for batch in made for it in batch}
    assert len(set(ids)) == len(tokens) == 10 * THREADS
    assert listed(server) == set(ids)


def test_fact_3_1_4_one_name_makes_one_grant(server):
    made = at_once([lambda: create(server, Name="nightly")] * THREADS)
    assert len({it["GrantId"] for it in made}) == 1
    assert len({it["GrantToken"] for it in made}) == THREADS
    assert len(listed(server)) == 1


@pytest.mark.parametrize("operation", ["RetireGrant", "RevokeGrant"])
def test_a_grant_ends_once(server, operation):
    made = create(server)
    by_token = {"GrantToken": made["GrantToken"]}
    by_id = {"KeyId": server.key(), "GrantId": made["GrantId"]}
    body = by_token if operation == "RetireGrant" else by_id
    answers = at_once([lambda: raw.call(server, operation, body)] * THREADS)
    assert sorted(it.status for it in answers) == [200] + [400] * (THREADS - 1)
    codes = {it.code for it in answers if it.status == 400}
    assert codes <= {"InvalidGrantTokenException", "NotFoundException"}


def test_an_alias_is_made_once(server):
    body = {"AliasName": "alias/orders", "TargetKeyId": server.key()}
    answers = at_once([lambda: raw.call(server, "CreateAlias", body)] * THREADS)
    assert sorted(it.status for it in answers) == [200] + [400] * (THREADS - 1)
    assert {it.code for it in answers if it.status == 400} == {"AlreadyExistsException"}


def test_making_and_retiring_leaves_nothing_behind(server):
    def cycle():
        for _ in range(10):
            token = create(server)["GrantToken"]
            assert raw.call(server, "RetireGrant", {"GrantToken": token}, caller="janitor").status == 200

    at_once([cycle] * THREADS)
    assert listed(server) == set()


def test_lists_are_whole_while_others_write(server):
    """What is there all the time is on exactly one page."""
    lasting = {create(server)["GrantId"] for _ in range(10)}

    def write():
        for _ in range(20):
            token = create(server)["GrantToken"]
            raw.call(server, "RetireGrant", {"GrantToken": token})

    def read():
        kms, found = server.new_client(), []
        for operation, known in (
            ("list_grants", {"KeyId": server.key()}),
            ("list_retirable_grants", {"RetiringPrincipal": server.arn("janitor")}),
        ):
            found = []
            for page in kms.get_paginator(operation).paginate(**known, PaginationConfig={"PageSize": 2}):
                found += [it["GrantId"] for it in page["Grants"]]
            assert len(found) == len(set(found))
            assert lasting <= set(found)
        kms.close()

    at_once([write, read] * (THREADS // 2))
    assert listed(server) == lasting


def test_callers_are_not_mixed_up(server):
    """Each answer is for the one who asked."""

    def ask(caller):
        return [raw.call(server, "ListKeys", caller=caller) for _ in range(10)]

    callers = ["admin", "worker", "janitor", "worker"] * (THREADS // 4)
    for caller, answers in zip(callers, at_once(lambda it=it: ask(it) for it in callers), strict=True):
        for answer in answers:
            if caller == "admin":
                assert answer.status == 200
            else:
                assert server.caller_arn(caller) in answer.message


def test_fact_2_10_every_request_has_an_id_of_its_own(server):
    answers = at_once([lambda: [raw.call(server, "ListKeys") for _ in range(10)]] * THREADS)
    ids = {it.headers["x-amzn-requestid"] for batch in answers for it in batch}
    assert len(ids) == 10 * THREADS


def test_one_client_may_be_shared_by_threads(server):
    kms = server.client()
    made = at_once([lambda: kms.create_key()["KeyMetadata"]["KeyId"]] * 10)
    assert set(made) | {server.key_id()} == {it["KeyId"] for it in kms.list_keys()["Keys"]}
