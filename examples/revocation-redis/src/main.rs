//! Two processes behind one Redis, in which sessions end at once: `cargo run -p example-revocation-redis`.
//!
//! It starts a Clerk instance, a Redis server and itself twice more as the apps A and B, and then: alice signs in, A revokes
//! her session, and the same token gets 401 in B; then Clerk's webhook tells A of another one, with the same end. Redis is killed and started again in the middle. It needs the command
//! `redis-server`.

mod app;
mod stage;

use std::{env, error::Error, io::Write, process::ExitCode};

async fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => stage::run().await,
        ["app"] => app::run().await,
        _ => Err("start it without arguments".into()),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    example_site::init_logs();
    let Err(error) = run().await else { return ExitCode::SUCCESS };
    let _ = writeln!(std::io::stderr(), "error: {error}");
    ExitCode::FAILURE
}
