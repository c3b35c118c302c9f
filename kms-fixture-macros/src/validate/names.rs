//! The declared names: keys, roles, users and grants share one namespace.

use proc_macro2::Ident;
use syn::Lit;

use crate::diag::{Errors, Message};
use crate::model::declare::{self, Kind, Opt, Shape, declared_twice};
use crate::parse::{Arg, Form, Meta, is_keyword, text};

use super::world::World;

/// Every declared name, with its kind.
#[derive(Default)]
pub(super) struct Names {
    declared: Vec<(String, Kind, Ident)>,
    /// Whether there may be other names, which are checked when the test starts.
    pub(super) is_open: bool,
    /// Whether a mistake may have hidden a name, so that an unknown one is not reported.
    pub(super) is_broken: bool,
}

impl Names {
    /// Collects the names of all declarations, so that their order does not matter; reports invalid names. Those of `world`
    /// come first.
    pub(super) fn collect(
        options: &[(&'static Opt, Meta)],
        world: &World,
        errors: &mut Errors,
    ) -> Self {
        let of_world = world.declarations.iter();
        let of_world = of_world.map(|it| (text(&it.name), it.kind, it.name.clone()));
        let mut names = Names {
            declared: of_world.collect(),
            is_open: world.is_open,
            is_broken: world.is_broken,
        };
        for (opt, meta) in options {
            let (Shape::Declarations(kind), Form::List(items)) = (opt.shape, &meta.form) else {
                continue;
            };
            for item in items {
                match item {
                    Arg::Meta(item) => names.declare(kind, &item.name, errors),
                    Arg::Literal(literal) => errors.push(literal.span(), not_a_name(literal)),
                }
            }
        }
        names
    }

    fn declare(&mut self, kind: Kind, name: &Ident, errors: &mut Errors) {
        let text = text(name);
        if let Some(message) = reserved(name) {
            errors.push(name.span(), message);
        } else if let Some((_, first, _)) = self.find(&text) {
            errors.push(name.span(), declared_twice(&text, first, kind));
        } else {
            self.declared.push((text, kind, name.clone()));
        }
    }

    /// Returns the declaration with this name.
    pub(super) fn find(&self, name: &str) -> Option<(&str, Kind, &Ident)> {
        let (name, kind, ident) = self.declared.iter().find(|it| it.0 == name)?;
        Some((name, *kind, ident))
    }

    /// Returns the names of these kinds.
    pub(super) fn of(&self, kinds: &[Kind]) -> Vec<&str> {
        let chosen = self.declared.iter().filter(|it| kinds.contains(&it.1));
        chosen.map(|it| it.0.as_str()).collect()
    }
}

/// Returns the mistake if a name cannot be declared.
fn reserved(name: &Ident) -> Option<Message> {
    let text = text(name);
    declare::reserved(&text).or_else(|| {
        let reason = "it is a Rust keyword and cannot name a parameter";
        is_keyword(name).then(|| declare::reserved_because(&text, reason))
    })
}

fn not_a_name(literal: &Lit) -> Message {
    let message = Message::new("expected a name, found a literal");
    if let Lit::Str(literal) = literal {
        let value = literal.value();
        if is_plain(&value) {
            return message.help(format!("write `{value}` without quotes"));
        }
    }
    message
}

/// Returns whether this text could be a name or a word.
pub(super) fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| it.is_alphanumeric() || it == '_')
}
