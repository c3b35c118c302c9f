use kms_fixture::{Grant, Key, kms_test};

#[kms_test(keys(orders(sta)))]
async fn an_option(orders: Key) {}

#[kms_test(ke)]
async fn a_list() {}

#[kms_test(keys(orders), roles(worker), grants(access(key(or), grantee(worker), operations(De))))]
async fn a_name_and_a_word(access: Grant) {}

fn main() {}
