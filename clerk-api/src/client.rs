//! [`Client`], which all operations are reached from.

use std::{fmt, sync::Arc, time::Duration};

use clerk_core::{BackendAccess, Clerk, ConfigError, SecretKey};

use crate::{
    Method,
    rate_limit::{Limiter, RateLimit},
    raw::RawRequest,
    retry::Retry,
};

/// The version of the Backend API that this crate was written against.
pub const API_VERSION: &str = clerk_core::backend_rules::BACKEND_API_VERSION;

/// Client of Clerk's Backend API. Cheap to clone.
///
/// Its settings are consumed and returned, so that they read as one chain.
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
    pub(crate) access: BackendAccess,
    pub(crate) api_version: Box<str>,
    pub(crate) timeout: Duration,
    pub(crate) try_timeout: Duration,
    pub(crate) max_body: usize,
    pub(crate) retry: Retry,
    pub(crate) limiter: Option<Arc<Limiter>>,
}

impl Client {
    /// A client with a secret key, on connections of its own.
    ///
    /// # Errors
    /// When the HTTPS client could not start.
    pub fn new(secret_key: SecretKey) -> Result<Self, ConfigError> {
        Ok(Self::from_clerk(&Clerk::builder().secret_key(secret_key).build()?))
    }

    /// A client with the key, the connections and the clock of a [`Clerk`]. Without a secret key there, each call fails.
    #[must_use]
    pub fn from_clerk(clerk: &Clerk) -> Self {
        Self(Arc::new(Settings {
            access: clerk.backend_access(),
            api_version: API_VERSION.into(),
            timeout: Duration::from_secs(30),
            try_timeout: Duration::from_secs(10),
            max_body: 16 * 1024 * 1024,
            retry: Retry::default(),
            limiter: None,
        }))
    }

    /// How long a call may take with all its tries and waits; 30 s unless set.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        self.with(|settings| settings.timeout = timeout)
    }

    /// How long one try may take; 10 s unless set.
    #[must_use]
    pub fn try_timeout(self, timeout: Duration) -> Self {
        self.with(|settings| settings.try_timeout = timeout)
    }

    /// The largest answer that is read, in bytes; 16 MiB unless set.
    #[must_use]
    pub fn max_answer(self, bytes: usize) -> Self {
        self.with(|settings| settings.max_body = bytes)
    }

    /// How calls that failed are repeated: GET calls, and those marked `idempotent()`.
    #[must_use]
    pub fn retries(self, retry: Retry) -> Self {
        self.with(|settings| settings.retry = retry)
    }

    /// Makes calls wait that would be more than this; off unless set. It counts for all clones of the client that are made
    /// after it was set.
    #[must_use]
    pub fn rate_limit(self, limit: RateLimit) -> Self {
        self.with(|settings| settings.limiter = Some(Arc::new(Limiter::new(limit))))
    }

    /// Any call of the API, such as one that is younger than this crate.
    ///
    /// ```no_run
    /// # async fn run(client: clerk_api::Client) -> Result<(), clerk_api::ApiError> {
    /// use clerk_api::Method;
    /// let answer = client.request(Method::Get, "/role_sets/{id}").id("rs_1").query("limit", 5).send().await?;
    /// println!("{}", answer["name"]);
    /// # Ok(()) }
    /// ```
    pub fn request(&self, method: Method, path: impl Into<String>) -> RawRequest {
        RawRequest::new(self, method, path.into())
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
        f.debug_struct("Client").field("access", &self.0.access).finish_non_exhaustive()
    }
}

/// `clerk.api()`.
pub trait ClerkExt {
    /// A client of the Backend API with this instance's key, connections and clock, and the usual settings.
    fn api(&self) -> Client;
}

impl ClerkExt for Clerk {
    fn api(&self) -> Client {
        Client::from_clerk(self)
    }
}
