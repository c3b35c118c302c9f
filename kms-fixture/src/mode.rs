//! The environment: one vocabulary of variables, read at run time, in this file alone.
//!
//! | variable | values | what it does |
//! |---|---|---|
//! | `KMS_FIXTURE` | `fake`, `replay`, `record` | where the answers of a test come from; unset, `replay` for a test that declares a cassette and `fake` for every other |
//! | `KMS_FIXTURE_UPSTREAM` | a URL | the service that is recorded, in place of AWS |
//! | `KMS_FIXTURE_ACCOUNT` | twelve digits | the only account that may be recorded |
//! | `KMS_FIXTURE_KEY_<NAME>` | key id, key ARN or alias | the live key that the declared key of this name stands for |
//! | `KMS_FIXTURE_PRINCIPAL_<NAME>` | profile name or role ARN | the live principal that the declared one of this name stands for |
//! | `KMS_FIXTURE_ORIGIN` | `aws`, `emulator`, `documentation`, `fake`, perhaps with `: name and version` | what a recording says it was made of |
//! | `KMS_FIXTURE_CONFIG` | a path | the settings of a recording, in place of the nearest `kms-fixture.toml` |
//! | `KMS_FIXTURE_ALLOW_CI_RECORD` | `1` | lets `CI` record |
//! | `CI` | anything | recording is refused |
//! | `AWS_CA_BUNDLE` | a path | certificates that are trusted beside the system's when recording over TLS |

use crate::report::Error;

/// Where the answers of a fixture come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The fake.
    Fake,
    /// A cassette, with the fake beside it.
    Replay,
    /// The live service.
    Record,
}

const VARIABLE: &str = "KMS_FIXTURE";
const ALLOW_CI: &str = "KMS_FIXTURE_ALLOW_CI_RECORD";

/// The value of a variable of the table; what is no Unicode counts as text with replacements.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|it| it.to_string_lossy().into_owned())
}

/// The mode of a test, which may have a cassette or not.
///
/// # Errors
///
/// A value that is no mode; recording in CI.
pub(crate) fn mode(has_cassette: bool) -> Result<Mode, Error> {
    let mode = decide(variable(VARIABLE).as_deref(), has_cassette)?;
    if mode == Mode::Record {
        allow_recording()?;
    }
    Ok(mode)
}

/// Refuses to record in CI, unless that is asked for.
///
/// # Errors
///
/// `CI` is set, and `KMS_FIXTURE_ALLOW_CI_RECORD` is not `1`.
pub(crate) fn allow_recording() -> Result<(), Error> {
    recording_in(variable("CI").as_deref(), variable(ALLOW_CI).as_deref())
}

fn decide(value: Option<&str>, has_cassette: bool) -> Result<Mode, Error> {
    match (value, has_cassette) {
        (None | Some("replay"), true) => Ok(Mode::Replay),
        (Some("record"), true) => Ok(Mode::Record),
        // A test without a cassette has nothing to replay, and nowhere to record to.
        (None | Some("fake" | "replay" | "record"), _) => Ok(Mode::Fake),
        (Some(other), _) => Err(Error::new(format!(
            "`{VARIABLE}={other}` is not a mode\nhelp: legal values are `fake`, `replay` and `record`"
        ))),
    }
}

fn recording_in(ci: Option<&str>, allowed: Option<&str>) -> Result<(), Error> {
    // Some shells leave the variable behind, empty or `false`.
    let in_ci = ci.is_some_and(|it| !it.is_empty() && it != "false" && it != "0");
    if in_ci && allowed != Some("1") {
        return Err(Error::new(format!(
            "recording is refused because `CI` is set: a recording is made by a person and reviewed\n\
             help: set `{ALLOW_CI}=1` if this machine may call the live service"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Mode, decide, recording_in};

    #[test]
    fn a_wrong_mode_is_refused_with_the_variable_and_the_legal_values() {
        for value in ["recrod", "", "Fake"] {
            let refused = decide(Some(value), true).unwrap_err().to_string();
            assert!(
                refused.contains(&format!("KMS_FIXTURE={value}")) && refused.contains("`record`"),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_test_without_a_cassette_is_always_against_the_fake() {
        for value in [None, Some("fake"), Some("replay"), Some("record")] {
            assert_eq!(decide(value, false).unwrap(), Mode::Fake);
        }
        assert_eq!(decide(None, true).unwrap(), Mode::Replay);
        assert_eq!(decide(Some("fake"), true).unwrap(), Mode::Fake);
        assert_eq!(decide(Some("record"), true).unwrap(), Mode::Record);
    }

    #[test]
    fn ci_does_not_record_unless_it_is_told_to() {
        assert!(recording_in(None, None).is_ok());
        assert!(recording_in(Some("false"), None).is_ok());
        assert!(recording_in(Some("true"), None).is_err());
        assert!(recording_in(Some("true"), Some("yes")).is_err());
        assert!(recording_in(Some("1"), Some("1")).is_ok());
    }
}
