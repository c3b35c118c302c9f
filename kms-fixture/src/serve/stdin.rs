//! When to stop serving: at the end of standard input, if that is a pipe.

use std::io::{self, Read};

/// Returns when standard input, being a pipe, is closed; never if it is a terminal, a file or nothing.
pub(super) fn wait_for_the_end() {
    if is_pipe() {
        let _ = io::copy(&mut io::stdin().lock().by_ref(), &mut io::sink());
        return;
    }
    loop {
        std::thread::park();
    }
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
