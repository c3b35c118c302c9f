//! Why the signature of a call of STS was refused, in sentences.

use crate::kms::evidence::{Evidence, Finding};

/// Returns why a signature was refused.
pub(super) fn why(evidence: &Evidence) -> Vec<String> {
    let sentence = |finding: &Finding| match finding {
        Finding::Expired { ago, by } => Some(format!(
            "the credentials of {by} expired {} s ago on the fixture's clock",
            ago.as_secs()
        )),
        Finding::Scope { signed, region, by } => {
            let by = by.as_ref().map(|it| format!(" by {it}")).unwrap_or_default();
            Some(format!(
                "the call was signed{by} for {signed}; the fixture is in {region}, and its STS serves the Regions of that \
                 partition"
            ))
        }
        _ => None,
    };
    evidence.findings.iter().filter_map(sentence).collect()
}
