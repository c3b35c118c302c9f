//! The columns of the table of options.

use super::{Limit, OPERATIONS};
use crate::model::{GrantOperation, KeySpec, KeyState, KeyUsage, Origin};

/// The value of an option: its form in the attribute; its type in a scenario file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// `= "text"` within these limits; a string
    Text(Limit),
    /// `= "path"`; a path or the policy document itself
    Policy,
    /// `= true` or `= false`; a boolean
    Flag,
    /// `= 4`, at least 1; attribute only
    Count,
    /// `= 300`, from and to; a number
    Seconds(u32, u32),
    /// `= 3`, from and to; a number
    Number(u32, u32),
    /// `= ".."`, one of these; a string. The first word switches the option on
    OneOf(&'static [&'static str]),
    /// `(deny)`, one of these; a string. If there are two, the first one switches the option on
    Choice(&'static [Choice]),
    /// `(Word)`; a string
    Word(WordList),
    /// `(Word, ..)`; a list of strings
    Words(WordList),
    /// `(name of a key)`; a string
    Key,
    /// `(name of a role or user)`, `(admin)`, `("arn")` or `("service")`; a string
    Principal,
    /// `("kms:ListGrants", .., on(orders))`, more than once; a list of strings and of objects with `actions` and `on`
    Actions,
    /// `(key = "value", pair("any key", "value"), ..)`; an object of strings
    Context,
    /// The form of `Context`, with one method call for each pair
    Tags,
    /// `(throttled, late(options), ..)`; a list of objects with `fault` and options
    Faults,
    /// `(strong)`, `(eventual)` or `(eventual(options))`; a string or an object
    Consistency,
    /// `(aws, CreateGrant = 2, ..)`; the string `aws`, or an object of numbers and `aws`
    Quotas,
    /// `(name, name(options), ..)`; an object of objects
    Declarations(Kind),
    /// `= "path::to::the_crate"`; attribute only
    CratePath,
    /// `= "world.json"` or `(function)`; attribute only
    Scenario,
    /// `(name(parameter = literal, ..), ..)`; attribute only
    Cases,
    /// Nothing, `= "path/to/file.json"` or `(options)`; attribute only
    Cassette,
    /// Nothing or `(by_caller)`; attribute only
    Snapshot,
    /// `(fault, .., option = 500)`; attribute only
    Explore,
}

/// One of the project's own words and its meaning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice {
    pub(crate) word: &'static str,
    pub(crate) meaning: &'static str,
}

/// An enum of `model` and its words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WordList {
    /// The name of the enum.
    pub(crate) name: &'static str,
    /// The noun for one of its words in a message.
    pub(crate) noun: &'static str,
    pub(crate) words: &'static [&'static str],
}

impl WordList {
    pub(crate) const STATES: Self =
        Self { name: "KeyState", noun: "key state", words: KeyState::WORDS };
    pub(crate) const SPECS: Self =
        Self { name: "KeySpec", noun: "key spec", words: KeySpec::WORDS };
    pub(crate) const USAGES: Self =
        Self { name: "KeyUsage", noun: "key usage", words: KeyUsage::WORDS };
    pub(crate) const ORIGINS: Self =
        Self { name: "Origin", noun: "key origin", words: Origin::WORDS };
    pub(crate) const OPERATIONS: Self =
        Self { name: "GrantOperation", noun: "grant operation", words: GrantOperation::WORDS };
    pub(crate) const ALL_OPERATIONS: Self =
        Self { name: "Operation", noun: "operation", words: OPERATIONS };
}

/// The kinds of things that can be declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Key,
    Role,
    User,
    Grant,
}

impl Kind {
    /// Returns the noun, with its article.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Key => "a key",
            Self::Role => "a role",
            Self::User => "a user",
            Self::Grant => "a grant",
        }
    }
}

/// One option.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opt {
    /// Its name in the attribute and in a scenario file.
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// The builder method that takes the value.
    pub(crate) method: &'static str,
    /// An example of the option in the attribute.
    pub(crate) example: &'static str,
    /// Its meaning, in Markdown; the documentation, the hover text and the JSON schema show it.
    pub(crate) meaning: &'static str,
    /// Its default, in Markdown.
    pub(crate) default: &'static str,
    /// Whether a declaration is incomplete without it.
    pub(crate) is_required: bool,
    /// Whether a scenario file may have it.
    pub(crate) is_in_scenarios: bool,
    /// For an option that fails a test by a panic of its own: the option as an object of a sentence, and the reason why
    /// a test with `#[should_panic]` cannot have it.
    pub(crate) panics: Option<(&'static str, &'static str)>,
}

impl Opt {
    /// Creates an option whose builder method has the same name.
    pub(super) const fn new(
        name: &'static str,
        shape: Shape,
        example: &'static str,
        meaning: &'static str,
    ) -> Self {
        Self {
            name,
            shape,
            method: name,
            example,
            meaning,
            default: "none",
            is_required: false,
            is_in_scenarios: true,
            panics: None,
        }
    }

    /// Sets the builder method, if its name differs from the option's.
    pub(super) const fn calls(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    pub(super) const fn default(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }

    pub(super) const fn required(mut self) -> Self {
        self.default = "**required**";
        self.is_required = true;
        self
    }

    /// Refuses the option for tests with `#[should_panic]`.
    pub(super) const fn panics(mut self, object: &'static str, reason: &'static str) -> Self {
        self.panics = Some((object, reason));
        self
    }

    /// Keeps the option out of scenario files: it configures the test, not what the test declares.
    pub(super) const fn of_the_test(mut self) -> Self {
        self.is_in_scenarios = false;
        self
    }
}

/// A place that takes options.
#[derive(Debug)]
pub(crate) struct Place {
    /// The noun for an option here.
    pub(crate) noun: &'static str,
    /// The module of `kms_fixture::__private::ide` that documents these options.
    pub(crate) module: &'static str,
    pub(crate) options: &'static [Opt],
}

impl Place {
    /// Returns the names of the options, in the order of the documentation.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.options.iter().map(|it| it.name)
    }

    /// Returns the option of this name.
    pub(crate) fn find(&self, name: &str) -> Option<&'static Opt> {
        self.options.iter().find(|it| it.name == name)
    }

    /// Returns the required options.
    pub(crate) fn required(&self) -> impl Iterator<Item = &'static Opt> {
        self.options.iter().filter(|it| it.is_required)
    }

    /// Returns the options that scenario files may have.
    pub(crate) fn in_scenarios(&self) -> impl Iterator<Item = &'static Opt> {
        self.options.iter().filter(|it| it.is_in_scenarios)
    }
}
