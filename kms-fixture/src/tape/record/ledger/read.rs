//! Reading the journal of a recording that was killed.

use std::collections::{BTreeMap, BTreeSet};

use super::{Line, Prints, VERSION};
use crate::error::Error;

/// The things that a killed recording may have left, by hashes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Remains {
    pub(in super::super) region: String,
    pub(in super::super) aws: bool,
    /// The keys, with their declared names.
    pub(in super::super) keys: BTreeMap<String, Option<String>>,
    /// The keys that the list of the account's keys shows as long as they exist.
    pub(in super::super) own: BTreeSet<String>,
    /// The ARNs of other keys of an emulator.
    pub(in super::super) arns: BTreeMap<String, String>,
    /// The grants of keys before the recording; nothing where they could not be listed.
    pub(in super::super) before: BTreeMap<String, Option<BTreeSet<String>>>,
    /// The grants that it made, with their keys.
    pub(in super::super) made: BTreeMap<String, String>,
    /// Grants that it may have made, or that existed before.
    pub(in super::super) doubtful: BTreeMap<String, String>,
    /// Those that were ended at the test's request.
    pub(in super::super) ended: BTreeSet<String>,
    pub(in super::super) lost: Vec<LostCalls>,
    /// How many calls that make keys or aliases have no answer, by operation.
    pub(in super::super) unanswered: BTreeMap<String, usize>,
    pub(in super::super) made_keys: BTreeSet<String>,
    pub(in super::super) made_aliases: BTreeSet<String>,
}

/// CreateGrants of one key with the same terms, none of which has an answer.
#[derive(Clone, Debug)]
pub(in super::super) struct LostCalls {
    pub(in super::super) key: String,
    pub(in super::super) terms: Prints,
    pub(in super::super) operations: Vec<String>,
    pub(in super::super) calls: usize,
}

impl Remains {
    /// Reads a journal up to its last whole line.
    ///
    /// # Errors
    ///
    /// A text that is not a journal of this version.
    pub(in super::super) fn read(text: &str) -> Result<Self, Error> {
        let mut remains = Self::default();
        let mut sent = BTreeMap::new();
        // The last line is torn if the process was killed while it wrote it.
        let whole = text.rfind('\n').map_or("", |it| &text[..it]);
        for (at, line) in whole.lines().enumerate() {
            let line = serde_json::from_str(line).map_err(|it| {
                Error::new(format!("it is not the journal of a recording: line {}: {it}", at + 1))
            })?;
            match line {
                Line::Run { version, region, aws } if version == VERSION && at == 0 => {
                    (remains.region, remains.aws) = (region, aws);
                }
                Line::Run { version, .. } => {
                    return Err(Error::new(format!(
                        "it is the journal of a recording in version {version}, and this kms-fixture reads {VERSION}"
                    )));
                }
                Line::Key { key, name, before, own, arn } => {
                    remains.keys.insert(key.clone(), name);
                    remains.own.extend(own.then(|| key.clone()));
                    remains.arns.extend(arn.map(|it| (key.clone(), it)));
                    remains.before.insert(key, before.map(|it| it.into_iter().collect()));
                }
                Line::Sends { call, key, terms, operations } => {
                    sent.insert(call, LostCalls { key, terms, operations, calls: 1 });
                }
                Line::Answered { call, made, doubtful } => {
                    let Some(it) = sent.remove(&call) else { continue };
                    let Some(made) = made else { continue };
                    if doubtful && !remains.made.contains_key(&made) {
                        remains.doubtful.insert(made, it.key);
                    } else {
                        remains.ended.remove(&made);
                        remains.made.insert(made, it.key);
                    }
                }
                Line::Ended { grant } => {
                    remains.ended.insert(grant);
                }
                Line::Makes { operation } => {
                    *remains.unanswered.entry(operation).or_default() += 1;
                }
                Line::Made { operation } => {
                    let calls = remains.unanswered.entry(operation).or_default();
                    *calls = calls.saturating_sub(1);
                }
                Line::MadeKey { key } => {
                    remains.made_keys.insert(key);
                }
                Line::MadeAlias { alias } => {
                    remains.made_aliases.insert(alias);
                }
            }
        }
        for it in sent.into_values() {
            let same = |one: &&mut LostCalls| one.key == it.key && one.terms == it.terms;
            match remains.lost.iter_mut().find(same) {
                Some(one) => one.calls += 1,
                None => remains.lost.push(it),
            }
        }
        Ok(remains)
    }

    /// Returns whether nothing was made.
    pub(in super::super) fn is_harmless(&self) -> bool {
        self.made.keys().chain(self.doubtful.keys()).all(|it| self.ended.contains(it))
            && self.lost.is_empty()
            && self.unanswered.values().all(|it| *it == 0)
            && self.made_keys.is_empty()
            && self.made_aliases.is_empty()
    }

    /// Returns the keys that have grants of the recording, or may have.
    pub(in super::super) fn keys_with_grants(&self) -> BTreeSet<&String> {
        let made = self.made.values().chain(self.doubtful.values());
        made.chain(self.lost.iter().map(|it| &it.key)).collect()
    }

    /// Returns whether a grant existed before the recording.
    pub(in super::super) fn was_there(&self, grant: &str) -> bool {
        self.before.values().flatten().any(|it| it.contains(grant))
    }
}
