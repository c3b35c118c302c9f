//! TagResource, UntagResource and ListResourceTags (API reference; row 53). Not for other accounts.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{Cx, Empty, markers};
use crate::kms::error::{KmsError, Result};
use crate::kms::policy::Context;
use crate::model::KeyState;

const DEFAULT_LIMIT: usize = 50;
const TAGS_PER_KEY: usize = 50;

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Tag {
    pub(super) tag_key: String,
    pub(super) tag_value: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TagInput {
    key_id: String,
    tags: Vec<Tag>,
}

pub(crate) fn tag_resource(cx: &mut Cx<'_>, input: TagInput) -> Result<Empty> {
    let tags = &input.tags;
    let index = cx.own_key_for_request("TagResource", &input.key_id, &|context| {
        request_tags(context, tags);
    })?;
    check_tags(&input.tags)?;
    let key = cx.store.keys.get_mut(index);
    key.must_not_be(&[
        KeyState::PendingDeletion,
        KeyState::PendingReplicaDeletion,
        KeyState::Creating,
    ])?;
    let mut tags = key.tags.clone();
    for tag in input.tags {
        match tags.iter_mut().find(|(name, _)| *name == tag.tag_key) {
            Some((_, value)) => *value = tag.tag_value,
            None => tags.push((tag.tag_key, tag.tag_value)),
        }
    }
    if tags.len() > TAGS_PER_KEY {
        return Err(KmsError::tags("Too many tags"));
    }
    key.tags = tags;
    Ok(Empty)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UntagInput {
    key_id: String,
    tag_keys: Vec<String>,
}

pub(crate) fn untag_resource(cx: &mut Cx<'_>, input: UntagInput) -> Result<Empty> {
    let keys = &input.tag_keys;
    let index = cx.own_key_for_request("UntagResource", &input.key_id, &|context| {
        context.list("aws:TagKeys", keys.iter().cloned());
    })?;
    let key = cx.store.keys.get_mut(index);
    key.must_not_be(&[
        KeyState::PendingDeletion,
        KeyState::PendingReplicaDeletion,
        KeyState::Creating,
    ])?;
    key.tags.retain(|(name, _)| !input.tag_keys.contains(name));
    Ok(Empty)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListInput {
    key_id: String,
    limit: Option<usize>,
    marker: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListOutput {
    tags: Vec<Tag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
    truncated: bool,
}

pub(crate) fn list_resource_tags(cx: &mut Cx<'_>, input: ListInput) -> Result<ListOutput> {
    const OPERATION: &str = "ListResourceTags";
    let index = cx.own_key_for(OPERATION, &input.key_id)?;
    let key = cx.store.keys.get(index);
    let query = [OPERATION, key.arn.as_str()];
    let after = markers::read_text(cx.store, &query, input.marker.as_deref())?;
    let limit = input.limit.unwrap_or(DEFAULT_LIMIT);
    let mut tags: Vec<_> = key
        .tags
        .iter()
        .filter(|(name, _)| *name > after)
        .map(|(name, value)| Tag { tag_key: name.clone(), tag_value: value.clone() })
        .collect();
    // Sorted by name, so that a page can continue after a tag that was removed (INVENTED(tag-order)).
    tags.sort_by(|one, other| one.tag_key.cmp(&other.tag_key));
    let next_marker = markers::cut(cx.store, &query, &mut tags, limit, |it| it.tag_key.clone());
    Ok(ListOutput { tags, truncated: next_marker.is_some(), next_marker })
}

/// Adds the condition keys of a request that sets tags.
pub(super) fn request_tags(context: &mut Context, tags: &[Tag]) {
    context.list("aws:TagKeys", tags.iter().map(|it| it.tag_key.clone()));
    for tag in tags {
        context.member("aws:RequestTag/", &tag.tag_key, &tag.tag_value);
    }
}

/// Validates tags (row 53).
pub(super) fn check_tags(tags: &[Tag]) -> Result<()> {
    let mut seen = HashSet::new();
    if !tags.iter().all(|it| seen.insert(&it.tag_key)) {
        return Err(KmsError::tags("Duplicate tag keys"));
    }
    if tags.len() > TAGS_PER_KEY {
        return Err(KmsError::tags("Too many tags"));
    }
    let reserved = |key: &str| key.get(..4).is_some_and(|it| it.eq_ignore_ascii_case("aws:"));
    if tags.iter().any(|it| reserved(&it.tag_key)) {
        return Err(KmsError::tags("Tags beginning with aws: are reserved"));
    }
    Ok(())
}
