use kms_fixture::{Grant, kms_test};

#[kms_test(
    keys(orders),
    roles(worker),
    grants(
        access(key(ordres), grantee(wroker), retiring(orders), operations(Decrypt)),
        other(key(worker), grantee(access), retiring(""), operations(Decrypt)),
        fourth(key(orders), grantee("AROAEXAMPLEEXAMPLEEXA"), retiring(nobody), operations(Decrypt)),
        third(key("orders"), grantee(worker, admin), retiring("worker"), operations(Decrypt)),
    )
)]
async fn names(access: Grant) {}

#[kms_test(grants(access(key(orders), grantee(worker), operations(Decrypt))))]
async fn nothing_is_declared(access: Grant) {}

fn main() {}
