//! Revokes sessions: in this process at once, in other processes through the store, and at Clerk.

use tokio::task::JoinSet;

use super::Clerk;
use crate::{
    backend::api::{Backend, BackendError, count_call},
    revocation::{self, RevocationError, Revoked, RevokedAt},
};

/// How many sessions of a user are revoked at the same time.
const CONCURRENT_CALLS: usize = 8;

impl Clerk {
    /// Applies a revocation that happened elsewhere: in this process before the future is polled, and in every process that
    /// shares the [store](crate::ClerkBuilder::revocation) when the future resolves. It does not call Clerk.
    ///
    /// Idempotent and independent of the order of calls. A [`Timestamp`](crate::time::Timestamp) counts as a time by this
    /// machine's clock: the [clock skew](crate::ClerkBuilder::clock_skew) is added to it, because Clerk's clock may be ahead.
    /// A time that Clerk has sent is [`RevokedAt::Clerk`]. A time in the future counts as now. A revocation that is older than 24 hours
    /// is not stored.
    ///
    /// Without a store it only ends the [`SessionEnd`](crate::browser::SessionEnd)s of this process.
    ///
    /// ```no_run
    /// # async fn run(clerk: clerk_core::Clerk, occurred_at: clerk_core::time::Timestamp) -> Result<(), Box<dyn std::error::Error>> {
    /// use clerk_core::revocation::Revoked;
    ///
    /// clerk.revoked(Revoked::membership("user_2abc", "org_2abc"), occurred_at).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When the store could not inform the other processes.
    pub fn revoked(
        &self,
        revoked: Revoked,
        at: impl Into<RevokedAt>,
    ) -> impl Future<Output = Result<(), RevocationError>> + Send + '_ {
        let now = self.clock().now();
        if let Revoked::Session(id) = &revoked {
            self.session_statuses().remove(id);
        }
        let revocation = revocation::revocation(revoked, at.into(), self.rules().clock_skew, now);
        // Also without a store, when the store calls no listeners, and when no token that it concerns is left.
        self.watched_sessions().apply_revocation(&revocation);
        let store = self.revocations().filter(|_| now < revocation.until());
        let write = store.map(|revocations| revocations.store().revoke(revocation, now));
        async move {
            match write {
                Some(write) => write.await,
                None => Ok(()),
            }
        }
    }

    /// Ends a session: in this process at once, in every process that shares the
    /// [store](crate::ClerkBuilder::revocation), and at Clerk, which then issues no more tokens for it.
    ///
    /// ```no_run
    /// # async fn run(clerk: clerk_core::Clerk) -> Result<(), Box<dyn std::error::Error>> {
    /// clerk.revoke_session("sess_2xYzW9dFkqL0aBcDeFgHiJkLmNo").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// A session that Clerk does not know, such as one of a deleted user, counts as ended. See
    /// [Clerk's reference](https://clerk.com/docs/reference/backend-api/tag/sessions/post/sessions/{session_id}/revoke).
    ///
    /// # Errors
    /// When Clerk or the other processes could not be informed. This process refuses the session's present tokens even then,
    /// but Clerk may issue new ones: try again until it succeeds.
    pub async fn revoke_session(&self, session_id: &str) -> Result<(), RevocationError> {
        let stored = self.revoked(Revoked::session(session_id), self.clock().now()).await;
        let backend = self.backend_with_secret_key()?;
        count_call("revoke_session", backend.revoke_session(session_id).await).map_err(report_failure)?;
        // Clerk may have issued new tokens before the call.
        self.revoked(Revoked::session(session_id), self.clock().now()).await?;
        stored
    }

    /// Ends all sessions of a user: in this process at once, in every process that shares the
    /// [store](crate::ClerkBuilder::revocation), and at Clerk one by one, at most 1 000. The user can sign in again.
    ///
    /// ```no_run
    /// # async fn run(clerk: clerk_core::Clerk) -> Result<(), Box<dyn std::error::Error>> {
    /// clerk.revoke_user("user_2xYzW9dFkqL0aBcDeFgHiJkLmNo").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When Clerk or the other processes could not be informed, or the user has more sessions. This process refuses the
    /// user's present tokens even then, but Clerk may issue new ones: try again until it succeeds.
    pub async fn revoke_user(&self, user_id: &str) -> Result<(), RevocationError> {
        let mut stored = self.revoked(Revoked::user(user_id), self.clock().now()).await;
        let backend = self.backend_with_secret_key()?;
        let sessions = count_call("sessions", backend.sessions_of_user(user_id).await).map_err(report_failure)?;
        let mut failed = sessions.has_more.then_some(BackendError::Malformed);
        for some in sessions.ids.chunks(CONCURRENT_CALLS) {
            let mut calls = JoinSet::new();
            for id in some {
                stored = self.revoke_locally(id, stored).await;
                let (backend, id) = (backend.clone(), id.clone());
                calls.spawn(async move { count_call("revoke_session", backend.revoke_session(&id).await) });
            }
            while let Some(outcome) = calls.join_next().await {
                // Try the others nevertheless.
                failed = outcome.unwrap_or(Err(BackendError::Malformed)).err().or(failed);
            }
        }
        // Clerk may have issued new tokens of these sessions before the calls.
        for id in &sessions.ids {
            stored = self.revoke_locally(id, stored).await;
        }
        match failed {
            Some(error) => Err(report_failure(error)),
            None => stored,
        }
    }

    /// Removes a machine token from the [cache](crate::ClerkBuilder::machine_token_cache) of all clones of this `Clerk`, by
    /// its id (for an API key `ak_` and 32 hexadecimal digits, which is not the key itself). Call it when you revoke a
    /// token. Other processes accept the token until it expires from their caches.
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

    /// Revokes a session in this process, and unless the store has failed before also in the others.
    async fn revoke_locally(
        &self,
        session_id: &str,
        stored: Result<(), RevocationError>,
    ) -> Result<(), RevocationError> {
        let store = self.revoked(Revoked::session(session_id), self.clock().now());
        match stored {
            Ok(()) => store.await,
            failed => failed,
        }
    }

    fn backend_with_secret_key(&self) -> Result<&Backend, RevocationError> {
        self.backend()
            .filter(|backend| backend.secret_key.is_some())
            .ok_or_else(|| RevocationError::backend_api(&"sessions can only be revoked with CLERK_SECRET_KEY"))
    }
}

fn report_failure(error: BackendError) -> RevocationError {
    tracing::warn!(target: "clerk", %error, "a revocation has not reached Clerk, so its sessions go on and get new tokens");
    RevocationError::backend_api(&error)
}
