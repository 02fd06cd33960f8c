//! Redeems tickets: from a link, they let its reader sign in, sign up or join an organization.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use clerk_core::time::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use super::{FrontendError, FrontendRequest};
use crate::{
    http::{PageError, cookie, see_other},
    loopback,
    shared::Shared,
    store::{OrganizationInvitation, OutboxMessage, OutboxPurpose, Store},
    tickets::{Ticket, TicketKind},
};

/// What a redeemed ticket allows.
#[derive(Debug)]
pub(super) enum RedeemedTicket {
    /// Sign up, or in, with the address that the ticket was sent to.
    Invited { invitation_id: String, email_address: String, public_metadata: Map<String, Value> },
    /// Sign in as this user.
    User { user_id: String, actor: Option<String>, organization_id: Option<String>, session_seconds: Option<u32> },
}

/// Sends an invitation to its address.
pub(super) fn send_invitation(shared: &Shared, invitation: &OrganizationInvitation) {
    let redirect_url = invitation.redirect_url.as_deref();
    let ticket = shared.ticket(TicketKind::OrganizationInvitation, &invitation.id, invitation.expires_at, redirect_url);
    let (to, subject) = (&invitation.email_address, "You are invited to an organization");
    let (purpose, link) = (OutboxPurpose::OrganizationInvitation, shared.ticket_url(&ticket));
    shared.store().outbox.send(OutboxMessage::with_link(to, purpose, subject, &link, shared.clock.now()));
}

/// Redeems a ticket. Tokens are valid once, invitations until they are accepted.
pub(super) fn redeem(request: &FrontendRequest, text: &str) -> Result<RedeemedTicket, FrontendError> {
    let ticket = request.shared.read_ticket(text, request.now).ok_or_else(invalid_ticket)?;
    let mut store = request.shared.store();
    let redeemed = match ticket.kind {
        TicketKind::SignInToken => {
            let token = store.sign_in_tokens.get_mut(&ticket.id);
            token.filter(|token| token.status == "pending" && request.now < token.expires_at).map(|token| {
                "accepted".clone_into(&mut token.status);
                token.updated_at = request.now;
                RedeemedTicket::User {
                    user_id: token.user_id.clone(),
                    actor: None,
                    organization_id: token.organization_id.clone(),
                    session_seconds: None,
                }
            })
        }
        TicketKind::ActorToken => {
            let token = store.actor_tokens.get_mut(&ticket.id);
            token.filter(|token| token.status == "pending" && request.now < token.expires_at).and_then(|token| {
                "accepted".clone_into(&mut token.status);
                token.updated_at = request.now;
                Some(RedeemedTicket::User {
                    user_id: token.user_id.clone(),
                    actor: Some(token.actor.get("sub")?.as_str()?.to_owned()),
                    organization_id: None,
                    session_seconds: Some(token.session_max_duration_in_seconds),
                })
            })
        }
        TicketKind::Invitation | TicketKind::OrganizationInvitation => redeem_invitation(&store, &ticket, request.now),
    };
    redeemed.ok_or_else(invalid_ticket)
}

/// The error for an invalid ticket.
pub(super) fn invalid_ticket() -> FrontendError {
    FrontendError::bad_request("ticket_invalid", "This ticket is not known, or was used or revoked, or has expired")
}

fn redeem_invitation(store: &Store, ticket: &Ticket, now: Timestamp) -> Option<RedeemedTicket> {
    let (email_address, public_metadata) = match ticket.kind {
        TicketKind::Invitation => {
            let invitation = store.invitations.get(&ticket.id).filter(|one| one.status(now) == "pending")?;
            (invitation.email_address.clone(), invitation.public_metadata.clone())
        }
        TicketKind::OrganizationInvitation => {
            let invitation = store.organization_invitations.get(&ticket.id);
            (invitation.filter(|one| one.status(now) == "pending")?.email_address.clone(), Map::new())
        }
        TicketKind::ActorToken | TicketKind::SignInToken => return None,
    };
    Some(RedeemedTicket::Invited { invitation_id: ticket.id.clone(), email_address, public_metadata })
}

/// Accepts an invitation; one to an organization makes the user a member.
pub(super) fn accept(shared: &Shared, invitation_id: &str, user_id: &str) -> Result<(), FrontendError> {
    let now = shared.clock.now();
    let mut store = shared.store();
    if let Some(invitation) = store.invitations.get_mut(invitation_id) {
        "accepted".clone_into(&mut invitation.status);
        invitation.updated_at = now;
        store.complete_waitlist_entry(invitation_id, now);
        return Ok(());
    }
    drop(store);
    shared.accept_invitation(invitation_id, user_id)?;
    Ok(())
}

#[derive(Deserialize)]
pub(super) struct TicketQuery {
    ticket: String,
}

/// `GET /v1/tickets/accept`: redirects to the app, where the reader signs up or in. A signed-in user who is invited to
/// an organization becomes a member at once.
pub(super) async fn accept_link(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(query): Query<TicketQuery>,
) -> Result<Response, PageError> {
    let now = shared.clock.now();
    let unknown = PageError(StatusCode::BAD_REQUEST, "this link is not known, or has expired");
    let ticket = shared.read_ticket(&query.ticket, now).ok_or(unknown)?;
    let nowhere = PageError(
        StatusCode::BAD_REQUEST,
        "this link does not say where the app is: give it a redirect_url, or start the instance with app_sign_in_url",
    );
    let target = match ticket.redirect_url.as_deref() {
        Some(url) => loopback::allowed_redirect(url, &shared.allowed_origins),
        None => shared.app_sign_in_url.clone(),
    };
    let mut target: Url = target.ok_or(nowhere)?;
    let over = PageError(StatusCode::BAD_REQUEST, "this invitation was accepted or revoked, or has expired");
    let (status, signed_in) = match ticket.kind {
        TicketKind::SignInToken | TicketKind::ActorToken => ("sign_in", None),
        TicketKind::Invitation | TicketKind::OrganizationInvitation => {
            let store = shared.store();
            let Some(RedeemedTicket::Invited { email_address, .. }) = redeem_invitation(&store, &ticket, now) else {
                return Err(over);
            };
            let user = store.user_by_identifier(&email_address).map(|user| user.id.clone());
            let client = store.clients.find(cookie(&headers, "__client"), None);
            let session = client.and_then(|client| store.current_session(client, now));
            let signed_in = session.filter(|session| Some(&session.user_id) == user.as_ref());
            let status = if user.is_some() { "sign_in" } else { "sign_up" };
            (status, signed_in.map(|session| session.user_id.clone()))
        }
    };
    if let Some(user_id) = signed_in {
        accept(&shared, &ticket.id, &user_id).map_err(|_| over)?;
        target.query_pairs_mut().append_pair("__clerk_status", "complete");
    } else {
        target.query_pairs_mut().append_pair("__clerk_status", status).append_pair("__clerk_ticket", &query.ticket);
    }
    Ok(see_other(target.as_str(), &[]))
}
