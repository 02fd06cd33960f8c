//! WebSocket upgrades: a browser sends its cookies along for whichever page asks it to, so they count only for ours.
//!
//! See [`websocket`](crate::websocket) for the two ways to authenticate one.

use std::borrow::Cow;

use url::Url;

use super::websocket::TOKEN_PREFIX;
use crate::{
    auth::{AuthState, Reason},
    flow::{
        RequestState,
        context::Context,
        request::{facts::Facts, view::RequestView},
        session,
        step::{Purpose, Step, verify_unless},
    },
};

/// Whether a request asks for a WebSocket: over HTTP/1.1 with `Upgrade`, over HTTP/2 and 3 with `CONNECT`
/// ([RFC 8441](https://www.rfc-editor.org/rfc/rfc8441)). Rather too many are taken for one than too few.
pub(crate) fn is_upgrade(view: &RequestView<'_>) -> bool {
    let mut asks = view.method == "CONNECT";
    view.headers.visit("upgrade", &mut |value| {
        asks |= value.split(|byte| *byte == b',').any(|one| one.trim_ascii().eq_ignore_ascii_case(b"websocket"));
    });
    asks
}

/// The subprotocols that an upgrade offers.
pub(crate) fn protocols<'a>(view: &RequestView<'a>) -> Option<Cow<'a, str>> {
    view.header("sec-websocket-protocol")
}

/// The way of an upgrade without an `Authorization` header: a token among the subprotocols, or else the cookies. What is
/// offered as a token never falls back to the cookies, and no upgrade takes part in a handshake.
pub(crate) fn begin(context: &Context<'_>, facts: &Facts<'_>) -> Step {
    let signed_out = |reason| Step::Done(RequestState::signed_out(reason, context));
    let offered = if context.options.websocket { facts.header("sec-websocket-protocol") } else { None };
    match Offer::of(offered.as_deref().unwrap_or_default()) {
        Offer::Nothing => {}
        Offer::Several => return signed_out(Reason::SeveralTokens),
        Offer::Token(token) => return with_token(context, facts, token),
    }
    let origin = facts.header("origin");
    if is_ours(origin.as_deref(), facts.url(context), &context.options.websocket_origins) {
        return session::without_handshake(context, facts);
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

/// A token that the client's script put there, so that it does not matter whose page it was. Not refreshed when it has
/// expired: that would take a cookie, and the script can have a newer one.
fn with_token(context: &Context<'_>, facts: &Facts<'_>, token: &str) -> Step {
    let of_another_kind = || Step::Done(RequestState::signed_out(Reason::TokenTypeMismatch, context));
    if let Some((hints, session)) = context.known(token.as_bytes()) {
        return if hints.is_not_session_token() {
            of_another_kind()
        } else {
            Step::Done(RequestState::new(AuthState::SignedIn(session), context))
        };
    }
    verify_unless(context, facts, token, Purpose::Bare, |hints| hints.is_not_session_token().then(of_another_kind))
}

/// Whether the page that asks is this application's, or named in the configuration. Origins are compared as browsers
/// write them ([RFC 6454, section 6.2](https://www.rfc-editor.org/rfc/rfc6454#section-6.2)); no origin at all is none of
/// ours.
fn is_ours(origin: Option<&str>, here: Option<&Url>, allowed: &[Box<str>]) -> bool {
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
            assert_eq!(is_ours(Some(origin), Some(&here), &allowed), ours, "{origin} at {here}");
        }
        assert!(!is_ours(None, Url::parse("https://example.com").ok().as_ref(), &allowed));
        assert!(!is_ours(Some("null"), None, &allowed), "nor does nowhere equal nowhere");
        let data = Url::parse("data:text/plain,x").unwrap();
        assert!(!is_ours(Some("null"), Some(&data), &allowed), "nor one nowhere the other");
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
