//! The actions that a principal's own policy allows, on every resource or on declared keys.

use serde_json::{Value, json};

use super::fields::{Field, texts};
use super::mistakes::{At, Mistakes};
use crate::model::declare::{self, Message, Opt, nearest, nothing_in};

/// One item of `allow`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Permission {
    /// An action, on every resource.
    Everywhere(String),
    /// Actions on declared keys.
    On { actions: Vec<String>, keys: Vec<String> },
}

impl Permission {
    /// Returns its actions.
    pub(crate) fn actions(&self) -> &[String] {
        match self {
            Self::Everywhere(action) => std::slice::from_ref(action),
            Self::On { actions, .. } => actions,
        }
    }

    /// Returns its actions, to change them.
    pub(crate) fn actions_mut(&mut self) -> &mut [String] {
        match self {
            Self::Everywhere(action) => std::slice::from_mut(action),
            Self::On { actions, .. } => actions,
        }
    }

    /// Returns the declared keys that it is for; nothing for every resource.
    pub(crate) fn keys(&self) -> Option<&[String]> {
        match self {
            Self::Everywhere(_) => None,
            Self::On { keys, .. } => Some(keys),
        }
    }

    /// Reads `{"actions": [..], "on": [..]}`.
    fn read(at: &str, value: &Value, mistakes: &mut Mistakes) -> Option<Self> {
        const MEMBERS: [&str; 2] = ["actions", "on"];
        let Value::Object(members) = value else {
            mistakes.wrong_type(at, "an action or an object with `actions` and `on`", value);
            return None;
        };
        for name in members.keys().filter(|it| !MEMBERS.contains(&it.as_str())) {
            let message = Message::new(format!("unknown member `{name}`"));
            let message = match nearest(name, MEMBERS) {
                Some(near) => {
                    message.help(format!("a member with a similar name exists: `{near}`"))
                }
                None => message.note("expected `actions` and `on`"),
            };
            mistakes.add(&format!("{at}.{name}"), &message);
        }
        let mut read = |member: &str| {
            let found =
                members.get(member).map(|it| texts(&format!("{at}.{member}"), it, mistakes));
            found.unwrap_or_default().into_iter().map(|it| it.1).collect()
        };
        Some(Self::On { actions: read("actions"), keys: read("on") })
    }
}

impl Field for Vec<Permission> {
    fn read(&mut self, _: &Opt, at: &str, value: &Value, mistakes: &mut Mistakes) {
        let Value::Array(values) = value else {
            return mistakes.wrong_type(at, "a list of strings", value);
        };
        for (index, value) in values.iter().enumerate() {
            let at = format!("{at}[{index}]");
            match value {
                Value::String(action) => self.push(Permission::Everywhere(action.clone())),
                other => self.extend(Permission::read(&at, other, mistakes)),
            }
        }
    }

    fn write(&self, _: &Opt) -> Option<Value> {
        let written = self.iter().map(|it| match it {
            Permission::Everywhere(action) => action.clone().into(),
            Permission::On { actions, keys } => json!({"actions": actions, "on": keys}),
        });
        (!self.is_empty()).then(|| written.collect())
    }

    fn check(&self, _: &Opt, at: &At<'_>, mistakes: &mut Mistakes) {
        for (index, permission) in self.iter().enumerate() {
            for (member, noun, list) in [
                ("actions", "action", Some(permission.actions())),
                ("on", "key", permission.keys()),
            ] {
                if list.is_some_and(<[_]>::is_empty) {
                    let at = format_args!("{at}[{index}].{member}");
                    mistakes.extend_at(at, [nothing_in(member, noun)]);
                }
            }
            for (inner, action) in permission.actions().iter().enumerate() {
                let Some(message) = declare::action(action) else { continue };
                match permission {
                    Permission::Everywhere(_) => {
                        mistakes.extend_at(format_args!("{at}[{index}]"), [message]);
                    }
                    Permission::On { .. } => {
                        let at = format_args!("{at}[{index}].actions[{inner}]");
                        mistakes.extend_at(at, [message]);
                    }
                }
            }
        }
    }
}
