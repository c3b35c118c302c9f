//! The text of a mistake, with its help and notes.

use std::fmt::Display;

use super::nearest;

/// The text of a mistake, with lines of help and notes: lower case, no full stop, names in backticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    summary: String,
    /// Each with its label, `help` or `note`.
    lines: Vec<(&'static str, String)>,
}

impl Message {
    pub(crate) fn new(summary: impl Into<String>) -> Self {
        Self { summary: summary.into(), lines: Vec::new() }
    }

    /// Adds a way to fix the mistake.
    pub(crate) fn help(mut self, line: impl Display) -> Self {
        self.lines.push(("help", line.to_string()));
        self
    }

    /// Adds an explanation.
    pub(crate) fn note(mut self, line: impl Display) -> Self {
        self.lines.push(("note", line.to_string()));
        self
    }

    /// Suggests the known word nearest to `typed`, if one is similar.
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

    /// Returns the summary, the help and the notes, one per line, as the compiler shows them.
    pub(crate) fn in_lines(&self) -> String {
        let lines = self.lines.iter().map(|(label, line)| format!("\n{label}: {line}"));
        self.summary.clone() + &lines.collect::<String>()
    }

    /// Returns one line: the summary and the help, or the notes if there is no help.
    pub(crate) fn in_one_line(&self) -> String {
        let has_help = self.lines.iter().any(|(label, _)| *label == "help");
        let lines = self.lines.iter().filter(|(label, _)| !has_help || *label == "help");
        let lines = lines.map(|(_, line)| format!("; {line}"));
        self.summary.clone() + &lines.collect::<String>()
    }
}

/// The syntax that a mistake's text shows. The builder's mistakes show that of the scenario file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Attribute,
    Scenario,
}

impl Language {
    /// Returns an option with a text as its value: `alias = "alias/orders"`.
    pub(crate) fn with_text(self, option: &str, text: &str) -> String {
        match self {
            Self::Attribute => format!("`{option} = \"{text}\"`"),
            Self::Scenario => format!("`\"{option}\": \"{text}\"`"),
        }
    }

    /// Returns an option with a word as its value: `usage(SIGN_VERIFY)`.
    pub(crate) fn with_word(self, option: &str, word: &str) -> String {
        match self {
            Self::Attribute => format!("`{option}({word})`"),
            Self::Scenario => self.with_text(option, word),
        }
    }
}

/// Returns the words in backticks, separated by commas.
pub(crate) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<_> = words.into_iter().map(|it| format!("`{it}`")).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Message, list};

    #[test]
    fn words_are_listed_in_backticks() {
        assert_eq!(list(["a", "b"]), "`a`, `b`");
    }

    #[test]
    fn one_line_has_the_help_or_else_the_notes() {
        let message = Message::new("wrong").note("because");
        assert_eq!(message.in_one_line(), "wrong; because");
        let message = message.help("do it");
        assert_eq!(message.in_one_line(), "wrong; do it");
        assert_eq!(message.in_lines(), "wrong\nnote: because\nhelp: do it");
    }
}
