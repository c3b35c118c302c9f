//! The steps of a case, taken with the AWS SDK.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use aws_sdk_kms::Client;
use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_kms::operation::create_grant::builders::CreateGrantFluentBuilder;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{GrantConstraints, GrantListEntry, GrantOperation};
use kms_fixture::{Caller, Kms};

use super::Sealed;
use super::reference::{Outcome, Reference};
use super::steps::{Actor, Call, Context, Filter, Key, Operation, Order, Principal, Step, Terms};
use crate::calls::client;

/// The fake, seen through the SDK.
pub(super) struct Real<'a> {
    pub(super) kms: Kms,
    sealed: &'a Sealed,
    clients: BTreeMap<usize, Client>,
    /// Ids and tokens of the grants, in the order in which they were made.
    pub(super) grants: Vec<(String, String)>,
}

impl<'a> Real<'a> {
    pub(super) fn new(kms: Kms, sealed: &'a Sealed) -> Self {
        Self { kms, sealed, clients: BTreeMap::new(), grants: Vec::new() }
    }

    fn client(&mut self, actor: Actor) -> Client {
        let kms = &self.kms;
        let made =
            self.clients.entry(actor as usize).or_insert_with(|| client(&caller(kms, actor)));
        made.clone()
    }

    fn arn(&self, key: Key) -> String {
        self.kms.key(key.name()).arn().to_owned()
    }

    fn blob(&self, key: Key, context: Context) -> Blob {
        self.sealed[&(key as usize, context as usize)].clone()
    }

    pub(super) fn numbers<'i>(&self, ids: impl Iterator<Item = &'i str>) -> BTreeSet<usize> {
        let number = |id: &str| self.grants.iter().position(|it| it.0 == id);
        ids.map(|id| number(id).unwrap_or(usize::MAX)).collect()
    }

    fn listed(&self, entries: &[GrantListEntry]) -> Outcome {
        let numbers = self.numbers(entries.iter().filter_map(GrantListEntry::grant_id));
        assert_eq!(numbers.len(), entries.len(), "nothing is listed twice");
        Outcome::Listed(numbers)
    }

    pub(super) async fn apply(&mut self, step: &Step, meant: &Reference) -> Outcome {
        match step {
            Step::Advance(seconds) => self.kms.clock().advance(Duration::from_secs(*seconds)),
            Step::Settle => self.kms.settle(),
            Step::Stale(calls) => self.kms.stale_calls(*calls).unwrap(),
            Step::Call(actor, call) => return self.call(*actor, call, meant).await,
        }
        Outcome::Done
    }

    async fn create(&mut self, create: CreateGrantFluentBuilder, terms: &Terms) -> Outcome {
        let create = create
            .key_id(self.arn(terms.key))
            .grantee_principal(terms.grantee.arn())
            .set_retiring_principal(terms.retiring.map(Principal::arn))
            .set_operations(Some(operations(terms)))
            .set_constraints(constraints(terms))
            .set_name(terms.name.map(str::to_owned));
        match create.send().await {
            Ok(made) => {
                let (id, token) = (made.grant_id.unwrap(), made.grant_token.unwrap());
                let known = self.grants.iter().position(|it| it.0 == id);
                Outcome::Made(known.unwrap_or_else(|| {
                    self.grants.push((id, token));
                    self.grants.len() - 1
                }))
            }
            Err(error) => refused(&error),
        }
    }

    async fn call(&mut self, actor: Actor, call: &Call, meant: &Reference) -> Outcome {
        let client = self.client(actor);
        let id = |number: &usize| {
            meant.pick(*number).map_or("0".repeat(64), |it| self.grants[it].0.clone())
        };
        let token = |number: &usize| {
            meant.pick(*number).map_or("none".to_owned(), |it| self.grants[it].1.clone())
        };
        let tokens =
            |numbers: &[usize]| (!numbers.is_empty()).then(|| numbers.iter().map(token).collect());
        let dry = |dry: &bool| dry.then_some(true);
        match call {
            Call::Create(terms, with, dry_run) => {
                let create =
                    client.create_grant().set_grant_tokens(tokens(with)).set_dry_run(dry(dry_run));
                self.create(create, terms).await
            }
            Call::RetireByToken(number, dry_run) => {
                let retire = client.retire_grant().grant_token(token(number));
                done(retire.set_dry_run(dry(dry_run)).send().await)
            }
            Call::RetireById(number, whose, dry_run) => {
                let key = meant.key(*number, *whose);
                let retire = client.retire_grant().key_id(self.arn(key)).grant_id(id(number));
                done(retire.set_dry_run(dry(dry_run)).send().await)
            }
            Call::Revoke(number, whose, dry_run) => {
                let key = meant.key(*number, *whose);
                let revoke = client.revoke_grant().key_id(self.arn(key)).grant_id(id(number));
                done(revoke.set_dry_run(dry(dry_run)).send().await)
            }
            Call::List(key, filter) => {
                let list = client.list_grants().key_id(self.arn(*key));
                let list = match filter {
                    Filter::None => list,
                    Filter::Grantee(who) => list.grantee_principal(who.arn()),
                    Filter::Id(number) => list.grant_id(id(number)),
                };
                match list.send().await {
                    Ok(page) => self.listed(page.grants()),
                    Err(error) => refused(&error),
                }
            }
            Call::ListRetirable(who) => {
                let list = client.list_retirable_grants().retiring_principal(who.arn());
                match list.send().await {
                    Ok(page) => self.listed(page.grants()),
                    Err(error) => refused(&error),
                }
            }
            Call::Describe(key, with) => {
                let describe = client.describe_key().key_id(self.arn(*key));
                done(describe.set_grant_tokens(tokens(with)).send().await)
            }
            Call::Encrypt(key, context, with) => {
                let encrypt =
                    client.encrypt().key_id(self.arn(*key)).plaintext(Blob::new("secret"));
                let encrypt = encrypt.set_encryption_context(Some(pairs(*context)));
                done(encrypt.set_grant_tokens(tokens(with)).send().await)
            }
            Call::Decrypt { key, sealed, context, tokens: with } => {
                let decrypt = client.decrypt().ciphertext_blob(self.blob(*key, *sealed));
                let decrypt = decrypt.set_encryption_context(Some(pairs(*context)));
                done(decrypt.set_grant_tokens(tokens(with)).send().await)
            }
            Call::ReEncrypt { from, to, tokens: with } => {
                let again = client
                    .re_encrypt()
                    .ciphertext_blob(self.blob(from.0, from.1))
                    .set_source_encryption_context(Some(pairs(from.1)))
                    .destination_key_id(self.arn(to.0))
                    .set_destination_encryption_context(Some(pairs(to.1)));
                done(again.set_grant_tokens(tokens(with)).send().await)
            }
        }
    }
}

fn caller(kms: &Kms, actor: Actor) -> Caller {
    match actor {
        Actor::Admin => kms.caller("admin"),
        Actor::Root => kms.root("111122223333").unwrap(),
        Actor::Alpha => kms.caller("alpha"),
        Actor::AlphaElsewhere => kms.session("alpha", "elsewhere").unwrap(),
        Actor::Beta => kms.caller("beta"),
        Actor::User => kms.caller("user"),
        Actor::Guest => kms.caller("guest"),
        Actor::Partner => kms.caller("partner"),
    }
}

pub(super) fn pairs(context: Context) -> HashMap<String, String> {
    let pairs = context.pairs().into_iter();
    pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

fn operations(terms: &Terms) -> Vec<GrantOperation> {
    let word = |it: &Operation| match it {
        Operation::CreateGrant => GrantOperation::CreateGrant,
        Operation::RetireGrant => GrantOperation::RetireGrant,
        Operation::DescribeKey => GrantOperation::DescribeKey,
        Operation::Encrypt => GrantOperation::Encrypt,
        Operation::Decrypt => GrantOperation::Decrypt,
        Operation::ReEncryptFrom => GrantOperation::ReEncryptFrom,
        Operation::ReEncryptTo => GrantOperation::ReEncryptTo,
    };
    terms.operations.iter().map(word).collect()
}

fn constraints(terms: &Terms) -> Option<GrantConstraints> {
    let (order, context) = terms.constraint?;
    let builder = GrantConstraints::builder();
    let builder = match order {
        Order::Equals => builder.set_encryption_context_equals(Some(pairs(context))),
        Order::Subset => builder.set_encryption_context_subset(Some(pairs(context))),
    };
    Some(builder.build())
}

fn done<T, E: ProvideErrorMetadata, R>(result: Result<T, SdkError<E, R>>) -> Outcome {
    match result {
        Ok(_) => Outcome::Done,
        Err(error) => refused(&error),
    }
}

fn refused<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Outcome {
    let code = error.code().unwrap_or("no code");
    Outcome::Refused(code.to_owned().into())
}
