//! The kept signing keys: never those of another day, Region, service or secret.

use std::sync::Arc;
use std::thread;

use super::SECRET;
use crate::kms::crypto::SigningKey;
use crate::kms::principals::Secret;

const DAYS: [&str; 3] = ["20150830", "20150831", "20160229"];
const REGIONS: [&str; 3] = ["us-east-1", "eu-central-1", "us-east-10"];
const SERVICES: [&str; 2] = ["kms", "sts"];

fn scopes() -> Vec<String> {
    let mut scopes = Vec::new();
    for day in DAYS {
        for region in REGIONS {
            scopes.extend(SERVICES.map(|it| format!("{day}/{region}/{it}/aws4_request")));
        }
    }
    scopes
}

#[track_caller]
fn check(secret: &Secret, scope: &str) {
    let fresh = SigningKey::derive(secret.as_str(), scope).sign(b"message");
    assert_eq!(secret.signing_key(scope).sign(b"message"), fresh, "{scope}");
}

#[test]
fn a_kept_key_is_the_derived_one_whatever_came_before() {
    let secret = Secret::new(SECRET.to_owned());
    let scopes = scopes();
    for first in &scopes {
        for second in &scopes {
            check(&secret, first);
            check(&secret, second);
            check(&secret, first);
        }
    }
}

#[test]
fn scopes_and_secrets_have_keys_of_their_own() {
    let mut seen = std::collections::BTreeSet::new();
    for secret in [SECRET, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEZ", ""] {
        let secret = Secret::new(secret.to_owned());
        for scope in scopes() {
            assert!(seen.insert(secret.signing_key(&scope).sign(b"message")), "{scope}");
        }
    }
}

#[test]
fn a_key_is_derived_once_while_it_is_kept() {
    let secret = Secret::new(SECRET.to_owned());
    let scopes = scopes();
    let first = secret.signing_key(&scopes[0]);
    assert!(Arc::ptr_eq(&first, &secret.signing_key(&scopes[0])));
    for scope in &scopes[1..] {
        secret.signing_key(scope);
    }
    assert!(!Arc::ptr_eq(&first, &secret.signing_key(&scopes[0])));
}

#[test]
fn threads_share_the_keys_of_a_secret() {
    let secret = Secret::new(SECRET.to_owned());
    let scopes = scopes();
    thread::scope(|threads| {
        for start in 0..4 {
            let (secret, scopes) = (&secret, &scopes);
            threads.spawn(move || {
                for step in 0..200 {
                    check(secret, &scopes[(start * 5 + step) % scopes.len()]);
                }
            });
        }
    });
}
