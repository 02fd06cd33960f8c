//! One process calls another with M2M tokens: `cargo run -p example-machine-to-machine`.
//!
//! Starts a Clerk instance and an API that accepts M2M tokens, then itself again as the caller.

mod caller;
mod service;

use std::{env, error::Error, io::Write, process::ExitCode};

async fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => service::run().await,
        ["caller", url] => caller::run(url).await,
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
