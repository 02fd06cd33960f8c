//! [`Faults`]: makes an instance fail or answer slowly, for tests of what an application does then.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    middleware::Next,
    response::Response,
};

use crate::{http::error_response, shared::Shared};

/// More than any test needs; further ones are dropped.
const MAX_FAULTS: usize = 1_000;

/// How an answer goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// 429, with this `Retry-After` in whole seconds.
    RateLimited(Duration),
    /// The right answer, delayed by this much on the instance's clock.
    Slow(Duration),
    /// This status, 500 for example, with an error in Clerk's form; 500 for a number that is not an HTTP status.
    Status(u16),
}

/// The faults of an instance, until [`clear`](Self::clear) removes them.
///
/// ```no_run
/// use std::time::Duration;
///
/// use clerk_local::{Fault, LocalClerk};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let local = LocalClerk::start().await?;
/// local.faults().next(Fault::RateLimited(Duration::from_secs(2))); // the next request to the Backend API
/// local.faults().jwks(Fault::Status(500)); // no keys from either API
/// local.faults().path("/v1/users", Fault::Slow(Duration::from_secs(5)));
/// local.faults().clear();
/// local.rotate_key()?; // not a fault, but hard on applications that cache keys
/// # Ok(()) }
/// ```
#[derive(Debug, Default)]
pub struct Faults(Mutex<FaultState>);

#[derive(Debug, Default)]
struct FaultState {
    next: VecDeque<Fault>,
    /// By the beginning of the path, the latest first.
    paths: VecDeque<(String, Fault)>,
}

impl Faults {
    /// Makes the next request to the Backend API fail; a second call, the request after it.
    pub fn next(&self, fault: Fault) {
        let mut state = self.state();
        if state.next.len() < MAX_FAULTS {
            state.next.push_back(fault);
        }
    }

    /// Makes every request for the instance's keys fail, at either API.
    pub fn jwks(&self, fault: Fault) {
        self.path("/v1/jwks", fault);
        self.path("/.well-known/jwks.json", fault);
    }

    /// Makes every request fail, at either API, whose path begins with this: `/v1/users`, `/` for all of them. The
    /// latest fault that matches counts. The request has no effect: the nonce of a handshake, for example, is still
    /// good after an outage.
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// use clerk_local::Fault;
    ///
    /// let local = clerk_local::LocalClerk::start().await?;
    /// local.faults().path("/v1/clients/handshake_payload", Fault::Status(503)); // browsers that return from sign-in
    /// local.faults().path("/v1/client", Fault::Slow(std::time::Duration::from_millis(250))); // as Clerk, for pages
    /// # Ok(()) }
    /// ```
    pub fn path(&self, beginning: &str, fault: Fault) {
        let mut state = self.state();
        state.paths.push_front((beginning.to_owned(), fault));
        state.paths.truncate(MAX_FAULTS);
    }

    /// Removes all faults.
    pub fn clear(&self) {
        *self.state() = FaultState::default();
    }

    fn next_for_backend_api(&self, path: &str) -> Option<Fault> {
        let next = self.state().next.pop_front();
        // Some operations answer with and without the version.
        next.or_else(|| self.for_path(path)).or_else(|| match path.starts_with("/v1/") {
            true => None,
            false => self.for_path(&format!("/v1{path}")),
        })
    }

    fn for_path(&self, path: &str) -> Option<Fault> {
        self.state().paths.iter().find(|(beginning, _)| path.starts_with(&**beginning)).map(|(_, fault)| *fault)
    }

    fn state(&self) -> MutexGuard<'_, FaultState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Middleware of the Backend API.
pub(crate) async fn apply_to_backend_api(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let fault = shared.faults.next_for_backend_api(request.uri().path());
    apply(&shared, fault, request, next).await
}

/// Middleware of the Frontend API.
pub(crate) async fn apply_to_frontend_api(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    // Apps that proxy the Frontend API may keep this prefix.
    let path = request.uri().path();
    let fault = shared.faults.for_path(path.strip_prefix("/__clerk").unwrap_or(path));
    apply(&shared, fault, request, next).await
}

async fn apply(shared: &Shared, fault: Option<Fault>, request: Request, next: Next) -> Response {
    match fault {
        None => next.run(request).await,
        Some(Fault::Slow(by)) => {
            shared.clock.sleep_until(shared.clock.now() + by).await;
            next.run(request).await
        }
        Some(Fault::Status(status)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            error_response(status, "internal_clerk_error", "the test asked for this answer")
        }
        Some(Fault::RateLimited(retry_after)) => {
            let message = "too many requests, as far as the test is concerned";
            let mut response = error_response(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", message);
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(retry_after.as_secs()));
            response
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_fault_for_each_request_then_those_of_the_path() {
        let faults = Faults::default();
        faults.path("/v1/users", Fault::Status(500));
        faults.next(Fault::Status(502));
        faults.next(Fault::Status(503));
        let of = |path: &str| faults.next_for_backend_api(path);
        assert_eq!([of("/v1/jwks"), of("/v1/users/user_1")], [Some(Fault::Status(502)), Some(Fault::Status(503))]);
        assert_eq!([of("/v1/jwks"), of("/v1/users/user_1")], [None, Some(Fault::Status(500))]);
        faults.path("/", Fault::Slow(Duration::ZERO));
        assert_eq!(of("/v1/users"), Some(Fault::Slow(Duration::ZERO)));
        faults.clear();
        assert_eq!(of("/v1/users"), None);
        faults.path("/v1/m2m_tokens", Fault::Status(503));
        assert_eq!([of("/m2m_tokens/verify"), of("/v1/m2m_tokens/verify")], [Some(Fault::Status(503)); 2]);
        assert_eq!(of("/api_keys/verify"), None);
    }
}
