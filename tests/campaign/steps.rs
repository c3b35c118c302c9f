//! What a case consists of: the account, the faults, the traffic, and the end of the recording.

use std::fmt;

/// A key of the lived-in account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Orders,
    Ledger,
    Spare,
    Archive,
    Doomed,
    Global,
    Outside,
    Signer,
    Mac,
    Foreign,
}

impl Key {
    pub(crate) const ALL: [Self; 10] = [
        Self::Orders,
        Self::Ledger,
        Self::Spare,
        Self::Archive,
        Self::Doomed,
        Self::Global,
        Self::Outside,
        Self::Signer,
        Self::Mac,
        Self::Foreign,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Ledger => "ledger",
            Self::Spare => "spare",
            Self::Archive => "archive",
            Self::Doomed => "doomed",
            Self::Global => "global",
            Self::Outside => "outside",
            Self::Signer => "signer",
            Self::Mac => "mac",
            Self::Foreign => "foreign",
        }
    }

    /// Returns whether it encrypts, now.
    pub(crate) fn encrypts(self) -> bool {
        !matches!(self, Self::Signer | Self::Mac)
    }
}

/// A caller of the recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Admin,
    Worker,
    Janitor,
    Auditor,
    Alice,
}

impl Who {
    pub(crate) const ALL: [Self; 5] =
        [Self::Admin, Self::Worker, Self::Janitor, Self::Auditor, Self::Alice];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Worker => "worker",
            Self::Janitor => "janitor",
            Self::Auditor => "auditor",
            Self::Alice => "alice",
        }
    }
}

/// An encryption context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Context {
    Empty,
    Tenant,
    Other,
    More,
}

/// How a call names a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Id,
    Arn,
    Alias,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    pub(crate) key: Key,
    pub(crate) grantee: Who,
    pub(crate) retiring: Option<Who>,
    pub(crate) operations: Vec<&'static str>,
    /// Whether the context has to be equal, and the context.
    pub(crate) constraint: Option<(bool, Context)>,
    pub(crate) name: Option<&'static str>,
}

/// A call; numbers refer to what earlier calls made, modulo how many there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Create(Terms, bool),
    Again(usize),
    /// A CreateGrant with the name and the terms of a grant that was there before.
    Nightly,
    List(Key),
    ListFor(Key, Who),
    ListOne(usize),
    Pages(Key),
    ListRetirable(Who),
    RetireByToken(usize, bool),
    RetireById(usize, bool),
    Revoke(usize, bool),
    RevokeUnknown(Key),
    /// The end of another one's grant, which a recording must refuse.
    RevokeForeign(usize),
    Describe(Key, Form),
    Read(&'static str, Key),
    ListAliases,
    ListKeys,
    Encrypt(Key, Context, Option<usize>),
    Decrypt(usize, Option<Context>, Option<usize>),
    DataKey(Key, Context),
    ReEncrypt(usize, Key),
    Sign(Key),
    Mac(Key),
    Random,
    Enable(Key),
    Disable(Key),
    Describing(Key, &'static str),
    Tag(Key),
    Untag(Key),
    Alias(Key),
    Unalias(Key),
    Rotate(Key, bool),
}

impl Call {
    /// Returns the key that the call names, if it names one itself.
    pub(crate) fn key(&self) -> Option<Key> {
        match self {
            Self::Create(terms, _) => Some(terms.key),
            Self::List(key)
            | Self::ListFor(key, _)
            | Self::Pages(key)
            | Self::RevokeUnknown(key)
            | Self::Describe(key, _)
            | Self::Read(_, key)
            | Self::Encrypt(key, ..)
            | Self::DataKey(key, _)
            | Self::ReEncrypt(_, key)
            | Self::Sign(key)
            | Self::Mac(key) => Some(*key),
            _ => self.changes(),
        }
    }

    /// Returns the key that the call may change.
    pub(crate) fn changes(&self) -> Option<Key> {
        match self {
            Self::Enable(key)
            | Self::Disable(key)
            | Self::Describing(key, _)
            | Self::Tag(key)
            | Self::Untag(key)
            | Self::Alias(key)
            | Self::Unalias(key)
            | Self::Rotate(key, _) => Some(*key),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) who: Who,
    pub(crate) call: Call,
    /// Whether the client tries again, as an SDK does, with one invocation id.
    pub(crate) retries: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Throttled,
    InternalBefore,
    InternalAfter,
    Unavailable,
    LostAnswer,
    Truncated,
    Slow,
    Broken,
    /// A principal that has not arrived yet, at a CreateGrant.
    NoPrincipalYet,
    /// A list with the unique id of the grantee, in place of the ARN.
    UniqueId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Closed,
    Interrupted,
    Terminated,
    /// The upstream ends before the recording.
    UpstreamDies,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Case {
    /// How the recorder's scenario binds its keys; nothing for a recording without a scenario.
    pub(crate) bound_by: Option<Form>,
    /// The delays of changes, and of lists, in seconds.
    pub(crate) lag: Option<(u32, u32)>,
    /// The seconds that pass with each request.
    pub(crate) pace: u64,
    /// Whether lists contain grants in AWS's recorded forms.
    pub(crate) has_aws_forms: bool,
    /// Whether the cassette exists, and asks for the order of the operations of grants.
    pub(crate) is_ordered: bool,
    /// The faults, by the number of the request to the upstream.
    pub(crate) faults: Vec<(usize, Fault)>,
    pub(crate) threads: usize,
    pub(crate) steps: Vec<Step>,
    pub(crate) ending: Ending,
}

/// One line for each fact and each step.
impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.bound_by {
            Some(form) => writeln!(f, "with a scenario, keys bound by {form:?}")?,
            None => writeln!(f, "without a scenario")?,
        }
        if let Some((seconds, list_seconds)) = self.lag {
            let pace = self.pace;
            writeln!(
                f,
                "lag of {seconds} s, in lists {list_seconds} s; {pace} s for each request"
            )?;
        }
        if self.has_aws_forms {
            writeln!(f, "with grants in AWS's recorded forms on orders and spare")?;
        }
        if self.is_ordered {
            writeln!(f, "with the order of `Operations`")?;
        }
        for (at, fault) in &self.faults {
            writeln!(f, "fault at request {at}: {fault:?}")?;
        }
        if self.threads > 1 {
            writeln!(f, "on {} threads", self.threads)?;
        }
        for (at, step) in self.steps.iter().enumerate() {
            let Step { who, call, retries } = step;
            let sdk = if *retries { " (with an SDK's retries)" } else { "" };
            writeln!(f, "{at}. {who:?}: {call:?}{sdk}")?;
        }
        write!(f, "end: {:?}", self.ending)
    }
}
