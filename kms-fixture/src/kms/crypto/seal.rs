//! AES-256-GCM.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::Fault;

/// Encrypts `plaintext` and appends the tag of 16 bytes. Fails only above 64 GB.
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

/// Decrypts an output of [`seal`]; returns nothing for other bytes.
pub(crate) fn open(
    key: &[u8; 32],
    nonce: [u8; NONCE_LEN],
    aad: &[u8],
    sealed: &[u8],
) -> Option<Vec<u8>> {
    let mut bytes = sealed.to_vec();
    let nonce = Nonce::assume_unique_for_key(nonce);
    let length = cipher(key).ok()?.open_in_place(nonce, Aad::from(aad), &mut bytes).ok()?.len();
    bytes.truncate(length);
    Some(bytes)
}

fn cipher(key: &[u8; 32]) -> Result<LessSafeKey, Fault> {
    Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key)?))
}

#[cfg(test)]
mod tests {
    use super::super::tests::hex;
    use super::*;

    /// Checks the vectors of McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 14 and 16.
    #[test]
    fn aes_gcm_matches_the_published_vectors() {
        let sealed = seal(&[0; 32], [0; 12], b"", &[0; 16]).unwrap();
        let answer = "cea7403d4d606b6e074ec5d3baf39d18 d0d1c8a799996bf0265b98b5d48ab919";
        assert_eq!(sealed, hex(answer));

        let key = hex("feffe9928665731c6d6a8f9467308308 feffe9928665731c6d6a8f9467308308");
        let key = key.try_into().unwrap();
        let nonce = hex("cafebabefacedbaddecaf888").try_into().unwrap();
        let aad = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let plaintext = hex("d9313225f88406e5a55909c5aff5269a 86a7a9531534f7da2e4c303d8a318a72
        1c3c0c95956809532fcf0e2449a6b525 b16aedf5aa0de657ba637b39");
        let answer = hex(
            "522dc1f099567d07f47f37a32a84427d 643a8cdcbfe5c0c97598a2bd2555d1aa
        8cb08e48590dbb3da7b08b1056828838 c5f61e6393ba7a0abcc9f662 76fc6ece0f4e1768cddf8853bb2d551b",
        );
        let sealed = seal(&key, nonce, &aad, &plaintext).unwrap();
        assert_eq!(sealed, answer);
        assert_eq!(open(&key, nonce, &aad, &sealed), Some(plaintext));
        assert_eq!(open(&key, nonce, b"other", &sealed), None);
        assert_eq!(open(&[1; 32], nonce, &aad, &sealed), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 0x80;
            assert_eq!(open(&key, nonce, &aad, &changed), None);
            assert_eq!(open(&key, nonce, &aad, &sealed[..at]), None);
        }
    }
}
