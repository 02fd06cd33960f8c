//! The Clerk that an example trusts, and what it prints at the start.

use std::{env, error::Error, fmt::Write as _, io::Write as _, path::PathBuf};

use clerk_core::Clerk;
use clerk_local::LocalClerk;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// An example's Clerk: the real one if the environment has its keys, otherwise a local instance in this process.
#[derive(Debug)]
pub struct Site {
    clerk: Clerk,
    local: Option<LocalClerk>,
    /// The example's URL, without a trailing slash.
    origin: String,
}

/// Sends logs to standard error; `RUST_LOG=clerk=debug` shows the reason for every decision.
pub fn init_logs() {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "error".into()))
        .with_writer(std::io::stderr)
        .init();
}

/// The folder from which a local instance serves clerk-js: `CLERK_NPM_FOLDER`, or that of the browser tests.
fn npm_folder() -> Option<PathBuf> {
    let folder = env::var_os("CLERK_NPM_FOLDER").map_or_else(|| "tests/e2e/npm".into(), PathBuf::from);
    folder.is_dir().then_some(folder)
}

impl Site {
    /// The port of the examples: `PORT`, or 3000.
    ///
    /// # Errors
    /// When `PORT` is not a port.
    pub fn port() -> Result<u16, Box<dyn Error>> {
        match env::var("PORT") {
            Ok(port) => port.parse().map_err(|_| format!("PORT={port} is not a port: use a number up to 65535").into()),
            Err(_) => Ok(3000),
        }
    }

    /// A listener on the loopback interface.
    ///
    /// # Errors
    /// When the port is not available; the error says what to do.
    pub fn listen(port: u16) -> Result<std::net::TcpListener, Box<dyn Error>> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", port)).map_err(|error| {
            format!("cannot listen on port {port} ({error}): stop the process that uses it, or set PORT to another")
        })?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    }

    /// Chooses the Clerk to trust, checks the configuration, prints its problems, and fetches the keys.
    ///
    /// # Errors
    /// When the environment's keys are wrong, or Clerk cannot be reached; the error says what to do.
    pub async fn start(port: u16) -> Result<Self, Box<dyn Error>> {
        let set = |name| env::var(name).is_ok_and(|value: String| !value.is_empty());
        let (clerk, local) = if set("CLERK_SECRET_KEY") || set("CLERK_PUBLISHABLE_KEY") || set("CLERK_JWT_KEY") {
            (Clerk::from_env()?, None)
        } else {
            let local = match npm_folder() {
                Some(folder) => LocalClerk::builder().npm_folder(folder).start().await?,
                None => LocalClerk::start().await?,
            };
            let origins = [format!("http://localhost:{port}"), format!("http://127.0.0.1:{port}")];
            (local.clerk_builder()?.authorized_parties(origins)?.build()?, Some(local))
        };
        let report = clerk.check().await;
        let mut out = std::io::stdout();
        for problem in report.problems() {
            writeln!(out, "{problem}")?;
        }
        if report.is_ok() {
            writeln!(out, "configuration checked: ok\n")?;
        }
        clerk.warm_up().await?;
        Ok(Self { clerk, local, origin: format!("http://localhost:{port}") })
    }

    /// The Clerk that the app trusts.
    #[must_use]
    pub const fn clerk(&self) -> &Clerk {
        &self.clerk
    }

    /// The example's URL, without a trailing slash.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) const fn local(&self) -> Option<&LocalClerk> {
        self.local.as_ref()
    }

    /// The URL of "sign in".
    #[must_use]
    pub fn sign_in_url(&self) -> String {
        match &self.local {
            Some(local) => local.sign_in_url(&format!("{}/", self.origin)),
            None => self.with_redirect_back(&self.clerk.sign_in_url().unwrap_or_default()),
        }
    }

    /// The URL of "sign out": a page of the local instance, or the user page of the real Clerk's account portal.
    #[must_use]
    pub fn sign_out_url(&self) -> String {
        match &self.local {
            Some(local) => local.sign_out_url(&format!("{}/", self.origin)),
            None => self.clerk.sign_in_url().unwrap_or_default().replace("/sign-in", "/user"),
        }
    }

    fn with_redirect_back(&self, url: &str) -> String {
        format!("{url}?redirect_url={}", utf8_percent_encode(&format!("{}/", self.origin), NON_ALPHANUMERIC))
    }

    /// Commands to try, ready to paste.
    ///
    /// # Errors
    /// When the local instance lacks its initial users.
    pub fn instructions(&self) -> Result<String, Box<dyn Error>> {
        let mut text = format!("Open in a browser:\n\n  {}/\n\n", self.origin);
        let me = format!("{}/api/me", self.origin);
        match &self.local {
            Some(local) => {
                let mint = |user: &str, seconds| -> Result<String, Box<dyn Error>> {
                    // An hour instead of Clerk's 60 s, so that there is time to paste the tokens.
                    let now = clerk_core::time::Clock::now(&clerk_core::time::SystemClock);
                    let until = now + std::time::Duration::from_secs(seconds);
                    Ok(local.token(user)?.authorized_party(&self.origin).expires_at(until).mint())
                };
                let token = mint("alice", 3600)?;
                let bob = mint("bob", 3600)?;
                let tampered = format!("{}A{}", &token[..token.len() - 20], &token[token.len() - 19..]);
                let tampered = if tampered == token {
                    format!("{}B{}", &token[..token.len() - 20], &token[token.len() - 19..])
                } else {
                    tampered
                };
                for (name, token, url) in [
                    ("200, the admin Alice", Some(&token), &me),
                    ("401, signed out", None, &me),
                    ("401, a tampered token", Some(&tampered), &me),
                    ("403, the member Bob on an admin route", Some(&bob), &format!("{}/api/admin", self.origin)),
                ] {
                    match token {
                        Some(token) => {
                            writeln!(text, "{name}:\n\n  curl -i {url} -H 'Authorization: Bearer {token}'\n")?
                        }
                        None => writeln!(text, "{name}:\n\n  curl -i {url}\n")?,
                    }
                }
                writeln!(
                    text,
                    "Its Clerk is a local instance at {} (for development, no account needed).",
                    local.frontend_api_url()
                )?;
                writeln!(text, "Set CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY to use your own.")?;
                if npm_folder().is_none() {
                    writeln!(
                        text,
                        "It has no clerk-js, so pages can send their form for a minute: node tests/e2e/fetch-clerk.js"
                    )?;
                }
            }
            None => {
                writeln!(text, "401, signed out:\n\n  curl -i {me}\n")?;
                writeln!(
                    text,
                    "200, with a session token of your instance:\n\n  curl -i {me} -H \"Authorization: Bearer $TOKEN\""
                )?;
            }
        }
        Ok(text)
    }
}
