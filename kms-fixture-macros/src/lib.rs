//! The `#[kms_test]` attribute of `kms-fixture`: parse, validate, expand.
//!
//! The documentation of the macro is in `kms-fixture` (`src/kms_test.md`), where its examples can run.
//! This crate knows the library, and `insta`, only by name: `expand` writes paths, and rustc checks them.

mod diag;
mod expand;
mod fallback;
mod fits;
mod ide;
mod options;
mod parse;
mod plan;
mod signature;
#[cfg(test)]
mod tests;
mod validate;
mod words;

use proc_macro2::TokenStream;

// Documented at its re-export in `kms-fixture`.
#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn kms_test(
    args: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    let output = transform(args.into(), item.into());
    if std::env::var_os("KMS_FIXTURE_MACROS_DEBUG").is_some_and(|it| it == "1") {
        eprintln!("{output}");
    }
    output.into()
}

/// Turns the attribute's arguments and the annotated item into what the compiler sees instead.
fn transform(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = diag::Errors::default();
    let args = parse::args(args, &mut errors);
    let Some(function) = signature::function(item.clone(), &mut errors) else {
        return fallback::not_a_function(item, errors);
    };
    let hints = ide::hints(&args);
    let plan = validate::validate(args, &function, &mut errors);
    let hints = ide::wrap(&plan.krate, &hints);
    if errors.is_empty() {
        expand::expand(&plan, &function, &hints)
    } else {
        fallback::fallback(&plan, &function, &hints, errors)
    }
}
