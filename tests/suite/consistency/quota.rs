//! The quota of grants counts what exists, whatever has arrived (section 7).

use kms_fixture::Fixture;
use kms_fixture::model::GrantOperation;
use kms_fixture::scenario::{Consistency, GrantDeclaration, KeyDeclaration, RoleDeclaration};

use super::create;
use crate::calls::{client, retire};
use crate::refusal::refused;

/// Grants on one key.
const QUOTA: usize = 50_000;

#[tokio::test]
async fn what_has_ended_makes_room_and_what_has_not_arrived_takes_it() {
    let mut builder = Fixture::builder()
        .key(KeyDeclaration::new("orders"))
        .role(RoleDeclaration::new("worker"))
        .consistency(Consistency::eventual());
    for number in 1..QUOTA {
        let grant = GrantDeclaration::new(format!("g{number}")).key("orders").grantee("worker");
        builder = builder.grant(grant.operations([GrantOperation::Decrypt]));
    }
    let kms = builder.start().unwrap();
    let (admin, worker) = (kms.caller("admin"), kms.caller("worker"));
    let named = || create(&kms, &worker).name("last").send();
    let last = named().await.unwrap();
    // The last one has not arrived, and there is no room. Its retry needs none.
    let again = || create(&kms, &worker).send();
    refused(again().await).has_code("LimitExceededException");
    assert_eq!(named().await.unwrap().grant_id, last.grant_id);
    // One has ended, which has not arrived, and there is.
    retire(&admin, kms.grant("g1").token()).await.unwrap();
    let listing = client(&admin).list_grants().key_id(kms.key("orders").id());
    let found = listing.grant_id(kms.grant("g1").id()).send().await.unwrap();
    assert_eq!(found.grants().len(), 1);
    again().await.unwrap();
    refused(again().await).has_code("LimitExceededException");
    // Ending it again makes no more room.
    retire(&admin, kms.grant("g1").token()).await.unwrap();
    refused(again().await).has_code("LimitExceededException");
    kms.settle();
    refused(again().await).has_code("LimitExceededException");
    let listing = client(&admin).list_grants().key_id(kms.key("orders").id());
    assert_eq!(listing.send().await.unwrap().grants().len(), 50);
}
