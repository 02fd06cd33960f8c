//! The few facts about a request that Clerk needs.

use std::{borrow::Cow, cell::OnceCell};

use url::Url;

use super::{
    cookies::{CookieValue, Cookies},
    credential::{Credential, credential, first_word},
    public_url, suffix,
    view::{OwnedRequest, RequestView, latin1},
};
use crate::{
    auth::Session,
    base::query::Query,
    flow::{
        context::{Context, Recalled},
        path::websocket,
    },
    token::{TokenHints, js_number},
};

/// A request, read as far as a decision needs it: the header at once, cookies and query when the header holds no token.
pub(crate) struct Facts<'a> {
    view: RequestView<'a>,
    credential: OnceCell<Credential<'a>>,
    header_token: OnceCell<Option<Cow<'a, str>>>,
    cookies: OnceCell<Cookies<'a>>,
    recalled: OnceCell<Option<Recalled>>,
    query: OnceCell<Query<'a>>,
    uses_suffixed: OnceCell<bool>,
    url: OnceCell<Option<Url>>,
}

impl<'a> Facts<'a> {
    pub(crate) const fn of(view: RequestView<'a>) -> Self {
        Self {
            view,
            credential: OnceCell::new(),
            header_token: OnceCell::new(),
            cookies: OnceCell::new(),
            recalled: OnceCell::new(),
            query: OnceCell::new(),
            uses_suffixed: OnceCell::new(),
            url: OnceCell::new(),
        }
    }

    /// The same where the header was read already.
    pub(crate) fn with(view: RequestView<'a>, credential: Credential<'a>) -> Self {
        Self { credential: OnceCell::from(credential), ..Self::of(view) }
    }

    pub(crate) fn to_owned_request(&self) -> OwnedRequest {
        self.view.to_owned_request()
    }

    /// The token in the `Authorization` header, byte for byte and with whatever follows it: that a verified token has
    /// nothing behind it shows when it is compared.
    pub(crate) fn header_bytes(&self) -> Option<&'a [u8]> {
        match self.credential.get_or_init(|| credential(&self.view)) {
            Credential::Token(token) => Some(token),
            Credential::None => None,
        }
    }

    /// The token in the `Authorization` header as text, each byte a character.
    pub(crate) fn header_token(&self) -> Option<&str> {
        self.header_token.get_or_init(|| self.header_bytes().map(|bytes| latin1(first_word(bytes)))).as_deref()
    }

    pub(crate) fn header(&self, name: &str) -> Option<Cow<'a, str>> {
        self.view.header(name)
    }

    pub(crate) fn is_get(&self) -> bool {
        self.view.method == "GET"
    }

    /// Whether a WebSocket is asked for.
    pub(crate) fn is_upgrade(&self) -> bool {
        websocket::is_upgrade(&self.view)
    }

    /// The request's URL as the browser wrote it.
    pub(crate) fn url(&self, context: &Context<'_>) -> Option<&Url> {
        self.url.get_or_init(|| public_url::public_url(&self.view, &context.settings.public_origin)).as_ref()
    }

    pub(crate) fn query(&self) -> &Query<'a> {
        self.query.get_or_init(|| {
            // Most requests have no parameter of ours; percent signs could hide one.
            let relevant = self.view.query.is_some_and(|query| query.contains("__clerk") || query.contains('%'));
            if relevant { Query::parse(self.view.query) } else { Query::default() }
        })
    }

    pub(crate) fn cookies(&self, context: &Context<'_>) -> &Cookies<'a> {
        self.cookies.get_or_init(|| Cookies::parse(&self.view, context.settings.cookie_suffix.as_deref()))
    }

    /// What is remembered of the session token in the cookie without a suffix.
    pub(crate) fn recalled(&self, context: &Context<'_>) -> Option<&Recalled> {
        let recall = || self.cookies(context).session.plain.bytes().and_then(|token| context.recall(token));
        self.recalled.get_or_init(recall).as_ref()
    }

    /// Whether the cookies with the instance's suffix count, and not those without.
    pub(crate) fn uses_suffixed(&self, context: &Context<'_>) -> bool {
        *self.uses_suffixed.get_or_init(|| suffix::counts(self, context))
    }

    /// The session token in the cookies.
    pub(crate) fn session_cookie(&self, context: &Context<'_>) -> CookieValue<'a> {
        self.cookies(context).session.either(self.uses_suffixed(context))
    }

    /// The session token in the cookies, or else that in the header.
    pub(crate) fn any_session_token(&self, context: &Context<'_>) -> Option<Cow<'_, str>> {
        self.session_cookie(context).text().or_else(|| self.header_token().map(Cow::Borrowed))
    }

    /// The session of the token in the cookies, if that was verified before and is still good.
    pub(crate) fn known_session(&self, context: &Context<'_>) -> Option<(TokenHints, Session)> {
        let cookie = self.session_cookie(context);
        let token = cookie.bytes()?;
        // The front end writes the same token twice.
        if self.cookies(context).session.plain.bytes() == Some(token)
            && let Some(Recalled { hints, session: Some(session) }) = self.recalled(context)
        {
            return Some((*hints, session.clone()));
        }
        context.known(cookie.text()?.as_bytes())
    }

    /// When the browser last signed in or out, in seconds; zero when it says neither or out.
    pub(crate) fn client_uat(&self, context: &Context<'_>) -> f64 {
        let cookie = self.cookies(context).client_uat.either(self.uses_suffixed(context));
        cookie.text().map_or(0.0, |text| js_number::leading_integer(&text))
    }

    pub(crate) fn refresh_cookie(&self, context: &Context<'_>) -> Option<Cow<'a, str>> {
        self.cookies(context).refresh.suffixed.text()
    }

    /// What identifies the browser to a development instance.
    pub(crate) fn dev_browser(&self, context: &Context<'_>) -> Option<Cow<'_, str>> {
        let cookie = || self.cookies(context).dev_browser.either(self.uses_suffixed(context));
        said(self.query().dev_browser.as_deref()).or_else(|| cookie().text())
    }

    pub(crate) fn handshake_token(&self, context: &Context<'_>) -> Option<Cow<'_, str>> {
        said(self.query().handshake.as_deref()).or_else(|| self.cookies(context).handshake.text())
    }

    pub(crate) fn handshake_nonce(&self, context: &Context<'_>) -> Option<Cow<'_, str>> {
        said(self.query().handshake_nonce.as_deref()).or_else(|| self.cookies(context).handshake_nonce.text())
    }

    /// How many handshakes in a row this browser has been sent through.
    pub(crate) fn redirect_count(&self, context: &Context<'_>) -> f64 {
        self.cookies(context).redirect_count.text().and_then(|text| js_number::number(&text)).unwrap_or(0.0)
    }
}

/// A parameter, unless it says nothing.
fn said(parameter: Option<&str>) -> Option<Cow<'_, str>> {
    parameter.filter(|value| !value.is_empty()).map(Cow::Borrowed)
}
