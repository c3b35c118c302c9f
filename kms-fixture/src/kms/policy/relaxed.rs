//! Policies with less to fulfil, which show why a policy is silent.

use serde_json::{Map, Value};

use super::{Effect, Policy, Question};

impl Policy {
    /// Returns the policy without the conditions of its statements; `None` if its document is not known.
    pub(crate) fn without_conditions(&self) -> Option<Self> {
        self.with_each_statement(|statement| {
            statement.remove("Condition");
        })
    }

    /// Returns the policy with every statement on every resource; `None` if its document is not known.
    pub(crate) fn on_every_resource(&self) -> Option<Self> {
        self.with_each_statement(|statement| {
            statement.remove("NotResource");
            statement.insert("Resource".to_owned(), "*".into());
        })
    }

    /// Returns whether an `Allow` statement applies, without regard to `Deny` statements and principals.
    pub(crate) fn would_allow(&self, question: &Question<'_>) -> bool {
        let mut statements = self.statements().iter();
        statements.any(|it| it.effect == Effect::Allow && it.applies(question))
    }

    fn with_each_statement(&self, change: impl Fn(&mut Map<String, Value>)) -> Option<Self> {
        let mut document: Value = serde_json::from_str(&self.text()).ok()?;
        match document.get_mut("Statement")? {
            Value::Array(all) => all.iter_mut().filter_map(Value::as_object_mut).for_each(change),
            Value::Object(one) => change(one),
            _ => return None,
        }
        Self::parse(&document.to_string()).ok()
    }
}
