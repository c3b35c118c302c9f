//! The grammar as tables: which option may stand where, what it takes, and which method it becomes.

use crate::words::{GRANT_OPERATION, KEY_SPEC, KEY_STATE, KEY_USAGE, ORIGIN, WordList};

/// What an option takes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// `= "any text"`
    Text,
    /// `= "text"`, within these limits
    Limited(Limit),
    /// `= "111122223333"`
    Account,
    /// `= "alias/orders"`
    Alias,
    /// `= true` or `= false`
    Bool,
    /// `= 4`, at least 1
    Count,
    /// `= 300`, from and to
    Seconds(u32, u32),
    /// `= ".."`, one of these
    OneOf(&'static [&'static str]),
    /// `= "path::to::the_crate"`
    CratePath,
    /// `(Word)`
    Word(&'static WordList),
    /// `(Word, ..)`
    Words(&'static WordList),
    /// `(name of a key)`
    Key,
    /// `(name of a role or user)`, `(admin)`, `("arn")` or `("service")`
    Principal,
    /// `("kms:ListGrants", ..)`
    Actions,
    /// `(key = "value", pair("any key", "value"), ..)`
    Pairs,
    /// The same, one method call for each pair
    EachPair,
    /// `(strong)`, `(eventual)` or `(eventual(options))`
    Consistency,
    /// `(deny)` or `(allow)`
    Leaks,
    /// `(name, name(options), ..)`
    Declarations(Kind),
    /// Nothing, or `= "path/to/file.json"`
    Cassette,
    /// Nothing
    Snapshot,
}

/// What AWS accepts as a text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    Region,
    GrantName,
    RoleName,
    UserName,
    FederatedName,
    SessionName,
    Description,
    SourceArn,
}

/// What a declared name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Key,
    Role,
    User,
    Grant,
}

/// One option.
#[derive(Debug)]
pub(crate) struct Opt {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// The builder method that takes the value.
    pub(crate) method: &'static str,
    /// The option as one writes it, for messages.
    pub(crate) example: &'static str,
}

/// A place where options may stand.
#[derive(Debug)]
pub(crate) struct Place {
    /// What an option is called here.
    pub(crate) noun: &'static str,
    /// The module of `kms_fixture::__private::ide` that documents these options.
    pub(crate) module: &'static str,
    pub(crate) options: &'static [Opt],
}

impl Place {
    /// The names of the options, in the order of the documentation.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.options.iter().map(|it| it.name)
    }

    /// Where such an option stands, for messages.
    pub(crate) fn wrap(&self, option: &str) -> String {
        match self.module {
            "options" => format!("an option of the test: `#[kms_test({option}..)]`"),
            "eventual" => format!("a {}: `consistency(eventual({option}..))`", self.noun),
            kind => format!("a {}: `{kind}s(name({option}..))`", self.noun),
        }
    }

    /// The option of this name.
    pub(crate) fn find(&self, name: &str) -> Option<&'static Opt> {
        self.options.iter().find(|it| it.name == name)
    }
}

impl Kind {
    /// The noun, with its article.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Kind::Key => "a key",
            Kind::Role => "a role",
            Kind::User => "a user",
            Kind::Grant => "a grant",
        }
    }

    /// The options that such a declaration takes.
    pub(crate) fn place(self) -> &'static Place {
        match self {
            Kind::Key => &KEY,
            Kind::Role => &ROLE,
            Kind::User => &USER,
            Kind::Grant => &GRANT,
        }
    }
}

const fn opt(name: &'static str, shape: Shape, method: &'static str, example: &'static str) -> Opt {
    Opt { name, shape, method, example }
}

/// All places.
pub(crate) const PLACES: [&Place; 6] = [&TOP, &KEY, &GRANT, &ROLE, &USER, &EVENTUAL];

pub(crate) const TOP: Place = Place {
    noun: "option",
    module: "options",
    options: &[
        opt("keys", Shape::Declarations(Kind::Key), "key", "keys(orders)"),
        opt("roles", Shape::Declarations(Kind::Role), "role", "roles(worker)"),
        opt("users", Shape::Declarations(Kind::User), "user", "users(alice)"),
        opt("grants", Shape::Declarations(Kind::Grant), "grant", "grants(access(..))"),
        opt("region", Shape::Limited(Limit::Region), "region", "region = \"us-east-1\""),
        opt("account", Shape::Account, "account", "account = \"111122223333\""),
        opt("consistency", Shape::Consistency, "consistency", "consistency(strong)"),
        opt("leaks", Shape::Leaks, "deny_leaks", "leaks(deny)"),
        opt(
            "unknown_principals",
            Shape::OneOf(&["accept"]),
            "accept_unknown_principals",
            "unknown_principals = \"accept\"",
        ),
        opt("transport", Shape::OneOf(&["tcp"]), "tcp", "transport = \"tcp\""),
        opt(
            "flavor",
            Shape::OneOf(&["current_thread", "multi_thread"]),
            "",
            "flavor = \"multi_thread\"",
        ),
        opt("worker_threads", Shape::Count, "multi_thread", "worker_threads = 2"),
        opt("start_paused", Shape::Bool, "start_paused", "start_paused = true"),
        opt("crate", Shape::CratePath, "", "crate = \"path\""),
        opt("cassette", Shape::Cassette, "cassette", "cassette = \"path/to/file.json\""),
        opt("snapshot", Shape::Snapshot, "snapshot", "snapshot"),
    ],
};

pub(crate) const KEY: Place = Place {
    noun: "key option",
    module: "key",
    options: &[
        opt("state", Shape::Word(&KEY_STATE), "state", "state(Disabled)"),
        opt("spec", Shape::Word(&KEY_SPEC), "spec", "spec(HMAC_256)"),
        opt("usage", Shape::Word(&KEY_USAGE), "usage", "usage(SIGN_VERIFY)"),
        opt("origin", Shape::Word(&ORIGIN), "origin", "origin(EXTERNAL)"),
        opt("multi_region", Shape::Bool, "multi_region", "multi_region = true"),
        opt("account", Shape::Account, "account", "account = \"444455556666\""),
        opt("alias", Shape::Alias, "alias", "alias = \"alias/orders\""),
        opt("policy", Shape::Text, "policy_file", "policy = \"file.json\""),
        opt(
            "description",
            Shape::Limited(Limit::Description),
            "description",
            "description = \"..\"",
        ),
        opt("tags", Shape::EachPair, "tag", "tags(team = \"orders\")"),
    ],
};

pub(crate) const ROLE: Place = Place {
    noun: "role option",
    module: "role",
    options: &[
        opt("account", Shape::Account, "account", "account = \"444455556666\""),
        opt("name", Shape::Text, "name", "name = \"OrdersWorker\""),
        opt("allow", Shape::Actions, "allow", "allow(\"kms:ListGrants\")"),
        opt("policy", Shape::Text, "policy_file", "policy = \"file.json\""),
        opt("boundary", Shape::Text, "boundary_file", "boundary = \"file.json\""),
        opt("session", Shape::Limited(Limit::SessionName), "session", "session = \"build-7\""),
        opt(
            "session_seconds",
            Shape::Seconds(900, 43_200),
            "session_seconds",
            "session_seconds = 3600",
        ),
        opt("session_policy", Shape::Text, "session_policy_file", "session_policy = \"file.json\""),
    ],
};

pub(crate) const USER: Place = Place {
    noun: "user option",
    module: "user",
    options: &[
        opt("account", Shape::Account, "account", "account = \"444455556666\""),
        opt("name", Shape::Text, "name", "name = \"Alice\""),
        opt("allow", Shape::Actions, "allow", "allow(\"kms:ListGrants\")"),
        opt("policy", Shape::Text, "policy_file", "policy = \"file.json\""),
        opt("boundary", Shape::Text, "boundary_file", "boundary = \"file.json\""),
        opt("federated", Shape::Bool, "federated", "federated = true"),
    ],
};

pub(crate) const GRANT: Place = Place {
    noun: "grant option",
    module: "grant",
    options: &[
        opt("key", Shape::Key, "key", "key(orders)"),
        opt("grantee", Shape::Principal, "grantee", "grantee(worker)"),
        opt("retiring", Shape::Principal, "retiring", "retiring(janitor)"),
        opt("operations", Shape::Words(&GRANT_OPERATION), "operations", "operations(Decrypt)"),
        opt("name", Shape::Limited(Limit::GrantName), "name", "name = \"nightly\""),
        opt("context_equals", Shape::Pairs, "context_equals", "context_equals(tenant = \"7\")"),
        opt("context_subset", Shape::Pairs, "context_subset", "context_subset(tenant = \"7\")"),
        opt(
            "source_arn",
            Shape::Limited(Limit::SourceArn),
            "source_arn",
            "source_arn = \"arn:aws:dynamodb:us-east-1:111122223333:table/orders\"",
        ),
    ],
};

/// What stands in `consistency(eventual(..))`.
pub(crate) const EVENTUAL: Place = Place {
    noun: "consistency option",
    module: "eventual",
    options: &[
        opt("seconds", Shape::Seconds(0, 86_400), "seconds", "seconds = 300"),
        opt("list_seconds", Shape::Seconds(0, 86_400), "list_seconds", "list_seconds = 0"),
        opt("jitter", Shape::Bool, "jitter", "jitter = true"),
    ],
};
