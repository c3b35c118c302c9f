//! A test for each case, in a module beside the function, so that paths in the function mean what they did.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::{Test, body, editor};
use crate::parse::text;
use crate::plan::Plan;
use crate::signature::{Attr, Function};
use crate::validate::is_called;

/// Writes the function, a function beside it that runs a case, and a module of its name with a test for each case.
pub(super) fn expand(plan: &Plan, function: &Function, hints: &TokenStream) -> Vec<TokenStream> {
    let span = Span::mixed_site();
    let (of_tests, of_function): (Vec<_>, Vec<_>) =
        function.attrs.iter().partition(|it| is_of_tests(it));
    let of_tests: Vec<_> = of_tests.iter().map(|it| &it.tokens).collect();
    let conditions = function.attrs.iter().filter(|it| is_called(it, "cfg")).map(|it| &it.tokens);
    let conditions: Vec<_> = conditions.collect();
    let of_function = of_function.iter().map(|it| &it.tokens);
    let (visibility, name) = (&function.visibility, &function.name);
    let rest = editor::with_links(plan, function);
    // Beside the function, so that paths in the attribute and in the types of parameters mean what they did.
    let run = format_ident!("_kms_test_cases_of_{}", text(name), span = span);
    let bodies = plan.cases.iter().enumerate().map(|(number, case)| {
        let test = Test { name: &case.name, call: quote!(#name), case: Some(case) };
        let body = body(plan, function, hints, &test);
        quote_spanned!(span=> #number => { #body })
    });
    let tests = plan.cases.iter().enumerate().map(|(number, case)| {
        let name = &case.name;
        quote_spanned! {span=>
            #(#of_tests)*
            #[::core::prelude::v1::test]
            fn #name() {
                super::#run(#number);
            }
        }
    });
    let item = quote_spanned! {span=>
        #(#of_function)*
        #[cfg(test)]
        #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
        #visibility #rest
    };
    let cases = quote_spanned! {span=>
        #(#conditions)*
        #[cfg(test)]
        #[allow(clippy::too_many_lines)]
        fn #run(case: ::core::primitive::usize) {
            match case {
                #(#bodies)*
                _ => ::core::unreachable!(),
            }
        }
    };
    let module = quote_spanned! {span=>
        #(#conditions)*
        #[cfg(test)]
        #visibility mod #name {
            #(#tests)*
        }
    };
    vec![quote!(#item), cases, module]
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
