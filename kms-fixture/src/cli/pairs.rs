//! The pairs of calls in two recordings of the same code.

use crate::tape::cassette::Interaction;

/// A step from one list of calls to another.
pub(super) enum Step<'a> {
    Both(usize, &'a Interaction, usize, &'a Interaction),
    First(usize, &'a Interaction),
    Second(usize, &'a Interaction),
}

/// The largest table of pairs of calls. Recordings that would need a larger one are compared call by call.
const LARGEST_TABLE: usize = 25_000_000;

/// Pairs calls by their position.
fn in_order<'a>(first: &'a [Interaction], second: &'a [Interaction]) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    for at in 0..first.len().max(second.len()) {
        match (first.get(at), second.get(at)) {
            (Some(one), Some(other))
                if one.caller == other.caller && one.operation == other.operation =>
            {
                steps.push(Step::Both(at, one, at, other));
            }
            (one, other) => {
                steps.extend(one.map(|it| Step::First(at, it)));
                steps.extend(other.map(|it| Step::Second(at, it)));
            }
        }
    }
    steps
}

/// Pairs the longest common sequence of calls with the same caller and operation, and prefers pairs with the same
/// input.
pub(super) fn steps<'a>(first: &'a [Interaction], second: &'a [Interaction]) -> Vec<Step<'a>> {
    let same = |one: &Interaction, other: &Interaction| {
        let names = one.caller == other.caller && one.operation == other.operation;
        match (names, names && one.input() == other.input()) {
            (_, true) => 3,
            (true, false) => 2,
            (false, _) => 0,
        }
    };
    // The common head and tail need no table.
    let head = first.iter().zip(second).take_while(|(one, other)| same(one, other) == 3).count();
    let (rows, columns) = (&first[head..], &second[head..]);
    let tail = rows
        .iter()
        .rev()
        .zip(columns.iter().rev())
        .take_while(|(one, other)| same(one, other) == 3)
        .count();
    let (rows, columns) = (&rows[..rows.len() - tail], &columns[..columns.len() - tail]);
    if rows.len().saturating_mul(columns.len()) > LARGEST_TABLE {
        return in_order(first, second);
    }
    let mut best = vec![vec![0_u32; columns.len() + 1]; rows.len() + 1];
    for (i, one) in rows.iter().enumerate().rev() {
        for (j, other) in columns.iter().enumerate().rev() {
            let paired = match same(one, other) {
                0 => 0,
                worth => best[i + 1][j + 1] + worth,
            };
            best[i][j] = paired.max(best[i + 1][j]).max(best[i][j + 1]);
        }
    }
    let mut steps: Vec<_> =
        (0..head).map(|at| Step::Both(at, &first[at], at, &second[at])).collect();
    let (mut i, mut j) = (0, 0);
    while i < rows.len() || j < columns.len() {
        let pair = match (rows.get(i), columns.get(j)) {
            (Some(one), Some(other)) => {
                let worth = same(one, other);
                (worth > 0 && best[i][j] == best[i + 1][j + 1] + worth).then_some((one, other))
            }
            _ => None,
        };
        if let Some((one, other)) = pair {
            steps.push(Step::Both(head + i, one, head + j, other));
            (i, j) = (i + 1, j + 1);
        } else if i < rows.len() && (j == columns.len() || best[i + 1][j] >= best[i][j + 1]) {
            steps.push(Step::First(head + i, &rows[i]));
            i += 1;
        } else {
            steps.push(Step::Second(head + j, &columns[j]));
            j += 1;
        }
    }
    let (from, to) = (first.len() - tail, second.len() - tail);
    steps.extend(
        (0..tail).map(|at| Step::Both(from + at, &first[from + at], to + at, &second[to + at])),
    );
    steps
}
