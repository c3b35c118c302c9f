//! The environment: one vocabulary of variables, read at run time, in this file alone.
//!
//! | variable | values | what it does |
//! |---|---|---|
//! | `KMS_FIXTURE` | `fake` | where answers come from; `replay` and `record` are refused until this version has cassettes |

use crate::report::Error;

const VARIABLE: &str = "KMS_FIXTURE";

/// Checks that the mode asked for is one that this version has.
///
/// # Errors
///
/// Another value than `fake`.
pub(crate) fn check_mode() -> Result<(), Error> {
    match std::env::var_os(VARIABLE) {
        None => Ok(()),
        Some(value) => check(&value.to_string_lossy()),
    }
}

fn check(value: &str) -> Result<(), Error> {
    match value {
        "fake" => Ok(()),
        "replay" | "record" => Err(Error::new(format!(
            "`{VARIABLE}={value}`: this version of kms-fixture has no cassettes yet and cannot {value}\n\
             help: unset `{VARIABLE}`, or set it to `fake`"
        ))),
        other => Err(Error::new(format!(
            "`{VARIABLE}={other}` is not a mode\nhelp: legal values are `fake`, `replay` and `record`"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_wrong_mode_is_refused_with_the_variable_and_the_legal_values() {
        assert!(check("fake").is_ok());
        let refused = check("recrod").unwrap_err().to_string();
        assert!(
            refused.contains("KMS_FIXTURE=recrod") && refused.contains("`record`"),
            "{refused}"
        );
        assert!(
            check("replay")
                .unwrap_err()
                .to_string()
                .contains("no cassettes yet")
        );
    }
}
