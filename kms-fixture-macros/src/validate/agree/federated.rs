//! Federated users have names that STS accepts, each of them once in an account, and no boundary.

use crate::diag::{Errors, Message};
use crate::options::Limit;
use crate::parse;
use crate::plan::Declaration;

use super::{Given, account_of, flag, principals};

/// Whether a user is a federated one, unless that is unclear.
pub(super) fn is_federated(user: &Declaration) -> Option<bool> {
    match flag(user, "federated") {
        Given::This(federated, _) => Some(federated),
        Given::Nothing => Some(false),
        Given::Unclear => None,
    }
}

/// Reports names that STS does not accept, the second of one name, and boundaries; all of these are federated.
pub(super) fn check<'a>(
    users: impl Iterator<Item = &'a Declaration>,
    own_account: &str,
    errors: &mut Errors,
) {
    let mut seen: Vec<(String, String, String)> = Vec::new();
    for user in users {
        let declared = parse::text(&user.name);
        if declared == "admin" || seen.iter().any(|it| it.0 == declared) {
            continue; // reported already
        }
        if user.value("boundary_file").is_some()
            && let Some(span) = user.was_given("boundary")
        {
            let message = Message::new("a federated user has no `boundary`");
            let help = "write what it may do as its `policy = \"..\"` or `allow(..)`";
            errors.push(span, message.help(help));
        }
        let Some((name, span)) = principals::name(user, Limit::FederatedName, errors) else {
            continue;
        };
        let Some(account) = account_of(user, own_account) else {
            continue;
        };
        let other = seen.iter().find(|it| it.1 == account && it.2 == name);
        if let Some((other, ..)) = other {
            let message = format!("account {account} has another federated user called `{name}`");
            let note = format!("it is declared as `{other}`");
            errors.push(span, Message::new(message).note(note));
        }
        seen.push((declared, account, name));
    }
}
