"""botocore's copy of the KMS model, and what follows from it: inputs that are good, bad, or just good enough."""

import base64
import re

import botocore.session

from server import ROOT

KMS = botocore.session.Session().get_service_model("kms")

# Operations that the documentation lists as implemented; the rest of the model answers 501.
IMPLEMENTED = re.findall(
    r"^\| `(\w+)` \| implemented ", (ROOT / "kms-fixture/src/docs/operations.md").read_text(), re.MULTILINE
)

# A well-formed id that no key has, so that what passes the checks of the input changes nothing.
NO_KEY = "00000000-0000-4000-8000-000000000000"

# Values that pass the model, for the members that have to be there; 64 hex digits are what a grant id looks like.
GOOD = {
    "KeyId": NO_KEY,
    "TargetKeyId": NO_KEY,
    "AliasName": "alias/nothing",
    "GrantId": "0" * 64,
    "Operations": ["Decrypt"],
    "Policy": "{}",
    "Description": "",
    "Tags": [],
    "TagKeys": [],
    "CiphertextBlob": "AA==",
    "DestinationKeyId": NO_KEY,
    "EncapsulationAlgorithm": "ML_KEM",
    "EncryptedKeyMaterial": "AA==",
    "ImportToken": "AA==",
    "KeyAgreementAlgorithm": "ECDH",
    "KeyPairSpec": "RSA_2048",
    "Mac": "AA==",
    "MacAlgorithm": "HMAC_SHA_256",
    "Message": "AA==",
    "Plaintext": "AA==",
    "PrimaryRegion": "eu-central-1",
    "PublicKey": "AA==",
    "ReplicaRegion": "eu-central-1",
    "SharedSecretCiphertextBlob": "AA==",
    "Signature": "AA==",
    "SigningAlgorithm": "ECDSA_SHA_256",
    "WrappingAlgorithm": "RSAES_OAEP_SHA_256",
    "WrappingKeySpec": "RSA_2048",
}


# What the service wants although the model does not (fact 6.12 of the fourth fact sheet).
WANTED = {"Decrypt": ["CiphertextBlob"], "ReEncrypt": ["CiphertextBlob"]}


def inputs(operation):
    """The structure of an operation's input."""
    return KMS.operation_model(operation).input_shape


def good(operation):
    """The least input that passes the checks of the model."""
    return {name: GOOD[name] for name in [*inputs(operation).required_members, *WANTED.get(operation, [])]}


def members(kind=None, where=None, by=lambda shape: shape.name):
    """One member of the inputs for each shape: the library has one table of shapes for all operations."""
    found = {}
    for operation in IMPLEMENTED:
        for name, shape in inputs(operation).members.items():
            if kind in (None, shape.type_name) and (where is None or where(operation, name)):
                found.setdefault(by(shape), (operation, name))
    return list(found.values())


def member(operation, name):
    return inputs(operation).members[name]


def lower_camel(name):
    """How messages spell a member (rows 27 to 33)."""
    return name[0].lower() + name[1:]


def bounds(shape):
    return shape.metadata.get("min"), shape.metadata.get("max")


def pattern(shape):
    return shape.metadata.get("pattern")


def matches(shape, text):
    """Whether `text` fits the pattern as Java reads it: as a whole, and with ASCII's `\\w`."""
    wanted = pattern(shape)
    return wanted is None or re.fullmatch(wanted.replace("$", r"\Z"), text, re.ASCII) is not None


def text_of_length(shape, length):
    """A text of so many characters that fits the pattern; `None` if there is none."""
    for start in ("", "alias/", "a.b.", "arn:aws:s3:::000000000000:", "arn:aws:s3:us-east-1:111122223333:", "us-east-"):
        filler = "1" if start == "us-east-" else "a"
        text = start + filler * (length - len(start))
        if len(text) == length and matches(shape, text):
            return text
    return None


def blob(length):
    """So many bytes, as they are sent."""
    return base64.b64encode(bytes(length)).decode()


def told_of_blob(path, constraint):
    """The sentence about bytes of a wrong number: rows 31 and 32, fact 13.6."""
    return f"Value at '{path}' failed to satisfy constraint: {constraint}"


def bad_texts(shape):
    """Texts of a good length that do not fit the pattern."""
    least, most = bounds(shape)
    fine = text_of_length(shape, max(least or 0, min(most, 40)))
    candidates = [
        fine[:-1] + odd
        for odd in (" ", "\n", "\t", "é", "\u0100", "\U0001f511", "\u0000", "!", "/", "ÿ", "\u00a0")
    ] + ["a" * 30, "." * 30, "a.b" + "c" * 30]
    return [it for it in candidates if least <= len(it) <= most and not matches(shape, it)]


def violation(value, path, constraint):
    """One sentence of a ValidationException; `value` as Java prints it, `None` for what is missing."""
    shown = "null" if value is None else f"'{java(value)}'"
    return f"Value {shown} at '{path}' failed to satisfy constraint: {constraint}"


def java(value):
    """A value as Java's `toString` has it."""
    if isinstance(value, list):
        return "[" + ", ".join(java(it) for it in value) + "]"
    return str(value)


def not_null(path, shape=None):
    """Rows 35; what is sensitive is not said to be null (fact 13.6)."""
    if shape is not None and shape.metadata.get("sensitive"):
        return f"Value at '{path}' failed to satisfy constraint: Member must not be null"
    return violation(None, path, "Member must not be null")


def shorter(limit):
    return f"Member must have length less than or equal to {limit}"


def longer(limit):
    return f"Member must have length greater than or equal to {limit}"


def smaller(limit):
    return f"Member must have value less than or equal to {limit}"


def greater(limit):
    return f"Member must have value greater than or equal to {limit}"


def like(shape):
    return f"Member must satisfy regular expression pattern: {pattern(shape)}"


def split_message(message):
    """The sentences of a ValidationException, in some order; the number in front of them has to fit."""
    count, plural, rest = re.fullmatch(
        r"(\d+) validation error(s?) detected: (.*)", message, re.DOTALL
    ).groups()
    sentences = re.split("; (?=Value )", rest)
    assert len(sentences) == int(count)
    assert (plural == "s") == (len(sentences) > 1)
    return sorted(sentences)


def split_enum(message):
    """A sentence about an enum without its words, and the words: AWS's order is not the model's (row 30)."""
    before, words, after = re.fullmatch(
        r"(.*Member must satisfy enum value set: \[)([^\]]*)(\].*)", message, re.DOTALL
    ).groups()
    return before + after, set(words.split(", "))


def conforms(value, shape, path="$"):
    """Checks a value of an answer, as JSON has it, against its shape: nothing unknown, nothing of the wrong type."""
    kind = shape.type_name
    if kind == "structure":
        assert isinstance(value, dict), path
        assert set(shape.required_members) <= set(value), path
        for name, it in value.items():
            assert name in shape.members, f"{path}.{name} is not in the model"
            conforms(it, shape.members[name], f"{path}.{name}")
    elif kind == "list":
        assert isinstance(value, list), path
        for at, it in enumerate(value):
            conforms(it, shape.member, f"{path}[{at}]")
    elif kind == "map":
        assert isinstance(value, dict), path
        for name, it in value.items():
            conforms(it, shape.value, f"{path}.{name}")
    elif kind == "string":
        assert isinstance(value, str), path
        least, most = bounds(shape)
        assert (least or 0) <= len(value) <= (most or len(value)), path
        assert matches(shape, value), path
    elif kind == "blob":
        assert isinstance(value, str), path
        least, most = bounds(shape)
        length = len(base64.b64decode(value, validate=True))
        assert (least or 0) <= length <= (most or length), path
    elif kind == "boolean":
        assert isinstance(value, bool), path
    elif kind == "integer":
        assert isinstance(value, int) and not isinstance(value, bool), path
    elif kind == "timestamp":
        assert isinstance(value, (int, float)) and not isinstance(value, bool), path  # fact 1.13
    else:
        raise AssertionError(f"{path} has a type that nobody expected here: {kind}")
