//! An alias belongs to one key of its account.

use crate::diag::Errors;
use crate::model::declare::{self, Alias};
use crate::parse;
use crate::plan::Declaration;

use super::{Given, account_of, text};

/// Reports the second key with an alias.
pub(in crate::validate) fn check(keys: &[&Declaration], account: &str, errors: &mut Errors) {
    let given = keys.iter().filter_map(|key| {
        let Given::This(alias, span) = text(key, "alias") else { return None };
        Some((parse::text(&key.name), account_of(key, account)?, alias, span))
    });
    let given: Vec<_> = given.collect();
    let aliases = given.iter().map(|(key, account, name, _)| Alias { key, account, name });
    let aliases: Vec<_> = aliases.collect();
    for (at, message) in declare::aliases(&aliases) {
        errors.push(given[at].3, message);
    }
}
