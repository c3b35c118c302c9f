//! Completion and hover inside the attribute, through `use` items that only rust-analyzer sees.
//!
//! They name items of `kms_fixture::__private::ide`, whose docs are the hover texts.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use crate::model::declare::{EVENTUAL, Shape, TOP, fault_place};
use crate::parse::{Arg, Form, is_keyword};

/// The option names in one place, known or unknown.
pub(crate) struct Hint {
    module: &'static str,
    names: Vec<Ident>,
}

/// Finds every word in the position of an option name.
pub(crate) fn hints(args: &[Arg]) -> Vec<Hint> {
    let mut hints = vec![hint(TOP.module, args)];
    for arg in args {
        let Arg::Meta(meta) = arg else { continue };
        let (Some(opt), Form::List(items)) = (TOP.find(&meta.text()), &meta.form) else {
            continue;
        };
        let inner = match opt.shape {
            Shape::Declarations(kind) => kind.place().module,
            Shape::Consistency => {
                hints.push(hint(opt.name, items));
                EVENTUAL.module
            }
            Shape::Faults => {
                hints.push(hint(opt.name, items));
                for item in items {
                    if let Arg::Meta(meta) = item
                        && let Form::List(options) = &meta.form
                    {
                        hints.push(hint(fault_place(&meta.text()).module, options));
                    }
                }
                continue;
            }
            Shape::Choice(_) | Shape::Snapshot | Shape::Cassette | Shape::Quotas | Shape::Explore => {
                hints.push(hint(opt.name, items));
                continue;
            }
            _ => continue,
        };
        for item in items {
            if let Arg::Meta(meta) = item
                && let Form::List(options) = &meta.form
            {
                hints.push(hint(inner, options));
            }
        }
    }
    hints.retain(|it| !it.names.is_empty());
    hints
}

fn hint(module: &'static str, args: &[Arg]) -> Hint {
    let names = args.iter().filter_map(|arg| match arg {
        Arg::Meta(meta) if !is_keyword(&meta.name) => Some(meta.name.clone()),
        _ => None,
    });
    Hint { module, names: names.collect() }
}

/// Writes the hints, as items that only rust-analyzer may see.
pub(crate) fn wrap(krate: &TokenStream, hints: &[Hint]) -> TokenStream {
    let span = Span::mixed_site();
    let uses = hints.iter().map(|Hint { module, names }| {
        let module = Ident::new(module, span);
        quote_spanned!(span=> use #krate::__private::ide::#module::{#(#names as _),*};)
    });
    uses.collect()
}
