"""Pages: boto3's paginators over every list, deletions in between, markers of somebody else (facts 2.8, 2.9, 3.2.3)."""

import pytest

from support import THEIRS, Grants, refusal

SCENARIO = {
    "keys": {"orders": {}, "invoices": {}, "theirs": {"account": THEIRS}},
    "roles": {
        "worker": {},
        "janitor": {},
        "other": {},
        "partner": {"account": THEIRS, "allow": ["kms:*"]},
    },
}

sizes = pytest.mark.parametrize("size", [1, 2, 3])
counts = pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 6, 7])


@pytest.fixture
def grants(serve):
    return Grants(serve(SCENARIO))


def pages(kms, operation, result, size=None, **arguments):
    """The pages of a list, each of which has to be whole in itself."""
    config = {} if size is None else {"PageSize": size}
    found = []
    for page in kms.get_paginator(operation).paginate(**arguments, PaginationConfig=config):
        assert len(page[result]) <= (size or 1000)
        assert ("NextMarker" in page) == page["Truncated"]
        found.append(page[result])
    return found


def flat(pages):
    return [entry for page in pages for entry in page]


# --- Every list, in pages of one, two and three ---


@sizes
@counts
def test_list_grants(grants, size, count):
    made = {grants.create()[0] for _ in range(count)}
    grants.create(key="invoices")
    found = flat(pages(grants.server.client(), "list_grants", "Grants", size, KeyId=grants.server.key()))
    assert len(found) == count
    assert {it["GrantId"] for it in found} == made


@sizes
@counts
def test_list_grants_of_a_grantee(grants, size, count):
    made = set()
    for _ in range(count):
        grants.create(grantee="other")
        made.add(grants.create(grantee="worker")[0])
    arguments = {"KeyId": grants.server.key(), "GranteePrincipal": grants.arn("worker")}
    found = flat(pages(grants.server.client(), "list_grants", "Grants", size, **arguments))
    assert len(found) == count
    assert {it["GrantId"] for it in found} == made


@sizes
@counts
def test_list_retirable_grants(grants, size, count):
    """Over the keys of two accounts."""
    made = set()
    for at in range(count):
        caller, key = [("admin", "orders"), ("admin", "invoices"), ("partner", "theirs")][at % 3]
        made.add(grants.create(caller, key=key, grantee="worker", retiring="janitor")[0])
        grants.create(caller, key=key, grantee="worker", retiring="other")
    arguments = {"RetiringPrincipal": grants.arn("janitor")}
    found = flat(pages(grants.server.client(), "list_retirable_grants", "Grants", size, **arguments))
    assert len(found) == count
    assert {it["GrantId"] for it in found} == made


@sizes
@counts
def test_list_keys(serve, size, count):
    server = serve({"keys": {f"key{at}": {} for at in range(count)} | {"theirs": {"account": THEIRS}}})
    found = flat(pages(server.client(), "list_keys", "Keys", size))
    wanted = [(server.key_id(f"key{at}"), server.key(f"key{at}")) for at in range(count)]
    assert sorted((it["KeyId"], it["KeyArn"]) for it in found) == sorted(wanted)


@sizes
@counts
def test_list_aliases(serve, size, count):
    keys = {f"key{at}": {"alias": f"alias/key{at}"} for at in range(count)}
    server = serve({"keys": keys | {"theirs": {"account": THEIRS, "alias": "alias/theirs"}}})
    found = flat(pages(server.client(), "list_aliases", "Aliases", size))
    # AWS's own aliases may come along.
    own = [it for it in found if not it["AliasName"].startswith("alias/aws/")]
    wanted = [(f"alias/key{at}", server.key_id(f"key{at}")) for at in range(count)]
    assert sorted((it["AliasName"], it["TargetKeyId"]) for it in own) == sorted(wanted)


@sizes
@counts
def test_list_aliases_of_a_key(serve, size, count):
    server = serve({"keys": {"orders": {}, "other": {"alias": "alias/other"}}})
    kms, wanted = server.client(), [f"alias/orders/{at}" for at in range(count)]
    for name in wanted:
        kms.create_alias(AliasName=name, TargetKeyId=server.key())
    found = flat(pages(kms, "list_aliases", "Aliases", size, KeyId=server.key_id()))
    assert sorted(it["AliasName"] for it in found) == wanted


@sizes
@counts
def test_list_resource_tags(serve, size, count):
    server = serve({"keys": {"orders": {"tags": {f"tag{at}": str(at) for at in range(count)}}}})
    found = flat(pages(server.client(), "list_resource_tags", "Tags", size, KeyId=server.key_id()))
    wanted = [(f"tag{at}", str(at)) for at in range(count)]
    assert sorted((it["TagKey"], it["TagValue"]) for it in found) == wanted


@sizes
def test_list_key_policies(grants, size):
    found = pages(grants.server.client(), "list_key_policies", "PolicyNames", size, KeyId=grants.server.key())
    assert flat(found) == ["default"]


# --- Sizes that nobody asks for ---


def test_the_size_of_a_page_that_is_not_told(grants):
    """API reference: ListGrants gives 50, ListResourceTags 50, ListKeys 100, ListAliases 50."""
    kms = grants.server.client()
    for _ in range(51):
        grants.create(retiring="janitor")
    for at in range(100):
        kms.create_key()
    for at in range(51):
        kms.create_alias(AliasName=f"alias/a{at}", TargetKeyId=grants.server.key())
    tags = [{"TagKey": f"t{at}", "TagValue": ""} for at in range(50)]
    kms.tag_resource(KeyId=grants.server.key(), Tags=tags)
    key = {"KeyId": grants.server.key()}
    assert [len(it) for it in pages(kms, "list_grants", "Grants", **key)] == [50, 1]
    janitor = {"RetiringPrincipal": grants.arn("janitor")}
    assert [len(it) for it in pages(kms, "list_retirable_grants", "Grants", **janitor)] == [50, 1]
    assert [len(it) for it in pages(kms, "list_keys", "Keys")] == [100, 2]
    assert [len(it) for it in pages(kms, "list_aliases", "Aliases")] == [50, 1]
    assert [len(it) for it in pages(kms, "list_resource_tags", "Tags", **key)] == [50]


@pytest.mark.parametrize("limit", [1, 50, 100])
def test_every_documented_limit_is_taken(grants, limit):
    """API reference: 1 to 100."""
    for _ in range(3):
        grants.create()
    page = grants.server.client().list_grants(KeyId=grants.server.key(), Limit=limit)
    assert len(page["Grants"]) == min(limit, 3)


def test_the_size_may_change_from_page_to_page(grants):
    made = {grants.create()[0] for _ in range(7)}
    kms, key = grants.server.client(), grants.server.key()
    found, more = [], {}
    for limit in (1, 3, 2, 100):
        page = kms.list_grants(KeyId=key, Limit=limit, **more)
        found += [it["GrantId"] for it in page["Grants"]]
        more = {"Marker": page.get("NextMarker")}
    assert len(found) == 7 and set(found) == made


# --- What happens between two pages ---


@sizes
@pytest.mark.parametrize("which", ["seen", "last seen", "next", "unseen", "all seen", "all unseen"])
@pytest.mark.parametrize("how", ["revoke", "retire"])
def test_deletions_between_two_pages_hide_and_repeat_nothing(grants, size, which, how):
    kms, key = grants.server.client(), grants.server.key()
    for _ in range(7):
        grants.create(retiring="janitor")
    order = [it["GrantId"] for it in grants.list()]
    paginator = kms.get_paginator("list_grants").paginate(KeyId=key, PaginationConfig={"PageSize": size})
    iterator = iter(paginator)
    seen = [it["GrantId"] for it in next(iterator)["Grants"]]
    unseen = [it for it in order if it not in seen]
    deleted = {
        "seen": seen[:1],
        "last seen": seen[-1:],
        "next": unseen[:1],
        "unseen": unseen[-1:],
        "all seen": seen,
        "all unseen": unseen,
    }[which]
    for grant_id in deleted:
        (kms.revoke_grant if how == "revoke" else kms.retire_grant)(KeyId=key, GrantId=grant_id)
    rest = [it["GrantId"] for page in iterator for it in page["Grants"]]
    assert sorted(rest) == sorted(set(unseen) - set(deleted))


@sizes
def test_deletions_between_two_pages_of_retirable_grants(grants, size):
    kms = grants.server.client()
    for at in range(8):
        grants.create(key=["orders", "invoices"][at % 2], retiring="janitor")
    arguments = {"RetiringPrincipal": grants.arn("janitor"), "PaginationConfig": {"PageSize": size}}
    found = []
    # Each page is retired as soon as it is read, as clean-up jobs do.
    for page in kms.get_paginator("list_retirable_grants").paginate(**arguments):
        for grant in page["Grants"]:
            found.append(grant["GrantId"])
            kms.retire_grant(KeyId=grant["KeyId"], GrantId=grant["GrantId"])
    assert len(found) == len(set(found)) == 8
    assert grants.ids("orders") == grants.ids("invoices") == set()


def test_what_is_made_between_two_pages_repeats_nothing(grants):
    for _ in range(4):
        grants.create()
    before = grants.ids()
    found = []
    key, kms = grants.server.key(), grants.server.client()
    for page in kms.get_paginator("list_grants").paginate(KeyId=key, PaginationConfig={"PageSize": 1}):
        found += [it["GrantId"] for it in page["Grants"]]
        if len(found) < 4:
            grants.create()
    assert len(found) == len(set(found))
    assert before <= set(found)


def test_removals_between_two_pages_of_the_other_lists(serve):
    keys = {f"key{at}": {"alias": f"alias/key{at}"} for at in range(4)}
    tags = {f"tag{at}": "" for at in range(4)}
    server = serve({"keys": keys | {"tagged": {"tags": tags}}})
    kms = server.client()
    found = []
    for page in kms.get_paginator("list_aliases").paginate(PaginationConfig={"PageSize": 1}):
        for alias in page["Aliases"]:
            found.append(alias["AliasName"])
            kms.delete_alias(AliasName=alias["AliasName"])
    assert sorted(found) == [f"alias/key{at}" for at in range(4)]
    found, key = [], server.key("tagged")
    for page in kms.get_paginator("list_resource_tags").paginate(KeyId=key, PaginationConfig={"PageSize": 1}):
        for tag in page["Tags"]:
            found.append(tag["TagKey"])
            kms.untag_resource(KeyId=key, TagKeys=[tag["TagKey"]])
    assert sorted(found) == sorted(tags)


# --- Markers ---

# Recorded for ListKeyRotations (stackd, rotation.json): no text.
INVALID = ("InvalidMarkerException", "")


@pytest.fixture
def lists(serve):
    """Every list with more than one page, as a function of a marker; and the marker of its second page."""
    tags = {"a": "", "b": ""}
    server = serve(
        {
            "keys": {
                "orders": {"alias": "alias/orders", "tags": tags},
                "invoices": {"alias": "alias/invoices", "tags": tags},
            },
            "roles": {"worker": {}, "janitor": {}},
        }
    )
    grants, kms = Grants(server), server.client()
    for key in ("orders", "invoices"):
        for grantee in ("worker", "janitor"):
            for _ in range(2):
                grants.create(key=key, grantee=grantee, retiring=grantee)
    orders, invoices = {"KeyId": server.key("orders")}, {"KeyId": server.key("invoices")}
    worker, janitor = grants.arn("worker"), grants.arn("janitor")
    calls = {
        "grants of a key": (kms.list_grants, orders),
        "grants of another key": (kms.list_grants, invoices),
        "grants of a grantee": (kms.list_grants, orders | {"GranteePrincipal": worker}),
        "grants of another grantee": (kms.list_grants, orders | {"GranteePrincipal": janitor}),
        "retirable grants": (kms.list_retirable_grants, {"RetiringPrincipal": worker}),
        "retirable grants of another": (kms.list_retirable_grants, {"RetiringPrincipal": janitor}),
        "keys": (kms.list_keys, {}),
        "aliases": (kms.list_aliases, {}),
        "tags": (kms.list_resource_tags, orders),
        "tags of another key": (kms.list_resource_tags, invoices),
    }
    calls = {
        name: (lambda call=call, known=known, **more: call(Limit=1, **known, **more))
        for name, (call, known) in calls.items()
    }
    return calls, {name: call()["NextMarker"] for name, call in calls.items()}


def test_the_marker_of_one_list_is_none_of_another(lists):
    calls, markers = lists
    for name, call in calls.items():
        assert call(Marker=markers[name])  # its own
        for other, marker in markers.items():
            if other != name:
                assert refusal(call, Marker=marker) == INVALID, (name, other)


@pytest.mark.parametrize(
    "spoil",
    [lambda it: it[:-1], lambda it: it + "A", lambda it: it[::-1], lambda it: f" {it}", str.lower],
    ids=["shorter", "longer", "backwards", "with a space", "in small letters"],
)
def test_a_marker_that_was_changed_is_none(lists, spoil):
    calls, markers = lists
    for name, call in calls.items():
        assert spoil(markers[name]) != markers[name]
        assert refusal(call, Marker=spoil(markers[name])) == INVALID, name


@pytest.mark.parametrize("marker", ["x", "0", "AAAA", "ÿ", "=" * 10, "a" * 1024, '{"grantId":"0"}', "eyJhIjoxfQ"])
def test_a_marker_that_nobody_gave_is_none(lists, marker):
    calls, _ = lists
    for name, call in calls.items():
        assert refusal(call, Marker=marker) == INVALID, name


def test_a_marker_may_be_used_again(grants):
    for _ in range(3):
        grants.create()
    kms, key = grants.server.client(), grants.server.key()
    marker = kms.list_grants(KeyId=key, Limit=1)["NextMarker"]
    one, other = (kms.list_grants(KeyId=key, Limit=1, Marker=marker)["Grants"] for _ in range(2))
    assert one == other


def test_a_list_key_policies_marker_cannot_be_right(grants):
    call = grants.server.client().list_key_policies
    assert refusal(call, KeyId=grants.server.key(), Marker="x") == INVALID
