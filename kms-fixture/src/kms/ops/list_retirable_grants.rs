//! ListRetirableGrants (`kms-facts.md` 3.3; API reference, ListRetirableGrants).

use serde::Deserialize;

use super::grant_entry::GrantPage;
use super::list_grants::page_size;
use super::{Cx, markers};
use crate::kms::authz::{authorize_own, principal_context};
use crate::kms::error::{KmsError, Result};
use crate::kms::principals::Identity;
use crate::kms::store::{GrantId, KeyIndex};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    retiring_principal: Option<String>,
    retiring_service_principal: Option<String>,
    limit: Option<usize>,
    marker: Option<String>,
}

pub(crate) fn list_retirable_grants<'c>(cx: &'c mut Cx<'_>, input: Input) -> Result<GrantPage<'c>> {
    const OPERATION: &str = "ListRetirableGrants";
    let limit = page_size(input.limit)?;
    // API model of 2026: exactly one of the two. The text is INVENTED(service-principals).
    let ((Some(principal), None) | (None, Some(principal))) =
        (&input.retiring_principal, &input.retiring_service_principal)
    else {
        return Err(KmsError::validation(
            "You must specify exactly one of RetiringPrincipal and RetiringServicePrincipal.",
        ));
    };
    let retiring = if input.retiring_service_principal.is_some() {
        // Only services may use this member, and only for themselves (API model). The error is
        // INVENTED(service-principals).
        let service = Identity::Service(principal.clone());
        if cx.caller.identity != service {
            return Err(cx.opaque_denial(OPERATION));
        }
        service
    } else {
        // The resource is the retiring principal; key policies do not apply (fact 3.3.3).
        let context = || principal_context(cx.store, cx.caller);
        authorize_own(cx.caller, OPERATION, principal, &context)?;
        cx.principal(principal, || KmsError::no_such_retiring_principal(principal))?
    };
    // Only principals of the caller's own account (fact 3.3.1). The error for others is INVENTED(foreign-retiring).
    let account = cx.store.directory.account_of(&retiring);
    if account.is_some_and(|it| it != cx.caller.account) {
        return Err(cx.opaque_denial(OPERATION));
    }

    let filter = format!("{retiring:?}");
    let query = [OPERATION, &filter];
    let after = match markers::read(cx.store, &query, input.marker.as_deref())? {
        Some(bytes) => Some(position(&bytes).ok_or_else(KmsError::invalid_marker)?),
        None => None,
    };
    let page = cx.store.grants.of_retiring(&retiring, after, limit, &cx.view);
    let marker = page.grants.last().filter(|_| page.more).map(|last| {
        let position = [&last.key.0.to_be_bytes()[..], &last.id].concat();
        markers::write(cx.store, &query, &position)
    });
    Ok(GrantPage::new(cx.store, page.grants, marker))
}

fn position(bytes: &[u8]) -> Option<(KeyIndex, GrantId)> {
    let (key, id) = bytes.split_first_chunk::<4>()?;
    Some((KeyIndex(u32::from_be_bytes(*key)), id.try_into().ok()?))
}
