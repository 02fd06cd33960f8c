//! Where tokens come from: Clerk's `POST /m2m_tokens`.

use std::{fmt, sync::Arc, time::Duration};

use serde::Deserialize;

use super::{lifetime::Life, token::BearerToken};
use crate::{
    backend::{
        http::{FetchError, Transport},
        single_flight::{Failure, Source},
    },
    base::{
        retry::random,
        time::{Clock, Timestamp},
    },
    config::MachineSecretKey,
    observe::metrics,
    token::{SignedToken, Unverified},
};

/// How long after a first failure the next attempt waits, about.
const FAILURE_COOLDOWN: Duration = Duration::from_secs(1);

/// Creates tokens of one kind for one machine.
pub(crate) struct Creation {
    pub(crate) url: Box<str>,
    pub(crate) machine_secret_key: MachineSecretKey,
    pub(crate) transport: Transport,
    /// The JSON body of the call.
    pub(crate) body: Box<str>,
    pub(crate) lifetime: Option<Duration>,
    pub(crate) min_remaining_ttl: Option<Duration>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// The answer, as far as it is needed; times in milliseconds since the Unix epoch, by Clerk's clock.
#[derive(Deserialize)]
struct Created<'a> {
    #[serde(default)]
    id: String,
    #[serde(borrow)]
    token: std::borrow::Cow<'a, str>,
    #[serde(default)]
    expiration: Option<f64>,
    #[serde(default)]
    created_at: Option<f64>,
}

impl Source for Creation {
    type Value = BearerToken;

    fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    fn failure_cooldown(&self) -> Duration {
        FAILURE_COOLDOWN
    }

    fn serves(&self, token: &BearerToken, now: Timestamp) -> bool {
        token.life().covers(now)
    }

    /// One attempt: what creates something is not repeated by itself.
    async fn fetch(&self, _: Option<Arc<BearerToken>>) -> Result<BearerToken, Failure> {
        let asked_at = self.clock.now();
        let answer =
            self.transport.post(&self.url, self.machine_secret_key.expose(), self.body.clone().into_string()).await?;
        let retry_after = answer.retry_after(self.clock.now());
        let body = answer.into_body(&[200, 201]).map_err(|error| Failure { error, retry_after })?;
        Ok(self.read(&body, asked_at).ok_or(FetchError::Malformed)?)
    }

    fn log(&self, outcome: Result<(), FetchError>, serving: bool, next_attempt_in: Duration) {
        metrics::backend_call("create_m2m_token", outcome.map_or_else(FetchError::label, |()| metrics::SUCCESS));
        match outcome {
            Ok(()) => tracing::debug!(target: "clerk", url = %self.url, "created an M2M token"),
            Err(cause) => {
                let error = super::M2mTokenError { cause, retry_after: next_attempt_in };
                tracing::warn!(target: "clerk", url = %self.url, %error, serving_older_token = serving, ?next_attempt_in, "could not create an M2M token");
            }
        }
    }
}

impl Creation {
    fn read(&self, body: &[u8], asked_at: Timestamp) -> Option<BearerToken> {
        let created: Created<'_> = serde_json::from_slice(body).ok()?;
        let left = self.left(&created, asked_at)?;
        let life = Life::new(asked_at, left, self.min_remaining_ttl, random());
        BearerToken::new(&created.id, &created.token, life)
    }

    /// How much of its life a token has left; `Some(None)` when that is without end, and `None` when it has none.
    ///
    /// The length of its life is a difference of Clerk's own times, so that it does not matter whether this machine's
    /// clock agrees with Clerk's; but for a token that may have been handed out before, which is some way into it.
    fn left(&self, created: &Created<'_>, now: Timestamp) -> Option<Option<Duration>> {
        let asked_for = self.lifetime.unwrap_or(Duration::MAX);
        let Some((start, end)) = times(created) else { return Some(self.lifetime) };
        let whole = duration(end - start.unwrap_or(now.unix_millis() as f64))?.min(asked_for);
        let Some(at_least) = self.min_remaining_ttl else { return Some(Some(whole)) };
        let by_our_clock = duration(end - now.unix_millis() as f64).unwrap_or_default();
        Some(Some(by_our_clock.clamp(at_least.min(whole), whole)))
    }
}

/// When a token's life began, and when it ends, in milliseconds; `None` when it does not.
fn times(created: &Created<'_>) -> Option<(Option<f64>, f64)> {
    if let Some(end) = created.expiration {
        return Some((created.created_at, end));
    }
    // A token in JWT form always ends, whatever the answer around it says.
    let signed = SignedToken::parse(&created.token).ok()?;
    let glance = Unverified::read(&signed).ok()?.glance("");
    Some((glance.issued_at.map(|seconds| seconds * 1000.0), glance.expires_at? * 1000.0))
}

/// `None` for what is no time at all.
fn duration(millis: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(millis / 1000.0).ok().filter(|left| !left.is_zero())
}

impl fmt::Debug for Creation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The claims are nobody else's business.
        f.debug_struct("Creation").field("url", &self.url).finish_non_exhaustive()
    }
}
