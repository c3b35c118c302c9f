use kms_fixture::kms_test;

#[kms_test(cassette())]
async fn empty_parentheses() {}

#[kms_test(cassette("orders/rotate.json"))]
async fn in_parentheses() {}

#[kms_test(cassette = 5)]
async fn a_number() {}

#[kms_test(cassette = true)]
async fn a_bool() {}

#[kms_test(cassette = concat!("orders", ".json"))]
async fn not_a_literal() {}

#[kms_test(cassette = "")]
async fn an_empty_path() {}

#[kms_test(cassette = "orders/")]
async fn a_folder() {}

#[kms_test(cassette = "orders/..")]
async fn a_folder_above() {}

#[kms_test(cassette = "orders/rotate.json.new")]
async fn not_accepted_yet() {}

#[kms_test(cassette, cassette = "orders/rotate.json")]
async fn twice() {}

#[kms_test(cassette)]
#[should_panic]
async fn passes_by_mistake() {}

fn main() {}
