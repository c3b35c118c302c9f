"""Cryptographic calls on a tape: the bytes are gone, and everything else is followed and replayed."""

import hashlib
import os
import re

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

from canaries import Canaries, leaks
from recorder import CODE, FINDINGS, GOOD, every_output, load, operations, studio  # noqa: F401
from support import refusal

KEYS = {
    "orders": {},
    "archive": {},
    "boxes": {"spec": "RSA_2048", "usage": "ENCRYPT_DECRYPT"},
    "notary": {"spec": "RSA_2048", "usage": "SIGN_VERIFY"},
    "seal": {"spec": "ECC_NIST_P256", "usage": "SIGN_VERIFY"},
    "edwards": {"spec": "ECC_NIST_EDWARDS25519"},
    "agreement": {"spec": "ECC_NIST_P384", "usage": "KEY_AGREEMENT"},
    "mac": {"spec": "HMAC_256"},
    "capsule": {"spec": "ML_KEM_768"},
    "lattice": {"spec": "ML_DSA_44"},
}
ROLES = {"worker": {}, "janitor": {}}
DECLARED = {"keys": KEYS, "roles": ROLES}
SERVICE = {"roles": ROLES}
CONTEXT = {"tenant": "seven-of-nine"}
OAEP = "RSAES_OAEP_SHA_256"
PKCS, PSS = "RSASSA_PKCS1_V1_5_SHA_256", "RSASSA_PSS_SHA_256"
ECDH = {"KeyAgreementAlgorithm": "ECDH"}
HMAC = {"MacAlgorithm": "HMAC_SHA_256"}


def wrapped(public_key, plaintext):
    """What a client encrypts by itself. On replay there is no public key, only something as long."""
    try:
        key = serialization.load_der_public_key(public_key)
    except ValueError:
        return os.urandom(256)
    return key.encrypt(plaintext, padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None))


def own_public_key():
    """An ephemeral key of a client."""
    own = ec.generate_private_key(ec.SECP384R1()).public_key()
    return own.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def symmetric(it, see):
    """Messages, data keys and pairs: whatever one call gives, another one takes."""
    kms, orders, archive = it.client(), it.key("orders"), it.key("archive")
    secret = b"the launch code is 0000-galumphing"
    see(secret)
    one = see(kms.encrypt(KeyId=orders, Plaintext=secret, EncryptionContext=CONTEXT))["CiphertextBlob"]
    two = see(kms.encrypt(KeyId=orders, Plaintext=secret, EncryptionContext=CONTEXT))["CiphertextBlob"]
    assert one != two
    for blob in (one, two):
        assert see(kms.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT))["Plaintext"] == secret
    assert refusal(kms.decrypt, CiphertextBlob=one) == ("InvalidCiphertextException", "")
    assert refusal(kms.decrypt, CiphertextBlob=one, EncryptionContext=CONTEXT, KeyId=archive)[0] == "IncorrectKeyException"
    moved = kms.re_encrypt(CiphertextBlob=one, SourceEncryptionContext=CONTEXT, DestinationKeyId=archive)
    see(moved)
    assert see(kms.decrypt(CiphertextBlob=moved["CiphertextBlob"]))["Plaintext"] == secret
    data = see(kms.generate_data_key(KeyId=orders, KeySpec="AES_256"))
    assert len(data["Plaintext"]) == 32
    assert kms.decrypt(CiphertextBlob=data["CiphertextBlob"])["Plaintext"] == data["Plaintext"]
    hidden = see(kms.generate_data_key_without_plaintext(KeyId=orders, NumberOfBytes=24))["CiphertextBlob"]
    first, again = (see(kms.decrypt(CiphertextBlob=hidden))["Plaintext"] for _ in range(2))
    assert first == again and len(first) == 24 and first != data["Plaintext"]
    pair = see(kms.generate_data_key_pair(KeyId=orders, KeyPairSpec="ECC_NIST_P384"))
    assert kms.decrypt(CiphertextBlob=pair["PrivateKeyCiphertextBlob"])["Plaintext"] == pair["PrivateKeyPlaintext"]
    see(kms.generate_data_key_pair_without_plaintext(KeyId=orders, KeyPairSpec="ECC_NIST_P256"))
    random = see(kms.generate_random(NumberOfBytes=32))["Plaintext"]
    see(kms.encrypt(KeyId=orders, Plaintext=random))
    assert refusal(kms.encrypt, KeyId=orders, Plaintext=secret, DryRun=True)[0] == "DryRunOperationException"
    # The public key of the pair is nobody else's.
    agreed = see(kms.derive_shared_secret(KeyId=it.key("agreement"), PublicKey=pair["PublicKey"], **ECDH))
    assert len(agreed["SharedSecret"]) == 48


def asymmetric(it, see):
    """Keys whose public half clients have."""
    kms, boxes, notary = it.client(), it.key("boxes"), it.key("notary")
    public = see(kms.get_public_key(KeyId=boxes))["PublicKey"]
    assert kms.get_public_key(KeyId=boxes)["PublicKey"] == public
    asks = {"KeyId": boxes, "EncryptionAlgorithm": OAEP}
    blob = see(kms.encrypt(Plaintext=b"a small secret", **asks))["CiphertextBlob"]
    assert see(kms.decrypt(CiphertextBlob=blob, **asks))["Plaintext"] == b"a small secret"
    # Neither has any answer given these.
    outside = wrapped(public, b"from a client")
    see(outside)
    opened = see(kms.decrypt(CiphertextBlob=outside, **asks))["Plaintext"]
    assert kms.decrypt(CiphertextBlob=outside, **asks)["Plaintext"] == opened
    theirs = own_public_key()
    see(theirs)
    see(kms.derive_shared_secret(KeyId=it.key("agreement"), PublicKey=theirs, **ECDH))
    assert refusal(kms.decrypt, CiphertextBlob=os.urandom(256), **asks) == ("InvalidCiphertextException", "")
    shared = see(kms.encapsulate(KeyId=it.key("capsule"), EncapsulationAlgorithm="ML_KEM"))
    asks = {"KeyId": it.key("capsule"), "EncapsulationAlgorithm": "ML_KEM"}
    opened = kms.decapsulate(SharedSecretCiphertextBlob=shared["SharedSecretCiphertextBlob"], **asks)
    assert opened["SharedSecret"] == shared["SharedSecret"]
    message = b"to be signed, and nothing else"
    see(message)
    digest = hashlib.sha256(message).digest()
    for key, algorithm in [("notary", PKCS), ("notary", PSS), ("seal", "ECDSA_SHA_256"), ("lattice", "ML_DSA_SHAKE_256")]:
        asks = {"KeyId": it.key(key), "SigningAlgorithm": algorithm}
        signature = see(kms.sign(Message=message, **asks))["Signature"]
        assert kms.verify(Message=message, Signature=signature, **asks)["SignatureValid"]
        wrong = refusal(kms.verify, Message=b"another", Signature=signature, **asks)
        assert wrong == ("KMSInvalidSignatureException", "")
        if key != "lattice":
            # Nobody can tell any more that one is the digest of the other.
            assert kms.verify(Message=digest, MessageType="DIGEST", Signature=signature, **asks)["SignatureValid"]
    asks = {"KeyId": notary, "SigningAlgorithm": PKCS}
    same = [kms.sign(Message=message, **asks)["Signature"] for _ in range(2)]
    same.append(kms.sign(Message=digest, MessageType="DIGEST", **asks)["Signature"])
    assert len(set(same)) == 1
    assert kms.verify(Message=digest, MessageType="DIGEST", Signature=same[0], **asks)["SignatureValid"]
    assert kms.sign(Message=b"another", **asks)["Signature"] not in same
    asks = {"KeyId": it.key("edwards"), "SigningAlgorithm": "ED25519_SHA_512"}
    assert len({see(kms.sign(Message=message, **asks))["Signature"] for _ in range(2)}) == 1
    mac = see(kms.generate_mac(KeyId=it.key("mac"), Message=message, **HMAC))["Mac"]
    assert kms.generate_mac(KeyId=it.key("mac"), Message=message, **HMAC)["Mac"] == mac
    assert kms.generate_mac(KeyId=it.key("mac"), Message=b"another", **HMAC)["Mac"] != mac
    assert kms.verify_mac(KeyId=it.key("mac"), Message=message, Mac=mac, **HMAC)["MacValid"]
    wrong = refusal(kms.verify_mac, KeyId=it.key("mac"), Message=message, Mac=os.urandom(32), **HMAC)
    assert wrong == ("KMSInvalidMacException", "")


def granted(it, see):
    """A grantee who encrypts and decrypts until the grant is retired."""
    orders, worker = it.key("orders"), it.client("worker")
    terms = {"GranteePrincipal": it.arn("worker"), "RetiringPrincipal": it.arn("janitor")}
    constraints = {"EncryptionContextSubset": CONTEXT}
    assert refusal(worker.encrypt, KeyId=orders, Plaintext=b"too early")[0] == "AccessDeniedException"
    grant = it.client().create_grant(KeyId=orders, Operations=["Encrypt", "Decrypt"], Constraints=constraints, **terms)
    blob = see(worker.encrypt(KeyId=orders, Plaintext=b"in good time", EncryptionContext=CONTEXT))["CiphertextBlob"]
    assert worker.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT)["Plaintext"] == b"in good time"
    assert refusal(worker.encrypt, KeyId=orders, Plaintext=b"in good time")[0] == "AccessDeniedException"
    it.client("janitor").retire_grant(GrantToken=grant["GrantToken"])
    late = refusal(worker.decrypt, CiphertextBlob=blob, EncryptionContext=CONTEXT)
    assert late[0] == "AccessDeniedException"
    assert it.client().decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT)["Plaintext"] == b"in good time"


def nobody(answer):
    """Who does not look."""
    return answer


def single_bytes(it, see):
    """Of these some are the same by chance: no two recordings have to agree about which."""
    for _ in range(6):
        random = see(it.client().generate_random(NumberOfBytes=1))["Plaintext"]
        assert len(random) == 1


def everything(it, see=nobody):
    symmetric(it, see)
    asymmetric(it, see)
    granted(it, see)


# Clients' ciphertexts and keys, and a signature of what was signed as a digest.
OUTSIDE = "could not follow 7 (7 of them depend on bytes that no recorded answer returned)"


def test_all_of_it_is_recorded_followed_and_replayed(studio):
    seen = Canaries()

    def see(it):
        seen.see_answer(it) if isinstance(it, dict) else seen.see("sent", it)
        return it

    def story(it, see=nobody):
        single_bytes(it, see)
        everything(it, see)

    recorder = studio.record(studio.service(SERVICE), scenario=DECLARED)
    story(recorder, see)
    done = recorder.end()
    assert done.code == GOOD, done.err
    studio.accept()
    assert len(seen) > 100
    # Not a byte of it is left, wherever one looks.
    for name, text in every_output(studio, studio.tape).items() | {("file", studio.tape.read_text()), ("report", done.err)}:
        found = leaks(text.encode(), seen)
        assert not found, (name, [(it, seen[it]) for it in found])
    checked = studio.run("check", studio.tape)
    assert (checked.code, OUTSIDE in checked.out) == (GOOD, True), checked.out
    done = studio.replayed(story)
    assert (done.code, OUTSIDE in done.err) == (GOOD, True), done.err


def test_error_texts_keep_their_words(studio):
    tape = studio.recorded(lambda it: symmetric(it, nobody), studio.service(SERVICE), scenario=DECLARED)
    texts = {it["output"].get("message") for it in tape["interactions"] if it["status"] != 200}
    assert texts == {
        None,
        "The key ID in the request does not identify a CMK that can perform this operation.",
        "The request would have succeeded, but the DryRun option is set.",
    }


def test_recording_again_differs_in_nothing(studio):
    """Not even in the length of signatures, which is chance."""
    again = studio.folder / "tape-again.json"
    for tape in (studio.tape, again):
        studio.recorded(everything, studio.service(SERVICE), scenario=DECLARED, tape=tape)
    done = studio.run("diff", studio.tape, again)
    assert (done.code, done.out) == (GOOD, ""), done.out


def brought_along(it, see=nobody):
    """Material that a client brings: it goes, comes back, and is replaced."""
    kms, key = it.client(), it.key("brought")
    first, second = b"1" * 32, b"2" * 32

    def bring(material, **how):
        asked = kms.get_parameters_for_import(KeyId=key, WrappingAlgorithm=OAEP, WrappingKeySpec="RSA_2048")
        see(asked)
        blob = wrapped(asked["PublicKey"], material)
        see(blob)
        return see(
            kms.import_key_material(
                KeyId=key,
                ImportToken=asked["ImportToken"],
                EncryptedKeyMaterial=blob,
                ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE",
                **how,
            )
        )["KeyMaterialId"]

    see(first)
    see(second)
    assert refusal(kms.encrypt, KeyId=key, Plaintext=b"x")[0] == "KMSInvalidStateException"
    one = bring(first)
    blob = see(kms.encrypt(KeyId=key, Plaintext=b"under the first"))["CiphertextBlob"]
    kms.delete_imported_key_material(KeyId=key)
    assert refusal(kms.decrypt, CiphertextBlob=blob)[0] == "KMSInvalidStateException"
    assert bring(first) == one
    assert kms.decrypt(CiphertextBlob=blob)["KeyMaterialId"] == one
    other = bring(second, ImportType="NEW_KEY_MATERIAL")
    assert other != one
    kms.rotate_key_on_demand(KeyId=key)
    assert kms.encrypt(KeyId=key, Plaintext=b"under the second")["KeyId"]
    assert kms.decrypt(CiphertextBlob=blob)["KeyMaterialId"] == one
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"] == other


def test_imported_material_is_followed_though_its_bytes_are_gone(studio):
    declared = {"keys": {"brought": {"origin": "EXTERNAL"}}}
    studio.recorded(brought_along, studio.service(SERVICE), scenario=declared)
    checked = studio.run("check", studio.tape)
    assert (checked.code, "could not follow" in checked.out) == (GOOD, False), checked.out
    done = studio.replayed(brought_along)
    assert (done.code, "could not follow 0" in done.err) == (GOOD, True), done.err


# --- What was there before the recording ---


def outsiders(live, blobs):
    """Calls of keys that nobody has declared, with bytes that are older than the recording."""

    def story(it):
        kms, key = it.client(), live.key
        # The client knows the ARNs by itself, and not from an answer.
        for name in ("orders", "archive"):
            assert kms.list_grants(KeyId=key(name))["Grants"] == []
        assert len(kms.decrypt(CiphertextBlob=blobs["orders"])["Plaintext"]) == 9
        moved = kms.re_encrypt(CiphertextBlob=blobs["orders"], DestinationKeyId=key("archive"))["CiphertextBlob"]
        kms.decrypt(CiphertextBlob=moved)
        new = kms.encrypt(KeyId="alias/orders", Plaintext=b"something new")["CiphertextBlob"]
        assert kms.decrypt(CiphertextBlob=new, KeyId=key("orders"))["Plaintext"] == b"something new"
        signed = {"KeyId": key("notary"), "SigningAlgorithm": PKCS, "Message": b"what was signed"}
        assert kms.verify(Signature=blobs["notary"], **signed)["SignatureValid"]
        assert kms.verify(Signature=kms.sign(**signed)["Signature"], **signed)["SignatureValid"]
        sealed = {"KeyId": key("seal"), "SigningAlgorithm": "ECDSA_SHA_256", "Message": b"what was signed"}
        assert kms.verify(Signature=kms.sign(**sealed)["Signature"], **sealed)["SignatureValid"]
        named = {"KeyId": key("mac"), "Message": b"what was signed", **HMAC}
        assert kms.verify_mac(Mac=blobs["mac"], **named)["MacValid"]
        assert kms.verify_mac(Mac=kms.generate_mac(**named)["Mac"], **named)["MacValid"]
        boxed = {"KeyId": key("boxes"), "EncryptionAlgorithm": OAEP}
        blob = kms.encrypt(Plaintext=b"small", **boxed)["CiphertextBlob"]
        assert kms.decrypt(CiphertextBlob=blob, **boxed)["Plaintext"] == b"small"
        capsule = {"KeyId": key("capsule"), "EncapsulationAlgorithm": "ML_KEM"}
        kms.encapsulate(**capsule)
        kms.get_public_key(KeyId=key("agreement"))
        kms.sign(KeyId=key("lattice"), Message=b"m", SigningAlgorithm="ML_DSA_SHAKE_256")
        kms.disable_key(KeyId=key("orders"))
        assert refusal(kms.decrypt, CiphertextBlob=new)[0] == "DisabledException"
        assert kms.describe_key(KeyId=key("orders"))["KeyMetadata"]["KeyState"] == "Disabled"

    return story


def test_keys_are_found_and_what_is_older_than_the_recording_is_not_judged(studio):
    live = studio.service({"keys": KEYS | {"orders": {"alias": "alias/orders"}}})
    kms = live.client()
    signed = {"KeyId": live.key("notary"), "SigningAlgorithm": PKCS, "Message": b"what was signed"}
    blobs = {
        "orders": kms.encrypt(KeyId=live.key(), Plaintext=b"something")["CiphertextBlob"],
        "notary": kms.sign(**signed)["Signature"],
        "mac": kms.generate_mac(KeyId=live.key("mac"), Message=b"what was signed", **HMAC)["Mac"],
    }
    story = outsiders(live, blobs)
    tape = studio.recorded(story, live)
    # The ciphertext that came of the old one is as unknown as that.
    left = "could not follow 5 (5 of them depend on bytes that no recorded answer returned)"
    checked = studio.run("check", studio.tape)
    assert (checked.code, left in checked.out) == (GOOD, True), checked.out
    done = studio.replayed(story)
    assert (done.code, left in done.err) == (GOOD, True), done.err
    assert f"followed {len(tape['interactions']) - 5} calls" in done.err


def test_who_may_not_is_refused_whatever_the_bytes_are(studio):
    """The fake has looked at permissions before it looks at bytes."""
    asks = {"EncryptionAlgorithm": OAEP, "CiphertextBlob": b"x" * 256}

    def story(it):
        assert refusal(it.client("worker").decrypt, KeyId=it.key("boxes"), **asks)[0] == "AccessDeniedException"

    tape = studio.recorded(story, studio.service(SERVICE), scenario=DECLARED)
    assert studio.run("check", studio.tape).code == GOOD
    [call] = tape["interactions"]
    call |= {"status": 200, "output": {"KeyId": call["input"]["KeyId"], "EncryptionAlgorithm": OAEP}}
    studio.write("tape.json", tape)
    checked = studio.run("check", studio.tape)
    assert checked.code == FINDINGS
    assert re.search(r"code at .*\n.*\n.*AccessDeniedException", checked.out), checked.out


# --- Where the tape and the fake would not agree ---


def signed_and_named(it):
    """A signature, a MAC and a ciphertext, each twice of one text and once of another."""
    kms = it.client()
    for text in (b"one", b"one", b"two"):
        kms.sign(KeyId=it.key("notary"), Message=text, SigningAlgorithm=PKCS)
        kms.generate_mac(KeyId=it.key("mac"), Message=text, **HMAC)
        kms.encrypt(KeyId=it.key(), Plaintext=text)
    kms.generate_random(NumberOfBytes=32)
    kms.generate_random(NumberOfBytes=32)


@pytest.mark.parametrize(
    "operation, member, copied, agrees",
    [
        ("Sign", "Signature", (0, 2), False),
        ("GenerateMac", "Mac", (0, 2), False),
        ("Encrypt", "CiphertextBlob", (0, 1), False),
        # Random bytes are bound, not compared.
        ("GenerateRandom", "Plaintext", (0, 1), True),
    ],
)
def test_bytes_that_are_the_same_on_the_tape_alone(studio, operation, member, copied, agrees):
    tape = studio.recorded(signed_and_named, studio.service(SERVICE), scenario=DECLARED)
    of = [it for it in tape["interactions"] if it["operation"] == operation]
    of[copied[1]]["output"][member] = of[copied[0]]["output"][member]
    studio.write("tape.json", tape)
    checked = studio.run("check", studio.tape)
    assert checked.code == (GOOD if agrees else FINDINGS), checked.out
    if not agrees:
        assert f"value at $.{member}" in checked.out


@pytest.mark.parametrize("operation, member", [("Sign", "Signature"), ("GenerateMac", "Mac")])
def test_bytes_that_the_fake_alone_makes_twice(studio, operation, member):
    tape = studio.recorded(signed_and_named, studio.service(SERVICE), scenario=DECLARED)
    of = [it for it in tape["interactions"] if it["operation"] == operation]
    assert of[0]["output"] == of[1]["output"]
    of[1]["output"][member] = of[2]["output"][member]
    studio.write("tape.json", tape)
    checked = studio.run("check", studio.tape)
    assert checked.code == FINDINGS
    assert f"value at $.{member}" in checked.out


def test_a_ciphertext_that_a_recorded_answer_gave_is_judged(studio):
    """In another context it is none: a tape that says otherwise is not believed."""

    def story(it):
        kms = it.client()
        blob = kms.encrypt(KeyId=it.key(), Plaintext=b"plain", EncryptionContext=CONTEXT)["CiphertextBlob"]
        kms.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT)

    tape = studio.recorded(story, studio.service(SERVICE), scenario=DECLARED)
    tape["interactions"][1]["input"].pop("EncryptionContext")
    studio.write("tape.json", tape)
    checked = studio.run("check", studio.tape)
    assert checked.code == FINDINGS
    assert "InvalidCiphertextException" in checked.out


# --- Which call is it? ---


def two_secrets(it, first=b"first", second=b"second"):
    kms = it.client()
    return kms, [kms.encrypt(KeyId=it.key(), Plaintext=text)["CiphertextBlob"] for text in (first, second)]


def two_opened(it, *texts):
    kms, blobs = two_secrets(it, *texts)
    return [kms.decrypt(CiphertextBlob=it)["Plaintext"] for it in blobs]


def test_other_plaintexts_replay_if_they_differ_where_the_recorded_ones_do(studio):
    studio.recorded(two_opened, studio.service(SERVICE), scenario=DECLARED)
    player = studio.replay()
    assert two_opened(player, b"another", b"one more, which is longer") == [b"another", b"one more, which is longer"]
    done = player.end()
    assert done.code == GOOD, done.err


def test_the_plaintext_of_the_first_call_is_not_that_of_the_second(studio):
    studio.recorded(two_opened, studio.service(SERVICE), scenario=DECLARED)
    player = studio.replay()
    kms = player.client()
    kms.encrypt(KeyId=player.key(), Plaintext=b"first")
    assert refusal(kms.encrypt, KeyId=player.key(), Plaintext=b"first")[0] == CODE
    done = player.end()
    assert done.code == FINDINGS
    assert re.search(r'at this point\n +recorded .*"Plaintext":"plaintext-2"', done.err), done.err
    assert re.search(r'received input: .*"Plaintext":"plaintext-1"', done.err), done.err


def test_two_plaintexts_are_not_one(studio):
    studio.recorded(lambda it: two_opened(it, b"same", b"same"), studio.service(SERVICE), scenario=DECLARED)
    player = studio.replay()
    kms = player.client()
    kms.encrypt(KeyId=player.key(), Plaintext=b"same")
    assert refusal(kms.encrypt, KeyId=player.key(), Plaintext=b"other")[0] == CODE
    assert player.end().code == FINDINGS


def test_identical_calls_keep_their_order(studio):
    """Each gives its own ciphertext, the first one first."""
    tape = studio.recorded(lambda it: two_secrets(it, b"same", b"same"), studio.service(SERVICE), scenario=DECLARED)
    player = studio.replay()
    _, blobs = two_secrets(player, b"same", b"same")
    assert player.end().code == GOOD
    assert [it.rstrip(b".") for it in blobs] == [b"ciphertext-1", b"ciphertext-2"]
    assert operations(tape) == ["Encrypt", "Encrypt"]


def test_what_only_reads_may_change_places(studio):
    def story(it, backwards=False):
        kms, blobs = two_secrets(it)
        expected = [(blob, text) for blob, text in zip(blobs, (b"first", b"second"))]
        for blob, text in expected[::-1] if backwards else expected:
            assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == text
        kms.generate_random(NumberOfBytes=8)

    studio.recorded(story, studio.service(SERVICE), scenario=DECLARED)
    done = studio.replayed(lambda it: story(it, backwards=True))
    assert done.code == GOOD, done.err


def test_bytes_out_of_nowhere_are_not_those_that_an_answer_will_give(studio):
    """Neither call changes anything, so they may change places; but the one needs what the other gives."""
    studio.recorded(two_opened, studio.service(SERVICE), scenario=DECLARED)
    player = studio.replay()
    assert refusal(player.client().decrypt, CiphertextBlob=b"no ciphertext of anybody")[0] == CODE
    assert two_opened(player) == [b"first", b"second"]
    done = player.end()
    assert done.code == FINDINGS
    assert "call 1 was not recorded at this point: Decrypt" in done.err


def test_bytes_that_a_client_makes_anew_replay(studio):
    """A nonce, a key of a moment, a ciphertext of a client: whatever they are, as long as they flow as they did."""

    def story(it):
        kms, nonce, own = it.client(), os.urandom(12), own_public_key()
        for _ in range(2):
            kms.encrypt(KeyId=it.key(), Plaintext=nonce)
            kms.derive_shared_secret(KeyId=it.key("agreement"), PublicKey=own, **ECDH)
        kms.derive_shared_secret(KeyId=it.key("agreement"), PublicKey=own_public_key(), **ECDH)

    tape = studio.recorded(story, studio.service(SERVICE), scenario=DECLARED)
    secrets = [it["output"]["SharedSecret"] for it in tape["interactions"] if it["operation"] == "DeriveSharedSecret"]
    assert secrets[0] == secrets[1] != secrets[2]
    done = studio.replayed(story)
    assert done.code == GOOD, done.err


def test_a_kept_plaintext_has_to_be_the_same_again(studio):
    studio.write("kms-fixture.toml", 'keep = ["Plaintext"]\n')
    tape = studio.recorded(two_opened, studio.service(SERVICE), scenario=DECLARED)
    assert tape["interactions"][0]["input"]["Plaintext"] == "Zmlyc3Q="
    done = studio.replayed(two_opened)
    assert done.code == GOOD, done.err
    player = studio.replay()
    assert refusal(player.client().encrypt, KeyId=player.key(), Plaintext=b"other")[0] == CODE
    assert player.end().code == FINDINGS


def test_who_tries_again_gets_the_same_ciphertext(studio):
    def story(it):
        kms = it.retrying_client()
        blob = kms.encrypt(KeyId=it.key(), Plaintext=b"again")["CiphertextBlob"]
        assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"again"

    studio.recorded(story, studio.service(SERVICE), scenario=DECLARED)
    done = studio.replayed(story)
    assert done.code == GOOD, done.err
    assert load(studio.tape)["interactions"][1]["input"].keys() == {"CiphertextBlob"}
