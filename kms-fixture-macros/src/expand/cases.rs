//! A test for each case, in a module beside the function, so that paths in the function mean what they did.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use super::{Test, body, editor};
use crate::plan::Plan;
use crate::signature::{Attr, Function};
use crate::validate::is_called;

/// Writes the function, and a module of its name with a test for each case.
pub(super) fn expand(plan: &Plan, function: &Function, hints: &TokenStream) -> Vec<TokenStream> {
    let span = Span::mixed_site();
    let (of_tests, of_function): (Vec<_>, Vec<_>) =
        function.attrs.iter().partition(|it| is_of_tests(it));
    let of_tests: Vec<_> = of_tests.iter().map(|it| &it.tokens).collect();
    let conditions = function.attrs.iter().filter(|it| is_called(it, "cfg")).map(|it| &it.tokens);
    let of_function = of_function.iter().map(|it| &it.tokens);
    let (visibility, name) = (&function.visibility, &function.name);
    let rest = editor::with_links(plan, function);
    let tests = plan.cases.iter().map(|case| {
        let call = quote_spanned!(span=> super::#name);
        let body = body(plan, function, hints, &Test { name: &case.name, call, case: Some(case) });
        let name = &case.name;
        quote_spanned! {span=>
            #(#of_tests)*
            #[::core::prelude::v1::test]
            fn #name() {
                #body
            }
        }
    });
    let item = quote_spanned! {span=>
        #(#of_function)*
        #[cfg(test)]
        #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
        #visibility #rest
    };
    let module = quote_spanned! {span=>
        #(#conditions)*
        #[cfg(test)]
        #visibility mod #name {
            #[allow(unused_imports, clippy::wildcard_imports)]
            use super::*;

            #(#tests)*
        }
    };
    vec![quote!(#item), module]
}

/// Returns whether an attribute is for the tests, rather than for the function.
fn is_of_tests(attr: &Attr) -> bool {
    is_called(attr, "should_panic")
        || is_called(attr, "ignore")
        || is_called(attr, "cfg_attr") && {
            let tokens = attr.tokens.to_string();
            tokens.contains("ignore") || tokens.contains("should_panic")
        }
}
