"""The clock of `serve`, and changes that take their time: moved by clients of every language, without a wait."""

import pytest

from control import control
from support import OURS, denied, lacking, refusal

DAY = 24 * 60 * 60


def advance(server, seconds):
    status, answer = control(server, "POST", "/kms-fixture/clock", {"advance": seconds})
    assert status == 200, answer
    return answer["now"]


def test_the_clock_can_be_read_and_put_forward(serve):
    server = serve({"keys": {"orders": {}}})
    status, before = control(server, "GET", "/kms-fixture/clock")
    assert status == 200
    assert before["now"] + DAY <= advance(server, DAY) < before["now"] + DAY + 60


def test_a_scenario_may_stop_the_clock(serve):
    server = serve({"clock": "test"})
    start = {"now": 1767225600.0}  # 2026-01-01T00:00:00Z
    assert control(server, "GET", "/kms-fixture/clock") == (200, start)
    assert advance(server, DAY) == start["now"] + DAY
    assert control(server, "GET", "/kms-fixture/clock") == (200, {"now": start["now"] + DAY})


def test_a_key_is_gone_when_its_time_has_come(serve):
    server = serve({"keys": {"orders": {"alias": "alias/orders"}}})
    kms = server.client()
    deletion = kms.schedule_key_deletion(KeyId=server.key(), PendingWindowInDays=7)
    advance(server, 7 * DAY - 60)
    assert kms.describe_key(KeyId=server.key())["KeyMetadata"]["DeletionDate"] == deletion["DeletionDate"]
    advance(server, 120)
    # Row 2.
    assert refusal(kms.describe_key, KeyId=server.key()) == (
        "NotFoundException",
        f"Key '{server.key()}' does not exist",
    )
    assert kms.list_aliases()["Aliases"] == []
    assert kms.list_keys()["Keys"] == []


def test_a_grant_arrives_when_its_time_has_come(serve):
    """Facts 5.1 and 5.2."""
    server = serve({"keys": {"orders": {}}, "roles": {"worker": {}}, "consistency": "eventual"})
    admin, worker = server.client(), server.client("worker")
    blob = admin.encrypt(KeyId=server.key(), Plaintext=b"hello")["CiphertextBlob"]
    grant = admin.create_grant(
        KeyId=server.key(), GranteePrincipal=server.arn("worker"), Operations=["Decrypt"]
    )
    caller = f"arn:aws:sts::{OURS}:assumed-role/worker/worker"
    not_yet = denied(caller, "Decrypt", lacking("identity-based", "Decrypt"), resource=server.key())
    assert refusal(worker.decrypt, CiphertextBlob=blob) == not_yet
    with_token = worker.decrypt(CiphertextBlob=blob, GrantTokens=[grant["GrantToken"]])
    assert with_token["Plaintext"] == b"hello"
    assert admin.list_grants(KeyId=server.key())["Grants"] == []
    advance(server, 300)
    assert worker.decrypt(CiphertextBlob=blob)["Plaintext"] == b"hello"
    assert [it["GrantId"] for it in admin.list_grants(KeyId=server.key())["Grants"]] == [grant["GrantId"]]

    admin.revoke_grant(KeyId=server.key(), GrantId=grant["GrantId"])
    assert worker.decrypt(CiphertextBlob=blob)["Plaintext"] == b"hello"
    assert control(server, "POST", "/kms-fixture/settle")[0] == 200
    assert refusal(worker.decrypt, CiphertextBlob=blob) == not_yet
    assert admin.list_grants(KeyId=server.key())["Grants"] == []


def test_a_session_ends(serve):
    server = serve({"roles": {"worker": {"allow": ["kms:ListKeys"], "session_seconds": 900}}})
    worker = server.client("worker")
    advance(server, 890)
    worker.list_keys()
    advance(server, 20)
    # Fact 1.11.
    assert refusal(worker.list_keys) == (
        "ExpiredTokenException",
        "The security token included in the request is expired",
    )
    server.client().list_keys()


@pytest.mark.parametrize(
    "method, path, body, status, words",
    [
        ("POST", "/kms-fixture/clock", {"advance": -1}, 400, "at least 0 seconds"),
        ("POST", "/kms-fixture/clock", {"advance": "1h"}, 400, '{"advance": seconds}'),
        ("POST", "/kms-fixture/clock", [], 400, '{"advance": seconds}'),
        ("POST", "/kms-fixture/clock", None, 400, '{"advance": seconds}'),
        ("POST", "/kms-fixture/clock", {"advance": 1e12}, 400, "500 years"),
        ("POST", "/kms-fixture/clock", {"advance": 1e300}, 400, '{"advance": seconds}'),
        ("DELETE", "/kms-fixture/clock", None, 405, "GET and POST"),
        ("GET", "/kms-fixture/settle", None, 405, "POST"),
        ("POST", "/kms-fixture/clocks", None, 404, "`settle`, `reset`"),
    ],
)
def test_what_is_wrong_is_said(serve, method, path, body, status, words):
    server = serve()
    got, answer = control(server, method, path, body)
    assert got == status
    assert words in answer["error"]
    assert control(server, "GET", "/kms-fixture/clock")[0] == 200
