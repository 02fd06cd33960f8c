//! [`LoggedRequest`]: requests that applications sent to the Backend API.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use crate::shared::Shared;

/// How many requests are stored.
const MAX_REQUESTS: usize = 1_000;

/// How much of a path is stored, in bytes.
const MAX_PATH: usize = 500;

/// A request to the Backend API and its answer: no headers, query or bodies, which hold secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// `GET`, `POST`, ...
    pub method: String,
    /// The path without the query, 500 bytes of it at most: `/v1/users/user_1`.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// How long the answer took, in real time, with millisecond precision or better.
    pub duration: Duration,
}

/// The latest requests.
#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<VecDeque<LoggedRequest>>);

impl RequestLog {
    /// All stored requests, the latest last.
    pub(crate) fn all(&self) -> Vec<LoggedRequest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn add(&self, request: LoggedRequest) {
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if requests.len() >= MAX_REQUESTS {
            requests.pop_front();
        }
        requests.push_back(request);
    }
}

/// Middleware that stores and logs each request.
pub(crate) async fn record_request(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().to_string();
    let path = request.uri().path();
    let path = shorten(path).to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    write_log_line(&method, &path, status, begun);
    shared.requests.add(LoggedRequest { method, path, status, duration: begun.elapsed() });
    response
}

/// Middleware that logs each request.
pub(crate) async fn log_request(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let response = next.run(request).await;
    write_log_line(&method, &path, response.status().as_u16(), begun);
    response
}

/// The beginning of a path, up to the end of a character.
fn shorten(path: &str) -> &str {
    let end = (0..=path.len().min(MAX_PATH)).rev().find(|at| path.is_char_boundary(*at));
    &path[..end.unwrap_or_default()]
}

fn write_log_line(method: &str, path: &str, status: u16, begun: Instant) {
    let path = shorten(path);
    let milliseconds = begun.elapsed().as_millis();
    if status >= 400 {
        tracing::warn!(target: "clerk_local", "{method} {path} {status} in {milliseconds} ms");
    } else {
        tracing::info!(target: "clerk_local", "{method} {path} {status} in {milliseconds} ms");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_requests_are_kept() {
        let log = RequestLog::default();
        for status in 0..1_001 {
            let (method, path) = ("GET".to_owned(), "/v1/users".to_owned());
            log.add(LoggedRequest { method, path, status, duration: Duration::ZERO });
        }
        let all = log.all();
        assert_eq!((all.len(), all[0].status, all[999].status), (MAX_REQUESTS, 1, 1_000));
    }
}
