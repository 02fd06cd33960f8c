//! What the routes of an instance share: its keys, its clock, its store.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicUsize};

use clerk_core::{ConfigError, PublishableKey, SecretKey, time::Clock};
use serde_json::{Value, json};

use crate::{
    error::StartError,
    keys::{SigningKey, random_id},
    store::Store,
    token::TokenBuilder,
};

/// `pk_test_` and the base64 form of `local.clerk.accounts.dev$`, a host of Clerk's development kind.
const PUBLISHABLE_KEY: &str = "pk_test_bG9jYWwuY2xlcmsuYWNjb3VudHMuZGV2JA==";
pub(crate) const ISSUER: &str = "https://local.clerk.accounts.dev";

/// What the routes of an instance share.
pub(crate) struct Shared {
    pub(crate) publishable_key: PublishableKey,
    pub(crate) secret_key: SecretKey,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) allowed_origins: Vec<String>,
    pub(crate) jwks_requests: AtomicUsize,
    key: Mutex<Arc<SigningKey>>,
    store: Mutex<Store>,
}

impl Shared {
    pub(crate) fn new(clock: Arc<dyn Clock>, allowed_origins: Vec<String>, store: Store) -> Result<Self, StartError> {
        Ok(Self {
            publishable_key: valid(PUBLISHABLE_KEY.parse()),
            secret_key: valid(random_id("sk_test").parse()),
            clock,
            allowed_origins,
            jwks_requests: AtomicUsize::new(0),
            key: Mutex::new(Arc::new(SigningKey::generate()?)),
            store: Mutex::new(store),
        })
    }

    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn rotate_key(&self) -> Result<(), StartError> {
        let key = Arc::new(SigningKey::generate()?);
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) = key;
        Ok(())
    }

    pub(crate) fn jwks(&self) -> Value {
        json!({ "keys": [self.key().jwk()] })
    }

    pub(crate) fn token(&self, user: &str) -> Option<TokenBuilder> {
        let store = self.store();
        let user = store.user(user)?;
        let memberships = user
            .memberships
            .iter()
            .filter_map(|membership| {
                Some((store.organization(&membership.organization_id)?.clone(), membership.clone()))
            })
            .collect();
        Some(TokenBuilder::new(self.key(), ISSUER, user, memberships, self.clock.now()))
    }

    pub(crate) fn key(&self) -> Arc<SigningKey> {
        Arc::clone(&self.key.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[expect(clippy::expect_used, reason = "both keys are written above and covered by tests")]
fn valid<T>(key: Result<T, ConfigError>) -> T {
    key.expect("a well-formed key")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_publishable_key_names_the_issuer() {
        let key: PublishableKey = PUBLISHABLE_KEY.parse().unwrap();
        assert_eq!(format!("https://{}", key.frontend_api()), ISSUER);
    }
}
