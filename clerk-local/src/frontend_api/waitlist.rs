//! `POST /v1/waitlist`: somebody would like to be invited.

use axum::response::Response;
use serde_json::json;

use super::{Call, FrontendError, delivery};

/// The entry that the address has already, if it has one.
pub(super) async fn join(call: Call) -> Result<Response, FrontendError> {
    let address = delivery::email_address("email_address", call.form.required("email_address")?)?;
    let entry = call.shared.join_waitlist(address);
    Ok(call.bare(&json!({"object": "waitlist_entry", "id": entry.id})))
}
