//! Principals have names that IAM and STS accept, each once in an account.

use crate::diag::Errors;
use crate::model::declare::{self, Kind, Language, Principal, Sort, boundary_of_federated_user};
use crate::parse;
use crate::plan::Declaration;

use super::{Given, account_of, flag, text};

/// Returns the sort of a role or user, if it is clear.
fn sort_of(principal: &Declaration) -> Option<Sort> {
    if principal.kind == Kind::Role {
        return Some(Sort::Role);
    }
    match flag(principal, "federated") {
        Given::This(true, _) => Some(Sort::Federated),
        Given::This(false, _) | Given::Nothing => Some(Sort::User),
        Given::Unclear => None,
    }
}

/// Reports names that IAM or STS rejects, duplicate names, and boundaries of federated users.
pub(in crate::validate) fn check(
    principals: &[&Declaration],
    own_account: &str,
    language: Language,
    errors: &mut Errors,
) {
    let mut given = Vec::new();
    for principal in principals {
        let Some(sort) = sort_of(principal) else { continue };
        if sort == Sort::Federated {
            check_boundary(principal, language, errors);
        }
        let (name, span) = match text(principal, "name") {
            Given::This(name, span) => (Some(name), span),
            Given::Unclear => continue,
            Given::Nothing => (None, principal.name.span()),
        };
        let declared = parse::text(&principal.name);
        given.push((declared, sort, name, account_of(principal, own_account), span));
    }
    let principals = given.iter().map(|(declared, sort, name, account, _)| Principal {
        declared,
        sort: *sort,
        name: name.as_deref(),
        account: account.as_deref(),
    });
    let principals: Vec<_> = principals.collect();
    for (at, message) in declare::principals(&principals, own_account, language) {
        errors.push(given[at].4, message);
    }
}

/// Reports the boundary of a federated user.
fn check_boundary(user: &Declaration, language: Language, errors: &mut Errors) {
    if user.value("boundary_file").is_some()
        && let Some(span) = user.was_given("boundary")
    {
        errors.push(span, boundary_of_federated_user(language));
    }
}
