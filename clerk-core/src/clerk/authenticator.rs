//! [`Authenticator`]: how one layer authenticates its requests.

use std::{fmt, sync::Arc, time::Duration};

use super::{
    Clerk,
    authenticate::{self, Authentication},
};
use crate::{
    auth::Denied,
    backend::session_status::LONGEST_MAX_AGE,
    base::http_response::HttpResponse,
    config::{ConfigError, ConfigErrorKind, url::origin},
    flow::{Audience, AuthenticateOptions, OrganizationSync, ReplaceFn, RequestState, RequestView, Resource},
    observe::{AuditSink, Sink},
    revocation::StalePolicy,
    token::{AcceptsToken, TokenType},
};

/// The settings of one layer: which instance authenticates a request, and by which policy, that of an API or that of pages.
///
/// The API policy never redirects. By default only session tokens are accepted. Each framework's layer is built from one.
///
/// ```no_run
/// use clerk_core::{Authenticator, Clerk, TokenType};
///
/// let clerk = Clerk::from_env()?;
/// let pages = Authenticator::new(clerk.clone()).pages()?;
/// let kinds = [TokenType::SessionToken, TokenType::ApiKey];
/// let api = Authenticator::new(clerk).accepts_tokens(kinds)?;
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Authenticator(Arc<Inner>);

/// Behind one `Arc`, because routers clone their layers for each request.
#[derive(Clone)]
struct Inner {
    instances: Instances,
    options: Arc<AuthenticateOptions>,
}

#[derive(Clone)]
enum Instances {
    One(Clerk),
    Chosen(Arc<Choose>),
}

/// Finds the instance for a request.
type Choose = dyn Fn(&RequestView<'_>) -> Option<Clerk> + Send + Sync;

impl Authenticator {
    fn with_instances(instances: Instances) -> Self {
        Self(Arc::new(Inner { instances, options: Arc::default() }))
    }

    /// The API policy, with one instance.
    #[must_use]
    pub fn new(clerk: Clerk) -> Self {
        Self::with_instances(Instances::One(clerk))
    }

    /// The API policy, with one instance for each host. Hosts are compared without their port.
    ///
    /// A request for another host is signed out, and so is one whose target names another host than its `Host` header: the
    /// application may follow either. Forwarding headers are not read. To find the tenant by the instance instead, use
    /// [`Session::instance`](crate::Session::instance).
    ///
    /// ```no_run
    /// # fn run(acme: clerk_core::Clerk, globex: clerk_core::Clerk) {
    /// let hosts = [("acme.example.com", acme), ("globex.example.com", globex)];
    /// let tenants = clerk_core::Authenticator::by_host(hosts);
    /// # }
    /// ```
    #[must_use]
    pub fn by_host<H: Into<String>>(instances: impl IntoIterator<Item = (H, Clerk)>) -> Self {
        let instances: Vec<(String, Clerk)> =
            instances.into_iter().map(|(host, clerk)| (host.into().to_ascii_lowercase(), clerk)).collect();
        Self::by_request(move |view| {
            let host = view.only_host()?;
            instances.iter().find(|(known, _)| *known == host).map(|(_, clerk)| clerk.clone())
        })
    }

    /// The API policy, with an instance that `choose` returns for each request. Without one the request is signed out.
    #[must_use]
    pub fn by_request(choose: impl Fn(&RequestView<'_>) -> Option<Clerk> + Send + Sync + 'static) -> Self {
        Self::with_instances(Instances::Chosen(Arc::new(choose)))
    }

    /// The policy of pages: a browser whose session state is uncertain is redirected to Clerk's handshake, and a signed-out
    /// user whom a page refuses is redirected to the sign-in page, and back after the sign-in.
    ///
    /// A redirect that has not helped is repeated once. Then the browser gets the page as a signed-out user, or a text that
    /// explains instead of a refusal, and the log says what is wrong. The address that a repeated redirect returns to has
    /// the parameter `__clerk_redirected`.
    ///
    /// # Errors
    /// When the publishable key or the secret key is missing: a handshake needs both.
    pub fn pages(mut self) -> Result<Self, ConfigError> {
        if self.0.options.accepts.accepts(TokenType::SessionToken) {
            self.check_handshake_keys()?;
        }
        let options = self.options_mut();
        (options.pages, options.sign_in) = (true, true);
        Ok(self)
    }

    /// The kinds of tokens that are accepted (default: session tokens).
    ///
    /// # Errors
    /// When a kind cannot be verified: API keys and OAuth tokens need the secret key, M2M tokens the secret key or a machine
    /// secret key. OAuth tokens also need the publishable key.
    pub fn accepts_tokens(mut self, accepts: impl Into<AcceptsToken>) -> Result<Self, ConfigError> {
        let accepts = accepts.into();
        if let Instances::One(clerk) = &self.0.instances {
            let secret = clerk.has_secret_key();
            let needs_secret = accepts.accepts(TokenType::ApiKey) || accepts.accepts(TokenType::OAuthToken);
            let needs_either = accepts.accepts(TokenType::M2mToken);
            if (needs_secret && !secret) || (needs_either && clerk.backend().is_none()) {
                return Err(ConfigError::new(
                    ConfigErrorKind::MissingKeys,
                    "machine tokens are looked up with the Backend API: set CLERK_SECRET_KEY (for M2M tokens CLERK_MACHINE_SECRET_KEY is enough)",
                ));
            }
            if accepts.accepts(TokenType::OAuthToken) && clerk.publishable_key().is_none() {
                return Err(ConfigError::new(
                    ConfigErrorKind::MissingKeys,
                    "OAuth tokens name the instance that issued them: set CLERK_PUBLISHABLE_KEY, so that tokens of other instances are refused",
                ));
            }
        }
        self.options_mut().accepts = accepts;
        Ok(self)
    }

    /// Switches the active organization to the one in a page's URL, or to the personal account.
    #[must_use]
    pub fn organization_sync(mut self, sync: OrganizationSync) -> Self {
        self.options_mut().organization_sync = Some(sync);
        self
    }

    /// Redirects a browser to the sign-in page instead of answering its page request with 401, and back after the sign-in:
    /// the default of [pages](Self::pages).
    #[must_use]
    pub fn redirect_to_sign_in(mut self) -> Self {
        self.options_mut().sign_in = true;
        self
    }

    /// Answers 401 to a browser whose page request is refused, as an API does, instead of redirecting it to the sign-in
    /// page.
    #[must_use]
    pub fn without_sign_in_redirect(mut self) -> Self {
        self.options_mut().sign_in = false;
        self
    }

    /// Whether an expired session is refreshed with the Backend API, if the request has a refresh cookie (default: true).
    #[must_use]
    pub fn refresh(mut self, refresh: bool) -> Self {
        self.options_mut().refresh = refresh;
        self
    }

    /// Accepts a session token in the subprotocols of a WebSocket upgrade, where scripts in a browser can send one; see
    /// [`websocket`](crate::browser::websocket).
    ///
    /// ```no_run
    /// # fn run(clerk: clerk_core::Clerk) -> Result<(), clerk_core::ConfigError> {
    /// use clerk_core::Authenticator;
    ///
    /// let origins = ["https://app.example.com"];
    /// let sockets = Authenticator::new(clerk).websocket().websocket_origins(origins)?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn websocket(mut self) -> Self {
        self.options_mut().websocket = true;
        self
    }

    /// Origins whose pages may open a WebSocket with the browser's cookies, besides the application's own. The cookies are
    /// ignored for pages of other origins.
    ///
    /// # Errors
    /// When one is not an origin (`https://app.example.com`, without a path).
    pub fn websocket_origins<I>(mut self, origins: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        self.options_mut().websocket_origins =
            origins.into_iter().map(|one| origin(one.as_ref())).collect::<Result<_, _>>()?;
        Ok(self)
    }

    /// Ignores the browser's cookies in a request with an unsafe method (POST, PUT, PATCH, DELETE) that was not sent by the
    /// application's own pages: protection against cross-site request forgery. Requests with `Authorization` are not
    /// affected.
    ///
    /// The browser must say so in `Sec-Fetch-Site` (`same-origin` or `none`) or, if it does not send that, in `Origin`. A
    /// request that says neither is signed out, as one of a script with copied cookies. Without this setting, only the
    /// `SameSite` attribute of Clerk's cookies protects a route, which lets other subdomains of your site pass.
    ///
    /// ```no_run
    /// # fn run(clerk: clerk_core::Clerk) -> Result<(), clerk_core::ConfigError> {
    /// let pages = clerk_core::Authenticator::new(clerk).pages()?.same_origin_only();
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn same_origin_only(mut self) -> Self {
        self.options_mut().cookie_origins.get_or_insert_default();
        self
    }

    /// [`same_origin_only`](Self::same_origin_only), and pages of these origins may send such requests as well.
    ///
    /// # Errors
    /// When one is not an origin (`https://app.example.com`, without a path).
    pub fn same_origin_or<I>(mut self, origins: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let origins = origins.into_iter().map(|one| origin(one.as_ref())).collect::<Result<_, _>>()?;
        self.options_mut().cookie_origins = Some(origins);
        Ok(self)
    }

    /// Whether sessions are accepted while revocations may be missing (default: the choice of the
    /// [store](crate::ClerkBuilder::revocation)).
    ///
    /// ```no_run
    /// # fn run(clerk: clerk_core::Clerk) {
    /// use clerk_core::{Authenticator, revocation::StalePolicy};
    ///
    /// let payments = Authenticator::new(clerk.clone()).stale_revocations(StalePolicy::Refuse); // 503
    /// let articles = Authenticator::new(clerk).stale_revocations(StalePolicy::Accept);
    /// # }
    /// ```
    #[must_use]
    pub fn stale_revocations(mut self, stale_policy: StalePolicy) -> Self {
        self.options_mut().stale_policy = Some(stale_policy);
        self
    }

    /// Asks the Backend API whether the session of each request is still active, for routes that must notice a sign-out
    /// within seconds. A response is cached for `max_age`: at most 60 s, and not at all with 0.
    ///
    /// Each check is a call, and an instance has a
    /// [limited number](https://clerk.com/docs/guides/how-clerk-works/system-limits) of them. Requests of one session at the
    /// same time share a call, and 4096 sessions are cached. While the API cannot be reached, requests get 503: they are
    /// neither accepted nor signed out.
    ///
    /// ```no_run
    /// # fn run(clerk: clerk_core::Clerk) -> Result<(), clerk_core::ConfigError> {
    /// use std::time::Duration;
    ///
    /// let payments = clerk_core::Authenticator::new(clerk);
    /// let payments = payments.check_session_with_clerk(Duration::from_secs(2))?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When there is no secret key, or `max_age` is above 60 s: a token is valid for that long without a check.
    pub fn check_session_with_clerk(mut self, max_age: Duration) -> Result<Self, ConfigError> {
        if max_age > LONGEST_MAX_AGE {
            return Err(ConfigError::new(
                ConfigErrorKind::InvalidSetting,
                "the maximum age of a session check is 60 s",
            ));
        }
        if matches!(&self.0.instances, Instances::One(clerk) if !clerk.has_secret_key()) {
            return Err(ConfigError::new(
                ConfigErrorKind::MissingKeys,
                "a session check is a call to the Backend API: set CLERK_SECRET_KEY",
            ));
        }
        self.options_mut().session_max_age = Some(max_age);
        Ok(self)
    }

    /// Whether the header `x-clerk-auth-reason` names the [`Reason`](crate::auth::Reason) to clients (default: only for development
    /// instances). The log has it in any case.
    #[must_use]
    pub fn reason_header(mut self, reason_header: bool) -> Self {
        self.options_mut().reason_header = Some(reason_header);
        self
    }

    /// Whether the header `x-clerk-auth-message` says why a request is not signed in (default: only for development
    /// instances).
    #[must_use]
    pub fn message_header(mut self, message_header: bool) -> Self {
        self.options_mut().message_header = Some(message_header);
        self
    }

    /// Replaces the responses to refused requests; `None` keeps the usual one.
    ///
    /// Called for every refusal: by a layer, by an extractor, and by your own handlers with a [`Denied`].
    ///
    /// ```no_run
    /// # fn run(clerk: clerk_core::Clerk) {
    /// use clerk_core::{adapter::HttpResponse, Authenticator};
    ///
    /// let authenticator = Authenticator::new(clerk).refusals(|denied| {
    ///     (denied.status() == 403).then(|| HttpResponse::new(404).with_body("not found"))
    /// });
    /// # }
    /// ```
    #[must_use]
    pub fn refusals(mut self, replace: impl Fn(&Denied) -> Option<HttpResponse> + Send + Sync + 'static) -> Self {
        self.options_mut().refusals.get_or_insert_default().replace = Some(Arc::new(replace));
        self
    }

    /// Like [`refusals`](Self::refusals), for responses that depend on the request: `choose` sees each request, and returns the
    /// function that replaces its refusal. Takes the place of `refusals`.
    ///
    /// ```no_run
    /// # fn run(clerk: clerk_core::Clerk) {
    /// use clerk_core::{Authenticator, Denied, adapter::HttpResponse};
    ///
    /// // HTMX ignores the status of a redirect, and follows this header.
    /// let authenticator = Authenticator::new(clerk).refusals_by_request(|request| {
    ///     let is_htmx = request.header("hx-request").is_some();
    ///     move |denied: &Denied| {
    ///         (is_htmx && denied.is_unauthenticated())
    ///             .then(|| HttpResponse::new(200).with_header("hx-redirect", "/sign-in"))
    ///     }
    /// });
    /// # }
    /// ```
    #[must_use]
    pub fn refusals_by_request<R>(mut self, choose: impl Fn(&RequestView<'_>) -> R + Send + Sync + 'static) -> Self
    where
        R: Fn(&Denied) -> Option<HttpResponse> + Send + Sync + 'static,
    {
        let choose = move |view: &RequestView<'_>| Arc::new(choose(view)) as Arc<ReplaceFn>;
        self.options_mut().refusals.get_or_insert_default().choose = Some(Arc::new(choose));
        self
    }

    /// The sink for this layer's [audit events](crate::observe#the-audit-trail), instead of the instance's
    /// [sink](crate::ClerkBuilder::audit). It also gets the events of requests without an instance.
    #[must_use]
    pub fn audit(mut self, sink: impl AuditSink) -> Self {
        self.options_mut().audit = Some(Sink(Arc::new(sink)));
        self
    }

    /// Accepts only tokens for this protected resource; refusals say how to get one.
    pub(crate) fn for_protected_resource(
        mut self,
        audience: Audience,
        metadata: Arc<str>,
        scopes: Arc<[Box<str>]>,
    ) -> Self {
        let options = self.options_mut();
        options.audience = Some(audience);
        options.refusals.get_or_insert_default().resource = Some(Resource { metadata, scopes });
        self
    }

    /// Authenticates a request. The future is ready at once unless something must be fetched.
    ///
    /// Never fails: errors are part of the state, and are logged for the operator.
    pub fn authenticate(&self, view: &RequestView<'_>) -> Authentication {
        match &self.0.instances {
            Instances::One(clerk) => authenticate::authenticate(clerk, &self.0.options, view),
            Instances::Chosen(choose) => match choose(view) {
                Some(clerk) => authenticate::authenticate(&clerk, &self.0.options, view),
                None => authenticate::refuse_unknown_instance(&self.0.options, view),
            },
        }
    }

    /// Authenticates a request; `None` if something must be fetched for that.
    #[must_use]
    pub fn authenticate_now(&self, view: &RequestView<'_>) -> Option<RequestState> {
        self.authenticate(view).into_ready().ok()
    }

    /// Fails if a key is missing without which the one instance makes no handshake.
    fn check_handshake_keys(&self) -> Result<(), ConfigError> {
        let Instances::One(clerk) = &self.0.instances else { return Ok(()) };
        let missing = if clerk.publishable_key().is_none() {
            "CLERK_PUBLISHABLE_KEY"
        } else if !clerk.has_secret_key() {
            "CLERK_SECRET_KEY"
        } else {
            return Ok(());
        };
        Err(ConfigError::new(
            ConfigErrorKind::MissingKeys,
            format!(
                "pages need {missing}, because browsers are sent through Clerk's handshake: set it, or use the API policy"
            ),
        ))
    }

    fn options_mut(&mut self) -> &mut AuthenticateOptions {
        Arc::make_mut(&mut Arc::make_mut(&mut self.0).options)
    }
}

impl From<Clerk> for Authenticator {
    fn from(clerk: Clerk) -> Self {
        Self::new(clerk)
    }
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticator").field("options", &self.0.options).finish_non_exhaustive()
    }
}
