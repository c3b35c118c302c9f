use kms_fixture::kms_test;

#[kms_test]
struct Unit;

#[kms_test(keys(orders))]
mod tests {}

#[kms_test]
const ANSWER: u32 = 42;

fn main() {}
