//! [`Clerk`], the handle that everything is reached from.

pub(crate) mod authenticate;
pub(crate) mod authenticator;
pub(crate) mod backend_access;
pub(crate) mod builder;
pub mod check;
mod environment;
mod revoke;
pub mod session_end;

use std::{fmt, sync::Arc, time::Duration};

use serde::de::DeserializeOwned;

use self::{
    authenticate::Authentication,
    backend_access::BackendAccess,
    builder::ClerkBuilder,
    check::CheckReport,
    session_end::{SessionEnd, WatchedSessions},
};
use crate::{
    auth::{AuthState, Reason, Session, Unavailable},
    backend::{
        api::Backend,
        jwks::{JwksRefresher, KeysUnavailable},
        machine_tokens::MachineTokenCache,
        session_status::SessionStatuses,
    },
    base::time::{Clock, Timestamp},
    config::{ConfigError, PublishableKey, Settings},
    flow::{self, Context, Keys, Options, Redirects, RequestState, RequestView, cache::TokenCache},
    observe::Sink,
    revocation::Revocations,
    token::{KnownHeader, Rules, TokenError},
};

/// One Clerk instance as your service sees it: its keys, and the rules that its tokens must satisfy.
///
/// Cheap to clone; build it once, outside of anything that runs per worker, and share it.
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
    pub(crate) rules: Rules,
    pub(crate) keys: Keys,
    pub(crate) cache: TokenCache,
    pub(crate) machine_tokens: Option<MachineTokenCache>,
    pub(crate) known_header: KnownHeader,
    pub(crate) backend: Option<Backend>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Settings,
    /// Those of a request that is judged without an [`Authenticator`](crate::Authenticator).
    pub(crate) options: Arc<Options>,
    pub(crate) audit: Option<Sink>,
    pub(crate) http_timeout: Duration,
    pub(crate) watched_sessions: WatchedSessions,
    pub(crate) revocations: Option<Revocations>,
    pub(crate) session_statuses: SessionStatuses,
}

/// A session token that was not accepted.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum VerifyError {
    /// The session was revoked after the token was issued.
    Revoked,
    /// The token is refused.
    Token(TokenError),
    /// Nobody can tell: the instance's keys could not be obtained, or revocations may be missing.
    Unavailable(Unavailable),
}

impl Clerk {
    /// A builder without any setting.
    #[must_use]
    pub fn builder() -> ClerkBuilder {
        ClerkBuilder::default()
    }

    /// The instance that the environment names; see [`ENVIRONMENT_VARIABLES`](crate::config::ENVIRONMENT_VARIABLES).
    ///
    /// ```no_run
    /// let clerk = clerk_core::Clerk::from_env()?;
    /// # Ok::<(), clerk_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// When a variable is malformed, keys are missing or do not belong together; the error names the variable and the fix.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::builder().environment()?.build()
    }

    pub(crate) fn new(inner: Inner) -> Self {
        let clerk = Self(Arc::new(inner));
        if let Some(revocations) = &clerk.0.revocations {
            // Not for longer than the clerk lives: the store may serve others.
            let told = Arc::downgrade(&clerk.0);
            revocations.store().subscribe(Box::new(move |revocation| {
                told.upgrade().inspect(|inner| inner.watched_sessions.revoked(revocation)).is_some()
            }));
        }
        clerk
    }

    /// Decides who sent a request, as an API does: never with a redirect. Ready at once unless something must be
    /// fetched. Pages and other kinds of tokens are judged by an [`Authenticator`](crate::Authenticator).
    ///
    /// Never fails: what went wrong is part of the state, and for the operator in the log.
    pub fn authenticate(&self, view: &RequestView<'_>) -> Authentication {
        authenticate::authenticate(self, &self.0.options, view)
    }

    /// Decides who sent a request, unless that needs a fetch: then `None`.
    ///
    /// For places that cannot wait, such as a routing guard.
    #[must_use]
    pub fn authenticate_now(&self, view: &RequestView<'_>) -> Option<RequestState> {
        self.authenticate(view).into_ready().ok()
    }

    /// Verifies a session token that came by another way than a request's header or cookie.
    ///
    /// A [pending](crate::auth::SessionStatus::Pending) session verifies: look at its status.
    ///
    /// # Errors
    /// When the token is refused, its session was [revoked](crate::revocation), or the instance's keys could not be obtained.
    pub async fn verify_session_token(&self, token: &str) -> Result<Session, VerifyError> {
        match authenticate::authenticate_token(self, token).await.into_auth() {
            AuthState::SignedIn(session) => Ok(session),
            AuthState::Unavailable(unavailable) => Err(VerifyError::Unavailable(unavailable)),
            other if matches!(other.reason(), Some(Reason::SessionRevoked)) => Err(VerifyError::Revoked),
            other => Err(VerifyError::Token(token_error(other.reason()))),
        }
    }

    /// Verifies any token of the instance but a machine's, such as one that a
    /// [JWT template](https://clerk.com/docs/guides/sessions/jwt-templates) produced, and returns its claims.
    ///
    /// Its time claims, issuer, audience and authorized party are judged as a session token's; it need not belong to a
    /// session, and [revocations](crate::revocation) are not looked at.
    ///
    /// # Errors
    /// When the token is refused, its claims have another shape, or the instance's keys could not be obtained.
    pub async fn verify_token<C: DeserializeOwned>(&self, token: &str) -> Result<C, VerifyError> {
        let payload = authenticate::verified_payload(self, token).await?;
        serde_json::from_str(&payload).map_err(|_| VerifyError::Token(crate::token::TokenErrorKind::Claims.into()))
    }

    /// The addresses of the sign-in and sign-up pages for whoever sent a request.
    ///
    /// ```no_run
    /// # async fn run(clerk: clerk_core::Clerk, view: clerk_core::RequestView<'_>) -> Result<(), Box<dyn std::error::Error>> {
    /// let state = clerk.authenticate(&view).await;
    /// let location = clerk.redirects(&view, state.auth()).to_sign_in(Some("/dashboard"))?;
    /// # Ok(()) }
    /// ```
    pub fn redirects(&self, view: &RequestView<'_>, state: &AuthState) -> Redirects {
        flow::redirects(&self.context(&self.0.options), view, state)
    }

    /// Fetches the instance's keys now, so that the first request does not wait and a wrong key shows itself at start.
    ///
    /// Does nothing when a JWT key is configured.
    ///
    /// # Errors
    /// When the keys could not be obtained; its text says what to check.
    pub async fn warm_up(&self) -> Result<(), KeysUnavailable> {
        match &self.0.keys {
            Keys::Fixed(_) | Keys::None => Ok(()),
            Keys::Remote(store) => store.refresh().await,
        }
    }

    /// What is wrong with the set-up: whether the keys can be fetched, belong together and are accepted, whether this
    /// machine's clock is right, and which settings are missing. For the start of a service, or a command of its own.
    ///
    /// It sends at most two requests, one to each of Clerk's APIs, and each may take the
    /// [usual time](ClerkBuilder::http_timeout). It changes nothing: the keys that it saw are not kept.
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let clerk = clerk_core::Clerk::from_env()?;
    /// let report = clerk.check().await;
    /// for problem in report.problems() {
    ///     eprintln!("{problem}"); // what it is, and what to do about it
    /// }
    /// if !report.is_ok() {
    ///     return Err("Clerk is not set up".into());
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn check(&self) -> CheckReport {
        check::probe(self).await
    }

    /// Whether tokens can be verified at this moment: for a health check, which answers at once and fetches nothing.
    ///
    /// Keys that have not been fetched yet make it fail, so [warm up](Self::warm_up) before the first check; a failing
    /// endpoint does not as long as older keys may be used.
    ///
    /// # Errors
    /// When there are no keys, or none that may still be used; its text says what to check.
    pub fn ready(&self) -> Result<(), KeysUnavailable> {
        match &self.0.keys {
            Keys::Fixed(_) | Keys::None => Ok(()),
            Keys::Remote(store) => store.ready(),
        }
    }

    /// Fetches the instance's keys in a task of its own, ahead of the requests, for as long as the guard lives.
    ///
    /// Without it the keys are fetched behind requests, which do not wait either once there are keys. Useful where
    /// there may be no request for hours and the first one after it must not find keys beyond their
    /// [hard limit](crate::JwksPolicy::hard_limit).
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub fn spawn_refresher(&self) -> JwksRefresher {
        match &self.0.keys {
            Keys::Fixed(_) | Keys::None => JwksRefresher::idle(),
            Keys::Remote(store) => JwksRefresher::spawn(store.clone()),
        }
    }

    /// Forgets a machine's token that was looked up before, by its id (an API key's is `ak_` and 32 hexadecimal digits,
    /// which is not the key), at once and for all clones of this `Clerk`. Call it when you revoke one; other processes
    /// remember it until its time in their [cache](ClerkBuilder::machine_token_cache) is over.
    ///
    /// ```no_run
    /// # fn run(clerk: clerk_core::Clerk, key: clerk_core::ApiKey) {
    /// // after the Backend API has revoked it
    /// clerk.forget_machine_token(key.id());
    /// # }
    /// ```
    pub fn forget_machine_token(&self, id: &str) {
        if let Some(cache) = &self.0.machine_tokens {
            cache.remove(id);
        }
    }

    /// A future that resolves when a session is over for a connection that outlives its request: a WebSocket, a stream, a
    /// long poll. See [`SessionEnd`].
    pub fn session_end(&self, session: &Session) -> SessionEnd {
        SessionEnd::new(self, session)
    }

    /// Tells every [`SessionEnd`] of this process that waits for this session that it has ended. It is no call to Clerk,
    /// and the session's tokens are still accepted: [`revoked`](Self::revoked) does both where there is a
    /// [store](ClerkBuilder::revocation).
    ///
    /// ```no_run
    /// # fn run(clerk: clerk_core::Clerk) {
    /// // a webhook says `session.revoked`
    /// clerk.session_ended("sess_2xYzW9dFkqL0aBcDeFgHiJkLmNo");
    /// # }
    /// ```
    pub fn session_ended(&self, session_id: &str) {
        self.0.watched_sessions.ended(session_id);
    }

    /// How the Backend API is reached, for a client of all of it.
    #[must_use]
    pub fn backend_access(&self) -> BackendAccess {
        BackendAccess::new(self)
    }

    /// The publishable key, if one is configured.
    #[must_use]
    pub fn publishable_key(&self) -> Option<&PublishableKey> {
        self.0.settings.publishable_key.as_ref()
    }

    /// The sign-in page: the configured one, else the account portal of the instance.
    #[must_use]
    pub fn sign_in_url(&self) -> Option<String> {
        self.0.settings.sign_in_url()
    }

    /// The sign-up page: the configured one, else the account portal of the instance.
    #[must_use]
    pub fn sign_up_url(&self) -> Option<String> {
        self.0.settings.sign_up_url()
    }

    /// Where the Frontend API is reached from here.
    pub(crate) fn frontend_api_url(&self) -> Option<String> {
        self.0.settings.frontend_api_url()
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.0.keys
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn backend(&self) -> Option<&Backend> {
        self.0.backend.as_ref()
    }

    pub(crate) fn rules(&self) -> &Rules {
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

    /// The first moment at which a session's token is not accepted any more.
    pub(crate) fn deadline(&self, session: &Session) -> Timestamp {
        self.0.rules.clock_skew.behind(session.expires_at())
    }

    pub(crate) fn session_statuses(&self) -> &SessionStatuses {
        &self.0.session_statuses
    }

    pub(crate) fn revocations(&self) -> Option<&Revocations> {
        self.0.revocations.as_ref()
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// Everything that a decision depends on at this moment.
    pub(crate) fn context<'c>(&'c self, options: &'c Options) -> Context<'c> {
        let inner = &*self.0;
        Context {
            rules: &inner.rules,
            settings: &inner.settings,
            keys: &inner.keys,
            cache: &inner.cache,
            machine_tokens: inner.machine_tokens.as_ref(),
            known_header: &inner.known_header,
            revocations: inner.revocations.as_ref(),
            session_statuses: &inner.session_statuses,
            options,
            backend: inner.backend.as_ref().is_some_and(|backend| backend.secret_key.is_some()),
            now: inner.clock.now(),
        }
    }
}

fn token_error(reason: Option<&Reason>) -> TokenError {
    match reason {
        Some(Reason::TokenRefused(kind)) => (*kind).into(),
        _ => crate::token::TokenErrorKind::Malformed.into(),
    }
}

impl fmt::Debug for Clerk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clerk").field("publishable_key", &self.publishable_key()).finish_non_exhaustive()
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Revoked => f.write_str("the session was revoked"),
            Self::Token(error) => error.fmt(f),
            Self::Unavailable(unavailable) if *unavailable.reason() == Reason::RevocationsUnknown => {
                f.write_str("it is not known whether the session was revoked")
            }
            Self::Unavailable(_) => f.write_str("the instance's keys could not be obtained"),
        }
    }
}

impl std::error::Error for VerifyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Token(error) => Some(error),
            Self::Revoked | Self::Unavailable(_) => None,
        }
    }
}
