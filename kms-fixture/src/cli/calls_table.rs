//! The table of calls in a terminal: colours, and a width that fits. Elsewhere it is that of a failing test.

use comfy_table::{Attribute, CellAlignment, Color};

use super::terminal::{self, Painted, cell};
use crate::fixture::{Call, Calls};

/// Returns the table of all calls.
pub(super) fn all(calls: &Calls) -> Painted {
    if !terminal::is_shown() || calls.is_empty() {
        let mut painted = Painted::default();
        painted.plain(&calls.to_string());
        return painted;
    }
    some(calls, 1..=calls.len(), &[])
}

/// Returns the table of some calls by their numbers, from 1. Those in `marked` have a mark.
pub(super) fn some(
    calls: &Calls,
    numbers: impl Iterator<Item = usize>,
    marked: &[usize],
) -> Painted {
    let mut table = terminal::table(["#", "caller", "operation", "on", "outcome"]);
    for number in numbers {
        let Some(call) = number.checked_sub(1).and_then(|at| calls.get(at)) else {
            continue;
        };
        let is_marked = marked.contains(&number);
        let number = format!("{}{number}", if is_marked { "> " } else { "" });
        // Around a marked call, the codes are enough.
        let row = row(call, &number, marked.is_empty());
        table.add_row(row.map(|it| if is_marked { it.add_attribute(Attribute::Bold) } else { it }));
    }
    let mut painted = Painted::default();
    painted.table(&table);
    painted
}

fn row(call: &Call, number: &str, messages: bool) -> [comfy_table::Cell; 5] {
    let outcome = match (call.error_code(), call.error_message()) {
        (None, _) => cell("ok").fg(Color::Green),
        (Some(code), Some(message)) if messages => {
            cell(&format!("{code}: {message}")).fg(Color::Red)
        }
        (Some(code), _) => cell(code).fg(Color::Red),
    };
    [
        cell(number).set_alignment(CellAlignment::Right),
        cell(call.caller().unwrap_or("-")),
        cell(call.operation()),
        cell(call.target().unwrap_or("-")),
        outcome,
    ]
}
