//! ListGrants (`kms-facts.md` 3.2; API reference, ListGrants).

use serde::Deserialize;

use super::create_grant::for_aws_resource;
use super::grant_entry::GrantPage;
use super::key_ref::AliasForm;
use super::{Cx, markers};
use crate::kms::error::{KmsError, Result};
use crate::kms::ids::from_hex;
use crate::kms::principals::Identity;
use crate::kms::store::{GrantId, Page};
use crate::model::is_grant_id;

/// The default size of a page of grants.
const DEFAULT_LIMIT: usize = 50;
/// The documented largest size of a page of grants (section 10.9).
const MAX_LIMIT: usize = 100;

/// Returns the size of a page of grants. The model's bound of 1,000 is another one; the text for what lies between is
/// INVENTED(large-limit).
pub(super) fn page_size(limit: Option<usize>) -> Result<usize> {
    match limit {
        Some(limit) if limit > MAX_LIMIT => Err(KmsError::over_limit(limit, MAX_LIMIT)),
        limit => Ok(limit.unwrap_or(DEFAULT_LIMIT)),
    }
}

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
    let limit = page_size(input.limit)?;
    let key = cx.key_for_request("ListGrants", &input.key_id, AliasForm::Refused, &|context| {
        for_aws_resource(cx.caller, context);
    })?;
    let arn = cx.store.keys.get(key).arn.clone();
    let grantee = grantee(cx, &input)?;
    let filter = grantee.as_ref().map(|it| format!("{it:?}")).unwrap_or_default();
    let wanted = input.grant_id.as_deref();
    let query = ["ListGrants", &arn, &filter, wanted.unwrap_or_default()];
    let after = match markers::read(cx.store, &query, input.marker.as_deref())? {
        Some(bytes) => Some(GrantId::try_from(bytes).map_err(|_| KmsError::invalid_marker())?),
        None => None,
    };
    let grants = &cx.store.grants;
    let page = match (wanted, &grantee) {
        (Some(text), _) => {
            let id = parse_grant_id(text)?;
            let found = grants.get(&id).filter(|it| it.key == key);
            let found = found.filter(|it| it.is_listed(&cx.view));
            let found =
                found.filter(|it| grantee.as_ref().is_none_or(|grantee| it.grantee == *grantee));
            // An unknown id returns an empty list (INVENTED(unknown-grant-filter), fact 3.2.6).
            Page { grants: found.into_iter().collect(), more: false }
        }
        (None, Some(grantee)) => grants.of_grantee(key, grantee, after, limit, &cx.view),
        (None, None) => grants.of_key(key, after, limit, &cx.view),
    };
    let marker = page
        .grants
        .last()
        .filter(|_| page.more)
        .map(|last| markers::write(cx.store, &query, &last.id));
    Ok(GrantPage::new(cx.store, page.grants, marker))
}

/// Resolves the grantee filter (fact 3.2.5); a principal that does not exist is an error (fact 8b.11).
fn grantee(cx: &Cx<'_>, input: &Input) -> Result<Option<Identity>> {
    // Only services may filter by service principal (API model). The error is INVENTED(service-principals).
    if let Some(service) = &input.grantee_service_principal {
        if cx.caller.is_service() {
            return Ok(Some(Identity::Service(service.clone())));
        }
        return Err(cx.opaque_denial("ListGrants"));
    }
    let text = input.grantee_principal.as_deref();
    text.map(|it| cx.principal(it, KmsError::filter_is_not_a_principal)).transpose()
}

/// Parses a grant id: 64 lower-case hex digits. Other texts are an InvalidGrantIdException
/// (INVENTED(malformed-grant-id), section 10.2).
pub(super) fn parse_grant_id(text: &str) -> Result<GrantId> {
    let id = is_grant_id(text).then(|| from_hex(text)).flatten();
    id.ok_or_else(|| KmsError::invalid_grant_id(text))
}
