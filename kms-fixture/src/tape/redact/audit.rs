//! The audit: is anything live left? Asked of redacted values, and of the very bytes that are about to be written.

use serde_json::Value;

use super::{Direction, Redacted, Redactor};

/// Something that should not be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Leak {
    /// Where, and as what; never the live text itself.
    pub(crate) place: String,
}

impl Redactor {
    /// The texts of `value` that are neither harmless nor pseudonyms: those that redaction would still change.
    pub(crate) fn leaks(&mut self, value: &Redacted, way: Direction) -> Vec<Leak> {
        let again = self.value("", value.value(), way);
        let mut leaks = Vec::new();
        changed("$", value.value(), &again, &mut leaks);
        leaks
    }
}

/// The paths at which two values differ.
fn changed(path: &str, before: &Value, after: &Value, leaks: &mut Vec<Leak>) {
    match (before, after) {
        (Value::Object(one), Value::Object(other)) => {
            for (member, value) in one {
                match other.get(member) {
                    Some(after) => changed(&format!("{path}.{member}"), value, after, leaks),
                    None => leaks.push(Leak { place: format!("the name of a member of {path}") }),
                }
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            for (at, (before, after)) in one.iter().zip(other).enumerate() {
                changed(&format!("{path}[{at}]"), before, after, leaks);
            }
        }
        (Value::String(one), Value::String(other)) if one != other && !is_same_json(one, other) => {
            leaks.push(Leak { place: path.to_owned() });
        }
        _ => {}
    }
}

/// A policy is JSON within a text, whose spaces and order mean nothing.
fn is_same_json(one: &str, other: &str) -> bool {
    let parse = |it: &str| serde_json::from_str::<Value>(it).ok().filter(Value::is_object);
    matches!((parse(one), parse(other)), (Some(one), Some(other)) if one == other)
}

/// Searches bytes for live texts, as they are and in the encodings in which they could hide.
pub(crate) mod search {
    use std::collections::BTreeMap;

    use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

    use super::super::known;
    use super::Leak;

    /// The shortest text that is searched for; shorter ones stand in every file.
    const SHORTEST: usize = 4;
    /// How much of a text is searched for.
    const LONGEST: usize = 64;
    /// The shortest text whose encodings are searched for.
    const SHORTEST_ENCODED: usize = 8;

    /// Where `bytes` hold one of `live`, unless the text is one of `public`, or a word of AWS's.
    pub(crate) fn search<'a>(
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
            // Of a long text, its beginning is enough.
            let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
            for (encoding, needle) in encodings(&text[..end]) {
                needles.entry(needle).or_insert((what, encoding, text.len()));
            }
        }
        let (needles, what): (Vec<_>, Vec<_>) = needles.into_iter().unzip();
        let automaton =
            AhoCorasick::builder().kind(Some(AhoCorasickKind::NoncontiguousNFA)).build(&needles);
        let Ok(automaton) = automaton else {
            return vec![Leak { place: "too many live values to search for".to_owned() }];
        };
        let mut leaks = Vec::new();
        for found in automaton.find_overlapping_iter(bytes) {
            let (what, encoding, length) = what[found.pattern().as_usize()];
            // A short text inside a longer word is another word.
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

    /// `text` with every one of `words` blotted out, the longest first.
    pub(crate) fn blot(text: &str, words: &[&str]) -> String {
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::NoncontiguousNFA))
            .match_kind(MatchKind::LeftmostLongest)
            .build(words);
        match automaton {
            Ok(automaton) => {
                let mut blotted = String::with_capacity(text.len());
                automaton.replace_all_with(text, &mut blotted, |found, word, blotted| {
                    // Part of a longer word is another word.
                    if is_inside_a_word(text.as_bytes(), found.start(), found.end()) {
                        blotted.push_str(word);
                    } else {
                        blotted.push('\u{1}');
                    }
                    true
                });
                blotted
            }
            Err(_) => text.to_owned(),
        }
    }

    fn is_inside_a_word(bytes: &[u8], start: usize, end: usize) -> bool {
        let part = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphanumeric);
        part(start.checked_sub(1).and_then(|it| bytes.get(it))) || part(bytes.get(end))
    }

    /// A text as it is, as JSON writes it, in base64 at every alignment, in percents, in hex.
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
            // The characters that other bytes have a part in are cut off.
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
            let shifted =
                |before: &str| base64::STANDARD.encode_to_string(format!("{before}{live}!"));
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
                assert!(
                    leaks.iter().any(|it| it.place.starts_with("line 2: the role")),
                    "{hidden}"
                );
            }
        }

        #[test]
        fn words_of_aws_and_parts_of_words_are_no_finds() {
            let live = [("a", "Decrypt"), ("b", "work"), ("c", "key"), ("d", "orders")];
            let leaks = search(b"Decrypt worker key orders", live, &|it| it == "orders");
            assert_eq!(leaks, []);
            assert_eq!(search(b"at work", live, &|_| false).len(), 1);
        }
    }
}
