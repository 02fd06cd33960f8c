//! [`Clerk`]: the handle of one instance. Its methods for one purpose are in the files beside this one.

pub(crate) mod authenticate;
pub(crate) mod authenticator;
pub(crate) mod builder;
pub(crate) mod check;
mod environment;
mod keys;
mod revoke;
pub(crate) mod session_end;
mod verify;

use std::{fmt, sync::Arc, time::Duration};

pub use self::verify::VerifyError;
use self::{authenticate::Authentication, builder::ClerkBuilder, session_end::WatchedSessions};
use crate::{
    auth::AuthState,
    backend::{api::Backend, machine_tokens::MachineTokenCache, session_status::SessionStatuses},
    base::time::Clock,
    config::{ConfigError, InstanceConfig, PublicOrigin, PublishableKey, WebhookSigningSecret},
    flow::{
        self, AuthenticateOptions, Context, Keys, LogLimits, MarkerKey, Redirects, RequestState, RequestView,
        SettingRefusals, cache::TokenCache,
    },
    observe::Sink,
    revocation::Revocations,
    token::TokenRules,
};

/// One Clerk instance: its keys, and the rules that its tokens must satisfy.
///
/// Cheap to clone. Build it once, outside of code that runs for each worker, and share it.
///
/// ```
/// use clerk_core::Clerk;
///
/// let clerk = Clerk::builder()
///     .secret_key("sk_test_abcdefghijklmnop".parse()?)
///     .publishable_key("pk_test_ZXhhbXBsZS5jbGVyay5hY2NvdW50cy5kZXYk".parse()?)
///     .authorized_parties(["https://app.example.com"])?
///     .build()?;
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Clerk(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) rules: TokenRules,
    pub(crate) keys: Keys,
    pub(crate) cache: TokenCache,
    pub(crate) machine_tokens: Option<MachineTokenCache>,
    pub(crate) backend: Option<Backend>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: InstanceConfig,
    /// For requests that are authenticated without an [`Authenticator`](crate::Authenticator).
    pub(crate) options: Arc<AuthenticateOptions>,
    pub(crate) audit: Option<Sink>,
    pub(crate) http_timeout: Duration,
    pub(crate) watched_sessions: WatchedSessions,
    pub(crate) revocations: Option<Revocations>,
    pub(crate) session_statuses: SessionStatuses,
    /// Whether a webhook about a locked user revokes their sessions.
    pub(crate) revoke_locked_users: bool,
    pub(crate) log_limits: LogLimits,
    pub(crate) setting_refusals: SettingRefusals,
    pub(crate) marker_key: MarkerKey,
}

impl Clerk {
    /// A builder with the default settings.
    #[must_use]
    pub fn builder() -> ClerkBuilder {
        ClerkBuilder::default()
    }

    /// The instance that the environment variables configure; see
    /// [`ENVIRONMENT_VARIABLES`](crate::config::ENVIRONMENT_VARIABLES).
    ///
    /// ```no_run
    /// let clerk = clerk_core::Clerk::from_env()?;
    /// # Ok::<(), clerk_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// When a variable is malformed, or keys are missing or do not belong together. The error names the variable and the
    /// remedy.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::builder().environment()?.build()
    }

    pub(crate) fn new(inner: Inner) -> Self {
        let clerk = Self(Arc::new(inner));
        if let Some(revocations) = &clerk.0.revocations {
            // The subscription ends with this `Clerk`: others may use the same store.
            let listener = Arc::downgrade(&clerk.0);
            revocations.store().subscribe(Box::new(move |revocation| {
                listener.upgrade().inspect(|inner| inner.watched_sessions.apply_revocation(revocation)).is_some()
            }));
        }
        clerk
    }

    /// Authenticates a request, as an API does: never with a redirect. The future is ready at once unless something must be
    /// fetched. For pages and other kinds of tokens use an [`Authenticator`](crate::Authenticator).
    ///
    /// Never fails: errors are part of the state, and are logged for the operator.
    pub fn authenticate(&self, view: &RequestView<'_>) -> Authentication {
        authenticate::authenticate(self, &self.0.options, view)
    }

    /// Authenticates a request; `None` if something must be fetched for that.
    ///
    /// For code that cannot wait, such as a routing guard.
    #[must_use]
    pub fn authenticate_now(&self, view: &RequestView<'_>) -> Option<RequestState> {
        self.authenticate(view).into_ready().ok()
    }

    /// The URLs of the sign-in and sign-up pages, for the browser that sent a request.
    ///
    /// ```no_run
    /// # async fn run(clerk: clerk_core::Clerk, view: clerk_core::adapter::RequestView<'_>) -> Result<(), Box<dyn std::error::Error>> {
    /// let state = clerk.authenticate(&view).await;
    /// let location = clerk.redirects(&view, state.auth()).to_sign_in(Some("/dashboard"))?;
    /// # Ok(()) }
    /// ```
    pub fn redirects(&self, view: &RequestView<'_>, state: &AuthState) -> Redirects {
        flow::redirects(&self.context(&self.0.options), view, state)
    }

    /// The publishable key, if there is one.
    #[must_use]
    pub fn publishable_key(&self) -> Option<&PublishableKey> {
        self.0.settings.publishable_key.as_ref()
    }

    /// The sign-in page (default: that of the instance's account portal).
    #[must_use]
    pub fn sign_in_url(&self) -> Option<String> {
        self.0.settings.sign_in_url()
    }

    /// The sign-up page (default: that of the instance's account portal).
    #[must_use]
    pub fn sign_up_url(&self) -> Option<String> {
        self.0.settings.sign_up_url()
    }

    /// Where browsers reach the Frontend API, and so clerk-js: a host, or the URL or path of its proxy. `None` without a
    /// publishable key.
    ///
    /// ```
    /// # let clerk = clerk_core::Clerk::builder().publishable_key("pk_test_ZXhhbXBsZS5jbGVyay5hY2NvdW50cy5kZXYk".parse()?).build()?;
    /// assert_eq!(clerk.frontend_api().as_deref(), Some("example.clerk.accounts.dev"));
    /// // <script src="https://example.clerk.accounts.dev/npm/@clerk/clerk-js@5/dist/clerk.browser.js"
    /// //     data-clerk-publishable-key="pk_test_..." async crossorigin="anonymous"></script>
    /// # Ok::<(), clerk_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn frontend_api(&self) -> Option<String> {
        self.0.settings.browser_frontend_api()
    }

    /// The URL or path of the Frontend API's proxy, if there is one.
    #[must_use]
    pub fn proxy_url(&self) -> Option<&str> {
        self.0.settings.proxy_url.as_deref()
    }

    /// The origin that the Frontend API's proxy sends its requests to, if it is not Clerk's own.
    #[must_use]
    pub fn proxy_upstream(&self) -> Option<&str> {
        self.0.settings.proxy_upstream.as_deref()
    }

    /// The secrets of webhooks, if there are any.
    #[must_use]
    pub fn webhook_signing_secrets(&self) -> &[WebhookSigningSecret] {
        &self.0.settings.webhook_signing_secrets
    }

    /// Where the public origin of this application comes from.
    #[must_use]
    pub fn public_origin(&self) -> &PublicOrigin {
        &self.0.settings.public_origin
    }

    /// The URL of the Frontend API for calls from this service.
    pub(crate) fn frontend_api_url(&self) -> Option<String> {
        self.0.settings.frontend_api_url()
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.0.keys
    }

    pub(crate) fn settings(&self) -> &InstanceConfig {
        &self.0.settings
    }

    /// The Backend API, if there is a key for it. Hidden: for the crates of this family.
    #[doc(hidden)]
    #[must_use]
    pub fn backend(&self) -> Option<&Backend> {
        self.0.backend.as_ref()
    }

    pub(crate) fn setting_refusals(&self) -> &SettingRefusals {
        &self.0.setting_refusals
    }

    pub(crate) fn rules(&self) -> &TokenRules {
        &self.0.rules
    }

    pub(crate) fn http_timeout(&self) -> Duration {
        self.0.http_timeout
    }

    pub(crate) fn audit(&self) -> Option<&Sink> {
        self.0.audit.as_ref()
    }

    pub(crate) fn watched_sessions(&self) -> &WatchedSessions {
        &self.0.watched_sessions
    }

    pub(crate) fn session_statuses(&self) -> &SessionStatuses {
        &self.0.session_statuses
    }

    pub(crate) fn revocations(&self) -> Option<&Revocations> {
        self.0.revocations.as_ref()
    }

    /// Whether a webhook that says that a user is locked revokes their sessions.
    #[must_use]
    pub fn revokes_locked_users(&self) -> bool {
        self.0.revoke_locked_users
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// Whether a secret key is configured, so that the Backend API can be called.
    pub(crate) fn has_secret_key(&self) -> bool {
        self.0.backend.as_ref().is_some_and(|backend| backend.secret_key.is_some())
    }

    /// Everything that a decision depends on now.
    pub(crate) fn context<'c>(&'c self, options: &'c AuthenticateOptions) -> Context<'c> {
        let inner = &*self.0;
        Context {
            rules: &inner.rules,
            settings: &inner.settings,
            keys: &inner.keys,
            cache: &inner.cache,
            machine_tokens: inner.machine_tokens.as_ref(),
            revocations: inner.revocations.as_ref(),
            session_statuses: &inner.session_statuses,
            log_limits: &inner.log_limits,
            setting_refusals: &inner.setting_refusals,
            marker_key: &inner.marker_key,
            options,
            has_secret_key: self.has_secret_key(),
            now: inner.clock.now(),
        }
    }
}

impl fmt::Debug for Clerk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clerk").field("publishable_key", &self.publishable_key()).finish_non_exhaustive()
    }
}
