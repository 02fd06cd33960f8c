//! Measures the cost of authentication, with our crates and with our peers', in one process. See `README.md`.

mod api;
mod build_cost;
mod crypto;
mod endpoint;
mod fixture;
mod latency;
mod odd_requests;
mod ours;
mod peers;
mod picture;
mod profile;
mod revocation;
mod scaling;
mod stress;
mod subject;
mod table;
mod throughput;

use fixture::Fixture;

fn main() {
    const PARTS: [&str; 12] = [
        "api",
        "build",
        "crypto",
        "latency",
        "allocations",
        "scaling",
        "throughput",
        "stress",
        "odd",
        "pictures",
        "revocation",
        "profile",
    ];
    let part = std::env::args().nth(1);
    if let Some(part) = part.as_deref().filter(|part| !PARTS.contains(part)) {
        eprintln!("unknown part {part}; the parts are {}", PARTS.join(", "));
        std::process::exit(2);
    }
    if part.as_deref() == Some("build") {
        build_cost::run();
        return;
    }
    let selected = |name: &str| part.as_deref().is_none_or(|part| part == name);
    let draws = part.as_deref() == Some("pictures");
    let mut latency = Vec::new();
    let single_thread = actix_web::rt::System::new();
    single_thread.block_on(async {
        let fixture = Fixture::start().await;
        if part.as_deref() == Some("profile") {
            profile::run(&fixture, &std::env::args().nth(2).unwrap_or_default()).await;
        }
        if selected("latency") || selected("allocations") || draws {
            latency = latency::run(&fixture, selected("latency") || draws, selected("allocations")).await;
        }
        if selected("crypto") {
            crypto::run();
        }
        if selected("odd") {
            odd_requests::run(&fixture).await;
        }
        if selected("api") {
            api::run().await;
        }
    });
    let all_threads = tokio::runtime::Runtime::new().expect("a runtime");
    all_threads.block_on(async {
        let fixture = Fixture::start().await;
        if selected("scaling") {
            scaling::run(&fixture).await;
        }
        if selected("throughput") || draws {
            let throughput = throughput::run(&fixture).await;
            if draws {
                picture::draw(&latency, &throughput).expect("the folder `pictures` can be written");
            }
        }
        if selected("stress") {
            stress::run(&fixture).await;
        }
        if selected("revocation") {
            revocation::run(&fixture).await;
        }
    });
}
