//! Tickets: what the links of invitations, sign-in tokens and actor tokens bring.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use clerk_core::time::Timestamp;
use serde::Deserialize;
use url::Url;

use super::{ApiError, cookie, pages::Refusal, see_other};
use crate::{
    outbox::{OutboxMessage, OutboxPurpose},
    shared::Shared,
    store::{ActorToken, Invitation, OrganizationInvitation, SignInToken, User},
    tickets::{Ticket, TicketKind},
};

/// What a ticket is for.
pub(super) enum Opened {
    ActorToken(ActorToken),
    Invitation(Invitation),
    OrganizationInvitation(OrganizationInvitation),
    SignInToken(SignInToken),
}

/// Sends an invitation to whom it is for.
pub(super) fn send(shared: &Shared, invitation: &OrganizationInvitation) {
    let (id, redirect_url) = (&invitation.id, invitation.redirect_url.as_deref());
    let ticket = shared.ticket(TicketKind::OrganizationInvitation, id, invitation.expires_at, redirect_url);
    let (to, subject) = (&invitation.email_address, "You are invited to an organization");
    let (purpose, link) = (OutboxPurpose::OrganizationInvitation, shared.ticket_url(&ticket));
    shared.outbox().send(OutboxMessage::with_link(to, purpose, subject, &link, shared.clock.now()));
}

/// What a ticket is for, while nobody has used or revoked it.
pub(super) fn open(shared: &Shared, ticket: &str) -> Result<Opened, ApiError> {
    let now = shared.clock.now();
    let opened = shared.read_ticket(ticket, now).and_then(|Ticket { kind, id, .. }| {
        let store = shared.store();
        Some(match kind {
            TicketKind::ActorToken => Opened::ActorToken(
                store.actor_tokens.get(&id).filter(|one| one.status == "pending" && now < one.expires_at)?.clone(),
            ),
            TicketKind::Invitation => {
                Opened::Invitation(store.invitations.get(&id).filter(|one| one.status(now) == "pending")?.clone())
            }
            TicketKind::OrganizationInvitation => Opened::OrganizationInvitation(
                store.organization_invitations.get(&id).filter(|one| one.status(now) == "pending")?.clone(),
            ),
            TicketKind::SignInToken => Opened::SignInToken(
                store.sign_in_tokens.get(&id).filter(|one| one.status == "pending" && now < one.expires_at)?.clone(),
            ),
        })
    });
    opened.ok_or_else(|| ApiError::bad_request("ticket_invalid", "This ticket is not known, or was used or revoked"))
}

impl Opened {
    /// The id of what it is for.
    pub(super) fn id(&self) -> &str {
        match self {
            Self::ActorToken(token) => &token.id,
            Self::Invitation(invitation) => &invitation.id,
            Self::OrganizationInvitation(invitation) => &invitation.id,
            Self::SignInToken(token) => &token.id,
        }
    }

    /// Whom it lets in, if that is somebody whom the instance knows.
    pub(super) fn user(&self, shared: &Shared) -> Option<User> {
        let store = shared.store();
        match self {
            Self::ActorToken(token) => store.users.get(&token.user_id),
            Self::Invitation(invitation) => store.identified(&invitation.email_address),
            Self::OrganizationInvitation(invitation) => store.identified(&invitation.email_address),
            Self::SignInToken(token) => store.users.get(&token.user_id),
        }
        .cloned()
    }

    /// The address that it was sent to, if it was sent.
    pub(super) fn email_address(&self) -> Option<&str> {
        match self {
            Self::ActorToken(_) | Self::SignInToken(_) => None,
            Self::Invitation(invitation) => Some(&invitation.email_address),
            Self::OrganizationInvitation(invitation) => Some(&invitation.email_address),
        }
    }
}

/// Takes what a ticket was for as used by this user.
pub(super) fn take(shared: &Shared, id: &str, user_id: &str) -> Result<(), ApiError> {
    let now = shared.clock.now();
    let mut store = shared.store();
    if let Some(token) = store.sign_in_tokens.get_mut(id) {
        return used(&mut token.status, &mut token.updated_at, now);
    }
    if let Some(token) = store.actor_tokens.get_mut(id) {
        return used(&mut token.status, &mut token.updated_at, now);
    }
    if let Some(invitation) = store.invitations.get_mut(id) {
        return used(&mut invitation.status, &mut invitation.updated_at, now);
    }
    drop(store);
    accept(shared, id, user_id).map(drop)
}

/// Each is good once, also for two who come at the same time.
fn used(status: &mut String, updated_at: &mut Timestamp, now: Timestamp) -> Result<(), ApiError> {
    if status != "pending" {
        return Err(ApiError::bad_request("ticket_invalid", "This ticket was used or revoked"));
    }
    "accepted".clone_into(status);
    *updated_at = now;
    Ok(())
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

/// Query of the link.
#[derive(Deserialize)]
pub(super) struct Link {
    ticket: String,
}

/// `GET /v1/tickets/accept`: leads to the app, which signs up or in whom it is for; who is signed in is a member at once.
pub(super) async fn accept_link(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(link): Query<Link>,
) -> Result<Response, Refusal> {
    let over = Refusal(StatusCode::BAD_REQUEST, "this link is not known, or was used or revoked");
    let opened = open(&shared, &link.ticket).map_err(|_| over)?;
    let url = shared.read_ticket(&link.ticket, shared.clock.now()).and_then(|ticket| ticket.redirect_url);
    let url = url.and_then(|url| crate::redirect::checked(&url, &shared.allowed_origins));
    let no_url =
        "this link does not say where the app is: open the app's sign-in page with __clerk_ticket in its query";
    let mut target: Url = url.ok_or(Refusal(StatusCode::BAD_REQUEST, no_url))?;
    let user = opened.user(&shared);
    let signed_in = user.as_ref().is_some_and(|user| {
        let store = shared.store();
        let client = store.clients.find(cookie(&headers, "__client"), None);
        let session = client.and_then(|client| store.current_session(client, shared.clock.now()));
        session.is_some_and(|session| session.user_id == user.id)
    });
    let status = match user {
        Some(user) if signed_in => {
            take(&shared, opened.id(), &user.id)
                .map_err(|_| Refusal(StatusCode::BAD_REQUEST, "this invitation is over"))?;
            "complete"
        }
        Some(_) => "sign_in",
        None => "sign_up",
    };
    target.query_pairs_mut().append_pair("__clerk_status", status);
    if !signed_in {
        target.query_pairs_mut().append_pair("__clerk_ticket", &link.ticket);
    }
    Ok(see_other(target.as_str(), &[]))
}
