//! Golden expansions, in `tests/output`; `UPDATE_EXPECT=1 cargo test` regenerates them.

use std::collections::BTreeSet;

use expect_test::{ExpectFile, expect_file};
use proc_macro2::{TokenStream, TokenTree};

use crate::transform;

fn tokens(source: &str) -> TokenStream {
    source.parse().expect("the source of the test is made of tokens")
}

/// Compares the formatted expansion; checks that no banned word is in it.
#[track_caller]
fn check(args: &str, item: &str, expected: &ExpectFile) {
    let output = transform(tokens(args), tokens(item));
    let words = words(output.clone());
    for banned in ["std", "unwrap", "expect", "panic", "unsafe", "return", "super"] {
        // A case calls the function beside its module.
        if banned == "super" && words.contains("mod") {
            continue;
        }
        assert!(!words.contains(banned), "`{banned}` is in the expansion");
    }
    let file = syn::parse2(output).expect("the expansion is made of items");
    expected.assert_eq(&prettyplease::unparse(&file));
}

/// Returns every identifier in the tokens.
fn words(tokens: TokenStream) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for token in tokens {
        match token {
            TokenTree::Ident(it) => _ = words.insert(it.to_string()),
            TokenTree::Group(it) => words.append(&mut self::words(it.stream())),
            _ => {}
        }
    }
    words
}

const DESIGN: &str = "
    keys(orders, archive(state(Disabled))),
    roles(worker, janitor),
    grants(access(
        key(orders), grantee(worker), retiring(janitor), operations(Decrypt, GenerateDataKey)
    ))";

#[test]
fn the_example_of_the_design() {
    check(
        DESIGN,
        "async fn a_retired_grant_is_gone(kms: Kms, janitor: Caller, access: Grant) { body(); }",
        &expect_file!["../tests/output/design.rs"],
    );
}

#[test]
fn an_exploration() {
    check(
        "keys(orders), explore(throttled, lost_answer, at_most = 30, orders = 100)",
        "async fn explored(kms: Kms) { body(); }",
        &expect_file!["../tests/output/explored.rs"],
    );
}

#[test]
fn every_option() {
    check(
        r#"
        region = "eu-central-1", account = "444455556666", unknown_principals = "accept",
        transport = "tcp", flavor = "multi_thread", worker_threads = 2, start_paused = false,
        consistency(strong), leaks(deny), cassette = "cassettes/everything.json", snapshot,
        grants(access(
            key(orders), grantee(alice), retiring(admin), operations(Decrypt), name = "nightly",
            context_equals(tenant = "7", pair("aws:s3:arn", "x")),
        ), loose(key(orders), grantee("arn:aws:iam::1:root"), operations(Encrypt), context_subset(a = "b")),
            table(
                key(orders), grantee("dynamodb.us-east-1.amazonaws.com"), retiring("rds.amazonaws.com"),
                operations(Decrypt), source_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders",
            ),
        ),
        keys(orders(
            state(Enabled), spec(SYMMETRIC_DEFAULT), usage(ENCRYPT_DECRYPT), origin(AWS_KMS),
            multi_region = true, account = "444455556666", alias = "alias/orders",
            policy = "key.json", description = "for orders", tags(team = "orders", pair("cost center", "7")),
        )),
        roles(worker(
            account = "444455556666", name = "Worker", allow("kms:ListGrants", "*"), policy = "p.json",
            boundary = "b.json", session = "night", session_seconds = 3600, session_policy = "sp.json",
        )),
        users(alice(
            account = "444455556666", name = "Alice", allow("kms:ListGrants"), policy = "p.json",
            boundary = "b.json",
        ), guest(federated = true)),"#,
        "/// Documented.
        #[ignore]
        pub(crate) async fn everything(mut orders: Key, _alice: Caller, admin: Caller, kms: Kms) {}",
        &expect_file!["../tests/output/every_option.rs"],
    );
}

#[test]
fn changes_that_take_time() {
    check(
        "consistency(eventual(seconds = 60, list_seconds = 0, jitter = true)), quotas(aws, CreateGrant = 2), leaks(allow)",
        "fn late(kms: Kms) { body() }",
        &expect_file!["../tests/output/eventual.rs"],
    );
}

#[test]
fn unfinished_words_are_in_the_hints() {
    check(
        "consistency(eventual(sec, jit = )), leaks(de)",
        "fn half() {}",
        &expect_file!["../tests/output/half_consistency.rs"],
    );
}

#[test]
fn a_cassette_and_a_snapshot() {
    check(
        "cassette, snapshot",
        "fn r#match(kms: Kms) { body() }",
        &expect_file!["../tests/output/recorded.rs"],
    );
}

#[test]
fn cases_are_a_module_beside_the_function() {
    check(
        "keys(orders), cassette, snapshot(by_caller), cases(small(limit = 1, name = \"a\"), full(limit = -100, name = \"b\"))",
        "/// Documented.
        #[ignore]
        #[cfg(unix)]
        #[allow(unused_variables)]
        pub(crate) async fn pages(limit: i32, name: &str, orders: Key) { body() }",
        &expect_file!["../tests/output/cases.rs"],
    );
}

#[test]
fn a_scenario_of_a_function() {
    check(
        "scenario(common::world), roles(worker(allow(\"kms:CreateGrant\", on(orders)))), grants(extra(key(orders), grantee(worker), operations(Decrypt)))",
        "fn shared(orders: Key, worker: Caller) { body() }",
        &expect_file!["../tests/output/scenario.rs"],
    );
}

/// Checks the expression of `scenario!`.
#[test]
fn a_scenario_in_rust() {
    let output = crate::declared(tokens(
        "keys(orders), roles(worker(allow(\"kms:Decrypt\", on(orders)))), region = \"eu-west-1\"",
    ));
    let function = quote::quote!(fn world() -> Scenario { #output });
    let file = syn::parse2(function).expect("the expansion is an expression");
    expect_file!["../tests/output/scenario_in_rust.rs"].assert_eq(&prettyplease::unparse(&file));
}

#[test]
fn a_plain_function() {
    check("", "#[should_panic] fn plain() { body() }", &expect_file!["../tests/output/plain.rs"]);
}

#[test]
fn a_result() {
    check(
        "keys(orders)",
        "async fn fallible(_kms: Kms, orders: Key) -> Result<(), Box<dyn Error>> { Ok(()) }",
        &expect_file!["../tests/output/result.rs"],
    );
}

#[test]
fn raw_names() {
    check(
        "keys(r#type)",
        "fn r#match(r#type: Key) {}",
        &expect_file!["../tests/output/raw_names.rs"],
    );
}

#[test]
fn a_renamed_crate() {
    let args = format!("crate = \"my_tests::fx\", {DESIGN}");
    let item = "async fn renamed(orders: Key) -> ExitCode { body() }";
    check(&args, item, &expect_file!["../tests/output/renamed.rs"]);
    let output = transform(tokens(&args), tokens(item));
    assert!(!words(output).contains("kms_fixture"));
}

#[test]
fn faults_with_their_selectors() {
    check(
        "keys(orders), roles(worker), faults(throttled, lost_answer(operation(CreateGrant), caller(worker), times = 2), \
         late(millis = 200, key(orders)), error(code = \"Busy\", status = 503), error(code = \"Busy\", message = \"m\"))",
        "async fn survives() {}",
        &expect_file!["../tests/output/faults.rs"],
    );
}

#[test]
fn an_unknown_word_is_in_the_expansion_for_completion() {
    check(
        "keys(orders(state(Dis)))",
        "async fn half(orders: Key) {}",
        &expect_file!["../tests/output/half_word.rs"],
    );
}

#[test]
fn an_unknown_name_is_in_the_expansion_for_completion() {
    check(
        "keys(orders), roles(worker), grants(access(key(or), grantee(worker), operations()))",
        "async fn half(access: Grant, orde: Key) {}",
        &expect_file!["../tests/output/half_name.rs"],
    );
}

#[test]
fn an_unknown_option_is_in_the_hints() {
    check(
        "keys(orders(sta)), gr, roles(worker(al))",
        "async fn half() {}",
        &expect_file!["../tests/output/half_option.rs"],
    );
}

#[test]
fn an_unfinished_cassette_is_in_the_hints() {
    check(
        "cassett, cassette =, snapsho, snapshot()",
        "async fn half(kms: Kms) {}",
        &expect_file!["../tests/output/half_cassette.rs"],
    );
}

/// Checks that the macro ignores a body that does not parse: rustc reports it once, in its place.
#[test]
fn a_half_typed_body_is_unchanged() {
    let item = "async fn half(orders: Key) { let x = orders. ; x( = ) }";
    let output = transform(tokens("keys(orders)"), tokens(item)).to_string();
    assert_eq!(output.matches("let x = orders . ; x (=)").count(), 1);
    assert!(!output.contains("compile_error"));
}

#[test]
fn mistakes_in_the_attribute_and_the_signature_together() {
    check(
        "keys(orders), keys = 3, nonsense[x], , state = Disabled",
        "#[tokio::test] async fn wrong<T>((a, b): T, ordres: Key) {}",
        &expect_file!["../tests/output/mistakes.rs"],
    );
}

#[test]
fn not_a_function() {
    check("", "struct Unit;", &expect_file!["../tests/output/not_a_function.rs"]);
}

/// Checks that half-typed attributes expand to items: no panic, and no error of rustc about the macro's own tokens.
#[test]
fn one_wrong_token_anywhere_still_expands_to_items() {
    let item = "#[ignore] async fn half(mut orders: Key, _access: Grant) -> Result<(), E> {}";
    let design = format!(
        "cassette = \"c.json\", snapshot, consistency(eventual(seconds = 1)), faults(throttled(key(orders), times = 2), late(millis = 1)), leaks(deny), scenario(a::b), cases(x(orders = -1)), {DESIGN}"
    );
    for replacement in ["", "fn", "_", ",", "=", "= 1", "::", "x::y", "(x)", "[x]", "-1", "'a'"] {
        for position in 0.. {
            let mut countdown = position;
            let args = replaced(tokens(&design), &tokens(replacement), &mut countdown);
            if countdown >= 0 {
                break;
            }
            let output = transform(args.clone(), tokens(item));
            let file = syn::parse2::<syn::File>(output);
            assert!(file.is_ok(), "not made of items: {args}");
        }
    }
}

/// Replaces the token at the index `countdown`.
fn replaced(tokens: TokenStream, replacement: &TokenStream, countdown: &mut i32) -> TokenStream {
    let mut output = TokenStream::new();
    for token in tokens {
        *countdown -= 1;
        match token {
            _ if *countdown == -1 => output.extend(replacement.clone()),
            TokenTree::Group(it) => {
                let inside = replaced(it.stream(), replacement, countdown);
                let group = proc_macro2::Group::new(it.delimiter(), inside);
                output.extend([TokenTree::Group(group)]);
            }
            token => output.extend([token]),
        }
    }
    output
}
