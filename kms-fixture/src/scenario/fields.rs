//! The types of values in a declaration: each is read from JSON, written to JSON, and checked.
//!
//! The table of options (`model/declare/table.rs`) has the shape and the limits of each option.

use serde_json::{Map, Value};

use super::mistakes::{At, Mistakes};
use super::policy_source::PolicySource;
use crate::api::operation_names::Operation;
use crate::model::declare::{
    self, Kind, Language, Opt, Part, Place, Shape, given_twice, missing_options, nothing_in,
    number, only_create_grant, unknown_choice, unknown_option, unknown_value, unknown_word,
};
use crate::model::{GrantOperation, KeySpec, KeyState, KeyUsage, Origin};

/// The value of one option in a declaration.
pub(super) trait Field {
    /// Reads the value at this JSON path.
    fn read(&mut self, opt: &Opt, at: &str, value: &Value, mistakes: &mut Mistakes);

    /// Returns the value to write, or `None` for the default.
    fn write(&self, opt: &Opt) -> Option<Value>;

    /// Collects the mistakes in this value alone.
    fn check(&self, _opt: &Opt, _at: &At<'_>, _mistakes: &mut Mistakes) {}

    /// Returns whether a declaration has this option.
    fn is_given(&self) -> bool {
        true
    }
}

/// An option's name and its field.
pub(super) type Named<'a> = (&'static str, &'a dyn Field);

/// A declaration as its options.
pub(super) trait Fields {
    /// Returns all options with their fields.
    fn all(&self) -> Vec<Named<'_>>;

    /// Returns the field of an option.
    fn find(&mut self, option: &str) -> Option<&mut dyn Field>;
}

/// Implements `Fields`. A field has the name of its option, or is written as `("option") = field`; a field after `..`
/// has its own options.
macro_rules! fields {
    ($type:ty { $(..$inner:ident;)? $($field:ident),* $(,)? }) => {
        fields!($type { $(..$inner;)? $((stringify!($field)) = $field),* });
    };
    ($type:ty { $(..$inner:ident;)? $(($option:expr) = $field:ident),* $(,)? }) => {
        impl $crate::scenario::fields::Fields for $type {
            fn all(&self) -> Vec<$crate::scenario::fields::Named<'_>> {
                let own: &[$crate::scenario::fields::Named<'_>] = &[$(($option, &self.$field)),*];
                #[allow(unused_mut, unused_assignments)] // the options of an inner field come first
                let mut all = Vec::new();
                $(all = $crate::scenario::fields::Fields::all(&self.$inner);)?
                all.extend_from_slice(own);
                all
            }

            fn find(&mut self, option: &str) -> Option<&mut dyn $crate::scenario::fields::Field> {
                $(
                    if option == $option {
                        return Some(&mut self.$field);
                    }
                )*
                $(return $crate::scenario::fields::Fields::find(&mut self.$inner, option);)?
                #[allow(unreachable_code)] // with an inner field, the line above returns
                None
            }
        }
    };
}
pub(super) use fields;

/// Reads an object whose members are the options of `place`.
pub(super) fn read(
    fields: &mut dyn Fields,
    place: &Place,
    at: &str,
    value: &Value,
    mistakes: &mut Mistakes,
) {
    let Value::Object(members) = value else {
        return mistakes.wrong_type(at, "an object", value);
    };
    for (name, value) in members {
        let at = format!("{at}.{name}");
        let opt = place.in_scenarios().find(|it| it.name == name);
        match opt.and_then(|opt| Some((opt, fields.find(opt.name)?))) {
            Some((opt, field)) => field.read(opt, &at, value, mistakes),
            None => mistakes.add(&at, &unknown_option(place, name, Language::Scenario)),
        }
    }
}

/// Writes an object; defaults are left out.
pub(super) fn write(fields: &dyn Fields, place: &Place) -> Map<String, Value> {
    let fields = fields.all().into_iter();
    let written = fields
        .filter_map(|(option, field)| Some((option.to_owned(), field.write(place.find(option)?)?)));
    written.collect()
}

/// Checks each field alone. Returns the required options that are not given.
pub(super) fn check(
    fields: &dyn Fields,
    place: &Place,
    at: &At<'_>,
    mistakes: &mut Mistakes,
) -> Vec<&'static str> {
    let mut missing = Vec::new();
    for (option, field) in fields.all() {
        if let Some(opt) = place.find(option) {
            field.check(opt, &at.member(option), mistakes);
            if opt.is_required && !field.is_given() {
                missing.push(option);
            }
        }
    }
    missing
}

/// A thing with a declared name.
pub(super) trait Declared: Fields + AsRef<str> {
    const KIND: Kind;

    fn declare(name: &str) -> Self;
}

impl<T: Declared> Field for Vec<T> {
    fn read(&mut self, _: &Opt, at: &str, value: &Value, mistakes: &mut Mistakes) {
        let Value::Object(things) = value else {
            return mistakes.wrong_type(at, "an object of names", value);
        };
        for (name, value) in things {
            let mut thing = T::declare(name);
            read(&mut thing, T::KIND.place(), &format!("{at}.{name}"), value, mistakes);
            self.push(thing);
        }
    }

    fn write(&self, _: &Opt) -> Option<Value> {
        let write = |it: &T| (it.as_ref().to_owned(), Value::Object(write(it, T::KIND.place())));
        Some(self.iter().map(write).collect::<Map<_, _>>().into())
    }

    fn check(&self, _: &Opt, at: &At<'_>, mistakes: &mut Mistakes) {
        for thing in self {
            let at = at.member(thing.as_ref());
            let missing = check(thing, T::KIND.place(), &at, mistakes);
            let message = missing_options(thing.as_ref(), &missing, Language::Scenario);
            mistakes.extend_at(at, message);
        }
    }
}

impl Field for String {
    fn read(&mut self, opt: &Opt, at: &str, value: &Value, mistakes: &mut Mistakes) {
        let mut text = None;
        text.read(opt, at, value, mistakes);
        if let Some(text) = text {
            *self = text;
        }
    }

    fn write(&self, _: &Opt) -> Option<Value> {
        Some(self.clone().into())
    }

    fn check(&self, opt: &Opt, at: &At<'_>, mistakes: &mut Mistakes) {
        if let Shape::Text(limit) = opt.shape {
            mistakes.extend_at(at, limit.mistake(self));
        }
    }
}

impl Field for Option<String> {
    fn read(&mut self, _: &Opt, at: &str, value: &Value, mistakes: &mut Mistakes) {
        match value {
            Value::String(text) => *self = Some(text.clone()),
            other => mistakes.wrong_type(at, "a string", other),
        }
    }

    fn write(&self, _: &Opt) -> Option<Value> {
        self.clone().map(Value::from)
    }

    fn check(&self, opt: &Opt, at: &At<'_>, mistakes: &mut Mistakes) {
        if let Some(text) = self {
            text.check(opt, at, mistakes);
        }
    }

    fn is_given(&self) -> bool {
        self.is_some()
    }
}

/// A boolean in JSON, or one of the option's words, the first of which means `true`.
impl Field for bool {
    fn read(&mut self, opt: &Opt, at: &str, value: &Value, mistakes: &mut Mistakes) {
        match (opt.shape, value) {
            (Shape::Choice(choices), Value::String(word)) => {
                match choices.iter().position(|it| it.word == word) {
                    Some(position) => *self = position == 0,
                    None => mistakes.add(at, &unknown_choice("word", choices, word)),
                }
            }
            (Shape::OneOf(words), Value::String(word)) => {
                let position = words.iter().position(|it| it == word);
                if let Some(position) = position {
                    *self = position == 0;
                } else {
                    let message = unknown_value(opt.name, words, word, Language::Scenario);
                    mistakes.add(at, &message);
                }
            }
            (Shape::Choice(_) | Shape::OneOf(_), other) => {
                mistakes.wrong_type(at, "a string", other);
            }
            (_, Value::Bool(flag)) => *self = *flag,
            (_, other) => mistakes.wrong_type(at, "true or false", other),
        }
    }

    fn write(&self, opt: &Opt) -> Option<Value> {
        self.then(|| match opt.shape {
            Shape::Choice(choices) => choices.first().map(|it| it.word.into()),
            Shape::OneOf(words) => words.first().map(|it| (*it).into()),
            _ => Some(true.into()),
        })?
    }
}

impl Field for Option<u32> {
    fn read(&mut self, opt: &Opt, at: &str, value: &Value, mistakes: &mut Mistakes) {
        let found = value.as_u64().map(|it| u32::try_from(it).unwrap_or(u32::MAX));
        match found {
            Some(found) => *self = Some(found),
            // `check` finds a number that is out of range.
            None => mistakes.extend(at, number(opt, None)),
        }
    }

    fn write(&self, _: &Opt) -> Option<Value> {
        self.map(Value::from)
    }

    fn check(&self, opt: &Opt, at: &At<'_>, mistakes: &mut Mistakes) {
        if self.is_some() {
            mistakes.extend_at(at, number(opt, *self));
        }
    }

    fn is_given(&self) -> bool {
        self.is_some()
    }
}

/// Returns the strings of a list, each with its JSON path.
pub(super) fn texts(at: &str, value: &Value, mistakes: &mut Mistakes) -> Vec<(String, String)> {
    let Value::Array(values) = value else {
        mistakes.wrong_type(at, "a list of strings", value);
        return Vec::new();
    };
    let mut found = Vec::new();
    for (index, value) in values.iter().enumerate() {
        let at = format!("{at}[{index}]");
        match value {
            Value::String(text) => found.push((at, text.clone())),
            other => mistakes.wrong_type(&at, "a string", other),
        }
    }
    found
}

type Pairs = Vec<(String, String)>;

impl Field for Pairs {
    fn read(&mut self, _: &Opt, at: &str, value: &Value, mistakes: &mut Mistakes) {
        let Value::Object(entries) = value else {
            return mistakes.wrong_type(at, "an object of strings", value);
        };
        for (key, value) in entries {
            match value {
                Value::String(text) => self.push((key.clone(), text.clone())),
                other => mistakes.wrong_type(&format!("{at}.{key}"), "a string", other),
            }
        }
    }

    fn write(&self, opt: &Opt) -> Option<Value> {
        let is_written = !self.is_empty() || matches!(opt.shape, Shape::Context);
        let pairs = self.iter().map(|(key, value)| (key.clone(), value.clone().into()));
        is_written.then(|| pairs.collect::<Map<_, _>>().into())
    }

    fn check(&self, opt: &Opt, at: &At<'_>, mistakes: &mut Mistakes) {
        let pairs: Vec<_> = self.iter().map(|(key, it)| (key.as_str(), it.as_str())).collect();
        let found: Vec<(usize, Part, _)> = match opt.shape {
            Shape::Context if pairs.is_empty() => {
                return mistakes.extend_at(at, [nothing_in(opt.name, "pair")]);
            }
            Shape::Context => declare::context(&pairs),
            _ => declare::tags(&pairs),
        };
        for (index, _, message) in found {
            mistakes.extend_at(format_args!("{at}.{}", pairs[index].0), [message]);
        }
    }
}

impl Field for Option<Pairs> {
    fn read(&mut self, opt: &Opt, at: &str, value: &Value, mistakes: &mut Mistakes) {
        self.get_or_insert_default().read(opt, at, value, mistakes);
    }

    fn write(&self, opt: &Opt) -> Option<Value> {
        self.as_ref()?.write(opt)
    }

    fn check(&self, opt: &Opt, at: &At<'_>, mistakes: &mut Mistakes) {
        if let Some(pairs) = self {
            pairs.check(opt, at, mistakes);
        }
    }
}

/// A path, or the document itself.
impl Field for Option<PolicySource> {
    fn read(&mut self, _: &Opt, at: &str, value: &Value, mistakes: &mut Mistakes) {
        *self = match value {
            Value::String(path) => Some(PolicySource::File(path.clone())),
            document @ Value::Object(_) => Some(PolicySource::Document(document.to_string())),
            other => return mistakes.wrong_type(at, "a path or a policy document", other),
        };
    }

    fn write(&self, _: &Opt) -> Option<Value> {
        Some(match self.as_ref()? {
            PolicySource::File(path) => path.clone().into(),
            // A document that is not JSON stays text; the fixture rejects it at start.
            PolicySource::Document(text) => {
                serde_json::from_str(text).unwrap_or_else(|_| text.clone().into())
            }
        })
    }
}

/// One of AWS's words.
macro_rules! word {
    ($($type:ident),*) => { $(
        impl Field for Option<$type> {
            fn read(&mut self, opt: &Opt, at: &str, value: &Value, mistakes: &mut Mistakes) {
                let mut text: Option<String> = None;
                text.read(opt, at, value, mistakes);
                let Some(text) = text else { return };
                *self = $type::from_word(&text);
                if let (None, Shape::Word(words)) = (&self, opt.shape) {
                    mistakes.add(at, &unknown_word(&words, &text));
                }
            }

            fn write(&self, _: &Opt) -> Option<Value> {
                self.map(|it| it.as_str().into())
            }
        }
    )* };
}
word!(KeyState, KeySpec, KeyUsage, Operation, Origin);

impl Field for Vec<GrantOperation> {
    fn read(&mut self, opt: &Opt, at: &str, value: &Value, mistakes: &mut Mistakes) {
        for (at, word) in texts(at, value, mistakes) {
            match (GrantOperation::from_word(&word), opt.shape) {
                (Some(operation), _) => self.push(operation),
                (None, Shape::Words(words)) => mistakes.add(&at, &unknown_word(&words, &word)),
                (None, _) => {}
            }
        }
    }

    fn write(&self, _: &Opt) -> Option<Value> {
        Some(self.iter().map(|it| it.as_str()).collect())
    }

    fn check(&self, opt: &Opt, at: &At<'_>, mistakes: &mut Mistakes) {
        if *self == [GrantOperation::CreateGrant] {
            mistakes.extend_at(at, [only_create_grant(Language::Scenario)]);
        }
        let Shape::Words(words) = opt.shape else { return };
        for (index, operation) in self.iter().enumerate() {
            if self[..index].contains(operation) {
                let message = given_twice(words.noun, operation.as_str());
                mistakes.extend_at(format_args!("{at}[{index}]"), [message]);
            }
        }
    }

    fn is_given(&self) -> bool {
        !self.is_empty()
    }
}
