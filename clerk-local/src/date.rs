//! The `Date` header, by the instance's clock: whoever compares clocks must see the one that tokens are issued by.

use std::{
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header::DATE},
    middleware::Next,
    response::Response,
};

use crate::shared::Shared;

/// Middleware that dates every response ([RFC 9110, section 6.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1)).
pub(crate) async fn dated(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    // The header has no form for what lies before the epoch, nor beyond the year 9999.
    const LAST: u64 = 253_402_300_799;
    let seconds = u64::try_from(shared.clock.now().unix_seconds()).unwrap_or_default().min(LAST);
    let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
    if let Ok(value) = HeaderValue::try_from(date) {
        response.headers_mut().insert(DATE, value);
    }
    response
}
