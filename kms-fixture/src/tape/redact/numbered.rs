//! The number in the name of an undeclared thing: `key-7`.

/// Returns the number in `stem-7`.
pub(super) fn numbered(stem: &str, name: &str) -> Option<u64> {
    let digits = name.strip_prefix(stem)?.strip_prefix('-')?;
    let plain = !digits.starts_with(['0', '+']) && digits.len() <= 9;
    digits.parse().ok().filter(|_| plain)
}
