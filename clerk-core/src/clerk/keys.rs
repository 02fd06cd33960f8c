//! Fetches the instance's keys before a request needs them.

use super::Clerk;
use crate::{
    backend::jwks::{JwksRefresher, KeysUnavailable},
    flow::Keys,
};

impl Clerk {
    /// Fetches the instance's keys now, so that the first request does not wait, and a wrong key is noticed at start.
    ///
    /// Does nothing when a JWT key is configured.
    ///
    /// # Errors
    /// When the keys could not be obtained; the text says what to check.
    pub async fn warm_up(&self) -> Result<(), KeysUnavailable> {
        match &self.0.keys {
            Keys::Fixed(_) | Keys::None => Ok(()),
            Keys::Remote(store) => store.refresh().await,
        }
    }

    /// Whether tokens can be verified now, for a health check. Fetches nothing.
    ///
    /// Fails before the keys were first fetched, so call [`warm_up`](Self::warm_up) before the first check. Does not fail
    /// while the endpoint is down and older keys may still be used.
    ///
    /// # Errors
    /// When there are no keys, or they are too old; the text says what to check.
    pub fn ready(&self) -> Result<(), KeysUnavailable> {
        match &self.0.keys {
            Keys::Fixed(_) | Keys::None => Ok(()),
            Keys::Remote(store) => store.ready(),
        }
    }

    /// Starts a task that fetches the instance's keys before requests need them, until the guard is dropped.
    ///
    /// Without it, requests start the fetches in the background, and wait only while there are no keys. The task is useful
    /// where no request may come for hours, and the next one must not find keys beyond their
    /// [hard limit](crate::setup::JwksPolicy::hard_limit).
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub fn spawn_refresher(&self) -> JwksRefresher {
        match &self.0.keys {
            Keys::Fixed(_) | Keys::None => JwksRefresher::idle(),
            Keys::Remote(store) => JwksRefresher::spawn(store.clone()),
        }
    }
}
