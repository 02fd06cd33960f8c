//! Machine tokens that the Backend API called good a moment ago: each look-up costs money and a round trip.
//!
//! Off unless switched on, because nobody hears from here that a token was revoked.

use std::{
    collections::HashMap,
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use aws_lc_rs::digest::{SHA256, SHA256_OUTPUT_LEN, digest};

use crate::{auth::AuthState, base::time::Timestamp, token::TokenType};

/// The longest time that a token can be remembered.
pub(crate) const MAX_LIFE: Duration = Duration::from_secs(60);

/// How many tokens one shard holds; 4096 in all.
const SHARD: usize = 256;
const SHARDS: usize = 16;

/// The largest token that is remembered, in bytes of all that is known about it.
const MAX_SIZE: usize = 8 * 1024;

/// The good tokens that one `Clerk` has looked up, for a short time.
pub(crate) struct MachineTokenCache {
    life: Duration,
    /// Picks the shard, so that nobody can choose tokens that crowd out another one.
    hasher: RandomState,
    /// Under its digest, so that how long a comparison takes says nothing about a token.
    shards: [Mutex<HashMap<Digest, Entry>>; SHARDS],
    /// Counts what was forgotten: an answer that was asked for before that may be older than the revocation.
    generation: AtomicU64,
}

type Digest = [u8; SHA256_OUTPUT_LEN];

struct Entry {
    kind: TokenType,
    id: Box<str>,
    auth: AuthState,
    from: Timestamp,
    until: Timestamp,
}

/// A token that was looked up and found good.
pub(crate) struct Good<'t> {
    pub(crate) kind: TokenType,
    pub(crate) token: &'t str,
    pub(crate) id: &'t str,
    pub(crate) expiration: Option<Timestamp>,
    /// How much is known about it, in bytes.
    pub(crate) size: usize,
    /// That of the moment when it was asked for.
    pub(crate) generation: u64,
}

impl MachineTokenCache {
    /// A cache that remembers each token for this long; `None` for no time at all.
    pub(crate) fn new(life: Duration) -> Option<Self> {
        (!life.is_zero()).then(|| Self {
            life: life.min(MAX_LIFE),
            hasher: RandomState::new(),
            shards: Default::default(),
            generation: AtomicU64::new(0),
        })
    }

    /// Whom a token stands for, if that was asked a moment ago.
    pub(crate) fn find(&self, kind: TokenType, token: &str, now: Timestamp) -> Option<AuthState> {
        let digest = digest_of(token);
        let shard = self.shard(&digest);
        let entry = shard.get(&digest).filter(|entry| entry.kind == kind && entry.is_good(now))?;
        Some(entry.auth.clone())
    }

    /// To be asked for before a look-up, and to be handed in with what it brought.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(SeqCst)
    }

    /// Remembers a token, if nothing was forgotten since it was asked for.
    pub(crate) fn insert(&self, good: &Good<'_>, auth: AuthState, now: Timestamp) {
        let life = good.expiration.map_or(self.life, |end| end.since(now).min(self.life));
        if life.is_zero() || good.size > MAX_SIZE {
            return;
        }
        let digest = digest_of(good.token);
        let mut shard = self.shard(&digest);
        // Under the lock: whoever forgets counts first, and looks into the shards after that.
        if self.generation() != good.generation {
            return;
        }
        if shard.len() >= SHARD && !shard.contains_key(&digest) {
            shard.retain(|_, entry| entry.is_good(now));
            if shard.len() >= SHARD
                && let Some(first) = shard.iter().min_by_key(|(_, entry)| entry.until).map(|(digest, _)| *digest)
            {
                shard.remove(&first);
            }
        }
        let (kind, id) = (good.kind, good.id.into());
        shard.insert(digest, Entry { kind, id, auth, from: now, until: now + life });
    }

    /// Drops a token by its id, and whatever is being looked up right now.
    pub(crate) fn forget(&self, id: &str) {
        self.generation.fetch_add(1, SeqCst);
        for shard in &self.shards {
            lock(shard).retain(|_, entry| *entry.id != *id);
        }
    }

    fn shard(&self, digest: &Digest) -> MutexGuard<'_, HashMap<Digest, Entry>> {
        lock(&self.shards[self.hasher.hash_one(digest) as usize % SHARDS])
    }
}

impl Entry {
    /// A clock that was set back says nothing about how long ago the token was looked up.
    fn is_good(&self, now: Timestamp) -> bool {
        self.from <= now && now < self.until
    }
}

fn lock<T>(shard: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it is held.
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

fn digest_of(token: &str) -> Digest {
    let digest = digest(&SHA256, token.as_bytes());
    let mut bytes = [0; SHA256_OUTPUT_LEN];
    bytes.copy_from_slice(digest.as_ref());
    bytes
}

impl fmt::Debug for MachineTokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It holds tokens.
        f.debug_struct("MachineTokenCache").field("life", &self.life).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{ApiKey, MachineData};

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_000_000);
    const LIFE: Duration = Duration::from_secs(30);

    fn insert(cache: &MachineTokenCache, token: &str, change: impl FnOnce(&mut Good<'_>)) {
        let id = format!("apk_{token}");
        let generation = cache.generation();
        let mut good = Good { kind: TokenType::ApiKey, token, id: &id, expiration: None, size: 100, generation };
        change(&mut good);
        let key = ApiKey::new(MachineData {
            id: good.id.into(),
            subject: "user_1".into(),
            scopes: Vec::new(),
            audiences: None,
            name: None,
            client_id: None,
            claims: "null".into(),
            token: token.into(),
        });
        cache.insert(&good, AuthState::ApiKey(key), NOW);
    }

    fn knows(cache: &MachineTokenCache, token: &str, after: Duration) -> bool {
        cache.find(TokenType::ApiKey, token, NOW + after).is_some()
    }

    fn filled() -> MachineTokenCache {
        let cache = MachineTokenCache::new(LIFE).unwrap();
        insert(&cache, "ak_1", |_| ());
        cache
    }

    #[test]
    fn a_token_is_known_for_a_while_and_no_longer_than_it_lives() {
        let cache = filled();
        assert!(knows(&cache, "ak_1", Duration::ZERO) && knows(&cache, "ak_1", LIFE - Duration::from_millis(1)));
        assert!(!knows(&cache, "ak_1", LIFE) && !knows(&cache, "ak_2", Duration::ZERO));
        assert!(cache.find(TokenType::M2mToken, "ak_1", NOW).is_none(), "as another kind");
        assert!(cache.find(TokenType::ApiKey, "ak_1", NOW - LIFE).is_none(), "the clock was set back");
        insert(&cache, "ak_short", |good| good.expiration = Some(NOW + LIFE / 2));
        assert!(knows(&cache, "ak_short", LIFE / 3) && !knows(&cache, "ak_short", LIFE / 2));
        insert(&cache, "ak_over", |good| good.expiration = Some(NOW));
        assert!(!knows(&cache, "ak_over", Duration::ZERO));
        insert(&cache, "ak_large", |good| good.size = MAX_SIZE + 1);
        assert!(!knows(&cache, "ak_large", Duration::ZERO));
        let off = MachineTokenCache::new(Duration::ZERO);
        assert!(off.is_none());
    }

    #[test]
    fn what_is_forgotten_stays_so_even_if_an_older_answer_comes_late() {
        let cache = filled();
        let before = cache.generation();
        cache.forget("apk_ak_1");
        assert!(!knows(&cache, "ak_1", Duration::ZERO));
        insert(&cache, "ak_1", |good| good.generation = before);
        assert!(!knows(&cache, "ak_1", Duration::ZERO), "it was asked for before the revocation");
        insert(&cache, "ak_2", |_| ());
        cache.forget("apk_ak_1");
        assert!(knows(&cache, "ak_2", Duration::ZERO), "others stay");
    }

    #[test]
    fn it_holds_a_number_of_tokens_and_gives_up_those_that_end_first() {
        let cache = filled();
        let first = "ak_first";
        insert(&cache, first, |good| good.expiration = Some(NOW + Duration::from_secs(1)));
        for number in 0..3 * SHARD * SHARDS {
            let token = format!("ak_{number}_more");
            insert(&cache, &token, |_| ());
            assert!(knows(&cache, &token, Duration::ZERO), "the latest is always kept");
        }
        let held: usize = cache.shards.iter().map(|shard| lock(shard).len()).sum();
        assert_eq!(held, SHARD * SHARDS);
        assert!(!knows(&cache, first, Duration::ZERO));
    }
}
