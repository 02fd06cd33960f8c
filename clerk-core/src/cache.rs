//! Tokens that were verified before: a browser sends the same one for a minute, and its signature is nine tenths of what
//! a request costs.
//!
//! Nobody reads through a lock or writes to memory that other threads read: buckets are replaced whole, and each thread
//! counts its references to a session in a place of its own.

use std::{
    cell::Cell,
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread::available_parallelism,
};

use arc_swap::ArcSwapOption;

use crate::{
    auth::Session,
    config::rules::ClockSkew,
    jwt::{Glance, VerifyingKey, verify::Times},
    time::Timestamp,
};

/// How many tokens share a bucket; each token has two buckets to choose from.
const WAYS: usize = 8;

/// How much of a token's end is hashed, in bytes: part of its signature, which nobody can choose.
const TAIL: usize = 32;

/// More places to count references in would not be worth their memory.
const MAX_LANES: usize = 16;

/// The session tokens that one `Clerk` has verified, up to a number of them.
pub(crate) struct TokenCache {
    /// A power of two of them; none at all when the cache is off.
    buckets: Box<[ArcSwapOption<Bucket>]>,
    /// Keyed anew for each cache, so that nobody can choose tokens that crowd out another one.
    hasher: RandomState,
    lanes: usize,
}

/// Tokens behind their hashes, the one verified last at the end.
type Bucket = Vec<(u64, Arc<Entry>)>;

struct Entry {
    token: VerifiedToken,
    /// The same session once for each lane that asked for it.
    lanes: Box<[OnceLock<Session>]>,
}

/// A session token whose signature, header and parties were found good; its key and its times are judged on each use.
#[derive(Debug)]
pub(crate) struct VerifiedToken {
    pub(crate) session: Session,
    pub(crate) glance: Glance,
    pub(crate) times: Times,
    pub(crate) key: Arc<VerifyingKey>,
}

/// A token that was verified before, for as long as nobody needs to keep it.
pub(crate) struct Found<'c>(&'c Entry);

impl TokenCache {
    /// A cache for this many tokens, rounded up to a power of two; for none it is off.
    pub(crate) fn new(entries: usize) -> Self {
        let buckets = if entries == 0 { 0 } else { entries.div_ceil(WAYS).next_power_of_two() };
        let threads = available_parallelism().map_or(1, usize::from);
        Self {
            buckets: (0..buckets).map(|_| ArcSwapOption::empty()).collect(),
            hasher: RandomState::new(),
            lanes: (2 * threads).min(MAX_LANES),
        }
    }

    /// Asks about a token, if it is known. That it is known says nothing about now.
    pub(crate) fn ask<T>(&self, token: &str, question: impl FnOnce(Found<'_>) -> T) -> Option<T> {
        let hash = self.hash(token)?;
        for bucket in self.buckets_of(hash) {
            let bucket = bucket.load();
            let entries = bucket.as_deref().into_iter().flatten();
            // The hash is of the end alone; only the whole token says that it is the same one.
            let found = entries.filter(|(known, _)| *known == hash).find(|(_, entry)| entry.text() == token);
            if let Some((_, entry)) = found {
                return Some(question(Found(entry)));
            }
        }
        None
    }

    /// Keeps a verified token; in a full bucket in the place of an expired one, or else of the oldest.
    pub(crate) fn insert(&self, token: VerifiedToken, skew: ClockSkew, now: Timestamp) {
        let Some(hash) = self.hash(token.session.token()) else { return };
        let entry = Arc::new(Entry { token, lanes: (0..self.lanes).map(|_| OnceLock::new()).collect() });
        let is_alive =
            |(_, known): &&(u64, Arc<Entry>)| !known.token.times.are_over(skew, now) && known.text() != entry.text();
        let [first, second] = self.buckets_of(hash);
        let alive =
            |bucket: &ArcSwapOption<Bucket>| bucket.load().iter().flat_map(|b| b.iter()).filter(is_alive).count();
        let bucket = if alive(second) < alive(first) { second } else { first };
        bucket.rcu(|bucket| {
            let mut entries = Vec::with_capacity(WAYS);
            entries.extend(bucket.iter().flat_map(|bucket| bucket.iter()).filter(is_alive).cloned());
            if entries.len() == WAYS {
                entries.remove(0);
            }
            entries.push((hash, Arc::clone(&entry)));
            Some(Arc::new(entries))
        });
    }

    /// `None` when the cache is off.
    fn hash(&self, token: &str) -> Option<u64> {
        let bytes = token.as_bytes();
        (!self.buckets.is_empty()).then(|| self.hasher.hash_one(&bytes[bytes.len().saturating_sub(TAIL)..]))
    }

    fn buckets_of(&self, hash: u64) -> [&ArcSwapOption<Bucket>; 2] {
        let mask = self.buckets.len() - 1;
        // Half of the hash for each; cutting off the rest is the point.
        [hash as usize & mask, (hash >> 32) as usize & mask].map(|index| &self.buckets[index])
    }
}

impl Entry {
    fn text(&self) -> &str {
        self.token.session.token()
    }
}

impl Found<'_> {
    pub(crate) const fn token(&self) -> &VerifiedToken {
        &self.0.token
    }

    /// The session, with a count of references that few other threads touch.
    pub(crate) fn session(&self) -> Session {
        let lanes = &self.0.lanes;
        lanes[lane() % lanes.len()].get_or_init(|| self.0.token.session.replica()).clone()
    }
}

/// This thread's number among those that ever asked.
fn lane() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static LANE: Cell<Option<usize>> = const { Cell::new(None) };
    }
    LANE.with(|lane| {
        lane.get().unwrap_or_else(|| {
            let next = NEXT.fetch_add(1, Ordering::Relaxed);
            lane.set(Some(next));
            next
        })
    })
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It holds tokens.
        f.debug_struct("TokenCache").field("buckets", &self.buckets.len()).finish_non_exhaustive()
    }
}
