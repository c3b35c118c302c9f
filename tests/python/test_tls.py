"""Recording over TLS: whom the recorder trusts, and whose credentials go where.

The live service is our own fake, which verifies signatures, behind a proxy that takes TLS off and keeps what it heard.
"""

import json
import re

import pytest
import trustme

import raw
from recordings import bindings
from server import Server
from upstreams import Refused, Tls, environment, recorder, run

SCENARIO = {"keys": {"orders": {}}, "roles": {"worker": {}, "janitor": {"allow": ["kms:ListRetirableGrants"]}}}


@pytest.fixture
def declared(tmp_path):
    path = tmp_path / "declared.json"
    path.write_text(json.dumps(SCENARIO))
    return path


@pytest.fixture
def live(serve):
    """The service, as the recorder does not see it."""
    return serve(SCENARIO)


@pytest.fixture
def tls(live):
    with Tls(live.address) as it:
        yield it


@pytest.fixture
def record(tmp_path, live, tls, declared):
    """Starts a recorder over TLS that trusts the authority, unless told otherwise."""
    started = []

    def start(url=None, **env):
        bound = {"AWS_CA_BUNDLE": tls.bundle(tmp_path), **bindings(live, tmp_path)} | env
        bound = {name: it for name, it in bound.items() if it is not None}
        it = recorder(tmp_path / "tape.json", url or tls.url, "--scenario", declared, env=environment(**bound))
        started.append(it)
        return it

    yield start
    for it in started:
        it.kill()


def heard(tls):
    """What came out of TLS: every request, as text."""
    return b"".join(tls.heard).decode()


def secrets(server):
    """What is a secret of the callers of a server."""
    return {
        told[member]
        for told in server.announced["callers"].values()
        for member in ("access_key_id", "secret_access_key", "session_token")
    }


def some_calls(it):
    made = raw.call(
        it,
        "CreateGrant",
        {"KeyId": it.key(), "GranteePrincipal": it.arn("worker"), "RetiringPrincipal": it.arn("janitor"),
         "Operations": ["Decrypt"]},
    )
    assert made.status == 200, made
    listed = raw.call(it, "ListRetirableGrants", {"RetiringPrincipal": it.arn("janitor")}, caller="janitor")
    assert [grant["GrantId"] for grant in listed.json["Grants"]] == [made.json["GrantId"]]
    refused = raw.call(it, "RetireGrant", {"GrantToken": made.json["GrantToken"]}, caller="worker")
    assert refused.code == "AccessDeniedException"
    assert raw.call(it, "RetireGrant", {"GrantToken": made.json["GrantToken"]}, caller="janitor").status == 200
    return made.json


def test_calls_go_through_tls_and_are_recorded(record, tls, live, tmp_path):
    it = record()
    some_calls(it)
    code, said = it.end()
    assert code == 0, said
    assert "recorded 4 calls" in said
    assert raw.call(live, "ListGrants", {"KeyId": live.key()}).json["Grants"] == []
    assert run("accept", tmp_path / "tape.json")[0] == 0
    code, said = run("check", tmp_path / "tape.json")
    assert code == 0, said


def test_the_service_sees_the_live_callers_and_nobody_else(record, tls, live):
    """It verifies each signature, so that a call that has succeeded was signed with the live secret."""
    it = record()
    some_calls(it)
    assert it.end()[0] == 0
    text = heard(tls)
    signers = set(re.findall("Credential=([A-Z0-9]+)/", text))
    told = live.announced["callers"]
    assert signers == {told[name]["access_key_id"] for name in ("admin", "worker", "janitor")}
    tokens = set(re.findall(r"(?i)x-amz-security-token: (\S+)", text))
    assert tokens == {told[name]["session_token"] for name in ("admin", "worker", "janitor")}
    assert not any(secret in text for secret in secrets(it))
    assert not any(caller["secret_access_key"] in text for caller in told.values())


def test_nothing_of_the_clients_request_goes_on_but_the_call(record, tls):
    it = record()
    headers = {
        "user-agent": "a client of its own",
        "amz-sdk-invocation-id": "11111111-1111-4111-8111-111111111111",
        "x-of-mine": "a header of its own",
        "cookie": "mine=1",
    }
    assert raw.call(it, "ListKeys", headers=headers).status == 200
    assert it.end()[0] == 0
    text = heard(tls)
    names = {name.lower() for name in re.findall(r"(?m)^([\w-]+): ", text)}
    assert names == {
        "authorization",
        "content-length",
        "content-type",
        "host",
        "x-amz-date",
        "x-amz-security-token",
        "x-amz-target",
    }
    assert it.endpoint.removeprefix("http://") not in text
    assert set(re.findall(r"(?m)^host: (\S+)", text)) == {tls.url.removeprefix("https://")}


def test_the_clients_never_see_live_credentials(record, live, tmp_path):
    it = record()
    answers = [
        raw.call(it, "ListGrants", {"KeyId": it.key()}),
        raw.call(it, "CreateGrant", {}),
        raw.call(it, "ListGrants", {"KeyId": it.key()}, caller="worker"),
        raw.call(it, "ListKeys", credentials=live.credentials()),
    ]
    code, said = it.end()
    everything = json.dumps(it.announced) + said + "".join(f"{it.headers} {it.body}" for it in answers)
    everything += "".join(path.read_text() for path in tmp_path.glob("tape*"))
    assert code == 0
    assert secrets(live).isdisjoint(secrets(it))
    assert not any(secret in everything for secret in secrets(live))


def test_live_credentials_do_not_open_the_recorder(record, live, tls):
    """Who has them may call the service; the recorder knows its own callers alone."""
    it = record()
    before = len(heard(tls))
    for caller in live.announced["callers"]:
        refused = raw.call(it, "ListKeys", credentials=live.credentials(caller))
        assert (refused.status, refused.code) == (400, "UnrecognizedClientException")
    assert len(heard(tls)) == before, "nothing went on"


def test_the_clients_signature_is_verified_before_anything_goes_on(record, tls):
    it = record()
    before = len(heard(tls))
    request = raw.signed(it, "ListKeys")
    request.body = b'{"Limit":1}'
    assert raw.send(it, request).code == "InvalidSignatureException"
    assert len(heard(tls)) == before


# --- Whom it trusts ---


def test_a_certificate_of_nobody_known_is_refused_and_told(record, tls):
    """With a key to describe, nothing can be prepared."""
    with pytest.raises(Refused) as refused:
        record(AWS_CA_BUNDLE=None)
    assert refused.value.code == 2
    for part in (tls.url.removeprefix("https://"), "certificate", "AWS_CA_BUNDLE", "help: "):
        assert part in refused.value.said
    assert "panicked" not in refused.value.said
    assert heard(tls) == ""


def test_the_certificate_of_another_authority_is_refused(record, tls, tmp_path):
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    with pytest.raises(Refused) as refused:
        record(AWS_CA_BUNDLE=other)
    assert "certificate" in refused.value.said
    assert heard(tls) == ""


def test_a_certificate_for_another_host_is_refused(live, declared, tmp_path):
    with Tls(live.address, names=["kms.example.org"]) as tls:
        env = environment(AWS_CA_BUNDLE=tls.bundle(tmp_path), **bindings(live, tmp_path))
        with pytest.raises(Refused) as refused:
            recorder(tmp_path / "tape.json", tls.url, "--scenario", declared, env=env)
        assert "certificate" in refused.value.said
        assert heard(tls) == ""


def test_what_fails_later_fails_the_call_and_the_recording(tls, live, tmp_path):
    """Without declarations nothing is prepared, so the first call finds out."""
    env = environment(**{name: it for name, it in bindings(live, tmp_path).items() if name == "AWS_CONFIG_FILE"})
    with recorder(tmp_path / "tape.json", tls.url, env=env) as it:
        answer = raw.call(it, "ListKeys")
        assert answer.status >= 500 and "AWS_CA_BUNDLE" in answer.body.decode()
        code, said = it.end()
    assert code == 1 and "AWS_CA_BUNDLE" in said and "ListKeys by admin" in said
    assert heard(tls) == ""


BROKEN = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize("content", [None, b"", b"no certificate", BROKEN])
def test_a_bundle_that_is_none_is_an_error_that_names_it(record, tmp_path, content):
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_bytes(content)
    with pytest.raises(Refused) as refused:
        record(AWS_CA_BUNDLE=bundle)
    assert refused.value.code == 2
    assert str(bundle) in refused.value.said and "AWS_CA_BUNDLE" in refused.value.said


def test_a_bundle_of_several_is_trusted_as_a_whole(record, tls, tmp_path):
    several = tmp_path / "several.pem"
    pems = [trustme.CA().cert_pem.bytes(), tls.authority.cert_pem.bytes(), trustme.CA().cert_pem.bytes()]
    several.write_bytes(b"# ours and others\n" + b"".join(pems))
    it = record(AWS_CA_BUNDLE=several)
    assert raw.call(it, "ListKeys").status == 200
    assert it.end()[0] == 0


def test_an_empty_variable_is_no_bundle(record):
    with pytest.raises(Refused) as refused:
        record(AWS_CA_BUNDLE="")
    assert "certificate" in refused.value.said


def test_plain_http_does_not_pass_for_tls(live, record, tls):
    """Somebody who takes TLS off on the way is not talked to."""
    with pytest.raises(Refused):
        record(url=f"https://localhost:{live.address[1]}")
    with pytest.raises(Refused):
        record(url=tls.url.replace("https:", "http:"))
    assert heard(tls) == ""


# --- Credentials that are wrong ---


def test_credentials_that_the_service_does_not_know_are_told(record, live, tmp_path):
    stranger = Server()
    try:
        wrong = bindings(stranger, tmp_path)["AWS_CONFIG_FILE"].read_text()
    finally:
        stranger.stop()
    config = tmp_path / "wrong"
    config.write_text(wrong)
    with pytest.raises(Refused) as refused:
        record(AWS_CONFIG_FILE=config)
    assert "UnrecognizedClientException" in refused.value.said
    assert not any(secret in refused.value.said for secret in secrets(stranger))
