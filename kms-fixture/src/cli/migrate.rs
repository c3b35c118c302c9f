//! `kms-fixture migrate`: the upgrade of cassettes to the current version of the format.

use std::path::PathBuf;

use super::announce::println;
use super::{Verdict, files, terminal};
use crate::error::Error;
use crate::tape::cassette::{self, Cassette, VERSION};

#[derive(Debug, clap::Args)]
pub(super) struct Migrate {
    /// Cassettes or folders. Default: `cassettes`.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

impl Migrate {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let mut migrated = 0;
        for path in files::find(&self.paths, files::is_cassette)? {
            let before = cassette::text(&path)
                .map_err(|it| Error::new(format!("cannot read {}: {it}", path.display())))?;
            // Reading upgrades a cassette, and the written form is canonical.
            let after = Cassette::load(&path)?.to_text()?;
            if before != after {
                cassette::write(&path, &after)?;
                println(&format!("migrated {} to version {VERSION}", path.display()));
                migrated += 1;
            }
        }
        if migrated == 0 {
            terminal::note(&format!("nothing to migrate: every cassette has version {VERSION}"));
        }
        Ok(Verdict::Good)
    }
}
