use kms_fixture::{Grant, Key, kms_test};

#[kms_test(keys(orders(sta)))]
async fn an_option(orders: Key) {}

#[kms_test(ke)]
async fn a_list() {}

#[kms_test(keys(orders), roles(worker), grants(access(key(or), grantee(worker), operations(De))))]
async fn a_name_and_a_word(access: Grant) {}

#[kms_test(cassett, snapsho)]
async fn a_recording() {}

#[kms_test(cassette =)]
async fn a_path() {}

fn main() {}
