//! What authentication costs, ours and our peers', in one process. See `README.md`.

mod api;
mod endpoint;
mod fixture;
mod latency;
mod odd;
mod ours;
mod peers;
mod profile;
mod revocation;
mod scaling;
mod stress;
mod subject;
mod table;
mod throughput;

use fixture::Fixture;

fn main() {
    const PARTS: [&str; 9] =
        ["api", "latency", "allocations", "scaling", "throughput", "stress", "odd", "revocation", "profile"];
    let part = std::env::args().nth(1);
    if let Some(part) = part.as_deref().filter(|part| !PARTS.contains(part)) {
        eprintln!("there is no part {part}; the parts are {}", PARTS.join(", "));
        std::process::exit(2);
    }
    let wanted = |name: &str| part.as_deref().is_none_or(|part| part == name);
    let in_one_thread = actix_web::rt::System::new();
    in_one_thread.block_on(async {
        let fixture = Fixture::start().await;
        if part.as_deref() == Some("profile") {
            profile::run(&fixture, &std::env::args().nth(2).unwrap_or_default()).await;
        }
        if wanted("latency") || wanted("allocations") {
            latency::run(&fixture, wanted("latency"), wanted("allocations")).await;
        }
        if wanted("odd") {
            odd::run(&fixture).await;
        }
        if wanted("api") {
            api::run().await;
        }
    });
    let in_all_threads = tokio::runtime::Runtime::new().expect("a runtime");
    in_all_threads.block_on(async {
        let fixture = Fixture::start().await;
        if wanted("scaling") {
            scaling::run(&fixture).await;
        }
        if wanted("throughput") {
            throughput::run(&fixture).await;
        }
        if wanted("stress") {
            stress::run(&fixture).await;
        }
        if wanted("revocation") {
            revocation::run(&fixture).await;
        }
    });
}
