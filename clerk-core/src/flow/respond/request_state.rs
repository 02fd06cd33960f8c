//! What the flow decided about a request.

use std::{borrow::Cow, fmt, time::Duration};

use super::refusals::Refusals;
use crate::{
    auth::{AuthState, Reason, Session, SessionStatus},
    backend::http::FetchError,
    base::names::header,
    config::InstanceType,
    flow::{context::Context, verify::NotVerified},
    observe::AuditRequest,
    token::TokenType,
};

/// What was decided about a request: who sent it, and what the answer must carry.
///
/// The adapters do with it what you would do by hand: what its [decision](Self::into_decision) says, which is to answer
/// with a redirect if there is [one](Self::redirect), else to hand the [`AuthState`] on and append the
/// [headers](Self::response_headers) to whatever is answered.
#[derive(Clone)]
pub struct RequestState {
    auth: AuthState,
    message: bool,
    /// Apart, because most requests have none and every one is moved about.
    extras: Option<Box<Extras>>,
}

/// What few answers carry.
#[derive(Clone, Default)]
struct Extras {
    handshake: bool,
    headers: Vec<(&'static str, String)>,
    sign_in: Option<String>,
    refusals: Option<Refusals>,
    /// What the audit trail is to know, where there is one.
    seen: Option<Box<AuditRequest>>,
    /// Whether one handshake more would not help.
    loops: bool,
}

/// How far a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthStatus {
    /// The browser is sent to Clerk, to come back with a session or the certainty that there is none.
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
        Self { message, ..Self::plain(auth) }
    }

    pub(crate) const fn plain(auth: AuthState) -> Self {
        Self { auth, message: false, extras: None }
    }

    /// Signed out, as far as session tokens go.
    pub(crate) fn signed_out(reason: Reason, context: &Context<'_>) -> Self {
        Self::new(AuthState::signed_out(reason, Some(TokenType::SessionToken)), context)
    }

    /// Signed out, as far as tokens of this kind go.
    pub(crate) fn signed_out_as(kind: TokenType, reason: Reason, context: &Context<'_>) -> Self {
        Self::new(AuthState::signed_out(reason, Some(kind)), context)
    }

    /// The key of a session token cannot be had at this moment.
    pub(crate) fn keys_unavailable(wait: Duration, cause: FetchError, context: &Context<'_>) -> Self {
        Self::new(AuthState::Unavailable(NotVerified::unavailable(wait, cause)), context)
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

    /// The same with what becomes of its session; without its headers where that is nothing.
    pub(crate) fn and_then(self, judge: impl FnOnce(Session) -> Result<Session, Self>) -> Self {
        match self.auth {
            AuthState::SignedIn(session) => match judge(session) {
                Ok(session) => Self { auth: AuthState::SignedIn(session), ..self },
                Err(refused) => refused,
            },
            _ => self,
        }
    }

    /// The same for a browser that goes round in circles.
    pub(crate) fn looping(mut self) -> Self {
        self.extras_mut().loops = true;
        self
    }

    pub(crate) fn with_sign_in(mut self, location: String) -> Self {
        self.extras_mut().sign_in = Some(location);
        self
    }

    /// The same for a layer whose refusals look otherwise than usual.
    pub(crate) fn with_refusals(mut self, refusals: &Refusals) -> Self {
        self.extras_mut().refusals = Some(refusals.clone());
        self
    }

    /// The same for a request that is to be in the audit trail.
    pub(crate) fn with_seen(mut self, seen: Box<AuditRequest>) -> Self {
        self.extras_mut().seen = Some(seen);
        self
    }

    pub(crate) fn take_seen(&mut self) -> Option<Box<AuditRequest>> {
        self.extras.as_mut()?.seen.take()
    }

    pub(crate) fn into_parts(self) -> (AuthState, Option<String>, Option<Refusals>) {
        let (sign_in, refusals) = self.extras.map(|extras| (extras.sign_in, extras.refusals)).unwrap_or_default();
        (self.auth, sign_in, refusals)
    }

    /// Whether the answer is left as it is.
    pub(crate) const fn edits_nothing(&self) -> bool {
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

    /// Who sent the request, without what the answer must carry.
    #[must_use]
    pub fn into_auth(self) -> AuthState {
        self.auth
    }

    /// How far the request came.
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

    /// The result in one word for spans and metrics, which tell more apart than Clerk's own SDK does.
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

    /// Why the request is not signed in, or why it is sent through a handshake.
    #[must_use]
    pub const fn reason(&self) -> Option<&Reason> {
        self.auth.reason()
    }

    /// Where the browser must be sent, with status 307, instead of being answered.
    #[must_use]
    pub fn redirect(&self) -> Option<&str> {
        self.own_headers().iter().find(|(name, _)| *name == "location").map(|(_, value)| &**value)
    }

    /// The page to answer with, status 500, instead of what was asked for: a page of a development instance shows that
    /// something is set up wrongly, and going on would lead in circles.
    #[must_use]
    pub fn error_page(&self) -> Option<String> {
        let reason = self.reason().filter(|_| self.message)?;
        match &self.auth {
            AuthState::Misconfigured(_) => Some(format!("Clerk: {}.\n\n({reason})\n", reason.detail())),
            _ if self.extras.as_ref().is_some_and(|extras| extras.loops) => Some(format!(
                "Clerk: this browser went through handshake after handshake and is still not settled, so the loop was stopped.\n\nMostly CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY are of different instances: copy both from the same page of the Clerk dashboard, API keys, and clear this site's cookies. Otherwise check that this machine's clock is right, and that cookies reach this server.\n\nWhat was wrong the last time: {} ({reason}).\n",
                reason.detail()
            )),
            _ => None,
        }
    }

    /// What to append to the answer: `Location`, `Set-Cookie` and the like, and `x-clerk-auth-...` that say why nobody
    /// is signed in. Names are in lower case.
    pub fn response_headers(&self) -> impl Iterator<Item = (&'static str, Cow<'_, str>)> {
        let own = self.own_headers().iter().map(|(name, value)| (*name, Cow::Borrowed(&**value)));
        own.chain(self.explanation())
    }

    /// Why nobody is signed in.
    pub(crate) fn explanation<'v>(&self) -> impl Iterator<Item = (&'static str, Cow<'v, str>)> {
        let explanation = self.reason().into_iter().flat_map(|reason| {
            [
                (header::AUTH_STATUS, Some(Cow::Borrowed(self.status().as_str()))),
                (header::AUTH_REASON, Some(reason.as_str())),
                (header::AUTH_MESSAGE, self.message.then(|| Cow::Borrowed(reason.detail()))),
            ]
        });
        explanation.filter_map(|(name, value)| Some((name, value?)))
    }
}

impl AuthStatus {
    /// The status as Clerk's own SDK spells it.
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

/// Signed out because something is set up wrongly.
pub(crate) fn misconfigured(reason: Reason, context: &Context<'_>) -> RequestState {
    tracing::error!(target: "clerk", reason = %reason, detail = reason.detail(), "a request shows that something is set up wrongly");
    RequestState::new(AuthState::misconfigured(reason), context)
}
