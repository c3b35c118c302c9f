//! The form of pseudonyms of bytes, and the translation of bytes for a fake that follows a cassette: it receives its
//! own bytes, whatever their pseudonyms.

use serde_json::{Value, json};

use super::super::{ACCOUNT, Direction, Kind, Redacted, Redactor, Source};
use super::*;

#[test]
fn a_pseudonym_keeps_length_and_number() {
    for stem in STEMS {
        for number in [1, 9, 10, 64, 255, 256, 70_000] {
            let name = format!("{stem}-{number}");
            for length in [1, 2, 3, 4, 5, 8, 11, 12, 16, 28, 32, 48, 64, 4096] {
                let text = literal(stem, &name, length);
                assert_eq!(read(stem, &text), Some(number), "{name} of {length}");
                let found = base64::STANDARD.decode_to_vec(&text).unwrap().len();
                let has_room = number < [0x41, 0x100, 0x1_0000][length.min(3) - 1] || length > 3;
                assert_eq!(found == length, has_room, "{name} of {length}");
            }
        }
    }
}

#[test]
fn kinds_of_bytes_are_distinct_and_texts_are_not_pseudonyms() {
    for length in [2, 5, 9, 32] {
        let text = literal("mac", "mac-1", length);
        assert_eq!(read("signature", &text), None);
    }
    for live in ["a", "1", "hello", "\u{0}\u{0}\u{1}", "é", "plaintext", "plaintext-01"] {
        let text = base64::STANDARD.encode_to_string(live);
        assert_eq!(read("plaintext", &text), None, "{live}");
    }
}

/// A recorded cassette, and a fake that follows it.
struct Follower {
    recorder: Redactor,
    follower: Redactor,
}

impl Follower {
    fn new() -> Self {
        let redactor = || Redactor::new(ACCOUNT, &[], &[]);
        Self { recorder: redactor().reading(Source::Service), follower: redactor() }
    }

    /// Makes a call with this recorded input and output, and this answer of the fake. Returns the fake's input.
    fn call(
        &mut self,
        input: &Value,
        recorded: &Value,
        fake: impl FnOnce(&Value) -> Value,
    ) -> Value {
        let input = self.recorder.input(input);
        let recorded = self.recorder.output(recorded);
        let asked = self.follower.restore(&input, Direction::Sent);
        let output = fake(&asked);
        assert_eq!(self.follower.align(&recorded, &output, Direction::Received), []);
        asked
    }
}

/// Returns `length` bytes of a live service or of the fake, different for each `seed`.
fn bytes(seed: u8, length: usize) -> String {
    base64::STANDARD.encode_to_string(vec![seed; length])
}

fn length_of(value: &Value) -> usize {
    let text = value.as_str().unwrap();
    base64::STANDARD.decode_to_vec(text).unwrap().len()
}

#[test]
fn a_fake_receives_its_own_ciphertext() {
    let mut tape = Follower::new();
    let (live, made) = (bytes(0xa0, 170), bytes(0xb0, 158));
    tape.call(
        &json!({"KeyId": "alias/a", "Plaintext": bytes(1, 5)}),
        &json!({"CiphertextBlob": live}),
        |_| json!({"CiphertextBlob": made}),
    );
    let (copy, own_copy) = (bytes(0xa1, 170), bytes(0xb1, 158));
    let asked = tape.call(
        &json!({"CiphertextBlob": live, "DestinationKeyId": "alias/b"}),
        &json!({"CiphertextBlob": copy}),
        |_| json!({"CiphertextBlob": own_copy}),
    );
    assert_eq!(asked["CiphertextBlob"], made);
    for (live, made) in [(live, made), (copy, own_copy)] {
        let plain = json!({"Plaintext": bytes(1, 5)});
        let asked = tape.call(&json!({"CiphertextBlob": live}), &plain, |asked| {
            assert_eq!(asked["CiphertextBlob"], made);
            // The encrypted plaintext: the fake knows it by its pseudonym.
            json!({"Plaintext": tape_name("plaintext", 5)})
        });
        assert_eq!(asked["CiphertextBlob"], made);
    }
}

/// Returns the pseudonym of the first bytes of a kind.
fn tape_name(stem: &'static str, length: usize) -> String {
    let live = bytes(0, length);
    super::super::literal(Kind::Blob(stem), &format!("{stem}-1"), &live)
}

#[test]
fn a_data_key_is_recognized_when_its_ciphertext_is_decrypted() {
    for length in [1, 2, 8, 16, 32, 64, 1024] {
        let mut tape = Follower::new();
        let live = json!({"Plaintext": bytes(0xa0, length), "CiphertextBlob": bytes(0xa1, 184)});
        let made = json!({"Plaintext": bytes(0xb0, length), "CiphertextBlob": bytes(0xb1, 184)});
        tape.call(&json!({"NumberOfBytes": length}), &live, |_| made.clone());
        let plain = json!({"Plaintext": live["Plaintext"]});
        let asked = tape.call(
            &json!({"CiphertextBlob": live["CiphertextBlob"]}),
            &plain,
            |_| json!({"Plaintext": made["Plaintext"]}),
        );
        assert_eq!(asked["CiphertextBlob"], made["CiphertextBlob"]);
        // Another plaintext is a difference.
        let tape_has = tape.recorder.output(&plain);
        let other = json!({"Plaintext": bytes(0xb2, length)});
        let differences = tape.follower.align(&tape_has, &other, Direction::Received);
        assert_eq!(differences.len(), 1);
    }
}

#[test]
fn the_private_key_of_a_pair_is_recognized_when_it_is_decrypted() {
    let mut tape = Follower::new();
    let pair = |seed: u8| {
        json!({
            "PrivateKeyCiphertextBlob": bytes(seed, 300),
            "PrivateKeyPlaintext": bytes(seed + 1, 138),
            "PublicKey": bytes(seed + 2, 91),
        })
    };
    let (live, made) = (pair(0xa0), pair(0xb0));
    tape.call(&json!({"KeyPairSpec": "ECC_NIST_P256"}), &live, |_| made.clone());
    let asked = tape.call(
        &json!({"CiphertextBlob": live["PrivateKeyCiphertextBlob"]}),
        &json!({"Plaintext": live["PrivateKeyPlaintext"]}),
        |_| json!({"Plaintext": made["PrivateKeyPlaintext"]}),
    );
    assert_eq!(asked["CiphertextBlob"], made["PrivateKeyCiphertextBlob"]);
    // The public key agrees with another key.
    let asked = tape.call(
        &json!({"PublicKey": live["PublicKey"], "KeyAgreementAlgorithm": "ECDH"}),
        &json!({"SharedSecret": bytes(0xa7, 32)}),
        |_| json!({"SharedSecret": bytes(0xb7, 32)}),
    );
    assert_eq!(asked["PublicKey"], made["PublicKey"]);
}

#[test]
fn signatures_and_macs_become_those_of_the_fake() {
    // Output members that are members of a later input.
    for member in ["Signature", "Mac", "ImportToken", "PublicKey"] {
        let mut tape = Follower::new();
        let message = json!({"Message": bytes(1, 32)});
        let first = tape.call(
            &message,
            &json!({ member: bytes(0xa0, 71) }),
            |_| json!({ member: bytes(0xb0, 70) }),
        );
        let later = json!({"Message": bytes(1, 32), member: bytes(0xa0, 71)});
        let asked = tape.call(&later, &json!({}), |_| json!({}));
        assert_eq!(asked[member], bytes(0xb0, 70));
        assert_eq!(asked["Message"], first["Message"]);
        // A tampered value is unknown.
        let later = json!({"Message": bytes(1, 32), member: bytes(0xa9, 71)});
        let asked = tape.call(&later, &json!({}), |_| json!({}));
        assert_ne!(asked[member], bytes(0xb0, 70));
    }
}

#[test]
fn an_encapsulated_secret_is_recognized() {
    let mut tape = Follower::new();
    let secret = |seed: u8| json!({"SharedSecret": bytes(seed, 32), "SharedSecretCiphertextBlob": bytes(seed + 1, 1088)});
    let (live, made) = (secret(0xa0), secret(0xb0));
    tape.call(&json!({"EncapsulationAlgorithm": "ML_KEM"}), &live, |_| made.clone());
    let asked = tape.call(
        &json!({"SharedSecretCiphertextBlob": live["SharedSecretCiphertextBlob"]}),
        &json!({"SharedSecret": live["SharedSecret"]}),
        |_| json!({"SharedSecret": made["SharedSecret"]}),
    );
    assert_eq!(asked["SharedSecretCiphertextBlob"], made["SharedSecretCiphertextBlob"]);
}

#[test]
fn bytes_keep_their_number() {
    let mut redactor = Redactor::new(ACCOUNT, &[], &[]).reading(Source::Service);
    for length in [1, 2, 4, 9, 20, 28, 32, 48, 64, 190, 214, 4096, 4097] {
        for member in ["Plaintext", "Message", "CiphertextBlob", "Signature", "Mac"] {
            let redacted = redactor.input(&json!({ member: bytes(0xa0, length) }));
            assert_eq!(length_of(&redacted.value()[member]), length, "{member}");
            let again = Redactor::new(ACCOUNT, &[], &[]).input(redacted.value());
            assert_eq!(again, redacted);
        }
    }
    let none = json!({"Plaintext": "", "Message": ""});
    assert_eq!(redactor.input(&none).value(), &none);
}

#[test]
fn short_bytes_of_a_test_are_its_own() {
    let mut recorder = Redactor::new(ACCOUNT, &[], &[]).reading(Source::Service);
    let mut test = Redactor::new(ACCOUNT, &[], &[]);
    // The test sends the recorded bytes, and receives them back.
    for text in ["a", "hello", "\u{1}", "secret"] {
        let live = json!({"Plaintext": base64::STANDARD.encode_to_string(text)});
        let tape = recorder.input(&live);
        assert_ne!(tape.value(), &live);
        assert_eq!(test.align(&tape, &live, Direction::Sent), []);
        assert_eq!(test.restore(&tape, Direction::Received), live);
    }
}

#[test]
fn a_requested_date_is_of_the_test_s_own_time() {
    let mut test = Redactor::new(ACCOUNT, &[], &[]);
    let tape = Redacted::outline(json!({"ValidTo": 1_800_000_000}));
    let live = json!({"ValidTo": 1_900_000_000.5});
    assert_eq!(test.align(&tape, &live, Direction::Sent), []);
    for member in
        ["ParametersValidTo", "NextRotationDate", "OnDemandRotationStartDate", "RotationDate"]
    {
        let tape = Redacted::outline(json!({ member: 1 }));
        assert_eq!(test.align(&tape, &json!({ member: 2 }), Direction::Received), []);
    }
}
