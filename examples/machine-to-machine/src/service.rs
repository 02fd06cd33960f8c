//! The called process: an API for machines, and the Clerk instance that both processes trust.

use std::{
    env,
    error::Error,
    io::{self, Write},
    process::Command,
    time::Duration,
};

use axum::{Router, routing::get};
use clerk_axum::{Auth, Authenticator, ClerkLayer, M2mToken, TokenType};
use clerk_local::LocalClerk;
use example_site::{Commands, Site, TOKEN_LIFETIME};

#[axum::debug_handler]
async fn job(Auth(machine): Auth<M2mToken>) -> String {
    format!("hello {}\n", machine.machine_id())
}

pub(super) async fn run() -> Result<(), Box<dyn Error>> {
    let port = Site::port()?;
    let listener = tokio::net::TcpListener::from_std(Site::listen(port)?)?;
    let local = LocalClerk::start().await?;
    // Caches a valid token for 2 s, because each lookup costs a round trip.
    let clerk = local.clerk_builder()?.machine_token_cache(Duration::from_secs(2))?.build()?;
    let machines = Authenticator::new(clerk).accepts_tokens(TokenType::M2mToken)?;
    let app = Router::new().route("/job", get(job)).layer(ClerkLayer::new(machines));
    let server = tokio::spawn(async move { axum::serve(listener, app).await });

    let url = format!("http://localhost:{port}/job");
    writeln!(io::stdout(), "[api    {}] listens on {url}", std::process::id())?;
    let mut caller = Command::new(env::current_exe()?);
    // The caller gets only this key, not the Clerk settings of this process's environment.
    for (variable, _) in clerk_axum::clerk_core::config::ENVIRONMENT_VARIABLES {
        caller.env_remove(variable);
    }
    caller
        .args(["caller", &url])
        .env("CLERK_MACHINE_SECRET_KEY", local.machine_secret_key().expose())
        .env("CLERK_API_URL", local.backend_api_url());
    let status = tokio::task::spawn_blocking(move || caller.status()).await??;
    if !status.success() {
        return Err("the caller failed".into());
    }
    let (created, looked_up) = (local.create_requests(), local.verify_requests());
    writeln!(
        io::stdout(),
        "[api    {}] Clerk created {created} tokens and verified one {looked_up} times\n\n{}",
        std::process::id(),
        commands(&local, &url)
    )?;
    Ok(server.await??)
}

fn commands(local: &LocalClerk, url: &str) -> Commands {
    let token = || local.m2m_token(local.machine_id()).lifetime(TOKEN_LIFETIME);
    Commands::new()
        .export("GOOD", &token().create())
        .export("REVOKED", &token().revoked().create())
        .request("200, a valid token", &format!("curl -i -H \"Authorization: Bearer $GOOD\" {url}"))
        .request("401, without a token", &format!("curl -i {url}"))
        .request("401, a revoked token", &format!("curl -i -H \"Authorization: Bearer $REVOKED\" {url}"))
}
