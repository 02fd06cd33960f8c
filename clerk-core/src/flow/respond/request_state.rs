//! [`RequestState`]: the result of the flow.

use std::{borrow::Cow, fmt, time::Duration};

use super::{refusals::RefusalSettings, sign_in::SignedOutPage};
use crate::{
    auth::{AuthState, Reason, Session, SessionStatus},
    backend::{
        api::BackendError,
        http::{FetchError, is_secret_key_error},
    },
    base::{names::header, retry::RETRY_AFTER},
    config::InstanceType,
    flow::{context::Context, notice::Notice, verify::NotVerified},
    observe::AuditRequest,
    token::TokenType,
};

/// Result of authenticating a request: who sent it, and what the response must contain.
///
/// The adapters apply its [decision](Self::into_decision). To do it by hand: answer with the
/// [redirect](Self::redirect) if there is one; otherwise hand on the [`AuthState`], and append the
/// [headers](Self::response_headers) to the response.
#[derive(Clone)]
pub struct RequestState {
    auth: AuthState,
    message: bool,
    /// Whether a header names the reason.
    names_reason: bool,
    /// Boxed, because most requests have none, and a smaller struct is cheaper to move.
    extras: Option<Box<Extras>>,
}

/// What only a few responses need.
#[derive(Clone, Default)]
struct Extras {
    handshake: bool,
    headers: Vec<(&'static str, String)>,
    signed_out_page: Option<SignedOutPage>,
    refusals: Option<RefusalSettings>,
    /// The request's data for the audit trail, if that is on.
    audit: Option<Box<AuditRequest>>,
    /// Whether one more redirect would not help.
    redirects_stopped: bool,
    /// Whether the caller acts for another organization than the path's.
    forbidden: bool,
}

/// Status of a request's authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthStatus {
    /// The browser is redirected to Clerk, which sends it back signed in or signed out.
    Handshake,
    /// A verified token.
    SignedIn,
    /// No accepted token.
    SignedOut,
}

impl RequestState {
    pub(crate) fn new(auth: AuthState, context: &Context<'_>) -> Self {
        let development = context.settings.instance_type() == InstanceType::Development;
        let message = context.options.message_header.unwrap_or(development);
        let names_reason = context.options.reason_header.unwrap_or(development);
        Self { message, names_reason, ..Self::plain(auth) }
    }

    pub(crate) const fn plain(auth: AuthState) -> Self {
        Self { auth, message: false, names_reason: false, extras: None }
    }

    /// Signed out, with the session token as the expected type.
    pub(crate) fn signed_out(reason: Reason, context: &Context<'_>) -> Self {
        Self::new(AuthState::signed_out(reason, Some(TokenType::SessionToken)), context)
    }

    /// Signed out, with this expected type of token.
    pub(crate) fn signed_out_as(kind: TokenType, reason: Reason, context: &Context<'_>) -> Self {
        Self::new(AuthState::signed_out(reason, Some(kind)), context)
    }

    /// The key of a session token is unavailable at the moment.
    pub(crate) fn keys_unavailable(wait: Duration, cause: FetchError, context: &Context<'_>) -> Self {
        Self::new(AuthState::Unavailable(NotVerified::unavailable(wait, cause)), context)
    }

    /// 503, if Clerk did not answer a question about what the request presents; `None` if Clerk refused it.
    pub(crate) fn unanswered(error: &BackendError, context: &Context<'_>) -> Option<Self> {
        let reason = match error {
            BackendError::Refused { status: 401 | 403, code: Some(code) } if is_secret_key_error(code) => {
                Reason::SecretKeyInvalid
            }
            BackendError::Refused { status: 408 | 425 | 429, .. } => Reason::Unreachable,
            // A response without a code of Clerk's may come from another server.
            BackendError::Refused { status: 400..=499, code: Some(code) } if &**code != "unexpected_error" => {
                return None;
            }
            BackendError::Busy | BackendError::Fetch(_) | BackendError::Malformed | BackendError::Refused { .. } => {
                Reason::Unreachable
            }
        };
        Some(Self::new(AuthState::unavailable(reason, TokenType::SessionToken, RETRY_AFTER), context))
    }

    pub(crate) fn handshake(reason: Reason, context: &Context<'_>) -> Self {
        let mut state = Self::signed_out(reason, context);
        state.extras_mut().handshake = true;
        state
    }

    pub(crate) fn with_headers(mut self, headers: Vec<(&'static str, String)>) -> Self {
        self.extras_mut().headers = headers;
        self
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.extras_mut().headers.push((name, value));
        self
    }

    /// Replaces the session of a signed-in state.
    pub(crate) fn replace_session(&mut self, session: Session) {
        self.auth = AuthState::SignedIn(session);
    }

    /// Marks a browser that one more redirect would not help.
    pub(crate) fn with_redirects_stopped(mut self) -> Self {
        self.extras_mut().redirects_stopped = true;
        self
    }

    pub(crate) fn are_redirects_stopped(&self) -> bool {
        self.extras.as_ref().is_some_and(|extras| extras.redirects_stopped)
    }

    /// Refuses the caller, who is not allowed to use this path.
    pub(crate) fn with_forbidden(mut self) -> Self {
        self.extras_mut().forbidden = true;
        self
    }

    /// Whether the request must be answered with 403: an [`OrganizationSync`](crate::browser::OrganizationSync) refuses it.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.extras.as_ref().is_some_and(|extras| extras.forbidden)
    }

    /// Adds what a page answers instead of a refusal while the user is signed out.
    pub(crate) fn with_signed_out_page(mut self, page: SignedOutPage) -> Self {
        self.extras_mut().signed_out_page = Some(page);
        self
    }

    /// Whether a header of the response names the reason.
    pub(crate) const fn names_reason(&self) -> bool {
        self.names_reason
    }

    /// Whether the response says in words what is wrong.
    pub(crate) const fn says_why(&self) -> bool {
        self.message
    }

    /// Adds the layer's settings of refusals.
    pub(crate) fn with_refusals(mut self, refusals: RefusalSettings) -> Self {
        self.extras_mut().refusals = Some(refusals);
        self
    }

    /// Adds the request's data for the audit trail.
    pub(crate) fn with_audit(mut self, audit: Box<AuditRequest>) -> Self {
        self.extras_mut().audit = Some(audit);
        self
    }

    pub(crate) fn take_audit(&mut self) -> Option<Box<AuditRequest>> {
        self.extras.as_mut()?.audit.take()
    }

    pub(crate) fn into_parts(self) -> (AuthState, Option<SignedOutPage>, Option<RefusalSettings>) {
        let parts = self.extras.map(|extras| (extras.signed_out_page, extras.refusals));
        let (page, refusals) = parts.unwrap_or_default();
        (self.auth, page, refusals)
    }

    /// Whether the inner service's response stays unchanged.
    pub(crate) const fn leaves_response_unchanged(&self) -> bool {
        self.extras.is_none() && self.auth.is_authenticated()
    }

    fn extras_mut(&mut self) -> &mut Extras {
        self.extras.get_or_insert_default()
    }

    pub(crate) fn own_headers(&self) -> &[(&'static str, String)] {
        self.extras.as_ref().map_or(&[], |extras| &extras.headers)
    }

    /// Who sent the request.
    #[must_use]
    pub const fn auth(&self) -> &AuthState {
        &self.auth
    }

    /// Who sent the request; drops what the response must contain.
    #[must_use]
    pub fn into_auth(self) -> AuthState {
        self.auth
    }

    /// Status of the authentication.
    #[must_use]
    pub fn status(&self) -> AuthStatus {
        if self.extras.as_ref().is_some_and(|extras| extras.handshake) {
            AuthStatus::Handshake
        } else if self.auth.is_authenticated() {
            AuthStatus::SignedIn
        } else {
            AuthStatus::SignedOut
        }
    }

    /// The result in one word for spans and metrics. It has more values than Clerk's own status.
    pub(crate) fn label(&self) -> &'static str {
        match &self.auth {
            AuthState::Unavailable(_) => "unavailable",
            AuthState::Misconfigured(_) => "misconfigured",
            AuthState::SignedIn(session) if session.status() == SessionStatus::Pending => "pending",
            AuthState::SignedIn(_)
            | AuthState::ApiKey(_)
            | AuthState::M2mToken(_)
            | AuthState::OAuthToken(_)
            | AuthState::SignedOut(_) => self.status().as_str(),
        }
    }

    /// Why the request is not signed in, or why it needs a handshake.
    #[must_use]
    pub const fn reason(&self) -> Option<&Reason> {
        self.auth.reason()
    }

    /// The URL that the browser must be redirected to with status 307.
    #[must_use]
    pub fn redirect(&self) -> Option<&str> {
        self.own_headers().iter().find(|(name, _)| *name == "location").map(|(_, value)| &**value)
    }

    /// The body of an error page to answer with, status 500. In development it shows a wrong configuration, or why a
    /// browser is not redirected again.
    #[must_use]
    pub fn error_page(&self) -> Option<String> {
        let reason = self.reason().filter(|_| self.message)?;
        match &self.auth {
            AuthState::Misconfigured(_) => Some(format!("Clerk: {}.\n\n({reason})\n", reason.detail())),
            _ if self.are_redirects_stopped() => Some(format!(
                "Clerk: this browser came back from Clerk several times without a result, so it is not redirected again.\n\nIn most cases CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY belong to different instances: copy both from the same page of the Clerk dashboard, API keys, and clear this site's cookies. Otherwise check that this machine's clock is right, and that cookies reach this server.\n\nThe last problem: {} ({reason}).\n",
                reason.detail()
            )),
            _ => None,
        }
    }

    /// The headers to append to the response: `location`, `set-cookie` and others, and `x-clerk-auth-...` with the
    /// reason why the request is not signed in. Names are in lower case.
    pub fn response_headers(&self) -> impl Iterator<Item = (&'static str, Cow<'_, str>)> {
        let own = self.own_headers().iter().map(|(name, value)| (*name, Cow::Borrowed(&**value)));
        own.chain(self.reason_headers())
    }

    /// The `x-clerk-auth-...` headers: the status, and if they are on, the reason and the message.
    pub(crate) fn reason_headers<'v>(&self) -> impl Iterator<Item = (&'static str, Cow<'v, str>)> {
        let headers = self.reason().into_iter().flat_map(|reason| {
            [
                (header::AUTH_STATUS, Some(Cow::Borrowed(self.status().as_str()))),
                (header::AUTH_REASON, self.names_reason.then(|| reason.as_str())),
                (header::AUTH_MESSAGE, self.message.then(|| Cow::Borrowed(reason.detail()))),
            ]
        });
        headers.filter_map(|(name, value)| Some((name, value?)))
    }
}

impl AuthStatus {
    /// The status in the spelling of Clerk's own SDKs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Handshake => "handshake",
            Self::SignedIn => "signed-in",
            Self::SignedOut => "signed-out",
        }
    }
}

impl fmt::Debug for RequestState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The headers may hold tokens.
        f.debug_struct("RequestState").field("auth", &self.auth).field("status", &self.status()).finish_non_exhaustive()
    }
}

/// Signed out because the configuration is wrong.
pub(crate) fn misconfigured(reason: Reason, context: &Context<'_>) -> RequestState {
    if let Some(left_out) = context.log_limits.admit(Notice::Misconfigured, context.now) {
        tracing::warn!(target: "clerk", reason = %reason, detail = reason.detail(), left_out, "a request shows that the configuration is wrong");
    }
    RequestState::new(AuthState::misconfigured(reason), context)
}
