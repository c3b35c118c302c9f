//! Temporary.
use crate::fixture_cost::fixture;
use crate::support::answer::Answer;
use crate::support::direct::Direct;
use crate::support::measure::{Effort, Subject, medians};
use crate::support::signed::Signer;
use aws_sdk_kms::Client;
use aws_sdk_kms::config::{BehaviorVersion, Config, Region};
use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use kms_fixture::Fixture;
use kms_fixture::scenario::{KeyDeclaration, RoleDeclaration};
use serde_json::json;
use std::cell::RefCell;
use std::time::{Duration, Instant};

type Cell = RefCell<Vec<Vec<Duration>>>;
fn put(c: &Cell, i: usize, d: Duration) {
    c.borrow_mut()[i].push(d);
}
fn show(name: &str, c: &Cell, labels: &[&str]) {
    println!("{name}");
    for (i, l) in labels.iter().enumerate() {
        let mut v = c.borrow()[i].clone();
        v.sort();
        println!("   {l:<40} {:?}", v[v.len() / 2]);
    }
}

pub(crate) fn run(effort: Effort) {
    let kms0 = fixture();
    let worker = kms0.caller("worker").arn().to_owned();
    let request =
        Signer::new(&kms0).sign("ListRetirableGrants", &json!({"RetiringPrincipal": worker}));
    let answer = Answer::of(&Direct::new(&kms0).call(request.sdk()));
    let creds = kms0.credentials();
    let rt = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let a: Cell = RefCell::new(vec![vec![]; 10]);
    let b: Cell = RefCell::new(vec![vec![]; 10]);
    let c: Cell = RefCell::new(vec![vec![]; 10]);
    let signer = Signer::new(&kms0);
    let listkeys = signer.sign("ListKeys", &json!({}));
    let direct = Direct::new(&kms0);
    let fx: Subject<'_> = Box::new(|| {
        rt.block_on(async {
            let t = Instant::now();
            let kms = fixture();
            put(&a, 0, t.elapsed());
            let t = Instant::now();
            let cfg = kms.sdk_config();
            put(&a, 1, t.elapsed());
            let t = Instant::now();
            let client = Client::new(&cfg);
            put(&a, 2, t.elapsed());
            let t = Instant::now();
            let r = client
                .list_retirable_grants()
                .retiring_principal(&worker)
                .send()
                .await
                .unwrap();
            put(&a, 3, t.elapsed());
            let t = Instant::now();
            let r2 = client
                .list_retirable_grants()
                .retiring_principal(&worker)
                .send()
                .await
                .unwrap();
            put(&a, 4, t.elapsed());
            let t = Instant::now();
            drop((r, r2));
            drop(client);
            drop(cfg);
            put(&a, 5, t.elapsed());
            let t = Instant::now();
            drop(kms);
            put(&a, 6, t.elapsed());
        });
        Duration::ZERO
    });
    let fl: Subject<'_> = Box::new(|| {
        rt.block_on(async {
            let t = Instant::now();
            let event = || ReplayEvent::new(HttpRequest::empty(), answer.sdk());
            let h = StaticReplayClient::new(vec![event(), event()]);
            put(&b, 0, t.elapsed());
            let t = Instant::now();
            let cfg = Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::new("us-east-1"))
                .credentials_provider(creds.clone())
                .http_client(h)
                .build();
            put(&b, 1, t.elapsed());
            let t = Instant::now();
            let client = Client::from_conf(cfg);
            put(&b, 2, t.elapsed());
            let t = Instant::now();
            let r = client
                .list_retirable_grants()
                .retiring_principal(&worker)
                .send()
                .await
                .unwrap();
            put(&b, 3, t.elapsed());
            let t = Instant::now();
            let r2 = client
                .list_retirable_grants()
                .retiring_principal(&worker)
                .send()
                .await
                .unwrap();
            put(&b, 4, t.elapsed());
            let t = Instant::now();
            drop((r, r2));
            drop(client);
            put(&b, 5, t.elapsed());
        });
        Duration::ZERO
    });
    let parts: Subject<'_> = Box::new(|| {
        let t = Instant::now();
        let x = Fixture::builder().start().unwrap();
        put(&c, 0, t.elapsed());
        drop(x);
        let t = Instant::now();
        let x = Fixture::builder()
            .key(KeyDeclaration::new("k"))
            .start()
            .unwrap();
        put(&c, 1, t.elapsed());
        drop(x);
        let t = Instant::now();
        let x = Fixture::builder()
            .role(RoleDeclaration::new("worker"))
            .start()
            .unwrap();
        put(&c, 2, t.elapsed());
        drop(x);
        let t = Instant::now();
        let r = request.sdk();
        put(&c, 3, t.elapsed());
        let t = Instant::now();
        let r = direct.call(r);
        put(&c, 4, t.elapsed());
        drop(r);
        let mut q = request.sdk();
        q.headers_mut().remove("authorization");
        let t = Instant::now();
        let r = direct.call(q);
        put(&c, 5, t.elapsed());
        assert!(!r.status().is_success());
        drop(r);
        let mut q = request.sdk();
        let a = format!("{}0", q.headers().get("authorization").unwrap());
        q.headers_mut().insert("authorization", a);
        let t = Instant::now();
        let r = direct.call(q);
        put(&c, 6, t.elapsed());
        assert!(!r.status().is_success());
        drop(r);
        let t = Instant::now();
        let r = signer.sign("ListRetirableGrants", &json!({"RetiringPrincipal": worker}));
        put(&c, 7, t.elapsed());
        drop(r);
        let q = listkeys.sdk();
        let t = Instant::now();
        let r = direct.call(q);
        put(&c, 8, t.elapsed());
        assert!(r.status().is_success());
        drop(r);
        Duration::ZERO
    });
    if std::env::var_os("PAGE").is_some() {
        let k = crate::throughput::fixture();
        let r = Signer::new(&k).sign(
            "ListRetirableGrants",
            &json!({"RetiringPrincipal": k.caller("worker").arn(), "Limit": 50}),
        );
        let d = Direct::new(&k);
        for n in [2_000u32, 2_000, 2_000, 2_000, 2_000, 2_000, 2_000, 10_000] {
            let t = Instant::now();
            for _ in 0..n {
                drop(d.call(r.sdk()));
            }
            println!("page {:?}", t.elapsed() / n);
        }
        return;
    }
    if std::env::var_os("HOT").is_some() {
        let t = Instant::now();
        for _ in 0..100_000 {
            drop(direct.call(request.sdk()));
        }
        println!("hot ListRetirableGrants {:?}", t.elapsed() / 100_000);
        let t = Instant::now();
        for _ in 0..100_000 {
            drop(direct.call(listkeys.sdk()));
        }
        println!("hot ListKeys {:?}", t.elapsed() / 100_000);
        let t = Instant::now();
        for _ in 0..100_000 {
            drop(request.sdk());
        }
        println!("hot request.sdk() {:?}", t.elapsed() / 100_000);
        let t = Instant::now();
        for _ in 0..100_000 {
            drop(signer.sign("ListRetirableGrants", &json!({"RetiringPrincipal": worker})));
        }
        println!("hot sign {:?}", t.elapsed() / 100_000);
        let t = Instant::now();
        for _ in 0..100_000 {
            drop(fixture());
        }
        println!("hot fixture {:?}", t.elapsed() / 100_000);
        let t = Instant::now();
        for _ in 0..100_000 {
            drop(Fixture::builder().start());
        }
        println!("hot empty fixture {:?}", t.elapsed() / 100_000);
        return;
    }
    medians(effort, 8, [fx, fl, parts]);
    show(
        "fixture",
        &a,
        &[
            "start",
            "sdk_config",
            "Client::new",
            "first call",
            "second call",
            "drop client",
            "drop kms",
        ],
    );
    show(
        "floor",
        &b,
        &[
            "replay client",
            "Config",
            "Client::from_conf",
            "first call",
            "second call",
            "drop",
        ],
    );
    show(
        "parts",
        &c,
        &[
            "start empty",
            "start key",
            "start role",
            "request.sdk()",
            "direct call",
            "no authorization",
            "wrong signature",
            "sign in the bench",
            "ListKeys",
        ],
    );
}
