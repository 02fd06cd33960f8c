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

use super::upgrade::protocols;
use crate::flow::RequestView;

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
    let offered = protocols(view)?;
    let offers = |name: &str| offered.split(',').any(|protocol| protocol.trim_ascii() == name);
    supported.iter().copied().find(|name| !name.starts_with(TOKEN_PREFIX) && offers(name))
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
}
