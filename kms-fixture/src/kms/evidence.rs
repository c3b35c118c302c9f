//! The evidence of a refusal: plain values with identifiers, which the journal keeps and shows in sentences. It never
//! reaches an answer.

use std::time::{Duration, SystemTime};

use crate::model::{ContextConstraint, EncryptionContext, GrantOperation};

/// The evidence of a refusal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Evidence {
    /// The IAM action, such as `kms:Decrypt`; empty if no permission was asked for.
    pub(crate) action: String,
    /// The ARN of the resource, or `*`.
    pub(crate) resource: String,
    pub(crate) findings: Vec<Finding>,
}

/// A finding of the authorizer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// A grant that comes near.
    Grant(NearGrant),
    /// The number of further grants for the caller on the key.
    MoreGrants(usize),
    /// A grant that the request names and that cannot be seen.
    Named(NearGrant),
    /// A grant whose retirement was refused.
    Retirement(Retirement),
    /// The policies.
    Policies(Policies),
    /// A key or a grant of another account, which a denial hides.
    Hidden(Hidden),
    /// A key that has not arrived.
    Key(Arrival),
    /// The request passes after this time on the fixture's clock.
    Time(Duration),
    /// A signature for another Region.
    /// `by` is the declared name of the signer.
    Scope { signed: String, region: String, by: Option<String> },
    /// A request quota that is used up.
    Quota(Box<Exceeded>),
    /// A ciphertext that the call cannot open.
    Ciphertext(Unopened),
    /// No alias has the name of the request; this one is near.
    NearAlias(String),
    /// The key that the request names is in these Regions, and not in `here`, where the call went.
    Elsewhere { regions: Vec<String>, here: String },
    /// Credentials that have expired for this long; `by` is the declared name of their principal.
    Expired { ago: Duration, by: String },
}

/// Why a ciphertext cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unopened {
    /// The bytes are not a symmetric ciphertext of KMS.
    Foreign,
    /// The encryption context of the call, if it is a ciphertext of its key.
    Context(EncryptionContext),
    /// The ARN of the key that made it.
    Key(String),
}

/// A grant and what it lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NearGrant {
    /// 64 hex digits.
    pub(crate) id: String,
    /// The grantee's ARN, or the unique id of a deleted principal.
    pub(crate) grantee: String,
    pub(crate) operations: Vec<GrantOperation>,
    /// The operation that the request needs.
    pub(crate) wanted: Option<GrantOperation>,
    pub(crate) lacks: Vec<Lack>,
}

/// A reason why a grant does not allow a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    /// The grantee is another principal.
    Grantee,
    /// The wanted operation.
    Operation,
    /// Operations of a grant that the request would create.
    Operations(Vec<GrantOperation>),
    /// Another encryption context.
    Context { needs: ContextConstraint, has: EncryptionContext },
    /// A grant that the request would create has weaker constraints.
    Constraints,
    /// Another `aws:SourceArn`.
    Source { needs: String, has: Option<String> },
    /// The grant has not arrived, and the request has no token of it.
    Arrival(Arrival),
    /// The grant has ended, by the request with this number.
    Ended(Option<u64>),
    /// Another policy must allow the request as well.
    Policy(Owner),
}

/// A request quota that is used up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exceeded {
    /// The calls that it counts: an operation, or a description of several.
    pub(crate) quota: String,
    /// The calls in a second.
    pub(crate) limit: u32,
    pub(crate) account: String,
    pub(crate) region: String,
    /// The numbers of the first requests that it has counted in this second.
    pub(crate) first: Vec<u64>,
    /// The number of calls that it has counted in this second.
    pub(crate) calls: u64,
    /// How long this second lasts.
    pub(crate) left: Duration,
}

/// A change that a request does not see yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arrival {
    pub(crate) since: SystemTime,
    pub(crate) until: SystemTime,
    pub(crate) now: SystemTime,
    /// Whether the request sees only settled changes.
    pub(crate) is_stale: bool,
}

/// A kind of policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Identity,
    Boundary,
    Session,
}

/// The answer of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Denies,
    Allows,
    Silent,
    /// A statement would allow the request if its conditions held.
    SilentByCondition,
    /// A statement allows the action on other resources only.
    SilentByResource,
}

/// The answers of all policies. `None`: there is no such policy, or it does not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Policies {
    pub(crate) identity: Option<Said>,
    pub(crate) boundary: Option<Said>,
    pub(crate) session: Option<Said>,
    pub(crate) key: Option<KeyPolicySaid>,
}

/// The answer of a key policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyPolicySaid {
    Denies,
    /// It allows the request to the caller or the caller's role.
    Allows,
    /// It allows the request to the caller's account, whose policies decide.
    TrustsAccount,
    Silent,
    /// It would allow the request to the caller or its account if conditions held.
    SilentByCondition,
}

/// A refused retirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Retirement {
    pub(crate) id: String,
    pub(crate) retiring: Option<String>,
    /// Whether the grant names the caller as its retiring principal.
    pub(crate) is_retiring: bool,
    /// Whether the grant names the caller as its grantee.
    pub(crate) is_grantee: bool,
    /// Whether the grantee may retire the grant.
    pub(crate) grantee_may: bool,
}

/// A resource that a denial hides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hidden {
    /// The key exists, and the operation is only for its own account.
    OtherAccount,
    /// The account has no such key in this Region.
    NoKey,
    /// The account has no such alias in this Region.
    NoAlias,
    /// The grant does not exist.
    NoGrant,
}

impl Arrival {
    /// Returns how long it takes until the change arrives; `None` for a request that sees only settled changes.
    pub(crate) fn left(&self) -> Option<Duration> {
        self.until.duration_since(self.now).ok().filter(|_| !self.is_stale)
    }
}

impl Finding {
    /// Returns whether the request waits for a change to arrive.
    fn is_of_time(&self) -> bool {
        match self {
            Self::Time(_) => true,
            Self::Key(arrival) => arrival.left().is_some(),
            Self::Named(grant) => match grant.lacks.as_slice() {
                [Lack::Arrival(arrival)] => arrival.left().is_some(),
                _ => false,
            },
            _ => false,
        }
    }
}

impl Evidence {
    /// Returns the finding from which it follows that the request lacks nothing but time.
    pub(crate) fn of_time(&self) -> Option<&Finding> {
        // A denial that hides a key or a grant remains one when it arrives, for all that is known.
        let is_hidden = !self.action.is_empty();
        let mut findings = self.findings.iter().filter(|it| it.is_of_time());
        findings.find(|it| matches!(it, Finding::Time(_)) || !is_hidden)
    }

    /// Returns evidence with one finding and without a permission.
    pub(crate) fn of(finding: Finding) -> Self {
        Self { findings: vec![finding], ..Self::default() }
    }
}
