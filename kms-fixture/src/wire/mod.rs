//! HTTP: the one seam between a client and what answers it, and the sockets in front of it.

pub(crate) mod exchange;
pub(crate) mod server;
