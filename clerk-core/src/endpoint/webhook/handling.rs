//! [`Delivery`] and [`Handling`]: a message from its claim to the record that it was handled.

use std::{
    fmt,
    future::Future,
    sync::Arc,
    task::{Context, Waker},
    time::Duration,
};

use super::{
    dedupe::{Claim, Claimed, DedupeStore, LEASE, REMEMBER},
    message::WebhookMessage,
};
use crate::{
    auth::Denied,
    base::http_response::HttpResponse,
    base::{
        store::StoreError,
        time::{Clock, Timestamp},
    },
};

/// How long Clerk is told to wait where the store does not answer. It keeps to a schedule of its own, however.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// A verified webhook: to be handled, or to be answered because it was handled before.
#[derive(Debug)]
#[must_use]
pub enum Delivery {
    /// Handle the message, and say to the [`Handling`] what was answered.
    New(WebhookMessage, Handling),
    /// The message was handled already: send this answer.
    Repeated(HttpResponse),
}

/// A message that is being handled. Dropped before it is [finished](Self::finish), as when a handler panics or its
/// connection is cut off, it counts as failed.
#[must_use = "a message whose handling is not finished counts as failed"]
pub struct Handling(Option<Held>);

struct Held {
    store: Arc<dyn DedupeStore>,
    clock: Arc<dyn Clock>,
    claim: Claim,
}

pub(crate) async fn claim(
    message: WebhookMessage,
    store: Option<&Arc<dyn DedupeStore>>,
    clock: &Arc<dyn Clock>,
) -> Result<Delivery, Denied> {
    tracing::debug!(target: "clerk", id = %message.id(), "a webhook is verified");
    let Some(store) = store else { return Ok(Delivery::New(message, Handling(None))) };
    match claimed(&message, store, clock.now()).await {
        Ok((claim, Claimed::Granted)) => {
            let held = Held { store: Arc::clone(store), clock: Arc::clone(clock), claim };
            Ok(Delivery::New(message, Handling(Some(held))))
        }
        Ok((_, Claimed::Handled)) => {
            tracing::debug!(target: "clerk", id = %message.id(), "a webhook was handled before");
            Ok(Delivery::Repeated(HttpResponse::new(200).with_header("cache-control", "no-store")))
        }
        Ok((_, Claimed::InProgress)) => {
            tracing::debug!(target: "clerk", id = %message.id(), "a webhook is being handled already");
            Err(Denied::conflict())
        }
        Err(error) => {
            tracing::error!(target: "clerk", id = %message.id(), %error, "nobody can tell whether a webhook was handled before; Clerk will send it again");
            Err(Denied::unavailable(RETRY_AFTER))
        }
    }
}

async fn claimed(
    message: &WebhookMessage,
    store: &Arc<dyn DedupeStore>,
    now: Timestamp,
) -> Result<(Claim, Claimed), StoreError> {
    let claim = Claim::new(message.id().clone())?;
    let claimed = store.claim(&claim, LEASE, now).await?;
    Ok((claim, claimed))
}

impl Handling {
    /// Records that the message was handled if this HTTP status code says so, which 2xx does; else the next delivery will
    /// be handled. Call it before the answer is sent.
    pub async fn finish(mut self, status: u16) {
        let Some(held) = self.0.take() else { return };
        if (200..300).contains(&status) {
            held.complete().await;
        } else {
            held.release().await;
        }
    }
}

impl Held {
    async fn complete(self) {
        let Self { store, clock, claim } = self;
        if let Err(error) = store.complete(&claim, REMEMBER, clock.now()).await {
            tracing::warn!(target: "clerk", id = %claim.message(), %error, "it could not be recorded that a webhook was handled; should Clerk send it again, it is handled again");
        }
    }

    async fn release(self) {
        let Self { store, claim, .. } = self;
        if let Err(error) = store.release(&claim).await {
            tracing::warn!(target: "clerk", id = %claim.message(), %error, "the claim of a webhook that was not handled stays until its lease is over");
        }
    }
}

impl Drop for Handling {
    fn drop(&mut self) {
        let Some(held) = self.0.take() else { return };
        // Outside of a runtime no server can be asked; the claim ends by itself.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let mut release = Box::pin(held.release());
        // A store in memory is asked at once.
        if release.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
            drop(runtime.spawn(release));
        }
    }
}

impl fmt::Debug for Handling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handling").field("claim", &self.0.as_ref().map(|held| &held.claim)).finish_non_exhaustive()
    }
}
