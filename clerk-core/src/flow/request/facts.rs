//! The facts about a request that the flow needs, each read at most once.

use std::{borrow::Cow, cell::OnceCell};

use url::Url;

use super::{
    cookies::{CookieValue, Cookies},
    credential::{Credential, find_credential, first_word},
    public_url, suffix,
    view::{RequestView, latin1},
};
use crate::{
    auth::Session,
    base::query::Query,
    flow::context::{CachedToken, Context},
    token::{TokenHints, js_number},
};

/// The largest count of redirects; more than any browser has.
const LARGEST_COUNT: f64 = 1000.0;

/// A request whose headers, cookies and query are parsed on first use.
pub(crate) struct Facts<'a> {
    view: RequestView<'a>,
    credential: OnceCell<Credential<'a>>,
    header_token: OnceCell<Option<Cow<'a, str>>>,
    cookies: OnceCell<Cookies<'a>>,
    cached_plain_token: OnceCell<Option<CachedToken>>,
    query: OnceCell<Query<'a>>,
    uses_suffixed_cookies: OnceCell<bool>,
    url: OnceCell<Option<Url>>,
}

impl<'a> Facts<'a> {
    pub(crate) const fn of(view: RequestView<'a>) -> Self {
        Self {
            view,
            credential: OnceCell::new(),
            header_token: OnceCell::new(),
            cookies: OnceCell::new(),
            cached_plain_token: OnceCell::new(),
            query: OnceCell::new(),
            uses_suffixed_cookies: OnceCell::new(),
            url: OnceCell::new(),
        }
    }

    /// Facts of a request whose `Authorization` header is already parsed.
    pub(crate) fn with_credential(view: RequestView<'a>, credential: Credential<'a>) -> Self {
        Self { credential: OnceCell::from(credential), ..Self::of(view) }
    }

    /// The token in the `Authorization` header, byte for byte and with any text that follows it. A cached token is
    /// compared with all of it.
    pub(crate) fn header_bytes(&self) -> Option<&'a [u8]> {
        match self.credential.get_or_init(|| find_credential(&self.view)) {
            Credential::Token(token) => Some(token),
            Credential::None => None,
        }
    }

    /// The token in the `Authorization` header as text, one character per byte.
    pub(crate) fn header_token(&self) -> Option<&str> {
        self.header_token.get_or_init(|| self.header_bytes().map(|bytes| latin1(first_word(bytes)))).as_deref()
    }

    pub(crate) fn header(&self, name: &str) -> Option<Cow<'a, str>> {
        self.view.header(name)
    }

    pub(crate) fn is_get(&self) -> bool {
        self.view.method == "GET"
    }

    /// Whether the method changes nothing ([RFC 9110, section 9.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1)).
    pub(crate) fn has_safe_method(&self) -> bool {
        matches!(self.view.method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
    }

    /// Whether the request is a WebSocket upgrade.
    pub(crate) fn is_upgrade(&self) -> bool {
        self.view.is_websocket_upgrade()
    }

    /// The request's URL as the browser sees it.
    pub(crate) fn url(&self, context: &Context<'_>) -> Option<&Url> {
        self.url.get_or_init(|| public_url::public_url(&self.view, &context.settings.public_origin)).as_ref()
    }

    /// The request's path as this server received it.
    pub(crate) fn received_path(&self) -> Option<String> {
        public_url::received_path(&self.view)
    }

    pub(crate) fn query(&self) -> &Query<'a> {
        self.query.get_or_init(|| {
            // Most requests have no parameter of Clerk's; a percent sign could encode one.
            let relevant = self.view.query.is_some_and(|query| query.contains("__clerk") || query.contains('%'));
            if relevant { Query::parse(self.view.query) } else { Query::default() }
        })
    }

    pub(crate) fn cookies(&self, context: &Context<'_>) -> &Cookies<'a> {
        self.cookies.get_or_init(|| Cookies::parse(&self.view, context.settings.cookie_suffix.as_deref()))
    }

    /// What the cache knows of the session token in the cookie without a suffix.
    pub(crate) fn cached_plain_token(&self, context: &Context<'_>) -> Option<&CachedToken> {
        let find = || self.cookies(context).session.plain.bytes().and_then(|token| context.cached_token(token));
        self.cached_plain_token.get_or_init(find).as_ref()
    }

    /// Whether to read the cookies with the instance's suffix instead of those without.
    pub(crate) fn uses_suffixed_cookies(&self, context: &Context<'_>) -> bool {
        *self.uses_suffixed_cookies.get_or_init(|| {
            suffix::uses_suffixed_cookies(self.cookies(context), self.cached_plain_token(context), context)
        })
    }

    /// The session token in the cookies.
    pub(crate) fn session_cookie(&self, context: &Context<'_>) -> CookieValue<'a> {
        self.cookies(context).session.get(self.uses_suffixed_cookies(context))
    }

    /// The session token in the cookies, or else in the header.
    pub(crate) fn any_session_token(&self, context: &Context<'_>) -> Option<Cow<'_, str>> {
        self.session_cookie(context).text().or_else(|| self.header_token().map(Cow::Borrowed))
    }

    /// The session of the token in the cookies, if the cache has it and it is still valid.
    pub(crate) fn cached_session(&self, context: &Context<'_>) -> Option<(TokenHints, Session)> {
        let cookie = self.session_cookie(context);
        let token = cookie.bytes()?;
        // clerk-js writes the same token twice.
        if self.cookies(context).session.plain.bytes() == Some(token) {
            if let Some(CachedToken { hints, session: Some(session) }) = self.cached_plain_token(context) {
                return Some((*hints, session.clone()));
            }
        }
        context.cached_session(cookie.text()?.as_bytes())
    }

    /// When the user last signed in in this browser, in Unix seconds; zero if signed out or unknown.
    pub(crate) fn client_uat(&self, context: &Context<'_>) -> f64 {
        let cookie = self.cookies(context).client_uat.get(self.uses_suffixed_cookies(context));
        cookie.text().map_or(0.0, |text| js_number::leading_integer(&text))
    }

    pub(crate) fn refresh_cookie(&self, context: &Context<'_>) -> Option<Cow<'a, str>> {
        self.cookies(context).refresh.suffixed.text()
    }

    /// The dev browser token, which identifies the browser to a development instance.
    pub(crate) fn dev_browser(&self, context: &Context<'_>) -> Option<Cow<'_, str>> {
        let cookie = || self.cookies(context).dev_browser.get(self.uses_suffixed_cookies(context));
        non_empty(self.query().dev_browser.as_deref()).or_else(|| cookie().text())
    }

    /// `from_query`: whether the one in the query counts, which comes from the author of the link.
    pub(crate) fn handshake_token(&self, context: &Context<'_>, from_query: bool) -> Option<Cow<'_, str>> {
        let in_query = self.query().handshake.as_deref().filter(|_| from_query);
        non_empty(in_query).or_else(|| self.cookies(context).handshake.text())
    }

    /// `from_query`: whether the one in the query counts, which comes from the author of the link.
    pub(crate) fn handshake_nonce(&self, context: &Context<'_>, from_query: bool) -> Option<Cow<'_, str>> {
        let in_query = self.query().handshake_nonce.as_deref().filter(|_| from_query);
        non_empty(in_query).or_else(|| self.cookies(context).handshake_nonce.text())
    }

    /// How many handshakes in a row this browser has been sent through.
    pub(crate) fn redirect_count(&self, context: &Context<'_>) -> f64 {
        let count = self.cookies(context).redirect_count.text().and_then(|text| js_number::number(&text));
        // A client can send any number.
        count.unwrap_or(0.0).clamp(-LARGEST_COUNT, LARGEST_COUNT)
    }
}

/// A parameter, unless it is empty.
fn non_empty(parameter: Option<&str>) -> Option<Cow<'_, str>> {
    parameter.filter(|value| !value.is_empty()).map(Cow::Borrowed)
}
