//! The parts of DER that AWS-LC does not read or write itself.

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_ID: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;

/// Encodes an element of `tag` that contains `parts` in order.
pub(super) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut bytes = vec![tag];
    if let Ok(short @ ..0x80) = u8::try_from(content.len()) {
        bytes.push(short);
    } else {
        let length = content.len().to_be_bytes();
        let zeros = length.iter().take_while(|it| **it == 0).count();
        let length = &length[zeros..];
        bytes.push(0x80 | length.len().to_le_bytes()[0]);
        bytes.extend(length);
    }
    bytes.extend(content);
    bytes
}

/// Returns whether `bytes` are one sequence without trailing bytes, which AWS-LC would ignore.
pub(super) fn is_one_sequence(bytes: &[u8]) -> bool {
    let [SEQUENCE, first, rest @ ..] = bytes else {
        return false;
    };
    let octets = usize::from(first & 0x7f);
    if first & 0x80 == 0 {
        return rest.len() == octets;
    }
    if octets == 0 || octets > 4 || rest.len() < octets {
        return false;
    }
    let (length, content) = rest.split_at(octets);
    let length = length.iter().fold(0, |sum, it| sum << 8 | u64::from(*it));
    u64::try_from(content.len()) == Ok(length)
}
