//! [`FrontendApiProxy`]: the settings of one proxy.

use std::{fmt, sync::Arc, time::Duration};

use clerk_core::{
    Clerk,
    config::{ConfigError, ConfigErrorKind, PublicOrigin},
    internal::{ClientSettings, HttpClient, shown},
};
use reqwest::{Url, header::HeaderValue};

use crate::{client_address, limits::Limits, path, trusted_peers::TrustedPeers, upstream::Upstream};

/// The default path, as in Clerk's SDKs.
const DEFAULT_PATH: &str = "/__clerk";

/// 16 MiB. Clerk's largest upload is a profile image of 10 MB.
const DEFAULT_BODY_LIMIT: u64 = 16 * 1024 * 1024;

const DEFAULT_CONCURRENT_REQUESTS: usize = 512;

/// How long a transfer may stand still.
const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// The number of idle connections to the upstream that are kept open.
const IDLE_CONNECTIONS: usize = 32;

/// Timeout of a connection attempt to the upstream.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Proxy of Clerk's Frontend API for one instance.
///
/// It sends the secret key to exactly one upstream, follows no redirect, and refuses ambiguous paths. It is cheap to clone;
/// build it once.
///
/// ```
/// use clerk_core::Clerk;
/// use clerk_proxy::{FrontendApiProxy, TrustedPeers};
///
/// # let builder = Clerk::builder()
/// #     .secret_key("sk_test_abcdefghijklmnop".parse()?)
/// #     .publishable_key("pk_test_ZXhhbXBsZS5jbGVyay5hY2NvdW50cy5kZXYk".parse()?);
/// let clerk = builder.proxy_url("https://app.example.com/__clerk")?.build()?;
/// let proxy = FrontendApiProxy::new(&clerk)?;
/// assert_eq!(proxy.path(), "/__clerk");
/// assert_eq!(proxy.upstream(), "https://frontend-api.clerk.dev");
///
/// let peers = TrustedPeers::addresses(["10.0.0.0/8"])?;
/// let behind_a_balancer = proxy.trusted_peers(peers).body_limit(1024 * 1024);
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct FrontendApiProxy(pub(crate) Arc<Inner>);

#[derive(Clone)]
pub(crate) struct Inner {
    pub(crate) client: HttpClient,
    pub(crate) secret: HeaderValue,
    pub(crate) upstream: Upstream,
    /// Without a trailing slash. Empty at the root.
    pub(crate) path: Box<str>,
    /// The configured proxy URL: absolute, or a path on the public origin.
    pub(crate) proxy_url: Option<Box<str>>,
    pub(crate) public_origin: PublicOrigin,
    pub(crate) trusted_peers: TrustedPeers,
    pub(crate) address_headers: Box<[Box<str>]>,
    pub(crate) body_limit: u64,
    pub(crate) body_timeout: Duration,
    pub(crate) head_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) limits: Limits,
}

impl FrontendApiProxy {
    /// A proxy of this instance's Frontend API.
    ///
    /// The upstream is `CLERK_FAPI_URL` ([`ClerkBuilder::proxy_upstream`](clerk_core::ClerkBuilder::proxy_upstream)); default:
    /// Clerk's. The path is that of `CLERK_PROXY_URL`; default: `/__clerk`.
    ///
    /// # Errors
    /// When the secret key or the publishable key is missing, the path is invalid, or the HTTPS client cannot start.
    pub fn new(clerk: &Clerk) -> Result<Self, ConfigError> {
        let missing = |variable| {
            ConfigError::new(ConfigErrorKind::MissingKeys, format!("the Frontend API proxy needs {variable}"))
        };
        let key = clerk.publishable_key().ok_or_else(|| missing("CLERK_PUBLISHABLE_KEY"))?;
        let secret = clerk
            .backend()
            .and_then(|backend| backend.secret_key.as_ref())
            .ok_or_else(|| missing("CLERK_SECRET_KEY"))?;
        let mut secret = HeaderValue::from_str(secret.expose()).map_err(|_| missing("CLERK_SECRET_KEY"))?;
        secret.set_sensitive(true);
        let upstream = match clerk.proxy_upstream() {
            Some(url) => Upstream::parse(url).map_err(|error| error.in_setting("CLERK_FAPI_URL"))?,
            None => Upstream::parse(Upstream::of_key(key))?,
        };
        Ok(Self(Arc::new(Inner {
            client: build_client(&upstream)?,
            secret,
            upstream,
            path: clerk
                .proxy_url()
                .and_then(proxy_url_path)
                .map_or_else(|| Ok(DEFAULT_PATH.into()), |path| normalize_path(&path))?,
            proxy_url: clerk.proxy_url().map(Into::into),
            public_origin: clerk.public_origin().clone(),
            trusted_peers: TrustedPeers::none(),
            address_headers: client_address::HEADERS.map(Into::into).into(),
            body_limit: DEFAULT_BODY_LIMIT,
            body_timeout: Duration::from_secs(60),
            head_timeout: Duration::from_secs(30),
            idle_timeout: DEFAULT_IDLE_TIMEOUT,
            limits: Limits::new(DEFAULT_CONCURRENT_REQUESTS),
        })))
    }

    /// The path that the proxy is mounted at, as the browser sees it: `/` if it has its own host.
    ///
    /// # Errors
    /// When it does not begin with a slash, or is ambiguous.
    pub fn at_path(mut self, path: &str) -> Result<Self, ConfigError> {
        self.inner().path = normalize_path(path)?;
        Ok(self)
    }

    /// The upstream, instead of Clerk's. The secret key is sent to it.
    ///
    /// # Errors
    /// When it is not an origin (scheme, host, port), or is http and not a loopback address.
    pub fn with_upstream(mut self, url: &str) -> Result<Self, ConfigError> {
        self.inner().upstream = Upstream::parse(url)?;
        Ok(self)
    }

    /// The peers whose `X-Forwarded-*`, `X-Real-IP` and `CF-Connecting-IP` headers are trusted. Default: none, so the
    /// upstream gets the peer's own address as `X-Forwarded-For`.
    #[must_use]
    pub fn trusted_peers(mut self, peers: TrustedPeers) -> Self {
        self.inner().trusted_peers = peers;
        self
    }

    /// The header in which a trusted peer sends the client's address. Default: the first of `CF-Connecting-IP`,
    /// `X-Real-IP` and `X-Forwarded-For` that is present. A peer that sets only one of them must remove the others.
    #[must_use]
    pub fn client_address_header(mut self, name: &str) -> Self {
        self.inner().address_headers = [name.to_ascii_lowercase().into()].into();
        self
    }

    /// The largest request body, in bytes. Default: 16 MiB. A larger one is answered with 413.
    #[must_use]
    pub fn body_limit(mut self, bytes: u64) -> Self {
        self.inner().body_limit = bytes;
        self
    }

    /// Timeout for transferring a request body from the client, and on to the upstream. Default: 60 s. After that the response is
    /// 408 if the client was slow, and 504 if the upstream was slow.
    #[must_use]
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        self.inner().body_timeout = timeout;
        self
    }

    /// Timeout from the end of the request to the first byte of the upstream's response. Default: 30 s. After that the
    /// response is 504. The body of the upstream's response has no timeout but the [idle one](Self::idle_timeout).
    #[must_use]
    pub fn head_timeout(mut self, timeout: Duration) -> Self {
        self.inner().head_timeout = timeout;
        self
    }

    /// How long a transfer may stand still in either direction, because one side sends nothing or takes nothing. Default:
    /// 30 s. After that the response is 408 if the client stood still while it sent its request, and 504 if the upstream
    /// did; a response that has begun ends early.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.inner().idle_timeout = timeout;
        self
    }

    /// The largest number of concurrent calls of the Frontend API. Default: 512. A request counts from when its body has
    /// arrived until the upstream's response has, however slowly its client sends and reads. Uploads of more than 64 KiB
    /// and scripts below `/npm/` are counted apart: a fourth as many of each. Requests above a limit are answered with 503
    /// at once.
    #[must_use]
    pub fn concurrent_requests(mut self, requests: usize) -> Self {
        self.inner().limits = Limits::new(requests);
        self
    }

    /// The largest number of concurrent requests of one client, from its first byte to the last byte of its response; set
    /// it after [`concurrent_requests`](Self::concurrent_requests). Default: an eighth of those, but at least 16. Requests
    /// above it are answered with 429 at once.
    ///
    /// A client is an IPv4 address or an IPv6 network of 64 bits. Behind a balancer that is not among the
    /// [trusted peers](Self::trusted_peers), all users are one client.
    #[must_use]
    pub fn requests_per_client(mut self, requests: usize) -> Self {
        let limits = self.0.limits.per_client(requests);
        self.inner().limits = limits;
        self
    }

    /// The path that the proxy is mounted at, without a trailing slash. Empty at the root.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The upstream: scheme, host and port.
    #[must_use]
    pub fn upstream(&self) -> &str {
        self.0.upstream.as_str()
    }

    fn inner(&mut self) -> &mut Inner {
        Arc::make_mut(&mut self.0)
    }
}

/// Checks a path, and removes its trailing slash.
fn normalize_path(path: &str) -> Result<Box<str>, ConfigError> {
    path::check(path).map_err(|_| {
        ConfigError::new(
            ConfigErrorKind::InvalidSetting,
            "the proxy's path must be plain and begin with a slash, /__clerk for example",
        )
    })?;
    Ok(path.trim_end_matches('/').into())
}

/// The path of a proxy URL; `None` for the root.
fn proxy_url_path(proxy_url: &str) -> Option<String> {
    let path =
        if proxy_url.starts_with('/') { proxy_url.to_owned() } else { Url::parse(proxy_url).ok()?.path().to_owned() };
    Some(path).filter(|path| !path.trim_end_matches('/').is_empty())
}

fn build_client(upstream: &Upstream) -> Result<HttpClient, ConfigError> {
    let (connect_timeout, idle_connections) = (CONNECT_TIMEOUT, IDLE_CONNECTIONS);
    let settings = ClientSettings { user_agent: None, connect_timeout, timeout: None, idle_connections };
    HttpClient::new(settings, upstream.as_str())
}

impl fmt::Debug for FrontendApiProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrontendApiProxy")
            .field("path", &self.0.path)
            .field("upstream", &self.upstream())
            .field("proxy_url", &self.0.proxy_url.as_deref().map(shown))
            .field("trusted_peers", &self.0.trusted_peers)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use clerk_core::ClerkBuilder;

    use super::*;

    fn builder() -> ClerkBuilder {
        Clerk::builder()
            .secret_key("sk_test_abcdefghijklmnop".parse().unwrap())
            .publishable_key("pk_test_ZXhhbXBsZS5jbGVyay5hY2NvdW50cy5kZXYk".parse().unwrap())
    }

    #[test]
    fn both_keys_are_needed() {
        let secret = Clerk::builder().secret_key("sk_test_abcdefghijklmnop".parse().unwrap());
        let publishable =
            Clerk::builder().publishable_key("pk_test_ZXhhbXBsZS5jbGVyay5hY2NvdW50cy5kZXYk".parse().unwrap());
        for (incomplete, variable) in [(secret, "CLERK_PUBLISHABLE_KEY"), (publishable, "CLERK_SECRET_KEY")] {
            let error = FrontendApiProxy::new(&incomplete.build().unwrap()).unwrap_err();
            assert_eq!(error.kind(), ConfigErrorKind::MissingKeys);
            assert!(error.to_string().contains(variable), "{error}");
        }
    }

    #[test]
    fn the_path_is_that_of_the_proxy_url() {
        for (proxy_url, path) in [
            (None, "/__clerk"),
            (Some("/auth/clerk/"), "/auth/clerk"),
            (Some("https://app.example.com/clerk"), "/clerk"),
            (Some("https://clerk.example.com"), "/__clerk"),
        ] {
            let builder = proxy_url.map_or_else(|| Ok(builder()), |url| builder().proxy_url(url)).unwrap();
            let proxy = FrontendApiProxy::new(&builder.build().unwrap()).unwrap();
            assert_eq!(proxy.path(), path, "{proxy_url:?}");
        }
        let proxy = FrontendApiProxy::new(&builder().build().unwrap()).unwrap();
        assert_eq!(proxy.clone().at_path("/").unwrap().path(), "");
        for bad in ["", "clerk", "/a//b", "/../a", "/a%2fb", "/a b"] {
            assert_eq!(proxy.clone().at_path(bad).unwrap_err().kind(), ConfigErrorKind::InvalidSetting, "{bad}");
        }
    }

    #[test]
    fn the_upstream_comes_from_the_environment_and_no_debug_shows_the_key() {
        let read = |name: &'static str| (name == "CLERK_FAPI_URL").then(|| "http://127.0.0.1:9/".to_owned());
        let clerk = builder().environment_from(&read).unwrap().build().unwrap();
        let proxy = FrontendApiProxy::new(&clerk).unwrap();
        assert_eq!(proxy.upstream(), "http://127.0.0.1:9");
        assert!(!format!("{proxy:?} {clerk:?}").contains("abcdefgh"));
        assert!(proxy.with_upstream("http://frontend-api.clerk.dev").is_err());
    }
}
