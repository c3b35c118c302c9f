//! Parameters are injected by name: `orders` and `_orders` both take the declared `orders`.

use proc_macro2::{Ident, TokenStream, TokenTree};

use crate::diag::{Errors, Message, list};
use crate::model::declare::Kind;
use crate::parse::text;
use crate::plan::{Case, Injected, Target};
use crate::signature::{Function, Param};

use super::cases::is_for;
use super::names::Names;

/// Finds the value for every parameter.
pub(super) fn params(
    function: &Function,
    names: &Names,
    cases: &[Case],
    errors: &mut Errors,
) -> Vec<Injected> {
    let mut injected = Vec::new();
    for param in &function.params {
        match param {
            Param::Plain(name, ty) => {
                let of_case = cases.iter().flat_map(|it| &it.values).find(|it| is_for(&it.0, name));
                let target = if let Some((value, _)) = of_case {
                    Target::Case(text(value))
                } else {
                    by_value(name, ty, errors);
                    target(name, names, errors)
                };
                injected.push(Injected {
                    param: name.clone(),
                    ty: can_be_bound(ty).then(|| ty.clone()),
                    target,
                });
            }
            Param::Receiver(span) => {
                let message = Message::new("a test cannot have `self`");
                let note = "it is a free function, and its parameters are injected by name";
                errors.push(*span, message.note(note));
            }
            Param::Variadic(span) => errors.push(*span, "a test cannot be variadic"),
            Param::Pattern(span) => {
                let message = Message::new("expected a plain name");
                let note = "parameters are injected by name; take things apart in the body";
                errors.push(*span, message.note(note));
            }
        }
    }
    injected
}

fn by_value(name: &Ident, ty: &TokenStream, errors: &mut Errors) {
    if let Some(TokenTree::Punct(first)) = ty.clone().into_iter().next()
        && first.as_char() == '&'
    {
        let message = Message::new(format!("`{name}` is injected by value"));
        errors.push(first.span(), message.help("remove the `&`"));
    }
}

fn target(param: &Ident, names: &Names, errors: &mut Errors) -> Target {
    let name = text(param);
    let stripped = name.strip_prefix('_').unwrap_or(&name);
    for name in [&name, stripped] {
        match name {
            "kms" => return Target::Kms,
            "admin" => return Target::Admin,
            _ => {}
        }
        if let Some((_, kind, declared)) = names.find(name) {
            return Target::Declared(kind, declared.clone());
        }
    }
    if names.is_open {
        return Target::Named(stripped.to_owned());
    }
    if names.is_broken {
        return Target::Unknown;
    }
    let mut known = vec!["kms", "admin"];
    known.extend(names.of(&[Kind::Key, Kind::Role, Kind::User, Kind::Grant]));
    let message = Message::new(format!("nothing named `{stripped}` is declared"))
        .nearest(stripped, "something", known.iter().copied())
        .note(format!("this test can take {}", list(known)));
    errors.push(param.span(), message);
    Target::Unknown
}

/// Returns whether a `let` can have this type: it is not missing, and not `impl Trait`.
fn can_be_bound(ty: &TokenStream) -> bool {
    let mut tokens = ty.clone().into_iter();
    let is_impl = |token: &TokenTree| match token {
        TokenTree::Ident(word) => word == "impl",
        TokenTree::Group(group) => !can_be_bound(&group.stream()) && !group.stream().is_empty(),
        _ => false,
    };
    !ty.is_empty() && !tokens.any(|it| is_impl(&it))
}
