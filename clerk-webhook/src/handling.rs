//! [`Delivery`] and [`Handling`]: claim a message, and record that it was handled.

use std::{
    fmt,
    future::Future,
    sync::Arc,
    task::{Context, Waker},
};

use clerk_core::{
    adapter::HttpResponse,
    time::{Clock, Timestamp},
};

use crate::{
    dedupe::{Claim, ClaimOutcome, DedupeStore, LEASE, REMEMBER, StoreError},
    error::{RETRY_AFTER, WebhookError, WebhookErrorKind},
    message::WebhookMessage,
};

/// A verified webhook: a new message to handle, or a repeated one to answer.
#[derive(Debug)]
#[must_use]
pub enum Delivery {
    /// Handle the message, and pass the status of the response to the [`Handling`].
    New(WebhookMessage, Handling),
    /// The message was handled already: send this response.
    Repeated(HttpResponse),
}

/// A message that is being handled.
///
/// If it is dropped before [`finish`](Self::finish), for example because the handler panics or the connection is lost, the
/// message counts as failed.
#[must_use = "a message whose handling is not finished counts as failed"]
pub struct Handling(Option<HeldClaim>);

struct HeldClaim {
    store: Arc<dyn DedupeStore>,
    clock: Arc<dyn Clock>,
    claim: Claim,
}

impl Handling {
    /// Records that the message was handled if this HTTP status code is 2xx. Otherwise it releases the claim, so that the
    /// next delivery is handled. Call it before you send the response.
    pub async fn finish(mut self, status: u16) {
        let Some(held) = self.0.take() else { return };
        if (200..300).contains(&status) {
            held.complete().await;
        } else {
            held.release().await;
        }
    }
}

impl HeldClaim {
    async fn complete(self) {
        let Self { store, clock, claim } = self;
        if let Err(error) = store.complete(&claim, REMEMBER, clock.now()).await {
            tracing::warn!(target: "clerk", id = %claim.message(), %error, "could not record that a webhook was handled; if Clerk sends it again, it is handled again");
        }
    }

    async fn release(self) {
        let Self { store, claim, .. } = self;
        if let Err(error) = store.release(&claim).await {
            tracing::warn!(target: "clerk", id = %claim.message(), %error, "could not release the claim of a failed webhook; it ends with its lease");
        }
    }
}

impl Drop for Handling {
    fn drop(&mut self) {
        let Some(held) = self.0.take() else { return };
        // Without a runtime no server can be called; the claim ends with its lease.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let mut release = Box::pin(held.release());
        // A store in memory is ready at the first poll.
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

/// Claims a verified message for a handler, if there is a store.
pub(crate) async fn claim(
    message: WebhookMessage,
    store: Option<&Arc<dyn DedupeStore>>,
    clock: &Arc<dyn Clock>,
) -> Result<Delivery, WebhookError> {
    tracing::debug!(target: "clerk", id = %message.id(), "a webhook is verified");
    let Some(store) = store else { return Ok(Delivery::New(message, Handling(None))) };
    match try_claim(&message, store, clock.now()).await {
        Ok((claim, ClaimOutcome::Granted)) => {
            let held = HeldClaim { store: Arc::clone(store), clock: Arc::clone(clock), claim };
            Ok(Delivery::New(message, Handling(Some(held))))
        }
        Ok((_, ClaimOutcome::Handled)) => {
            tracing::debug!(target: "clerk", id = %message.id(), "a webhook was handled before");
            Ok(Delivery::Repeated(HttpResponse::new(200).with_header("cache-control", "no-store")))
        }
        Ok((_, ClaimOutcome::InProgress)) => {
            tracing::debug!(target: "clerk", id = %message.id(), "a webhook is being handled already");
            Err(WebhookErrorKind::Conflict.into())
        }
        Err(error) => {
            tracing::error!(target: "clerk", id = %message.id(), %error, "the store cannot tell whether a webhook was handled before; Clerk will send it again");
            Err(WebhookError::unavailable(RETRY_AFTER))
        }
    }
}

async fn try_claim(
    message: &WebhookMessage,
    store: &Arc<dyn DedupeStore>,
    now: Timestamp,
) -> Result<(Claim, ClaimOutcome), StoreError> {
    let claim = Claim::new(message.id().clone())?;
    let outcome = store.claim(&claim, LEASE, now).await?;
    Ok((claim, outcome))
}
