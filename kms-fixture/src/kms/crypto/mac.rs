//! HMAC.

use aws_lc_rs::hmac::{self, Algorithm, HMAC_SHA224, HMAC_SHA256, HMAC_SHA384, HMAC_SHA512, Key};

use super::Fault;

/// Computes the HMAC of `message`. The key can have any length; a KMS key is as long as the digest.
pub(crate) fn hmac(algorithm: &str, key: &[u8], message: &[u8]) -> Result<Vec<u8>, Fault> {
    let key = Key::new(named(algorithm)?, key);
    Ok(hmac::sign(&key, message).as_ref().to_vec())
}

/// Returns whether `mac` is the HMAC of `message`.
pub(crate) fn hmac_verify(
    algorithm: &str,
    key: &[u8],
    message: &[u8],
    mac: &[u8],
) -> Result<bool, Fault> {
    let key = Key::new(named(algorithm)?, key);
    Ok(hmac::verify(&key, message, mac).is_ok())
}

fn named(algorithm: &str) -> Result<Algorithm, Fault> {
    match algorithm {
        "HMAC_SHA_224" => Ok(HMAC_SHA224),
        "HMAC_SHA_256" => Ok(HMAC_SHA256),
        "HMAC_SHA_384" => Ok(HMAC_SHA384),
        "HMAC_SHA_512" => Ok(HMAC_SHA512),
        _ => Err(Fault::Invalid),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::hex;
    use super::*;

    /// Checks the vectors of RFC 4231, test cases 1 and 2.
    #[test]
    fn hmac_matches_the_published_vectors() {
        let one = (vec![0x0b; 20], &b"Hi There"[..]);
        let two = (b"Jefe".to_vec(), &b"what do ya want for nothing?"[..]);
        let answers = [
            (&one, "HMAC_SHA_224", "896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22"),
            (
                &one,
                "HMAC_SHA_256",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                &one,
                "HMAC_SHA_384",
                "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c
            faea9ea9076ede7f4af152e8b2fa9cb6",
            ),
            (
                &one,
                "HMAC_SHA_512",
                "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde
            daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
            ),
            (&two, "HMAC_SHA_224", "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44"),
            (
                &two,
                "HMAC_SHA_256",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
        ];
        for ((key, message), algorithm, answer) in answers {
            let answer = hex(answer);
            assert_eq!(hmac(algorithm, key, message), Ok(answer.clone()));
            let right = |mac: &[u8]| hmac_verify(algorithm, key, message, mac);
            assert_eq!(right(&answer), Ok(true));
            assert_eq!(right(&answer[1..]), Ok(false));
            let other = hmac_verify(algorithm, b"other", message, &answer);
            assert_eq!(other, Ok(false));
        }
    }
}
