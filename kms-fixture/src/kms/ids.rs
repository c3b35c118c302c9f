//! The only source of randomness: a seeded generator of identifiers, tokens and credentials.
//!
//! A declared thing draws by its name, so that one more declaration does not change the ids of the others; a thing that
//! the API creates draws by a counter.

use std::collections::BTreeMap;
use std::hash::Hasher;

use sha2::{Digest, Sha256};

/// The generator of every id of one fixture, from its seed.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    seed: u64,
    /// The number of draws for each kind of thing.
    drawn: BTreeMap<&'static str, u64>,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, drawn: BTreeMap::new() }
    }

    /// Returns a seed that no other process has, from the seeds of the standard library's hashes.
    #[cfg(feature = "record")]
    pub(crate) fn drawn_seed() -> u64 {
        use std::hash::{BuildHasher, RandomState};
        RandomState::new().hash_one(std::process::id())
    }

    /// Derives a seed from text, such as the path of a test.
    pub(crate) fn seed_from(text: &str) -> u64 {
        let mut hasher = fnv::FnvHasher::default();
        hasher.write(text.as_bytes());
        hasher.finish()
    }

    /// Returns the randomness of a declared thing.
    pub(crate) fn named(&self, kind: &str, name: &str) -> Draw {
        let mut hasher = fnv::FnvHasher::with_key(self.seed ^ 0xcbf2_9ce4_8422_2325);
        hasher.write(kind.as_bytes());
        hasher.write_u8(0);
        hasher.write(name.as_bytes());
        Draw(fastrand::Rng::with_seed(hasher.finish()))
    }

    /// Returns the randomness of the next thing of this kind that the API creates.
    pub(crate) fn next(&mut self, kind: &'static str) -> Draw {
        let drawn = self.drawn.entry(kind).or_default();
        *drawn += 1;
        let number = drawn.to_string();
        // A separate kind, so that no declared thing draws the same bytes.
        self.named(&format!("{kind}, made"), &number)
    }

    /// Returns a check value over `parts` that only this fixture can compute.
    pub(crate) fn seal(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.seed.to_be_bytes());
        hash.update(purpose.as_bytes());
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }
}

/// A stream of randomness for one thing.
pub(crate) struct Draw(fastrand::Rng);

impl Draw {
    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    pub(crate) fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }

    /// Returns a number from 0 to below 1.
    pub(crate) fn share(&mut self) -> f64 {
        self.0.f64()
    }

    /// Returns a version 4 UUID.
    pub(crate) fn uuid(&mut self) -> String {
        let mut bytes: [u8; 16] = self.bytes();
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let mut text = hex(&bytes);
        for at in [20, 16, 12, 8] {
            text.insert(at, '-');
        }
        text
    }

    /// Returns a key id: a UUID, or `mrk-` and 32 hex digits (facts 2.1, 2.2).
    pub(crate) fn key_id(&mut self, multi_region: bool) -> String {
        if multi_region { format!("mrk-{}", hex(&self.bytes::<16>())) } else { self.uuid() }
    }

    /// Returns `prefix` with upper-case letters and digits up to `length`, as in IAM's unique ids and access key ids.
    pub(crate) fn upper(&mut self, prefix: &str, length: usize) -> String {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let mut text = prefix.as_bytes().to_vec();
        while text.len() < length {
            // `usize(..32)` draws this number, too, at five times the price in a debug build.
            text.push(ALPHABET[(self.0.u64(..) >> 59) as usize]);
        }
        String::from_utf8(text).unwrap_or_default()
    }

    /// Returns a secret access key of 40 characters.
    pub(crate) fn secret(&mut self) -> String {
        base64::STANDARD.encode_to_string(self.bytes::<30>())
    }

    /// Returns a session token.
    pub(crate) fn session_token(&mut self) -> String {
        base64::STANDARD.encode_to_string(self.bytes::<96>())
    }
}

/// Seeds the randomness of this thread, from which the SDK draws the jitter of its back-off.
pub(crate) fn seed_thread(seed: u64) {
    fastrand::seed(seed);
}

/// Returns the state of this thread's randomness.
#[cfg(feature = "macros")]
pub(crate) fn thread_seed() -> u64 {
    fastrand::get_seed()
}

/// Returns `bytes` in lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    // By index, which costs a tenth of `String::push` in a debug build.
    let mut all = vec![0; bytes.len() * 2];
    let text = all.as_mut_slice();
    let mut at = 0;
    while at < bytes.len() {
        text[at * 2] = DIGITS[(bytes[at] >> 4) as usize];
        text[at * 2 + 1] = DIGITS[(bytes[at] & 0xf) as usize];
        at += 1;
    }
    String::from_utf8(all).unwrap_or_default()
}

/// Returns the `N` bytes that a hex text represents; `None` for any other text.
pub(crate) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != N * 2 {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}
