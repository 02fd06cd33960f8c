//! Errors of the public API.

use std::{fmt, io, path::Path};

/// Why an instance could not start; `Display` says what to do.
#[derive(Debug)]
pub struct StartError {
    kind: StartErrorKind,
    problem: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Why an instance could not start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartErrorKind {
    /// The data file cannot be read or written.
    File,
    /// The folder of Clerk's scripts does not exist.
    NpmFolder,
    /// A port cannot be listened on.
    Port,
    /// The public URL is not an origin.
    PublicUrl,
    /// The app's sign-in page is neither at a loopback address nor at an allowed origin.
    SignInUrl,
    /// A signing key could not be generated.
    SigningKey,
    /// A webhook endpoint is not on this machine.
    WebhookUrl,
    /// The HTTP client that sends webhooks could not start.
    HttpClient,
}

impl StartError {
    pub(crate) fn port(port: u16, source: io::Error) -> Self {
        let problem = if source.kind() == io::ErrorKind::AddrInUse {
            format!("port {port} on 127.0.0.1 is in use: stop the process that has it, or choose another port")
        } else {
            format!("cannot listen on port {port} of 127.0.0.1 ({source}): choose another port")
        };
        Self { kind: StartErrorKind::Port, problem, source: Some(source.into()) }
    }

    pub(crate) fn signing_key() -> Self {
        Self {
            kind: StartErrorKind::SigningKey,
            problem: "no key could be generated: the system's random source failed".to_owned(),
            source: None,
        }
    }

    pub(crate) fn webhook_url(url: &str) -> Self {
        Self {
            kind: StartErrorKind::WebhookUrl,
            problem: format!(
                "webhooks cannot go to {url:?}: use an address of this machine such as http://localhost:3000/webhooks, \
                 or allow its origin"
            ),
            source: None,
        }
    }

    pub(crate) fn public_url(url: &str) -> Self {
        let problem = format!("{url:?} is not an origin: use one such as https://clerk.app.test, without a path");
        Self { kind: StartErrorKind::PublicUrl, problem, source: None }
    }

    pub(crate) fn app_page_url(url: &str) -> Self {
        let problem = format!(
            "the instance cannot redirect to {url:?}: use an address of this machine such as http://localhost:3000/sign-in, \
             or allow its origin"
        );
        Self { kind: StartErrorKind::SignInUrl, problem, source: None }
    }

    pub(crate) fn http_client() -> Self {
        let problem = "the HTTP client that sends webhooks could not start: install the system's CA certificates";
        Self { kind: StartErrorKind::HttpClient, problem: problem.to_owned(), source: None }
    }

    #[cfg(feature = "sqlite")]
    pub(crate) fn file(path: &Path, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let source = source.into();
        let problem = format!("cannot keep data in {} ({source}): use another file", path.display());
        Self { kind: StartErrorKind::File, problem, source: Some(source) }
    }

    pub(crate) fn invalid_setting(setting: &str) -> Self {
        let problem = format!("the data file has an invalid {setting}: use another file");
        Self { kind: StartErrorKind::File, problem, source: None }
    }

    #[cfg(feature = "sqlite")]
    pub(crate) fn file_in_use(path: &Path) -> Self {
        let problem = format!("{} is in use: stop the clerk-local that has it, or use another file", path.display());
        Self { kind: StartErrorKind::File, problem, source: None }
    }

    pub(crate) fn npm_folder(path: &Path, source: io::Error) -> Self {
        let path = path.display();
        let problem = format!(
            "cannot serve Clerk's scripts from {path} ({source}): name a folder with @clerk/clerk-js/dist in it, or none"
        );
        Self { kind: StartErrorKind::NpmFolder, problem, source: Some(source.into()) }
    }

    /// Why the instance could not start.
    #[must_use]
    pub const fn kind(&self) -> StartErrorKind {
        self.kind
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Why a seed is invalid; [`Seed::from_toml`](crate::Seed::from_toml) shows the form.
#[cfg(feature = "toml")]
#[cfg_attr(docsrs, doc(cfg(feature = "toml")))]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedError(String);

#[cfg(feature = "toml")]
impl SeedError {
    pub(crate) fn new(problem: String) -> Self {
        Self(problem)
    }
}

#[cfg(feature = "toml")]
impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(feature = "toml")]
impl std::error::Error for SeedError {}

/// A user or an organization that the instance does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName(pub(crate) String);

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the instance has no {:?}: create it first, or use one of the seed", self.0)
    }
}

impl std::error::Error for UnknownName {}

/// Why a setting was not changed; `Display` says what is possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingError(String);

impl SettingError {
    pub(crate) const fn new(problem: String) -> Self {
        Self(problem)
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SettingError {}
