//! The downstream suite lives in `suite/` and `benches/`; this library target is empty.
