//! What `docs/kms-facts.md` says, once more and as simply as possible: sets and loops, and nothing of the fake.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::steps::{
    Actor, Call, Context, Filter, Key, Operation, Order, Policy, Principal, Setting, Step, Terms,
    Tokens, Whose,
};

/// How a call ended. Grants are called by their number, in the order in which they were made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    Made(usize),
    Listed(BTreeSet<usize>),
    Refused(Cow<'static, str>),
}

use Outcome::{Done, Listed, Made, Refused};

const DENIED: Outcome = Refused(Cow::Borrowed("AccessDeniedException"));
const NOT_FOUND: Outcome = Refused(Cow::Borrowed("NotFoundException"));
const DRY_RUN: Outcome = Refused(Cow::Borrowed("DryRunOperationException"));

/// When a change is effective, and when lists show it.
#[derive(Clone, Copy, Debug)]
struct Change {
    effective: u64,
    listed: u64,
    /// Whether it was made before the last time when all were let arrive.
    settled: bool,
}

#[derive(Clone, Debug)]
struct Grant {
    terms: Terms,
    issuer: &'static str,
    made: Change,
    ended: Option<Change>,
}

pub(super) struct Reference {
    setting: Setting,
    now: u64,
    /// How many of the next calls see only what is settled.
    stale: usize,
    grants: Vec<Grant>,
}

impl Reference {
    pub(super) fn new(setting: &Setting) -> Self {
        Self { setting: setting.clone(), now: 0, stale: 0, grants: Vec::new() }
    }

    /// How many grants have ever been made.
    pub(super) fn made(&self) -> usize {
        self.grants.len()
    }

    /// The grants that exist, whoever knows.
    pub(super) fn existing(&self) -> BTreeSet<usize> {
        self.all(|it| it.ended.is_none())
    }

    fn all(&self, which: impl Fn(&Grant) -> bool) -> BTreeSet<usize> {
        let all = self.grants.iter().enumerate();
        all.filter(|(_, it)| which(it)).map(|it| it.0).collect()
    }

    /// What happens, and what a call is answered.
    pub(super) fn apply(&mut self, step: &Step) -> Outcome {
        match step {
            Step::Advance(seconds) => self.now += seconds,
            Step::Settle => {
                for grant in &mut self.grants {
                    grant.made.settled = true;
                    if let Some(ended) = &mut grant.ended {
                        ended.settled = true;
                    }
                }
            }
            Step::Stale(calls) => self.stale = *calls,
            Step::Call(actor, call) => {
                let outcome = self.answer(*actor, call);
                self.stale = self.stale.saturating_sub(1);
                return outcome;
            }
        }
        Done
    }

    fn answer(&mut self, actor: Actor, call: &Call) -> Outcome {
        match call {
            Call::Create(terms, tokens, dry_run) => self.create(actor, terms, tokens, *dry_run),
            Call::RetireByToken(number, dry_run) => {
                // A token works before the grant has arrived (3.4.3), and not after its end has.
                match self.pick(*number) {
                    Some(it) if !self.has_ended(&self.grants[it]) => {
                        self.retire(actor, it, *dry_run)
                    }
                    _ => Refused(Cow::Borrowed("InvalidGrantTokenException")),
                }
            }
            Call::RetireById(number, whose, dry_run) => match self.pick(*number) {
                Some(it) if *whose == Whose::Own && self.is_seen(it, &[]) => {
                    self.retire(actor, it, *dry_run)
                }
                _ if actor.account() == Key::ACCOUNT => NOT_FOUND,
                _ => DENIED,
            },
            Call::Revoke(number, whose, dry_run) => {
                let key = self.key(*number, *whose);
                if !self.policies_allow(actor, key, "kms:RevokeGrant") {
                    return DENIED;
                }
                match self.pick(*number) {
                    Some(it) if *whose == Whose::Own && self.is_seen(it, &[]) => {
                        self.end(it, *dry_run)
                    }
                    _ => NOT_FOUND,
                }
            }
            Call::List(key, filter) => {
                if !self.policies_allow(actor, *key, "kms:ListGrants") {
                    return DENIED;
                }
                let wanted = |number: usize, grant: &Grant| match filter {
                    Filter::None => true,
                    Filter::Grantee(who) => grant.terms.grantee == *who,
                    Filter::Id(it) => self.pick(*it) == Some(number),
                };
                let listed = self.all(|it| it.terms.key == *key && self.is_listed(it));
                let wanted = listed.into_iter().filter(|&it| wanted(it, &self.grants[it]));
                Listed(wanted.collect())
            }
            Call::ListRetirable(who) => {
                // Only IAM decides, and only principals of the own account can be asked for (3.3.1, 3.3.3).
                if !self.own_allow(actor, "kms:ListRetirableGrants")
                    || who.account() != actor.account()
                {
                    return DENIED;
                }
                Listed(self.all(|it| it.terms.retiring == Some(*who) && self.is_listed(it)))
            }
            Call::Describe(key, tokens) => {
                let operation = Operation::DescribeKey;
                done_if(self.may_call(actor, (*key, None), operation, tokens))
            }
            Call::Encrypt(key, context, tokens) => {
                let at = (*key, Some(*context));
                done_if(self.may_call(actor, at, Operation::Encrypt, tokens))
            }
            Call::Decrypt { key, sealed, context, tokens } => {
                let at = (*key, Some(*context));
                match done_if(self.may_call(actor, at, Operation::Decrypt, tokens)) {
                    Done if sealed != context => {
                        Refused(Cow::Borrowed("InvalidCiphertextException"))
                    }
                    outcome => outcome,
                }
            }
            Call::ReEncrypt { from, to, tokens } => {
                let (from, to) = ((from.0, Some(from.1)), (to.0, Some(to.1)));
                let reads = self.may_call(actor, from, Operation::ReEncryptFrom, tokens);
                done_if(reads && self.may_call(actor, to, Operation::ReEncryptTo, tokens))
            }
        }
    }

    fn create(&mut self, actor: Actor, terms: &Terms, tokens: &Tokens, dry_run: bool) -> Outcome {
        // One parent that allows all of it, at least as widely (8b.9).
        let parent = |it: &Grant| {
            it.terms.operations.contains(&Operation::CreateGrant)
                && terms.operations.is_subset(&it.terms.operations)
                && is_as_strict(terms, &it.terms)
        };
        if !self.may_use(actor, terms.key, "kms:CreateGrant", tokens, &parent) {
            return DENIED;
        }
        if terms.operations.iter().eq([&Operation::CreateGrant]) {
            return Refused(Cow::Borrowed("ValidationException"));
        }
        if dry_run {
            return DRY_RUN;
        }
        // The same name and the same parameters: the same grant (3.1.4), whether it has arrived or not.
        let issuer = actor.account();
        let same = |it: &Grant| it.ended.is_none() && it.issuer == issuer && it.terms == *terms;
        if terms.name.is_some()
            && let Some(known) = self.grants.iter().position(same)
        {
            return Made(known);
        }
        let made = self.change();
        self.grants.push(Grant { terms: terms.clone(), issuer, made, ended: None });
        Made(self.grants.len() - 1)
    }

    /// The retiring principal, the grantee with RetireGrant, the account of the key (section 4, 8b.7).
    fn retire(&mut self, actor: Actor, number: usize, dry_run: bool) -> Outcome {
        let grant = &self.grants[number];
        let is_grantees = grant.terms.operations.contains(&Operation::RetireGrant);
        let grantee = is_grantees.then_some(grant.terms.grantee);
        let named = [grant.terms.retiring, grantee];
        let may = named
            .into_iter()
            .flatten()
            .any(|it| self.opens(actor, it, grant.issuer, "kms:RetireGrant"))
            || actor.account() == Key::ACCOUNT && self.own_allow(actor, "kms:RetireGrant");
        if may && !self.is_denied(actor, "kms:RetireGrant") {
            self.end(number, dry_run)
        } else {
            DENIED
        }
    }

    /// Once ended, a grant can be ended again without effect as long as that has not arrived.
    fn end(&mut self, number: usize, dry_run: bool) -> Outcome {
        if dry_run {
            return DRY_RUN;
        }
        let change = self.change();
        let grant = &mut self.grants[number];
        grant.ended = grant.ended.or(Some(change));
        Done
    }

    fn change(&self) -> Change {
        let late = self.setting.delays;
        Change {
            effective: self.now + late.map_or(0, |it| it.seconds),
            listed: self.now + late.map_or(0, |it| it.list_seconds),
            settled: late.is_none(),
        }
    }

    // What the own policies and the key policy say.

    /// The policy of the role or user, unless that may do everything, and what limits it: a session policy or a
    /// boundary.
    fn policies(&self, actor: Actor) -> (Option<&Policy>, Option<&Policy>) {
        let it = &self.setting;
        match actor {
            Actor::Admin | Actor::Root => (None, None),
            Actor::Alpha => (Some(&it.alpha), it.alpha_session.as_ref()),
            Actor::AlphaElsewhere => (Some(&it.alpha), None),
            Actor::Beta => (Some(&it.beta), it.boundary.as_ref()),
            Actor::User => (Some(&it.user), it.boundary.as_ref()),
            Actor::Guest => (None, Some(&it.guest)),
            Actor::Partner => (Some(&it.partner), None),
        }
    }

    /// An explicit deny counts wherever it stands (section 4, step 1; 8b.4).
    fn is_denied(&self, actor: Actor, action: &str) -> bool {
        let (own, limit) = self.policies(actor);
        own.into_iter().chain(limit).any(|it| it.deny.contains(action))
    }

    fn own_allow(&self, actor: Actor, action: &str) -> bool {
        let own = self.policies(actor).0;
        own.is_none_or(|it| it.allow.contains(action))
            && self.limit_allows(actor, action)
            && !self.is_denied(actor, action)
    }

    fn limit_allows(&self, actor: Actor, action: &str) -> bool {
        let limit = self.policies(actor).1;
        limit.is_none_or(|it| it.allow.contains(action))
    }

    /// Both keys leave all to their account's policies, one of them also to the partner's (section 4, steps 3 and 6).
    fn policies_allow(&self, actor: Actor, key: Key, action: &str) -> bool {
        let trusted = actor.account() == Key::ACCOUNT || key == Key::Shared;
        trusted && self.own_allow(actor, action)
    }

    // What grants say.

    /// By policy, or by a grant for which `suits` holds.
    fn may_use(
        &self,
        actor: Actor,
        key: Key,
        action: &str,
        tokens: &Tokens,
        suits: &dyn Fn(&Grant) -> bool,
    ) -> bool {
        let tokens: Vec<_> = tokens.iter().filter_map(|it| self.pick(*it)).collect();
        let by_grant = |(number, it): (usize, &Grant)| {
            it.terms.key == key
                && self.is_seen(number, &tokens)
                && suits(it)
                && self.opens(actor, it.terms.grantee, it.issuer, action)
        };
        self.policies_allow(actor, key, action)
            || !self.is_denied(actor, action) && self.grants.iter().enumerate().any(by_grant)
    }

    /// By policy, or by a grant of the operation whose constraint the context satisfies, if there is one.
    fn may_call(
        &self,
        actor: Actor,
        (key, context): (Key, Option<Context>),
        operation: Operation,
        tokens: &Tokens,
    ) -> bool {
        let by_grant = |it: &Grant| {
            it.terms.operations.contains(&operation)
                && context.is_none_or(|given| satisfies(given, &it.terms))
        };
        let action = format!("kms:{operation:?}");
        self.may_use(actor, key, &action, tokens, &by_grant)
    }

    /// Whether a grant that names `who` is for `actor`, and enough (8b.2, 8b.4, 8b.5, 8b.7, 8b.8).
    fn opens(&self, actor: Actor, who: Principal, issuer: &str, action: &str) -> bool {
        let is_foreign = actor.account() != Key::ACCOUNT && issuer != actor.account();
        let own = self.own_allow(actor, action);
        if actor.is_exactly(who) {
            !is_foreign || own
        } else if actor.has_role(who) {
            self.limit_allows(actor, action) && (!is_foreign || own)
        } else {
            who.is_account(actor.account()) && own
        }
    }

    // Who sees what (section 5).

    fn has_arrived(&self, change: Change, at: u64) -> bool {
        change.settled || self.stale == 0 && at <= self.now
    }

    fn has_ended(&self, grant: &Grant) -> bool {
        grant.ended.is_some_and(|it| self.has_arrived(it, it.effective))
    }

    fn is_seen(&self, number: usize, tokens: &[usize]) -> bool {
        let grant = &self.grants[number];
        let has_begun = self.has_arrived(grant.made, grant.made.effective);
        (has_begun || tokens.contains(&number)) && !self.has_ended(grant)
    }

    fn is_listed(&self, grant: &Grant) -> bool {
        let has_ended = grant.ended.is_some_and(|it| self.has_arrived(it, it.listed));
        self.has_arrived(grant.made, grant.made.listed) && !has_ended
    }

    /// The key with which a step names a grant.
    pub(super) fn key(&self, number: usize, whose: Whose) -> Key {
        let own = self.pick(number).map_or(Key::Own, |it| self.grants[it].terms.key);
        match whose {
            Whose::Own => own,
            Whose::Wrong => own.other(),
        }
    }

    /// The grant that a step means; of none there are none.
    pub(super) fn pick(&self, number: usize) -> Option<usize> {
        number.checked_rem(self.grants.len())
    }
}

fn done_if(allowed: bool) -> Outcome {
    if allowed { Done } else { DENIED }
}

fn satisfies(context: Context, terms: &Terms) -> bool {
    match terms.constraint {
        None => true,
        Some((Order::Equals, pairs)) => pairs == context,
        Some((Order::Subset, pairs)) => pairs.pairs().is_subset(&context.pairs()),
    }
}

/// Pairs may be added to a subset, a subset may become an equality, nothing may be dropped (section 4).
fn is_as_strict(child: &Terms, parent: &Terms) -> bool {
    match (parent.constraint, child.constraint) {
        (None, _) => true,
        (Some(_), None) | (Some((Order::Equals, _)), Some((Order::Subset, _))) => false,
        (Some((Order::Equals, theirs)), Some((Order::Equals, ours))) => theirs == ours,
        (Some((Order::Subset, theirs)), Some((_, ours))) => theirs.pairs().is_subset(&ours.pairs()),
    }
}
