//! Memberships and invitations of a user.

use axum::{extract::Path, response::Response};
use serde_json::Value;

use super::{paginate, respond_deleted};
use crate::{
    frontend_api::{FrontendError, FrontendRequest, resource},
    store::{OrganizationInvitation, Store, User},
};

pub(super) async fn memberships(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    let store = request.shared.store();
    let all: Vec<_> = store.memberships_of(&user.id).map(|one| resource::membership(&store, one)).collect();
    drop(store);
    Ok(request.respond(&paginate(&request, all)))
}

pub(super) async fn leave(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    request.shared.store().membership(&user.id, &id).ok_or_else(|| FrontendError::not_found("Organization"))?;
    let membership = request.shared.leave(&user.id, &id)?;
    Ok(respond_deleted(&request, "organization_membership", &membership.id))
}

pub(super) async fn invitations(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    let status: Vec<_> = request.query.all("status").collect();
    let store = request.shared.store();
    let all: Vec<Value> = invitations_of(&store, &user)
        .filter(|one| status.is_empty() || status.contains(&one.status(request.now)))
        .map(|one| resource::invitation(&store, one))
        .collect();
    drop(store);
    Ok(request.respond(&paginate(&request, all)))
}

pub(super) async fn accept(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    let known = invitations_of(&request.shared.store(), &user).any(|one| one.id == id);
    if !known {
        return Err(FrontendError::not_found("Invitation"));
    }
    let invitation = request.shared.accept_invitation(&id, &user.id)?;
    let described = resource::invitation(&request.shared.store(), &invitation);
    Ok(request.respond(&described))
}

/// Always empty: no organization admits users by the domain of their address.
pub(super) async fn suggestions(request: FrontendRequest) -> Result<Response, FrontendError> {
    request.user()?;
    Ok(request.respond(&paginate(&request, Vec::new())))
}

/// Invitations to the user's verified addresses.
fn invitations_of<'s>(store: &'s Store, user: &'s User) -> impl Iterator<Item = &'s OrganizationInvitation> {
    store.organization_invitations.iter().filter(|one| user.has_verified_address(&one.email_address))
}
