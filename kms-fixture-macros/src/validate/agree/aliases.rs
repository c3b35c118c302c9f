//! An alias belongs to one key of its account.

use crate::diag::{Errors, Message};
use crate::plan::Declaration;

use super::{Given, account_of, text};

/// Reports the second key with an alias.
pub(super) fn check<'a>(
    keys: impl Iterator<Item = &'a Declaration>,
    account: &str,
    errors: &mut Errors,
) {
    let mut seen: Vec<(String, String, &Declaration)> = Vec::new();
    for key in keys {
        let Given::This(alias, span) = text(key, "alias") else {
            continue;
        };
        let Some(account) = account_of(key, account) else {
            continue;
        };
        let first = seen.iter().find(|it| it.0 == account && it.1 == alias);
        if let Some((_, _, first)) = first {
            let message = Message::new(format!("another key has the alias `{alias}`"));
            let note = format!("`{}` has it already, in account {account}", first.name);
            errors.push(span, message.note(note));
        } else {
            seen.push((account, alias, key));
        }
    }
}
