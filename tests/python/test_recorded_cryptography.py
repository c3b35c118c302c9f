"""Cryptographic calls on a tape: the bytes are gone, and everything else is followed and replayed."""

import hashlib
import os

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

import raw
from recorder import CODE, FINDINGS, GOOD, calls, load, operations, studio  # noqa: F401
from support import refusal
from test_redaction import Canaries, every_output, leaks

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
    for length in (1, 1, 1, 1, 1, 1, 32):
        random = kms.generate_random(NumberOfBytes=length)["Plaintext"]
        assert len(random) == length
        see(random)
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


def everything(it, see=lambda answer: answer):
    symmetric(it, see)
    asymmetric(it, see)
    granted(it, see)
