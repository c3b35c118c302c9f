//! The names that editors complete, and the tables of `kms_test.md`.

use std::fmt::Write;

use crate::api::quotas::{Counted, counted};
use crate::model::declare::{
    CASSETTE, CONSISTENCY, Choice, ERROR, EVENTUAL, EXPLORE, EXPLORED, FAULT, FAULTS, GRANT, KEY, LATE, OPERATIONS,
    Opt, Place, QUOTAS, ROLE, SNAPSHOT, Shape, TOP, USER,
};

/// Returns `fixture/ide.rs`: a module for each place, with a documented constant for each option.
pub(super) fn ide() -> String {
    let mut text = "\
//! Names for completion and hover inside `#[kms_test(..)]`; only rust-analyzer resolves them.
//!
//! `kms-fixture-macros` (`ide.rs`) emits `use` items of these modules, one module for each place in the grammar.
//! A test of `scenario` generates this file from the table of options (`model/declare/table.rs`).
#![allow(non_upper_case_globals)] // the options are spelled in lower case
"
    .to_owned();
    let options = |place: &Place| {
        let options = place.options.iter().filter(|it| it.name != "crate");
        options.map(|it| (it.name, hover(it))).collect::<Vec<_>>()
    };
    let choices = |choices: &[Choice]| {
        choices.iter().map(|it| (it.word, it.meaning.to_owned())).collect::<Vec<_>>()
    };
    let mut modules = vec![("#[kms_test(..)]".to_owned(), TOP.module, options(&TOP))];
    for opt in TOP.options {
        let inside = format!("{}(..)", opt.name);
        match opt.shape {
            Shape::Choice(it) => modules.push((inside, opt.name, choices(it))),
            Shape::Explore => {
                let names = choices(EXPLORED).into_iter().chain(options(&EXPLORE)).collect();
                modules.push((inside, EXPLORE.module, names));
            }
            Shape::Snapshot => modules.push((inside, opt.name, choices(SNAPSHOT))),
            Shape::Quotas => {
                let mut names = choices(QUOTAS);
                names.extend(OPERATIONS.iter().map(|it| (*it, of_operation(it))));
                modules.push((inside, opt.name, names));
            }
            Shape::Cassette => modules.push((inside, CASSETTE.module, options(&CASSETTE))),
            Shape::Consistency => {
                let inner = "consistency(eventual(..))".to_owned();
                modules.push((inside, opt.name, choices(CONSISTENCY)));
                modules.push((inner, EVENTUAL.module, options(&EVENTUAL)));
            }
            Shape::Faults => {
                modules.push((inside, opt.name, choices(FAULTS)));
                for place in [&FAULT, &LATE, &ERROR] {
                    let word = if place.module == "fault" { "throttled" } else { place.module };
                    modules.push((format!("faults({word}(..))"), place.module, options(place)));
                }
            }
            Shape::Declarations(kind) => {
                let inside = format!("{}(name(..))", opt.name);
                modules.push((inside, kind.place().module, options(kind.place())));
            }
            _ => {}
        }
    }
    for (place, module, names) in modules {
        let _ = write!(text, "\n/// The options in `{place}`.\npub mod {module} {{\n");
        for (at, (name, doc)) in names.iter().enumerate() {
            let gap = if at == 0 { "" } else { "\n" };
            let doc = doc.replace('\n', "\n    /// ").replace("/// \n", "///\n");
            let _ = writeln!(text, "{gap}    /// {doc}\n    pub const {name}: () = ();");
        }
        text += "}\n";
    }
    text
}

/// Returns the meaning of the quota of an operation.
fn of_operation(operation: &str) -> String {
    let of_aws = match counted(operation) {
        Some(Counted::Alone(calls)) => format!("AWS allows {calls} calls in a second."),
        Some(Counted::ByPair) => "AWS's quota depends on the spec of the pair.".to_owned(),
        _ => "AWS counts it with other cryptographic operations.".to_owned(),
    };
    format!("`{operation} = 2`: the quota of this operation alone. {of_aws}")
}

/// Returns `` `state(Disabled)`: the state that the key starts in. Default: `Enabled`. ``
fn hover(opt: &Opt) -> String {
    let (example, meaning) = (opt.example, without_anchors(opt.meaning));
    let default = match opt.default {
        "none" => String::new(),
        "**required**" => " Required.".to_owned(),
        default => format!(" Default: {default}."),
    };
    let mut text = format!("`{example}`: {meaning}.{default}");
    if let Shape::Declarations(kind) = opt.shape {
        let inner: Vec<_> =
            kind.place().options.iter().map(|it| format!("`{}`", it.example)).collect();
        let _ = write!(text, "\n\nOptions of {}: {}.", kind.noun(), inner.join(", "));
    }
    text
}

/// Replaces the links to places on the page with their text: only the page has these places.
pub(super) fn without_anchors(markdown: &str) -> String {
    without_links(markdown, "](#")
}

/// Replaces all links with their text.
pub(super) fn plain(markdown: &str) -> String {
    without_links(markdown, "](")
}

fn without_links(markdown: &str, opening: &str) -> String {
    let mut text = markdown.to_owned();
    while let Some(middle) = text.find(opening)
        && let Some(start) = text[..middle].rfind('[')
        && let Some(end) = text[middle..].find(')')
    {
        let word = text[start + 1..middle].to_owned();
        text.replace_range(start..=middle + end, &word);
    }
    text
}

/// Returns the page with generated tables: the first table after each of these headings.
pub(super) fn with_tables(page: &str) -> String {
    let rows = |place: &Place| place.options.iter().map(|it| row(it, "")).collect::<Vec<_>>();
    let has = |place: &Place, opt: &Opt| place.find(opt.name).is_some();
    let roles =
        ROLE.options.iter().map(|it| row(it, if has(&USER, it) { "" } else { "roles only: " }));
    let users = USER.options.iter().filter(|it| !has(&ROLE, it));
    let principals = roles.chain(users.map(|it| row(it, "users only: "))).collect();
    let fault = |it: &Choice| format!("| `{}` | {} |", it.word, it.meaning.trim_end_matches('.'));
    let option =
        |it: &Opt| format!("| `{}` | {}; default: {} |", it.example, it.meaning, it.default);
    let explored = EXPLORED.iter().map(fault).chain(EXPLORE.options.iter().map(option)).collect();
    let mut lines: Vec<String> = page.lines().map(str::to_owned).collect();
    for (heading, rows) in [
        ("# Options", rows(&TOP)),
        ("## Of a key", rows(&KEY)),
        ("## Of a role or a user", principals),
        ("## Of a grant", rows(&GRANT)),
        ("# Consistency", rows(&EVENTUAL)),
        (
            "# Faults",
            FAULTS.iter().map(|it| format!("| `{}` | {} |", it.word, it.meaning)).collect(),
        ),
        ("## Of a fault", rows(&FAULT)),
        ("# Exploration", explored),
    ] {
        let heading = lines.iter().position(|it| it == heading).expect(heading);
        let is_row = |it: &String| it.starts_with('|');
        let start = heading + lines[heading..].iter().position(is_row).expect("a table");
        let end = start + lines[start..].iter().take_while(|it| is_row(it)).count();
        lines.splice(start + 2..end, rows);
    }
    lines.join("\n") + "\n"
}

fn row(opt: &Opt, only: &str) -> String {
    format!("| `{}` | {only}{} | {} |", opt.example, opt.meaning, opt.default)
}
