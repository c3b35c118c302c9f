use kms_fixture::kms_test;

#[kms_test(
    roles(
        worker(name = "service/Worker"),
        again(name = "Worker"),
        in_lower_case(name = "other/worker"),
        elsewhere(name = "Worker", account = "444455556666"),
        administrator(name = "Admin"),
        their_administrator(name = "Admin", account = "444455556666")
    ),
    users(
        alice,
        other(name = "team/alice"),
        admin_user(name = "Admin")
    )
)]
async fn twice_in_one_account() {}

#[kms_test(roles(worker, worker, admin))]
async fn reported_once() {}

fn main() {}
