//! [`Entries`]: the current revocations, in a bounded and sharded hash table.

use std::{
    collections::HashMap,
    fmt,
    hash::{BuildHasher, BuildHasherDefault, Hasher},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, AtomicU32, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use foldhash::quality::RandomState;

use super::{
    Revocation,
    rule::{self, RevocationKey, RevocationStatus, RevokedTokens, TokenInfo},
};
use crate::base::time::Timestamp;

/// Number of shards, each with its own lock, so that requests rarely wait for each other.
const SHARDS: usize = 64;

/// Number of entry counters, each shared by similar hashes. A lookup whose counter is zero takes no lock.
const COUNTS: usize = 1 << 16;

/// A moment before all others, in milliseconds.
const NEVER: i64 = i64::MIN;

/// Entries by the hash of their key, with a random seed for each store. Two keys with the same hash would refuse a valid
/// session: about once in 10^14 requests with a million entries.
type RevokedByHash = HashMap<u64, RevokedTokens, BuildHasherDefault<IdentityHasher>>;

/// A bounded table of revocations.
pub(super) struct Entries {
    hasher: RandomState,
    counts: Box<[AtomicU32]>,
    shards: Box<[Mutex<Shard>]>,
    len: AtomicUsize,
    capacity: usize,
    /// When the last entry expires.
    last_expiry: AtomicI64,
    /// Tokens with claims from up to `overflow_cutoff` may be revoked without an entry, until `overflow_until`.
    overflow_cutoff: AtomicI64,
    overflow_until: AtomicI64,
    /// When all shards were last swept to make room.
    swept_at: AtomicI64,
    /// How long after its cutoff an entry is kept even if the table is full, in milliseconds.
    min_retention: AtomicI64,
}

#[derive(Default)]
struct Shard {
    entries: RevokedByHash,
    /// The number of entries at which expired ones are removed.
    sweep_at: usize,
}

impl Entries {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            hasher: RandomState::default(),
            counts: (0..COUNTS).map(|_| AtomicU32::new(0)).collect(),
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            len: AtomicUsize::new(0),
            capacity,
            last_expiry: AtomicI64::new(NEVER),
            overflow_cutoff: AtomicI64::new(NEVER),
            overflow_until: AtomicI64::new(NEVER),
            swept_at: AtomicI64::new(NEVER),
            min_retention: AtomicI64::new(0),
        }
    }

    pub(super) fn set_min_retention(&self, retention: Duration) {
        self.min_retention.fetch_max(i64::try_from(retention.as_millis()).unwrap_or(i64::MAX), SeqCst);
    }

    pub(super) fn len(&self) -> usize {
        self.len.load(SeqCst)
    }

    /// Checks a token against all entries.
    pub(super) fn check(&self, token: &TokenInfo<'_>, now: Timestamp) -> RevocationStatus {
        let overflow_until = self.overflow_until.load(SeqCst);
        if self.len() == 0 && overflow_until == NEVER {
            return RevocationStatus::NotRevoked;
        }
        if now.unix_millis() >= self.last_expiry.load(SeqCst) {
            self.sweep(now);
        }
        let status = rule::check(token, now, |key| self.find(key));
        // A known revocation counts before the overflow.
        if status == RevocationStatus::Revoked || overflow_until == NEVER {
            return status;
        }
        let overflow = RevokedTokens {
            cutoff: Timestamp::from_unix_millis(self.overflow_cutoff.load(SeqCst)),
            until: Timestamp::from_unix_millis(overflow_until),
        };
        if overflow.include(token.claims_as_of, now) { RevocationStatus::Unknown } else { status }
    }

    fn find(&self, key: RevocationKey<'_>) -> Option<RevokedTokens> {
        let hash = self.hasher.hash_one(key);
        if self.counter(hash).load(SeqCst) == 0 {
            return None;
        }
        self.shard(hash).entries.get(&hash).copied()
    }

    /// Adds a revocation. Returns whether that changed anything.
    pub(super) fn insert(&self, revocation: &Revocation, now: Timestamp) -> bool {
        let revoked = revocation.revoked_tokens();
        if revoked.until <= now {
            return false;
        }
        let hash = self.hasher.hash_one(revocation.revoked().key());
        let mut shard = self.shard(hash);
        if let Some(known) = shard.entries.get_mut(&hash) {
            let union = known.union(revoked);
            let changed = *known != union;
            *known = union;
            self.last_expiry.fetch_max(union.until.unix_millis(), SeqCst);
            return changed;
        }
        if shard.entries.len() >= shard.sweep_at {
            self.sweep_shard(&mut shard, now);
        }
        if self.len() >= self.capacity {
            drop(shard);
            if !self.make_room(now) {
                self.record_overflow(revocation);
                return true;
            }
            shard = self.shard(hash);
        }
        self.last_expiry.fetch_max(revoked.until.unix_millis(), SeqCst);
        // Another thread may have inserted the same key while the lock was released.
        match shard.entries.get_mut(&hash) {
            Some(known) => *known = known.union(revoked),
            None => {
                shard.entries.insert(hash, revoked);
                self.counter(hash).fetch_add(1, SeqCst);
                self.len.fetch_add(1, SeqCst);
            }
        }
        true
    }

    /// Removes expired entries, and if that is not enough the oldest, at most once per second. Returns whether there is
    /// room now.
    fn make_room(&self, now: Timestamp) -> bool {
        let due = |swept_at: i64| {
            (swept_at == NEVER || (now.unix_millis() - swept_at).unsigned_abs() >= 1000).then_some(now.unix_millis())
        };
        if self.swept_at.fetch_update(SeqCst, SeqCst, due).is_ok() {
            self.sweep(now);
            if self.len() >= self.capacity {
                self.forget_oldest(now);
            }
        }
        self.len() < self.capacity
    }

    /// Removes the oldest quarter of the entries, but none within the minimum retention. From now on a token with claims
    /// that old counts as unknown. Clerk issued it later, so only its edge can have copied such claims.
    fn forget_oldest(&self, now: Timestamp) {
        let mut cutoffs: Vec<Timestamp> = Vec::with_capacity(self.len());
        for shard in &self.shards {
            cutoffs.extend(lock(shard).entries.values().map(|revoked| revoked.cutoff));
        }
        if cutoffs.is_empty() {
            return;
        }
        let quarter = cutoffs.len() / 4;
        let latest = now.unix_millis().saturating_sub(self.min_retention.load(SeqCst));
        let cutoff = (*cutoffs.select_nth_unstable(quarter).1).min(Timestamp::from_unix_millis(latest));
        let mut until = NEVER;
        let before = self.len();
        for shard in &self.shards {
            self.retain(&mut lock(shard), |revoked| {
                let keep = revoked.cutoff > cutoff;
                if !keep {
                    until = until.max(revoked.until.unix_millis());
                }
                keep
            });
        }
        if until != NEVER {
            tracing::warn!(
                target: "clerk",
                capacity = self.capacity,
                forgotten = before.saturating_sub(self.len()),
                seconds = now.since(cutoff).as_secs(),
                "the revocation store is full, so it forgot the oldest revocations: sessions are refused with 503 while their tokens have claims older than this; raise the store's capacity"
            );
            self.extend_overflow(cutoff, Timestamp::from_unix_millis(until));
        }
    }

    /// Records that this revocation has no entry: from now on every token that it may apply to is refused.
    fn record_overflow(&self, revocation: &Revocation) {
        if self.overflow_until.load(SeqCst) == NEVER {
            tracing::error!(
                target: "clerk",
                capacity = self.capacity,
                "the revocation store is full: sessions are refused with 503 until they have tokens with claims from after this moment; raise the store's capacity"
            );
        }
        self.extend_overflow(revocation.cutoff(), revocation.until());
    }

    fn extend_overflow(&self, cutoff: Timestamp, until: Timestamp) {
        self.last_expiry.fetch_max(until.unix_millis(), SeqCst);
        self.overflow_cutoff.fetch_max(cutoff.unix_millis(), SeqCst);
        self.overflow_until.fetch_max(until.unix_millis(), SeqCst);
    }

    /// Removes all expired entries.
    fn sweep(&self, now: Timestamp) {
        for shard in &self.shards {
            self.sweep_shard(&mut lock(shard), now);
        }
        let expired = |until: i64| (until <= now.unix_millis()).then_some(NEVER);
        let _ = self.overflow_until.fetch_update(SeqCst, SeqCst, expired);
    }

    fn sweep_shard(&self, shard: &mut Shard, now: Timestamp) {
        self.retain(shard, |revoked| revoked.is_current(now));
    }

    fn retain(&self, shard: &mut Shard, mut keep: impl FnMut(&RevokedTokens) -> bool) {
        let before = shard.entries.len();
        shard.entries.retain(|hash, revoked| {
            let keep = keep(revoked);
            if !keep {
                self.counter(*hash).fetch_sub(1, SeqCst);
            }
            keep
        });
        self.len.fetch_sub(before - shard.entries.len(), SeqCst);
        // Amortised: a sweep of n entries happens after at least n/2 insertions.
        shard.sweep_at = (2 * shard.entries.len()).max(16);
        if shard.entries.capacity() > 4 * shard.sweep_at {
            shard.entries.shrink_to(shard.sweep_at);
        }
    }

    /// Uses the middle bits of the hash: the map uses the lowest and highest ones.
    fn counter(&self, hash: u64) -> &AtomicU32 {
        &self.counts[(hash >> 24) as usize % COUNTS]
    }

    fn shard(&self, hash: u64) -> MutexGuard<'_, Shard> {
        lock(&self.shards[(hash >> 40) as usize % SHARDS])
    }
}

impl fmt::Debug for Entries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entries").field("len", &self.len()).field("capacity", &self.capacity).finish_non_exhaustive()
    }
}

fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    // No code panics while it holds the lock.
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the key as its hash, because the keys are hashes already.
#[derive(Default)]
struct IdentityHasher(u64);

impl Hasher for IdentityHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revocation::Revoked;

    const fn second(second: i64) -> Timestamp {
        Timestamp::from_unix_seconds(second)
    }

    fn revoked(session: &str, at: i64) -> Revocation {
        Revocation::new(Revoked::session(session), second(at), second(at + 70))
    }

    fn check(entries: &Entries, session_id: &str, as_of: i64, now: i64) -> RevocationStatus {
        let token =
            TokenInfo { session_id, user_id: "user_1", org_id: Some("org_1"), claims_as_of: Some(second(as_of)) };
        entries.check(&token, second(now))
    }

    #[test]
    fn entries_live_as_long_as_a_token_and_free_their_memory() {
        let entries = Entries::new(100_000);
        for number in 0..10_000 {
            assert!(entries.insert(&revoked(&format!("sess_{number}"), 100), second(100)));
        }
        assert!(!entries.insert(&revoked("sess_1", 90), second(100)), "nothing new");
        assert!(!entries.insert(&revoked("sess_old", 20), second(100)), "expired already");
        assert_eq!(entries.len(), 10_000);
        assert_eq!(check(&entries, "sess_9999", 90, 169), RevocationStatus::Revoked);
        assert_eq!(check(&entries, "sess_10000", 90, 169), RevocationStatus::NotRevoked);
        assert_eq!(check(&entries, "sess_9999", 90, 170), RevocationStatus::NotRevoked);
        assert_eq!(entries.len(), 0, "the first check after the expiry clears the table");
        assert!(entries.counts.iter().all(|count| count.load(SeqCst) == 0));
        assert!(entries.shards.iter().all(|shard| lock(shard).entries.capacity() <= 64));
    }

    #[test]
    fn insertions_sweep_expired_entries() {
        let entries = Entries::new(1_000_000);
        for at in 0..2_000 {
            for number in 0..20 {
                entries.insert(&revoked(&format!("sess_{at}_{number}"), at), second(at));
            }
        }
        // 20 for each of 70 seconds are alive. Twice that may be in memory, and 16 per shard.
        assert!(entries.len() <= 2 * 1_400 + 16 * SHARDS, "{}", entries.len());
        assert_eq!(check(&entries, "sess_1950_7", 1_900, 2_000), RevocationStatus::Revoked);
    }

    #[test]
    fn a_full_store_forgets_the_oldest_and_refuses_claims_of_their_age() {
        let entries = Entries::new(100);
        entries.set_min_retention(Duration::from_secs(65));
        let day = |session: &str, at| Revocation::new(Revoked::session(session), second(at), second(at + 86_400));
        for number in 0..100 {
            entries.insert(&day(&format!("sess_{number}"), 100 + number), second(200));
        }
        assert!(entries.insert(&day("sess_new", 1000), second(1000)));
        assert_eq!(entries.len(), 75, "26 of 101 are forgotten");
        assert_eq!(check(&entries, "sess_new", 990, 1000), RevocationStatus::Revoked);
        assert_eq!(check(&entries, "sess_99", 990, 1000), RevocationStatus::Revoked);
        assert_eq!(check(&entries, "sess_0", 125, 1000), RevocationStatus::Unknown, "copied claims");
        assert_eq!(check(&entries, "sess_good", 125, 1000), RevocationStatus::Unknown);
        assert_eq!(check(&entries, "sess_good", 126, 1000), RevocationStatus::NotRevoked);
        assert_eq!(check(&entries, "sess_good", 125, 125 + 86_400), RevocationStatus::NotRevoked, "expired");
    }

    #[test]
    fn a_full_store_refuses_claims_from_before_a_revocation_that_it_could_not_store() {
        let entries = Entries::new(100);
        entries.set_min_retention(Duration::from_secs(65));
        for number in 0..100 {
            entries.insert(&revoked(&format!("sess_{number}"), 100), second(100));
        }
        assert_eq!(check(&entries, "sess_good", 90, 110), RevocationStatus::NotRevoked);
        assert!(entries.insert(&revoked("sess_101st", 110), second(110)));
        assert_eq!(entries.len(), 100);
        assert_eq!(check(&entries, "sess_1", 90, 110), RevocationStatus::Revoked, "a known revocation");
        assert_eq!(check(&entries, "sess_101st", 110, 111), RevocationStatus::Unknown);
        assert_eq!(check(&entries, "sess_good", 110, 111), RevocationStatus::Unknown, "may be revoked");
        assert_eq!(check(&entries, "sess_good", 111, 111), RevocationStatus::NotRevoked, "issued after the overflow");
        assert_eq!(
            check(&entries, "sess_101st", 110, 179),
            RevocationStatus::Unknown,
            "even after the entries have expired"
        );
        assert_eq!(check(&entries, "sess_101st", 110, 180), RevocationStatus::NotRevoked, "its tokens have expired");
        assert!(entries.insert(&revoked("sess_102nd", 200), second(200)), "there is room again");
        assert_eq!(check(&entries, "sess_102nd", 200, 200), RevocationStatus::Revoked);
        assert_eq!(check(&entries, "sess_good", 200, 200), RevocationStatus::NotRevoked);
    }

    #[test]
    fn many_threads_insert_and_check_at_once() {
        let entries = Entries::new(1_000_000);
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let entries = &entries;
                scope.spawn(move || {
                    for number in 0..5_000 {
                        let id = format!("sess_{}", number + 2_500 * thread);
                        entries.insert(&revoked(&id, 100), second(100));
                        assert_eq!(check(entries, &id, 90, 110), RevocationStatus::Revoked);
                    }
                });
            }
        });
        assert_eq!(entries.len(), 12_500);
        let counted: u32 = entries.counts.iter().map(|count| count.load(SeqCst)).sum();
        assert_eq!(counted, 12_500);
    }
}
