//! Error messages: known words are kept, everything else is translated.

#[cfg(test)]
mod tests;

use super::arn::is_unique_id;
use super::kind::Kind;
use super::known;
use super::substitute::Substitute;
use super::walk::Walk;
use crate::model::{is_account_id, is_grant_id, is_key_id};

/// The first of the characters that replace phrases while the words around them are translated.
const FIRST_MARK: u32 = 0xF_0000;

impl<T: Substitute> Walk<T> {
    /// Translates a sentence.
    pub(super) fn prose(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        let mut marks = Vec::new();
        // Live texts of several words are replaced first, the longest before those that it contains.
        let mut phrases = self.0.phrases(&text);
        phrases.sort_by_key(|(live, _)| std::cmp::Reverse(live.len()));
        // The API model's patterns are harmless, although they are not words.
        let patterns = known::patterns().iter().filter(|it| text.contains(**it));
        let patterns: Vec<_> = patterns.map(|it| ((*it).to_owned(), (*it).to_owned())).collect();
        for (live, pseudonym) in patterns.into_iter().chain(phrases) {
            let number = FIRST_MARK + u32::try_from(marks.len()).unwrap_or(0);
            let Some(mark) = char::from_u32(number) else {
                break;
            };
            text = text.replace(&live, &mark.to_string());
            marks.push((mark, pseudonym));
        }
        let mut redacted = String::with_capacity(text.len());
        for piece in text.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end();
            redacted += &self.word(word);
            redacted += &piece[word.len()..];
        }
        for (mark, pseudonym) in marks {
            redacted = redacted.replace(mark, &pseudonym);
        }
        redacted
    }

    /// Translates a text between two spaces: a word or a reference with punctuation, or several of them.
    fn word(&mut self, word: &str) -> String {
        let edge = |it: char| "'\"`()[]{}<>,;.:!?".contains(it);
        let core = word.trim_matches(edge);
        if core.is_empty() {
            return word.to_owned();
        }
        let start = word.len() - word.trim_start_matches(edge).len();
        let (before, after) = (&word[..start], &word[start + core.len()..]);
        match self.whole(core) {
            Some(redacted) => format!("{before}{redacted}{after}"),
            None => format!("{before}{}{after}", self.pieces(core)),
        }
    }

    /// Translates a word that is known as a whole.
    fn whole(&mut self, word: &str) -> Option<String> {
        let is_number = word.bytes().all(|it| it.is_ascii_digit());
        if is_harmless(word) && !is_number || self.0.redactor().kept.contains(word) {
            return Some(word.to_owned());
        }
        if word.starts_with("arn:") {
            return Some(self.arn(word));
        }
        if word.starts_with("alias/") {
            return Some(self.alias(word));
        }
        if let Some(known) = self.0.word(word) {
            return Some(known);
        }
        if is_harmless(word) {
            return Some(word.to_owned());
        }
        let kind = if is_key_id(word) {
            Kind::Key
        } else if is_grant_id(word) {
            Kind::Grant
        } else if is_account_id(word) {
            return Some(self.account(word));
        } else if is_unique_id(word) {
            Kind::UniqueId
        } else if word.chars().any(|it| (it as u32) >= FIRST_MARK) {
            return None;
        } else {
            return known::is_region(word).then(|| word.to_owned());
        };
        Some(self.of_kind(kind, word))
    }

    /// Returns whether a part of a sentence is a pseudonym of any kind of text, as `name-1` is.
    fn is_any_pseudonym(part: &str) -> bool {
        // A pseudonym that is too long for the service ends in underscores.
        let Some((stem, number)) = part.trim_end_matches('_').rsplit_once('-') else {
            return false;
        };
        let plain =
            !number.is_empty() && number.len() <= 9 && number.bytes().all(|it| it.is_ascii_digit());
        plain && known::STEMS.contains(&stem)
    }

    /// Translates the parts of a word that is unknown as a whole: `kms:RetireGrant`, `at:'keyId'`.
    fn pieces(&mut self, word: &str) -> String {
        let is_part =
            |it: char| it.is_alphanumeric() || it == '-' || it == '_' || it == '+' || it == '@';
        let mut redacted = String::new();
        let mut rest = word;
        while !rest.is_empty() {
            let end = rest.find(|it| !is_part(it)).unwrap_or(rest.len());
            let (part, behind) = rest.split_at(end);
            if !part.is_empty() {
                redacted += &match self.whole(part) {
                    Some(known) => known,
                    None if Self::is_any_pseudonym(part) => part.to_owned(),
                    None => self.of_kind(Kind::Text("text"), part),
                };
            }
            let Some(separator) = behind.chars().next() else {
                break;
            };
            redacted.push(separator);
            rest = &behind[separator.len_utf8()..];
        }
        redacted
    }
}

/// Returns whether a word is AWS's, a number, or a word of error messages.
fn is_harmless(word: &str) -> bool {
    let number = word.len() <= 11 && word.bytes().all(|it| it.is_ascii_digit());
    number || known::is_word(word) || known::is_vocabulary(word)
}
