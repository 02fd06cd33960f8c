//! A gRPC server behind Clerk, called by a client: `cargo run -p example-grpc`.
//!
//! It starts a Clerk instance and the server, makes calls that end well and calls that do not, and goes on serving.
//! `cargo run -p example-grpc client URL [TOKEN]` makes one call more.

use std::{
    env,
    error::Error,
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use clerk_local::LocalClerk;
use example_grpc::{client::Client, serve};
use example_site::Site;
use tokio::net::TcpListener;
use tokio_stream::StreamExt;

async fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => demo().await,
        ["client", url] => say("nobody", Client::connect(url, None).await?.who_am_i().await),
        ["client", url, token] => say("you", Client::connect(url, Some(token)).await?.who_am_i().await),
        _ => Err("start it without arguments, or as: client URL [TOKEN]".into()),
    }
}

async fn demo() -> Result<(), Box<dyn Error>> {
    let port = Site::port()?;
    let listener = TcpListener::from_std(Site::listen(port)?)?;
    let local = LocalClerk::start().await?;
    let server = tokio::spawn(serve(listener, local.clerk_builder()?.build()?));
    let url = format!("http://localhost:{port}");

    // The demo's tokens outlive Clerk's 60 seconds, so that there is time to paste them.
    let minted = |user| local.token(user).map(|token| token.lifetime(Duration::from_secs(3600)).mint());
    let (alice, bob) = (minted("alice")?, minted("bob")?);
    say("WhoAmI, the admin Alice", Client::connect(&url, Some(&alice)).await?.who_am_i().await)?;
    let mut entries = Client::connect(&url, Some(&alice)).await?.entries(3).await?;
    while let Some(entry) = entries.next().await {
        say("Entries, the admin Alice", entry)?;
    }
    say("Close, the admin Alice", Client::connect(&url, Some(&alice)).await?.close().await)?;
    say("WhoAmI, nobody", Client::connect(&url, None).await?.who_am_i().await)?;
    say("Close, nobody", Client::connect(&url, None).await?.close().await)?;
    say("Close, the member Bob", Client::connect(&url, Some(&bob)).await?.close().await)?;

    // A server that has never reached Clerk, and so has no keys: nobody is told that he is signed out.
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let cut_off = format!("http://{}", listener.local_addr()?);
    tokio::spawn(serve(listener, local.clerk_builder()?.api_url("http://127.0.0.1:1")?.build()?));
    say("WhoAmI, Clerk down", Client::connect(&cut_off, Some(&alice)).await?.who_am_i().await)?;

    let again = format!("cargo run -p example-grpc client {url}");
    writeln!(io::stdout(), "\nOK, the admin Alice:\n\n  {again} {alice}\n\nUNAUTHENTICATED, nobody:\n\n  {again}\n")?;
    writeln!(
        io::stdout(),
        "The same with grpcurl:\n\n  grpcurl -plaintext -import-path examples/grpc/proto -proto ledger.proto -H 'authorization: Bearer {alice}' localhost:{port} ledger.Ledger/WhoAmI\n"
    )?;
    server.await?.map_err(|error| error.to_string().into())
}

fn say<T: std::fmt::Debug>(what: &str, outcome: Result<T, tonic::Status>) -> Result<(), Box<dyn Error>> {
    match outcome {
        Ok(answer) => writeln!(io::stdout(), "{what}: OK, {answer:?}")?,
        Err(status) => writeln!(io::stdout(), "{what}: {:?}, {}", status.code(), status.message())?,
    }
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    example_site::init_logs();
    let Err(error) = run().await else { return ExitCode::SUCCESS };
    let _ = writeln!(io::stderr(), "error: {error}");
    ExitCode::FAILURE
}
