//! The evidence of a refusal by the fake that follows, in the values that the test sees.

use serde_json::{Value, json};

use crate::kms::evidence::{Evidence, Finding, Lack, NearGrant};
use crate::model::{ContextConstraint, EncryptionContext};

/// Returns the evidence with every value translated. The fake's own numbers of requests mean nothing to the test.
pub(super) fn translated(
    mut evidence: Evidence,
    translate: &mut dyn FnMut(&Value) -> Value,
) -> Evidence {
    // The fake knows ciphertexts of other times, aliases and other Regions as pseudonyms only.
    evidence.findings.retain(|it| {
        !matches!(it, Finding::Ciphertext(_) | Finding::NearAlias(_) | Finding::Elsewhere { .. })
    });
    let mut values = Values(translate);
    let is_key = evidence.resource.contains(":key/");
    values.text(if is_key { "KeyId" } else { "RetiringPrincipal" }, &mut evidence.resource);
    for finding in &mut evidence.findings {
        match finding {
            Finding::Grant(grant) | Finding::Named(grant) => values.grant(grant),
            Finding::Retirement(found) => {
                values.text("GrantId", &mut found.id);
                if let Some(retiring) = &mut found.retiring {
                    values.text("RetiringPrincipal", retiring);
                }
            }
            _ => {}
        }
    }
    evidence
}

struct Values<'a>(&'a mut dyn FnMut(&Value) -> Value);

impl Values<'_> {
    fn text(&mut self, member: &str, text: &mut String) {
        let value = (self.0)(&json!({ member: text.as_str() }));
        if let Some(translated) = value[member].as_str() {
            translated.clone_into(text);
        }
    }

    fn context(&mut self, context: &mut EncryptionContext) {
        let value = (self.0)(&json!({ "EncryptionContext": context }));
        if let Some(pairs) = value["EncryptionContext"].as_object() {
            let pairs = pairs.iter();
            let pairs =
                pairs.map(|(key, it)| (key.clone(), it.as_str().unwrap_or_default().to_owned()));
            *context = pairs.collect();
        }
    }

    fn grant(&mut self, grant: &mut NearGrant) {
        self.text("GrantId", &mut grant.id);
        self.text("GranteePrincipal", &mut grant.grantee);
        for lack in &mut grant.lacks {
            match lack {
                Lack::Ended(by) => *by = None,
                Lack::Context { needs, has } => {
                    let (ContextConstraint::Equals(pairs) | ContextConstraint::Subset(pairs)) =
                        needs;
                    self.context(pairs);
                    self.context(has);
                }
                Lack::Source { needs, has } => {
                    self.text("SourceArn", needs);
                    if let Some(has) = has {
                        self.text("SourceArn", has);
                    }
                }
                _ => {}
            }
        }
    }
}
