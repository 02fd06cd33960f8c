//! [`SessionEnd`]: when to close a connection that outlives its request.
//!
//! A session token is valid for a minute, while a WebSocket or a stream lives for hours. So the handler of such a connection
//! also waits for the end of its session, and lets the client send a new token now and then.

mod error;
mod watched;

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

pub use error::RenewError;
pub(crate) use watched::WatchedSessions;

use super::Clerk;
use crate::{
    auth::{Session, SessionId, SessionStatus, UserId},
    base::time::Timestamp,
    revocation::{RevocationStatus, StalePolicy},
};
use watched::WatchedSession;

/// The shortest interval between calls about one session.
const MIN_INTERVAL: Duration = Duration::from_secs(1);

/// Future that resolves with an [`EndReason`] when a connection's session is over.
///
/// That is when its token has expired and was not [renewed](Self::renew), or when the session itself has ended, because the
/// user signed out or it was revoked. The first is always noticed. The second is noticed with a
/// [revocation store](crate::revocation), with [calls to the Backend API](Self::checking_every), or after a call of
/// [`Clerk::session_ended`].
///
/// ```no_run
/// use clerk_core::{Clerk, Session, browser::websocket::CLOSE_CODE};
/// # struct Socket;
/// # impl Socket {
/// #     async fn receive(&mut self) -> String { String::new() }
/// #     async fn close(self, code: u16, reason: &str) {}
/// # }
///
/// async fn serve(clerk: Clerk, session: Session, mut socket: Socket) {
///     let mut end = clerk.session_end(&session);
///     loop {
///         tokio::select! {
///             reason = &mut end => return socket.close(CLOSE_CODE, reason.as_str()).await,
///             // In this protocol clients send only new tokens.
///             token = socket.receive() => match clerk.verify_session_token(&token).await {
///                 Ok(session) if end.renew(&session).is_ok() => {}
///                 _ => return socket.close(CLOSE_CODE, "bad token").await,
///             },
///         }
///     }
/// }
/// ```
///
/// Further polls return the same reason.
///
/// # Panics
/// When polled outside a Tokio runtime.
#[must_use = "futures do nothing unless polled"]
pub struct SessionEnd {
    clerk: Clerk,
    session_id: SessionId,
    user_id: UserId,
    /// When the newest token stops being accepted.
    deadline: Timestamp,
    watched: Arc<WatchedSession>,
    reason: Option<EndReason>,
    expiry: Wait,
    end: Wait,
    check: Option<Wait>,
}

type Wait = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Why a connection's session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndReason {
    /// The session itself has ended: the user signed out, it was revoked or removed, or the user must do a task first.
    Ended,
    /// The token has expired, and the client has sent no newer one.
    Expired,
}

impl Clerk {
    /// A future that resolves when a session ends, for a connection that outlives its request: a WebSocket, a stream, a
    /// long poll. See [`SessionEnd`].
    pub fn session_end(&self, session: &Session) -> SessionEnd {
        SessionEnd::new(self, session)
    }

    /// Resolves every [`SessionEnd`] of this session in this process. It does not call Clerk, and the session's tokens are
    /// still accepted: with a [store](crate::ClerkBuilder::revocation), [`revoked`](Self::revoked) does that too.
    ///
    /// ```no_run
    /// # fn run(clerk: clerk_core::Clerk) {
    /// // a webhook says `session.revoked`
    /// clerk.session_ended("sess_2xYzW9dFkqL0aBcDeFgHiJkLmNo");
    /// # }
    /// ```
    pub fn session_ended(&self, session_id: &str) {
        self.watched_sessions().end(session_id);
    }
}

impl SessionEnd {
    pub(crate) fn new(clerk: &Clerk, session: &Session) -> Self {
        let watched = clerk.watched_sessions().watch(session.session_id().as_str(), session.user_id().as_str());
        watched.add_token(session.claims_as_of());
        // Watch first, so that no revocation is missed in between.
        if is_revoked(clerk, session) {
            watched.end();
        }
        let deadline = deadline(clerk, session);
        Self {
            clerk: clerk.clone(),
            session_id: session.session_id().clone(),
            user_id: session.user_id().clone(),
            deadline,
            reason: None,
            expiry: sleep_until(clerk, deadline),
            end: Box::pin(Arc::clone(&watched).wait_for_end()),
            check: None,
            watched,
        }
    }

    /// Asks the Backend API at this interval whether the session is still active. So a sign-out is noticed before the token
    /// expires, and also while the client renews its tokens.
    ///
    /// Each check is a call, and an instance has a
    /// [limited number](https://clerk.com/docs/guides/how-clerk-works/system-limits) of them. Connections of one session
    /// share their checks, at most 16 calls are under way at once, and the shortest interval is 1 s. While the API cannot be
    /// reached, connections stay open until their tokens expire; the log says so once.
    pub fn checking_every(mut self, interval: Duration) -> Self {
        let (clerk, session_id) = (self.clerk.clone(), self.session_id.clone());
        let (watched, interval) = (Arc::clone(&self.watched), interval.max(MIN_INTERVAL));
        self.check = Some(Box::pin(async move {
            loop {
                let clock = clerk.clock();
                clock.sleep_until(clock.now() + interval).await;
                if watched.claim_check(clock.now(), interval) && has_ended(&clerk, &session_id).await {
                    return clerk.session_ended(session_id.as_str());
                }
            }
        }));
        self
    }

    /// Continues with a newer token of the same session, which the client has sent and [`Clerk::verify_session_token`] has
    /// verified.
    ///
    /// An older token changes nothing. Other changes in the newer token, such as another active organization, are for you to
    /// handle.
    ///
    /// # Errors
    /// When the session is over already, or the token belongs to another user or session, or to a
    /// [pending](SessionStatus::Pending) one. Close the connection then.
    pub fn renew(&mut self, session: &Session) -> Result<(), RenewError> {
        if self.reason.is_some() || self.watched.has_ended() || self.clerk.clock().now() >= self.deadline {
            return Err(RenewError::Ended);
        }
        if *session.session_id() != self.session_id || *session.user_id() != self.user_id {
            return Err(RenewError::OtherSession);
        }
        if session.status() != SessionStatus::Active {
            return Err(RenewError::Pending);
        }
        self.watched.add_token(session.claims_as_of());
        if is_revoked(&self.clerk, session) {
            return Err(RenewError::Ended);
        }
        let deadline = deadline(&self.clerk, session);
        if deadline > self.deadline {
            self.deadline = deadline;
            self.expiry = sleep_until(&self.clerk, deadline);
        }
        Ok(())
    }

    /// When the newest token stops being accepted: its `exp` plus the clock skew.
    #[must_use]
    pub const fn deadline(&self) -> Timestamp {
        self.deadline
    }
}

/// When a session's token stops being accepted.
fn deadline(clerk: &Clerk, session: &Session) -> Timestamp {
    clerk.rules().clock_skew.rejected_from(session.expires_at())
}

/// Whether the session is known to be revoked. Fails open when the store cannot say.
fn is_revoked(clerk: &Clerk, session: &Session) -> bool {
    clerk.revocations().is_some_and(|revocations| {
        revocations.check(session, Some(StalePolicy::Accept), clerk.clock().now()) == RevocationStatus::Revoked
    })
}

fn sleep_until(clerk: &Clerk, deadline: Timestamp) -> Wait {
    let clock = Arc::clone(clerk.clock());
    Box::pin(async move { clock.sleep_until(deadline).await })
}

/// Whether the Backend API says that a session is no longer active. Fails open when the API cannot be reached.
async fn has_ended(clerk: &Clerk, session_id: &SessionId) -> bool {
    let sessions = clerk.watched_sessions();
    let _permit = sessions.wait_for_permit().await;
    let result = match clerk.backend() {
        Some(backend) => backend.session_is_active(session_id.as_str()).await,
        None => Err(crate::backend::api::BackendError::Malformed),
    };
    match result {
        Ok(is_active) => {
            sessions.record_success();
            !is_active
        }
        Err(error) => {
            if sessions.record_failure() {
                tracing::warn!(target: "clerk", %error, "the Backend API cannot say whether sessions have ended, so connections stay open until their tokens expire; check the API and CLERK_SECRET_KEY");
            }
            false
        }
    }
}

impl Future for SessionEnd {
    type Output = EndReason;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<EndReason> {
        let this = self.get_mut();
        if let Some(reason) = this.reason {
            return Poll::Ready(reason);
        }
        // A check that finds the end resolves all futures of the session, this one too.
        if this.check.as_mut().is_some_and(|check| check.as_mut().poll(context).is_ready()) {
            this.check = None;
        }
        if this.watched.has_ended() || this.end.as_mut().poll(context).is_ready() {
            this.reason = Some(EndReason::Ended);
            return Poll::Ready(EndReason::Ended);
        }
        while this.expiry.as_mut().poll(context).is_ready() {
            if this.clerk.clock().now() >= this.deadline {
                this.reason = Some(EndReason::Expired);
                return Poll::Ready(EndReason::Expired);
            }
            // The clock was set back meanwhile.
            this.expiry = sleep_until(&this.clerk, this.deadline);
        }
        Poll::Pending
    }
}

impl Drop for SessionEnd {
    fn drop(&mut self) {
        self.clerk.watched_sessions().unwatch(self.session_id.as_str());
    }
}

impl fmt::Debug for SessionEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionEnd")
            .field("session_id", &self.session_id)
            .field("deadline", &self.deadline)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

impl EndReason {
    /// The reason in words, short enough for the close frame of a WebSocket.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ended => "session ended",
            Self::Expired => "session token expired",
        }
    }
}

impl fmt::Display for EndReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
