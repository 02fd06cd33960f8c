//! A gRPC server protected by Clerk, and a client: `cargo run -p example-grpc`.
//!
//! Starts a Clerk instance and the server, makes calls that succeed and calls that fail, and continues to serve.
//! `cargo run -p example-grpc client URL [TOKEN]` makes one more call.

use std::{
    env,
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use clerk_local::LocalClerk;
use example_grpc::{client::Client, serve};
use example_site::{Commands, Site, TOKEN_LIFETIME};
use tokio::net::TcpListener;
use tokio_stream::StreamExt;

async fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => demo().await,
        ["client", url] => print_outcome("signed out", Client::connect(url, None).await?.who_am_i().await),
        ["client", url, token] => {
            print_outcome("with a token", Client::connect(url, Some(token)).await?.who_am_i().await)
        }
        _ => Err("run it without arguments, or with: client URL [TOKEN]".into()),
    }
}

async fn demo() -> Result<(), Box<dyn Error>> {
    let port = Site::port()?;
    let listener = TcpListener::from_std(Site::listen(port)?)?;
    let local = LocalClerk::start().await?;
    let server = tokio::spawn(serve(listener, local.clerk_builder()?.build()?));
    let url = format!("http://localhost:{port}");

    let mint = |user| local.token(user).map(|token| token.lifetime(TOKEN_LIFETIME).mint());
    let (alice, bob) = (mint("alice")?, mint("bob")?);
    print_outcome("WhoAmI, the admin Alice", Client::connect(&url, Some(&alice)).await?.who_am_i().await)?;
    let mut entries = Client::connect(&url, Some(&alice)).await?.entries(3).await?;
    while let Some(entry) = entries.next().await {
        print_outcome("Entries, the admin Alice", entry)?;
    }
    print_outcome("Close, the admin Alice", Client::connect(&url, Some(&alice)).await?.close().await)?;
    print_outcome("WhoAmI, signed out", Client::connect(&url, None).await?.who_am_i().await)?;
    print_outcome("Close, signed out", Client::connect(&url, None).await?.close().await)?;
    print_outcome("Close, the member Bob", Client::connect(&url, Some(&bob)).await?.close().await)?;

    // A server that has never reached Clerk has no keys. It responds UNAVAILABLE, not UNAUTHENTICATED.
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let without_clerk = format!("http://{}", listener.local_addr()?);
    tokio::spawn(serve(listener, local.clerk_builder()?.api_url("http://127.0.0.1:1")?.build()?));
    print_outcome("WhoAmI, Clerk down", Client::connect(&without_clerk, Some(&alice)).await?.who_am_i().await)?;

    let client = format!("cargo run -p example-grpc client {url}");
    let proto = "-import-path examples/grpc/proto -proto ledger.proto";
    let commands = Commands::new()
        .export("ALICE", &alice)
        .request("OK, the admin Alice", &format!("{client} $ALICE"))
        .request("UNAUTHENTICATED, signed out", &client)
        .request(
            "the same with grpcurl",
            &format!(
                "grpcurl -plaintext {proto} -H \"authorization: Bearer $ALICE\" localhost:{port} ledger.Ledger/WhoAmI"
            ),
        );
    write!(io::stdout(), "\n{commands}")?;
    server.await?.map_err(|error| error.to_string().into())
}

fn print_outcome<T: std::fmt::Debug>(name: &str, outcome: Result<T, tonic::Status>) -> Result<(), Box<dyn Error>> {
    match outcome {
        Ok(response) => writeln!(io::stdout(), "{name}: OK, {response:?}")?,
        Err(status) => writeln!(io::stdout(), "{name}: {:?}, {}", status.code(), status.message())?,
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
