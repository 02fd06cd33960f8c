//! [`M2mTokenSource`]: creates tokens and renews them in time.

use std::{fmt, time::Duration};

use clerk_core::{
    Clerk, ConfigError,
    internal::{FetchError, SingleFlight, Source as _, State},
    time::Timestamp,
};

use super::{
    builder::M2mTokenSourceBuilder,
    create::TokenCreator,
    error::M2mTokenError,
    lifetime::{TokenAction, choose_action},
    token::BearerToken,
};

/// [`discard`](M2mTokenSource::discard) keeps tokens younger than this. Otherwise a service that refuses every token would
/// cause a new token for each call.
const MIN_DISCARDED_AGE: Duration = Duration::from_secs(30);

/// Source of machine-to-machine tokens: creates the first when needed, and renews tokens before they expire.
///
/// It is cheap to clone; build one for each kind of token, and share it. A caller never waits while there is a valid token:
/// the source renews it in the background with a single request, and keeps using the old one until its expiry while Clerk
/// cannot be reached. After failures it backs off with jitter and honours `Retry-After`.
///
/// ```no_run
/// use clerk_api::m2m::M2mTokenSource;
/// use clerk_core::Clerk;
/// use std::time::Duration;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let clerk = Clerk::from_env()?; // CLERK_MACHINE_SECRET_KEY
/// let source = M2mTokenSource::builder(&clerk).lifetime(Duration::from_secs(15 * 60)).build()?;
/// let token = source.token().await?;
/// println!("{} until {:?}", token.id(), token.expires_at());
/// # Ok(()) }
/// ```
///
/// See [Clerk's page on M2M tokens](https://clerk.com/docs/guides/development/machine-auth/m2m-tokens).
#[derive(Clone)]
pub struct M2mTokenSource(pub(crate) SingleFlight<TokenCreator>);

impl M2mTokenSource {
    /// A source of opaque tokens with the machine's lifetime and no claims. Uses the `Clerk`'s machine secret key.
    ///
    /// # Errors
    /// When the `Clerk` has no machine secret key.
    pub fn new(clerk: &Clerk) -> Result<Self, ConfigError> {
        Self::builder(clerk).build()
    }

    /// A builder of a source with other settings.
    pub fn builder(clerk: &Clerk) -> M2mTokenSourceBuilder {
        M2mTokenSourceBuilder::new(clerk)
    }

    /// Returns a valid token. Waits only while there is none.
    ///
    /// Dropping the future does not cancel the request that it waits for, because other callers may wait for it too.
    ///
    /// # Errors
    /// When there is no valid token and none could be created. During the back-off after a failure it fails at once.
    pub async fn token(&self) -> Result<BearerToken, M2mTokenError> {
        if let Some(result) = self.try_token() {
            return result;
        }
        match self.0.fetch_unless(|state| self.decide(state).1).await {
            Ok(Some(result)) => result,
            // The call succeeded, so there is a token, unless it was discarded since.
            Ok(None) => self.0.state().value.as_deref().cloned().ok_or_else(|| self.error(FetchError::Connection)),
            Err(cause) => Err(self.error(cause)),
        }
    }

    /// Returns a valid token if there is one now. Renews it in the background shortly before its expiry.
    #[must_use]
    pub fn token_now(&self) -> Option<BearerToken> {
        self.try_token()?.ok()
    }

    /// Drops a token that a service refused, for example because it was revoked, so that the next call gets a new one.
    ///
    /// Does nothing if the token is no longer the current one, or is younger than 30 s.
    pub fn discard(&self, refused: &BearerToken) {
        let now = self.now();
        self.0.discard(|token| token.is_same(refused) && now.since(token.lifetime().requested_at) >= MIN_DISCARDED_AGE);
    }

    /// Returns the token or error that is known now, and starts a renewal if it is due. `None` if the caller must wait.
    fn try_token(&self) -> Option<Result<BearerToken, M2mTokenError>> {
        let state = self.0.state();
        let (action, result) = self.decide(&state);
        if action == TokenAction::UseAndRenew {
            self.0.start_refresh(&state);
        }
        result
    }

    /// The action for this state, and the token or error that is known now.
    fn decide(&self, state: &State<BearerToken>) -> (TokenAction, Option<Result<BearerToken, M2mTokenError>>) {
        let token = state.value.as_deref();
        let action = choose_action(token.map(BearerToken::lifetime), state.last_attempt, self.now());
        let result = match action {
            TokenAction::Use | TokenAction::UseAndRenew => token.cloned().map(Ok),
            TokenAction::Fetch => None,
            TokenAction::Unavailable(retry_after) => {
                Some(Err(M2mTokenError { cause: state.cause().unwrap_or(FetchError::NotYet), retry_after }))
            }
        };
        (action, result)
    }

    fn error(&self, cause: FetchError) -> M2mTokenError {
        let retry_after = self.0.state().last_attempt.map(|last| last.wait_left(self.now()));
        M2mTokenError { cause, retry_after: retry_after.unwrap_or_default() }
    }

    fn now(&self) -> Timestamp {
        self.0.source().clock().now()
    }
}

impl fmt::Debug for M2mTokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("M2mTokenSource")
            .field("url", &self.0.source().url)
            .field("token", &self.0.state().value)
            .finish_non_exhaustive()
    }
}
