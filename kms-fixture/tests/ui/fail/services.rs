use kms_fixture::kms_test;

#[kms_test(
    keys(orders),
    roles(worker),
    grants(
        alone(key(orders), grantee("dynamodb.us-east-1.amazonaws.com"), operations(Decrypt)),
        unsourced(key(orders), grantee("rds.amazonaws.com"), retiring(worker), operations(Decrypt)),
        unretired(
            key(orders),
            grantee("rds.amazonaws.com"),
            operations(Decrypt),
            source_arn = "arn:aws:rds:us-east-1:111122223333:db:orders"
        )
    )
)]
async fn incomplete() {}

#[kms_test(
    keys(orders),
    grants(
        short(key(orders), grantee("amazonaws.com"), retiring("rds_amazonaws.com."), operations(Decrypt)),
        sourced(key(orders), grantee(admin), operations(Decrypt), source_arn = "arn:aws:s3:::orders"),
        wrong(key(orders), grantee(admin), operations(Decrypt), source_arn(orders), source_am = "")
    )
)]
async fn no_such_names() {}

fn main() {}
