//! Invitations to organizations.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Map, Value, json};

use super::{find_or_404, memberships::check_role};
use crate::{
    backend_api::{
        answer::ApiResult,
        fields::{BodyFields, Bulk},
        identifiers::check_form_of_email_address,
        invitations::{self, expiry},
        query::Query,
        users::find_by_parameter,
    },
    http::ApiError,
    keys::random_id,
    resource,
    shared::Shared,
    store::{Organization, OrganizationInvitation, OutboxPurpose, Store},
    tickets::TicketKind,
};

const STATUSES: &[&str] = &["pending", "accepted", "revoked", "expired"];

/// How many invitations one request may create.
const MAX_BULK: usize = 10;

/// JSON pointers of the fields that invitations can be sorted by.
const ORDERS: &[(&str, &str)] = &[("created_at", "/created_at"), ("email_address", "/email_address")];

/// `GET /v1/organizations/{id}/invitations`
pub(super) async fn list(State(shared): State<Arc<Shared>>, Path(id): Path<String>, query: Query) -> ApiResult {
    let status = query.choice("status", STATUSES)?;
    list_of_organization(&shared, &id, &query, status)
}

/// `GET /v1/organizations/{id}/invitations/pending`
pub(super) async fn list_pending(State(shared): State<Arc<Shared>>, Path(id): Path<String>, query: Query) -> ApiResult {
    list_of_organization(&shared, &id, &query, Some("pending"))
}

fn list_of_organization(shared: &Shared, id: &str, query: &Query, status: Option<&str>) -> ApiResult {
    let now = shared.clock.now();
    let store = shared.store();
    let organization = find_or_404(&store, id)?;
    let invitations = store.organization_invitations.iter().filter(|one| {
        one.organization_id == organization.id
            && status.is_none_or(|status| one.status(now) == status)
            && query.get("email_address").is_none_or(|new| one.email_address.eq_ignore_ascii_case(new))
    });
    let mut invitations: Vec<_> = invitations.map(|one| to_json(shared, &store, one)).collect();
    query.sort(&mut invitations, "-created_at", ORDERS)?;
    query.list(invitations)
}

/// `GET /v1/organization_invitations`
pub(super) async fn list_all(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    let now = shared.clock.now();
    let status = query.choice("status", STATUSES)?;
    let store = shared.store();
    let invitations = store.organization_invitations.iter().filter(|one| {
        status.is_none_or(|status| one.status(now) == status) && query.matches_text(&[&one.email_address, &one.id])
    });
    let mut invitations: Vec<_> =
        invitations.filter_map(|one| resource::organization_invitation_with_organization(&store, one, now)).collect();
    query.sort(&mut invitations, "-created_at", ORDERS)?;
    query.list(invitations)
}

/// `POST /v1/organizations/{id}/invitations`
pub(super) async fn create(State(shared): State<Arc<Shared>>, Path(id): Path<String>, fields: BodyFields) -> ApiResult {
    let organization = find_or_404(&shared.store(), &id)?;
    let new = [new(&shared, &organization, fields)?];
    send(&shared, &organization, &new)?;
    Ok(Json(to_json(&shared, &shared.store(), &new[0].0)))
}

/// `POST /v1/organizations/{id}/invitations/bulk`: all of them, or none.
pub(super) async fn create_all(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    Bulk(all): Bulk,
) -> ApiResult {
    let organization = find_or_404(&shared.store(), &id)?;
    if all.is_empty() || all.len() > MAX_BULK {
        return Err(ApiError::invalid_body(format!("between 1 and {MAX_BULK} invitations at once")));
    }
    let invitations = all.into_iter().map(|fields| new(&shared, &organization, fields));
    let invitations = invitations.collect::<Result<Vec<_>, _>>()?;
    send(&shared, &organization, &invitations)?;
    let store = shared.store();
    let data: Vec<_> = invitations.iter().map(|(invitation, _)| to_json(&shared, &store, invitation)).collect();
    Ok(Json(json!({"total_count": data.len(), "data": data})))
}

fn ticket(shared: &Shared, invitation: &OrganizationInvitation) -> String {
    let (id, redirect_url) = (&invitation.id, invitation.redirect_url.as_deref());
    shared.ticket(TicketKind::OrganizationInvitation, id, invitation.expires_at, redirect_url)
}

/// An invitation in the Backend API; with its link as long as that works.
fn to_json(shared: &Shared, store: &Store, invitation: &OrganizationInvitation) -> Value {
    let now = shared.clock.now();
    let mut json = resource::organization_invitation(store, invitation, now);
    if invitation.status(now) == "pending" {
        json["url"] = shared.ticket_url(&ticket(shared, invitation)).into();
    }
    json
}

fn new(
    shared: &Shared,
    organization: &Organization,
    mut fields: BodyFields,
) -> Result<(OrganizationInvitation, bool), ApiError> {
    let now = shared.clock.now();
    let email_address = check_form_of_email_address("email_address", &fields.required_text("email_address")?)?;
    let role = fields.required_text("role")?;
    let inviter_id: Option<String> = fields.optional("inviter_user_id")?;
    let notify = fields.optional("notify")?.unwrap_or(true);
    let invitation = OrganizationInvitation {
        id: random_id("orginv"),
        organization_id: organization.id.clone(),
        email_address,
        role,
        inviter_id,
        status: "pending".to_owned(),
        redirect_url: fields.optional("redirect_url")?,
        public_metadata: fields.metadata("public_metadata")?.unwrap_or_else(Map::new),
        private_metadata: fields.metadata("private_metadata")?.unwrap_or_else(Map::new),
        expires_at: expiry(&mut fields, now, OrganizationInvitation::LIFETIME)?,
        created_at: now,
        updated_at: now,
    };
    fields.finish()?;
    let store = shared.store();
    check_role(&store, &invitation.role)?;
    if let Some(inviter) = &invitation.inviter_id {
        find_by_parameter(&store, "inviter_user_id", inviter)?;
    }
    Ok((invitation, notify))
}

/// Creates all invitations, or none.
fn send(shared: &Shared, organization: &Organization, new: &[(OrganizationInvitation, bool)]) -> Result<(), ApiError> {
    shared.invite(&new.iter().map(|(invitation, _)| invitation.clone()).collect::<Vec<_>>())?;
    let subject = format!("You are invited to join {}", organization.name);
    for (invitation, _) in new.iter().filter(|(_, notify)| *notify) {
        let purpose = OutboxPurpose::OrganizationInvitation;
        invitations::send(shared, &invitation.email_address, purpose, &subject, &ticket(shared, invitation));
    }
    Ok(())
}

/// The invitation with this id, of this organization.
fn find_invitation(store: &Store, organization: &str, id: &str) -> Result<OrganizationInvitation, ApiError> {
    let organization = find_or_404(store, organization)?;
    let invitation = store.organization_invitations.get(id).filter(|one| one.organization_id == organization.id);
    invitation.cloned().ok_or_else(|| ApiError::not_found("invitation", id))
}

/// `GET /v1/organizations/{id}/invitations/{invitation_id}`
pub(super) async fn invitation(
    State(shared): State<Arc<Shared>>,
    Path((id, invitation_id)): Path<(String, String)>,
) -> ApiResult {
    let store = shared.store();
    let invitation = find_invitation(&store, &id, &invitation_id)?;
    Ok(Json(to_json(&shared, &store, &invitation)))
}

/// `POST /v1/organizations/{id}/invitations/{invitation_id}/revoke`
pub(super) async fn revoke(
    State(shared): State<Arc<Shared>>,
    Path((id, invitation_id)): Path<(String, String)>,
    mut fields: BodyFields,
) -> ApiResult {
    fields.ignore(&["requesting_user_id"]);
    fields.finish()?;
    let id = find_invitation(&shared.store(), &id, &invitation_id)?.id;
    let invitation = shared.revoke_invitation(&id)?;
    Ok(Json(to_json(&shared, &shared.store(), &invitation)))
}
