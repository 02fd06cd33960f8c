//! Headers that belong to one connection ([RFC 9110, section 7.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1)).

use std::collections::HashSet;

use reqwest::header::HeaderName;

const NAMES: [&str; 12] = [
    "connection",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "trailers",
    "transfer-encoding",
    "upgrade",
];

/// The headers of one message that are not forwarded: the standard ones, and those named in its `Connection` header.
#[derive(Debug, Default)]
pub(crate) struct HopByHop(HashSet<HeaderName>);

impl HopByHop {
    /// Adds the names in one value of a `Connection` header.
    pub(crate) fn add(&mut self, connection: &[u8]) {
        let names = connection.split(|b| *b == b',').map(<[u8]>::trim_ascii);
        self.0.extend(names.filter_map(|name| HeaderName::from_bytes(name).ok()));
    }

    pub(crate) fn contains(&self, name: &HeaderName) -> bool {
        NAMES.contains(&name.as_str()) || self.0.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_connection_header_adds_names() {
        let mut hop = HopByHop::default();
        hop.add(b"close, X-Once ,,  y\xff, x-twice");
        for (name, stays) in
            [("te", true), ("upgrade", true), ("x-once", true), ("x-twice", true), ("x", false), ("cookie", false)]
        {
            assert_eq!(hop.contains(&HeaderName::from_static(name)), stays, "{name}");
        }
    }
}
