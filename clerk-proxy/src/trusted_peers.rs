//! [`TrustedPeers`]: the peers whose forwarding headers are trusted.

use std::net::IpAddr;

use ipnet::IpNet;

use clerk_core::config::{ConfigError, ConfigErrorKind};

/// The peers whose forwarding headers are trusted: reverse proxies in front of this server.
///
/// `X-Forwarded-For`, `X-Forwarded-Host`, `X-Forwarded-Proto`, `X-Real-IP` and `CF-Connecting-IP` of all other peers are
/// ignored. Only list proxies that always set or remove these headers.
///
/// ```
/// use clerk_proxy::TrustedPeers;
///
/// let balancers = TrustedPeers::addresses(["10.0.0.0/8", "fd00::/8", "192.0.2.7"])?;
/// assert!(balancers.trusts(Some("10.1.2.3".parse()?)));
/// assert!(!balancers.trusts(Some("203.0.113.9".parse()?)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedPeers(Peers);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Peers {
    Any,
    Listed(Box<[IpNet]>),
}

impl TrustedPeers {
    /// Trusts no peer. This is the default.
    #[must_use]
    pub fn none() -> Self {
        Self(Peers::Listed(Box::default()))
    }

    /// Trusts every peer. Only for a server that nothing but its reverse proxy can reach.
    #[must_use]
    pub const fn any() -> Self {
        Self(Peers::Any)
    }

    /// Trusts these IP addresses, and networks in CIDR notation.
    ///
    /// # Errors
    /// When one is neither an address nor a network.
    pub fn addresses<I>(addresses: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let parse = |text: &str| text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
        let addresses = addresses.into_iter().map(|text| {
            parse(text.as_ref().trim()).ok_or_else(|| {
                ConfigError::new(
                    ConfigErrorKind::InvalidSetting,
                    format!("{:?} is not an IP address or a network, such as 192.0.2.7 or 10.0.0.0/8", text.as_ref()),
                )
            })
        });
        Ok(Self(Peers::Listed(addresses.collect::<Result<_, _>>()?)))
    }

    /// Whether to trust this peer's forwarding headers. An unknown address is trusted only by [`any`](Self::any).
    #[must_use]
    pub fn trusts(&self, peer: Option<IpAddr>) -> bool {
        match &self.0 {
            Peers::Any => true,
            Peers::Listed(networks) => peer.is_some_and(|peer| {
                // A dual-stack socket shows IPv4 peers as ::ffff:192.0.2.7.
                let canonical = peer.to_canonical();
                networks.iter().any(|network| network.contains(&canonical) || network.contains(&peer))
            }),
        }
    }
}

impl Default for TrustedPeers {
    fn default() -> Self {
        Self::none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_contain_their_peers() {
        let listed = TrustedPeers::addresses(["10.0.0.0/8", " 192.0.2.7", "2001:db8::/32"]).unwrap();
        for (peer, trusted) in [
            ("10.255.0.1", true),
            ("::ffff:10.0.0.1", true),
            ("192.0.2.7", true),
            ("2001:db8::1", true),
            ("11.0.0.1", false),
            ("192.0.2.8", false),
            ("::ffff:192.0.2.8", false),
            ("::1", false),
        ] {
            let peer = Some(peer.parse().unwrap());
            assert_eq!(listed.trusts(peer), trusted, "{peer:?}");
            assert!(TrustedPeers::any().trusts(peer) && !TrustedPeers::default().trusts(peer));
        }
        assert!(!listed.trusts(None) && !TrustedPeers::none().trusts(None) && TrustedPeers::any().trusts(None));
        for bad in ["", "10.0.0.0/33", "localhost", "10.0.0", "10.0.0.1:80"] {
            assert!(TrustedPeers::addresses([bad]).is_err(), "{bad}");
        }
    }
}
