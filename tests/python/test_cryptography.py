"""Cryptography seen from outside: what the fake makes is used, checked and made by `cryptography`, and the reverse.

`cryptography` is OpenSSL, the fake is AWS-LC. Texts, orders of checks and permissions are the Rust suite's subject.
"""

import hmac
import itertools

import pytest
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, mlkem, padding, rsa, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from support import refusal

RSA = {f"rsa_{size}": f"RSA_{size}" for size in (2048, 3072, 4096)}
CURVES = {
    "p256": ("ECC_NIST_P256", ec.SECP256R1(), hashes.SHA256()),
    "p384": ("ECC_NIST_P384", ec.SECP384R1(), hashes.SHA384()),
    "p521": ("ECC_NIST_P521", ec.SECP521R1(), hashes.SHA512()),
    "k256": ("ECC_SECG_P256K1", ec.SECP256K1(), hashes.SHA256()),
}
HASHES = {256: hashes.SHA256(), 384: hashes.SHA384(), 512: hashes.SHA512()}
ML_DSA = {
    "ml_dsa_44": ("ML_DSA_44", mldsa.MLDSA44PublicKey),
    "ml_dsa_65": ("ML_DSA_65", mldsa.MLDSA65PublicKey),
    "ml_dsa_87": ("ML_DSA_87", mldsa.MLDSA87PublicKey),
}
ML_KEM = {
    512: (None, 768),
    768: (mlkem.MLKEM768PublicKey, 1088),
    1024: (mlkem.MLKEM1024PublicKey, 1568),
}
KEYS = (
    {"orders": {}}
    | {name: {"spec": spec, "usage": "ENCRYPT_DECRYPT"} for name, spec in RSA.items()}
    | {f"{name}_signing": {"spec": spec, "usage": "SIGN_VERIFY"} for name, spec in RSA.items()}
    | {name: {"spec": spec, "usage": "SIGN_VERIFY"} for name, (spec, _, _) in CURVES.items()}
    | {f"{name}_ecdh": {"spec": CURVES[name][0], "usage": "KEY_AGREEMENT"} for name in ("p256", "p384", "p521")}
    | {"ed25519": {"spec": "ECC_NIST_EDWARDS25519", "usage": "SIGN_VERIFY"}}
    | {name: {"spec": spec} for name, (spec, _) in ML_DSA.items()}
    | {f"ml_kem_{size}": {"spec": f"ML_KEM_{size}"} for size in ML_KEM}
)
MESSAGES = [b"\0", b"a message", b"m" * 4096]


@pytest.fixture(scope="module")
def server(serve_module):
    return serve_module({"keys": KEYS})


@pytest.fixture(scope="module")
def kms(server):
    return server.client()


@pytest.fixture(scope="module")
def public(server, kms):
    """The public key of a declared key, as `cryptography` reads it."""

    def public(name):
        return load_der_public_key(kms.get_public_key(KeyId=server.key(name))["PublicKey"])

    return public


def digest_of(message, algorithm):
    digest = hashes.Hash(algorithm)
    digest.update(message)
    return digest.finalize()


def changed(blob, at):
    return blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]


# --- Signatures ---


def sign(kms, key, message, algorithm, message_type):
    """A signature, which the fake itself knows again, and no other."""
    asked = {"KeyId": key, "Message": message, "SigningAlgorithm": algorithm, "MessageType": message_type}
    signature = kms.sign(**asked)["Signature"]
    assert kms.verify(**asked, Signature=signature)["SignatureValid"] is True
    for bad in (changed(signature, 0), changed(signature, len(signature) - 1), signature[:-1], signature + b"\0", b"x"):
        assert refusal(kms.verify, **asked, Signature=bad) == ("KMSInvalidSignatureException", "")
    return signature


@pytest.mark.parametrize("name", RSA)
@pytest.mark.parametrize("scheme, size", [*itertools.product(["PKCS1_V1_5", "PSS"], HASHES)])
@pytest.mark.parametrize("message_type", ["RAW", "DIGEST"])
def test_rsa_signatures(server, kms, public, name, scheme, size, message_type):
    key, algorithm = public(f"{name}_signing"), HASHES[size]
    assert isinstance(key, rsa.RSAPublicKey) and (key.key_size, key.public_numbers().e) == (int(name[4:]), 65537)
    # AWS documents the salt to be as long as the digest: nothing else is accepted here.
    pad = padding.PKCS1v15() if scheme != "PSS" else padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
    for message in MESSAGES:
        sent = message if message_type == "RAW" else digest_of(message, algorithm)
        words = f"RSASSA_{scheme}_SHA_{size}"
        signature = sign(kms, server.key(f"{name}_signing"), sent, words, message_type)
        key.verify(signature, message, pad, algorithm)
        with pytest.raises(InvalidSignature):
            key.verify(signature, message + b".", pad, algorithm)


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("message_type", ["RAW", "DIGEST"])
def test_ecdsa_signatures(server, kms, public, name, message_type):
    _, curve, algorithm = CURVES[name]
    key = public(name)
    assert key.curve.name == curve.name
    for message in MESSAGES:
        sent = message if message_type == "RAW" else digest_of(message, algorithm)
        words = f"ECDSA_SHA_{algorithm.digest_size * 8}"
        signature = sign(kms, server.key(name), sent, words, message_type)
        key.verify(signature, message, ec.ECDSA(algorithm))
        # The same numbers, written again, are the same bytes: this is DER.
        assert utils.encode_dss_signature(*utils.decode_dss_signature(signature)) == signature


def test_ed25519_signatures(server, kms, public):
    key = public("ed25519")
    assert isinstance(key, ed25519.Ed25519PublicKey)
    for message in MESSAGES:
        signature = sign(kms, server.key("ed25519"), message, "ED25519_SHA_512", "RAW")
        assert len(signature) == 64
        key.verify(signature, message)


@pytest.mark.parametrize("name", ML_DSA)
def test_ml_dsa_signatures(server, kms, public, name):
    key = public(name)
    assert isinstance(key, ML_DSA[name][1])
    for message in MESSAGES:
        signature = sign(kms, server.key(name), message, "ML_DSA_SHAKE_256", "RAW")
        key.verify(signature, message)
        with pytest.raises(InvalidSignature):
            key.verify(signature, message + b".")


# --- MACs ---


@pytest.mark.parametrize("size", [224, 256, 384, 512])
def test_macs_are_those_of_the_key_that_was_imported(kms, size):
    """No other HMAC key is known outside."""
    key = kms.create_key(KeySpec=f"HMAC_{size}", KeyUsage="GENERATE_VERIFY_MAC", Origin="EXTERNAL")
    key = key["KeyMetadata"]["KeyId"]
    wrapping = kms.get_parameters_for_import(
        KeyId=key, WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_2048"
    )
    material = bytes(range(size // 8))
    pad = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), label=None)
    kms.import_key_material(
        KeyId=key,
        ImportToken=wrapping["ImportToken"],
        EncryptedKeyMaterial=load_der_public_key(wrapping["PublicKey"]).encrypt(material, pad),
        ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE",
    )
    for message in MESSAGES:
        mac = kms.generate_mac(KeyId=key, MacAlgorithm=f"HMAC_SHA_{size}", Message=message)["Mac"]
        assert mac == hmac.digest(material, message, f"sha{size}")


# --- Agreement and encapsulation ---


@pytest.mark.parametrize("name", ["p256", "p384", "p521"])
def test_both_sides_derive_the_same_secret(server, kms, public, name):
    for _ in range(8):
        ours = ec.generate_private_key(CURVES[name][1])
        spki = ours.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        theirs = kms.derive_shared_secret(
            KeyId=server.key(f"{name}_ecdh"), KeyAgreementAlgorithm="ECDH", PublicKey=spki
        )
        assert theirs["SharedSecret"] == ours.exchange(ec.ECDH(), public(f"{name}_ecdh"))


BAD_PUBLIC_KEYS = {
    "no DER": b"x",
    "a point that is not on the curve": lambda der: changed(der, len(der) - 1),
    "a compressed point": lambda der: load_der_public_key(der).public_bytes(
        Encoding.X962, PublicFormat.CompressedPoint
    ),
    "a bare point": lambda der: load_der_public_key(der).public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
    "something behind it": lambda der: der + b"\0",
    "an end that is missing": lambda der: der[:-1],
    "PEM": lambda der: load_der_public_key(der).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "another curve": lambda _: ec.generate_private_key(ec.SECP384R1())
    .public_key()
    .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    "another kind of key": lambda _: ed25519.Ed25519PrivateKey.generate()
    .public_key()
    .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
}


@pytest.mark.parametrize("what", BAD_PUBLIC_KEYS)
def test_what_is_no_public_key_of_the_curve_is_refused_without_a_text(server, kms, what):
    bad = BAD_PUBLIC_KEYS[what]
    if callable(bad):
        bad = bad(kms.get_public_key(KeyId=server.key("p256_ecdh"))["PublicKey"])
    told = refusal(
        kms.derive_shared_secret, KeyId=server.key("p256_ecdh"), KeyAgreementAlgorithm="ECDH", PublicKey=bad
    )
    assert told == ("ValidationException", "")


@pytest.mark.parametrize("size", ML_KEM)
def test_encapsulation(server, kms, public, size):
    kind, length = ML_KEM[size]
    asked = {"KeyId": server.key(f"ml_kem_{size}"), "EncapsulationAlgorithm": "ML_KEM"}

    def decapsulated(ciphertext):
        return kms.decapsulate(**asked, SharedSecretCiphertextBlob=ciphertext)["SharedSecret"]

    made = kms.encapsulate(**asked)
    secret, ciphertext = made["SharedSecret"], made["SharedSecretCiphertextBlob"]
    assert (len(secret), len(ciphertext)) == (32, length)
    assert decapsulated(ciphertext) == secret
    assert kms.encapsulate(**asked)["SharedSecret"] != secret
    # FIPS 203's implicit rejection: another secret, the same each time, and no error.
    rejected = decapsulated(changed(ciphertext, 0))
    assert len(rejected) == 32 and rejected != secret and rejected == decapsulated(changed(ciphertext, 0))
    for bad in (ciphertext[:-1], ciphertext + b"\0", b"x"):
        told = refusal(kms.decapsulate, **asked, SharedSecretCiphertextBlob=bad)
        assert told == ("InvalidCiphertextException", "")
    if kind is None:
        with pytest.raises(UnsupportedAlgorithm):  # when this passes, there is one more size to check below
            public(f"ml_kem_{size}")
        return
    key = public(f"ml_kem_{size}")
    assert isinstance(key, kind)
    for _ in range(8):
        ours, outside = key.encapsulate()
        assert decapsulated(outside) == ours


# --- RSA encryption ---

OAEP = {
    "RSAES_OAEP_SHA_1": (hashes.SHA1(), {2048: 214, 3072: 342, 4096: 470}),
    "RSAES_OAEP_SHA_256": (hashes.SHA256(), {2048: 190, 3072: 318, 4096: 446}),
}


@pytest.mark.parametrize("name, algorithm", [*itertools.product(RSA, OAEP)])
def test_rsa_encryption_outside_is_decrypted_inside(server, kms, public, name, algorithm):
    digest, limits = OAEP[algorithm]
    size = int(name[4:])
    pad = padding.OAEP(padding.MGF1(digest), digest, label=None)
    asked = {"KeyId": server.key(name), "EncryptionAlgorithm": algorithm}
    for length in (1, limits[size]):
        outside = public(name).encrypt(b"p" * length, pad)
        inside = kms.encrypt(**asked, Plaintext=b"p" * length)["CiphertextBlob"]
        assert len(inside) == len(outside) == size // 8
        for ciphertext in (outside, inside):
            assert kms.decrypt(**asked, CiphertextBlob=ciphertext)["Plaintext"] == b"p" * length
            for bad in (changed(ciphertext, 0), changed(ciphertext, len(ciphertext) - 1), ciphertext[:-1], b"x"):
                assert refusal(kms.decrypt, **asked, CiphertextBlob=bad) == ("InvalidCiphertextException", "")
    # What fits no digest, and what was encrypted with the other one.
    [other] = OAEP.keys() - {algorithm}
    told = refusal(kms.decrypt, KeyId=server.key(name), EncryptionAlgorithm=other, CiphertextBlob=outside)
    assert told == ("InvalidCiphertextException", "")


# --- Data keys ---


@pytest.mark.parametrize("asked, length", [({"KeySpec": "AES_128"}, 16), ({"KeySpec": "AES_256"}, 32)])
def test_a_data_key_encrypts_outside(server, kms, asked, length):
    context = {"EncryptionContext": {"tenant": "acme"}}
    made = kms.generate_data_key(KeyId=server.key(), **asked, **context)
    assert len(made["Plaintext"]) == length
    nonce = bytes(12)
    sealed = AESGCM(made["Plaintext"]).encrypt(nonce, b"an order", b"bound")
    opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], **context)["Plaintext"]
    assert AESGCM(opened).decrypt(nonce, sealed, b"bound") == b"an order"


PAIRS = {
    "RSA_2048": (rsa.RSAPrivateKey, 1218),
    "ECC_NIST_P256": (ec.EllipticCurvePrivateKey, 150),
    "ECC_NIST_P384": (ec.EllipticCurvePrivateKey, None),
    "ECC_NIST_P521": (ec.EllipticCurvePrivateKey, None),
    "ECC_SECG_P256K1": (ec.EllipticCurvePrivateKey, None),
    "ECC_NIST_EDWARDS25519": (ed25519.Ed25519PrivateKey, 48),
}


def pair_of(kms, key, spec):
    """A new data key pair, whose private key is the one in its ciphertext."""
    context = {"EncryptionContext": {"pair": spec}}
    made = kms.generate_data_key_pair(KeyId=key, KeyPairSpec=spec, **context)
    assert made["KeyPairSpec"] == spec
    opened = kms.decrypt(CiphertextBlob=made["PrivateKeyCiphertextBlob"], **context)
    assert opened["Plaintext"] == made["PrivateKeyPlaintext"]
    blind = kms.generate_data_key_pair_without_plaintext(KeyId=key, KeyPairSpec=spec, **context)
    assert "PrivateKeyPlaintext" not in blind and blind["PublicKey"] != made["PublicKey"]
    private = kms.decrypt(CiphertextBlob=blind["PrivateKeyCiphertextBlob"], **context)["Plaintext"]
    return [(made["PrivateKeyPlaintext"], made["PublicKey"]), (private, blind["PublicKey"])]


@pytest.mark.parametrize("spec", PAIRS)
def test_a_data_key_pair_is_a_pair(server, kms, spec):
    kind, length = PAIRS[spec]
    for private, public in pair_of(kms, server.key(), spec):
        loaded = load_der_private_key(private, None)
        assert isinstance(loaded, kind)
        spki = loaded.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        assert spki == public
        if spec.startswith("RSA"):
            assert abs(len(private) - length) <= 4  # numbers may begin with zeros
        elif length is not None:
            assert len(private) == length  # as recorded
