//! The code that one would write by hand: `let`s, enum paths, and one call into the library.
//!
//! The user's tokens keep their spans, so that rustc's messages and go-to-definition point at them. Names that the
//! macro binds are hygienic, so that they cannot collide with the user's. rust-analyzer sees other code (`editor.rs`).

mod cases;
mod declare;
mod editor;
mod inject;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::diag::Errors;
use crate::parse::text;
use crate::plan::{Case, Plan};
use crate::signature::Function;
use crate::validate::should_panic;

use declare::{Hygiene, added, call, lets};
use inject::run;

/// Writes the test, or the function and a module with a test for each case: the items of the expansion.
pub(crate) fn expand(plan: &Plan, function: &Function, hints: &TokenStream) -> Vec<TokenStream> {
    if plan.cases.is_empty() {
        return vec![test(plan, function, hints)];
    }
    cases::expand(plan, function, hints)
}

fn test(plan: &Plan, function: &Function, hints: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let attrs = function.attrs.iter().map(|it| &it.tokens);
    let visibility = &function.visibility;
    let name = &function.name;
    let inner = editor::with_links(plan, function);
    let body = body(plan, function, hints, &Test { name, call: quote!(#name), case: None });
    quote_spanned! {span=>
        #(#attrs)*
        #[::core::prelude::v1::test]
        #visibility fn #name() {
            // Injection decides how many arguments there are, and passes them by value.
            #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
            #inner
            #body
        }
    }
}

/// One test of an expansion.
struct Test<'a> {
    name: &'a Ident,
    /// The path of the user's function.
    call: TokenStream,
    case: Option<&'a Case>,
}

/// Writes everything that a test does.
fn body(plan: &Plan, function: &Function, hints: &TokenStream, test: &Test<'_>) -> TokenStream {
    let span = Span::mixed_site();
    let for_editors = editor::seen(plan, hints);
    let lets = lets(plan);
    let builder = builder(plan, function, test);
    let run = run(plan, function, test);
    quote_spanned! {span=>
        #[allow(unexpected_cfgs)]
        let () = {
            #[cfg(rust_analyzer)]
            let () = { #for_editors };
            #[cfg(not(rust_analyzer))]
            let () = {
                #lets
                let plan = #builder;
                #run
            };
        };
    }
}

/// Writes the expression for `scenario!(..)`.
pub(crate) fn scenario(plan: &Plan, hints: &TokenStream, errors: Errors) -> TokenStream {
    let span = Span::mixed_site();
    let krate = &plan.krate;
    let for_editors = editor::seen(plan, hints);
    if !errors.is_empty() {
        let errors = errors.into_compile_errors();
        return quote_spanned! {span=>
            {
                #[allow(unexpected_cfgs)]
                let () = {
                    #[cfg(rust_analyzer)]
                    let () = { #for_editors };
                };
                #errors
                <#krate::Scenario as ::core::default::Default>::default()
            }
        };
    }
    let lets = lets(plan);
    let settings = plan.settings.iter().map(|it| call(krate, it, Hygiene::OfTheMacro));
    let declarations = added(plan);
    quote_spanned! {span=>
        {
            #[allow(unexpected_cfgs)]
            let () = {
                #[cfg(rust_analyzer)]
                let () = { #for_editors };
            };
            #lets
            #krate::__private::Plan::of_scenario(::core::env!("CARGO_MANIFEST_DIR"), ::core::file!())
                #(#settings)*
                #(#declarations)*
                .into_scenario()
        }
    }
}

/// Writes `Plan::new(..).region("..").key(orders)`.
fn builder(plan: &Plan, function: &Function, test: &Test<'_>) -> TokenStream {
    let span = Span::mixed_site();
    let krate = &plan.krate;
    let name = Literal::string(&text(test.name));
    let mut module = quote_spanned!(span=> ::core::module_path!());
    let case_of = test.case.map(|_| {
        let function = text(&function.name);
        let within = Literal::string(&format!("::{function}"));
        module = quote_spanned!(span=> ::core::concat!(#module, #within));
        let function = Literal::string(&function);
        quote_spanned!(span=> .case_of(#function))
    });
    let settings = plan.settings.iter().map(|it| call(krate, it, Hygiene::OfTheMacro));
    let panics = should_panic(function).then(|| quote_spanned!(span=> .should_panic()));
    let declarations = added(plan);
    quote_spanned! {span=>
        #krate::__private::Plan::new(#krate::__private::TestPlace {
            package: ::core::env!("CARGO_PKG_NAME"),
            manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
            module: #module,
            name: #name,
            file: ::core::file!(),
        })
        #(#settings)*
        #panics
        #case_of
        #(#declarations)*
    }
}

/// Returns the name as a hygienic binding of the macro, located at `place`.
fn placed(name: &Ident, place: Span) -> Ident {
    let mut name = name.clone();
    name.set_span(Span::mixed_site().located_at(place));
    name
}

/// Writes the function without the test around it, for rustc to check after a mistake.
pub(crate) fn bare(function: &Function, attrs: &[&TokenStream]) -> TokenStream {
    let visibility = &function.visibility;
    let rest = &function.rest;
    quote! {
        #(#attrs)*
        #[allow(unused)]
        #visibility #rest
    }
}
