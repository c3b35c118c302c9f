//! The wish to end a recording that is still starting.

use std::future::{Future, pending, poll_fn};
use std::pin::pin;
use std::task::Poll;

use tokio::sync::watch;

use crate::error::Error;

/// Tells a recording that it shall not start. The default never does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop(Option<watch::Receiver<bool>>);

impl Stop {
    /// Returns a stop, and its sender: `true` stops.
    pub(crate) fn new() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(Some(receiver)))
    }

    /// Runs `future` until it ends, or the recording is stopped.
    ///
    /// # Errors
    ///
    /// It was stopped.
    pub(super) async fn unless<T>(&self, future: impl Future<Output = T>) -> Result<T, Error> {
        let mut future = pin!(future);
        let mut stopped = pin!(self.stopped());
        poll_fn(|context| {
            if stopped.as_mut().poll(context).is_ready() {
                let why = "the recording was stopped by a signal before it started";
                return Poll::Ready(Err(Error::new(why)));
            }
            future.as_mut().poll(context).map(Ok)
        })
        .await
    }

    async fn stopped(&self) {
        if let Some(receiver) = &self.0
            && receiver.clone().wait_for(|it| *it).await.is_ok()
        {
            return;
        }
        pending::<()>().await;
    }
}
