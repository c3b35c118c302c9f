"""Aliases (second fact sheet, section 3; rows 4, 6, 40)."""

import pytest

from support import OURS, THEIRS, policy, refusal, root, statement, trust

ALIAS_ARN = f"arn:aws:kms:us-east-1:{OURS}:alias/"


@pytest.fixture
def server(serve):
    return serve({"keys": {"orders": {"alias": "alias/orders"}, "invoices": {}, "macs": {"spec": "HMAC_256"}}})


@pytest.fixture
def kms(server):
    return server.client()


def test_the_life_of_an_alias(server, kms):
    kms.create_alias(AliasName="alias/new", TargetKeyId=server.key("orders"))
    assert kms.describe_key(KeyId="alias/new")["KeyMetadata"]["Arn"] == server.key("orders")
    kms.update_alias(AliasName="alias/new", TargetKeyId=server.key_id("invoices"))
    assert kms.describe_key(KeyId="alias/new")["KeyMetadata"]["Arn"] == server.key("invoices")
    kms.delete_alias(AliasName="alias/new")
    code, text = refusal(kms.describe_key, KeyId="alias/new")
    assert (code, text) == ("NotFoundException", f"Alias {ALIAS_ARN}new is not found.")


def test_the_entry_of_an_alias(server, kms):
    """API reference, AliasListEntry: the target is an id, never an ARN."""
    kms.create_alias(AliasName="alias/new", TargetKeyId=server.key())
    for entry in kms.list_aliases(KeyId=server.key())["Aliases"]:
        assert set(entry) == {"AliasName", "AliasArn", "TargetKeyId", "CreationDate", "LastUpdatedDate"}
        assert entry["AliasArn"] == f"arn:aws:kms:us-east-1:{OURS}:{entry['AliasName']}"
        assert entry["TargetKeyId"] == server.key_id()
        assert entry["CreationDate"] == entry["LastUpdatedDate"]


def test_updating_keeps_the_first_date(server, kms):
    [before] = kms.list_aliases(KeyId=server.key())["Aliases"]
    kms.update_alias(AliasName="alias/orders", TargetKeyId=server.key("invoices"))
    [after] = kms.list_aliases(KeyId=server.key("invoices"))["Aliases"]
    assert after["CreationDate"] == before["CreationDate"]
    assert after["LastUpdatedDate"] >= before["LastUpdatedDate"]


def test_an_alias_that_exists(server, kms):
    """terraform-aws-cloudbees-ci-eks-addon#66: no full stop."""
    told = refusal(kms.create_alias, AliasName="alias/orders", TargetKeyId=server.key("invoices"))
    assert told == ("AlreadyExistsException", f"An alias with the name {ALIAS_ARN}orders already exists")


@pytest.mark.parametrize("operation", ["update_alias", "delete_alias"])
def test_an_alias_that_nobody_has(server, kms, operation):
    more = {"TargetKeyId": server.key()} if operation == "update_alias" else {}
    told = refusal(getattr(kms, operation), AliasName="alias/none", **more)
    assert told == ("NotFoundException", f"Alias {ALIAS_ARN}none is not found.")


@pytest.mark.parametrize("name", ["orders", "Alias/orders", "alias", "aliases/orders", "a"])
@pytest.mark.parametrize("operation", ["create_alias", "delete_alias"])
def test_row_40_the_prefix(server, kms, operation, name):
    more = {"TargetKeyId": server.key()} if operation == "create_alias" else {}
    told = (
        'Alias must start with the prefix "alias/". Please see '
        "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html"
    )
    assert refusal(getattr(kms, operation), AliasName=name, **more) == ("ValidationException", told)


def test_a_character_that_no_alias_has(server, kms):
    """getmoto/moto, copied from AWS in 2015; the pattern is today's."""
    told = refusal(kms.create_alias, AliasName="alias/my-alias!", TargetKeyId=server.key())
    assert told == (
        "ValidationException",
        "1 validation error detected: Value 'alias/my-alias!' at 'aliasName' failed to satisfy constraint: Member must "
        "satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
    )


def test_a_colon_passes_the_pattern_only(server, kms):
    """terraform-provider-aws#12891."""
    told = refusal(kms.create_alias, AliasName="alias/Service:Test", TargetKeyId=server.key())
    assert told == ("ValidationException", "alias/Service:Test contains invalid characters for an alias")


@pytest.mark.parametrize("name", ["alias/my-alias_/", "alias/my_alias-/", "alias/a/b/c", "alias/-"])
def test_odd_names(server, kms, name):
    kms.create_alias(AliasName=name, TargetKeyId=server.key())
    assert kms.describe_key(KeyId=name)["KeyMetadata"]["Arn"] == server.key()


@pytest.mark.parametrize("name", ["alias/aws/s3", "alias/aws/mine"])
def test_the_aliases_of_aws(server, kms, name):
    """getmoto/moto, copied from AWS in 2015: the code only."""
    assert refusal(kms.create_alias, AliasName=name, TargetKeyId=server.key())[0] == "NotAuthorizedException"


def test_an_alias_of_an_alias(kms):
    """getmoto/moto, copied from AWS."""
    told = refusal(kms.create_alias, AliasName="alias/new", TargetKeyId="alias/orders")
    assert told == ("ValidationException", "Aliases must refer to keys. Not aliases")


def test_an_alias_moves_to_a_key_of_its_own_kind_only(server, kms):
    """API reference, UpdateAlias; nobody has published the words."""
    code, _ = refusal(kms.update_alias, AliasName="alias/orders", TargetKeyId=server.key("macs"))
    assert code == "ValidationException"


def test_a_key_may_have_many_aliases(server, kms):
    for at in range(3):
        kms.create_alias(AliasName=f"alias/orders{at}", TargetKeyId=server.key())
    names = {it["AliasName"] for it in kms.list_aliases(KeyId=server.key())["Aliases"]}
    assert names == {"alias/orders", "alias/orders0", "alias/orders1", "alias/orders2"}


def test_each_account_has_its_own_aliases(serve):
    server = serve(
        {
            "keys": {"ours": {"alias": "alias/same"}, "theirs": {"account": THEIRS, "alias": "alias/same"}},
            "roles": {"partner": {"account": THEIRS, "allow": ["kms:*"]}},
        }
    )
    for caller, key in (("admin", "ours"), ("partner", "theirs")):
        kms = server.client(caller)
        assert kms.describe_key(KeyId="alias/same")["KeyMetadata"]["Arn"] == server.key(key)
        assert [it["TargetKeyId"] for it in kms.list_aliases()["Aliases"]] == [server.key_id(key)]


@pytest.mark.parametrize("lacks", ["alias", "key", "neither"])
@pytest.mark.parametrize("operation", ["CreateAlias", "UpdateAlias", "DeleteAlias"])
def test_a_permission_on_the_alias_and_one_on_the_key(serve, operation, lacks):
    """API reference: kms:CreateAlias on the alias (IAM policy) and on the key (key policy), and likewise."""
    role = f"arn:aws:iam::{OURS}:role/worker"
    actions = f"kms:{operation}"
    own = policy(statement("Allow", "kms:ListKeys" if lacks == "alias" else actions, ALIAS_ARN + "*"))
    key_policy = policy(trust(root(OURS)), *([] if lacks == "key" else [trust(role, actions=actions)]))
    server = serve(
        {
            "keys": {
                "orders": {"policy": key_policy, "alias": "alias/orders"},
                "invoices": {"policy": key_policy},
            },
            "roles": {"worker": {"policy": own}},
        }
    )
    kms = server.client("worker")
    name = "alias/new" if operation == "CreateAlias" else "alias/orders"
    more = {} if operation == "DeleteAlias" else {"TargetKeyId": server.key("invoices")}
    call = {
        "CreateAlias": kms.create_alias,
        "UpdateAlias": kms.update_alias,
        "DeleteAlias": kms.delete_alias,
    }[operation]
    if lacks == "neither":
        call(AliasName=name, **more)
    else:
        code, text = refusal(call, AliasName=name, **more)
        assert code == "AccessDeniedException"
        # The resource that failed is told (awsdocs, kms guide issue #12).
        keys = {server.key(): "key", server.key("invoices"): "key"}
        [resource] = [it for it in (ALIAS_ARN + name.removeprefix("alias/"), *keys) if it in text]
        assert keys.get(resource, "alias") == lacks
