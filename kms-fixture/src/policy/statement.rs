//! One statement of a policy: whom it is about, and whether it applies.

use iam_rs::{ContextValue, Decision, EvaluationOptions, IAMPolicy, IAMRequest, PolicyEvaluator};
use serde_json::{Map, Value};

use super::{PolicyError, Question};

/// `Allow` or `Deny`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

/// The `Principal` or `NotPrincipal` of a statement, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Principals {
    /// `NotPrincipal`.
    pub(crate) negated: bool,
    /// `"*"`, or `{"AWS": "*"}`.
    pub(crate) anyone: bool,
    /// The entries of `AWS`: ARNs, account ids, unique ids.
    pub(crate) aws: Vec<String>,
}

/// One statement.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) effect: Effect,
    pub(crate) principals: Option<Principals>,
    rule: Rule,
}

/// The rest of a statement, ready to be asked.
#[derive(Clone, Debug)]
enum Rule {
    /// The statement has no effect.
    Never,
    /// The statement is about everything that is asked here: `kms:*` or `*` on `*`, without conditions. Default key
    /// policies and administrators have it, and need nobody to evaluate it.
    Always,
    /// The answer depends on action and resource alone.
    Plain(PolicyEvaluator),
    /// Conditions have to be looked at.
    Conditional(PolicyEvaluator),
    /// Policy variables have to be filled in first.
    Template(Value),
}

impl Statement {
    /// `Allow` for everything, to `principals` if they are named.
    pub(super) fn allow_everything(principals: Option<Principals>) -> Self {
        Self {
            effect: Effect::Allow,
            principals,
            rule: Rule::Always,
        }
    }

    /// Reads a statement; `version` is that of its document.
    pub(super) fn parse(value: &Value, version: &Value) -> Result<Self, PolicyError> {
        let mut body = value
            .as_object()
            .ok_or_else(|| PolicyError::new("a statement is not an object"))?
            .clone();
        let principals = take_principals(&mut body)?;
        if let Some(conditions) = body.get_mut("Condition") {
            mend_conditions(conditions)?;
        }
        // `iam-rs` reads an Allow; a Deny is applied by whoever asks.
        let effect = match body.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => {
                return Err(PolicyError::new(
                    "a statement needs `Effect`: `Allow` or `Deny`",
                ));
            }
        };
        body.insert("Effect".into(), "Allow".into());
        // Without an action or a resource a statement is accepted and has no effect (API reference, PutKeyPolicy).
        let acts = body.contains_key("Action") || body.contains_key("NotAction");
        let aims = body.contains_key("Resource") || body.contains_key("NotResource");
        if !(acts && aims) {
            return Ok(Self {
                effect,
                principals,
                rule: Rule::Never,
            });
        }
        let conditional = body.contains_key("Condition");
        let says = |member: &str, words: &[&str]| {
            body.get(member)
                .and_then(Value::as_str)
                .is_some_and(|it| words.contains(&it))
        };
        if !conditional && says("Action", &["*", "kms:*"]) && says("Resource", &["*"]) {
            return Ok(Self {
                effect,
                principals,
                rule: Rule::Always,
            });
        }
        let document = Value::from(Map::from_iter([
            ("Version".to_owned(), version.clone()),
            ("Statement".to_owned(), Value::Object(body)),
        ]));
        let evaluator = evaluator(&document)?;
        let rule = if document.to_string().contains("${") {
            Rule::Template(document)
        } else if conditional {
            Rule::Conditional(evaluator)
        } else {
            Rule::Plain(evaluator)
        };
        Ok(Self {
            effect,
            principals,
            rule,
        })
    }

    /// Whether the statement is about this action on this resource, principals apart.
    ///
    /// What cannot be evaluated is on the safe side: a `Deny` applies, an `Allow` does not.
    pub(crate) fn applies(&self, question: &Question<'_>) -> bool {
        let decision = match &self.rule {
            Rule::Never => Some(false),
            Rule::Always => Some(true),
            Rule::Plain(evaluator) => evaluate(evaluator, question.bare()),
            Rule::Conditional(evaluator) => evaluate(evaluator, question.full()),
            Rule::Template(document) => {
                let mut filled = document.clone();
                fill_in(&mut filled, question.full());
                evaluator(&filled)
                    .ok()
                    .and_then(|it| evaluate(&it, question.full()))
            }
        };
        decision.unwrap_or(self.effect == Effect::Deny)
    }
}

fn evaluate(evaluator: &PolicyEvaluator, request: &IAMRequest) -> Option<bool> {
    let result = evaluator.evaluate(request).ok()?;
    Some(result.decision == Decision::Allow)
}

fn evaluator(document: &Value) -> Result<PolicyEvaluator, PolicyError> {
    let policy: IAMPolicy =
        serde_json::from_value(document.clone()).map_err(|it| PolicyError::new(it.to_string()))?;
    Ok(
        PolicyEvaluator::with_policies(vec![policy]).with_options(EvaluationOptions {
            max_statements: usize::MAX,
            ..EvaluationOptions::default()
        }),
    )
}

fn take_principals(body: &mut Map<String, Value>) -> Result<Option<Principals>, PolicyError> {
    let (value, negated) = match (body.remove("Principal"), body.remove("NotPrincipal")) {
        (Some(_), Some(_)) => {
            return Err(PolicyError::new(
                "a statement has both `Principal` and `NotPrincipal`",
            ));
        }
        (Some(value), None) => (value, false),
        (None, Some(value)) => (value, true),
        (None, None) => return Ok(None),
    };
    let mut principals = Principals {
        negated,
        anyone: value == "*",
        aws: Vec::new(),
    };
    if principals.anyone {
        return Ok(Some(principals));
    }
    let map = value
        .as_object()
        .filter(|it| !it.is_empty())
        .ok_or_else(|| PolicyError::new("a principal is neither `\"*\"` nor an object"))?;
    for (kind, ids) in map {
        let ids = match ids {
            Value::String(one) => vec![one.clone()],
            Value::Array(many) if many.iter().all(Value::is_string) => many
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            _ => return Err(PolicyError::new("the ids of a principal are not strings")),
        };
        match kind.as_str() {
            "AWS" => {
                principals.anyone |= ids.iter().any(|id| id == "*");
                principals
                    .aws
                    .extend(ids.into_iter().filter(|id| id != "*"));
            }
            // Nobody of these kinds calls this fake.
            "Service" | "Federated" | "CanonicalUser" => {}
            _ => {
                return Err(PolicyError::new(format!(
                    "`{kind}` is no kind of principal"
                )));
            }
        }
    }
    Ok(Some(principals))
}

fn mend_conditions(conditions: &mut Value) -> Result<(), PolicyError> {
    let map = conditions
        .as_object_mut()
        .ok_or_else(|| PolicyError::new("`Condition` is not an object"))?;
    let mut mended = Map::new();
    for (operator, mut keys) in std::mem::take(map) {
        let operator = operator
            .replace("ArnEquals", "ArnLike")
            .replace("ArnNotEquals", "ArnNotLike");
        let entries = keys
            .as_object_mut()
            .ok_or_else(|| PolicyError::new(format!("`{operator}` is not an object")))?;
        for values in entries.values_mut() {
            if let Value::Array(values) = values {
                for value in values.iter_mut().filter(|it| !it.is_string()) {
                    *value = Value::String(value.to_string());
                }
            }
        }
        // Two spellings of one operator may meet here; their keys are all to hold.
        match mended.get_mut(&operator).and_then(Value::as_object_mut) {
            Some(there) => there.extend(std::mem::take(entries)),
            None => {
                mended.insert(operator, keys);
            }
        }
    }
    *map = mended;
    Ok(())
}

/// Puts the values of policy variables into every string of `value`; an unknown one becomes the empty string,
/// which matches nothing that matters, as on AWS.
fn fill_in(value: &mut Value, request: &IAMRequest) {
    match value {
        Value::String(text) => {
            while let Some((start, end)) = text
                .find("${")
                .and_then(|start| Some((start, start + text[start..].find('}')? + 1)))
            {
                let inner = &text[start + 2..end - 1];
                let (key, default) = match inner.split_once(',') {
                    Some((key, default)) => (key.trim(), default.trim().trim_matches('\'')),
                    None => (inner.trim(), ""),
                };
                let filled = match request.context.get(key) {
                    Some(ContextValue::String(known)) => known.clone(),
                    _ => default.to_owned(),
                };
                let filled = filled.replace("${", "");
                text.replace_range(start..end, &filled);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|it| fill_in(it, request)),
        Value::Object(entries) => entries.values_mut().for_each(|it| fill_in(it, request)),
        _ => {}
    }
}
