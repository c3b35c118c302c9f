//! The question to a policy: is this action allowed on this resource, in these circumstances?

use std::cell::OnceCell;
use std::collections::HashMap;
use std::fmt;

use iam_rs::{Arn, ContextValue, IAMRequest, Principal, PrincipalId};

/// The condition keys of a request. Their names are case-insensitive, so they are kept in lower case.
#[derive(Debug, Default)]
pub(crate) struct Context(HashMap<String, ContextValue>);

impl Context {
    pub(crate) fn text(&mut self, key: &str, value: impl Into<String>) {
        self.put(key, ContextValue::String(value.into()));
    }

    fn put(&mut self, key: &str, value: ContextValue) {
        self.0.insert(key.to_ascii_lowercase(), value);
    }

    /// Adds a key of a family, such as `aws:ResourceTag/`, whose names are the user's. Names that differ in case only
    /// are one condition key with several values (INVENTED(names-without-case)).
    pub(crate) fn member(&mut self, family: &str, name: &str, value: &str) {
        let key = format!("{family}{name}").to_ascii_lowercase();
        let value = match self.0.remove(&key) {
            Some(ContextValue::String(other)) => {
                ContextValue::StringList(vec![other, value.to_owned()])
            }
            Some(ContextValue::StringList(mut others)) => {
                others.push(value.to_owned());
                ContextValue::StringList(others)
            }
            _ => ContextValue::String(value.to_owned()),
        };
        self.0.insert(key, value);
    }

    pub(crate) fn flag(&mut self, key: &str, value: bool) {
        self.put(key, ContextValue::Boolean(value));
    }

    /// Sets a number as text; `iam-rs` reads it as a number or a date where an operator needs one.
    pub(crate) fn number(&mut self, key: &str, value: f64) {
        self.text(key, value.to_string());
    }

    /// Sets a key with several values. Without values the key is absent, which `Null` detects.
    pub(crate) fn list(&mut self, key: &str, values: impl IntoIterator<Item = String>) {
        let values: Vec<_> = values.into_iter().collect();
        if !values.is_empty() {
            self.put(key, ContextValue::StringList(values));
        }
    }

    /// Returns the context without `key`.
    pub(crate) fn without(mut self, key: &str) -> Self {
        self.0.remove(&key.to_ascii_lowercase());
        self
    }
}

/// A question to any number of policies. Its condition keys are computed when the first condition needs them.
pub(crate) struct Question<'a> {
    bare: IAMRequest,
    context: &'a dyn Fn() -> Context,
    full: OnceCell<IAMRequest>,
}

impl<'a> Question<'a> {
    /// Asks about `action` on `resource`: an ARN, or `*` for an operation without a resource.
    pub(crate) fn new(action: &str, resource: &str, context: &'a dyn Fn() -> Context) -> Self {
        let arn = Arn::parse(resource).unwrap_or_else(|_| Arn {
            partition: "aws".into(),
            service: "kms".into(),
            region: String::new(),
            account_id: String::new(),
            resource: "*".into(),
        });
        // The fake matches principals itself; `iam-rs` only needs one to be present.
        let caller = Principal::Aws(PrincipalId::String("111122223333".into()));
        Self { bare: IAMRequest::new(caller, action, arn), context, full: OnceCell::new() }
    }

    /// Returns whether the action is one of KMS.
    pub(super) fn is_about_kms(&self) -> bool {
        self.bare.action.starts_with("kms:")
    }

    /// Returns the request without condition keys: enough for a statement without conditions and variables.
    pub(super) fn bare(&self) -> &IAMRequest {
        &self.bare
    }

    /// Returns the request with its condition keys.
    pub(super) fn full(&self) -> &IAMRequest {
        self.full.get_or_init(|| {
            let mut request = self.bare.clone();
            request.context = iam_rs::Context::with_data((self.context)().0);
            request
        })
    }
}

impl fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Question").field("bare", &self.bare).finish_non_exhaustive()
    }
}
