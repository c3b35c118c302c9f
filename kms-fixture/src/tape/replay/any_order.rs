//! Changes of different grants, which concurrent code may make in another order than the recorded one.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::tape::cassette::Interaction;
use crate::tape::names::Names;

/// Returns the grants that a call changes or uses, by their names, if all that it does is to create or end grants.
pub(super) fn grants(call: &Interaction, names: &Names) -> Option<BTreeSet<String>> {
    let changes_grants = matches!(&*call.operation, "CreateGrant" | "RetireGrant" | "RevokeGrant");
    // A refusal may depend on anything.
    if !changes_grants || call.status != 200 {
        return None;
    }
    let values = [call.input().value(), call.output().value()];
    let members = values.into_iter().filter_map(Value::as_object).flatten();
    let texts = members.flat_map(|(member, value)| match (member.as_str(), value) {
        ("GrantId" | "GrantToken", Value::String(text)) => vec![text],
        ("GrantTokens", Value::Array(tokens)) => tokens
            .iter()
            .filter_map(|it| if let Value::String(text) = it { Some(text) } else { None })
            .collect(),
        _ => Vec::new(),
    });
    Some(texts.map(|it| names.rename(it)).collect())
}

/// Returns the groups of calls that may be played in any order, where neighbours that change grants join; and for each
/// call the earlier ones of its group that change one of its grants.
pub(super) fn joined(
    groups: &[usize],
    grants: &[Option<BTreeSet<String>>],
) -> (Vec<usize>, Vec<Vec<usize>>) {
    let (mut joined, mut waits): (Vec<usize>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
    for at in 0..groups.len() {
        let group = match (at.checked_sub(1), joined.last()) {
            (Some(before), Some(group)) => {
                let stays = groups[before] == groups[at];
                let joins = grants[before].is_some() && grants[at].is_some();
                group + usize::from(!stays && !joins)
            }
            _ => 0,
        };
        let is_first =
            |earlier: &usize| joined[*earlier] == group && groups[*earlier] != groups[at];
        let shares = |earlier: &usize| match (&grants[*earlier], &grants[at]) {
            (Some(one), Some(other)) => !one.is_disjoint(other),
            // Calls that were concurrent with a change of a grant stay behind what came before them all.
            _ => true,
        };
        waits.push((0..at).filter(is_first).filter(shares).collect());
        joined.push(group);
    }
    (joined, waits)
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn changes_of_one_grant_keep_their_order() {
        let of = |names: &[&str]| Some(names.iter().map(|it| (*it).to_owned()).collect());
        // Create a, create b, retire a, list, retire b.
        let grants = [of(&["a"]), of(&["b"]), of(&["a"]), None, of(&["b"])];
        let (groups, waits) = joined(&[0, 1, 2, 3, 4], &grants);
        assert_eq!(groups, [0, 0, 0, 1, 2]);
        assert_eq!(waits, [vec![], vec![], vec![0], vec![], vec![]]);
    }
}
