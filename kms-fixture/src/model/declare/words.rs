//! Mistakes in single values: unknown words, duplicates, numbers out of range.

use super::{
    Choice, Instead, Language, Message, Opt, PLACES, Place, Shape, WordList, instead_of, list,
};

/// Returns the mistake for an option that `place` does not have.
pub(crate) fn unknown_option(place: &Place, typed: &str, language: Language) -> Message {
    let known = |place: &Place| -> Vec<&'static str> {
        match language {
            Language::Attribute => place.names().collect(),
            Language::Scenario => place.in_scenarios().map(|it| it.name).collect(),
        }
    };
    let message = Message::new(format!("unknown {} `{typed}`", place.noun));
    let is_here = |it: &&str| known(place).contains(it);
    let elsewhere = PLACES.into_iter().find(|it| known(it).contains(&typed));
    let message = match (instead_of(place, typed), elsewhere) {
        (Some(Instead::Option(name)), _) if is_here(&name) => {
            message.help(format!("it is called `{name}` here"))
        }
        (Some(Instead::Help(help)), _) => message.help(help),
        (_, Some(it)) => message.help(format!("it is {}", it.holds(typed, language))),
        (_, None) => message.nearest(typed, "an option", known(place)),
    };
    message.note(format!("expected one of: {}", list(known(place))))
}

impl Place {
    /// Describes where to write one of its options.
    fn holds(&self, option: &str, language: Language) -> String {
        let noun = match self.module {
            "options" => "an option of the test".to_owned(),
            "explore" => format!("an {}", self.noun),
            _ => format!("a {}", self.noun),
        };
        let place = match (language, self.module) {
            (Language::Attribute, "options") => format!("`#[kms_test({option}..)]`"),
            (_, place @ ("cassette" | "explore")) => format!("`{place}({option}..)`"),
            (Language::Attribute, "eventual") => format!("`consistency(eventual({option}..))`"),
            (Language::Attribute, "fault") => format!("`faults(throttled({option}..))`"),
            (Language::Attribute, kind @ ("late" | "error")) => {
                format!("`faults({kind}({option}..))`")
            }
            (Language::Attribute, kind) => format!("`{kind}s(name({option}..))`"),
            (Language::Scenario, "options") => format!("`$.{option}`"),
            (Language::Scenario, "eventual") => format!("`$.consistency.eventual.{option}`"),
            (Language::Scenario, "fault" | "late" | "error") => format!("`$.faults[..].{option}`"),
            (Language::Scenario, kind) => format!("`$.{kind}s.<name>.{option}`"),
        };
        format!("{noun}: {place}")
    }
}

/// Returns the mistake for a word that AWS does not have.
pub(crate) fn unknown_word(list_of: &WordList, typed: &str) -> Message {
    let known = list_of.words.iter().copied();
    Message::new(format!("unknown {} `{typed}`", list_of.noun))
        .nearest(typed, "a word", known.clone())
        .note(format!("AWS knows {}", list(known)))
}

/// Returns the mistake for a word that is not one of `choices`.
pub(crate) fn unknown_choice(noun: &str, choices: &[Choice], typed: &str) -> Message {
    let words: Vec<_> = choices.iter().map(|it| it.word).collect();
    Message::new(format!("unknown {noun} `{typed}`"))
        .nearest(typed, "a word", words.iter().copied())
        .note(format!("expected {}", either(choices)))
}

/// Returns the words in backticks: a few separated by `or`, more as a list.
pub(crate) fn either(choices: &[Choice]) -> String {
    if choices.len() > 3 {
        return format!("one of {}", list(choices.iter().map(|it| it.word)));
    }
    let words: Vec<_> = choices.iter().map(|it| format!("`{}`", it.word)).collect();
    words.join(" or ")
}

/// Returns the mistake for a text that is not one of `legal`.
pub(crate) fn unknown_value(
    option: &str,
    legal: &[&str],
    typed: &str,
    language: Language,
) -> Message {
    let legal: Vec<_> = legal.iter().map(|it| language.with_text(option, it)).collect();
    Message::new(format!("unknown value `{typed}`")).help(format!("write {}", legal.join(" or ")))
}

/// Returns the mistake in the value of an option that is a number: one that is out of range, or nothing for a value that is
/// not a whole number.
pub(crate) fn number(opt: &Opt, found: Option<u32>) -> Option<Message> {
    let (from, to, of_seconds, seconds) = match opt.shape {
        Shape::Seconds(from, to) => (from, to, " of seconds", " seconds"),
        Shape::Number(from, to) => (from, to, "", ""),
        _ => return None,
    };
    let option = opt.name;
    match found {
        Some(found) if (from..=to).contains(&found) => None,
        Some(found) => {
            Some(Message::new(format!("`{option}` must be {from} to {to}{seconds}, got {found}")))
        }
        None => Some(Message::new(format!(
            "`{option}` must be a whole number{of_seconds}, {from} to {to}"
        ))),
    }
}

/// Returns the mistake for an empty list or object.
pub(crate) fn nothing_in(option: &str, wanted: &str) -> Message {
    Message::new(format!("`{option}` needs at least one {wanted}"))
}

/// Returns the mistake for a second occurrence in a list.
pub(crate) fn given_twice(noun: &str, word: &str) -> Message {
    Message::new(format!("{noun} `{word}` is given twice"))
}
