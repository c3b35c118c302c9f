//! The table of calls that a failing test prints.

use std::fmt;

use super::Calls;

/// One line a call: who, operation, on what, outcome. Columns are padded; there is no other layout to need a crate.
pub(super) fn write(f: &mut fmt::Formatter<'_>, calls: &Calls) -> fmt::Result {
    if calls.is_empty() {
        return writeln!(f, "no calls");
    }
    if calls.dropped() > 0 {
        writeln!(f, "({} earlier calls are not kept)", calls.dropped())?;
    }
    let head = ["#", "caller", "operation", "on", "outcome"].map(str::to_owned);
    let rows: Vec<_> = std::iter::once(head)
        .chain(calls.iter().enumerate().map(|(at, call)| {
            let outcome = match (call.error_code(), call.error_message()) {
                (None, _) => "ok".to_owned(),
                (Some(code), None) => code.to_owned(),
                (Some(code), Some(message)) => format!("{code}: {message}"),
            };
            [
                (calls.dropped() + at as u64 + 1).to_string(),
                call.caller().unwrap_or("-").to_owned(),
                call.operation().to_owned(),
                call.target().unwrap_or("-").to_owned(),
                outcome,
            ]
        }))
        .collect();
    let width = |column: usize| rows.iter().map(|it| it[column].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2), width(3).min(60)];
    for [number, caller, operation, on, outcome] in &rows {
        writeln!(
            f,
            "{number:>0$}  {caller:<1$}  {operation:<2$}  {on:<3$}  {outcome}",
            widths[0], widths[1], widths[2], widths[3]
        )?;
    }
    Ok(())
}
