//! The words of KMS's model (2014-11-01, as botocore 1.44.5 has it). The Python suite compares them with botocore's copy.

use std::collections::HashSet;
use std::sync::OnceLock;

/// The operations of the service.
#[rustfmt::skip] // one word a line is too long to read
pub(super) const OPERATIONS: &[&str] = &[
    "CancelKeyDeletion", "ConnectCustomKeyStore", "CreateAlias", "CreateCustomKeyStore", "CreateGrant",
    "CreateKey", "Decapsulate", "Decrypt", "DeleteAlias", "DeleteCustomKeyStore", "DeleteImportedKeyMaterial",
    "DeriveSharedSecret", "DescribeCustomKeyStores", "DescribeKey", "DisableKey", "DisableKeyRotation",
    "DisconnectCustomKeyStore", "EnableKey", "EnableKeyRotation", "Encapsulate", "Encrypt", "GenerateDataKey",
    "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyWithoutPlaintext",
    "GenerateMac", "GenerateRandom", "GetKeyLastUsage", "GetKeyPolicy", "GetKeyRotationStatus",
    "GetParametersForImport", "GetPublicKey", "ImportKeyMaterial", "ListAliases", "ListGrants",
    "ListKeyPolicies", "ListKeyRotations", "ListKeys", "ListResourceTags", "ListRetirableGrants",
    "PutKeyPolicy", "ReEncrypt", "ReplicateKey", "RetireGrant", "RevokeGrant", "RotateKeyOnDemand",
    "ScheduleKeyDeletion", "Sign", "TagResource", "UntagResource", "UpdateAlias", "UpdateCustomKeyStore",
    "UpdateKeyDescription", "UpdatePrimaryRegion", "Verify", "VerifyMac",
];

/// The values of its enums, and the one name that a key policy has.
#[rustfmt::skip] // one word a line is too long to read
pub(super) const WORDS: &[&str] = &[
    "AES_128", "AES_256", "ALL_KEY_MATERIAL", "AUTOMATIC", "AWS", "AWS_CLOUDHSM", "AWS_KMS",
    "CLUSTER_NOT_FOUND", "CONNECTED", "CONNECTING", "CURRENT", "CUSTOMER", "CreateGrant", "Creating", "DIGEST",
    "DISCONNECTED", "DISCONNECTING", "Decapsulate", "Decrypt", "DeriveSharedSecret", "DescribeKey", "Disabled",
    "ECC_NIST_EDWARDS25519", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1", "ECDH",
    "ECDSA_SHA_256", "ECDSA_SHA_384", "ECDSA_SHA_512", "ED25519_PH_SHA_512", "ED25519_SHA_512",
    "ENCAPSULATE_DECAPSULATE", "ENCRYPT_DECRYPT", "EXISTING_KEY_MATERIAL", "EXTERNAL", "EXTERNAL_KEY_STORE",
    "EXTERNAL_MU", "Enabled", "Encapsulate", "Encrypt", "FAILED", "GENERATE_VERIFY_MAC", "GenerateDataKey",
    "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyWithoutPlaintext",
    "GenerateMac", "GetPublicKey", "HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512", "HMAC_SHA_224",
    "HMAC_SHA_256", "HMAC_SHA_384", "HMAC_SHA_512", "IGNORE_CIPHERTEXT", "IMPORTED",
    "INSUFFICIENT_CLOUDHSM_HSMS", "INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET", "INTERNAL_ERROR",
    "INVALID_CREDENTIALS", "KEY_AGREEMENT", "KEY_MATERIAL_DOES_NOT_EXPIRE", "KEY_MATERIAL_EXPIRES", "ML_DSA_44",
    "ML_DSA_65", "ML_DSA_87", "ML_DSA_SHAKE_256", "ML_KEM", "ML_KEM_1024", "ML_KEM_512", "ML_KEM_768",
    "NETWORK_ERRORS", "NEW_KEY_MATERIAL", "NON_CURRENT", "ON_DEMAND", "OTHER_ACCOUNTS_VIA_RAM",
    "PENDING_IMPORT", "PENDING_MULTI_REGION_IMPORT_AND_ROTATION", "PENDING_ROTATION", "PRIMARY",
    "PUBLIC_ENDPOINT", "PendingDeletion", "PendingImport", "PendingReplicaDeletion", "RAW", "REPLICA",
    "ROTATIONS_ONLY", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "RSAES_PKCS1_V1_5", "RSASSA_PKCS1_V1_5_SHA_256",
    "RSASSA_PKCS1_V1_5_SHA_384", "RSASSA_PKCS1_V1_5_SHA_512", "RSASSA_PSS_SHA_256", "RSASSA_PSS_SHA_384",
    "RSASSA_PSS_SHA_512", "RSA_2048", "RSA_3072", "RSA_4096", "RSA_AES_KEY_WRAP_SHA_1",
    "RSA_AES_KEY_WRAP_SHA_256", "ReEncrypt", "ReEncryptFrom", "ReEncryptTo", "RetireGrant", "SELF",
    "SIGN_VERIFY", "SM2", "SM2DSA", "SM2PKE", "SUBNET_NOT_FOUND", "SYMMETRIC_DEFAULT", "Sign",
    "USER_LOCKED_OUT", "USER_LOGGED_IN", "USER_NOT_FOUND", "Unavailable", "Updating", "VPC_ENDPOINT_SERVICE",
    "Verify", "VerifyMac", "XKS_PROXY_ACCESS_DENIED", "XKS_PROXY_INVALID_CONFIGURATION",
    "XKS_PROXY_INVALID_RESPONSE", "XKS_PROXY_INVALID_TLS_CONFIGURATION", "XKS_PROXY_NOT_REACHABLE",
    "XKS_PROXY_TIMED_OUT", "XKS_VPC_ENDPOINT_SERVICE_INVALID_CONFIGURATION",
    "XKS_VPC_ENDPOINT_SERVICE_NOT_FOUND", "default",
];

/// Its exceptions.
#[rustfmt::skip] // one word a line is too long to read
pub(super) const CODES: &[&str] = &[
    "AlreadyExistsException", "CloudHsmClusterInUseException", "CloudHsmClusterInvalidConfigurationException",
    "CloudHsmClusterNotActiveException", "CloudHsmClusterNotFoundException",
    "CloudHsmClusterNotRelatedException", "ConflictException", "CustomKeyStoreHasCMKsException",
    "CustomKeyStoreInvalidStateException", "CustomKeyStoreNameInUseException",
    "CustomKeyStoreNotFoundException", "DependencyTimeoutException", "DisabledException",
    "DryRunOperationException", "ExpiredImportTokenException", "IncorrectKeyException",
    "IncorrectKeyMaterialException", "IncorrectTrustAnchorException", "InvalidAliasNameException",
    "InvalidArnException", "InvalidCiphertextException", "InvalidGrantIdException",
    "InvalidGrantTokenException", "InvalidImportTokenException", "InvalidKeyUsageException",
    "InvalidMarkerException", "KMSInternalException", "KMSInvalidMacException", "KMSInvalidSignatureException",
    "KMSInvalidStateException", "KeyUnavailableException", "LimitExceededException",
    "MalformedPolicyDocumentException", "NotFoundException", "TagException", "UnsupportedOperationException",
    "XksKeyAlreadyInUseException", "XksKeyInvalidConfigurationException", "XksKeyNotFoundException",
    "XksProxyIncorrectAuthenticationCredentialException", "XksProxyInvalidConfigurationException",
    "XksProxyInvalidResponseException", "XksProxyUriEndpointInUseException", "XksProxyUriInUseException",
    "XksProxyUriUnreachableException", "XksProxyVpcEndpointServiceInUseException",
    "XksProxyVpcEndpointServiceInvalidConfigurationException", "XksProxyVpcEndpointServiceNotFoundException",
];

/// Errors that every service of AWS has, those of emulators' frameworks, and our own.
#[rustfmt::skip] // one word a line is too long to read
pub(super) const COMMON_CODES: &[&str] = &[
    "AccessDenied", "AccessDeniedException", "ExpiredTokenException", "IncompleteSignature",
    "IncompleteSignatureException", "InternalError", "InternalFailure", "InternalServerError",
    "InvalidClientTokenId", "InvalidSignatureException", "KmsFixtureNotImplementedException",
    "KmsFixtureRecordingRefusedException", "KmsFixtureReplayMismatchException", "MalformedQueryString",
    "MissingAuthenticationToken", "MissingAuthenticationTokenException", "NotAuthorizedException",
    "NotImplemented", "OptInRequired", "RequestExpired", "RequestLimitExceeded", "RequestTimeout",
    "SerializationException", "ServiceUnavailable", "ServiceUnavailableException", "ThrottledException",
    "Throttling", "ThrottlingException", "TooManyRequestsException", "UnknownOperationException",
    "UnrecognizedClientException", "ValidationError", "ValidationException",
];

/// The patterns that messages of failed validation quote.
pub(super) const PATTERNS: &[&str] = &[
    r"^[\w+=,.@:/-]+$",
    r"^([A-Za-z0-9\-]+)\.([A-Za-z0-9\-]+)(\.[A-Za-z0-9\-]+)+$",
    r"^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$",
    r"^[a-zA-Z0-9:/_-]+$",
    r"[\u0020-\u00FF]*",
    r"[\u0009\u000A\u000D\u0020-\u00FF]+",
    r"[\w]+",
    r"^[a-zA-Z0-9-_.]+$",
    r"^([a-z]+-){2,3}\d+$",
    r"^[a-f0-9]+$",
    r"^[a-zA-Z0-9:/_\s.-]+$",
];

/// All of them, for looking them up.
pub(super) fn contains(word: &str) -> bool {
    static ALL: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let lists = [OPERATIONS, WORDS, CODES, COMMON_CODES];
    let all = ALL.get_or_init(|| lists.into_iter().flatten().copied().collect());
    all.contains(word)
}
