//! What the subjects share: requests signed beforehand, ways to send them, the floor, the clock and the table.

pub(crate) mod answer;
pub(crate) mod bare;
pub(crate) mod direct;
pub(crate) mod measure;
pub(crate) mod signed;
pub(crate) mod table;
pub(crate) mod wire;
