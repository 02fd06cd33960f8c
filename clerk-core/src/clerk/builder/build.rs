//! [`ClerkBuilder::build`]: checks the settings against each other, and builds a [`Clerk`].

use std::sync::Arc;

use super::{ClerkBuilder, Issuers};
use crate::{
    backend::{
        api::Backend,
        budget::Budget,
        http::Transport,
        jwks::{JwksEndpoint, Store},
        machine_tokens::MachineTokenCache,
        session_status::SessionStatuses,
    },
    clerk::{Clerk, Inner, session_end::WatchedSessions},
    config::{ConfigError, SecretKey, check},
    flow::{Keys, LogLimits, MarkerKey, SettingRefusals, cache::TokenCache},
    observe::metrics,
    revocation::Revocations,
    token::TokenRules,
};

impl ClerkBuilder {
    /// Builds the [`Clerk`], after checking the settings against each other.
    ///
    /// # Errors
    /// When there is no key, when the secret and the publishable key belong to different kinds of instances, when a satellite
    /// lacks a setting, when a secret or the keys of a production instance would travel unencrypted, or when the HTTPS client cannot start.
    pub fn build(mut self) -> Result<Clerk, ConfigError> {
        check::instance_types(self.secret_key.as_ref(), self.settings.publishable_key.as_ref())?;
        check::encryption(self.secret_key.as_ref(), self.machine_secret_key.is_some(), &self.api_url, &self.settings)?;
        self.settings.secret_instance_type = self.secret_key.as_ref().and_then(SecretKey::instance_type);
        check::satellite(&self.settings)?;
        self.settings.cookie_suffix =
            self.settings.publishable_key.as_ref().map(|key| key.cookie_suffix().into_boxed_str());
        let rules = TokenRules {
            clock_skew: self.clock_skew,
            issuers: match self.issuers {
                Issuers::Any => None,
                Issuers::Derived => self.settings.issuers(),
                Issuers::Listed(issuers) => Some(issuers),
            },
            authorized_parties: self.authorized_parties,
            party_check: self.party_check,
            party_optional: self.party_optional,
            audiences: self.audiences,
            audience_optional: self.audience_optional,
            token_types: self.token_types,
            max_claims_age: self.max_claims_age,
        };
        // An HTTP client reads the system's certificates, which takes time, so there is one only if it is needed.
        let calls = self.secret_key.is_some() || self.machine_secret_key.is_some();
        let fetches = self.jwt_key.is_none() && (self.secret_key.is_some() || self.settings.publishable_key.is_some());
        let transport =
            (calls || fetches).then(|| Transport::new(self.http_timeout, self.api_url.expose())).transpose()?;
        let endpoint = transport.as_ref().and_then(|transport| match &self.secret_key {
            Some(secret) => {
                Some(JwksEndpoint::backend_api(&self.api_url, &self.api_version, secret.clone(), transport.clone()))
            }
            None => Some(JwksEndpoint::frontend_api(&self.settings.frontend_api_url()?, transport.clone())),
        });
        let marker_key = MarkerKey::new(self.secret_key.as_ref());
        let keys = match (self.jwt_key, endpoint) {
            (Some(key), _) => Keys::Fixed(Arc::new(key.verifying_key().clone())),
            (None, Some(endpoint)) => Keys::Remote(Store::new(endpoint, self.jwks, Arc::clone(&self.clock))),
            (None, None) if self.machine_secret_key.is_some() => Keys::None,
            (None, None) => return Err(check::no_keys()),
        };
        let backend = transport.filter(|_| calls).map(|transport| Backend {
            api_url: self.api_url,
            api_version: self.api_version,
            secret_key: self.secret_key,
            machine_secret_key: self.machine_secret_key,
            transport,
            budget: Arc::new(Budget::new(Arc::clone(&self.clock), self.http_timeout)),
        });
        if !rules.has_parties() {
            tracing::info!(
                target: "clerk",
                "no authorized parties are set, so tokens issued to any origin of the instance are accepted; list your app's origins in CLERK_AUTHORIZED_PARTIES"
            );
        }
        metrics::describe();
        let options = Arc::default();
        let (lifetime, skew) = (self.session_token_lifetime, rules.clock_skew);
        let revocations = self.revocation.map(|store| Revocations::new(store, lifetime, skew));
        Ok(Clerk::new(Inner {
            rules,
            keys,
            cache: TokenCache::new(self.token_cache),
            machine_tokens: MachineTokenCache::new(self.machine_token_cache),
            backend,
            clock: self.clock,
            settings: self.settings,
            options,
            audit: self.audit,
            http_timeout: self.http_timeout,
            watched_sessions: WatchedSessions::default(),
            revocations,
            revoke_locked_users: self.revoke_locked_users,
            session_statuses: SessionStatuses::new(self.http_timeout),
            log_limits: LogLimits::default(),
            setting_refusals: SettingRefusals::default(),
            marker_key,
        }))
    }
}
