//! Cache of verified session tokens: a browser sends the same token for a minute, and the signature check is nine
//! tenths of the cost of a request.
//!
//! Reads take no lock and write no shared memory; reference counts are per thread.

#[cfg(clerk_loom)]
mod loom;

#[cfg(not(clerk_loom))]
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::{
    cell::Cell,
    fmt,
    hash::BuildHasher,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread::available_parallelism,
};

#[cfg(not(clerk_loom))]
use arc_swap::ArcSwapOption;
use foldhash::fast::RandomState;

#[cfg(clerk_loom)]
use self::loom::{ArcSwapOption, AtomicI64, AtomicU64};

use crate::{
    auth::Session,
    base::time::Timestamp,
    token::{TokenHints, VerifyingKey, verify::Validity},
};

/// Slots per bucket; each token can go into two buckets. Fewer under loom, which tries every interleaving.
const WAYS: usize = if cfg!(clerk_loom) { 2 } else { 8 };

/// How many bytes at a token's end are hashed: part of the signature, which an attacker cannot choose.
const TAIL: usize = 32;

/// Upper limit of reference counters per entry, to save memory.
const MAX_LANES: usize = 16;

/// The session tokens that one `Clerk` has verified, up to a fixed number.
pub(crate) struct TokenCache {
    /// Their number is a power of two, or zero when the cache is off.
    buckets: Box<[Bucket]>,
    /// Has a random key per cache, so that an attacker cannot choose tokens that evict another one.
    hasher: RandomState,
    lanes: usize,
}

/// A few slots for tokens. `hashes` and `ends` are hints written with `Relaxed` ordering: a stale hint causes a miss or
/// an early eviction, never a wrong session.
struct Bucket {
    hashes: [AtomicU64; WAYS],
    /// When each token expires, in Unix milliseconds.
    ends: [AtomicI64; WAYS],
    tokens: [ArcSwapOption<Entry>; WAYS],
}

/// Marks an empty slot in `ends`.
const EMPTY: i64 = i64::MIN;

struct Entry {
    /// The token. The session has it, too, but two pointers further away.
    text: Arc<str>,
    token: VerifiedToken,
    /// One copy of the session, with its own reference count, for each lane that used it.
    lanes: Box<[OnceLock<Session>]>,
}

/// A session token with a verified signature, header, issuer and authorized party. Its key and its times are checked on
/// each use.
#[derive(Debug)]
pub(crate) struct VerifiedToken {
    pub(crate) session: Session,
    pub(crate) hints: TokenHints,
    pub(crate) validity: Validity,
    pub(crate) key: Arc<VerifyingKey>,
}

/// A cache hit, borrowed from the bucket.
pub(crate) struct CacheHit<'c>(&'c Entry);

impl TokenCache {
    /// A cache for this many tokens, rounded up to a power of two; 0 turns it off.
    pub(crate) fn new(entries: usize) -> Self {
        let buckets = if entries == 0 { 0 } else { entries.div_ceil(WAYS).next_power_of_two() };
        let threads = available_parallelism().map_or(1, usize::from);
        Self {
            buckets: (0..buckets).map(|_| Bucket::empty()).collect(),
            hasher: RandomState::default(),
            lanes: (2 * threads).min(MAX_LANES),
        }
    }

    /// Finds a token and maps the hit. The token may have expired since.
    pub(crate) fn get_with<T>(&self, token: &[u8], map: impl FnOnce(CacheHit<'_>) -> T) -> Option<T> {
        let hash = self.hash(token)?;
        for bucket in self.buckets_of(hash) {
            for slot in bucket.slots_of(hash) {
                let entry = bucket.tokens[slot].load();
                // The hash covers the end alone, so compare the whole token.
                if let Some(entry) = entry.as_deref().filter(|entry| entry.text.as_bytes() == token) {
                    return Some(map(CacheHit(entry)));
                }
            }
        }
        None
    }

    /// Inserts a verified token; if both buckets are full, it replaces an expired token or the one that expires first.
    pub(crate) fn insert(&self, token: VerifiedToken, now: Timestamp) {
        let Some(hash) = self.hash(token.session.token().as_bytes()) else { return };
        let end = token.validity.ends();
        let lane = lane() % self.lanes;
        let mut lanes: Box<[OnceLock<Session>]> = (0..self.lanes).map(|_| OnceLock::new()).collect();
        lanes[lane] = token.session.clone().into();
        let entry = Entry { text: token.session.shared_token(), token, lanes };
        let [first, second] = self.buckets_of(hash);
        let ((one, rank_of_one), (other, rank_of_other)) = (first.best_slot(hash, now), second.best_slot(hash, now));
        let (bucket, slot) = if rank_of_other < rank_of_one { (second, other) } else { (first, one) };
        bucket.tokens[slot].store(Some(Arc::new(entry)));
        bucket.ends[slot].store(end, Relaxed);
        bucket.hashes[slot].store(hash, Relaxed);
    }

    /// `None` when the cache is off.
    fn hash(&self, token: &[u8]) -> Option<u64> {
        (!self.buckets.is_empty()).then(|| self.hasher.hash_one(&token[token.len().saturating_sub(TAIL)..]))
    }

    fn buckets_of(&self, hash: u64) -> [&Bucket; 2] {
        let mask = self.buckets.len() - 1;
        // Each bucket takes one half of the hash.
        [hash as usize & mask, (hash >> 32) as usize & mask].map(|index| &self.buckets[index])
    }
}

/// Which slot is replaced first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// It has the same token.
    Same,
    /// Its token has expired.
    Expired,
    /// It is empty; the emptier bucket goes first.
    Empty { taken: usize },
    /// Its token is valid until this time.
    Valid { end: i64 },
}

impl Bucket {
    fn empty() -> Self {
        Self {
            hashes: Default::default(),
            ends: std::array::from_fn(|_| AtomicI64::new(EMPTY)),
            tokens: Default::default(),
        }
    }

    fn slots_of(&self, hash: u64) -> impl Iterator<Item = usize> {
        self.hashes.iter().enumerate().filter(move |(_, known)| known.load(Relaxed) == hash).map(|(slot, _)| slot)
    }

    /// The best slot for a token.
    fn best_slot(&self, hash: u64, now: Timestamp) -> (usize, Rank) {
        let ends: [i64; WAYS] = std::array::from_fn(|slot| self.ends[slot].load(Relaxed));
        let taken = ends.iter().filter(|end| **end != EMPTY).count();
        if let Some(slot) = self.slots_of(hash).find(|slot| ends[*slot] != EMPTY) {
            return (slot, Rank::Same);
        }
        let ranked = ends.into_iter().enumerate().map(|(slot, end)| {
            let rank = match end {
                EMPTY => Rank::Empty { taken },
                end if end <= now.unix_millis() => Rank::Expired,
                end => Rank::Valid { end },
            };
            (slot, rank)
        });
        ranked.min_by(|(_, one), (_, other)| one.cmp(other)).unwrap_or((0, Rank::Expired))
    }
}

impl CacheHit<'_> {
    pub(crate) const fn token(&self) -> &VerifiedToken {
        &self.0.token
    }

    /// The session, with a reference count that few other threads write.
    pub(crate) fn session(&self) -> Session {
        let lanes = &self.0.lanes;
        lanes[lane() % lanes.len()].get_or_init(|| self.0.token.session.replica()).clone()
    }
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never print the tokens.
        f.debug_struct("TokenCache").field("buckets", &self.buckets.len()).finish_non_exhaustive()
    }
}

/// This thread's number, given on its first use of a cache.
fn lane() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static LANE: Cell<Option<usize>> = const { Cell::new(None) };
    }
    LANE.with(|lane| {
        lane.get().unwrap_or_else(|| {
            let next = NEXT.fetch_add(1, Relaxed);
            lane.set(Some(next));
            next
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{SignedToken, Unverified, claims::Claims, encoding, rules::ClockSkew};

    pub(crate) const NOW: Timestamp = Timestamp::from_unix_seconds(1_000_000);

    pub(crate) fn key() -> Arc<VerifyingKey> {
        let mut modulus = [0xff; 256];
        modulus[0] = 0x80;
        Arc::new(VerifyingKey::from_components(&modulus, &[1, 0, 1], None).unwrap())
    }

    /// A token that expires in so many seconds, as if its signature had been verified.
    pub(crate) fn token(number: u32, seconds: i64, key: &Arc<VerifyingKey>) -> VerifiedToken {
        let exp = NOW.unix_seconds() + seconds;
        let payload = format!(r#"{{"sub":"user_{number}","sid":"sess_{number}","exp":{exp}}}"#);
        let encode = |bytes: &[u8]| encoding::encode(bytes);
        let signature: Vec<u8> = number.to_le_bytes().repeat(16);
        let text = format!("e30.{}.{}", encode(payload.as_bytes()), encode(&signature));
        let signed = SignedToken::parse(&text).unwrap();
        let claims = Claims::parse(&payload).unwrap();
        VerifiedToken {
            session: crate::auth::session(&claims, &signed, None).unwrap(),
            hints: Unverified::read(&signed).unwrap().hints(""),
            validity: Validity::of(&claims, signed.claims_as_of(&claims), None, ClockSkew::default()),
            key: Arc::clone(key),
        }
    }

    pub(crate) fn find_user(cache: &TokenCache, text: &str) -> Option<String> {
        cache.get_with(text.as_bytes(), |hit| hit.session().user_id().to_string())
    }

    fn count_entries(cache: &TokenCache) -> usize {
        cache.buckets.iter().flat_map(|bucket| &bucket.tokens).filter(|token| token.load().is_some()).count()
    }

    #[test]
    fn its_size_is_limited() {
        let (cache, key) = (TokenCache::new(64), key());
        for number in 0..1000 {
            let token = token(number, 60, &key);
            let text = token.session.token().to_owned();
            cache.insert(token, NOW);
            assert_eq!(
                find_user(&cache, &text),
                Some(format!("user_{number}")),
                "the last inserted token is always kept"
            );
        }
        assert_eq!((cache.buckets.len() * WAYS, count_entries(&cache)), (64, 64));
    }

    #[test]
    fn a_token_takes_one_slot_and_expired_tokens_are_replaced_first() {
        let (cache, key) = (TokenCache::new(8), key());
        for _ in 0..5 {
            cache.insert(token(1, 60, &key), NOW);
        }
        assert_eq!(count_entries(&cache), 1);
        cache.insert(token(2, -60, &key), NOW);
        cache.insert(token(3, 60, &key), NOW);
        assert_eq!(count_entries(&cache), 2, "replaces the expired token");
        (4..10).for_each(|number| cache.insert(token(number, 60, &key), NOW));
        assert_eq!(count_entries(&cache), 8);
        cache.insert(token(10, 30, &key), NOW);
        cache.insert(token(11, 60, &key), NOW);
        assert_eq!(
            find_user(&cache, token(10, 30, &key).session.token()),
            None,
            "the token that expires first is replaced first"
        );
    }

    #[test]
    fn nearly_all_slots_are_used() {
        let (cache, key) = (TokenCache::new(16_384), key());
        let tokens: Vec<String> = (0..10_000)
            .map(|number| {
                let token = token(number, 60, &key);
                let text = token.session.token().to_owned();
                cache.insert(token, NOW);
                text
            })
            .collect();
        let lost = tokens.iter().filter(|text| find_user(&cache, text).is_none()).count();
        assert!(lost < 10, "{lost} of 10 000 were evicted");
    }

    #[test]
    fn a_token_is_found_only_by_its_whole_text() {
        let (cache, key) = (TokenCache::new(64), key());
        let good = token(1, 60, &key);
        let text = good.session.token().to_owned();
        cache.insert(good, NOW);
        // The same signature, and so the same hash.
        for other in [text.replacen("e30", "e3A", 1), format!("x{text}"), text[1..].to_owned()] {
            assert_eq!(find_user(&cache, &other), None);
        }
        assert_eq!(find_user(&TokenCache::new(0), &text), None);
    }

    #[test]
    fn concurrent_threads_never_get_another_session() {
        let (cache, key) = (TokenCache::new(16), key());
        let texts: Vec<String> = (0..64).map(|number| token(number, 60, &key).session.token().to_owned()).collect();
        std::thread::scope(|scope| {
            for thread in 0..4_u32 {
                let (cache, key, texts) = (&cache, &key, &texts);
                scope.spawn(move || {
                    for round in 0..5_000_u32 {
                        let number = (round * 7 + thread * 13) % 64;
                        match find_user(cache, &texts[number as usize]) {
                            Some(user) => assert_eq!(user, format!("user_{number}")),
                            None => cache.insert(token(number, 60, key), NOW),
                        }
                    }
                });
            }
        });
        assert!(count_entries(&cache) <= 16);
    }
}
