"""Who may do what with grants: policies, grants, boundaries, sessions, two accounts (`kms-facts.md` 4 and 8b).

What a grant gives is asked with DescribeKey, which any key takes and no encryption context touches.
"""

import pytest

from support import OURS, THEIRS, Grants, attempt, denied, lacking, policy, refusal, root, statement, trust

LISTED = ["kms:ListKeys"]  # an allow that is none for what is asked here


@pytest.fixture
def play(serve):
    """Starts a server with these callers; one key unless it is said otherwise."""

    def play(roles, keys=None, **more):
        return Grants(serve({"keys": keys or {"orders": {}}, "roles": roles} | more))

    return play


def describe(grants, caller, key="orders"):
    """The refusal of DescribeKey, or `None`."""
    return attempt(grants.server.client(caller).describe_key, KeyId=grants.server.key(key))


# --- Nobody may do anything by himself ---


@pytest.mark.parametrize("kind", ["roles", "users"])
def test_a_declared_caller_may_do_nothing(serve, kind):
    """Rows 17 and 21."""
    server = serve({"keys": {"orders": {}}, kind: {"nobody": {}}})
    kms, key, caller = server.client("nobody"), server.key(), server.caller_arn("nobody")
    for name, call, arguments in [
        ("ListGrants", kms.list_grants, {}),
        ("CreateGrant", kms.create_grant, {"GranteePrincipal": server.arn("nobody"), "Operations": ["Decrypt"]}),
        ("RevokeGrant", kms.revoke_grant, {"GrantId": "0" * 64}),
        ("DescribeKey", kms.describe_key, {}),
        ("DisableKey", kms.disable_key, {}),
        ("EnableKey", kms.enable_key, {}),
        ("ScheduleKeyDeletion", kms.schedule_key_deletion, {}),
        ("CancelKeyDeletion", kms.cancel_key_deletion, {}),
        ("GetKeyPolicy", kms.get_key_policy, {}),
        ("PutKeyPolicy", kms.put_key_policy, {"Policy": "{}"}),
        ("ListResourceTags", kms.list_resource_tags, {}),
        ("TagResource", kms.tag_resource, {"Tags": []}),
        ("UntagResource", kms.untag_resource, {"TagKeys": []}),
        ("UpdateKeyDescription", kms.update_key_description, {"Description": ""}),
    ]:
        told = refusal(call, KeyId=key, **arguments)
        assert told == denied(caller, name, lacking("identity-based", name), resource=key)
    for name, call in [("ListKeys", kms.list_keys), ("CreateKey", kms.create_key), ("ListAliases", kms.list_aliases)]:
        text = f"User: {caller} is not authorized to perform: kms:{name} on resource: *"
        assert refusal(call) == ("AccessDeniedException", text)


def test_the_administrator_may_do_everything_in_its_account(play):
    grants = play({"worker": {}})
    grant_id, _ = grants.create("admin")
    kms = grants.server.client()
    assert kms.list_retirable_grants(RetiringPrincipal=grants.arn("worker"))["Grants"] == []
    kms.retire_grant(KeyId=grants.server.key(), GrantId=grant_id)
    kms.disable_key(KeyId=grants.server.key())


# --- Key policies ---


def test_step_2_a_key_policy_may_name_the_caller(play):
    names = trust(f"arn:aws:iam::{OURS}:role/named", actions=["kms:ListGrants", "kms:DescribeKey"])
    grants = play({"named": {}, "other": {}}, {"orders": {"policy": policy(trust(root(OURS)), names)}})
    assert grants.ids(caller="named") == set()
    assert describe(grants, "named") is None
    assert describe(grants, "other")[0] == "AccessDeniedException"


def test_row_16_without_the_statement_for_the_account_iam_has_no_say(play):
    """Facts 4 step 3 and 9.7."""
    keys = {"orders": {"policy": policy(trust(f"arn:aws:iam::{OURS}:role/named"))}}
    grants = play({"named": {}, "other": {"allow": ["kms:*"]}}, keys)
    for caller in ("other", "admin"):
        told = refusal(grants.server.client(caller).list_grants, KeyId=grants.server.key())
        reason = lacking("resource-based", "ListGrants")
        arn = grants.server.caller_arn(caller)
        assert told == denied(arn, "ListGrants", reason, resource=grants.server.key())
    assert grants.ids(caller="named") == set()


def test_row_18_a_deny_in_the_key_policy(play):
    """Recorded (stackd, rotation.json): neither an allow nor a grant overrides it."""
    deny = statement("Deny", "kms:DescribeKey", Principal={"AWS": f"arn:aws:iam::{OURS}:role/denied"})
    keys = {"orders": {"policy": policy(trust(root(OURS)), deny)}}
    grants = play({"denied": {"allow": ["kms:*"]}}, keys)
    grants.create(grantee="denied")
    grants.create(grantee=grants.server.caller_arn("denied"))
    reason = "with an explicit deny in a resource-based policy"
    arn, key = grants.server.caller_arn("denied"), grants.server.key()
    assert describe(grants, "denied") == denied(arn, "DescribeKey", reason, resource=key)
    assert grants.ids(caller="denied") != set()


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}])
def test_a_key_policy_may_name_everybody(play, principal):
    everybody = statement("Allow", "kms:ListGrants", Principal=principal)
    keys = {"orders": {"policy": policy(trust(root(OURS)), everybody)}}
    assert play({"worker": {}}, keys).ids(caller="worker") == set()


@pytest.mark.parametrize("spelling", [root(OURS), OURS])
def test_an_account_may_be_named_by_its_root_or_by_its_id(play, spelling):
    """IAM User Guide, principal elements."""
    keys = {"orders": {"policy": policy(trust(spelling))}}
    assert play({"worker": {"allow": ["kms:ListGrants"]}}, keys).ids(caller="worker") == set()


# --- Own policies ---


@pytest.mark.parametrize("actions", [["kms:ListGrants"], ["kms:List*"], ["kms:*"], ["*"], ["KMS:listgrants"]])
def test_step_3_the_account_leaves_it_to_own_policies(play, actions):
    """Actions are compared without regard to case (IAM User Guide, Action)."""
    assert play({"worker": {"allow": actions}}).ids(caller="worker") == set()


DENYING = policy(statement("Allow", "kms:*"), statement("Deny", "kms:DescribeKey"))


@pytest.mark.parametrize(
    "word, kind",
    [
        ("policy", "an identity-based policy"),
        ("boundary", "a permissions boundary"),
        ("session_policy", "a session policy"),
    ],
)
@pytest.mark.parametrize("granted", ["nothing", "role", "session"])
def test_step_1_an_explicit_deny_anywhere_wins(play, word, kind, granted):
    """Recorded for a session policy (fact 8b.4); the other words are the IAM User Guide's."""
    grants = play({"worker": {"allow": ["kms:*"], word: DENYING}})
    if granted != "nothing":
        grants.create(grantee="worker" if granted == "role" else grants.server.caller_arn("worker"))
    reason = f"with an explicit deny in {kind}"
    arn, key = grants.server.caller_arn("worker"), grants.server.key()
    assert describe(grants, "worker") == denied(arn, "DescribeKey", reason, resource=key)


@pytest.mark.parametrize("word, kind", [("boundary", "permissions boundary"), ("session_policy", "session")])
def test_an_own_allow_is_limited_by_boundary_and_session_policy(play, word, kind):
    grants = play({"worker": {"allow": ["kms:*"], word: policy(statement("Allow", LISTED))}})
    arn, key = grants.server.caller_arn("worker"), grants.server.key()
    reason = lacking(kind, "DescribeKey")
    assert describe(grants, "worker") == denied(arn, "DescribeKey", reason, resource=key)


# --- What a grant gives, in one account ---


def test_step_4_a_grant_gives_what_it_says_and_nothing_else(play):
    grants = play({"worker": {}, "other": {}}, {"orders": {}, "invoices": {}})
    grants.create(grantee="worker", Operations=["DescribeKey"])
    assert describe(grants, "worker") is None
    assert describe(grants, "worker", "invoices")[0] == "AccessDeniedException"
    assert describe(grants, "other")[0] == "AccessDeniedException"
    grants.create(grantee="other", Operations=["Decrypt"])
    assert describe(grants, "other")[0] == "AccessDeniedException"


@pytest.mark.parametrize("operation", ["ListGrants", "RevokeGrant"])
def test_no_grant_gives_list_grants_or_revoke_grant(play, operation):
    """Table 4; fact 9.10."""
    grants = play({"worker": {}})
    every = ["Decrypt", "DescribeKey", "CreateGrant", "RetireGrant"]
    grant_id, _ = grants.create(grantee="worker", retiring="worker", Operations=every)
    worker, key = grants.server.client("worker"), grants.server.key()
    call, more = {
        "ListGrants": (worker.list_grants, {}),
        "RevokeGrant": (worker.revoke_grant, {"GrantId": grant_id}),
    }[operation]
    reason = lacking("identity-based", operation)
    arn = grants.server.caller_arn("worker")
    assert refusal(call, KeyId=key, **more) == denied(arn, operation, reason, resource=key)


def test_an_encryption_context_does_not_limit_describe_key(play):
    """Table 4: constraints on the context apply to cryptographic operations only."""
    grants = play({"worker": {}})
    grants.create(grantee="worker", Constraints={"EncryptionContextEquals": {"a": "b"}})
    assert describe(grants, "worker") is None


def test_a_source_arn_does_limit_describe_key(play):
    """Table 4; nobody calls on behalf of a resource here."""
    grants = play({"worker": {}})
    source = f"arn:aws:dynamodb:us-east-1:{OURS}:table/orders"
    grants.create(grantee="worker", Constraints={"SourceArn": source})
    assert describe(grants, "worker")[0] == "AccessDeniedException"


def test_fact_8b_2_another_session_of_the_role_is_not_the_grantee(play):
    grants = play({"worker": {"session": "day"}})
    grants.create(grantee=f"arn:aws:sts::{OURS}:assumed-role/worker/night")
    arn, key = grants.server.caller_arn("worker"), grants.server.key()
    reason = lacking("identity-based", "DescribeKey")
    assert describe(grants, "worker") == denied(arn, "DescribeKey", reason, resource=key)
    grants.create(grantee=f"arn:aws:sts::{OURS}:assumed-role/worker/day")
    assert describe(grants, "worker") is None


NARROW = policy(statement("Allow", LISTED))


@pytest.mark.parametrize("word", ["boundary", "session_policy"])
def test_fact_8b_4_a_grant_for_the_session_itself_is_not_limited(play, word):
    grants = play({"worker": {word: NARROW}})
    grants.create(grantee=grants.server.caller_arn("worker"))
    assert describe(grants, "worker") is None


@pytest.mark.parametrize(
    "word, kind", [("boundary", "permissions boundary"), ("session_policy", "session")]
)
def test_fact_8b_5_a_grant_for_the_role_is_limited(play, word, kind):
    grants = play({"worker": {word: NARROW}})
    grants.create(grantee="worker")
    arn, key = grants.server.caller_arn("worker"), grants.server.key()
    reason = lacking(kind, "DescribeKey")
    assert describe(grants, "worker") == denied(arn, "DescribeKey", reason, resource=key)


def test_a_grant_for_a_user(play):
    grants = play({}, users={"alice": {}, "bob": {}})
    grants.create(grantee="alice")
    assert describe(grants, "alice") is None
    assert describe(grants, "bob")[0] == "AccessDeniedException"


def test_a_grant_for_the_account_leaves_it_to_own_policies(play):
    """Table 3.2 lists the root of an account among the principals of a grant."""
    keys = {"orders": {"policy": policy(trust(f"arn:aws:iam::{OURS}:role/keeper"))}}
    grants = play({"keeper": {}, "worker": {"allow": ["kms:DescribeKey"]}, "other": {}}, keys)
    assert describe(grants, "worker")[0] == "AccessDeniedException"
    grants.create("keeper", grantee=root(OURS))
    assert describe(grants, "worker") is None
    assert describe(grants, "other")[0] == "AccessDeniedException"


# --- Retiring ---


def test_retiring_the_retiring_principal_needs_no_policy(play):
    grants = play({"worker": {}, "janitor": {}})
    _, token = grants.create(retiring="janitor")
    grants.server.client("janitor").retire_grant(GrantToken=token)
    assert grants.ids() == set()


@pytest.mark.parametrize("operations, may", [(["RetireGrant", "Decrypt"], True), (["Decrypt"], False)])
def test_retiring_the_grantee_needs_the_operation(play, operations, may):
    grants = play({"worker": {}})
    grant_id, token = grants.create(grantee="worker", Operations=operations)
    refused = attempt(grants.server.client("worker").retire_grant, GrantToken=token)
    assert (refused is None) == may
    assert grants.ids() == (set() if may else {grant_id})


def test_retiring_the_operation_is_for_its_own_grant_only(play):
    grants = play({"worker": {}})
    grants.create(grantee="worker", Operations=["RetireGrant", "Decrypt"])
    other, token = grants.create(grantee="worker", Operations=["Decrypt"])
    code, _ = refusal(grants.server.client("worker").retire_grant, GrantToken=token)
    assert code == "AccessDeniedException"
    assert other in grants.ids()


def test_retiring_a_token_is_not_enough(play):
    """Fact 5.4: it is no bearer credential."""
    grants = play({"worker": {}, "janitor": {}, "stranger": {}})
    grant_id, token = grants.create(retiring="janitor")
    for caller in ("worker", "stranger"):
        code, text = refusal(grants.server.client(caller).retire_grant, GrantToken=token)
        assert code == "AccessDeniedException"
        assert grants.server.caller_arn(caller) in text and "kms:RetireGrant" in text
    assert grants.ids() == {grant_id}


def test_retiring_the_account_of_the_key_may_leave_it_to_own_policies(play):
    grants = play({"worker": {}, "cleaner": {"allow": ["kms:RetireGrant"]}})
    for caller in ("cleaner", "admin"):
        _, token = grants.create()
        grants.server.client(caller).retire_grant(GrantToken=token)
    assert grants.ids() == set()


def test_retiring_the_key_policy_has_no_say(play):
    """Table 4: it neither gives nor takes."""
    deny = statement("Deny", "kms:RetireGrant", Principal={"AWS": f"arn:aws:iam::{OURS}:role/janitor"})
    names = trust(f"arn:aws:iam::{OURS}:role/named")
    keys = {"orders": {"policy": policy(trust(root(OURS)), names, deny)}}
    grants = play({"worker": {}, "named": {}, "janitor": {}}, keys)
    grant_id, token = grants.create(retiring="janitor")
    code, _ = refusal(grants.server.client("named").retire_grant, GrantToken=token)
    assert code == "AccessDeniedException"
    assert grants.ids() == {grant_id}
    grants.server.client("janitor").retire_grant(GrantToken=token)
    assert grants.ids() == set()


@pytest.mark.parametrize("word, kind", [("policy", "an identity-based policy"), ("session_policy", "a session policy")])
@pytest.mark.parametrize("named", ["role", "session"])
def test_retiring_an_explicit_deny_of_the_caller_wins(play, word, kind, named):
    denying = policy(statement("Allow", "kms:*"), statement("Deny", "kms:RetireGrant"))
    grants = play({"worker": {}, "janitor": {word: denying}})
    retiring = "janitor" if named == "role" else grants.server.caller_arn("janitor")
    _, token = grants.create(retiring=retiring)
    code, text = refusal(grants.server.client("janitor").retire_grant, GrantToken=token)
    assert code == "AccessDeniedException"
    assert text.endswith(f"with an explicit deny in {kind}")


def test_fact_8b_13_retiring_a_session_policy_that_allows_nothing(play):
    grants = play({"worker": {}, "janitor": {"session_policy": NARROW}})
    _, token = grants.create(retiring=grants.server.caller_arn("janitor"))
    grants.server.client("janitor").retire_grant(GrantToken=token)
    assert grants.ids() == set()


def test_retiring_another_session_of_the_role_is_not_the_retiring_principal(play):
    grants = play({"worker": {}, "janitor": {"session": "day"}})
    _, token = grants.create(retiring=f"arn:aws:sts::{OURS}:assumed-role/janitor/night")
    code, _ = refusal(grants.server.client("janitor").retire_grant, GrantToken=token)
    assert code == "AccessDeniedException"


# --- Revoking ---


def test_revoking_obeys_the_key_policy(play):
    """Table 4: neither the grantee nor the retiring principal, but whom the policies allow."""
    names = trust(f"arn:aws:iam::{OURS}:role/keeper", actions="kms:RevokeGrant")
    keys = {"orders": {"policy": policy(trust(root(OURS)), names)}}
    roles = {"worker": {}, "janitor": {}, "keeper": {}, "helper": {"allow": ["kms:RevokeGrant"]}}
    grants = play(roles, keys)
    key = grants.server.key()
    for caller, may in [("worker", False), ("janitor", False), ("keeper", True), ("helper", True)]:
        grant_id, _ = grants.create(retiring="janitor", Operations=["RetireGrant", "Decrypt"])
        refused = attempt(grants.server.client(caller).revoke_grant, KeyId=key, GrantId=grant_id)
        assert (refused is None) == may, caller
        assert (grant_id in grants.ids()) == (not may)


def test_who_may_revoke_may_not_retire_for_that(play):
    """Fact 9.13: the console's administrators lack kms:RetireGrant."""
    grants = play({"worker": {}, "helper": {"allow": ["kms:RevokeGrant"]}})
    grant_id, token = grants.create()
    code, _ = refusal(grants.server.client("helper").retire_grant, GrantToken=token)
    assert code == "AccessDeniedException"
    grants.server.client("helper").revoke_grant(KeyId=grants.server.key(), GrantId=grant_id)


# --- Listing what is retirable ---


def test_fact_3_3_3_listing_what_is_retirable_needs_an_own_policy(play):
    keys = {"orders": {"policy": policy(trust(root(OURS)), trust(f"arn:aws:iam::{OURS}:role/named"))}}
    roles = {"worker": {}, "named": {}, "janitor": {"allow": ["kms:ListRetirableGrants"]}}
    grants = play(roles, keys)
    grant_id, _ = grants.create(retiring="named")
    principal = grants.arn("named")
    # Neither the key policy nor being the one who retires is enough.
    code, text = refusal(grants.server.client("named").list_retirable_grants, RetiringPrincipal=principal)
    assert code == "AccessDeniedException"
    assert grants.server.caller_arn("named") in text and "kms:ListRetirableGrants" in text
    page = grants.server.client("janitor").list_retirable_grants(RetiringPrincipal=principal)
    assert [it["GrantId"] for it in page["Grants"]] == [grant_id]


def test_fact_3_3_3_its_resource_is_the_retiring_principal(play):
    own = f"arn:aws:iam::{OURS}:role/janitor"
    allow = policy(statement("Allow", "kms:ListRetirableGrants", own))
    grants = play({"worker": {}, "janitor": {"policy": allow}})
    janitor = grants.server.client("janitor")
    assert janitor.list_retirable_grants(RetiringPrincipal=own)["Grants"] == []
    code, _ = refusal(janitor.list_retirable_grants, RetiringPrincipal=grants.arn("worker"))
    assert code == "AccessDeniedException"


def test_fact_3_3_1_the_principal_is_one_of_the_own_account(play):
    grants = play({"partner": {"account": THEIRS, "allow": ["kms:*"]}})
    for caller, account in (("admin", THEIRS), ("partner", OURS)):
        kms = grants.server.client(caller)
        attempted = attempt(kms.list_retirable_grants, RetiringPrincipal=root(account))
        assert attempted is not None
        other = OURS if account == THEIRS else THEIRS
        assert kms.list_retirable_grants(RetiringPrincipal=root(other))["Grants"] == []


# --- Two accounts ---

PARTNERS = {
    "bare": {"account": THEIRS},
    "allowed": {"account": THEIRS, "allow": ["kms:DescribeKey", "kms:RetireGrant"]},
    "narrowed": {
        "account": THEIRS,
        "allow": ["kms:DescribeKey", "kms:RetireGrant"],
        "session_policy": NARROW,
    },
    "nothing": {"account": THEIRS, "session_policy": NARROW},
    "maker": {"account": THEIRS, "allow": ["kms:CreateGrant"]},
}
SHARED = {"orders": {"policy": policy(trust(root(OURS)), trust(root(THEIRS)))}}


def expect_across(grants, caller, operation, refused, reason):
    """Fact 8b.7: across accounts the resource is not told."""
    arn = grants.server.caller_arn(caller)
    assert refused == (None if reason is None else denied(arn, operation, reason))


@pytest.mark.parametrize(
    "caller, named, kind",
    [
        ("bare", "role", "identity-based"),
        ("bare", "session", "identity-based"),
        ("allowed", "role", None),
        ("allowed", "session", None),
        ("narrowed", "role", "session"),
        ("nothing", "role", "session"),
        ("nothing", "session", "identity-based"),
    ],
)
@pytest.mark.parametrize("operation", ["DescribeKey", "RetireGrant"])
def test_fact_8b_7_a_grant_of_the_owner_needs_an_own_allow(play, caller, named, kind, operation):
    """Recorded (stackd, cross_owner_* and cross_retire_*)."""
    grants = play(PARTNERS)
    who = caller if named == "role" else grants.server.caller_arn(caller)
    _, token = grants.create(grantee=who, retiring=who, Operations=["DescribeKey", "Decrypt"])
    if operation == "DescribeKey":
        refused = describe(grants, caller)
    else:
        refused = attempt(grants.server.client(caller).retire_grant, GrantToken=token)
    reason = None if kind is None else lacking(kind, operation)
    expect_across(grants, caller, operation, refused, reason)


def test_fact_8b_8_a_grant_of_the_own_account_suffices(play):
    """The key policy trusts the account, which has made the grant itself."""
    grants = play(PARTNERS, SHARED)
    _, token = grants.create("maker", grantee="bare", retiring="bare")
    assert describe(grants, "bare") is None
    grants.server.client("bare").retire_grant(GrantToken=token)
    assert describe(grants, "bare")[0] == "AccessDeniedException"


@pytest.mark.parametrize("named, kind", [("role", "session"), ("session", None)])
def test_fact_8b_8_a_grant_of_the_own_account_is_limited_like_one_at_home(play, named, kind):
    grants = play(PARTNERS, SHARED)
    who = "nothing" if named == "role" else grants.server.caller_arn("nothing")
    grants.create("maker", grantee=who)
    reason = None if kind is None else lacking(kind, "DescribeKey")
    expect_across(grants, "nothing", "DescribeKey", describe(grants, "nothing"), reason)


def test_step_6_another_account_needs_key_policy_and_own_policy(play):
    """Table 4: ListGrants, CreateGrant and RevokeGrant work across accounts, with the key's ARN."""
    roles = {
        "partner": {"account": THEIRS, "allow": ["kms:*"]},
        "bare": {"account": THEIRS},
    }
    grants = play(roles, SHARED | {"ours": {}})
    grant_id, _ = grants.create("partner", grantee="bare")
    assert grants.ids(caller="partner") == {grant_id}
    partner = grants.server.client("partner")
    partner.revoke_grant(KeyId=grants.server.key(), GrantId=grant_id)
    assert grants.ids() == set()
    # Allowed by the key policy alone, or by an own policy alone, is not enough.
    refused = attempt(grants.server.client("bare").list_grants, KeyId=grants.server.key())
    expect_across(grants, "bare", "ListGrants", refused, lacking("identity-based", "ListGrants"))
    assert refusal(partner.list_grants, KeyId=grants.server.key("ours"))[0] == "AccessDeniedException"


@pytest.mark.parametrize(
    "operation, more",
    [
        ("disable_key", {}),
        ("enable_key", {}),
        ("schedule_key_deletion", {}),
        ("cancel_key_deletion", {}),
        ("get_key_policy", {}),
        ("put_key_policy", {"Policy": "{}"}),
        ("list_key_policies", {}),
        ("tag_resource", {"Tags": []}),
        ("untag_resource", {"TagKeys": []}),
        ("list_resource_tags", {}),
        ("update_key_description", {"Description": ""}),
    ],
)
def test_the_other_operations_are_not_for_other_accounts(play, operation, more):
    """API reference, "Cross-account use: No"; even where both policies would allow it."""
    grants = play({"partner": {"account": THEIRS, "allow": ["kms:*"]}}, SHARED)
    code, _ = refusal(getattr(grants.server.client("partner"), operation), KeyId=grants.server.key(), **more)
    assert code == "AccessDeniedException"


@pytest.mark.parametrize("caller, may", [("allowed", True), ("bare", False)])
def test_another_account_as_the_retiring_principal(play, caller, may):
    """Table 4: then that account's principals whose own policies allow it."""
    grants = play(PARTNERS | {"worker": {}})
    _, token = grants.create(retiring=root(THEIRS))
    refused = attempt(grants.server.client(caller).retire_grant, GrantToken=token)
    assert (refused is None) == may


# --- Grants that make grants ---

PARENT = ["CreateGrant", "Decrypt", "DescribeKey"]


def pass_on(grants, caller="worker", **more):
    """The refusal of a CreateGrant by `caller`, or `None`."""
    arguments = {
        "KeyId": grants.server.key(),
        "GranteePrincipal": grants.arn("child"),
        "Operations": ["DescribeKey"],
    }
    return attempt(grants.server.client(caller).create_grant, **arguments | more)


def refused_to_pass_on(grants, caller="worker"):
    """Fact 8b.9: the words of the refusal."""
    reason = lacking("identity-based", "CreateGrant")
    arn = grants.server.caller_arn(caller)
    return denied(arn, "CreateGrant", reason, resource=grants.server.key())


@pytest.fixture
def family(play):
    return play({"worker": {}, "child": {}})


@pytest.mark.parametrize(
    "operations",
    [["DescribeKey"], ["Decrypt"], ["DescribeKey", "Decrypt"], ["CreateGrant", "Decrypt"], PARENT],
    ids="-".join,
)
def test_fact_8b_9_what_a_grant_may_pass_on(family, operations):
    family.create(grantee="worker", Operations=PARENT)
    assert pass_on(family, Operations=operations) is None


def test_fact_8b_9_what_was_passed_on_works_and_can_be_passed_on(family):
    family.create(grantee="worker", Operations=PARENT)
    assert pass_on(family, Operations=PARENT) is None
    assert describe(family, "child") is None
    assert pass_on(family, "child", GranteePrincipal=family.arn("worker")) is None


@pytest.mark.parametrize(
    "operations",
    [["Encrypt"], ["DescribeKey", "Encrypt"], [*PARENT, "RetireGrant"], ["RetireGrant"]],
    ids="-".join,
)
def test_fact_8b_9_a_grant_passes_on_no_more_than_it_has(family, operations):
    family.create(grantee="worker", Operations=PARENT)
    assert pass_on(family, Operations=operations) == refused_to_pass_on(family)


def test_fact_8b_9_two_parents_do_not_add_up(family):
    family.create(grantee="worker", Operations=["CreateGrant", "Decrypt"])
    family.create(grantee="worker", Operations=["CreateGrant", "DescribeKey"])
    assert pass_on(family, Operations=["Decrypt", "DescribeKey"]) == refused_to_pass_on(family)


def test_fact_8b_9_the_operation_without_create_grant_does_not_help(family):
    family.create(grantee="worker", Operations=["CreateGrant", "Decrypt"])
    family.create(grantee="worker", Operations=["DescribeKey"])
    assert pass_on(family, Operations=["DescribeKey"]) == refused_to_pass_on(family)


EQUALS, SUBSET = "EncryptionContextEquals", "EncryptionContextSubset"


@pytest.mark.parametrize(
    "parent, child, may",
    [
        (None, {EQUALS: {"a": "b"}}, True),
        (None, {SUBSET: {"a": "b"}}, True),
        ({SUBSET: {"a": "b"}}, {SUBSET: {"a": "b"}}, True),
        ({SUBSET: {"a": "b"}}, {SUBSET: {"a": "b", "c": "d"}}, True),
        ({SUBSET: {"a": "b"}}, {EQUALS: {"a": "b"}}, True),
        ({SUBSET: {"a": "b"}}, {EQUALS: {"a": "b", "c": "d"}}, True),
        ({EQUALS: {"a": "b"}}, {EQUALS: {"a": "b"}}, True),
        ({SUBSET: {"a": "b"}}, None, False),
        ({EQUALS: {"a": "b"}}, None, False),
        ({SUBSET: {"a": "b"}}, {SUBSET: {"c": "d"}}, False),
        ({SUBSET: {"a": "b"}}, {SUBSET: {"a": "c"}}, False),
        ({SUBSET: {"a": "b", "c": "d"}}, {SUBSET: {"a": "b"}}, False),
        ({SUBSET: {"a": "b"}}, {EQUALS: {"c": "d"}}, False),
        ({EQUALS: {"a": "b"}}, {SUBSET: {"a": "b"}}, False),
        ({EQUALS: {"a": "b"}}, {EQUALS: {"a": "b", "c": "d"}}, False),
        ({EQUALS: {"a": "b", "c": "d"}}, {EQUALS: {"a": "b"}}, False),
    ],
    ids=str,
)
def test_fact_8b_9_constraints_may_become_stricter_only(family, parent, child, may):
    """DG create-grant-overview: pairs may be added to a subset, a subset may become an equality, nothing is dropped."""
    family.create(grantee="worker", Operations=PARENT, **({} if parent is None else {"Constraints": parent}))
    refused = pass_on(family, **({} if child is None else {"Constraints": child}))
    assert refused == (None if may else refused_to_pass_on(family))


def test_by_policy_a_caller_may_grant_what_it_cannot_do(play):
    """Table 4, CreateGrant."""
    grants = play({"maker": {"allow": ["kms:CreateGrant"]}, "worker": {}})
    grants.create("maker", grantee="worker")
    assert describe(grants, "worker") is None
    assert describe(grants, "maker")[0] == "AccessDeniedException"


# --- Condition keys ---

MADE = {"Operations": ["Decrypt", "DescribeKey"], "retiring": "janitor", "Constraints": {SUBSET: {"a": "b"}}}


@pytest.mark.parametrize(
    "condition, may",
    [
        ({"StringEquals": {"kms:GranteePrincipal": f"arn:aws:iam::{OURS}:role/worker"}}, True),
        ({"StringEquals": {"kms:GranteePrincipal": f"arn:aws:iam::{OURS}:role/other"}}, False),
        ({"StringLike": {"kms:GranteePrincipal": f"arn:aws:iam::{OURS}:role/*"}}, True),
        ({"ArnEquals": {"kms:GranteePrincipal": f"arn:aws:iam::{OURS}:role/work*"}}, True),
        ({"StringEquals": {"kms:RetiringPrincipal": f"arn:aws:iam::{OURS}:role/janitor"}}, True),
        ({"StringEquals": {"kms:RetiringPrincipal": f"arn:aws:iam::{OURS}:role/worker"}}, False),
        ({"ForAllValues:StringEquals": {"kms:GrantOperations": ["Decrypt", "DescribeKey", "Encrypt"]}}, True),
        ({"ForAllValues:StringEquals": {"kms:GrantOperations": ["Decrypt"]}}, False),
        ({"ForAnyValue:StringEquals": {"kms:GrantOperations": ["Decrypt"]}}, True),
        ({"ForAnyValue:StringEquals": {"kms:GrantOperations": ["Encrypt"]}}, False),
        ({"StringEquals": {"kms:GrantConstraintType": "EncryptionContextSubset"}}, True),
        ({"StringEquals": {"kms:GrantConstraintType": "EncryptionContextEquals"}}, False),
        ({"Bool": {"kms:GrantIsForAWSResource": "true"}}, False),
        ({"Bool": {"kms:GrantIsForAWSResource": False}}, True),
        ({"StringEquals": {"kms:CallerAccount": OURS}}, True),
        ({"StringEquals": {"kms:CallerAccount": THEIRS}}, False),
        ({"StringEquals": {"kms:KeySpec": "SYMMETRIC_DEFAULT", "kms:KeyUsage": "ENCRYPT_DECRYPT"}}, True),
        ({"StringEquals": {"kms:KeyOrigin": "EXTERNAL"}}, False),
        ({"Bool": {"kms:MultiRegion": "false"}}, True),
        ({"StringEquals": {"aws:ResourceTag/team": "blue"}}, True),
        ({"StringEquals": {"aws:ResourceTag/team": "red"}}, False),
        ({"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"}}, True),
        ({"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/other"}}, False),
        ({"StringEquals": {"aws:PrincipalArn": f"arn:aws:iam::{OURS}:role/maker"}}, True),
        ({"StringEquals": {"aws:PrincipalAccount": THEIRS}}, False),
        ({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, True),
        ({"Bool": {"aws:SecureTransport": "false"}}, False),
        ({"StringEquals": {"kms:ViaService": "dynamodb.us-east-1.amazonaws.com"}}, False),
        ({"Null": {"kms:GranteeServicePrincipal": "true"}}, True),
        ({"Null": {"kms:GranteePrincipal": "true"}}, False),
        ({"StringNotEquals": {"kms:GranteePrincipal": "x"}, "Bool": {"kms:GrantIsForAWSResource": "false"}}, True),
    ],
    ids=str,
)
@pytest.mark.parametrize("where", ["own policy", "key policy"])
def test_condition_keys_of_create_grant(play, where, condition, may):
    """DG conditions-kms, IAM global condition keys."""
    roles = {"worker": {}, "janitor": {}, "other": {}, "maker": {}}
    statements = [trust(root(OURS))]
    if where == "own policy":
        roles["maker"]["policy"] = policy(statement("Allow", "kms:CreateGrant", Condition=condition))
    else:
        arn = f"arn:aws:iam::{OURS}:role/maker"
        statements.append(trust(arn, actions="kms:CreateGrant", Condition=condition))
    keys = {"orders": {"policy": policy(*statements), "tags": {"team": "blue"}, "alias": "alias/orders"}}
    grants = play(roles, keys)
    if where == "key policy" and "kms:ResourceAliases" in str(condition):
        may = False  # of IAM policies only
    refused = attempt(lambda: grants.create("maker", **MADE))
    assert (refused is None) == may


@pytest.mark.parametrize(
    "resource, may",
    [
        ("*", True),
        ("arn:aws:kms:*:*:key/*", True),
        (f"arn:aws:kms:us-east-1:{OURS}:key/????????-*", True),
        (f"arn:aws:kms:us-east-1:{OURS}:key/mrk-*", False),
        (f"arn:aws:kms:us-east-1:{OURS}:alias/*", False),
        (f"arn:aws:kms:us-east-1:{THEIRS}:key/*", False),
        (f"arn:aws:kms:eu-*:{OURS}:key/*", False),
        ("arn:aws:s3:::*", False),
    ],
)
def test_the_resource_of_an_own_policy(play, resource, may):
    """IAM User Guide, Resource: wildcards."""
    allow = policy(statement("Allow", "kms:ListGrants", resource))
    grants = play({"worker": {"policy": allow}})
    refused = attempt(grants.server.client("worker").list_grants, KeyId=grants.server.key())
    assert (refused is None) == may


@pytest.mark.parametrize("actions, may", [("kms:DescribeKey", True), (["kms:L*", "kms:?evokeGrant"], False)])
def test_not_action_and_not_resource(play, actions, may):
    """IAM User Guide, NotAction and NotResource."""
    allow = {"Effect": "Allow", "NotAction": actions, "NotResource": "arn:aws:s3:::*"}
    grants = play({"worker": {"policy": policy(allow)}})
    refused = attempt(grants.server.client("worker").list_grants, KeyId=grants.server.key())
    assert (refused is None) == may
