//! Shared by the targets: an instance with its own key, and requests generated from bytes.

use std::sync::{Arc, LazyLock};

use arbitrary::Arbitrary;
use aws_lc_rs::{
    encoding::AsDer,
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use clerk_core::{
    Authenticator, Clerk, ClerkBuilder,
    adapter::{HeaderSource, RequestState, RequestView},
    time::{ManualClock, Timestamp},
};

/// The current time of all targets, in seconds.
pub const NOW: i64 = 1_768_478_400;
pub const FRONTEND_API: &str = "clerk.example.com";

static KEY: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).expect("a key"));

/// The instance. Its public key is configured, so that no key is fetched.
pub fn builder() -> ClerkBuilder {
    let public: aws_lc_rs::encoding::PublicKeyX509Der<'_> = KEY.public_key().as_der().expect("a public key");
    Clerk::builder()
        .jwt_key(STANDARD.encode(public.as_ref()).parse().expect("a JWT key"))
        .secret_key("sk_live_abcdefghijklmnop".parse().expect("a secret key"))
        .publishable_key(key("pk_live_").parse().expect("a publishable key"))
        .clock(Arc::new(ManualClock::new(Timestamp::from_unix_seconds(NOW))))
}

pub fn key(prefix: &str) -> String {
    format!("{prefix}{}", STANDARD.encode(format!("{FRONTEND_API}$")))
}

/// A token with this header and payload, signed by the instance.
pub fn sign(header: &str, payload: &[u8]) -> String {
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let mut signature = vec![0; KEY.public_modulus_len()];
    KEY.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input.as_bytes(), &mut signature).expect("a signature");
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// A request generated from bytes.
#[derive(Arbitrary, Debug)]
pub struct Request {
    pub get: bool,
    pub path: String,
    pub query: Option<String>,
    pub https: bool,
    pub headers: Vec<(Name, Vec<u8>)>,
}

/// The headers that the flow reads.
#[derive(Arbitrary, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    Accept,
    Authorization,
    CloudFrontForwardedProto,
    Cookie,
    Host,
    Referer,
    SecFetchDest,
    UserAgent,
    XForwardedHost,
    XForwardedPort,
    XForwardedProto,
}

impl Name {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Authorization => "authorization",
            Self::CloudFrontForwardedProto => "cloudfront-forwarded-proto",
            Self::Cookie => "cookie",
            Self::Host => "host",
            Self::Referer => "referer",
            Self::SecFetchDest => "sec-fetch-dest",
            Self::UserAgent => "user-agent",
            Self::XForwardedHost => "x-forwarded-host",
            Self::XForwardedPort => "x-forwarded-port",
            Self::XForwardedProto => "x-forwarded-proto",
        }
    }
}

impl Request {
    /// A browser's page load.
    pub fn page(headers: Vec<(Name, Vec<u8>)>, query: Option<String>) -> Self {
        let mut headers = headers;
        headers.push((Name::Host, b"app.example.com".to_vec()));
        headers.push((Name::SecFetchDest, b"document".to_vec()));
        Self { get: true, path: "/".to_owned(), query, https: true, headers }
    }

    pub fn view(&self) -> RequestView<'_> {
        let scheme = if self.https { "https" } else { "http" };
        let method = if self.get { "GET" } else { "POST" };
        RequestView::new(method, &self.path, self).with_query(self.query.as_deref()).with_scheme(scheme)
    }
}

impl HeaderSource for Request {
    fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8])) {
        self.headers.iter().filter(|(known, _)| known.as_str() == name).for_each(|(_, value)| visitor(value));
    }

    fn visit_all<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.headers.iter().for_each(|(name, value)| visitor(name.as_str(), value));
    }
}

/// The decision about a request as text, to compare two of them; `None` if it needs a fetch.
pub fn decide(authenticator: &Authenticator, request: &Request) -> Option<String> {
    authenticator.authenticate_now(&request.view()).map(|state| to_text(&state))
}

fn to_text(state: &RequestState) -> String {
    let session = state.auth().session_or_pending();
    let organization = session.and_then(|session| session.organization());
    let permissions = organization.map(|organization| organization.permissions().collect::<Vec<_>>());
    let token = session.map(|session| session.token());
    let headers: Vec<_> = state.response_headers().collect();
    format!("{:?} {:?} {permissions:?} {token:?} {headers:?}", state.auth(), state.status())
}

/// Checks that each response header is valid, and that a redirect goes to one of these hosts.
pub fn check_response(state: &RequestState, hosts: &[&str]) {
    let mut cookies = 0;
    for (name, value) in state.response_headers() {
        assert!(http::HeaderValue::from_str(&value).is_ok(), "{name}: {value:?}");
        cookies += usize::from(name == "set-cookie");
    }
    assert!(cookies <= 65, "{cookies} cookies");
    if let Some(location) = state.redirect() {
        let url = url::Url::parse(location).expect("an absolute address");
        let host = url.host_str().unwrap_or_default();
        assert!(matches!(url.scheme(), "http" | "https"), "{location}");
        assert!(hosts.contains(&host), "{location} is not at one of {hosts:?}");
    }
}
