//! Principals have names that IAM and STS accept, each of them once in an account.

use proc_macro2::Span;

use crate::diag::{Errors, Message};
use crate::options::Limit;
use crate::parse;
use crate::plan::Declaration;
use crate::validate::limits;

use super::{Given, account_of, flag, text};

/// What principals are: each sort has names of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Role,
    User,
    Federated,
}

/// The sort of a user, unless that is unclear.
pub(super) fn sort_of(user: &Declaration) -> Option<Sort> {
    match flag(user, "federated") {
        Given::This(true, _) => Some(Sort::Federated),
        Given::This(false, _) | Given::Nothing => Some(Sort::User),
        Given::Unclear => None,
    }
}

/// The name in IAM or STS, and where it is said. What is not within the limit is reported.
fn name(principal: &Declaration, limit: Limit, errors: &mut Errors) -> Option<(String, Span)> {
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

/// Reports names that IAM or STS does not accept, the second of one name, and boundaries of federated users.
pub(super) fn check<'a>(
    principals: impl Iterator<Item = &'a Declaration>,
    sort: Sort,
    own_account: &str,
    errors: &mut Errors,
) {
    let (limit, noun) = match sort {
        Sort::Role => (Limit::RoleName, "role"),
        Sort::User => (Limit::UserName, "user"),
        Sort::Federated => (Limit::FederatedName, "federated user"),
    };
    let mut seen: Vec<(String, String, String)> = Vec::new();
    for principal in principals {
        let declared = parse::text(&principal.name);
        if declared == "admin" || seen.iter().any(|it| it.0 == declared) {
            continue; // reported already
        }
        if sort == Sort::Federated {
            check_boundary(principal, errors);
        }
        let Some((name, span)) = name(principal, limit, errors) else {
            continue;
        };
        let Some(account) = account_of(principal, own_account) else {
            continue;
        };
        // IAM distinguishes names neither by their path nor by their case; those of STS have no path.
        let (called, key, aside) = if sort == Sort::Federated {
            (name.as_str(), name.clone(), "")
        } else {
            let bare = limits::bare(&name);
            (bare, bare.to_lowercase(), "; IAM ignores paths and case here")
        };
        let is_admin = sort == Sort::Role && key == "admin" && account == own_account;
        let other = seen.iter().find(|it| it.1 == account && it.2 == key);
        if is_admin || other.is_some() {
            let message = format!("account {account} has another {noun} called `{called}`");
            let note = match other {
                Some((other, _, _)) => format!("it is declared as `{other}`{aside}"),
                None => "it is the role of the administrator, `admin`".into(),
            };
            errors.push(span, Message::new(message).note(note));
        }
        seen.push((declared, account, key));
    }
}

/// Reports a boundary, which federated users do not have.
fn check_boundary(user: &Declaration, errors: &mut Errors) {
    if user.value("boundary_file").is_some()
        && let Some(span) = user.was_given("boundary")
    {
        let message = Message::new("a federated user has no `boundary`");
        let help = "write what it may do as its `policy = \"..\"` or `allow(..)`";
        errors.push(span, message.help(help));
    }
}
