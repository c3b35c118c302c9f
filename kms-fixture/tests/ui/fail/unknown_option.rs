use kms_fixture::kms_test;

#[kms_test(region = "us-east-1", regoin = "us-east-1", colour = "blue")]
async fn of_the_test() {}

#[kms_test(keys(orders(stat(Disabled))), roles(worker(sesion = "s")), users(alice(session = "s")))]
async fn of_declarations() {}

#[kms_test(state(Disabled), key(orders), keys(orders(roles(worker))))]
async fn of_another_place() {}

#[kms_test(
    keys(orders),
    roles(worker),
    grants(access(key(orders), grante(worker), operations(Decrypt)))
)]
async fn a_misspelt_option_is_not_also_missing() {}

fn main() {}
