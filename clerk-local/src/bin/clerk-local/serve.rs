//! `clerk-local serve`: runs an instance until Ctrl-C.

use std::{
    error::Error,
    fs,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use clap::ValueEnum;
use clerk_local::LocalClerk;
use serde_json::{Map, Value, json};

use crate::seed;

#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// Port of the Frontend API and of the console
    #[arg(long, default_value_t = 4400)]
    frontend_port: u16,
    /// Port of the Backend API
    #[arg(long, default_value_t = 4401)]
    backend_port: u16,
    /// Keep users, organizations, sessions, tokens, the outbox and keys in this SQLite file; default: in memory
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Start with the users, organizations and roles of this TOML file, and follow its changes
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    seed: Option<PathBuf>,
    /// Send signed webhooks to this address of your app, http://localhost:3000/webhooks for example
    #[arg(long, value_name = "URL")]
    webhook_endpoint: Vec<String>,
    /// Origin where browsers reach the Frontend API, if a proxy terminates TLS: https://clerk.app.test
    #[arg(long, value_name = "ORIGIN")]
    public_url: Option<String>,
    /// Page of your app that links of sign-in tokens and actor tokens open: http://localhost:3000/sign-in
    #[arg(long, value_name = "URL")]
    app_sign_in_url: Option<String>,
    /// Let pages at this origin use the instance, besides those of this machine, and redirect to them: http://app.test:3000
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
    /// Serve Clerk's scripts for browsers from this folder, with @clerk/clerk-js/dist and @clerk/ui/dist in it
    #[arg(long, value_name = "FOLDER")]
    npm_folder: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Colour the log
    #[arg(long, value_enum, default_value_t)]
    color: Color,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, ValueEnum)]
enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

/// How often the seed file is checked for changes.
const WATCH_INTERVAL: Duration = Duration::from_millis(500);

pub(crate) async fn run(arguments: Serve) -> Result<(), Box<dyn Error>> {
    let colored = match arguments.color {
        Color::Auto => io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        Color::Always => true,
        Color::Never => false,
    };
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .with_writer(io::stderr)
        .with_ansi(colored)
        .init();
    if std::env::var("CLERK_SECRET_KEY").is_ok_and(|key| key.starts_with("sk_live_")) {
        return Err("CLERK_SECRET_KEY holds a live key: unset it, clerk-local is for development and tests only".into());
    }
    // A long-running instance can wait for new keys, which no other process then has.
    let mut builder = LocalClerk::builder().fresh_keys();
    builder = builder.frontend_port(arguments.frontend_port).backend_port(arguments.backend_port);
    for url in &arguments.webhook_endpoint {
        builder = builder.webhook_endpoint(url);
    }
    for origin in &arguments.allow_origin {
        builder = builder.allow_redirect_origin(origin);
    }
    if let Some(url) = &arguments.public_url {
        builder = builder.public_url(url);
    }
    if let Some(url) = &arguments.app_sign_in_url {
        builder = builder.app_sign_in_url(url);
    }
    if let Some(path) = &arguments.data {
        builder = builder.data_file(path);
    }
    if let Some(path) = &arguments.npm_folder {
        builder = builder.npm_folder(path);
    }
    if let Some(path) = &arguments.seed {
        builder = builder.seed(seed::read(path)?);
    }
    let local = builder.start().await?;
    print_environment(&local, &arguments)?;
    match &arguments.seed {
        None => tokio::signal::ctrl_c().await?,
        Some(path) => tokio::select! {
            result = tokio::signal::ctrl_c() => result?,
            () = watch_seed(path, &local) => {}
        },
    }
    Ok(())
}

fn print_environment(local: &LocalClerk, arguments: &Serve) -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(io::stderr(), "clerk-local: development and tests only")?;
    if arguments.json {
        let environment: Map<String, Value> =
            local.environment().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        writeln!(out, "{}", json!({"console": local.frontend_api_url(), "environment": environment}))?;
        return out.flush();
    }
    writeln!(out, "# clerk-local, for development and tests only. Console: {}/", local.frontend_api_url())?;
    let keys = if arguments.data.is_some() { "" } else { " (without --data, each start has new secret keys)" };
    writeln!(out, "# For your app's .env{keys}:")?;
    for (name, value) in local.environment() {
        writeln!(out, "{name}={value}")?;
    }
    out.flush()
}

/// Applies the seed file after each change. An invalid file changes nothing.
async fn watch_seed(path: &Path, local: &LocalClerk) {
    let changed_at = || -> Option<SystemTime> { fs::metadata(path).ok()?.modified().ok() };
    let mut last = changed_at();
    loop {
        tokio::time::sleep(WATCH_INTERVAL).await;
        let now = changed_at();
        if now.is_none() || now == last {
            continue;
        }
        last = now;
        match seed::read(path) {
            Ok(seed) => {
                local.reseed(seed);
                tracing::info!(target: "clerk_local", "the changed seed was applied");
            }
            Err(error) => tracing::warn!(target: "clerk_local", %error, "the changed seed is invalid and was ignored"),
        }
    }
}
