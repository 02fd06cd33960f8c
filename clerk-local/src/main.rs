//! `clerk-local`: a Clerk instance on this machine, for development and tests only.

use std::{error::Error, io::Write, process::ExitCode};

use clap::Parser;
use clerk_local::LocalClerk;

/// A Clerk instance on this machine, for development and tests only
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Port of the Frontend API and of the pages
    #[arg(long, default_value_t = 4400)]
    frontend_port: u16,
    /// Port of the Backend API
    #[arg(long, default_value_t = 4401)]
    backend_port: u16,
    /// Send signed webhooks to this address of your app, http://localhost:3000/webhooks for example
    #[arg(long, value_name = "URL")]
    webhook_endpoint: Vec<String>,
    /// Serve Clerk's scripts for browsers from this folder, with @clerk/clerk-js/dist and @clerk/ui/dist in it
    #[arg(long, value_name = "FOLDER")]
    npm_folder: Option<std::path::PathBuf>,
    /// Also print a session token of this user, good for one minute
    #[arg(long, value_name = "USER")]
    print_token: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .with_writer(std::io::stderr)
        .init();
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    if std::env::var("CLERK_SECRET_KEY").is_ok_and(|key| key.starts_with("sk_live_")) {
        return Err("CLERK_SECRET_KEY holds a live key: unset it, clerk-local is for development and tests only".into());
    }
    let builder = LocalClerk::builder().frontend_port(arguments.frontend_port).backend_port(arguments.backend_port);
    let builder = arguments.webhook_endpoint.iter().fold(builder, |builder, url| builder.webhook_endpoint(url));
    let builder = arguments.npm_folder.iter().fold(builder, |builder, folder| builder.npm_folder(folder));
    let local = builder.start().await?;
    let token = arguments
        .print_token
        .as_ref()
        .map(|user| Ok::<_, Box<dyn Error>>((user, local.token(user)?.mint())))
        .transpose()?;
    writeln!(std::io::stderr(), "clerk-local: development and tests only")?;
    let mut out = std::io::stdout();
    writeln!(out, "# clerk-local, for development and tests only. Users: {}/", local.frontend_api_url())?;
    writeln!(out, "# For your app's .env (the secret key is another at each start):")?;
    for (name, value) in local.environment() {
        writeln!(out, "{name}={value}")?;
    }
    if let Some((user, token)) = token {
        writeln!(out, "# A token of {user}, good for 60 seconds:\nTOKEN={token}")?;
    }
    out.flush()?;
    tokio::signal::ctrl_c().await?;
    Ok(())
}
