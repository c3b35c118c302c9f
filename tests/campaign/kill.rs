//! A recording that is killed, and the clean-up by `record --recover`.

use std::sync::Arc;

use proptest::prelude::*;

use crate::account::Account;
use crate::draw;
use crate::front::{Front, Kill};
use crate::judge::{Failure, Held, Setting};
use crate::process::{Server, run};
use crate::steps::Case;
use crate::traffic::Traffic;

/// A recording that dies at a request to the upstream.
#[derive(Clone, Debug)]
pub(crate) struct Killed {
    case: Case,
    /// The number of the request.
    at: usize,
    /// Whether the request takes effect.
    after: bool,
}

pub(crate) fn kills() -> impl Strategy<Value = Killed> {
    (draw::quiet(25), 0..22_usize, any::<bool>(), 0..3_usize).prop_map(
        |(case, at, after, threads)| Killed {
            case: Case { threads: threads.max(1), ..case },
            at,
            after,
        },
    )
}

/// Kills a recording, and recovers. Returns whether it died before its end.
pub(crate) fn kill(name: &str, seed: u64, killed: &Killed) -> Result<bool, Failure> {
    let case = &killed.case;
    let account = Arc::new(Account::new(seed, case));
    let front = Front::new(&account, case, None);
    let setting = Setting::new(name, &account, &front.url, case);
    let before = Held::of(&account, &front);
    let recorder = Server::spawn(&setting.arguments(), &setting.environment);
    front.kill(Kill { process: recorder.id(), at: killed.at, after: killed.after });
    if let Ok(mut recorder) = recorder.announce() {
        Traffic::new(&account, &recorder).run(&case.steps, case.threads);
        recorder.kill();
    }
    let mut arguments = setting.arguments();
    arguments.push("--recover");
    let end = run(&arguments, &setting.environment);
    before.compare(&account, &front, case, &end)?;
    let left = before.left(&account);
    if end.code != Some(0) || !left.is_empty() {
        let detail = format!("{}{}", end.out, end.err);
        return Err(Failure::new("not recovered", &detail));
    }
    Ok(front.has_killed())
}
