//! [`TokenCreator`]: creates tokens with Clerk's `POST /m2m_tokens`.

use std::{fmt, sync::Arc, time::Duration};

use clerk_core::{
    config::MachineSecretKey,
    internal::{Failure, FetchError, SUCCESS, Source, Transport, backend_call, random},
    time::{Clock, Timestamp},
    token::DecodedToken,
};
use serde::Deserialize;

use super::{lifetime::TokenLifetime, token::BearerToken};

/// The wait before the next attempt after a first failure, without jitter.
const FAILURE_COOLDOWN: Duration = Duration::from_secs(1);

/// Creates tokens of one kind for one machine.
pub(crate) struct TokenCreator {
    pub(crate) url: Box<str>,
    pub(crate) machine_secret_key: MachineSecretKey,
    pub(crate) transport: Transport,
    /// The JSON body of the request.
    pub(crate) body: Box<str>,
    pub(crate) lifetime: Option<Duration>,
    pub(crate) min_remaining_ttl: Option<Duration>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// The needed part of the response. Times are in milliseconds since the Unix epoch, by Clerk's clock.
#[derive(Deserialize)]
struct CreatedToken<'a> {
    #[serde(default)]
    id: String,
    #[serde(borrow)]
    token: std::borrow::Cow<'a, str>,
    #[serde(default)]
    expiration: Option<f64>,
    #[serde(default)]
    created_at: Option<f64>,
}

impl Source for TokenCreator {
    type Value = BearerToken;

    fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    fn limit(&self) -> Duration {
        self.transport.timeout()
    }

    fn failure_cooldown(&self) -> Duration {
        FAILURE_COOLDOWN
    }

    fn serves(&self, token: &BearerToken, now: Timestamp) -> bool {
        token.lifetime().includes(now)
    }

    /// Makes one attempt. A call that creates something is not repeated automatically.
    async fn fetch(&self, _: Option<Arc<BearerToken>>) -> Result<BearerToken, Failure> {
        let requested_at = self.clock.now();
        let response =
            self.transport.post(&self.url, self.machine_secret_key.expose(), self.body.clone().into_string()).await?;
        let retry_after = response.retry_after(self.clock.now());
        let body = response.into_body(&[200, 201]).map_err(|error| Failure { error, retry_after })?;
        Ok(self.read(&body, requested_at).ok_or(FetchError::Malformed)?)
    }

    fn log(&self, outcome: Result<(), FetchError>, serving: bool, next_attempt_in: Duration) {
        backend_call("create_m2m_token", outcome.map_or_else(FetchError::label, |()| SUCCESS));
        match outcome {
            Ok(()) => tracing::debug!(target: "clerk", url = %self.url, "created an M2M token"),
            Err(cause) => {
                let error = super::M2mTokenError { cause, retry_after: next_attempt_in };
                tracing::warn!(target: "clerk", url = %self.url, %error, serving_older_token = serving, ?next_attempt_in, "could not create an M2M token");
            }
        }
    }
}

impl TokenCreator {
    fn read(&self, body: &[u8], requested_at: Timestamp) -> Option<BearerToken> {
        let created: CreatedToken<'_> = serde_json::from_slice(body).ok()?;
        let left = self.remaining_lifetime(&created, requested_at)?;
        let lifetime = TokenLifetime::new(requested_at, left, self.min_remaining_ttl, random());
        BearerToken::new(&created.id, &created.token, lifetime)
    }

    /// Returns the remaining lifetime of a token: `Some(None)` if it never expires, `None` if it has already expired.
    ///
    /// It is the difference of two of Clerk's times, so a wrong clock on this machine does not matter. Only for a token that
    /// Clerk may have returned before (`min_remaining_ttl`) this machine's clock says how much of it has passed.
    fn remaining_lifetime(&self, created: &CreatedToken<'_>, now: Timestamp) -> Option<Option<Duration>> {
        let requested = self.lifetime.unwrap_or(Duration::MAX);
        let Some((start, end)) = token_times(created) else { return Some(self.lifetime) };
        let whole = duration(end - start.unwrap_or(now.unix_millis() as f64))?.min(requested);
        let Some(at_least) = self.min_remaining_ttl else { return Some(Some(whole)) };
        let by_our_clock = duration(end - now.unix_millis() as f64).unwrap_or_default();
        Some(Some(by_our_clock.clamp(at_least.min(whole), whole)))
    }
}

impl fmt::Debug for TokenCreator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the claims, which are private.
        f.debug_struct("TokenCreator").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Returns when a token was created, and when it expires, in milliseconds. `None` if it never expires.
fn token_times(created: &CreatedToken<'_>) -> Option<(Option<f64>, f64)> {
    if let Some(end) = created.expiration {
        return Some((created.created_at, end));
    }
    // A JWT always expires, even if the response does not say so.
    let decoded = DecodedToken::decode(&created.token).ok()?;
    let millis = |claim: &str| Some(decoded.payload().get(claim)?.as_f64()? * 1000.0);
    Some((millis("iat"), millis("exp")?))
}

/// Returns a duration; `None` if it is not positive.
fn duration(millis: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(millis / 1000.0).ok().filter(|left| !left.is_zero())
}
