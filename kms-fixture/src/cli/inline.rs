//! The parts in which two texts differ.

use similar::{ChangeTag, TextDiff};

/// The longest texts that are compared within, in bytes.
const LONGEST: usize = 4000;

/// A part of a text, and whether the other text lacks it.
pub(super) type Part = (bool, String);

/// Splits two texts into the parts that they share and those that differ.
pub(super) fn parts(one: &str, other: &str) -> (Vec<Part>, Vec<Part>) {
    if one.len().max(other.len()) > LONGEST {
        return (vec![(true, one.to_owned())], vec![(true, other.to_owned())]);
    }
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for change in TextDiff::from_words(one, other).iter_all_changes() {
        let text = change.value();
        match change.tag() {
            ChangeTag::Equal => {
                push(&mut first, false, text);
                push(&mut second, false, text);
            }
            ChangeTag::Delete => push(&mut first, true, text),
            ChangeTag::Insert => push(&mut second, true, text),
        }
    }
    (first, second)
}

/// Adds a part, or lengthens the last one.
fn push(parts: &mut Vec<Part>, differs: bool, text: &str) {
    match parts.last_mut() {
        Some(last) if last.0 == differs => last.1 += text,
        _ => parts.push((differs, text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_the_texts_and_only_what_differs_is_marked() {
        let (first, second) = parts("Decrypt by the worker", "Encrypt by the worker");
        let whole = |it: &[Part]| it.iter().map(|it| it.1.as_str()).collect::<String>();
        assert_eq!(whole(&first), "Decrypt by the worker");
        assert_eq!(whole(&second), "Encrypt by the worker");
        assert_eq!(first[0], (true, "Decrypt".to_owned()));
        assert!(!first[1].0);
    }
}
