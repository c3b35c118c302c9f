//! Roles and IAM users have names that IAM accepts, each of them once in an account.

use proc_macro2::Span;

use crate::diag::{Errors, Message};
use crate::options::{Kind, Limit};
use crate::parse;
use crate::plan::Declaration;
use crate::validate::limits;

use super::{Given, account_of, text};

/// The name in IAM or STS, and where it is said. What is not within the limit is reported.
pub(super) fn name(
    principal: &Declaration,
    limit: Limit,
    errors: &mut Errors,
) -> Option<(String, Span)> {
    let declared = parse::text(&principal.name);
    let (name, span, help) = match text(principal, "name") {
        Given::This(name, span) => (name, span, None),
        Given::Unclear => return None,
        Given::Nothing => {
            let help = format!("give it one: `{declared}(name = \"..\")`");
            (declared, principal.name.span(), Some(help))
        }
    };
    if let Some(message) = limits::mistake(limit, &name) {
        let message = match help {
            Some(help) => message.help(help),
            None => message,
        };
        errors.push(span, message);
    }
    Some((name, span))
}

/// Reports declared names that IAM does not accept, and the second of one name; all of these are of one kind.
pub(super) fn check<'a>(
    principals: impl Iterator<Item = &'a Declaration>,
    own_account: &str,
    errors: &mut Errors,
) {
    let mut seen: Vec<(String, String, String)> = Vec::new();
    for principal in principals {
        let declared = parse::text(&principal.name);
        if declared == "admin" || seen.iter().any(|it| it.0 == declared) {
            continue; // reported already
        }
        let (limit, noun) = match principal.kind {
            Kind::User => (Limit::UserName, "user"),
            _ => (Limit::RoleName, "role"),
        };
        let Some((name, span)) = name(principal, limit, errors) else {
            continue;
        };
        let Some(account) = account_of(principal, own_account) else {
            continue;
        };
        let bare = limits::bare(&name);
        // IAM distinguishes names neither by their path nor by their case.
        let key = bare.to_lowercase();
        let is_admin = noun == "role" && key == "admin" && account == own_account;
        let other = seen.iter().find(|it| it.1 == account && it.2 == key);
        if is_admin || other.is_some() {
            let message = format!("account {account} has another {noun} called `{bare}`");
            let note = match other {
                Some((other, _, _)) => {
                    format!("it is declared as `{other}`; IAM ignores paths and case here")
                }
                None => "it is the role of the administrator, `admin`".into(),
            };
            errors.push(span, Message::new(message).note(note));
        }
        seen.push((declared, account, key));
    }
}
