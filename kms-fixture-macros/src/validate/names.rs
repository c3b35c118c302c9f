//! The declared names: keys, roles, users and grants share one namespace.

use proc_macro2::Ident;
use syn::Lit;

use crate::diag::{Errors, Message};
use crate::options::{Kind, Opt, Shape};
use crate::parse::{Arg, Form, Meta, is_keyword, text};

/// Every declared name with what it stands for.
#[derive(Default)]
pub(super) struct Names {
    declared: Vec<(String, Kind, Ident)>,
}

impl Names {
    /// Reads the names out of all declarations, so that their order does not matter; reports those that cannot be.
    pub(super) fn collect(options: &[(&'static Opt, Meta)], errors: &mut Errors) -> Self {
        let mut names = Names::default();
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
        if let Some(reason) = reserved(name) {
            errors.push(name.span(), format!("the name `{text}` is reserved\nnote: {reason}"));
        } else if let Some((_, first, _)) = self.find(&text) {
            let mut message = format!(
                "the name `{text}` is declared twice\nnote: it is {} already",
                first.noun()
            );
            if first != kind {
                message += "; keys, roles, users and grants share one namespace";
            }
            errors.push(name.span(), message);
        } else {
            self.declared.push((text, kind, name.clone()));
        }
    }

    /// What this name stands for.
    pub(super) fn find(&self, name: &str) -> Option<(&str, Kind, &Ident)> {
        let (name, kind, ident) = self.declared.iter().find(|it| it.0 == name)?;
        Some((name, *kind, ident))
    }

    /// The names of these kinds.
    pub(super) fn of(&self, kinds: &[Kind]) -> Vec<&str> {
        let chosen = self.declared.iter().filter(|it| kinds.contains(&it.1));
        chosen.map(|it| it.0.as_str()).collect()
    }
}

/// Why a name cannot be declared, if it cannot.
fn reserved(name: &Ident) -> Option<&'static str> {
    match name.to_string().as_str() {
        "kms" => Some("`kms` is the fixture itself; a parameter `kms: Kms` gets it"),
        "admin" => Some("`admin` is the administrator of the account and needs no declaration"),
        _ if is_keyword(name) => Some("it is a word of Rust and cannot name a parameter"),
        _ => None,
    }
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

/// Whether this text could be a name or a word.
pub(super) fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| it.is_alphanumeric() || it == '_')
}
