//! What is revoked at the moment, in a bounded table that requests can ask without waiting for each other.

use std::{
    collections::HashMap,
    fmt,
    hash::{BuildHasher, BuildHasherDefault, Hasher},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, AtomicU32, AtomicUsize, Ordering::SeqCst},
    },
};

use foldhash::quality::RandomState;

use super::{
    Revocation,
    rule::{self, Key, Mark, Standing, Subject},
};
use crate::base::time::Timestamp;

/// Tables with a lock each, so that few requests meet at one.
const SHARDS: usize = 64;

/// Counts of entries whose hashes look alike: where one is zero, nobody has to look into a table.
const COUNTS: usize = 1 << 16;

/// A moment before all others.
const NEVER: i64 = i64::MIN;

/// Entries by a hash of what they are about, which is keyed anew for each table. Two of one hash would refuse a session
/// that is good, once in some 10^14 requests with a million entries.
type Shard = HashMap<u64, Mark, BuildHasherDefault<Hashed>>;

/// See the [module](self).
pub(super) struct Entries {
    hasher: RandomState,
    counts: Box<[AtomicU32]>,
    shards: Box<[Mutex<Table>]>,
    len: AtomicUsize,
    capacity: usize,
    /// When the last entry is over.
    all_over_at: AtomicI64,
    /// Tokens issued up to the first may be revoked without an entry, until the second.
    overflow_cutoff: AtomicI64,
    overflow_until: AtomicI64,
    /// When all tables were last swept to make room.
    swept_at: AtomicI64,
}

#[derive(Default)]
struct Table {
    marks: Shard,
    /// How many entries there may be before those that are over are swept out.
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
            all_over_at: AtomicI64::new(NEVER),
            overflow_cutoff: AtomicI64::new(NEVER),
            overflow_until: AtomicI64::new(NEVER),
            swept_at: AtomicI64::new(NEVER),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len.load(SeqCst)
    }

    /// What became of a session.
    pub(super) fn judge(&self, subject: &Subject<'_>, now: Timestamp) -> Standing {
        let overflow_until = self.overflow_until.load(SeqCst);
        if self.len() == 0 && overflow_until == NEVER {
            return Standing::Good;
        }
        if now.unix_millis() >= self.all_over_at.load(SeqCst) {
            self.sweep(now);
        }
        let standing = rule::judge(subject, now, |key| self.find(key));
        // What is known comes before what is not.
        if standing == Standing::Revoked || overflow_until == NEVER {
            return standing;
        }
        let overflow = Mark {
            cutoff: Timestamp::from_unix_millis(self.overflow_cutoff.load(SeqCst)),
            until: Timestamp::from_unix_millis(overflow_until),
        };
        if overflow.holds(subject.issued_at, now) { Standing::Unknown } else { standing }
    }

    fn find(&self, key: Key<'_>) -> Option<Mark> {
        let hash = self.hasher.hash_one(key);
        if self.count(hash).load(SeqCst) == 0 {
            return None;
        }
        self.shard(hash).marks.get(&hash).copied()
    }

    /// Remembers a revocation; whether that changed anything.
    pub(super) fn insert(&self, revocation: &Revocation, now: Timestamp) -> bool {
        let mark = revocation.mark();
        if mark.until <= now {
            return false;
        }
        let hash = self.hasher.hash_one(revocation.revoked().key());
        let mut shard = self.shard(hash);
        if let Some(known) = shard.marks.get_mut(&hash) {
            let both = known.and(mark);
            let changed = *known != both;
            *known = both;
            self.all_over_at.fetch_max(both.until.unix_millis(), SeqCst);
            return changed;
        }
        if shard.marks.len() >= shard.sweep_at {
            self.sweep_shard(&mut shard, now);
        }
        if self.len() >= self.capacity {
            drop(shard);
            if !self.make_room(now) {
                self.overflow(revocation);
                return true;
            }
            shard = self.shard(hash);
        }
        self.all_over_at.fetch_max(mark.until.unix_millis(), SeqCst);
        // Another thread may have been here while the lock was given up.
        match shard.marks.get_mut(&hash) {
            Some(known) => *known = known.and(mark),
            None => {
                shard.marks.insert(hash, mark);
                self.count(hash).fetch_add(1, SeqCst);
                self.len.fetch_add(1, SeqCst);
            }
        }
        true
    }

    /// Whether there is room once the entries that are over are gone; looks no more than once in a second.
    fn make_room(&self, now: Timestamp) -> bool {
        let due = |swept_at: i64| {
            (swept_at == NEVER || (now.unix_millis() - swept_at).unsigned_abs() >= 1000).then_some(now.unix_millis())
        };
        if self.swept_at.fetch_update(SeqCst, SeqCst, due).is_ok() {
            self.sweep(now);
        }
        self.len() < self.capacity
    }

    /// There is one revocation that cannot be remembered: every token that may be meant by it is refused.
    fn overflow(&self, revocation: &Revocation) {
        if self.overflow_until.load(SeqCst) == NEVER {
            tracing::error!(
                target: "clerk",
                capacity = self.capacity,
                "more is revoked than can be remembered, so sessions are refused with 503 until their tokens are newer than this: raise the store's capacity"
            );
        }
        self.all_over_at.fetch_max(revocation.until().unix_millis(), SeqCst);
        self.overflow_cutoff.fetch_max(revocation.at().unix_millis(), SeqCst);
        self.overflow_until.fetch_max(revocation.until().unix_millis(), SeqCst);
    }

    /// Forgets everything that is over.
    fn sweep(&self, now: Timestamp) {
        for shard in &self.shards {
            self.sweep_shard(&mut lock(shard), now);
        }
        let over = |until: i64| (until <= now.unix_millis()).then_some(NEVER);
        let _ = self.overflow_until.fetch_update(SeqCst, SeqCst, over);
    }

    fn sweep_shard(&self, table: &mut Table, now: Timestamp) {
        let before = table.marks.len();
        table.marks.retain(|hash, mark| {
            let lives = now < mark.until;
            if !lives {
                self.count(*hash).fetch_sub(1, SeqCst);
            }
            lives
        });
        self.len.fetch_sub(before - table.marks.len(), SeqCst);
        // Each sweep is paid for by as many insertions.
        table.sweep_at = (2 * table.marks.len()).max(16);
        if table.marks.capacity() > 4 * table.sweep_at {
            table.marks.shrink_to(table.sweep_at);
        }
    }

    /// The low bits of a hash choose the place in a table, and its highest ones are compared there.
    fn count(&self, hash: u64) -> &AtomicU32 {
        &self.counts[(hash >> 24) as usize % COUNTS]
    }

    fn shard(&self, hash: u64) -> MutexGuard<'_, Table> {
        lock(&self.shards[(hash >> 40) as usize % SHARDS])
    }
}

fn lock(shard: &Mutex<Table>) -> MutexGuard<'_, Table> {
    // Nothing panics while it is held.
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The hasher of what is a hash already.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
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

impl fmt::Debug for Entries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entries").field("len", &self.len()).field("capacity", &self.capacity).finish_non_exhaustive()
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

    fn judge(entries: &Entries, session_id: &str, issued_at: i64, now: i64) -> Standing {
        let subject =
            Subject { session_id, user_id: "user_1", org_id: Some("org_1"), issued_at: Some(second(issued_at)) };
        entries.judge(&subject, second(now))
    }

    #[test]
    fn entries_live_as_long_as_a_token_and_leave_nothing() {
        let entries = Entries::new(100_000);
        for number in 0..10_000 {
            assert!(entries.insert(&revoked(&format!("sess_{number}"), 100), second(100)));
        }
        assert!(!entries.insert(&revoked("sess_1", 90), second(100)), "nothing new");
        assert!(!entries.insert(&revoked("sess_old", 20), second(100)), "over already");
        assert_eq!(entries.len(), 10_000);
        assert_eq!(judge(&entries, "sess_9999", 90, 169), Standing::Revoked);
        assert_eq!(judge(&entries, "sess_10000", 90, 169), Standing::Good);
        assert_eq!(judge(&entries, "sess_9999", 90, 170), Standing::Good);
        assert_eq!(entries.len(), 0, "the first question after the end clears the table");
        assert!(entries.counts.iter().all(|count| count.load(SeqCst) == 0));
        assert!(entries.shards.iter().all(|shard| lock(shard).marks.capacity() <= 64));
    }

    #[test]
    fn a_steady_stream_is_swept_on_the_way() {
        let entries = Entries::new(1_000_000);
        for at in 0..2_000 {
            for number in 0..20 {
                entries.insert(&revoked(&format!("sess_{at}_{number}"), at), second(at));
            }
        }
        // 70 seconds of 20 are alive; twice that may lie about, and 16 per table.
        assert!(entries.len() <= 2 * 1_400 + 16 * SHARDS, "{}", entries.len());
        assert_eq!(judge(&entries, "sess_1950_7", 1_900, 2_000), Standing::Revoked);
    }

    #[test]
    fn what_finds_no_place_refuses_every_token_of_its_time() {
        let entries = Entries::new(100);
        for number in 0..100 {
            entries.insert(&revoked(&format!("sess_{number}"), 100), second(100));
        }
        assert_eq!(judge(&entries, "sess_good", 90, 110), Standing::Good);
        assert!(entries.insert(&revoked("sess_101st", 110), second(110)));
        assert_eq!(entries.len(), 100);
        assert_eq!(judge(&entries, "sess_1", 90, 110), Standing::Revoked, "what is known");
        assert_eq!(judge(&entries, "sess_101st", 110, 111), Standing::Unknown);
        assert_eq!(judge(&entries, "sess_good", 110, 111), Standing::Unknown, "nobody can tell");
        assert_eq!(judge(&entries, "sess_good", 111, 111), Standing::Good, "issued since");
        assert_eq!(judge(&entries, "sess_101st", 110, 179), Standing::Unknown, "when the entries are gone, too");
        assert_eq!(judge(&entries, "sess_101st", 110, 180), Standing::Good, "its tokens have ended by themselves");
        assert!(entries.insert(&revoked("sess_102nd", 200), second(200)), "there is room again");
        assert_eq!(judge(&entries, "sess_102nd", 200, 200), Standing::Revoked);
        assert_eq!(judge(&entries, "sess_good", 200, 200), Standing::Good);
    }

    #[test]
    fn many_threads_write_and_ask_at_once() {
        let entries = Entries::new(1_000_000);
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let entries = &entries;
                scope.spawn(move || {
                    for number in 0..5_000 {
                        let id = format!("sess_{}", number + 2_500 * thread);
                        entries.insert(&revoked(&id, 100), second(100));
                        assert_eq!(judge(entries, &id, 90, 110), Standing::Revoked);
                    }
                });
            }
        });
        assert_eq!(entries.len(), 12_500);
        let counted: u32 = entries.counts.iter().map(|count| count.load(SeqCst)).sum();
        assert_eq!(counted, 12_500);
    }
}
