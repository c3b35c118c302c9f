//! Recording: a proxy that authenticates its callers, signs again with credentials that never leave it, and keeps what
//! passes.

mod clean_up;
mod exchanges;
mod guard;
mod live;
mod prepare;
mod recorded;
mod recorder;
mod service;
mod write;

pub(crate) use live::Settings;
pub(crate) use prepare::{Plan, Prepared, prepare};
pub(crate) use recorder::Recorder;
pub(crate) use write::Destination;

use std::future::Future;
use std::sync::mpsc;

use crate::error::Error;
use crate::wire::server;

/// Waits for `future` on the process's server thread, where every connection to a live service lives. Must not be called
/// on that thread.
pub(crate) fn wait<T: Send + 'static>(
    future: impl Future<Output = T> + Send + 'static,
) -> Result<T, Error> {
    let runtime = server::runtime()
        .map_err(|it| Error::new(format!("cannot start the server thread: {it}")))?;
    let (tell, told) = mpsc::channel();
    runtime.spawn(async move {
        let _ = tell.send(future.await);
    });
    told.recv().map_err(|_| Error::new("the server thread has gone"))
}
