//! Grant tokens: opaque, self-describing, new at every CreateGrant (facts 2.6, 2.7).
//!
//! The form is that of the only published sample: 368 bytes, 491 characters of URL-safe base64, a digest, a blob and
//! the grant id. The content of the digest and the blob is our own choice.

use super::GrantId;
use crate::kms::ids::{Ids, hex};

const LENGTH: usize = 368;
/// A version, then the tag and length (64) of field 1.
const HEAD: [u8; DIGEST] = [0x01, 0x0a, 0x40];
const DIGEST: usize = 3;
const BLOB: usize = DIGEST + 64;
const ID: usize = LENGTH - 32;

/// Creates the `serial`th token of a grant.
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

/// Returns the grant of a token of this fixture, which may no longer exist.
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

    // The API reference of CreateGrant shows the sample; fact 2.6 counts 491 characters and 368 bytes.
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
    fn foreign_and_changed_tokens_are_rejected() {
        let token = mint_token(&Ids::new(1), &[7; 32], 0);
        assert_eq!(read_token(&Ids::new(2), &token), None);
        let changed = token.replace(&token[100..110], &token[110..120]);
        assert_eq!(read_token(&Ids::new(1), &changed), None);
        assert_eq!(read_token(&Ids::new(1), &token.replacen("AQpA", "AQpB", 1)), None);
    }
}
