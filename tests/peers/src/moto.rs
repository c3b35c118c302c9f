//! moto's server, where it is installed: how long it takes to start, and a call when it runs.

use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use aws_sdk_kms::Client;
use aws_sdk_kms::config::{BehaviorVersion, Config, Credentials, Region};

use crate::support::measure::{Effort, medians, whole};
use crate::support::table;

pub(crate) fn run() {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
    let at = free.expect("a free port");
    let start = Instant::now();
    let program = std::env::var("MOTO_SERVER").unwrap_or_else(|_| "moto_server".to_owned());
    let mut command = Command::new(program);
    command.args(["-H", "127.0.0.1", "-p", &at.port().to_string()]);
    let Ok(mut server) = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() else {
        println!("\nmoto's server is not installed, or not at $MOTO_SERVER");
        return;
    };
    while TcpStream::connect(at).is_err() && start.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let started = start.elapsed();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::for_tests())
        .endpoint_url(format!("http://{at}"));
    let client = Client::from_conf(config.build());
    let call = whole(|| {
        runtime.block_on(client.list_keys().send()).expect("moto lists keys");
    });
    let [call] = medians(Effort::Full, 5, [call]);
    table::heading("moto's server");
    println!("  its start                                 {:>9.1} ms", started.as_secs_f64() * 1e3);
    println!("  one ListKeys when it runs, through the SDK {:>9.1} us", call.as_secs_f64() * 1e6);
    let _ = server.kill();
    let _ = server.wait();
}
