//! The end of a server: standard input closes, if it is a pipe, or a signal arrives.

use std::io::{self, Read};
use std::sync::mpsc::{self, Receiver, Sender};

use tokio::sync::watch;

use crate::error::Error;
use crate::tape::record::Stop;
use crate::wire::server;

/// The signal for a file that is larger than the process may write, on Linux, macOS and the BSDs.
#[cfg(unix)]
const SIGXFSZ: i32 = 25;

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

/// The wait for standard input and for signals. It catches signals from its creation; the second one ends the process.
pub(super) struct Signals {
    stopped: Receiver<()>,
    stop: Stop,
}

/// The receivers of the first signal.
#[derive(Clone)]
struct First {
    end: Sender<()>,
    stop: watch::Sender<bool>,
    last_words: &'static str,
}

impl Signals {
    /// Listens to SIGINT, SIGTERM and the end of standard input. A second signal prints `last_words` and exits with 1.
    pub(super) fn listen(last_words: &'static str) -> Result<Self, Error> {
        let cannot = |it: io::Error| Error::new(format!("cannot listen to signals: {it}"));
        let (end, stopped) = mpsc::channel();
        let (sender, stop) = Stop::new();
        stop_on_signals(&First { end: end.clone(), stop: sender, last_words }).map_err(cannot)?;
        std::thread::Builder::new()
            .name("kms-fixture-stdin".to_owned())
            .spawn(move || {
                wait_for_standard_input();
                let _ = end.send(());
            })
            .map_err(cannot)?;
        Ok(Self { stopped, stop })
    }

    /// Returns what the first signal stops.
    pub(super) fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Listens to SIGINT and SIGTERM. A second signal prints `last_words` and exits with 1.
    pub(super) fn interrupts(last_words: &'static str) -> Result<Self, Error> {
        let (end, stopped) = mpsc::channel();
        let (sender, stop) = Stop::new();
        stop_on_signals(&First { end, stop: sender, last_words })
            .map_err(|it| Error::new(format!("cannot listen to signals: {it}")))?;
        Ok(Self { stopped, stop })
    }

    /// Returns whether a signal has come that was not yet reported.
    pub(super) fn have_come(&self) -> bool {
        self.stopped.try_recv().is_ok()
    }

    /// Returns at the first signal, or when standard input closes.
    pub(super) fn wait(&self) {
        let _ = self.stopped.recv();
    }
}

impl First {
    /// Passes on the first signal; the second one ends the process.
    fn signal(&self) {
        if self.stop.send_replace(true) {
            eprintln!("error: {}", self.last_words);
            std::process::exit(1);
        }
        let _ = self.end.send(());
    }
}

#[cfg(unix)]
fn stop_on_signals(first: &First) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let runtime = server::runtime()?;
    let _inside = runtime.enter();
    // Once it is heard, a file that may not grow is an error of the write.
    drop(signal(SignalKind::from_raw(SIGXFSZ))?);
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut signal = signal(kind)?;
        let first = first.clone();
        runtime.spawn(async move {
            while signal.recv().await.is_some() {
                first.signal();
            }
        });
    }
    Ok(())
}

#[cfg(not(unix))]
fn stop_on_signals(first: &First) -> io::Result<()> {
    let first = first.clone();
    server::runtime()?.spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            first.signal();
        }
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
