//! Members that several operations have.

use super::super::shape::{Kind, Member, Text, optional, required};
use super::patterns::{MARKER_PATTERN, POLICY_PATTERN, REGION_PATTERN};

pub(super) const ANY: usize = usize::MAX;
pub(super) const KEY_ID: Kind = Kind::Text(Text::length(1, 2048));
pub(super) const GRANT_ID: Kind = Kind::Text(Text::length(1, 128));
pub(super) const GRANT_TOKEN: Kind = Kind::Text(Text::length(1, 8192));
pub(super) const GRANT_TOKENS: Kind = Kind::List(0, 10, &GRANT_TOKEN);
pub(super) const LIMIT: Kind = Kind::Integer(1, 1000);
pub(super) const MARKER: Kind = Kind::Text(Text::length(1, 1024).like(&MARKER_PATTERN));
pub(super) const DESCRIPTION: Kind = Kind::Text(Text::length(0, 8192));
pub(super) const POLICY: Kind = Kind::Text(Text::length(1, 131_072).like(&POLICY_PATTERN));
pub(super) const REGION: Kind = Kind::Text(Text::length(1, 32).like(&REGION_PATTERN));
pub(super) const KEY_STORE: Kind = Kind::Text(Text::length(1, 64));

pub(super) const TAG_KEY: Kind = Kind::Text(Text::length(1, 128));
const TAG: Kind = Kind::Structure(&[
    required("TagKey", TAG_KEY),
    required("TagValue", Kind::Text(Text::length(0, 256))),
]);
pub(super) const TAGS: Kind = Kind::List(0, ANY, &TAG);

/// What may be said in clear, and is never shown.
pub(super) const PLAINTEXT: Kind = Kind::Blob { min: 1, max: 4096, sensitive: true };
/// The model has one type for ciphertexts, signatures, codes and tokens.
pub(super) const CIPHERTEXT: Kind = bytes(6144);

/// The enclave that an answer is for.
pub(super) const RECIPIENT: Kind = Kind::Structure(&[
    optional("KeyEncryptionAlgorithm", one_of(&["RSAES_OAEP_SHA_256"])),
    optional("AttestationDocument", bytes(262_144)),
]);

pub(super) const KEY_ONLY: &[Member] = &[required("KeyId", KEY_ID)];

/// A word of an enum.
pub(super) const fn one_of(words: &'static [&'static str]) -> Kind {
    Kind::Text(Text::one_of(words))
}

/// So many bytes at most, and one at least, that may be shown.
pub(super) const fn bytes(max: usize) -> Kind {
    Kind::Blob { min: 1, max, sensitive: false }
}
