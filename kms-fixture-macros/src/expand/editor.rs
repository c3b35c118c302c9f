//! The code that only rust-analyzer sees: hints for completion and hover, and links between declarations and parameters for
//! go-to-definition and rename.
//!
//! rust-analyzer renames a name only where its token is the user's own, so that the names here are not hygienic. A
//! declaration and its parameter are two names, which are renamed together: the parameter's token also refers to the
//! declaration, and each token that names the declaration also refers to the parameter. So does each value of a case.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote_spanned;

use super::declare::{Hygiene, call, declaration};
use crate::parse::text;
use crate::plan::{Call, Plan, Target, Value};
use crate::signature::Function;

/// Writes the hints and the declarations, as statements.
pub(super) fn seen(plan: &Plan, hints: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let lets = plan.declarations.iter().map(|it| declaration(plan, it, Hygiene::OfTheUser));
    let links = linked(plan).map(|(declared, param)| {
        let mut link = declared.clone();
        link.set_span(param.span());
        link
    });
    let functions = plan.settings.iter().filter_map(|it| match &it.value {
        Value::Function(path) => Some(path),
        _ => None,
    });
    let of_words = |it: &&Call| matches!(it.value, Value::Consistency(..) | Value::Fault(..));
    let words = plan.settings.iter().filter(of_words);
    let words = words.map(|it| {
        let plan_of = call(&plan.krate, it, Hygiene::OfTheUser);
        let krate = &plan.krate;
        quote_spanned!(span=> let _ = |it: #krate::__private::Plan| it #plan_of;)
    });
    quote_spanned! {span=>
        #hints
        #(#lets)*
        #(let _ = &#links;)*
        #(let _ = #functions();)*
        #(#words)*
    }
}

/// Returns the declarations of the test itself that have a parameter of the same name.
fn linked(plan: &Plan) -> impl Iterator<Item = (&Ident, &Ident)> {
    plan.params.iter().filter_map(|injected| match &injected.target {
        Target::Declared(_, declared) => {
            let own = plan.declarations.iter().map(|it| &it.name).find(|it| *it == declared)?;
            (text(own) == text(&injected.param)).then_some((own, &injected.param))
        }
        _ => None,
    })
}

/// Returns the function with a statement in front of its body, in which each token that names a declaration refers to
/// the parameter.
pub(super) fn with_links(plan: &Plan, function: &Function) -> TokenStream {
    let mut tokens: Vec<TokenTree> = function.rest.clone().into_iter().collect();
    let of_declarations = linked(plan)
        .flat_map(|(declared, param)| named(plan, declared).into_iter().map(move |it| (param, it)));
    let values = || plan.cases.iter().flat_map(|it| &it.values).map(|it| &it.0);
    let params = plan.params.iter().map(|it| &it.param);
    let of_cases =
        params.flat_map(|param| values().filter(move |it| *it == param).map(move |it| (param, it)));
    let links: Vec<Ident> = of_declarations
        .chain(of_cases)
        .map(|(param, place)| {
            let mut link = param.clone();
            link.set_span(place.span());
            link
        })
        .collect();
    let Some(TokenTree::Group(body)) = tokens.last_mut() else {
        return function.rest.clone();
    };
    if links.is_empty() || body.delimiter() != Delimiter::Brace || takes_no_statement(body) {
        return function.rest.clone();
    }
    let span = Span::mixed_site();
    let mut inside = quote_spanned! {span=>
        #[allow(unexpected_cfgs)]
        {
            #[cfg(rust_analyzer)]
            let _ = (#(&#links,)*);
        }
    };
    inside.extend(body.stream());
    let mut with_links = Group::new(Delimiter::Brace, inside);
    with_links.set_span(body.span());
    *body = with_links;
    tokens.into_iter().collect()
}

/// Returns every token that names this declaration: its own, and those in other declarations.
fn named<'a>(plan: &'a Plan, declared: &'a Ident) -> Vec<&'a Ident> {
    let mut found = vec![declared];
    let of_faults = plan.settings.iter().filter_map(|it| match &it.value {
        Value::Fault(_, _, selectors) => Some(selectors),
        _ => None,
    });
    let of_declarations = plan.declarations.iter().map(|it| &it.calls);
    for call in of_declarations.chain(of_faults).flatten() {
        match &call.value {
            Value::Declared(it) if it == declared => found.push(it),
            Value::ActionsOn(_, keys) => found.extend(keys.iter().filter_map(|it| match it {
                Value::Declared(it) if it == declared => Some(it),
                _ => None,
            })),
            _ => {}
        }
    }
    found
}

/// Returns whether a statement in front of the body would be wrong, or a reason for a lint.
fn takes_no_statement(body: &Group) -> bool {
    const ITEMS: &[&str] = &[
        "const",
        "enum",
        "extern",
        "fn",
        "impl",
        "macro_rules",
        "mod",
        "static",
        "struct",
        "trait",
        "type",
        "union",
        "use",
        "pub",
        "async",
    ];
    let is_of_a_macro =
        |it: TokenTree| matches!(it, TokenTree::Group(it) if it.delimiter() == Delimiter::None);
    if body.stream().into_iter().any(is_of_a_macro) {
        return true;
    }
    match body.stream().into_iter().next() {
        Some(TokenTree::Punct(it)) => it.as_char() == '#',
        Some(TokenTree::Ident(it)) => ITEMS.contains(&it.to_string().as_str()),
        _ => false,
    }
}
