//! [`Authenticator`]: how one layer wants its requests judged.

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
    flow::{Audience, Options, OrganizationSync, RequestState, RequestView, Resource},
    observe::{AuditSink, Sink},
    revocation::StalePolicy,
    token::{AcceptsToken, TokenType},
};

/// Which instance judges a request, and by which policy: that of an API, or that of pages.
///
/// An API never redirects, and accepts session tokens alone unless told otherwise. Each framework's layer is made of one.
///
/// ```no_run
/// use clerk_core::{Authenticator, Clerk, TokenType};
///
/// let clerk = Clerk::from_env()?;
/// let pages = Authenticator::new(clerk.clone()).pages()?;
/// let api = Authenticator::new(clerk).accepts([TokenType::SessionToken, TokenType::ApiKey])?;
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Authenticator(Arc<Inner>);

/// Behind one count of references, because routers clone their layers for each request.
#[derive(Clone)]
struct Inner {
    instances: Instances,
    options: Arc<Options>,
}

#[derive(Clone)]
enum Instances {
    One(Clerk),
    Chosen(Arc<Choose>),
}

/// Finds the instance for a request.
type Choose = dyn Fn(&RequestView<'_>) -> Option<Clerk> + Send + Sync;

impl Authenticator {
    fn of(instances: Instances) -> Self {
        Self(Arc::new(Inner { instances, options: Arc::default() }))
    }

    /// The API policy, with one instance.
    #[must_use]
    pub fn new(clerk: Clerk) -> Self {
        Self::of(Instances::One(clerk))
    }

    /// The API policy, with the instance of the host that a request names; hosts are compared without their port.
    ///
    /// A request for any other host is signed out.
    ///
    /// ```no_run
    /// # fn run(acme: clerk_core::Clerk, globex: clerk_core::Clerk) {
    /// let tenants = clerk_core::Authenticator::by_host([("acme.example.com", acme), ("globex.example.com", globex)]);
    /// # }
    /// ```
    #[must_use]
    pub fn by_host<H: Into<String>>(instances: impl IntoIterator<Item = (H, Clerk)>) -> Self {
        let instances: Vec<(String, Clerk)> =
            instances.into_iter().map(|(host, clerk)| (host.into().to_ascii_lowercase(), clerk)).collect();
        Self::by_request(move |view| {
            let host = view.host()?.to_ascii_lowercase();
            let name = host
                .rsplit_once(':')
                .map_or(&*host, |(name, port)| if port.bytes().all(|b| b.is_ascii_digit()) { name } else { &host });
            instances.iter().find(|(known, _)| known == name).map(|(_, clerk)| clerk.clone())
        })
    }

    /// The API policy, with an instance chosen for each request; where there is none, the request is signed out.
    #[must_use]
    pub fn by_request(choose: impl Fn(&RequestView<'_>) -> Option<Clerk> + Send + Sync + 'static) -> Self {
        Self::of(Instances::Chosen(Arc::new(choose)))
    }

    /// The policy of pages: a browser whose session is unsettled is sent through a handshake.
    ///
    /// # Errors
    /// When the publishable key or the secret key is missing: a handshake leads to the one, and is finished with the
    /// other.
    pub fn pages(mut self) -> Result<Self, ConfigError> {
        if self.0.options.accepts.accepts(TokenType::SessionToken)
            && let Instances::One(clerk) = &self.0.instances
        {
            let missing = if clerk.publishable_key().is_none() {
                Some("CLERK_PUBLISHABLE_KEY")
            } else if clerk.backend().is_none_or(|backend| backend.secret_key.is_none()) {
                Some("CLERK_SECRET_KEY")
            } else {
                None
            };
            if let Some(variable) = missing {
                return Err(ConfigError::new(
                    ConfigErrorKind::MissingKeys,
                    format!(
                        "pages need {variable}, because browsers are sent through Clerk's handshake: set it, or use the API policy"
                    ),
                ));
            }
        }
        self.options_mut().pages = true;
        Ok(self)
    }

    /// The kinds of tokens that are accepted.
    ///
    /// # Errors
    /// When a kind could not be verified: API keys and OAuth tokens need the secret key, M2M tokens that or a machine
    /// secret key; OAuth tokens need the publishable key besides.
    pub fn accepts(mut self, accepts: impl Into<AcceptsToken>) -> Result<Self, ConfigError> {
        let accepts = accepts.into();
        if let Instances::One(clerk) = &self.0.instances {
            let secret = clerk.backend().is_some_and(|backend| backend.secret_key.is_some());
            let needs_secret = accepts.accepts(TokenType::ApiKey) || accepts.accepts(TokenType::OAuthToken);
            let needs_either = accepts.accepts(TokenType::M2mToken);
            if (needs_secret && !secret) || (needs_either && clerk.backend().is_none()) {
                return Err(ConfigError::new(
                    ConfigErrorKind::MissingKeys,
                    "machine tokens are looked up with the Backend API: set CLERK_SECRET_KEY (for M2M tokens CLERK_MACHINE_SECRET_KEY will do)",
                ));
            }
            if accepts.accepts(TokenType::OAuthToken) && clerk.publishable_key().is_none() {
                return Err(ConfigError::new(
                    ConfigErrorKind::MissingKeys,
                    "OAuth tokens name the instance that issued them: set CLERK_PUBLISHABLE_KEY, so that others' are refused",
                ));
            }
        }
        self.options_mut().accepts = accepts;
        Ok(self)
    }

    /// Pages that belong to an organization, or to nobody but the user.
    #[must_use]
    pub fn organization_sync(mut self, sync: OrganizationSync) -> Self {
        self.options_mut().organization_sync = Some(sync);
        self
    }

    /// Sends a browser whose page was refused with 401 to the sign-in page, and from there back.
    #[must_use]
    pub fn redirect_to_sign_in(mut self) -> Self {
        self.options_mut().sign_in = true;
        self
    }

    /// Whether an expired session is refreshed through the Backend API, where the request carries what that needs; it
    /// is unless switched off.
    #[must_use]
    pub fn refresh(mut self, refresh: bool) -> Self {
        self.options_mut().refresh = refresh;
        self
    }

    /// Accepts a session token among the subprotocols of a WebSocket upgrade, where scripts in a browser can put one; see
    /// [`websocket`](crate::websocket).
    ///
    /// ```no_run
    /// # fn run(clerk: clerk_core::Clerk) -> Result<(), clerk_core::ConfigError> {
    /// use clerk_core::Authenticator;
    ///
    /// let sockets = Authenticator::new(clerk).websocket().websocket_origins(["https://app.example.com"])?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn websocket(mut self) -> Self {
        self.options_mut().websocket = true;
        self
    }

    /// Origins whose pages may open a WebSocket with the browser's cookies, besides the application's own; to all others
    /// the cookies do not count.
    ///
    /// # Errors
    /// When one is no origin (`https://app.example.com`, without a path).
    pub fn websocket_origins<I>(mut self, origins: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        self.options_mut().websocket_origins =
            origins.into_iter().map(|one| origin(one.as_ref())).collect::<Result<_, _>>()?;
        Ok(self)
    }

    /// What becomes of a session's requests here while revocations may be missing; what the
    /// [store](crate::ClerkBuilder::revocation) has chosen unless set.
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

    /// Asks the Backend API about the session of each request here, rather than to trust its token: for the few routes where
    /// a sign-out of a minute ago would be one too late. An answer counts for `max_age`, 60 s at most and not at all with 0.
    ///
    /// Each time costs a call, of which an instance has a
    /// [limited number](https://clerk.com/docs/guides/how-clerk-works/system-limits); requests of one session at the same
    /// moment share theirs, and 4096 sessions are remembered. When there is no answer the request is refused with 503: not
    /// let in, and not signed out.
    ///
    /// ```no_run
    /// # fn run(clerk: clerk_core::Clerk) -> Result<(), clerk_core::ConfigError> {
    /// use std::time::Duration;
    ///
    /// let payments = clerk_core::Authenticator::new(clerk).strict(Duration::from_secs(2))?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When there is no secret key to ask with, or `max_age` is above 60 s: the token is good for that long by itself.
    pub fn strict(mut self, max_age: Duration) -> Result<Self, ConfigError> {
        if max_age > LONGEST_MAX_AGE {
            return Err(ConfigError::new(
                ConfigErrorKind::InvalidSetting,
                "a strict route remembers for 60 s at most what the Backend API says about a session",
            ));
        }
        if let Instances::One(clerk) = &self.0.instances
            && clerk.backend().is_none_or(|backend| backend.secret_key.is_none())
        {
            return Err(ConfigError::new(
                ConfigErrorKind::MissingKeys,
                "strict routes ask the Backend API about sessions: set CLERK_SECRET_KEY",
            ));
        }
        self.options_mut().strict = Some(max_age);
        Ok(self)
    }

    /// Whether `x-clerk-auth-message` spells out why a request is not signed in; in development alone unless set.
    #[must_use]
    pub fn message_header(mut self, message_header: bool) -> Self {
        self.options_mut().message_header = Some(message_header);
        self
    }

    /// Answers refused requests otherwise than usual: `None` leaves a refusal as it is.
    ///
    /// All of them come by here, whoever refuses: the layers, the extractors, and your own handlers with a [`Denied`].
    ///
    /// ```no_run
    /// # fn run(clerk: clerk_core::Clerk) {
    /// use clerk_core::{HttpResponse, Authenticator};
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

    /// Where this layer's [audit events](crate::observe#the-audit-trail) go, in the place of the instance's
    /// [sink](crate::ClerkBuilder::audit); also those of requests for which there is no instance.
    #[must_use]
    pub fn audit(mut self, sink: impl AuditSink) -> Self {
        self.options_mut().audit = Some(Sink(Arc::new(sink)));
        self
    }

    /// The same for one resource: tokens must be meant for it, and refusals say how to get one.
    pub(crate) fn of_resource(mut self, audience: Audience, metadata: Arc<str>, scopes: Arc<[Box<str>]>) -> Self {
        let options = self.options_mut();
        options.audience = Some(audience);
        options.refusals.get_or_insert_default().resource = Some(Resource { metadata, scopes });
        self
    }

    /// Decides who sent a request. Ready at once unless something must be fetched.
    ///
    /// Never fails: what went wrong is part of the state, and for the operator in the log.
    pub fn authenticate(&self, view: &RequestView<'_>) -> Authentication {
        match &self.0.instances {
            Instances::One(clerk) => authenticate::authenticate(clerk, &self.0.options, view),
            Instances::Chosen(choose) => match choose(view) {
                Some(clerk) => authenticate::authenticate(&clerk, &self.0.options, view),
                None => authenticate::refuse_unknown_instance(&self.0.options, view),
            },
        }
    }

    /// Decides who sent a request, unless that needs a fetch: then `None`.
    #[must_use]
    pub fn authenticate_now(&self, view: &RequestView<'_>) -> Option<RequestState> {
        self.authenticate(view).into_ready().ok()
    }

    fn options_mut(&mut self) -> &mut Options {
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
