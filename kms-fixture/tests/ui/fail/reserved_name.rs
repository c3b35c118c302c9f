use kms_fixture::kms_test;

#[kms_test(keys(kms, fn, r#fn, _), roles(admin, self))]
async fn reserved() {}

fn main() {}
