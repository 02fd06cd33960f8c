//! Two processes share revocations through Redis: `cargo run -p example-revocation-redis`.
//!
//! Starts a Clerk instance, a Redis server, and itself twice as the apps A and B. Alice signs in, A revokes her
//! session, and the same token gets 401 in B. Then Clerk's webhook reports another revoked session to A, and B rejects
//! that one, too. Meanwhile Redis is killed and started again. Needs the command `redis-server`.

mod app;
mod demo;

use std::{env, error::Error, io::Write, process::ExitCode};

async fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => demo::run().await,
        ["app"] => app::run().await,
        _ => Err("run it without arguments".into()),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    example_site::init_logs();
    let Err(error) = run().await else { return ExitCode::SUCCESS };
    let _ = writeln!(std::io::stderr(), "error: {error}");
    ExitCode::FAILURE
}
