//! The end of a server: standard input closes, if it is a pipe, or a signal arrives.

use std::io::{self, Read};
use std::sync::mpsc::{self, Receiver, Sender};

use crate::error::Error;
use crate::wire::server;

/// Returns when standard input closes, if it is a pipe. Never returns for a terminal, a file or no input.
pub(super) fn wait_for_standard_input() {
    if is_pipe() {
        let _ = io::copy(&mut io::stdin().lock().by_ref(), &mut io::sink());
        return;
    }
    loop {
        std::thread::park();
    }
}

/// The wait for standard input and for signals. It catches signals from its creation.
pub(super) struct Signals {
    stopped: Receiver<()>,
}

impl Signals {
    /// Listens to SIGINT, SIGTERM and the end of standard input.
    pub(super) fn listen() -> Result<Self, Error> {
        let cannot = |it: io::Error| Error::new(format!("cannot listen to signals: {it}"));
        let (stop, stopped) = mpsc::channel();
        stop_on_signals(&stop).map_err(cannot)?;
        std::thread::Builder::new()
            .name("kms-fixture-stdin".to_owned())
            .spawn(move || {
                wait_for_standard_input();
                let _ = stop.send(());
            })
            .map_err(cannot)?;
        Ok(Self { stopped })
    }

    /// Listens to SIGINT and SIGTERM.
    pub(super) fn interrupts() -> Result<Self, Error> {
        let (stop, stopped) = mpsc::channel();
        stop_on_signals(&stop)
            .map_err(|it| Error::new(format!("cannot listen to signals: {it}")))?;
        Ok(Self { stopped })
    }

    /// Returns whether a signal has come that was not yet reported.
    pub(super) fn have_come(&self) -> bool {
        self.stopped.try_recv().is_ok()
    }

    /// Returns at the first signal, or when standard input closes.
    pub(super) fn wait(self) {
        let _ = self.stopped.recv();
    }
}

#[cfg(unix)]
fn stop_on_signals(stop: &Sender<()>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let runtime = server::runtime()?;
    let _inside = runtime.enter();
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut signal = signal(kind)?;
        let stop = stop.clone();
        runtime.spawn(async move {
            signal.recv().await;
            let _ = stop.send(());
        });
    }
    Ok(())
}

#[cfg(not(unix))]
fn stop_on_signals(stop: &Sender<()>) -> io::Result<()> {
    let stop = stop.clone();
    server::runtime()?.spawn(async move {
        let _ = tokio::signal::ctrl_c().await;
        let _ = stop.send(());
    });
    Ok(())
}

/// Returns whether standard input is a pipe, or a socket, which Node.js uses as a pipe.
#[cfg(unix)]
fn is_pipe() -> bool {
    use std::fs::File;
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileTypeExt;

    let Ok(stdin) = io::stdin().as_fd().try_clone_to_owned() else {
        return false;
    };
    File::from(stdin)
        .metadata()
        .is_ok_and(|it| it.file_type().is_fifo() || it.file_type().is_socket())
}

#[cfg(not(unix))]
fn is_pipe() -> bool {
    use std::io::IsTerminal;
    !io::stdin().is_terminal()
}
