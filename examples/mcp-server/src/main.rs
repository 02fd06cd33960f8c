//! An MCP server protected by Clerk: `cargo run -p example-mcp-server`.
//!
//! Starts a Clerk instance and the server, then a client of the official Rust SDK that obtains a token.

use std::{
    env,
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use clerk_axum::Clerk;
use clerk_local::LocalClerk;
use example_mcp_server::{server, tour};
use example_site::{Commands, Site, TOKEN_LIFETIME};

async fn run() -> Result<(), Box<dyn Error>> {
    let port = Site::port()?;
    let listener = tokio::net::TcpListener::from_std(Site::listen(port)?)?;
    let url = format!("http://localhost:{port}/mcp");
    let local = match env::var("CLERK_SECRET_KEY") {
        Ok(key) if !key.is_empty() => None,
        _ => Some(LocalClerk::start().await?),
    };
    let clerk = match &local {
        Some(local) => local.clerk_builder()?.build()?,
        None => Clerk::from_env()?,
    };
    let app = server::app(&clerk, &url)?;
    let server = tokio::spawn(async move { axum::serve(listener, app).await });
    let mut out = io::stdout();
    if let Some(local) = &local {
        demonstrate(local, &url, &mut out).await?;
    }
    write!(out, "{}", instructions(local.as_ref(), &url))?;
    Ok(server.await??)
}

/// Shows how a client that knows only the URL connects.
async fn demonstrate(local: &LocalClerk, url: &str, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let Err(error) = tour::connect(url, None).await else {
        return Err("the server accepted a connection without a token".into());
    };
    let challenge = error.auth_challenge().ok_or("no challenge")?;
    writeln!(out, "without a token:      401, {challenge}")?;
    let connection = tour::authorize(local, url, challenge, "alice").await?;
    let tools = connection.list_all_tools().await?;
    let names: Vec<&str> = tools.iter().map(|tool| &*tool.name).collect();
    writeln!(out, "approved by alice:    tools {names:?}, whoami says {:?}", tour::whoami(&connection).await?)?;
    connection.cancel().await?;
    let user = local.user("alice").ok_or("no such user")?.id;
    for (name, token) in [
        ("without the scope:   ", local.oauth_token(&user).scopes(["email"]).audience([url])),
        ("for another audience:", local.oauth_token(&user).scopes(["profile"]).audience(["https://other.example"])),
    ] {
        let Err(error) = tour::connect(url, Some(&token.create())).await else {
            return Err("the server accepted the token".into());
        };
        let challenge = error.auth_challenge().ok_or("no challenge")?;
        writeln!(out, "{name} {}, {challenge}", if challenge.contains("insufficient_scope") { 403 } else { 401 })?;
    }
    Ok(())
}

fn instructions(local: Option<&LocalClerk>, url: &str) -> String {
    let origin = url.trim_end_matches("/mcp");
    let headers = "-H 'content-type: application/json' -H 'accept: application/json, text/event-stream'";
    let post = format!("curl -i {headers}");
    let call = r#"-d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami"}}'"#;
    let mut commands = Commands::new();
    if let Some(local) = local {
        let user = local.user("alice").map(|user| user.id).unwrap_or_default();
        let token = local.oauth_token(&user).scopes(["profile"]).audience([url]);
        let token = token.client_id("client_curl").lifetime(TOKEN_LIFETIME).create();
        let metadata = format!("curl {}/.well-known/oauth-authorization-server", local.frontend_api_url());
        commands = commands.export("TOKEN", &token).request("the authorization server's metadata", &metadata);
    }
    let version = "-H 'mcp-protocol-version: 2025-11-25'";
    let commands = commands
        .request(
            "the metadata that the challenge names",
            &format!("curl {origin}/.well-known/oauth-protected-resource/mcp"),
        )
        .request("401, without a token", &format!("{post} {call} {url}"))
        .request("200, with a token", &format!("{post} {version} -H \"Authorization: Bearer $TOKEN\" {call} {url}"));
    format!(
        "\nAdd it to an MCP client as {url}: the client opens a page where you choose a user. By hand:\n\n{commands}"
    )
}

#[tokio::main]
async fn main() -> ExitCode {
    // The client's rejected connections are part of the demo, not errors.
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "error,rmcp=off".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
    let Err(error) = run().await else { return ExitCode::SUCCESS };
    let _ = writeln!(io::stderr(), "error: {error}");
    ExitCode::FAILURE
}
