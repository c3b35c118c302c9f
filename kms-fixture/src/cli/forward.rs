//! Signals of `kms-fixture exec` belong to its command.

use std::io;
use std::process::Child;

use crate::error::Error;
use crate::wire::server;

/// The catching of signals. None ends this process from its start on.
pub(super) struct Forwarding {
    #[cfg(unix)]
    caught: tokio::sync::mpsc::UnboundedReceiver<rustix::process::Signal>,
}

/// Passes signals on to a command until it is dropped.
pub(super) struct ToChild(tokio::task::AbortHandle);

impl Drop for ToChild {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn cannot(error: &io::Error) -> Error {
    Error::new(format!("cannot listen to signals: {error}"))
}

#[cfg(unix)]
impl Forwarding {
    /// Catches SIGINT, SIGTERM, SIGHUP and SIGQUIT.
    ///
    /// # Errors
    ///
    /// The system does not allow it.
    pub(super) fn start() -> Result<Self, Error> {
        use rustix::process::Signal;
        use tokio::signal::unix::{SignalKind, signal};

        let runtime = server::runtime().map_err(|it| cannot(&it))?;
        let _inside = runtime.enter();
        let (sender, caught) = tokio::sync::mpsc::unbounded_channel();
        for (kind, signal_of_child) in [
            (SignalKind::interrupt(), Signal::INT),
            (SignalKind::terminate(), Signal::TERM),
            (SignalKind::hangup(), Signal::HUP),
            (SignalKind::quit(), Signal::QUIT),
        ] {
            let mut signal = signal(kind).map_err(|it| cannot(&it))?;
            let sender = sender.clone();
            runtime.spawn(async move {
                while signal.recv().await.is_some() && sender.send(signal_of_child).is_ok() {}
            });
        }
        Ok(Self { caught })
    }

    /// Passes the signals on to `child`. A terminal sends SIGINT and SIGQUIT to the command itself.
    pub(super) fn to(mut self, child: &Child) -> Result<ToChild, Error> {
        use std::io::IsTerminal;

        use rustix::process::{Pid, Signal, kill_process};

        let is_terminal = io::stdin().is_terminal();
        let child = Pid::from_child(child);
        let runtime = server::runtime().map_err(|it| cannot(&it))?;
        let task = runtime.spawn(async move {
            while let Some(signal) = self.caught.recv().await {
                if !(is_terminal && matches!(signal, Signal::INT | Signal::QUIT)) {
                    // The command may have ended.
                    let _ = kill_process(child, signal);
                }
            }
        });
        Ok(ToChild(task.abort_handle()))
    }
}

#[cfg(not(unix))]
impl Forwarding {
    /// Catches Ctrl-C, which the console sends to the command as well.
    ///
    /// # Errors
    ///
    /// The system does not allow it.
    pub(super) fn start() -> Result<Self, Error> {
        Ok(Self {})
    }

    /// Ignores Ctrl-C while `child` runs.
    pub(super) fn to(self, _: &Child) -> Result<ToChild, Error> {
        let runtime = server::runtime().map_err(|it| cannot(&it))?;
        let task = runtime.spawn(async { while tokio::signal::ctrl_c().await.is_ok() {} });
        Ok(ToChild(task.abort_handle()))
    }
}
