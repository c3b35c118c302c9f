//! AES-256-GCM.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::Fault;

/// The ciphertext of `plaintext`, and behind it the tag of 16 bytes. Fails for more than 64 GB only.
pub(crate) fn seal(
    key: &[u8; 32],
    nonce: [u8; NONCE_LEN],
    aad: &[u8],
    plaintext: &[u8],
) -> Result<Vec<u8>, Fault> {
    let mut bytes = plaintext.to_vec();
    let nonce = Nonce::assume_unique_for_key(nonce);
    cipher(key)?.seal_in_place_append_tag(nonce, Aad::from(aad), &mut bytes)?;
    Ok(bytes)
}

/// The plaintext of what [`seal`] returned; none for anything else.
pub(crate) fn open(
    key: &[u8; 32],
    nonce: [u8; NONCE_LEN],
    aad: &[u8],
    sealed: &[u8],
) -> Option<Vec<u8>> {
    let mut bytes = sealed.to_vec();
    let nonce = Nonce::assume_unique_for_key(nonce);
    let cipher = cipher(key).ok()?;
    let plaintext = cipher.open_in_place(nonce, Aad::from(aad), &mut bytes);
    let length = plaintext.ok()?.len();
    bytes.truncate(length);
    Some(bytes)
}

fn cipher(key: &[u8; 32]) -> Result<LessSafeKey, Fault> {
    Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key)?))
}
