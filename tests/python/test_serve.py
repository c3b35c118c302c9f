"""`kms-fixture serve` as a process: what it prints, when it ends, what it refuses."""

import json
import re
import signal
import socket
import subprocess

import pytest

import raw
from server import PATIENCE, Server, lines_to_paste, run_once, serve_text
from support import access

# A scenario with every kind of declaration.
SCENARIO = {
    "region": "us-east-1",
    "account": "111122223333",
    "keys": {"orders": {}, "archive": {"state": "Disabled"}, "macs": {"spec": "HMAC_256"}},
    "roles": {"worker": {}, "janitor": {"allow": ["kms:ListRetirableGrants"]}},
    "users": {"alice": {}},
    "grants": {"access": access()},
}


# --- The line ---


def test_prints_one_line_with_these_members(serve):
    announced = serve(SCENARIO).announced  # its end makes sure that no second line follows
    assert set(announced) == {"endpoint", "region", "account", "callers", "keys", "grants"}
    assert re.fullmatch(r"http://127\.0\.0\.1:[1-9][0-9]*", announced["endpoint"])
    assert (announced["region"], announced["account"]) == ("us-east-1", "111122223333")
    assert set(announced["callers"]) == {"admin", "worker", "janitor", "alice"}
    assert {name: set(it) for name, it in announced["keys"].items()} == dict.fromkeys(
        ["orders", "archive", "macs"], {"key_id", "arn"}
    )
    assert {name: set(it) for name, it in announced["grants"].items()} == {
        "access": {"grant_id", "grant_token"}
    }


def test_each_caller_has_arns_and_credentials(serve):
    for told in serve(SCENARIO).announced["callers"].values():
        assert set(told) == {
            "arn",
            "caller_arn",
            "access_key_id",
            "secret_access_key",
            "session_token",
        }


@pytest.mark.parametrize(
    "caller, arn, caller_arn",
    [
        (
            "admin",
            "arn:aws:iam::111122223333:role/Admin",
            "arn:aws:sts::111122223333:assumed-role/Admin/admin",
        ),
        (
            "worker",
            "arn:aws:iam::111122223333:role/worker",
            "arn:aws:sts::111122223333:assumed-role/worker/",
        ),
    ],
)
def test_roles_call_through_sessions_with_temporary_credentials(serve, caller, arn, caller_arn):
    told = serve(SCENARIO).announced["callers"][caller]
    assert told["arn"] == arn
    assert told["caller_arn"].startswith(caller_arn)
    assert re.fullmatch("ASIA[A-Z0-9]{16}", told["access_key_id"])
    assert told["session_token"]


def test_users_have_lasting_credentials_without_a_session_token(serve):
    told = serve(SCENARIO).announced["callers"]["alice"]
    assert told["arn"] == told["caller_arn"] == "arn:aws:iam::111122223333:user/alice"
    assert re.fullmatch("AKIA[A-Z0-9]{16}", told["access_key_id"])
    assert told["session_token"] is None


def test_federated_users_have_temporary_credentials_of_sts(serve):
    """STS API reference, GetFederationToken."""
    users = {
        "guest": {"federated": True, "allow": ["kms:ListKeys"]},
        "partner": {"federated": True, "account": "444455556666", "name": "Somebody", "policy": allow("kms:*")},
        "IAM's": {"name": "guest"},
    }
    server = serve({"users": users})
    told = server.announced["callers"]["guest"]
    assert told["arn"] == told["caller_arn"] == "arn:aws:sts::111122223333:federated-user/guest"
    assert re.fullmatch("ASIA[A-Z0-9]{16}", told["access_key_id"])
    assert told["session_token"]
    assert server.arn("partner") == "arn:aws:sts::444455556666:federated-user/Somebody"
    assert server.arn("IAM's") == "arn:aws:iam::111122223333:user/guest"
    server.client("guest").list_keys()
    server.client("partner").create_key()
    with pytest.raises(server.client().exceptions.ClientError, match="no session policy allows the kms:CreateKey action"):
        server.client("guest").create_key()


def test_the_credentials_of_every_caller_work(serve):
    server = serve({"roles": {"worker": {"allow": ["kms:ListKeys"]}}, "users": {"alice": {"allow": ["kms:ListKeys"]}}})
    for caller in server.announced["callers"]:
        assert server.client(caller).list_keys()["Keys"] == []


def test_declared_keys_are_there(serve):
    server = serve(SCENARIO)
    kms = server.client()
    described = {
        name: kms.describe_key(KeyId=told["key_id"])["KeyMetadata"]
        for name, told in server.announced["keys"].items()
    }
    assert {name: it["Arn"] for name, it in described.items()} == {
        name: told["arn"] for name, told in server.announced["keys"].items()
    }
    assert {name: it["KeyState"] for name, it in described.items()} == {
        "orders": "Enabled",
        "archive": "Disabled",
        "macs": "Enabled",
    }
    assert {name: it["KeySpec"] for name, it in described.items()} == {
        "orders": "SYMMETRIC_DEFAULT",
        "archive": "SYMMETRIC_DEFAULT",
        "macs": "HMAC_256",
    }


def test_declared_grants_are_there_and_their_tokens_work(serve):
    server = serve(SCENARIO)
    told = server.announced["grants"]["access"]
    [grant] = server.client().list_grants(KeyId=server.key())["Grants"]
    assert grant["GrantId"] == told["grant_id"]
    assert grant["KeyId"] == server.key()
    assert grant["GranteePrincipal"] == server.arn("worker")
    assert grant["RetiringPrincipal"] == server.arn("janitor")
    assert sorted(grant["Operations"]) == ["Decrypt", "GenerateDataKey"]
    server.client("janitor").retire_grant(GrantToken=told["grant_token"])
    assert server.client().list_grants(KeyId=server.key())["Grants"] == []


def test_without_a_scenario_there_is_one_account_and_its_administrator(serve):
    server = serve()
    announced = server.announced
    assert (announced["region"], announced["account"]) == ("us-east-1", "111122223333")
    assert list(announced["callers"]) == ["admin"]
    assert announced["keys"] == announced["grants"] == {}
    arn = server.client().create_key()["KeyMetadata"]["Arn"]
    assert arn.startswith("arn:aws:kms:us-east-1:111122223333:key/")


@pytest.mark.parametrize("scenario", [{}, {"keys": {}, "roles": {}, "users": {}, "grants": {}}])
def test_an_empty_scenario_is_no_scenario(serve, scenario):
    announced = serve(scenario).announced
    assert list(announced["callers"]) == ["admin"]
    assert announced["keys"] == announced["grants"] == {}


@pytest.mark.parametrize(
    "region, partition",
    [("eu-central-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_region_and_account_shape_every_arn(serve, region, partition):
    """IAM User Guide, ARNs: the China and GovCloud Regions have partitions of their own."""
    server = serve({"region": region, "account": "444455556666", "keys": {"orders": {}}})
    announced = server.announced
    assert (announced["region"], announced["account"]) == (region, "444455556666")
    assert server.arn() == f"arn:{partition}:iam::444455556666:role/Admin"
    assert server.key().startswith(f"arn:{partition}:kms:{region}:444455556666:key/")
    assert server.client().describe_key(KeyId=server.key())["KeyMetadata"]["AWSAccountId"] == "444455556666"


# --- What can be declared ---


@pytest.mark.parametrize("scenario, arguments", [({"regions": "any"}, ()), ({}, ("--region-any",))])
def test_any_region_is_served_on_request(serve, scenario, arguments):
    server = serve(scenario, *arguments)
    paris = server.new_client(region="eu-west-3")
    assert paris.list_keys()["Keys"] == []
    assert paris.create_key()["KeyMetadata"]["Arn"].startswith("arn:aws:kms:eu-west-3:111122223333:key/")
    assert server.client().list_keys()["Keys"] == []


def test_every_word_of_a_key(serve):
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
    server = serve(
        {
            "keys": {
                "signer": {
                    "state": "PendingImport",
                    "spec": "RSA_2048",
                    "usage": "SIGN_VERIFY",
                    "origin": "EXTERNAL",
                    "multi_region": True,
                    "account": "444455556666",
                    "alias": "alias/signer",
                    "policy": policy,
                    "description": "signs",
                    "tags": {"team": "blue", "empty": ""},
                }
            },
            "roles": {"other": {"account": "444455556666", "allow": ["kms:*"]}},
        }
    )
    kms = server.client("other")
    key = kms.describe_key(KeyId="alias/signer")["KeyMetadata"]
    assert re.fullmatch("mrk-[0-9a-f]{32}", key["KeyId"])  # fact 2.2
    wanted = {
        "AWSAccountId": "444455556666",
        "Arn": server.key("signer"),
        "Description": "signs",
        "Enabled": False,
        "KeySpec": "RSA_2048",
        "KeyState": "PendingImport",
        "KeyUsage": "SIGN_VERIFY",
        "MultiRegion": True,
        "Origin": "EXTERNAL",
    }
    assert {name: key[name] for name in wanted} == wanted
    assert json.loads(kms.get_key_policy(KeyId=key["KeyId"])["Policy"]) == policy
    tags = kms.list_resource_tags(KeyId=key["KeyId"])["Tags"]
    assert sorted((it["TagKey"], it["TagValue"]) for it in tags) == [("empty", ""), ("team", "blue")]


def test_every_word_of_a_role_and_of_a_user(serve):
    server = serve(
        {
            "roles": {
                "worker": {
                    "account": "444455556666",
                    "name": "service/workers/Worker",
                    "session": "night-shift",
                    "allow": ["kms:ListKeys"],
                    "policy": allow("kms:ListAliases", "kms:CreateKey"),
                    "boundary": allow("kms:ListKeys", "kms:ListAliases"),
                    "session_policy": allow("kms:ListKeys", "kms:ListAliases", "kms:CreateKey"),
                }
            },
            "users": {
                "alice": {
                    "account": "444455556666",
                    "name": "people/Alice",
                    "allow": ["kms:ListKeys"],
                    "policy": allow("kms:ListAliases", "kms:CreateKey"),
                    "boundary": allow("kms:ListKeys", "kms:ListAliases"),
                }
            },
        }
    )
    # Fact 8b.1: the ARN of a session omits the role's path.
    assert server.arn("worker") == "arn:aws:iam::444455556666:role/service/workers/Worker"
    assert server.caller_arn("worker") == "arn:aws:sts::444455556666:assumed-role/Worker/night-shift"
    assert server.arn("alice") == server.caller_arn("alice") == "arn:aws:iam::444455556666:user/people/Alice"
    for caller in ("worker", "alice"):
        kms = server.client(caller)
        assert kms.list_keys()["Keys"] == kms.list_aliases()["Aliases"] == []
        with pytest.raises(kms.exceptions.ClientError, match="AccessDeniedException"):
            kms.create_key()


@pytest.mark.parametrize(
    "word, member",
    [("context_equals", "EncryptionContextEquals"), ("context_subset", "EncryptionContextSubset")],
)
def test_every_word_of_a_grant(serve, word, member):
    server = serve(
        {
            "keys": {"orders": {}},
            "roles": {"worker": {}, "janitor": {}},
            "grants": {
                "access": {
                    "key": "orders",
                    "grantee": "worker",
                    "retiring": "janitor",
                    "operations": ["Decrypt"],
                    "name": "nightly",
                    word: {"tenant": "acme"},
                }
            },
        }
    )
    [grant] = server.client().list_grants(KeyId=server.key())["Grants"]
    assert (grant["Name"], grant["Constraints"]) == ("nightly", {member: {"tenant": "acme"}})


def test_a_grant_may_name_arns_as_well_as_declared_names(serve):
    session = "arn:aws:sts::111122223333:assumed-role/worker/not-yet-issued"  # fact 8b.2
    server = serve(
        {
            "keys": {"orders": {}},
            "roles": {"worker": {}},
            "grants": {
                "access": {
                    "key": "orders",
                    "grantee": session,
                    "retiring": "arn:aws:iam::111122223333:root",
                    "operations": ["Decrypt"],
                }
            },
        }
    )
    [grant] = server.client().list_grants(KeyId=server.key())["Grants"]
    assert grant["GranteePrincipal"] == session
    assert grant["RetiringPrincipal"] == "arn:aws:iam::111122223333:root"


def allow(*actions):
    return {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": list(actions), "Resource": "*"},
    }


def test_a_policy_is_a_path_relative_to_the_scenario_file(serve, tmp_path):
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "list.json").write_text(json.dumps(allow("kms:ListKeys")))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = "policies/list.json"
    server = serve(
        {
            "roles": {
                "by_policy": {"policy": path},
                "by_boundary": {"allow": ["kms:*"], "boundary": path},
                "by_session": {"allow": ["kms:*"], "session_policy": path},
            },
            "users": {"alice": {"policy": path, "boundary": path}},
        },
        cwd=elsewhere,
    )
    for caller in ("by_policy", "by_boundary", "by_session", "alice"):
        kms = server.client(caller)
        assert kms.list_keys()["Keys"] == []
        with pytest.raises(kms.exceptions.ClientError, match="AccessDeniedException"):
            kms.list_aliases()


def test_the_policy_of_a_key_can_be_a_file(serve, tmp_path):
    document = {
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}
        ]
    }
    (tmp_path / "key.json").write_text(json.dumps(document))
    server = serve({"keys": {"orders": {"policy": "key.json"}}})
    assert json.loads(server.client().get_key_policy(KeyId=server.key_id())["Policy"]) == document


def test_only_declared_principals_exist(serve):
    server = serve({"keys": {"orders": {}}})
    kms = server.client()
    with pytest.raises(kms.exceptions.InvalidArnException):
        kms.create_grant(
            KeyId=server.key(),
            GranteePrincipal="arn:aws:iam::999988887777:role/nobody",
            Operations=["Decrypt"],
        )


@pytest.mark.parametrize(
    "principal",
    [
        "arn:aws:iam::999988887777:root",
        "arn:aws:iam::111122223333:role/nobody",
        "arn:aws:iam::999988887777:user/people/nobody",
        "arn:aws:sts::999988887777:assumed-role/nobody/session",
        "arn:aws:sts::999988887777:federated-user/nobody",
    ],
)
def test_unknown_principals_can_be_accepted(serve, principal):
    server = serve({"unknown_principals": "accept", "keys": {"orders": {}}})
    kms = server.client()
    kms.create_grant(KeyId=server.key(), GranteePrincipal=principal, Operations=["Decrypt"])
    [grant] = kms.list_grants(KeyId=server.key(), GranteePrincipal=principal)["Grants"]
    assert grant["GranteePrincipal"] == principal


# --- The end ---


def test_serves_until_the_pipe_at_its_standard_input_is_closed(serve):
    server = serve()
    server.process.stdin.write(b"nobody listens to this\n" * 10_000)
    server.process.stdin.flush()
    assert raw.call(server, "ListKeys").status == 200
    assert server.wait() == (0, "", "")


def test_open_connections_do_not_keep_it_alive(serve):
    server = serve()
    with socket.create_connection(server.address) as idle, socket.create_connection(server.address) as half:
        half.sendall(b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n{")
        assert raw.call(server, "ListKeys").status == 200
        assert server.wait() == (0, "", "")
        idle.settimeout(PATIENCE)
        assert idle.recv(1) == b""


def test_the_socket_that_node_gives_a_child_counts_as_a_pipe():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        server = Server(stdin=theirs)
        theirs.close()
        assert raw.call(server, "ListKeys").status == 200
        ours.close()
        assert server.wait() == (0, "", "")


@pytest.mark.parametrize("redirection", ["</dev/null", "<$BASH", "<&-"])
def test_serves_on_when_standard_input_is_no_pipe(redirection):
    through = ["bash", "-c", f'exec "$0" "$@" {redirection}']
    server = Server(through=through, stdin=subprocess.DEVNULL)
    try:
        assert raw.call(server, "ListKeys").status == 200
        with pytest.raises(subprocess.TimeoutExpired):
            server.process.wait(timeout=0.2)
        assert raw.call(server, "ListKeys").status == 200
    finally:
        server.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_can_be_killed(number):
    server = Server()
    server.process.send_signal(number)
    code, rest, _ = server.wait()
    assert code in (-number, 128 + number, 0)
    assert rest == ""


# --- Leaks ---

DENIED = {"keys": {"orders": {}}, "roles": {"worker": {}}, "leaks": "deny"}


def leak(server):
    granted = server.client().create_grant(
        KeyId=server.key(), GranteePrincipal=server.arn("worker"), Operations=["Decrypt"], Name="nightly"
    )
    return granted["GrantId"]


def started(tmp_path, scenario):
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(scenario))
    return Server("--scenario", path)


@pytest.mark.parametrize("end", [None, signal.SIGINT, signal.SIGTERM])
def test_says_which_grants_are_left_behind_if_that_is_denied(tmp_path, end):
    server = started(tmp_path, DENIED)
    try:
        grant = leak(server)
        if end:
            server.process.send_signal(end)
        code, rest, error = server.wait()
        assert (code, rest) == (1, "")
        assert f"`nightly`, {grant}\n    on orders for worker: Decrypt\n" in error
        assert "made by call 1, CreateGrant by admin" in error
    finally:
        server.kill()


@pytest.mark.parametrize("end", [None, signal.SIGTERM])
def test_says_nothing_if_all_grants_have_ended(tmp_path, end):
    server = started(tmp_path, DENIED)
    try:
        server.client().revoke_grant(KeyId=server.key(), GrantId=leak(server))
        if end:
            server.process.send_signal(end)
        assert server.wait() == (0, "", "")
    finally:
        server.kill()


def test_leaks_are_allowed_otherwise(tmp_path):
    server = started(tmp_path, {**DENIED, "leaks": "allow"})
    try:
        leak(server)
        assert server.wait() == (0, "", "")
    finally:
        server.kill()


# --- The text for people ---


@pytest.mark.parametrize("arguments", [(), ("--format", "text"), ("--listen", "127.0.0.1:0")])
def test_a_person_gets_text(arguments):
    process, text = serve_text(1, *arguments)
    assert not text.startswith("{")
    assert re.search(r"http://127\.0\.0\.1:[1-9][0-9]*", text)
    assert "111122223333" in text and "us-east-1" in text
    assert process.communicate(timeout=PATIENCE) == (b"", None)
    assert process.returncode == 0


def test_the_export_lines_tell_the_aws_cli_everything(aws_cli):
    process, text = serve_text(1)
    try:
        listed = bash(lines_to_paste(text)["admin"] + "aws kms list-keys", aws_cli)
        assert listed.returncode == 0, listed.stderr
    finally:
        process.communicate(timeout=PATIENCE)


def test_the_export_lines_work_with_the_aws_cli(tmp_path, aws_cli):
    path = tmp_path / "scenario.json"
    path.write_text(
        json.dumps({"users": {"alice": {"allow": ["kms:ListKeys"]}}, "roles": {"worker": {}}})
    )
    process, text = serve_text(3, "--scenario", path)
    try:
        exports = lines_to_paste(text)
        assert list(exports) == ["admin", "alice", "worker"]
        # A token that is left over from another caller must not spoil a user's credentials.
        env = aws_cli | {"AWS_SESSION_TOKEN": "left over"}
        created = bash(exports["admin"] + "aws kms create-key --query KeyMetadata.Arn", env)
        assert created.returncode == 0, created.stderr
        listed = bash(exports["alice"] + "aws kms list-keys --query 'Keys[].KeyArn'", env)
        assert listed.returncode == 0, listed.stderr
        assert json.loads(listed.stdout) == [json.loads(created.stdout)]
        denied = bash(exports["worker"] + "aws kms list-keys", env)
        assert denied.returncode != 0
        # Row 21.
        assert (
            "User: arn:aws:sts::111122223333:assumed-role/worker/worker is not authorized to perform: "
            "kms:ListKeys on resource: *" in denied.stderr
        )
    finally:
        process.communicate(timeout=PATIENCE)


def bash(script, env):
    return subprocess.run(
        ["bash", "-euc", script], env=env, capture_output=True, text=True, timeout=PATIENCE
    )


# --- Where it listens ---


@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[2001:db8::1]:0"])
def test_listening_beyond_loopback_is_refused(address):
    done = run_once("serve", "--listen", address, "--format", "json")
    assert (done.returncode, done.stdout) == (2, "")
    assert address in done.stderr


@pytest.mark.parametrize("address", ["127.0.0.2:0", "[::1]:0"])
def test_every_address_of_loopback_will_do(serve, address):
    host = address.removesuffix(":0")
    try:
        socket.create_server((host.strip("[]"), 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        pytest.skip(f"this machine has no {host}: {error}")
    server = serve(listen=address)
    assert re.fullmatch(rf"http://{re.escape(host)}:[1-9][0-9]*", server.endpoint)
    assert raw.call(server, "ListKeys").status == 200


def test_a_port_that_is_taken_is_an_error(serve):
    address = "{}:{}".format(*serve().address)
    done = run_once("serve", "--listen", address, "--format", "json")
    assert (done.returncode, done.stdout) == (2, "")
    assert address in done.stderr


# --- Mistakes ---


def refused(tmp_path, text):
    """What is said about a scenario that makes no sense."""
    path = tmp_path / "scenario.json"
    path.write_bytes(text if isinstance(text, bytes) else json.dumps(text).encode())
    done = run_once("serve", "--scenario", path, "--format", "json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "panicked" not in done.stderr
    return done.stderr


GRANT = {"key": "orders", "grantee": "worker", "operations": ["Decrypt"]}


def with_grant(**changes):
    return {
        "keys": {"orders": {}, "archive": {}},
        "roles": {"worker": {}, "janitor": {}},
        "grants": {"access": GRANT | changes},
    }


@pytest.mark.parametrize(
    "scenario, place, near",
    [
        ({"keis": {}}, "$.keis", "keys"),
        ({"regoin": "us-east-1"}, "$.regoin", "region"),
        ({"keys": {"orders": {"stat": "Disabled"}}}, "$.keys.orders.stat", "state"),
        ({"keys": {"orders": {"state": "Disabld"}}}, "$.keys.orders.state", "Disabled"),
        ({"keys": {"orders": {"state": "disabled"}}}, "$.keys.orders.state", "Disabled"),
        ({"keys": {"orders": {"spec": "HMAC_265"}}}, "$.keys.orders.spec", "HMAC_256"),
        ({"keys": {"orders": {"usage": "SIGN_VERFY"}}}, "$.keys.orders.usage", "SIGN_VERIFY"),
        ({"keys": {"orders": {"origin": "EXTERNL"}}}, "$.keys.orders.origin", "EXTERNAL"),
        ({"keys": {"orders": {"polcy": {}}}}, "$.keys.orders.polcy", "policy"),
        ({"roles": {"worker": {"alow": []}}}, "$.roles.worker.alow", "allow"),
        ({"roles": {"worker": {"sesion": "a"}}}, "$.roles.worker.sesion", "session"),
        ({"roles": {"worker": {"boundry": {}}}}, "$.roles.worker.boundry", "boundary"),
        ({"users": {"alice": {"acount": ""}}}, "$.users.alice.acount", "account"),
        ({"unknown_principals": "acept"}, "$.unknown_principals", '"unknown_principals": "accept"'),
        (with_grant(operatons=[]), "$.grants.access.operatons", "operations"),
        (with_grant(operations=["Encrypt", "Decrpyt"]), "$.grants.access.operations[1]", "Decrypt"),
        (with_grant(contxt_equals={}), "$.grants.access.contxt_equals", "context_equals"),
        (with_grant(key="ordres"), "$.grants.access.key", "orders"),
        (with_grant(grantee="wroker"), "$.grants.access.grantee", "worker"),
        (with_grant(retiring="janitr"), "$.grants.access.retiring", "janitor"),
        (with_grant(grantee="amdin"), "$.grants.access.grantee", "admin"),
    ],
)
def test_unknown_words_and_dangling_names_come_with_the_nearest_word(tmp_path, scenario, place, near):
    said = refused(tmp_path, scenario)
    assert re.search(rf"^{re.escape(place)}: .*`{near}`", said, re.MULTILINE)


@pytest.mark.parametrize(
    "scenario, place",
    [
        ([], "$"),
        ("text", "$"),
        ({"region": 1}, "$.region"),
        ({"region": None}, "$.region"),
        ({"account": 111122223333}, "$.account"),
        ({"keys": []}, "$.keys"),
        ({"keys": {"orders": None}}, "$.keys.orders"),
        ({"keys": {"orders": "Disabled"}}, "$.keys.orders"),
        ({"keys": {"orders": {"state": ["Disabled"]}}}, "$.keys.orders.state"),
        ({"keys": {"orders": {"multi_region": "yes"}}}, "$.keys.orders.multi_region"),
        ({"keys": {"orders": {"policy": 1}}}, "$.keys.orders.policy"),
        ({"keys": {"orders": {"tags": ["a"]}}}, "$.keys.orders.tags"),
        ({"keys": {"orders": {"tags": {"a": 1}}}}, "$.keys.orders.tags.a"),
        ({"roles": {"worker": {"allow": "kms:ListKeys"}}}, "$.roles.worker.allow"),
        ({"roles": {"worker": {"allow": ["kms:ListKeys", 1]}}}, "$.roles.worker.allow[1]"),
        ({"users": {"alice": []}}, "$.users.alice"),
        (with_grant(operations="Decrypt"), "$.grants.access.operations"),
        (with_grant(operations=[{}]), "$.grants.access.operations[0]"),
        (with_grant(key=["orders"]), "$.grants.access.key"),
        (with_grant(context_equals=[]), "$.grants.access.context_equals"),
        (with_grant(context_subset={"a": True}), "$.grants.access.context_subset.a"),
    ],
)
def test_wrong_types_come_with_their_place(tmp_path, scenario, place):
    assert re.search(rf"^{re.escape(place)}: expected ", refused(tmp_path, scenario), re.MULTILINE)


@pytest.mark.parametrize(
    "scenario, place",
    [
        ({"account": "12"}, "$.account"),
        ({"account": "11112222333x"}, "$.account"),
        ({"region": "nowhere"}, "$.region"),
        ({"keys": {"orders": {"account": "1"}}}, "$.keys.orders.account"),
        ({"roles": {"worker": {"account": "1"}}}, "$.roles.worker.account"),
        ({"keys": {"orders": {"alias": "orders"}}}, "$.keys.orders.alias"),
        ({"keys": {"orders": {"alias": "alias/aws/s3"}}}, "$.keys.orders.alias"),
        ({"keys": {"one": {"alias": "alias/a"}, "two": {"alias": "alias/a"}}}, "$.keys.two.alias"),
        ({"keys": {"orders": {"spec": "HMAC_256", "usage": "SIGN_VERIFY"}}}, "$.keys.orders.usage"),
        ({"roles": {"admin": {}}}, "$.roles.admin"),
        ({"users": {"admin": {}}}, "$.users.admin"),
        ({"keys": {"same": {}}, "roles": {"same": {}}}, "$.roles.same"),
        ({"roles": {"one": {"name": "Worker"}, "two": {"name": "Worker"}}}, "$.roles.two"),
        (with_grant(operations=[]), "$.grants.access"),
        (with_grant(context_equals={"a": "b"}, context_subset={"a": "b"}), "$.grants.access"),
        (with_grant(operations=["Sign"]), "$.grants.access.operations"),
        (with_grant(grantee="arn:aws:iam::111122223333:role/nobody"), "$.grants.access.grantee"),
        ({"keys": {"orders": {}}, "grants": {"access": {}}}, "$.grants.access"),
    ],
)
def test_what_cannot_be_comes_with_its_place(tmp_path, scenario, place):
    assert re.search(rf"(^|\s){re.escape(place)}\b", refused(tmp_path, scenario))


def test_several_unknown_words_and_wrong_types_come_at_once(tmp_path):
    said = refused(
        tmp_path,
        {
            "keis": {},
            "keys": {"orders": {"stat": "Disabled", "spec": 5}},
            "roles": {"worker": {"allow": [1, 2]}},
            "grants": {"access": GRANT | {"operations": ["Decrpyt"]}},
        },
    )
    for place in (
        "$.keis",
        "$.keys.orders.stat",
        "$.keys.orders.spec",
        "$.roles.worker.allow[0]",
        "$.roles.worker.allow[1]",
        "$.grants.access.operations[0]",
    ):
        assert place in said


def test_several_dangling_names_come_at_once(tmp_path):
    said = refused(tmp_path, with_grant(key="ordres", grantee="wroker", retiring="janitr"))
    for word in ("key", "grantee", "retiring"):
        assert f"$.grants.access.{word}" in said


def test_an_unknown_word_does_not_hide_a_dangling_name(tmp_path):
    said = refused(tmp_path, with_grant(key="ordres") | {"keis": {}})
    assert "$.keis" in said and "$.grants.access.key" in said


@pytest.mark.parametrize(
    "text", [b"", b"{", b"{'keys': {}}", b"\xff\xfe{}", b'{"keys":{}} rest', b"[" * 50_000]
)
def test_a_scenario_that_is_no_json_is_an_error_that_names_the_file(tmp_path, text):
    assert str(tmp_path / "scenario.json") in refused(tmp_path, text)


def test_a_scenario_that_cannot_be_read_is_an_error_that_names_the_file(tmp_path):
    for path in (tmp_path / "missing.json", tmp_path):
        done = run_once("serve", "--scenario", path, "--format", "json")
        assert (done.returncode, done.stdout) == (2, "")
        assert str(path) in done.stderr


@pytest.mark.parametrize(
    "scenario, place",
    [
        ({"keys": {"orders": {"policy": "missing.json"}}}, "$.keys.orders.policy"),
        ({"roles": {"worker": {"policy": "missing.json"}}}, "$.roles.worker.policy"),
        ({"roles": {"worker": {"boundary": "missing.json"}}}, "$.roles.worker.boundary"),
        ({"roles": {"worker": {"session_policy": "missing.json"}}}, "$.roles.worker.session_policy"),
        ({"users": {"alice": {"policy": "missing.json"}}}, "$.users.alice.policy"),
    ],
)
def test_a_policy_file_that_is_missing_is_an_error(tmp_path, scenario, place):
    said = refused(tmp_path, scenario)
    assert place in said and str(tmp_path / "missing.json") in said


@pytest.mark.parametrize(
    "policy",
    [
        {},
        {"Statement": "all"},
        {"Statement": [{"Effect": "Maybe", "Action": "kms:*", "Resource": "*"}]},
        {"Statement": [{"Action": "kms:*", "Resource": "*"}]},
    ],
)
@pytest.mark.parametrize("group", ["keys", "roles", "users"])
def test_a_document_that_is_no_policy_is_an_error(tmp_path, group, policy):
    assert f"$.{group}.it.policy" in refused(tmp_path, {group: {"it": {"policy": policy}}})


def test_a_key_policy_that_names_nobody_who_exists_is_an_error(tmp_path):
    who = "arn:aws:iam::111122223333:role/nobody"
    policy = {
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": who}, "Action": "kms:*", "Resource": "*"}]
    }
    said = refused(tmp_path, {"keys": {"orders": {"policy": policy}}})
    assert "$.keys.orders.policy" in said and who in said


# --- The command line ---


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("sevre",),
        ("serve", "--formt", "json"),
        ("serve", "--format", "yaml"),
        ("serve", "--listen", "nowhere"),
        ("serve", "--listen", "127.0.0.1:99999"),
        ("serve", "--scenario"),
    ],
)
def test_a_command_line_that_makes_no_sense_exits_with_2(arguments):
    done = run_once(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("serve", "--help")])
def test_help_and_version_exit_with_0(arguments):
    done = run_once(*arguments)
    assert done.returncode == 0
    assert done.stdout and not done.stderr
