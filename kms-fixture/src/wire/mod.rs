//! HTTP: the one seam between clients and handlers, and the sockets in front of it.

pub(crate) mod cors;
pub(crate) mod exchange;
pub(crate) mod server;
