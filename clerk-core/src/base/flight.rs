//! Single flight: callers that want the same thing at the same time share one call.

use std::{
    collections::HashMap,
    fmt,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    runtime::{self, Handle},
    sync::watch,
    time::{Instant, timeout_at},
};

use super::{
    time::{Clock, Timestamp},
    ttl_map::TtlMap,
};

/// How many calls without a usable result a caller waits for.
const MAX_ATTEMPTS: usize = 3;

/// How long a call may take unless its map says otherwise.
const CALL_LIMIT: Duration = Duration::from_secs(10);

/// How much later than its own limit a call may end. After that its runtime counts as blocked.
const GRACE: Duration = Duration::from_millis(500);

/// The same for callers on its own runtime, which runs: then the machine is only busy, in most cases.
const GRACE_WITHIN: Duration = Duration::from_secs(5);

/// A call that any number of callers wait for. It runs in a task of its own, so that a request that goes away cannot
/// cancel it for the others.
///
/// The call limits its own time. If it is late, its runtime is blocked, such as an actix worker by a slow handler: then
/// its callers on other runtimes wait no longer, and one of them starts another call.
#[derive(Debug, Clone)]
pub(crate) struct Flight<T> {
    result: watch::Receiver<Option<T>>,
    runtime: runtime::Id,
    ends_at: Instant,
}

impl<T: Clone + Send + Sync + 'static> Flight<T> {
    /// Starts a call that takes at most `limit`.
    ///
    /// # Errors
    /// Outside a Tokio runtime, which the log says.
    pub(crate) fn start(limit: Duration, call: impl Future<Output = T> + Send + 'static) -> Result<Self, FlightError> {
        let runtime = Handle::try_current().map_err(|_| {
            tracing::error!(target: "clerk", "Clerk can only be called inside a Tokio runtime");
            FlightError::NoRuntime
        })?;
        let (sender, result) = watch::channel(None);
        runtime.spawn(async move {
            let value = call.await;
            sender.send_replace(Some(value));
        });
        Ok(Self { result, runtime: runtime.id(), ends_at: Instant::now() + limit })
    }

    /// When callers on the present runtime wait no longer.
    fn late_at(&self) -> Instant {
        let is_own = Handle::try_current().is_ok_and(|handle| handle.id() == self.runtime);
        self.ends_at + if is_own { GRACE_WITHIN } else { GRACE }
    }

    /// Whether the call still runs and is worth waiting for. It does not when the runtime that it was started on was shut
    /// down or is blocked.
    pub(crate) fn is_under_way(&self) -> bool {
        self.result.borrow().is_none() && self.result.has_changed().is_ok() && Instant::now() < self.late_at()
    }

    /// Waits for the result; `None` when the runtime of the call was shut down, as when one of several actix workers
    /// stops, or is blocked: the caller then starts another call.
    pub(crate) async fn wait(mut self) -> Option<T> {
        timeout_at(self.late_at(), self.result.wait_for(Option::is_some)).await.ok()?.ok()?.clone()
    }
}

/// Why there is no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlightError {
    /// The calls ended without a usable result.
    Aborted,
    /// As many calls are under way as are allowed.
    Busy,
    /// The caller is not in a Tokio runtime.
    NoRuntime,
}

/// Results of calls by key: at most one call for each key at a time, whose result is kept for a while. Clones share it.
pub struct FlightMap<V>(Arc<Mutex<State<V>>>);

struct State<V> {
    results: TtlMap<Arc<str>, V>,
    /// The calls that are under way, each with its number.
    flights: HashMap<Arc<str>, (u64, Flight<V>)>,
    max_flights: usize,
    call_limit: Duration,
    started: u64,
}

impl<V: Clone + Send + Sync + 'static> FlightMap<V> {
    /// A map that keeps at most `capacity` results, and has at most `max_flights` calls under way.
    #[must_use]
    pub fn new(capacity: usize, max_flights: usize) -> Self {
        let results = TtlMap::new(capacity);
        let flights = HashMap::new();
        Self(Arc::new(Mutex::new(State { results, flights, max_flights, call_limit: CALL_LIMIT, started: 0 })))
    }

    /// How long a call takes at most, which it sees to itself (default: 10 s). A caller waits no longer, and then starts
    /// another call: the runtime of the first is blocked.
    #[must_use]
    pub fn call_limit(self, limit: Duration) -> Self {
        self.state().call_limit = limit;
        self
    }

    /// The result for this key, if one is kept and valid.
    #[must_use]
    pub fn get(&self, key: &str, now: Timestamp) -> Option<V> {
        self.state().results.get(key, now).cloned()
    }

    /// The kept result for this key, that of the call that is under way, or that of a new call. `call` returns its result
    /// and when that is valid.
    ///
    /// When a result does not satisfy `is_usable`, another call is started, a few times at most.
    ///
    /// # Errors
    /// When no call could be started, or none ended with a usable result.
    pub async fn get_or_call<C>(
        &self,
        key: &str,
        clock: &dyn Clock,
        is_usable: impl Fn(&V) -> bool,
        call: impl Fn() -> C,
    ) -> Result<V, FlightError>
    where
        C: Future<Output = (V, Range<Timestamp>)> + Send + 'static,
    {
        for _ in 0..MAX_ATTEMPTS {
            let flight = {
                let mut state = self.state();
                if let Some(value) = state.results.get(key, clock.now()).filter(|value| is_usable(value)) {
                    return Ok(value.clone());
                }
                match state.flights.get(key) {
                    Some((_, flight)) if flight.is_under_way() => flight.clone(),
                    _ => self.start(&mut state, key, call())?,
                }
            };
            if let Some(value) = flight.wait().await.filter(|value| is_usable(value)) {
                return Ok(value);
            }
        }
        Err(FlightError::Aborted)
    }

    /// Removes the result for this key, and detaches the call that is under way: its present callers still get its result,
    /// later ones do not.
    pub fn remove(&self, key: &str) {
        let mut state = self.state();
        state.results.remove(key);
        state.flights.remove(key);
    }

    /// Does the same for every key.
    pub fn clear(&self) {
        let mut state = self.state();
        state.results.clear();
        state.flights.clear();
    }

    fn start(
        &self,
        state: &mut State<V>,
        key: &str,
        call: impl Future<Output = (V, Range<Timestamp>)> + Send + 'static,
    ) -> Result<Flight<V>, FlightError> {
        if state.flights.len() >= state.max_flights {
            state.flights.retain(|_, (_, flight)| flight.is_under_way());
            if state.flights.len() >= state.max_flights {
                return Err(FlightError::Busy);
            }
        }
        state.started += 1;
        let number = state.started;
        let key = Arc::<str>::from(key);
        let (map, own_key) = (self.clone(), Arc::clone(&key));
        let flight = Flight::start(state.call_limit, async move {
            let (value, valid) = call.await;
            map.land(own_key, number, value.clone(), valid);
            value
        })?;
        state.flights.insert(key, (number, flight.clone()));
        Ok(flight)
    }

    /// Ends a call, and keeps its result unless the key was removed since the call began.
    fn land(&self, key: Arc<str>, number: u64, value: V, valid: Range<Timestamp>) {
        let mut state = self.state();
        if state.flights.get(&key).is_some_and(|(current, _)| *current == number) {
            state.flights.remove(&key);
            state.results.insert(key, value, valid);
        }
    }

    fn state(&self) -> MutexGuard<'_, State<V>> {
        // Nothing panics while it is held but a caller's closure, which changes nothing.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V> Clone for FlightMap<V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<V> fmt::Debug for FlightMap<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlightMap").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::{pending, ready},
        sync::atomic::{AtomicUsize, Ordering::SeqCst},
        time::Duration,
    };

    use super::*;
    use crate::base::time::ManualClock;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_000);
    const MINUTE: Duration = Duration::from_secs(60);

    fn map() -> FlightMap<usize> {
        FlightMap::new(10, 2)
    }

    async fn get(map: &FlightMap<usize>, key: &str, value: usize) -> Result<usize, FlightError> {
        map.get_or_call(key, &ManualClock::new(NOW), |_| true, || ready((value, NOW..NOW + MINUTE))).await
    }

    #[tokio::test]
    async fn callers_at_the_same_time_share_one_call_and_later_ones_its_result() {
        let (map, calls) = (map(), Arc::new(AtomicUsize::new(0)));
        let clock = ManualClock::new(NOW);
        let ask = || {
            map.get_or_call(
                "a",
                &clock,
                |_| true,
                || {
                    let calls = Arc::clone(&calls);
                    async move {
                        tokio::task::yield_now().await;
                        (calls.fetch_add(1, SeqCst), NOW..NOW + MINUTE)
                    }
                },
            )
        };
        assert_eq!(tokio::join!(ask(), ask()), (Ok(0), Ok(0)));
        assert_eq!((ask().await, map.get("a", NOW)), (Ok(0), Some(0)));
        clock.advance(MINUTE);
        assert_eq!(ask().await, Ok(1));
    }

    #[tokio::test]
    async fn an_unusable_result_is_asked_for_again_a_few_times() {
        let calls = AtomicUsize::new(0);
        let call = || ready((calls.fetch_add(1, SeqCst), NOW..NOW + MINUTE));
        let clock = ManualClock::new(NOW);
        assert_eq!(map().get_or_call("a", &clock, |value| *value > 0, call).await, Ok(1));
        assert_eq!(map().get_or_call("a", &clock, |_| false, call).await, Err(FlightError::Aborted));
        assert_eq!(calls.load(SeqCst), 2 + MAX_ATTEMPTS);
    }

    #[tokio::test]
    async fn a_call_that_began_before_a_removal_is_not_kept() {
        let map = map();
        let (release, released) = tokio::sync::oneshot::channel::<()>();
        let released = Mutex::new(Some(released));
        let clock = ManualClock::new(NOW);
        let call = || {
            let released = released.lock().unwrap().take().unwrap();
            async move {
                released.await.unwrap();
                (1, NOW..NOW + MINUTE)
            }
        };
        let waiting = map.get_or_call("a", &clock, |_| true, call);
        let removing = async {
            map.remove("a");
            assert_eq!(get(&map, "a", 2).await, Ok(2));
            release.send(()).unwrap();
        };
        assert_eq!(tokio::join!(waiting, removing).0, Ok(1));
        assert_eq!(map.get("a", NOW), Some(2));
    }

    #[tokio::test]
    async fn more_calls_than_allowed_are_refused() {
        let map = map();
        let clock = ManualClock::new(NOW);
        let hang = |key| {
            let (map, clock) = (&map, &clock);
            async move {
                let waiting = map.get_or_call(key, clock, |_| true, pending);
                assert!(tokio::time::timeout(Duration::from_millis(1), waiting).await.is_err());
            }
        };
        tokio::join!(hang("a"), hang("b"));
        assert_eq!(get(&map, "c", 1).await, Err(FlightError::Busy));
        map.remove("a");
        assert_eq!(get(&map, "c", 1).await, Ok(1));
    }

    #[test]
    fn a_call_ends_with_its_runtime_and_the_next_caller_starts_another() {
        let map = map();
        let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let clock = ManualClock::new(NOW);
        runtime().block_on(async {
            let waiting = map.get_or_call("a", &clock, |_| true, pending);
            assert!(tokio::time::timeout(Duration::from_millis(1), waiting).await.is_err());
        });
        assert_eq!(runtime().block_on(get(&map, "a", 1)), Ok(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_does_not_wait_for_a_blocked_runtime() {
        let map = map();
        let (started, has_started) = std::sync::mpsc::channel();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let other = map.clone();
        let blocked = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let clock = ManualClock::new(NOW);
                let call = || async {
                    tokio::task::yield_now().await;
                    (1, NOW..NOW + MINUTE)
                };
                let mut waiting = std::pin::pin!(other.get_or_call("a", &clock, |_| true, call));
                let begun = std::future::poll_fn(|context| std::task::Poll::Ready(waiting.as_mut().poll(context)));
                assert!(begun.await.is_pending());
                started.send(()).unwrap();
                released.recv().unwrap(); // as a handler that blocks its worker
                waiting.await
            })
        });
        has_started.recv().unwrap();
        assert_eq!(get(&map, "a", 2).await, Ok(2), "the time of the first call has passed");
        assert_eq!(get(&map, "a", 3).await, Ok(2));
        release.send(()).unwrap();
        blocked.join().unwrap().unwrap();
        assert_eq!(map.get("a", NOW), Some(2), "the late result is older");
    }

    #[test]
    fn calls_need_a_runtime() {
        let map = map();
        let mut future = std::pin::pin!(get(&map, "a", 1));
        let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
        assert_eq!(future.as_mut().poll(context), std::task::Poll::Ready(Err(FlightError::NoRuntime)));
    }
}
