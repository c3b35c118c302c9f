//! Ciphertexts of symmetric keys: opaque blobs that identify their key and are bound to their encryption context.
//!
//! The outer form is that of recorded ciphertexts (fact 13.1): a version, the id of the material, 16 random bytes and a
//! PKCS#7 `EncryptedData`. The associated data is our own choice: the head and the encryption context. Half of the
//! random bytes are a check value, which distinguishes a corrupted id from that of a deleted key.

use crate::kms::crypto;
use crate::kms::store::MaterialId;
use crate::model::EncryptionContext;

const PREFIX: [u8; 5] = [0x01, 0x02, 0x02, 0x00, 0x78];
/// The prefix of encrypted data keys.
const DATA_KEY_PREFIX: [u8; 5] = [0x01, 0x02, 0x03, 0x00, 0x78];
/// The byte after the material id.
const VERSION: u8 = 0x01;
/// The length of what AWS encrypts before the plaintext; the content is not known.
const INNER_HEAD: usize = 11;
/// The prefix, the id, the version and the random bytes.
const HEAD: usize = 5 + 32 + 1 + 16;

const ENCRYPTED_DATA: [u8; 11] = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 6];
const DATA: [u8; 11] = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
const AES_256_GCM: [u8; 11] = [0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2e];
const TAG_LENGTH: [u8; 3] = [0x02, 1, 16];
const ZERO: [u8; 3] = [0x02, 1, 0];

/// The content of a ciphertext.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum CiphertextKind {
    Message,
    DataKey,
}

/// The random bytes of a new ciphertext.
pub(super) struct Randomness {
    pub(super) salt: [u8; 8],
    pub(super) nonce: [u8; 12],
}

/// A parsed ciphertext.
pub(super) struct Ciphertext<'a> {
    head: &'a [u8],
    pub(super) material: MaterialId,
    nonce: [u8; 12],
    sealed: &'a [u8],
}

/// Encrypts `plaintext` under `key`, whose id is `material`.
pub(super) fn seal(
    kind: CiphertextKind,
    material: &MaterialId,
    key: &[u8; 32],
    context: &EncryptionContext,
    plaintext: &[u8],
    randomness: &Randomness,
) -> Result<Vec<u8>, crypto::Fault> {
    let prefix = match kind {
        CiphertextKind::Message => PREFIX,
        CiphertextKind::DataKey => DATA_KEY_PREFIX,
    };
    let mut head = [&prefix[..], material, &[VERSION], &randomness.salt].concat();
    head.extend(head_check(&head)?);
    let inner = [&[0; INNER_HEAD], plaintext].concat();
    let sealed = crypto::seal(key, randomness.nonce, &associated_data(&head, context), &inner)?;
    Ok(encode(&head, &randomness.nonce, &sealed))
}

impl<'a> Ciphertext<'a> {
    /// Parses a ciphertext; returns `None` for other bytes.
    pub(super) fn read(blob: &'a [u8]) -> Option<Self> {
        let (head, rest) = blob.split_at_checked(HEAD)?;
        let material = head[5..37].try_into().ok()?;
        // Parses from the outside in; the comparison below covers the bytes that are skipped here.
        let outer = value(rest.get(4..)?)?;
        let encrypted = value(value(outer.get(ENCRYPTED_DATA.len()..)?)?)?;
        let content = value(encrypted.get(ZERO.len()..)?)?.get(DATA.len()..)?;
        let parameters = value(value(content)?.get(AES_256_GCM.len()..)?)?;
        let nonce = value(parameters)?.try_into().ok()?;
        let sealed = value(content.get(2 + value(content)?.len()..)?)?;
        let prefixes = [PREFIX, DATA_KEY_PREFIX];
        let checked = head_check(&head[..HEAD - 8]).is_ok_and(|it| head.ends_with(&it));
        let known =
            prefixes.iter().any(|it| head.starts_with(it)) && head[37] == VERSION && checked;
        (known && encode(head, &nonce, sealed) == blob).then_some(Self {
            head,
            material,
            nonce,
            sealed,
        })
    }

    /// Decrypts the ciphertext; returns `None` for a wrong key or context.
    pub(super) fn open(&self, key: &[u8; 32], context: &EncryptionContext) -> Option<Vec<u8>> {
        let mut inner =
            crypto::open(key, self.nonce, &associated_data(self.head, context), self.sealed)?;
        (inner.len() >= INNER_HEAD).then(|| inner.split_off(INNER_HEAD))
    }
}

/// Returns the material of the key of a ciphertext, which is in base64.
pub(in crate::kms::ops) fn material_of(text: &str) -> Option<MaterialId> {
    let blob = base64::STANDARD.decode_to_vec(text).ok()?;
    Ciphertext::read(&blob).map(|it| it.material)
}

/// Returns the check value at the end of a head.
fn head_check(head: &[u8]) -> Result<[u8; 8], crypto::Fault> {
    let sum = crypto::hmac("HMAC_SHA_256", b"the head of a ciphertext", head)?;
    sum.first_chunk().copied().ok_or(crypto::Fault::Invalid)
}

/// Returns the associated data: the head, then each key and value in sorted order, with a length prefix.
fn associated_data(head: &[u8], context: &EncryptionContext) -> Vec<u8> {
    let mut bytes = head.to_vec();
    for text in context.iter().flat_map(|(name, value)| [name, value]) {
        bytes.extend((text.len() as u64).to_be_bytes());
        bytes.extend(text.as_bytes());
    }
    bytes
}

fn encode(head: &[u8], nonce: &[u8; 12], sealed: &[u8]) -> Vec<u8> {
    let parameters = der(0x30, &[&der(0x04, nonce)[..], &TAG_LENGTH].concat());
    let algorithm = der(0x30, &[&AES_256_GCM[..], &parameters].concat());
    let content = [&DATA[..], &algorithm, &der(0x80, sealed)].concat();
    let encrypted = der(0x30, &[&ZERO[..], &der(0x30, &content)].concat());
    let outer = der(0x30, &[&ENCRYPTED_DATA[..], &der(0xa0, &encrypted)].concat());
    // Ciphertexts have some kilobytes at most.
    let length = u32::try_from(outer.len()).unwrap_or(u32::MAX);
    [head, &length.to_be_bytes(), &outer].concat()
}

/// Encodes an ASN.1 value as DER (X.690).
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let digits: Vec<u8> = length.into_iter().skip_while(|it| *it == 0).collect();
    let mut bytes = vec![tag];
    match (content.len(), digits.len()) {
        (0..128, _) => bytes.push(digits.first().copied().unwrap_or(0)),
        #[allow(clippy::cast_possible_truncation)] // at most the 8 digits of a length
        (_, count) => {
            bytes.push(0x80 | count as u8);
            bytes.extend(&digits);
        }
    }
    bytes.extend(content);
    bytes
}

/// Returns the content of the DER value at the beginning of `bytes`.
fn value(bytes: &[u8]) -> Option<&[u8]> {
    let (&first, rest) = bytes.get(1..)?.split_first()?;
    let count = usize::from(first & 0x7f);
    if first < 128 {
        return rest.get(..count);
    }
    let (digits, rest) = rest.split_at_checked(count)?;
    if count > 4 {
        return None;
    }
    let length = digits.iter().fold(0, |sum, it| sum << 8 | usize::from(*it));
    rest.get(..length)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANDOMNESS: Randomness = Randomness { salt: [7; 8], nonce: [9; 12] };

    fn made(kind: CiphertextKind, length: usize) -> Vec<u8> {
        let (id, key) = ([1; 32], [2; 32]);
        let context = EncryptionContext::new();
        seal(kind, &id, &key, &context, &vec![5; length], &RANDOMNESS).unwrap()
    }

    // Recorded lengths (fact 13.1): 164 for 12 bytes, 184 for a data key of 32, 2,536 for a private key of 2,374.
    #[test]
    fn ciphertexts_have_the_recorded_lengths_and_prefixes() {
        for (plaintext, ciphertext) in [(12, 164), (16, 168), (22, 174), (32, 184), (2374, 2536)] {
            assert_eq!(made(CiphertextKind::Message, plaintext).len(), ciphertext);
        }
        let text: String = base64::STANDARD.encode_to_string(made(CiphertextKind::Message, 5));
        assert!(text.starts_with("AQICAH"), "{text}");
        let text: String = base64::STANDARD.encode_to_string(made(CiphertextKind::DataKey, 5));
        assert!(text.starts_with("AQIDAH"), "{text}");
    }

    #[test]
    fn a_changed_or_truncated_ciphertext_is_rejected() {
        let blob = made(CiphertextKind::DataKey, 32);
        let context = EncryptionContext::new();
        let plain = |blob: &[u8]| Ciphertext::read(blob)?.open(&[2; 32], &context);
        assert_eq!(plain(&blob), Some(vec![5; 32]));
        for at in 0..blob.len() {
            let mut changed = blob.clone();
            changed[at] ^= 1;
            assert_eq!(plain(&changed), None, "byte {at}");
            assert_eq!(plain(&blob[..at]), None, "{at} bytes");
        }
        assert_eq!(plain(&[&blob[..], &[0]].concat()), None);
    }
}
