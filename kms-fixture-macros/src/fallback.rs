//! The output after a mistake: the unchanged function, and then all errors.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use crate::diag::Errors;
use crate::expand;
use crate::parse::text;
use crate::plan::Plan;
use crate::signature::Function;
use crate::validate::{is_called, is_test};

/// Returns the unchanged item, and then the errors.
pub(crate) fn not_a_function(item: TokenStream, errors: Errors) -> TokenStream {
    let mut output = item;
    output.extend(errors.into_compile_errors());
    output
}

/// Returns the bare function for rustc, so that no other errors appear, and the nearest full expansion for
/// rust-analyzer, so that completion still works inside the attribute.
pub(crate) fn fallback(
    plan: &Plan,
    function: &Function,
    hints: &TokenStream,
    errors: Errors,
) -> TokenStream {
    // Without `#[test]`, these attributes would cause further errors or warnings.
    let is_foreign = |attr: &&crate::signature::Attr| {
        !is_test(attr) && !is_called(attr, "should_panic") && !is_called(attr, "ignore")
    };
    let attrs: Vec<_> = function.attrs.iter().filter(is_foreign).map(|it| &it.tokens).collect();
    let bare = expand::bare(function, &attrs);
    let nearest = expand::expand(plan, function, hints);
    // A name, because `_` is not allowed in an `impl`; tests do not belong there, but may be written there.
    let place = Ident::new(&format!("_kms_test_{}", text(&function.name)), Span::mixed_site());
    let errors = errors.into_compile_errors();
    quote_spanned! {Span::mixed_site()=>
        #[allow(unexpected_cfgs, non_upper_case_globals, dead_code)]
        const #place: () = {
            #(#[cfg(rust_analyzer)] #nearest)*
        };
        #bare
        #errors
    }
}
