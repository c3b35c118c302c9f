use kms_fixture::kms_test;

#[kms_test(
    region = "us_east_1",
    keys(colon(alias = "alias/or:ders"), space(alias = "alias/my orders")),
    roles(
        worker(name = "my worker"),
        janitor(name = "service/", session = "x"),
        größe,
        clerk(session = "night shift")
    ),
    users(alice(name = "a:b"), bob(name = "my team/bob")),
    grants(access(key(colon), grantee(worker), operations(Decrypt), name = "every night"))
)]
async fn names() {}

#[kms_test(region = "us-east")]
async fn half_a_region() {}

#[kms_test(
    keys(orders),
    grants(access(key(orders), grantee(admin), operations(Decrypt), name = ""))
)]
async fn an_empty_name() {}

fn main() {}
