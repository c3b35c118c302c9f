use kms_fixture::kms_test;

#[kms_test(
    account = "444455556666",
    keys(
        orders(alias = "alias/app"),
        other_account(alias = "alias/app", account = "111122223333"),
        archive(alias = "alias/app"),
        spelled_out(alias = "alias/app", account = "444455556666")
    )
)]
async fn twice_in_one_account() {}

fn main() {}
