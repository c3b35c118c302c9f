//! Declared principals, and the live ones for them.

use std::sync::Arc;

use super::{Plan, Prepared, expected, role_of};
use crate::error::Error;
use crate::model::{Arn, partition};
use crate::scenario::Entity;
use crate::tape::variables::of_principal;

impl Prepared {
    /// Binds a declared principal; `service` and `kind` are those of its ARN.
    pub(super) async fn principal(
        &mut self,
        plan: &Plan,
        name: &str,
        entity: &Entity,
        (service, kind): (&str, &str),
    ) -> Result<(), Error> {
        let settings = &plan.settings;
        let bound = settings.principal(name)?;
        if bound.is_none() && self.service.is_aws {
            let or_role = match kind {
                "role" => format!(" or `{name} = {{ role = \"arn:..\" }}`"),
                _ => String::new(),
            };
            return Err(Error::new(format!(
                "no AWS principal is configured for the declared principal `{name}`"
            ))
            .help(format!(
                "set `{name} = {{ profile = \"..\" }}`{or_role} below `[principals]` in kms-fixture.toml, or `{}`",
                of_principal(name)
            )));
        }
        let bound = bound.unwrap_or_default();
        let mut arn = bound.arn.clone().or_else(|| bound.role.clone());
        if bound.profile.is_some() || bound.role.is_some() {
            let live = Arc::new(self.service.admin.of(&bound).await?);
            if self.service.is_aws {
                let who = expected(&live, settings).await?;
                arn.get_or_insert_with(|| role_of(&who.arn));
            }
            self.service.callers.insert(name.to_owned(), live);
        } else if !self.service.is_aws {
            // An emulator does not authenticate callers.
            let admin = Arc::clone(&self.service.admin);
            self.service.callers.insert(name.to_owned(), admin);
        }
        // An emulator accepts every ARN.
        let arn = arn.unwrap_or_else(|| {
            let account = entity.account.as_ref().or(self.account.as_ref());
            let account = account.unwrap_or(&plan.scenario.account);
            let in_iam = entity.name.as_deref().unwrap_or(name).trim_start_matches('/');
            format!("arn:{}:{service}::{account}:{kind}/{in_iam}", partition(&plan.scenario.region))
        });
        if !has_form(&arn, service, kind) {
            return Err(Error::new(format!(
                "`{name}` is declared as {}, but the configured principal is {arn}",
                noun(kind)
            ))
            .help(format!(
                "correct the declaration, or bind it to another principal in kms-fixture.toml or by `{}`",
                of_principal(name)
            )));
        }
        self.principals.insert(name.to_owned(), arn);
        Ok(())
    }
}

/// Returns whether this is the ARN of such a principal: of `iam` and `role`, for example.
fn has_form(arn: &str, service: &str, kind: &str) -> bool {
    Arn::parse(arn)
        .is_some_and(|it| it.service == service && it.resource.split('/').next() == Some(kind))
}

/// Returns the noun for a kind of principal, with its article.
fn noun(kind: &str) -> &'static str {
    match kind {
        "role" => "a role",
        "user" => "an IAM user",
        _ => "a federated user",
    }
}
