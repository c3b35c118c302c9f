//! Every option, in the order of the documentation. The test with files only compiles, because the files do not exist.

use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

#[kms_test(
    grants(
        access(
            key(orders),
            grantee(worker),
            retiring(admin),
            operations(Decrypt, GenerateDataKey),
            name = "nightly",
            context_equals(tenant = "7", pair("aws:s3:arn", "x"))
        ),
        other(
            key(orders),
            grantee("arn:aws:iam::111122223333:root"),
            operations(Encrypt),
            context_subset(tenant = "7")
        ),
        table(
            key(orders),
            grantee("dynamodb.eu-central-1.amazonaws.com"),
            retiring("rds.amazonaws.com"),
            operations(Decrypt),
            source_arn = "arn:aws:dynamodb:eu-central-1:444455556666:table/orders"
        )
    ),
    region = "eu-central-1",
    account = "444455556666",
    unknown_principals = "accept",
    transport = "tcp",
    flavor = "multi_thread",
    worker_threads = 2,
    timeout = 3600,
    start_paused = false,
    crate = "kms_fixture",
    consistency(strong),
    clock(machine),
    leaks(deny),
    keys(
        orders(
            state(Enabled),
            spec(SYMMETRIC_DEFAULT),
            usage(ENCRYPT_DECRYPT),
            origin(AWS_KMS),
            multi_region = true,
            account = "444455556666",
            alias = "alias/orders",
            description = "for orders",
            tags(team = "orders", pair("cost center", "7"))
        ),
        archive
    ),
    roles(worker(
        account = "444455556666",
        name = "Worker",
        allow("kms:ListGrants", "kms:Describe*"),
        session = "build-7",
        session_seconds = 3600
    )),
    users(
        alice(account = "444455556666", name = "Alice", allow("*")),
        guest(name = "Alice", allow("*"), federated = true)
    )
)]
async fn every_option(
    kms: Kms,
    orders: Key,
    _archive: Key,
    worker: Caller,
    alice: Caller,
    guest: Caller,
    admin: Caller,
    access: Grant,
    other: Grant,
) {
    assert!(!orders.id().is_empty() && !access.id().is_empty() && !other.token().is_empty());
    for caller in [worker, alice, guest, admin] {
        assert!(!caller.arn().is_empty());
    }
    drop(kms);
}

#[kms_test(
    keys(orders(policy = "worlds/orders.json")),
    roles(worker(
        policy = "worlds/orders.json",
        boundary = "worlds/orders.json",
        session_policy = "worlds/orders.json"
    )),
    users(alice(policy = "worlds/orders.json", boundary = "worlds/orders.json")),
    cassette = "orders/rotate.json",
    snapshot
)]
#[ignore = "the files do not exist"]
async fn every_file(_orders: Key) {}

#[kms_test(start_paused = true, flavor = "current_thread")]
async fn paused() {}

#[kms_test(flavor = "multi_thread")]
async fn the_default_number_of_threads() {}
