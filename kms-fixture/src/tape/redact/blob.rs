//! Pseudonyms of bytes. They are as long as the bytes that they replace, because much depends on the length: whether
//! bytes fit into an RSA key, are a digest, or are as many as requested.

use super::numbered::numbered;

/// The kinds of bytes, in the order of the marks of short pseudonyms.
const STEMS: &[&str] = &[
    "plaintext",
    "message",
    "ciphertext",
    "signature",
    "mac",
    "public-key",
    "shared-secret",
    "bytes",
];

/// The padding of a long pseudonym, after its name.
const FILLER: u8 = b'.';
/// The first byte of a pseudonym that is too short for its name. No text contains this byte or a higher one.
const FIRST_MARK: u8 = 0xf5;
/// The values of a pseudonym of one byte, which is its number; none of them begins a character.
const SINGLE: std::ops::RangeInclusive<u64> = 1..=0x40;

/// Returns the pseudonym of `length` bytes, named `name`: the name with padding. A shorter one has its number in
/// binary after a mark. Single bytes with numbers that do not fit have the whole name.
pub(super) fn literal(stem: &str, name: &str, length: usize) -> String {
    let bytes = short(stem, name, length).unwrap_or_else(|| {
        let mut bytes = name.as_bytes().to_vec();
        bytes.resize(length.max(name.len()), FILLER);
        bytes
    });
    base64::STANDARD.encode_to_string(bytes)
}

fn short(stem: &str, name: &str, length: usize) -> Option<Vec<u8>> {
    let number = numbered(stem, name)?;
    if length == 0 || length >= name.len() {
        return None;
    }
    if length == 1 {
        let byte = u8::try_from(number).ok().filter(|_| SINGLE.contains(&number));
        return byte.map(|it| vec![0x7f + it]);
    }
    let digits = number.to_be_bytes();
    let mut bytes = vec![mark(stem)?];
    bytes.resize(length.saturating_sub(digits.len()).max(1), 0);
    let (rest, digits) = digits.split_at(digits.len().saturating_sub(length - 1));
    bytes.extend(digits);
    rest.iter().all(|it| *it == 0).then_some(bytes)
}

fn mark(stem: &str) -> Option<u8> {
    let place = STEMS.iter().position(|it| *it == stem)?;
    Some(FIRST_MARK + u8::try_from(place).ok()?)
}

/// Returns the number of a pseudonym of bytes.
pub(super) fn read(stem: &str, text: &str) -> Option<u64> {
    let bytes = base64::STANDARD.decode_to_vec(text).ok()?;
    if let Ok(text) = std::str::from_utf8(&bytes) {
        return numbered(stem, text.trim_end_matches(char::from(FILLER)));
    }
    let number = match bytes.as_slice() {
        [byte] => u64::from(byte.checked_sub(0x7f)?),
        [first, digits @ ..] if mark(stem) == Some(*first) => {
            let add = |sum: u64, it: &u8| {
                sum.checked_mul(0x100).and_then(|sum| sum.checked_add(u64::from(*it)))
            };
            digits.iter().try_fold(0, add)?
        }
        _ => return None,
    };
    // No other bytes have this form.
    let again = short(stem, &format!("{stem}-{number}"), bytes.len())?;
    (again == bytes).then_some(number)
}

#[cfg(test)]
mod tests;
