//! The checked form of an attribute: what `expand` writes down without asking again.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Lit, LitStr};

use crate::model::declare::Kind;

/// A test, ready to be written.
///
/// It is also the nearest guess at one with mistakes, which only rust-analyzer gets to see.
pub(crate) struct Plan {
    /// The path of the library.
    pub(crate) krate: TokenStream,
    /// Settings of the whole test.
    pub(crate) settings: Vec<Call>,
    /// Keys, roles, users, grants, in this order.
    pub(crate) declarations: Vec<Declaration>,
    pub(crate) params: Vec<Injected>,
}

/// One declared thing.
pub(crate) struct Declaration {
    pub(crate) kind: Kind,
    pub(crate) name: Ident,
    /// Every option that was given, and where, even if nothing could be made of it.
    pub(crate) given: Vec<(&'static str, Span)>,
    pub(crate) calls: Vec<Call>,
}

impl Declaration {
    /// What this builder method is given, if it is called.
    pub(crate) fn value(&self, method: &str) -> Option<&Value> {
        let call = self.calls.iter().find(|it| it.method == method)?;
        Some(&call.value)
    }

    /// Where this option was given, right or wrong, if it was.
    pub(crate) fn was_given(&self, option: &str) -> Option<Span> {
        let given = self.given.iter().find(|it| it.0 == option)?;
        Some(given.1)
    }
}

/// One call of a builder method.
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) value: Value,
}

/// What a builder method is given.
pub(crate) enum Value {
    Nothing,
    Literal(Lit),
    /// An `Option`: what was given, or the default
    Optional(Option<Lit>),
    /// An enum of `model`, and one of its variants
    Word(&'static str, Ident),
    /// The same, as an array
    Words(&'static str, Vec<Ident>),
    /// A declared name
    Declared(Ident),
    /// The predeclared administrator
    Admin,
    Strings(Vec<LitStr>),
    /// Two arguments
    Pair(LitStr, LitStr),
    /// An array of pairs
    Pairs(Vec<(LitStr, LitStr)>),
    /// Its word; the constructor of a `Consistency`, and the calls on it
    Consistency(Ident, &'static str, Vec<Call>),
    /// A function that compares under this name; where `snapshot` stands
    Snapshot(Span, String),
}

/// One parameter and what it is given.
pub(crate) struct Injected {
    pub(crate) param: Ident,
    /// The type of the parameter, if a `let` can have it too.
    pub(crate) ty: Option<TokenStream>,
    pub(crate) target: Target,
}

/// What is injected.
pub(crate) enum Target {
    Kms,
    Admin,
    /// What this declaration made
    Declared(Kind, Ident),
    /// A mistake; the expansion must still be complete for rust-analyzer
    Unknown,
}
