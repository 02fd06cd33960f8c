//! How long starts take: `cargo run -p clerk-local --example start -- 50` for 50 instances in one process.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::time::{Duration, Instant};

use clerk_local::LocalClerk;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count: usize = std::env::args().nth(1).map_or(Ok(1), |count| count.parse())?;
    let (mut starts, mut tokens, mut running) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..count {
        let begin = Instant::now();
        let local = LocalClerk::start().await?;
        starts.push(begin.elapsed());
        let begin = Instant::now();
        let _ = local.token("alice")?.mint();
        tokens.push(begin.elapsed());
        running.push(local);
    }
    println!("start: {}; then the first token: {}", format_times(&mut starts), format_times(&mut tokens));
    Ok(())
}

fn format_times(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |index: usize| times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0);
    format!("median {:.0} ms, most {:.0} ms", at(times.len() / 2), at(times.len().saturating_sub(1)))
}
