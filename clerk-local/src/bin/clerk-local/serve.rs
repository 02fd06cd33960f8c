//! `clerk-local serve`: runs an instance until Ctrl-C.

use std::{
    error::Error,
    fs,
    io::{self, IsTerminal, Write},
    net::IpAddr,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use clap::ValueEnum;
use clerk_local::{Fault, LocalClerk, SettingError, Settings};
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
    /// Sign-up page of your app, if it is another
    #[arg(long, value_name = "URL")]
    app_sign_up_url: Option<String>,
    /// Waitlist page of your app
    #[arg(long, value_name = "URL")]
    app_waitlist_url: Option<String>,
    /// Let pages at this origin use the instance, besides those of this machine, and send redirects and webhooks to it:
    /// http://app.test:3000
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
    /// Listen on this address instead of the loopback ones, 0.0.0.0 in a container: each client that reaches it can
    /// sign in as any user
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<IpAddr>,
    /// Answer to this host, too, besides localhost: the name of the container, clerk-local for example
    #[arg(long, value_name = "HOST")]
    allow_host: Vec<String>,
    /// Serve Clerk's scripts for browsers from this folder, with @clerk/clerk-js/dist and @clerk/ui/dist in it
    #[arg(long, value_name = "FOLDER")]
    npm_folder: Option<PathBuf>,
    /// Change what users may do, as in the settings table of a seed and at /settings: legal_consent=true,
    /// phone_number=disabled
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
    /// Delay each answer of the two APIs, or of paths that begin with this: 250ms, /v1/client/sign_ins=1s
    #[arg(long, value_name = "[PATH=]DURATION", value_parser = latency)]
    latency: Vec<(String, Duration)>,
    /// Let paths that begin with this fail with a status, at either API: /v1/clients/handshake_payload=503
    #[arg(long, value_name = "PATH=STATUS", value_parser = failure)]
    fail: Vec<(String, u16)>,
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
    if let Some(address) = arguments.listen {
        builder = builder.listen(address);
    }
    for host in &arguments.allow_host {
        builder = builder.allow_host(host);
    }
    if let Some(url) = &arguments.public_url {
        builder = builder.public_url(url);
    }
    if let Some(url) = &arguments.app_sign_in_url {
        builder = builder.app_sign_in_url(url);
    }
    if let Some(url) = &arguments.app_sign_up_url {
        builder = builder.app_sign_up_url(url);
    }
    if let Some(url) = &arguments.app_waitlist_url {
        builder = builder.app_waitlist_url(url);
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
    apply_settings(&local, &arguments.set)?;
    // The latest fault that matches a path counts: first those for many paths.
    let mut latency = arguments.latency.clone();
    latency.sort_by_key(|(path, _)| path.len());
    latency.iter().for_each(|(path, by)| local.faults().path(path, Fault::Slow(*by)));
    arguments.fail.iter().for_each(|(path, status)| local.faults().path(path, Fault::Status(*status)));
    print_environment(&local, &arguments)?;
    match &arguments.seed {
        None => tokio::signal::ctrl_c().await?,
        Some(path) => tokio::select! {
            result = tokio::signal::ctrl_c() => result?,
            () = watch_seed(path, &local, &arguments.set) => {}
        },
    }
    Ok(())
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("a setting has the form NAME=VALUE")?;
    Settings::default().set(name, value).map_err(|error| error.to_string())?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Changes these settings, and leaves the others as the seed or the data file has them.
fn apply_settings(local: &LocalClerk, changes: &[(String, String)]) -> Result<(), SettingError> {
    let mut settings = local.settings();
    changes.iter().try_for_each(|(name, value)| settings.set(name, value))?;
    if !changes.is_empty() {
        local.set_settings(settings);
    }
    Ok(())
}

/// Without a path it is for both APIs, but not for pages and scripts.
fn latency(text: &str) -> Result<(String, Duration), String> {
    let (path, duration) = text.rsplit_once('=').unwrap_or(("/v1", text));
    let (number, unit) = duration.split_at(duration.bytes().take_while(u8::is_ascii_digit).count());
    let number: u32 = number.parse().map_err(|_| "a duration has a number and a unit: 250ms, 2s")?;
    let duration = match unit {
        "ms" => Duration::from_millis(number.into()),
        "s" => Duration::from_secs(number.into()),
        _ => return Err("a duration has the unit ms or s: 250ms, 2s".to_owned()),
    };
    Ok((absolute(path)?, duration))
}

fn failure(text: &str) -> Result<(String, u16), String> {
    let (path, status) = text.rsplit_once('=').ok_or("a failure has the form PATH=STATUS")?;
    let status = status.parse().ok().filter(|status| (400..600).contains(status));
    Ok((absolute(path)?, status.ok_or("the status of a failure is between 400 and 599")?))
}

fn absolute(path: &str) -> Result<String, String> {
    if path.starts_with('/') { Ok(path.to_owned()) } else { Err(format!("a path begins with /: {path:?} does not")) }
}

fn print_environment(local: &LocalClerk, arguments: &Serve) -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(io::stderr(), "clerk-local: development and tests only")?;
    if let Some(address) = arguments.listen.filter(|address| !address.is_loopback()) {
        writeln!(
            io::stderr(),
            "WARNING: clerk-local listens on {address}. Every machine that reaches it, as localhost or one of {:?}, can sign \
             in as any user, mint tokens and read every message. Publish its ports to no network but that of your \
             containers, or to 127.0.0.1.",
            arguments.allow_host
        )?;
    }
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
async fn watch_seed(path: &Path, local: &LocalClerk, settings: &[(String, String)]) {
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
                // They were valid at the start.
                let _ = apply_settings(local, settings);
                tracing::info!(target: "clerk_local", "the changed seed was applied");
            }
            Err(error) => tracing::warn!(target: "clerk_local", %error, "the changed seed is invalid and was ignored"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_and_failures_are_read() {
        let owned = |path: &str, by| Ok((path.to_owned(), by));
        assert_eq!(latency("250ms"), owned("/v1", Duration::from_millis(250)));
        assert_eq!(latency("/v1/client/sign_ins=2s"), owned("/v1/client/sign_ins", Duration::from_secs(2)));
        for wrong in ["", "250", "ms", "1.5s", "-1s", "250 ms", "1m", "v1=1s", "=1s", "/v1="] {
            assert!(latency(wrong).is_err(), "{wrong}");
        }
        assert_eq!(failure("/v1/users=503"), Ok(("/v1/users".to_owned(), 503)));
        for wrong in ["", "503", "/v1", "/v1=200", "/v1=x", "v1=500", "/v1=600"] {
            assert!(failure(wrong).is_err(), "{wrong}");
        }
    }
}
