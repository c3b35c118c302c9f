use kms_fixture::kms_test;

#[kms_test(region = 1, account = "1234", worker_threads = 0, start_paused = "yes", transport = true)]
async fn of_the_test() {}

#[kms_test(keys(
    orders(alias = "orders", account = 111122223333, multi_region = "true"),
    ours(alias = "alias/aws/s3"),
    archive(alias = "alias/", description = 1, account = "11112222333x")
))]
async fn of_keys() {}

fn main() {}
