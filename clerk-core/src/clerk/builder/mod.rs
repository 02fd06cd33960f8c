//! [`ClerkBuilder`]: settings checked one by one, then against each other.

mod tokens;

use std::{sync::Arc, time::Duration};

use super::{Clerk, Inner, session_end::WatchedSessions};
use crate::{
    backend::{
        api::Backend,
        http::Transport,
        jwks::{JwksEndpoint, JwksPolicy, Store},
        machine_tokens::MachineTokenCache,
        session_status::SessionStatuses,
    },
    base::time::{Clock, SystemClock},
    config::{
        ConfigError, ConfigErrorKind, JwtKey, MachineSecretKey, PublicOrigin, PublishableKey, SecretKey, Settings,
        WebhookSigningSecret, check,
        upstream::Upstream,
        url::{absolute, api, host, origin, page},
    },
    flow::{Keys, cache::TokenCache},
    observe::{AuditSink, Sink, metrics},
    revocation::{RevocationStore, Revocations},
    token::{KnownHeader, Rules, rules::ClockSkew},
};

/// How many verified tokens are remembered unless set.
const DEFAULT_TOKEN_CACHE: usize = 16_384;

/// Builder of a [`Clerk`].
///
/// No setter and not [`build`](Self::build) do any I/O. Made by [`Clerk::builder`].
#[derive(Debug, Clone)]
pub struct ClerkBuilder {
    settings: Settings,
    secret_key: Option<SecretKey>,
    machine_secret_key: Option<MachineSecretKey>,
    jwt_key: Option<JwtKey>,
    api_url: Box<str>,
    api_version: Box<str>,
    authorized_parties: Option<Box<[Box<str>]>>,
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
            settings: Settings::default(),
            secret_key: None,
            machine_secret_key: None,
            jwt_key: None,
            api_url: "https://api.clerk.com".into(),
            api_version: "v1".into(),
            authorized_parties: None,
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
        }
    }
}

impl ClerkBuilder {
    /// The instance's secret key; its keys are then fetched from the Backend API.
    #[must_use]
    pub fn secret_key(mut self, key: SecretKey) -> Self {
        self.secret_key = Some(key);
        self
    }

    /// The instance's publishable key: it names the issuer that tokens must have. Without a secret key, the
    /// instance's keys are fetched from the Frontend API that it names.
    #[must_use]
    pub fn publishable_key(mut self, key: PublishableKey) -> Self {
        self.settings.publishable_key = Some(key);
        self
    }

    /// The instance's public key; tokens are then verified without any network, and their `kid` is not compared.
    #[must_use]
    pub fn jwt_key(mut self, key: JwtKey) -> Self {
        self.jwt_key = Some(key);
        self
    }

    /// A machine's secret key, for machine-to-machine tokens.
    #[must_use]
    pub fn machine_secret_key(mut self, key: MachineSecretKey) -> Self {
        self.machine_secret_key = Some(key);
        self
    }

    /// The secrets that webhooks are signed with, for a [`WebhookEndpoint`](crate::WebhookEndpoint): one, or while it is
    /// being replaced the old and the new one.
    #[must_use]
    pub fn webhook_signing_secrets(mut self, secrets: impl IntoIterator<Item = WebhookSigningSecret>) -> Self {
        self.settings.webhook_signing_secrets = secrets.into_iter().collect();
        self
    }

    /// The Backend API's URL; `https://api.clerk.com` unless set.
    ///
    /// # Errors
    /// When it is no absolute http(s) URL.
    pub fn api_url(mut self, url: &str) -> Result<Self, ConfigError> {
        self.api_url = api(url)?;
        Ok(self)
    }

    /// The Backend API's version in its path; `v1` unless set.
    ///
    /// # Errors
    /// When it is no single path segment.
    pub fn api_version(mut self, version: &str) -> Result<Self, ConfigError> {
        if version.is_empty() || !version.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(ConfigError::new(ConfigErrorKind::InvalidSetting, "must be a version such as v1"));
        }
        self.api_version = version.into();
        Ok(self)
    }

    /// The domain of a satellite or multi-domain application; its Frontend API is then `clerk.<domain>`.
    ///
    /// # Errors
    /// When it is no host name.
    pub fn domain(mut self, domain: &str) -> Result<Self, ConfigError> {
        self.settings.domain = Some(host(domain)?);
        Ok(self)
    }

    /// Whether this is a satellite domain.
    #[must_use]
    pub fn satellite(mut self, is_satellite: bool) -> Self {
        self.settings.is_satellite = is_satellite;
        self
    }

    /// Whether a satellite asks the primary domain about every browser that it does not know yet, and not only about
    /// those that return from a sign-in there.
    #[must_use]
    pub fn satellite_auto_sync(mut self, auto_sync: bool) -> Self {
        self.settings.satellite_auto_sync = auto_sync;
        self
    }

    /// Origins, besides the application's own, that a browser may be sent back to: the satellites of this primary
    /// domain, for a development instance.
    ///
    /// # Errors
    /// When one is no origin (`https://satellite.example.com`, without a path).
    pub fn redirect_origins<I>(mut self, origins: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        self.settings.redirect_origins =
            origins.into_iter().map(|one| origin(one.as_ref())).collect::<Result<_, _>>()?;
        Ok(self)
    }

    /// How the address that browsers see is learned; from `X-Forwarded-*` unless set.
    #[must_use]
    pub fn public_origin(mut self, origin: PublicOrigin) -> Self {
        self.settings.public_origin = origin;
        self
    }

    /// Where the Frontend API is proxied: an absolute URL, or a path of this application.
    ///
    /// # Errors
    /// When it is neither.
    pub fn proxy_url(mut self, url: &str) -> Result<Self, ConfigError> {
        self.settings.proxy_url =
            Some(if url.starts_with('/') && !url.starts_with("//") { url.into() } else { absolute(url)? });
        Ok(self)
    }

    /// Where the [Frontend API proxy](crate::FrontendApiProxy) sends its requests, and the secret key with them:
    /// `https://frontend-api.clerk.dev` unless set.
    ///
    /// # Errors
    /// When it is no origin (scheme, host, port), or http and not on this machine.
    pub fn proxy_upstream(mut self, url: &str) -> Result<Self, ConfigError> {
        self.settings.proxy_upstream = Some(Upstream::parse(url)?);
        Ok(self)
    }

    /// The sign-in page; the instance's account portal unless set.
    ///
    /// # Errors
    /// When it is neither an absolute http(s) URL nor a path.
    pub fn sign_in_url(mut self, url: &str) -> Result<Self, ConfigError> {
        self.settings.sign_in_url = Some(page(url)?);
        Ok(self)
    }

    /// The sign-up page; the instance's account portal unless set.
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

    /// How many verified session tokens are remembered, so that their next requests cost no signature; 16 384 unless
    /// set, rounded up to a power of two (at least 8), and none at all with 0.
    ///
    /// A token of 1.1 KiB takes about 2 KiB, and 250 bytes more for each further thread that serves it (16 at most), so
    /// that the default takes some 32 MiB when it is full. A token is served from memory only while its key is among
    /// the instance's keys and its time claims hold.
    #[must_use]
    pub const fn token_cache(mut self, tokens: usize) -> Self {
        self.token_cache = tokens;
        self
    }

    /// How long one fetch of the keys, or one call of the Backend API, may take in all; 5 s unless set. Its connection
    /// may take two fifths of that.
    #[must_use]
    pub fn http_timeout(mut self, timeout: Duration) -> Self {
        self.http_timeout = timeout;
        self
    }

    /// Where "now" comes from; the system clock unless set.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Where the [audit events](crate::observe#the-audit-trail) of every layer of this instance go.
    ///
    /// Here and not on each layer, so that none is forgotten; a layer can still have
    /// [its own](crate::Authenticator::audit).
    #[must_use]
    pub fn audit(mut self, sink: impl AuditSink) -> Self {
        self.audit = Some(Sink(Arc::new(sink)));
        self
    }

    /// Where revocations are remembered, so that sessions end at once and not with their tokens; nowhere unless set. Each
    /// authentication of a session ends with a look into it. See [`revocation`](crate::revocation).
    #[must_use]
    pub fn revocation(mut self, store: Arc<dyn RevocationStore>) -> Self {
        self.revocation = Some(store);
        self
    }

    /// How long the instance's session tokens live, as the Clerk dashboard has it: 60 s unless set. Revocations are
    /// remembered for as long, and for twice the [clock skew](Self::clock_skew) more.
    ///
    /// A token that lives longer is noticed when it comes, and the log says so; up to 24 h count.
    #[must_use]
    pub const fn session_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.session_token_lifetime = lifetime;
        self
    }

    /// Checks the settings against each other.
    ///
    /// # Errors
    /// When no key was given, when the secret and the publishable key are not of the same kind of instance, when a
    /// satellite lacks what it needs, when a live key would travel unencrypted, or when the HTTPS client cannot start.
    pub fn build(mut self) -> Result<Clerk, ConfigError> {
        check::instance_types(self.secret_key.as_ref(), self.settings.publishable_key.as_ref())?;
        check::encryption(self.secret_key.as_ref(), &self.api_url)?;
        self.settings.secret_instance_type = self.secret_key.as_ref().and_then(SecretKey::instance_type);
        check::satellite(&self.settings)?;
        self.settings.cookie_suffix =
            self.settings.publishable_key.as_ref().map(|key| key.cookie_suffix().into_boxed_str());
        let rules = Rules {
            clock_skew: self.clock_skew,
            issuers: match self.issuers {
                Issuers::Any => None,
                Issuers::Derived => self.settings.issuers(),
                Issuers::Listed(issuers) => Some(issuers),
            },
            authorized_parties: self.authorized_parties,
            audiences: self.audiences,
            audience_optional: self.audience_optional,
            token_types: self.token_types,
        };
        // A client costs the reading of the system's certificates: without anything to call there is none.
        let calls = self.secret_key.is_some() || self.machine_secret_key.is_some();
        let fetches = self.jwt_key.is_none() && (self.secret_key.is_some() || self.settings.publishable_key.is_some());
        let transport = (calls || fetches).then(|| Transport::new(self.http_timeout)).transpose()?;
        let source = transport.as_ref().and_then(|transport| match &self.secret_key {
            Some(secret) => {
                Some(JwksEndpoint::backend_api(&self.api_url, &self.api_version, secret.clone(), transport.sibling()))
            }
            None => Some(JwksEndpoint::frontend_api(&self.settings.frontend_api_url()?, transport.sibling())),
        });
        let keys = match (self.jwt_key, source) {
            (Some(key), _) => Keys::Fixed(Arc::new(key.verifying_key().clone())),
            (None, Some(source)) => Keys::Remote(Store::new(source, self.jwks, Arc::clone(&self.clock))),
            (None, None) if self.machine_secret_key.is_some() => Keys::None,
            (None, None) => return Err(check::no_keys()),
        };
        let backend = transport.filter(|_| calls).map(|transport| Backend {
            api_url: self.api_url,
            api_version: self.api_version,
            secret_key: self.secret_key,
            machine_secret_key: self.machine_secret_key,
            own_transport: transport.sibling(),
            transport,
        });
        if rules.authorized_parties.is_none() {
            tracing::info!(
                target: "clerk",
                "no authorized parties are set, so tokens issued to any origin of the instance are accepted; name your app's origins in CLERK_AUTHORIZED_PARTIES"
            );
        }
        metrics::describe();
        let options = Arc::default();
        let known_header = KnownHeader::default();
        let (lifetime, skew) = (self.session_token_lifetime, rules.clock_skew);
        let revocations = self.revocation.map(|store| Revocations::new(store, lifetime, skew));
        Ok(Clerk::new(Inner {
            rules,
            keys,
            cache: TokenCache::new(self.token_cache),
            machine_tokens: MachineTokenCache::new(self.machine_token_cache),
            known_header,
            backend,
            clock: self.clock,
            settings: self.settings,
            options,
            audit: self.audit,
            http_timeout: self.http_timeout,
            watched_sessions: WatchedSessions::default(),
            revocations,
            session_statuses: SessionStatuses::default(),
        }))
    }

    /// The Frontend API that the settings lead to: a host, or the URL or path that it is proxied under. `None` without a
    /// publishable key.
    #[must_use]
    pub fn frontend_api(&self) -> Option<String> {
        self.settings.publishable_key.as_ref()?;
        self.settings.frontend_api(None).or_else(|| self.settings.proxy_url.as_deref().map(str::to_owned))
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }
}

fn nonempty(list: Vec<Box<str>>, problem: &str) -> Result<Box<[Box<str>]>, ConfigError> {
    if list.is_empty() {
        return Err(ConfigError::new(ConfigErrorKind::InvalidSetting, problem));
    }
    Ok(list.into())
}
