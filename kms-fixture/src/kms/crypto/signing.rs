//! SHA-256, and the signing keys of Signature Version 4 (IAM User Guide, "Create a signed AWS API request").

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};

/// Returns the SHA-256 of `bytes`.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    copy(digest(&SHA256, bytes).as_ref())
}

/// Returns whether two texts of one length are equal. The time does not depend on where they differ.
pub(crate) fn are_equal(one: &[u8], other: &[u8]) -> bool {
    verify_slices_are_equal(one, other).is_ok()
}

/// A key for the requests of one credential scope: one day, one Region, one service.
pub(crate) struct SigningKey(Key);

impl SigningKey {
    /// Derives the key of a secret access key for a credential scope, `20260101/us-east-1/kms/aws4_request`.
    pub(crate) fn derive(secret: &str, scope: &str) -> Self {
        let first = Key::new(HMAC_SHA256, ["AWS4", secret].concat().as_bytes());
        let next =
            |key: Key, part: &str| Key::new(HMAC_SHA256, sign(&key, part.as_bytes()).as_ref());
        Self(scope.split('/').fold(first, next))
    }

    /// Returns the HMAC-SHA-256 of `message`.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 32] {
        copy(sign(&self.0, message).as_ref())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey")
    }
}

fn copy(bytes: &[u8]) -> [u8; 32] {
    let mut copied = [0; 32];
    copied.copy_from_slice(bytes);
    copied
}

#[cfg(test)]
mod tests {
    use super::super::tests::hex;
    use super::*;

    /// Checks the vectors of RFC 4231, test cases 1 to 4, 6 and 7. Case 5 cuts its result.
    #[test]
    fn signatures_match_the_vectors_of_rfc_4231() {
        let large_key = "Test Using Larger Than Block-Size Key - Hash Key First";
        let large_both = "This is a test using a larger than block-size key and a larger than block-size data. \
                          The key needs to be hashed before being used by the HMAC algorithm.";
        let cases: [(Vec<u8>, &[u8], &str); 6] = [
            (
                vec![0x0b; 20],
                b"Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe".to_vec(),
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                vec![0xaa; 20],
                &[0xdd; 50],
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            ),
            (
                (1..=25).collect(),
                &[0xcd; 50],
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
            ),
            (
                vec![0xaa; 131],
                large_key.as_bytes(),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
            (
                vec![0xaa; 131],
                large_both.as_bytes(),
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
            ),
        ];
        for (key, message, expected) in cases {
            let key = SigningKey(Key::new(HMAC_SHA256, &key));
            assert_eq!(key.sign(message).as_slice(), hex(expected));
        }
    }

    /// Checks the example of FIPS 180-4 for SHA-256, `abc`, and the digest of nothing.
    #[test]
    fn digests_match_the_published_ones() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc").as_slice(), hex(abc));
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256(b"").as_slice(), hex(nothing));
    }

    /// Checks the example of the AWS General Reference, "Examples of how to derive a signing key for Signature Version 4".
    #[test]
    fn a_signing_key_is_the_published_one() {
        let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
        let published = "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d";
        let key = SigningKey::derive(secret, "20120215/us-east-1/iam/aws4_request");
        let same = SigningKey(Key::new(HMAC_SHA256, &hex(published)));
        assert_eq!(key.sign(b"message"), same.sign(b"message"));
    }
}
