//! Request quotas.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::fields::Field;
use super::mistakes::{At, Mistakes};
use crate::model::declare::{AWS, Opt, nothing_in, quota};

/// Request quotas, as in `quotas(aws, CreateGrant = 2)`: how many calls KMS answers in a second, for each account that
/// calls and each Region. A call beyond a quota gets a ThrottlingException and has no effect.
///
/// AWS's quotas are those of its Developer Guide (facts 15.12 and 15.13). A quota of an operation counts its calls
/// alone, and takes the place of AWS's quota of that operation. The quotas `symmetric`, `rsa`, `ecc` and `ml_dsa` count
/// all cryptographic operations on keys of that kind, beside a quota of the operation.
///
/// ```
/// use kms_fixture::scenario::Quotas;
/// use kms_fixture::{Fixture, Operation};
///
/// let kms = Fixture::builder().quotas(Quotas::aws().with(Operation::CreateGrant, 2)).start()?;
/// let only_one = Fixture::builder().quotas(Quotas::new().with("symmetric", 10)).start()?;
///
/// let wrong = Fixture::builder().quotas(Quotas::new().with("CreatGrant", 2)).start().unwrap_err();
/// assert!(wrong.to_string().contains("a quota with a similar name exists: `CreateGrant`"));
/// # Ok::<(), kms_fixture::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "quotas do nothing until they are passed to a builder"]
pub struct Quotas {
    aws: bool,
    own: BTreeMap<String, u32>,
}

impl Quotas {
    /// Returns no quotas.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns AWS's quotas.
    pub fn aws() -> Self {
        Self { aws: true, ..Self::default() }
    }

    /// Sets one quota: an [`Operation`](crate::Operation) or its name, or `symmetric`, `rsa`, `ecc` or `ml_dsa`; and the
    /// calls in a second, 1 to 1,000,000. The start of the fixture fails for other names and numbers.
    pub fn with(mut self, quota: impl AsRef<str>, calls: u32) -> Self {
        self.own.insert(quota.as_ref().to_owned(), calls);
        self
    }

    /// Returns whether there are quotas.
    pub(crate) fn are_set(&self) -> bool {
        *self != Self::default()
    }

    /// Returns whether AWS's quotas apply.
    pub(crate) fn has_those_of_aws(&self) -> bool {
        self.aws
    }

    /// Returns the quotas that are set one by one, each with the calls in a second.
    pub(crate) fn own(&self) -> &BTreeMap<String, u32> {
        &self.own
    }
}

/// `"aws"`, or an object with numbers of calls, and `"aws": true` for AWS's others.
impl Field for Quotas {
    fn read(&mut self, opt: &Opt, at: &str, value: &Value, mistakes: &mut Mistakes) {
        match value {
            Value::String(word) if word == AWS => self.aws = true,
            Value::String(word) => mistakes.extend(at, quota(word, None)),
            Value::Object(members) if members.is_empty() => {
                mistakes.add(at, &nothing_in(opt.name, "quota"));
            }
            Value::Object(members) => {
                for (name, value) in members {
                    let at = format!("{at}.{name}");
                    match (name.as_str(), value) {
                        (AWS, Value::Bool(aws)) => self.aws = *aws,
                        (AWS, other) => mistakes.wrong_type(&at, "true or false", other),
                        (name, value) => {
                            let calls = value.as_u64();
                            mistakes.extend(&at, quota(name, calls));
                            if let Some(calls) = calls.and_then(|it| u32::try_from(it).ok())
                                && quota(name, Some(calls.into())).is_none()
                            {
                                self.own.insert(name.to_owned(), calls);
                            }
                        }
                    }
                }
            }
            other => mistakes.wrong_type(at, "`aws` or an object", other),
        }
    }

    fn write(&self, _: &Opt) -> Option<Value> {
        if self.own.is_empty() {
            return self.aws.then(|| AWS.into());
        }
        let aws = self.aws.then(|| (AWS.to_owned(), true.into()));
        let own = self.own.iter().map(|(name, calls)| (name.clone(), (*calls).into()));
        Some(aws.into_iter().chain(own).collect::<Map<_, _>>().into())
    }

    fn check(&self, _: &Opt, at: &At<'_>, mistakes: &mut Mistakes) {
        for (name, calls) in &self.own {
            mistakes.extend_at(at.member(name), quota(name, Some((*calls).into())));
        }
    }
}
