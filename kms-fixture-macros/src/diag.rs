//! Where mistakes are collected, and how the nearest known word is found.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};

/// Every mistake of one attribute and its function, reported in one compile.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    found: Vec<syn::Error>,
}

impl Errors {
    /// Adds a mistake under one token.
    pub(crate) fn push(&mut self, span: Span, message: impl Into<String>) {
        self.found.push(syn::Error::new(span, message.into()));
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// One `compile_error!` per mistake; anywhere but last, they would cost completion.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        self.found.into_iter().map(syn::Error::into_compile_error).collect()
    }
}

/// What is wrong, and lines that help: lower case, no full stop, names in backticks.
#[derive(Debug)]
pub(crate) struct Message(String);

impl Message {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Message(what.into())
    }

    /// Adds what to do about it.
    pub(crate) fn help(self, line: impl Display) -> Self {
        Message(format!("{}\nhelp: {line}", self.0))
    }

    /// Adds what explains it.
    pub(crate) fn note(self, line: impl Display) -> Self {
        Message(format!("{}\nnote: {line}", self.0))
    }

    /// Adds the known word that was probably meant, if there is one.
    pub(crate) fn nearest<'a>(
        self,
        typed: &str,
        what: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        match nearest(typed, known) {
            Some(word) => self.help(format!("{what} with a similar name exists: `{word}`")),
            None => self,
        }
    }
}

impl From<Message> for String {
    fn from(message: Message) -> Self {
        message.0
    }
}

/// The known word that is most like `typed`, if one is like it at all.
pub(crate) fn nearest<'a>(
    typed: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let is_near = |(distance, word): &(usize, &str)| {
        let is_beginning = word.to_lowercase().starts_with(&typed);
        let length = typed.len().max(word.len());
        typed.len() > 1 && (is_beginning || *distance <= length / 3)
    };
    known
        .into_iter()
        .map(|word| (distance(&typed, &word.to_lowercase()), word))
        .filter(is_near)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// The number of insertions, deletions, replacements and swaps of neighbours between two words.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let mut previous = None;
    for (row, l) in left.chars().enumerate() {
        let mut current = vec![row + 1];
        for (column, r) in right.iter().enumerate() {
            let replaced = last[column] + usize::from(l != *r);
            let mut best = replaced.min(last[column + 1] + 1).min(current[column] + 1);
            if column > 0 && previous == Some(*r) && right[column - 1] == l {
                best = best.min(before_last[column - 1] + 1);
            }
            current.push(best);
        }
        before_last = std::mem::replace(&mut last, current);
        previous = Some(l);
    }
    last[right.len()]
}

/// The words in backticks, separated by commas.
pub(crate) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|it| format!("`{it}`")).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::{distance, list, nearest};

    #[test]
    fn a_swap_counts_once() {
        assert_eq!(distance("ordres", "orders"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("same", "same"), 0);
    }

    #[test]
    fn only_a_similar_word_is_near() {
        assert_eq!(nearest("Disbled", ["Enabled", "Disabled"]), Some("Disabled"));
        assert_eq!(nearest("disabled", ["Enabled", "Disabled"]), Some("Disabled"));
        assert_eq!(nearest("zebra", ["Enabled", "Disabled"]), None);
        assert_eq!(nearest("Dis", ["Enabled", "Disabled"]), Some("Disabled"));
        assert_eq!(nearest("state", ["crate"]), None);
        assert_eq!(nearest("", ["a"]), None);
    }

    #[test]
    fn words_are_listed_in_backticks() {
        assert_eq!(list(["a", "b"]), "`a`, `b`");
    }
}
