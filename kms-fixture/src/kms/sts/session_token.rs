//! GetSessionToken (API reference): temporary credentials for a user or a root, without a permission.

use super::checks::Checks;
use super::error::{Result, StsError};
use super::{Cx, Form, Output};

pub(super) fn get_session_token(cx: &mut Cx<'_>, form: &Form) -> Result<Output> {
    let mut checks = Checks::new(form);
    let seconds = checks.seconds(super::federation_token::MAX_SECONDS)?;
    checks.end()?;
    if cx.credential.secrets.session_token.is_some() {
        const ACTION: &str = "GetSessionToken";
        return Err(StsError::session_credentials(ACTION).because(vec![cx.no_session(ACTION)]));
    }
    let (declared, caller) = (cx.credential.declared.clone(), cx.credential.caller.clone());
    let result = cx.issue(&declared, caller, cx.lifetime(seconds));
    Ok(Output { result, issued: None })
}
