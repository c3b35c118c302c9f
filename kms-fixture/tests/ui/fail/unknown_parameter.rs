use kms_fixture::{Key, Kms, kms_test};

#[kms_test(keys(orders, archive), roles(worker))]
async fn misspelt(kms: Kms, ordres: Key, _archve: Key, zebra: Key) {}

#[kms_test]
async fn nothing_is_declared(orders: Key) {}

fn main() {}
