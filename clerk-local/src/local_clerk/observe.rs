//! What was asked of the instance, and what it does wrong on demand.

use std::sync::atomic::Ordering;

use super::LocalClerk;
use crate::{faults::Faults, request_log::LoggedRequest};

impl LocalClerk {
    /// What is to go wrong from now on: 429, 500, slow answers, no keys.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// The last 1000 requests to the Backend API, the latest last, those without the right secret included.
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.shared.requests.all()
    }

    /// How often the Backend API was asked for its keys with the right secret.
    #[must_use]
    pub fn jwks_requests(&self) -> usize {
        self.shared.jwks_requests.load(Ordering::SeqCst)
    }

    /// How often the cookies of a handshake were asked for with the right secret.
    #[must_use]
    pub fn handshake_requests(&self) -> usize {
        self.shared.handshake_requests.load(Ordering::SeqCst)
    }

    /// How often a session was to be refreshed with the right secret.
    #[must_use]
    pub fn refresh_requests(&self) -> usize {
        self.shared.refresh_requests.load(Ordering::SeqCst)
    }

    /// How often a session was asked about with the right secret.
    #[must_use]
    pub fn session_requests(&self) -> usize {
        self.shared.session_requests.load(Ordering::SeqCst)
    }

    /// How often a session was to be revoked with the right secret.
    #[must_use]
    pub fn revoke_requests(&self) -> usize {
        self.shared.revoke_requests.load(Ordering::SeqCst)
    }

    /// How often a machine's token was looked up with a right secret.
    #[must_use]
    pub fn verify_requests(&self) -> usize {
        self.shared.verify_requests.load(Ordering::SeqCst)
    }

    /// How often an M2M token was to be created with the machine's secret key.
    #[must_use]
    pub fn create_requests(&self) -> usize {
        self.shared.create_requests.load(Ordering::SeqCst)
    }
}
