//! A policy document.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::statement::{Effect, Statement};
use super::{PolicyError, Principals, Question, Verdict, form};

/// A policy: its text and its statements.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    source: Source,
    statements: Vec<Statement>,
}

/// The document of a policy.
#[derive(Clone, Debug)]
enum Source {
    /// As it was written; empty if there is none.
    Text(String),
    Value(Value),
}

impl Policy {
    /// Reads a policy document.
    pub(crate) fn parse(text: &str) -> Result<Self, PolicyError> {
        Self::read(text, |_| Ok(()))
    }

    /// Reads a declared policy; refuses further mistakes, as IAM does.
    pub(crate) fn declared(text: &str, identity_based: bool) -> Result<Self, PolicyError> {
        Self::read(text, |statement| {
            form::check(statement)?;
            if identity_based {
                form::check_identity_based(statement)?;
            }
            Ok(())
        })
    }

    /// Reads a policy document and applies `check` to each statement.
    fn read(
        text: &str,
        check: impl Fn(&Value) -> Result<(), PolicyError>,
    ) -> Result<Self, PolicyError> {
        let value: Value =
            serde_json::from_str(text).map_err(|it| PolicyError::new(format!("not JSON: {it}")))?;
        let statements = Self::statements_of(&value, check)?;
        Ok(Self { source: Source::Text(text.to_owned()), statements })
    }

    /// Reads the statements of a policy document and applies `check` to each.
    fn statements_of(
        document: &Value,
        check: impl Fn(&Value) -> Result<(), PolicyError>,
    ) -> Result<Vec<Statement>, PolicyError> {
        let document =
            document.as_object().ok_or_else(|| PolicyError::new("the policy is not an object"))?;
        let version = document.get("Version").cloned().unwrap_or_else(|| Value::from("2008-10-17"));
        let statements = match document.get("Statement") {
            Some(Value::Array(many)) => many.iter().collect(),
            Some(one @ Value::Object(_)) => vec![one],
            _ => return Err(PolicyError::new("the policy needs `Statement`")),
        };
        let read = statements.iter().map(|it| Statement::parse(it, &version));
        let read = read.collect::<Result<_, _>>()?;
        statements.into_iter().try_for_each(check)?;
        Ok(read)
    }

    /// Returns an identity-based policy that allows each of these actions on its resources; without a list of them, on
    /// everything. Actions on everything share one statement.
    pub(crate) fn allow<'a>(
        permissions: impl IntoIterator<Item = (&'a [String], Option<Vec<String>>)>,
    ) -> Result<Self, PolicyError> {
        let (everywhere, somewhere): (Vec<_>, Vec<_>) =
            permissions.into_iter().partition(|it| it.1.is_none());
        let everywhere: Vec<_> = everywhere.iter().flat_map(|it| it.0).collect();
        let everywhere = (!everywhere.is_empty())
            .then(|| json!({"Effect": "Allow", "Action": everywhere, "Resource": "*"}));
        let somewhere = somewhere.iter().map(|(actions, resources)| {
            json!({"Effect": "Allow", "Action": actions, "Resource": resources})
        });
        let statements: Vec<_> = everywhere.into_iter().chain(somewhere).collect();
        let document = json!({"Version": "2012-10-17", "Statement": statements});
        let statements = Self::statements_of(&document, |_| Ok(()))?;
        Ok(Self { source: Source::Value(document), statements })
    }

    /// Returns a policy that allows everything, for administrators and account roots.
    pub(crate) fn everything() -> Self {
        Self {
            source: Source::Text(String::new()),
            statements: vec![Statement::allow_everything(None)],
        }
    }

    /// Returns a key policy whose only statement delegates to `account`, an ARN; `text` is its JSON.
    pub(crate) fn trusting(account: &str, text: String) -> Self {
        let principals = Principals {
            negated: false,
            anyone: false,
            aws: vec![account.to_owned()],
            services: Vec::new(),
        };
        let statements = vec![Statement::allow_everything(Some(principals))];
        Self { source: Source::Text(text), statements }
    }

    /// Returns one policy with the statements of all `policies`.
    pub(crate) fn merge<'a>(policies: impl IntoIterator<Item = &'a Self>) -> Self {
        let statements = policies.into_iter().flat_map(|it| &it.statements);
        Self { source: Source::Text(String::new()), statements: statements.cloned().collect() }
    }

    /// Returns a policy that allows nothing.
    pub(crate) fn nothing() -> Self {
        Self { source: Source::Text(String::new()), statements: Vec::new() }
    }

    /// Returns the document as it was written.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match &self.source {
            Source::Text(text) => text.into(),
            Source::Value(document) => document.to_string().into(),
        }
    }

    /// Returns the statements in order.
    pub(crate) fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// Returns the verdict of all statements, without regard to their principals.
    pub(crate) fn verdict(&self, question: &Question<'_>) -> Verdict {
        let mut verdict = Verdict::Silent;
        for statement in &self.statements {
            if statement.applies(question) {
                match statement.effect {
                    Effect::Deny => return Verdict::Deny,
                    Effect::Allow => verdict = Verdict::Allow,
                }
            }
        }
        verdict
    }
}
