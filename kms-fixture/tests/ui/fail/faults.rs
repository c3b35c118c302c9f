//! Mistakes in faults.

use kms_fixture::kms_test;

#[kms_test(
    keys(orders),
    roles(worker),
    faults(
        throtled,
        throttled(operaton(RetireGrant)),
        internal(operation(RetireGrnat), caller(wroker), key(order)),
        late,
        late(millis = 0),
        late(seconds = 1),
        error(code = "a b", status = 200),
        error(status = 503),
        throttled = 2,
        unavailable(times = 0, every = "2", call = -1),
        "throttled"
    )
)]
async fn mistakes() {}

#[kms_test(faults)]
async fn nothing() {}

#[kms_test(faults())]
async fn empty() {}

#[kms_test(throttled(operation(RetireGrant)))]
async fn outside() {}

#[kms_test(roles(worker), faults(internal(caller(admin)), expired))]
async fn only_explored() {}

fn main() {}
