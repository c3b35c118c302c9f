"""What the state of a key forbids (`kms-facts.md` 6, and section 7 of the second fact sheet)."""

import pytest

from support import refusal

STATES = [
    "Enabled",
    "Disabled",
    "PendingDeletion",
    "PendingReplicaDeletion",
    "PendingImport",
    "Unavailable",
    "Creating",
    "Updating",
]

# The notes of the documentation's table. Where a text was recorded, it is that one; the sentences with
# "(or pending replica deletion)" in today's documentation never were.
NOTES = {
    "1": ("DisabledException", {"is disabled."}),
    "3": ("KMSInvalidStateException", {"is pending deletion."}),
    "3r": ("KMSInvalidStateException", {"is pending replica deletion."}),
    "4": (
        "KMSInvalidStateException",
        {"is not pending deletion.", "is not pending deletion (or pending replica deletion)."},
    ),
    "5": ("KMSInvalidStateException", {"is pending import."}),
    "11": ("KMSInvalidStateException", {"is unavailable."}),
    "14": ("KMSInvalidStateException", {"is creating."}),
    "15": ("KMSInvalidStateException", {"is updating."}),
}

# En, Dis, PD, PRD, PI, Un, Cr, Up; `?` where no source was found, and for what is only inferred.
TABLE = {
    "CreateGrant":          "ok 1  3  3r 5  ok 14 ok",
    "RetireGrant":          "ok ok ok ok ok ok ok ok",
    "RevokeGrant":          "ok ok ok ok ok ok ok ok",
    "ListGrants":           "ok ok ok ok ok ok ok ok",
    "ListRetirableGrants":  "ok ok ok ok ok ok ok ok",
    "DescribeKey":          "ok ok ok ok ok ok ok ok",
    "EnableKey":            "ok ok 3  3r 5  ok ?  ?",
    "DisableKey":           "ok ok 3  3r 5  ok 14 15",
    "ScheduleKeyDeletion":  "ok ok 3  3r ok ok ok 15",
    "CancelKeyDeletion":    "4  4  ok ok 4  4  4  4",
    "TagResource":          "ok ok 3  3r ok ok ?  ?",
    "UntagResource":        "ok ok 3  3r ok ok ?  ?",
    "GetKeyPolicy":         "ok ok ok ok ok ok ok ok",
    "ListKeyPolicies":      "ok ok ok ok ok ok ok ok",
    "ListResourceTags":     "ok ok ok ok ok ok ok ok",
    "ListAliases":          "ok ok ok ok ok ok ok ok",
    "PutKeyPolicy":         "ok ok ok ok ok ok ?  ?",
    "CreateAlias":          "ok ok 3  3r ok ok ?  ?",
    "UpdateAlias":          "ok ok 3  3r ok ok ?  ?",
    "DeleteAlias":          "ok ok ok ok ok ok ?  ?",
    "UpdateKeyDescription": "ok ok 3  3r ok ok ?  ?",
}  # fmt: skip

CASES = [
    (operation, state, note)
    for operation, row in TABLE.items()
    for state, note in zip(STATES, row.split(), strict=True)
    if note != "?"
]


def key_in(state):
    return {"state": state, "tags": {"old": ""}} | (
        {"origin": "EXTERNAL"} if state == "PendingImport" else {}
    )


@pytest.fixture
def start(serve):
    """A server with one key in a state, one that is well, and a grant and an alias on each."""

    def start(state):
        return serve(
            {
                "keys": {
                    "it": key_in(state) | {"alias": "alias/it"},
                    "well": {"alias": "alias/well"},
                },
                "roles": {"worker": {}},
                "grants": {
                    "access": {"key": "it", "grantee": "worker", "retiring": "worker", "operations": ["Decrypt"]}
                },
            }
        )

    return start


def call(server, operation):
    """The operation on the key in question."""
    kms, key = server.client(), {"KeyId": server.key("it")}
    grant = {"GrantId": server.announced["grants"]["access"]["grant_id"]}
    return {
        "CreateGrant": lambda: kms.create_grant(
            **key, GranteePrincipal=server.arn("worker"), Operations=["Decrypt"]
        ),
        "RetireGrant": lambda: kms.retire_grant(**key, **grant),
        "RevokeGrant": lambda: kms.revoke_grant(**key, **grant),
        "ListGrants": lambda: kms.list_grants(**key),
        "ListRetirableGrants": lambda: kms.list_retirable_grants(RetiringPrincipal=server.arn("worker")),
        "DescribeKey": lambda: kms.describe_key(**key),
        "EnableKey": lambda: kms.enable_key(**key),
        "DisableKey": lambda: kms.disable_key(**key),
        "ScheduleKeyDeletion": lambda: kms.schedule_key_deletion(**key),
        "CancelKeyDeletion": lambda: kms.cancel_key_deletion(**key),
        "TagResource": lambda: kms.tag_resource(**key, Tags=[{"TagKey": "new", "TagValue": ""}]),
        "UntagResource": lambda: kms.untag_resource(**key, TagKeys=["old"]),
        "GetKeyPolicy": lambda: kms.get_key_policy(**key),
        "ListKeyPolicies": lambda: kms.list_key_policies(**key),
        "ListResourceTags": lambda: kms.list_resource_tags(**key),
        "ListAliases": lambda: kms.list_aliases(**key),
        "PutKeyPolicy": lambda: kms.put_key_policy(**key, Policy=kms.get_key_policy(**key)["Policy"]),
        "CreateAlias": lambda: kms.create_alias(AliasName="alias/new", TargetKeyId=key["KeyId"]),
        "UpdateAlias": lambda: kms.update_alias(AliasName="alias/well", TargetKeyId=key["KeyId"]),
        "DeleteAlias": lambda: kms.delete_alias(AliasName="alias/it"),
        "UpdateKeyDescription": lambda: kms.update_key_description(**key, Description="new"),
    }[operation]


@pytest.mark.parametrize("operation, state, note", CASES)
def test_what_a_state_forbids(start, operation, state, note):
    server = start(state)
    if note == "ok":
        call(server, operation)()
    else:
        code, texts = NOTES[note]
        told_code, told = refusal(call(server, operation))
        assert told_code == code
        assert told in {f"{server.key('it')} {text}" for text in texts}


@pytest.mark.parametrize("state", STATES)
def test_describe_key_tells_the_state(start, state):
    server = start(state)
    key = server.client().describe_key(KeyId=server.key("it"))["KeyMetadata"]
    assert key["KeyState"] == state
    assert key["Enabled"] == (state == "Enabled")
    # A deletion date is there while the key waits for it, and not while it waits for its replicas (stackd).
    assert ("DeletionDate" in key) == (state == "PendingDeletion")


def test_an_alias_may_leave_a_key_that_is_dying(start):
    """Section 7 of the second fact sheet: the old key of UpdateAlias may be in any state."""
    server = start("PendingDeletion")
    server.client().update_alias(AliasName="alias/it", TargetKeyId=server.key("well"))


def test_switching_off_and_on(start):
    server = start("Enabled")
    kms, key = server.client(), server.key("it")
    for switch, state in ((kms.disable_key, "Disabled"), (kms.enable_key, "Enabled")):
        for _ in range(2):
            switch(KeyId=key)
            metadata = kms.describe_key(KeyId=key)["KeyMetadata"]
            assert (metadata["KeyState"], metadata["Enabled"]) == (state, state == "Enabled")


@pytest.mark.parametrize("days", [None, 7, 30])
def test_scheduling_a_deletion_and_calling_it_off(start, days):
    """Table 3.6: the key comes back disabled."""
    server = start("Enabled")
    kms, key = server.client(), server.key("it")
    more = {} if days is None else {"PendingWindowInDays": days}
    scheduled = kms.schedule_key_deletion(KeyId=key, **more)
    assert scheduled["KeyId"] == key
    assert scheduled["KeyState"] == "PendingDeletion"
    assert scheduled["PendingWindowInDays"] == (days or 30)
    metadata = kms.describe_key(KeyId=key)["KeyMetadata"]
    assert (metadata["KeyState"], metadata["Enabled"]) == ("PendingDeletion", False)
    assert metadata["DeletionDate"] == scheduled["DeletionDate"]
    assert kms.cancel_key_deletion(KeyId=key)["KeyId"] == key
    metadata = kms.describe_key(KeyId=key)["KeyMetadata"]
    assert (metadata["KeyState"], "DeletionDate" in metadata) == ("Disabled", False)
    kms.enable_key(KeyId=key)


@pytest.mark.parametrize("days", [1, 6, 31, 365])
def test_the_window_of_a_deletion(start, days):
    """Skyscanner/kms-issuer#8; the model allows more than the service."""
    server = start("Enabled")
    told = refusal(server.client().schedule_key_deletion, KeyId=server.key("it"), PendingWindowInDays=days)
    assert told == ("ValidationException", "PendingWindowInDays must be between 7 and 30")


def test_a_disabled_key_that_is_to_be_deleted_is_pending_deletion(start):
    """LS:test_cant_use_disabled_or_deleted_keys: a key has one state."""
    server = start("Disabled")
    server.client().schedule_key_deletion(KeyId=server.key("it"))
    assert refusal(call(server, "CreateGrant"))[0] == "KMSInvalidStateException"


def test_fact_9_18_a_key_that_was_saved_takes_no_grant_until_it_is_enabled(start):
    server = start("PendingDeletion")
    kms, key = server.client(), server.key("it")
    kms.cancel_key_deletion(KeyId=key)
    assert refusal(call(server, "CreateGrant")) == ("DisabledException", f"{key} is disabled.")
    kms.enable_key(KeyId=key)
    call(server, "CreateGrant")()


@pytest.mark.parametrize("state", STATES)
def test_a_grant_outlives_the_state_of_its_key(start, state):
    """Grants of a key that is dying can be listed and ended (section 10.13)."""
    server = start(state)
    told = server.announced["grants"]["access"]
    [listed] = server.client().list_grants(KeyId=server.key("it"))["Grants"]
    assert listed["GrantId"] == told["grant_id"]
    server.client("worker").retire_grant(GrantToken=told["grant_token"])
    assert server.client().list_grants(KeyId=server.key("it"))["Grants"] == []
