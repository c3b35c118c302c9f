//! The table of options: each option is one row.
//!
//! The attribute and the scenario reader and writer use it; the names that editors complete, the tables of
//! `kms_test.md` and `scenario.schema.json` are generated from it. After a change,
//! `UPDATE_EXPECT=1 cargo test -p kms-fixture --lib scenario::` regenerates them.
//!
//! A row has a line for its name, shape and example, one for its meaning, and an optional one for its builder method,
//! its default and its place. rustfmt skips this file.

use super::{Choice, Kind, Limit, Opt, Place, Shape, WordList};

/// The default Region.
pub(crate) const DEFAULT_REGION: &str = "us-east-1";
/// The default account, as in AWS's documentation.
pub(crate) const DEFAULT_ACCOUNT: &str = "111122223333";
/// The declared name of the account's administrator.
pub(crate) const ADMIN: &str = "admin";
/// The name of the administrator's role.
pub(crate) const ADMIN_ROLE: &str = "Admin";

/// All places.
pub(crate) const PLACES: [&Place; 11] =
    [&TOP, &KEY, &GRANT, &ROLE, &USER, &EVENTUAL, &CASSETTE, &FAULT, &LATE, &ERROR, &EXPLORE];

impl Kind {
    /// Returns the options of a declaration of this kind.
    pub(crate) fn place(self) -> &'static Place {
        match self {
            Self::Key => &KEY,
            Self::Role => &ROLE,
            Self::User => &USER,
            Self::Grant => &GRANT,
        }
    }
}

/// The options directly in `#[kms_test(..)]`, or at the top of a scenario file.
pub(crate) const TOP: Place = Place { noun: "option", module: "options", options: &[
    Opt::new("keys", Shape::Declarations(Kind::Key), "keys(orders)", "KMS keys").calls("key"),
    Opt::new("roles", Shape::Declarations(Kind::Role), "roles(worker)",
        "IAM roles, each of which calls through a session")
        .calls("role"),
    Opt::new("users", Shape::Declarations(Kind::User), "users(alice)",
        "IAM users and federated users")
        .calls("user"),
    Opt::new("grants", Shape::Declarations(Kind::Grant), "grants(access(..))",
        "grants that exist when the test starts")
        .calls("grant"),
    Opt::new("scenario", Shape::Scenario, "scenario = \"world.json\"",
        "[declared once](#declared-once): keys, principals and grants from a scenario file, or from a function, as in `scenario(world)`; the test's own declarations come on top")
        .of_the_test(),
    Opt::new("cases", Shape::Cases, "cases(small(limit = 1), full(limit = 100))",
        "[a test for each case](#cases), with values for parameters")
        .calls("").default("one test").of_the_test(),
    Opt::new("region", Shape::Text(Limit::Region), "region = \"us-east-1\"", "the Region").default("`us-east-1`"),
    Opt::new("regions", Shape::OneOf(&["any"]), "regions = \"any\"",
        "calls in any Region of the partition are served, from a store of its own that is empty at first; not with a cassette")
        .calls("any_region").default("`region`, and those with replicas of its keys"),
    Opt::new("account", Shape::Text(Limit::Account), "account = \"111122223333\"",
        "the account, with its administrator")
        .default("`111122223333`"),
    Opt::new("consistency", Shape::Consistency, "consistency(strong)",
        "when a change takes effect; with [`eventual`](#consistency), it takes time, as on AWS; `eventual` excludes a cassette")
        .default("`strong`: at once"),
    Opt::new("clock", Shape::Choice(CLOCKS), "clock(machine)",
        "the source of [the fixture's time](#clocks); not with a cassette")
        .default("`test`; `tokio` with `start_paused = true`; `machine` for `kms-fixture serve`"),
    Opt::new("quotas", Shape::Quotas, "quotas(aws, CreateGrant = 2)",
        "[request quotas](#quotas), in calls a second: AWS's with `aws`, and those that are named; a call beyond one gets a `ThrottlingException`; not with a cassette")
        .default("none: nothing is throttled"),
    Opt::new("leaks", Shape::Choice(LEAKS), "leaks(deny)",
        "fails a passed test that [leaves a grant behind](#leaks)")
        .calls("deny_leaks").default("`allow`")
        .panics("`leaks(deny)`", "leaks are reported by a panic, after a test that did not panic"),
    Opt::new("faults", Shape::Faults, "faults(throttled(operation(RetireGrant), times = 2))",
        "[calls that go wrong](#faults), each with the calls that it strikes; a fault that strikes no call fails a passed test")
        .calls("fault"),
    Opt::new("explore", Shape::Explore, "explore(throttled, lost_answer)",
        "[runs the test again](#exploration) for each of these faults at each of its calls; not with a cassette")
        .default("one run").of_the_test()
        .panics("`explore`", "an exploration begins with a run that passes"),
    Opt::new("unknown_principals", Shape::OneOf(&["accept"]), "unknown_principals = \"accept\"",
        "a grant may name principals that are not declared")
        .calls("accept_unknown_principals").default("they are rejected, as on AWS"),
    Opt::new("transport", Shape::OneOf(&["tcp"]), "transport = \"tcp\"",
        "SDK clients use a loopback socket, as all other clients do")
        .calls("tcp").default("no socket").of_the_test(),
    Opt::new("flavor", Shape::OneOf(&["current_thread", "multi_thread"]), "flavor = \"multi_thread\"",
        "the tokio runtime of an `async` test, `multi_thread` or `current_thread`")
        .calls("").default("`current_thread`").of_the_test(),
    Opt::new("worker_threads", Shape::Count, "worker_threads = 2",
        "the number of threads of a `multi_thread` runtime")
        .calls("multi_thread").default("tokio's choice").of_the_test(),
    Opt::new("start_paused", Shape::Flag, "start_paused = true",
        "the tokio clock starts paused, and [the fixture's clock](#clocks) follows it; not with `transport = \"tcp\"` or a cassette")
        .default("`false`").of_the_test(),
    Opt::new("timeout", Shape::Seconds(1, 86_400), "timeout = 10",
        "fails a test that has not ended after so many seconds of real time, 1 to 86400, and prints its table of calls")
        .default("no limit").of_the_test()
        .panics("a `timeout`", "a test that does not end fails by a panic, and `#[should_panic]` would accept that"),
    Opt::new("crate", Shape::CratePath, "crate = \"path\"",
        "the path of this library, if it is renamed")
        .calls("").default("`::kms_fixture`").of_the_test(),
    Opt::new("cassette", Shape::Cassette, "cassette = \"path/to/file.json\"",
        "the test runs against [a recording](#cassettes-and-snapshots) in this file; `cassette` alone derives the path from the test's name, and `cassette(order = \"any\")` lets changes of different grants come in any order; not with `start_paused = true`")
        .default("the fake answers").of_the_test()
        .panics("a `cassette`", "a call that was not recorded fails the test, and `#[should_panic]` would accept that"),
    Opt::new("snapshot", Shape::Snapshot, "snapshot",
        "compares the calls and the remaining grants of a passed test with [a snapshot](#cassettes-and-snapshots), by caller with `snapshot(by_caller)`; needs the dev-dependency `insta`")
        .default("no comparison").of_the_test()
        .panics("a `snapshot`", "differences are reported by a panic, after a test that did not panic"),
] };

/// The words of `snapshot(..)`.
pub(crate) const SNAPSHOT: &[Choice] = &[
    Choice { word: "by_caller", meaning: "The calls of each caller in their order, one caller after another, so that concurrent code has one snapshot." },
];

/// The options in `cassette(..)`.
pub(crate) const CASSETTE: Place = Place { noun: "cassette option", module: "cassette", options: &[
    Opt::new("path", Shape::Text(Limit::None), "path = \"path/to/file.json\"",
        "the path of the cassette")
        .default("derived from the test's name"),
    Opt::new("order", Shape::OneOf(&["any"]), "order = \"any\"",
        "recorded changes of different grants may come in any order")
        .calls("any_order").default("the recorded order"),
] };

/// The faults of `explore(..)`.
pub(crate) const EXPLORED: &[Choice] = &[
    Choice { word: "throttled", meaning: "Before the call, `ThrottlingException`." },
    Choice { word: "limit_exceeded", meaning: "Before the call, `LimitExceededException`, if the operation declares it." },
    Choice { word: "internal", meaning: "Before the call, `KMSInternalException`." },
    Choice { word: "dependency_timeout", meaning: "Before the call, `DependencyTimeoutException`, if the operation declares it." },
    Choice { word: "unavailable", meaning: "Before the call, status 503 with an HTML body." },
    Choice { word: "lost_request", meaning: "The connection is reset before the call; beside `lost_answer`, only for calls that change something." },
    Choice { word: "lost_answer", meaning: "The call takes effect, then the connection is reset." },
    Choice { word: "stale", meaning: "The call sees no change that takes time to arrive; needs `consistency(eventual)`." },
    Choice { word: "expired", meaning: "Before the call, `ExpiredTokenException`, if the caller is a session." },
];

/// The options in `explore(..)`, beside faults.
pub(crate) const EXPLORE: Place = Place { noun: "explore option", module: "explore", options: &[
    Opt::new("at_most", Shape::Count, "at_most = 500",
        "the number of runs; of more, this number is drawn evenly by the test's seed")
        .calls("explore_at_most").default("`500`"),
    Opt::new("orders", Shape::Count, "orders = 100",
        "the number of further runs in which calls that are under way together are answered in other orders; only for an `async fn` with one thread, without `transport = \"tcp\"`")
        .calls("explore_orders").default("none"),
] };

/// The words of `leaks(..)`. The first one switches the option on.
pub(crate) const LEAKS: &[Choice] = &[
    Choice { word: "deny", meaning: "A passed test fails if a grant that it created still exists. Not with `#[should_panic]`." },
    Choice { word: "allow", meaning: "Grants may be left behind; this is the default." },
];

/// The words of `clock(..)`.
pub(crate) const CLOCKS: &[Choice] = &[
    Choice { word: "test", meaning: "The clock stands until the test, or a sleep or a timeout of the SDK, moves it; this is the default." },
    Choice { word: "tokio", meaning: "The clock follows that of the test's tokio runtime; this is the default with `start_paused = true`." },
    Choice { word: "machine", meaning: "The clock follows the machine's." },
];

/// The words of `faults(..)`.
pub(crate) const FAULTS: &[Choice] = &[
    Choice { word: "throttled", meaning: "400 `ThrottlingException` with AWS's text. The call takes no effect." },
    Choice { word: "limit_exceeded", meaning: "400 `LimitExceededException`. The call takes no effect." },
    Choice { word: "internal", meaning: "500 `KMSInternalException`. The call takes no effect." },
    Choice { word: "dependency_timeout", meaning: "500 `DependencyTimeoutException`. The call takes no effect." },
    Choice { word: "unavailable", meaning: "503 with a body in HTML, as from a load balancer. The call takes no effect." },
    Choice { word: "lost_request", meaning: "The connection is reset. The call takes no effect." },
    Choice { word: "lost_answer", meaning: "The call takes effect, then the connection is reset." },
    Choice { word: "late", meaning: "The call takes effect, and its answer comes `millis` later by the fixture's clock: `late(millis = 200)`." },
    Choice { word: "error", meaning: "Any other error: `error(code = \"KeyUnavailableException\", status = 500)`. The call takes no effect." },
];

// Options that all faults share.
const OPERATION: Opt = Opt::new("operation", Shape::Word(WordList::ALL_OPERATIONS), "operation(RetireGrant)",
    "only calls of this operation")
    .default("every operation");
const CALLER: Opt = Opt::new("caller", Shape::Principal, "caller(janitor)",
    "only calls of this role or user, or of `admin`")
    .default("every caller");
const OF_KEY: Opt = Opt::new("key", Shape::Key, "key(orders)",
    "only calls that use this key, by its id, its ARN, an alias, a grant of it, or a ciphertext")
    .default("every key");
const CALL: Opt = Opt::new("call", Shape::Number(1, 1_000_000), "call = 3",
    "strikes from this one on of the attempts that match, counted from 1; each attempt of an SDK counts")
    .default("`1`, or the value of `every`");
const TIMES: Opt = Opt::new("times", Shape::Number(1, 1_000_000), "times = 2",
    "how many attempts it strikes")
    .default("`1`; no limit with `every`");
const EVERY: Opt = Opt::new("every", Shape::Number(1, 1_000_000), "every = 2",
    "strikes only every second, third, .. attempt that matches; `1` is each")
    .default("each, until `times` are over");

/// The options of a fault.
pub(crate) const FAULT: Place = Place { noun: "fault option", module: "fault", options: &[
    OPERATION, CALLER, OF_KEY, CALL, TIMES, EVERY,
] };

/// The options in `late(..)`.
pub(crate) const LATE: Place = Place { noun: "fault option", module: "late", options: &[
    Opt::new("millis", Shape::Number(1, 86_400_000), "millis = 200",
        "in `late`: how much later the answer comes, in milliseconds by the fixture's clock")
        .required(),
    OPERATION, CALLER, OF_KEY, CALL, TIMES, EVERY,
] };

/// The options in `error(..)`.
pub(crate) const ERROR: Place = Place { noun: "fault option", module: "error", options: &[
    Opt::new("code", Shape::Text(Limit::ErrorCode), "code = \"KeyUnavailableException\"",
        "in `error`: the error code")
        .required(),
    Opt::new("status", Shape::Number(400, 599), "status = 500", "in `error`: the HTTP status, 400 to 599").default("`400`"),
    Opt::new("message", Shape::Text(Limit::None), "message = \"..\"", "in `error`: the message"),
    OPERATION, CALLER, OF_KEY, CALL, TIMES, EVERY,
] };

/// Returns the options of a fault of this kind.
pub(crate) fn fault_place(word: &str) -> &'static Place {
    match word {
        "late" => &LATE,
        "error" => &ERROR,
        _ => &FAULT,
    }
}

/// The words of `consistency(..)`.
pub(crate) const CONSISTENCY: &[Choice] = &[
    Choice { word: "strong", meaning: "A change takes effect as soon as its call is answered; this is the default." },
    Choice { word: "eventual", meaning: "A change takes time to take effect, as on AWS: `eventual`, or `eventual(seconds = 60, list_seconds = 0, jitter = true)`." },
];

/// The options in `consistency(eventual(..))`.
pub(crate) const EVENTUAL: Place = Place { noun: "consistency option", module: "eventual", options: &[
    Opt::new("seconds", Shape::Seconds(0, 86_400), "seconds = 300",
        "the delay of a change in seconds, 0 to 86400")
        .default("`300`: on AWS, a change takes less than five minutes in most cases"),
    Opt::new("list_seconds", Shape::Seconds(0, 86_400), "list_seconds = 0",
        "the delay of a change in lists in seconds, 0 to 86400")
        .default("the value of `seconds`"),
    Opt::new("jitter", Shape::Flag, "jitter = true",
        "each change has its own random delay, up to the one set, drawn from the fixture's seed")
        .default("`false`"),
] };

/// The options of a key.
pub(crate) const KEY: Place = Place { noun: "key option", module: "key", options: &[
    Opt::new("state", Shape::Word(WordList::STATES), "state(Disabled)",
        "the state that the key starts in: any [`KeyState`](crate::model::KeyState)")
        .default("`Enabled`; `PendingImport` with `origin(EXTERNAL)`"),
    Opt::new("spec", Shape::Word(WordList::SPECS), "spec(HMAC_256)",
        "the kind of key material: any [`KeySpec`](crate::model::KeySpec)")
        .default("`SYMMETRIC_DEFAULT`"),
    Opt::new("usage", Shape::Word(WordList::USAGES), "usage(SIGN_VERIFY)",
        "the use of the key: any [`KeyUsage`](crate::model::KeyUsage) that [fits the spec](crate::model::KeySpec::usages)")
        .default("the only one that fits; **required** if several fit"),
    Opt::new("origin", Shape::Word(WordList::ORIGINS), "origin(EXTERNAL)",
        "the source of the key material: any [`Origin`](crate::model::Origin)")
        .default("`AWS_KMS`"),
    Opt::new("multi_region", Shape::Flag, "multi_region = true", "a multi-Region primary key").default("`false`"),
    Opt::new("account", Shape::Text(Limit::Account), "account = \"444455556666\"",
        "the account that owns the key")
        .default("the test's account"),
    Opt::new("alias", Shape::Text(Limit::Alias), "alias = \"alias/orders\"",
        "an alias, unique in the account"),
    Opt::new("policy", Shape::Policy, "policy = \"file.json\"",
        "the file with the key policy, relative to the file that names it")
        .calls("policy_file").default("AWS's default key policy"),
    Opt::new("description", Shape::Text(Limit::Description), "description = \"..\"",
        "the description")
        .default("empty"),
    Opt::new("tags", Shape::Tags, "tags(team = \"orders\")",
        "tags, at most 50; `pair(\"cost center\", \"7\")` is for keys that are not identifiers")
        .calls("tag"),
] };

// Options that roles and users share.
const ACCOUNT: Opt = Opt::new("account", Shape::Text(Limit::Account), "account = \"444455556666\"",
    "its account")
    .default("the test's account");
const NAME: Opt = Opt::new("name", Shape::Text(Limit::None), "name = \"OrdersWorker\"",
    "its name in IAM, with an optional path (`\"service/Worker\"`); a federated user's name has 2 to 32 letters, digits and `_+=,.@-`")
    .default("the declared name");
const ALLOW: Opt = Opt::new("allow", Shape::Actions, "allow(\"kms:ListGrants\")",
    "actions that its own policy allows, on every resource, or on keys alone: `allow(\"kms:CreateGrant\", on(orders))`; may be given again");
const POLICY: Opt = Opt::new("policy", Shape::Policy, "policy = \"file.json\"",
    "the file with its identity policy, relative to the file that names it")
    .calls("policy_file");
const BOUNDARY: Opt = Opt::new("boundary", Shape::Policy, "boundary = \"file.json\"",
    "the file with its permissions boundary, relative to the file that names it")
    .calls("boundary_file");

/// The options of a role.
pub(crate) const ROLE: Place = Place { noun: "role option", module: "role", options: &[
    ACCOUNT,
    NAME,
    ALLOW,
    POLICY,
    BOUNDARY,
    Opt::new("session", Shape::Text(Limit::SessionName), "session = \"build-7\"",
        "the name of its session")
        .default("the declared name"),
    Opt::new("session_seconds", Shape::Seconds(900, 43_200), "session_seconds = 3600",
        "the lifetime of the session's credentials in seconds, 900 to 43200, from the fixture's start and by its clock")
        .default("they do not expire"),
    Opt::new("session_policy", Shape::Policy, "session_policy = \"file.json\"",
        "the file with the session policy, relative to the file that names it")
        .calls("session_policy_file"),
] };

/// The options of a user.
pub(crate) const USER: Place = Place { noun: "user option", module: "user", options: &[
    ACCOUNT,
    NAME,
    ALLOW,
    POLICY,
    BOUNDARY,
    Opt::new("federated", Shape::Flag, "federated = true",
        "a federated user, with credentials from STS's `GetFederationToken`; `allow` and `policy` are its session policy, and `boundary` is not allowed")
        .default("`false`: an IAM user"),
] };

/// The options of a grant.
pub(crate) const GRANT: Place = Place { noun: "grant option", module: "grant", options: &[
    Opt::new("key", Shape::Key, "key(orders)", "a declared key").required(),
    Opt::new("grantee", Shape::Principal, "grantee(worker)",
        "the principal that may use the key: a declared role or user, `admin`, or one principal ARN or [service principal](#services) in quotes")
        .required(),
    Opt::new("retiring", Shape::Principal, "retiring(janitor)",
        "the principal that may retire the grant, in the form of the grantee"),
    Opt::new("operations", Shape::Words(WordList::OPERATIONS), "operations(Decrypt)",
        "the calls that the grant allows: one [`GrantOperation`](crate::model::GrantOperation) or more that [fit the key](crate::model::KeySpec::grant_operations); not only `CreateGrant`")
        .required(),
    Opt::new("name", Shape::Text(Limit::GrantName), "name = \"nightly\"",
        "the name, which makes a second `CreateGrant` idempotent"),
    Opt::new("context_equals", Shape::Context, "context_equals(tenant = \"7\")",
        "the encryption context must be exactly this; only on `SYMMETRIC_DEFAULT` keys, 1 to 8 pairs")
        .default("no constraint"),
    Opt::new("context_subset", Shape::Context, "context_subset(tenant = \"7\")",
        "the encryption context must contain this; only on `SYMMETRIC_DEFAULT` keys, 1 to 8 pairs, and not with `context_equals`")
        .default("no constraint"),
    Opt::new("source_arn", Shape::Text(Limit::SourceArn), "source_arn = \"arn:aws:dynamodb:us-east-1:111122223333:table/orders\"",
        "the resource for which a service uses the key: 20 to 512 characters, in an account")
        .default("no constraint; **required** for a service"),
    Opt::new("issuing_account", Shape::Text(Limit::Account), "issuing_account = \"444455556666\"",
        "the account of the principal that issued the grant")
        .default("the key's account"),
] };
