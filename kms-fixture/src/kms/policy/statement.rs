//! One statement of a policy: its principals, and whether it applies.

use iam_rs::{Decision, EvaluationOptions, IAMPolicy, IAMRequest, PolicyEvaluator};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::mend::{fill_in, mend_conditions, mend_resources};
use super::{PolicyError, Principals, Question, form};

/// The effect of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

/// A statement of a policy.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) effect: Effect,
    pub(crate) principals: Option<Principals>,
    rule: Rule,
}

/// The rest of a statement, ready for evaluation.
#[derive(Clone, Debug)]
enum Rule {
    /// The statement has no effect.
    Never,
    /// The statement always applies: `*` on `*`, without conditions. Administrators have it; it needs no evaluator.
    Always,
    /// The statement applies to every action of KMS: `kms:*` on `*`, without conditions. Default key policies have it.
    EveryKmsAction,
    /// The answer depends on action and resource alone.
    Plain(PolicyEvaluator),
    /// The conditions of all evaluators must hold.
    Conditional(Vec<PolicyEvaluator>),
    /// Policy variables must be filled in first.
    Template(Vec<Value>),
}

impl Rule {
    /// Reads the rest of a statement, without its principals and its effect.
    fn read(mut body: Map<String, Value>, version: &Value) -> Result<Self, PolicyError> {
        // Without an action or a resource a statement is accepted and has no effect (API reference, PutKeyPolicy).
        let has_action = body.contains_key("Action") || body.contains_key("NotAction");
        let has_resource = body.contains_key("Resource") || body.contains_key("NotResource");
        if !(has_action && has_resource) {
            return Ok(Self::Never);
        }
        for member in ["Action", "NotAction"] {
            if let Some(actions) = body.get(member) {
                form::strings(member, actions)?;
            }
        }
        mend_resources(&mut body)?;
        let conditional = body.contains_key("Condition");
        let more = match body.get_mut("Condition") {
            Some(conditions) => mend_conditions(conditions)?,
            None => None,
        };
        let has = |member: &str, word: &str| body.get(member).and_then(Value::as_str) == Some(word);
        let is_for_all =
            |action: &str| !conditional && has("Action", action) && has("Resource", "*");
        let (always, every_kms_action) = (is_for_all("*"), is_for_all("kms:*"));
        let second = more.map(|conditions| {
            let mut body = body.clone();
            body.insert("Condition".into(), conditions);
            body
        });
        let document = |body: Map<String, Value>| {
            Value::from(Map::from_iter([
                ("Version".to_owned(), version.clone()),
                ("Statement".to_owned(), Value::Object(body)),
            ]))
        };
        let documents: Vec<_> = [Some(body), second].into_iter().flatten().map(document).collect();
        let mut evaluators = documents.iter().map(evaluator).collect::<Result<Vec<_>, _>>()?;
        Ok(if always {
            Self::Always
        } else if every_kms_action {
            Self::EveryKmsAction
        } else if version == "2012-10-17" && documents.iter().any(has_variable) {
            Self::Template(documents)
        } else if conditional {
            Self::Conditional(evaluators)
        } else {
            evaluators.pop().map_or(Self::Never, Self::Plain)
        })
    }
}

impl Statement {
    /// Returns a statement that allows everything, to `principals` if there are any.
    pub(super) fn allow_everything(principals: Option<Principals>) -> Self {
        Self { effect: Effect::Allow, principals, rule: Rule::Always }
    }

    /// Reads a statement of a document with this `version`.
    pub(super) fn parse(value: &Value, version: &Value) -> Result<Self, PolicyError> {
        let mut body = value
            .as_object()
            .ok_or_else(|| PolicyError::new("a statement is not an object"))?
            .clone();
        let principals = Principals::take_from(&mut body)?;
        // `iam-rs` only evaluates an `Allow`; the fake itself applies a `Deny`.
        let effect = match body.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => {
                return Err(PolicyError::new("a statement needs `Effect`: `Allow` or `Deny`"));
            }
        };
        body.insert("Effect".into(), "Allow".into());
        Ok(Self { effect, principals, rule: Rule::read(body, version)? })
    }

    /// Returns whether the statement covers this action on this resource, without regard to principals.
    ///
    /// A failed evaluation is on the safe side: a `Deny` applies, an `Allow` does not.
    pub(crate) fn applies(&self, question: &Question<'_>) -> bool {
        let decision = match &self.rule {
            Rule::Never => Some(false),
            Rule::Always => Some(true),
            Rule::EveryKmsAction => Some(question.is_about_kms()),
            Rule::Plain(evaluator) => evaluate(evaluator, question.bare()),
            Rule::Conditional(evaluators) => {
                all(evaluators.iter().map(|it| evaluate(it, question.full())))
            }
            Rule::Template(documents) => all(documents.iter().map(|document| {
                let mut filled = document.clone();
                fill_in(&mut filled, question.full());
                evaluate(&evaluator(&filled).ok()?, question.full())
            })),
        };
        decision.unwrap_or(self.effect == Effect::Deny)
    }
}

/// Returns whether a text in `value` has a policy variable.
fn has_variable(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains("${"),
        Value::Array(values) => values.iter().any(has_variable),
        Value::Object(members) => {
            members.iter().any(|(name, value)| name.contains("${") || has_variable(value))
        }
        _ => false,
    }
}

/// Returns whether all `answers` are yes: no if one is no, otherwise unknown if one is unknown.
fn all(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let sum = |sum: Option<bool>, answer: Option<bool>| match (sum, answer) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), answer) => answer,
        (None, _) => None,
    };
    answers.into_iter().fold(Some(true), sum)
}

fn evaluate(evaluator: &PolicyEvaluator, request: &IAMRequest) -> Option<bool> {
    let result = evaluator.evaluate(request).ok()?;
    Some(result.decision == Decision::Allow)
}

fn evaluator(document: &Value) -> Result<PolicyEvaluator, PolicyError> {
    let policy: IAMPolicy =
        IAMPolicy::deserialize(document).map_err(|it| PolicyError::new(it.to_string()))?;
    Ok(PolicyEvaluator::with_policies(vec![policy]).with_options(EvaluationOptions {
        max_statements: usize::MAX,
        ..EvaluationOptions::default()
    }))
}
