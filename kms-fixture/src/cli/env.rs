//! `kms-fixture env`: the lines by which a shell calls as a caller of a running server.

use super::{Access, Verdict, announce, ask};
use crate::error::Error;
use crate::fixture::variable;
use crate::model::declare::{list, nearest};

#[derive(Debug, clap::Args)]
pub(super) struct Env {
    /// The declared name of the caller, such as `worker` or `admin`.
    #[arg(value_name = "CALLER")]
    caller: String,

    /// The URL of the running server. Default: the value of `AWS_ENDPOINT_URL_KMS`.
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
}

impl Env {
    pub(super) fn run(&self) -> Result<Verdict, Error> {
        let endpoint = self.endpoint.clone().or_else(|| variable("AWS_ENDPOINT_URL_KMS"));
        let endpoint = endpoint.ok_or_else(|| {
            Error::new("`env` needs the URL of a running server")
                .help("add `--endpoint URL`, with the URL that `kms-fixture serve` prints")
        })?;
        let endpoint = endpoint.trim_end_matches('/').to_owned();
        let callers = ask::get(&endpoint, "callers")?;
        let caller = callers.get(&self.caller).ok_or_else(|| {
            let names = callers.as_object().into_iter().flat_map(|it| it.keys());
            unknown_caller(&self.caller, names.map(String::as_str))
        })?;
        let text = |member: &str| caller[member].as_str().map(str::to_owned);
        let health = ask::get(&endpoint, "health")?;
        let access = Access {
            region: health["region"].as_str().unwrap_or_default().to_owned(),
            access_key_id: text("access_key_id").unwrap_or_default(),
            secret_access_key: text("secret_access_key").unwrap_or_default(),
            session_token: text("session_token"),
            endpoint,
        };
        announce::print(&access.lines())?;
        Ok(Verdict::Good)
    }
}

/// Returns the error for a caller that is not declared, with the nearest one that is.
pub(super) fn unknown_caller<'a>(name: &str, callers: impl Iterator<Item = &'a str>) -> Error {
    let mut callers: Vec<_> = callers.collect();
    callers.sort_unstable();
    Error::new(format!("no caller named `{name}` is declared")).help(
        match nearest(name, callers.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the callers are {}", list(callers)),
        },
    )
}
