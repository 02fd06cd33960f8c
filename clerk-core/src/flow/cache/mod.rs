//! Tokens that were verified before: a browser sends the same one for a minute, and its signature is nine tenths of what
//! a request costs.
//!
//! Nobody reads through a lock or writes to memory that other threads read, and each thread counts its references to a
//! session in a place of its own.

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

/// How many tokens share a bucket; each token has two buckets to choose from. Fewer where every order of every access is
/// tried.
const WAYS: usize = if cfg!(clerk_loom) { 2 } else { 8 };

/// How much of a token's end is hashed, in bytes: part of its signature, which nobody can choose.
const TAIL: usize = 32;

/// More places to count references in would not be worth their memory.
const MAX_LANES: usize = 16;

/// The session tokens that one `Clerk` has verified, up to a number of them.
pub(crate) struct TokenCache {
    /// A power of two of them; none at all when the cache is off.
    buckets: Box<[Bucket]>,
    /// Keyed anew for each cache, so that nobody can choose tokens that crowd out another one.
    hasher: RandomState,
    lanes: usize,
}

/// Some tokens. Hashes and ends are hints beside each token, written after it and without order: whoever follows a wrong
/// one finds another token than the one that was asked for, or replaces one too early.
struct Bucket {
    hashes: [AtomicU64; WAYS],
    /// When each token ends, in milliseconds.
    ends: [AtomicI64; WAYS],
    tokens: [ArcSwapOption<Entry>; WAYS],
}

/// The end of no token at all.
const EMPTY: i64 = i64::MIN;

struct Entry {
    /// The token itself, which the session has, too, but two steps further away.
    text: Arc<str>,
    token: VerifiedToken,
    /// The same session once for each lane that asked for it.
    lanes: Box<[OnceLock<Session>]>,
}

/// A session token whose signature, header and parties were found good; its key and its times are judged on each use.
#[derive(Debug)]
pub(crate) struct VerifiedToken {
    pub(crate) session: Session,
    pub(crate) hints: TokenHints,
    pub(crate) validity: Validity,
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
            buckets: (0..buckets).map(|_| Bucket::empty()).collect(),
            hasher: RandomState::default(),
            lanes: (2 * threads).min(MAX_LANES),
        }
    }

    /// Asks about a token, if it is known. That it is known says nothing about now.
    pub(crate) fn ask<T>(&self, token: &[u8], question: impl FnOnce(Found<'_>) -> T) -> Option<T> {
        let hash = self.hash(token)?;
        for bucket in self.buckets_of(hash) {
            for slot in bucket.slots_of(hash) {
                let entry = bucket.tokens[slot].load();
                // The hash is of the end alone; only the whole token says that it is the same one.
                if let Some(entry) = entry.as_deref().filter(|entry| entry.text.as_bytes() == token) {
                    return Some(question(Found(entry)));
                }
            }
        }
        None
    }

    /// Keeps a verified token, in the place of an expired one if there is one, or else of the one that ends first.
    pub(crate) fn insert(&self, token: VerifiedToken, now: Timestamp) {
        let Some(hash) = self.hash(token.session.token().as_bytes()) else { return };
        let end = token.validity.ends();
        let lane = lane() % self.lanes;
        let mut lanes: Box<[OnceLock<Session>]> = (0..self.lanes).map(|_| OnceLock::new()).collect();
        lanes[lane] = token.session.clone().into();
        let entry = Entry { text: token.session.shared_token(), token, lanes };
        let [first, second] = self.buckets_of(hash);
        let ((one, rank_of_one), (other, rank_of_other)) = (first.place(hash, now), second.place(hash, now));
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
        // Half of the hash for each; cutting off the rest is the point.
        [hash as usize & mask, (hash >> 32) as usize & mask].map(|index| &self.buckets[index])
    }
}

/// Which place is given up first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// That of the same token.
    Same,
    /// That of a token that has ended.
    Over,
    /// A place that nobody has, the emptier bucket first.
    Empty { taken: usize },
    /// That of a token that ends at this time.
    Alive { end: i64 },
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

    /// The best place for a token.
    fn place(&self, hash: u64, now: Timestamp) -> (usize, Rank) {
        let ends: [i64; WAYS] = std::array::from_fn(|slot| self.ends[slot].load(Relaxed));
        let taken = ends.iter().filter(|end| **end != EMPTY).count();
        if let Some(slot) = self.slots_of(hash).find(|slot| ends[*slot] != EMPTY) {
            return (slot, Rank::Same);
        }
        let ranked = ends.into_iter().enumerate().map(|(slot, end)| {
            let rank = match end {
                EMPTY => Rank::Empty { taken },
                end if end <= now.unix_millis() => Rank::Over,
                end => Rank::Alive { end },
            };
            (slot, rank)
        });
        ranked.min_by(|(_, one), (_, other)| one.cmp(other)).unwrap_or((0, Rank::Over))
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
            let next = NEXT.fetch_add(1, Relaxed);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{SignedToken, Unverified, claims::Claims, rules::ClockSkew};

    pub(crate) const NOW: Timestamp = Timestamp::from_unix_seconds(1_000_000);

    pub(crate) fn key() -> Arc<VerifyingKey> {
        let mut modulus = [0xff; 256];
        modulus[0] = 0x80;
        Arc::new(VerifyingKey::from_components(&modulus, &[1, 0, 1], None).unwrap())
    }

    /// A token that ends so many seconds from now, as if its signature had been found good.
    pub(crate) fn token(number: u32, seconds: i64, key: &Arc<VerifyingKey>) -> VerifiedToken {
        let exp = NOW.unix_seconds() + seconds;
        let payload = format!(r#"{{"sub":"user_{number}","sid":"sess_{number}","exp":{exp}}}"#);
        let encode = |bytes: &[u8]| base64_simd::URL_SAFE_NO_PAD.encode_to_string(bytes);
        let signature: Vec<u8> = number.to_le_bytes().repeat(16);
        let text = format!("e30.{}.{}", encode(payload.as_bytes()), encode(&signature));
        let signed = SignedToken::parse(&text).unwrap();
        let claims = Claims::parse(&payload).unwrap();
        VerifiedToken {
            session: crate::auth::session(&claims, &signed).unwrap(),
            hints: Unverified::read(&signed).unwrap().hints(""),
            validity: Validity::of(&claims, ClockSkew::default()),
            key: Arc::clone(key),
        }
    }

    pub(crate) fn known(cache: &TokenCache, text: &str) -> Option<String> {
        cache.ask(text.as_bytes(), |found| found.session().user_id().to_string())
    }

    fn taken(cache: &TokenCache) -> usize {
        cache.buckets.iter().flat_map(|bucket| &bucket.tokens).filter(|token| token.load().is_some()).count()
    }

    #[test]
    fn it_holds_no_more_than_it_was_made_for() {
        let (cache, key) = (TokenCache::new(64), key());
        for number in 0..1000 {
            let token = token(number, 60, &key);
            let text = token.session.token().to_owned();
            cache.insert(token, NOW);
            assert_eq!(known(&cache, &text), Some(format!("user_{number}")), "the latest is always kept");
        }
        assert_eq!((cache.buckets.len() * WAYS, taken(&cache)), (64, 64));
    }

    #[test]
    fn the_same_token_takes_one_place_and_expired_ones_give_theirs_up() {
        let (cache, key) = (TokenCache::new(8), key());
        for _ in 0..5 {
            cache.insert(token(1, 60, &key), NOW);
        }
        assert_eq!(taken(&cache), 1);
        cache.insert(token(2, -60, &key), NOW);
        cache.insert(token(3, 60, &key), NOW);
        assert_eq!(taken(&cache), 2, "in the place of the expired one");
        (4..10).for_each(|number| cache.insert(token(number, 60, &key), NOW));
        assert_eq!(taken(&cache), 8);
        cache.insert(token(10, 30, &key), NOW);
        cache.insert(token(11, 60, &key), NOW);
        assert_eq!(known(&cache, token(10, 30, &key).session.token()), None, "what ends first goes first");
    }

    #[test]
    fn most_of_the_places_can_be_used() {
        let (cache, key) = (TokenCache::new(16_384), key());
        let tokens: Vec<String> = (0..10_000)
            .map(|number| {
                let token = token(number, 60, &key);
                let text = token.session.token().to_owned();
                cache.insert(token, NOW);
                text
            })
            .collect();
        let lost = tokens.iter().filter(|text| known(&cache, text).is_none()).count();
        assert!(lost < 10, "{lost} of 10 000 were crowded out");
    }

    #[test]
    fn only_the_whole_token_is_the_same_one() {
        let (cache, key) = (TokenCache::new(64), key());
        let good = token(1, 60, &key);
        let text = good.session.token().to_owned();
        cache.insert(good, NOW);
        // The same signature, and so the same hash.
        for other in [text.replacen("e30", "e3A", 1), format!("x{text}"), text[1..].to_owned()] {
            assert_eq!(known(&cache, &other), None);
        }
        assert_eq!(known(&TokenCache::new(0), &text), None);
    }

    #[test]
    fn threads_that_write_and_read_at_once_never_get_another_session() {
        let (cache, key) = (TokenCache::new(16), key());
        let texts: Vec<String> = (0..64).map(|number| token(number, 60, &key).session.token().to_owned()).collect();
        std::thread::scope(|scope| {
            for thread in 0..4_u32 {
                let (cache, key, texts) = (&cache, &key, &texts);
                scope.spawn(move || {
                    for round in 0..5_000_u32 {
                        let number = (round * 7 + thread * 13) % 64;
                        match known(cache, &texts[number as usize]) {
                            Some(user) => assert_eq!(user, format!("user_{number}")),
                            None => cache.insert(token(number, 60, key), NOW),
                        }
                    }
                });
            }
        });
        assert!(taken(&cache) <= 16);
    }
}
