//! Where a user belongs, and is invited to.

use axum::{extract::Path, response::Response};
use serde_json::Value;

use super::{deleted, paginated};
use crate::{
    frontend_api::{Call, FrontendError, resource},
    store::{OrganizationInvitation, Store, User},
};

pub(super) async fn memberships(call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    let store = call.shared.store();
    let all: Vec<_> = store.memberships_of(&user.id).map(|one| resource::membership(&store, one)).collect();
    drop(store);
    Ok(call.answer(&paginated(&call, all)))
}

pub(super) async fn leave(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    call.shared.store().membership(&user.id, &id).ok_or_else(|| FrontendError::not_found("Organization"))?;
    let membership = call.shared.leave(&user.id, &id)?;
    Ok(deleted(&call, "organization_membership", &membership.id))
}

pub(super) async fn invitations(call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    let status: Vec<_> = call.query.all("status").collect();
    let store = call.shared.store();
    let all: Vec<Value> = invitations_of(&store, &user)
        .filter(|one| status.is_empty() || status.contains(&one.status(call.now)))
        .map(|one| resource::invitation(&store, one))
        .collect();
    drop(store);
    Ok(call.answer(&paginated(&call, all)))
}

pub(super) async fn accept(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    let known = invitations_of(&call.shared.store(), &user).any(|one| one.id == id);
    if !known {
        return Err(FrontendError::not_found("Invitation"));
    }
    let invitation = call.shared.accept_invitation(&id, &user.id)?;
    let described = resource::invitation(&call.shared.store(), &invitation);
    Ok(call.answer(&described))
}

/// Nobody is let in by the domain of the address alone.
pub(super) async fn suggestions(call: Call) -> Result<Response, FrontendError> {
    call.user()?;
    Ok(call.answer(&paginated(&call, Vec::new())))
}

/// Those to an address that the user has proved.
fn invitations_of<'s>(store: &'s Store, user: &'s User) -> impl Iterator<Item = &'s OrganizationInvitation> {
    store.organization_invitations.iter().filter(|one| user.has_verified_address(&one.email_address))
}
