//! Grants that are made by the grant of CreateGrant (`kms-facts.md` 4, 8b.9).

use aws_sdk_kms::types::GrantConstraints;
use kms_fixture::{Caller, Key, Kms, kms_test};

use super::calls::{create, describe, equals, grant, granted, retire, subset};
use super::refusal::{Refusal, denied, outcome};

const PARENT: [&str; 3] = ["CreateGrant", "Decrypt", "DescribeKey"];

/// Has `parent` create a grant for `child`.
async fn pass_on(
    parent: &Caller,
    child: &Caller,
    key: &Key,
    operations: &[&str],
    constraints: Option<GrantConstraints>,
) -> Result<(), Refusal> {
    let create = create(parent, key.id(), child.arn(), operations).set_constraints(constraints);
    outcome(create.send().await)
}

#[kms_test(keys(orders), roles(parent, child))]
async fn a_grant_passes_on_no_operation_that_it_lacks_fact_8b_9(
    admin: Caller,
    parent: Caller,
    child: Caller,
    orders: Key,
) {
    grant(&admin, orders.id(), parent.arn(), &PARENT).await;
    let text = denied(&parent, "CreateGrant", orders.arn(), "identity-based policy");
    for operations in [
        &["Encrypt"][..],
        &["DescribeKey", "Encrypt"],
        &["RetireGrant"],
        &["CreateGrant", "Decrypt", "DescribeKey", "RetireGrant"],
    ] {
        pass_on(&parent, &child, &orders, operations, None).await.unwrap_err().is_denial(&text);
    }
    for operations in [&["Decrypt"][..], &["DescribeKey", "Decrypt"], &["CreateGrant", "Decrypt"]] {
        pass_on(&parent, &child, &orders, operations, None).await.unwrap();
    }
    // What was passed on works, and can be passed on.
    pass_on(&parent, &child, &orders, &PARENT, None).await.unwrap();
    describe(&child, orders.id()).await.unwrap();
    pass_on(&child, &admin, &orders, &["DescribeKey"], None).await.unwrap();
}

#[kms_test(keys(orders), roles(parent, child))]
async fn constraints_may_only_become_stricter_fact_8b_9(
    admin: Caller,
    parent: Caller,
    child: Caller,
    orders: Key,
) {
    let (ab, ac, cd) = (("a", "b"), ("a", "c"), ("c", "d"));
    let text = denied(&parent, "CreateGrant", orders.arn(), "identity-based policy");
    for (wide, narrow, allowed) in [
        (None, Some(equals(&[ab])), true),
        (None, Some(subset(&[ab])), true),
        (Some(subset(&[ab])), Some(subset(&[ab])), true),
        (Some(subset(&[ab])), Some(subset(&[ab, cd])), true),
        (Some(subset(&[ab])), Some(equals(&[ab])), true),
        (Some(subset(&[ab])), Some(equals(&[ab, cd])), true),
        (Some(equals(&[ab])), Some(equals(&[ab])), true),
        (Some(subset(&[ab])), None, false),
        (Some(equals(&[ab])), None, false),
        (Some(subset(&[ab])), Some(subset(&[cd])), false),
        (Some(subset(&[ab])), Some(subset(&[ac])), false),
        (Some(subset(&[ab, cd])), Some(subset(&[ab])), false),
        (Some(subset(&[ab])), Some(equals(&[cd])), false),
        (Some(equals(&[ab])), Some(subset(&[ab])), false),
        (Some(equals(&[ab])), Some(equals(&[ab, cd])), false),
        (Some(equals(&[ab, cd])), Some(equals(&[ab])), false),
    ] {
        let case = format!("{wide:?} {narrow:?}");
        let wide = create(&admin, orders.id(), parent.arn(), &PARENT).set_constraints(wide);
        let wide = granted(wide).await;
        let outcome = pass_on(&parent, &child, &orders, &["DescribeKey"], narrow).await;
        assert_eq!(outcome.is_ok(), allowed, "{case}");
        if let Err(refusal) = outcome {
            refusal.is_denial(&text);
        }
        retire(&admin, &wide.token).await.unwrap();
    }
}

#[kms_test(
    keys(orders),
    roles(parent, child),
    grants(
        one(key(orders), grantee(parent), operations(CreateGrant, Decrypt)),
        two(key(orders), grantee(parent), operations(CreateGrant, Encrypt)),
        three(key(orders), grantee(parent), operations(DescribeKey))
    )
)]
async fn two_parents_do_not_add_up_fact_8b_9(parent: Caller, child: Caller, orders: Key) {
    pass_on(&parent, &child, &orders, &["Decrypt"], None).await.unwrap();
    // Holding an operation without CreateGrant does not help.
    for operations in [&["Decrypt", "Encrypt"][..], &["DescribeKey"]] {
        let refusal = pass_on(&parent, &child, &orders, operations, None).await.unwrap_err();
        refusal.has_code("AccessDeniedException");
    }
}

/// Section 4: by policy, a caller may grant what it may not do.
#[kms_test(keys(orders), roles(maker(allow("kms:CreateGrant")), worker))]
async fn by_policy_a_caller_may_grant_what_it_may_not_do(
    kms: Kms,
    maker: Caller,
    worker: Caller,
    orders: Key,
) {
    pass_on(&maker, &worker, &orders, &["DescribeKey"], None).await.unwrap();
    describe(&worker, orders.id()).await.unwrap();
    describe(&maker, orders.id()).await.unwrap_err().has_code("AccessDeniedException");
    assert_eq!(kms.grants().len(), 1);
}
