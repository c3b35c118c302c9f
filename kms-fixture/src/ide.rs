//! Names for completion and hover inside `#[kms_test(..)]`; only rust-analyzer ever resolves them.
//!
//! `kms-fixture-macros` (`ide.rs`) emits `use` items against these modules, one module for each place in the grammar.
#![allow(non_upper_case_globals)] // the options are spelled in lower case

/// What stands directly in `#[kms_test(..)]`.
pub mod options {
    /// `keys(orders, archive(state(Disabled)))` declares KMS keys.
    ///
    /// Options of a key: `state(..)`, `spec(..)`, `usage(..)`, `origin(..)`, `multi_region = true`, `account = ".."`, `alias = "alias/.."`, `policy = "file.json"`, `description = ".."`, `tags(..)`.
    pub const keys: () = ();

    /// `roles(worker, janitor(allow("kms:ListGrants")))` declares IAM roles, each called through a session.
    ///
    /// Options of a role: `account = ".."`, `name = ".."`, `allow("kms:ListGrants", ..)`, `policy = "file.json"`, `boundary = "file.json"`, `session = ".."`, `session_seconds = 3600`, `session_policy = "file.json"`.
    pub const roles: () = ();

    /// `users(alice)` declares IAM users, and federated ones.
    ///
    /// Options of a user: `account = ".."`, `name = ".."`, `allow("kms:ListGrants", ..)`, `policy = "file.json"`, `boundary = "file.json"`, `federated = true`.
    pub const users: () = ();

    /// `grants(access(key(orders), grantee(worker), operations(Decrypt)))` declares grants that exist when the test starts.
    ///
    /// Options of a grant: `key(..)`, `grantee(..)`, `retiring(..)`, `operations(..)`, `name = ".."`, `context_equals(..)`, `context_subset(..)`, `source_arn = "arn:.."`.
    pub const grants: () = ();

    /// `region = "us-east-1"`: the Region of the fixture; this is the default.
    pub const region: () = ();

    /// `account = "111122223333"`: the account of the fixture; this is the default.
    pub const account: () = ();

    /// `consistency(strong)` (the default) or `consistency(eventual)`: when a change takes effect. `eventual` is not for a test with a cassette.
    ///
    /// Options of `eventual`: `seconds = 300`, `list_seconds = 0`, `jitter = true`.
    pub const consistency: () = ();

    /// `leaks(deny)`: when the test has passed, a grant that it has made and that still exists fails it. `leaks(allow)` is the default.
    pub const leaks: () = ();

    /// `unknown_principals = "accept"`: a grant may name a principal that is not declared.
    pub const unknown_principals: () = ();

    /// `transport = "tcp"`: SDK clients reach the fixture over a loopback socket, as every other client does.
    pub const transport: () = ();

    /// `flavor = "current_thread"` (the default) or `flavor = "multi_thread"`: the tokio runtime of an `async` test.
    pub const flavor: () = ();

    /// `worker_threads = 2`: how many threads a `multi_thread` runtime has.
    pub const worker_threads: () = ();

    /// `start_paused = true`: the tokio clock starts paused. Not with `transport = "tcp"` or `cassette`.
    pub const start_paused: () = ();

    /// `cassette`, or `cassette = "path/to/file.json"`: the test runs against a recording of KMS. Not with `start_paused = true`.
    ///
    /// `KMS_FIXTURE=record cargo test` records it, `KMS_FIXTURE=fake cargo test` runs against the fake instead.
    pub const cassette: () = ();

    /// `snapshot`: when the test has passed, all calls and the grants that are left are compared by `insta`, a dev-dependency of yours.
    pub const snapshot: () = ();
}

/// What stands in `consistency(..)`.
pub mod consistency {
    /// A change is effective as soon as its call has been answered; this is the default.
    pub const strong: () = ();

    /// A change takes time to arrive, as on AWS: `eventual`, or `eventual(seconds = 60, list_seconds = 0, jitter = true)`.
    pub const eventual: () = ();
}

/// What stands in `consistency(eventual(..))`.
pub mod eventual {
    /// `seconds = 300`: how many seconds a change takes to arrive, 0 to 86400; this is the default.
    pub const seconds: () = ();

    /// `list_seconds = 0`: how many seconds a change takes to arrive in what lists show, 0 to 86400. Default: as `seconds`.
    pub const list_seconds: () = ();

    /// `jitter = true`: each change draws its own delay, between none and that, from the seed of the fixture. Default: `false`.
    pub const jitter: () = ();
}

/// What stands in `leaks(..)`.
pub mod leaks {
    /// A grant that the test has made and that still exists when it has passed fails it. Not with `#[should_panic]`.
    pub const deny: () = ();

    /// Grants may be left behind; this is the default.
    pub const allow: () = ();
}

/// What stands in `keys(name(..))`.
pub mod key {
    /// `state(Disabled)`: the state the key is in when the test starts. Default: `Enabled`.
    pub const state: () = ();

    /// `spec(HMAC_256)`: the kind of key material. Default: `SYMMETRIC_DEFAULT`.
    pub const spec: () = ();

    /// `usage(SIGN_VERIFY)`: what the key is for. Default: the usage of its spec, where there is one.
    pub const usage: () = ();

    /// `origin(EXTERNAL)`: where the key material comes from. Default: `AWS_KMS`.
    pub const origin: () = ();

    /// `multi_region = true`: a multi-Region key.
    pub const multi_region: () = ();

    /// `account = "444455556666"`: the account that owns the key. Default: that of the fixture.
    pub const account: () = ();

    /// `alias = "alias/orders"`: an alias of the key.
    pub const alias: () = ();

    /// `policy = "file.json"`: the key policy, relative to the file that names it. Default: the default key policy of AWS.
    pub const policy: () = ();

    /// `description = ".."`: the description of the key.
    pub const description: () = ();

    /// `tags(team = "orders", pair("any key", "value"))`: the tags of the key.
    pub const tags: () = ();
}

/// What stands in `roles(name(..))`.
pub mod role {
    /// `account = "444455556666"`: the account of the role. Default: that of the fixture.
    pub const account: () = ();

    /// `name = ".."`: the name of the role in IAM. Default: the declared name.
    pub const name: () = ();

    /// `allow("kms:ListGrants", ..)`: actions that the role's own policy allows on every key.
    pub const allow: () = ();

    /// `policy = "file.json"`: the identity policy of the role, relative to the file that names it.
    pub const policy: () = ();

    /// `boundary = "file.json"`: the permissions boundary of the role, relative to the file that names it.
    pub const boundary: () = ();

    /// `session = "build-7"`: the name of the role session that calls. Default: the declared name.
    pub const session: () = ();

    /// `session_seconds = 3600`: how many seconds after the start of the fixture the credentials of the session expire, 900 to 43200. Default: they do not.
    pub const session_seconds: () = ();

    /// `session_policy = "file.json"`: the policy of the session, relative to the file that names it.
    pub const session_policy: () = ();
}

/// What stands in `users(name(..))`.
pub mod user {
    /// `account = "444455556666"`: the account of the user. Default: that of the fixture.
    pub const account: () = ();

    /// `name = ".."`: the name of the user in IAM. Default: the declared name.
    pub const name: () = ();

    /// `allow("kms:ListGrants", ..)`: actions that the user's own policy allows on every key.
    pub const allow: () = ();

    /// `policy = "file.json"`: the identity policy of the user, relative to the file that names it.
    pub const policy: () = ();

    /// `boundary = "file.json"`: the permissions boundary of the user, relative to the file that names it.
    pub const boundary: () = ();

    /// `federated = true`: a federated user, of STS's `GetFederationToken`; its policy is that of its session. Not with `boundary`.
    pub const federated: () = ();
}

/// What stands in `grants(name(..))`.
pub mod grant {
    /// `key(orders)`: the key of the grant, by its declared name. Required.
    pub const key: () = ();

    /// `grantee(worker)`: who may use the key: a declared role or user, `admin`, or one principal ARN or service principal in quotes. Required. A service needs `retiring(..)` and `source_arn`, too.
    pub const grantee: () = ();

    /// `retiring(janitor)`: who may retire the grant: a declared role or user, `admin`, or one principal ARN or service principal in quotes.
    pub const retiring: () = ();

    /// `operations(Decrypt, GenerateDataKey)`: what the grant allows. Required.
    pub const operations: () = ();

    /// `name = "nightly"`: the name of the grant, which makes a second `CreateGrant` idempotent.
    pub const name: () = ();

    /// `context_equals(tenant = "7")`: the encryption context has to be exactly this. Not with `context_subset`.
    pub const context_equals: () = ();

    /// `context_subset(tenant = "7")`: the encryption context has to contain this. Not with `context_equals`.
    pub const context_subset: () = ();

    /// `source_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders"`: the resource for which a service uses the key.
    pub const source_arn: () = ();
}
