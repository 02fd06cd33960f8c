//! [`LocalClerkBuilder`]: ports, clock and seed of an instance.

use std::{net::IpAddr, path::PathBuf, sync::Arc, time::Duration};

use axum::middleware;
use clerk_core::time::{Clock, SystemClock};

use super::LocalClerk;
#[cfg(feature = "sqlite")]
use crate::store::DataFile;
use crate::{
    backend_api,
    error::StartError,
    faults,
    frontend_api::{self, npm},
    keys::{self, KeySource},
    loopback, request_log,
    server::Server,
    settings::Settings,
    shared::{SETTINGS, Shared},
    store::Seed,
    webhooks::WebhookSettings,
};

/// Builder of a [`LocalClerk`].
#[derive(Debug)]
pub struct LocalClerkBuilder {
    frontend_port: u16,
    backend_port: u16,
    clock: Arc<dyn Clock>,
    seed: Seed,
    allowed_origins: Vec<String>,
    allowed_hosts: Vec<String>,
    listen: Option<IpAddr>,
    token_lifetime: Duration,
    oauth_jwt: bool,
    webhooks: WebhookSettings,
    #[cfg(feature = "sqlite")]
    data_file: Option<PathBuf>,
    settings: Option<Settings>,
    npm_folder: Option<PathBuf>,
    public_url: Option<String>,
    app_sign_in_url: Option<String>,
    app_sign_up_url: Option<String>,
    app_waitlist_url: Option<String>,
    keys: KeySource,
}

impl LocalClerk {
    /// Starts an instance with the demo seed on ports of the system's choice.
    ///
    /// # Errors
    /// When no port can be listened on.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// A builder with the demo seed.
    #[must_use]
    pub fn builder() -> LocalClerkBuilder {
        LocalClerkBuilder::new()
    }
}

impl LocalClerkBuilder {
    pub(crate) fn new() -> Self {
        let fresh = std::env::var_os("CLERK_LOCAL_FRESH_KEYS").is_some_and(|value| !value.is_empty());
        Self {
            frontend_port: 0,
            backend_port: 0,
            clock: Arc::new(SystemClock),
            seed: Seed::demo(),
            allowed_origins: Vec::new(),
            allowed_hosts: Vec::new(),
            listen: None,
            token_lifetime: Duration::from_secs(60),
            oauth_jwt: false,
            webhooks: WebhookSettings::default(),
            #[cfg(feature = "sqlite")]
            data_file: None,
            settings: None,
            npm_folder: None,
            public_url: None,
            app_sign_in_url: None,
            app_sign_up_url: None,
            app_waitlist_url: None,
            keys: if fresh { KeySource::Fresh } else { KeySource::Kept },
        }
    }

    /// The port of the Frontend API and of the pages; default: chosen by the system.
    #[must_use]
    pub const fn frontend_port(mut self, port: u16) -> Self {
        self.frontend_port = port;
        self
    }

    /// The port of the Backend API; default: chosen by the system.
    #[must_use]
    pub const fn backend_port(mut self, port: u16) -> Self {
        self.backend_port = port;
        self
    }

    /// The clock; default: the system clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The users, organizations and roles at the start; default: [`Seed::demo`].
    #[must_use]
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// The origin where browsers reach the Frontend API, `https://clerk.app.test` for example, if a proxy terminates
    /// TLS and forwards requests to its port; default: `http://localhost` with the port. The Frontend API then also
    /// answers to that host (the console does not), and over https its cookie is sent from pages of other sites, too,
    /// where browsers allow that. [`LocalClerk::issuer`] is the address that clerk-js takes when a page names no other.
    ///
    /// Choose a host that you control, below `.test` for example: the owner of its DNS records could let their own
    /// pages call the instance.
    #[must_use]
    pub fn public_url(mut self, url: &str) -> Self {
        self.public_url = Some(url.to_owned());
        self
    }

    /// The app's own sign-in page, `http://localhost:3000/sign-in` for example; default: the instance's own page. Links
    /// of sign-in tokens and actor tokens open it, and lead nowhere without it; clerk-js uses it when the page names no
    /// other. It must be at a loopback address or an allowed origin.
    #[must_use]
    pub fn app_sign_in_url(mut self, url: &str) -> Self {
        self.app_sign_in_url = Some(url.to_owned());
        self
    }

    /// The app's own sign-up page, `http://localhost:3000/sign-up` for example; default: the sign-in page. clerk-js
    /// uses it when the page names no other.
    #[must_use]
    pub fn app_sign_up_url(mut self, url: &str) -> Self {
        self.app_sign_up_url = Some(url.to_owned());
        self
    }

    /// The app's own waitlist page, `http://localhost:3000/waitlist` for example; default: the sign-up page. clerk-js
    /// uses it when the page names no other.
    #[must_use]
    pub fn app_waitlist_url(mut self, url: &str) -> Self {
        self.app_waitlist_url = Some(url.to_owned());
        self
    }

    /// Lets pages at this origin, `http://app.test:3000` for example, use the instance, which may also redirect to
    /// them and send webhooks there. Pages at loopback addresses always may.
    #[must_use]
    pub fn allow_redirect_origin(mut self, origin: &str) -> Self {
        self.allowed_origins.push(origin.to_owned());
        self
    }

    /// Listens on this address, `0.0.0.0` in a container for example; default: loopback addresses alone, `127.0.0.1`
    /// and `[::1]`.
    ///
    /// **Then each machine that reaches the address can sign in as any user and mint tokens**: give the port to no
    /// network but that of the containers. Requests must still name a host of the instance; see
    /// [`allow_host`](Self::allow_host).
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::net::Ipv4Addr;
    ///
    /// let builder = clerk_local::LocalClerk::builder().frontend_port(4400).backend_port(4401);
    /// let local = builder.listen(Ipv4Addr::UNSPECIFIED.into()).allow_host("clerk-local").start().await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub const fn listen(mut self, address: IpAddr) -> Self {
        self.listen = Some(address);
        self
    }

    /// Answers to this host, too, the name of its container for example: both APIs, the pages and the console. Default:
    /// `localhost` and loopback addresses alone.
    #[must_use]
    pub fn allow_host(mut self, host: &str) -> Self {
        self.allowed_hosts.push(host.to_owned());
        self
    }

    /// Lifetime of the session tokens of browsers, in whole seconds; default: 60 seconds.
    #[must_use]
    pub const fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime;
        self
    }

    /// Whether OAuth applications get access tokens in JWT form, which are verified without a look-up; default: opaque
    /// ones, as with Clerk.
    #[must_use]
    pub const fn oauth_jwt_access_tokens(mut self, jwt: bool) -> Self {
        self.oauth_jwt = jwt;
        self
    }

    /// What users can do; default: the settings of the data file or of the seed, or else everything.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = Some(settings);
        self
    }

    /// Sends webhooks to this address of the application, `http://localhost:3000/webhooks` for example: see
    /// [`LocalClerk::add_webhook_endpoint`].
    #[must_use]
    pub fn webhook_endpoint(mut self, url: &str) -> Self {
        self.webhooks.endpoints.push(url.to_owned());
        self
    }

    /// The waits after failed attempts to deliver a webhook; default: 1, 5, 30 and 120 seconds. Clerk's own schedule
    /// takes more than a day.
    #[must_use]
    pub fn webhook_retries(mut self, waits: impl IntoIterator<Item = Duration>) -> Self {
        self.webhooks.retries = waits.into_iter().collect();
        self
    }

    /// Keeps users, organizations, sessions, tokens, settings, the outbox and keys in this SQLite file, so that the
    /// next instance with the file continues; default: in memory. The seed is used for a new file only. Sign-ins and
    /// sign-ups in progress, OAuth codes, webhook endpoints and messages, and the log of requests stay in memory.
    #[cfg(feature = "sqlite")]
    #[cfg_attr(docsrs, doc(cfg(feature = "sqlite")))]
    #[must_use]
    pub fn data_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.data_file = Some(path.into());
        self
    }

    /// Serves Clerk's scripts for browsers from this folder, with `@clerk/clerk-js/dist` and `@clerk/ui/dist` in it, as
    /// `npm pack` unpacks them; pages find them under `/npm/`. A project's `node_modules` works, too.
    #[must_use]
    pub fn npm_folder(mut self, path: impl Into<PathBuf>) -> Self {
        self.npm_folder = Some(path.into());
        self
    }

    /// Generates new signing keys, which takes 0.1 s and often several times that.
    ///
    /// Otherwise an instance in memory has keys of earlier runs, stored in the user's cache directory and readable by
    /// the user only: `$XDG_CACHE_HOME/clerk-local` or `~/.cache/clerk-local`. Instances of one process never share
    /// keys; those of two processes may. `CLERK_LOCAL_FRESH_KEYS=1` in the environment does this for every instance.
    #[must_use]
    pub const fn fresh_keys(mut self) -> Self {
        self.keys = KeySource::Fresh;
        self
    }

    /// Starts the instance.
    ///
    /// # Errors
    /// When a port cannot be listened on, a webhook endpoint is not on this machine, the npm folder does not exist, or
    /// an address is invalid; the error says what to do.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub async fn start(mut self) -> Result<LocalClerk, StartError> {
        let public_url = self
            .public_url
            .take()
            .map(|text| loopback::parse_origin(&text).ok_or_else(|| StartError::public_url(&text)));
        let public_url = public_url.transpose()?;
        // The instance's own forms and pages are at that origin.
        self.allowed_origins.extend(public_url.as_ref().map(|url| url.origin().ascii_serialization()));
        let allowed = |text: Option<String>| {
            let url = text.map(|text| {
                loopback::allowed_redirect(&text, &self.allowed_origins).ok_or_else(|| StartError::app_page_url(&text))
            });
            url.transpose()
        };
        let app_sign_in_url = allowed(self.app_sign_in_url)?;
        let (app_sign_up_url, app_waitlist_url) = (allowed(self.app_sign_up_url)?, allowed(self.app_waitlist_url)?);
        keys::warm_up();
        let now = self.clock.now();
        let seed = self.seed.clone();
        #[cfg(feature = "sqlite")]
        let (store, keys) = match self.data_file {
            // The keys are the file's own, which no other instance has.
            Some(path) => (DataFile::open(&path)?.store(|| seed.into_store(now))?, KeySource::Fresh),
            None => (seed.into_store(now), self.keys),
        };
        #[cfg(not(feature = "sqlite"))]
        let (store, keys) = (seed.into_store(now), self.keys);
        let npm_folder = self.npm_folder.as_deref().map(npm::check_folder).transpose()?;
        self.webhooks.allowed_origins.clone_from(&self.allowed_origins);
        let of_seed = self.seed.settings().cloned().unwrap_or_default();
        let stored = || Settings::from_text(&store.setting(SETTINGS, || Ok(of_seed.to_text())).ok()?);
        let settings = self.settings.or_else(stored).unwrap_or_else(|| of_seed.clone());
        let mut shared = Shared::new(self.clock, self.webhooks, store, self.seed, keys)?;
        (shared.allowed_origins, shared.allowed_hosts) = (self.allowed_origins, self.allowed_hosts);
        (shared.token_lifetime, shared.oauth_jwt) = (self.token_lifetime, self.oauth_jwt);
        shared.npm_folder = npm_folder;
        (shared.public_url, shared.app_sign_in_url) = (public_url, app_sign_in_url);
        (shared.app_sign_up_url, shared.app_waitlist_url) = (app_sign_up_url, app_waitlist_url);
        shared.set_settings(settings);
        let shared = Arc::new(shared);
        let backend = Server::start(self.listen, self.backend_port, backend_api::routes(Arc::clone(&shared))).await?;
        let faults = middleware::from_fn_with_state(Arc::clone(&shared), faults::apply_to_frontend_api);
        let frontend = frontend_api::routes(Arc::clone(&shared))
            .layer(faults)
            .layer(middleware::from_fn(request_log::log_request));
        let frontend = Server::start(self.listen, self.frontend_port, frontend).await?;
        let frontend_api_url = format!("http://localhost:{}", frontend.port);
        shared.set_frontend_api_url(&frontend_api_url);
        Ok(LocalClerk {
            shared,
            backend_api_url: format!("http://127.0.0.1:{}", backend.port),
            frontend_api_url,
            servers: vec![backend, frontend],
        })
    }
}
