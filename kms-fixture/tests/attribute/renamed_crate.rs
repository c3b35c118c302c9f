//! The library under another name, and re-exported from a module; `mod kms_fixture` hides the first name.

extern crate kms_fixture as fx;

mod tools {
    pub(super) use super::fx;
}

mod kms_fixture {}

#[fx::kms_test(crate = "fx", keys(orders(state(Enabled))), start_paused = false)]
async fn renamed(orders: fx::Key) -> Result<(), std::fmt::Error> {
    assert!(!orders.id().is_empty());
    Ok(())
}

#[fx::kms_test(crate = "crate::renamed_crate::tools::fx", keys(orders))]
fn reexported(orders: fx::Key) {
    assert!(!orders.arn().is_empty());
}
