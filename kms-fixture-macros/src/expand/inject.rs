//! The call of the user's function with injected values.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::{Test, placed};
use crate::model::declare::Kind;
use crate::parse::text;
use crate::plan::{Injected, Plan, Target};
use crate::signature::Function;

/// Writes `run(plan, |kms| { let orders = ..; the_test(kms, orders) })`.
pub(super) fn run(plan: &Plan, function: &Function, test: &Test<'_>) -> TokenStream {
    let span = Span::mixed_site();
    let krate = &plan.krate;
    let name = &test.call;
    let values = plan.params.iter().enumerate();
    let values = values.filter_map(|(position, it)| value(krate, position, it));
    let typed = plan.params.iter().enumerate();
    let typed = typed.map(|(position, it)| typed_binding(position, it, test));
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
fn value(krate: &TokenStream, position: usize, injected: &Injected) -> Option<TokenStream> {
    let span = Span::mixed_site();
    let binding = injected_value(position, injected);
    let value = match &injected.target {
        Target::Kms => quote_spanned!(span=> ::core::clone::Clone::clone(&kms)),
        Target::Admin => quote_spanned!(span=> #krate::Kms::caller(&kms, "admin")),
        Target::Named(name) => quote_spanned!(span=> #krate::__private::named(&kms, #name)),
        Target::Case(_) => return None,
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
    Some(quote_spanned!(span=> let #binding = #value;))
}

/// Writes `let orders: Key = injected_0;`.
///
/// rustc reports a wrong type here, once for each parameter; in the call, it would mix them up.
fn typed_binding(position: usize, injected: &Injected, test: &Test<'_>) -> TokenStream {
    let span = Span::mixed_site();
    let binding = placed(&injected.param, span);
    let value = match &injected.target {
        Target::Case(name) => {
            let mut values = test.case.into_iter().flat_map(|it| &it.values);
            let value = values.find(|it| text(&it.0) == *name).map(|it| it.1.to_token_stream());
            // Nothing, after a mistake.
            value.unwrap_or_else(|| quote_spanned!(span=> ::core::unreachable!()))
        }
        _ => injected_value(position, injected).into_token_stream(),
    };
    let ty = injected.ty.as_ref();
    let ty = ty.map(|it| quote_spanned!(span=> : #it));
    quote_spanned!(span=> let #binding #ty = #value;)
}

/// Names the value for a parameter; rustc's messages show the parameter.
fn injected_value(position: usize, injected: &Injected) -> Ident {
    Ident::new(&format!("injected_{position}"), injected.param.span())
}
