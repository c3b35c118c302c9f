//! The meaning of each shape's texts for redaction. The model lacks it, so this table is written by hand.

use Meaning::{
    Account, Alias, Arn, Blob, Context, Grant, Key, Material, Plain, Policy, Principal, Region,
    Service, Text, Token, Word,
};

use super::shape::{Shape, Type};
use super::shapes;

/// The meaning of a text, which decides the form of its pseudonym.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Account,
    Alias,
    Arn,
    /// Bytes, and the stem of their pseudonym.
    Blob(&'static str),
    /// The code of an error.
    Code,
    Context,
    Grant,
    Key,
    Material,
    /// A structure, a number, a boolean or a date, never a text.
    Plain,
    Policy,
    Principal,
    /// A sentence.
    Prose,
    Region,
    Service,
    /// Any other text, and the stem of its pseudonym.
    Text(&'static str),
    Token,
    /// A word that AWS has published.
    Word,
}

/// The meaning of each text and blob. Words of enums, maps, and values without texts need no row.
static BY_SHAPE: &[(&Shape, Meaning)] = &[
    (&shapes::AWSAccountIdType, Account),
    (&shapes::AccountIdType, Account),
    (&shapes::AliasNameType, Alias),
    (&shapes::ArnType, Arn),
    (&shapes::AttestationDocumentType, Blob("bytes")),
    (&shapes::BackingKeyIdResponseType, Material),
    (&shapes::BackingKeyIdType, Material),
    (&shapes::CiphertextType, Blob("bytes")),
    (&shapes::CloudHsmClusterIdType, Text("text")),
    (&shapes::CloudTrailEventIdType, Text("text")),
    (&shapes::CustomKeyStoreIdType, Text("text")),
    (&shapes::CustomKeyStoreNameType, Text("text")),
    (&shapes::DescriptionType, Text("description")),
    (&shapes::GrantConstraintSourceArnType, Arn),
    (&shapes::GrantIdType, Grant),
    (&shapes::GrantNameType, Text("name")),
    (&shapes::GrantTokenType, Token),
    (&shapes::KeyIdType, Key),
    (&shapes::KeyMaterialDescriptionType, Text("description")),
    (&shapes::KeyStorePasswordType, Text("text")),
    (&shapes::KmsRequestIdType, Text("text")),
    (&shapes::MarkerType, Text("marker")),
    (&shapes::PlaintextType, Blob("plaintext")),
    (&shapes::PolicyNameType, Word), // the only name is `default`
    (&shapes::PolicyType, Policy),
    (&shapes::PrincipalIdType, Principal),
    (&shapes::PublicKeyType, Blob("public-key")),
    (&shapes::RegionType, Region),
    (&shapes::ServicePrincipalType, Service),
    (&shapes::TagKeyType, Text("tag-key")),
    (&shapes::TagValueType, Text("tag-value")),
    (&shapes::TrustAnchorCertificateType, Text("text")),
    (&shapes::XksKeyIdType, Text("text")),
    (&shapes::XksProxyAuthenticationAccessKeyIdType, Text("text")),
    (&shapes::XksProxyAuthenticationRawSecretAccessKeyType, Text("text")),
    (&shapes::XksProxyUriEndpointType, Text("text")),
    (&shapes::XksProxyUriPathType, Text("text")),
    (&shapes::XksProxyVpcEndpointServiceNameType, Text("text")),
];

/// Members of `CiphertextType` and `PlaintextType`, which the model uses for bytes of several kinds.
static BY_MEMBER: &[(&str, Meaning)] = &[
    ("CiphertextBlob", Blob("ciphertext")),
    ("Mac", Blob("mac")),
    ("Message", Blob("message")),
    ("PrivateKeyCiphertextBlob", Blob("ciphertext")), // `Decrypt` takes it
    ("PublicKey", Blob("public-key")),
    ("SharedSecret", Blob("shared-secret")),
    ("Signature", Blob("signature")),
];

/// Lists in the model's own order of algorithms. AWS promises no order for other lists.
static ORDERED: &[&Shape] = &[
    &shapes::EncryptionAlgorithmSpecList,
    &shapes::KeyAgreementAlgorithmSpecList,
    &shapes::MacAlgorithmSpecList,
    &shapes::PolicyNameList,
    &shapes::SigningAlgorithmSpecList,
];

/// Returns whether the order of the lists of `member` matters.
pub(crate) fn is_ordered(member: &str) -> bool {
    super::member(member).is_some_and(has_order)
}

/// Returns whether `shape` is a list whose order matters.
pub(super) fn has_order(shape: &Shape) -> bool {
    ORDERED.iter().any(|it| it.name == shape.name)
}

/// Returns the meaning of the texts of `member` with this shape.
pub(super) fn of(member: &str, shape: &'static Shape) -> Meaning {
    let shape = shape.element();
    let narrower = BY_MEMBER.iter().find(|(name, _)| *name == member).map(|(_, it)| *it);
    let of_shape = || BY_SHAPE.iter().find(|(it, _)| it.name == shape.name).map(|(_, it)| *it);
    match shape.type_ {
        Type::Word(_) => Word,
        Type::Blob { .. } => narrower.or_else(of_shape).unwrap_or(Blob("bytes")),
        Type::Text(_) => of_shape().unwrap_or(Text("text")),
        Type::Map { .. } => Context,
        _ => Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Member;
    use crate::api::shapes::SHAPES;

    #[test]
    fn every_text_and_blob_of_the_api_has_one_row() {
        let leaf = |it: &Member| it.shape.element();
        for shape in SHAPES.iter().flat_map(|it| it.members()).map(leaf) {
            let needs = matches!(shape.type_, Type::Text(_) | Type::Blob { .. });
            let rows = BY_SHAPE.iter().filter(|(it, _)| it.name == shape.name).count();
            assert_eq!(rows, usize::from(needs), "{}", shape.name);
        }
    }

    #[test]
    fn members_with_their_own_row_have_one_of_the_two_shapes() {
        for (name, _) in BY_MEMBER {
            let mut shapes =
                SHAPES.iter().flat_map(|it| it.members()).filter(|it| it.name == *name);
            assert!(
                shapes.any(|it| ["CiphertextType", "PlaintextType"].contains(&it.shape.name)),
                "{name}"
            );
        }
    }

    #[test]
    fn ordered_shapes_are_lists() {
        for shape in ORDERED {
            assert!(matches!(shape.type_, Type::List { .. }), "{}", shape.name);
        }
    }
}
