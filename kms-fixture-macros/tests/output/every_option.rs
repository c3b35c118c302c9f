/// Documented.
#[ignore]
#[::core::prelude::v1::test]
pub(crate) fn everything() {
    #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]
    async fn everything(mut orders: Key, _alice: Caller, admin: Caller, kms: Kms) {
        #[allow(unexpected_cfgs)]
        {
            #[cfg(rust_analyzer)]
            let _ = (&orders, &orders, &orders, &orders);
        }
    }
    #[allow(unexpected_cfgs)]
    let () = {
        #[cfg(rust_analyzer)]
        let () = {
            use ::kms_fixture::__private::ide::options::{
                region as _, account as _, unknown_principals as _, transport as _,
                flavor as _, worker_threads as _, start_paused as _, consistency as _,
                leaks as _, cassette as _, snapshot as _, grants as _, keys as _,
                roles as _, users as _,
            };
            use ::kms_fixture::__private::ide::consistency::strong as _;
            use ::kms_fixture::__private::ide::leaks::deny as _;
            use ::kms_fixture::__private::ide::grant::{
                key as _, grantee as _, retiring as _, operations as _, name as _,
                context_equals as _,
            };
            use ::kms_fixture::__private::ide::grant::{
                key as _, grantee as _, operations as _, context_subset as _,
            };
            use ::kms_fixture::__private::ide::grant::{
                key as _, grantee as _, retiring as _, operations as _, source_arn as _,
            };
            use ::kms_fixture::__private::ide::key::{
                state as _, spec as _, usage as _, origin as _, multi_region as _,
                account as _, alias as _, policy as _, description as _, tags as _,
            };
            use ::kms_fixture::__private::ide::role::{
                account as _, name as _, allow as _, policy as _, boundary as _,
                session as _, session_seconds as _, session_policy as _,
            };
            use ::kms_fixture::__private::ide::user::{
                account as _, name as _, allow as _, policy as _, boundary as _,
            };
            use ::kms_fixture::__private::ide::user::federated as _;
            let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders")
                .state(::kms_fixture::model::KeyState::Enabled)
                .spec(::kms_fixture::model::KeySpec::SYMMETRIC_DEFAULT)
                .usage(::kms_fixture::model::KeyUsage::ENCRYPT_DECRYPT)
                .origin(::kms_fixture::model::Origin::AWS_KMS)
                .multi_region(true)
                .account("444455556666")
                .alias("alias/orders")
                .policy_file("key.json")
                .description("for orders")
                .tag("team", "orders")
                .tag("cost center", "7");
            let worker = ::kms_fixture::scenario::RoleDeclaration::new("worker")
                .account("444455556666")
                .name("Worker")
                .allow(["kms:ListGrants", "*"])
                .policy_file("p.json")
                .boundary_file("b.json")
                .session("night")
                .session_seconds(3600)
                .session_policy_file("sp.json");
            let alice = ::kms_fixture::scenario::UserDeclaration::new("alice")
                .account("444455556666")
                .name("Alice")
                .allow(["kms:ListGrants"])
                .policy_file("p.json")
                .boundary_file("b.json");
            let guest = ::kms_fixture::scenario::UserDeclaration::new("guest")
                .federated(true);
            let access = ::kms_fixture::scenario::GrantDeclaration::new("access")
                .key(&orders)
                .grantee(&alice)
                .retiring("admin")
                .operations([::kms_fixture::model::GrantOperation::Decrypt])
                .name("nightly")
                .context_equals([("tenant", "7"), ("aws:s3:arn", "x")]);
            let loose = ::kms_fixture::scenario::GrantDeclaration::new("loose")
                .key(&orders)
                .grantee("arn:aws:iam::1:root")
                .operations([::kms_fixture::model::GrantOperation::Encrypt])
                .context_subset([("a", "b")]);
            let table = ::kms_fixture::scenario::GrantDeclaration::new("table")
                .key(&orders)
                .grantee("dynamodb.us-east-1.amazonaws.com")
                .retiring("rds.amazonaws.com")
                .operations([::kms_fixture::model::GrantOperation::Decrypt])
                .source_arn("arn:aws:dynamodb:us-east-1:111122223333:table/orders");
            let _ = &orders;
            let _ = |it: ::kms_fixture::__private::Plan| {
                it.consistency(::kms_fixture::scenario::Consistency::strong())
            };
        };
        #[cfg(not(rust_analyzer))]
        let () = {
            let orders = ::kms_fixture::scenario::KeyDeclaration::new("orders")
                .state(::kms_fixture::model::KeyState::Enabled)
                .spec(::kms_fixture::model::KeySpec::SYMMETRIC_DEFAULT)
                .usage(::kms_fixture::model::KeyUsage::ENCRYPT_DECRYPT)
                .origin(::kms_fixture::model::Origin::AWS_KMS)
                .multi_region(true)
                .account("444455556666")
                .alias("alias/orders")
                .policy_file("key.json")
                .description("for orders")
                .tag("team", "orders")
                .tag("cost center", "7");
            let worker = ::kms_fixture::scenario::RoleDeclaration::new("worker")
                .account("444455556666")
                .name("Worker")
                .allow(["kms:ListGrants", "*"])
                .policy_file("p.json")
                .boundary_file("b.json")
                .session("night")
                .session_seconds(3600)
                .session_policy_file("sp.json");
            let alice = ::kms_fixture::scenario::UserDeclaration::new("alice")
                .account("444455556666")
                .name("Alice")
                .allow(["kms:ListGrants"])
                .policy_file("p.json")
                .boundary_file("b.json");
            let guest = ::kms_fixture::scenario::UserDeclaration::new("guest")
                .federated(true);
            let access = ::kms_fixture::scenario::GrantDeclaration::new("access")
                .key(&orders)
                .grantee(&alice)
                .retiring("admin")
                .operations([::kms_fixture::model::GrantOperation::Decrypt])
                .name("nightly")
                .context_equals([("tenant", "7"), ("aws:s3:arn", "x")]);
            let loose = ::kms_fixture::scenario::GrantDeclaration::new("loose")
                .key(&orders)
                .grantee("arn:aws:iam::1:root")
                .operations([::kms_fixture::model::GrantOperation::Encrypt])
                .context_subset([("a", "b")]);
            let table = ::kms_fixture::scenario::GrantDeclaration::new("table")
                .key(&orders)
                .grantee("dynamodb.us-east-1.amazonaws.com")
                .retiring("rds.amazonaws.com")
                .operations([::kms_fixture::model::GrantOperation::Decrypt])
                .source_arn("arn:aws:dynamodb:us-east-1:111122223333:table/orders");
            let plan = ::kms_fixture::__private::Plan::new(::kms_fixture::__private::TestPlace {
                    package: ::core::env!("CARGO_PKG_NAME"),
                    manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                    module: ::core::module_path!(),
                    name: "everything",
                    file: ::core::file!(),
                })
                .region("eu-central-1")
                .account("444455556666")
                .accept_unknown_principals()
                .tcp()
                .consistency(::kms_fixture::scenario::Consistency::strong())
                .deny_leaks()
                .cassette(::core::option::Option::Some("cassettes/everything.json"))
                .snapshot(|name, text| ::insta::assert_snapshot!(name, text))
                .multi_thread(::core::option::Option::Some(2))
                .key(orders)
                .role(worker)
                .user(alice)
                .user(guest)
                .grant(access)
                .grant(loose)
                .grant(table);
            ::kms_fixture::__private::run_async(
                plan,
                |kms: ::kms_fixture::Kms| async move {
                    let injected_0 = ::kms_fixture::Kms::key(&kms, "orders");
                    let injected_1 = ::kms_fixture::Kms::caller(&kms, "alice");
                    let injected_2 = ::kms_fixture::Kms::caller(&kms, "admin");
                    let injected_3 = ::core::clone::Clone::clone(&kms);
                    let orders: Key = injected_0;
                    let _alice: Caller = injected_1;
                    let admin: Caller = injected_2;
                    let kms: Kms = injected_3;
                    everything(orders, _alice, admin, kms).await
                },
            );
        };
    };
}
