//! The search for live texts in bytes, in plain and in encodings that could hide them.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::Leak;
use crate::tape::redact::known;

/// The length of the shortest text to search for; shorter ones occur in every file.
const SHORTEST: usize = 4;
/// The length of the searched beginning of a long text.
const LONGEST: usize = 64;
/// The length of the shortest text whose encodings are searched for.
const SHORTEST_ENCODED: usize = 8;

/// Returns where `bytes` contain one of `live`, unless the text is `public` or a word of AWS.
pub(super) fn search<'a>(
    bytes: &[u8],
    live: impl IntoIterator<Item = (&'a str, &'a str)>,
    public: &dyn Fn(&str) -> bool,
) -> Vec<Leak> {
    let mut needles: BTreeMap<Vec<u8>, (&str, &str, usize)> = BTreeMap::new();
    for (what, text) in live {
        if text.len() < SHORTEST
            || known::is_word(text)
            || known::is_vocabulary(text)
            || public(text)
        {
            continue;
        }
        // The beginning of a long text is enough.
        let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
        for (encoding, needle) in encodings(&text[..end]) {
            needles.entry(needle).or_insert((what, encoding, text.len()));
        }
    }
    let (needles, what): (Vec<_>, Vec<_>) = needles.into_iter().unzip();
    let automaton =
        AhoCorasick::builder().kind(Some(AhoCorasickKind::NoncontiguousNFA)).build(&needles);
    let Ok(automaton) = automaton else {
        return vec![Leak { place: "there are too many live values to search for".to_owned() }];
    };
    let mut leaks = Vec::new();
    for found in automaton.find_overlapping_iter(bytes) {
        let (what, encoding, length) = what[found.pattern().as_usize()];
        // A short text inside a longer word does not count.
        if length < SHORTEST_ENCODED && is_inside_a_word(bytes, found.start(), found.end()) {
            continue;
        }
        let number = bytes[..found.start()].split(|it| *it == b'\n').count();
        let place = format!("line {number}: {what}{encoding}");
        if !leaks.iter().any(|it: &Leak| it.place == place) {
            leaks.push(Leak { place });
        }
    }
    leaks
}

/// Returns `text` with every one of `words` masked, the longest first.
pub(super) fn mask(text: &str, words: &[&str]) -> String {
    let automaton = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::NoncontiguousNFA))
        .match_kind(MatchKind::LeftmostLongest)
        .build(words);
    match automaton {
        Ok(automaton) => {
            let mut masked = String::with_capacity(text.len());
            automaton.replace_all_with(text, &mut masked, |found, word, masked| {
                // Part of a longer word is another word.
                if is_inside_a_word(text.as_bytes(), found.start(), found.end()) {
                    masked.push_str(word);
                } else {
                    masked.push('\u{1}');
                }
                true
            });
            masked
        }
        Err(_) => text.to_owned(),
    }
}

fn is_inside_a_word(bytes: &[u8], start: usize, end: usize) -> bool {
    let part = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphanumeric);
    part(start.checked_sub(1).and_then(|it| bytes.get(it))) || part(bytes.get(end))
}

/// Returns a text in plain, escaped as in JSON, in base64 at every alignment, URL-encoded, and in hex.
fn encodings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let mut all = vec![("", text.as_bytes().to_vec())];
    let escaped = serde_json::Value::from(text).to_string();
    let inner = escaped[1..escaped.len() - 1].to_owned();
    if inner != text {
        let twice = serde_json::Value::from(inner.as_str()).to_string();
        all.push((", escaped", twice.as_bytes()[1..twice.len() - 1].to_vec()));
        all.push((", escaped", inner.into_bytes()));
    }
    if text.len() < SHORTEST_ENCODED {
        return all;
    }
    let hex = crate::kms::ids::hex(text.as_bytes());
    all.push((", in hex", hex.to_uppercase().into_bytes()));
    all.push((", in hex", hex.into_bytes()));
    let percent = |safe: &dyn Fn(u8) -> bool, upper: bool| -> Vec<u8> {
        let mut encoded = String::new();
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || safe(byte) {
                encoded.push(char::from(byte));
            } else {
                let hex = crate::kms::ids::hex(&[byte]);
                encoded.push('%');
                encoded += &if upper { hex.to_uppercase() } else { hex };
            }
        }
        encoded.into_bytes()
    };
    for upper in [true, false] {
        for safe in [b"-_.~".as_slice(), b"-_.~/", b"-_.~:/", b""] {
            all.push((", URL-encoded", percent(&|it| safe.contains(&it), upper)));
        }
    }
    for shift in 0..3 {
        let mut shifted = vec![0; shift];
        shifted.extend(text.as_bytes());
        // Characters that depend on neighbouring bytes are cut off.
        let (from, to) = ((shift * 8).div_ceil(6), shifted.len() * 8 / 6);
        for encoded in [
            base64::STANDARD_NO_PAD.encode_to_string(&shifted),
            base64::URL_SAFE_NO_PAD.encode_to_string(&shifted),
        ] {
            if let Some(middle) = encoded.get(from..to) {
                all.push((", in base64", middle.as_bytes().to_vec()));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_in_every_encoding() {
        let live = "arn:aws:iam::123456789012:role/canary";
        let shifted = |before: &str| base64::STANDARD.encode_to_string(format!("{before}{live}!"));
        for hidden in [
            live.to_owned(),
            shifted(""),
            shifted("x"),
            shifted("xy"),
            shifted("xyz"),
            "arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fcanary".to_owned(),
            "arn%3aaws%3aiam%3a%3a123456789012%3arole/canary".to_owned(),
            crate::kms::ids::hex(live.as_bytes()),
        ] {
            let file = format!("{{\n\"a\": \"{hidden}\"}}");
            let leaks = search(file.as_bytes(), [("the role", live)], &|_| false);
            assert!(leaks.iter().any(|it| it.place.starts_with("line 2: the role")), "{hidden}");
        }
    }

    #[test]
    fn words_of_aws_and_parts_of_words_are_not_found() {
        let live = [("a", "Decrypt"), ("b", "work"), ("c", "key"), ("d", "orders")];
        let leaks = search(b"Decrypt worker key orders", live, &|it| it == "orders");
        assert_eq!(leaks, []);
        assert_eq!(search(b"at work", live, &|_| false).len(), 1);
    }
}
