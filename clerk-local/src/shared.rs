//! What the routes of an instance share: its keys, its clock, its store.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, atomic::AtomicUsize},
    time::Duration,
};

use clerk_core::{
    ConfigError,
    config::{MachineSecretKey, PublishableKey, SecretKey},
    time::Clock,
};
use serde_json::{Value, json};
use url::Url;

use crate::{
    error::StartError,
    faults::Faults,
    handshakes::Handshakes,
    identity::{InstanceKeys, SIGNING_KEY},
    identity_provider::IdentityProvider,
    keys::{KeySource, SigningKey, random_id},
    loopback,
    request_log::RequestLog,
    resource,
    settings::Settings,
    store::{Machine, Seed, Session, Store, StoreGuard, User, actor_claim},
    time_travel::TimeTravel,
    token::TokenBuilder,
    webhooks::{WebhookSettings, Webhooks},
};

/// `pk_test_` and the base64 form of `local.clerk.accounts.dev$`, a host of Clerk's development kind.
const PUBLISHABLE_KEY: &str = "pk_test_bG9jYWwuY2xlcmsuYWNjb3VudHMuZGV2JA==";
pub(crate) const ISSUER: &str = "https://local.clerk.accounts.dev";

/// The name of the settings in a data file.
pub(crate) const SETTINGS: &str = "settings";

/// What the routes of an instance share.
pub(crate) struct Shared {
    pub(crate) publishable_key: PublishableKey,
    pub(crate) secret_key: SecretKey,
    pub(crate) clock: Arc<dyn Clock>,
    /// The same clock, to move it forward.
    pub(crate) time_travel: Arc<TimeTravel>,
    pub(crate) allowed_origins: Vec<String>,
    /// Names besides the loopback ones that the instance answers to.
    pub(crate) allowed_hosts: Vec<String>,
    pub(crate) jwks_requests: AtomicUsize,
    pub(crate) handshake_requests: AtomicUsize,
    pub(crate) refresh_requests: AtomicUsize,
    pub(crate) session_requests: AtomicUsize,
    pub(crate) revoke_requests: AtomicUsize,
    pub(crate) verify_requests: AtomicUsize,
    pub(crate) create_requests: AtomicUsize,
    pub(crate) faults: Faults,
    pub(crate) requests: RequestLog,
    pub(crate) webhooks: Arc<Webhooks>,
    pub(crate) machine_id: String,
    pub(crate) machine_secret_key: MachineSecretKey,
    pub(crate) token_lifetime: Duration,
    /// Whether applications get their access tokens in JWT form.
    pub(crate) oauth_jwt: bool,
    pub(crate) identity_provider: IdentityProvider,
    handshakes: Mutex<Handshakes>,
    key: Mutex<Arc<SigningKey>>,
    keys: KeySource,
    store: Mutex<Store>,
    /// The last seed.
    pub(crate) seed: Mutex<Seed>,
    settings: Mutex<Arc<Settings>>,
    /// Where the Frontend API listens, once it has a port.
    frontend_api_url: OnceLock<String>,
    /// The origin where browsers reach it, if it is another.
    pub(crate) public_url: Option<Url>,
    /// The app's own sign-in page.
    pub(crate) app_sign_in_url: Option<Url>,
    pub(crate) app_sign_up_url: Option<Url>,
    pub(crate) app_waitlist_url: Option<Url>,
    /// The folder of Clerk's scripts for browsers.
    pub(crate) npm_folder: Option<PathBuf>,
}

impl Shared {
    pub(crate) fn new(
        clock: Arc<dyn Clock>,
        webhooks: WebhookSettings,
        mut store: Store,
        seed: Seed,
        keys: KeySource,
    ) -> Result<Self, StartError> {
        let identity = InstanceKeys::load_or_create(&store, keys)?;
        let time_travel = Arc::new(TimeTravel::new(clock));
        let clock: Arc<dyn Clock> = Arc::<TimeTravel>::clone(&time_travel);
        // A stored machine stays: it may have scopes, and a rotated key.
        if store.machines.get(&identity.machine_id).is_none() {
            let key = identity.machine_secret_key.expose().to_owned();
            store.machines.put(Machine::new(&identity.machine_id, "local", key, clock.now()));
        }
        Ok(Self {
            publishable_key: valid(PUBLISHABLE_KEY.parse()),
            secret_key: identity.secret_key,
            webhooks: Arc::new(Webhooks::new(webhooks, &identity.webhook_secret, Arc::clone(&clock))?),
            clock,
            time_travel,
            allowed_origins: Vec::new(),
            allowed_hosts: Vec::new(),
            jwks_requests: AtomicUsize::new(0),
            handshake_requests: AtomicUsize::new(0),
            refresh_requests: AtomicUsize::new(0),
            session_requests: AtomicUsize::new(0),
            revoke_requests: AtomicUsize::new(0),
            verify_requests: AtomicUsize::new(0),
            create_requests: AtomicUsize::new(0),
            faults: Faults::default(),
            requests: RequestLog::default(),
            frontend_api_url: OnceLock::new(),
            public_url: None,
            app_sign_in_url: None,
            app_sign_up_url: None,
            app_waitlist_url: None,
            machine_id: identity.machine_id,
            machine_secret_key: identity.machine_secret_key,
            token_lifetime: Duration::from_secs(60),
            oauth_jwt: false,
            identity_provider: IdentityProvider::new(keys),
            handshakes: Mutex::default(),
            key: Mutex::new(Arc::new(identity.signing_key)),
            keys,
            store: Mutex::new(store),
            seed: Mutex::new(seed),
            settings: Mutex::default(),
            npm_folder: None,
        })
    }

    /// Sets where the Frontend API listens, `http://localhost:4400` for example; only the first call counts.
    pub(crate) fn set_frontend_api_url(&self, url: &str) {
        self.frontend_api_url.get_or_init(|| url.to_owned());
        self.identity_provider.set_base(url);
    }

    /// Where browsers reach the Frontend API.
    pub(crate) fn frontend_api_url(&self) -> &str {
        match &self.public_url {
            Some(url) => url.as_str().trim_end_matches('/'),
            None => self.frontend_api_url.get().map_or(ISSUER, |url| url),
        }
    }

    /// The sign-in page: the app's, or else the instance's own.
    pub(crate) fn sign_in_url(&self) -> String {
        let app = self.app_sign_in_url.as_ref().map(|url| url.as_str().to_owned());
        app.unwrap_or_else(|| format!("{}/sign-in", self.frontend_api_url()))
    }

    /// The app's sign-up page, or else the sign-in page, whose component signs users up, too.
    pub(crate) fn sign_up_url(&self) -> String {
        self.app_sign_up_url.as_ref().map_or_else(|| self.sign_in_url(), |url| url.as_str().to_owned())
    }

    /// The app's waitlist page, or else the sign-up page.
    pub(crate) fn waitlist_url(&self) -> String {
        self.app_waitlist_url.as_ref().map_or_else(|| self.sign_up_url(), |url| url.as_str().to_owned())
    }

    /// Whether pages at this origin may call the Frontend API: those that the instance may redirect to, and those that
    /// the Backend API allows, native apps for example.
    pub(crate) fn allows_origin(&self, origin: &str) -> bool {
        let is_origin = |url: Url| url.origin().ascii_serialization() == origin;
        loopback::allowed_redirect(origin, &self.allowed_origins).is_some_and(is_origin)
            || self.store().settings().allowed_origins.iter().any(|named| named == origin)
    }

    /// Whether the operator named this host, which may have a port.
    pub(crate) fn has_allowed_host(&self, host: &str) -> bool {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        self.allowed_hosts.iter().any(|own| own.eq_ignore_ascii_case(host) || own.eq_ignore_ascii_case(name))
    }

    /// Whether one of the allowed origins is at this host.
    pub(crate) fn is_host_of_allowed_origin(&self, host: &str) -> bool {
        let hosts = self.allowed_origins.iter().filter_map(|origin| loopback::authority(&Url::parse(origin).ok()?));
        hosts.into_iter().any(|own| own.eq_ignore_ascii_case(host))
    }

    pub(crate) fn store(&self) -> StoreGuard<'_> {
        StoreGuard::new(self.store.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What users may do now.
    pub(crate) fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes what users may do, also for the next instance with the data file.
    pub(crate) fn set_settings(&self, settings: Settings) {
        let settings = Arc::new(settings);
        let mut store = self.store();
        store.user_settings = Arc::clone(&settings);
        if let Err(error) = store.set_setting(SETTINGS, &settings.to_text()) {
            tracing::error!(target: "clerk_local", %error, "the settings could not be stored in the data file");
        }
        drop(store);
        *self.settings.lock().unwrap_or_else(PoisonError::into_inner) = settings;
    }

    /// A user in the Backend API.
    pub(crate) fn describe_user(&self, user: &User) -> Value {
        resource::user(user, &self.settings(), self.clock.now())
    }

    pub(crate) fn handshakes(&self) -> MutexGuard<'_, Handshakes> {
        self.handshakes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A token with these claims, signed with the instance's key.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        self.sign_as(&json!({"typ": "JWT"}), claims)
    }

    /// The same with this header.
    pub(crate) fn sign_as(&self, header: &Value, claims: &Value) -> String {
        self.key().sign_jwt(header, claims)
    }

    /// The claims of a token that [`sign`](Self::sign) made.
    pub(crate) fn claims_of(&self, token: &str) -> Option<Value> {
        self.claims_of_type("JWT", token)
    }

    /// The same for a token of another type.
    pub(crate) fn claims_of_type(&self, typ: &str, token: &str) -> Option<Value> {
        self.key().claims_of(&json!({ "typ": typ }), token)
    }

    pub(crate) fn rotate_key(&self) -> Result<(), StartError> {
        let key = Arc::new(self.keys.key()?);
        self.store().set_setting(SIGNING_KEY, &key.to_text()?)?;
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) = key;
        Ok(())
    }

    pub(crate) fn jwks(&self) -> Value {
        json!({ "keys": [self.key().jwk()] })
    }

    pub(crate) fn token(&self, user: &str) -> Option<TokenBuilder> {
        let store = self.store();
        let user = store.user(user)?;
        let memberships = store
            .memberships_of(&user.id)
            .filter_map(|membership| {
                let organization = store.organizations.get(&membership.organization_id)?.clone();
                let mut membership = membership.clone();
                membership.permissions = store.permissions(&membership);
                Some((organization, membership))
            })
            .collect();
        Some(TokenBuilder::new(self.key(), ISSUER, user, memberships, self.clock.now()))
    }

    /// A token of a session, not for a certain origin; `None` when its user was deleted.
    pub(crate) fn session_token(&self, session: &Session) -> Option<TokenBuilder> {
        let store = self.store();
        let (organization, pending) =
            (store.active_organization(session).map(str::to_owned), store.is_pending(session));
        drop(store);
        let [first, second] = session.factor_ages(self.clock.now());
        let token =
            self.token(&session.user_id)?.session_id(&session.id).without("azp").claim("fva", json!([first, second]));
        let token = match &organization {
            None => token.no_organization(),
            Some(id) => token.organization(id),
        };
        let token = if pending { token.pending() } else { token };
        let token = match &session.actor {
            None => token,
            Some(actor) => token.claim("act", actor_claim(actor)),
        };
        Some(token.lifetime(self.token_lifetime))
    }

    /// The same claims in a new token, as Clerk's edge makes it: it is issued now, and its `oiat` header still says
    /// when the claims were read. `None` for a token that the instance's key did not sign.
    pub(crate) fn renew_at_edge(&self, token: &str) -> Option<String> {
        let key = self.key();
        let (header, mut claims) = key.parts_of(token)?;
        let now = self.clock.now().unix_seconds();
        let moved = now - claims["iat"].as_i64()?;
        for claim in ["exp", "iat", "nbf"] {
            if let Some(at) = claims[claim].as_i64() {
                claims[claim] = at.saturating_add(moved).into();
            }
        }
        claims["jti"] = random_id("jti").into();
        Some(key.sign_jwt(&header, &claims))
    }

    pub(crate) fn key(&self) -> Arc<SigningKey> {
        Arc::clone(&self.key.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[expect(clippy::expect_used, reason = "the key is written above and covered by a test")]
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
