//! Forwards a request to the upstream. The only file of the proxy with I/O.

use std::{
    error::Error,
    future::{Future, poll_fn},
    net::IpAddr,
    pin::{Pin, pin},
    sync::{Arc, Once},
    task::Poll,
};

use bytes::Bytes;
use clerk_core::internal::{Share, constant_time_eq};
use futures_core::Stream;
use reqwest::{Body, Client, Method, Request, Response, Url, header::HeaderMap};
use tokio::time::{Instant, timeout};

use crate::{
    client_address::client_address,
    error::{ProxyError, ProxyErrorKind, root_cause},
    gather::gather,
    limits::RequestKind,
    path,
    proxy::{FrontendApiProxy, Inner},
    public_url::{proxy_url, public_origin},
    request::ProxyRequest,
    request_headers::{self, ClerkHeaders, request_headers},
    response::{ProxyBody, ProxyResponse},
    response_headers::{response_headers, rewrite_location},
    upload::{Progress, Stage, Upload, declared_length},
};
/// Scripts of clerk-js are below this path.
const SCRIPTS: &str = "/npm/";

/// A checked request, ready to send, and the data that its response needs.
struct PreparedRequest {
    method: Method,
    url: Url,
    headers: HeaderMap,
    declared: Option<u64>,
    proxy_url: String,
    is_script: bool,
    share: Option<Share<IpAddr>>,
}

impl FrontendApiProxy {
    /// Sends a request upstream, and returns the response as soon as its head has arrived.
    ///
    /// `body` is `None` for a request without a body. A body of more than 64 KiB is streamed, and the response always is.
    /// Dropping the future or the response's body cancels the upstream request.
    ///
    /// # Errors
    /// When the request is not forwarded, or the upstream does not answer. The error holds the response to send.
    pub fn forward<B, E>(
        &self,
        request: &ProxyRequest<'_>,
        body: Option<B>,
    ) -> impl Future<Output = Result<ProxyResponse, ProxyError>> + Send + use<B, E>
    where
        B: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>> + 'static,
    {
        // All checks run before the first await.
        let prepared = prepare(&self.0, request);
        let inner = Arc::clone(&self.0);
        async move {
            let PreparedRequest { method, url, headers, declared, proxy_url, is_script, share } = prepared?;
            let body = match body.filter(|_| declared != Some(0)) {
                Some(body) => Some(gather(&inner, body, declared).await?),
                None => None,
            };
            let place = inner.limits.take_place(match &body {
                Some(body) if !body.is_whole() => RequestKind::Upload,
                _ if is_script => RequestKind::Script,
                _ => RequestKind::Call,
            })?;
            let mut request = Request::new(method, url.clone());
            *request.headers_mut() = headers;
            let progress = body.map(|body| {
                let progress = Arc::new(Progress::default());
                let upload = Upload::new(body, inner.body_limit, declared, Arc::clone(&progress));
                *request.body_mut() = Some(Body::wrap(upload));
                progress
            });
            let response = wait_for_head(&inner, request, progress.as_deref()).await?;
            let status = response.status().as_u16();
            if status < 200 {
                tracing::warn!(target: "clerk", status, "the Frontend API answered with an unexpected protocol switch");
                return Err(ProxyErrorKind::Upstream.into());
            }
            let mut response = response;
            let headers = response_headers(std::mem::take(response.headers_mut()), inner.secret.as_bytes(), |value| {
                rewrite_location(value, &url, &inner.upstream, &proxy_url)
            });
            let body = ProxyBody::start(Body::from(response), inner.idle_timeout, place, share);
            Ok(ProxyResponse { status, headers, body })
        }
    }
}

/// Checks a request and builds the upstream request.
fn prepare(inner: &Inner, request: &ProxyRequest<'_>) -> Result<PreparedRequest, ProxyError> {
    let refuse = |kind: ProxyErrorKind, reason: &dyn std::fmt::Debug| {
        tracing::debug!(target: "clerk", ?reason, "a request is not forwarded to the Frontend API");
        ProxyError::from(kind)
    };
    if !crate::request::METHODS.contains(&request.view.method()) {
        return Err(refuse(ProxyErrorKind::Method, &"method"));
    }
    let method =
        Method::from_bytes(request.view.method().as_bytes()).map_err(|_| refuse(ProxyErrorKind::Method, &"method"))?;
    let path = request
        .original_path
        .map_or(Ok(()), path::check)
        .and_then(|()| path::strip_prefix(&inner.path, request.view.path(), request.stripped))
        .map_err(|reason| refuse(ProxyErrorKind::Path, &reason))?;
    let url =
        inner.upstream.url(path, request.view.query()).ok_or_else(|| refuse(ProxyErrorKind::Path, &"characters"))?;
    if calls_itself(inner, request) {
        tracing::error!(
            target: "clerk",
            "the Frontend API proxy has called itself: set CLERK_FAPI_URL to Clerk's Frontend API, not to this application",
        );
        return Err(ProxyErrorKind::Misconfigured.into());
    }
    let declared =
        declared_length(request.view.headers()).map_err(|()| refuse(ProxyErrorKind::Malformed, &"content-length"))?;
    if declared.is_some_and(|declared| declared > inner.body_limit) {
        return Err(refuse(ProxyErrorKind::TooLarge, &"content-length"));
    }
    let origin = public_origin(request, &inner.public_origin, &inner.trusted_peers)
        .ok_or_else(|| refuse(ProxyErrorKind::Malformed, &"host"))?;
    let proxy_url = proxy_url(&origin, inner.proxy_url.as_deref(), &inner.path);
    let client = client_address(request, &inner.trusted_peers, &inner.address_headers);
    if client.is_none() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            tracing::warn!(
                target: "clerk",
                "the client address of a proxied request is unknown, so Clerk's rate limits treat all users as one client: serve an axum router with into_make_service_with_connect_info::<SocketAddr>(), or put a SocketAddr into the request's extensions",
            );
        });
    }
    let clerk_headers = ClerkHeaders { secret: &inner.secret, proxy_url: &proxy_url, origin: &origin, client };
    let headers =
        request_headers(request, &clerk_headers).ok_or_else(|| refuse(ProxyErrorKind::Malformed, &"headers"))?;
    let share = inner.limits.admit(client)?;
    let is_script = path.starts_with(SCRIPTS) && matches!(method, Method::GET | Method::HEAD);
    Ok(PreparedRequest { method, url, headers, declared, proxy_url, is_script, share })
}

/// Whether the request came from this proxy: no other client sends this secret key.
fn calls_itself(inner: &Inner, request: &ProxyRequest<'_>) -> bool {
    let mut found = false;
    request.view.headers().visit(request_headers::SECRET_KEY.as_str(), &mut |value| {
        // In constant time, so that a client cannot guess the key by timing.
        found |= constant_time_eq(value, inner.secret.as_bytes());
    });
    found
}

/// Waits for the head of the response: first while the body is sent, then after it was sent.
async fn wait_for_head(inner: &Inner, request: Request, progress: Option<&Progress>) -> Result<Response, ProxyError> {
    let client = inner.client.for_url(inner.upstream.as_str()).map_err(|error| {
        tracing::error!(target: "clerk", error, "the HTTP client could not start");
        ProxyError::from(ProxyErrorKind::Upstream)
    })?;
    let mut call = pin!(execute(&client, request));
    if let Some(progress) = progress {
        let end = Instant::now() + inner.body_timeout;
        let mut sent = progress.sent();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match timeout(left.min(inner.idle_timeout), drive_until_sent(call.as_mut(), progress)).await {
                Ok(Some(response)) => return response.map_err(|error| to_proxy_error(error, Some(progress))),
                Ok(None) => break,
                Err(_) if progress.sent() != sent && Instant::now() < end => sent = progress.sent(),
                Err(_) if progress.stage() == Stage::Client => {
                    tracing::debug!(target: "clerk", "a client did not send its body in time");
                    return Err(ProxyErrorKind::ClientTimeout.into());
                }
                Err(_) => return Err(upstream_timeout()),
            }
        }
    }
    match timeout(inner.head_timeout, call).await {
        Ok(response) => response.map_err(|error| to_proxy_error(error, progress)),
        Err(_) => Err(upstream_timeout()),
    }
}

async fn execute(client: &Client, request: Request) -> Result<Response, reqwest::Error> {
    client.execute(request).await
}

/// Polls a call until it has a response. Returns `None` if its body was sent before that.
async fn drive_until_sent<T>(mut call: Pin<&mut impl Future<Output = T>>, progress: &Progress) -> Option<T> {
    let mut finished = pin!(progress.wait_until_finished());
    poll_fn(|context| match call.as_mut().poll(context) {
        Poll::Ready(response) => Poll::Ready(Some(response)),
        Poll::Pending => finished.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// Maps a failed call to the error of the client or of the upstream.
fn to_proxy_error(error: reqwest::Error, progress: Option<&Progress>) -> ProxyError {
    // The query may hold tokens.
    let error = error.without_url();
    let kind = match progress.map(Progress::stage) {
        Some(Stage::TooLarge) => ProxyErrorKind::TooLarge,
        Some(Stage::Broken) => ProxyErrorKind::Malformed,
        _ if error.is_timeout() => ProxyErrorKind::UpstreamTimeout,
        _ => ProxyErrorKind::Upstream,
    };
    match kind {
        ProxyErrorKind::TooLarge | ProxyErrorKind::Malformed => {
            tracing::debug!(target: "clerk", error = %root_cause(&error), "a client's body was not forwarded completely");
        }
        _ => tracing::warn!(target: "clerk", error = %root_cause(&error), "the Frontend API cannot be reached"),
    }
    kind.into()
}

fn upstream_timeout() -> ProxyError {
    tracing::warn!(target: "clerk", "the Frontend API did not answer in time");
    ProxyErrorKind::UpstreamTimeout.into()
}
