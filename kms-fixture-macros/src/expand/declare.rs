//! Declarations and options as calls of the builder.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::placed;
use crate::model::declare::Kind;
use crate::parse::text;
use crate::plan::{Call, Declaration, Plan, Value};

/// Who owns the names of declarations in the expansion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hygiene {
    /// The macro, so that they cannot collide with the user's.
    OfTheMacro,
    /// The user, so that editors can rename them.
    OfTheUser,
}

impl Hygiene {
    /// Returns the name as it is bound and used in the expansion.
    fn name(self, name: &Ident) -> Ident {
        match self {
            Self::OfTheMacro => placed(name, name.span()),
            Self::OfTheUser => name.clone(),
        }
    }
}

/// Writes a `let` for each declaration, and for each name of a scenario file.
pub(super) fn lets(plan: &Plan) -> TokenStream {
    let span = Span::mixed_site();
    let shared = plan.from_scenario.iter().map(|name| {
        let binding = placed(name, name.span());
        let name = Literal::string(&text(name));
        quote_spanned!(span=> #[allow(unused_variables)] let #binding = #name;)
    });
    let own = plan.declarations.iter().map(|it| declaration(plan, it, Hygiene::OfTheMacro));
    quote_spanned!(span=> #(#shared)* #(#own)*)
}

/// Writes `let orders = KeyDeclaration::new("orders").state(KeyState::Disabled);`
pub(super) fn declaration(plan: &Plan, declaration: &Declaration, hygiene: Hygiene) -> TokenStream {
    let span = Span::mixed_site();
    let krate = &plan.krate;
    let strukt = match declaration.kind {
        Kind::Key => "KeyDeclaration",
        Kind::Role => "RoleDeclaration",
        Kind::User => "UserDeclaration",
        Kind::Grant => "GrantDeclaration",
    };
    let strukt = Ident::new(strukt, span);
    let binding = hygiene.name(&declaration.name);
    let name = Literal::string(&text(&declaration.name));
    let calls = declaration.calls.iter().map(|it| call(krate, it, hygiene));
    quote_spanned! {span=>
        let #binding = #krate::scenario::#strukt::new(#name) #(#calls)*;
    }
}

/// Writes `.method(value)`.
pub(super) fn call(krate: &TokenStream, call: &Call, hygiene: Hygiene) -> TokenStream {
    let span = Span::mixed_site();
    let method = Ident::new(call.method, span);
    let words = |name: &str, words: &[Ident]| {
        // Of the words, only operations are in the root of the library.
        let module = (name != "Operation").then(|| quote_spanned!(span=> model::));
        let name = Ident::new(name, span);
        let words = words.iter().map(|it| quote_spanned!(span=> #krate::#module #name::#it));
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
            let it = hygiene.name(it);
            quote_spanned!(span=> &#it)
        }
        Value::Admin => quote_spanned!(span=> "admin"),
        Value::Strings(all) => quote_spanned!(span=> [#(#all),*]),
        Value::ActionsOn(actions, keys) => {
            let keys = keys.iter().map(|it| match it {
                Value::Declared(it) => {
                    let it = hygiene.name(it);
                    quote_spanned!(span=> ::core::convert::AsRef::<::core::primitive::str>::as_ref(&#it))
                }
                Value::Literal(it) => quote!(#it),
                _ => TokenStream::new(),
            });
            quote_spanned!(span=> [#(#actions),*], [#(#keys),*])
        }
        Value::File(path) => quote_spanned!(span=> #path, ::core::include_str!(#path)),
        Value::Function(path) => quote_spanned!(span=> #path()),
        Value::Pair(key, value) => quote_spanned!(span=> #key, #value),
        Value::Pairs(pairs) => {
            let pairs = pairs.iter().map(|(key, value)| quote_spanned!(span=> (#key, #value)));
            quote_spanned!(span=> [#(#pairs),*])
        }
        Value::Consistency(_, constructor, calls) => {
            let constructor = Ident::new(constructor, span);
            let calls = calls.iter().map(|it| self::call(krate, it, hygiene));
            quote_spanned!(span=> #krate::scenario::Consistency::#constructor() #(#calls)*)
        }
        Value::Fault(word, arguments, selectors) => {
            let arguments = if word == "late" {
                quote_spanned!(span=> ::core::time::Duration::from_millis(#(#arguments),*))
            } else {
                quote!(#(#arguments),*)
            };
            let selectors = selectors.iter().map(|it| self::call(krate, it, hygiene));
            quote_spanned!(span=> #krate::Fault::#word(#arguments) #(#selectors)*)
        }
        Value::Quotas(_, constructor, calls) => {
            let constructor = Ident::new(constructor, span);
            let calls = calls.iter().map(|it| self::call(krate, it, hygiene));
            quote_spanned!(span=> #krate::scenario::Quotas::#constructor() #(#calls)*)
        }
        Value::Quota(name, calls) => quote_spanned!(span=> #name, #calls),
        Value::Snapshot(word) => {
            // The user's own `insta`, expanded in the user's crate. If it is missing, the error is under `snapshot`.
            let word = span.located_at(*word);
            quote_spanned!(word=> |name, text| ::insta::assert_snapshot!(name, text))
        }
    };
    quote_spanned!(span=> .#method(#value))
}

/// Writes `.key(orders)` for each declaration.
pub(super) fn added(plan: &Plan) -> impl Iterator<Item = TokenStream> {
    let span = Span::mixed_site();
    plan.declarations.iter().map(move |declared| {
        let method = match declared.kind {
            Kind::Key => "key",
            Kind::Role => "role",
            Kind::User => "user",
            Kind::Grant => "grant",
        };
        let method = Ident::new(method, span);
        let binding = placed(&declared.name, span);
        quote_spanned!(span=> .#method(#binding))
    })
}
