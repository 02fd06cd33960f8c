//! Who is signed in, as the Backend API has them: the [`User`] and the active [`Organization`] of a request.
//!
//! A session token says who somebody is, and little more. Handlers that need the rest, such as a name or metadata, ask a
//! [`CurrentSource`], which asks the API: once for each request, once for all requests that ask at the same time, and not
//! at all for what was asked a moment ago. The adapters have extractors for it, `CurrentUser` and `CurrentOrganization`.
//!
//! ```no_run
//! use clerk_api::{CurrentSource, users::User};
//! use clerk_core::{AuthState, Clerk, Denied};
//!
//! async fn greet(current: &CurrentSource, state: &AuthState) -> Result<String, Denied> {
//!     let user = current.user(state).await?; // Arc<User>, or the refusal to answer with
//!     Ok(format!("Hello {}", user.first_name.as_deref().unwrap_or("you")))
//! }
//!
//! # fn run(clerk: Clerk) {
//! let current = CurrentSource::new(&clerk); // once, for all requests
//! # }
//! ```
//!
//! | what happens | what the request is answered with |
//! |---|---|
//! | nobody is signed in | 401, as everywhere |
//! | the user was deleted, or banned | 401 |
//! | no organization is active, or the active one was deleted | 403 |
//! | the API does not answer, or asks to be left alone | 503 with `Retry-After` |
//! | there is no secret key | 500, and a log line that names it |

mod lookup;
mod refusal;
mod request;
mod webhooks;

use std::{fmt, future::Future, sync::Arc, time::Duration};

use clerk_core::{AuthState, Clerk, Denied, FromAuth as _, OrgId, UserId};

use self::lookup::Lookup;
pub use self::request::RequestCurrent;
use crate::{Client, organizations::Organization, users::User};

/// Where the user and the organization of a request come from: the Backend API, remembered for a moment. See the
/// [module](self).
///
/// Cheap to clone, and clones share what they remember; make one for a service, outside of anything that runs per worker.
/// Settings are consumed and returned, and each begins with nothing remembered.
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
    /// A source with the key, the connections and the clock of a [`Clerk`].
    #[must_use]
    pub fn new(clerk: &Clerk) -> Self {
        Self::from_client(Client::from_clerk(clerk))
    }

    /// A source that asks with this client, and so keeps to its rate limit and its retries.
    #[must_use]
    pub fn from_client(client: Client) -> Self {
        let settings = Settings { max_age: Duration::from_secs(10), capacity: 1000, timeout: Duration::from_secs(5) };
        Self::with(client, settings)
    }

    /// How long a user or an organization is remembered; 10 s unless set. With zero nothing is, and each request asks the
    /// API; those that ask for the same at the same time still share one answer.
    #[must_use]
    pub fn max_age(self, age: Duration) -> Self {
        Self::with(self.client, Settings { max_age: age, ..self.settings })
    }

    /// How many users are remembered at a time, and how many organizations; 1000 unless set. Beyond that the oldest go.
    #[must_use]
    pub fn capacity(self, entries: usize) -> Self {
        Self::with(self.client, Settings { capacity: entries, ..self.settings })
    }

    /// How long asking the API may take, retries included, before requests are answered with 503; 5 s unless set.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self::with(self.client, Settings { timeout, ..self.settings })
    }

    fn with(client: Client, settings: Settings) -> Self {
        let (users, organizations) = (Lookup::new(&client, settings), Lookup::new(&client, settings));
        Self { client, settings, users, organizations }
    }

    /// The signed-in user.
    ///
    /// # Errors
    /// The refusal to answer with: 401 when nobody is signed in, also with a token that is no session's, and when the user
    /// was deleted or banned; 503 when the API could not be asked.
    pub fn user(&self, state: &AuthState) -> impl Future<Output = Result<Arc<User>, Denied>> + Send + use<> {
        let (users, id) = (self.users.clone(), UserId::from_auth(state));
        async move { users.find(id?.as_str()).await }
    }

    /// The active organization.
    ///
    /// # Errors
    /// The refusal to answer with: 401 when nobody is signed in, 403 when no organization is active, or it was deleted; 503
    /// when the API could not be asked.
    pub fn organization(
        &self,
        state: &AuthState,
    ) -> impl Future<Output = Result<Arc<Organization>, Denied>> + Send + use<> {
        let (organizations, id) = (self.organizations.clone(), OrgId::from_auth(state));
        async move { organizations.find(id?.as_str()).await }
    }

    /// Forgets what is remembered of a user, so that the next request asks: call it after your service has changed one.
    pub fn forget_user(&self, user_id: &str) {
        self.users.forget(user_id);
    }

    /// Forgets what is remembered of an organization.
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
