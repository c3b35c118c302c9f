"""The cassettes of this repository, and how they are made: `tests/record-cassettes`.

Four origins, none of them our own account at AWS: `documentation` holds what AWS has published, `transcribed` what
others have recorded of AWS and published, `emulator` what moto answers, `fake` our own fake behind TLS. What the fake does otherwise than an origin is accepted in the cassette with the reason that stands
here; a difference without one is an error.
"""

import contextlib
import functools
import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Callable

from botocore.exceptions import ClientError

import raw
from published import exchanges
from server import BINARY, ROOT, Server
from transcribed import ACCOUNT, TRANSCRIPTS
from upstreams import Published, Scripted, Tls, environment, moto, recorder, reset, run

ACCOUNTS = {"moto": "123456789012", "fake": "999988887777"}
NO_GRANT = "0123456789abcdef" * 4
NO_KEY = "99999999-9999-4999-8999-999999999999"
DECRYPT = ["Decrypt", "DescribeKey"]


@dataclass(frozen=True)
class Recording:
    """A cassette: what is called, of what."""

    path: str
    play: Callable
    scenario: dict = field(default_factory=dict)
    # What the live account is, where it is not the scenario's.
    account: str = ""
    # Grants may be ended that are not there.
    foreign: bool = False

    @property
    def kind(self):
        return self.path.split("/")[0]


# --- Documentation ---


def _published():
    """One cassette for each published exchange."""
    for name, it in exchanges().items():
        # Who calls is not published: the owner of the key, where that is another account than the example's others.
        roles = {}
        if "444455556666" in it["input"].get("KeyId", ""):
            roles = {"owner": {"account": "444455556666", "allow": ["kms:CreateGrant", "kms:RetireGrant"]}}
        play = functools.partial(
            raw_call,
            caller="owner" if roles else "admin",
            operation=it["operation"],
            body=it["input"],
            expected=it["output"],
        )
        scenario = {"region": it["region"], "roles": roles}
        yield Recording(f"documentation/{name}.json", play, scenario, account="111122223333", foreign=True)


def raw_call(server, caller, operation, body, expected):
    answer = raw.call(server, operation, body, caller=caller)
    assert answer.status == 200, answer
    assert answer.body == b"" if expected is None else answer.json == expected, answer


# --- What others have recorded ---


def _transcribed():
    """One cassette for each transcript; the administrator calls, for who did is known by their rights only."""
    for name, it in TRANSCRIPTS.items():
        play = functools.partial(say, calls=it.calls)
        yield Recording(f"transcribed/{name}.json", play, {"region": "us-east-1"}, ACCOUNT)


def say(server, calls):
    for operation, body, status, output in calls:
        answer = raw.call(server, operation, body)
        assert (answer.status, answer.json) == (status, output), answer


# --- The emulator ---


def attempt(call, **arguments):
    """Calls what is refused."""
    with contextlib.suppress(ClientError):
        call(**arguments)
        raise AssertionError("this should have been refused")


def create(server, caller="admin", **more):
    """Makes a grant to the worker, whom the janitor may retire."""
    arguments = {
        "KeyId": server.key(),
        "GranteePrincipal": server.arn("worker"),
        "RetiringPrincipal": server.arn("janitor"),
        "Operations": DECRYPT,
    }
    return server.client(caller).create_grant(**arguments | more)


def retired_by_its_token(it):
    grant = create(it, Name="nightly")
    it.client().list_grants(KeyId=it.key())
    it.client("janitor").list_retirable_grants(RetiringPrincipal=it.arn("janitor"))
    it.client("janitor").retire_grant(GrantToken=grant["GrantToken"])
    it.client().list_grants(KeyId=it.key())
    it.client("janitor").list_retirable_grants(RetiringPrincipal=it.arn("janitor"))


def retired_and_revoked_by_id(it):
    first, second = create(it), create(it, Operations=["Encrypt"])
    it.client().retire_grant(KeyId=it.key(), GrantId=first["GrantId"])
    it.client().list_grants(KeyId=it.key())
    it.client().revoke_grant(KeyId=it.key(), GrantId=second["GrantId"])
    it.client().list_grants(KeyId=it.key())


def refused_by_moto(it):
    admin = it.client()
    attempt(admin.list_grants, KeyId=NO_KEY)
    attempt(admin.create_grant, KeyId=NO_KEY, GranteePrincipal=it.arn("worker"), Operations=DECRYPT)
    attempt(admin.revoke_grant, KeyId=it.key(), GrantId=NO_GRANT)
    attempt(admin.revoke_grant, KeyId=NO_KEY, GrantId=NO_GRANT)
    attempt(admin.retire_grant, KeyId=NO_KEY, GrantId=NO_GRANT)
    admin.list_grants(KeyId=it.key())


def nothing_declared(it):
    admin = it.client()
    key = admin.create_key(Description="made by the recording")["KeyMetadata"]
    role = f"arn:aws:iam::{key['AWSAccountId']}:role/somebody"
    grant = admin.create_grant(KeyId=key["KeyId"], GranteePrincipal=role, Operations=DECRYPT)
    admin.list_grants(KeyId=key["Arn"])
    admin.revoke_grant(KeyId=key["KeyId"], GrantId=grant["GrantId"])
    admin.list_grants(KeyId=key["KeyId"])


def cryptography_of_moto(it):
    """What moto has of it, and does as AWS does."""
    admin, orders, notary = it.client(), it.key(), it.key("notary")
    context = {"acme-tenant": "acme-4711"}
    one, two = (admin.encrypt(KeyId=orders, Plaintext=b"acme's secret", EncryptionContext=context) for _ in range(2))
    for blob in (one, two):
        admin.decrypt(CiphertextBlob=blob["CiphertextBlob"], EncryptionContext=context)
    attempt(admin.decrypt, CiphertextBlob=one["CiphertextBlob"])
    admin.re_encrypt(CiphertextBlob=one["CiphertextBlob"], SourceEncryptionContext=context, DestinationKeyId=orders)
    data = admin.generate_data_key(KeyId=orders, KeySpec="AES_256")
    admin.decrypt(CiphertextBlob=data["CiphertextBlob"])
    hidden = admin.generate_data_key_without_plaintext(KeyId=orders, NumberOfBytes=24)
    admin.decrypt(CiphertextBlob=hidden["CiphertextBlob"])
    admin.generate_random(NumberOfBytes=32)
    admin.get_public_key(KeyId=notary)
    asks = {"KeyId": notary, "SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256"}
    message = b"acme's message, to be signed"
    signed, again = (admin.sign(Message=message, **asks) for _ in range(2))
    assert signed["Signature"] == again["Signature"]
    admin.verify(Message=message, Signature=signed["Signature"], **asks)
    mac = admin.generate_mac(KeyId=it.key("mac"), Message=message, MacAlgorithm="HMAC_SHA_256")["Mac"]
    admin.verify_mac(KeyId=it.key("mac"), Message=message, Mac=mac, MacAlgorithm="HMAC_SHA_256")


PEOPLE = {"worker": {}, "janitor": {"allow": ["kms:ListRetirableGrants"]}}

MOTO = [
    Recording(f"emulator/{play.__name__}.json", play, scenario, ACCOUNTS["moto"], foreign=True)
    for play, scenario in [
        (retired_by_its_token, {"keys": {"orders": {}}, "roles": PEOPLE}),
        (retired_and_revoked_by_id, {"keys": {"orders": {}}, "roles": PEOPLE}),
        (refused_by_moto, {"keys": {"orders": {}}, "roles": PEOPLE}),
        (nothing_declared, {}),
        (
            cryptography_of_moto,
            {
                "keys": {
                    "orders": {},
                    "notary": {"spec": "RSA_2048", "usage": "SIGN_VERIFY"},
                    "mac": {"spec": "HMAC_256"},
                }
            },
        ),
    ]
]


# --- Our own fake ---


def who_may_end_a_grant(it):
    grant = create(it)
    token, entry = grant["GrantToken"], {"KeyId": it.key(), "GrantId": grant["GrantId"]}
    attempt(it.client("stranger").retire_grant, GrantToken=token)
    attempt(it.client("worker").retire_grant, **entry)
    attempt(it.client("janitor").revoke_grant, **entry)
    attempt(it.client("worker").list_grants, KeyId=it.key())
    attempt(it.client("worker").list_retirable_grants, RetiringPrincipal=it.arn("janitor"))
    it.client("janitor").list_retirable_grants(RetiringPrincipal=it.arn("janitor"))
    it.client("janitor").retire_grant(GrantToken=token)
    attempt(it.client().revoke_grant, **entry)
    it.client().list_grants(KeyId=it.key())


def a_worker_hands_on_what_it_has(it):
    given = create(it, Operations=["Decrypt", "CreateGrant", "RetireGrant"], Name="given")
    again = create(it, Operations=["Decrypt", "CreateGrant", "RetireGrant"], Name="given")
    assert given["GrantId"] == again["GrantId"]
    tokens = [given["GrantToken"]]
    attempt(create, server=it, caller="worker", GranteePrincipal=it.arn("stranger"), Operations=["Encrypt"])
    handed = create(it, "worker", GranteePrincipal=it.arn("stranger"), Operations=["Decrypt"], GrantTokens=tokens)
    it.client().list_grants(KeyId=it.key(), GranteePrincipal=it.arn("stranger"))
    it.client("worker").retire_grant(GrantToken=again["GrantToken"])
    it.client().list_grants(KeyId=it.key())
    it.client().revoke_grant(KeyId=it.key(), GrantId=handed["GrantId"])


def pages(it):
    for at in range(5):
        create(it, Name=f"nightly-{at}")
    for call, arguments in [
        (it.client().list_grants, {"KeyId": it.key()}),
        (it.client("janitor").list_retirable_grants, {"RetiringPrincipal": it.arn("janitor")}),
    ]:
        page = call(Limit=2, **arguments)
        while page["Truncated"]:
            page = call(Limit=2, Marker=page["NextMarker"], **arguments)
    attempt(it.client().list_grants, KeyId=it.key(), Marker="nowhere")


def refusals(it):
    admin, key = it.client(), it.key()
    worker = {"GranteePrincipal": it.arn("worker"), "Operations": DECRYPT}
    attempt(admin.create_grant, KeyId=it.key("archive"), **worker)
    attempt(admin.create_grant, KeyId=NO_KEY, **worker)
    attempt(admin.create_grant, KeyId="alias/acme-orders", **worker)
    attempt(admin.create_grant, KeyId=key, DryRun=True, **worker)
    attempt(admin.create_grant, KeyId=key, **worker | {"Operations": ["Sign"]})
    attempt(admin.create_grant, KeyId=key, **worker | {"GranteePrincipal": it.arn("worker") + "-gone"})
    attempt(admin.revoke_grant, KeyId=key, GrantId=NO_GRANT)
    attempt(admin.revoke_grant, KeyId=key, GrantId="no-id")
    attempt(admin.retire_grant, KeyId=key, GrantId=NO_GRANT)
    attempt(admin.retire_grant, GrantToken="no-token")
    attempt(admin.retire_grant)
    attempt(admin.list_grants, KeyId=NO_KEY)
    attempt(admin.list_retirable_grants, RetiringPrincipal="nobody")
    # Beyond what clients check.
    for operation, body in [
        ("CreateGrant", {"KeyId": key, "GranteePrincipal": "", "Operations": ["Decrypts"]}),
        ("RevokeGrant", {"KeyId": 1, "GrantId": NO_GRANT}),
        ("ListGrants", {}),
    ]:
        assert raw.call(it, operation, body).status == 400


def constraints_and_secrets(it):
    """Whatever may give something away: none of it is in the file."""
    admin = it.client()
    tenant = {"acme-tenant": "acme-4711", "acme-purpose": "acme-payroll"}
    for constraints in ({"EncryptionContextEquals": tenant}, {"EncryptionContextSubset": tenant}):
        create(it, Constraints=constraints, Name="acme-nightly", Operations=["Decrypt", "GenerateDataKey"])
    admin.list_grants(KeyId=it.key())
    admin.describe_key(KeyId="alias/acme-orders")
    admin.list_aliases(KeyId=it.key())
    admin.list_resource_tags(KeyId=it.key())
    admin.get_key_policy(KeyId=it.key())


def a_grantee_uses_its_key(it):
    """Until the grant is retired; and what the other kinds of keys do."""
    admin, worker, orders = it.client(), it.client("worker"), it.key()
    context, secret = {"acme-tenant": "acme-4711"}, b"acme's secret, which nobody may read"
    attempt(worker.encrypt, KeyId=orders, Plaintext=secret)
    uses = ["Encrypt", "Decrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo"]
    grant = create(it, Operations=uses, Constraints={"EncryptionContextSubset": context})
    sent = {"KeyId": orders, "Plaintext": secret, "EncryptionContext": context}
    one, two = (worker.encrypt(**sent)["CiphertextBlob"] for _ in range(2))
    for blob in (one, two):
        assert worker.decrypt(CiphertextBlob=blob, EncryptionContext=context)["Plaintext"] == secret
    attempt(worker.decrypt, CiphertextBlob=one)
    attempt(admin.decrypt, CiphertextBlob=one)
    attempt(admin.decrypt, CiphertextBlob=one, EncryptionContext=context, KeyId=it.key("archive"))
    attempt(admin.encrypt, KeyId=it.key("archive"), Plaintext=secret)
    data = worker.generate_data_key(KeyId=orders, KeySpec="AES_256", EncryptionContext=context)
    opened = worker.decrypt(CiphertextBlob=data["CiphertextBlob"], EncryptionContext=context)
    assert opened["Plaintext"] == data["Plaintext"]
    contexts = {"SourceEncryptionContext": context, "DestinationEncryptionContext": context}
    worker.re_encrypt(CiphertextBlob=one, DestinationKeyId=orders, **contexts)
    it.client("janitor").retire_grant(GrantToken=grant["GrantToken"])
    attempt(worker.decrypt, CiphertextBlob=one, EncryptionContext=context)
    assert admin.decrypt(CiphertextBlob=one, EncryptionContext=context)["Plaintext"] == secret
    admin.generate_random(NumberOfBytes=16)
    pair = admin.generate_data_key_pair(KeyId=orders, KeyPairSpec="ECC_NIST_P256")
    message = b"acme's message, to be signed"
    asks = {"KeyId": it.key("notary"), "SigningAlgorithm": "ECDSA_SHA_256"}
    admin.get_public_key(KeyId=it.key("notary"))
    signature = admin.sign(Message=message, **asks)["Signature"]
    admin.verify(Message=message, Signature=signature, **asks)
    attempt(admin.verify, Message=b"acme's other message", Signature=signature, **asks)
    asks = {"KeyId": it.key("mac"), "MacAlgorithm": "HMAC_SHA_256", "Message": message}
    mac, again = (admin.generate_mac(**asks)["Mac"] for _ in range(2))
    assert mac == again
    admin.verify_mac(Mac=mac, **asks)
    attempt(admin.verify_mac, Mac=bytes(32), **asks)
    agree = {"KeyId": it.key("agreement"), "KeyAgreementAlgorithm": "ECDH"}
    admin.derive_shared_secret(PublicKey=pair["PublicKey"], **agree)
    # A public key that no answer has given: the fake cannot say whether it is one.
    admin.derive_shared_secret(PublicKey=OWN_PUBLIC_KEY, **agree)


# The generator of P-256, which is a public key as good as any other.
OWN_PUBLIC_KEY = bytes.fromhex(
    "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)

CAST = {
    "region": "eu-central-1",
    "account": ACCOUNTS["fake"],
    "keys": {
        "orders": {
            "alias": "alias/acme-orders",
            "description": "acme's orders, 2026",
            "tags": {"acme-team": "acme-payments"},
        },
        "archive": {"state": "Disabled"},
    },
    "roles": {
        "worker": {"name": "acme-worker-prod", "session": "acme-worker-7"},
        "janitor": {"name": "acme-janitor-prod", "allow": ["kms:ListRetirableGrants"]},
        "stranger": {"name": "acme-somebody"},
    },
}

KEYS_OF_ALL_KINDS = {
    "notary": {"spec": "ECC_NIST_P256", "usage": "SIGN_VERIFY"},
    "mac": {"spec": "HMAC_256"},
    "agreement": {"spec": "ECC_NIST_P256", "usage": "KEY_AGREEMENT"},
}

FAKE = [
    *(
        Recording(f"fake/{play.__name__}.json", play, CAST, ACCOUNTS["fake"], foreign=True)
        for play in (who_may_end_a_grant, a_worker_hands_on_what_it_has, pages, refusals, constraints_and_secrets)
    ),
    Recording(
        "fake/a_grantee_uses_its_key.json",
        a_grantee_uses_its_key,
        CAST | {"keys": CAST["keys"] | KEYS_OF_ALL_KINDS},
        ACCOUNTS["fake"],
        foreign=True,
    ),
]


# --- Reasons ---

BARE = "moto gives the id of a grant's key, AWS the ARN (fact 2.11)"
NULL = "moto writes null for what is not there; AWS leaves it away, and has an empty name where there is none (3.2)"
LACKS = "moto does not have this member; AWS always gives it (3.2)"
COUNT = "moto adds a GrantCount, which is not in AWS's model"
BRACES = "moto answers {} where AWS has no body (fact 1.3)"
PLAIN = "moto does not fill in what a plain CreateKey means; AWS does, and lists no algorithms for another usage"

# Why the fake does otherwise: patterns of `cassette: grade path of operation`, of which the first one counts. Facts and
# rows are those of docs/kms-facts.md.
REASONS = [
    (
        r"transcribed/a_fresh_role.json: .*",
        "the role was deleted before the second list, which no call of KMS shows; then AWS answers so (fact 8b.11)",
    ),
    (r"emulator/.*: missing \$\.member-1 of List(Retirable)?Grants", COUNT),
    (r"emulator/.*: value \$\.Grants\[\]\.KeyId of List(Retirable)?Grants", BARE),
    (
        r"emulator/.*: (type \$\.Grants\[\]\.Name|missing \$\.Grants\[\]\.(Constraints|RetiringPrincipal))"
        r" of List(Retirable)?Grants",
        NULL,
    ),
    (r"emulator/.*: extra \$\.Grants\[\]\.(CreationDate|IssuingAccount) of List(Retirable)?Grants", LACKS),
    (r"emulator/.*: type \$ of (RetireGrant|RevokeGrant)", BRACES),
    (r"emulator/.*: value \$\.message of RevokeGrant", "these are moto's own words; AWS's are not known (row 5)"),
    (
        r"emulator/.*: (type \$\.KeyMetadata\.(KeyUsage|MultiRegion)|missing \$\.KeyMetadata\.SigningAlgorithms"
        r"|extra \$\.KeyMetadata\.CurrentKeyMaterialId) of CreateKey",
        PLAIN,
    ),
    (
        r"emulator/.*: extra \$\.\w*(EncryptionAlgorithm|KeyMaterialId)"
        r" of (Encrypt|Decrypt|ReEncrypt|GenerateDataKey(WithoutPlaintext)?)",
        "moto does not say with what it has encrypted; AWS does (API reference)",
    ),
    (
        r"emulator/.*: value \$\.KeyId of (GetPublicKey|GenerateMac)",
        "moto gives the id that the request had; AWS gives the ARN (API reference)",
    ),
    (
        r"emulator/.*: (missing \$\.EncryptionAlgorithms|extra \$\.KeySpec) of GetPublicKey",
        "moto lists what a key is not for, and has the spec by its old name only; AWS has both names (API reference)",
    ),
    (
        r"documentation/(create_key|describe_key)\w*.json: extra \$\.KeyMetadata\.CurrentKeyMaterialId of \w+",
        "the example is older than key material ids, which the model has today",
    ),
    (
        r"documentation/list_grants.json: value \$\.Truncated of ListGrants",
        "the example is cut short: it says that there is more, and gives no marker",
    ),
    (
        r"documentation/list_grants.json: extra \$\.Grants\[\]\.Name of ListGrants",
        "the example of 2016 has no `Name` for a grant without one, later ones have an empty `Name`",
    ),
]


_USED = set()


def reason(path, accepted):
    """Why a difference is all right."""
    what = f"{path}: {accepted['grade']} {accepted['path']} of {accepted['operation']}"
    for pattern, why in REASONS:
        if re.fullmatch(pattern, what):
            _USED.add(pattern)
            return why
    raise SystemExit(f"nobody has said why this is all right: {what}")


ALL = [*_published(), *_transcribed(), *MOTO, *FAKE]

# What cannot be recorded yet, and why; the tests notice when it can.
NOT_YET = {}


# --- Recording ---


def recordings(kind):
    """Those of one origin that can be recorded."""
    return [it for it in ALL if it.kind == kind and it.path not in NOT_YET]


def origin(path):
    """What the header says."""
    kind, name = path.split("/")
    return {
        "documentation": "documentation: AWS KMS API Reference",
        "transcribed": f"documentation: {TRANSCRIPTS[name.removesuffix('.json')].source}" if kind == "transcribed" else "",
        "emulator": f"emulator: moto {version('moto')}",
        "fake": f"fake: {run('--version')[1].splitlines()[0]}",
    }[kind]


def record(it, folder, upstream, **env):
    """Records one cassette below `folder`, and accepts what there is a reason for."""
    path = folder / it.path
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        scenario = Path(scratch, "scenario.json")
        scenario.write_text(json.dumps(it.scenario))
        arguments = ["--scenario", scenario, "--origin", origin(it.path)]
        if it.foreign:
            arguments.append("--allow-foreign-grants")
        if it.account:
            env["KMS_FIXTURE_ACCOUNT"] = it.account
        with recorder(path, upstream, *arguments, env=environment(**env)) as listening:
            it.play(listening)
            code, said = listening.end()
        assert code == 0, f"{it.path}: {said}"
    done(run("accept", path))
    explain(it.path, path)


def explain(name, path):
    """Accepts every difference of a cassette from the fake, each with its own reason."""
    done(run("accept", "--because", "?", path))
    cassette = json.loads(path.read_text())
    for it in cassette.get("accepted", []):
        it["reason"] = reason(name, it)
    path.write_text(json.dumps(cassette, indent=2, ensure_ascii=False) + "\n")
    done(run("check", path))


def done(outcome):
    code, said = outcome
    assert code == 0, said


def from_documentation(folder, only=None):
    for it in only or recordings("documentation"):
        name = Path(it.path).stem
        with Published([exchanges()[name]]) as upstream:
            record(it, folder, upstream.url)


def from_transcripts(folder, only=None):
    for it in only or recordings("transcribed"):
        with Scripted(TRANSCRIPTS[Path(it.path).stem].calls) as upstream:
            record(it, folder, upstream.url)


def from_moto(folder, only=None):
    with moto() as url:
        for it in only or recordings("emulator"):
            reset(url)
            record(it, folder, url)


def from_fake(folder, only=None):
    for it in only or recordings("fake"):
        with contextlib.ExitStack() as stack:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            declared = scratch / "served.json"
            declared.write_text(json.dumps(it.scenario))
            live = Server("--scenario", declared, "--seed", "7")
            stack.callback(live.stop)
            tls = stack.enter_context(Tls(live.address))
            record(it, folder, tls.url, **bindings(live, scratch), AWS_CA_BUNDLE=tls.bundle(scratch))


def bindings(live, scratch):
    """Who and what in the served fake is meant by the declared names: one profile for each caller."""
    config = scratch / "config"
    sections = []
    for name, told in live.announced["callers"].items():
        lines = [f"[{'default' if name == 'admin' else f'profile live-{name}'}]"]
        for member in ("access_key_id", "secret_access_key", "session_token"):
            if told[member]:
                lines.append(f"aws_{member} = {told[member]}")
        sections.append("\n".join(lines))
    config.write_text("\n".join(sections) + "\n")
    bound = {"AWS_CONFIG_FILE": config}
    for name in live.announced["callers"]:
        if name != "admin":
            bound[f"KMS_FIXTURE_PRINCIPAL_{name.upper()}"] = f"live-{name}"
    for name, told in live.announced["keys"].items():
        bound[f"KMS_FIXTURE_KEY_{name.upper()}"] = told["arn"]
    return bound


ORIGINS = {"documentation": from_documentation, "transcribed": from_transcripts, "emulator": from_moto, "fake": from_fake}


def everything(folder):
    """Records everything below `folder`; what was there stays until all is well."""
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        for record_all in ORIGINS.values():
            record_all(scratch)
        done(run("check", scratch))
        if unused := [pattern for pattern, _ in REASONS if pattern not in _USED]:
            raise SystemExit(f"these differences no longer occur: {unused}")
        for kind in ORIGINS:
            shutil.rmtree(folder / kind, ignore_errors=True)
            shutil.copytree(scratch / kind, folder / kind)


def suite():
    """Lets the downstream suite record its own cassettes from moto; gives cargo's exit code."""
    with moto() as url:
        env = environment(
            KMS_FIXTURE="record",
            KMS_FIXTURE_UPSTREAM=url,
            KMS_FIXTURE_ACCOUNT=ACCOUNTS["moto"],
            KMS_FIXTURE_ALLOW_CI_RECORD="1",
            KMS_FIXTURE_ORIGIN=origin("emulator/suite.json"),
        )
        command = "cargo test -p kms-fixture-downstream --features record --test suite -- recorded:: --test-threads=1"
        return subprocess.run(command.split(), cwd=ROOT, env=env).returncode


if __name__ == "__main__":
    assert BINARY.is_file(), f"{BINARY} is missing: use tests/record-cassettes"
    if sys.argv[1:] == ["--suite"]:
        sys.exit(suite())
    everything(Path(sys.argv[1]))
