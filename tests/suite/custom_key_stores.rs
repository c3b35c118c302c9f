//! DescribeCustomKeyStores in an account without custom key stores (API reference, DescribeCustomKeyStores).

use kms_fixture::{Caller, kms_test};

use super::calls::client;
use super::refusal::refused;

#[kms_test(roles(operator(allow("kms:DescribeCustomKeyStores"))))]
async fn an_account_has_none(admin: Caller, operator: Caller) {
    for caller in [admin, operator] {
        let page = client(&caller).describe_custom_key_stores().limit(1).send().await.unwrap();
        assert!(page.custom_key_stores().is_empty());
        assert!(!page.truncated());
        assert_eq!(page.next_marker(), None);
    }
}

#[kms_test]
async fn a_named_store_is_not_found(admin: Caller) {
    let describe = || client(&admin).describe_custom_key_stores();
    let by_id = describe().custom_key_store_id("cks-1234567890abcdef0").send().await;
    let by_name = describe().custom_key_store_name("orders").send().await;
    for refused in [refused(by_id), refused(by_name)] {
        refused.is_silent("CustomKeyStoreNotFoundException"); // fact 1.16
    }
}

#[kms_test]
async fn no_marker_is_valid(admin: Caller) {
    let describe = client(&admin).describe_custom_key_stores().marker("bWFya2Vy");
    refused(describe.send().await).has_code("InvalidMarkerException");
}

#[kms_test(roles(worker))]
async fn a_caller_without_permission_is_denied(worker: Caller) {
    let refused = refused(client(&worker).describe_custom_key_stores().send().await);
    refused.has_code("AccessDeniedException");
    assert!(refused.message.unwrap().contains("kms:DescribeCustomKeyStores"));
}
