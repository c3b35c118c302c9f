//! `kms-fixture completions`: the completions of shells.

use clap_complete::Shell;

use super::{Verdict, announce, command_line};
use crate::error::Error;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  kms-fixture completions bash > ~/.local/share/bash-completion/completions/kms-fixture
  kms-fixture completions zsh > ~/.zfunc/_kms-fixture
  kms-fixture completions fish > ~/.config/fish/completions/kms-fixture.fish")]
pub(super) struct Completions {
    /// The shell.
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let mut bytes = Vec::new();
        clap_complete::generate(self.shell, &mut command_line(), "kms-fixture", &mut bytes);
        announce::print(&String::from_utf8_lossy(&bytes))?;
        Ok(Verdict::Good)
    }
}
