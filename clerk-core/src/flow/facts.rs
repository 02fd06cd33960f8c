//! The few facts about a request that Clerk needs.

use std::{borrow::Cow, cell::OnceCell};

use url::Url;

use super::{
    context::Context,
    cookies::Cookies,
    credential::{Credential, credential, first_word},
    numbers, origin,
    query::Query,
    suffix, upgrade,
    view::{OwnedRequest, RequestView, latin1},
};

/// A request, read as far as a decision needs it: the header at once, cookies and query when the header holds no token.
pub(super) struct Facts<'a> {
    view: RequestView<'a>,
    credential: OnceCell<Credential<'a>>,
    header_token: OnceCell<Option<Cow<'a, str>>>,
    cookies: OnceCell<Cookies<'a>>,
    query: OnceCell<Query<'a>>,
    uses_suffixed: OnceCell<bool>,
    url: OnceCell<Option<Url>>,
}

impl<'a> Facts<'a> {
    pub(super) const fn of(view: RequestView<'a>) -> Self {
        Self {
            view,
            credential: OnceCell::new(),
            header_token: OnceCell::new(),
            cookies: OnceCell::new(),
            query: OnceCell::new(),
            uses_suffixed: OnceCell::new(),
            url: OnceCell::new(),
        }
    }

    pub(super) fn to_owned(&self) -> OwnedRequest {
        self.view.to_owned()
    }

    /// The token in the `Authorization` header, byte for byte and with whatever follows it: that a verified token has
    /// nothing behind it shows when it is compared.
    pub(super) fn header_bytes(&self) -> Option<&'a [u8]> {
        match self.credential.get_or_init(|| credential(&self.view)) {
            Credential::Token(token) => Some(token),
            Credential::None => None,
        }
    }

    /// The token in the `Authorization` header as text, each byte a character.
    pub(super) fn header_token(&self) -> Option<&str> {
        self.header_token.get_or_init(|| self.header_bytes().map(|bytes| latin1(first_word(bytes)))).as_deref()
    }

    pub(super) fn header(&self, name: &str) -> Option<Cow<'a, str>> {
        self.view.header(name)
    }

    pub(super) fn is_get(&self) -> bool {
        self.view.method == "GET"
    }

    /// Whether a WebSocket is asked for.
    pub(super) fn is_upgrade(&self) -> bool {
        upgrade::is_upgrade(&self.view)
    }

    /// The request's URL as the browser wrote it.
    pub(super) fn url(&self, context: &Context<'_>) -> Option<&Url> {
        self.url.get_or_init(|| origin::public_url(&self.view, &context.settings.public_origin)).as_ref()
    }

    pub(super) fn query(&self) -> &Query<'a> {
        self.query.get_or_init(|| {
            // Most requests have no parameter of ours; percent signs could hide one.
            let relevant = self.view.query.is_some_and(|query| query.contains("__clerk") || query.contains('%'));
            if relevant { Query::parse(self.view.query) } else { Query::default() }
        })
    }

    pub(super) fn cookies(&self, context: &Context<'_>) -> &Cookies<'a> {
        self.cookies.get_or_init(|| Cookies::parse(&self.view, context.settings.cookie_suffix.as_deref()))
    }

    /// Whether the cookies with the instance's suffix count, and not those without.
    pub(super) fn uses_suffixed(&self, context: &Context<'_>) -> bool {
        *self.uses_suffixed.get_or_init(|| suffix::counts(self.cookies(context), context))
    }

    /// The session token in the cookies.
    pub(super) fn session_cookie(&self, context: &Context<'_>) -> Option<&str> {
        self.cookies(context).session.either(self.uses_suffixed(context))
    }

    /// When the browser last signed in or out, in seconds; zero when it says neither or out.
    pub(super) fn client_uat(&self, context: &Context<'_>) -> f64 {
        let cookie = self.cookies(context).client_uat.either(self.uses_suffixed(context));
        cookie.map_or(0.0, numbers::leading_integer)
    }

    pub(super) fn refresh_cookie(&self, context: &Context<'_>) -> Option<&str> {
        self.cookies(context).refresh.suffixed()
    }

    /// What identifies the browser to a development instance.
    pub(super) fn dev_browser(&self, context: &Context<'_>) -> Option<&str> {
        let query = self.query().dev_browser.as_deref().filter(|value| !value.is_empty());
        query.or_else(|| self.cookies(context).dev_browser.either(self.uses_suffixed(context)))
    }

    pub(super) fn handshake_token(&self, context: &Context<'_>) -> Option<&str> {
        let query = self.query().handshake.as_deref().filter(|value| !value.is_empty());
        query.or_else(|| self.cookies(context).handshake())
    }

    pub(super) fn handshake_nonce(&self, context: &Context<'_>) -> Option<&str> {
        let query = self.query().handshake_nonce.as_deref().filter(|value| !value.is_empty());
        query.or_else(|| self.cookies(context).handshake_nonce())
    }

    /// How many handshakes in a row this browser has been sent through.
    pub(super) fn redirect_count(&self, context: &Context<'_>) -> f64 {
        self.cookies(context).redirect_count().and_then(numbers::number).unwrap_or(0.0)
    }
}
