//! Why a call of STS was refused, in sentences with declared names, for the log of a server. They never reach an answer.

use super::terms::last;
use super::{ASSUME_ROLE, Cx};
use crate::kms::arrival::View;
use crate::kms::authz::own_answers;
use crate::kms::evidence::Said;
use crate::kms::principals::{EntityKind, Role};
use crate::model::Arn;
use crate::model::declare::nearest;

/// The largest length of a role's name in IAM.
const LONGEST_NAME: usize = 64;
/// The number of declared roles that a sentence lists.
const LISTED: usize = 10;

impl Cx<'_> {
    /// Returns why the caller may not assume the role that it names `arn`, under these condition keys.
    pub(super) fn why_not_assumed(&self, arn: &str, conditions: &[(&str, &str)]) -> Vec<String> {
        let Some(role) = self.role(arn) else { return vec![self.why_no_role(arn)] };
        let caller = &self.credential.declared;
        let account = &self.credential.caller.account;
        if account != role.account {
            // In a recording, the log shows no accounts of the live service.
            let (own, other) = if self.terms.is_recorded {
                (String::new(), "another account".to_owned())
            } else {
                (format!(" {}", role.account), account.clone())
            };
            let role = role.declared;
            return vec![format!(
                "{role} trusts its own account{own} only; {caller} belongs to {other}"
            )];
        }
        if self.is_federated() {
            return vec![format!("{caller} is a federated user, which may not assume roles")];
        }
        self.policies(ASSUME_ROLE, (role.arn, role.declared), conditions)
    }

    /// Returns why the caller may not make the federated user `name`, whose ARN is `arn`.
    pub(super) fn why_not_federated(&self, arn: &str, name: &str) -> Vec<String> {
        let shown = format!("{}/{name}", self.credential.declared);
        self.policies("sts:GetFederationToken", (arn, &shown), &[])
    }

    /// Returns why a root may not assume a role.
    pub(super) fn no_root(&self) -> String {
        format!("{} is a root; only roles and users may assume roles", self.credential.declared)
    }

    /// Returns why temporary credentials do not suffice.
    pub(super) fn no_session(&self, operation: &str) -> String {
        let caller = &self.credential.declared;
        format!(
            "{caller} calls with temporary credentials; {operation} needs those of a user or a root"
        )
    }

    /// Returns a sentence for each kind of the caller's own policies that does not allow an action on a resource, which
    /// has an ARN and a name.
    fn policies(
        &self,
        action: &str,
        (arn, name): (&str, &str),
        conditions: &[(&str, &str)],
    ) -> Vec<String> {
        let caller = &self.credential.declared;
        let context = || self.context(conditions);
        let found = own_answers(&self.credential.caller, action, arn, &context);
        let sentence = |owner: &str, said| {
            Some(match said {
                Said::Allows => return None,
                Said::Denies => format!("{owner} of {caller} denies {action} on {name}"),
                Said::Silent => format!("{owner} of {caller} does not allow {action} on {name}"),
                Said::SilentByCondition => format!(
                    "{owner} of {caller} allows {action} on {name}, but its conditions do not hold"
                ),
                Said::SilentByResource => {
                    format!("{owner} of {caller} allows {action}, but not on {name}")
                }
            })
        };
        let identity = found.identity.and_then(|it| match it {
            Said::Silent => Some(format!(
                "no policy of {caller} allows {action} on {name}; add it to the `allow` of {caller}"
            )),
            said => sentence("a policy", said),
        });
        let boundary = found.boundary.and_then(|it| sentence("the permissions boundary", it));
        let session = found.session.and_then(|it| sentence("the session policy", it));
        [identity, boundary, session].into_iter().flatten().collect()
    }

    /// Returns why the role that the caller names `arn` does not exist for it.
    fn why_no_role(&self, arn: &str) -> String {
        let directory = &self.store.directory;
        if let Some(known) = directory.last(self.stored(arn)) {
            let declared = known.declared;
            let everything = View::of_everything(self.view.now());
            let exists = directory.roles(&everything).any(|it| it.declared == declared);
            return match known.kind {
                EntityKind::User => format!("{declared} is a user, not a role"),
                EntityKind::Role if exists => format!("the role {declared} has not arrived"),
                EntityKind::Role => format!("the role {declared} was deleted"),
            };
        }
        let mut roles: Vec<_> = directory.roles(&self.view).collect();
        roles.sort_unstable_by_key(|it| it.declared);
        let name = Arn::parse(arn).map_or(arn, |it| last(it.resource));
        // In a recording, the log shows no ARNs of the live account.
        let named = |it: &&Role<'_>| it.name == name && !self.terms.is_recorded;
        if let Some(other) = roles.iter().find(named) {
            return format!("the role {} has the ARN {}", other.declared, other.arn);
        }
        let words = roles.iter().flat_map(|it| [it.declared, it.name]);
        let near = if name.len() > LONGEST_NAME { None } else { nearest(name, words) };
        let near =
            near.and_then(|near| roles.iter().find(|it| it.declared == near || it.name == near));
        let hint = if let Some(near) = near {
            if self.terms.is_recorded {
                format!("did you mean {}?", near.declared)
            } else {
                format!("did you mean {}, which has the ARN {}?", near.declared, near.arn)
            }
        } else {
            let listed: Vec<_> = roles.iter().take(LISTED).map(|it| it.declared).collect();
            let more = if roles.len() > LISTED { " and others" } else { "" };
            format!("declared are {}{more}", listed.join(", "))
        };
        format!("no such role is declared; {hint}")
    }
}

/// Returns why a session of a role cannot last so long.
pub(super) fn too_long(role: &str, seconds: u64) -> String {
    format!(
        "a session of {role} lasts {seconds} s at most; declare session_seconds for longer ones"
    )
}
