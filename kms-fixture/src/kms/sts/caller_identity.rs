//! GetCallerIdentity (API reference): needs no permission.

use super::error::Result;
use super::xml::element;
use super::{Cx, Form, Output};

#[allow(clippy::unnecessary_wraps)] // the signature of all operations
pub(super) fn get_caller_identity(cx: &mut Cx<'_>, _: &Form) -> Result<Output> {
    let caller = &cx.credential.caller;
    let (arn, account) = cx.shown(caller);
    let user_id = caller.identity.user_id().unwrap_or_default();
    let result = [element("Arn", &arn), element("UserId", &user_id), element("Account", &account)];
    Ok(Output { result: result.concat(), issued: None })
}
