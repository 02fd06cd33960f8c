//! `POST /v1/waitlist`: somebody would like to be invited.

use axum::response::Response;
use serde_json::json;

use super::{FrontendError, FrontendRequest, delivery};

/// The entry that the address has already, if it has one.
pub(super) async fn join(request: FrontendRequest) -> Result<Response, FrontendError> {
    let address = delivery::email_address("email_address", request.form.required("email_address")?)?;
    let entry = request.shared.join_waitlist(address);
    Ok(request.respond_without_envelope(&json!({"object": "waitlist_entry", "id": entry.id})))
}
