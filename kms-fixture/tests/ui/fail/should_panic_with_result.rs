use kms_fixture::kms_test;

#[kms_test]
#[should_panic]
async fn returns_a_result() -> Result<(), String> {
    Ok(())
}

fn main() {}
