//! The terminal: colours, width, progress, and the output that `--quiet` leaves out.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use anstyle::{AnsiColor, Style};
use clap::ColorChoice;
use comfy_table::{ContentArrangement, Table};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::announce;
use crate::error::{Error, printable};

/// The style of findings and errors.
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();
/// The style of recorded values.
pub(super) const RECORDED: Style = AnsiColor::Cyan.on_default();
/// The style of the fake's values.
pub(super) const FAKE: Style = AnsiColor::Yellow.on_default();
/// The style of a line that only the first side has.
pub(super) const REMOVED: Style = AnsiColor::Red.on_default();
/// The style of a line that only the second side has.
pub(super) const ADDED: Style = AnsiColor::Green.on_default();
/// The style of names.
pub(super) const STRONG: Style = Style::new().bold();
/// The style of details.
pub(super) const FAINT: Style = Style::new().dimmed();
/// The style of help.
pub(super) const HELP: Style = AnsiColor::Blue.on_default();

/// The width of a table that is not printed to a terminal.
const WIDTH: u16 = 150;
/// The fewest steps of work with a bar of progress.
const LONG: usize = 10;

static QUIET: AtomicBool = AtomicBool::new(false);

/// The options of every command's output.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// When to colour the output. `auto` colours a terminal, and obeys `NO_COLOR` and `CLICOLOR_FORCE`.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    color: ColorChoice,

    /// Prints findings and errors only: no progress, no notes, no summary.
    #[arg(long, short, global = true)]
    quiet: bool,
}

impl Options {
    /// Makes the options those of the process.
    pub(super) fn apply(&self) {
        match self.color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::AlwaysAnsi,
            ColorChoice::Never => anstream::ColorChoice::Never,
        }
        .write_global();
        QUIET.store(self.quiet, Ordering::Relaxed);
    }
}

/// A text with colours. Its parts have no control characters, so that a file cannot forge output.
#[derive(Clone, Debug, Default)]
pub(super) struct Painted(String);

impl Painted {
    /// Adds text without a colour.
    pub(super) fn plain(&mut self, text: &str) -> &mut Self {
        self.0 += &printable(text);
        self
    }

    /// Adds text in a style.
    pub(super) fn styled(&mut self, style: Style, text: &str) -> &mut Self {
        let _ = write!(self.0, "{style}{}{style:#}", printable(text));
        self
    }

    /// Ends the line.
    pub(super) fn end(&mut self) -> &mut Self {
        self.0.push('\n');
        self
    }

    /// Adds a table, whose cells came through `cell`.
    pub(super) fn table(&mut self, table: &Table) -> &mut Self {
        self.0 += &table.trim_fmt();
        self.end()
    }

    /// Adds another text.
    pub(super) fn add(&mut self, other: &Self) -> &mut Self {
        self.0 += &other.0;
        self
    }

    /// Prints it to standard output.
    pub(super) fn print(&self) {
        let mut out = anstream::stdout().lock();
        // The reader may have closed its end.
        let _ = out.write_all(self.0.as_bytes()).and_then(|()| out.flush());
    }

    /// Returns it without colours.
    #[cfg(test)]
    pub(super) fn bare(&self) -> String {
        anstream::adapter::strip_str(&self.0).to_string()
    }
}

/// Paints a report of differences between a recording and the fake, whose values are labelled with `label` and `fake`.
pub(super) fn paint_report(report: &str, label: &str) -> Painted {
    let mut painted = Painted::default();
    for line in report.lines() {
        let style = match line.trim_start() {
            it if line.starts_with("    ") && it.starts_with("fake") => FAKE,
            it if line.starts_with("    ") && it.starts_with(label) => RECORDED,
            it if it.starts_with("help:") => HELP,
            it if it.starts_with("the fake disagrees") => STRONG,
            _ => Style::new(),
        };
        painted.styled(style, line).end();
    }
    painted
}

/// Prints a line that is not a finding, unless the output is quiet.
pub(super) fn note(line: &str) {
    if !is_quiet() {
        announce::println(line);
    }
}

/// Prints an error to standard error.
pub(super) fn error(error: &Error) {
    let text = error.to_string();
    let mut painted = Painted::default();
    painted.styled(BAD, "error:").plain(" ");
    for (at, line) in text.lines().enumerate() {
        if at > 0 {
            painted.end();
        }
        match line.strip_prefix("help:") {
            Some(help) => painted.styled(HELP, "help:").plain(help),
            None => painted.plain(line),
        };
    }
    painted.end();
    let _ = anstream::stderr().lock().write_all(painted.0.as_bytes());
}

/// Returns whether only findings and errors are printed.
pub(super) fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Returns whether a person reads the output and types the input.
pub(super) fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Returns whether a terminal shows the output.
pub(super) fn is_shown() -> bool {
    io::stdout().is_terminal()
}

/// Returns the width of tables in characters: that of the terminal.
pub(super) fn width() -> u16 {
    console::Term::stdout().size_checked().map_or(WIDTH, |(_, columns)| columns.max(40))
}

/// Returns a table that fits the terminal.
pub(super) fn table<const N: usize>(heads: [&str; N]) -> Table {
    let mut table = Table::new();
    table
        .load_style(comfy_table::presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width())
        // Without a terminal, `anstream` removes the styles.
        .enforce_styling()
        .set_header(heads.map(|it| cell(it).add_attribute(comfy_table::Attribute::Dim)));
    table
}

/// Returns a cell without control characters.
pub(super) fn cell(text: &str) -> comfy_table::Cell {
    comfy_table::Cell::new(crate::error::in_one_line(text))
}

/// Returns a bar of progress on standard error; a hidden one for short work, without a terminal, and if the output is
/// quiet.
pub(super) fn progress(steps: usize, what: &'static str) -> ProgressBar {
    if is_quiet() || steps < LONG {
        return ProgressBar::hidden();
    }
    let target = ProgressDrawTarget::stderr();
    let bar = ProgressBar::with_draw_target(Some(steps as u64), target).with_message(what);
    let style = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len}");
    style.map(|it| bar.clone().with_style(it.progress_chars("=> "))).unwrap_or(bar)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_of_a_file_do_not_reach_the_terminal() {
        let mut painted = Painted::default();
        painted.plain("\u{1b}[31mx").styled(BAD, "\u{1b}]0;title\u{7}\u{202e}y");
        let bare = painted.bare();
        assert!(!bare.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{bare:?}");
        assert!(bare.contains("\\u001b") && bare.contains('x') && bare.contains('y'), "{bare}");
    }
}
