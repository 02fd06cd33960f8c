//! WebSockets: what a client and a server agree on to authenticate the upgrade and to end the connection.
//!
//! A browser's script cannot set `Authorization` on a WebSocket, so it has two ways to say who it is:
//!
//! - Its cookies, which it sends by itself, also for other people's pages. They count only where the upgrade's `Origin`
//!   is this application's own or one that [`Authenticator::websocket_origins`](crate::Authenticator::websocket_origins)
//!   names ([RFC 6455, section 10.2](https://www.rfc-editor.org/rfc/rfc6455#section-10.2)); that holds for every
//!   upgrade, whichever policy the layer has.
//! - A session token among the subprotocols, where
//!   [`Authenticator::websocket`](crate::Authenticator::websocket) is set. A browser gives up unless the server selects
//!   one of the subprotocols that it offered, and the server must not send the token back, so there is a second one:
//!   [`PROTOCOL`], or one of your own.
//!
//! ```js
//! new WebSocket(url, ["clerk", "clerk.token." + await session.getToken()])
//! ```
//!
//! Other clients send `Authorization: Bearer <token>`, as with any request. A socket lives on when its token has
//! expired; [`SessionEnd`](crate::SessionEnd) says when to close it, with [`CLOSE_CODE`].
//!
//! Proxies that log `Sec-WebSocket-Protocol` log the token with it, which is good for a minute.

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

/// The subprotocol that a server selects when it has none of its own.
pub const PROTOCOL: &str = "clerk";

/// What a subprotocol that is a session token begins with.
pub const TOKEN_PREFIX: &str = "clerk.token.";

/// The code to close a connection with whose session is over: among those that are free for applications
/// ([RFC 6455, section 7.4.2](https://www.rfc-editor.org/rfc/rfc6455#section-7.4.2)), and reminding of HTTP's 401.
pub const CLOSE_CODE: u16 = 4401;

/// The subprotocol that carries a session token, for clients.
///
/// ```
/// use clerk_core::websocket::{PROTOCOL, token_protocol};
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
/// For servers that write the answer themselves; axum's `WebSocketUpgrade::protocols` selects in the same way from a
/// list like `["chat.v1", PROTOCOL]`, and actix-ws's `handle_with_protocols` in the client's order.
#[must_use]
pub fn select_protocol<'p>(view: &RequestView<'_>, supported: &[&'p str]) -> Option<&'p str> {
    let offered = view.header("sec-websocket-protocol")?;
    let offers = |name: &str| offered.split(',').any(|protocol| protocol.trim_ascii() == name);
    supported.iter().copied().find(|name| !name.starts_with(TOKEN_PREFIX) && offers(name))
}

/// Whether a request asks for a WebSocket: over HTTP/1.1 with `Upgrade`, over HTTP/2 and 3 with `CONNECT`
/// ([RFC 8441](https://www.rfc-editor.org/rfc/rfc8441)). Rather too many are taken for one than too few.
pub(crate) fn is_upgrade(view: &RequestView<'_>) -> bool {
    let mut asks = view.method == "CONNECT";
    view.headers.visit("upgrade", &mut |value| {
        asks |= value.split(|byte| *byte == b',').any(|one| one.trim_ascii().eq_ignore_ascii_case(b"websocket"));
    });
    asks
}

/// Decides about an upgrade without an `Authorization` header: by a token among the subprotocols, or else by the cookies.
/// What is offered as a token never falls back to the cookies, and no upgrade takes part in a handshake.
pub(crate) fn decide(context: &Context<'_>, facts: &Facts<'_>, answers: &Answers) -> Decided<RequestState> {
    let signed_out = |reason| Ok(RequestState::signed_out(reason, context));
    let offered = if context.options.websocket { facts.header("sec-websocket-protocol") } else { None };
    match Offer::of(offered.as_deref().unwrap_or_default()) {
        Offer::Nothing => {}
        Offer::Several => return signed_out(Reason::SeveralTokens),
        Offer::Token(token) => return verify_token(context, token, answers),
    }
    let origin = facts.header("origin");
    if is_own_origin(origin.as_deref(), facts.url(context), &context.options.websocket_origins) {
        return cookie::without_handshake(context, facts, answers);
    }
    signed_out(match facts.session_cookie(context).bytes() {
        Some(_) => Reason::OriginRefused,
        None => Reason::SessionTokenAndUatMissing,
    })
}

/// What an upgrade offers among its subprotocols.
#[derive(Debug, PartialEq, Eq)]
enum Offer<'a> {
    Nothing,
    Token(&'a str),
    /// Which of them counts, nobody can say.
    Several,
}

impl<'a> Offer<'a> {
    fn of(protocols: &'a str) -> Self {
        let mut tokens = protocols.split(',').filter_map(|one| one.trim_ascii().strip_prefix(TOKEN_PREFIX));
        match (tokens.next(), tokens.next()) {
            (None, _) => Self::Nothing,
            (Some(token), None) => Self::Token(token),
            (Some(_), Some(_)) => Self::Several,
        }
    }
}

/// Verifies a token that the client's script put there, so that it does not matter whose page it was. It is not refreshed
/// when it has expired: that would take a cookie, and the script can have a newer token.
fn verify_token(context: &Context<'_>, token: &str, answers: &Answers) -> Decided<RequestState> {
    Ok(match verify::session(context, &Presented::Text(token), Expect::SessionToken, answers)? {
        Ok(session) => RequestState::new(AuthState::SignedIn(session), context),
        Err(NotVerified::Unavailable(wait, cause)) => RequestState::keys_unavailable(wait, cause, context),
        Err(refused) => RequestState::signed_out(refused.reason(), context),
    })
}

/// Whether the page that asks is this application's, or named in the configuration. Origins are compared as browsers
/// write them ([RFC 6454, section 6.2](https://www.rfc-editor.org/rfc/rfc6454#section-6.2)); no origin at all is none of
/// ours.
fn is_own_origin(origin: Option<&str>, here: Option<&Url>, allowed: &[Box<str>]) -> bool {
    let Some(origin) = origin else { return false };
    let here = here.map(as_page).filter(url::Origin::is_tuple);
    here.is_some_and(|here| here.ascii_serialization() == origin) || allowed.iter().any(|one| **one == *origin)
}

/// The origin of the page that lies where a WebSocket does: some proxies forward the scheme as `ws` or `wss`.
fn as_page(here: &Url) -> url::Origin {
    let mut here = here.clone();
    let scheme = match here.scheme() {
        "ws" => "http",
        "wss" => "https",
        _ => return here.origin(),
    };
    // Both are schemes that the standard knows, so that it never fails.
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
        assert_eq!(select(&["CLERK"], &[PROTOCOL]), None, "names are compared as they are");
        assert_eq!(select(&[], &[PROTOCOL]), None);
    }

    #[test]
    fn only_one_token_can_count() {
        for (protocols, offer) in [
            ("", Offer::Nothing),
            ("clerk, chat.v1", Offer::Nothing),
            ("clerk.token", Offer::Nothing),
            ("CLERK.TOKEN.a", Offer::Nothing),
            ("clerk, clerk.token.a.b.c", Offer::Token("a.b.c")),
            ("clerk.token.a", Offer::Token("a")),
            (",clerk.token.,", Offer::Token("")),
            ("clerk.token.a, clerk.token.b", Offer::Several),
            ("clerk.token.a,clerk,clerk.token.a", Offer::Several),
            ("clerk.token.,clerk.token.a", Offer::Several),
        ] {
            assert_eq!(Offer::of(protocols), offer, "{protocols}");
        }
    }

    #[test]
    fn only_our_own_pages_count() {
        let allowed: [Box<str>; 2] = ["https://admin.example.com".into(), "chrome-extension://abc".into()];
        for (here, origin, ours) in [
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
            assert_eq!(is_own_origin(Some(origin), Some(&here), &allowed), ours, "{origin} at {here}");
        }
        assert!(!is_own_origin(None, Url::parse("https://example.com").ok().as_ref(), &allowed));
        assert!(!is_own_origin(Some("null"), None, &allowed), "nor does nowhere equal nowhere");
        let data = Url::parse("data:text/plain,x").unwrap();
        assert!(!is_own_origin(Some("null"), Some(&data), &allowed), "nor one nowhere the other");
    }

    struct Upgrade(&'static [&'static str]);

    impl HeaderSource for Upgrade {
        fn visit<'a>(&'a self, _: &str, visitor: &mut dyn FnMut(&'a [u8])) {
            self.0.iter().for_each(|value| visitor(value.as_bytes()));
        }

        fn visit_all<'a>(&'a self, _: &mut dyn FnMut(&'a str, &'a [u8])) {}
    }

    #[test]
    fn upgrades_are_known_by_any_spelling() {
        let asks = |method, headers| is_upgrade(&RequestView::new(method, "/", &Upgrade(headers)));
        for headers in [&["websocket"][..], &["WebSocket"], &["h2c, websocket"], &["h2c", " websocket "]] {
            assert!(asks("GET", headers), "{headers:?}");
        }
        assert!(asks("CONNECT", &[]));
        assert!(!asks("GET", &[]) && !asks("GET", &["h2c"]));
    }
}
