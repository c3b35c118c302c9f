//! Grant tokens: opaque, self-describing, new at every CreateGrant (facts 2.6, 2.7).
//!
//! The form is that of the one published sample: 368 bytes, 491 characters of URL-safe base64, a digest, a blob
//! and the grant's id. What the digest and the blob hold is ours.

use super::GrantId;
use crate::kms::ids::{Ids, hex};

const LENGTH: usize = 368;
/// A version, and the head of field 1, which has 64 bytes.
const HEAD: [u8; DIGEST] = [0x01, 0x0a, 0x40];
const DIGEST: usize = 3;
const BLOB: usize = DIGEST + 64;
const ID: usize = LENGTH - 32;

/// A new token for the grant, the `serial`th one.
pub(crate) fn mint_token(ids: &Ids, grant: &GrantId, serial: u64) -> String {
    let mut bytes = Vec::with_capacity(LENGTH);
    bytes.extend(HEAD);
    bytes.extend([0; 64]);
    // Field 4: 264 bytes that begin like a KMS ciphertext.
    bytes.extend([0x22, 0x88, 0x02, 0x01, 0x02, 0x02, 0x00, 0x78]);
    let name = format!("{}/{serial}", hex(grant));
    bytes.extend(ids.named("grant-token", &name).bytes::<259>());
    bytes.extend([0x2a, 0x20]);
    bytes.extend(grant);
    let digest = hex(&ids.seal("grant-token", &[&bytes[BLOB..]]));
    bytes[DIGEST..BLOB].copy_from_slice(digest.as_bytes());
    base64::URL_SAFE_NO_PAD.encode_to_string(bytes)
}

/// The grant that a token of this fixture was made for, whether it still exists or not.
pub(crate) fn read_token(ids: &Ids, token: &str) -> Option<GrantId> {
    let bytes = base64::URL_SAFE_NO_PAD.decode_to_vec(token).ok()?;
    if bytes.len() != LENGTH || bytes[..DIGEST] != HEAD {
        return None;
    }
    let digest = hex(&ids.seal("grant-token", &[&bytes[BLOB..]]));
    if bytes[DIGEST..BLOB] != *digest.as_bytes() {
        return None;
    }
    bytes[ID..].try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published in the API reference of CreateGrant; fact 2.6 counts 491 characters and 368 bytes.
    #[test]
    fn a_token_has_the_form_of_the_published_sample() {
        let ids = Ids::new(1);
        let token = mint_token(&ids, &[7; 32], 0);
        assert_eq!(token.len(), 491);
        assert!(token.starts_with("AQpA"));
        assert_eq!(read_token(&ids, &token), Some([7; 32]));
        assert_ne!(token, mint_token(&ids, &[7; 32], 1));
    }

    #[test]
    fn a_token_of_another_fixture_or_a_changed_one_is_refused() {
        let token = mint_token(&Ids::new(1), &[7; 32], 0);
        assert_eq!(read_token(&Ids::new(2), &token), None);
        let changed = token.replace(&token[100..110], &token[110..120]);
        assert_eq!(read_token(&Ids::new(1), &changed), None);
        assert_eq!(read_token(&Ids::new(1), &token.replacen("AQpA", "AQpB", 1)), None);
    }
}
