//! Collects mistakes.

use proc_macro2::{Span, TokenStream};

pub(crate) use crate::model::declare::{Message, list};

/// Every mistake of one attribute and its function, reported in one compile.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    found: Vec<syn::Error>,
}

impl Errors {
    /// Adds a mistake under one token.
    pub(crate) fn push(&mut self, span: Span, message: impl Into<String>) {
        self.found.push(syn::Error::new(span, message.into()));
    }

    /// Returns whether there are no mistakes.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Returns how many mistakes there are.
    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    /// Returns the texts of the mistakes.
    pub(crate) fn messages(&self) -> impl Iterator<Item = String> {
        self.found.iter().map(ToString::to_string)
    }

    /// Returns one `compile_error!` per mistake. They must come last: anywhere else, they would break completion.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        self.found.into_iter().map(syn::Error::into_compile_error).collect()
    }
}

impl From<Message> for String {
    fn from(message: Message) -> Self {
        message.in_lines()
    }
}
