//! From a scenario to JSON, the inverse of `read`; defaults are left out.

use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::consistency::Eventual;
use super::declarations::Entity;
use super::{PolicySource, Scenario};

impl Serialize for Scenario {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

impl Scenario {
    fn to_value(&self) -> Value {
        let mut top = Map::new();
        top.insert("region".into(), self.region.clone().into());
        top.insert("account".into(), self.account.clone().into());
        if self.accept_unknown_principals {
            top.insert("unknown_principals".into(), "accept".into());
        }
        if let Some(eventual) = &self.consistency.eventual {
            top.insert("consistency".into(), consistency(*eventual));
        }
        if self.deny_leaks {
            top.insert("leaks".into(), "deny".into());
        }
        let keys = self.keys.iter().map(|it| {
            let mut key = Map::new();
            put(&mut key, "state", it.state.map(|it| it.as_str().into()));
            put(&mut key, "spec", it.spec.map(|it| it.as_str().into()));
            put(&mut key, "usage", it.usage.map(|it| it.as_str().into()));
            put(&mut key, "origin", it.origin.map(|it| it.as_str().into()));
            put(&mut key, "multi_region", it.multi_region.then_some(true.into()));
            put(&mut key, "account", it.account.clone().map(Value::from));
            put(&mut key, "alias", it.alias.clone().map(Value::from));
            put(&mut key, "policy", it.policy.as_ref().map(policy));
            put(&mut key, "description", it.description.clone().map(Value::from));
            put(&mut key, "tags", (!it.tags.is_empty()).then(|| pairs(&it.tags)));
            (it.declared.clone(), Value::Object(key))
        });
        let roles = self.roles.iter().map(|it| {
            let mut role = entity(&it.entity);
            put(&mut role, "session", it.session.clone().map(Value::from));
            put(&mut role, "session_seconds", it.session_seconds.map(Value::from));
            put(&mut role, "session_policy", it.session_policy.as_ref().map(policy));
            (it.declared.clone(), Value::Object(role))
        });
        let users = self.users.iter().map(|it| {
            let mut user = entity(&it.entity);
            put(&mut user, "federated", it.federated.then_some(true.into()));
            (it.declared.clone(), Value::Object(user))
        });
        let grants = self.grants.iter().map(|it| {
            let mut grant = Map::new();
            put(&mut grant, "key", it.key.clone().map(Value::from));
            put(&mut grant, "grantee", it.grantee.clone().map(Value::from));
            put(&mut grant, "retiring", it.retiring.clone().map(Value::from));
            let operations: Vec<_> = it.operations.iter().map(|it| it.as_str()).collect();
            put(&mut grant, "operations", Some(json!(operations)));
            put(&mut grant, "name", it.name.clone().map(Value::from));
            put(&mut grant, "context_equals", it.context_equals.as_deref().map(pairs));
            put(&mut grant, "context_subset", it.context_subset.as_deref().map(pairs));
            put(&mut grant, "source_arn", it.source_arn.clone().map(Value::from));
            (it.declared.clone(), Value::Object(grant))
        });
        top.insert("keys".into(), keys.collect::<Map<_, _>>().into());
        top.insert("roles".into(), roles.collect::<Map<_, _>>().into());
        top.insert("users".into(), users.collect::<Map<_, _>>().into());
        top.insert("grants".into(), grants.collect::<Map<_, _>>().into());
        Value::Object(top)
    }
}

fn consistency(eventual: Eventual) -> Value {
    let default = Eventual::default();
    if eventual == default {
        return "eventual".into();
    }
    let mut said = Map::new();
    let seconds = (eventual.seconds != default.seconds).then_some(eventual.seconds);
    put(&mut said, "seconds", seconds.map(Value::from));
    put(&mut said, "list_seconds", eventual.list_seconds.map(Value::from));
    put(&mut said, "jitter", eventual.jitter.then_some(true.into()));
    json!({ "eventual": said })
}

fn entity(entity: &Entity) -> Map<String, Value> {
    let mut object = Map::new();
    put(&mut object, "account", entity.account.clone().map(Value::from));
    put(&mut object, "name", entity.name.clone().map(Value::from));
    put(&mut object, "allow", (!entity.allow.is_empty()).then(|| json!(entity.allow)));
    put(&mut object, "policy", entity.policy.as_ref().map(policy));
    put(&mut object, "boundary", entity.boundary.as_ref().map(policy));
    object
}

fn put(object: &mut Map<String, Value>, word: &str, value: Option<Value>) {
    if let Some(value) = value {
        object.insert(word.to_owned(), value);
    }
}

fn pairs(pairs: &[(String, String)]) -> Value {
    let map: Map<_, _> =
        pairs.iter().map(|(key, value)| (key.clone(), Value::from(value.clone()))).collect();
    Value::Object(map)
}

fn policy(source: &PolicySource) -> Value {
    match source {
        PolicySource::File(path) => path.clone().into(),
        // A document that is not JSON stays text, and is refused when the fixture starts.
        PolicySource::Document(text) => {
            serde_json::from_str(text).unwrap_or_else(|_| text.clone().into())
        }
    }
}
