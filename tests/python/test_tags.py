"""Tags (second fact sheet, section 5; rows 33, 53)."""

import pytest

from support import refusal


@pytest.fixture
def server(serve):
    return serve({"keys": {"orders": {"tags": {"team": "blue"}}}})


@pytest.fixture
def kms(server):
    return server.client()


def tags(*pairs):
    return [{"TagKey": key, "TagValue": value} for key, value in pairs]


def listed(server):
    found = server.client().list_resource_tags(KeyId=server.key())["Tags"]
    return sorted((it["TagKey"], it["TagValue"]) for it in found)


def test_tagging_adds_and_replaces(server, kms):
    kms.tag_resource(KeyId=server.key_id(), Tags=tags(("team", "red"), ("cost", "1")))
    assert listed(server) == [("cost", "1"), ("team", "red")]


def test_untagging(server, kms):
    kms.tag_resource(KeyId=server.key(), Tags=tags(("a", "1"), ("b", "2")))
    kms.untag_resource(KeyId=server.key(), TagKeys=["a", "team"])
    assert listed(server) == [("b", "2")]
    # One that is not there does no harm (inferred).
    kms.untag_resource(KeyId=server.key(), TagKeys=["a"])


def test_keys_are_case_sensitive_and_values_may_be_empty(server, kms):
    kms.tag_resource(KeyId=server.key(), Tags=tags(("Team", ""), ("TEAM", "é")))
    assert listed(server) == [("TEAM", "é"), ("Team", ""), ("team", "blue")]


MANY = [(f"t{at}", "") for at in range(51)]


@pytest.mark.parametrize(
    "pairs, text",
    [
        ([("a", "1"), ("a", "2")], "Duplicate tag keys"),
        ([("a", "1"), ("b", "1"), ("a", "1")], "Duplicate tag keys"),
        (MANY, "Too many tags"),
        ([("aws:a", "")], "Tags beginning with aws: are reserved"),
        ([("AWS:a", "")], "Tags beginning with aws: are reserved"),
        ([("b", ""), ("Aws:a", "")], "Tags beginning with aws: are reserved"),
    ],
    ids=["duplicate", "duplicate of three", "51", "aws:", "AWS:", "Aws:"],
)
@pytest.mark.parametrize("operation", ["TagResource", "CreateKey"])
def test_row_53_what_is_refused(server, kms, operation, pairs, text):
    """LS; CreateKey and TagResource alike."""
    before, keys = listed(server), len(kms.list_keys()["Keys"])
    if operation == "CreateKey":
        told = refusal(kms.create_key, Tags=tags(*pairs))
    else:
        told = refusal(kms.tag_resource, KeyId=server.key(), Tags=tags(*pairs))
    assert told == ("TagException", text)
    assert (listed(server), len(kms.list_keys()["Keys"])) == (before, keys)


def test_fifty_tags_and_no_more(server, kms):
    """API reference: 50 for a key, counting what is there."""
    kms.tag_resource(KeyId=server.key(), Tags=tags(*MANY[:49]))
    assert refusal(kms.tag_resource, KeyId=server.key(), Tags=tags(*MANY[49:])) == ("TagException", "Too many tags")
    assert len(listed(server)) == 50
    # One that is replaced does not count twice.
    kms.tag_resource(KeyId=server.key(), Tags=tags(("t1", "new"), ("team", "red")))
    assert ("t1", "new") in listed(server)


def test_row_6_aliases_are_not_taken(serve):
    """API reference: id or ARN only; the words as for other operations (inferred)."""
    server = serve({"keys": {"orders": {"alias": "alias/orders"}}})
    kms = server.client()
    for call, more in (
        (kms.tag_resource, {"Tags": []}),
        (kms.untag_resource, {"TagKeys": []}),
        (kms.list_resource_tags, {}),
    ):
        assert refusal(call, KeyId="alias/orders", **more)[0] == "InvalidArnException"
