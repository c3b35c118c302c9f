//! When to stop: at the end of standard input, if that is a pipe, or on a signal.

use std::io::{self, Read};
use std::sync::mpsc::{self, Receiver, Sender};

use crate::error::Error;
use crate::wire::server;

/// Returns when standard input, being a pipe, is closed; never if it is a terminal, a file or nothing.
pub(super) fn wait_for_standard_input() {
    if is_pipe() {
        let _ = io::copy(&mut io::stdin().lock().by_ref(), &mut io::sink());
        return;
    }
    loop {
        std::thread::park();
    }
}

/// Waits for standard input and for signals. Signals are heard from the moment this exists.
pub(super) struct Signals {
    told: Receiver<()>,
}

impl Signals {
    /// Hears SIGINT and SIGTERM, and the end of standard input.
    pub(super) fn listen() -> Result<Self, Error> {
        let cannot = |it: io::Error| Error::new(format!("cannot listen to signals: {it}"));
        let (tell, told) = mpsc::channel();
        hear(&tell).map_err(cannot)?;
        std::thread::Builder::new()
            .name("kms-fixture-stdin".to_owned())
            .spawn(move || {
                wait_for_standard_input();
                let _ = tell.send(());
            })
            .map_err(cannot)?;
        Ok(Self { told })
    }

    /// Returns when it is time to stop.
    pub(super) fn wait(self) {
        let _ = self.told.recv();
    }
}

#[cfg(unix)]
fn hear(tell: &Sender<()>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let runtime = server::runtime()?;
    let _inside = runtime.enter();
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut signal = signal(kind)?;
        let tell = tell.clone();
        runtime.spawn(async move {
            signal.recv().await;
            let _ = tell.send(());
        });
    }
    Ok(())
}

#[cfg(not(unix))]
fn hear(tell: &Sender<()>) -> io::Result<()> {
    let tell = tell.clone();
    server::runtime()?.spawn(async move {
        let _ = tokio::signal::ctrl_c().await;
        let _ = tell.send(());
    });
    Ok(())
}

/// Whether another program holds the other end: a pipe, or the socket that Node.js uses for one.
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
