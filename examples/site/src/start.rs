//! The Clerk that an example trusts, and its address.

use std::{env, error::Error, fmt, io::Write as _, net::TcpListener, path::PathBuf, sync::Arc};

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
    listener: TcpListener,
}

/// Why an example cannot start. Its `Debug` is the plain text, because `main` shows an error by its `Debug`.
pub struct StartError(String);

impl fmt::Debug for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for StartError {}

/// Sends logs to standard error; `RUST_LOG=clerk=debug` shows the reason for every decision.
pub fn init_logs() {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "error".into()))
        .with_writer(std::io::stderr)
        .init();
}

/// The folder from which a local instance serves clerk-js: `CLERK_NPM_FOLDER`, or that of the browser tests.
pub(crate) fn npm_folder() -> Option<PathBuf> {
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
    pub fn listen(port: u16) -> Result<TcpListener, Box<dyn Error>> {
        let listener = TcpListener::bind(("127.0.0.1", port)).map_err(|error| {
            format!("cannot listen on port {port} ({error}): stop the process that uses it, or set PORT to another")
        })?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    }

    /// Starts the logs, opens the port, chooses the Clerk to trust, checks the configuration, prints its problems, and
    /// fetches the keys.
    ///
    /// # Errors
    /// When the port is not available, the environment's keys are wrong, or Clerk cannot be reached; the error says
    /// what to do.
    pub async fn start() -> Result<Arc<Self>, StartError> {
        init_logs();
        Self::try_start().await.map(Arc::new).map_err(|error| StartError(error.to_string()))
    }

    async fn try_start() -> Result<Self, Box<dyn Error>> {
        let port = Self::port()?;
        let listener = Self::listen(port)?;
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
        Ok(Self { clerk, local, origin: format!("http://localhost:{port}"), listener })
    }

    /// The listener on the example's port, which is already open.
    ///
    /// # Errors
    /// When the process has too many open files.
    pub fn listener(&self) -> std::io::Result<TcpListener> {
        self.listener.try_clone()
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
}
