//! The `#[kms_test]` attribute of `kms-fixture`: parse, validate, expand.
//!
//! The documentation of the macro is in `kms-fixture` (`src/docs/kms_test.md`), where its examples can run.
//! Options, words and rules are in `model`, which is the library's own folder. The rest of the library and `insta` are
//! known only by name: `expand` writes paths, and rustc checks them.

// The library's own sources; this crate uses a part of them. See `build.rs`.
#[allow(clippy::upper_case_acronyms, dead_code, unreachable_pub)]
mod api {
    #[cfg_attr(without_links, path = "../../../kms-fixture/src/api/words.rs")]
    pub(crate) mod words;
}
#[cfg_attr(without_links, path = "../../kms-fixture/src/model/mod.rs")]
#[allow(dead_code, unreachable_pub, unused_imports)]
mod model;

mod diag;
mod expand;
mod fallback;
mod ide;
mod parse;
mod plan;
mod signature;
#[cfg(test)]
mod tests;
mod validate;
#[cfg(test)]
mod wrong;

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

// Documented at its re-export in `kms-fixture`.
#[allow(missing_docs)]
#[proc_macro]
pub fn scenario(args: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let output = declared(args.into());
    if std::env::var_os("KMS_FIXTURE_MACROS_DEBUG").is_some_and(|it| it == "1") {
        eprintln!("{output}");
    }
    output.into()
}

/// Expands `scenario!(..)` to an expression.
fn declared(args: TokenStream) -> TokenStream {
    let mut errors = diag::Errors::default();
    let args = parse::args(args, &mut errors);
    let hints = ide::hints(&args);
    let plan = validate::scenario(args, &mut errors);
    let hints = ide::wrap(&plan.krate, &hints);
    expand::scenario(&plan, &hints, errors)
}

/// Expands the annotated item with the attribute's arguments.
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
        expand::expand(&plan, &function, &hints).into_iter().collect()
    } else {
        fallback::fallback(&plan, &function, &hints, errors)
    }
}
