//! [`SessionEnd`]: when a connection that outlives its request has to be closed.
//!
//! A session token is good for a minute, and a WebSocket or a stream lives for hours. Whoever holds one open waits for the
//! end of its session besides, and lets the client send a fresh token now and then.

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
use watched::Watched;

/// The Backend API is asked about one session no more often than this.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);

/// Future that resolves when a session is over for this connection, with the reason why.
///
/// That is when its token has expired and nobody [renewed](Self::renew) it, or when the session itself has ended: the
/// user signed out, or somebody revoked it. The first is always noticed; the second where there is a
/// [revocation store](crate::revocation), the Backend API [is asked](Self::checking_every), or [`Clerk::session_ended`] is
/// told.
///
/// ```no_run
/// use clerk_core::{Clerk, Session, websocket::CLOSE_CODE};
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
///             // In this protocol clients send nothing but fresh tokens.
///             token = socket.receive() => match clerk.verify_session_token(&token).await {
///                 Ok(session) if end.renew(&session).is_ok() => {}
///                 _ => return socket.close(CLOSE_CODE, "bad token").await,
///             },
///         }
///     }
/// }
/// ```
///
/// Once resolved it stays so, and further polls give the same reason.
///
/// # Panics
/// When it is polled outside a Tokio runtime.
#[must_use = "futures do nothing unless polled"]
pub struct SessionEnd {
    clerk: Clerk,
    session_id: SessionId,
    user_id: UserId,
    /// The first moment at which the newest token is not accepted any more.
    deadline: Timestamp,
    watched: Arc<Watched>,
    over: Option<EndReason>,
    expiry: Wait,
    signal: Wait,
    check: Option<Wait>,
}

type Wait = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndReason {
    /// The session itself has ended: signed out, revoked, removed, or given a task that must be done first.
    Ended,
    /// The token has expired, and no newer one came.
    Expired,
}

impl SessionEnd {
    pub(crate) fn new(clerk: &Clerk, session: &Session) -> Self {
        let watched = clerk.watched_sessions().watch(session.session_id().as_str(), session.user_id().as_str());
        watched.holds(session.issued_at());
        // Watches before it asks, so that no revocation is missed in between.
        if is_revoked(clerk, session) {
            watched.end();
        }
        let deadline = clerk.deadline(session);
        Self {
            clerk: clerk.clone(),
            session_id: session.session_id().clone(),
            user_id: session.user_id().clone(),
            deadline,
            over: None,
            expiry: expiry(clerk, deadline),
            signal: Box::pin(Arc::clone(&watched).ended()),
            check: None,
            watched,
        }
    }

    /// Asks the Backend API at this interval whether the session is still active, so that a sign-out is noticed before
    /// the token expires, and also by clients who renew.
    ///
    /// Each time costs a call, of which an instance has a
    /// [limited number](https://clerk.com/docs/guides/how-clerk-works/system-limits); connections of one session share
    /// theirs, 16 are under way at once, and an interval below 1 s counts as that. While the API cannot be reached
    /// nothing is known, so the connection lives on until its token expires; the log says so once.
    pub fn checking_every(mut self, interval: Duration) -> Self {
        let (clerk, session_id) = (self.clerk.clone(), self.session_id.clone());
        let (watched, interval) = (Arc::clone(&self.watched), interval.max(SHORTEST_INTERVAL));
        self.check = Some(Box::pin(async move {
            loop {
                let clock = clerk.clock();
                clock.sleep_until(clock.now() + interval).await;
                if watched.claims_check(clock.now(), interval) && is_over(&clerk, &session_id).await {
                    return clerk.session_ended(session_id.as_str());
                }
            }
        }));
        self
    }

    /// Goes on with a newer token of the same session, which the client has sent and
    /// [`Clerk::verify_session_token`] has found good.
    ///
    /// An older one changes nothing. What the newer one says besides, such as another active organization, is for you to
    /// act on.
    ///
    /// # Errors
    /// When the end has come already, or the token is of another user or session, or of one that is
    /// [pending](SessionStatus::Pending): close the connection then.
    pub fn renew(&mut self, session: &Session) -> Result<(), RenewError> {
        if self.over.is_some() || self.watched.has_ended() || self.clerk.clock().now() >= self.deadline {
            return Err(RenewError::Over);
        }
        if *session.session_id() != self.session_id || *session.user_id() != self.user_id {
            return Err(RenewError::OtherSession);
        }
        if session.status() != SessionStatus::Active {
            return Err(RenewError::Pending);
        }
        self.watched.holds(session.issued_at());
        if is_revoked(&self.clerk, session) {
            return Err(RenewError::Over);
        }
        let deadline = self.clerk.deadline(session);
        if deadline > self.deadline {
            self.deadline = deadline;
            self.expiry = expiry(&self.clerk, deadline);
        }
        Ok(())
    }

    /// When the newest token ends to be accepted, which the clock skew puts some seconds behind its `exp`.
    #[must_use]
    pub const fn deadline(&self) -> Timestamp {
        self.deadline
    }
}

/// Whether the session is known to be over. What cannot be known is not held against it.
fn is_revoked(clerk: &Clerk, session: &Session) -> bool {
    clerk.revocations().is_some_and(|revocations| {
        revocations.check(session, Some(StalePolicy::Accept), clerk.clock().now()) == RevocationStatus::Revoked
    })
}

fn expiry(clerk: &Clerk, deadline: Timestamp) -> Wait {
    let clock = Arc::clone(clerk.clock());
    Box::pin(async move { clock.sleep_until(deadline).await })
}

/// Whether the Backend API says that a session is not active any more. What cannot be learned is not held against
/// anybody.
async fn is_over(clerk: &Clerk, session_id: &SessionId) -> bool {
    let sessions = clerk.watched_sessions();
    let _turn = sessions.turn().await;
    let answer = match clerk.backend() {
        Some(backend) => backend.session_is_active(session_id.as_str()).await,
        None => Err(crate::backend::api::BackendError::Malformed),
    };
    match answer {
        Ok(active) => {
            sessions.learned();
            !active
        }
        Err(error) => {
            if sessions.is_first_failure() {
                tracing::warn!(target: "clerk", %error, "it cannot be learned whether sessions have ended, so open connections live on until their tokens expire; that takes the Backend API and CLERK_SECRET_KEY");
            }
            false
        }
    }
}

impl Future for SessionEnd {
    type Output = EndReason;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<EndReason> {
        let this = self.get_mut();
        if let Some(reason) = this.over {
            return Poll::Ready(reason);
        }
        // A check that finds the end tells all connections of the session, this one among them.
        if this.check.as_mut().is_some_and(|check| check.as_mut().poll(context).is_ready()) {
            this.check = None;
        }
        if this.watched.has_ended() || this.signal.as_mut().poll(context).is_ready() {
            this.over = Some(EndReason::Ended);
            return Poll::Ready(EndReason::Ended);
        }
        while this.expiry.as_mut().poll(context).is_ready() {
            if this.clerk.clock().now() >= this.deadline {
                this.over = Some(EndReason::Expired);
                return Poll::Ready(EndReason::Expired);
            }
            // The clock was set back meanwhile.
            this.expiry = expiry(&this.clerk, this.deadline);
        }
        Poll::Pending
    }
}

impl Drop for SessionEnd {
    fn drop(&mut self) {
        self.clerk.watched_sessions().forget(self.session_id.as_str());
    }
}

impl fmt::Debug for SessionEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionEnd")
            .field("session_id", &self.session_id)
            .field("deadline", &self.deadline)
            .field("over", &self.over)
            .finish_non_exhaustive()
    }
}

impl EndReason {
    /// The reason in words, which fit the close frame of a WebSocket.
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
