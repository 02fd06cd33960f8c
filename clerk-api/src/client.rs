//! [`Client`]: the entry point of all operations.

use std::{fmt, sync::Arc, time::Duration};

use clerk_core::{Clerk, ConfigError, config::SecretKey};

use crate::http::{
    rate_limit::{Limiter, RateLimit},
    retry::Retry,
};

/// The version of the Backend API that this crate was written against.
pub const API_VERSION: &str = clerk_core::internal::BACKEND_API_VERSION;

/// Client of Clerk's Backend API. Cheap to clone.
///
/// Each setting consumes the client and returns it, so that settings can be chained.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use clerk_api::Client;
///
/// let client = Client::new("sk_test_abcdefghijklmnop".parse()?)?;
/// let page = client.users().list().email_address(["ada@example.com"]).limit(50).send().await?;
/// for user in page.data {
///     println!("{} {:?}", user.id, user.first_name);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Settings>);

#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) clerk: Clerk,
    pub(crate) api_version: Box<str>,
    pub(crate) timeout: Duration,
    pub(crate) try_timeout: Duration,
    pub(crate) max_body: usize,
    pub(crate) retry: Retry,
    pub(crate) limiter: Option<Arc<Limiter>>,
}

impl Client {
    /// Creates a client with a secret key and its own connections.
    ///
    /// # Errors
    /// When the HTTPS client cannot be created.
    pub fn new(secret_key: SecretKey) -> Result<Self, ConfigError> {
        Ok(Self::from_clerk(&Clerk::builder().secret_key(secret_key).build()?))
    }

    /// Creates a client with the key, connections and clock of a [`Clerk`]. If that has no secret key, every call
    /// fails.
    #[must_use]
    pub fn from_clerk(clerk: &Clerk) -> Self {
        Self(Arc::new(Settings {
            clerk: clerk.clone(),
            api_version: API_VERSION.into(),
            timeout: Duration::from_secs(30),
            try_timeout: Duration::from_secs(10),
            max_body: 16 * 1024 * 1024,
            retry: Retry::default(),
            limiter: None,
        }))
    }

    /// How long a call may take, with all its tries and waits; default: 30 s.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        self.with(|settings| settings.timeout = timeout)
    }

    /// How long one try may take; default: 10 s.
    #[must_use]
    pub fn try_timeout(self, timeout: Duration) -> Self {
        self.with(|settings| settings.try_timeout = timeout)
    }

    /// The size in bytes above which a response is an error; default: 16 MiB.
    #[must_use]
    pub fn max_response_size(self, bytes: usize) -> Self {
        self.with(|settings| settings.max_body = bytes)
    }

    /// How failed calls are retried. A call that Clerk may have executed is repeated only if it is a GET call or marked
    /// `idempotent()`; see [`Retry`].
    #[must_use]
    pub fn retries(self, retry: Retry) -> Self {
        self.with(|settings| settings.retry = retry)
    }

    /// Delays calls that exceed this limit; default: no limit. Clones made after this call share the limit.
    #[must_use]
    pub fn rate_limit(self, limit: RateLimit) -> Self {
        self.with(|settings| settings.limiter = Some(Arc::new(Limiter::new(limit))))
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0
    }

    fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("clerk", &self.0.clerk).finish_non_exhaustive()
    }
}

/// Adds `clerk.api()` to [`Clerk`].
pub trait ClerkExt {
    /// Creates a client of the Backend API with this instance's key, connections and clock, and default settings.
    fn api(&self) -> Client;
}

impl ClerkExt for Clerk {
    fn api(&self) -> Client {
        Client::from_clerk(self)
    }
}
