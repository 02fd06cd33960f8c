//! [`ClerkBuilder`]: the settings of a [`Clerk`](crate::Clerk), each checked when it is set.

mod build;
mod tokens;

use std::{sync::Arc, time::Duration};

use crate::{
    backend::jwks::JwksPolicy,
    base::time::{Clock, SystemClock},
    config::{
        ConfigError, ConfigErrorKind, InstanceConfig, JwtKey, MachineSecretKey, PublicOrigin, PublishableKey,
        SecretKey, WebhookSigningSecret,
        backend_api::{DEFAULT_API_PATH_VERSION, DEFAULT_API_URL},
        url::{ApiUrl, absolute, host, origin, page},
    },
    observe::{AuditSink, Sink},
    revocation::RevocationStore,
    token::rules::{ClockSkew, PartyCheck},
};

/// How many verified tokens are cached by default.
const DEFAULT_TOKEN_CACHE: usize = 16_384;

/// Builder of a [`Clerk`](crate::Clerk).
///
/// Neither the setters nor [`build`](Self::build) do any I/O. Created by [`Clerk::builder`](crate::Clerk::builder).
#[derive(Debug, Clone)]
pub struct ClerkBuilder {
    settings: InstanceConfig,
    secret_key: Option<SecretKey>,
    machine_secret_key: Option<MachineSecretKey>,
    jwt_key: Option<JwtKey>,
    api_url: ApiUrl,
    api_version: Box<str>,
    authorized_parties: Option<Box<[Box<str>]>>,
    party_check: Option<PartyCheck>,
    party_optional: bool,
    audiences: Option<Box<[Box<str>]>>,
    audience_optional: bool,
    token_types: Option<Box<[Box<str>]>>,
    issuers: Issuers,
    clock_skew: ClockSkew,
    jwks: JwksPolicy,
    token_cache: usize,
    machine_token_cache: Duration,
    http_timeout: Duration,
    clock: Arc<dyn Clock>,
    audit: Option<Sink>,
    revocation: Option<Arc<dyn RevocationStore>>,
    session_token_lifetime: Duration,
    max_claims_age: Option<Duration>,
    revoke_locked_users: bool,
}

#[derive(Debug, Clone)]
enum Issuers {
    Any,
    Derived,
    Listed(Box<[Box<str>]>),
}

impl Default for ClerkBuilder {
    fn default() -> Self {
        Self {
            settings: InstanceConfig::default(),
            secret_key: None,
            machine_secret_key: None,
            jwt_key: None,
            api_url: ApiUrl::checked(DEFAULT_API_URL),
            api_version: DEFAULT_API_PATH_VERSION.into(),
            authorized_parties: None,
            party_check: None,
            party_optional: false,
            audiences: None,
            audience_optional: false,
            token_types: None,
            issuers: Issuers::Derived,
            clock_skew: ClockSkew::default(),
            jwks: JwksPolicy::default(),
            token_cache: DEFAULT_TOKEN_CACHE,
            machine_token_cache: Duration::ZERO,
            http_timeout: Duration::from_secs(5),
            clock: Arc::new(SystemClock),
            audit: None,
            revocation: None,
            session_token_lifetime: Duration::from_secs(60),
            max_claims_age: None,
            revoke_locked_users: false,
        }
    }
}

impl ClerkBuilder {
    /// The instance's secret key. The keys that verify tokens are then fetched from the Backend API.
    #[must_use]
    pub fn secret_key(mut self, key: SecretKey) -> Self {
        self.secret_key = Some(key);
        self
    }

    /// The instance's publishable key, which names the issuer that tokens must have. Without a secret key, the keys that
    /// verify tokens are fetched from its Frontend API.
    #[must_use]
    pub fn publishable_key(mut self, key: PublishableKey) -> Self {
        self.settings.publishable_key = Some(key);
        self
    }

    /// The instance's public key. Tokens are then verified without network access, and their `kid` is not compared.
    #[must_use]
    pub fn jwt_key(mut self, key: JwtKey) -> Self {
        self.jwt_key = Some(key);
        self
    }

    /// A machine's secret key, for M2M tokens.
    #[must_use]
    pub fn machine_secret_key(mut self, key: MachineSecretKey) -> Self {
        self.machine_secret_key = Some(key);
        self
    }

    /// The secrets that webhooks are signed with, for a `WebhookEndpoint` of `clerk-webhook`: one secret, or the old
    /// and the new one while it is being replaced.
    #[must_use]
    pub fn webhook_signing_secrets(mut self, secrets: impl IntoIterator<Item = WebhookSigningSecret>) -> Self {
        self.settings.webhook_signing_secrets = secrets.into_iter().collect();
        self
    }

    /// The Backend API's URL (default: `https://api.clerk.com`). A plain http URL must lead to this machine, or with the
    /// keys of a development instance to a container (a host name without a dot): [`build`](Self::build) checks it.
    ///
    /// # Errors
    /// When it is not an absolute http(s) URL.
    pub fn api_url(mut self, url: &str) -> Result<Self, ConfigError> {
        self.api_url = ApiUrl::parse(url)?;
        Ok(self)
    }

    /// The Backend API's version, a part of its paths (default: `v1`).
    ///
    /// # Errors
    /// When it is not a single path segment.
    pub fn api_version(mut self, version: &str) -> Result<Self, ConfigError> {
        if version.is_empty() || !version.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(ConfigError::new(ConfigErrorKind::InvalidSetting, "must be a version such as v1"));
        }
        self.api_version = version.into();
        Ok(self)
    }

    /// The domain of a satellite or multi-domain application. Its Frontend API is then `clerk.<domain>`.
    ///
    /// # Errors
    /// When it is not a host name.
    pub fn domain(mut self, domain: &str) -> Result<Self, ConfigError> {
        self.settings.domain = Some(host(domain)?);
        Ok(self)
    }

    /// Whether this is a satellite domain (default: false).
    #[must_use]
    pub fn satellite(mut self, is_satellite: bool) -> Self {
        self.settings.is_satellite = is_satellite;
        self
    }

    /// Whether a satellite asks the primary domain about every unknown browser, and not only about one that returns from a
    /// sign-in there (default: false).
    #[must_use]
    pub fn satellite_auto_sync(mut self, auto_sync: bool) -> Self {
        self.settings.satellite_auto_sync = auto_sync;
        self
    }

    /// Origins that a browser may be sent back to, besides the application's own: the satellites of this primary domain, for
    /// a development instance.
    ///
    /// # Errors
    /// When one is not an origin (`https://satellite.example.com`, without a path).
    pub fn redirect_origins<I>(mut self, origins: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        self.settings.redirect_origins =
            origins.into_iter().map(|one| origin(one.as_ref())).collect::<Result<_, _>>()?;
        Ok(self)
    }

    /// How the address that browsers see is found (default: from `X-Forwarded-*` or `Forwarded`).
    #[must_use]
    pub fn public_origin(mut self, origin: PublicOrigin) -> Self {
        self.settings.public_origin = origin;
        self
    }

    /// The URL of the Frontend API's proxy: an absolute URL, or a path of this application.
    ///
    /// # Errors
    /// When it is neither.
    pub fn proxy_url(mut self, url: &str) -> Result<Self, ConfigError> {
        self.settings.proxy_url =
            Some(if url.starts_with('/') && !url.starts_with("//") { url.into() } else { absolute(url)? });
        Ok(self)
    }

    /// The origin that the Frontend API's proxy (`FrontendApiProxy` of `clerk-proxy`) sends its requests and the secret key
    /// to (default: `https://frontend-api.clerk.dev`).
    ///
    /// # Errors
    /// When it is not an absolute http(s) URL. The proxy itself accepts only an origin, with https or on this machine.
    pub fn proxy_upstream(mut self, url: &str) -> Result<Self, ConfigError> {
        self.settings.proxy_upstream = Some(absolute(url)?);
        Ok(self)
    }

    /// The sign-in page (default: that of the instance's account portal).
    ///
    /// # Errors
    /// When it is neither an absolute http(s) URL nor a path.
    pub fn sign_in_url(mut self, url: &str) -> Result<Self, ConfigError> {
        self.settings.sign_in_url = Some(page(url)?);
        Ok(self)
    }

    /// The sign-up page (default: that of the instance's account portal).
    ///
    /// # Errors
    /// When it is neither an absolute http(s) URL nor a path.
    pub fn sign_up_url(mut self, url: &str) -> Result<Self, ConfigError> {
        self.settings.sign_up_url = Some(page(url)?);
        Ok(self)
    }

    /// When the instance's keys are fetched, and how long they are used.
    #[must_use]
    pub fn jwks(mut self, policy: JwksPolicy) -> Self {
        self.jwks = policy;
        self
    }

    /// How many verified session tokens are cached, so that their signatures are not checked again (default: 16 384). The
    /// number is rounded up to a power of two, at least 8; 0 turns the cache off.
    ///
    /// A token of 1.1 KiB takes about 2 KiB, and 250 bytes more for each further thread that uses it (16 at most). So the
    /// default takes about 32 MiB when full. A cached token is accepted only while its key is one of the instance's keys and
    /// its time claims are valid.
    #[must_use]
    pub const fn token_cache(mut self, tokens: usize) -> Self {
        self.token_cache = tokens;
        self
    }

    /// The time limit of one fetch of the keys, or of one call of the Backend API (default: 5 s). The connection may take two
    /// fifths of it.
    #[must_use]
    pub fn http_timeout(mut self, timeout: Duration) -> Self {
        self.http_timeout = timeout;
        self
    }

    /// The clock (default: the system's).
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The sink for the [audit events](crate::observe#the-audit-trail) of every layer of this instance.
    ///
    /// A layer can have [its own](crate::Authenticator::audit) instead.
    #[must_use]
    pub fn audit(mut self, sink: impl AuditSink) -> Self {
        self.audit = Some(Sink(Arc::new(sink)));
        self
    }

    /// The store of revocations, which ends sessions at once and not only when their tokens expire (default: none). It is read
    /// in each authentication of a session. See [`revocation`](crate::revocation). Several `Clerk`s share a store in an `Arc`.
    #[must_use]
    pub fn revocation(mut self, store: impl RevocationStore) -> Self {
        self.revocation = Some(Arc::new(store));
        self
    }

    /// The lifetime of the instance's session tokens, as set in the Clerk dashboard (default: 60 s). A
    /// [store](Self::revocation) that is full keeps revocations at least that long; one that is not keeps them for 24 h.
    #[must_use]
    pub const fn session_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.session_token_lifetime = lifetime;
        self
    }

    /// Also revokes the sessions of a user whom a webhook reports as locked (default: only of banned, deprovisioned and
    /// deleted users).
    ///
    /// Clerk locks a user after a number of wrong passwords, so with this setting a stranger can sign users out.
    #[must_use]
    pub const fn revoke_locked_users(mut self) -> Self {
        self.revoke_locked_users = true;
        self
    }

    /// The Frontend API: a host, or the URL or path of its proxy. `None` without a publishable key.
    #[must_use]
    pub fn frontend_api(&self) -> Option<String> {
        self.settings.browser_frontend_api()
    }

    pub(crate) fn settings(&self) -> &InstanceConfig {
        &self.settings
    }
}
