"""The constraints of the API on the wire: one member for each shape of botocore's model, and the words of the refusals.

`tests/generate-api --check` compares the library's tables with the model; here is what the library makes of them.

The model says what is refused; `kms-facts.md` rows 27 to 39 say in which words. The words for wrong types are those
of sibling services with the same front end: "ATH" are recordings of Athena, "KIN" are those of Kinesis.
"""

import base64
import itertools
import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_der_public_key

import raw
from model import (
    GOOD,
    IMPLEMENTED,
    KMS,
    NO_KEY,
    bad_texts,
    blob,
    bounds,
    conforms,
    good,
    greater,
    inputs,
    like,
    longer,
    lower_camel,
    member,
    members,
    not_null,
    pattern,
    shorter,
    smaller,
    split_enum,
    split_message,
    text_of_length,
    told_of_blob,
    violation,
)


@pytest.fixture(scope="module")
def server(serve_module):
    return serve_module({"keys": {"orders": {}}})


@pytest.fixture(scope="module")
def refuse(server):
    """Calls an operation that has to be refused for its input; gives the text."""

    def refuse(operation, body):
        answer = raw.call(server, operation, body)
        assert (answer.status, answer.code) == (400, "ValidationException"), answer
        return answer.message

    return refuse


@pytest.fixture(scope="module")
def accept(server):
    """Calls an operation whose input the model has nothing against."""

    def accept(operation, body):
        answer = raw.call(server, operation, body)
        if answer.status != 200:
            assert answer.status == 400, answer
            assert answer.code != "SerializationException", answer
            assert "validation error" not in (answer.message or ""), answer
        return answer

    return accept


def ids(cases):
    return ["-".join(map(str, it)) for it in cases]


def parametrize_members(cases):
    return pytest.mark.parametrize("operation, name", cases, ids=ids(cases))


# --- Operations ---


@pytest.mark.parametrize("operation", sorted(set(KMS.operation_names) - set(IMPLEMENTED)))
def test_the_other_operations_say_that_they_are_not_implemented(server, operation):
    answer = raw.call(server, operation)
    assert (answer.status, answer.code) == (501, "KmsFixtureNotImplementedException")
    assert operation in answer.message


@pytest.mark.parametrize(
    "target",
    [
        "TrentService.GetGrant",
        "TrentService.creategrant",
        "TrentService.CreateGrant2",
        "TrentService.",
        "TrentService",
        "trentservice.CreateGrant",
        "CreateGrant",
        "DynamoDB_20120810.ListTables",
        ".",
        "",
        None,
    ],
)
def test_an_operation_that_kms_does_not_have(server, target):
    """Sibling services, ATH 39 to 43: status 400, bare code, no message."""
    answer = raw.call(server, "", headers={"x-amz-target": target})
    assert (answer.status, answer.json) == (400, {"__type": "UnknownOperationException"})


def test_white_space_around_the_target_is_no_part_of_it(server):
    """RFC 9110, 5.5."""
    assert raw.call(server, "ListKeys", headers={"x-amz-target": "  TrentService.ListKeys "}).status == 200


# --- Required members ---

REQUIRED = members(where=lambda operation, name: name in inputs(operation).required_members)


@parametrize_members(REQUIRED)
@pytest.mark.parametrize("value", ["missing", None])
def test_row_35_a_required_member_that_is_missing_or_null(refuse, operation, name, value):
    body = good(operation)
    if value is None:
        body[name] = None
    else:
        del body[name]
    assert refuse(operation, body) == f"1 validation error detected: {not_null(lower_camel(name), member(operation, name))}"


@pytest.mark.parametrize(
    "operation", [it for it in IMPLEMENTED if len(inputs(it).required_members) > 1]
)
def test_rows_35_and_39_every_required_member_that_is_missing_is_told(refuse, operation):
    wanted = [not_null(lower_camel(name), member(operation, name)) for name in inputs(operation).required_members]
    assert split_message(refuse(operation, {})) == sorted(wanted)


@pytest.mark.parametrize("operation", IMPLEMENTED)
def test_an_empty_body_is_an_empty_object(server, operation):
    """Fact 1.2."""
    empty, braces = (raw.call(server, operation, body) for body in (b"", b"{}"))
    if operation == "CreateKey":
        assert empty.status == braces.status == 200
    else:
        assert (empty.status, empty.body) == (braces.status, braces.body)


# --- Texts ---

TEXTS = [it for it in members("string") if not member(*it).enum]
PATTERNS = [it for it in TEXTS if pattern(member(*it))]
LEAST = [it for it in TEXTS if bounds(member(*it))[0]]


def fits_empty(shape):
    return pattern(shape) is None or pattern(shape).endswith("*")


@parametrize_members(TEXTS)
def test_row_33_a_text_that_is_too_long(refuse, operation, name):
    shape = member(operation, name)
    _, most = bounds(shape)
    text = text_of_length(shape, most + 1)
    message = refuse(operation, good(operation) | {name: text})
    told = violation(text, lower_camel(name), shorter(most))
    assert message == f"1 validation error detected: {told}"


@parametrize_members([it for it in LEAST if fits_empty(member(*it))])
def test_row_34_an_empty_text(refuse, operation, name):
    least, _ = bounds(member(operation, name))
    told = violation("", lower_camel(name), longer(least))
    assert refuse(operation, good(operation) | {name: ""}) == f"1 validation error detected: {told}"


@parametrize_members([it for it in LEAST if not fits_empty(member(*it))])
def test_rows_34_and_38_an_empty_text_breaks_the_pattern_too(refuse, operation, name):
    """KIN, removeTagsFromStream: `StreamName: ''` gives two sentences, one for the length and one for the pattern."""
    shape = member(operation, name)
    wanted = [violation("", lower_camel(name), it) for it in (longer(bounds(shape)[0]), like(shape))]
    assert split_message(refuse(operation, good(operation) | {name: ""})) == sorted(wanted)


@pytest.mark.parametrize(
    "operation, name, text",
    [(*it, text) for it in PATTERNS for text in bad_texts(member(*it))],
)
def test_row_38_a_text_that_does_not_fit_the_pattern(refuse, operation, name, text):
    shape = member(operation, name)
    told = violation(text, lower_camel(name), like(shape))
    assert refuse(operation, good(operation) | {name: text}) == f"1 validation error detected: {told}"


@parametrize_members(TEXTS)
def test_texts_at_the_edge_of_their_length_pass(accept, operation, name):
    shape = member(operation, name)
    least, most = bounds(shape)
    for length in (least or 0, most):
        text = text_of_length(shape, length)
        if text is not None:  # the pattern may need more than the least length
            accept(operation, good(operation) | {name: text})


@pytest.mark.parametrize("text", ["€" * 8192, "\U0001f511" * 4096, '"\\\u0000\n'])
def test_any_character_will_do_where_there_is_no_pattern(accept, text):
    assert accept("CreateKey", {"Description": text}).json["KeyMetadata"]["Description"] == text


# --- Numbers ---

NUMBERS = members("integer")


@parametrize_members(NUMBERS)
@pytest.mark.parametrize("below", [1, 2, 10**6, 10**11])
def test_row_27_a_number_that_is_too_small(refuse, operation, name, below):
    least, _ = bounds(member(operation, name))
    told = violation(least - below, lower_camel(name), greater(least))
    message = refuse(operation, good(operation) | {name: least - below})
    if below < 2**31:
        assert message == f"1 validation error detected: {told}"
    else:
        assert message.endswith(greater(least))


@parametrize_members(NUMBERS)
@pytest.mark.parametrize("above", [1, 2, 10**6, 10**11, 10**30])
def test_rows_28_and_36_a_number_that_is_too_large(refuse, operation, name, above):
    """ATH 8: beyond 32 bits it is still the range that is wrong, not the type."""
    _, most = bounds(member(operation, name))
    told = violation(most + above, lower_camel(name), smaller(most))
    message = refuse(operation, good(operation) | {name: most + above})
    if above < 2**31:
        assert message == f"1 validation error detected: {told}"
    else:
        assert message.endswith(smaller(most))


@parametrize_members(NUMBERS)
def test_numbers_at_the_edge_pass(accept, operation, name):
    for value in bounds(member(operation, name)):
        accept(operation, good(operation) | {name: value})


@parametrize_members(NUMBERS)
def test_a_fraction_is_cut_off(accept, operation, name):
    """ATH: `1.5` counts as 1."""
    least, most = bounds(member(operation, name))
    for value in (least + 0.5, most + 0.5, float(least)):
        accept(operation, good(operation) | {name: value})


# --- Enums ---

ENUMS = [it for it in members("string") if member(*it).enum]


@parametrize_members(ENUMS)
@pytest.mark.parametrize("word", ["INVALID", "", "symmetric_default", "AWS_KMS "])
def test_row_30_a_word_that_is_not_in_the_set(refuse, operation, name, word):
    shape = member(operation, name)
    sentence, words = split_enum(refuse(operation, good(operation) | {name: word}))
    told = violation(word, lower_camel(name), "Member must satisfy enum value set: []")
    assert sentence == f"1 validation error detected: {told}"
    assert words == set(shape.enum)


@parametrize_members(ENUMS)
def test_every_word_of_a_set_passes(accept, operation, name):
    for word in member(operation, name).enum:
        accept(operation, good(operation) | {name: word})


ENUM_LISTS = [it for it in members("list") if getattr(member(*it).member, "enum", None)]


@pytest.mark.parametrize("operation, name", [("CreateGrant", "Operations")])
@pytest.mark.parametrize(
    "values",
    [["X"], ["Decrypt", "decrypt"], ["ListGrants"], ["RevokeGrant", "Decrypt"], ["ListRetirableGrants"], [""]],
)
def test_row_37_a_list_with_an_unknown_word(refuse, operation, name, values):
    """`ListGrants`, `RevokeGrant` and `ListRetirableGrants` cannot be granted (table 3.1)."""
    sentence, words = split_enum(refuse(operation, good(operation) | {name: values}))
    constraint = "Member must satisfy constraint: [Member must satisfy enum value set: []]"
    assert sentence == f"1 validation error detected: {violation(values, lower_camel(name), constraint)}"
    assert words == set(member(operation, name).member.enum)


def test_row_37_an_unknown_owner(refuse):
    _, words = split_enum(refuse("ListKeys", {"ResourceOwners": ["NOBODY"]}))
    assert words == set(member("ListKeys", "ResourceOwners").member.enum)


@parametrize_members(ENUM_LISTS)
def test_every_word_of_a_list_passes(accept, operation, name):
    for word in member(operation, name).member.enum:
        accept(operation, good(operation) | {name: [word]})


def test_the_operations_of_a_grant_are_those_of_the_model(serve):
    """Every word of the model can be granted on a key of some kind; the answer of ListGrants spells it the same."""
    keys = {
        "symmetric": {},
        "mac": {"spec": "HMAC_256"},
        "sign": {"spec": "ECC_NIST_P256", "usage": "SIGN_VERIFY"},
        "agree": {"spec": "ECC_NIST_P256", "usage": "KEY_AGREEMENT"},
        "encapsulate": {"spec": "ML_KEM_768"},
    }
    server = serve({"keys": keys})
    kms = server.client()
    granted = set()
    words = set(member("CreateGrant", "Operations").member.enum)
    for name, word in itertools.product(keys, words - {"CreateGrant"}):
        answer = raw.call(
            server,
            "CreateGrant",
            {
                "KeyId": server.key_id(name),
                "GranteePrincipal": server.arn(),
                "Operations": ["CreateGrant", word],
            },
        )
        if answer.status == 200:
            [grant] = kms.list_grants(KeyId=server.key(name), GrantId=answer.json["GrantId"])["Grants"]
            assert set(grant["Operations"]) == {"CreateGrant", word}
            granted |= set(grant["Operations"])
        else:
            assert answer.code == "ValidationException"
    assert granted == words


# --- Lists ---

LISTS = members("list")


def element(shape):
    """An element that nothing is wrong with."""
    it = shape.member
    if it.type_name == "structure":
        return {name: "a" for name in it.members}
    return it.enum[0] if it.enum else "a"


@parametrize_members([it for it in LISTS if bounds(member(*it))[1]])
def test_a_list_that_is_too_long(refuse, operation, name):
    shape = member(operation, name)
    _, most = bounds(shape)
    values = [element(shape)] * (most + 1)
    told = violation(values, lower_camel(name), shorter(most))
    assert refuse(operation, good(operation) | {name: values}) == f"1 validation error detected: {told}"


@parametrize_members([it for it in LISTS if bounds(member(*it))[0]])
def test_a_list_that_is_too_short(refuse, operation, name):
    told = violation([], lower_camel(name), longer(bounds(member(operation, name))[0]))
    assert refuse(operation, good(operation) | {name: []}) == f"1 validation error detected: {told}"


@parametrize_members(LISTS)
def test_lists_at_the_edge_of_their_length_pass(accept, operation, name):
    shape = member(operation, name)
    least, most = bounds(shape)
    for length in (least or 0, most or 60):
        accept(operation, good(operation) | {name: [element(shape)] * length})


TEXT_LISTS = [
    it for it in LISTS if member(*it).member.type_name == "string" and bounds(member(*it).member)[1]
]


@parametrize_members(TEXT_LISTS)
@pytest.mark.parametrize("broken", ["too long", "empty"])
def test_a_text_in_a_list_is_told_with_the_whole_list(refuse, operation, name, broken):
    """KIN, removeTagsFromStream: all constraints of an element are told, the upper bound first."""
    shape = member(operation, name).member
    least, most = bounds(shape)
    values = ["a", "a" * (most + 1) if broken == "too long" else "", "b"]
    told = violation(
        values,
        lower_camel(name),
        f"Member must satisfy constraint: [{shorter(most)}, {longer(least)}]",
    )
    assert refuse(operation, good(operation) | {name: values}) == f"1 validation error detected: {told}"


# --- Bytes ---

BLOBS = members("blob")


@parametrize_members(BLOBS)
def test_row_31_bytes_that_are_too_many(refuse, operation, name):
    shape = member(operation, name)
    _, most = bounds(shape)
    told = told_of_blob(lower_camel(name), shorter(most))
    message = refuse(operation, good(operation) | {name: blob(most + 1)})
    assert message == f"1 validation error detected: {told}"


@parametrize_members(BLOBS)
def test_row_32_no_bytes(refuse, operation, name):
    shape = member(operation, name)
    least, _ = bounds(shape)
    told = told_of_blob(lower_camel(name), longer(least))
    assert refuse(operation, good(operation) | {name: ""}) == f"1 validation error detected: {told}"


@parametrize_members(BLOBS)
def test_the_number_of_bytes_counts_and_not_that_of_letters(accept, operation, name):
    for length in (1, 2, 3, bounds(member(operation, name))[1]):
        accept(operation, good(operation) | {name: blob(length)})


@parametrize_members(BLOBS)
@pytest.mark.parametrize(
    "text, reason",
    [
        ("23456", "Base64 encoded length is expected a multiple of 4 bytes but found: 5"),
        ("=+/=", "Invalid Base64 character: '='"),
        ("+/+=", "Invalid last non-pad Base64 character dectected"),
        ("A-_A", "Invalid Base64 character: '-'"),
        ("AA=\n", "Invalid Base64 character: '='"),
    ],
)
def test_what_is_no_base64(server, operation, name, text, reason):
    """KIN, putRecord; what is sensitive is not shown, which is a guess (`sensitive-base64`)."""
    answer = raw.call(server, operation, good(operation) | {name: text})
    assert (answer.status, answer.code) == (400, "SerializationException"), answer
    shown = "STRING_VALUE" if member(operation, name).metadata.get("sensitive") else f"'{text}'"
    assert answer.json["Message"] == f"{shown} can not be converted to a Blob: {reason}"


ENCLAVES = members("structure", where=lambda _, name: name == "Recipient")


@parametrize_members(ENCLAVES)
def test_a_recipient_is_checked_like_everything_else(refuse, accept, operation, name):
    fields = member(operation, name).members
    document = fields["AttestationDocument"]
    least, most = bounds(document)
    for length, constraint in [(0, longer(least)), (most + 1, shorter(most))]:
        told = told_of_blob("recipient.attestationDocument", constraint)
        message = refuse(operation, good(operation) | {name: {"AttestationDocument": blob(length)}})
        assert message == f"1 validation error detected: {told}"
    message = refuse(operation, good(operation) | {name: {"KeyEncryptionAlgorithm": "X"}})
    sentence, words = split_enum(message)
    assert "'recipient.keyEncryptionAlgorithm'" in sentence
    assert words == set(fields["KeyEncryptionAlgorithm"].enum)
    for word in words:
        recipient = {"KeyEncryptionAlgorithm": word, "AttestationDocument": blob(most)}
        accept(operation, good(operation) | {name: recipient})


# --- Moments ---


@parametrize_members(members("timestamp"))
@pytest.mark.parametrize("moment", ["0", "1900000000", "1900000000.123", "1.9E9", "1.9e+9", "-1", "1900000000000"])
def test_a_moment_is_a_number_of_any_form(accept, operation, name, moment):
    text = json.dumps(good(operation) | {name: "@"})
    accept(operation, text.replace('"@"', moment).encode())


# --- Structures ---

TAGGING = [it for it in LISTS if member(*it).member.type_name == "structure"]
assert TAGGING, "the model has lists of tags"


@parametrize_members(TAGGING)
@pytest.mark.parametrize("field, most", [("TagKey", 128), ("TagValue", 256)])
def test_row_33_a_field_in_a_list_is_told_by_its_place(refuse, operation, name, field, most):
    assert bounds(member(operation, name).member.members[field])[1] == most
    tags = [{"TagKey": "a", "TagValue": "a"}, {"TagKey": "b", "TagValue": "b"}]
    for at, tag in enumerate(tags):
        broken = [*tags[:at], tag | {field: "x" * (most + 1)}, *tags[at + 1 :]]
        path = f"{lower_camel(name)}.{at + 1}.member.{lower_camel(field)}"
        told = violation("x" * (most + 1), path, shorter(most))
        assert refuse(operation, good(operation) | {name: broken}) == f"1 validation error detected: {told}"


@parametrize_members(TAGGING)
def test_what_a_field_in_a_list_needs(refuse, accept, operation, name):
    """TagKey 1 to 128, TagValue 0 to 256, both required."""
    body = good(operation)
    path = f"{lower_camel(name)}.1.member"
    for tags, told in [
        ([{"TagValue": "a"}], not_null(f"{path}.tagKey")),
        ([{"TagKey": "a"}], not_null(f"{path}.tagValue")),
        ([{"TagKey": "a", "TagValue": None}], not_null(f"{path}.tagValue")),
        ([{"TagKey": "", "TagValue": "a"}], violation("", f"{path}.tagKey", longer(1))),
    ]:
        assert refuse(operation, body | {name: tags}) == f"1 validation error detected: {told}"
    accept(operation, body | {name: [{"TagKey": "a", "TagValue": ""}]})


SOURCE_ARN = member("CreateGrant", "Constraints").members["SourceArn"]


@pytest.mark.parametrize("text", bad_texts(SOURCE_ARN))
def test_row_38_a_field_of_a_structure_is_told_by_its_path(refuse, text):
    body = good("CreateGrant") | {"Constraints": {"SourceArn": text}}
    told = violation(text, "constraints.sourceArn", like(SOURCE_ARN))
    assert refuse("CreateGrant", body) == f"1 validation error detected: {told}"


def test_row_33_a_field_of_a_structure_that_is_too_long(refuse):
    _, most = bounds(SOURCE_ARN)
    text = text_of_length(SOURCE_ARN, most + 1)
    told = violation(text, "constraints.sourceArn", shorter(most))
    body = good("CreateGrant") | {"Constraints": {"SourceArn": text}}
    assert refuse("CreateGrant", body) == f"1 validation error detected: {told}"


@pytest.mark.parametrize("name", ["EncryptionContextEquals", "EncryptionContextSubset"])
def test_an_encryption_context_has_no_constraints_in_the_model(accept, name):
    context = {"": "", "a" * 5000: "b" * 300, "é": "\U0001f511"}
    accept("CreateGrant", good("CreateGrant") | {"Constraints": {name: context}})


@parametrize_members(members("map"))
def test_no_encryption_context_has_constraints_in_the_model(accept, operation, name):
    accept(operation, good(operation) | {name: {"": "", "a" * 5000: "b" * 300, "é": "\U0001f511"}})


# --- Several at once ---


def broken(operation, name):
    """A value with exactly one thing wrong, and the sentence about it."""
    shape = member(operation, name)
    path = lower_camel(name)
    least, most = bounds(shape)
    if shape.type_name == "integer":
        return most + 1, violation(most + 1, path, smaller(most))
    if shape.type_name == "string" and not shape.enum:
        text = text_of_length(shape, most + 1)
        return text, violation(text, path, shorter(most))
    return None


TWO = [
    (operation, one, other)
    for operation in ["CreateGrant", "ListGrants"]
    for one, other in itertools.combinations(inputs(operation).members, 2)
    if broken(operation, one) and broken(operation, other)
]


@pytest.mark.parametrize("operation, one, other", TWO, ids=ids(TWO))
def test_row_39_two_violations_are_told_at_once(refuse, operation, one, other):
    (value, told), (other_value, other_told) = broken(operation, one), broken(operation, other)
    message = refuse(operation, good(operation) | {one: value, other: other_value})
    assert message.startswith("2 validation errors detected: ")
    assert split_message(message) == sorted([told, other_told])


def test_row_39_every_violation_of_a_request_is_told(refuse):
    wrong = {
        name: broken("ListGrants", name)
        for name in inputs("ListGrants").members
        if broken("ListGrants", name)
    }
    message = refuse("ListGrants", {name: value for name, (value, _) in wrong.items()})
    assert split_message(message) == sorted(told for _, told in wrong.values())


def test_no_more_than_ten_violations_are_told(refuse):
    """KIN: the front end stops at ten."""
    tags = [{"TagKey": "", "TagValue": "a"}] * 15
    sentences = split_message(refuse("TagResource", good("TagResource") | {"Tags": tags}))
    assert len(sentences) == 10
    told = {violation("", f"tags.{at}.member.tagKey", longer(1)) for at in range(1, 16)}
    assert set(sentences) <= told


# --- Types ---

WRONG = {
    "string": [7, 1.5, True, False, [], ["a"], {}, {"a": "b"}],
    "integer": ["7", "", True, False, [], [7], {}, {"a": 7}],
    "boolean": ["true", "", [], [True], {}, {"a": True}],
    "list": ["a", "", 7, True, False, {}, {"a": "b"}],
    "structure": ["a", "", 7, True, False, [], ["a"]],
    "map": ["a", "", 7, True, False, [], ["a"]],
    "blob": [7, 1.5, True, False, [], ["AA=="], {}, {"a": "AA=="}],
    "timestamp": ["7", "", "2026-01-01T00:00:00Z", True, False, [], [7], {}, {"a": 7}],
}


def told_type(kind, value):
    """The words for a value of the wrong type, where they were recorded (ATH; KIN for what ATH left out)."""
    if isinstance(value, list):
        return "Start of list found where not expected"
    if isinstance(value, dict):
        return "Start of structure or map found where not expected."
    wanted = {"list": "Expected list or null", "map": "Expected map or null", "structure": "Expected null"}
    if kind in wanted:
        return wanted[kind]
    found = {str: "STRING_VALUE", int: "NUMBER_VALUE", float: "NUMBER_VALUE", bool: f"{value}_VALUE".upper()}
    article = {"string": "a String", "integer": "an Integer", "blob": "a Blob"}
    article["timestamp"] = "milliseconds since epoch"  # recorded on X-Ray: aws/aws-sdk-js-v3#4343
    if kind in article:
        return f"{found[type(value)]} can not be converted to {article[kind]}"
    return None  # for a boolean only an older wording is known


def assert_type_error(answer, kind, value):
    assert (answer.status, answer.code) == (400, "SerializationException"), answer
    # This one exception spells its text with a capital letter (KIN, ATH).
    assert set(answer.json) == {"__type", "Message"}
    told = told_type(kind, value)
    if told is not None:
        assert answer.json["Message"] == told


@pytest.mark.parametrize(
    "operation, name, value",
    [(*it, value) for it in members(by=lambda shape: shape.type_name) for value in WRONG[member(*it).type_name]],
)
def test_a_value_of_the_wrong_type(server, operation, name, value):
    answer = raw.call(server, operation, good(operation) | {name: value})
    assert_type_error(answer, member(operation, name).type_name, value)


@pytest.mark.parametrize(
    "operation, name, value",
    [(*it, value) for it in LISTS for value in WRONG[member(*it).member.type_name]],
)
def test_an_element_of_the_wrong_type(server, operation, name, value):
    shape = member(operation, name)
    answer = raw.call(server, operation, good(operation) | {name: [element(shape), value]})
    assert_type_error(answer, shape.member.type_name, value)


@pytest.mark.parametrize(
    "path, kind, value",
    [
        (path, kind, value)
        for path, kind in [
            (("Constraints", "EncryptionContextEquals"), "map"),
            (("Constraints", "EncryptionContextSubset"), "map"),
            (("Constraints", "EncryptionContextEquals", "tenant"), "string"),
            (("Constraints", "EncryptionContextSubset", "tenant"), "string"),
            (("Constraints", "SourceArn"), "string"),
        ]
        for value in WRONG[kind]
        # A number in an encryption context is a string (fact 15.21).
        if not (path[-1] == "tenant" and type(value) in (int, float))
    ],
)
def test_a_field_of_the_wrong_type(server, path, kind, value):
    body = value
    for name in reversed(path):
        body = {name: body}
    assert_type_error(raw.call(server, "CreateGrant", good("CreateGrant") | body), kind, value)


@pytest.mark.parametrize("operation", ["CreateGrant", "Encrypt", "ImportKeyMaterial", "TagResource"])
def test_a_wrong_type_is_told_before_anything_else(server, operation):
    """ATH 15, 32: before what is missing, and before constraints."""
    for name, shape in inputs(operation).members.items():
        value = WRONG[shape.type_name][0]
        assert_type_error(raw.call(server, operation, {name: value}), shape.type_name, value)


# --- Nulls and strangers ---

# One operation for each way in which inputs are read.
COMPARABLE = ["CreateGrant", "Encrypt", "ImportKeyMaterial", "ListKeys", "RetireGrant", "TagResource"]


@pytest.mark.parametrize("operation", COMPARABLE)
def test_null_is_absence(server, operation):
    body = good(operation)
    plain = raw.call(server, operation, body)
    for name in set(inputs(operation).members) - set(body):
        answer = raw.call(server, operation, body | {name: None})
        assert (answer.status, answer.body) == (plain.status, plain.body), name


def test_null_is_absence_for_create_key(server):
    nulls = dict.fromkeys(inputs("CreateKey").members)
    answer = raw.call(server, "CreateKey", nulls)
    assert answer.status == 200
    assert answer.json["KeyMetadata"]["KeySpec"] == "SYMMETRIC_DEFAULT"


@pytest.mark.parametrize("value", [None, "a", 7, [1], {"a": {"b": []}}, "x" * 10_000])
@pytest.mark.parametrize("operation", COMPARABLE)
def test_members_that_the_model_does_not_have_are_ignored(server, operation, value):
    """Fact 1.17; ATH 14, 28."""
    body = good(operation)
    plain = raw.call(server, operation, body)
    strangers = {"Stranger": value, "keyId": value, "nextToken": value, "": value}
    answer = raw.call(server, operation, strangers | body)
    assert (answer.status, answer.body) == (plain.status, plain.body)


def test_strangers_in_structures_are_ignored(accept):
    tags = [{"TagKey": "a", "TagValue": "b", "Stranger": [1]}]
    assert accept("CreateKey", {"Tags": tags}).status == 200
    accept("CreateGrant", good("CreateGrant") | {"Constraints": {"Stranger": 1}})


# --- Answers ---


def answers():
    """A successful call of each operation, in an order that works.

    `{Name}` stands for the latest answer's member of this name.
    """
    grant = {"GranteePrincipal": "{admin}", "Operations": ["Decrypt"], "Name": "named"}
    grant |= {"RetiringPrincipal": "{admin}", "Constraints": {"EncryptionContextSubset": {"a": "b"}}}
    key = {"KeyId": "{key}"}
    return [
        ("CreateKey", {"Description": "d", "Tags": [{"TagKey": "a", "TagValue": "b"}]}),
        ("CreateKey", {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC", "MultiRegion": True}),
        ("DescribeKey", key),
        ("ListKeys", {"Limit": 1}),
        ("DescribeCustomKeyStores", {}),
        ("GetKeyLastUsage", key),
        ("CreateAlias", {"AliasName": "alias/a", "TargetKeyId": "{key}"}),
        ("UpdateAlias", {"AliasName": "alias/a", "TargetKeyId": "{key}"}),
        ("ListAliases", {}),
        ("DeleteAlias", {"AliasName": "alias/a"}),
        ("CreateGrant", key | grant),
        ("CreateGrant", key | grant | {"Name": "other", "Constraints": None}),
        ("ListGrants", key | {"Limit": 1}),
        ("ListRetirableGrants", {"RetiringPrincipal": "{admin}"}),
        ("RetireGrant", {"GrantToken": "{GrantToken}"}),
        ("CreateGrant", key | grant),
        ("RevokeGrant", key | {"GrantId": "{GrantId}"}),
        ("TagResource", key | {"Tags": [{"TagKey": "a", "TagValue": "b"}]}),
        ("ListResourceTags", key),
        ("UntagResource", key | {"TagKeys": ["a"]}),
        ("GetKeyPolicy", key),
        ("PutKeyPolicy", key | {"Policy": "{Policy}"}),
        ("ListKeyPolicies", key),
        ("UpdateKeyDescription", key | {"Description": "e"}),
        ("DisableKey", key),
        ("EnableKey", key),
        ("ScheduleKeyDeletion", key | {"PendingWindowInDays": 7}),
        ("DescribeKey", key),
        ("CancelKeyDeletion", key),
        *cryptography(),
        *rotation(),
    ]


# A key for each use.
USED = {
    "orders": {},
    "data": {},
    "rsa": {"spec": "RSA_2048", "usage": "ENCRYPT_DECRYPT"},
    "mac": {"spec": "HMAC_256"},
    "signing": {"spec": "ECC_NIST_P256", "usage": "SIGN_VERIFY"},
    "agreeing": {"spec": "ECC_NIST_P256", "usage": "KEY_AGREEMENT"},
    "post_quantum": {"spec": "ML_DSA_44"},
    "encapsulating": {"spec": "ML_KEM_768"},
}
PAIRS = ["rsa", "signing", "post_quantum", "encapsulating", "agreeing"]
# What has material from outside, and what is in several Regions.
ELSEWHERE = {"imported": {"origin": "EXTERNAL", "state": "PendingImport"}, "global": {"multi_region": True}}


def cryptography():
    data, rsa, mac, agreeing, encapsulating = (
        {"KeyId": f"{{{it}}}"} for it in ("data", "rsa", "mac", "agreeing", "encapsulating")
    )
    signing = [("signing", "ECDSA_SHA_256"), ("post_quantum", "ML_DSA_SHAKE_256")]
    oaep = {"EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
    context = {"EncryptionContext": {"tenant": "acme"}}
    message, blob = {"Message": "AAEC"}, {"CiphertextBlob": "{CiphertextBlob}"}
    hmac = mac | message | {"MacAlgorithm": "HMAC_SHA_256"}
    ml_kem = encapsulating | {"EncapsulationAlgorithm": "ML_KEM"}
    return [
        ("Encrypt", data | context | {"Plaintext": "AAEC"}),
        ("Decrypt", blob | context),
        ("Encrypt", rsa | oaep | {"Plaintext": "AAEC"}),
        ("Decrypt", rsa | oaep | blob),
        ("GenerateDataKeyWithoutPlaintext", data | {"NumberOfBytes": 1}),
        ("GenerateDataKey", data | {"KeySpec": "AES_128"}),
        ("ReEncrypt", blob | {"DestinationKeyId": "{data}"}),
        ("ReEncrypt", blob | {"DestinationKeyId": "{rsa}", "DestinationEncryptionAlgorithm": "RSAES_OAEP_SHA_1"}),
        *(
            (f"GenerateDataKeyPair{plaintext}", data | {"KeyPairSpec": spec})
            for spec in member("GenerateDataKeyPair", "KeyPairSpec").enum
            if spec not in ("RSA_3072", "RSA_4096", "SM2") and not spec.startswith("ML_KEM")
            for plaintext in ("", "WithoutPlaintext")
        ),
        ("GenerateMac", hmac),
        ("VerifyMac", hmac | {"Mac": "{Mac}"}),
        *(
            (operation, message | {"KeyId": f"{{{name}}}", "SigningAlgorithm": algorithm} | signature)
            for name, algorithm in signing
            for operation, signature in [("Sign", {}), ("Verify", {"Signature": "{Signature}"})]
        ),
        *(("GetPublicKey", {"KeyId": f"{{{it}}}"}) for it in PAIRS),
        ("DeriveSharedSecret", agreeing | {"KeyAgreementAlgorithm": "ECDH", "PublicKey": "{PublicKey}"}),
        ("Encapsulate", ml_kem),
        ("Decapsulate", ml_kem | {"SharedSecretCiphertextBlob": "{SharedSecretCiphertextBlob}"}),
        ("GenerateRandom", {"NumberOfBytes": 1024}),
    ]


def rotation():
    key, imported, everywhere = ({"KeyId": f"{{{it}}}"} for it in ("data", "imported", "global"))
    wrapping = {"WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_2048"}
    here, there = ({"PrimaryRegion": it} for it in ("us-east-1", "eu-central-1"))
    return [
        ("EnableKeyRotation", key | {"RotationPeriodInDays": 90}),
        ("RotateKeyOnDemand", key),
        ("GetKeyRotationStatus", key),
        ("ListKeyRotations", key | {"IncludeKeyMaterial": "ALL_KEY_MATERIAL", "Limit": 1}),
        ("DisableKeyRotation", key),
        ("GetParametersForImport", imported | wrapping),
        (
            "ImportKeyMaterial",
            imported
            | {"ImportToken": "{ImportToken}", "EncryptedKeyMaterial": wrapped_key}
            | {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE", "KeyMaterialDescription": "d"},
        ),
        ("ListKeyRotations", imported | {"IncludeKeyMaterial": "ALL_KEY_MATERIAL"}),
        ("DeleteImportedKeyMaterial", imported),
        ("ReplicateKey", everywhere | {"ReplicaRegion": "eu-central-1", "Tags": [{"TagKey": "a", "TagValue": "b"}]}),
        ("UpdatePrimaryRegion", everywhere | here),
        ("UpdatePrimaryRegion", everywhere | there),
    ]


def wrapped_key(known):
    """A new symmetric key, encrypted as GetParametersForImport has asked for."""
    pad = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), label=None)
    key = load_der_public_key(base64.b64decode(known["{PublicKey}"]))
    return base64.b64encode(key.encrypt(bytes(32), pad)).decode()


def test_every_answer_conforms_to_the_model(serve):
    """No member that the model does not have, no value of another type; no body where the model has no output."""
    keys = USED | ELSEWHERE
    server = serve({"keys": keys})
    known = {"{key}": server.key(), "{admin}": server.arn()} | {f"{{{it}}}": server.key(it) for it in keys}
    called = set()
    for operation, body in answers():
        filled = {name: known.get(it, it) if isinstance(it, str) else it for name, it in body.items()}
        filled = {name: it(known) if callable(it) else it for name, it in filled.items()}
        answer = raw.call(server, operation, filled)
        assert answer.status == 200, (operation, answer)
        called.add(operation)
        output = KMS.operation_model(operation).output_shape
        if output is None:
            assert answer.body == b"", operation
            continue
        found = json.loads(answer.body)
        conforms(found, output, operation)
        known |= {f"{{{name}}}": it for name, it in found.items() if isinstance(it, str)}
    assert called == set(IMPLEMENTED)


TAKES_A_KEY = [it for it in IMPLEMENTED if {"KeyId", "TargetKeyId"} & set(inputs(it).members)]


@pytest.mark.parametrize("operation", TAKES_A_KEY)
def test_row_2_a_key_that_does_not_exist_is_an_error_that_the_model_has(server, operation):
    names = set(inputs(operation).members) & {"KeyId", "TargetKeyId", "GrantId"}
    body = good(operation) | {name: GOOD[name] for name in names}
    if operation == "Decrypt":
        body["EncryptionAlgorithm"] = "RSAES_OAEP_SHA_1"  # a symmetric ciphertext is read first
    arn = f"arn:aws:kms:us-east-1:111122223333:key/{NO_KEY}"
    if operation == "RetireGrant":
        body["KeyId"] = arn  # a bare id is refused before it is looked for (fact 8b.14)
    answer = raw.call(server, operation, body)
    assert answer.error == (400, "NotFoundException", f"Key '{arn}' does not exist")
    modelled = {it.name for it in KMS.operation_model(operation).error_shapes}
    assert "NotFoundException" in modelled
