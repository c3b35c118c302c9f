//! Declarations: the table of options, the rules, and the texts of their mistakes.
//!
//! The attribute reports a mistake under a token; the builder and the scenario file report it with a JSON path.

mod actions;
mod fits;
mod limits;
mod message;
mod names;
mod nearest;
mod operations;
mod options;
mod other_words;
mod quotas;
#[rustfmt::skip]
mod table;
mod words;

pub(crate) use actions::{action, actions_of};
pub(crate) use fits::{
    boundary_of_federated_user, fault_lacks, missing_options, only_create_grant, service,
    two_contexts, unfit_context, unfit_operations, usage,
};
pub(crate) use limits::{Limit, Part, bare_name, context, principal, tags};
pub(crate) use message::{Language, Message, list};
pub(crate) use names::{
    Alias, Principal, Sort, aliases, declared_twice, not_declared, principals, reserved,
    reserved_because,
};
pub(crate) use nearest::nearest;
pub(crate) use operations::OPERATIONS;
pub(crate) use options::{Choice, Kind, Opt, Place, Shape, WordList};
pub(crate) use other_words::{Instead, instead_of};
pub(crate) use quotas::{AWS, QUOTAS, quota, quotas};
pub(crate) use table::{
    ADMIN, ADMIN_ROLE, CASSETTE, CLOCKS, CONSISTENCY, DEFAULT_ACCOUNT, DEFAULT_REGION, ERROR,
    EVENTUAL, EXPLORE, EXPLORED, FAULT, FAULTS, GRANT, KEY, LATE, LEAKS, PLACES, ROLE, SNAPSHOT,
    TOP, USER, fault_place,
};
pub(crate) use words::{
    either, given_twice, nothing_in, number, unknown_choice, unknown_option, unknown_value,
    unknown_word,
};
