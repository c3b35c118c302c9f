//! Drawing cases from a seed, running them on all cores, and making those that fail smaller.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::judge::Failure;

/// The most runs for making a case smaller.
const SMALLER: usize = 150;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Returns the runner that draws the case of this number.
fn runner(at: u64) -> TestRunner {
    let seed = number("PROPTEST_RNG_SEED").unwrap_or(20_260_101);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&at.to_le_bytes());
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// Returns cases without end.
pub(crate) fn drawn<S: Strategy>(cases: S) -> impl Iterator<Item = S::Value> {
    (0..).map(move |at| cases.new_tree(&mut runner(at)).unwrap().current())
}

/// Runs `most` cases, or as many as the environment says. `run` takes a name, a seed and the case, and returns
/// whether the recording ended well.
///
/// # Panics
///
/// A case failed.
pub(crate) fn all<S: Strategy>(
    what: &str,
    most: u64,
    cases: impl Fn() -> S + Sync,
    run: impl Fn(&str, u64, &S::Value) -> Result<bool, Failure> + Sync,
) where
    S::Value: Debug,
{
    let only = number("CAMPAIGN_CASE");
    let most = only.map_or(number("PROPTEST_CASES").unwrap_or(most), |it| it + 1);
    let goes_on = std::env::var_os("CAMPAIGN_SURVEY").is_some();
    let next = AtomicUsize::new(usize::try_from(only.unwrap_or(0)).unwrap());
    let (ran, good) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let found: Mutex<BTreeMap<String, Vec<String>>> = Mutex::default();
    let stop = AtomicBool::new(false);
    let start = Instant::now();
    let threads = number("CAMPAIGN_THREADS").map_or_else(
        || std::thread::available_parallelism().map_or(1, Into::into),
        |it| usize::try_from(it).unwrap(),
    );
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let cases = cases();
                loop {
                    let at = next.fetch_add(1, Ordering::SeqCst) as u64;
                    if at >= most || stop.load(Ordering::SeqCst) {
                        return;
                    }
                    let name = format!("{what}-{at}");
                    let mut tree = cases.new_tree(&mut runner(at)).unwrap();
                    ran.fetch_add(1, Ordering::SeqCst);
                    let failure = match run(&name, at + 1, &tree.current()) {
                        Ok(is_good) => {
                            good.fetch_add(usize::from(is_good), Ordering::SeqCst);
                            continue;
                        }
                        Err(failure) => failure,
                    };
                    stop.fetch_or(!goes_on, Ordering::SeqCst);
                    let is_new = !found.lock().unwrap().contains_key(&failure.kind);
                    found
                        .lock()
                        .unwrap()
                        .entry(failure.kind.clone())
                        .or_default()
                        .push(if is_new { String::new() } else { format!("case {at}") });
                    if is_new {
                        let told = smaller(&mut tree, failure.clone(), |it| run(&name, at + 1, it));
                        let told = format!("case {at}: {told}");
                        if goes_on {
                            println!("## {}\n\n{told}\n", failure.kind);
                        }
                        found.lock().unwrap().get_mut(&failure.kind).unwrap()[0] = told;
                    }
                }
            });
        }
    });
    let (ran, good) = (ran.into_inner(), good.into_inner());
    let seconds = start.elapsed().as_secs_f64();
    let summary = format!("{what}: {ran} cases, {good} good recordings, {seconds:.1} s");
    println!("{summary}");
    let mut kinds: Vec<_> = found.into_inner().unwrap().into_iter().collect();
    kinds.sort_by_key(|(_, all)| std::cmp::Reverse(all.len()));
    let kinds: Vec<_> = kinds
        .into_iter()
        .map(|(kind, all)| {
            let numbers: Vec<_> = all.iter().skip(1).take(8).map(String::as_str).collect();
            format!("## {} times: {kind}\n\nalso {}\n\n{}", all.len(), numbers.join(", "), all[0])
        })
        .collect();
    assert!(kinds.is_empty(), "{summary}\n{}", kinds.join("\n\n"));
}

/// Makes a case smaller, as long as it fails in the same way. Returns its description.
fn smaller<T: ValueTree>(
    tree: &mut T,
    mut failure: Failure,
    run: impl Fn(&T::Value) -> Result<bool, Failure>,
) -> String
where
    T::Value: Debug,
{
    let kind = failure.kind.clone();
    let mut best = format!("{:?}", tree.current());
    let mut goes = tree.simplify();
    let most = number("CAMPAIGN_SMALLER").and_then(|it| it.try_into().ok()).unwrap_or(SMALLER);
    for _ in 0..most {
        if !goes {
            break;
        }
        goes = match run(&tree.current()) {
            Err(found) if found.kind == kind => {
                best = format!("{:?}", tree.current());
                failure = found;
                tree.simplify()
            }
            _ => tree.complicate(),
        };
    }
    format!("{}\n{best}", failure.detail)
}
