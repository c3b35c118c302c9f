//! Recording: a proxy that authenticates its callers, signs their requests with live credentials, which never leave
//! it, and keeps the exchanges.

mod clean_keys;
mod clean_up;
mod ends;
mod exchanges;
mod guard;
mod keys;
mod ledger;
mod live;
mod lost;
mod pass;
mod permit;
mod prepare;
mod recorded;
mod recorder;
mod recover;
mod refusal;
mod service;
mod state;
mod stop;
mod write;

pub(crate) use live::{Settings, Upstream};
pub(crate) use prepare::{Plan, Prepared, prepare};
pub(crate) use recorder::{MakeShadow, Recorder};
pub(crate) use recover::{Recovered, recover};
pub(crate) use stop::Stop;
pub(crate) use write::Destination;

use std::future::Future;
use std::sync::mpsc;

use crate::error::Error;
use crate::wire::server;

/// Waits for `future` on the process's server thread, which owns every connection to a live service. Must not be
/// called on that thread.
pub(crate) fn wait<T: Send + 'static>(
    future: impl Future<Output = T> + Send + 'static,
) -> Result<T, Error> {
    let runtime = server::runtime()
        .map_err(|it| Error::new(format!("cannot start the server thread: {it}")))?;
    let (sender, receiver) = mpsc::channel();
    runtime.spawn(async move {
        let _ = sender.send(future.await);
    });
    receiver.recv().map_err(|_| Error::new("the server thread has ended"))
}
