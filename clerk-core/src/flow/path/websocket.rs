//! WebSockets: how a client authenticates the upgrade, and how the server closes the connection.
//!
//! A browser's script cannot set `Authorization` on a WebSocket, so it has two ways to authenticate:
//!
//! - Cookies, which the browser sends by itself, also from pages of other sites. They are accepted only if the
//!   upgrade's `Origin` is this application's own or one of
//!   [`Authenticator::websocket_origins`](crate::Authenticator::websocket_origins) ([RFC 6455, section
//!   10.2](https://www.rfc-editor.org/rfc/rfc6455#section-10.2)), whichever policy the layer has.
//! - A session token among the subprotocols, if [`Authenticator::websocket`](crate::Authenticator::websocket) is set. A
//!   browser closes the connection unless the server selects one of the offered subprotocols, and the server must not
//!   send the token back. So the client offers a second one: [`PROTOCOL`], or one of your own.
//!
//! ```js
//! new WebSocket(url, ["clerk", "clerk.token." + await session.getToken()])
//! ```
//!
//! Other clients send `Authorization: Bearer <token>`, as with any request. A connection stays open after its token has
//! expired; [`SessionEnd`](crate::browser::SessionEnd) tells when to close it, with [`CLOSE_CODE`].
//!
//! A proxy that logs `Sec-WebSocket-Protocol` also logs the token, which is valid for a minute.

use url::Url;

use super::cookie;
use crate::{
    auth::{AuthState, Reason},
    flow::{
        RequestState,
        context::Context,
        need::{Answers, Decided},
        request::{facts::Facts, view::RequestView},
        verify::{self, Expect, NotVerified, Presented},
    },
};

/// The subprotocol that a server selects if the application has no other.
pub const PROTOCOL: &str = "clerk";

/// Prefix of a subprotocol that carries a session token.
pub const TOKEN_PREFIX: &str = "clerk.token.";

/// The close code for a connection whose session has ended: from the range for applications
/// ([RFC 6455, section 7.4.2](https://www.rfc-editor.org/rfc/rfc6455#section-7.4.2)), similar to HTTP's 401.
pub const CLOSE_CODE: u16 = 4401;

/// The subprotocol that carries a session token, for clients.
///
/// ```
/// use clerk_core::browser::websocket::{PROTOCOL, token_protocol};
///
/// let header = format!("{PROTOCOL}, {}", token_protocol("eyJhbGciOiJSUzI1NiJ9.e30.AA"));
/// assert_eq!(header, "clerk, clerk.token.eyJhbGciOiJSUzI1NiJ9.e30.AA");
/// ```
#[must_use]
pub fn token_protocol(token: &str) -> String {
    [TOKEN_PREFIX, token].concat()
}

/// The subprotocol to answer an upgrade with: the first supported one that the client offers, and never a token.
///
/// For servers that write the response themselves. axum's `WebSocketUpgrade::protocols` selects in the same way from a
/// list like `["chat.v1", PROTOCOL]`; actix-ws's `handle_with_protocols` selects in the client's order.
#[must_use]
pub fn select_protocol<'p>(view: &RequestView<'_>, supported: &[&'p str]) -> Option<&'p str> {
    let offered = view.header("sec-websocket-protocol")?;
    let offers = |name: &str| offered.split(',').any(|protocol| protocol.trim_ascii() == name);
    supported.iter().copied().find(|name| !name.starts_with(TOKEN_PREFIX) && offers(name))
}

/// Decides about an upgrade without an `Authorization` header: by a token among the subprotocols, or else by the cookies.
/// A bad token never falls back to the cookies, and an upgrade never starts a handshake.
pub(crate) fn decide(context: &Context<'_>, facts: &Facts<'_>, answers: &Answers) -> Decided<RequestState> {
    let signed_out = |reason| Ok(RequestState::signed_out(reason, context));
    let offered = if context.options.websocket { facts.header("sec-websocket-protocol") } else { None };
    match OfferedToken::parse(offered.as_deref().unwrap_or_default()) {
        OfferedToken::None => {}
        OfferedToken::Several => return signed_out(Reason::SeveralTokens),
        OfferedToken::One(token) => return verify_token(context, token, answers),
    }
    let origin = facts.header("origin");
    if is_allowed_origin(origin.as_deref(), facts.url(context), &context.options.websocket_origins) {
        return cookie::decide_by_session(context, facts, answers);
    }
    signed_out(match facts.session_cookie(context).bytes() {
        Some(_) => Reason::OriginRefused,
        None => Reason::SessionTokenAndUatMissing,
    })
}

/// The session tokens among an upgrade's subprotocols.
#[derive(Debug, PartialEq, Eq)]
enum OfferedToken<'a> {
    None,
    One(&'a str),
    /// Ambiguous, so refused.
    Several,
}

impl<'a> OfferedToken<'a> {
    fn parse(protocols: &'a str) -> Self {
        let mut tokens = protocols.split(',').filter_map(|one| one.trim_ascii().strip_prefix(TOKEN_PREFIX));
        match (tokens.next(), tokens.next()) {
            (None, _) => Self::None,
            (Some(token), None) => Self::One(token),
            (Some(_), Some(_)) => Self::Several,
        }
    }
}

/// Verifies a token among the subprotocols. Its page's origin does not matter, because the script had to know the
/// token. An expired one is not refreshed: that would need a cookie, and the script can get a newer token.
fn verify_token(context: &Context<'_>, token: &str, answers: &Answers) -> Decided<RequestState> {
    Ok(match verify::session(context, &Presented::Text(token), Expect::SessionToken, answers)? {
        Ok(session) => RequestState::new(AuthState::SignedIn(session), context),
        Err(NotVerified::Unavailable(wait, cause)) => RequestState::keys_unavailable(wait, cause, context),
        Err(refused) => RequestState::signed_out(refused.reason(), context),
    })
}

/// Whether the page's origin is this application's own or a configured one. Origins are compared as browsers write them
/// ([RFC 6454, section 6.2](https://www.rfc-editor.org/rfc/rfc6454#section-6.2)); a missing origin is not allowed.
pub(crate) fn is_allowed_origin(origin: Option<&str>, here: Option<&Url>, allowed: &[Box<str>]) -> bool {
    let Some(origin) = origin else { return false };
    let here = here.map(page_origin).filter(url::Origin::is_tuple);
    here.is_some_and(|here| here.ascii_serialization() == origin) || allowed.iter().any(|one| **one == *origin)
}

/// The origin of a page on the WebSocket's host: some proxies forward the scheme as `ws` or `wss`.
fn page_origin(here: &Url) -> url::Origin {
    let mut here = here.clone();
    let scheme = match here.scheme() {
        "ws" => "http",
        "wss" => "https",
        _ => return here.origin(),
    };
    // Never fails: both schemes are special schemes of the URL standard.
    let _ = here.set_scheme(scheme);
    here.origin()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::HeaderSource;

    struct Protocols(&'static [&'static str]);

    impl HeaderSource for Protocols {
        fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8])) {
            assert_eq!(name, "sec-websocket-protocol");
            self.0.iter().for_each(|value| visitor(value.as_bytes()));
        }

        fn visit_all<'a>(&'a self, _: &mut dyn FnMut(&'a str, &'a [u8])) {}
    }

    #[test]
    fn a_token_is_never_selected() {
        let select = |headers: &'static [&'static str], supported: &[&'static str]| {
            select_protocol(&RequestView::new("GET", "/", &Protocols(headers)), supported)
        };
        assert_eq!(select(&["clerk, clerk.token.abc"], &[PROTOCOL]), Some("clerk"));
        assert_eq!(select(&["clerk.token.abc", "chat.v1,clerk"], &["chat.v1", PROTOCOL]), Some("chat.v1"));
        assert_eq!(select(&["clerk.token.abc"], &[PROTOCOL]), None);
        assert_eq!(select(&["clerk.token.abc"], &["clerk.token.abc"]), None);
        assert_eq!(select(&["CLERK"], &[PROTOCOL]), None, "names are case-sensitive");
        assert_eq!(select(&[], &[PROTOCOL]), None);
    }

    #[test]
    fn several_tokens_are_ambiguous() {
        for (protocols, offer) in [
            ("", OfferedToken::None),
            ("clerk, chat.v1", OfferedToken::None),
            ("clerk.token", OfferedToken::None),
            ("CLERK.TOKEN.a", OfferedToken::None),
            ("clerk, clerk.token.a.b.c", OfferedToken::One("a.b.c")),
            ("clerk.token.a", OfferedToken::One("a")),
            (",clerk.token.,", OfferedToken::One("")),
            ("clerk.token.a, clerk.token.b", OfferedToken::Several),
            ("clerk.token.a,clerk,clerk.token.a", OfferedToken::Several),
            ("clerk.token.,clerk.token.a", OfferedToken::Several),
        ] {
            assert_eq!(OfferedToken::parse(protocols), offer, "{protocols}");
        }
    }

    #[test]
    fn only_own_and_configured_origins_are_allowed() {
        let allowed: [Box<str>; 2] = ["https://admin.example.com".into(), "chrome-extension://abc".into()];
        for (here, origin, allowed_origin) in [
            ("https://example.com/ws?x=1", "https://example.com", true),
            ("https://example.com:443/ws", "https://example.com", true),
            ("https://example.com:8443/ws", "https://example.com:8443", true),
            ("wss://example.com/ws", "https://example.com", true),
            ("ws://localhost:3000/ws", "http://localhost:3000", true),
            ("https://example.com/ws", "https://admin.example.com", true),
            ("https://example.com/ws", "chrome-extension://abc", true),
            ("https://example.com/ws", "http://example.com", false),
            ("https://example.com/ws", "https://example.com:8443", false),
            ("https://example.com/ws", "https://example.com.evil.test", false),
            ("https://example.com/ws", "https://evil.test", false),
            ("https://example.com/ws", "https://www.example.com", false),
            ("https://example.com/ws", "https://example.com/", false),
            ("https://example.com/ws", "https://evil.test, https://example.com", false),
            ("https://example.com/ws", "https://example.com, https://example.com", false),
            ("https://example.com/ws", "null", false),
            ("https://example.com/ws", "", false),
        ] {
            let here = Url::parse(here).unwrap();
            assert_eq!(is_allowed_origin(Some(origin), Some(&here), &allowed), allowed_origin, "{origin} at {here}");
        }
        assert!(!is_allowed_origin(None, Url::parse("https://example.com").ok().as_ref(), &allowed));
        assert!(!is_allowed_origin(Some("null"), None, &allowed), "an unknown URL has no origin");
        let data = Url::parse("data:text/plain,x").unwrap();
        assert!(!is_allowed_origin(Some("null"), Some(&data), &allowed), "a data URL has no origin");
    }
}
