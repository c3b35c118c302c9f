//! The constraints of the API, as one table: the model that botocore 1.44.5 and aws-sdk-kms 1.129 carry (2014-11-01,
//! state of 2026). The Python suite compares every entry with botocore's copy.

use super::shape::{Kind, Member, Operation, Pattern, Text, optional, required};
use crate::model::{GrantOperation, KeySpec, KeyUsage, Origin};

static PRINCIPAL_PATTERN: Pattern = Pattern::class(r"^[\w+=,.@:/-]+$", |it| {
    it.is_ascii_alphanumeric() || "_+=,.@:/-".contains(it)
});
static SERVICE_PATTERN: Pattern =
    Pattern::regex(r"^([A-Za-z0-9\-]+)\.([A-Za-z0-9\-]+)(\.[A-Za-z0-9\-]+)+$");
static SOURCE_ARN_PATTERN: Pattern =
    Pattern::regex(r"^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$");
static NAME_PATTERN: Pattern = Pattern::class(r"^[a-zA-Z0-9:/_-]+$", |it| {
    it.is_ascii_alphanumeric() || ":/_-".contains(it)
});
static MARKER_PATTERN: Pattern = Pattern::class(r"[\u0020-\u00FF]*", |it| {
    ('\u{20}'..='\u{ff}').contains(&it)
});
static POLICY_PATTERN: Pattern = Pattern::class(r"[\u0009\u000A\u000D\u0020-\u00FF]+", |it| {
    "\t\n\r".contains(it) || ('\u{20}'..='\u{ff}').contains(&it)
});
static POLICY_NAME_PATTERN: Pattern =
    Pattern::class(r"[\w]+", |it| it.is_ascii_alphanumeric() || it == '_');
static XKS_PATTERN: Pattern = Pattern::class(r"^[a-zA-Z0-9-_.]+$", |it| {
    it.is_ascii_alphanumeric() || "-_.".contains(it)
});

const ANY: usize = usize::MAX;
const KEY_ID: Kind = Kind::Text(Text::length(1, 2048));
const GRANT_ID: Kind = Kind::Text(Text::length(1, 128));
const GRANT_TOKEN: Kind = Kind::Text(Text::length(1, 8192));
const GRANT_TOKENS: Kind = Kind::List(0, 10, &GRANT_TOKEN);
const PRINCIPAL: Kind = Kind::Text(Text::length(1, 256).like(&PRINCIPAL_PATTERN));
const SERVICE: Kind = Kind::Text(Text::length(1, 128).like(&SERVICE_PATTERN));
const LIMIT: Kind = Kind::Integer(1, 1000);
const MARKER: Kind = Kind::Text(Text::length(1, 1024).like(&MARKER_PATTERN));
const ALIAS: Kind = Kind::Text(Text::length(1, 256).like(&NAME_PATTERN));
const DESCRIPTION: Kind = Kind::Text(Text::length(0, 8192));
const POLICY: Kind = Kind::Text(Text::length(1, 131_072).like(&POLICY_PATTERN));
const POLICY_NAME: Kind = Kind::Text(Text::length(1, 128).like(&POLICY_NAME_PATTERN));
const TAG_KEY: Kind = Kind::Text(Text::length(1, 128));
const TAG: Kind = Kind::Structure(&[
    required("TagKey", TAG_KEY),
    required("TagValue", Kind::Text(Text::length(0, 256))),
]);
const TAGS: Kind = Kind::List(0, ANY, &TAG);

const GRANT_OPERATION: Kind = Kind::Text(Text::one_of(GrantOperation::WORDS));
const CONSTRAINTS: Kind = Kind::Structure(&[
    optional("EncryptionContextSubset", Kind::Map),
    optional("EncryptionContextEquals", Kind::Map),
    optional(
        "SourceArn",
        Kind::Text(Text::length(20, 512).like(&SOURCE_ARN_PATTERN)),
    ),
]);

/// The specs of the deprecated member `CustomerMasterKeySpec`.
const LEGACY_SPECS: &[&str] = &[
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "ECC_NIST_P256",
    "ECC_NIST_P384",
    "ECC_NIST_P521",
    "ECC_SECG_P256K1",
    "SYMMETRIC_DEFAULT",
    "HMAC_224",
    "HMAC_256",
    "HMAC_384",
    "HMAC_512",
    "SM2",
];
const OWNERS: Kind = Kind::Text(Text::one_of(&["SELF", "OTHER_ACCOUNTS_VIA_RAM"]));

const KEY_ONLY: &[Member] = &[required("KeyId", KEY_ID)];
const ALIAS_AND_TARGET: &[Member] = &[
    required("AliasName", ALIAS),
    required("TargetKeyId", KEY_ID),
];

const fn operation(name: &'static str, members: &'static [Member]) -> Operation {
    Operation { name, members }
}

/// Every operation that this version implements.
pub(super) static OPERATIONS: &[Operation] = &[
    operation(
        "CreateGrant",
        &[
            required("KeyId", KEY_ID),
            optional("GranteePrincipal", PRINCIPAL),
            optional("RetiringPrincipal", PRINCIPAL),
            required("Operations", Kind::List(0, ANY, &GRANT_OPERATION)),
            optional("Constraints", CONSTRAINTS),
            optional("GrantTokens", GRANT_TOKENS),
            optional("Name", Kind::Text(Text::length(1, 256).like(&NAME_PATTERN))),
            optional("DryRun", Kind::Boolean),
            optional("GranteeServicePrincipal", SERVICE),
            optional("RetiringServicePrincipal", SERVICE),
        ],
    ),
    operation(
        "ListGrants",
        &[
            optional("Limit", LIMIT),
            optional("Marker", MARKER),
            required("KeyId", KEY_ID),
            optional("GrantId", GRANT_ID),
            optional("GranteePrincipal", PRINCIPAL),
            optional("GranteeServicePrincipal", SERVICE),
        ],
    ),
    operation(
        "ListRetirableGrants",
        &[
            optional("Limit", LIMIT),
            optional("Marker", MARKER),
            optional("RetiringPrincipal", PRINCIPAL),
            optional("RetiringServicePrincipal", SERVICE),
        ],
    ),
    operation(
        "RetireGrant",
        &[
            optional("GrantToken", GRANT_TOKEN),
            optional("KeyId", KEY_ID),
            optional("GrantId", GRANT_ID),
            optional("DryRun", Kind::Boolean),
        ],
    ),
    operation(
        "RevokeGrant",
        &[
            required("KeyId", KEY_ID),
            required("GrantId", GRANT_ID),
            optional("DryRun", Kind::Boolean),
        ],
    ),
    operation(
        "CreateKey",
        &[
            optional("Policy", POLICY),
            optional("Description", DESCRIPTION),
            optional("KeyUsage", Kind::Text(Text::one_of(KeyUsage::WORDS))),
            optional(
                "CustomerMasterKeySpec",
                Kind::Text(Text::one_of(LEGACY_SPECS)),
            ),
            optional("KeySpec", Kind::Text(Text::one_of(KeySpec::WORDS))),
            optional("Origin", Kind::Text(Text::one_of(Origin::WORDS))),
            optional("CustomKeyStoreId", Kind::Text(Text::length(1, 64))),
            optional("BypassPolicyLockoutSafetyCheck", Kind::Boolean),
            optional("Tags", TAGS),
            optional("MultiRegion", Kind::Boolean),
            optional(
                "XksKeyId",
                Kind::Text(Text::length(1, 128).like(&XKS_PATTERN)),
            ),
        ],
    ),
    operation(
        "DescribeKey",
        &[
            required("KeyId", KEY_ID),
            optional("GrantTokens", GRANT_TOKENS),
        ],
    ),
    operation(
        "ListKeys",
        &[
            optional("Limit", LIMIT),
            optional("Marker", MARKER),
            optional("ResourceOwners", Kind::List(1, 2, &OWNERS)),
        ],
    ),
    operation("EnableKey", KEY_ONLY),
    operation("DisableKey", KEY_ONLY),
    operation(
        "ScheduleKeyDeletion",
        &[
            required("KeyId", KEY_ID),
            optional("PendingWindowInDays", Kind::Integer(1, 365)),
        ],
    ),
    operation("CancelKeyDeletion", KEY_ONLY),
    operation(
        "GetKeyPolicy",
        &[
            required("KeyId", KEY_ID),
            optional("PolicyName", POLICY_NAME),
        ],
    ),
    operation(
        "PutKeyPolicy",
        &[
            required("KeyId", KEY_ID),
            optional("PolicyName", POLICY_NAME),
            required("Policy", POLICY),
            optional("BypassPolicyLockoutSafetyCheck", Kind::Boolean),
        ],
    ),
    operation(
        "ListKeyPolicies",
        &[
            required("KeyId", KEY_ID),
            optional("Limit", LIMIT),
            optional("Marker", MARKER),
        ],
    ),
    operation("CreateAlias", ALIAS_AND_TARGET),
    operation("UpdateAlias", ALIAS_AND_TARGET),
    operation("DeleteAlias", &[required("AliasName", ALIAS)]),
    operation(
        "ListAliases",
        &[
            optional("KeyId", KEY_ID),
            optional("Limit", LIMIT),
            optional("Marker", MARKER),
        ],
    ),
    operation(
        "TagResource",
        &[required("KeyId", KEY_ID), required("Tags", TAGS)],
    ),
    operation(
        "UntagResource",
        &[
            required("KeyId", KEY_ID),
            required("TagKeys", Kind::List(0, ANY, &TAG_KEY)),
        ],
    ),
    operation(
        "ListResourceTags",
        &[
            required("KeyId", KEY_ID),
            optional("Limit", LIMIT),
            optional("Marker", MARKER),
        ],
    ),
    operation(
        "UpdateKeyDescription",
        &[
            required("KeyId", KEY_ID),
            required("Description", DESCRIPTION),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::super::shape::expression;
    use super::*;

    #[test]
    fn every_pattern_compiles_and_matches_whole_values() {
        for (pattern, good, bad) in [
            (
                &PRINCIPAL_PATTERN,
                "arn:aws:iam::111122223333:role/a+b",
                "a b",
            ),
            (
                &SERVICE_PATTERN,
                "dynamodb.us-west-2.amazonaws.com",
                "dynamodb",
            ),
            (
                &SOURCE_ARN_PATTERN,
                "arn:aws:s3:us-east-1:111122223333:b",
                "arn:aws:s3",
            ),
            (&NAME_PATTERN, "alias/a_b-c:d", "é"),
            (&MARKER_PATTERN, "ÿ ", "\u{100}"),
            (&POLICY_PATTERN, "{\n\t}", "\u{1}"),
            (&POLICY_NAME_PATTERN, "default", "a-b"),
            (&XKS_PATTERN, "a-b_c.d", "a/b"),
        ] {
            let regex = expression(pattern.text).expect(pattern.text);
            for value in [good, bad, ""] {
                assert_eq!(
                    pattern.matches(value),
                    regex.is_match(value),
                    "{} and {value:?}",
                    pattern.text
                );
            }
            assert!(
                pattern.matches(good) && !pattern.matches(bad),
                "{}",
                pattern.text
            );
            // A class is its expression, character for character.
            for character in '\0'..'\u{400}' {
                let value = character.to_string();
                assert_eq!(
                    pattern.matches(&value),
                    regex.is_match(&value),
                    "{} and {value:?}",
                    pattern.text
                );
            }
        }
    }
}
