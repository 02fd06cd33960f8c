//! Tickets: the secrets in invitations' links, which show that somebody reads the mail of the address.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Deserialize;
use url::Url;

use super::{ApiError, Call, cookie, pages::Refusal, see_other};
use crate::{
    keys::random_id,
    outbox::{OutboxMessage, OutboxPurpose},
    shared::Shared,
    store::OrganizationInvitation,
};

/// Sends an invitation to whom it is for.
pub(super) fn send(shared: &Shared, invitation: &OrganizationInvitation) {
    let ticket = random_id("tkt");
    let link = format!("{}/v1/tickets/accept?ticket={ticket}", shared.frontend_url());
    shared.store().attempts.tickets.put(&ticket, invitation.id.clone());
    let (to, subject) = (&invitation.email_address, "You are invited to an organization");
    let message =
        OutboxMessage::with_link(to, OutboxPurpose::OrganizationInvitation, subject, &link, shared.clock.now());
    shared.outbox().send(message);
}

/// The invitation that a ticket is for, while nobody has accepted or revoked it.
pub(super) fn invitation(call: &Call, ticket: &str) -> Result<OrganizationInvitation, ApiError> {
    open(&call.shared, ticket)
        .ok_or_else(|| ApiError::bad_request("ticket_invalid", "This ticket is not known, or was used or revoked"))
}

fn open(shared: &Shared, ticket: &str) -> Option<OrganizationInvitation> {
    let store = shared.store();
    let invitation = store.organization_invitations.get(store.attempts.tickets.get(ticket)?)?;
    (invitation.status == "pending").then(|| invitation.clone())
}

/// Makes whom it is for a member.
pub(super) fn accept(shared: &Shared, invitation_id: &str, user_id: &str) -> Result<OrganizationInvitation, ApiError> {
    let invitation = {
        let mut store = shared.store();
        let is_member = store
            .organization_invitations
            .get(invitation_id)
            .is_some_and(|one| store.membership(user_id, &one.organization_id).is_some());
        let invitation = store.organization_invitations.get_mut(invitation_id);
        let invitation = invitation.filter(|one| one.status == "pending");
        let invitation = invitation
            .ok_or_else(|| ApiError::bad_request("invitation_already_accepted", "This invitation is over"))?;
        "accepted".clone_into(&mut invitation.status);
        invitation.updated_at = shared.clock.now();
        let invitation = invitation.clone();
        if is_member {
            return Ok(invitation);
        }
        invitation
    };
    let membership = shared.add_member(user_id, &invitation.organization_id, &invitation.role, &[])?;
    let mut store = shared.store();
    if let Some(membership) = store.memberships.get_mut(&membership.id) {
        membership.public_metadata.clone_from(&invitation.public_metadata);
        membership.private_metadata.clone_from(&invitation.private_metadata);
    }
    Ok(invitation)
}

#[derive(Deserialize)]
pub(super) struct Opened {
    ticket: String,
}

/// `GET /v1/tickets/accept`: leads to the app, which signs up or in whom it is for; who is signed in is a member at once.
pub(super) async fn accept_link(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(opened): Query<Opened>,
) -> Result<Response, Refusal> {
    let invitation = open(&shared, &opened.ticket)
        .ok_or(Refusal(StatusCode::BAD_REQUEST, "this invitation is not known, or was accepted or revoked"))?;
    let url = invitation.redirect_url.as_deref().and_then(|url| crate::redirect::checked(url, &shared.allowed_origins));
    let mut target: Url =
        url.ok_or(Refusal(StatusCode::BAD_REQUEST, "this invitation does not say where the app is"))?;
    let (user, signed_in) = {
        let store = shared.store();
        let user = store.identified(&invitation.email_address).map(|user| user.id.clone());
        let client = store.clients.find(cookie(&headers, "__client"), None);
        let session = client.and_then(|client| store.current_session(client, shared.clock.now()));
        let signed_in = session.is_some_and(|session| Some(&session.user_id) == user.as_ref());
        (user, signed_in)
    };
    let status = match user {
        Some(user_id) if signed_in => {
            accept(&shared, &invitation.id, &user_id)
                .map_err(|_| Refusal(StatusCode::BAD_REQUEST, "this invitation is over"))?;
            "complete"
        }
        Some(_) => "sign_in",
        None => "sign_up",
    };
    target.query_pairs_mut().append_pair("__clerk_status", status);
    if !signed_in {
        target.query_pairs_mut().append_pair("__clerk_ticket", &opened.ticket);
    }
    Ok(see_other(target.as_str(), &[]))
}
