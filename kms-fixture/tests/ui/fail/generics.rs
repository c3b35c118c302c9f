use kms_fixture::{Kms, kms_test};

#[kms_test]
async fn of_a_type<T>(kms: Kms) {}

#[kms_test]
async fn of_a_lifetime<'a>(kms: Kms) -> Result<(), &'a str>
where
    'a: 'static,
{
    Ok(())
}

#[kms_test]
fn with_a_clause(kms: Kms)
where
    Kms: Clone,
{
}

fn main() {}
