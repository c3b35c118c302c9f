//! The experiments themselves: complete, valid, and answered by the fake as they say.

use std::collections::BTreeSet;

use super::{Cost, Outcome, Verdict, catalogue, issue, on_fake, summary, table};

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

/// Returns the outcome of one experiment after `change`.
fn changed(mark: &str, change: impl FnOnce(&mut super::experiment::Experiment)) -> Outcome {
    let mut catalogue = catalogue().unwrap().only(&[mark.to_owned()]).unwrap();
    change(&mut catalogue.experiments[0]);
    on_fake(&catalogue, &catalogue.experiments[0]).unwrap()
}

#[test]
fn another_answer_is_a_difference_in_every_report() {
    let outcome =
        changed("missing-grant", |it| it.calls[1].message = Some("no | grant".to_owned()));
    assert_eq!(outcome.verdict, Verdict::Differs);
    let outcomes = [outcome];
    assert_eq!(summary(&outcomes), "1 experiment: 0 as the fake says, 1 otherwise, 0 not run");
    let table = table(&outcomes, "another", 150);
    assert!(table.contains("no | grant") && table.contains("'aaaa"), "{table}");
    let issue = issue(&outcomes, "another");
    let row = "| `missing-grant` | RetireGrant | NotFoundException: no \\| grant | NotFoundException: Grant 'aaaa";
    assert!(issue.contains(row) && !issue.contains("RevokeGrant"), "{issue}");
}

#[test]
fn a_success_in_place_of_an_error_and_the_reverse_are_differences() {
    let outcome = changed("unknown-grant-filter", |it| {
        it.calls[0].error = Some("NotFoundException".to_owned());
    });
    assert_eq!(outcome.verdict, Verdict::Differs);
    let outcome = changed("missing-grant", |it| it.calls[0].error = None);
    assert_eq!(outcome.verdict, Verdict::Differs);
    // A preparation, too.
    let outcome = changed("dead-token", |it| it.calls[0].input["Operations"] = "none".into());
    assert_eq!(outcome.verdict, Verdict::Differs);
}

#[test]
fn a_call_that_needs_what_no_answer_has_is_not_made() {
    let outcome =
        changed("missing-grant", |it| it.calls[0].input["GrantId"] = "{7.GrantId}".into());
    let why = "call 1 needs {7.GrantId}, which no answer has".to_owned();
    assert_eq!(outcome.verdict, Verdict::NotRun(why));
}
