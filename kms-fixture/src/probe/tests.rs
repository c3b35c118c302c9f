//! The experiments themselves: complete, valid, and answered by the fake as they say.

use std::collections::BTreeSet;

use super::{Cost, Verdict, catalogue, on_fake};

/// Returns the marks of the table in `guesses.md`.
fn guesses() -> BTreeSet<String> {
    let page = include_str!("../docs/guesses.md").split("# Inferred").next().unwrap();
    let rows = page.lines().filter_map(|it| it.strip_prefix("| `")?.split('`').next());
    rows.map(str::to_owned).collect()
}

#[test]
fn every_guess_has_an_experiment_or_a_reason_why_not() {
    let all = catalogue().unwrap().experiments;
    let marks: BTreeSet<_> = all.iter().map(|it| it.mark.clone()).collect();
    let missing: Vec<_> = guesses().difference(&marks).cloned().collect();
    assert!(missing.is_empty(), "guesses.md has guesses without an experiment: {missing:?}");
    let undisputed = all.iter().filter(|it| it.disputed.is_none());
    let unknown: Vec<_> =
        undisputed.map(|it| &it.mark).filter(|it| !guesses().contains(*it)).collect();
    assert!(
        unknown.is_empty(),
        "guesses.md does not have these, and nothing disputes them: {unknown:?}"
    );
    assert_eq!(all.iter().map(|it| &it.mark).collect::<BTreeSet<_>>().len(), all.len());
}

#[test]
fn every_experiment_asks_something_or_says_why_not() {
    for it in catalogue().unwrap().experiments {
        let asks = it.calls.iter().any(super::experiment::Step::asks);
        assert_ne!(asks, it.why_not.is_some(), "{}", it.mark);
        assert!(it.question.ends_with('?') && it.question.len() > 20, "{}", it.mark);
        assert!(it.why_not.is_none_or(|it| it.starts_with("needs ")), "{}", it.mark);
    }
}

#[cfg(feature = "crypto")]
#[test]
fn the_fake_answers_as_every_experiment_expects() {
    let catalogue = catalogue().unwrap();
    let mut wrong = Vec::new();
    for experiment in &catalogue.experiments {
        let outcome = on_fake(&catalogue, experiment).unwrap();
        match (&experiment.why_not, &outcome.verdict) {
            (None, Verdict::Agrees) | (Some(_), Verdict::NotRun(_)) => {}
            _ => wrong.push(format!("{}: {outcome:#?}", experiment.mark)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_experiment_that_ends_a_grant_by_a_made_up_id_or_token_is_a_dry_run() {
    for experiment in catalogue().unwrap().experiments {
        for step in &experiment.calls {
            if !matches!(&*step.call, "RetireGrant" | "RevokeGrant") {
                continue;
            }
            let names = ["GrantId", "GrantToken"].iter().filter_map(|it| step.input[*it].as_str());
            let is_made_up = |it: &str| !it.starts_with('{') || it.contains('*');
            if names.into_iter().any(is_made_up) {
                assert_eq!(step.input["DryRun"], true, "{}: {step:?}", experiment.mark);
            }
        }
    }
}

// A user may let the experiments use a key that exists already.
#[test]
fn an_experiment_changes_only_keys_of_its_own_for_good() {
    let harmless = [
        "CreateAlias",
        "CreateGrant",
        "CreateKey",
        "Encrypt",
        "GetKeyLastUsage",
        "ListGrants",
        "ListResourceTags",
        "ListRetirableGrants",
        "ReEncrypt",
        "RetireGrant",
        "RevokeGrant",
        "TagResource",
        "UntagResource",
        "UpdateAlias",
    ];
    for experiment in catalogue().unwrap().experiments {
        for step in experiment.calls.iter().filter(|it| !harmless.contains(&&*it.call)) {
            let key = step.input["KeyId"].as_str().unwrap();
            assert_eq!(key, "{1.KeyMetadata.KeyId}", "{}: {step:?}", experiment.mark);
            assert_eq!(experiment.calls[0].call, "CreateKey", "{}", experiment.mark);
        }
    }
}

#[test]
fn the_documentation_has_the_cost_of_a_run() {
    let all = catalogue().unwrap().experiments;
    let ran: Vec<_> = all.iter().filter(|it| it.why_not.is_none()).collect();
    let shared: BTreeSet<_> = ran.iter().flat_map(|it| &it.keys).collect();
    let cost = Cost::of(ran.into_iter(), shared.len());
    let page = include_str!("../docs/experiments.md");
    let hundreds = cost.requests.div_ceil(100) * 100;
    let cost = format!("makes {} keys and sends about {hundreds} requests", cost.keys);
    assert!(page.contains(&cost), "{cost}");
}
