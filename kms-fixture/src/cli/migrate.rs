//! `kms-fixture migrate`: cassettes in the current version of the format.

use std::path::PathBuf;

use super::accept::println;
use super::{Verdict, files};
use crate::error::Error;
use crate::tape::cassette::{self, Cassette, VERSION};

#[derive(Debug, clap::Args)]
pub(super) struct Migrate {
    /// Cassettes or folders; `cassettes` if not said.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

impl Migrate {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let mut migrated = 0;
        for path in files::find(&self.paths, files::is_cassette)? {
            let before = std::fs::read_to_string(&path)
                .map_err(|it| Error::new(format!("cannot read {}: {it}", path.display())))?;
            // Reading upgrades, and writing is canonical.
            let after = Cassette::load(&path)?.to_text()?;
            if before != after {
                cassette::write(&path, &after)?;
                println(&format!("migrated {} to version {VERSION}", path.display()));
                migrated += 1;
            }
        }
        if migrated == 0 {
            println(&format!("everything is in version {VERSION}"));
        }
        Ok(Verdict::Good)
    }
}
