//! [`LocalApp`]: the address of an app under test, and requests to it.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    time::Duration,
};

use clerk_core::{ClerkBuilder, ConfigError, internal::local_client};
use serde_json::Value;

use crate::LocalClerk;

/// How long a response may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The address of an app under test on a port of the system's choice, which the instance's tokens are for, and a client
/// that sends requests there as users' browsers and programs do. Redirects are returned, not followed.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use axum::{Router, routing::get};
/// use clerk_local::{LocalApp, LocalClerk};
///
/// let local = LocalClerk::start().await?;
/// let app = LocalApp::bind()?;
/// let clerk = app.clerk_builder(&local)?.build()?;
/// # let _ = clerk;
/// let routes = Router::new().route("/", get(async || "hello")); // with a `ClerkLayer::new(clerk)`
/// let listener = tokio::net::TcpListener::from_std(app.listener()?)?;
/// tokio::spawn(async move { axum::serve(listener, routes).await });
/// local.add_webhook_endpoint(&app.url("/webhooks"))?;
///
/// let token = local.token("alice")?.authorized_party(app.origin()).mint();
/// assert_eq!(app.get("/").bearer(&token).send().await?.status, 200);
/// let browser = local.browser_cookies("alice", app.origin())?;
/// let page = app.get("/").page().cookies(&browser).send().await?;
/// assert_eq!(page.body, "hello");
/// # Ok(()) }
/// ```
///
/// actix takes the listener, too: `HttpServer::new(..).listen(app.listener()?)?`.
#[derive(Debug)]
pub struct LocalApp {
    listener: TcpListener,
    origin: String,
    client: reqwest::Client,
}

/// A request to an app under test.
#[must_use = "it is sent by `send`"]
#[derive(Debug)]
pub struct LocalRequest(reqwest::RequestBuilder);

/// What an app under test answered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LocalResponse {
    /// The HTTP status code.
    pub status: u16,
    /// Names, in lowercase, and values in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
}

impl LocalApp {
    /// Binds a free port of `127.0.0.1`; browsers and the instance know the app as `http://localhost` with the port.
    ///
    /// # Errors
    /// When no port is free, or the system's certificates cannot be read.
    pub fn bind() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        Ok(Self {
            origin: format!("http://localhost:{}", listener.local_addr()?.port()),
            listener,
            client: local_client(TIMEOUT).map_err(io::Error::other)?,
        })
    }

    /// The listener of the app's server, non-blocking as Tokio requires.
    ///
    /// # Errors
    /// When the system has no handles left.
    pub fn listener(&self) -> io::Result<TcpListener> {
        self.listener.try_clone()
    }

    /// The app's origin, `http://localhost:40123` for example: the `azp` claim of tokens for it.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The address of a path, `/me` for example.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// A builder of the app's `Clerk`, which trusts the instance, but no tokens for other origins than the app's.
    ///
    /// # Errors
    /// Never with the keys of an instance; see [`LocalClerk::clerk_builder`].
    pub fn clerk_builder(&self, local: &LocalClerk) -> Result<ClerkBuilder, ConfigError> {
        local.clerk_builder()?.authorized_parties([self.origin()])
    }

    /// A GET request.
    pub fn get(&self, path: &str) -> LocalRequest {
        self.start(reqwest::Method::GET, path)
    }

    /// A POST request, without a body until [`json`](LocalRequest::json) or [`form`](LocalRequest::form) adds one.
    pub fn post(&self, path: &str) -> LocalRequest {
        self.start(reqwest::Method::POST, path)
    }

    /// A request with any method, `DELETE` for example.
    ///
    /// # Panics
    /// When the method is not a token of HTTP.
    #[expect(clippy::expect_used, reason = "a test has written the method")]
    pub fn request(&self, method: &str, path: &str) -> LocalRequest {
        self.start(method.parse().expect("an HTTP method"), path)
    }

    fn start(&self, method: reqwest::Method, path: &str) -> LocalRequest {
        // By address, because a name may lead to another server on `[::1]`; by name in the headers.
        let port = self.origin.rsplit(':').next().unwrap_or_default();
        let request = self.client.request(method, format!("http://127.0.0.1:{port}{path}"));
        LocalRequest(request.header("host", format!("localhost:{port}")))
    }
}

impl LocalRequest {
    /// Sends this token as `Authorization: Bearer`.
    pub fn bearer(self, token: &str) -> Self {
        Self(self.0.bearer_auth(token))
    }

    /// Sends these cookies, those of [`LocalClerk::browser_cookies`] for example.
    pub fn cookies(self, cookies: &str) -> Self {
        self.header("cookie", cookies)
    }

    /// Asks for a page as a browser does that navigates there.
    pub fn page(self) -> Self {
        self.header("accept", "text/html").header("sec-fetch-dest", "document").header("sec-fetch-mode", "navigate")
    }

    /// Adds a header.
    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    /// Sends a JSON body.
    pub fn json(self, body: &Value) -> Self {
        Self(self.0.header("content-type", "application/json").body(body.to_string()))
    }

    /// Sends a form, as a page's `<form method="post">` does.
    pub fn form<'f>(self, fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Self(self.0.header("content-type", "application/x-www-form-urlencoded").body(body))
    }

    /// Sends the request.
    ///
    /// # Errors
    /// When a header is not valid in HTTP, or the app does not answer.
    pub async fn send(self) -> io::Result<LocalResponse> {
        let response = self.0.send().await.map_err(io::Error::other)?;
        let text = |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        Ok(LocalResponse {
            status: response.status().as_u16(),
            headers: response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
            body: response.text().await.map_err(io::Error::other)?,
        })
    }
}

impl LocalResponse {
    /// The first header with this name, in lowercase: `location` for example.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// The body as JSON; `null` for anything else.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}
