//! [`Budget`]: how many calls of the Backend API each purpose may make at once, and how many strangers may cause.
//!
//! Each [`Purpose`] has its own limit, so that what anyone can cause holds up nothing else. ARCHITECTURE.md has the table
//! of all calls, and `tests/tests/load/budget.rs` runs it. A call above a limit waits for its turn, at most as long as a call
//! may take: then it is [busy](BackendError::Busy), which is an outage and not a refusal.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{sleep, timeout},
};

use super::{
    api::BackendError,
    verdicts::{Verdict, Verdicts},
};
use crate::base::{
    bucket::Bucket,
    shares::{Share, Shares},
    time::Clock,
};

/// How many calls of one purpose are under way at once.
const MAX_CALLS: usize = 64;

/// How many calls that fail strangers can cause at once, for each purpose.
const FAILED_CALLS: u32 = 200;

/// How often strangers can cause a further one. Clerk allows a production instance 100 calls a second for everything.
const FAILED_CALL_INTERVAL: Duration = Duration::from_millis(20);

/// How many refreshes of one session are under way at once: some tabs that a browser restores.
const REFRESHES_OF_A_SESSION: usize = 8;

/// How often the log says that a limit was reached.
const LOG_INTERVAL_MILLIS: u64 = 60_000;

/// What a call is for, and so who can cause it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Anyone: a nonce is unknown before the call.
    HandshakePayload,
    /// A machine whose token was accepted a short time ago.
    KnownMachine,
    /// The application itself, such as to end a session.
    Operator,
    /// A browser with an expired token.
    Refresh,
    /// A signed-in user.
    SessionStatus,
    /// Anyone: an opaque token is unknown before the call.
    UnknownMachine,
}

/// The limits of one `Clerk`, and what it knows about the credentials of strangers.
#[derive(Debug)]
pub(crate) struct Budget {
    clock: Arc<dyn Clock>,
    /// How long a call waits for its turn.
    longest_wait: Duration,
    handshake_payload: Lane,
    known_machine: Lane,
    operator: Lane,
    refresh: Lane,
    session_status: Lane,
    unknown_machine: Lane,
    refreshes: Shares<Box<str>>,
    verdicts: Verdicts,
}

/// The limit of one purpose.
#[derive(Debug)]
struct Lane {
    calls: Semaphore,
    /// Calls that fail, where strangers can cause them.
    failures: Option<Bucket>,
    /// When the log last said that the limit was reached, in Unix milliseconds.
    logged_at: AtomicI64,
}

/// The right to make one call, until it is dropped.
#[derive(Debug)]
#[must_use]
pub(super) struct Turn<'b> {
    lane: &'b Lane,
    _permit: SemaphorePermit<'b>,
}

impl Budget {
    pub(crate) fn new(clock: Arc<dyn Clock>, longest_wait: Duration) -> Self {
        let known = || Lane { calls: Semaphore::new(MAX_CALLS), failures: None, logged_at: AtomicI64::new(0) };
        let strangers = || Lane { failures: Some(Bucket::new(FAILED_CALLS, FAILED_CALL_INTERVAL)), ..known() };
        Self {
            clock,
            longest_wait,
            handshake_payload: strangers(),
            known_machine: known(),
            operator: known(),
            refresh: strangers(),
            session_status: known(),
            unknown_machine: strangers(),
            refreshes: Shares::new(REFRESHES_OF_A_SESSION),
            verdicts: Verdicts::new(),
        }
    }

    /// Waits for a call's turn.
    ///
    /// # Errors
    /// [`BackendError::Busy`] when that takes too long, at once if this is known before.
    pub(super) async fn wait_for_turn(&self, purpose: Purpose) -> Result<Turn<'_>, BackendError> {
        let lane = self.lane(purpose);
        if let Some(failures) = &lane.failures {
            let wait = failures.take(self.clock.now(), self.longest_wait).ok_or_else(|| self.busy(purpose))?;
            if !wait.is_zero() {
                sleep(wait).await;
            }
        }
        match timeout(self.longest_wait, lane.calls.acquire()).await {
            Ok(Ok(permit)) => Ok(Turn { lane, _permit: permit }),
            Ok(Err(_)) | Err(_) => Err(self.busy(purpose)),
        }
    }

    /// Logs once a minute, because strangers can cause it, that calls of a purpose are not made.
    fn busy(&self, purpose: Purpose) -> BackendError {
        let (now, logged) = (self.clock.now().unix_millis(), &self.lane(purpose).logged_at);
        let last = logged.load(Relaxed);
        if now.abs_diff(last) >= LOG_INTERVAL_MILLIS && logged.compare_exchange(last, now, Relaxed, Relaxed).is_ok() {
            tracing::warn!(target: "clerk", ?purpose, "more calls of the Backend API are wanted than this purpose may make, so some requests are answered with 503; in most cases a client sends tokens that Clerk does not know");
        }
        BackendError::Busy
    }

    /// Makes a call about a credential of a stranger, unless the API has just refused the same one.
    pub(super) async fn look_up<T>(
        &self,
        kind: &'static str,
        credential: &str,
        known: Purpose,
        unknown: Purpose,
        call: impl Future<Output = Result<T, BackendError>>,
    ) -> Result<T, BackendError> {
        let purpose = match self.verdicts.find(kind, credential, self.clock.now()) {
            Verdict::Refused(refusal) => return Err(refusal),
            Verdict::Accepted => known,
            Verdict::Unknown => unknown,
        };
        let turn = self.wait_for_turn(purpose).await?;
        let outcome = call.await;
        if outcome.is_ok() {
            turn.succeed();
        }
        // A nonce is good once, so its success is not worth a place.
        if outcome.is_err() || known != unknown {
            self.verdicts.learn(kind, credential, &outcome, self.clock.now());
        }
        outcome
    }

    /// One of the refreshes that a session may have at once.
    pub(super) fn take_refresh(&self, session_id: &str) -> Result<Share<Box<str>>, BackendError> {
        self.refreshes.take(session_id.into()).ok_or_else(|| self.busy(Purpose::Refresh))
    }

    const fn lane(&self, purpose: Purpose) -> &Lane {
        match purpose {
            Purpose::HandshakePayload => &self.handshake_payload,
            Purpose::KnownMachine => &self.known_machine,
            Purpose::Operator => &self.operator,
            Purpose::Refresh => &self.refresh,
            Purpose::SessionStatus => &self.session_status,
            Purpose::UnknownMachine => &self.unknown_machine,
        }
    }
}

impl Turn<'_> {
    /// Says that the call succeeded: it does not count as one that a stranger caused.
    pub(super) fn succeed(&self) {
        if let Some(failures) = &self.lane.failures {
            failures.put_back();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::{ManualClock, Timestamp};

    const WAIT: Duration = Duration::from_secs(5);

    fn budget() -> Budget {
        Budget::new(Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_000))), WAIT)
    }

    async fn refuse() -> Result<(), BackendError> {
        Err(BackendError::Refused { status: 404, code: None })
    }

    async fn look_up(
        budget: &Budget,
        credential: &str,
        call: impl Future<Output = Result<(), BackendError>>,
    ) -> Result<(), BackendError> {
        budget.look_up("ak", credential, Purpose::KnownMachine, Purpose::UnknownMachine, call).await
    }

    #[tokio::test(start_paused = true)]
    async fn one_purpose_does_not_use_up_another() {
        let budget = budget();
        let mut turns = Vec::new();
        for _ in 0..MAX_CALLS {
            turns.push(budget.wait_for_turn(Purpose::UnknownMachine).await.unwrap());
        }
        assert!(matches!(budget.wait_for_turn(Purpose::UnknownMachine).await, Err(BackendError::Busy)));
        for other in [Purpose::HandshakePayload, Purpose::KnownMachine, Purpose::Operator, Purpose::SessionStatus] {
            assert!(budget.wait_for_turn(other).await.is_ok(), "{other:?}");
        }
        turns.pop();
        assert!(budget.wait_for_turn(Purpose::UnknownMachine).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn failed_calls_of_strangers_are_limited_and_good_ones_are_not() {
        let budget = budget();
        for number in 0..2 * FAILED_CALLS {
            look_up(&budget, &format!("good{number}"), async { Ok(()) }).await.unwrap();
        }
        let most = FAILED_CALLS + (WAIT.as_millis() / FAILED_CALL_INTERVAL.as_millis()) as u32;
        for number in 0..most {
            let refused = look_up(&budget, &format!("junk{number}"), refuse()).await;
            assert!(matches!(refused, Err(BackendError::Refused { .. })), "{number}");
        }
        assert!(matches!(look_up(&budget, "more", refuse()).await, Err(BackendError::Busy)));
        look_up(&budget, "good7", async { Ok(()) }).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_credential_causes_no_second_call() {
        let budget = budget();
        look_up(&budget, "junk", refuse()).await.unwrap_err();
        let again = look_up(&budget, "junk", async { panic!("a second call") }).await;
        assert!(matches!(again, Err(BackendError::Refused { status: 404, code: None })));
    }

    #[tokio::test]
    async fn one_session_has_a_few_refreshes_at_once() {
        let budget = budget();
        let shares: Vec<_> = (0..REFRESHES_OF_A_SESSION).map(|_| budget.take_refresh("sess_1").unwrap()).collect();
        assert!(matches!(budget.take_refresh("sess_1"), Err(BackendError::Busy)));
        assert!(budget.take_refresh("sess_2").is_ok());
        drop(shares);
        assert!(budget.take_refresh("sess_1").is_ok());
    }
}
