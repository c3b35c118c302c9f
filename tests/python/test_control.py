"""The control endpoints: what runs, who calls, what is there, and everything back to the start."""

import base64
import http.client
import json
import threading

import boto3
import pytest

import raw
from control import call_as, control, get, post, principal, refused
from recorder import FINDINGS, GOOD, studio  # noqa: F401
from support import access, refusal

WORLD = {
    "keys": {"orders": {"alias": "alias/orders", "tags": {"team": "payments"}}, "archive": {"state": "Disabled"}},
    "roles": {"worker": {}, "janitor": {}},
    "users": {"it's me": {"name": "me"}},
    "grants": {"access": access(context_equals={"tenant": "7"})},
}

# Every endpoint, with a body that its method may have.
ENDPOINTS = [
    *[("GET", it, None) for it in ("health", "calls", "grants", "keys", "callers", "clock", "faults", "operations")],
    *[("POST", it, {}) for it in ("clock", "settle", "reset", "faults", "call", "principals/worker/delete")],
    ("DELETE", "faults", None),
]


def client_of(server, told):
    """A client with credentials that an endpoint returned."""
    names = ("access_key_id", "secret_access_key", "session_token")
    return boto3.client(
        "kms", endpoint_url=server.endpoint, region_name=server.region, **{f"aws_{it}": told[it] for it in names}
    )


# --- What is there ---


def test_health_says_what_the_server_is(serve):
    server = serve(WORLD)
    health = get(server, "health")
    assert (health["status"], health["mode"], health["calls"]) == ("ok", "fake", 0)
    assert {it: health[it] for it in ("endpoint", "region", "account")} == {
        it: server.announced[it] for it in ("endpoint", "region", "account")
    }
    server.client().list_keys()
    assert get(server, "health")["calls"] == 1


def test_callers_are_those_of_the_start_line(serve):
    server = serve(WORLD)
    assert get(server, "callers") == server.announced["callers"]


def test_keys_are_listed_as_they_are(serve):
    server = serve(WORLD)
    keys = {it["name"]: it for it in get(server, "keys")}
    assert set(keys) == {"orders", "archive"}
    orders = keys["orders"]
    assert (orders["key_id"], orders["arn"]) == (server.key_id(), server.key())
    assert (orders["state"], orders["spec"], orders["usage"]) == ("Enabled", "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")
    assert (orders["aliases"], orders["tags"]) == (["alias/orders"], {"team": "payments"})
    assert keys["archive"]["state"] == "Disabled"
    made = server.client().create_key()["KeyMetadata"]
    assert {it["key_id"] for it in get(server, "keys")} == {server.key_id(), server.key_id("archive"), made["KeyId"]}


def test_grants_come_and_go(serve):
    server = serve(WORLD)
    [grant] = get(server, "grants")
    told = server.announced["grants"]["access"]
    assert (grant["grant_id"], grant["grant_token"]) == (told["grant_id"], told["grant_token"])
    assert (grant["name"], grant["key"], grant["grantee"], grant["retiring"]) == ("access", "orders", "worker", "janitor")
    assert (grant["key_arn"], grant["grantee_arn"]) == (server.key(), server.arn("worker"))
    assert sorted(grant["operations"]) == ["Decrypt", "GenerateDataKey"]
    assert (grant["context_equals"], grant["context_subset"]) == ({"tenant": "7"}, None)
    server.client("janitor").retire_grant(GrantToken=told["grant_token"])
    assert get(server, "grants") == []


# --- Calls ---


def test_a_refused_call_is_listed_with_why(serve):
    server = serve(WORLD)
    blob = server.client().encrypt(KeyId="alias/orders", Plaintext=b"x", EncryptionContext={"tenant": "8"})
    assert refusal(
        server.client("worker").decrypt, CiphertextBlob=blob["CiphertextBlob"], EncryptionContext={"tenant": "8"}
    )[0] == "AccessDeniedException"
    first, second = get(server, "calls")
    assert (first["operation"], first["code"], first["why"], first["status"]) == ("Encrypt", None, [], 200)
    assert (second["number"], second["caller"], second["operation"], second["on"]) == (2, "worker", "Decrypt", "orders")
    assert (second["status"], second["code"]) == (400, "AccessDeniedException")
    assert 'access allows Decrypt to worker, but needs context tenant = "7"; the call has "8"' in second["why"]
    assert "fault" not in second


def test_a_refusal_that_is_a_matter_of_time_names_the_endpoints_that_help(serve):
    world = {"keys": {"orders": {}}, "roles": {"worker": {}}, "consistency": "eventual", "clock": "test"}
    server = serve(world)
    grant = {"KeyId": server.key(), "GranteePrincipal": server.arn("worker"), "Operations": ["DescribeKey"]}
    call_as(server, "admin", "CreateGrant", **grant)
    why = call_as(server, "worker", "DescribeKey", KeyId=server.key())["call"]["why"]
    assert "this is a matter of time: " in why[-2]
    assert why[-1].startswith("help: `POST /kms-fixture/clock` moves the clock, `POST /kms-fixture/settle` lets every change arrive")
    assert "`GrantTokens`" in why[-1] and get(server, "calls")[-1]["why"] == why
    post(server, "settle")
    assert call_as(server, "worker", "DescribeKey", KeyId=server.key())["status"] == 200


def test_one_call_has_its_input_and_output(serve):
    server = serve(WORLD)
    server.client().describe_key(KeyId=server.key())
    one = get(server, "calls/1")
    assert one["input"] == {"KeyId": "orders"}
    assert one["output"]["KeyMetadata"]["KeyState"] == "Enabled"
    assert refused(server, "GET", "calls/2")[0] == 404
    assert refused(server, "GET", "calls/x")[0] == 400


def test_only_later_calls_are_listed_after_a_number(serve):
    server = serve(WORLD)
    for _ in range(3):
        server.client().list_keys()
    assert [it["number"] for it in get(server, "calls?since=1")] == [2, 3]
    assert get(server, "calls?since=3") == get(server, "calls?since=99") == []
    # Names of what calls have made stay the same, whichever calls are asked for.
    made = server.client().create_key()["KeyMetadata"]["KeyId"]
    server.client().describe_key(KeyId=made)
    assert [it["on"] for it in get(server, "calls?since=3")] == ["key-1", "key-1"]
    assert [it["on"] for it in get(server, "calls?since=4")] == ["key-1"]
    for wrong in ("calls?since=x", "calls?sinse=1", "calls?wait=-1"):
        assert refused(server, "GET", wrong)[0] == 400


def test_a_request_can_wait_for_the_next_call(serve):
    server = serve(WORLD)
    found = []
    waiting = threading.Thread(target=lambda: found.extend(get(server, "calls?since=0&wait=60")))
    waiting.start()
    # A look at the fixture is not a change. Whether the call comes before or after the request, the request ends with it.
    for what in ("health", "calls", "grants", "clock"):
        get(server, what)
    server.client().list_keys()
    waiting.join(timeout=30)
    assert [it["operation"] for it in found] == ["ListKeys"]


def test_a_waiting_request_does_not_keep_a_server(serve):
    server = serve()
    connection = http.client.HTTPConnection(*server.address, timeout=30)
    connection.request("GET", "/kms-fixture/calls?since=0&wait=60")
    server.stop()
    connection.close()


# --- A call as a caller ---


def test_a_call_can_be_made_as_a_caller(serve):
    server = serve(WORLD)
    answer = call_as(server, "worker", "GenerateDataKey", KeyId=server.key(), KeySpec="AES_256", EncryptionContext={"tenant": "7"})
    assert (answer["status"], answer["output"]["KeyId"]) == (200, server.key())
    assert (answer["call"]["caller"], answer["call"]["number"]) == ("worker", 1)
    blob = base64.b64decode(answer["output"]["CiphertextBlob"])
    plain = server.client("worker").decrypt(CiphertextBlob=blob, EncryptionContext={"tenant": "7"})["Plaintext"]
    assert plain == base64.b64decode(answer["output"]["Plaintext"])
    denied = call_as(server, "worker", "DescribeKey", KeyId=server.key())
    assert (denied["status"], denied["output"]["__type"]) == (400, "AccessDeniedException")
    assert "access allows Decrypt, GenerateDataKey to worker, not DescribeKey" in denied["call"]["why"]
    # The user has credentials without a session token.
    assert call_as(server, "it's me", "ListKeys")["output"]["__type"] == "AccessDeniedException"
    assert [it["caller"] for it in get(server, "calls")] == ["worker", "worker", "worker", "it's me"]


def test_a_call_goes_to_the_region_that_it_names(serve):
    server = serve(WORLD, "--region-any")
    made = post(server, "call", {"caller": "admin", "operation": "CreateKey", "region": "eu-west-1"})
    assert made["output"]["KeyMetadata"]["Arn"].startswith("arn:aws:kms:eu-west-1:")
    closed = serve(WORLD)
    other = post(closed, "call", {"caller": "admin", "operation": "ListKeys", "region": "eu-west-1"})
    assert other["output"]["__type"] == "InvalidSignatureException"


@pytest.mark.parametrize(
    "body, status, words",
    [
        ({"operation": "ListKeys"}, 400, "`caller` is missing"),
        ({"caller": "admin"}, 400, "`operation` is missing"),
        ({"caller": "wroker", "operation": "ListKeys"}, 404, "did you mean `worker`?"),
        ({"caller": "admin", "operation": "List\nKeys"}, 400, "`operation` must be"),
        ({"caller": 1, "operation": "ListKeys"}, 400, "`caller` must be a string"),
        ([], 400, "JSON object"),
    ],
)
def test_a_wrong_call_is_refused_here(serve_module, body, status, words):
    got, text = refused(serve_module(WORLD), "POST", "call", body)
    assert got == status and words in text


def test_operations_have_examples_that_the_api_accepts(serve):
    """The console starts each call with an example: none may be refused for its form."""
    server = serve(WORLD)
    known = {"KeyId": server.key(), "TargetKeyId": server.key(), "DestinationKeyId": server.key()}
    listed = get(server, "operations")
    assert "RetireGrant" in {it["name"] for it in listed}
    for it in listed:
        given = {name: known.get(name) or ("x" if value == "" else value) for name, value in it["input"].items()}
        answer = call_as(server, "admin", it["name"], **given)
        assert answer["output"] is None or answer["output"].get("__type") not in ("SerializationException", "UnknownOperationException"), it


# --- Time, principals, services ---


def test_a_deleted_principal_s_credentials_no_longer_work(serve):
    server = serve(WORLD)
    assert post(server, principal("worker", "delete")) == {"deleted": "worker"}
    assert refusal(server.client("worker").list_keys)[0] == "UnrecognizedClientException"
    [grant] = get(server, "grants")
    assert grant["grantee_arn"].startswith("AROA")
    status, text = refused(server, "POST", principal("worker", "delete"))
    assert (status, text) == (409, "`worker` no longer exists")
    status, text = refused(server, "POST", principal("it is me", "delete"))
    assert (status, "did you mean `it's me`?" in text) == (404, True)
    for change in ("delete", "recreate"):
        status, text = refused(server, "POST", principal("janitr", change))
        assert (status, text) == (404, "no role or user named `janitr` is declared; did you mean `janitor`?")
    assert post(server, principal("it's me", "delete")) == {"deleted": "it's me"}


def test_a_role_made_again_has_none_of_the_old_role_s_grants(serve):
    server = serve(WORLD)
    told = post(server, principal("worker", "recreate"))
    assert told["arn"] == server.arn("worker")
    assert get(server, "callers")["worker"] == told
    client = client_of(server, told)
    with pytest.raises(client.exceptions.ClientError, match="AccessDenied"):
        client.generate_data_key(KeyId=server.key(), KeySpec="AES_256", EncryptionContext={"tenant": "7"})
    client.close()
    assert refused(server, "POST", principal("it's me", "recreate")) == (409, "`it's me` is not a role")


def test_a_service_can_call(serve):
    server = serve(WORLD)
    told = post(server, "services/s3.us-east-1.amazonaws.com/sign-in", {"on_behalf_of": "worker"})
    assert told["arn"] == server.arn("worker")
    own = post(server, "services/dynamodb.us-east-1.amazonaws.com/sign-in")
    assert own["arn"] == "dynamodb.us-east-1.amazonaws.com"
    assert refused(server, "POST", "services/S3/sign-in")[0] == 409
    assert refused(server, "POST", "services/s3.amazonaws.com/sign-in", {"on_behalf_of": "x"})[0] == 404


# --- Faults ---


def test_faults_strike_and_are_listed_with_the_call(serve):
    server = serve(WORLD)
    added = post(server, "faults", [{"fault": "throttled", "operation": "ListKeys"}])
    assert added == {"faults": ["throttled(operation(ListKeys))"], "unmet": ["throttled(operation(ListKeys))"]}
    assert refusal(server.client().list_keys)[0] == "ThrottlingException"
    server.client().list_keys()
    assert [it.get("fault") for it in get(server, "calls")] == ["throttled", None]
    assert get(server, "faults")["unmet"] == []
    assert control(server, "DELETE", "/kms-fixture/faults") == (200, {"faults": [], "unmet": []})
    assert refused(server, "POST", "faults", [{"fault": "throtled"}])[0] == 400


def test_a_lost_answer_of_a_call_as_is_a_null_status(serve):
    server = serve(WORLD)
    post(server, "faults", [{"fault": "lost_answer", "operation": "CreateKey"}])
    lost = call_as(server, "admin", "CreateKey")
    assert (lost["status"], lost["call"]["fault"]) == (None, "lost_answer")
    assert len(get(server, "keys")) == 3


# --- Reset ---


def test_reset_puts_everything_back(serve):
    server = serve({**WORLD, "clock": "test", "faults": [{"fault": "throttled", "operation": "RetireGrant"}]})
    watched = ("health", "callers", "keys", "grants", "clock", "faults", "calls")
    before = {it: get(server, it) for it in watched}
    first = server.client().create_key()["KeyMetadata"]["KeyId"]
    assert refusal(server.client("janitor").retire_grant, GrantToken=server.announced["grants"]["access"]["grant_token"])
    server.client("janitor").retire_grant(GrantToken=server.announced["grants"]["access"]["grant_token"])
    server.client().schedule_key_deletion(KeyId=server.key())
    post(server, principal("worker", "recreate"))
    post(server, principal("janitor", "delete"))
    post(server, "faults", [{"fault": "internal"}])
    post(server, "clock", {"advance": 30 * 24 * 3600})
    assert all(get(server, it) != before[it] for it in watched)

    before["health"]["resets"] = 1
    assert post(server, "reset") == before["health"]
    assert {it: get(server, it) for it in watched} == before
    # A second run is the first one again: the same credentials work, the same ids are drawn.
    assert server.client().create_key()["KeyMetadata"]["KeyId"] == first
    server.client("worker").generate_data_key(KeyId=server.key(), KeySpec="AES_256", EncryptionContext={"tenant": "7"})
    assert [it["number"] for it in get(server, "calls")] == [1, 2]
    # The declared fault is back, too, and would be missed at the end.
    assert control(server, "DELETE", "/kms-fixture/faults")[0] == 200


# --- Record and replay ---


def test_record_and_replay_have_the_endpoints_but_not_the_changes(studio):  # noqa: F811
    recorder = studio.record(studio.service({"roles": {"worker": {}}}), scenario={"roles": {"worker": {}}})
    health = get(recorder, "health")
    assert health["mode"] == "record"
    assert get(recorder, "callers") == recorder.announced["callers"]
    made = call_as(recorder, "admin", "CreateKey")["output"]["KeyMetadata"]["KeyId"]
    call_as(recorder, "admin", "CreateGrant", KeyId=made, GranteePrincipal=recorder.arn("worker"), Operations=["Decrypt"])
    denied = call_as(recorder, "worker", "ListKeys")
    assert denied["output"]["__type"] == "AccessDeniedException"
    [grant] = get(recorder, "grants")
    assert (grant["grantee"], grant["operations"]) == ("worker", ["Decrypt"])
    assert [it["key_id"] for it in get(recorder, "keys")] == [made]
    story = ["CreateKey", "CreateGrant", "ListKeys"]
    assert [it["operation"] for it in get(recorder, "calls")] == story
    _is_refused_its_changes(recorder, "this server is a recording")
    grant_id = grant["grant_id"]
    call_as(recorder, "admin", "RevokeGrant", KeyId=made, GrantId=grant_id)
    assert get(recorder, "grants") == []
    live = json.dumps(recorder.announced["callers"])
    done = recorder.end()
    assert done.code == GOOD, done.err
    studio.accept()
    assert not any(it["secret_access_key"] in studio.tape.read_text() for it in json.loads(live).values())

    player = studio.replay()
    assert get(player, "health")["mode"] == "replay"
    key = call_as(player, "admin", "CreateKey")["output"]["KeyMetadata"]["KeyId"]
    granted = call_as(player, "admin", "CreateGrant", KeyId=key, GranteePrincipal=player.arn("worker"), Operations=["Decrypt"])
    assert get(player, "grants")[0]["grant_id"] == granted["output"]["GrantId"]
    _is_refused_its_changes(player, "this server is a replay")
    assert [it["operation"] for it in get(player, "calls")] == story[:2]
    assert player.end().code == FINDINGS, "two calls are left"


def _is_refused_its_changes(server, words):
    for what, body in [("clock", {"advance": 1}), ("settle", None), ("reset", None), (principal("worker", "delete"), None)]:
        status, text = refused(server, "POST", what, body)
        assert status == 409 and words in text, (what, text)


# --- Who may ask ---


@pytest.mark.parametrize("method, what, body", ENDPOINTS)
def test_pages_of_other_origins_and_other_names_are_refused(serve_module, method, what, body):
    server = serve_module(WORLD)
    path = f"/kms-fixture/{what}"
    for headers in [
        {"Origin": "http://example.com"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "example.com"},
        {"Host": "example.com", "Origin": "http://example.com"},
        {"Host": "127.0.0.1.example.com"},
    ]:
        status, answer = control(server, method, path, body, **headers)
        assert status == 403 and "error" in answer, headers
    status, _ = control(server, "OPTIONS", path, None, Origin="http://example.com", Access_Control_Request_Method=method)
    assert status == 403
    assert get(server, "callers") == server.announced["callers"], "nothing was changed"


def test_this_machine_s_names_and_the_server_s_own_pages_are_allowed(serve):
    server = serve(WORLD)
    port = server.address[1]
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}", "localhost", "127.7.7.7"):
        assert control(server, "GET", "/kms-fixture/clock", Host=host)[0] == 200, host
        assert control(server, "POST", "/kms-fixture/clock", {"advance": 1}, Host=host, Origin=f"http://{host}")[0] == 200


def test_a_request_with_two_hosts_is_refused(serve):
    server = serve()
    connection = http.client.HTTPConnection(*server.address, timeout=30)
    connection.putrequest("GET", "/kms-fixture/callers", skip_host=True)
    for host in ("localhost", "example.com"):
        connection.putheader("Host", host)
    connection.endheaders()
    assert connection.getresponse().status in (400, 403)
    connection.close()


def test_other_machines_may_use_any_name_if_they_are_allowed(serve):
    server = serve(None, "--allow-other-machines")
    assert control(server, "GET", "/kms-fixture/clock", Host="build.example.com")[0] == 200
    assert control(server, "GET", "/kms-fixture/clock", Host="build.example.com", Origin="http://build.example.com")[0] == 200
    assert control(server, "GET", "/kms-fixture/clock", Host="build.example.com", Origin="http://example.com")[0] == 403


def test_calls_of_kms_have_any_host_and_any_origin(serve):
    server = serve(WORLD)
    request = raw.signed(server, "ListKeys", {}, headers={"origin": "http://example.com"})
    answer = raw.send(server, request)
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "*"
