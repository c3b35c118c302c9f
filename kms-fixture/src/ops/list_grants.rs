//! ListGrants (`kms-facts.md` 3.2; API reference, ListGrants).

use serde::Deserialize;

use super::grant_entry::GrantPage;
use super::key_ref::AliasForm;
use super::{Cx, markers};
use crate::error::{KmsError, Reason, Result};
use crate::ids::hex;
use crate::principals::{Identity, NoPrincipal};
use crate::store::{GrantId, Page};

/// What a list gives when it is not told; a larger limit than the documented 100 is honoured up to the model's
/// 1,000 (INVENTED(large-limit), section 10.9).
pub(super) const DEFAULT_LIMIT: usize = 50;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    key_id: String,
    limit: Option<usize>,
    marker: Option<String>,
    grant_id: Option<String>,
    grantee_principal: Option<String>,
    grantee_service_principal: Option<String>,
}

pub(crate) fn list_grants<'c>(cx: &'c mut Cx<'_>, input: Input) -> Result<GrantPage<'c>> {
    let key = cx.key_for("ListGrants", &input.key_id, AliasForm::Refused)?;
    let arn = cx.store.keys.get(key).arn.clone();
    let grantee = grantee(cx, &input, &arn)?;
    let filter = grantee
        .as_ref()
        .map(|it| format!("{it:?}"))
        .unwrap_or_default();
    let wanted = input.grant_id.as_deref();
    let query = ["ListGrants", &arn, &filter, wanted.unwrap_or_default()];
    let after = match markers::read(&cx.store.ids, &query, input.marker.as_deref())? {
        Some(bytes) => Some(GrantId::try_from(bytes).map_err(|_| KmsError::invalid_marker())?),
        None => None,
    };
    let limit = input.limit.unwrap_or(DEFAULT_LIMIT);
    let grants = &cx.store.grants;
    let page = match (wanted, &grantee) {
        (Some(text), _) => {
            let id = parse_grant_id(text)?;
            let found = grants.get(&id).filter(|it| it.key == key);
            let found = found.filter(|it| grantee.as_ref().is_none_or(|who| it.grantee == *who));
            // An id that names nothing gives an empty list (INVENTED(unknown-grant-filter), fact 3.2.6).
            Page {
                grants: found.into_iter().collect(),
                more: false,
            }
        }
        (None, Some(grantee)) => grants.of_grantee(key, grantee, after, limit),
        (None, None) => grants.of_key(key, after, limit),
    };
    let marker = page
        .grants
        .last()
        .filter(|_| page.more)
        .map(|last| markers::write(&cx.store.ids, &query, &last.id));
    Ok(GrantPage::new(cx.store, &page.grants, marker))
}

/// The filter (fact 3.2.5); a principal that does not exist is an error (fact 8b.11).
fn grantee(cx: &Cx<'_>, input: &Input, key_arn: &str) -> Result<Option<Identity>> {
    if input.grantee_service_principal.is_some() {
        return Err(cx.only_for_services("ListGrants", key_arn));
    }
    let Some(text) = &input.grantee_principal else {
        return Ok(None);
    };
    let resolved = cx.store.directory.resolve(text).map_err(|why| match why {
        NoPrincipal::Unknown => KmsError::no_such_principal(text),
        NoPrincipal::Malformed => KmsError::arn_not_valid(text),
        NoPrincipal::DeadUniqueId => KmsError::filter_is_no_principal(),
    });
    resolved.map(Some)
}

impl Cx<'_> {
    /// The filters by service principal are for callers that are services (API model), and none calls here.
    /// INVENTED(service-principals).
    pub(super) fn only_for_services(&self, operation: &str, resource: &str) -> KmsError {
        let caller = &self.caller.caller_arn;
        KmsError::access_denied(caller, operation, resource, true, Reason::OtherAccount)
    }
}

/// A grant id: 64 lower-case hex digits. Another form is InvalidGrantIdException (INVENTED(malformed-grant-id),
/// section 10.2).
pub(super) fn parse_grant_id(text: &str) -> Result<GrantId> {
    let mut id: GrantId = [0; 32];
    let well_formed = text.len() == 64
        && text
            .bytes()
            .all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
        && id.iter_mut().enumerate().all(|(at, byte)| {
            text.get(at * 2..at * 2 + 2)
                .and_then(|pair| u8::from_str_radix(pair, 16).ok())
                .map(|value| *byte = value)
                .is_some()
        });
    if well_formed && hex(&id) == text {
        Ok(id)
    } else {
        Err(KmsError::invalid_grant_id(text))
    }
}
