//! Fixtures never see each other's state, however many run at once.

use std::collections::HashSet;

use kms_fixture::Fixture;
use kms_fixture::scenario::{KeyDeclaration, RoleDeclaration};

use super::calls::client;
use super::refusal::refused;

#[test]
fn sixty_four_fixtures_in_parallel_share_nothing() {
    let ids = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..64)
            .map(|number| {
                scope.spawn(move || {
                    let runtime =
                        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(one_fixture(number))
                })
            })
            .collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect::<HashSet<_>>()
    });
    assert_eq!(ids.len(), 64);
}

async fn one_fixture(number: u64) -> String {
    let kms = Fixture::builder()
        .seed(number)
        .key(KeyDeclaration::new("orders"))
        .role(RoleDeclaration::new("worker"))
        .tcp()
        .start()
        .unwrap();
    let client = client(&kms.caller("admin"));
    let key = kms.key("orders").id().to_owned();
    for _ in 0..10 {
        let create =
            client.create_grant().key_id(&key).grantee_principal(kms.caller("worker").arn());
        create.operations("Decrypt".into()).send().await.unwrap();
        assert_eq!(client.list_keys().send().await.unwrap().keys().len(), 1);
    }
    assert_eq!(client.list_grants().key_id(&key).send().await.unwrap().grants().len(), 10);
    assert_eq!(kms.calls().len(), 21);
    key
}

#[tokio::test]
async fn credentials_of_another_fixture_are_refused() {
    let fixture = |seed| {
        Fixture::builder().seed(seed).key(KeyDeclaration::new("orders")).tcp().start().unwrap()
    };
    let (here, there) = (fixture(1), fixture(2));
    assert_ne!(here.key("orders"), there.key("orders"));
    let stray = here.sdk_config().to_builder().endpoint_url(there.endpoint_url()).build();
    let call = aws_sdk_kms::Client::new(&stray).list_keys().send().await;
    refused(call).has_code("UnrecognizedClientException");
}

#[test]
fn the_same_seed_gives_the_same_ids() {
    let fixture = || Fixture::builder().seed(7).key(KeyDeclaration::new("orders")).start().unwrap();
    assert_eq!(fixture().key("orders"), fixture().key("orders"));
    assert_eq!(fixture().credentials(), fixture().credentials());
    // One thing more does not change the ids of the others.
    let more =
        Fixture::builder().seed(7).key(KeyDeclaration::new("a")).key(KeyDeclaration::new("orders"));
    assert_eq!(more.start().unwrap().key("orders"), fixture().key("orders"));
}

/// What is declared never draws the ids of what the API makes, whatever it is called.
#[tokio::test]
async fn a_key_called_one_is_not_the_first_key_that_is_made() {
    let kms = Fixture::builder()
        .key(KeyDeclaration::new("1"))
        .role(RoleDeclaration::new("2"))
        .start()
        .unwrap();
    let created = client(&kms.caller("admin")).create_key().send().await.unwrap();
    assert_ne!(created.key_metadata().unwrap().key_id(), kms.key("1").id());
    assert_eq!(kms.keys().len(), 2);
    let session = kms.session("2", "night").unwrap();
    assert_ne!(session.credentials(), kms.caller("2").credentials());
}
