//! The checked form of an attribute, which `expand` writes without further checks.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Lit, LitInt, LitStr};

use crate::model::declare::Kind;

/// A test, ready to be written.
///
/// After a mistake, it is the nearest guess at the test, which only rust-analyzer sees.
pub(crate) struct Plan {
    /// The path of the library.
    pub(crate) krate: TokenStream,
    /// Settings of the whole test.
    pub(crate) settings: Vec<Call>,
    /// Keys, roles, users, grants, in this order.
    pub(crate) declarations: Vec<Declaration>,
    /// Names of the scenario, each with the place where it stands.
    pub(crate) from_scenario: Vec<Ident>,
    pub(crate) params: Vec<Injected>,
    /// The cases; none for a single test.
    pub(crate) cases: Vec<Case>,
}

/// A test with values for parameters.
pub(crate) struct Case {
    pub(crate) name: Ident,
    /// The value of each parameter, by the parameter's name without an underscore in front.
    pub(crate) values: Vec<(Ident, Lit)>,
}

/// One declaration.
pub(crate) struct Declaration {
    pub(crate) kind: Kind,
    pub(crate) name: Ident,
    /// Every option that was given, with its span, even if its value is not valid.
    pub(crate) given: Vec<(&'static str, Span)>,
    pub(crate) calls: Vec<Call>,
}

impl Declaration {
    /// Returns the argument of this builder method, if the method is called.
    pub(crate) fn value(&self, method: &str) -> Option<&Value> {
        let call = self.calls.iter().find(|it| it.method == method)?;
        Some(&call.value)
    }

    /// Returns the span of this option if it was given, even with an invalid value.
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

/// The argument of a builder method.
pub(crate) enum Value {
    Nothing,
    Literal(Lit),
    /// An `Option`: the given value, or `None` for the default
    Optional(Option<Lit>),
    /// An enum of `model`, and one of its variants
    Word(&'static str, Ident),
    /// An enum of `model`, and an array of its variants
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
    /// The word in the attribute; the constructor of a `Consistency`, and the calls on it
    Consistency(Ident, &'static str, Vec<Call>),
    /// The word of a fault, the arguments of its constructor, and the calls that select what it strikes
    Fault(Ident, Vec<Lit>, Vec<Call>),
    /// The word in the attribute; the constructor of a `Quotas`, and the calls on it
    Quotas(Ident, &'static str, Vec<Call>),
    /// A quota and its number of calls
    Quota(LitStr, LitInt),
    /// Actions on declared keys
    ActionsOn(Vec<LitStr>, Vec<Value>),
    /// The function that compares a snapshot, with the span of `snapshot`
    Snapshot(Span),
    /// The text of a file
    File(LitStr),
    /// The value of the function at this path
    Function(TokenStream),
}

/// One parameter and its value.
pub(crate) struct Injected {
    pub(crate) param: Ident,
    /// The type of the parameter, if a `let` can also have it.
    pub(crate) ty: Option<TokenStream>,
    pub(crate) target: Target,
}

/// An injected value.
pub(crate) enum Target {
    Kms,
    Admin,
    /// The thing that this declaration creates
    Declared(Kind, Ident),
    /// A thing of this name in a scenario that the macro cannot read; its type decides what it is
    Named(String),
    /// The value of the case
    Case(String),
    /// A mistake; the expansion must still be complete for rust-analyzer
    Unknown,
}
