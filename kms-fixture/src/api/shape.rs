//! The types of the generated tables, and the macros that shorten the tables.

/// A named shape of the model.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pub(crate) type_: Type,
}

/// The type of a value, and its constraints. Every bound is inclusive.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Type {
    Text(Text),
    /// One word of an enum.
    Word(&'static [&'static str]),
    /// Bytes, in base64; the bounds count the decoded bytes. Messages never show a sensitive value.
    Blob {
        min: usize,
        max: usize,
        sensitive: bool,
    },
    Integer {
        min: i64,
        max: i64,
    },
    Boolean,
    /// Seconds since 1970, perhaps with a fraction.
    Timestamp,
    List {
        min: usize,
        max: usize,
        element: &'static Shape,
    },
    /// A map from texts to values of a shape.
    Map {
        value: &'static Shape,
    },
    Structure(&'static [Member]),
}

/// The constraints of a text; its length counts characters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text {
    pub(crate) min: usize,
    pub(crate) max: usize,
    pub(crate) pattern: Option<Pattern>,
    pub(crate) sensitive: bool,
}

/// A pattern that a whole value must match.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pattern {
    /// The regular expression, as messages show it.
    pub(crate) text: &'static str,
    /// The class of an expression that only repeats one class of characters.
    pub(crate) class: Option<Class>,
}

/// A repeated class of characters: the minimum length, and the first and last character of each range.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Class {
    min: usize,
    ranges: &'static [(char, char)],
}

/// A member of a structure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) shape: &'static Shape,
    pub(crate) required: bool,
}

/// An operation, its input and its output.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) input: &'static Shape,
    pub(crate) output: Option<&'static Shape>,
}

impl Shape {
    /// Returns the members of a structure, and none for another shape.
    pub(crate) fn members(&self) -> &'static [Member] {
        match self.type_ {
            Type::Structure(members) => members,
            _ => &[],
        }
    }

    /// Returns the innermost element of a list, or the shape itself if it is not a list.
    pub(crate) fn element(&'static self) -> &'static Self {
        match self.type_ {
            Type::List { element, .. } => element.element(),
            _ => self,
        }
    }

    /// Returns the words of an enum, nothing for another shape.
    pub(crate) fn words(&self) -> &'static [&'static str] {
        match self.type_ {
            Type::Word(words) => words,
            _ => &[],
        }
    }

    /// Returns the maximum length of a text.
    pub(crate) fn longest(&self) -> Option<usize> {
        match self.type_ {
            Type::Text(text) => Some(text.max),
            _ => None,
        }
    }
}

impl Class {
    /// Returns whether `value` is long enough and every character is in the class.
    pub(crate) fn matches(self, value: &str) -> bool {
        (self.min == 0 || !value.is_empty()) && value.chars().all(|it| self.contains(it))
    }

    fn contains(self, character: char) -> bool {
        self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&character))
    }
}

/// No upper bound.
pub(super) const ANY: usize = usize::MAX;

pub(super) const fn text(min: usize, max: usize) -> Type {
    Type::Text(Text { min, max, pattern: None, sensitive: false })
}

pub(super) const fn word(words: &'static [&'static str]) -> Type {
    Type::Word(words)
}

pub(super) const fn blob(min: usize, max: usize) -> Type {
    Type::Blob { min, max, sensitive: false }
}

pub(super) const fn integer(min: i64, max: i64) -> Type {
    Type::Integer { min, max }
}

pub(super) const fn list(min: usize, max: usize, element: &'static Shape) -> Type {
    Type::List { min, max, element }
}

pub(super) const fn map(value: &'static Shape) -> Type {
    Type::Map { value }
}

pub(super) const fn class(
    text: &'static str,
    min: usize,
    ranges: &'static [(char, char)],
) -> Pattern {
    Pattern { text, class: Some(Class { min, ranges }) }
}

pub(super) const fn expression(text: &'static str) -> Pattern {
    Pattern { text, class: None }
}

impl Type {
    pub(super) const fn like(self, pattern: Pattern) -> Self {
        match self {
            Self::Text(text) => Self::Text(Text { pattern: Some(pattern), ..text }),
            other => other,
        }
    }

    pub(super) const fn sensitive(self) -> Self {
        match self {
            Self::Text(text) => Self::Text(Text { sensitive: true, ..text }),
            Self::Blob { min, max, .. } => Self::Blob { min, max, sensitive: true },
            other => other,
        }
    }

    /// Returns whether messages omit the value.
    pub(crate) fn is_sensitive(&self) -> bool {
        matches!(
            self,
            Self::Text(Text { sensitive: true, .. }) | Self::Blob { sensitive: true, .. }
        )
    }
}

/// Declares a static for each shape, under the model's name.
macro_rules! shapes {
    ( $( $name:ident = $type_:expr; )+ ) => {
        $(
            #[allow(non_upper_case_globals)]
            pub(crate) static $name: Shape = Shape { name: stringify!($name), type_: $type_ };
        )+

        /// Every shape.
        pub(crate) static SHAPES: &[&Shape] = &[ $( &$name ),+ ];
    };
}

/// Lists the members of a structure; `Option` marks an optional member.
macro_rules! structure {
    ( $( $name:ident : $shape:ident $(< $inner:ident >)? ),* $(,)? ) => {
        $crate::api::shape::Type::Structure(&[
            $( $crate::api::shape::member!($name $shape $($inner)?) ),*
        ])
    };
}

/// A member of a structure.
macro_rules! member {
    ( $name:ident Option $shape:ident ) => {
        $crate::api::shape::Member { name: stringify!($name), shape: &$shape, required: false }
    };
    ( $name:ident $shape:ident ) => {
        $crate::api::shape::Member { name: stringify!($name), shape: &$shape, required: true }
    };
}

/// Declares the table of operations.
macro_rules! operations {
    ( $( $name:ident ( $input:ident ) $( -> $output:ident )? ; )+ ) => {
        /// Every operation, in alphabetical order.
        pub(crate) static OPERATIONS: &[Operation] = &[ $(
            Operation {
                name: stringify!($name),
                input: &$input,
                output: $crate::api::shape::output!($($output)?),
            },
        )+ ];

        $crate::api::named::named! { $( $name ),+ }
    };
}

/// The output of an operation, if it has one.
macro_rules! output {
    () => {
        None
    };
    ( $shape:ident ) => {
        Some(&$shape)
    };
}

pub(super) use {member, operations, output, shapes, structure};
