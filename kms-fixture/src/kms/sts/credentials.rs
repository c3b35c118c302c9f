//! New temporary credentials, and the policies that limit them.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::Cx;
use super::error::{Result, StsError};
use super::xml::{element, parent};
use crate::kms::policy::Policy;
use crate::kms::principals::{Caller, Credential};

/// The lifetime of credentials if neither the request nor the account's root limits it.
pub(super) const HOUR: u64 = 3600;
/// The lifetime of a user's credentials. Default: 12 hours (API reference, GetSessionToken, GetFederationToken).
const HALF_A_DAY: u64 = 12 * HOUR;

impl Cx<'_> {
    /// Issues credentials for `caller` under the name `declared`; returns their XML.
    pub(super) fn issue(&mut self, declared: &str, caller: Caller, seconds: u64) -> String {
        let lasting = Duration::from_secs(seconds);
        let draw = self.store.ids.next("credentials");
        let issued = Credential {
            expires: Some(self.view.now() + lasting),
            ..Credential::temporary(draw, declared, caller)
        };
        let token = issued.secrets.session_token.as_deref().unwrap_or_default();
        let elements = [
            element("AccessKeyId", &issued.access_key_id),
            element("SecretAccessKey", issued.secrets.access_key.as_str()),
            element("SessionToken", token),
            element("Expiration", &date(self.client_time + lasting)),
        ];
        let now = self.view.now();
        self.store.directory.issue_for_a_while(Arc::new(issued), now);
        parent("Credentials", &elements.concat())
    }

    /// Returns the lifetime of credentials for a user or a root: an hour at most for a root (API reference,
    /// GetSessionToken).
    pub(super) fn lifetime(&self, seconds: Option<u64>) -> u64 {
        let seconds = seconds.unwrap_or(HALF_A_DAY);
        if self.is_root() { seconds.min(HOUR) } else { seconds }
    }

    /// Reads a session policy.
    ///
    /// # Errors
    ///
    /// A policy that is not valid; any policy in a recording, because the live service would not know it.
    pub(super) fn session_policy(&self, text: Option<&str>) -> Result<Option<Arc<Policy>>> {
        let Some(text) = text else { return Ok(None) };
        if self.terms.is_recorded {
            return Err(StsError::not_supported(
                "a session policy in a recording (declare `session_policy` for the role instead)",
            ));
        }
        let policy = Policy::declared(text, true);
        let policy = policy.map_err(|it| StsError::malformed_policy(&it.to_string()))?;
        Ok(Some(Arc::new(policy)))
    }
}

/// Returns `PackedPolicySize`: the share of the allowed size in percent. AWS's packing is not published
/// (INVENTED(packed-policy-size)).
pub(super) fn packed_policy_size(policy: &str) -> String {
    element("PackedPolicySize", &(policy.len() * 100).div_ceil(2048).to_string())
}

fn date(time: SystemTime) -> String {
    let whole = DateTime::from_secs(DateTime::from(time).secs());
    whole.fmt(Format::DateTime).unwrap_or_default()
}
