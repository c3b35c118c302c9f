//! `kms-fixture man`: the man pages.

use std::fs;
use std::path::PathBuf;

use super::{Verdict, announce, command_line};
use crate::error::Error;

#[derive(Debug, clap::Args)]
#[command(after_help = "Packagers run `kms-fixture man --output FOLDER` and install FOLDER/*.1.")]
pub(super) struct Man {
    /// Writes a page for each command into this folder.
    #[arg(long, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let cannot = |it: std::io::Error| Error::new(format!("cannot write man pages: {it}"));
        if let Some(folder) = &self.output {
            fs::create_dir_all(folder).map_err(cannot)?;
            clap_mangen::generate_to(command_line(), folder).map_err(cannot)?;
            return Ok(Verdict::Good);
        }
        let mut bytes = Vec::new();
        clap_mangen::Man::new(command_line()).render(&mut bytes).map_err(cannot)?;
        announce::print(&String::from_utf8_lossy(&bytes))?;
        Ok(Verdict::Good)
    }
}
