use kms_fixture::kms_test;

#[kms_test(
    roles(
        short(session_seconds = 899),
        long(session_seconds = 43_201),
        worded(session_seconds = "1h"),
        sized(session_seconds = 3600u64)
    ),
    users(alice(session_seconds = 3600))
)]
async fn not_what_sts_allows() {}

fn main() {}
