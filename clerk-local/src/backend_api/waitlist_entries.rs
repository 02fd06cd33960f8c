//! The waitlist.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{delete, get, post},
};
use serde_json::{Value, json};

use super::{
    answer::{ApiResult, deleted_object},
    fields::{BodyFields, Bulk},
    identifiers::check_form_of_email_address,
    invitations::{self, NewInvitation},
    query::Query,
};
use crate::{http::ApiError, shared::Shared, store::WaitlistEntry};

/// How many entries one request may create.
const MAX_BULK: usize = 50;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/waitlist_entries", get(list).post(create))
        .route("/waitlist_entries/bulk", post(create_all))
        .route("/waitlist_entries/{id}", delete(delete_entry))
        .route("/waitlist_entries/{id}/invite", post(invite))
        .route("/waitlist_entries/{id}/reject", post(reject))
}

fn to_json(shared: &Shared, entry: &WaitlistEntry) -> Value {
    let mut json = json!({
        "object": "waitlist_entry",
        "id": entry.id,
        "email_address": entry.email_address,
        "status": entry.status,
        "is_locked": false,
        "created_at": entry.created_at,
        "updated_at": entry.updated_at,
        "invitation": null,
    });
    let invitation = entry.invitation_id.as_deref().and_then(|id| shared.store().invitations.get(id).cloned());
    if let Some(invitation) = invitation {
        json["invitation"] = invitations::to_json(shared, &invitation);
    }
    json
}

/// `GET /v1/waitlist_entries`
async fn list(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    let status = query.choice("status", &["pending", "invited", "completed", "rejected"])?;
    let entries: Vec<_> = shared.store().waitlist_entries.iter().cloned().collect();
    let entries = entries.iter().filter(|one| {
        status.is_none_or(|status| one.status == status) && query.matches_text(&[&one.email_address, &one.id])
    });
    let mut entries: Vec<_> = entries.map(|one| to_json(&shared, one)).collect();
    let orders =
        &[("created_at", "/created_at"), ("invited_at", "/invitation/created_at"), ("email_address", "/email_address")];
    query.sort(&mut entries, "-created_at", orders)?;
    query.list(entries)
}

/// `POST /v1/waitlist_entries`: creates an entry, or returns the address's existing one.
async fn create(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    let address = address(&mut fields)?;
    fields.finish()?;
    let entry = shared.join_waitlist(address);
    Ok(Json(to_json(&shared, &entry)))
}

/// `POST /v1/waitlist_entries/bulk`
async fn create_all(State(shared): State<Arc<Shared>>, Bulk(all): Bulk) -> ApiResult {
    if all.is_empty() || all.len() > MAX_BULK {
        return Err(ApiError::invalid_body(format!("between 1 and {MAX_BULK} entries at once")));
    }
    let addresses = all.into_iter().map(|mut fields| {
        let address = address(&mut fields)?;
        fields.finish().map(|()| address)
    });
    let addresses = addresses.collect::<Result<Vec<_>, _>>()?;
    Ok(Json(
        addresses
            .into_iter()
            .map(|address| to_json(&shared, &shared.join_waitlist(address)))
            .collect::<Vec<_>>()
            .into(),
    ))
}

fn address(fields: &mut BodyFields) -> Result<String, ApiError> {
    fields.ignore(&["notify"]);
    check_form_of_email_address("email_address", &fields.required_text("email_address")?)
}

fn find_or_404(shared: &Shared, id: &str) -> Result<WaitlistEntry, ApiError> {
    shared.store().waitlist_entries.get(id).cloned().ok_or_else(|| ApiError::not_found("waitlist entry", id))
}

/// The entry, if its address was not invited yet.
fn find_uninvited(shared: &Shared, id: &str) -> Result<WaitlistEntry, ApiError> {
    let entry = find_or_404(shared, id)?;
    if matches!(&*entry.status, "invited" | "completed") {
        let problem = "the entry's address is invited already";
        return Err(ApiError::new(StatusCode::CONFLICT, "waitlist_entry_already_invited", problem));
    }
    Ok(entry)
}

/// `DELETE /v1/waitlist_entries/{id}`
async fn delete_entry(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    find_uninvited(&shared, &id)?;
    shared.store().waitlist_entries.remove(&id);
    Ok(deleted_object("waitlist_entry", &id))
}

/// `POST /v1/waitlist_entries/{id}/invite`
async fn invite(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: BodyFields) -> ApiResult {
    let ignore_existing = fields.optional("ignore_existing")?.unwrap_or(false);
    fields.finish()?;
    let entry = find_uninvited(&shared, &id)?;
    let new = NewInvitation::new(&entry.email_address, shared.clock.now())?;
    new.check(&shared.store(), ignore_existing, shared.clock.now())?;
    let invitation = new.create(&shared);
    save(&shared, WaitlistEntry { status: "invited".to_owned(), invitation_id: Some(invitation.id), ..entry })
}

/// `POST /v1/waitlist_entries/{id}/reject`
async fn reject(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let entry = find_uninvited(&shared, &id)?;
    save(&shared, WaitlistEntry { status: "rejected".to_owned(), ..entry })
}

fn save(shared: &Shared, entry: WaitlistEntry) -> ApiResult {
    let entry = WaitlistEntry { updated_at: shared.clock.now(), ..entry };
    shared.store().waitlist_entries.put(entry.clone());
    Ok(Json(to_json(shared, &entry)))
}
