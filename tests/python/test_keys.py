"""CreateKey and DescribeKey: what keys there are and how they are shown (`kms-facts.md` 3.6, rows 41, 42, 53).

"STK" are the recordings of stackd, and the second fact sheet's section 4 has them.
"""

import re

import pytest

from support import OURS, THEIRS, policy, refusal, root, statement, trust

COMMON = {
    "AWSAccountId",
    "Arn",
    "CreationDate",
    "CustomerMasterKeySpec",
    "Description",
    "Enabled",
    "KeyId",
    "KeyManager",
    "KeySpec",
    "KeyState",
    "KeyUsage",
    "MultiRegion",
    "Origin",
}

RSA_SIGNING = [
    f"RSASSA_{scheme}_SHA_{size}" for scheme in ("PKCS1_V1_5", "PSS") for size in (256, 384, 512)
]

# API reference, CreateKey, KeySpec and KeyUsage; the algorithms as recorded (STK, LS).
KINDS = {
    ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"): ("EncryptionAlgorithms", ["SYMMETRIC_DEFAULT"]),
    ("ECC_NIST_P256", "SIGN_VERIFY"): ("SigningAlgorithms", ["ECDSA_SHA_256"]),
    ("ECC_NIST_P384", "SIGN_VERIFY"): ("SigningAlgorithms", ["ECDSA_SHA_384"]),
    ("ECC_NIST_P521", "SIGN_VERIFY"): ("SigningAlgorithms", ["ECDSA_SHA_512"]),
    ("ECC_SECG_P256K1", "SIGN_VERIFY"): ("SigningAlgorithms", ["ECDSA_SHA_256"]),
    ("ECC_NIST_EDWARDS25519", "SIGN_VERIFY"): (
        "SigningAlgorithms",
        ["ED25519_PH_SHA_512", "ED25519_SHA_512"],
    ),
} | {
    (f"RSA_{size}", usage): algorithms
    for size in (2048, 3072, 4096)
    for usage, algorithms in [
        ("ENCRYPT_DECRYPT", ("EncryptionAlgorithms", ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"])),
        ("SIGN_VERIFY", ("SigningAlgorithms", RSA_SIGNING)),
    ]
} | {
    (f"HMAC_{size}", "GENERATE_VERIFY_MAC"): ("MacAlgorithms", [f"HMAC_SHA_{size}"])
    for size in (224, 256, 384, 512)
} | {
    (f"ECC_NIST_P{size}", "KEY_AGREEMENT"): ("KeyAgreementAlgorithms", ["ECDH"])
    for size in (256, 384, 521)
} | {
    (f"ML_DSA_{size}", "SIGN_VERIFY"): ("SigningAlgorithms", ["ML_DSA_SHAKE_256"])
    for size in (44, 65, 87)
} | {
    # What ML-KEM keys list was not recorded.
    (f"ML_KEM_{size}", "ENCAPSULATE_DECAPSULATE"): None
    for size in (512, 768, 1024)
}  # fmt: skip

USAGES = sorted({usage for _, usage in KINDS})
SPECS = sorted({spec for spec, _ in KINDS})

ALGORITHMS = {
    "EncryptionAlgorithms",
    "SigningAlgorithms",
    "MacAlgorithms",
    "KeyAgreementAlgorithms",
    "EncapsulationAlgorithms",
}


@pytest.fixture(scope="module")
def server(serve_module):
    return serve_module({"keys": {"orders": {"alias": "alias/orders"}}})


@pytest.fixture(scope="module")
def kms(server):
    return server.client()


def test_the_least_key(kms):
    """STK, imports_edges: what `{}` gives."""
    key = kms.create_key()["KeyMetadata"]
    assert set(key) == COMMON | {"EncryptionAlgorithms", "CurrentKeyMaterialId"}
    assert re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", key["KeyId"])
    assert re.fullmatch("[0-9a-f]{64}", key["CurrentKeyMaterialId"])
    wanted = {
        "AWSAccountId": OURS,
        "Arn": f"arn:aws:kms:us-east-1:{OURS}:key/{key['KeyId']}",
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "Description": "",
        "Enabled": True,
        "KeyManager": "CUSTOMER",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyState": "Enabled",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "MultiRegion": False,
        "Origin": "AWS_KMS",
        "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
    }
    assert {name: key[name] for name in wanted} == wanted


@pytest.mark.parametrize("spec, usage", KINDS, ids="-".join)
def test_every_kind_of_key(kms, spec, usage):
    key = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]
    assert (key["KeySpec"], key["KeyUsage"], key["KeyState"]) == (spec, usage, "Enabled")
    # Also where the legacy enum has no such word (STK, mldsa).
    assert key["CustomerMasterKeySpec"] == spec
    assert ("CurrentKeyMaterialId" in key) == (spec == "SYMMETRIC_DEFAULT")
    assert len(ALGORITHMS & set(key)) == 1
    if KINDS[spec, usage] is not None:
        member, words = KINDS[spec, usage]
        assert set(key) - {"CurrentKeyMaterialId"} == COMMON | {member}
        assert sorted(key[member]) == sorted(words)


@pytest.mark.parametrize(
    "spec, usage",
    [(spec, usage) for spec in SPECS for usage in USAGES if (spec, usage) not in KINDS],
    ids="-".join,
)
def test_row_42_usages_that_do_not_fit(kms, spec, usage):
    """Recorded for ECC, ML-DSA and RSA keys; the matrix is the API reference's."""
    told = refusal(kms.create_key, KeySpec=spec, KeyUsage=usage)
    assert told == ("ValidationException", f"KeyUsage {usage} is not compatible with KeySpec {spec}")


@pytest.mark.parametrize("spec", [it for it in SPECS if it != "SYMMETRIC_DEFAULT"])
def test_row_41_the_usage_has_to_be_told(kms, spec):
    told = "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
    assert refusal(kms.create_key, KeySpec=spec) == ("ValidationException", told)


def test_the_legacy_name_of_the_spec(kms):
    key = kms.create_key(CustomerMasterKeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]
    assert key["KeySpec"] == key["CustomerMasterKeySpec"] == "HMAC_256"


def test_sm2_is_for_china(kms, serve):
    """floci#3026; API reference: "China Regions only"."""
    told = refusal(kms.create_key, KeySpec="SM2", KeyUsage="SIGN_VERIFY")
    assert told == ("UnsupportedOperationException", "KeySpec SM2 is not supported in this Region")
    china = serve({"region": "cn-north-1"}).client()
    for usage in ("SIGN_VERIFY", "ENCRYPT_DECRYPT", "KEY_AGREEMENT"):
        assert china.create_key(KeySpec="SM2", KeyUsage=usage)["KeyMetadata"]["KeySpec"] == "SM2"


@pytest.mark.parametrize(
    "spec, usage", [("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"), ("ECC_NIST_P256", "SIGN_VERIFY")]
)
@pytest.mark.parametrize("multi_region", [False, True])
def test_keys_that_wait_for_their_material(kms, spec, usage, multi_region):
    """STK, imports and imports_multi_region; LS:test_import_key_asymmetric."""
    key = kms.create_key(KeySpec=spec, KeyUsage=usage, Origin="EXTERNAL", MultiRegion=multi_region)["KeyMetadata"]
    assert (key["KeyState"], key["Enabled"], key["Origin"]) == ("PendingImport", False, "EXTERNAL")
    assert not {"ExpirationModel", "CurrentKeyMaterialId"} & set(key)
    assert ("MultiRegionConfiguration" in key) == multi_region


def test_a_multi_region_key(kms):
    """Fact 2.2; LS:test_create_multi_region_key."""
    key = kms.create_key(MultiRegion=True)["KeyMetadata"]
    assert re.fullmatch("mrk-[0-9a-f]{32}", key["KeyId"])
    assert key["MultiRegion"] is True
    assert key["MultiRegionConfiguration"] == {
        "MultiRegionKeyType": "PRIMARY",
        "PrimaryKey": {"Arn": key["Arn"], "Region": "us-east-1"},
        "ReplicaKeys": [],
    }
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] == key


def test_a_key_store_that_does_not_exist(kms):
    """Fact 1.5: no text."""
    told = refusal(kms.create_key, CustomKeyStoreId="cks-1234567890abcdef0", Origin="AWS_CLOUDHSM")
    assert told == ("CustomKeyStoreNotFoundException", "")


@pytest.mark.parametrize("form", ["KeyId", "Arn", "alias", "alias ARN"])
def test_describe_key_takes_every_form(server, kms, form):
    key = kms.describe_key(KeyId=server.key())["KeyMetadata"]
    named = {
        "KeyId": key["KeyId"],
        "Arn": key["Arn"],
        "alias": "alias/orders",
        "alias ARN": f"arn:aws:kms:us-east-1:{OURS}:alias/orders",
    }[form]
    assert kms.describe_key(KeyId=named)["KeyMetadata"] == key


@pytest.mark.parametrize("form", ["alias/none", f"arn:aws:kms:us-east-1:{OURS}:alias/none"])
def test_row_4_an_alias_that_nobody_has(kms, form):
    arn = f"arn:aws:kms:us-east-1:{OURS}:alias/none"
    assert refusal(kms.describe_key, KeyId=form) == ("NotFoundException", f"Alias {arn} is not found.")


def test_row_20_the_alias_of_another_account(server, kms):
    arn = f"arn:aws:kms:us-east-1:{THEIRS}:alias/none"
    code, text = refusal(kms.describe_key, KeyId=arn)
    assert code == "AccessDeniedException"
    who = f"User: {server.caller_arn()} is not authorized to perform: kms:DescribeKey"
    assert text.startswith(f"{who} on this resource")


@pytest.mark.parametrize(
    "arn, region",
    [(f"arn:aws:kms:eu-west-1:{OURS}:key/x", "eu-west-1"), (f"arn:aws:kms:us-west-2:{OURS}:alias/x", "us-west-2")],
)
def test_row_3_the_arn_of_another_region(kms, arn, region):
    assert refusal(kms.describe_key, KeyId=arn) == ("NotFoundException", f"Invalid arn {region}")


def test_the_date_of_a_key_is_that_of_its_making(server, kms):
    """STK: milliseconds."""
    key = kms.create_key()["KeyMetadata"]
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["CreationDate"] == key["CreationDate"]
    assert key["CreationDate"].microsecond % 1000 == 0


def test_what_create_key_takes_along(kms):
    key = kms.create_key(
        Description="for orders",
        Tags=[{"TagKey": "team", "TagValue": "blue"}],
        Policy=str(policy(trust(root(OURS)))).replace("'", '"'),
    )["KeyMetadata"]
    assert key["Description"] == "for orders"
    tags = kms.list_resource_tags(KeyId=key["KeyId"])["Tags"]
    assert tags == [{"TagKey": "team", "TagValue": "blue"}]


def test_update_key_description(kms):
    key = kms.create_key(Description="old")["KeyMetadata"]["KeyId"]
    for text in ("new", ""):
        kms.update_key_description(KeyId=key, Description=text)
        assert kms.describe_key(KeyId=key)["KeyMetadata"]["Description"] == text


def test_tags_need_a_permission_of_their_own(serve):
    """API reference, CreateKey: kms:TagResource in an IAM policy."""
    both = ["kms:CreateKey", "kms:TagResource"]
    server = serve({"roles": {"maker": {"allow": both[:1]}, "both": {"allow": both}}})
    tags = [{"TagKey": "team", "TagValue": "blue"}]
    maker = server.client("maker")
    maker.create_key()
    code, text = refusal(maker.create_key, Tags=tags)
    assert code == "AccessDeniedException" and "kms:TagResource" in text
    server.client("both").create_key(Tags=tags)


def test_a_key_belongs_to_the_account_of_its_maker(serve):
    server = serve({"roles": {"partner": {"account": THEIRS, "allow": ["kms:*"]}}})
    arn = server.client("partner").create_key()["KeyMetadata"]["Arn"]
    assert arn.startswith(f"arn:aws:kms:us-east-1:{THEIRS}:key/")
    assert server.client().list_keys()["Keys"] == []
    assert [it["KeyArn"] for it in server.client("partner").list_keys()["Keys"]] == [arn]


@pytest.mark.parametrize(
    "resource, may", [("*", True), ("arn:aws:kms:*:*:key/*", False)]
)
def test_list_keys_has_no_resource(serve, resource, may):
    """IAM policy only, resource `*`: a policy for keys does not reach it."""
    allow = statement("Allow", "kms:ListKeys", resource)
    server = serve({"roles": {"worker": {"policy": policy(allow)}}})
    if may:
        assert server.client("worker").list_keys()["Keys"] == []
    else:
        assert refusal(server.client("worker").list_keys)[0] == "AccessDeniedException"
