"""Key policies as documents: read, set, refused (second fact sheet, section 6; rows 54, 55)."""

import json

import pytest

from support import OURS, THEIRS, policy, refusal, root, statement, trust

# STK, multi_region and rotation: the text as the service prints it.
DEFAULT = f"""{{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {{
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {{
      "AWS" : "arn:aws:iam::{OURS}:root"
    }},
    "Action" : "kms:*",
    "Resource" : "*"
  }} ]
}}"""


@pytest.fixture
def server(serve):
    return serve({"keys": {"orders": {}}, "roles": {"worker": {}}})


@pytest.fixture
def kms(server):
    return server.client()


def put(server, document, **more):
    text = document if isinstance(document, str) else json.dumps(document)
    return server.client().put_key_policy, {"KeyId": server.key(), "Policy": text} | more


def test_the_default_policy(server, kms):
    """Table 3.6, CreateKey."""
    keys = [server.key(), kms.create_key()["KeyMetadata"]["KeyId"]]
    for key in keys:
        told = kms.get_key_policy(KeyId=key)
        assert told["PolicyName"] == "default"
        assert json.loads(told["Policy"]) == json.loads(DEFAULT)


def test_the_text_of_the_default_policy(server, kms):
    assert kms.get_key_policy(KeyId=server.key())["Policy"] == DEFAULT


@pytest.mark.parametrize("name", [{}, {"PolicyName": "default"}])
def test_setting_a_policy(server, kms, name):
    document = policy(trust(root(OURS)), trust(f"arn:aws:iam::{OURS}:role/worker", actions="kms:ListGrants"))
    call, arguments = put(server, document, **name)
    call(**arguments)
    assert json.loads(kms.get_key_policy(KeyId=server.key(), **name)["Policy"]) == document
    assert server.client("worker").list_grants(KeyId=server.key())["Grants"] == []


def test_fact_2_9_the_names(server, kms):
    told = kms.list_key_policies(KeyId=server.key())
    assert (told["PolicyNames"], told["Truncated"]) == (["default"], False)


def test_row_55_another_name(server, kms):
    told = refusal(kms.get_key_policy, KeyId=server.key(), PolicyName="other")
    assert told == ("NotFoundException", "No such policy exists")


@pytest.mark.parametrize("text", ["no JSON", "{", "[]", "1", "{}", '{"Statement":1}'])
def test_what_is_no_policy(server, text):
    """aws-sdk-ruby#1784: no text."""
    call, arguments = put(server, text)
    assert refusal(call, **arguments) == ("MalformedPolicyDocumentException", "")


@pytest.mark.parametrize(
    "broken",
    [
        {"Action": "kms:*", "Resource": "*", "Principal": "*"},
        {"Effect": "Perhaps", "Action": "kms:*", "Resource": "*", "Principal": "*"},
        {"Effect": "Allow", "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": {"Nobody": "*"}},
        {"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": {"AWS": []}, "NotPrincipal": "*"},
    ],
    ids=["no effect", "another effect", "no principal", "another principal", "both principals"],
)
def test_a_statement_that_is_none(server, kms, broken):
    call, arguments = put(server, policy(trust(root(OURS)), broken))
    code, _ = refusal(call, **arguments)
    assert code == "MalformedPolicyDocumentException"
    assert kms.get_key_policy(KeyId=server.key())["Policy"].count("Effect") == 1


@pytest.mark.parametrize("lacks", ["Action", "Resource"])
def test_a_statement_without_action_or_resource_has_no_effect(server, kms, lacks):
    """API reference, PutKeyPolicy: accepted, without effect."""
    idle = trust(f"arn:aws:iam::{OURS}:role/worker")
    del idle[lacks]
    call, arguments = put(server, policy(trust(root(OURS)), idle))
    call(**arguments)
    assert refusal(server.client("worker").list_grants, KeyId=server.key())[0] == "AccessDeniedException"


@pytest.mark.parametrize(
    "who",
    [
        f"arn:aws:iam::{OURS}:role/nobody",
        f"arn:aws:iam::{OURS}:user/worker",
        f"arn:aws:iam::{THEIRS}:role/worker",
        f"arn:aws:iam::{OURS}:group/people",
        "AROAXXXXXXXXXXXXXXXXX",
        "nobody",
    ],
)
@pytest.mark.parametrize("operation", ["PutKeyPolicy", "CreateKey"])
def test_row_54_a_principal_that_does_not_exist(server, kms, operation, who):
    document = policy(trust(root(OURS)), trust(who))
    call, arguments = put(server, document)
    if operation == "CreateKey":
        call, arguments = kms.create_key, {"Policy": arguments["Policy"]}
    told = "Policy contains a statement with one or more invalid principals."
    assert refusal(call, **arguments) == ("MalformedPolicyDocumentException", told)


LOCKOUT = (
    "MalformedPolicyDocumentException",
    "The new key policy will not allow you to update the key policy in the future.",
)


@pytest.mark.parametrize(
    "document",
    [
        policy(),
        policy(trust(root(OURS), actions="kms:Get*")),
        policy(trust(f"arn:aws:iam::{OURS}:role/worker")),
        policy(trust(root(THEIRS))),
        policy(trust(root(OURS)), statement("Deny", "kms:PutKeyPolicy", Principal="*")),
    ],
    ids=["nothing", "no PutKeyPolicy", "somebody else", "another account", "denied"],
)
def test_row_54_nobody_locks_himself_out(server, kms, document):
    call, arguments = put(server, document)
    assert refusal(call, **arguments) == LOCKOUT
    assert refusal(kms.create_key, Policy=arguments["Policy"]) == LOCKOUT
    call(**arguments, BypassPolicyLockoutSafetyCheck=True)


def test_a_policy_that_was_set_is_obeyed_at_once(server, kms):
    call, arguments = put(server, policy(), BypassPolicyLockoutSafetyCheck=True)
    call(**arguments)
    code, text = refusal(kms.get_key_policy, KeyId=server.key())
    assert code == "AccessDeniedException"
    assert text.endswith("because no resource-based policy allows the kms:GetKeyPolicy action")
