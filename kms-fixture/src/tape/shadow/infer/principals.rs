//! Principals that calls name without a declaration.

use serde_json::Value;

use super::Found;
use crate::model::Arn;
use crate::scenario::{ADMIN_ROLE, RoleDeclaration, UserDeclaration};
use crate::tape::redact::{Kind, name_of};

impl Found {
    /// Declares every principal that is named in `value`.
    pub(super) fn principals(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.principal(text),
            Value::Array(values) => values.iter().for_each(|it| self.principals(it)),
            Value::Object(members) => members.values().for_each(|it| self.principals(it)),
            _ => {}
        }
    }

    fn user(&mut self, mut user: UserDeclaration, account: Option<String>) {
        user.entity.account = account;
        self.before.scenario.users.push(user);
    }

    fn principal(&mut self, text: &str) {
        let Some(arn) = Arn::parse(text) else { return };
        let mut parts = arn.resource.split('/');
        let (kind, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let account = (arn.account != self.before.scenario.account).then(|| arn.account.to_owned());
        let declared = match &account {
            None => name.to_owned(),
            Some(account) => format!("{name}-{account}"),
        };
        match (arn.service, kind) {
            ("iam", "root") => {
                self.before.accounts.insert(arn.account.to_owned());
            }
            ("iam", "role") | ("sts", "assumed-role") => {
                let ours = name == ADMIN_ROLE && account.is_none();
                if name_of(Kind::Role, name).is_some()
                    && !ours
                    && self.known.insert(declared.clone())
                {
                    let mut role = RoleDeclaration::new(declared).name(name);
                    role.entity.account = account;
                    self.before.scenario.roles.push(role);
                }
            }
            ("iam", "user")
                if name_of(Kind::User, name).is_some() && self.known.insert(declared.clone()) =>
            {
                self.user(UserDeclaration::new(declared).name(name), account);
            }
            ("sts", "federated-user")
                if name_of(Kind::Federated, name).is_some()
                    && self.known.insert(declared.clone()) =>
            {
                let user = UserDeclaration::new(declared).name(name).federated(true);
                self.user(user, account);
            }
            _ => {}
        }
    }
}
