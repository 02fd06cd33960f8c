//! The client's IP address, from the peer or from headers of trusted peers.

use std::net::{IpAddr, SocketAddr};

use crate::{request::ProxyRequest, trusted_peers::TrustedPeers};

/// The headers in which a trusted peer may send the client's address, the most authoritative first.
pub(crate) const HEADERS: [&str; 3] = ["cf-connecting-ip", "x-real-ip", FORWARDED_FOR];

const FORWARDED_FOR: &str = "x-forwarded-for";

/// Returns the client's address: from one of these headers if the peer is trusted, or else the peer's address.
pub(crate) fn client_address(
    request: &ProxyRequest<'_>,
    trusted: &TrustedPeers,
    headers: &[impl AsRef<str>],
) -> Option<IpAddr> {
    let forwarded = || headers.iter().find_map(|name| forwarded_client(request, trusted, name.as_ref()));
    let peer = request.peer.map(|peer| peer.to_canonical());
    if trusted.trusts(peer) { forwarded().or(peer) } else { peer }
}

/// Returns the client's address in a header. Each proxy appends the address of its caller, so the client is the last
/// address that is not a trusted proxy. A client can forge all entries before it.
fn forwarded_client(request: &ProxyRequest<'_>, trusted: &TrustedPeers, name: &str) -> Option<IpAddr> {
    let mut values = Vec::new();
    request.view.headers().visit(name, &mut |value| values.push(value));
    let mut first = None;
    for entry in values.iter().rev().flat_map(|value| value.rsplit(|b| *b == b',')) {
        // Entries before an invalid one cannot be trusted.
        let Some(address) = parse_address(entry) else { break };
        first = Some(address);
        if !trusted.trusts(first) {
            break;
        }
    }
    first
}

/// Parses an address. Some proxies add the port.
fn parse_address(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::test::Headers;
    use clerk_core::adapter::RequestView;

    fn client(peer: Option<&str>, trusted: &TrustedPeers, headers: &[(&str, &str)]) -> Option<String> {
        let headers = Headers::new(headers);
        let request =
            ProxyRequest::new(RequestView::new("GET", "/", &headers)).with_peer(peer.map(|peer| peer.parse().unwrap()));
        client_address(&request, trusted, &HEADERS).map(|address| address.to_string())
    }

    #[test]
    fn only_a_trusted_peer_can_send_the_client_address() {
        let all = [("cf-connecting-ip", "1.1.1.1"), ("x-real-ip", "2.2.2.2"), ("x-forwarded-for", "3.3.3.3")];
        let listed = TrustedPeers::addresses(["10.0.0.0/8"]).unwrap();
        for trusted in [&TrustedPeers::none(), &listed] {
            assert_eq!(client(Some("9.9.9.9"), trusted, &all).as_deref(), Some("9.9.9.9"));
            assert_eq!(client(None, trusted, &all), None);
        }
        for trusted in [&listed, &TrustedPeers::any()] {
            assert_eq!(client(Some("10.0.0.1"), trusted, &all).as_deref(), Some("1.1.1.1"));
            assert_eq!(client(Some("::ffff:10.0.0.1"), trusted, &all[1..]).as_deref(), Some("2.2.2.2"));
            assert_eq!(client(Some("10.0.0.1"), trusted, &all[2..]).as_deref(), Some("3.3.3.3"));
            assert_eq!(client(Some("10.0.0.1"), trusted, &[]).as_deref(), Some("10.0.0.1"));
        }
    }

    #[test]
    fn a_chain_of_addresses_is_read_from_its_end() {
        let listed = TrustedPeers::addresses(["10.0.0.0/8"]).unwrap();
        for (chain, from_listed, from_any) in [
            ("6.6.6.6, 1.1.1.1", "1.1.1.1", "6.6.6.6"),
            ("6.6.6.6, 1.1.1.1, 10.0.0.2", "1.1.1.1", "6.6.6.6"),
            ("10.0.0.3,10.0.0.2", "10.0.0.3", "10.0.0.3"),
            ("6.6.6.6, unknown, 10.0.0.2", "10.0.0.2", "10.0.0.2"),
            ("1.1.1.1:4711", "1.1.1.1", "1.1.1.1"),
            ("[2001:db8::1]:4711", "2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1", "2001:db8::1"),
            ("nonsense", "10.0.0.1", "10.0.0.1"),
            ("1.1.1.1\r\nx: y", "10.0.0.1", "10.0.0.1"),
            ("", "10.0.0.1", "10.0.0.1"),
        ] {
            let headers = [("x-forwarded-for", chain)];
            assert_eq!(client(Some("10.0.0.1"), &listed, &headers).as_deref(), Some(from_listed), "{chain}");
            assert_eq!(client(Some("10.0.0.1"), &TrustedPeers::any(), &headers).as_deref(), Some(from_any), "{chain}");
        }
        let several = [("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "1.1.1.1")];
        assert_eq!(client(Some("10.0.0.1"), &listed, &several).as_deref(), Some("1.1.1.1"));
    }
}
