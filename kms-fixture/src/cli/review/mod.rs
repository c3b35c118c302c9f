//! `kms-fixture review`: each pending recording and each difference from the fake, with a decision about it.
//!
//! A decision is written at once, under the lock of its folder, so an end at any time loses none.

mod item;
mod picture;
mod session;

use std::path::PathBuf;

use self::item::{Item, items_of};
use super::Verdict;
use super::accept::cassettes;
use super::sources::Sources;
use super::terminal::{self, Painted};
use crate::error::Error;
use crate::tape::words::count;

#[derive(Debug, clap::Args)]
#[command(after_help = "In a terminal, each item has these keys:
  a  accept: a recording becomes its cassette; a difference from the fake is kept in the cassette with a reason;
     an accepted difference that no longer occurs is dropped
  r  reject: the recording is deleted
  k  accept this kind because ..: the same difference in every cassette of this review
  s  skip: nothing changes, and it is shown again next time
  d  details: all calls, or the whole input and output
  ?  help
  q  quit")]
pub(super) struct Review {
    /// Cassettes, their recordings (`.new`), or folders. Default: `cassettes`.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Lists what is pending, also in a terminal.
    #[arg(long)]
    list: bool,
}

impl Review {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let mut sources = Sources::default();
        let (mut items, mut unreadable) = (Vec::new(), 0);
        let cassettes = cassettes(&self.paths)?;
        let bar = terminal::progress(cassettes.len(), "reading cassettes");
        for cassette in &cassettes {
            bar.inc(1);
            match items_of(cassette, &mut sources) {
                Ok(found) => items.extend(found),
                Err(error) => {
                    unreadable += 1;
                    bar.suspend(|| skipped(&error));
                }
            }
        }
        bar.finish_and_clear();
        let left = if items.is_empty() {
            0
        } else if self.list || !terminal::is_interactive() {
            list(&items);
            items.len()
        } else {
            session::run(items, &mut sources)
        };
        if left + unreadable == 0 {
            terminal::note("nothing is left to review");
            return Ok(Verdict::Good);
        }
        Ok(Verdict::Findings)
    }
}

/// Names a file that cannot be read.
fn skipped(error: &Error) {
    let mut painted = Painted::default();
    painted.styled(terminal::BAD, "skipped").plain(": ").plain(&error.to_string());
    painted.end().print();
}

/// Prints a line for each item.
fn list(items: &[Item]) {
    for it in items {
        picture::line(it).print();
    }
    terminal::note(&format!(
        "{} to review: run `kms-fixture review` in a terminal, or `accept` and `reject`",
        count(items.len(), "item")
    ));
}
