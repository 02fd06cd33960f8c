//! Invitations to the application.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use clerk_core::time::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    answer::ApiResult,
    fields::{BodyFields, Bulk},
    identifiers::check_form_of_email_address,
    query::Query,
};
use crate::{
    http::ApiError,
    keys::random_id,
    shared::Shared,
    store::{Invitation, OutboxMessage, OutboxPurpose, Store},
    tickets::TicketKind,
};

/// A day, in seconds.
pub(super) const DAY: u64 = 24 * 60 * 60;

/// How many invitations one request may create.
const MAX_BULK: usize = 10;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/invitations", get(list).post(create))
        .route("/invitations/bulk", post(create_all))
        .route("/invitations/{id}/revoke", post(revoke))
}

/// Takes the days until an invitation expires, 1 to 365.
pub(super) fn expiry(fields: &mut BodyFields, now: Timestamp, default: Duration) -> Result<Timestamp, ApiError> {
    match fields.optional::<u64>("expires_in_days")? {
        None => Ok(now + default),
        Some(days @ 1..=365) => Ok(now + Duration::from_secs(days * DAY)),
        Some(_) => Err(ApiError::invalid_value("expires_in_days", "between 1 and 365 days")),
    }
}

/// Sends an e-mail with the link of an invitation.
pub(super) fn send(shared: &Shared, to: &str, purpose: OutboxPurpose, subject: &str, ticket: &str) {
    let link = shared.ticket_url(ticket);
    let message = OutboxMessage::with_link(to, purpose, subject, &link, shared.clock.now());
    shared.store().outbox.send(message);
}

fn ticket(shared: &Shared, invitation: &Invitation) -> String {
    let redirect_url = invitation.redirect_url.as_deref();
    shared.ticket(TicketKind::Invitation, &invitation.id, invitation.expires_at, redirect_url)
}

/// An invitation in the Backend API; with its link as long as that works.
pub(super) fn to_json(shared: &Shared, invitation: &Invitation) -> Value {
    let status = invitation.status(shared.clock.now());
    let mut json = json!({
        "object": "invitation",
        "id": invitation.id,
        "email_address": invitation.email_address,
        "public_metadata": invitation.public_metadata,
        "revoked": status == "revoked",
        "status": status,
        "expires_at": invitation.expires_at,
        "created_at": invitation.created_at,
        "updated_at": invitation.updated_at,
    });
    if status == "pending" {
        json["url"] = shared.ticket_url(&ticket(shared, invitation)).into();
    }
    json
}

/// `GET /v1/invitations`
async fn list(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    let now = shared.clock.now();
    let status = query.choice("status", &["pending", "accepted", "revoked", "expired"])?;
    let invitations: Vec<_> = shared.store().invitations.iter().cloned().collect();
    let invitations = invitations.iter().filter(|one| {
        status.is_none_or(|status| one.status(now) == status) && query.matches_text(&[&one.email_address, &one.id])
    });
    let mut invitations: Vec<_> = invitations.map(|one| to_json(&shared, one)).collect();
    let orders = &[("created_at", "/created_at"), ("email_address", "/email_address"), ("expires_at", "/expires_at")];
    query.sort(&mut invitations, "-created_at", orders)?;
    query.array(invitations)
}

/// `POST /v1/invitations`
async fn create(State(shared): State<Arc<Shared>>, fields: BodyFields) -> ApiResult {
    let new = NewInvitation::from_fields(&shared, fields)?;
    Ok(Json(to_json(&shared, &new.create(&shared))))
}

/// `POST /v1/invitations/bulk`: all of them, or none.
async fn create_all(State(shared): State<Arc<Shared>>, Bulk(all): Bulk) -> ApiResult {
    if all.is_empty() || all.len() > MAX_BULK {
        return Err(ApiError::invalid_body(format!("between 1 and {MAX_BULK} invitations at once")));
    }
    let all =
        all.into_iter().map(|fields| NewInvitation::from_fields(&shared, fields)).collect::<Result<Vec<_>, _>>()?;
    let mut addresses: Vec<_> = all.iter().map(|one| &one.invitation.email_address).collect();
    addresses.sort();
    addresses.dedup();
    if addresses.len() < all.len() {
        return Err(ApiError::duplicate("email_address"));
    }
    Ok(Json(all.into_iter().map(|one| to_json(&shared, &one.create(&shared))).collect::<Vec<_>>().into()))
}

/// A new invitation, before it is stored.
pub(super) struct NewInvitation {
    invitation: Invitation,
    notify: bool,
}

impl NewInvitation {
    fn from_fields(shared: &Shared, mut fields: BodyFields) -> Result<Self, ApiError> {
        let now = shared.clock.now();
        let email_address = fields.required_text("email_address")?;
        let mut new = Self::new(&email_address, now)?;
        new.invitation.public_metadata = fields.metadata("public_metadata")?.unwrap_or_default();
        new.invitation.redirect_url = fields.optional("redirect_url")?;
        new.invitation.expires_at = expiry(&mut fields, now, Duration::from_secs(30 * DAY))?;
        new.notify = fields.optional("notify")?.unwrap_or(true);
        let ignore_existing = fields.optional("ignore_existing")?.unwrap_or(false);
        fields.ignore(&["template_slug"]);
        fields.finish()?;
        new.check(&shared.store(), ignore_existing, now)?;
        Ok(new)
    }

    /// An invitation with only an address, valid for 30 days.
    pub(super) fn new(email_address: &str, now: Timestamp) -> Result<Self, ApiError> {
        let invitation = Invitation {
            id: random_id("inv"),
            email_address: check_form_of_email_address("email_address", email_address)?,
            public_metadata: Map::new(),
            redirect_url: None,
            status: "pending".to_owned(),
            expires_at: now + Duration::from_secs(30 * DAY),
            created_at: now,
            updated_at: now,
        };
        Ok(Self { invitation, notify: true })
    }

    /// Rejects an address that is invited already, or belongs to a user.
    pub(super) fn check(&self, store: &Store, ignore_existing: bool, now: Timestamp) -> Result<(), ApiError> {
        let address = &self.invitation.email_address;
        let is_pending = |one: &Invitation| one.email_address == *address && one.status(now) == "pending";
        if !ignore_existing && store.invitations.find(is_pending).is_some() {
            return Err(ApiError::duplicate("email_address"));
        }
        if !ignore_existing && store.user(address).is_some() {
            return Err(ApiError::identifier_taken("email_address"));
        }
        Ok(())
    }

    pub(super) fn create(self, shared: &Shared) -> Invitation {
        shared.store().invitations.put(self.invitation.clone());
        if self.notify {
            let ticket = ticket(shared, &self.invitation);
            let purpose = OutboxPurpose::Invitation;
            send(shared, &self.invitation.email_address, purpose, "You are invited", &ticket);
        }
        self.invitation
    }
}

/// `POST /v1/invitations/{id}/revoke`
async fn revoke(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let now = shared.clock.now();
    let mut store = shared.store();
    let invitation = store.invitations.get_mut(&id).ok_or_else(|| ApiError::not_found("invitation", &id))?;
    if invitation.status(now) != "pending" {
        let problem = "only a pending invitation can be revoked";
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "invitation_not_pending", problem));
    }
    "revoked".clone_into(&mut invitation.status);
    invitation.updated_at = now;
    let invitation = invitation.clone();
    drop(store);
    Ok(Json(to_json(&shared, &invitation)))
}
