//! `keys(..)`, `roles(..)`, `users(..)` and `grants(..)`.

use crate::diag::Errors;
use crate::model::declare::{Kind, Language, TOP, missing_options, two_contexts};
use crate::parse::{Arg, Form, Meta, is_keyword};
use crate::plan::{Call, Declaration};

use super::names::Names;
use super::{items, known_options, value};

/// Checks the items of one of the four options.
pub(super) fn declarations(
    kind: Kind,
    meta: Meta,
    names: &Names,
    errors: &mut Errors,
) -> Vec<Declaration> {
    let Some(opt) = TOP.find(&meta.text()) else {
        return Vec::new();
    };
    let items = items(opt, &meta.name, meta.form, errors);
    let metas = items.into_iter().filter_map(|arg| match arg {
        Arg::Meta(meta) => Some(meta),
        Arg::Literal(_) => None, // reported with the names
    });
    let declarations = metas.map(|it| declaration(kind, it, names, errors));
    declarations.filter(|it| !is_keyword(&it.name)).collect()
}

fn declaration(kind: Kind, meta: Meta, names: &Names, errors: &mut Errors) -> Declaration {
    let name = meta.name;
    let options = match meta.form {
        Form::Word => Vec::new(),
        Form::List(options) => options,
        Form::Value(_) | Form::NotLiteral(..) | Form::Path(..) => {
            let message = format!(
                "write `{name}` or `{name}(..)`: a declaration takes its options in parentheses"
            );
            errors.push(name.span(), message);
            // All options count as given, so that none is reported as missing.
            let options = kind.place().names();
            return Declaration {
                given: options.map(|it| (it, name.span())).collect(),
                calls: Vec::new(),
                kind,
                name,
            };
        }
    };
    let (options, meant) = known_options(options, kind.place(), errors);
    let given = options.iter().map(|(opt, it)| (opt.name, it.name.span()));
    let given: Vec<_> = given.chain(meant.into_iter().map(|it| (it, name.span()))).collect();
    if kind == Kind::Grant {
        let has = |it: &&str| given.iter().any(|(given, _)| given == it);
        let required = kind.place().required().map(|it| it.name);
        let missing: Vec<_> = required.filter(|it| !has(it)).collect();
        if let Some(message) = missing_options(&name.to_string(), &missing, Language::Attribute) {
            errors.push(name.span(), message);
        }
        let constraints = options.iter().filter(|(opt, _)| opt.name.starts_with("context_"));
        if let Some((_, second)) = constraints.skip(1).last() {
            errors.push(second.name.span(), two_contexts());
        }
    }
    let calls: Vec<Call> = options
        .into_iter()
        .flat_map(|(opt, meta)| value::calls(opt, meta, names, errors))
        .collect();
    Declaration { kind, name, given, calls }
}
