//! [`BackendAccess`]: the connection to the Backend API, for a client of the whole API.

use std::sync::Arc;

use super::Clerk;
use crate::{
    backend::client::HttpClient,
    base::time::Clock,
    config::{
        MachineSecretKey, SecretKey,
        backend_api::{DEFAULT_API_PATH_VERSION, DEFAULT_API_URL},
    },
};

/// The URL, keys, HTTP client and clock of a [`Clerk`], for a client of the whole Backend API.
///
/// ```
/// # fn run(clerk: &clerk_core::Clerk) {
/// let access = clerk.backend_access();
/// assert_eq!(access.api_url(), "https://api.clerk.com");
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct BackendAccess {
    api_url: Box<str>,
    api_version: Box<str>,
    secret_key: Option<SecretKey>,
    machine_secret_key: Option<MachineSecretKey>,
    http: Option<HttpClient>,
    clock: Arc<dyn Clock>,
}

impl BackendAccess {
    pub(crate) fn new(clerk: &Clerk) -> Self {
        let backend = clerk.backend();
        Self {
            api_url: backend.map_or(DEFAULT_API_URL, |backend| backend.base()).into(),
            api_version: backend.map_or(DEFAULT_API_PATH_VERSION, |backend| &backend.api_version).into(),
            secret_key: backend.and_then(|backend| backend.secret_key.clone()),
            machine_secret_key: backend.and_then(|backend| backend.machine_secret_key.clone()),
            http: backend.map(|backend| backend.transport.http().clone()),
            clock: Arc::clone(clerk.clock()),
        }
    }

    /// The Backend API's URL, without a slash at the end.
    #[must_use]
    pub fn api_url(&self) -> &str {
        &self.api_url
    }

    /// The version in the API's paths, `v1`.
    #[must_use]
    pub fn api_version(&self) -> &str {
        &self.api_version
    }

    /// The instance's secret key, if there is one.
    #[must_use]
    pub const fn secret_key(&self) -> Option<&SecretKey> {
        self.secret_key.as_ref()
    }

    /// This machine's secret key, if there is one.
    #[must_use]
    pub const fn machine_secret_key(&self) -> Option<&MachineSecretKey> {
        self.machine_secret_key.as_ref()
    }

    /// The HTTP client for calls from the present Tokio runtime. It follows no redirects, and its connections belong to
    /// this runtime, so ask for it before each call. `None` if there is neither a secret key nor a machine secret key.
    #[must_use]
    pub fn http(&self) -> Option<reqwest::Client> {
        // The client for another runtime was built from the same settings, so this one builds, too.
        self.http.as_ref()?.for_url(&self.api_url).ok()
    }

    /// The clock.
    #[must_use]
    pub const fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }
}
