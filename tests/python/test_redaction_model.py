"""The lists by which recordings are redacted, compared with botocore's model of KMS.

What the model lacks would become a pseudonym and could not be read; what only the lists have would be kept although
nobody knows it to be harmless.
"""

import re

import pytest

from model import KMS
from server import ROOT

FOLDER = ROOT / "kms-fixture/src/tape/redact"
SOURCE = "".join((FOLDER / it).read_text() for it in ("model.rs", "words.rs"))

# Members that are of the protocol, or of errors.
OF_ERRORS = {"__type", "code", "message"}
# Members whose texts mean something else than their type says: the model has plain strings for words.
PLAIN_WORDS = {"PolicyName", "PolicyNames"}


def texts(code):
    return re.findall(r'"([^"\n]*)"', code)


def constant(name):
    [body] = re.findall(rf"\n(?:pub\(super\) )?const {name}: &\[&str\] = &\[(.*?)\n\];", SOURCE, re.DOTALL)
    return texts(body)


def meanings():
    """Members by what they mean; the two directions of `Message` as one."""
    [body] = re.findall(r"Some\(match member \{(.*?)\n    \}\)", SOURCE, re.DOTALL)
    found = {}
    arm = r"((?:\"\w*\"\s*\|?\s*)+)(?:if [^=]*==[^=]*)?=>\s*(\w+(?:\(\"[\w-]+\"\))?),"
    for members, meaning in re.findall(arm, body):
        for member in texts(members):
            found.setdefault(member, set()).add(meaning)
    return found


def shapes():
    """Every member of every structure, with its shape."""
    for name in KMS.shape_names:
        shape = KMS.shape_for(name)
        if shape.type_name == "structure":
            for member, it in shape.members.items():
                yield member, it


def leaf(shape):
    """What a list is of."""
    while shape.type_name == "list":
        shape = shape.member
    return shape


MEANINGS = meanings()
MEMBERS = {}
for _member, _shape in shapes():
    MEMBERS.setdefault(_member, []).append(leaf(_shape))
STRINGS = [it for it in map(KMS.shape_for, KMS.shape_names) if it.type_name == "string"]
ENUMS = {word for it in STRINGS for word in it.enum}


def test_the_source_was_read_as_a_whole():
    [body] = re.findall(r"Some\(match member \{(.*?)\n    \}\)", SOURCE, re.DOTALL)
    names = {it for it in texts(re.sub(r"\w+\(\"[\w-]+\"\)", "", body)) if it}
    assert names == set(MEANINGS) - {""}
    assert len(MEANINGS) > 100


@pytest.mark.parametrize("name", ["OPERATIONS", "WORDS", "CODES", "COMMON_CODES", "STEMS"])
def test_lists_are_sorted_and_say_nothing_twice(name):
    assert constant(name) == sorted(set(constant(name)))


def test_operations():
    assert set(constant("OPERATIONS")) == set(KMS.operation_names)


def test_enum_words():
    # The one name that a key policy has is no enum.
    assert set(constant("WORDS")) == ENUMS | {"default"}


def test_exception_codes():
    codes = {it.name for it in KMS.error_shapes}
    assert set(constant("CODES")) == codes
    assert not codes & set(constant("COMMON_CODES"))


@pytest.mark.parametrize("member", sorted(MEMBERS))
def test_every_member_of_the_model_has_a_meaning(member):
    assert member in MEANINGS


def test_no_meaning_is_given_to_a_member_that_is_not_there():
    assert set(MEANINGS) - set(MEMBERS) - {""} <= OF_ERRORS


@pytest.mark.parametrize("member", sorted(set(MEMBERS) & set(MEANINGS)))
def test_what_a_member_means_fits_its_type(member):
    for shape in MEMBERS[member]:
        for meaning in MEANINGS[member]:
            kind = meaning.split("(")[0]
            if shape.type_name == "string" and shape.enum or member in PLAIN_WORDS:
                wanted = {"Word"}
            elif shape.type_name == "string":
                wanted = {
                    "Account",
                    "Alias",
                    "Arn",
                    "Grant",
                    "Key",
                    "Material",
                    "Policy",
                    "Principal",
                    "Prose",
                    "Region",
                    "Service",
                    "Text",
                    "Token",
                }
            elif shape.type_name == "blob":
                # As an error's text, `Message` is prose.
                wanted = {"Blob", "Prose"} if member == "Message" else {"Blob"}
            elif shape.type_name == "map":
                wanted = {"Context"}
            else:
                wanted = {"Plain"}
            assert kind in wanted, f"{member} is a {shape.type_name} ({shape.name}), and means {meaning}"


@pytest.mark.parametrize("member", sorted(it for it, found in MEANINGS.items() if found == {"Word"}))
def test_words_are_of_enums(member):
    """What is kept as it is comes out of a list that AWS has published."""
    assert member in PLAIN_WORDS or all(it.enum for it in MEMBERS[member])


# Members that have a text of their own kind, by the name of their shape in the model.
BY_SHAPE = {
    "ArnType": {"Arn", "Key"},
    "KeyIdType": {"Key", "Arn", "Text"},
    "AliasNameType": {"Alias"},
    "GrantIdType": {"Grant"},
    "GrantTokenType": {"Token"},
    "PrincipalIdType": {"Principal"},
    "AWSAccountIdType": {"Account"},
    "RegionType": {"Region"},
    "PolicyType": {"Policy"},
    "BackingKeyIdType": {"Material"},
    "BackingKeyIdResponseType": {"Material"},
}


@pytest.mark.parametrize("shape", sorted(BY_SHAPE))
def test_texts_of_one_shape_mean_one_thing(shape):
    found = {
        (member, meaning.split("(")[0])
        for member, shapes in MEMBERS.items()
        for it in shapes
        if it.name == shape
        for meaning in MEANINGS[member]
    }
    assert found, f"the model has no {shape} any more"
    assert {meaning for _, meaning in found} <= BY_SHAPE[shape], found


def test_lists_whose_order_means_something_are_lists_of_the_model():
    [body] = re.findall(r"fn is_ordered\(.*?\{(.*?)\n\}", SOURCE, re.DOTALL)
    for member in texts(body):
        assert any(shape.type_name == "list" for name, shape in shapes() if name == member), member


def test_everything_that_is_no_reading_is_a_mutation():
    """By the verbs of the model: what only reads begins with one of these."""
    [body] = re.findall(r"const CHANGES: &\[&str\] = &\[(.*?)\];", SOURCE, re.DOTALL)
    changes = tuple(texts(body))
    reads = ("Decapsulate", "Decrypt", "Derive", "Describe", "Encapsulate", "Encrypt", "Generate", "Get", "List")
    reads += ("ReEncrypt", "Sign", "Verify")
    for operation in KMS.operation_names:
        assert operation.startswith(changes) != operation.startswith(reads), operation


def test_condition_keys_are_those_of_the_documentation():
    """Every `kms:` key is spelled as members and grants spell it; nothing stands twice, whatever its case."""
    [body] = re.findall(r"fn is_condition_key.*?&\[(.*?)\];", SOURCE, re.DOTALL)
    keys = texts(body)
    assert len({it.lower() for it in keys}) == len(keys)
    assert all(it.startswith(("kms:", "aws:")) for it in keys)
