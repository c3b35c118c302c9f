//! A call, as a test reads it.

use std::fmt;
use std::ops::Deref;

use serde::Serialize;
use serde_json::Value;

use super::lens::tidied;
use super::{Lens, Names, Raw, table};

/// One call that a client made, with declared names in place of identifiers.
///
/// It serializes, so that a test can compare or snapshot it.
///
/// ```
/// use kms_fixture::Fixture;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
/// # runtime.block_on(async {
/// let kms = Fixture::builder().start()?;
/// let client = aws_sdk_kms::Client::new(&kms.sdk_config());
/// client.list_keys().send().await?;
///
/// let calls = kms.calls();
/// assert_eq!((calls[0].caller(), calls[0].operation()), (Some("admin"), "ListKeys"));
/// assert!(calls[0].is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Call {
    caller: Option<String>,
    operation: String,
    input: Value,
    #[serde(skip_serializing_if = "Value::is_null")]
    output: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl Call {
    /// The declared name of the caller; none if the request could not be authenticated.
    pub fn caller(&self) -> Option<&str> {
        self.caller.as_deref()
    }

    /// The operation, such as `RetireGrant`; for a request that names none, its method and path.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// The input, with names in place of identifiers; `null` if it was no JSON.
    pub fn input(&self) -> &Value {
        &self.input
    }

    /// The output, with names in place of identifiers; `null` for an error and for an answer without a body.
    pub fn output(&self) -> &Value {
        &self.output
    }

    /// The code of the error that was answered, such as `AccessDeniedException`.
    pub fn error_code(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// The message of the error that was answered, with names in place of identifiers.
    pub fn error_message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Whether the call succeeded.
    pub fn is_ok(&self) -> bool {
        self.error.is_none()
    }

    /// What the call was about, in a word or two: the grant, the key, the alias or the principal that it names.
    pub fn target(&self) -> Option<&str> {
        let members = [
            "GrantId",
            "GrantToken",
            "AliasName",
            "KeyId",
            "DestinationKeyId",
            "RetiringPrincipal",
        ];
        let named = members.iter().find_map(|it| self.input.get(*it)?.as_str());
        // What CreateKey makes is what it is about; a ciphertext names its key, but only the answer says which.
        let made = self.output.get("KeyMetadata").unwrap_or(&self.output);
        named.or_else(|| made.get("KeyId")?.as_str())
    }

    fn read(raw: &Raw, names: &mut Names) -> Self {
        let input: Value = serde_json::from_slice(&raw.input).unwrap_or_default();
        let output: Value = serde_json::from_slice(&raw.output).unwrap_or_default();
        names.discover(&input);
        names.discover(&output);
        Self::of(raw, names.rename_all(input), names.rename_all(output))
    }

    /// A call whose input and output have names.
    fn of(raw: &Raw, input: Value, output: Value) -> Self {
        let mut call = Self {
            caller: raw.caller.clone(),
            operation: raw.operation.clone(),
            input,
            output: Value::Null,
            error: None,
            message: None,
        };
        if raw.status == 200 {
            // Nothing, and an object of nothing, say the same.
            let is_empty = output.as_object().is_some_and(serde_json::Map::is_empty);
            call.output = if is_empty { Value::Null } else { output };
        } else {
            let text = |member| output.get(member).and_then(Value::as_str).map(str::to_owned);
            call.error = text("__type").or_else(|| Some(raw.status.to_string()));
            call.message = text("message").or_else(|| text("Message"));
        }
        call
    }
}

/// The calls of a fixture, in the order in which they were answered.
///
/// Displayed, it is the table that a failing test prints last: who, operation, on what, outcome.
///
/// ```
/// let kms = kms_fixture::Fixture::builder().start().unwrap();
/// assert!(kms.calls().is_empty());
/// assert_eq!(kms.calls().to_string(), "no calls\n");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Calls {
    calls: Vec<Call>,
    #[serde(skip)]
    dropped: u64,
}

impl Calls {
    pub(super) fn read<'a>(
        raw: impl Iterator<Item = &'a Raw>,
        dropped: u64,
        mut names: Names,
    ) -> Self {
        Self { calls: raw.map(|it| Call::read(it, &mut names)).collect(), dropped }
    }

    /// The calls but the last, and the output of that.
    #[cfg(feature = "macros")]
    pub(super) fn without_last(mut self) -> (Self, Value) {
        let last = self.calls.pop().map(|it| it.output);
        (self, last.unwrap_or_default())
    }

    pub(super) fn redacted<'a>(
        raw: impl IntoIterator<Item = &'a Raw, IntoIter: Clone>,
        dropped: u64,
        lens: &Lens,
    ) -> Self {
        let raw = raw.into_iter();
        let (values, names) = lens.look(raw.clone());
        let shown = |value| tidied("", names.rename_all(value));
        let calls = raw.zip(values);
        Self {
            calls: calls
                .map(|(raw, (input, output))| Call::of(raw, shown(input), shown(output)))
                .collect(),
            dropped,
        }
    }

    /// How many calls came before the first one here: a fixture keeps the last 10,000, and no more than 64 MiB
    /// of inputs and outputs.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }
}

impl Deref for Calls {
    type Target = [Call];

    fn deref(&self) -> &[Call] {
        &self.calls
    }
}

impl fmt::Display for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        table::write(f, self)
    }
}
