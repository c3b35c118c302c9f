//! Faults: calls that go wrong, and the calls that each fault strikes.

use std::time::Duration;

use serde_json::{Map, Value};

use super::fields::{self, Field, Fields, fields};
use super::mistakes::{At, Mistakes};
use crate::api::operation_names::Operation;
use crate::model::declare::{
    FAULTS, Language, Message, Opt, Place, Shape, fault_lacks, fault_place, unknown_choice,
};

/// The kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    Throttled,
    LimitExceeded,
    Internal,
    DependencyTimeout,
    Unavailable,
    LostRequest,
    LostAnswer,
    Late,
    Error,
    /// The call sees data from before changes that take time; only in explorations.
    Stale,
    /// The session's credentials have expired; only in explorations.
    Expired,
}

impl FaultKind {
    /// Every kind.
    pub(crate) const ALL: [Self; 11] = [
        Self::Throttled,
        Self::LimitExceeded,
        Self::Internal,
        Self::DependencyTimeout,
        Self::Unavailable,
        Self::LostRequest,
        Self::LostAnswer,
        Self::Late,
        Self::Error,
        Self::Stale,
        Self::Expired,
    ];

    /// Returns the word for this kind.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::LimitExceeded => "limit_exceeded",
            Self::Internal => "internal",
            Self::DependencyTimeout => "dependency_timeout",
            Self::Unavailable => "unavailable",
            Self::LostRequest => "lost_request",
            Self::LostAnswer => "lost_answer",
            Self::Late => "late",
            Self::Error => "error",
            Self::Stale => "stale",
            Self::Expired => "expired",
        }
    }

    /// Returns the kind of this word.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// A fault: what goes wrong, and the attempts that it strikes. Default: the first attempt of any call.
///
/// Every request is an attempt, also each retry of an SDK. A request that names no operation of KMS, or whose signature is
/// not valid, is none. If several faults could strike an attempt, the first declared one does, and the others strike a
/// later one.
///
/// ```
/// use kms_fixture::{Fault, Fixture, Operation};
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
/// # runtime.block_on(async {
/// let kms = Fixture::builder().fault(Fault::throttled().operation(Operation::ListKeys).times(2)).start()?;
/// let client = aws_sdk_kms::Client::new(&kms.sdk_config());
/// client.list_keys().send().await?; // the SDK tries it three times
///
/// let faults: Vec<_> = kms.calls().iter().map(|it| it.fault().map(str::to_owned)).collect();
/// assert_eq!(faults, [Some("throttled".to_owned()), Some("throttled".to_owned()), None]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a fault does nothing until it is passed to a fixture"]
pub struct Fault {
    pub(crate) kind: FaultKind,
    pub(crate) operation: Option<Operation>,
    pub(crate) caller: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) call: Option<u32>,
    pub(crate) times: Option<u32>,
    pub(crate) every: Option<u32>,
    pub(crate) millis: Option<u32>,
    pub(crate) code: Option<String>,
    pub(crate) status: Option<u32>,
    pub(crate) message: Option<String>,
}

fields!(Fault { operation, caller, key, call, times, every, millis, code, status, message });

impl Fault {
    pub(crate) fn new(kind: FaultKind) -> Self {
        Self {
            kind,
            operation: None,
            caller: None,
            key: None,
            call: None,
            times: None,
            every: None,
            millis: None,
            code: None,
            status: None,
            message: None,
        }
    }

    /// Refuses the call with 400 `ThrottlingException` and AWS's text (fact 15.1). It takes no effect.
    pub fn throttled() -> Self {
        Self::new(FaultKind::Throttled)
    }

    /// Refuses the call with 400 `LimitExceededException`. It takes no effect.
    pub fn limit_exceeded() -> Self {
        Self::new(FaultKind::LimitExceeded)
    }

    /// Refuses the call with 500 `KMSInternalException`. It takes no effect.
    pub fn internal() -> Self {
        Self::new(FaultKind::Internal)
    }

    /// Refuses the call with 500 `DependencyTimeoutException`. It takes no effect.
    pub fn dependency_timeout() -> Self {
        Self::new(FaultKind::DependencyTimeout)
    }

    /// Refuses the call with 503 and a body in HTML. It takes no effect.
    pub fn unavailable() -> Self {
        Self::new(FaultKind::Unavailable)
    }

    /// Resets the connection before the call, which takes no effect.
    pub fn lost_request() -> Self {
        Self::new(FaultKind::LostRequest)
    }

    /// Resets the connection after the call has taken effect.
    pub fn lost_answer() -> Self {
        Self::new(FaultKind::LostAnswer)
    }

    /// Delays the answer to a call that takes effect: it comes `by` later by the fixture's clock, in whole milliseconds, at most a
    /// day. Over a socket the delay is real.
    pub fn late(by: Duration) -> Self {
        let millis = u32::try_from(by.as_millis()).unwrap_or(u32::MAX);
        Self { millis: Some(millis), ..Self::new(FaultKind::Late) }
    }

    /// Refuses the call with this code, HTTP status (400 to 599) and message. It takes no effect. With an empty message,
    /// the answer has none.
    ///
    /// ```
    /// use kms_fixture::{Fault, Operation};
    ///
    /// let fault = Fault::error("KeyUnavailableException", 500, "The key is busy.").operation(Operation::Decrypt);
    /// # let _ = fault;
    /// ```
    pub fn error(code: impl Into<String>, status: u16, message: impl Into<String>) -> Self {
        Self {
            code: Some(code.into()),
            status: Some(status.into()),
            message: Some(message.into()).filter(|it: &String| !it.is_empty()),
            ..Self::new(FaultKind::Error)
        }
    }

    /// Strikes only calls of this operation.
    pub fn operation(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Strikes only calls of this declared role or user, or of `admin`.
    pub fn caller(mut self, caller: impl AsRef<str>) -> Self {
        self.caller = Some(caller.as_ref().to_owned());
        self
    }

    /// Strikes only calls that use this declared key: by its id, its ARN or an alias, by a grant of it, or by a
    /// ciphertext.
    pub fn key(mut self, key: impl AsRef<str>) -> Self {
        self.key = Some(key.as_ref().to_owned());
        self
    }

    /// Strikes from the attempt `number` on of those that match, counted from 1. Default: 1, or the value of
    /// [`every`](Self::every).
    pub fn call(mut self, number: u32) -> Self {
        self.call = Some(number);
        self
    }

    /// Sets the number of attempts that it strikes. Default: 1; no limit with [`every`](Self::every).
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Strikes only every second, third, .. attempt that matches; 1 is each.
    pub fn every(mut self, every: u32) -> Self {
        self.every = Some(every);
        self
    }

    /// Returns the options that a fault of this kind has.
    fn place(&self) -> &'static Place {
        fault_place(self.kind.word())
    }

    /// Describes the fault by its options: `throttled(operation(RetireGrant), times = 2)`.
    pub(crate) fn described(&self) -> String {
        let options = self.place().options.iter().filter_map(|opt| {
            let field = self.all().into_iter().find(|it| it.0 == opt.name)?.1;
            Some(match (opt.shape, field.write(opt)?) {
                (Shape::Text(_), text) => format!("{} = {text}", opt.name),
                (_, Value::String(word)) => format!("{}({word})", opt.name),
                (_, value) => format!("{} = {value}", opt.name),
            })
        });
        let options: Vec<_> = options.collect();
        if options.is_empty() {
            return self.kind.word().to_owned();
        }
        format!("{}({})", self.kind.word(), options.join(", "))
    }
}

/// The member that names the kind of a fault.
const MEMBER: &str = "fault";

/// Reads a list of faults.
///
/// # Errors
///
/// The mistakes in its form, with their JSON paths.
pub(crate) fn read_faults(value: &Value) -> Result<Vec<Fault>, String> {
    let mut found = Mistakes::default();
    let mut faults = Vec::new();
    read_all(&mut faults, "$", value, &mut found);
    if found.0.is_empty() { Ok(faults) } else { Err(found.0.join("\n")) }
}

fn read_all(faults: &mut Vec<Fault>, at: &str, value: &Value, mistakes: &mut Mistakes) {
    let Value::Array(values) = value else {
        return mistakes.wrong_type(at, "a list of faults", value);
    };
    for (index, value) in values.iter().enumerate() {
        let fault = read_one(&format!("{at}[{index}]"), value, mistakes);
        // A fault that cannot be read keeps its place, for the paths of later mistakes.
        faults.push(fault.unwrap_or_else(Fault::throttled));
    }
}

fn read_one(at: &str, value: &Value, mistakes: &mut Mistakes) -> Option<Fault> {
    let Value::Object(members) = value else {
        mistakes.wrong_type(at, "an object", value);
        return None;
    };
    let Some(Value::String(word)) = members.get(MEMBER) else {
        match members.get(MEMBER) {
            Some(other) => mistakes.wrong_type(&format!("{at}.{MEMBER}"), "a string", other),
            None => mistakes.add(at, &Message::new(format!("a fault needs `{MEMBER}`"))),
        }
        return None;
    };
    let Some(kind) = kind(word) else {
        mistakes.add(&format!("{at}.{MEMBER}"), &unknown_choice(MEMBER, FAULTS, word));
        return None;
    };
    let mut fault = Fault::new(kind);
    let others = members.iter().filter(|it| it.0 != MEMBER);
    let others: Map<_, _> = others.map(|(name, it)| (name.clone(), it.clone())).collect();
    let place = fault.place();
    fields::read(&mut fault, place, at, &Value::Object(others), mistakes);
    Some(fault)
}

/// Returns the kind of this word, if declarations may have it.
fn kind(word: &str) -> Option<FaultKind> {
    FAULTS.iter().find(|it| it.word == word).and_then(|it| FaultKind::from_word(it.word))
}

pub(super) fn check_all(faults: &[Fault], at: &At<'_>, mistakes: &mut Mistakes) {
    for (index, fault) in faults.iter().enumerate() {
        let at = at.element(index);
        for missing in fields::check(fault, fault.place(), &at, mistakes) {
            let message = fault_lacks(fault.kind.word(), missing, Language::Scenario);
            mistakes.extend_at(at, [message]);
        }
    }
}

/// A list of objects.
impl Field for Vec<Fault> {
    fn read(&mut self, _: &Opt, at: &str, value: &Value, mistakes: &mut Mistakes) {
        read_all(self, at, value, mistakes);
    }

    fn write(&self, _: &Opt) -> Option<Value> {
        let written = self.iter().map(|it| {
            let mut members = fields::write(it, it.place());
            members.insert(MEMBER.to_owned(), it.kind.word().into());
            Value::Object(members)
        });
        (!self.is_empty()).then(|| written.collect())
    }

    fn check(&self, _: &Opt, at: &At<'_>, mistakes: &mut Mistakes) {
        check_all(self, at, mistakes);
    }
}
