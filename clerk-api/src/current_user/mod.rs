//! The signed-in [`User`] and the active [`Organization`] of a request, from the Backend API.
//!
//! A session token contains the user's id and little more. Handlers that need the rest, such as a name or metadata, use
//! a [`CurrentSource`]. It calls the API at most once per request, shares one call between simultaneous requests
//! (single flight), and caches the result for a short time. The adapters have extractors for it, `CurrentUser` and
//! `CurrentOrganization`.
//!
//! ```no_run
//! use clerk_api::{CurrentSource, users::User};
//! use clerk_core::{AuthState, Clerk, Denied};
//!
//! async fn greet(current: &CurrentSource, state: &AuthState) -> Result<String, Denied> {
//!     let user = current.user(state).await?; // Arc<User>, or the error response
//!     Ok(format!("Hello {}", user.first_name.as_deref().unwrap_or("you")))
//! }
//!
//! # fn run(clerk: Clerk) {
//! let current = CurrentSource::new(&clerk); // once, for all requests
//! # }
//! ```
//!
//! | case | response |
//! |---|---|
//! | no user is signed in | 401, as everywhere |
//! | the user was deleted, banned, or deprovisioned by directory sync | 401 |
//! | no organization is active, or the active one was deleted | 403 |
//! | the API does not respond, or sends `Retry-After` | 503 with `Retry-After` |
//! | the secret key is missing | 500, and a log line that says so |

mod denied;
mod lookup;
mod request;
#[cfg(feature = "webhook")]
mod webhooks;

use std::{fmt, future::Future, sync::Arc, time::Duration};

use clerk_core::{AuthState, Clerk, Denied, FromAuth as _, OrgId, UserId};

use self::lookup::Lookup;
pub use self::request::RequestCurrent;
use clerk_types::{organization::Organization, user::User};

use crate::client::Client;

/// Gets the user and the organization of a request from the Backend API, with a cache. See the [module](self).
///
/// Cheap to clone; clones share the cache. Create one per service, outside of code that runs once per worker. Each
/// setting consumes the source and returns one with an empty cache.
#[derive(Clone)]
pub struct CurrentSource {
    client: Client,
    settings: Settings,
    users: Lookup<User>,
    organizations: Lookup<Organization>,
}

#[derive(Debug, Clone, Copy)]
struct Settings {
    max_age: Duration,
    capacity: usize,
    timeout: Duration,
}

impl CurrentSource {
    /// Creates a source with the key, connections and clock of a [`Clerk`].
    #[must_use]
    pub fn new(clerk: &Clerk) -> Self {
        Self::from_client(Client::from_clerk(clerk))
    }

    /// Creates a source that uses this client, with its rate limit and retries.
    #[must_use]
    pub fn from_client(client: Client) -> Self {
        let settings = Settings { max_age: Duration::from_secs(10), capacity: 1000, timeout: Duration::from_secs(5) };
        Self::from_parts(client, settings)
    }

    /// How long a user or an organization is cached; default: 10 s. With zero, each request calls the API, but
    /// simultaneous requests for the same user still share one call.
    #[must_use]
    pub fn max_age(self, age: Duration) -> Self {
        Self::from_parts(self.client, Settings { max_age: age, ..self.settings })
    }

    /// How many users, and how many organizations, are cached; default: 1000 each. Beyond that, the oldest are removed.
    #[must_use]
    pub fn capacity(self, entries: usize) -> Self {
        Self::from_parts(self.client, Settings { capacity: entries, ..self.settings })
    }

    /// How long a call of the API may take, including retries, before requests get 503; default: 5 s.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self::from_parts(self.client, Settings { timeout, ..self.settings })
    }

    fn from_parts(client: Client, settings: Settings) -> Self {
        let (users, organizations) = (Lookup::new(&client, settings), Lookup::new(&client, settings));
        Self { client, settings, users, organizations }
    }

    /// The signed-in user.
    ///
    /// # Errors
    /// The error response: 401 without a session token, or if the user was deleted, banned or deprovisioned; 503 if the
    /// API cannot be reached.
    pub fn user(&self, state: &AuthState) -> impl Future<Output = Result<Arc<User>, Denied>> + Send + use<> {
        let (users, id) = (self.users.clone(), UserId::from_auth(state));
        async move { users.find(id?.as_str()).await }
    }

    /// The active organization.
    ///
    /// # Errors
    /// The error response: 401 without a session token, 403 if no organization is active or it was deleted, 503 if the
    /// API cannot be reached.
    pub fn organization(
        &self,
        state: &AuthState,
    ) -> impl Future<Output = Result<Arc<Organization>, Denied>> + Send + use<> {
        let (organizations, id) = (self.organizations.clone(), OrgId::from_auth(state));
        async move { organizations.find(id?.as_str()).await }
    }

    /// Removes a user from the cache, so that the next request calls the API. Call it after your service has changed a
    /// user.
    pub fn forget_user(&self, user_id: &str) {
        self.users.forget(user_id);
    }

    /// Removes an organization from the cache.
    pub fn forget_organization(&self, organization_id: &str) {
        self.organizations.forget(organization_id);
    }
}

impl From<&Clerk> for CurrentSource {
    fn from(clerk: &Clerk) -> Self {
        Self::new(clerk)
    }
}

impl fmt::Debug for CurrentSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CurrentSource").field("settings", &self.settings).finish_non_exhaustive()
    }
}
