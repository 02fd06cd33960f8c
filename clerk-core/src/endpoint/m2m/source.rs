//! [`M2mTokenSource`]: a token that is there when a call needs one.

use std::{fmt, time::Duration};

use super::{
    builder::M2mTokenSourceBuilder,
    create::Creation,
    error::M2mTokenError,
    lifetime::{Plan, plan},
    token::BearerToken,
};
use crate::{
    backend::{
        http::FetchError,
        single_flight::{SingleFlight, Source, State},
    },
    base::time::Timestamp,
    clerk::Clerk,
};

/// The youngest token that [`discard`](M2mTokenSource::discard) drops: a service that refuses every token must not make
/// a new one of each call.
const MIN_DISCARDED_AGE: Duration = Duration::from_secs(30);

/// Machine-to-machine tokens of this machine: created when first needed, and renewed ahead of their end.
///
/// Cheap to clone; build one for each kind of token, and share it. Whoever needs a token while a good one is there never
/// waits: it is renewed behind the call, by one request at a time, and the old one is sent for as long as it is good
/// while Clerk cannot be reached. Failures back off with jitter and honour `Retry-After`.
///
/// ```no_run
/// use clerk_core::{Clerk, m2m::M2mTokenSource};
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
pub struct M2mTokenSource(pub(crate) SingleFlight<Creation>);

impl M2mTokenSource {
    /// A source of opaque tokens with the machine's lifetime and no claims, by the `Clerk`'s machine secret key.
    ///
    /// # Errors
    /// When the `Clerk` has no machine secret key.
    pub fn new(clerk: &Clerk) -> Result<Self, crate::config::ConfigError> {
        Self::builder(clerk).build()
    }

    /// A builder of a source that creates other tokens.
    pub fn builder(clerk: &Clerk) -> M2mTokenSourceBuilder {
        M2mTokenSourceBuilder::new(clerk)
    }

    /// A token to send now; waits only while there is none that is good.
    ///
    /// Dropping the future does not end the request that it waits for, which others may wait for as well.
    ///
    /// # Errors
    /// When there is no good token and none could be created; at once while Clerk is being left alone after a failure.
    pub async fn token(&self) -> Result<BearerToken, M2mTokenError> {
        if let Some(answer) = self.answer_now() {
            return answer;
        }
        match self.0.fetch_unless(|state| self.answer(state).1).await {
            Ok(Some(answer)) => answer,
            // A moment ago there was one.
            Ok(None) => self.0.state().value.as_deref().cloned().ok_or_else(|| self.error(FetchError::Connection)),
            Err(cause) => Err(self.error(cause)),
        }
    }

    /// The token to send now, if a good one is there; renewed behind the call when its end is near.
    #[must_use]
    pub fn token_now(&self) -> Option<BearerToken> {
        self.answer_now()?.ok()
    }

    /// Drops a token that a service refused, because it was revoked for example, so that the next call gets a new one.
    ///
    /// A token that is no longer the current one, or is younger than 30 s, is left alone.
    pub fn discard(&self, refused: &BearerToken) {
        let now = self.now();
        self.0.discard(|token| token.is(refused) && now.since(token.life().from) >= MIN_DISCARDED_AGE);
    }

    /// The answer that needs no waiting, with a renewal behind it if it is time; `None` when a token must be waited for.
    fn answer_now(&self) -> Option<Result<BearerToken, M2mTokenError>> {
        let state = self.0.state();
        let (plan, answer) = self.answer(&state);
        if plan == Plan::UseAndRenew {
            self.0.start_refresh(&state);
        }
        answer
    }

    fn answer(&self, state: &State<BearerToken>) -> (Plan, Option<Result<BearerToken, M2mTokenError>>) {
        let token = state.value.as_deref();
        let plan = plan(token.map(BearerToken::life), state.last_attempt, self.now());
        let answer = match plan {
            Plan::Use | Plan::UseAndRenew => token.cloned().map(Ok),
            Plan::Fetch => None,
            Plan::Unavailable(retry_after) => {
                Some(Err(M2mTokenError { cause: state.cause().unwrap_or(FetchError::NotYet), retry_after }))
            }
        };
        (plan, answer)
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
