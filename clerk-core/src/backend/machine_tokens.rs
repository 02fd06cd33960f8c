//! Machine tokens that the Backend API accepted a moment ago: each look-up costs money and a round trip.
//!
//! Off by default, because a revoked token stays valid here for as long as it is cached.

use std::{
    fmt,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::Duration,
};

use crate::{
    auth::AuthState,
    base::{
        crypto::{self, sha256},
        time::Timestamp,
        ttl_map::TtlMap,
    },
    token::TokenType,
};

/// The longest time that a token can be cached.
pub(crate) const MAX_LIFETIME: Duration = Duration::from_secs(60);

/// How many tokens are cached.
const MAX_TOKENS: usize = 4096;

/// The largest token that is cached, in bytes of all that is known about it.
const MAX_SIZE: usize = 8 * 1024;

/// The valid tokens that one `Clerk` has looked up, for a short time.
pub(crate) struct MachineTokenCache {
    lifetime: Duration,
    state: RwLock<State>,
}

struct State {
    /// By digest, so that the time that a comparison takes does not reveal a token.
    tokens: TtlMap<Digest, CachedToken>,
    /// Counts the removals: the result of a look-up that began before one may be older than the revocation.
    generation: u64,
}

type Digest = [u8; crypto::DIGEST];

struct CachedToken {
    kind: TokenType,
    id: Box<str>,
    auth: AuthState,
}

/// A token that was looked up and is valid.
pub(crate) struct ValidToken<'t> {
    pub(crate) kind: TokenType,
    pub(crate) token: &'t str,
    pub(crate) id: &'t str,
    pub(crate) expiration: Option<Timestamp>,
    /// How much is known about it, in bytes.
    pub(crate) size: usize,
    /// The cache's generation before the look-up.
    pub(crate) generation: u64,
}

impl MachineTokenCache {
    /// A cache that keeps each token for this long; `None` for a lifetime of zero.
    pub(crate) fn new(lifetime: Duration) -> Option<Self> {
        (!lifetime.is_zero()).then(|| Self {
            lifetime: lifetime.min(MAX_LIFETIME),
            state: RwLock::new(State { tokens: TtlMap::new(MAX_TOKENS), generation: 0 }),
        })
    }

    /// The caller that a cached token identifies.
    pub(crate) fn find(&self, kind: TokenType, token: &str, now: Timestamp) -> Option<AuthState> {
        let digest = sha256(token.as_bytes());
        let state = self.read();
        let cached = state.tokens.get(&digest, now).filter(|cached| cached.kind == kind)?;
        Some(cached.auth.clone())
    }

    /// The generation, to be read before a look-up and handed in with its result.
    pub(crate) fn generation(&self) -> u64 {
        self.read().generation
    }

    /// Caches a token, unless any token was removed since its look-up began.
    pub(crate) fn insert(&self, token: &ValidToken<'_>, auth: AuthState, now: Timestamp) {
        let lifetime = token.expiration.map_or(self.lifetime, |end| end.since(now).min(self.lifetime));
        if lifetime.is_zero() || token.size > MAX_SIZE {
            return;
        }
        let digest = sha256(token.token.as_bytes());
        let mut state = self.write();
        if state.generation == token.generation {
            let cached = CachedToken { kind: token.kind, id: token.id.into(), auth };
            state.tokens.insert(digest, cached, now..now + lifetime);
        }
    }

    /// Removes a token by its id, and keeps the look-ups that are under way from being cached.
    pub(crate) fn remove(&self, id: &str) {
        let mut state = self.write();
        state.generation += 1;
        state.tokens.retain(|cached, _| *cached.id != *id);
    }

    // Nothing panics while a lock is held.
    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MachineTokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It holds tokens.
        f.debug_struct("MachineTokenCache").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{ApiKey, MachineData};

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_000_000);
    const LIFETIME: Duration = Duration::from_secs(30);

    fn insert(cache: &MachineTokenCache, token: &str, change: impl FnOnce(&mut ValidToken<'_>)) {
        let id = format!("apk_{token}");
        let generation = cache.generation();
        let mut valid = ValidToken { kind: TokenType::ApiKey, token, id: &id, expiration: None, size: 100, generation };
        change(&mut valid);
        let key = ApiKey::new(MachineData {
            id: valid.id.into(),
            subject: "user_1".into(),
            token: token.into(),
            ..MachineData::default()
        });
        cache.insert(&valid, AuthState::ApiKey(key), NOW);
    }

    fn is_cached(cache: &MachineTokenCache, token: &str, after: Duration) -> bool {
        cache.find(TokenType::ApiKey, token, NOW + after).is_some()
    }

    fn cache_with_a_token() -> MachineTokenCache {
        let cache = MachineTokenCache::new(LIFETIME).unwrap();
        insert(&cache, "ak_1", |_| ());
        cache
    }

    #[test]
    fn a_token_is_cached_for_the_lifetime_and_not_beyond_its_expiration() {
        let cache = cache_with_a_token();
        assert!(
            is_cached(&cache, "ak_1", Duration::ZERO) && is_cached(&cache, "ak_1", LIFETIME - Duration::from_millis(1))
        );
        assert!(!is_cached(&cache, "ak_1", LIFETIME) && !is_cached(&cache, "ak_2", Duration::ZERO));
        assert!(cache.find(TokenType::M2mToken, "ak_1", NOW).is_none(), "as another kind");
        assert!(cache.find(TokenType::ApiKey, "ak_1", NOW - LIFETIME).is_none(), "the clock was set back");
        insert(&cache, "ak_short", |valid| valid.expiration = Some(NOW + LIFETIME / 2));
        assert!(is_cached(&cache, "ak_short", LIFETIME / 3) && !is_cached(&cache, "ak_short", LIFETIME / 2));
        insert(&cache, "ak_expired", |valid| valid.expiration = Some(NOW));
        assert!(!is_cached(&cache, "ak_expired", Duration::ZERO));
        insert(&cache, "ak_large", |valid| valid.size = MAX_SIZE + 1);
        assert!(!is_cached(&cache, "ak_large", Duration::ZERO));
        let off = MachineTokenCache::new(Duration::ZERO);
        assert!(off.is_none());
    }

    #[test]
    fn a_look_up_that_began_before_a_removal_is_not_cached() {
        let cache = cache_with_a_token();
        let before = cache.generation();
        cache.remove("apk_ak_1");
        assert!(!is_cached(&cache, "ak_1", Duration::ZERO));
        insert(&cache, "ak_1", |valid| valid.generation = before);
        assert!(!is_cached(&cache, "ak_1", Duration::ZERO), "its look-up began before the revocation");
        insert(&cache, "ak_2", |_| ());
        cache.remove("apk_ak_1");
        assert!(is_cached(&cache, "ak_2", Duration::ZERO), "others stay");
    }

    #[test]
    fn a_full_cache_drops_the_oldest_tokens() {
        let cache = cache_with_a_token();
        let first = "ak_first";
        insert(&cache, first, |valid| valid.expiration = Some(NOW + Duration::from_secs(1)));
        for number in 0..3 * MAX_TOKENS {
            let token = format!("ak_{number}_more");
            insert(&cache, &token, |_| ());
            assert!(is_cached(&cache, &token, Duration::ZERO), "the latest is always kept");
        }
        assert_eq!(cache.read().tokens.len(), MAX_TOKENS);
        assert!(!is_cached(&cache, first, Duration::ZERO));
    }
}
