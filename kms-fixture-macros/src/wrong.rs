//! A hundred wrong and half-typed attributes, as people write them, and the messages that help.
//!
//! Most were typed in the first hours with the attribute, by people who know AWS, JSON, rstest or another fixture.

use proc_macro2::TokenStream;

use crate::transform;

/// An attribute's arguments, the function, and what the first message tells.
type Row = (&'static str, &'static str, &'static str);

const PLAIN: &str = "async fn t() {}";
const GRANT: &str = "async fn t(access: Grant) {}";

#[rustfmt::skip] // a row is a line
const ROWS: &[Row] = &[
    // Names, and where they stand.
    ("key(orders)", PLAIN, "it is called `keys` here"),
    ("keys = \"orders\"", PLAIN, "write `keys(orders)`"),
    ("keys = orders", PLAIN, "write `keys(orders)`"),
    ("keys = [orders, archive]", PLAIN, "write `keys(orders)`"),
    ("keys[orders]", PLAIN, "write `keys(..)`"),
    ("keys{orders}", PLAIN, "write `keys(..)`"),
    ("keys(\"orders\")", PLAIN, "write `orders` without quotes"),
    ("keys(orders = Disabled)", PLAIN, "a declaration takes its options in parentheses"),
    ("keys(orders: Disabled)", PLAIN, "write `orders"),
    ("keys(orders archive)", PLAIN, "expected `,`, `=` or `(`"),
    ("keys orders", PLAIN, "expected `,`, `=` or `(`"),
    ("keys", PLAIN, "`keys` needs parentheses"),
    ("orders", PLAIN, "expected one of: `keys`"),
    ("\"orders\"", PLAIN, "expected one of: `keys`"),
    ("keys(my-key)", PLAIN, "expected `,`, `=` or `(`"),
    ("keys(type)", PLAIN, "it is a Rust keyword"),
    ("keys(kms)", PLAIN, "`kms` is the fixture itself"),
    ("roles(admin)", PLAIN, "is the administrator of the account and needs no declaration"),
    ("keys(orders), roles(orders)", PLAIN, "keys, roles, users and grants share one namespace"),
    ("keys(orders), keys(archive)", PLAIN, "option `keys` is given twice"),
    ("keys(orders, orders)", PLAIN, "the name `orders` is declared twice"),
    // A grant's first mistakes.
    ("keys(orders), roles(worker), grants(key(orders), grantee(worker), operations(Decrypt))", GRANT, "write `grants(access(key(..), grantee(..), operations(..)))`"),
    ("keys(orders), roles(worker), grants(name = \"access\", key(orders), grantee(worker))", GRANT, "write `grants(access(key(..)"),
    ("keys(state(Disabled))", "async fn t(orders: Key) {}", "write `keys(orders(state(..)))`"),
    ("roles(allow(\"kms:ListKeys\"))", PLAIN, "write `roles(worker(allow(..)))`"),
    ("grants(access)", GRANT, "grant `access` needs `key(..)`, `grantee(..)`, `operations(..)`"),
    ("keys(orders), roles(worker), grants(access(orders, worker, Decrypt))", GRANT, "expected one of: `key`"),
    ("keys(orders), roles(worker), grants(access(key = \"orders\", grantee(worker), operations(Decrypt)))", GRANT, "write `key(orders)`"),
    ("keys(orders), roles(worker), grants(access(key(\"orders\"), grantee(worker), operations(Decrypt)))", GRANT, "write `key(orders)`"),
    ("keys(orders), roles(worker), grants(access(key(ordres), grantee(worker), operations(Decrypt)))", GRANT, "a key with a similar name exists: `orders`"),
    ("roles(worker), grants(access(key(orders), grantee(worker), operations(Decrypt)))", GRANT, "declare it: `keys(orders)`"),
    ("keys(orders), roles(worker), grants(access(key(worker), grantee(worker), operations(Decrypt)))", GRANT, "`worker` is a role; expected the name of a declared key"),
    ("keys(orders), roles(worker), grants(access(key(orders), grantee(\"worker\"), operations(Decrypt)))", GRANT, "write `worker` without quotes"),
    ("keys(orders), roles(worker), grants(access(key(orders), grantee(orders), operations(Decrypt)))", GRANT, "`orders` is a key; expected"),
    ("keys(orders), roles(worker, other), grants(access(key(orders), grantee(worker, other), operations(Decrypt)))", GRANT, "`grantee` takes one value"),
    ("keys(orders), roles(worker), grants(access(key(orders), grantee(worker), operations(decrypt)))", GRANT, "a word with a similar name exists: `Decrypt`"),
    ("keys(orders), roles(worker), grants(access(key(orders), grantee(worker), operations(\"Decrypt\")))", GRANT, "without quotes"),
    ("keys(orders), roles(worker), grants(access(key(orders), grantee(worker), operations(GrantOperation::Decrypt)))", GRANT, "write `Decrypt`"),
    ("keys(orders), roles(worker), grants(access(key(orders), grantee(worker), operations = [Decrypt]))", GRANT, "write `operations(Decrypt)`"),
    ("keys(orders), roles(worker), grants(access(key(orders), grantee(worker), operations()))", GRANT, "write `operations(Decrypt)`"),
    ("keys(orders), roles(worker), grants(access(key(orders), grantee(worker), operations(CreateGrant)))", GRANT, "add the operations that it can pass on"),
    ("keys(orders), roles(worker), grants(access(key(orders), grantee(worker), operations(Sign)))", GRANT, "can allow `CreateGrant`, `RetireGrant`"),
    // AWS's own words.
    ("keys(orders), roles(worker), grants(access(key(orders), grantee_principal(worker), operations(Decrypt)))", GRANT, "it is called `grantee` here"),
    ("keys(orders), roles(worker), grants(access(key_id(orders), grantee(worker), operations(Decrypt)))", GRANT, "it is called `key` here"),
    ("keys(orders), roles(worker), grants(access(key(orders), grantee(worker), retiring_principal(worker), operations(Decrypt)))", GRANT, "it is called `retiring` here"),
    ("keys(orders), roles(worker), grants(access(KeyId(orders), GranteePrincipal(worker), Operations(Decrypt)))", GRANT, "it is called `key` here"),
    ("keys(orders), roles(worker), grants(access(key(orders), grantee(worker), operations(Decrypt), constraints(tenant = \"7\")))", GRANT, "write `context_equals(tenant = \"7\")` or `context_subset(tenant = \"7\")`"),
    ("keys(orders), roles(worker), grants(access(key(orders), grantee(worker), operations(Decrypt), encryption_context_equals(tenant = \"7\")))", GRANT, "it is called `context_equals` here"),
    ("keys(orders), roles(worker), grants(access(key(orders), grantee(worker), operations(Decrypt), encryption_context_subset(tenant = \"7\")))", GRANT, "it is called `context_subset` here"),
    ("keys(orders), roles(worker), grants(access(key(orders), grantee(worker), operations(Decrypt), encryption_context(tenant = \"7\")))", GRANT, "write `context_equals(tenant = \"7\")`"),
    ("keys(orders), roles(worker), grants(access(key(orders), grantee(worker), operations(Decrypt), context_subset(tenant = 7)))", GRANT, "expected `key = \"value\"`"),
    ("keys(orders), roles(worker), grants(access(key(orders), grantee(worker), operations(Decrypt), context_subset(\"tenant\" = \"7\")))", GRANT, "expected `"),
    ("keys(orders), roles(worker), grants(access(key(orders), grantee(worker), operations(Decrypt), expires = 60))", GRANT, "a grant does not expire"),
    ("keys(orders), roles(worker), grants(access(key(orders), grantee(worker), operations(Decrypt), grant_name = \"x\"))", GRANT, "it is called `name` here"),
    ("keys(orders(enabled = false))", PLAIN, "write `state(Enabled)` or `state(Disabled)`"),
    ("keys(orders(disabled))", PLAIN, "write `state(Enabled)` or `state(Disabled)`"),
    ("keys(orders(key_spec(HMAC_256)))", PLAIN, "it is called `spec` here"),
    ("keys(orders(KeyUsage(SIGN_VERIFY)))", PLAIN, "it is called `usage` here"),
    ("keys(orders(aliases(\"alias/x\")))", PLAIN, "it is called `alias` here"),
    ("keys(orders(alias = \"orders\"))", PLAIN, "write `alias/orders`"),
    ("keys(orders(alias(\"alias/orders\")))", PLAIN, "write `alias = \"alias/orders\"`"),
    ("keys(orders(state = \"Disabled\"))", PLAIN, "write `state(Disabled)`"),
    ("keys(orders(state = Disabled))", PLAIN, "write `state(Disabled)`"),
    ("keys(orders(state(Disbled)))", PLAIN, "a word with a similar name exists: `Disabled`"),
    ("keys(orders(spec(RSA_2048)))", PLAIN, "write `usage(SIGN_VERIFY)` or `usage(ENCRYPT_DECRYPT)`"),
    ("keys(orders(spec(HMAC_256), usage(SIGN_VERIFY)))", PLAIN, "it can have `GENERATE_VERIFY_MAC`"),
    ("keys(orders(multi_region))", PLAIN, "write `multi_region = true`"),
    ("keys(orders(multi_region(true)))", PLAIN, "write `multi_region = true`"),
    ("keys(orders(tags(\"team\", \"orders\")))", PLAIN, "expected `key = \"value\"`"),
    ("keys(orders(rotation = true))", PLAIN, "call EnableKeyRotation in the test"),
    ("keys(orders(grants(access)))", PLAIN, "declare grants beside keys"),
    ("keys(orders(account = 444455556666))", PLAIN, "write `account = \"444455556666\"`"),
    ("keys(orders(account = \"4444\"))", PLAIN, "expected 12 digits"),
    ("keys(orders(policy(\"p.json\")))", PLAIN, "write `policy = \"file.json\"`"),
    ("keys(orders(session = \"x\"))", PLAIN, "it is a role option"),
    // Principals.
    ("roles(worker(allow(\"kms:ListGrant\")))", PLAIN, "an action with a similar name exists: `kms:ListGrants`"),
    ("roles(worker(allow(\"ListGrants\")))", PLAIN, "write `\"kms:ListGrants\"`"),
    ("roles(worker(allow(ListGrants)))", PLAIN, "write `\"kms:ListGrants\"`"),
    ("roles(worker(allow = \"kms:ListGrants\"))", PLAIN, "`allow` takes parentheses"),
    ("roles(worker(allow(\"kms:ReEncrypt\")))", PLAIN, "`kms:ReEncryptFrom`"),
    ("keys(orders), roles(worker(allow(\"kms:CreateGrant\", orders)))", PLAIN, "write `on(orders)`"),
    ("keys(orders), roles(worker(allow(\"kms:CreateGrant\", on = \"orders\")))", PLAIN, "write `allow(\"kms:CreateGrant\", on(orders))`"),
    ("keys(orders), roles(worker(allow(\"kms:CreateGrant\", on(ordres))))", PLAIN, "a key with a similar name exists: `orders`"),
    ("keys(orders), roles(worker(allow(on(orders))))", PLAIN, "`allow` needs at least one action"),
    ("roles(worker(deny(\"kms:Decrypt\")))", PLAIN, "write the statement in a file"),
    ("roles(worker(permissions_boundary = \"b.json\"))", PLAIN, "it is called `boundary` here"),
    ("roles(worker(session_name = \"x\"))", PLAIN, "it is called `session` here"),
    ("roles(worker(duration_seconds = 900))", PLAIN, "it is called `session_seconds` here"),
    ("roles(worker(session_seconds = 60))", PLAIN, "must be 900 to 43200 seconds"),
    ("users(guest(federated))", PLAIN, "write `federated = true`"),
    ("principals(worker)", PLAIN, "write `roles(..)` or `users(..)`"),
    // Options of the test.
    ("region = \"us-est-1\"", PLAIN, "write `us-east-1`"),
    ("region = us_east_1", PLAIN, "write `region = \"us-east-1\"`"),
    ("region(\"us-east-1\")", PLAIN, "write `region = \"us-east-1\"`"),
    ("account_id = \"111122223333\"", PLAIN, "it is called `account` here"),
    ("consistency(eventual, seconds = 30)", PLAIN, "`consistency` takes one value"),
    ("consistency = \"eventual\"", PLAIN, "write `consistency(eventual)`"),
    ("eventual(seconds = 30)", PLAIN, "it is called `consistency` here"),
    ("quotas(CreatGrant = 2)", PLAIN, "a quota with a similar name exists: `CreateGrant`"),
    ("quotas(creategrant = 2)", PLAIN, "a quota with a similar name exists: `CreateGrant`"),
    ("quotas(CreateGrant)", PLAIN, "write `CreateGrant = 2`"),
    ("quotas(CreateGrant(2))", PLAIN, "write `CreateGrant = 2`"),
    ("quotas(CreateGrant = 0)", PLAIN, "must be a number of calls in a second, 1 to 1000000"),
    ("quotas(CreateGrant = two)", PLAIN, "must be a number of calls in a second"),
    ("quotas(aws = true)", PLAIN, "`aws` has no number"),
    ("quotas(2)", PLAIN, "write `quotas(aws, CreateGrant = 2)`"),
    ("quotas()", PLAIN, "`quotas` needs at least one quota"),
    ("quotas = \"aws\"", PLAIN, "write `quotas(aws)`"),
    ("quotas(aws, aws)", PLAIN, "quota `aws` is given twice"),
    ("quotas(aws), cassette = \"c.json\"", PLAIN, "`quotas` and `cassette` exclude each other"),
    ("throttling(aws)", PLAIN, "it is called `quotas` here"),
    ("leaks(denied)", PLAIN, "expected `deny` or `allow`"),
    ("timeout = \"10s\"", PLAIN, "must be a whole number of seconds"),
    ("timeout = 10", "#[should_panic] async fn t() {}", "a test with `#[should_panic]` cannot have a `timeout`"),
    ("cassette(\"c.json\")", PLAIN, "expected one of: `path`, `order`"),
    ("cassette(order = \"all\")", PLAIN, "write `order = \"any\"`"),
    ("cassette = \"cassettes/\"", PLAIN, "write the path of a file"),
    ("record = \"c.json\"", PLAIN, "it is called `cassette` here"),
    ("snapshot(by_callers)", PLAIN, "a word with a similar name exists: `by_caller`"),
    ("snapshot = \"name\"", PLAIN, "write `snapshot` or `snapshot(by_caller)`"),
    ("flavor = \"multithread\"", PLAIN, "write `flavor = \"current_thread\"` or `flavor = \"multi_thread\"`"),
    ("worker_threads = 2", PLAIN, "needs `flavor = \"multi_thread\"`"),
    ("start_paused = true", "fn t() {}", "write `async fn`, or remove `start_paused`"),
    ("ignore", PLAIN, "it is an attribute of its own beside `#[kms_test]`"),
    // Cases and shared declarations.
    ("case(small(limit = 1))", "async fn t(limit: i32) {}", "it is called `cases` here"),
    ("cases(1, 100)", "async fn t(limit: i32) {}", "write `small(limit = 1)`"),
    ("cases(limit = 1)", "async fn t(limit: i32) {}", "write `cases(first(limit = ..))`"),
    ("cases(small(1))", "async fn t(limit: i32) {}", "write `limit = 1`"),
    ("cases(small)", "async fn t(limit: i32) {}", "write `small(limit = 1)`"),
    ("cases()", PLAIN, "write `cases(small(limit = 1), full(limit = 100))`"),
    ("cases(small(limt = 1))", "async fn t(limit: i32) {}", "a parameter with a similar name exists: `limit`"),
    ("cases(small(limit = ONE))", "async fn t(limit: i32) {}", "the value of a case is a literal"),
    ("cases(small(limit = vec![1]))", "async fn t(limit: i32) {}", "make other values from it in the test"),
    ("cases(small(limit = 1), full(limt = 100))", "async fn t(limit: i32) {}", "a parameter with a similar name exists: `limit`"),
    ("cases(small(limit = 1, other = 1), full(limit = 1))", "async fn t(limit: i32, other: i32) {}", "has no value for `other`"),
    ("cases(small(limit = 1), full(other = 1))", "async fn t(limit: i32, other: i32) {}", "every case has the values of the first one"),
    ("cases(small(limit = 1), small(limit = 2))", "async fn t(limit: i32) {}", "case `small` is given twice"),
    ("keys(orders), cases(small(orders = 1))", "async fn t(orders: Key) {}", "`orders` is a key, and cannot have a value"),
    ("cassette = \"c.json\", cases(small(limit = 1))", "async fn t(limit: i32) {}", "write `cassette`, for a path that is derived from the name of each case"),
    ("", "#[rstest] async fn t(#[case] limit: i32) {}", "write `cases(small(limit = 1), full(limit = 100))`"),
    ("", "#[test_case(1)] async fn t(limit: i32) {}", "write `cases(small(limit = 1), full(limit = 100))`"),
    ("scenario(\"world.json\")", PLAIN, "write `scenario = \"world.json\"` for a file"),
    ("scenario = world", PLAIN, "write `scenario = \"world.json\"`"),
    ("scenario(world())", PLAIN, "write `scenario(world)`"),
    ("scenario", PLAIN, "write `scenario = \"world.json\"` or `scenario(world)`"),
    ("world = \"world.json\"", PLAIN, "it is called `scenario` here"),
    // The function.
    ("keys(orders)", "async fn t(ordres: Key) {}", "something with a similar name exists: `orders`"),
    ("keys(orders)", "async fn t(orders: &Key) {}", "remove the `&`"),
    ("keys(orders)", "async fn t(Key { id, .. }: Key) {}", "parameters are injected by name"),
    ("keys(orders)", "#[tokio::test] async fn t(orders: Key) {}", "remove `#[tokio::test]`"),
    ("keys(orders)", "async fn t(&self, orders: Key) {}", "it is a free function"),
    ("keys(orders)", "struct T;", "`#[kms_test]` goes on a function"),
    // Half-typed.
    ("keys(orders), ro", PLAIN, "an option with a similar name exists: `roles`"),
    ("keys(orders(sta))", PLAIN, "an option with a similar name exists: `state`"),
    ("keys(orders(state(Dis)))", PLAIN, "a word with a similar name exists: `Disabled`"),
    ("keys(orders(state()))", PLAIN, "write `state(Disabled)`"),
    ("keys(orders(state))", PLAIN, "write `state(Disabled)`"),
    ("region =", PLAIN, "write `region = \"us-east-1\"`"),
    ("keys(orders), , roles(worker)", PLAIN, "expected a word before `,`"),
    ("keys(orders), roles(worker), grants(acc", GRANT, ""),
    ("consistency(ev)", PLAIN, "a word with a similar name exists: `eventual`"),
];

/// Returns the texts of the errors in an expansion, or nothing if the attribute is not made of tokens.
fn told(args: &str, item: &str) -> Option<Vec<String>> {
    let args: TokenStream = args.parse().ok()?;
    let output = transform(args, item.parse().ok()?);
    let file: syn::File = syn::parse2(output).expect("the expansion is made of items");
    let errors = file.items.iter().filter_map(|it| match it {
        syn::Item::Macro(it) if it.mac.path.segments.last()?.ident == "compile_error" => {
            Some(it.mac.parse_body::<syn::LitStr>().expect("a text").value())
        }
        _ => None,
    });
    Some(errors.collect())
}

/// Checks that each row gets a message that helps.
#[test]
fn a_wrong_attribute_gets_a_message_that_helps() {
    let mut silent = Vec::new();
    let mut rows = 0;
    for (args, item, expected) in ROWS {
        let Some(told) = told(args, item) else { continue }; // unbalanced: rustc's own error
        rows += 1;
        if !told.iter().any(|it| it.contains(expected)) {
            silent.push(format!("{args}\n    expected: {expected}\n    told: {told:#?}"));
        }
    }
    assert!(rows >= 100, "{rows}");
    assert!(silent.is_empty(), "{} of {rows} do not:\n{}", silent.len(), silent.join("\n"));
}

/// Checks that the likeliest first mistake gives one message.
#[test]
fn a_grant_without_a_name_is_one_mistake() {
    let args =
        "keys(orders), roles(worker), grants(key(orders), grantee(worker), operations(Decrypt))";
    let told = told(args, GRANT).expect("tokens");
    assert_eq!(told.len(), 1, "{told:#?}");
}
