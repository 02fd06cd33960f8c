//! `POST /v1/waitlist`: adds an address to the waitlist.

use axum::response::Response;
use serde_json::json;

use super::{FrontendError, FrontendRequest, delivery};

/// Answers with the address's existing entry, if it has one.
pub(super) async fn join(request: FrontendRequest) -> Result<Response, FrontendError> {
    let address = delivery::normalize_email_address("email_address", request.form.required("email_address")?)?;
    let entry = request.shared.join_waitlist(address);
    Ok(request.respond_without_envelope(&json!({"object": "waitlist_entry", "id": entry.id})))
}
