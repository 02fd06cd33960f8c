//! Requests that the instance got, and faults that it simulates.

use std::sync::atomic::Ordering;

use super::LocalClerk;
use crate::{faults::Faults, request_log::LoggedRequest};

impl LocalClerk {
    /// Faults to simulate from now on: 429, 500, slow answers, no keys.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// The last 1000 requests to the Backend API, the latest last, also those without the right secret.
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.shared.requests.all()
    }

    /// How many requests with the right secret asked for the keys, at the Backend API.
    #[must_use]
    pub fn jwks_requests(&self) -> usize {
        self.shared.jwks_requests.load(Ordering::SeqCst)
    }

    /// How many requests with the right secret asked for the cookies of a handshake.
    #[must_use]
    pub fn handshake_requests(&self) -> usize {
        self.shared.handshake_requests.load(Ordering::SeqCst)
    }

    /// How many requests with the right secret asked to refresh a session.
    #[must_use]
    pub fn refresh_requests(&self) -> usize {
        self.shared.refresh_requests.load(Ordering::SeqCst)
    }

    /// How many requests with the right secret asked for a session.
    #[must_use]
    pub fn session_requests(&self) -> usize {
        self.shared.session_requests.load(Ordering::SeqCst)
    }

    /// How many requests with the right secret asked to revoke a session.
    #[must_use]
    pub fn revoke_requests(&self) -> usize {
        self.shared.revoke_requests.load(Ordering::SeqCst)
    }

    /// How many requests with a right secret asked to verify a machine token.
    #[must_use]
    pub fn verify_requests(&self) -> usize {
        self.shared.verify_requests.load(Ordering::SeqCst)
    }

    /// How many requests with a machine's secret key asked to create an M2M token.
    #[must_use]
    pub fn create_requests(&self) -> usize {
        self.shared.create_requests.load(Ordering::SeqCst)
    }
}
