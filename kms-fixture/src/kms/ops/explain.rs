//! The evidence of refusals that depend on what a request sees: grants and keys that have ended or not arrived, and
//! resources that a denial hides.

use std::time::SystemTime;

use serde_json::Value;

use super::Cx;
use crate::kms::arrival::Change;
use crate::kms::authz::near;
use crate::kms::error::KmsError;
use crate::kms::evidence::{Arrival, Evidence, Finding, Hidden, Lack};
use crate::kms::ids::from_hex;
use crate::kms::store::{Grant, GrantId, KeyIndex, read_token};
use crate::model::Arn;
use crate::model::declare::nearest;

/// The largest length of an alias (API model, `AliasNameType`).
const LONGEST_ALIAS: usize = 256;
/// The number of aliases among which a near one is looked for.
const COMPARED: usize = 200;

impl Cx<'_> {
    /// Returns what a grant lacks because the request does not see it.
    pub(super) fn unseen(&self, grant: &Grant, tokens: &[GrantId]) -> Vec<Lack> {
        if grant.has_ended(&self.view) {
            vec![Lack::Ended(grant.ended_by())]
        } else if let Some(made) = grant.unseen(&self.view).filter(|_| !tokens.contains(&grant.id))
        {
            vec![Lack::Arrival(self.arrival(grant.created, made))]
        } else {
            Vec::new()
        }
    }

    /// Returns the lack of a grant for requests from another source.
    pub(super) fn other_source(&self, grant: &Grant) -> Option<Lack> {
        let needs = grant.constraints.source_arn.clone().filter(|_| !self.is_for_source(grant))?;
        Some(Lack::Source { needs, has: self.caller.source_arn.clone() })
    }

    fn arrival(&self, since: SystemTime, change: Change) -> Arrival {
        let (until, now) = (change.arrives(), self.view.now());
        Arrival { since, until, now, is_stale: self.view.is_stale() }
    }
}

/// Adds evidence to a refusal that has none. `input` is that of the request.
pub(crate) fn explain(cx: &Cx<'_>, operation: &str, input: &Value, error: KmsError) -> KmsError {
    if error.why.is_some() {
        return error;
    }
    let finding = match error.code {
        "NotFoundException" => unseen_key(cx, input)
            .or_else(|| unseen_grant(cx, input))
            .or_else(|| elsewhere(cx, input))
            .or_else(|| near_alias(cx, input).filter(|_| error.is_missing_alias())),
        "InvalidGrantTokenException" => unseen_grant(cx, input),
        "AccessDeniedException" => hidden(cx, input),
        _ => None,
    };
    match finding {
        Some(finding) => {
            let mut evidence = Evidence::of(finding);
            if error.code == "AccessDeniedException" {
                evidence.action = format!("kms:{operation}");
            }
            error.because(evidence)
        }
        None => error,
    }
}

/// Returns the grant that the input names by its id or token, if it has ended or not arrived.
fn unseen_grant(cx: &Cx<'_>, input: &Value) -> Option<Finding> {
    let by_token = input["GrantToken"].as_str().and_then(|it| read_token(&cx.store.ids, it));
    let id = by_token.or_else(|| from_hex(input["GrantId"].as_str()?))?;
    let found = cx.store.grants.get(&id);
    let (grant, lacks) = if let Some(grant) = found {
        (grant, cx.unseen(grant, &[]))
    } else {
        let grant = cx.store.grants.gone().find(|it| it.id == id)?;
        (grant, vec![Lack::Ended(grant.ended_by())])
    };
    (!lacks.is_empty()).then(|| Finding::Named(near(cx.store, grant, lacks)))
}

/// Returns the key that the input names, if it has not arrived.
fn unseen_key(cx: &Cx<'_>, input: &Value) -> Option<Finding> {
    let key = cx.store.keys.get(named_key(cx, input).ok()?);
    let made = key.made.filter(|_| !cx.view.sees(key.made))?;
    Some(Finding::Key(cx.arrival(key.created, made)))
}

/// Returns the other Regions that have the key that the input names by its id or ARN, if this one has it not.
fn elsewhere(cx: &Cx<'_>, input: &Value) -> Option<Finding> {
    if named_key(cx, input).is_ok() {
        return None;
    }
    let text = input["KeyId"].as_str()?;
    let resource = Arn::parse(text).map_or(text, |it| it.resource);
    let id = resource.strip_prefix("key/").unwrap_or(resource);
    let here = cx.store.region.clone();
    let regions = cx.store.regions_of(id).into_iter();
    let is_own = |region: &str, index| {
        let keys = cx.store.keys_in(region);
        keys.is_some_and(|it| it.get(index).account == cx.caller.account)
    };
    let found = regions.filter(|(region, index, _)| *region != here && is_own(region, *index));
    let regions: Vec<_> = found.map(|(region, ..)| region).collect();
    (!regions.is_empty()).then_some(Finding::Elsewhere { regions, here })
}

/// Returns the alias of the caller's account that is nearest to the one that the input names, if that does not exist.
fn near_alias(cx: &Cx<'_>, input: &Value) -> Option<Finding> {
    let named = ["KeyId", "AliasName"].iter().find_map(|it| input[it].as_str())?;
    let arn = Arn::parse(named);
    if arn.is_some_and(|it| it.region != cx.store.region) {
        return None;
    }
    let name = arn.map_or(named, |it| it.resource);
    let name = name.strip_prefix("alias/").filter(|it| it.len() <= LONGEST_ALIAS)?;
    let account = &*cx.caller.account;
    let known = cx.store.aliases.of_account(account, "").take(COMPARED);
    let known = known.filter_map(|(it, _)| it.strip_prefix("alias/"));
    let near = nearest(name, known).filter(|it| *it != name)?;
    Some(Finding::NearAlias(format!("alias/{near}")))
}

/// Returns what a denial hides from another account.
fn hidden(cx: &Cx<'_>, input: &Value) -> Option<Finding> {
    if let Some(unseen) = unseen_grant(cx, input).or_else(|| unseen_key(cx, input)) {
        return Some(unseen);
    }
    let key = match named_key(cx, input) {
        Ok(key) => key,
        Err(missing) => return Some(Finding::Hidden(missing)),
    };
    let is_foreign = cx.caller.is_foreign_to(&cx.store.keys.get(key).account);
    match (is_foreign, input["GrantId"].is_string()) {
        (_, true) => Some(Finding::Hidden(Hidden::NoGrant)),
        (true, false) => Some(Finding::Hidden(Hidden::OtherAccount)),
        (false, false) => None,
    }
}

/// Returns the key that the input names by its id, its ARN or an alias, whether or not it is visible.
fn named_key(cx: &Cx<'_>, input: &Value) -> Result<KeyIndex, Hidden> {
    let text = input["KeyId"].as_str().unwrap_or_default();
    let arn = Arn::parse(text);
    let account = arn.map_or(&*cx.caller.account, |it| it.account);
    let resource = arn.map_or(text, |it| it.resource);
    if resource.starts_with("alias/") {
        let alias = cx.store.aliases.get(account, resource);
        return alias.map(|it| it.target).ok_or(Hidden::NoAlias);
    }
    let key = cx.store.keys.find(resource.strip_prefix("key/").unwrap_or(resource));
    let is_of_account = |it: &KeyIndex| cx.store.keys.get(*it).account == account;
    key.filter(is_of_account).ok_or(Hidden::NoKey)
}
