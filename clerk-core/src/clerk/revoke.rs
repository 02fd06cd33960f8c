//! Revoking: here at once, and at Clerk.

use tokio::task::JoinSet;

use super::Clerk;
use crate::{
    backend::api::{Backend, BackendError, count_call},
    base::time::Timestamp,
    revocation::{RevocationError, Revoked},
};

/// How many sessions of a user are revoked at a time.
const AT_ONCE: usize = 8;

impl Clerk {
    /// Remembers what was revoked elsewhere at this moment: it ends in this process before the future is polled, and in
    /// every other one that shares the [store](crate::ClerkBuilder::revocation) when it resolves. It is no call to Clerk.
    ///
    /// Late, repeated and unordered news do no harm: what no token can be about any more takes no place in the store. A moment in the future
    /// counts no further than clocks may be apart.
    ///
    /// Without a store only the [`SessionEnd`](crate::SessionEnd)s of this process hear of it.
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
    /// When the store could not tell the other processes.
    pub fn revoked(
        &self,
        revoked: Revoked,
        at: Timestamp,
    ) -> impl Future<Output = Result<(), RevocationError>> + Send + '_ {
        let now = self.clock().now();
        if let Revoked::Session(id) = &revoked {
            self.session_statuses().remove(id);
        }
        let writing = match self.revocations() {
            Some(revocations) => {
                let revocation = revocations.revocation(revoked, at, now);
                let live = now < revocation.until();
                // Also for a store that tells nobody, and where no token is left that it could be about.
                self.watched_sessions().revoked(&revocation);
                live.then(|| revocations.store().revoke(revocation, now))
            }
            None => {
                self.watched_sessions().revoked(&crate::revocation::Revocation::new(revoked, at, now));
                None
            }
        };
        async move {
            match writing {
                Some(writing) => writing.await,
                None => Ok(()),
            }
        }
    }

    /// Ends a session: here at once, in every other process that shares the [store](crate::ClerkBuilder::revocation), and
    /// at Clerk, which brings no new tokens for it then.
    ///
    /// ```no_run
    /// # async fn run(clerk: clerk_core::Clerk) -> Result<(), Box<dyn std::error::Error>> {
    /// clerk.revoke_session("sess_2xYzW9dFkqL0aBcDeFgHiJkLmNo").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// A session that Clerk knows nothing of, such as one of a deleted user, counts as ended. See
    /// [Clerk's reference](https://clerk.com/docs/reference/backend-api/tag/sessions/post/sessions/{session_id}/revoke).
    ///
    /// # Errors
    /// When Clerk or the other processes could not be told. In this process the session has ended all the same, though not
    /// for longer than a token of now could live: try again until Clerk knows.
    pub async fn revoke_session(&self, session_id: &str) -> Result<(), RevocationError> {
        let told = self.revoked(Revoked::session(session_id), self.clock().now()).await;
        let backend = self.backend_for_revoking()?;
        count_call("revoke_session", backend.revoke_session(session_id).await).map_err(unfinished)?;
        // Until Clerk knew, it may have given out new tokens.
        self.revoked(Revoked::session(session_id), self.clock().now()).await?;
        told
    }

    /// Ends all sessions of a user: here at once, in every other process that shares the
    /// [store](crate::ClerkBuilder::revocation), and at Clerk one by one, 1 000 at most. The user can sign in again.
    ///
    /// ```no_run
    /// # async fn run(clerk: clerk_core::Clerk) -> Result<(), Box<dyn std::error::Error>> {
    /// clerk.revoke_user("user_2xYzW9dFkqL0aBcDeFgHiJkLmNo").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When Clerk or the other processes could not be told, or there are more sessions. In this process the tokens of now
    /// are refused all the same: try again until Clerk knows.
    pub async fn revoke_user(&self, user_id: &str) -> Result<(), RevocationError> {
        let mut told = self.revoked(Revoked::user(user_id), self.clock().now()).await;
        let backend = self.backend_for_revoking()?;
        let sessions = count_call("sessions", backend.sessions_of_user(user_id).await).map_err(unfinished)?;
        let mut failed = sessions.has_more.then_some(BackendError::Malformed);
        for some in sessions.ids.chunks(AT_ONCE) {
            let mut calls = JoinSet::new();
            for id in some {
                told = self.revoked_too(id, told).await;
                let (backend, id) = (backend.clone(), id.clone());
                calls.spawn(async move { count_call("revoke_session", backend.revoke_session(&id).await) });
            }
            while let Some(outcome) = calls.join_next().await {
                // The others are worth a try even so.
                failed = outcome.unwrap_or(Err(BackendError::Malformed)).err().or(failed);
            }
        }
        // Until Clerk knew, it may have given out new tokens of the same sessions.
        for id in &sessions.ids {
            told = self.revoked_too(id, told).await;
        }
        match failed {
            Some(error) => Err(unfinished(error)),
            None => told,
        }
    }

    /// Here in any case; the others are not tried one after the other while they cannot be told.
    async fn revoked_too(&self, session_id: &str, told: Result<(), RevocationError>) -> Result<(), RevocationError> {
        let telling = self.revoked(Revoked::session(session_id), self.clock().now());
        match told {
            Ok(()) => telling.await,
            failed => failed,
        }
    }

    fn backend_for_revoking(&self) -> Result<&Backend, RevocationError> {
        self.backend()
            .filter(|backend| backend.secret_key.is_some())
            .ok_or_else(|| RevocationError::backend_api(&"sessions can only be revoked with CLERK_SECRET_KEY"))
    }
}

fn unfinished(error: BackendError) -> RevocationError {
    tracing::warn!(target: "clerk", %error, "a revocation has not reached Clerk, where sessions go on and bring new tokens");
    RevocationError::backend_api(&error)
}
