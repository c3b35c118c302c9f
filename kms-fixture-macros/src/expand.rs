//! The code that one would write by hand: `let`s, enum paths, and one call into the library.
//!
//! The user's tokens keep their spans, so that rustc's messages and go-to-definition point at them. Names that the
//! macro binds are hygienic, so that they cannot collide with the user's.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::model::declare::Kind;
use crate::parse::text;
use crate::plan::{Call, Declaration, Injected, Plan, Target, Value};
use crate::signature::Function;
use crate::validate::should_panic;

/// Writes the test.
pub(crate) fn expand(plan: &Plan, function: &Function, hints: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let attrs = function.attrs.iter().map(|it| &it.tokens);
    let visibility = &function.visibility;
    let name = &function.name;
    let inner = &function.rest;
    let lets = plan.declarations.iter().map(|it| declaration(plan, it));
    let builder = builder(plan, function);
    let run = run(plan, function);
    let links = links(plan);
    quote_spanned! {span=>
        #(#attrs)*
        #[::core::prelude::v1::test]
        #visibility fn #name() {
            // Injection decides how many arguments there are, and passes them by value.
            #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
            #inner
            #hints
            #(#lets)*
            #links
            let plan = #builder;
            #run
        }
    }
}

/// Writes `let orders = KeyDeclaration::new("orders").state(KeyState::Disabled);`
fn declaration(plan: &Plan, declaration: &Declaration) -> TokenStream {
    let span = Span::mixed_site();
    let krate = &plan.krate;
    let strukt = match declaration.kind {
        Kind::Key => "KeyDeclaration",
        Kind::Role => "RoleDeclaration",
        Kind::User => "UserDeclaration",
        Kind::Grant => "GrantDeclaration",
    };
    let strukt = Ident::new(strukt, span);
    let binding = placed(&declaration.name, declaration.name.span());
    let name = Literal::string(&text(&declaration.name));
    let calls = declaration.calls.iter().map(|it| call(krate, it));
    quote_spanned! {span=>
        let #binding = #krate::scenario::#strukt::new(#name) #(#calls)*;
    }
}

/// Writes `.method(value)`.
fn call(krate: &TokenStream, call: &Call) -> TokenStream {
    let span = Span::mixed_site();
    let method = Ident::new(call.method, span);
    let words = |name: &str, words: &[Ident]| {
        let name = Ident::new(name, span);
        let words = words.iter().map(|it| quote_spanned!(span=> #krate::model::#name::#it));
        words.collect::<Vec<_>>()
    };
    let value = match &call.value {
        Value::Nothing => TokenStream::new(),
        Value::Literal(it) => quote!(#it),
        Value::Optional(None) => quote_spanned!(span=> ::core::option::Option::None),
        Value::Optional(Some(it)) => quote_spanned!(span=> ::core::option::Option::Some(#it)),
        Value::Word(name, word) => words(name, std::slice::from_ref(word)).into_iter().collect(),
        Value::Words(name, many) => {
            let words = words(name, many);
            quote_spanned!(span=> [#(#words),*])
        }
        Value::Declared(it) => {
            let it = placed(it, it.span());
            quote_spanned!(span=> &#it)
        }
        Value::Admin => quote_spanned!(span=> "admin"),
        Value::Strings(all) => quote_spanned!(span=> [#(#all),*]),
        Value::Pair(key, value) => quote_spanned!(span=> #key, #value),
        Value::Pairs(pairs) => {
            let pairs = pairs.iter().map(|(key, value)| quote_spanned!(span=> (#key, #value)));
            quote_spanned!(span=> [#(#pairs),*])
        }
        Value::Consistency(_, constructor, calls) => {
            let constructor = Ident::new(constructor, span);
            let calls = calls.iter().map(|it| self::call(krate, it));
            quote_spanned!(span=> #krate::scenario::Consistency::#constructor() #(#calls)*)
        }
        Value::Snapshot(word, test) => {
            // The user's own `insta`, expanded in the user's crate. If it is missing, the error is under `snapshot`.
            let word = span.located_at(*word);
            quote_spanned!(word=> |text| ::insta::assert_snapshot!(#test, text))
        }
    };
    quote_spanned!(span=> .#method(#value))
}

/// Writes `Plan::new(..).region("..").key(orders)`.
fn builder(plan: &Plan, function: &Function) -> TokenStream {
    let span = Span::mixed_site();
    let krate = &plan.krate;
    let name = Literal::string(&text(&function.name));
    let settings = plan.settings.iter().map(|it| call(krate, it));
    let panics = should_panic(function).then(|| quote_spanned!(span=> .should_panic()));
    let declarations = plan.declarations.iter().map(|declared| {
        let method = match declared.kind {
            Kind::Key => "key",
            Kind::Role => "role",
            Kind::User => "user",
            Kind::Grant => "grant",
        };
        let method = Ident::new(method, span);
        let binding = placed(&declared.name, span);
        quote_spanned!(span=> .#method(#binding))
    });
    quote_spanned! {span=>
        #krate::__private::Plan::new(#krate::__private::TestPlace {
            package: ::core::env!("CARGO_PKG_NAME"),
            manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
            module: ::core::module_path!(),
            name: #name,
            file: ::core::file!(),
        })
        #(#settings)*
        #panics
        #(#declarations)*
    }
}

/// Writes `run(plan, |kms| { let orders = ..; the_test(kms, orders) })`.
fn run(plan: &Plan, function: &Function) -> TokenStream {
    let span = Span::mixed_site();
    let krate = &plan.krate;
    let name = &function.name;
    let values = plan.params.iter().enumerate();
    let values = values.map(|(position, it)| value(krate, position, it));
    let typed = plan.params.iter().enumerate();
    let typed = typed.map(|(position, it)| typed_binding(position, it));
    let args = plan.params.iter().map(|it| placed(&it.param, span));
    let awaited = function.is_async.then(|| quote_spanned!(span=> .await));
    let call = quote_spanned!(span=> #name(#(#args),*) #awaited);
    let call = match &function.output {
        Some(output) if !output.is_unit => {
            // A type without `Termination` is reported under that type.
            let outcome = Ident::new("injected_outcome", output.span);
            quote_spanned! {span=>
                let #outcome = #call;
                #krate::__private::Termination::report(#outcome)
            }
        }
        _ => call,
    };
    let kms =
        if plan.params.is_empty() { quote_spanned!(span=> _) } else { quote_spanned!(span=> kms) };
    let body = quote_spanned!(span=> #(#values)* #(#typed)* #call);
    if function.is_async {
        quote_spanned! {span=>
            #krate::__private::run_async(plan, |#kms: #krate::Kms| async move { #body });
        }
    } else {
        quote_spanned! {span=>
            #krate::__private::run(plan, |#kms: #krate::Kms| { #body });
        }
    }
}

/// Writes `let injected_0 = Kms::key(&kms, "orders");`.
fn value(krate: &TokenStream, position: usize, injected: &Injected) -> TokenStream {
    let span = Span::mixed_site();
    let binding = injected_value(position, injected);
    let value = match &injected.target {
        Target::Kms => quote_spanned!(span=> ::core::clone::Clone::clone(&kms)),
        Target::Admin => quote_spanned!(span=> #krate::Kms::caller(&kms, "admin")),
        Target::Unknown => quote_spanned!(span=> ::core::unreachable!()),
        Target::Declared(kind, name) => {
            let accessor = match kind {
                Kind::Key => "key",
                Kind::Role | Kind::User => "caller",
                Kind::Grant => "grant",
            };
            let accessor = Ident::new(accessor, span);
            let name = Literal::string(&text(name));
            quote_spanned!(span=> #krate::Kms::#accessor(&kms, #name))
        }
    };
    quote_spanned!(span=> let #binding = #value;)
}

/// Writes `let orders: Key = injected_0;`.
///
/// rustc reports a wrong type here, once for each parameter; in the call, it would mix them up.
fn typed_binding(position: usize, injected: &Injected) -> TokenStream {
    let span = Span::mixed_site();
    let binding = placed(&injected.param, span);
    let value = injected_value(position, injected);
    let ty = injected.ty.as_ref();
    let ty = ty.map(|it| quote_spanned!(span=> : #it));
    quote_spanned!(span=> let #binding #ty = #value;)
}

/// Names the value for a parameter; rustc's messages show the parameter.
fn injected_value(position: usize, injected: &Injected) -> Ident {
    Ident::new(&format!("injected_{position}"), injected.param.span())
}

/// Links each parameter to its declaration, for go-to-definition and rename; rustc never sees the links.
fn links(plan: &Plan) -> TokenStream {
    let span = Span::mixed_site();
    let links: Vec<TokenStream> = plan
        .params
        .iter()
        .filter_map(|injected| match &injected.target {
            Target::Declared(_, declared) => {
                let link = placed(declared, injected.param.span());
                Some(quote_spanned!(span=> &#link))
            }
            _ => None,
        })
        .collect();
    if links.is_empty() {
        return TokenStream::new();
    }
    quote_spanned! {span=>
        #[allow(unexpected_cfgs)]
        {
            #[cfg(rust_analyzer)]
            let _ = (#(#links,)*);
        }
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
