//! `grants(key(orders), grantee(worker))`: the options of a declaration without its name, the likeliest first mistake.

use crate::diag::{Errors, Message};
use crate::model::declare::{Kind, Opt, Shape};
use crate::parse::{Arg, Form, Meta};

/// Takes options that stand where names belong out of the declarations, and reports the first of each kind. Returns whether
/// there were any.
pub(super) fn take(options: &mut [(&'static Opt, Meta)], errors: &mut Errors) -> bool {
    let mut was_any = false;
    for (opt, meta) in options {
        let (Shape::Declarations(kind), Form::List(items)) = (opt.shape, &mut meta.form) else {
            continue;
        };
        let first = items.iter().find_map(|it| match it {
            Arg::Meta(meta) if is_option(kind, meta) => Some(meta.name.clone()),
            _ => None,
        });
        let Some(first) = first else { continue };
        items.retain(|it| !matches!(it, Arg::Meta(meta) if is_option(kind, meta)));
        let (noun, name, rest) = match kind {
            Kind::Key => ("key", "orders", "state(..)"),
            Kind::Role => ("role", "worker", "allow(..)"),
            Kind::User => ("user", "alice", "allow(..)"),
            Kind::Grant => ("grant", "access", "key(..), grantee(..), operations(..)"),
        };
        let message =
            Message::new(format!("a {noun} needs a name before the parentheses with its options"))
                .help(format!("write `{}({name}({rest}))`", opt.name))
                .note(format!("`{first}` is an option of a {noun}"));
        errors.push(first.span(), message);
        was_any = true;
    }
    was_any
}

/// Returns whether an item has the form of an option of `kind`. A declared thing can have such a name, too: its items are
/// options themselves.
fn is_option(kind: Kind, meta: &Meta) -> bool {
    let place = kind.place();
    if place.find(&meta.text()).is_none() {
        return false;
    }
    match &meta.form {
        Form::Value(_) | Form::NotLiteral(..) => true,
        Form::List(items) => {
            let is_option = |it: &Arg| match it {
                Arg::Meta(meta) => place.find(&meta.text()).is_some(),
                Arg::Literal(_) => false,
            };
            !items.is_empty() && !items.iter().any(is_option)
        }
        Form::Word | Form::Path(..) => false,
    }
}
